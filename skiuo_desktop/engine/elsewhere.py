"""What is not on this computer: other devices' recordings, and videos that are only in the object store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, TypeVar

from skiuo_desktop import remarks
from skiuo_desktop import settings as s
from skiuo_desktop.engine.cache import MediaCache, Progress
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.engine.workers import GRACE_S, Workers
from skiuo_desktop.errors import NotFoundError, StorageError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.media.files import replacing
from skiuo_desktop.model import Hit, Recording, RecordingSummary, StoredObject, Tracks

if TYPE_CHECKING:
    from skiuo_desktop.backend.elsewhere import Device, OtherDevices
    from skiuo_desktop.backend.rebuild import Rebuilt
    from skiuo_desktop.backend.store import ObjectStore

T = TypeVar("T")

Stop = Callable[[], bool]


def _never() -> bool:
    return False


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody wants."""


class Elsewhere:
    """Blocking and thread-safe; `ask` and `transfer` run its methods on threads of their own.

    Every method may raise BackendError and SecretError, and UsageError where the server that it needs is not configured.
    """

    def __init__(self, servers: Servers, home: Home, settings: s.Settings, library: Library) -> None:
        self._servers = servers
        self._library = library
        self._cache = MediaCache(home, settings)
        self._ending = threading.Event()
        # Pages wait for their answers before they ask again, so both queues stay short. A long download holds up no question.
        self._questions = Workers(2, thread_name_prefix="elsewhere")
        self._transfers = Workers(2, thread_name_prefix="fetch")

    def ask(self, work: Callable[[Elsewhere], T]) -> Future[T]:
        """For a question to the database."""
        return self._questions.submit(work, self)

    def transfer(self, work: Callable[[Elsewhere], T]) -> Future[T]:
        """For what may take minutes."""
        return self._transfers.submit(work, self)

    def close(self) -> None:
        """Stops downloads (they go on another time). A question to a server that hangs is left behind."""
        self._ending.set()
        for pool in (self._transfers, self._questions):
            pool.end(GRACE_S)

    # Other devices

    @property
    def listed(self) -> bool:
        """Whether other devices can be asked for at all: whether a database is configured."""
        return bool(self._servers.names[1])

    def devices(self) -> list[Device]:
        return self._others().devices()

    def summaries(self, limit: int = 500, text: str = "", device: str = "", before: str = "") -> list[RecordingSummary]:
        """The newest recordings of other devices; `device`: of one, by name or id; `text`: in which it is found."""
        return self._others().summaries(limit, text, device, before)

    def search(self, text: str, limit: int = 50, device: str = "") -> list[Hit]:
        return self._others().search(text, limit, device)

    def recording(self, recording_id: str) -> Recording:
        """A recording of another device. Its `path` is that of the fetched file where it was fetched before. Raises NotFoundError."""
        recording = self._others().recording(recording_id)
        return replace(recording, path=str(self._fetched(recording_id) or ""))

    def tracks(self, recording_id: str) -> Tracks:
        return self._others().tracks(recording_id)

    def resolve(self, text: str) -> str:
        return self._others().resolve(text)

    # Media

    def stored(self, recording_id: str, kind: str = "recording") -> StoredObject:
        """The newest object of a recording, of this or another device; `kind`: "recording" or "thumbnail". Raises NotFoundError where the store has none."""
        found = next(iter(self._objects(recording_id, kind)), None)
        if found is None:
            raise NotFoundError(
                f"The {_called(kind)} of {recording_id} is not in the object store: it was not sent yet, or its time there is over. What was written stays."
            )
        return found

    def media(self, recording_id: str, on_progress: Progress = _nobody, stop: Stop = _never) -> Path:
        """The video as a file here: the recording's own where it is there, else from the cache or the object store.

        `on_progress`: bytes that are here, bytes in all; on the calling thread. Raises NotFoundError, StorageError (no room), Cancelled.
        """
        own = self._own(recording_id)
        if own is not None and Path(own.path).is_file():
            return Path(own.path)
        return self._fetch(recording_id, "recording", on_progress, stop)

    def thumbnail(self, recording_id: str) -> Path:
        """The library's picture of a recording, as `media`."""
        own = self._own(recording_id)
        if own is not None and own.thumbnail and Path(own.thumbnail).is_file():
            return Path(own.thumbnail)
        return self._fetch(recording_id, "thumbnail", _nobody, _never)

    def copy_out(self, recording_id: str, target: Path, on_progress: Progress = _nobody, stop: Stop = _never) -> Path:
        """Writes the video to `target`, which must not be there, or into the folder `target`. Large ones do not pass through the cache."""
        own = self._own(recording_id)
        path = target / f"{recording_id}.webm" if target.is_dir() else target
        here = Path(own.path) if own is not None and Path(own.path).is_file() else self._fetched(recording_id)
        if path.exists():
            raise UsageError(f"{path} is there already. Give another name.")
        try:
            if here is not None:
                with here.open("rb") as source, replacing(path) as file:
                    copyfileobj(source, file)
            else:
                wanted = self.stored(recording_id)
                told, ended = (lambda done: on_progress(done, wanted.bytes)), (lambda: stop() or self._ending.is_set())
                self._from_store(wanted, lambda store: store.fetch(wanted.key, path, told, wanted.sha256, stop=ended))
        except OSError as error:
            raise StorageError(f"{path} could not be written: {error.strerror or error}.") from error
        return path

    # The bucket

    def rebuild(self, stop: Stop = _never) -> Rebuilt:
        """Makes rows in the database from the bucket alone; this device's own come from its library, which is mirrored anew."""
        from skiuo_desktop.backend.rebuild import rebuild
        from skiuo_desktop.media.plan import planned

        store, database = self._store(), self._servers.database()
        if database is None:
            raise UsageError("No database is configured: `skiuo backend set --dsn`.")
        database.prepare()
        made = rebuild(store, database, planned, lambda: stop() or self._ending.is_set())
        database.rewind(self._library.device_id, 0)
        return made

    def _others(self) -> OtherDevices:
        from skiuo_desktop.backend.elsewhere import OtherDevices

        database = self._servers.database()
        if database is None:
            raise remarks.error(UsageError, "no_database")
        return OtherDevices(database, self._library.device_id, self._library.known)

    def _store(self) -> ObjectStore:
        store = self._servers.store()
        if store is None:
            raise remarks.error(UsageError, "no_store_set")
        return store

    def _own(self, recording_id: str) -> Recording | None:
        try:
            return self._library.recording_head(recording_id)
        except NotFoundError:
            return None

    def _objects(self, recording_id: str, kind: str) -> Iterator[StoredObject]:
        """Those whose row is true to its key: a name of a file is made of it."""
        from skiuo_desktop.backend.keys import ObjectKey

        if self._own(recording_id) is not None:
            rows = sorted((each for each in self._library.objects(recording_id) if each.kind == kind), key=lambda each: each.stored_at, reverse=True)
        else:
            rows = self._others().objects(recording_id, kind)
        for row in rows:
            key = ObjectKey.parse(row.key)
            if key is not None and (key.kind, key.recording_id, key.sha256) == (kind, recording_id, row.sha256) and row.bytes > 0:
                yield row

    def _fetched(self, recording_id: str) -> Path | None:
        return next((path for each in self._objects(recording_id, "recording") if (path := self._cache.there(each)) is not None), None)

    def _fetch(self, recording_id: str, kind: str, on_progress: Progress, stop: Stop) -> Path:
        wanted = self.stored(recording_id, kind)
        here = self._cache.there(wanted)
        if here is not None:
            on_progress(wanted.bytes, wanted.bytes)
            return here
        return self._from_store(wanted, lambda store: self._cache.fetch(store, wanted, on_progress, lambda: stop() or self._ending.is_set()))

    def _from_store(self, wanted: StoredObject, work: Callable[[ObjectStore], T]) -> T:
        try:
            return work(self._store())
        except NotFoundError:
            raise NotFoundError(
                f"The {_called(wanted.kind)} of {wanted.recording_id} is not in the object store any more: its time there is over, or somebody removed it."
            ) from None


def _called(kind: str) -> str:
    return "video" if kind == "recording" else "picture"
