"""Which servers this library is mirrored to, and how far it was when they were last asked.

Another store has none of the objects that the journal names, and may still hold others from an earlier time. So the journal is emptied in short
transactions, then what lies in the store is taken up into it (`take_up`), and only then is it the journal of that store (`is_journal_of`). Until then
it is nobody's, and whoever is killed in between begins again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.objects import CLIP, RECORDING, RENDITION, UploadState, add_object, new_job
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import MirrorRow, ObjectRow, RecordingRow, UploadRow, WindowRow
from skiuo_desktop.model import RecordingState, Remark
from skiuo_desktop.remarks import as_json, from_json

_MANY = 50
"""Rows that one short transaction changes: recordings under way write as well."""


@dataclass(frozen=True, slots=True)
class MirrorState:
    """How far the mirror was when the servers were last asked."""

    confirmed: int
    synced_at: datetime | None
    behind_since: datetime | None
    trouble: str = ""
    error: str = ""
    server: str = ""
    sent: int = 0  # the last revision that was sent; its answer may have been lost
    remark: Remark | None = None  # what `error` says


@dataclass(frozen=True, slots=True)
class Lying:
    """An object that lies in the store, as its key and the store say. `window_index`, `start_ms` and `end_ms`: of a clip."""

    key: str
    kind: str
    recording_id: str
    sha256: str
    bytes: int
    stored_at: datetime
    expires_at: datetime | None
    window_index: int = -1
    start_ms: int = 0
    end_ms: int = 0


class Aim(Part):
    def mirror_state(self) -> MirrorState:
        with self._database.read() as session:
            row = session.get(MirrorRow, 1)
            if row is None:
                return MirrorState(0, None, None)
            return MirrorState(row.confirmed, row.synced_at, row.behind_since, row.trouble, row.error, row.server, row.sent, from_json(row.remark))

    def sending(self, upto: int) -> None:
        """A batch up to this revision is about to be sent."""
        with self._database.write() as session:
            _mirror(session).sent = upto

    def mirrored(self, upto: int) -> None:
        """The database server has everything up to the revision `upto`."""
        with self._database.write() as session:
            _mirror(session).confirmed = upto

    def note_mirror(self, *, behind: bool, trouble: str = "", error: str = "", server: str = "", remark: Remark | None = None) -> None:
        """How it went when it was last tried. `behind`: there is more to do, rows or objects. `remark`: what `error` says."""
        now = datetime.now(UTC)
        with self._database.write() as session:
            row = _mirror(session)
            row.trouble, row.error, row.server = trouble, error, server
            row.remark = as_json(remark) if remark is not None else None
            row.behind_since = (row.behind_since or now) if behind else None
            row.synced_at = row.synced_at if behind or error else now

    # Which servers

    def aim(self, store: str, database: str, stop: Callable[[], bool] = lambda: False) -> None:
        """Says which servers are mirrored to: any words that name them. Others than before get everything anew; an empty one changes nothing.

        The journal of objects belongs to another store only after `settle`. `stop` ends it early: then the next call goes on.
        """
        with self._database.write() as session:
            row, name = _mirror(session), _name(database)
            if name and row.database not in ("", name):
                row.confirmed = 0
            row.database = name or row.database
        if not store or self.is_journal_of(store):
            return
        with self._database.write() as session:
            _mirror(session).store = ""
        self._forget_objects(stop)

    def is_journal_of(self, store: str) -> bool:
        """Whether the journal says what is in this store."""
        with self._database.read() as session:
            return session.scalar(select(MirrorRow.store).where(MirrorRow.id == 1)) == _name(store)

    def settle(self, store: str) -> None:
        """All that lies in this store is in the journal (`take_up`): from now on it is that store's."""
        with self._database.write() as session:
            _mirror(session).store = _name(store)

    def take_up(self, objects: Sequence[Lying]) -> int:
        """Writes objects that lie in the store into the journal, where it does not know of them. Returns how many.

        What is of a recording that is here is to be sent: whoever does so finds that it is there (see `engine.mirror_objects`). What cannot be made again
        here, because its file was freed, is taken as it lies. What is of a recording that was deleted here goes, and so does a rendition, which is made
        anew when it is needed. What is of a recording that this library has never heard of stays as it is: it may have been restored from a backup.
        """
        count = 0

        def take(session: Writing, some: Sequence[Lying]) -> None:
            nonlocal count
            count += _take_up(session, some, self.device_id)

        self._database.write_pieces(objects, _MANY, take)
        return count

    def _forget_objects(self, stop: Callable[[], bool]) -> None:
        """Another store knows none of the objects: everything is sent to it. What lies in the store before stays there."""
        last = 0

        def forget_rows(session: Writing) -> bool:
            rows = session.scalars(select(ObjectRow).order_by(ObjectRow.recording_id).limit(_MANY)).all()
            for recording in session.scalars(select(RecordingRow).where(RecordingRow.id.in_({row.recording_id for row in rows}))):
                session.touch(recording)
            session.execute(delete(ObjectRow).where(ObjectRow.key.in_([row.key for row in rows])))
            return bool(rows) and not stop()

        def forget_jobs(session: Writing) -> bool:
            nonlocal last
            jobs = session.scalars(select(UploadRow).where(UploadRow.id > last).order_by(UploadRow.id).limit(_MANY)).all()
            for job in jobs:
                last = job.id
                # A clip is in no list of files: its row in the journal is all that knows that it is to be sent.
                if job.kind == CLIP and not job.key.endswith(RENDITION) and job.state in (UploadState.SENDING, UploadState.STORED):
                    job.state, job.upload_id, job.after_revision, job.error = UploadState.SENDING, "", 0, ""
                else:
                    session.delete(job)
            return bool(jobs) and not stop()

        self._database.write_in_turns(forget_rows)
        self._database.write_in_turns(forget_jobs)


