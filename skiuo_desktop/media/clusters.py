"""Finds the clusters of a WebM or Matroska file that a span of time needs, at a cost that does not depend on the file's length.

Clusters stand in the order of their time, so the first one is found by guessing where its time stands, and by bisection: from there
the reader runs to the next cluster and looks at its time. A cluster is known by its id, a timestamp as its first child, and by
what follows it; the four bytes of an id alone also occur inside pictures. Cues are not needed, so a file that is still growing
or whose recorder was killed is read like a finished one. A cluster of unknown size (browsers write those), or whose size cannot
be true because it is being written or damaged, is read block by block, up to the last whole one before something else begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media import ebml
from skiuo_desktop.media.blocks import BEFORE_TIMESTAMP, BLOCK, BLOCK_GROUP, CHILDREN, MOST_CHILDREN, SIMPLE_BLOCK, TIMESTAMP, Block, read_blocks
from skiuo_desktop.media.header import FileBytes, Header

_PADDING = frozenset({ebml.VOID, ebml.CRC32})

_ID = ebml.CLUSTER.to_bytes(4, "big")
_STEP = 64 << 10  # bytes read at a time while looking for a cluster
_PEEK = 96  # bytes of a cluster in which its timestamp must stand
_MOST_BEFORE_BLOCKS = 8  # elements of a cluster among which its first two blocks must be
_LONGEST_NUMBER = 8  # bytes
_MOST_CLUSTER_BYTES = 512 << 20
_MOST_EMPTY_STEPS = 32  # without a block in them
_MOST_FALSE_IDS = 100_000  # in one search; an honest file has hardly any


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
        self._tracks = header.numbers

    def first(self) -> Cluster | None:
        return self.after(self._start)

    def last(self) -> Cluster | None:
        return self.before(self._end)

    def at_or_before(self, time: int) -> Cluster | None:
        """The last cluster whose time is at most `time` ticks, or else the first one; None in a file without clusters."""
        low, last = self.first(), self.last()
        if low is None or last is None or low.time > time:
            return low
        if last.time <= time:
            return last
        high, high_time = last.start, last.time  # every cluster from there on is later
        for turn in count():
            if high - low.start <= _STEP or high <= (low.end or low.data):
                break
            following = None if low.end is None else self._at(low.end)
            if following is not None and following.time > time:
                return low
            low = following or low
            middle = _guess(low, high, high_time, time) if turn % 2 == 0 else (low.start + high) // 2
            found = self._search(middle, high)
            if found is not None and found.time <= time:
                low = found
            else:
                high, high_time = middle, high_time if found is None else found.time
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
        blocks, good, _ = read_blocks(payload, cluster.time)
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
        return element.end if element.id in ebml.TOP_LEVEL or element.id in _PADDING else None

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
        while child is not None and child.id in BEFORE_TIMESTAMP and child.end is not None:
            child = ebml.read_element(head, child.end)
        if child is None or child.id != TIMESTAMP or child.size is None or child.size > 8 or child.data + child.size > len(head):
            return None
        end = None if element.end is None else position + element.end
        credible = end is not None and end <= self._end and self._goes_on(end)
        if not self._holds_blocks(position + child.data + child.size, self._end if credible else _LONGEST_NUMBER):
            return None
        return Cluster(position, position + element.data, end if credible else None, ebml.unsigned(head, child))

    def _holds_blocks(self, position: int, longest: int) -> bool:
        """Whether here, behind a timestamp, stands the inside of a cluster: two blocks of the file's tracks, or less where bytes or cluster end.

        Before and between them other elements may stand, of at most `longest` bytes: jumping over more could land on blocks by chance.
        """
        blocks = 0
        for _ in range(_MOST_BEFORE_BLOCKS):
            if blocks == 2 or self._end - position < ebml.LONGEST_HEADER:
                return True
            child = self._file.element(position, self._end)
            if child is None or child.id not in CHILDREN or child.end is None:
                return child is not None and child.id in ebml.TOP_LEVEL
            if child.id in {SIMPLE_BLOCK, BLOCK_GROUP}:
                if not self._is_of_a_track(child):
                    return False
                blocks += 1
            elif child.end > self._end or child.end - child.data > longest:
                return False
            position = child.end
        return False

    def _is_of_a_track(self, element: ebml.Element) -> bool:
        """Whether a block names a track that the file has."""
        head = self._file.read(element.data, ebml.LONGEST_HEADER + 8)
        inner = 0
        if element.id == BLOCK_GROUP:
            block = ebml.read_element(head, 0)
            if block is None or block.id != BLOCK:
                return False
            inner = block.data
        number = ebml.read_number(head, inner)
        return number is not None and number.value in self._tracks

    def _goes_on(self, position: int) -> bool:
        """Whether the file ends here, or goes on as it may after a cluster."""
        for _ in range(4):
            if self._end - position < ebml.LONGEST_HEADER:
                return True
            element = self._file.element(position, self._end)
            if element is None or element.id not in _PADDING or element.end is None or element.end > self._end:
                return element is not None and element.id in ebml.TOP_LEVEL
            position = element.end
        return False

    def _load_open(self, cluster: Cluster) -> Loaded:
        """Reads on until an element that is no part of a cluster, or until the bytes end."""
        blocks: list[Block] = []
        position, step, empty = cluster.data, _STEP, 0
        while max(position - cluster.data, step) <= _MOST_CLUSTER_BYTES and len(blocks) < MOST_CHILDREN and empty < _MOST_EMPTY_STEPS:
            payload = self._file.read(position, min(step, self._end - position))
            found, good, stopped = read_blocks(payload, cluster.time)
            blocks += found
            position += good
            empty += not found
            if stopped or position >= self._end or (good == 0 and len(payload) < step):
                break
            step = step * 4 if good == 0 else _STEP  # a block may be longer than one step
        return Loaded(cluster, blocks, position, 0)


def _guess(low: Cluster, high: int, high_time: int, time: int) -> int:
    """Where in the file a time probably stands, the bytes being spread evenly: a cluster's length before that, to arrive in front of it."""
    share = (time - low.time) / max(1, high_time - low.time)
    length = _STEP if low.end is None else low.end - low.start
    return min(high - 1, max(low.start + 1, low.start + int((high - low.start) * share) - length))
