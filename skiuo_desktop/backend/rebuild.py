"""Rows made again from the bucket alone, for a database that was lost.

What an object's key and metadata say comes back: devices, recordings, windows, objects, and titles in the search. Texts,
tags, markers and notes are not in the bucket. Rows that are there are never changed, so it can be done again at any time;
and a device whose library is alive replaces what was made here when it mirrors (see `found.REBUILT`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, cast, literal, select
from sqlalchemy.dialects.postgresql import TSVECTOR, insert

from skiuo_desktop.backend import searching
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.found import REBUILT, Found, device_row, object_row, read, recording_row
from skiuo_desktop.backend.keys import CLIP, CLIPS, RECORDING, RECORDINGS
from skiuo_desktop.backend.lifecycle import LifecycleRule, days_of
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.tables import MIRRORED, SEARCH
from skiuo_desktop.errors import BackendError, Cancelled
from skiuo_desktop.library.index import TITLE
from skiuo_desktop.library.schema import RecordingRow, WindowRow
from skiuo_desktop.library.words import shadow, split
from skiuo_desktop.model import BackendTrouble, Span, WindowState

_TABLES: Mapping[str, Table] = {table.name: table for table in MIRRORED}
_ROWS = 1000
_EXAMPLES = 100

Planned = Callable[[int, int, int], Sequence[Span]]
"""The windows of a recording that lasts so long: duration, length and stride in ms. May raise ValueError."""

REASON = "rebuilt"
"""`Window.reason` of a window that has no text because it was made again."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many rows were made."""

    recordings: int
    windows: int
    objects: int
    skipped: int  # objects of which nothing could be made
    examples: tuple[tuple[str, str], ...] = ()  # (key, why) of the first of them


@dataclass
class _Sum:
    recordings: int = 0
    windows: int = 0
    objects: int = 0
    skipped: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    def skip(self, key: str, why: str) -> None:
        self.skipped += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(("".join(letter if letter.isprintable() else "\ufffd" for letter in key), why))

    def refuse(self, objects: Iterable[Found]) -> None:
        for each in objects:
            self.skip(each.stored.key, "its recording is another device's")


def rebuild(store: ObjectStore, database: Database, planned: Planned, stop: Callable[[], bool] = lambda: False) -> Rebuilt:
    """Makes the rows that are missing, one recording in one transaction. The schema must be there (`Database.prepare`).

    Raises BackendError, Cancelled (what was done stays; the next call goes on).
    """
    made, rules = _Sum(), _rules(store)
    whole: dict[tuple[str, str], list[Found]] = {}
    for owner, there in _grouped(_readable(store, RECORDINGS, made, stop)):
        whole[owner] = list(there)
    owners = {recording_id: device_id for device_id, recording_id in reversed(whole)}
    for (device_id, recording_id), there in _grouped(_readable(store, CLIPS, made, stop)):
        if owners.get(recording_id, device_id) != device_id:
            made.refuse(there)
        else:
            _one(database, [*whole.pop((device_id, recording_id), []), *there], planned, rules, made)
    for objects in whole.values():
        if stop():
            raise _stopped()
        _one(database, objects, planned, rules, made)
    return Rebuilt(made.recordings, made.windows, made.objects, made.skipped, tuple(made.examples))


def _readable(store: ObjectStore, beginning: str, made: _Sum, stop: Callable[[], bool]) -> Iterator[Found]:
    for stored in store.list(beginning, metadata=True):
        if stop():
            raise _stopped()
        match read(stored):
            case Found() as found:
                yield found
            case why:
                made.skip(stored.key, why)


def _grouped(found: Iterable[Found]) -> Iterator[tuple[tuple[str, str], Iterator[Found]]]:
    """By device and recording: a bucket is listed in the order of its keys."""
    return groupby(found, key=lambda each: (each.key.device_id, each.key.recording_id))


def _stopped() -> Cancelled:
    return Cancelled("Rebuilding was stopped.")


def _rules(store: ObjectStore) -> Sequence[LifecycleRule]:
    """The bucket's own rules; none where the store has no such thing, or this key may not know."""
    try:
        return store.lifecycle()
    except BackendError as error:
        if error.trouble not in (BackendTrouble.DENIED, BackendTrouble.REFUSED):
            raise
        return ()


