"""The journal of objects in the user's store: what is to be sent, what is there, what is to go.

A row stands in `uploads` before anything is sent, so a program that dies leaves no object that nobody knows of. The
mirrored row in `objects` comes after the object is complete, and goes before the object does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select

from skiuo_desktop.errors import NotFoundError, StorageError
from skiuo_desktop.library import files
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.schema import UPLOADING, MirrorRow, ObjectRow, RecordingRow, UploadRow
from skiuo_desktop.model import Copies, RecordingState, StoredObject

log = logging.getLogger(__name__)


class UploadState(StrEnum):
    SENDING = "sending"
    STORED = "stored"
    REMOVING = "removing"
    GONE = "gone"  # removed by a rule: it is not sent again


_MANY = 50
"""Rows that one short transaction changes."""

_LOST = -1
"""`UploadRow.after_revision` of what was removed from the store after it had been begun to be sent there again."""

RECORDING, THUMBNAIL, CLIP = "recording", "thumbnail", "clip"
RENDITION = ".mp4"
"""What the key of a clip ends with that was made for one model: it is not kept."""


def content_type(kind: str, key: str) -> str:
    """Of a clip by its key: as it was recorded, or a rendition."""
    return "image/jpeg" if kind == THUMBNAIL else "video/mp4" if key.endswith(RENDITION) else "video/webm"


@dataclass(frozen=True, slots=True)
class UploadJob:
    """One object under way, or to be removed."""

    id: int
    key: str
    kind: str
    recording_id: str
    window_id: int | None
    state: UploadState
    upload_id: str
    bytes: int
    sha256: str
    after_revision: int
    error: str
    at: datetime

    @property
    def content_type(self) -> str:
        return content_type(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file of a finished recording that has no row in the journal yet."""

    kind: str  # RECORDING or THUMBNAIL
    recording_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class PendingObjects:
    count: int  # to be sent or removed
    bytes: int  # to be sent
    oldest_at: datetime | None


