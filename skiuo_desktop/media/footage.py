"""An open WebM or Matroska file, finished, growing or killed: how long it is, and any stretch of it as packets.

A recording's time is its file's own clock, in milliseconds: time 0 is the file's zero, also where the first picture comes later
(a late start), so that a window, a player and every other reader of the file mean the same moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media import ebml
from skiuo_desktop.media.blocks import TIMESTAMP, Block
from skiuo_desktop.media.clusters import ClusterIndex, Loaded
from skiuo_desktop.media.header import FileBytes, Header, Track, read_header
from skiuo_desktop.media.packets import matroska

_MOST_STRETCH_BYTES = 512 << 20
_LONGEST_TAIL_MS = 60_000  # how much longer than its last packet a file may call itself and be believed
_LONGEST_INTERVAL_MS = 1000
_LACE_MS = 1000  # how far the packets of one laced block can reach
_DEFAULT_INTERVAL_MS = {"video": 40.0, "audio": 20.0}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a file, from a keyframe on, as a WebM or Matroska stream in memory with the file's own times."""

    data: bytes
    goes_on: bool  # the file has something at the stretch's end or later, so nothing before that end is missing

    @contextmanager
    def opened(self, name: str) -> Iterator[Any]:
        """The stretch as an av container with one video stream and at most one audio stream; av's errors become MediaErrors about `name`."""
        with matroska(BytesIO(self.data), name) as container:
            yield container


