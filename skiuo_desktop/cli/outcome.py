"""How `skiuo record` and `skiuo analyze` end: the last lines, and the exit status."""

from __future__ import annotations

import sys

from skiuo_desktop.cli import as_json, words
from skiuo_desktop.errors import AnalysisError, Cancelled, SkiuoError
from skiuo_desktop.model import AnalysisState, FailureKind, Recording, Window, WindowState


def done(recording: Recording, *, json: bool, error: SkiuoError | None, abandoned: bool) -> int:
    """Says how it went. Raises `error`, Cancelled, or AnalysisError where windows are left that nobody could describe."""
    if json:
        as_json.line({"event": "done", "recording": as_json.recording_json(recording)})
    else:
        print(
            f"{recording.title}: {words.clock(recording.duration_ms)}, {words.size(recording.bytes)}, {words.count(len(recording.windows), 'window')}",
            file=sys.stderr,
        )
        print(f"{recording.path}\n`skiuo gui` opens it beside its text; `skiuo show {recording.id}` prints it.", file=sys.stderr)
    kept = sum(window.state is WindowState.SKIPPED and window.reason == "budget" for window in recording.windows)
    if kept:
        print(f"The budget keeps {words.count(kept, 'window')} for later; `skiuo analyze {recording.id} --failed` asks then.", file=sys.stderr)
    if abandoned:
        raise Cancelled(f"The recording is safe; what is not analysed yet goes on with `skiuo gui` or `skiuo analyze {recording.id}`.")
    if error is not None:
        raise error
    failed = sum(is_failed(window) for window in recording.windows)
    if failed:
        raise AnalysisError.of(
            FailureKind.INTERNAL,
            f"{failed} of {words.count(len(recording.windows), 'window')} could not be analysed; `skiuo analyze {recording.id} --failed` tries again.",
        )
    return 0


def is_failed(window: Window) -> bool:
    """Whether nobody has described the window: one model's failure does not count where another's text stands."""
    return window.state is WindowState.FAILED and not (window.chosen is not None and window.chosen.state is AnalysisState.DONE)
