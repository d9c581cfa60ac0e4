"""From rows to the words of `model`, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from skiuo_desktop.library import files
from skiuo_desktop.library.schema import AnalysisRow, Answer, AttemptRow, MarkerRow, RecordingRow, WindowRow
from skiuo_desktop.model import (
    Analysis,
    AnalysisState,
    Attempt,
    Choice,
    Failure,
    FailureKind,
    Marker,
    Notice,
    Recording,
    RecordingState,
    Span,
    Usage,
    Window,
    WindowState,
)


def recording_of(row: RecordingRow, folder: Path, tags: Sequence[str], markers: Iterable[MarkerRow], windows: Iterable[Window]) -> Recording:
    """Raises StorageError where the row names a file outside `folder`."""
    return Recording(
        id=row.id,
        device_id=row.device_id,
        title=row.title,
        path=files.absolute(folder, row.path),
        source=row.source,
        source_label=row.source_label,
        started_at=row.started_at,
        state=RecordingState(row.state),
        window_length_ms=row.window_length_ms,
        window_stride_ms=row.window_stride_ms,
        models=tuple(row.models),
        duration_ms=row.duration_ms,
        frames=row.frames,
        dropped_frames=row.dropped_frames,
        bytes=row.bytes,
        width=row.width,
        height=row.height,
        fps=row.fps,
        video_codec=row.video_codec,
        has_audio=row.has_audio,
        notes=row.notes,
        tags=tuple(tags),
        notices=tuple(Notice(**notice) for notice in row.notices),
        markers=tuple(marker_of(marker) for marker in markers),
        windows=tuple(windows),
        thumbnail=files.absolute(folder, row.thumbnail),
        freed_at=row.freed_at,
    )


def notice_row(notice: Notice) -> dict[str, Any]:
    return asdict(notice)


def marker_of(row: MarkerRow) -> Marker:
    return Marker(row.id, row.at_ms, row.text)


def window_of(row: WindowRow, analyses: Iterable[AnalysisRow]) -> Window:
    return Window(
        id=row.id,
        recording_id=row.recording_id,
        index=row.index,
        span=Span(row.start_ms, row.end_ms),
        state=WindowState(row.state),
        reason=row.reason,
        choice=choice_of(row),
        analyses=tuple(analysis_of(analysis, row) for analysis in analyses),
    )


def choice_of(row: WindowRow) -> Choice | None:
    if row.chosen_id is None:
        return None
    return Choice(row.chosen_id, **{**row.choice, "dissent": tuple(row.choice.get("dissent", ()))})


def analysis_of(row: AnalysisRow, window: WindowRow) -> Analysis:
    return Analysis(
        id=row.id,
        window_id=row.window_id,
        recording_id=window.recording_id,
        window_index=window.index,
        span=Span(window.start_ms, window.end_ms),
        model=row.model,
        version=row.version,
        state=AnalysisState(row.state),
        text=row.text,
        partial=row.partial,
        usage=usage_of(row),
        first_token_ms=row.first_token_ms,
        total_ms=row.total_ms,
        failure=failure_of(row),
        attempts=row.attempts,
        language=row.language,
        facts=row.facts,
        why=row.why,
        purpose=row.purpose,
        fresh=row.fresh,
    )


def attempt_of(row: AttemptRow) -> Attempt:
    return Attempt(row.number, row.started_at, row.ended_at, failure_of(row), usage_of(row), row.sent, row.raw)


def usage_of(row: Answer) -> Usage:
    return Usage(row.tokens_in, row.tokens_out, row.cost, row.currency, row.estimated)


def failure_of(row: Answer) -> Failure | None:
    return Failure(FailureKind(row.failure_kind), row.failure_message, row.failure_raw, row.failure_facts) if row.failure_kind else None


def answer_columns(usage: Usage, failure: Failure | None) -> dict[str, Any]:
    """The columns of `Answer`."""
    return {
        "failure_kind": failure.kind.value if failure else None,
        "failure_message": failure.message if failure else "",
        "failure_raw": failure.raw if failure else "",
        "failure_facts": dict(failure.facts) if failure else {},
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "cost": usage.cost,
        "currency": usage.currency,
        "estimated": usage.estimated,
    }
