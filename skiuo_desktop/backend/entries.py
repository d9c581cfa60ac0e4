"""Which entries of the server's index hold a phrase, and which recordings they are of: the newest first, whether its words are common or rare.

The newest entries are read first: there common words are found, whose places in the whole index would take seconds to sort. What is not found often enough
among these is rare, and the index of sets (see `searching`) names all its places at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from skiuo_desktop.backend.searching import holds, matching, walked
from skiuo_desktop.backend.tables import SEARCH
from skiuo_desktop.library.schema import RecordingRow
from skiuo_desktop.library.words import Word

_A_HIT = 100
_LEAST, _MOST = 5_000, 100_000
"""Entries read for each hit that is wanted, and altogether. A thousand take two milliseconds."""

_MOST_DEVICES = 64
"""The order of time of so many is put together from one index for each; for more the sets are asked at once."""


def newest(
    connection: Connection, wanted: Sequence[Word], devices: Sequence[str], where: Sequence[ColumnElement[bool]], *, limit: int
) -> list[tuple[str, int, int | None]]:
    """(recording, slot, window) of the newest `limit` entries of these devices, in whose recordings `where` holds."""
    near = _near(devices, limit, None)
    if near is not None:
        found = connection.execute(_entries(near, where).where(holds(near.c.words, wanted)).limit(limit)).all()
        if len(found) == limit or _whole(connection, near, limit):
            return [(row.recording_id, row.slot, row.window_id) for row in found]
    everywhere = _everywhere(wanted)
    return [(row.recording_id, row.slot, row.window_id) for row in connection.execute(_entries(everywhere, where).limit(limit))]


def recordings(
    connection: Connection, wanted: Sequence[Word], devices: Sequence[str], where: Sequence[ColumnElement[bool]], *, limit: int, until: int | None
) -> list[str]:
    """The newest `limit` recordings of these devices in which the phrase is found and `where` holds, none newer than the moment `until`."""
    near = _near(devices, limit, until)
    if near is not None:
        found = connection.scalars(_recordings(near, where).where(holds(near.c.words, wanted)).limit(limit)).all()
        if len(found) == limit or _whole(connection, near, limit):
            return list(found)
    return list(connection.scalars(_recordings(_everywhere(wanted), where).limit(limit)))


def _near(devices: Sequence[str], limit: int, until: int | None) -> FromClause | None:
    return walked(devices, _reach(limit), until) if 0 < len(devices) <= _MOST_DEVICES else None


def _reach(limit: int) -> int:
    return max(_LEAST, min(_A_HIT * limit, _MOST))


def _whole(connection: Connection, near: FromClause, limit: int) -> bool:
    """Whether there are no entries but these."""
    return connection.execute(select(func.count()).select_from(near)).scalar_one() < _reach(limit)


def _everywhere(wanted: Sequence[Word]) -> FromClause:
    """A statement of its own within the statement: with the order and the limit in sight PostgreSQL may go through all entries in the order of time."""
    columns = (SEARCH.c.recording_id, SEARCH.c.slot, SEARCH.c.window_id, SEARCH.c.moment)
    return select(*columns).where(matching(wanted)).cte("everywhere").prefix_with("MATERIALIZED")


def _entries(found: FromClause, where: Sequence[ColumnElement[bool]]) -> Select[str, int, int | None]:
    chosen = select(found.c.recording_id, found.c.slot, found.c.window_id).join(RecordingRow, RecordingRow.id == found.c.recording_id).where(*where)
    return chosen.order_by(found.c.moment.desc(), found.c.slot.desc(), found.c.recording_id.desc())


def _recordings(found: FromClause, where: Sequence[ColumnElement[bool]]) -> Select[str]:
    chosen = select(RecordingRow.id).join(found, RecordingRow.id == found.c.recording_id).where(*where)
    return chosen.group_by(RecordingRow.id).order_by(RecordingRow.moment.desc(), RecordingRow.id.desc())
