"""The list of other devices' recordings, read for hundreds at once (see `library.listing` for the same of this device)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from skiuo_desktop.backend import foreign
from skiuo_desktop.library.listing import EXCERPT
from skiuo_desktop.library.schema import AnalysisRow, AttemptRow, DeviceRow, RecordingRow, WindowRow
from skiuo_desktop.model import DESCRIBE, AnalysisState, RecordingState, RecordingSummary, WindowState

_STATES = {state.value[0]: state for state in (WindowState.QUEUED, WindowState.ANALYSING, WindowState.DONE, WindowState.FAILED, WindowState.SKIPPED)}
"""By the letter that stands for each in `_strip`."""

_LISTED = ("id", "title", "source_label", "started_at", "duration_ms", "bytes", "state", "models", "freed_at")


def summarise(connection: Connection, wanted: Sequence[ColumnElement[bool]], limit: int) -> list[RecordingSummary]:
    """The newest `limit` of the recordings for which all of `wanted` holds."""
    listed = [column for column in foreign.columns(RecordingRow) if column.key in _LISTED]
    chosen = select(*listed, RecordingRow.moment, foreign.DEVICE.label("name")).outerjoin(DeviceRow, DeviceRow.id == RecordingRow.device_id).where(*wanted)
    page = chosen.order_by(RecordingRow.moment.desc(), RecordingRow.id.desc()).limit(limit).subquery()
    whole = select(page, _strip(page.c.id).label("strip"), _excerpt(page.c.id).label("excerpt"), _costs(page.c.id).label("costs"))
    return [_summary(row) for row in connection.execute(whole.order_by(page.c.moment.desc(), page.c.id.desc()))]


def _summary(row: Any) -> RecordingSummary:
    costs = row.costs if isinstance(row.costs, dict) else {}
    return RecordingSummary(
        id=row.id,
        title=row.title,
        source_label=row.source_label,
        started_at=row.started_at,
        duration_ms=max(0, row.duration_ms),
        bytes=max(0, row.bytes),
        state=foreign.known(RecordingState, row.state, RecordingState.FINISHED),
        thumbnail="",
        models=tuple(foreign.texts(row.models)),
        states=tuple(_STATES.get(letter, WindowState.SKIPPED) for letter in row.strip or ""),
        excerpt=" ".join((row.excerpt or "").split()),
        costs={currency: float(cost) for currency, cost in costs.items() if isinstance(cost, int | float) and math.isfinite(cost)},
        freed_at=row.freed_at,
        device=row.name,
    )


def _strip(recording_id: ColumnElement[str]) -> Any:
    """One letter for the state of each window, in order."""
    letters = func.string_agg(func.rpad(func.left(WindowRow.state, 1), 1), aggregate_order_by(literal(""), WindowRow.index))
    return select(letters).where(WindowRow.recording_id == recording_id).scalar_subquery()


def _excerpt(recording_id: ColumnElement[str]) -> Any:
    """The beginning of the first text of a recording's narrative."""
    told = select(func.left(AnalysisRow.text, EXCERPT)).join(WindowRow, WindowRow.id == AnalysisRow.window_id)
    chosen, done = func.coalesce(AnalysisRow.id == WindowRow.chosen_id, False), AnalysisRow.state == AnalysisState.DONE
    first = told.where(WindowRow.recording_id == recording_id, AnalysisRow.text != "", AnalysisRow.purpose == DESCRIBE)
    return first.order_by(WindowRow.index, chosen.desc(), done.desc(), AnalysisRow.id.desc()).limit(1).scalar_subquery()


def _costs(recording_id: ColumnElement[str]) -> Any:
    """What all attempts of a recording cost, by currency; NULL while no price is known."""
    currency, cost = func.left(AttemptRow.currency, 8), func.sum(cast(AttemptRow.cost, Float(53)))
    known = select(currency.label("currency"), cost.label("cost")).where(AttemptRow.recording_id == recording_id, AttemptRow.cost.is_not(None))
    sums = known.group_by(literal_column("1")).correlate_except(AttemptRow).subquery()
    return select(func.jsonb_object_agg(sums.c.currency, sums.c.cost)).scalar_subquery()
