"""One batch of the library's changes, written to the server in one transaction.

Each table gets one statement for many rows: PostgreSQL takes the rows apart itself (`json_to_recordset`), which is many
times as fast as a statement for each. A row is only ever replaced by one of the same parent and of no older revision, so
repeating a batch changes nothing, and no device can overwrite what another one wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Table, Text, UniqueConstraint, text

from skiuo_desktop import failures
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.backend.row_json import Row, array, encoded, packed, recordset
from skiuo_desktop.backend.searching import vector
from skiuo_desktop.backend.tables import MIRRORED
from skiuo_desktop.backend.upgrade import mismatch
from skiuo_desktop.errors import BackendError
from skiuo_desktop.library.columns import plain
from skiuo_desktop.library.migrate import HEAD
from skiuo_desktop.library.mirroring import Batch
from skiuo_desktop.model import BackendTrouble, Remark

_PARENTS = {
    "recordings": "device_id",
    "recording_tags": "recording_id",
    "recording_tracks": "recording_id",
    "markers": "recording_id",
    "windows": "recording_id",
    "analyses": "window_id",
    "attempts": "analysis_id",
    "objects": "recording_id",
}
"""The column that never changes in a row: whose it is."""

_SETS = ("recording_tags", "recording_tracks", "markers", "objects")


def begin(connection: Connection, device_id: str, address: DatabaseAddress) -> int:
    """The confirmed revision of a device; its row is locked until the transaction ends. Raises BackendError (NEWER, OLDER, MISSING)."""
    connection.execute(text("INSERT INTO mirrored (device_id, revision, at) VALUES (:device, 0, now()) ON CONFLICT DO NOTHING"), {"device": device_id})
    locked = text("SELECT revision, (SELECT version_num FROM alembic_version) FROM mirrored WHERE device_id = :device FOR UPDATE")
    revision, schema = connection.execute(locked, {"device": device_id}).one()
    if schema != HEAD:
        raise mismatch(schema or "", address)
    return int(revision)


def write(connection: Connection, batch: Batch, address: DatabaseAddress) -> None:
    """Writes a batch whose turn it is, and that it was written. Raises BackendError (REFUSED) for a row that is another device's."""
    _clear_made(connection, batch)
    _clear_lost(connection, batch)
    _check_owner(connection, batch, address)
    for table in MIRRORED:
        rows = batch.rows.get(table.name, [])
        if table.name in _SETS:
            _drop_others(connection, table, batch.whole, rows)
        _upsert(connection, table, rows, address)
        if table.name == "recordings":
            _bury(connection, batch.deleted)
    _index(connection, batch)
    done = text("UPDATE mirrored SET revision = :upto, at = now() WHERE device_id = :device")
    connection.execute(done, {"upto": batch.upto, "device": batch.device_id})


def rewind(connection: Connection, device_id: str, to: int) -> None:
    """Makes the server ask for everything after `to` again, and take any version of the rows that it has from after it."""
    connection.execute(text("UPDATE mirrored SET revision = :to WHERE device_id = :device AND revision > :to"), {"to": to, "device": device_id})
    for table in MIRRORED:
        where = f"revision > :to AND {_own(table)}"
        connection.execute(text(f'UPDATE "{table.name}" AS stored SET revision = 0 WHERE {where}'), {"to": to, "device": device_id})  # noqa: S608


def _own(table: Table) -> str:
    """The condition for rows, called `stored`, that are of the device `:device`."""
    own = "SELECT id FROM recordings WHERE device_id = :device"
    special = {
        "devices": "stored.id = :device",
        "recordings": "stored.device_id = :device",
        "analyses": f"stored.window_id IN (SELECT id FROM windows WHERE recording_id IN ({own}))",  # noqa: S608
    }
    return special.get(table.name, f"stored.recording_id IN ({own})")