class Objects(Part):
    def wanted_files(self, limit: int = 100) -> list[WantedFile]:
        """Files of finished recordings that are to be sent, the oldest recording first. A row that names a file outside the folder is left out."""
        wanted: list[WantedFile] = []
        with self._database.read() as session:
            for kind, column in ((RECORDING, RecordingRow.path), (THUMBNAIL, RecordingRow.thumbnail)):
                for recording_id, path in session.execute(self._without_job(kind, RecordingRow.id, column).order_by(RecordingRow.moment).limit(limit)):
                    try:
                        wanted.append(WantedFile(kind, recording_id, Path(files.absolute(self._folder, path))))
                    except StorageError as error:
                        log.warning("%s", error)
        return wanted

    def begin_upload(self, key: str, kind: str, recording_id: str, *, window_id: int | None = None, size: int, sha256: str) -> UploadJob:
        """Writes into the journal that this object is about to be sent; the same one again returns its row. Raises NotFoundError for a deleted recording."""
        with self._database.write() as session:
            live(session, recording_id)
            row = session.scalar(select(UploadRow).where(UploadRow.key == key))
            if row is None:
                row = new_job(session, key, kind, recording_id, window_id=window_id, size=size, sha256=sha256)
            elif row.state in (UploadState.GONE, UploadState.REMOVING):
                row.state, row.at = UploadState.SENDING, datetime.now(UTC)
            return _job(row)

    def uploads(self, *states: UploadState, limit: int = 100) -> list[UploadJob]:
        """Jobs in these states, the oldest first."""
        with self._database.read() as session:
            rows = session.scalars(select(UploadRow).where(UploadRow.state.in_(states)).order_by(UploadRow.id).limit(limit))
            return [_job(row) for row in rows]

    def upload_of_clip(self, window_id: int) -> UploadJob | None:
        """The newest job of a window's clip that is being sent or stored."""
        usable = UploadRow.state.in_((UploadState.SENDING, UploadState.STORED))
        with self._database.read() as session:
            row = session.scalars(select(UploadRow).where(UploadRow.window_id == window_id, usable).order_by(UploadRow.id.desc()).limit(1)).first()
            return _job(row) if row is not None else None

    def note_upload(self, job_id: int, *, upload_id: str | None = None, error: str | None = None) -> None:
        """What is known of a job under way."""
        with self._database.write() as session:
            row = session.get(UploadRow, job_id)
            if row is not None:
                row.upload_id = row.upload_id if upload_id is None else upload_id
                row.error = row.error if error is None else error

    def object_stored(self, job_id: int, expires_at: datetime | None, stored_at: datetime | None = None) -> bool:
        """The object is complete and verified: its row is written. `stored_at`: when, by the store's clock, where it was there before; None: now.

        False where it is not: nobody wants it any more (then it is removed; where its recording is deleted already, by whoever sent it), or it was
        removed while it was sent (then it is sent again).
        """
        with self._database.write() as session:
            job = session.get(UploadRow, job_id)
            if job is None:
                return False
            if job.state in (UploadState.REMOVING, UploadState.GONE):
                job.state = UploadState.REMOVING
                return False
            if job.after_revision == _LOST:
                job.after_revision, job.upload_id = 0, ""
                return False
            recording = session.get(RecordingRow, job.recording_id)
            job.upload_id = job.error = ""
            if recording is None or recording.deleted_at is not None:
                job.state = UploadState.REMOVING
                return False
            job.state = UploadState.STORED
            if session.get(ObjectRow, job.key) is None:
                add_object(session, job, stored_at or datetime.now(UTC), expires_at)
            return True

    def in_journal(self, job_id: int) -> bool:
        """Whether the journal still knows of a job. Where it does not, whoever sent the object removes it."""
        with self._database.read() as session:
            return session.get(UploadRow, job_id) is not None

    def release_object(self, key: str) -> None:
        """The object is to go: its row goes now, the object when the server knows. One that is not there is no error."""
        with self._database.write() as session:
            job = session.scalar(select(UploadRow).where(UploadRow.key == key))
            if job is not None and job.state in (UploadState.SENDING, UploadState.STORED):
                release(session, [job])

    def object_removed(self, job_id: int) -> None:
        """It is not in the store any more. Of a living recording the journal remembers what was stored, so that it is not sent again."""
        with self._database.write() as session:
            job = session.get(UploadRow, job_id)
            if job is None:
                return
            recording = session.get(RecordingRow, job.recording_id)
            if job.state == UploadState.STORED:
                _lose(session, job)  # it was wanted again and sent while it was being removed
            elif job.state == UploadState.SENDING:
                job.after_revision = _LOST
            elif recording is None or recording.deleted_at is not None or not job.after_revision:
                session.delete(job)
            else:
                job.state, job.upload_id = UploadState.GONE, ""

    def forget_expired(self, now: datetime | None = None) -> int:
        """Objects whose time in the bucket is over lose their rows; they are removed, where the bucket's own rule has not been quicker, and not sent again.

        Returns how many.
        """
        expired = select(ObjectRow.key).where(ObjectRow.expires_at <= (now or datetime.now(UTC)))
        count = 0

        def forget(session: Writing) -> bool:
            nonlocal count
            jobs = session.scalars(select(UploadRow).where(UploadRow.key.in_(expired)).limit(_MANY)).all()
            release(session, jobs)
            count += len(jobs)
            return bool(jobs)

        self._database.write_in_turns(forget)
        return count

    def expire_by(self, days: Callable[[str], int | None]) -> int:
        """The bucket's rule is another one now: `days` says for a key after how many days its object goes; None: never. Returns how many rows changed."""
        with self._database.read() as session:
            rows = session.execute(select(ObjectRow.key, ObjectRow.stored_at, ObjectRow.expires_at)).all()
        wanted = {key: stored_at + timedelta(days=count) if (count := days(key)) else None for key, stored_at, _ in rows}
        changed = [key for key, _, expires_at in rows if not _same_time(wanted[key], expires_at)]

        def change(session: Writing, some: Sequence[str]) -> None:
            for row in session.scalars(select(ObjectRow).where(ObjectRow.key.in_(some))):
                row.expires_at = wanted[row.key]

        self._database.write_pieces(changed, _MANY, change)
        return len(changed)

    def send_again(self, key: str) -> None:
        """The object turned out to be missing or different in the store: its row goes, and the file is sent anew."""
        with self._database.write() as session:
            job = session.scalar(select(UploadRow).where(UploadRow.key == key))
            if job is not None:
                _lose(session, job)

    def pending_objects(self) -> PendingObjects:
        """What is to be sent or removed, files without a row in the journal included."""
        sending = UploadRow.state == UploadState.SENDING
        with self._database.read() as session:
            count, oldest = session.execute(select(func.count(), func.min(UploadRow.at)).where(UPLOADING)).one()
            size = session.scalar(select(func.sum(UploadRow.bytes)).where(UPLOADING, sending)) or 0
            for kind in (RECORDING, THUMBNAIL):
                more, bytes_, first = session.execute(
                    self._without_job(kind, func.count(), func.sum(RecordingRow.bytes), func.min(RecordingRow.started_at))
                ).one()
                count += more
                if kind == RECORDING and more:
                    size += bytes_
                    oldest = min(filter(None, (oldest, first)))
            return PendingObjects(count, size, oldest)

    def _without_job(self, kind: str, *columns: Any) -> Any:
        """`columns` of finished recordings whose file of that kind is to be sent and has no row in the journal."""
        named = RecordingRow.path if kind == RECORDING else RecordingRow.thumbnail
        known = select(UploadRow.id).where(UploadRow.recording_id == RecordingRow.id, UploadRow.kind == kind).exists()
        finished = (RecordingRow.state == RecordingState.FINISHED, RecordingRow.deleted_at.is_(None), RecordingRow.device_id == self.device_id)
        there = (named != "", RecordingRow.freed_at.is_(None)) if kind == RECORDING else (named != "",)
        return select(*columns).where(*finished, *there, ~known)

    def objects(self, recording_id: str) -> list[StoredObject]:
        """What is stored of a recording. Raises NotFoundError."""
        with self._database.read() as session:
            live(session, recording_id)
            return [_stored(row) for row in session.scalars(select(ObjectRow).where(ObjectRow.recording_id == recording_id).order_by(ObjectRow.key))]

    def stored_object(self, recording_id: str, kind: str) -> StoredObject:
        """The newest object of that kind. Raises NotFoundError."""
        with self._database.read() as session:
            newest = select(ObjectRow).where(ObjectRow.recording_id == recording_id, ObjectRow.kind == kind).order_by(ObjectRow.stored_at.desc())
            row = session.scalars(newest.limit(1)).first()
            if row is None:
                raise NotFoundError(f"The {kind} of {recording_id} is not in the object store.")
            return _stored(row)

    def copies(self) -> Copies:
        """Which recordings are on the servers: of all at once, without asking those."""
        lasting = or_(ObjectRow.expires_at.is_(None), ObjectRow.expires_at > datetime.now(UTC))
        stored = select(ObjectRow.recording_id).where(ObjectRow.kind == RECORDING, lasting)
        confirmed = func.coalesce(select(MirrorRow.confirmed).where(MirrorRow.id == 1).scalar_subquery(), 0)
        unlisted = select(RecordingRow.id).where(RecordingRow.revision > confirmed, RecordingRow.deleted_at.is_(None))
        with self._database.read() as session:
            return Copies(frozenset(session.scalars(stored)), frozenset(session.scalars(unlisted)))