def _name(words: str) -> str:
    """A name for a server that says nothing of it: addresses and users stay out of the library's file."""
    return hashlib.sha256(words.encode()).hexdigest()[:32] if words else ""


def _mirror(session: Writing) -> MirrorRow:
    row = session.get(MirrorRow, 1)
    if row is None:
        row = MirrorRow(id=1, store="", database="", confirmed=0, sent=0, synced_at=None, behind_since=None, trouble="", error="", server="", remark=None)
        session.add(row)
    return row


def _take_up(session: Writing, objects: Sequence[Lying], device_id: str) -> int:
    known = set(session.scalars(select(UploadRow.key).where(UploadRow.key.in_([each.key for each in objects]))))
    ids = {each.recording_id for each in objects}
    ours = select(RecordingRow).where(RecordingRow.id.in_(ids), RecordingRow.device_id == device_id)
    recordings = {row.id: row for row in session.scalars(ours)}
    found = [(each, recordings[each.recording_id]) for each in objects if each.key not in known and each.recording_id in recordings]
    count = 0
    for each, recording in found:
        window_id = _window_of(session, each) if each.kind == CLIP else None
        state = _state_of(each, recording, window_id)
        if state is None:
            continue
        count += 1
        job = new_job(session, each.key, each.kind, each.recording_id, window_id=window_id, size=each.bytes, sha256=each.sha256)
        job.state = state
        if state is UploadState.STORED:
            add_object(session, job, each.stored_at, each.expires_at)
    return count


def _state_of(each: Lying, recording: RecordingRow, window_id: int | None) -> UploadState | None:
    if recording.deleted_at is not None or each.key.endswith(RENDITION):
        return UploadState.REMOVING
    if recording.state != RecordingState.FINISHED or (each.kind == CLIP and window_id is None):
        return None  # its file is not finished here, or its window is not known: it is not for this library to say
    here = recording.thumbnail if each.kind not in (CLIP, RECORDING) else recording.path if recording.freed_at is None else ""
    return UploadState.SENDING if here else UploadState.STORED


def _window_of(session: Writing, clip: Lying) -> int | None:
    of = (WindowRow.recording_id == clip.recording_id, WindowRow.index == clip.window_index)
    return session.scalar(select(WindowRow.id).where(*of, WindowRow.start_ms == clip.start_ms, WindowRow.end_ms == clip.end_ms))
