"""What a narrative shows, without Qt: for each window one text, however far it has arrived.

A story begins with rows from the library and follows the events after them. It may start in the middle of an answer:
what was said before the first event is taken from the row.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, AnalysisWaiting, Event, WindowChanged
from skiuo_desktop.model import DESCRIBE, Analysis, AnalysisState, Failure, Window, WindowState
from skiuo_desktop.ui.widgets.timeline_model import Bar, WindowTrack

_OVER = (AnalysisState.DONE, AnalysisState.FAILED, AnalysisState.CANCELLED)
_FOLLOWS = (
    (AnalysisState.RUNNING, WindowState.ANALYSING),
    (AnalysisState.QUEUED, WindowState.QUEUED),
    (AnalysisState.DONE, WindowState.DONE),  # a text stands there, whatever became of another run
    (AnalysisState.FAILED, WindowState.FAILED),
)


@dataclass(slots=True)
class Stream:
    """An answer that is arriving. `body` begins at character `base` of the whole text."""

    window_index: int
    started: float | None  # on the story's clock; None when the beginning was missed
    first_word: float | None = None
    base: int = 0
    body: str = ""

    def add(self, position: int, delta: str) -> None:
        end = self.base + len(self.body)
        if not self.body:
            self.base, self.body = position, delta
        elif self.base <= position <= end:
            self.body = self.body[: position - self.base] + delta
        else:
            # A hole: what lies in it comes with the whole text at the end.
            self.base, self.body = position, delta

    def text(self, row_text: str) -> str:
        if self.base == 0:
            return self.body
        return row_text[: self.base] + ("" if len(row_text) >= self.base else "…") + self.body


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that failed and is made again by itself."""

    failure: Failure
    until: datetime
    attempt: int  # the one to come, from 1
    attempts: int
    left_s: int = 0  # full seconds that are left; 0: any moment now


@dataclass(frozen=True, slots=True)
class Shown:
    """One window's part of the narrative as it stands now."""

    bar: Bar
    window: Window | None  # None while it is being recorded
    analysis: Analysis | None
    text: str
    streaming: bool
    elapsed_ms: int | None = None  # since the question was asked, while the answer arrives
    first_word_ms: int | None = None
    wait: Wait | None = None  # asked again by itself after this

    @property
    def told(self) -> bool:
        """There is a whole text to read, whatever else is still under way."""
        return self.analysis is not None and self.analysis.state is AnalysisState.DONE and bool(self.text.strip()) and self.wait is None

    @property
    def others(self) -> tuple[Analysis, ...]:
        """What else was answered about the window."""
        if self.window is None or self.analysis is None:
            return ()
        return tuple(a for a in self.window.answers if a.id != self.analysis.id and a.text and a.state is AnalysisState.DONE)

    @property
    def state(self) -> WindowState:
        return self.bar.state


