"""The objects' half of the mirror: files go to the store and leave it, each step in the journal before it is taken."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skiuo_desktop import remarks
from skiuo_desktop.backend.facts import clip_facts, recording_facts
from skiuo_desktop.backend.keys import CLIP, ObjectKey, pack_metadata, prefix
from skiuo_desktop.backend.lifecycle import LifecycleRule, days_of
from skiuo_desktop.backend.store import ObjectStore, Stored
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.engine.stock import etag_of, found, take_stock
from skiuo_desktop.errors import BackendError, Cancelled, MediaError, NotFoundError, SkiuoError, StorageError
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import RECORDING, UploadJob, UploadState, WantedFile
from skiuo_desktop.model import BackendTrouble, Recording

log = logging.getLogger(__name__)

_OF_ONE_OBJECT = frozenset({BackendTrouble.DIFFERENT, BackendTrouble.REFUSED})
"""Troubles after which other objects are tried all the same."""

ASK_EVERY_S = 600.0
"""How often the bucket's own rule is read, and what is over by it forgotten."""
MOST_JOBS = 10_000
"""That are looked at in one go; the others come with the next round."""
MOST_OBJECTS = 10_000_000

ClipBytes = Callable[[UploadJob], bytes]
Progress = Callable[[UploadJob, int], None]


@dataclass
class _Round:
    """What one pass over the work needs to know."""

    store: ObjectStore
    stop: Callable[[], bool]
    failed: SkiuoError | None = None


