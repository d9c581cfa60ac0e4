"""Finds the clusters of a WebM or Matroska file that a span of time needs, at a cost that does not depend on the file's length.

Clusters stand in the order of their time, so the first one is found by bisection: from the middle of what is left the
reader runs to the next cluster and looks at its time. A cluster is known by its id, a timestamp as its first child, and by
what follows it; the four bytes of an id alone also occur inside pictures. Cues are not needed, so a file that is still growing
or whose recorder was killed is read like a finished one. A cluster of unknown size (browsers write those), or whose size cannot
be true because it is being written or damaged, is read block by block, up to the last whole one before something else begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media import ebml
from skiuo_desktop.media.header import FileBytes, Header

TIMESTAMP = 0xE7
_SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK, _REFERENCE = 0xA3, 0xA0, 0xA1, 0xFB
_POSITION, _PREVIOUS_SIZE, _SILENT_TRACKS, _ENCRYPTED_BLOCK = 0xA7, 0xAB, 0x5854, 0xAF
_BEFORE_TIMESTAMP = frozenset({ebml.CRC32, ebml.VOID, _POSITION, _PREVIOUS_SIZE, _SILENT_TRACKS})
_CHILDREN = _BEFORE_TIMESTAMP | {TIMESTAMP, _SIMPLE_BLOCK, _BLOCK_GROUP, _ENCRYPTED_BLOCK}

_ID = ebml.CLUSTER.to_bytes(4, "big")
_STEP = 64 << 10  # bytes read at a time while looking for a cluster
_PEEK = 96  # bytes of a cluster in which its timestamp must stand
_MOST_CLUSTER_BYTES = 512 << 20
_MOST_CHILDREN = 200_000  # of one cluster; a second of video and sound has about eighty
_MOST_EMPTY_STEPS = 32  # without a block in them
_MOST_FALSE_IDS = 100_000  # in one search; an honest file has hardly any


class Block(NamedTuple):
    track: int
    time: int  # in ticks of the file
    key: bool
    laced: bool  # holds several packets, of which `time` is the first one's
    data: memoryview  # the whole element


@dataclass(frozen=True, slots=True)
class Cluster:
    start: int
    data: int  # where its payload begins
    end: int | None  # None where its writer did not know it, or what is written there cannot be
    time: int  # in ticks


@dataclass(frozen=True, slots=True)
class Loaded:
    """A cluster in memory."""

    cluster: Cluster
    blocks: list[Block]
    next: int  # where the file goes on
    damaged_bytes: int  # in front of `next`, that hold no block that can be read


class ClusterIndex:
    """The clusters of one open file."""

    def __init__(self, file: FileBytes, header: Header) -> None:
        self._file = file
        self._start, self._end = header.body, header.end

    def first(self) -> Cluster | None:
        return self.after(self._start)

    def last(self) -> Cluster | None:
        return self.before(self._end)

    def at_or_before(self, time: int) -> Cluster | None:
        """The last cluster whose time is at most `time` ticks, or else the first one; None in a file without clusters."""
        low = self.first()
        if low is None or low.time > time:
            return low
        high = self._end  # every cluster from here on is later
        while high - low.start > _STEP and high > (low.end or low.data):
            middle = (low.start + high) // 2
            found = self._search(middle, high)
            if found is None or found.time > time:
                high = middle
            else:
                low = found
        # What is left is a few small clusters, or the inside of a large one.
        while (found := self._search(low.start + 1 if low.end is None else low.end, high)) is not None and found.time <= time:
            low = found
        return low

    def after(self, position: int) -> Cluster | None:
        """The first cluster that begins at `position` or later."""
        return self._at(position) or self._search(position, self._end)

    def before(self, position: int) -> Cluster | None:
        """The last cluster that begins before `position` and, where its end is known, ends there at the latest."""
        high, false_ids = position, 0
        while high > self._start:
            low = max(self._start, high - _STEP)
            window = self._file.read(low, min(high + len(_ID) - 1, position) - low)
            at = window.rfind(_ID)
            while at >= 0:
                found = self._at(low + at)
                if found is not None and (found.end is None or found.end <= position):
                    return found
                false_ids = self._count(false_ids)
                at = window.rfind(_ID, 0, at + len(_ID) - 1)
            high = low
        return None

    def load(self, cluster: Cluster) -> Loaded:
        """Reads a cluster. Raises MediaError where it is larger than any cluster of a video."""
        if cluster.end is None:
            return self._load_open(cluster)
        if cluster.end - cluster.data > _MOST_CLUSTER_BYTES:
            raise MediaError(f"{self._file.path.name} holds a cluster of {(cluster.end - cluster.data) >> 20} MB: it is damaged.")
        payload = self._file.read(cluster.data, cluster.end - cluster.data)
        blocks, good, _ = _blocks(payload, cluster.time)
        return Loaded(cluster, blocks, cluster.end, cluster.end - cluster.data - good)

    def from_here(self, cluster: Cluster) -> Iterator[Loaded]:
        """This cluster and those that follow; what lies between and is no cluster is passed over."""
        following: Cluster | None = cluster
        while following is not None:
            loaded = self.load(following)
            yield loaded
            following = self.after(loaded.next)

    def is_other_element(self, position: int) -> int | None:
        """The end of the whole top-level element at `position` that is no cluster (cues, tags, padding), or None."""
        element = self._file.element(position, self._end)
        if element is None or element.id == ebml.CLUSTER or element.end is None or element.end > self._end:
            return None
        return element.end if element.id in ebml.TOP_LEVEL or element.id in {ebml.VOID, ebml.CRC32} else None

    def _search(self, position: int, end: int) -> Cluster | None:
        """The first cluster that begins in `[position, end)`."""
        false_ids = 0
        while position < end:
            window = self._file.read(position, min(_STEP, end - position) + len(_ID) - 1)
            at = window.find(_ID)
            while at >= 0:
                if position + at >= end:
                    return None
                found = self._at(position + at)
                if found is not None:
                    return found
                false_ids = self._count(false_ids)
                at = window.find(_ID, at + 1)
            position += _STEP
        return None

    def _count(self, false_ids: int) -> int:
        if false_ids >= _MOST_FALSE_IDS:
            raise MediaError(f"{self._file.path.name} is no video that can be read: it only looks like one.")
        return false_ids + 1

    def _at(self, position: int) -> Cluster | None:
        """The cluster that begins exactly here, or None where there is none."""
        head = self._file.read(position, min(_PEEK, self._end - position))
        element = ebml.read_element(head, 0)
        if element is None or element.id != ebml.CLUSTER:
            return None
        child = ebml.read_element(head, element.data)
        while child is not None and child.id in _BEFORE_TIMESTAMP and child.end is not None:
            child = ebml.read_element(head, child.end)
        if child is None or child.id != TIMESTAMP or child.size is None or child.size > 8 or child.data + child.size > len(head):
            return None
        end = None if element.end is None else position + element.end
        if end is not None and end <= self._end and self._goes_on(end):
            return Cluster(position, position + element.data, end, ebml.unsigned(head, child))
        following = ebml.read_element(head, child.data + child.size)
        if following is not None and following.id not in _CHILDREN and following.id not in ebml.TOP_LEVEL:
            return None
        return Cluster(position, position + element.data, None, ebml.unsigned(head, child))

    def _goes_on(self, position: int) -> bool:
        """Whether the file ends here, or goes on as it may after a cluster."""
        if self._end - position < ebml.LONGEST_HEADER:
            return True
        element = self._file.element(position, self._end)
        return element is not None and (element.id in ebml.TOP_LEVEL or element.id in {ebml.VOID, ebml.CRC32})

    def _load_open(self, cluster: Cluster) -> Loaded:
        """Reads on until an element that is no part of a cluster, or until the bytes end."""
        blocks: list[Block] = []
        position, step, empty = cluster.data, _STEP, 0
        while max(position - cluster.data, step) <= _MOST_CLUSTER_BYTES and len(blocks) < _MOST_CHILDREN and empty < _MOST_EMPTY_STEPS:
            payload = self._file.read(position, min(step, self._end - position))
            found, good, stopped = _blocks(payload, cluster.time)
            blocks += found
            position += good
            empty += not found
            if stopped or position >= self._end or (good == 0 and len(payload) < step):
                break
            step = step * 4 if good == 0 else _STEP  # a block may be longer than one step
        return Loaded(cluster, blocks, position, 0)


def _blocks(payload: bytes, cluster_time: int) -> tuple[list[Block], int, bool]:
    """The blocks at the beginning of `payload`, how many of its bytes are whole children of a cluster, and whether another element follows them."""
    blocks: list[Block] = []
    position = 0
    for _ in range(_MOST_CHILDREN):
        element = ebml.read_element(payload, position)
        if element is None:
            return blocks, position, len(payload) - position >= ebml.LONGEST_HEADER
        if element.id not in _CHILDREN or element.size is None:
            return blocks, position, True
        end = element.data + element.size
        if end > len(payload):
            return blocks, position, False
        block = _read_block(payload, element, cluster_time) if element.id in {_SIMPLE_BLOCK, _BLOCK_GROUP} else None
        if block is not None:
            blocks.append(block)
        position = end
    return blocks, position, True


def _read_block(payload: bytes, element: ebml.Element, cluster_time: int) -> Block | None:
    """What a SimpleBlock or BlockGroup says of itself; None where it is too short to say anything."""
    inner, key = element, True
    if element.id == _BLOCK_GROUP:
        parts = list(ebml.children(payload, element.data, element.end))
        block = next((part for part in parts if part.id == _BLOCK), None)
        if block is None:
            return None
        inner, key = block, all(part.id != _REFERENCE for part in parts)
    number = ebml.read_number(payload, inner.data)
    if number is None or inner.data + number.length + 3 > (inner.end or 0):
        return None
    at = inner.data + number.length
    flags = payload[at + 2]
    if element.id == _SIMPLE_BLOCK:
        key = bool(flags & 0x80)
    time = cluster_time + int.from_bytes(payload[at : at + 2], "big", signed=True)
    return Block(number.value, time, key, bool(flags & 0x06), memoryview(payload)[element.start : element.end])