class Story:
    """The narrative of one recording. `clock` gives seconds, `now` the time of day in UTC; both exist for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock, self._now = clock, now
        self.track = WindowTrack()
        self.recording_id = ""
        self.model = ""  # show this model's texts only; empty: the newest of any
        self._streams: dict[int, Stream] = {}  # by analysis id
        self._waits: dict[int, Wait] = {}  # by analysis id
        self._first: dict[int, int] = {}  # by window index: of answers that arrive together, the one that began first
        self._recording: list[Bar] = []

    def load(self, recording_id: str, windows: Iterable[Window]) -> None:
        if recording_id != self.recording_id:
            self._streams.clear()
            self._waits.clear()
            self._first.clear()
            self._recording = []
        self.recording_id = recording_id
        self.track.set_windows(windows)
        self._forget_ended({w.index for w in self.track.windows})

    def set_now(self, ms: int, live: bool) -> bool:
        """Moves the end of what is being recorded; True when cards came or went."""
        self.track.now_ms, self.track.live = ms, live
        before = [b.index for b in self._recording]
        self._recording = [b for b in self.track.coming(ms + 1) if b.state is WindowState.RECORDING]
        return before != [b.index for b in self._recording]

    def __len__(self) -> int:
        return len(self.track) + len(self._recording)

    def position_of(self, index: int) -> int | None:
        """Where in the list the card of a window stands."""
        windows = self.track.windows
        if 0 <= index < len(windows) and windows[index].index == index:
            return index
        places = [*(w.index for w in windows), *(b.index for b in self._recording)]
        return places.index(index) if index in places else None

    def index_at(self, position: int) -> int:
        rows = len(self.track)
        return self.track.windows[position].index if position < rows else self._recording[position - rows].index

    def shown(self, position: int) -> Shown:
        rows = len(self.track)
        if position >= rows:
            return Shown(self._recording[position - rows], None, None, "", False)
        window = self.track.windows[position]
        analysis = self.analysis_of(window)
        bar = Bar(window.index, window.span, window.state)
        wait = self._wait_of(window, analysis)
        if wait is not None:
            return Shown(bar, window, analysis, "", False, wait=wait)
        arriving = window.state is WindowState.ANALYSING and (analysis is None or analysis.state is not AnalysisState.DONE)
        if not arriving:
            return Shown(bar, window, analysis, analysis.text if analysis else "", False)
        stream = self._stream_of(window, analysis)
        if stream is None:
            return Shown(bar, window, analysis, analysis.text if analysis else "", True)
        now = self._clock()
        started, first = stream.started, stream.first_word
        return Shown(
            bar,
            window,
            analysis,
            stream.text(analysis.text if analysis else ""),
            True,
            None if started is None else round((now - started) * 1000),
            None if started is None or first is None else round((first - started) * 1000),
        )

    def _stream_of(self, window: Window, analysis: Analysis | None) -> Stream | None:
        if analysis is not None and analysis.id in self._streams:
            return self._streams[analysis.id]
        return next((s for s in self._streams.values() if s.window_index == window.index and not self.model), None)

    def _wait_of(self, window: Window, analysis: Analysis | None) -> Wait | None:
        """What is shown of a wait: not while there is a text to read."""
        if window.state not in (WindowState.ANALYSING, WindowState.QUEUED) or analysis is None or analysis.id not in self._waits:
            return None
        wait = self._waits[analysis.id]
        return replace(wait, left_s=max(0, math.ceil((wait.until - self._now()).total_seconds())))

    def analysis_of(self, window: Window) -> Analysis | None:
        """The analysis whose text the card shows (of the wanted model): the one that runs, else the chosen one.

        Where several models are asked, a text that is there stays until all have ended; of those that answer together, the one that began
        first is shown. A model that is asked again shows its new text.
        """
        mine = [a for a in window.answers if not self.model or a.model == self.model]
        if len(mine) < 2:
            return mine[0] if mine else None
        done = [a for a in mine if a.state is AnalysisState.DONE and a.text]
        running = [a for a in mine if a.state is AnalysisState.RUNNING or a.id in self._waits]
        again = [a for a in running if any(a.model == other.model for other in done)]
        if again:
            return max(again, key=lambda a: a.id)
        if running and not done:
            return next((a for a in running if a.id == self._first.get(window.index)), None) or max(running, key=lambda a: a.id)
        if window.state is WindowState.FAILED:
            failed = [a for a in mine if a.failure is not None]
            if failed:
                return max(failed, key=lambda a: a.id)
        return replace(window, analyses=tuple(mine)).chosen

    def asked_again(self, index: int) -> tuple[tuple[str, ...], bool]:
        """Whom to ask once more about a window, and whether for another text than the one that was kept.

        Nobody by name: those that were asked before. Where several have answered, only the one whose text is shown.
        """
        position = self.position_of(index)
        shown = self.shown(position) if position is not None else None
        if shown is None or not shown.told or shown.analysis is None:
            return (), False
        return ((shown.analysis.model,) if shown.others else ()), True

    def search(self, find: Callable[[str], bool]) -> list[int]:
        """Indices of the windows whose text satisfies `find`."""
        found = []
        for window in self.track.windows:
            analysis = self.analysis_of(window)
            stream = self._stream_of(window, analysis) if self._streams else None
            text = analysis.text if analysis is not None else ""
            if find(stream.text(text) if stream is not None else text):
                found.append(window.index)
        return found

    def models(self) -> list[str]:
        """Names of all models that were asked, most windows first."""
        counts: dict[str, int] = {}
        for window in self.track.windows:
            for model in {a.model for a in window.answers}:
                counts[model] = counts.get(model, 0) + 1
        return sorted(counts, key=lambda m: (-counts[m], m))

    def apply(self, event: Event) -> int | None:
        """Follows one event; returns the index of the window that it changed, or None."""
        if isinstance(event, WindowChanged) and event.window.recording_id == self.recording_id:
            return self._window_changed(event.window)
        if isinstance(event, AnalysisText) and event.recording_id == self.recording_id:
            return self._text_arrived(event)
        if isinstance(event, AnalysisWaiting) and event.analysis.recording_id == self.recording_id:
            return self._waits_for(event)
        if isinstance(event, (AnalysisStarted, AnalysisEnded)) and event.analysis.recording_id == self.recording_id:
            started = isinstance(event, AnalysisStarted)
            return self._started(event.analysis) if started else self._ended(event.analysis)
        return None

    def _window_changed(self, window: Window) -> int:
        self.track.update(window)
        self._forget_ended({window.index})
        self._recording = [b for b in self._recording if b.index != window.index]
        return window.index

    def _forget_ended(self, indices: set[int]) -> None:
        """Drops the answers and the waits whose end the rows know already."""
        for analysis_id, stream in list(self._streams.items()):
            if stream.window_index in indices and not self._under_way(stream.window_index, analysis_id):
                del self._streams[analysis_id]
        for index in indices:
            window = self.track.get(index)
            for analysis in window.analyses if window is not None else ():
                if analysis.state in _OVER:
                    self._waits.pop(analysis.id, None)
            if window is None or window.state not in (WindowState.ANALYSING, WindowState.QUEUED):
                self._first.pop(index, None)

    def _under_way(self, index: int, analysis_id: int) -> bool:
        window = self.track.get(index)
        known = {a.id: a.state for a in window.analyses} if window is not None else {}
        return window is not None and known.get(analysis_id, AnalysisState.RUNNING) not in _OVER

    def _waits_for(self, event: AnalysisWaiting) -> int | None:
        window = self.track.get(event.analysis.window_index)
        if window is None or event.analysis.purpose != DESCRIBE:
            return None
        self._streams.pop(event.analysis.id, None)
        self._waits[event.analysis.id] = Wait(event.failure, event.until, event.attempt + 1, event.attempts)
        known = next((a for a in window.analyses if a.id == event.analysis.id), event.analysis)
        if known.state in _OVER or window.state not in (WindowState.ANALYSING, WindowState.QUEUED):
            self.track.update(
                replace(window, state=WindowState.ANALYSING, analyses=_with(window.analyses, replace(event.analysis, state=AnalysisState.RUNNING)))
            )
        elif known is event.analysis:
            self.track.update(replace(window, analyses=_with(window.analyses, event.analysis)))
        return window.index

    def _text_arrived(self, event: AnalysisText) -> int | None:
        window = self.track.get(event.window_index)
        if window is None or any(a.id == event.analysis_id and a.state in _OVER for a in window.analyses):
            return None  # unknown, or late: the whole text is here already
        if any(a.id == event.analysis_id and a.purpose != DESCRIBE for a in window.analyses):
            return None  # what one says who chooses between answers is no text about the window
        self._waits.pop(event.analysis_id, None)
        stream = self._streams.setdefault(event.analysis_id, Stream(event.window_index, None))
        if stream.first_word is None:
            stream.first_word = self._clock()
        stream.add(event.position, event.delta)
        if window.state is not WindowState.ANALYSING:
            self.track.update(replace(window, state=WindowState.ANALYSING))
        return event.window_index

    def _started(self, analysis: Analysis) -> int | None:
        window = self.track.get(analysis.window_index)
        if window is None:
            return None
        if analysis.purpose != DESCRIBE:
            return window.index
        first = self._first.get(window.index)
        if first not in self._streams and first not in self._waits:
            self._first[window.index] = analysis.id
        self._waits.pop(analysis.id, None)
        self._streams[analysis.id] = Stream(window.index, self._clock())
        running = replace(analysis, state=AnalysisState.RUNNING)
        self.track.update(replace(window, state=WindowState.ANALYSING, analyses=_with(window.analyses, running)))
        return window.index

    def _ended(self, analysis: Analysis) -> int | None:
        window = self.track.get(analysis.window_index)
        if window is None:
            return None
        self._streams.pop(analysis.id, None)
        self._waits.pop(analysis.id, None)
        analyses = _with(window.analyses, analysis)
        states = {a.state for a in analyses if a.purpose == DESCRIBE}
        state = next((follows for each, follows in _FOLLOWS if each in states), WindowState.SKIPPED)
        self.track.update(replace(window, state=state, analyses=analyses))
        self._forget_ended({window.index})
        return window.index


def _with(analyses: tuple[Analysis, ...], analysis: Analysis) -> tuple[Analysis, ...]:
    return (*(a for a in analyses if a.id != analysis.id), analysis)
