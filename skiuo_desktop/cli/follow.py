"""Following a recording and its analyses in a terminal: events in, lines out.

Events arrive on the engine's threads and wait in one queue for the main thread, which alone writes.
"""

from __future__ import annotations

import queue
import re
import sys
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from skiuo_desktop import failures
from skiuo_desktop.cli import notes, words
from skiuo_desktop.cli.follow_json import JsonFollower
from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisStarted,
    AnalysisText,
    AnalysisWaiting,
    AudioLevel,
    BackendChanged,
    BudgetStepped,
    Event,
    ModelHealthChanged,
    RecordingNotice,
    RecordingProgress,
    RecordingStopped,
    Repaired,
    SourceHealth,
    StageTiming,
    WindowChanged,
)
from skiuo_desktop.model import JUDGE, OFFLINE, Analysis, Span, Window

SENTENCE_END = re.compile(r"(?<=[^\W\d][.!?])\s+|(?<=[.!?][”\"’)])\s+|(?<=”[.!?])\s+|(?<=[。！？])\s*|\n")
"""Not after `1.` and not inside `1.84` or `test_mean.py`."""


_ENDLESS = (AudioLevel, BackendChanged, SourceHealth, StageTiming)
"""They come as long as a microphone is open or the mirror sends. No follower shows them, and whoever waits for silence would wait for ever."""


