"""Following a recording and its analyses in a terminal or as JSON: events in, lines out.

Events arrive on the engine's threads and wait in one queue for the main thread, which alone writes.
"""

from __future__ import annotations

import queue
import re
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from skiuo_desktop.cli import as_json, words
from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisText,
    Event,
    RecordingNotice,
    RecordingProgress,
    RecordingStarted,
    RecordingStopped,
    Repaired,
    WindowChanged,
)
from skiuo_desktop.model import Analysis, Span

SENTENCE_END = re.compile(r"(?<=[^\W\d][.!?])\s+|(?<=[.!?][”\"’)])\s+|(?<=”[.!?])\s+|(?<=[。！？])\s*|\n")
"""Not after `1.` and not inside `1.84` or `test_mean.py`."""


class EventQueue:
    """What the engine says, in order, for one reader. Unbounded on purpose: losing an event would lose a line of the
    contract, and text comes from models far slower than a terminal takes it."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def put(self, event: Event) -> None:
        self._events.put(event)

    def get(self, timeout_s: float) -> Event | None:
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None


class JsonFollower:
    """One JSON object a line on stdout."""

    def __init__(self, recording_id: Callable[[], str | None]) -> None:
        self._recording_id = recording_id

    def show(self, event: Event) -> None:
        value = self._value(event)
        if value is not None:
            as_json.line(value)

    def _value(self, event: Event) -> dict[str, Any] | None:
        match event:
            case RecordingStarted():
                return {"event": "started", "recording": event.recording_id, "path": event.path, "width": event.width, "height": event.height, "fps": event.fps}
            case RecordingProgress():
                return {
                    "event": "progress",
                    "state": event.state.value,
                    "elapsed_ms": event.elapsed_ms,
                    "written_ms": event.written_ms,
                    "bytes": event.bytes,
                    "frames": event.frames,
                    "dropped_frames": event.dropped_frames,
                    "room_ms": event.room_ms,
                }
            case RecordingNotice():
                return {"event": "notice", **as_json.notice_json(event.notice)}
            case RecordingStopped():
                return {"event": "stopped", "reason": event.reason.value, "duration_ms": event.duration_ms, "error": event.error or None}
            case Repaired():
                return {"event": "repaired", "recording": event.recording_id, "duration_ms": event.duration_ms, "message": event.message}
        return self._analysis_value(event)

    def _analysis_value(self, event: Event) -> dict[str, Any] | None:
        wanted = self._recording_id()
        match event:
            case WindowChanged(window) if window.recording_id == wanted:
                return {"event": "window", "index": window.index, "start_ms": window.span.start_ms, "end_ms": window.span.end_ms, "state": window.state.value}
            case AnalysisText() if event.recording_id == wanted:
                return {"event": "text", "window": event.window_index, "analysis": event.analysis_id, "position": event.position, "delta": event.delta}
            case AnalysisEnded(analysis) if analysis.recording_id == wanted:
                return {"event": "analysis", "window": analysis.window_index, **as_json.analysis_json(analysis)}
        return None

    def close(self) -> None:
        """Nothing is held back."""


class TerminalFollower:
    """The narrative on stdout, sentence by sentence; progress on stderr, as a bar when it is a terminal."""

    def __init__(self, recording_id: Callable[[], str | None], total_ms: int | None) -> None:
        self._recording_id = recording_id
        self._live = sys.stderr.isatty()
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=self._console, transient=True, disable=not self._live)
        self._bar = self._progress.add_task("starting…", total=total_ms)
        self._progress.start()
        self._spans: dict[int, Span] = {}  # by window index
        self._held: dict[int, str] = {}  # text of an analysis that is no whole sentence yet
        self._headed: int | None = None  # the analysis whose heading stands above the line being written

    def show(self, event: Event) -> None:
        wanted = self._recording_id()
        match event:
            case RecordingProgress():
                self._show_progress(event)
            case RecordingNotice(_, notice):
                self._note(f"{words.clock(notice.at_ms)}  {notice.detail or notice.kind}")
            case RecordingStopped():
                self._progress.update(self._bar, description=f"{words.clock(event.duration_ms)} recorded, {words.size(event.bytes)}; reading it…", total=None)
                if event.error:
                    self._note(event.error)
            case Repaired():
                self._note(f"An earlier recording was finished: {event.message}")
            case WindowChanged(window) if window.recording_id == wanted:
                self._spans[window.index] = window.span
            case AnalysisText() if event.recording_id == wanted:
                self._text(event)
            case AnalysisEnded(analysis) if analysis.recording_id == wanted:
                self._ended(analysis)

    def _show_progress(self, event: RecordingProgress) -> None:
        room = f", room for {words.room(event.room_ms)}" if event.room_ms is not None else ""
        dropped = f", {event.dropped_frames} dropped" if event.dropped_frames else ""
        text = f"{event.state.value} {words.clock(event.elapsed_ms)}  {words.size(event.bytes)}, {event.fps:.0f} fps{dropped}{room}"
        self._progress.update(self._bar, description=text, completed=event.elapsed_ms)

    def _text(self, event: AnalysisText) -> None:
        held = self._held.get(event.analysis_id, "") + event.delta
        *whole, rest = SENTENCE_END.split(held)
        for sentence in whole:
            self._say(event.analysis_id, event.window_index, sentence)
        self._held[event.analysis_id] = rest

    def _ended(self, analysis: Analysis) -> None:
        self._say(analysis.id, analysis.window_index, self._held.pop(analysis.id, ""))
        if analysis.failure is not None:
            self._heading(analysis.id, analysis.window_index)
            self._print(Text(f"  {analysis.model}: {analysis.failure.message}", style="red"))

    def _say(self, analysis_id: int, window_index: int, sentence: str) -> None:
        if sentence.strip():
            self._heading(analysis_id, window_index)
            self._print(Text(f"  {sentence.strip()}"))

    def _heading(self, analysis_id: int, window_index: int) -> None:
        if self._headed != analysis_id:
            self._headed = analysis_id
            span = self._spans.get(window_index)
            self._print(Text(words.span(span) if span else f"window {window_index}", style="bold"))

    def _print(self, text: Text) -> None:
        if self._live and sys.stdout.isatty():
            self._progress.console.print(text)  # above the bar, on the same terminal
        else:
            sys.stdout.write(text.plain + "\n")
            sys.stdout.flush()

    def _note(self, text: str) -> None:
        if self._live:
            self._progress.console.print(Text(text, style="yellow"))
        else:
            print(text, file=sys.stderr)

    def close(self) -> None:
        self._progress.stop()


Follower = JsonFollower | TerminalFollower