def _one(database: Database, objects: Sequence[Found], planned: Planned, rules: Sequence[LifecycleRule], made: _Sum) -> None:
    """A recording of which these are all objects."""
    first = next((each for each in objects if each.key.kind == RECORDING), objects[0])
    clips = [each for each in objects if each.key.kind == CLIP]
    row = recording_row(first, max((each.key.end_ms for each in clips), default=0))
    with database.transaction() as connection:
        there = connection.execute(select(RecordingRow.device_id, RecordingRow.deleted_at).where(RecordingRow.id == row["id"])).first()
        if there is not None and there.device_id != row["device_id"]:
            made.refuse(objects)
            return
        if there is not None and there.deleted_at is not None:
            return
        if there is None:
            _insert(connection, "devices", [device_row(first)])
            made.recordings += _insert_recording(connection, row)
        made.windows += _insert(connection, "windows", _windows(connection, row, clips, planned if first.key.kind == RECORDING else _nothing))
        made.objects += _insert(connection, "objects", [object_row(each, _expiry(each, rules)) for each in objects])


def _nothing(_duration_ms: int, _length_ms: int, _stride_ms: int) -> Sequence[Span]:
    """Of a recording whose file is not in the store nobody knows how long it was."""
    return ()


def _expiry(found: Found, rules: Sequence[LifecycleRule]) -> datetime | None:
    days = days_of(found.stored.key, rules)
    return found.stored.modified + timedelta(days=days) if days and found.stored.modified is not None else None


def _insert_recording(connection: Connection, row: dict[str, Any]) -> int:
    taken = select(RecordingRow.id).where(RecordingRow.device_id == row["device_id"])
    while connection.execute(taken.where(RecordingRow.moment == row["moment"])).first() is not None:
        row["moment"] += 1
    count = _insert(connection, "recordings", [row])
    words = shadow(split(row["title"]))
    if count and words:
        entry = {name: row[name] for name in ("device_id", "moment")} | {"recording_id": row["id"], "slot": TITLE, "window_id": None, "words": words}
        connection.execute(insert(SEARCH).values(**entry, vector=cast(literal(searching.vector(words)), TSVECTOR)).on_conflict_do_nothing())
    return count


def _windows(connection: Connection, row: Mapping[str, Any], clips: Sequence[Found], planned: Planned) -> list[dict[str, Any]]:
    """Those that the clips show, and where the recording has none yet, those that it must have had between them."""
    spans: dict[int, tuple[Span, int | None]] = {}
    if connection.execute(select(WindowRow.id).where(WindowRow.recording_id == row["id"]).limit(1)).first() is None:
        try:
            there = planned(row["duration_ms"], row["window_length_ms"], row["window_stride_ms"])
        except ValueError:
            there = ()
        spans = {index: (span, None) for index, span in enumerate(there)}
    for clip in clips:
        spans[clip.key.window_index] = Span(clip.key.start_ms, clip.key.end_ms), clip.window_id
    return [_window(str(row["id"]), index, *spans[index]) for index in sorted(spans)]


def _window(recording_id: str, index: int, span: Span, window_id: int | None) -> dict[str, Any]:
    if window_id is None:
        # Below zero, where no library draws ids; the same each time.
        digest = hashlib.sha256(f"{recording_id} {index}".encode()).digest()
        window_id = -1 - int.from_bytes(digest[:6], "big")
    return {
        "id": window_id,
        "recording_id": recording_id,
        "index": index,
        "start_ms": span.start_ms,
        "end_ms": span.end_ms,
        "state": WindowState.SKIPPED.value,
        "reason": REASON,
        "chosen_id": None,
        "choice": {},
        "revision": REBUILT,
    }


def _insert(connection: Connection, name: str, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts what is not there; returns how many rows that were."""
    table, count = _TABLES[name], 0
    for start in range(0, len(rows), _ROWS):
        statement = insert(table).values(list(rows[start : start + _ROWS])).on_conflict_do_nothing().returning(*table.primary_key)
        count += len(connection.execute(statement).all())
    return count
