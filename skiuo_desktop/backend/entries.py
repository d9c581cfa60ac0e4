"""Which entries of the server's index hold a phrase, and which recordings they are of: the newest first, whether its words are common or rare.

The newest entries are read first: there common words are found, whose places in the whole index would take seconds to sort. What is not found often enough
among these is rare, and the index of sets (see `searching`) names all its places at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, select, true

from skiuo_desktop.backend.searching import holds, matching, walked
from skiuo_desktop.backend.tables import SEARCH
from skiuo_desktop.library.schema import RecordingRow
from skiuo_desktop.library.words import Word

_A_HIT = 100
_LEAST, _MOST = 5_000, 100_000
"""Entries read for each hit that is wanted, and altogether. A thousand take about two milliseconds."""

_COMMON = 0.01
"""Part of the newest entries that hold a phrase which is found soon in most recordings."""

_A_RECORDING = 4
"""Recordings looked into for each that is wanted, where a phrase is common."""

_MOST_DEVICES = 64
"""The order of time of so many is put together from one index for each; for more the sets are asked at once."""


def newest(
    connection: Connection, wanted: Sequence[Word], devices: Sequence[str], where: Sequence[ColumnElement[bool]], *, limit: int
) -> list[tuple[str, int, int | None]]:
    """(recording, slot, window) of the newest `limit` entries of these devices, in whose recordings `where` holds."""
    if 0 < len(devices) <= _MOST_DEVICES:
        reach = max(_LEAST, min(_A_HIT * limit, _MOST))
        near = walked(devices, reach)
        found = connection.execute(_entries(near, where).where(holds(near.c.words, wanted)).limit(limit)).all()
        if len(found) == limit or connection.execute(select(func.count()).select_from(near)).scalar_one() < reach:
            return [(row.recording_id, row.slot, row.window_id) for row in found]
    return [(row.recording_id, row.slot, row.window_id) for row in connection.execute(_entries(_everywhere(wanted), where).limit(limit))]


def recordings(
    connection: Connection, wanted: Sequence[Word], devices: Sequence[str], where: Sequence[ColumnElement[bool]], *, limit: int, until: int | None
) -> list[str]:
    """The newest `limit` recordings of these devices in which the phrase is found and `where` holds, none newer than the moment `until`."""
    if 0 < len(devices) <= _MOST_DEVICES:
        near = walked(devices, _LEAST, until)
        seen = connection.execute(select(func.count()).select_from(near).where(holds(near.c.words, wanted))).scalar_one()
        if seen >= _COMMON * _LEAST and len(found := _one_by_one(connection, wanted, where, limit)) == limit:
            return found
    everywhere = _everywhere(wanted)
    there = select(RecordingRow.id).where(RecordingRow.id.in_(select(everywhere.c.recording_id)), *where)
    return list(connection.scalars(there.order_by(RecordingRow.moment.desc(), RecordingRow.id.desc()).limit(limit)))


def _one_by_one(connection: Connection, wanted: Sequence[Word], where: Sequence[ColumnElement[bool]], limit: int) -> list[str]:
    """Of the newest recordings those in which the phrase is found. Each is looked through only until it is."""
    order = (RecordingRow.moment.desc(), RecordingRow.id.desc())
    page = select(RecordingRow.id, RecordingRow.moment).where(*where).order_by(*order).limit(_A_RECORDING * limit).subquery()
    entry = select(literal(1)).where(SEARCH.c.recording_id == page.c.id, holds(SEARCH.c.words, wanted)).limit(1).lateral()
    there = select(page.c.id).join(entry, true()).order_by(page.c.moment.desc(), page.c.id.desc())
    return list(connection.scalars(there.limit(limit)))


def _everywhere(wanted: Sequence[Word]) -> FromClause:
    """A statement of its own within the statement: with the order and the limit in sight PostgreSQL may go through all entries in the order of time."""
    columns = (SEARCH.c.recording_id, SEARCH.c.slot, SEARCH.c.window_id, SEARCH.c.moment)
    return select(*columns).where(matching(wanted)).cte("everywhere").prefix_with("MATERIALIZED")


def _entries(found: FromClause, where: Sequence[ColumnElement[bool]]) -> Select[str, int, int | None]:
    chosen = select(found.c.recording_id, found.c.slot, found.c.window_id).join(RecordingRow, RecordingRow.id == found.c.recording_id).where(*where)
    return chosen.order_by(found.c.moment.desc(), found.c.slot.desc(), found.c.recording_id.desc())