class ObjectMirror:
    def __init__(self, library: Library, servers: Servers, clip_bytes: ClipBytes, on_progress: Progress) -> None:
        self._library = library
        self._servers = servers
        self._clip_bytes = clip_bytes
        self._on_progress = on_progress
        self._device = library.device_name()
        self._asked: tuple[ObjectStore | None, float] = None, 0.0
        self.lifecycle_days: int | None = None
        """The bucket's own rule, as it was read back last."""
        self._rules: Sequence[LifecycleRule] | None = None

    def run(self, stop: Callable[[], bool], confirmed: Callable[[], int | None]) -> None:
        """Removes and sends what there is to do. `confirmed`: the revision that the database has; None without a database.

        Raises SkiuoError: at once for what concerns the whole store, at the end for single objects.
        """
        store = self._servers.store()
        if store is None:
            return
        if store is not self._asked[0] or time.monotonic() - self._asked[1] > ASK_EVERY_S:
            self._forget_expired(store)
        try:
            settled = self._settle(store, stop)
        except Cancelled:
            return
        now = _Round(store, stop)
        done: set[int | Path] = set()
        while not stop():
            work = [job for job in self._open_jobs(confirmed) if job.id not in done]
            files = [] if work else [file for file in self._library.wanted_files(100 + len(done)) if file.path not in done]
            if not work and not files:
                break
            for job in work:
                done.add(job.id)
                self._guarded(now, lambda job=job: self._do(now, job))  # type: ignore[misc]
            for file in files:
                done.add(file.path)
                self._guarded(now, lambda file=file: self._begin(now, file))  # type: ignore[misc]
        if now.failed is not None:
            raise now.failed
        if done and not settled and not stop():
            self._library.settle(self._servers.names[0])

    def _forget_expired(self, store: ObjectStore) -> None:
        """Reads the bucket's own rules, and what is over by them loses its row."""
        self._read_lifecycle(store)
        # By the server's clock: one here that is a year ahead would take everything for expired.
        self._library.forget_expired(datetime.now(UTC) + timedelta(seconds=store.clock_skew_s()))
        self._asked = store, time.monotonic()

    def _settle(self, store: ObjectStore, stop: Callable[[], bool]) -> bool:
        """Whether the journal is of this store. Where it is of none yet, what lies there is taken up into it first.

        False for a key that may not list: everything is sent then, and when that is done the journal is the store's. Raises BackendError, Cancelled.
        """
        name = self._servers.names[0]
        if not self._library.is_journal_of(name):
            try:
                take_stock(self._library, store, self._rules or (), stop)
            except BackendError as error:
                if error.trouble is not BackendTrouble.DENIED:
                    raise
                log.info("what lies in the bucket from before is not known: %s", error)
                return False
            self._library.settle(name)
        return True

    def verify(self, stop: Callable[[], bool]) -> int:
        """Looks into the bucket for what the journal says is there; what is missing or of another size is sent again. Returns how many were."""
        store = self._servers.store()
        if store is None:
            return 0
        self._forget_expired(store)  # what the store has removed by its rules is not missing
        jobs = self._library.uploads(UploadState.STORED, limit=MOST_OBJECTS)  # before the bucket: what is stored meanwhile is not missed
        there: dict[str, int] = {}
        for kind in (RECORDING, CLIP):
            for stored in store.list(prefix(kind, self._library.device_id)):
                there[stored.key] = stored.bytes
                if stop():
                    return 0
        missing = [job for job in jobs if there.get(job.key) != job.bytes]
        for job in missing:
            log.warning("%s is not in the store as it was stored: it is sent again", job.key)
            self._library.send_again(job.key)
        return len(missing)

    def _open_jobs(self, confirmed: Callable[[], int | None]) -> Iterator[UploadJob]:
        had = confirmed()
        for job in self._library.uploads(UploadState.REMOVING, limit=MOST_JOBS):
            if had is None or had >= job.after_revision:
                yield job
        yield from self._library.uploads(UploadState.SENDING, limit=MOST_JOBS)

    def _guarded(self, now: _Round, work: Callable[[], None]) -> None:
        if now.stop():
            return
        try:
            work()
        except Cancelled:
            return
        except BackendError as error:
            if error.trouble not in _OF_ONE_OBJECT:
                raise
            log.warning("%s", error)
            now.failed = error
        except (MediaError, NotFoundError, StorageError) as error:
            log.warning("%s", error)
            now.failed = error

    def _read_lifecycle(self, store: ObjectStore) -> None:
        try:
            rules = store.lifecycle()
        except BackendError as error:
            if error.trouble not in (BackendTrouble.DENIED, BackendTrouble.REFUSED):
                raise
            # This key may not read it, or the store has no such rules (versitygw): then nothing is known to expire.
            self._rules, self.lifecycle_days = None, None
            return
        each = [days for kind in (CLIP, RECORDING) if (days := days_of(prefix(kind), rules)) is not None]
        self.lifecycle_days = min(each, default=None)
        if rules != self._rules:
            # What was stored under another rule goes by this one, and nothing may be removed by one that is not there any more.
            self._library.expire_by(lambda key: days_of(key, rules))
            self._rules = rules

    # One object

    def _do(self, now: _Round, job: UploadJob) -> None:
        if job.state is UploadState.REMOVING:
            self._remove(now.store, job)
        elif job.kind == CLIP:
            self._send_clip(now, job)
        else:
            self._send_file(now, job)

    def _remove(self, store: ObjectStore, job: UploadJob) -> None:
        if job.upload_id:
            store.abandon(job.key, job.upload_id)
        store.delete([job.key])
        self._library.object_removed(job.id)

    def _begin(self, now: _Round, file: WantedFile) -> None:
        """A file that has no row in the journal yet: it gets one, then it goes."""
        sha256, size = _digest(file.path, now.stop)
        recording = self._library.recording_head(file.recording_id)
        key = ObjectKey(file.kind, recording.device_id, recording.id, sha256)
        job = self._library.begin_upload(str(key), file.kind, recording.id, size=size, sha256=sha256)
        self._send(now, job, recording, file.path)

    def _send_file(self, now: _Round, job: UploadJob) -> None:
        """One that was begun before, perhaps by a program that died."""
        recording = self._library.recording_head(job.recording_id)
        path = Path(recording.path if job.kind == RECORDING else recording.thumbnail)
        if job.kind == RECORDING and recording.freed_at is not None:
            self._library.release_object(job.key)
            return
        sha256, _ = _digest(path, now.stop)
        if sha256 != job.sha256:
            # It was repaired since. What was begun goes; the file as it is now is found without a row, and begun anew.
            self._library.release_object(job.key)
            return
        if (there := found(now.store, job, lambda: etag_of(path))) is not None:
            self._stored(now, job, there)
            return
        if not job.upload_id:
            job = self._found_upload(now.store, job)
        self._send(now, job, recording, path)

    def _found_upload(self, store: ObjectStore, job: UploadJob) -> UploadJob:
        """The upload that a program began and could not write down any more goes on; further ones are given up.

        A key that may not list them begins anew: what is left of the other is for the bucket's rule about uploads that were never completed.
        """
        try:
            begun = store.unfinished(job.key)
        except BackendError as error:
            if error.trouble not in (BackendTrouble.DENIED, BackendTrouble.REFUSED):
                raise
            return job
        first, *others = [upload_id for key, upload_id in begun if key == job.key] or [""]
        for upload_id in others:
            store.abandon(job.key, upload_id)
        return replace(job, upload_id=first)

    def _send(self, now: _Round, job: UploadJob, recording: Recording, path: Path) -> None:
        try:
            now.store.send_file(
                job.key,
                path,
                job.content_type,
                pack_metadata(recording_facts(recording, self._device) | {"kind": job.kind, "sha256": job.sha256}),
                upload_id=job.upload_id,
                on_upload_id=lambda upload_id: self._library.note_upload(job.id, upload_id=upload_id),
                on_progress=lambda count: self._on_progress(job, count),
                stop=now.stop,
            )
        except BackendError as error:
            self._library.note_upload(job.id, error=str(error))
            raise
        except OSError as error:
            raise remarks.error(StorageError, "file_unreadable", name=path.name, why=error.strerror or str(error)) from error
        self._stored(now, job)

    def _send_clip(self, now: _Round, job: UploadJob) -> None:
        recording = self._library.recording(job.recording_id)
        data = self._clip_bytes(job)
        if hashlib.sha256(data).hexdigest() != job.sha256:
            # The recording was repaired since: the same window has other bytes now, and the key names those before.
            self._library.release_object(job.key)
            return
        if (there := found(now.store, job, lambda: etag_of(data))) is not None:
            self._stored(now, job, there)
            return
        window = next((window for window in recording.windows if window.id == job.window_id), None)
        if window is None:  # it went while its clip was being cut
            self._library.release_object(job.key)
            return
        facts = clip_facts(recording, self._device, window) | {"sha256": job.sha256}
        now.store.put(job.key, data, job.content_type, pack_metadata(facts), on_progress=lambda count: self._on_progress(job, count), stop=now.stop)
        self._stored(now, job)

    def _stored(self, now: _Round, job: UploadJob, there: Stored | None = None) -> None:
        """`there`: it was found in the store: its time there began when it came."""
        days = days_of(job.key, self._rules or ())
        at = (there.modified if there is not None else None) or datetime.now(UTC)
        stored = self._library.object_stored(job.id, at + timedelta(days=days) if days else None, at)
        if not stored and not self._library.in_journal(job.id):
            now.store.delete([job.key])


def _digest(path: Path, stop: Callable[[], bool]) -> tuple[str, int]:
    """(SHA-256 in hex, bytes). Raises Cancelled, StorageError."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                if stop():
                    raise Cancelled("The transfer was stopped.")
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise remarks.error(StorageError, "file_unreadable", name=path.name, why=error.strerror or str(error)) from error
    return digest.hexdigest(), size
