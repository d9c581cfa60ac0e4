"""What has changed since a revision, as the backend's database is to have it.

A batch is a whole: it covers every revision in `(after, upto]`, and carries the parents of each row whatever their own
revision, so that it can be written in one transaction and in any state of the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select, union_all
from sqlalchemy.orm import Session

from skiuo_desktop.library.index import BETWEEN, NOTES, TITLE, readable
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import (
    AnalysisRow,
    AttemptRow,
    DeviceRow,
    MarkerRow,
    Mirrored,
    ObjectRow,
    RecordingRow,
    RecordingTagRow,
    ThisLibrary,
    TracksRow,
    WindowRow,
)
from skiuo_desktop.library.words import shadow, split

TABLES: tuple[type[Mirrored], ...] = (DeviceRow, RecordingRow, RecordingTagRow, TracksRow, MarkerRow, WindowRow, AnalysisRow, AttemptRow, ObjectRow)
"""The mirrored tables, each after those that it refers to."""

_OF_A_RECORDING = (RecordingTagRow, TracksRow, MarkerRow, ObjectRow)
"""Replaced as a set: when one of them is removed, the recording draws a new revision."""

_MANY = 400
"""Values in one `IN (…)`: SQLite takes 32,766 variables, but long lists are slow to parse."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A search entry: what stands at `slot` of a recording (a window's index, or `index.TITLE`, `index.NOTES`). No words: it is removed."""

    recording_id: str
    slot: int
    window_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The changes in `(after, upto]`. Columns have the values of the models (aware times, parsed JSON)."""

    device_id: str
    after: int
    upto: int
    rows: Mapping[str, list[dict[str, Any]]]  # by table, in the order of `TABLES`
    whole: frozenset[str]  # recordings of whose tags, tracks, markers and objects the rows are all that there are
    deleted: frozenset[str]  # recordings of which nothing but the tombstone is left
    shadows: list[Shadow]

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


class Mirroring(Part):
    def changes(self, after: int, limit: int = 500) -> Batch:
        """What changed after the revision `after`, oldest first: about `limit` rows, and their parents."""
        with self._database.read() as session:
            upto, found = _newer(session, after, limit)
            _add_parents(session, found)
            recordings = {row.id: row for row in found[RecordingRow]}
            deleted = frozenset(row.id for row in recordings.values() if row.deleted_at is not None and not row.owner)
            whole = frozenset(row.id for row in recordings.values() if row.revision > after) - deleted
            _add_sets(session, found, whole)
            return Batch(
                device_id=self.device_id,
                after=after,
                upto=upto,
                rows={table.__tablename__: [_columns(row) for row in found[table]] for table in TABLES if found[table]},  # type: ignore[attr-defined]
                whole=whole,
                deleted=deleted,
                shadows=_shadows(session, recordings, found, whole),
            )

    def revision(self) -> int:
        """The newest revision of this library."""
        with self._database.read() as session:
            return session.scalars(select(ThisLibrary.revision)).one()

    def device_name(self) -> str:
        """What this device is called where several are listed."""
        with self._database.read() as session:
            return session.scalars(select(DeviceRow.name).where(DeviceRow.id == self.device_id)).one()

    def pending_rows(self, confirmed: int) -> int:
        """How many rows changed after `confirmed`."""
        with self._database.read() as session:
            return sum(session.scalars(select(func.count()).select_from(table).where(table.revision > confirmed)).one() for table in TABLES)


def _newer(session: Session, after: int, limit: int) -> tuple[int, dict[type[Mirrored], list[Any]]]:
    """(the last revision covered, the rows by table)."""
    newest = session.scalars(select(ThisLibrary.revision)).one()
    each = [select(table.revision).where(table.revision > after).order_by(table.revision).limit(limit).subquery() for table in TABLES]
    together = union_all(*(select(one.c.revision) for one in each)).subquery()
    revisions = session.scalars(select(together.c.revision).order_by(together.c.revision).limit(limit)).all()
    upto = max(revisions[-1] if len(revisions) == limit else newest, after)
    between = {table: list(session.scalars(select(table).where(table.revision > after, table.revision <= upto))) for table in TABLES}
    return upto, between


def _add_parents(session: Session, found: dict[type[Mirrored], list[Any]]) -> None:
    """From the leaves up: what a row refers to is in the batch, whatever its own revision."""
    _add(session, found, AnalysisRow, {row.analysis_id for row in found[AttemptRow]})
    _add(session, found, WindowRow, {row.window_id for row in found[AnalysisRow]})
    _add(session, found, RecordingRow, {row.recording_id for table in (*_OF_A_RECORDING, WindowRow, AttemptRow) for row in found[table]})
    _add(session, found, DeviceRow, {row.device_id for row in found[RecordingRow]})


def _add(session: Session, found: dict[type[Mirrored], list[Any]], table: Any, ids: set[Any]) -> None:
    missing = ids - {row.id for row in found[table]}
    for some in _pieces(sorted(missing)):
        found[table] += session.scalars(select(table).where(table.id.in_(some)))


def _add_sets(session: Session, found: dict[type[Mirrored], list[Any]], whole: frozenset[str]) -> None:
    for table in _OF_A_RECORDING:
        others = [row for row in found[table] if row.recording_id not in whole]
        complete = [row for some in _pieces(sorted(whole)) for row in session.scalars(select(table).where(table.recording_id.in_(some)))]
        found[table] = others + complete


def _pieces(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))


def _columns(row: Any) -> dict[str, Any]:
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}


def _shadows(session: Session, recordings: Mapping[str, RecordingRow], found: Mapping[type[Mirrored], list[Any]], whole: frozenset[str]) -> list[Shadow]:
    entries = []
    for recording_id in sorted(whole):
        recording = recordings[recording_id]
        entries += [Shadow(recording_id, slot, None, shadow(split(text))) for slot, text in ((TITLE, recording.title), (NOTES, recording.notes))]
    windows = {row.id: row for row in found[WindowRow]}
    for some in _pieces(sorted(windows)):
        analyses: dict[int, list[AnalysisRow]] = {}
        for row in session.scalars(select(AnalysisRow).where(AnalysisRow.window_id.in_(some))):
            analyses.setdefault(row.window_id, []).append(row)
        for window_id in some:
            window = windows[window_id]
            texts = [shadow(split(each.text)) for each in readable(window, analyses.get(window_id, []))]
            entries.append(Shadow(window.recording_id, window.index, window_id, BETWEEN.join(texts)))
    return entries
