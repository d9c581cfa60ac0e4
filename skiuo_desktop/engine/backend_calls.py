"""What the engine answers about the user's own servers, other devices, and the space that video takes here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from skiuo_desktop import settings as s
from skiuo_desktop.engine.backend import NOBODY, Administrator, BackendDesk, SetupReport
from skiuo_desktop.engine.elsewhere import Elsewhere
from skiuo_desktop.engine.loop import LoopThread
from skiuo_desktop.engine.mirror import MirrorStage
from skiuo_desktop.engine.retention import Retention
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.workers import GRACE_S, Workers
from skiuo_desktop.errors import Cancelled, NotFoundError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import BackendHop, BackendStatus, Copies, Hit, RecordingSummary, RetentionPreview, StoredObject

if TYPE_CHECKING:
    from skiuo_desktop.backend.elsewhere import Device
    from skiuo_desktop.backend.rebuild import Rebuilt

T = TypeVar("T")


class BackendCalls:
    """A part of `Engine`, which builds the parts and starts and stops them. Calls return futures; their errors are SkiuoErrors."""

    _loop: LoopThread
    _store: Store
    _mirror: MirrorStage
    _elsewhere: Elsewhere
    _retention: Retention

    def __init__(self, home: Home, settings: s.Settings) -> None:
        self.home = home
        self.settings = settings
        self._servers = Servers(settings)
        self._desk = BackendDesk(self._servers, settings)
        # Bounded by who asks, as the library's readers are; two, so that an address can be corrected while a check waits for the wrong one.
        self._desk_calls = Workers(2, thread_name_prefix="backend-desk")
        self._syncing = Workers(1, thread_name_prefix="backend-sync")

    def _stop_sending(self) -> None:
        """What is under way to and from the servers is cut; it goes on another time. The library is still needed until this returns."""
        self._mirror.stop()
        self._elsewhere.close()
        self._syncing.end(GRACE_S)
        self._desk_calls.end(GRACE_S)

    # The mirror

    def backend_status(self) -> Future[BackendStatus]:
        """How far the mirror is behind the library. The servers are not asked."""
        return self._store.submit_read(lambda _library: self._mirror.status())

    def copies(self) -> Future[Copies]:
        """Which recordings of this device are on the servers. Those are not asked."""
        return self._store.submit_read(Library.copies)

    def reach_backend(self) -> Future[BackendStatus]:
        """The same, with whether the servers answer now (within a few seconds), and what the bucket's own rule says."""
        return self._desk_calls.submit(lambda: self._desk.reach(self._mirror.status()))

    def sync_backend(self, on_status: Callable[[BackendStatus], None] = lambda _status: None) -> Future[BackendStatus]:
        """Mirrors until nothing is pending. Raises what kept it from that: BackendError, SecretError, UsageError (nothing configured, or paused)."""
        return self._syncing.submit(self._mirror.once, on_status)

    def set_metered(self, metered: bool) -> None:
        """Whether the system says that the connection costs money."""
        self._mirror.metered = metered
        self._mirror.wake()

    # Setting up

    def set_backend(self, values: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> Future[None]:
        """Saves settings of the backend (by key), and secrets by the key of the setting that refers to them. All is checked before anything is saved."""
        return self._desk_calls.submit(self._desk.set, values, secrets or {})

    def check_backend(self, on_hop: Callable[[BackendHop], None] = lambda _hop: None) -> Future[list[BackendHop]]:
        """Walks every hop to the configured servers; `on_hop` is called as each ends, on another thread. Raises UsageError where none is configured."""
        return self._desk_calls.submit(self._desk.check, on_hop)

    def init_backend(
        self, admin: Administrator = NOBODY, *, role: str = "", create_role: bool = False, reader: str = "", make: bool = True
    ) -> Future[SetupReport]:
        """Bucket, rule and schema, made with an administrator's keys that are kept nowhere; and what gives the desktop's key its rights."""
        return self._desk_calls.submit(self._desk.init, admin, role=role, create_role=create_role, reader=reader, make=make)

    def rebuild_backend(self, stop: Callable[[], bool] = lambda: False) -> Future[Rebuilt]:
        """Makes rows in the database from the bucket alone; this device's own come from its library, which is mirrored anew."""

        def rebuild(elsewhere: Elsewhere) -> Rebuilt:
            made = elsewhere.rebuild(stop)
            self._mirror.wake(again=True)
            return made

        return self._elsewhere.transfer(rebuild)

    # Other devices

    def devices(self) -> Future[list[Device]]:
        """Other devices that are mirrored to the same database."""
        return self._elsewhere.ask(Elsewhere.devices)

    def elsewhere(self, limit: int = 500, text: str = "", device: str = "") -> Future[list[RecordingSummary]]:
        """The newest recordings of other devices; `device`: of one, by name or id; `text`: in which it is found."""
        return self._elsewhere.ask(lambda elsewhere: elsewhere.summaries(limit, text, device))

    def search_elsewhere(self, text: str, limit: int = 50, device: str = "") -> Future[list[Hit]]:
        return self._elsewhere.ask(lambda elsewhere: elsewhere.search(text, limit, device))

    def media(
        self, recording_id: str, on_progress: Callable[[int, int], None] = lambda _done, _total: None, stop: Callable[[], bool] = lambda: False
    ) -> Future[Path]:
        """The video of a recording as a file here; fetched from the object store where it is not. `on_progress`: bytes here, bytes in all; on another thread.

        Raises NotFoundError, BackendError, StorageError (no room), Cancelled.
        """
        return self._elsewhere.transfer(lambda elsewhere: elsewhere.media(recording_id, on_progress, stop))

    def thumbnail(self, recording_id: str) -> Future[Path]:
        """The picture of a recording of another device. Raises as `media`."""
        return self._elsewhere.transfer(lambda elsewhere: elsewhere.thumbnail(recording_id))

    def stored(self, recording_id: str) -> Future[StoredObject]:
        """The object of a recording's video. Raises NotFoundError where the store has none, BackendError."""
        return self._elsewhere.ask(lambda elsewhere: elsewhere.stored(recording_id))

    def _here_or_elsewhere(self, here: Callable[[Library], T], there: Callable[[Elsewhere], T]) -> Future[T]:
        """Asks the library; only for what it does not know, the database, where one is configured: own recordings never wait for a server."""
        found = self._store.submit_read(here)
        if not self._elsewhere.listed:
            return found
        told: Future[T] = Future()

        def known(done: Future[T]) -> None:
            if isinstance(done.exception(), NotFoundError):
                try:
                    asked = self._elsewhere.ask(there)
                except RuntimeError:  # the program is ending
                    told.set_exception(Cancelled("Skiuo is closing."))
                else:
                    asked.add_done_callback(lambda answer: _hand_on(answer, told))
            else:
                _hand_on(done, told)

        found.add_done_callback(known)
        return told

    # Space

    def retention_preview(self, days: int | None = None, gb: float | None = None) -> Future[RetentionPreview]:
        """What the local rule would free now; None stands for the setting's value."""
        return self._loop.submit(self._retention.preview(days, gb))

    def free_video(self, recording_ids: Sequence[str]) -> Future[int]:
        """Removes the videos of these recordings, as far as they may go; texts stay. The bytes that were freed."""
        return self._loop.submit(self._retention.carry_out(recording_ids))


def _hand_on(done: Future[T], told: Future[T]) -> None:
    if done.cancelled():
        told.set_exception(Cancelled("Cancelled."))
    elif (error := done.exception()) is not None:
        told.set_exception(error)
    else:
        told.set_result(done.result())
