"""The clips of windows in the person's object store: for models that fetch them, and to be kept where the settings say so.

Each is in the journal before it leaves (`library.objects`). When it goes again is a rule on rows (`library.clips`), so that a
program that dies leaves nothing behind that the next one does not know of.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.analysis.provider import NO_STORE, ClipMedia
from skiuo_desktop.backend.facts import clip_facts
from skiuo_desktop.backend.keys import CLIP, CLIPS, ObjectKey, pack_metadata
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import BackendError, Cancelled, SkiuoError
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import RENDITION, UploadJob, UploadState
from skiuo_desktop.media.cut import cut
from skiuo_desktop.model import Analysis, BackendTrouble, Recording, Remark, Window, WindowState

if TYPE_CHECKING:
    from skiuo_desktop.backend.store import ObjectStore

log = logging.getLogger(__name__)

AWAY_S = 30.0
"""A store that did not answer is not tried for a model again for so long: each window would wait for it in vain."""

SENDERS = 2
"""Clips that leave at once. What does not get a turn is left to the mirror, so that no bytes pile up here."""

_RULE_S = 3600.0


class Clips:
    """Belongs to the engine's loop, but for `clip_bytes` and `tidy`, which block and may be called from any thread."""

    def __init__(
        self,
        store: Store,
        servers: Servers,
        settings: s.Settings,
        *,
        paused: Callable[[], bool] = lambda: False,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`paused`: nothing is to be sent now. `wake`: the mirror has something to do."""
        self._store = store
        self._servers = servers
        self._settings = settings
        self._paused = paused
        self._wake = wake
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="clips")
        self._stop = threading.Event()
        self._sending: dict[str, int] = {}  # keys that are leaving, how often
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._away: tuple[float, str] = 0.0, ""  # until (monotonic), why
        self._rule: tuple[ObjectStore, float, int | None] | None = None  # the bucket's own, and when it was read

    # For models that fetch

    def hindrance(self) -> str:
        """Why nothing can be stored at present, as a clause; empty where it can."""
        if self._paused():
            return "nothing is sent to the object store at present"
        until, why = self._away
        return why if time.monotonic() < until else ""

    async def lay(self, key: str, data: bytes, form: str) -> None:
        """Stores a clip that is of no recording, in no row: whoever does so takes it away (`take_away`). Raises SkiuoError."""
        store = await asyncio.to_thread(self._its_store)
        await asyncio.get_running_loop().run_in_executor(self._senders, partial(store.put, key, data, f"video/{form}", {}, stop=self._stop.is_set))

    async def take_away(self, keys: Collection[str]) -> None:
        """Raises SkiuoError."""
        if keys:
            store = await asyncio.to_thread(self._its_store)
            await asyncio.to_thread(store.delete, sorted(keys))

    async def place(self, of: Of, data: bytes, form: str) -> str:
        """The key under which the clip lies in the store. Raises SkiuoError."""
        job = await self._begun(of, data, form)
        async with self._turns.setdefault(job.key, asyncio.Lock()):
            job = await self._begun(of, data, form)  # another model may have placed it meanwhile
            if job.state is not UploadState.STORED or not await self._is_there(job):
                await self._send(of, job, data)
        return job.key

    async def sign(self, key: str, lasts: int) -> str:
        store = await asyncio.to_thread(self._its_store)
        return await asyncio.to_thread(store.presign, key, lasts)

    async def host(self) -> str:
        """From which a model fetches: host and port."""
        store = await asyncio.to_thread(self._its_store)
        return urlsplit(signed_for(store)).netloc

    # To be kept

    def keep(self, recording: Recording, analysis: Analysis, clip: ClipMedia) -> None:
        """Stores the clip of a window that is being analysed, where the setting says so. Returns at once."""
        if self._settings.get(s.BACKEND_CLIPS) and self._servers.names[0]:
            self._begin(lambda: self._kept(Of(recording, analysis), clip))

    async def _kept(self, of: Of, clip: ClipMedia) -> None:
        data = await asyncio.to_thread(lambda: clip.webm)
        job = await self._begun(of, data, "webm")
        if job.state is UploadState.STORED or job.key in self._sending:
            return
        if self._paused() or time.monotonic() < self._away[0] or len(self._sending) >= SENDERS:
            self._wake()  # the mirror cuts it again when its turn comes
            return
        async with self._turns.setdefault(job.key, asyncio.Lock()):
            if (await self._begun(of, data, "webm")).state is not UploadState.STORED:
                await self._send(of, job, data)

    def ended(self, recording_id: str) -> None:
        """An analysis has ended: clips that nobody needs any more are released. Returns at once."""
        if self._servers.names[0] and not self._stop.is_set():
            self._begin(lambda: self._tidied(recording_id))

    async def _tidied(self, recording_id: str) -> None:
        released = await self._store.write(Library.release_spent_clips, keep=self._keeps, besides=tuple(self._sending), recording_id=recording_id)
        if released:
            self._wake()

    def tidy(self) -> int:
        """The same for the whole library; for the mirror, before each of its rounds. Returns how many were released."""
        return self._store.library.release_spent_clips(keep=self._keeps, besides=tuple(self._sending))

    def clip_bytes(self, job: UploadJob) -> bytes:
        """The clip of a job that was begun before, cut again, for the mirror. Raises NotFoundError, MediaError; Cancelled where it is not to be sent now."""
        if job.key in self._sending:
            raise Cancelled("This clip is on its way already.")
        if job.key.endswith(RENDITION) or job.window_id is None:
            raise Cancelled("A rendition is made anew when a model asks for it.")
        library = self._store.library
        recording = library.recording_head(job.recording_id)
        if recording.freed_at is not None:
            library.release_object(job.key)
            raise Cancelled("The video that this clip is of was removed.")
        return cut(Path(recording.path), library.window(job.window_id).span).data

    async def close(self) -> None:
        """Cuts what is being sent; it goes on another time."""
        self._stop.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._senders.shutdown(wait=False, cancel_futures=True)

    # One object

    @property
    def _keeps(self) -> bool:
        return self._settings.get(s.BACKEND_CLIPS) and self._settings.get(s.BACKEND_KEEP_VIDEO)

    def _its_store(self) -> ObjectStore:
        store = self._servers.store()
        if store is None:
            raise BackendError(f"{NO_STORE.capitalize()} any more.", BackendTrouble.MISSING)
        return store

    async def _begun(self, of: Of, data: bytes, form: str) -> UploadJob:
        """Its row in the journal."""
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        window = of.window
        key = str(ObjectKey(CLIP, of.recording.device_id, of.recording.id, digest, window.index, window.span.start_ms, window.span.end_ms, form))
        return await self._store.write(Library.begin_upload, key, CLIP, of.recording.id, window_id=window.id, size=len(data), sha256=digest)

    async def _is_there(self, job: UploadJob) -> bool:
        """The bucket's own rule may have removed it."""
        store = await asyncio.to_thread(self._its_store)
        found = await asyncio.to_thread(store.stat, job.key)
        if found is not None and found.bytes == job.bytes:
            return True
        await self._store.write(Library.send_again, job.key)
        return False

    async def _send(self, of: Of, job: UploadJob, data: bytes) -> None:
        """Raises BackendError; then the journal says why, and the mirror goes on with it."""
        store = await asyncio.to_thread(self._its_store)
        device = await self._store.read(Library.device_name)
        metadata = pack_metadata(clip_facts(of.recording, device, of.window) | {"sha256": job.sha256})
        stop = threading.Event()
        self._sending[job.key] = self._sending.get(job.key, 0) + 1
        putting = asyncio.get_running_loop().run_in_executor(
            self._senders,
            lambda: store.put(job.key, data, job.content_type, metadata, stop=lambda: stop.is_set() or self._stop.is_set()),
        )
        putting.add_done_callback(lambda done: self._sent(job.key, done))
        try:
            await asyncio.shield(putting)
        except asyncio.CancelledError:
            stop.set()
            raise
        except BackendError as error:
            if error.trouble not in (BackendTrouble.DIFFERENT, BackendTrouble.REFUSED):
                self._away = time.monotonic() + AWAY_S, str(error)
            await self._store.write(Library.note_upload, job.id, error=str(error))
            raise
        days = await asyncio.to_thread(self._days, store)
        expires = datetime.now(UTC) + timedelta(days=days) if days else None
        if not await self._store.write(Library.object_stored, job.id, expires):
            if not await self._store.read(Library.in_journal, job.id):
                await asyncio.to_thread(store.delete, [job.key])
            raise failures.backend_error(BackendTrouble.REFUSED, store.host, Remark("clip_leaving"))

    def _days(self, store: ObjectStore) -> int | None:
        """After how many days the bucket removes a clip; None: never, or this key may not know. Blocks."""
        if self._rule is None or self._rule[0] is not store or time.monotonic() - self._rule[1] > _RULE_S:
            from skiuo_desktop.backend.lifecycle import days_of

            days: int | None = None
            with suppress(BackendError):
                days = days_of(CLIPS, store.lifecycle())
            self._rule = store, time.monotonic(), days
        return self._rule[2]

    def _sent(self, key: str, done: asyncio.Future[Any]) -> None:
        self._sending[key] -= 1
        if not self._sending[key]:
            del self._sending[key]
        if not done.cancelled():
            done.exception()  # told to whoever waits; where nobody does any more, it is no error that nobody saw

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def guarded() -> None:
            with suppress(Cancelled):
                try:
                    await work()
                except SkiuoError as error:
                    log.info("a clip is left to the mirror: %s", error)

        task = asyncio.get_running_loop().create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def signed_for(store: ObjectStore) -> str:
    """The address that models are given: the public one where there is one."""
    return store.address.public_endpoint or store.address.endpoint


class Of:
    """Whose clip it is."""

    def __init__(self, recording: Recording, analysis: Analysis) -> None:
        self.recording = recording
        self.window = Window(analysis.window_id, recording.id, analysis.window_index, analysis.span, WindowState.ANALYSING)
