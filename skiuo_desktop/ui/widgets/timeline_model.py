"""What a timeline shows, without Qt: time and pixels, ticks, lanes, and the state of each window.

Times are integer milliseconds of the recording; pixels are floats in the widget's coordinates.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from skiuo_desktop.model import Span, Window, WindowState

WORST_FIRST = (
    WindowState.FAILED,
    WindowState.RECORDING,
    WindowState.ANALYSING,
    WindowState.QUEUED,
    WindowState.PLANNED,
    WindowState.SKIPPED,
    WindowState.DONE,
)
_RANK = {state: rank for rank, state in enumerate(WORST_FIRST)}

_TICKS = (
    (1_000, 1_000),
    (2_000, 1_000),
    (5_000, 1_000),
    (10_000, 5_000),
    (15_000, 5_000),
    (30_000, 10_000),
    (60_000, 20_000),
    (120_000, 60_000),
    (300_000, 60_000),
    (600_000, 300_000),
    (900_000, 300_000),
    (1_800_000, 600_000),
    (3_600_000, 1_200_000),
    (7_200_000, 3_600_000),
    (14_400_000, 3_600_000),
    (28_800_000, 7_200_000),
)
_LABEL_ROOM = 100.0  # pixels between two labelled ticks, at least
MAX_LANES = 62


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of time laid over a stretch of pixels."""

    start_ms: float
    span_ms: float
    left: float
    width: float

    @property
    def end_ms(self) -> float:
        return self.start_ms + self.span_ms

    def x(self, ms: float) -> float:
        return self.left + (ms - self.start_ms) * self.width / self.span_ms

    def ms(self, x: float) -> int:
        """The time under a pixel, inside the stretch."""
        inside = min(max(x - self.left, 0.0), self.width)
        return round(self.start_ms + inside * self.span_ms / self.width)

    def pixels(self, length_ms: float) -> float:
        return length_ms * self.width / self.span_ms


@dataclass(frozen=True, slots=True)
class Tick:
    ms: int
    major: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One window as the timeline draws it. `share` is the solid part of a recording or analysing bar, 0 to 1."""

    index: int
    span: Span
    state: WindowState
    share: float = 1.0


def ticks(scale: Scale) -> list[Tick]:
    """The ruler's ticks inside a scale; labelled ones are at least 100 pixels apart."""
    major, minor = next((pair for pair in _TICKS if scale.pixels(pair[0]) >= _LABEL_ROOM), _TICKS[-1])
    first = math.ceil(scale.start_ms / minor) * minor
    return [Tick(ms, ms % major == 0) for ms in range(first, math.floor(scale.end_ms) + 1, minor)]


def lane_count(length_ms: int, stride_ms: int) -> int:
    """How many windows overlap at most, which is how many lanes keep them apart."""
    return min(max(math.ceil(length_ms / stride_ms), 1), MAX_LANES)


def lane_metrics(lanes: int, height: float, gap: float, low_height: float) -> tuple[float, float]:
    """(height of a lane, distance from one lane's top to the next one's); many lanes share the room of eight."""
    if lanes <= 3:
        return height, height + gap
    if lanes <= 8:
        return low_height, low_height + gap
    pitch = 8 * (low_height + gap) / lanes
    return pitch * 0.75, pitch


def worst(states: Iterable[WindowState]) -> WindowState:
    """The state that most deserves attention. The iterable is not empty."""
    return min(states, key=_RANK.__getitem__)


