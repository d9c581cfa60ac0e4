"""A library's rows and those of its mirror, side by side."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from skiuo_desktop.backend.database import Database
from skiuo_desktop.library.index import SLOTS
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import TABLES


def sync(library: Library, database: Database, limit: int = 500) -> int:
    """Pushes until nothing is left; returns the confirmed revision."""
    confirmed = database.confirmed(library.device_id)
    while (batch := library.changes(confirmed, limit)).upto > confirmed:
        confirmed = database.push(batch)
    return confirmed


def assert_same(library: Library, database: Database) -> None:
    """Every row of the library stands in the mirror with the same values, and the mirror has no other of this device."""
    with library._database.read() as here, database.transaction() as there:
        for table in TABLES:
            ours, theirs = _rows(here, table), _rows(Session(there), table)
            if "device_id" in (theirs[0] if theirs else {}):
                theirs = [row for row in theirs if row["device_id"] == library.device_id]
            assert theirs == ours, table
        shadows = {(row.recording_id, row.slot): (row.words, row.window_id) for row in there.execute(text("SELECT * FROM search"))}
        moments = {row["moment"]: row["id"] for row in _rows(here, TABLES[1])}
    with closing(sqlite3.connect(library.home.database)) as connection:
        entries = connection.execute("SELECT rowid, shadow, window_id FROM search").fetchall()
    assert shadows == {(moments[number // SLOTS], number % SLOTS): (words, window_id) for number, words, window_id in entries}
    assert database.confirmed(library.device_id) == library.revision()


def _rows(session: Session, table: Any) -> list[dict[str, Any]]:
    columns = table.__table__.columns
    found = session.execute(select(*columns).order_by(*table.__table__.primary_key)).mappings()
    return sorted((dict(row) for row in found), key=lambda row: [str(row[key.name]) for key in table.__table__.primary_key])