def _check_owner(connection: Connection, batch: Batch, address: DatabaseAddress) -> None:
    """All that the batch touches belongs to recordings of its device."""
    for name, column in (("devices", "id"), ("recordings", "device_id")):
        for row in batch.rows.get(name, []):
            if row[column] != batch.device_id:
                raise _foreign(name, row["id"], address)
    touched = {row["recording_id"] for rows in batch.rows.values() for row in rows if "recording_id" in row}
    touched |= batch.whole | batch.deleted | {entry.recording_id for entry in batch.shadows}
    others = text("SELECT id FROM recordings WHERE id = ANY(CAST(:ids AS text[])) AND device_id <> :device LIMIT 1")
    found = connection.execute(others, {"ids": sorted(touched), "device": batch.device_id}).scalar()
    if found is not None:
        raise _foreign("recordings", found, address)


def _clear_made(connection: Connection, batch: Batch) -> None:
    """Rows that were made again from the bucket (`rebuild`; their revisions are below zero) give way where the device's own would not fit beside them."""
    recordings, windows = batch.rows.get("recordings", []), batch.rows.get("windows", [])
    if recordings:
        clash = (
            "revision < 0 AND CASE WHEN id = ANY(CAST(:ids AS text[])) THEN device_id <> :device "
            "ELSE device_id = :device AND moment = ANY(CAST(:moments AS bigint[])) END"
        )
        there = {"device": batch.device_id, "moments": [row["moment"] for row in recordings], "ids": [row["id"] for row in recordings]}
        connection.execute(text(f"DELETE FROM recordings WHERE {clash}"), there)  # noqa: S608
    if windows:
        clash = "revision < 0 AND (recording_id = ANY(CAST(:recordings AS text[])) OR id = ANY(CAST(:ids AS bigint[])))"
        claimed = {"recordings": sorted({row["recording_id"] for row in windows}), "ids": [row["id"] for row in windows]}
        connection.execute(text(f"DELETE FROM windows WHERE {clash}"), claimed)  # noqa: S608


def _clear_lost(connection: Connection, batch: Batch) -> None:
    """Rows of this device that `rewind` gave up give way where they are other rows than the batch's, and have the same id or the same place.

    A library that was restored from a backup draws ids anew that it had drawn before.
    """
    lost = text(" UNION ALL ".join(f"(SELECT '{table.name}' FROM \"{table.name}\" WHERE revision = 0 LIMIT 1)" for table in MIRRORED))  # noqa: S608
    names = set(connection.scalars(lost))
    for table in MIRRORED:
        rows = batch.rows.get(table.name, [])
        parent, keys = _PARENTS.get(table.name), [column.name for column in table.primary_key]
        if table.name not in names or not rows or parent is None or len(keys) > 1:
            continue
        (key,) = keys
        places = [[column.name for column in each.columns] for each in table.constraints if isinstance(each, UniqueConstraint)]
        clashes = [f'stored."{key}" = fresh."{key}" AND stored."{parent}" <> fresh."{parent}"']
        clashes += [" AND ".join([f'stored."{key}" <> fresh."{key}"', *(f'stored."{name}" = fresh."{name}"' for name in place)]) for place in places]
        for clash in clashes:
            given_up = f'DELETE FROM "{table.name}" AS stored USING {recordset(table.columns)} WHERE stored.revision = 0 AND {clash} AND {_own(table)}'  # noqa: S608
            for _, some in packed(rows):
                connection.execute(text(given_up), {"rows": some, "device": batch.device_id})


def _foreign(table: str, key: object, address: DatabaseAddress) -> BackendError:
    return failures.backend_error(BackendTrouble.REFUSED, address.host, Remark("row_foreign", {"key": str(key), "table": table}))


def _upsert(connection: Connection, table: Table, rows: Sequence[Row], address: DatabaseAddress) -> None:
    statement, foreign = _statements(table)
    keys = [column.name for column in table.primary_key]
    # One statement must not meet a row twice.
    newest: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda row: int(row["revision"])):
        newest[tuple(row[key] for key in keys)] = row
    for count, some in packed(newest.values()):
        written = connection.execute(statement, {"rows": some}).rowcount
        if foreign is not None and written < count and (found := connection.execute(foreign, {"rows": some}).scalar()) is not None:
            raise _foreign(table.name, found, address)