def buckets(states: Sequence[WindowState], count: int) -> list[WindowState]:
    """At most `count` states, each the worst of those it stands for."""
    if len(states) <= count:
        return list(states)
    edges = [i * len(states) // count for i in range(count + 1)]
    return [worst(states[a:b]) for a, b in pairwise(edges)]


class WindowTrack:
    """The windows of one recording in order, those still to come included.

    Rows come from the library. While a recording runs, `now_ms` adds the windows being recorded and the planned ones,
    which have no row yet.
    """

    def __init__(self) -> None:
        self.length_ms = 15_000
        self.stride_ms = 10_000
        self.now_ms = 0
        self.live = False
        self._windows: list[Window] = []
        self._starts: list[int] = []
        self._longest_ms = 0

    def __len__(self) -> int:
        return len(self._windows)

    @property
    def windows(self) -> Sequence[Window]:
        return self._windows

    @property
    def lanes(self) -> int:
        return lane_count(self.length_ms, self.stride_ms)

    def set_windows(self, windows: Iterable[Window]) -> None:
        self._windows = sorted(windows, key=lambda w: w.index)
        self._starts = [w.span.start_ms for w in self._windows]
        self._longest_ms = max((w.span.length_ms for w in self._windows), default=0)

    def update(self, window: Window) -> Window | None:
        """Puts in one window, new or changed; returns what stood there."""
        place = bisect_left(self._windows, window.index, key=lambda w: w.index)
        old = self._windows[place] if place < len(self._windows) and self._windows[place].index == window.index else None
        if old is None:
            self._windows.insert(place, window)
            self._starts.insert(place, window.span.start_ms)
        else:
            self._windows[place] = window
            self._starts[place] = window.span.start_ms
        self._longest_ms = max(self._longest_ms, window.span.length_ms)
        return old

    def get(self, index: int) -> Window | None:
        place = bisect_left(self._windows, index, key=lambda w: w.index)
        return self._windows[place] if place < len(self._windows) and self._windows[place].index == index else None

    def between(self, start_ms: float, end_ms: float) -> list[Window]:
        """The rows that overlap `[start_ms, end_ms)`."""
        first = bisect_left(self._starts, start_ms - self._longest_ms)
        last = bisect_left(self._starts, end_ms)
        return [w for w in self._windows[first:last] if w.span.end_ms > start_ms]

    def at(self, ms: float) -> Window | None:
        """The window that tells about a moment: the newest whose span holds it."""
        place = bisect_right(self._starts, ms) - 1
        while place >= 0 and self._starts[place] > ms - self._longest_ms:
            if self._windows[place].span.end_ms > ms:
                return self._windows[place]
            place -= 1
        return None

    def coming(self, until_ms: float) -> list[Bar]:
        """Windows without a row that start before `until_ms`: being recorded, or planned. Empty unless live."""
        if not self.live:
            return []
        bars = []
        index = self._windows[-1].index + 1 if self._windows else 0
        while index * self.stride_ms < until_ms:
            span = Span(index * self.stride_ms, index * self.stride_ms + self.length_ms)
            begun = self.now_ms > span.start_ms or (self.now_ms == 0 and index == 0)
            share = min(max((self.now_ms - span.start_ms) / self.length_ms, 0.0), 1.0)
            bars.append(Bar(index, span, WindowState.RECORDING, share) if begun else Bar(index, span, WindowState.PLANNED))
            index += 1
        return bars

    def counts(self) -> Counter[WindowState]:
        """How many windows are in each state; planned ones are not counted."""
        counts = Counter(w.state for w in self._windows)
        for bar in self.coming(self.now_ms + 1):
            if bar.state is WindowState.RECORDING:
                counts[bar.state] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a timeline's rows stand, in pixels from the top. Zero heights mean that a row is not shown."""

    labels: float  # baseline of the ruler's labels
    tick_bottom: float
    lanes_top: float
    lanes_bottom: float
    lane_height: float
    lane_pitch: float
    whole: float  # middle of the overview of the whole recording; 0: none
    motion: float  # ground line of the motion bars; 0: none
    sound: float  # middle of the sound lines; 0: none
    height: float

    def lane_top(self, index: int, lanes: int) -> float:
        return self.lanes_top + (index % lanes) * self.lane_pitch


MOTION_HEIGHT = 34.0
SOUND_HEIGHT = 40.0


def rows(lanes: int, lane: float, gap: float, *, overview: bool, motion: bool, sound: bool) -> Rows:
    """The rows of a timeline with `lanes` lanes: the small one while recording, or the one with an overview beside the player."""
    lane_height, pitch = lane_metrics(lanes, lane, gap, 12.0)
    labels, tick_bottom, top = (48.0, 66.0, 74.0) if overview else (13.0, 25.0, 28.0)
    bottom = top + (lanes - 1) * pitch + lane_height
    if not overview:
        return Rows(labels, tick_bottom, top, bottom, lane_height, pitch, 0.0, 0.0, 0.0, bottom + 12)
    ground = bottom + 52 if motion else 0.0
    middle = bottom + 88 if motion and sound else 0.0
    height = bottom + (122 if middle else 66 if ground else 16)
    return Rows(labels, tick_bottom, top, bottom, lane_height, pitch, 20.0, ground, middle, height)
