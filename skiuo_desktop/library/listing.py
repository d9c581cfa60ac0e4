"""The list of recordings, read for thousands at once, and finding one by what a person calls it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Subquery, Text, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from skiuo_desktop.errors import NotFoundError, StorageError
from skiuo_desktop.library import files
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import AnalysisRow, AttemptRow, RecordingRow, WindowRow
from skiuo_desktop.library.search import recordings_with
from skiuo_desktop.model import DESCRIBE, AnalysisState, RecordingState, RecordingSummary, WindowState

log = logging.getLogger(__name__)

EXCERPT = 240
"""Characters of the narrative in a summary."""

_STATES = {state.value[0]: state for state in (WindowState.QUEUED, WindowState.ANALYSING, WindowState.DONE, WindowState.FAILED, WindowState.SKIPPED)}
"""The states that stand in rows, by the letter that `_strip` reads for each."""


class Listing(Part):
    def summaries(self, limit: int, before: str | None = None, text: str = "") -> list[RecordingSummary]:
        """The newest `limit` recordings, or those older than the recording `before`; with `text` only those where it is found."""
        with self._database.read() as session:
            last = None
            if before is not None:
                last = session.scalar(select(RecordingRow.moment).where(RecordingRow.id == before))
                if last is None:
                    raise NotFoundError(f"There is no recording {before!r}.")
            wanted = select(RecordingRow.id, RecordingRow.moment).where(RecordingRow.deleted_at.is_(None), RecordingRow.device_id == self.device_id)
            if text.strip():
                wanted = wanted.where(RecordingRow.moment.in_(recordings_with(session, text, limit, last)))
            elif last is not None:
                wanted = wanted.where(RecordingRow.moment < last)
            return summarise(session, self._folder, wanted.order_by(RecordingRow.moment.desc()).limit(limit))

    def count(self) -> int:
        """How many recordings there are."""
        with self._database.read() as session:
            return session.execute(select(func.count()).select_from(RecordingRow).where(RecordingRow.deleted_at.is_(None))).scalar_one()

    def known(self) -> list[str]:
        """The ids of all recordings that there are, or were and are deleted."""
        with self._database.read() as session:
            return list(session.scalars(select(RecordingRow.id)))

    def resolve(self, text: str) -> str:
        """The id of the recording that `text` means: "last", an id or the beginning of only one, a title, or the path of its file.

        Raises NotFoundError where there is none or more than one.
        """
        told = text.strip()
        with self._database.read() as session:
            ids = select(RecordingRow.id).where(RecordingRow.deleted_at.is_(None)).order_by(RecordingRow.moment.desc())
            if told.lower() in ("last", "latest"):
                newest = session.scalar(ids.limit(1))
                if newest is None:
                    raise NotFoundError("There is no recording yet.")
                return newest
            for condition in self._meanings(told):
                found = session.scalars(ids.where(condition).limit(4)).all()
                if len(found) > 1:
                    raise NotFoundError(f"{text!r} means more than one recording: {', '.join(found[:3])}{' …' if len(found) > 3 else ''}. Give an id.")
                if found:
                    return found[0]
        raise NotFoundError(f"There is no recording {text!r}. `skiuo list` shows those that there are.")

    def _meanings(self, told: str) -> list[Any]:
        if not told:
            return []
        meanings = [RecordingRow.id == told, RecordingRow.id.startswith(told, autoescape=True), RecordingRow.title == told]
        path = Path(told).expanduser().absolute()
        inside = [p.relative_to(f).as_posix() for p, f in ((path, self._folder.absolute()), (path.resolve(), self._folder.resolve())) if p.is_relative_to(f)]
        return [*meanings, or_(*(RecordingRow.path == one for one in inside))] if inside else meanings


def summarise(session: Session, folder: Path, wanted: Select[str, int]) -> list[RecordingSummary]:
    """The summaries of the recordings that `wanted` selects (id and moment), newest first."""
    chosen = wanted.subquery()
    row = RecordingRow
    columns = (row.id, row.title, row.source_label, row.started_at, row.duration_ms, row.bytes, row.state, row.thumbnail, row.models, row.freed_at)
    whole = select(*columns, _strip(chosen).label("strip"), _excerpt(chosen).label("excerpt"), _costs(chosen).label("costs"))
    found = session.execute(whole.join(chosen, chosen.c.id == row.id).order_by(row.moment.desc()))
    return [_summary(each, folder) for each in found]


def _summary(row: Any, folder: Path) -> RecordingSummary:
    try:
        thumbnail = files.absolute(folder, row.thumbnail)
    except StorageError as error:  # the list must stay readable: `recording` refuses the row
        log.warning("%s", error)
        thumbnail = ""
    return RecordingSummary(
        id=row.id,
        title=row.title,
        source_label=row.source_label,
        started_at=row.started_at,
        duration_ms=row.duration_ms,
        bytes=row.bytes,
        state=RecordingState(row.state),
        thumbnail=thumbnail,
        models=tuple(row.models),
        states=tuple(map(_STATES.__getitem__, row.strip or "")),
        excerpt=" ".join((row.excerpt or "").split()),
        costs={currency: float(cost) for currency, cost in (each.split(" ") for each in (row.costs or "").split(",") if each)},
        freed_at=row.freed_at,
    )


def _strip(chosen: Subquery) -> Any:
    """One letter for the state of each window, in order: a string is read many times faster than as many rows."""
    window = aliased(WindowRow)
    letters = select(func.substr(window.state, 1, 1).label("letter")).where(window.recording_id == chosen.c.id).order_by(window.index)
    ordered = letters.correlate(chosen).subquery()
    return select(func.group_concat(ordered.c.letter, "")).scalar_subquery()


def _excerpt(chosen: Subquery) -> Any:
    """The beginning of the first text of a recording's narrative."""
    window, analysis = aliased(WindowRow), aliased(AnalysisRow)
    return (
        select(func.substr(analysis.text, 1, EXCERPT))
        .join(window, window.id == analysis.window_id)
        .where(window.recording_id == chosen.c.id, analysis.text != "", analysis.purpose == DESCRIBE)
        .order_by(window.index, func.coalesce(analysis.id == window.chosen_id, False).desc(), (analysis.state == AnalysisState.DONE).desc(), analysis.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _costs(chosen: Subquery) -> Any:
    """What all attempts of a recording cost, by currency: `USD 0.25,CNY 1.5`; NULL while no price is known."""
    attempt = aliased(AttemptRow)
    known = select(attempt.currency, func.sum(attempt.cost).label("cost")).where(attempt.recording_id == chosen.c.id, attempt.cost.is_not(None))
    sums = known.group_by(attempt.currency).correlate(chosen).subquery()
    return select(func.group_concat(sums.c.currency + literal(" ") + cast(sums.c.cost, Text), ",")).scalar_subquery()