@lru_cache(maxsize=32)
def _statements(table: Table) -> tuple[Any, Any]:
    """(the upsert, the question for a row of another parent, where there are parents)."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    keys = [column.name for column in table.primary_key]
    changed = ", ".join(f'"{column.name}" = excluded."{column.name}"' for column in table.columns if not column.primary_key)
    parent = _PARENTS.get(table.name)
    same = f' AND stored."{parent}" = excluded."{parent}"' if parent else ""
    upsert = f"""
        INSERT INTO "{table.name}" AS stored ({names}) SELECT {names} FROM {recordset(table.columns)}
        ON CONFLICT ({", ".join(f'"{key}"' for key in keys)}) DO UPDATE SET {changed} WHERE stored.revision <= excluded.revision{same}
    """  # noqa: S608 - names of our own tables
    if parent is None or parent in keys:
        return text(upsert), None
    joined = " AND ".join(f'stored."{key}" = fresh."{key}"' for key in keys)
    foreign = f"""
        SELECT CAST(stored."{keys[0]}" AS text) FROM "{table.name}" AS stored JOIN {recordset(table.columns)} ON {joined}
        WHERE stored."{parent}" <> fresh."{parent}" LIMIT 1
    """  # noqa: S608
    return text(upsert), text(foreign)


def _drop_others(connection: Connection, table: Table, whole: frozenset[str], rows: Sequence[Row]) -> None:
    """Removes what stands in a set on the server and no longer in the library."""
    if not whole:
        return
    keys = list(table.primary_key)
    same = " AND ".join(f'fresh."{key.name}" = stored."{key.name}"' for key in keys)
    statement = text(
        f'DELETE FROM "{table.name}" AS stored WHERE recording_id = ANY(CAST(:whole AS text[])) '  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM {recordset(keys)} WHERE {same})"
    )
    kept = [{key.name: row[key.name] for key in keys} for row in rows if row["recording_id"] in whole]
    connection.execute(statement, {"whole": sorted(whole), "rows": array(map(encoded, kept))})


def _bury(connection: Connection, deleted: frozenset[str]) -> None:
    """Of a deleted recording only its own row stays; what refers to its windows goes with them."""
    if not deleted:
        return
    for name in ("search", "windows", *_SETS):
        connection.execute(text(f'DELETE FROM "{name}" WHERE recording_id = ANY(CAST(:ids AS text[]))'), {"ids": sorted(deleted)})  # noqa: S608


_ENTRY = (Column("recording_id", Text), Column("slot", BigInteger), Column("window_id", BigInteger), Column("words", Text), Column("vector", Text))
_REMOVE = text(f"DELETE FROM search USING {recordset(_ENTRY[:2])} WHERE search.recording_id = fresh.recording_id AND search.slot = fresh.slot")  # noqa: S608
_REPLACE = text(
    f"""
    INSERT INTO search (recording_id, slot, device_id, moment, window_id, words, vector)
    SELECT recordings.id, fresh.slot, recordings.device_id, recordings.moment, fresh.window_id, fresh.words, CAST(fresh.vector AS tsvector)
    FROM {recordset(_ENTRY)} JOIN recordings ON recordings.id = fresh.recording_id
    ON CONFLICT (recording_id, slot) DO UPDATE
    SET moment = excluded.moment, window_id = excluded.window_id, words = excluded.words, vector = excluded.vector
    WHERE (search.words, search.moment) <> (excluded.words, excluded.moment) OR search.window_id IS DISTINCT FROM excluded.window_id
    """  # noqa: S608
)
"""An entry with the same words is left alone: most rows change without their texts, and the index is the dearest part of a batch."""


def _index(connection: Connection, batch: Batch) -> None:
    latest = {(entry.recording_id, entry.slot): entry for entry in batch.shadows if entry.recording_id not in batch.deleted}
    gone = [{"recording_id": entry.recording_id, "slot": entry.slot} for entry in latest.values() if not entry.words]
    there: list[Row] = [
        {"recording_id": entry.recording_id, "slot": entry.slot, "window_id": entry.window_id, "words": words, "vector": vector(words)}
        for entry in latest.values()
        if entry.words and (words := plain(entry.words))
    ]
    for statement, rows in ((_REMOVE, gone), (_REPLACE, there)):
        for _, some in packed(rows):
            connection.execute(statement, {"rows": some})
