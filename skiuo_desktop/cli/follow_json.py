"""Following a recording and its analyses as JSON: events in, one object a line out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from skiuo_desktop.cli import as_json
from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisText,
    AnalysisWaiting,
    BudgetStepped,
    Event,
    ModelHealthChanged,
    RecordingNotice,
    RecordingProgress,
    RecordingStarted,
    RecordingStopped,
    Repaired,
    WindowChanged,
)


class JsonFollower:
    """One JSON object a line on stdout."""

    def __init__(self, recording_id: Callable[[], str | None]) -> None:
        self._recording_id = recording_id

    def show(self, event: Event) -> None:
        value = _recording_value(event) or _analysis_value(event, self._recording_id()) or _model_value(event)
        if value is not None:
            as_json.line(value)

    def close(self) -> None:
        """Nothing is held back."""


def _recording_value(event: Event) -> dict[str, Any] | None:
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
    return None


def _analysis_value(event: Event, wanted: str | None) -> dict[str, Any] | None:
    match event:
        case WindowChanged(window) if window.recording_id == wanted:
            return {
                "event": "window",
                "index": window.index,
                "start_ms": window.span.start_ms,
                "end_ms": window.span.end_ms,
                "state": window.state.value,
                "reason": window.reason,
                "chosen": as_json.chosen_json(window),
            }
        case AnalysisText() if event.recording_id == wanted:
            return {"event": "text", "window": event.window_index, "analysis": event.analysis_id, "position": event.position, "delta": event.delta}
        case AnalysisWaiting(analysis) if analysis.recording_id == wanted:
            return {
                "event": "waiting",
                "window": analysis.window_index,
                "model": analysis.model,
                "until": event.until.isoformat(),
                "attempt": event.attempt,
                "attempts": event.attempts,
                "error": as_json.failure_json(event.failure),
            }
        case AnalysisEnded(analysis) if analysis.recording_id == wanted:
            return {"event": "analysis", "window": analysis.window_index, **as_json.analysis_json(analysis)}
    return None


def _model_value(event: Event) -> dict[str, Any] | None:
    """What counts for more than one recording."""
    match event:
        case ModelHealthChanged(health):
            return {"event": "model", "model": health.model, **as_json.health_json(health)}
        case BudgetStepped():
            return {"event": "budget", "step": event.step.value, "before": event.before.value, "budget": event.budget, "share": event.share}
    return None