class EventQueue:
    """What the engine says, in order, for one reader. Unbounded on purpose: losing an event would lose a line of the
    contract, and text comes from models far slower than a terminal takes it."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def put(self, event: Event) -> None:
        if not isinstance(event, _ENDLESS):
            self._events.put(event)

    def get(self, timeout_s: float) -> Event | None:
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None


class TerminalFollower:
    """The narrative on stdout, sentence by sentence; progress on stderr, as a bar when it is a terminal.

    Where several models answer at once, one is printed as it arrives; what the others say is held until that one has ended.
    """

    def __init__(self, recording_id: Callable[[], str | None], total_ms: int | None) -> None:
        self._recording_id = recording_id
        self._live = sys.stderr.isatty()
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=self._console, transient=True, disable=not self._live)
        self._bar = self._progress.add_task("starting…", total=total_ms)
        self._progress.start()
        self._spans: dict[int, Span] = {}  # by window index
        self._who: dict[int, str] = {}  # by analysis: the model's name and why it was asked, where that says something
        self._judges: set[int] = set()  # analyses whose text is a verdict, no narrative
        self._told: dict[int, str] = {}  # by window index: the note that was made last
        self._rests: dict[int, str] = {}  # text of an analysis that is no whole sentence yet
        self._open: set[int] = set()  # analyses that have begun to speak and have not ended
        self._floor: int | None = None  # the analysis that is printed as it arrives
        self._held: dict[int, list[tuple[int, Text]]] = {}  # lines of the others, with their window's index
        self._headed: int | None = None  # the analysis whose heading stands above the line being written

    def show(self, event: Event) -> None:
        match event:
            case RecordingProgress():
                self._show_progress(event)
            case RecordingNotice(_, notice):
                self._note(f"{words.clock(notice.at_ms)}  {notice.detail or notice.kind}")
            case RecordingStopped():
                self._progress.update(self._bar, description=f"{words.clock(event.duration_ms)} recorded, {words.size(event.bytes)}; reading it…", total=None)
                self._note(event.error)
            case Repaired():
                self._note(f"An earlier recording was finished: {event.message}")
            case ModelHealthChanged(health):
                self._note(notes.health(health))
            case BudgetStepped():
                self._note(notes.budget(event))
            case _:
                self._show_analysis(event, self._recording_id())

    def _show_analysis(self, event: Event, wanted: str | None) -> None:
        match event:
            case WindowChanged(window) if window.recording_id == wanted:
                self._window(window)
            case AnalysisStarted(analysis) if analysis.recording_id == wanted:
                self._started(analysis)
            case AnalysisText() if event.recording_id == wanted and event.analysis_id not in self._judges:
                self._text(event)
            case AnalysisWaiting(analysis) if analysis.recording_id == wanted:
                self._finish_sentence(analysis)
                self._leave(analysis.id)
                self._note(notes.waiting(event))
            case AnalysisEnded(analysis) if analysis.recording_id == wanted:
                self._ended(analysis)

    def _window(self, window: Window) -> None:
        self._spans[window.index] = window.span
        note = notes.left_out(window) or notes.chosen(window)
        if note != self._told.get(window.index, ""):
            self._told[window.index] = note
            self._note(note)

    def _started(self, analysis: Analysis) -> None:
        why = failures.why(analysis.why, "en")
        if analysis.purpose == JUDGE:
            self._judges.add(analysis.id)
        elif why or analysis.model != OFFLINE:
            self._who[analysis.id] = f"{analysis.model} ({why})" if why else analysis.model

    def _show_progress(self, event: RecordingProgress) -> None:
        room = f", room for {words.room(event.room_ms)}" if event.room_ms is not None else ""
        dropped = f", {event.dropped_frames} dropped" if event.dropped_frames else ""
        text = f"{event.state.value} {words.clock(event.elapsed_ms)}  {words.size(event.bytes)}, {event.fps:.0f} fps{dropped}{room}"
        self._progress.update(self._bar, description=text, completed=event.elapsed_ms)

    def _text(self, event: AnalysisText) -> None:
        self._open.add(event.analysis_id)
        text = self._rests.get(event.analysis_id, "") + event.delta
        *whole, rest = SENTENCE_END.split(text)
        for sentence in whole:
            self._say(event.analysis_id, event.window_index, sentence)
        self._rests[event.analysis_id] = rest

    def _ended(self, analysis: Analysis) -> None:
        self._finish_sentence(analysis)
        if analysis.failure is not None:
            self._line(analysis.id, analysis.window_index, Text(f"  {analysis.model}: {analysis.failure.message}", style="red"))
        self._leave(analysis.id)
        self._note(notes.price(analysis))

    def _finish_sentence(self, analysis: Analysis) -> None:
        """Says what an attempt left without the end of its sentence."""
        self._say(analysis.id, analysis.window_index, self._rests.pop(analysis.id, ""))

    def _say(self, analysis_id: int, window_index: int, sentence: str) -> None:
        if sentence.strip():
            self._line(analysis_id, window_index, Text(f"  {sentence.strip()}"))

    def _line(self, analysis_id: int, window_index: int, line: Text) -> None:
        if self._floor is None:
            self._floor = analysis_id
        if self._floor != analysis_id:
            self._held.setdefault(analysis_id, []).append((window_index, line))
            return
        if self._headed != analysis_id:
            self._headed = analysis_id
            span = self._spans.get(window_index)
            who = self._who.get(analysis_id, "")
            self._print(Text(f"{words.span(span) if span else f'window {window_index}'}  {who}".rstrip(), style="bold"))
        self._print(line)

    def _leave(self, analysis_id: int) -> None:
        """An analysis says nothing more for now. Those that were held have their say; one that is under way goes on from there."""
        self._open.discard(analysis_id)
        if self._floor != analysis_id:
            return
        self._floor = None
        for other in sorted(self._held, key=lambda held: (held in self._open, held)):
            for window_index, line in self._held.pop(other):
                self._line(other, window_index, line)
            if other in self._open:
                return
            self._floor = None

    def _print(self, text: Text) -> None:
        if self._live and sys.stdout.isatty():
            self._progress.console.print(text)  # above the bar, on the same terminal
        else:
            sys.stdout.write(text.plain + "\n")
            sys.stdout.flush()

    def _note(self, text: str) -> None:
        if not text:
            return
        if self._live:
            self._progress.console.print(Text(text, style="yellow"))
        else:
            print(text, file=sys.stderr)

    def close(self) -> None:
        self._open.clear()
        if self._floor is not None:
            self._leave(self._floor)
        self._progress.stop()


Follower = JsonFollower | TerminalFollower