def _same_time(one: datetime | None, other: datetime | None) -> bool:
    """The end of an object's time is known to about a day only (a bucket's rule counts from midnight), so seconds change nothing."""
    return one is other if one is None or other is None else abs(one - other) < timedelta(hours=1)


def new_job(session: Writing, key: str, kind: str, recording_id: str, *, window_id: int | None, size: int, sha256: str) -> UploadRow:
    """A row in the journal for an object that is to be sent."""
    (number,) = session.take_ids(1)
    row = UploadRow(id=number, key=key, kind=kind, recording_id=recording_id, window_id=window_id, upload_id="", after_revision=0, sha256=sha256)
    row.bytes, row.error, row.at, row.state = size, "", datetime.now(UTC), UploadState.SENDING
    session.add(row)
    return row


def add_object(session: Writing, job: UploadRow, stored_at: datetime, expires_at: datetime | None) -> None:
    """The mirrored row of an object that is in the store."""
    row = ObjectRow(key=job.key, recording_id=job.recording_id, window_id=job.window_id, kind=job.kind, bytes=job.bytes, sha256=job.sha256)
    row.content_type, row.stored_at, row.expires_at = content_type(job.kind, job.key), stored_at, expires_at
    session.add(row)


def release(session: Writing, jobs: Sequence[UploadRow]) -> None:
    """Their rows go now; the objects are to be removed once the server has confirmed that, and at once where they have never had a row.

    `jobs`: no more than one short transaction should change.
    """
    now = datetime.now(UTC)
    rows = session.scalars(select(ObjectRow).where(ObjectRow.key.in_([job.key for job in jobs]))).all()
    touched = session.scalars(select(RecordingRow).where(RecordingRow.id.in_({row.recording_id for row in rows}))).all()
    for job in jobs:
        job.state, job.at = UploadState.REMOVING, now
        job.after_revision = max(job.after_revision, 0)
    for row in rows:
        session.delete(row)
    for recording in touched:
        session.touch(recording)
    session.flush()
    stored, revisions = {row.key for row in rows}, {recording.id: recording.revision for recording in touched}
    for job in jobs:
        if job.key in stored:
            job.after_revision = revisions.get(job.recording_id, 0)


def _lose(session: Writing, job: UploadRow) -> None:
    """What was stored is not there: its row goes, and it is sent again."""
    release(session, [job])
    job.state, job.upload_id, job.after_revision = UploadState.SENDING, "", 0


def _job(row: UploadRow) -> UploadJob:
    return UploadJob(
        id=row.id,
        key=row.key,
        kind=row.kind,
        recording_id=row.recording_id,
        window_id=row.window_id,
        state=UploadState(row.state),
        upload_id=row.upload_id,
        bytes=row.bytes,
        sha256=row.sha256,
        after_revision=row.after_revision,
        error=row.error,
        at=row.at,
    )


def _stored(row: ObjectRow) -> StoredObject:
    return StoredObject(row.key, row.kind, row.recording_id, row.window_id, row.content_type, row.bytes, row.sha256, row.stored_at, row.expires_at)
