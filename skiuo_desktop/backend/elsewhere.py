"""What other devices have recorded, read from the server: lists, texts, and the same search as in the library.

Each question is one transaction that only reads. What this device's library has is left out, and so is what was deleted. Recordings of
this device that its library does not have are there: it was restored from a backup, or another computer has a copy of it.
Nothing that is read is trusted (see `foreign`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import ARRAY, ColumnElement, Connection, String, all_, and_, case, cast, func, literal, or_, select, text, tuple_

from skiuo_desktop.backend import entries, foreign, upgrade
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.finding import hits
from skiuo_desktop.backend.listing import summarise
from skiuo_desktop.backend.tables import PROGRESS
from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.library.migrate import HEAD
from skiuo_desktop.library.schema import (
    AnalysisRow,
    DeviceRow,
    MarkerRow,
    ObjectRow,
    RecordingRow,
    RecordingTagRow,
    TracksRow,
    WindowRow,
)
from skiuo_desktop.library.words import split
from skiuo_desktop.model import Hit, Recording, RecordingSummary, StoredObject, Tracks, Window

_MOST_HITS = 10_000


@dataclass(frozen=True, slots=True)
class Device:
    """Another device that mirrors to the same server."""

    id: str
    name: str
    recordings: int
    newest_at: datetime | None  # start of its newest recording
    seen_at: datetime | None  # when it mirrored last


class OtherDevices:
    """Read-only questions to the server, about what is here when the first is asked. Blocking and thread-safe.

    Every method raises BackendError; MISSING, OLDER and NEWER where the server's schema is not this program's.
    """

    def __init__(self, database: Database, device_id: str, known: Callable[[], Sequence[str]] | None = None) -> None:
        """`device_id`: this device. `known`: the ids of its recordings that are here, or were; None: all of them, so that nothing of it is read."""
        self._database = database
        self._device_id = device_id
        self._known = known

    def devices(self) -> list[Device]:
        """The other devices that have recordings, by name."""
        newest, count = func.max(case((foreign.readable(RecordingRow.started_at), RecordingRow.started_at))), func.count()
        seen = func.max(case((foreign.readable(PROGRESS.c.at), PROGRESS.c.at)))
        wanted = select(RecordingRow.device_id, func.max(foreign.DEVICE), count, newest, seen).select_from(RecordingRow)
        wanted = wanted.outerjoin(DeviceRow, DeviceRow.id == RecordingRow.device_id).outerjoin(PROGRESS, PROGRESS.c.device_id == RecordingRow.device_id)
        with self._reading() as connection:
            found = connection.execute(wanted.where(*self._others()).group_by(RecordingRow.device_id))
            return sorted((Device(*row) for row in found), key=lambda device: (device.name, device.id))

    def summaries(self, limit: int, text: str = "", device: str = "", before: str = "") -> list[RecordingSummary]:
        """The newest `limit` recordings, or those older than the recording `before`; with `text` only those where it is found.

        `device`: the name or the id of one device; empty: all others. Raises NotFoundError for a `before` or a device that is not there.
        """
        with self._reading() as connection:
            devices = self._devices(connection, device)
            wanted, until = self._of_devices(devices, device), None
            if before:
                place = connection.execute(select(RecordingRow.moment, RecordingRow.id).where(RecordingRow.id == before)).first()
                if place is None:
                    raise NotFoundError(f"There is no recording {before!r}.")
                wanted.append(tuple_(RecordingRow.moment, RecordingRow.id) < tuple_(literal(place.moment), literal(place.id)))
                until = place.moment
            if text.strip():
                words = split(text)
                if not words:
                    return []
                found = entries.recordings(connection, words, devices, wanted, limit=limit, until=until)
                wanted = [RecordingRow.id.in_(found)]
            return summarise(connection, wanted, limit)

    def recording(self, recording_id: str) -> Recording:
        """Everything about a recording. Raises NotFoundError."""
        with self._reading() as connection:
            row, name = self._live(connection, recording_id)
            of_it = RecordingTagRow.recording_id == row.id
            tags = connection.scalars(select(func.left(RecordingTagRow.tag, 1000)).where(of_it).order_by(RecordingTagRow.position)).all()
            markers = foreign.rows(connection, MarkerRow, MarkerRow.recording_id == row.id, order=(MarkerRow.at_ms, MarkerRow.id))
            return replace(foreign.recording(row, tags, markers, _windows(connection, row.id)), device=name)

    def tracks(self, recording_id: str) -> Tracks:
        """Empty tracks where none were saved. Raises NotFoundError."""
        with self._reading() as connection:
            row, _ = self._live(connection, recording_id)
            found = foreign.rows(connection, TracksRow, TracksRow.recording_id == row.id)
            return Tracks(found[0].motion, found[0].sound) if found else Tracks()

    def objects(self, recording_id: str, kind: str) -> list[StoredObject]:
        """What is stored of a recording, the newest first. Raises NotFoundError."""
        with self._reading() as connection:
            row, _ = self._live(connection, recording_id)
            wanted = and_(ObjectRow.recording_id == row.id, ObjectRow.kind == kind, foreign.readable(ObjectRow.stored_at))
            found = foreign.rows(connection, ObjectRow, wanted, order=(ObjectRow.stored_at.desc(), ObjectRow.key), limit=100)
            return [
                StoredObject(each.key, each.kind, row.id, each.window_id, each.content_type, each.bytes, each.sha256, each.stored_at, each.expires_at)
                for each in found
            ]

    def search(self, text: str, limit: int = 50, device: str = "") -> list[Hit]:
        """Places where `text` stands, the newest first, as `library.search.Search.search` finds them. Raises NotFoundError for a device that is not there."""
        words = split(text)
        with self._reading() as connection:
            devices = self._devices(connection, device)
            if not words:
                return []
            found = entries.newest(connection, words, devices, self._of_devices(devices, device), limit=max(0, min(limit, _MOST_HITS)))
            return hits(connection, found, words)

    def resolve(self, text: str) -> str:
        """The id of the recording that `text` means: an id or the beginning of only one, or a title.

        Raises NotFoundError where there is none or more than one.
        """
        told = text.strip()
        meanings = [RecordingRow.id == told, RecordingRow.id.startswith(told, autoescape=True), RecordingRow.title == told] if told else []
        with self._reading() as connection:
            ids = select(RecordingRow.id).where(*self._others()).order_by(RecordingRow.moment.desc())
            for meaning in meanings:
                found = connection.scalars(ids.where(meaning).limit(4)).all()
                if len(found) > 1:
                    raise NotFoundError(f"{text!r} means more than one recording: {', '.join(found[:3])}{' …' if len(found) > 3 else ''}. Give an id.")
                if found:
                    return found[0]
        raise NotFoundError(f"There is no recording {text!r}, here or on another device.")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One transaction that cannot change anything, on a server whose schema is this program's."""
        with self._database.transaction() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            if (there := upgrade.revision(connection)) != HEAD:
                raise upgrade.mismatch(there, self._database.address)
            yield connection

    def _others(self) -> list[ColumnElement[bool]]:
        return [self._other, RecordingRow.deleted_at.is_(None), foreign.readable(RecordingRow.started_at)]

    @cached_property
    def _other(self) -> ColumnElement[bool]:
        other = RecordingRow.device_id != self._device_id
        if self._known is None:
            return other
        # One value, however many ids there are.
        return or_(other, RecordingRow.id != all_(cast(list(self._known()), ARRAY(String))))

    def _devices(self, connection: Connection, device: str) -> Sequence[str]:
        """The ids of the other devices, or of those with one name or id."""
        meant = [or_(DeviceRow.id == device, DeviceRow.name == device)] if device else []
        of_it = and_(RecordingRow.device_id == self._device_id, *self._others())
        there = or_(DeviceRow.id != self._device_id, select(literal(1)).where(of_it).correlate(None).exists())
        ids = connection.scalars(select(DeviceRow.id).where(there, *meant)).all()
        if device and not ids:
            raise NotFoundError(f"There is no other device {device!r}. `skiuo list --devices` shows those that there are.")
        return ids

    def _of_devices(self, ids: Sequence[str], device: str) -> list[ColumnElement[bool]]:
        return [*self._others(), *([RecordingRow.device_id.in_(ids)] if device else [])]

    def _live(self, connection: Connection, recording_id: str) -> tuple[RecordingRow, str]:
        wanted = select(*foreign.columns(RecordingRow), foreign.DEVICE.label("name")).outerjoin(DeviceRow, DeviceRow.id == RecordingRow.device_id)
        found = connection.execute(wanted.where(RecordingRow.id == recording_id, *self._others())).mappings().first()
        if found is None:
            raise NotFoundError(f"There is no recording {recording_id!r}, here or on another device.")
        return foreign.made(RecordingRow, found), found["name"]


def _windows(connection: Connection, recording_id: str) -> list[Window]:
    analyses = defaultdict(list)
    of_it = select(WindowRow.id).where(WindowRow.recording_id == recording_id)
    for row in foreign.rows(connection, AnalysisRow, AnalysisRow.window_id.in_(of_it), order=(AnalysisRow.id,)):
        analyses[row.window_id].append(row)
    rows = foreign.rows(connection, WindowRow, WindowRow.recording_id == recording_id, order=(WindowRow.index,))
    return [window for row in rows if (window := foreign.window(row, analyses[row.id])) is not None]