class Footage:
    """One open file. Not for two threads at once; open another one, that is cheap.

    Raises NotFoundError where there is no such file, MediaError where it is no WebM or Matroska, or holds no video track.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.file = FileBytes(path)
        try:
            self.header: Header = read_header(self.file)
            self.video: Track = self._video_track()
        except BaseException:
            self.file.close()
            raise
        self.audio: Track | None = self.header.audio
        self.index = ClusterIndex(self.file, self.header)

    def _video_track(self) -> Track:
        if self.header.video is None:
            raise MediaError(f"{self.name} holds no video.")
        return self.header.video

    @property
    def finished(self) -> bool:
        return self.header.finished

    @cached_property
    def duration_ms(self) -> int:
        """Where the last packet ends, or what the file says of itself where that is credible. Costs the same in a file of any length."""
        ends = self._ends()
        if not ends:
            return 0
        told = self.header.duration_ms
        if self.header.closed and told is not None and max(time for time, _ in ends) <= told <= max(end for _, end in ends) + _LONGEST_TAIL_MS:
            return round(told)
        return round(max(end for _, end in ends))

    def _ends(self) -> list[tuple[float, float]]:
        """Begin and end of the last packet of each track, from the last two clusters that hold any."""
        cluster, blocks = self.index.last(), list[Block]()
        for _ in range(100):
            if cluster is None:
                break
            found = self._of_tracks(self.index.load(cluster))
            blocks += found
            if found and len(blocks) > len(found):
                break
            cluster = self.index.before(cluster.start)
        ends = []
        for track, kind in ((self.video, "video"), (self.audio, "audio")):
            times = sorted({self.time_of(b) for b in blocks if track is not None and b.track == track.number})
            if track is not None and times:
                usual = times[-1] - times[-2] if len(times) > 1 else _DEFAULT_INTERVAL_MS[kind]
                ends.append((times[-1], times[-1] + (track.interval_ms or min(usual, _LONGEST_INTERVAL_MS))))
        return ends

    def time_of(self, block: Block) -> float:
        """Milliseconds, as exact as the file's clock."""
        delay = self.audio.delay_ms if self.audio is not None and block.track == self.audio.number else 0.0
        return block.time * self.header.scale / 1e6 - delay

    def stretch(self, start_ms: int, end_ms: int) -> Stretch:
        """Everything of `[start_ms, end_ms)`, and what a decoder needs before it: the first picture in it is a keyframe, or one before it stands in front.

        Raises MediaError where the file has no cluster yet, or where it would not fit into memory.
        """
        first = self.index.at_or_before(self._ticks(start_ms))
        if first is None:
            raise MediaError(f"{self.name} holds no picture yet.")
        onward = self.index.from_here(first)
        loaded = deque(islice(onward, 1))
        goes_on = False
        for more in onward:
            if more.cluster.time * self.header.scale / 1e6 >= end_ms and not self._holds(more, lambda time: time < end_ms):
                goes_on = bool(self._of_tracks(more))
                break
            loaded.append(more)
            self._check_room(loaded)
        goes_on = goes_on or any(self._holds(part, lambda time: time >= end_ms) for part in loaded)
        self._extend_back(loaded, start_ms)
        clusters = chain.from_iterable(self.cluster_bytes(part) for part in loaded)
        return Stretch(b"".join((self.header.prefix, *clusters)), goes_on)

    def cluster_bytes(self, loaded: Loaded) -> Iterator[bytes | memoryview]:
        """A cluster as it should be: its time, and the whole blocks of the chosen tracks."""
        blocks = [block.data for block in self._of_tracks(loaded)]
        time = ebml.element_bytes(TIMESTAMP, loaded.cluster.time.to_bytes(8, "big"))
        yield ebml.head_bytes(ebml.CLUSTER, len(time) + sum(map(len, blocks))) + time
        yield from blocks

    def _extend_back(self, loaded: deque[Loaded], start_ms: int) -> None:
        """Adds the clusters before that hold packets of the span all the same, and those back to a keyframe."""
        before = self._add_stragglers(loaded, start_ms)
        key = self._key_at_hand(loaded, start_ms)
        while before is not None and key is None:
            loaded.appendleft(before)
            self._check_room(loaded)
            key = self._last_key(before, start_ms)
            before = self._before(loaded)
        if key is not None and key < start_ms:
            self._add_stragglers(loaded, key)

    def _add_stragglers(self, loaded: deque[Loaded], start_ms: int) -> Loaded | None:
        """Adds clusters before that reach beyond `start_ms`: laced sound, tracks that are badly interleaved. Returns the first one that does not."""
        while (before := self._before(loaded)) is not None and self._holds(before, lambda time: time >= start_ms):
            loaded.appendleft(before)
            self._check_room(loaded)
        return before

    def _before(self, loaded: deque[Loaded]) -> Loaded | None:
        cluster = self.index.before(loaded[0].cluster.start)
        return None if cluster is None else self.index.load(cluster)

    def _key_at_hand(self, loaded: deque[Loaded], start_ms: int) -> int | None:
        """The time of the keyframe from which the first picture at `start_ms` or later can be shown, where it is loaded: itself, or one before."""
        shown = [block for part in loaded for block in part.blocks if block.track == self.video.number and round(self.time_of(block)) >= start_ms]
        first = min(shown, key=self.time_of, default=None)
        if first is not None and first.key:
            return round(self.time_of(first))
        return max((key for part in loaded if (key := self._last_key(part, start_ms)) is not None), default=None)

    def _last_key(self, loaded: Loaded, until_ms: int) -> int | None:
        """The time of the last keyframe of a cluster at `until_ms` or before."""
        times = [round(self.time_of(block)) for block in loaded.blocks if block.key and block.track == self.video.number]
        return max((time for time in times if time <= until_ms), default=None)

    def _holds(self, loaded: Loaded, wanted: Callable[[int], bool]) -> bool:
        """Whether a packet of the chosen tracks has a time that is `wanted`."""
        for block in self._of_tracks(loaded):
            time = round(self.time_of(block))
            if wanted(time) or (block.laced and wanted(time + _LACE_MS)):
                return True
        return False

    def _of_tracks(self, loaded: Loaded) -> list[Block]:
        numbers = {self.video.number} | ({self.audio.number} if self.audio is not None else set())
        return [block for block in loaded.blocks if block.track in numbers]

    def _ticks(self, milliseconds: int) -> int:
        return max(0, milliseconds) * 1_000_000 // self.header.scale

    def _check_room(self, loaded: deque[Loaded]) -> None:
        if loaded[-1].next - loaded[0].cluster.start > _MOST_STRETCH_BYTES:
            raise MediaError(f"More than {_MOST_STRETCH_BYTES >> 20} MB of {self.name} would be needed at once: its keyframes are too far apart.")

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
