"""The mirror stage: two threads of low priority, one for rows and one for objects, that catch up whenever something changed.

Nothing waits for them. A server that is away makes them wait longer and longer; what is to be done stands in the library,
so nothing is lost when they are stopped anywhere.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from skiuo_desktop import failures, remarks
from skiuo_desktop import settings as s
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.engine.workers import GRACE_S, join
from skiuo_desktop.errors import BackendError, BugError, Cancelled, SkiuoError, UsageError
from skiuo_desktop.events import (
    AnalysisEnded,
    BackendChanged,
    Event,
    MarkerAdded,
    RecordingChanged,
    RecordingDeleted,
    RecordingSaved,
    SettingChanged,
    WindowChanged,
)
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadJob
from skiuo_desktop.model import BackendStatus, BackendTrouble, Upload

if TYPE_CHECKING:
    from skiuo_desktop.engine.mirror_objects import ObjectMirror
    from skiuo_desktop.engine.mirror_rows import RowMirror

log = logging.getLogger(__name__)

SETTLE_S = 1.0
"""After a change this long is waited for more: a window's text changes several times a second while it streams."""
OTHERS_S = 3.0
"""How often it is looked whether another program on this library changed something."""
LOOK_EVERY_S = 60.0
"""Without any change: rules whose time has come."""
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 60.0
SAY_EVERY_S = 0.2
ROUNDS = 5
"""Of objects and rows until everything is there; more are needed only where something changes all the time."""

_CHANGES = (RecordingChanged, RecordingSaved, RecordingDeleted, WindowChanged, AnalysisEnded, MarkerAdded)


class MirrorStage:
    """`run` it in a program that lives for a while; `once` catches up and returns."""

    def __init__(
        self,
        library: Library,
        servers: Servers,
        settings: s.Settings,
        publish: Callable[[Event], None],
        *,
        clip_bytes: Callable[[UploadJob], bytes],
        tidy: Callable[[], object] = lambda: None,
    ) -> None:
        """`clip_bytes`: cuts the clip of a job again. `tidy`: releases what the rules say is not needed any more, before each round of objects."""
        self._library = library
        self._servers = servers
        self._settings = settings
        self._clip_bytes = clip_bytes
        self._publish = publish
        self._tidy = tidy
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._halves_at_work = {"rows": threading.Lock(), "objects": threading.Lock()}
        self._wakers = {"rows": threading.Event(), "objects": threading.Event()}
        self._again = {"rows": threading.Event(), "objects": threading.Event()}
        """Ends the wait after an error: a person changed something."""
        self._lock = FileLock(library.home.root / "mirror.lock", thread_local=False)
        self._acquiring = threading.Lock()
        self._stood_back = False
        """Another program on this library mirrors."""
        self._halves: tuple[RowMirror, ObjectMirror] | None = None
        self._asked = False
        """Somebody waits for `once`."""
        self._aimed = {"rows": "", "objects": ""}
        self._building = threading.Lock()
        self._errors: dict[str, SkiuoError] = {}
        self._reachable: bool | None = None
        self._pace = _Pace()
        self._said_at = 0.0
        self._counted = BackendStatus(configured=False)
        self.metered = False
        """The system says that the connection costs money."""

    # Life

    def start(self) -> None:
        """Mirrors from now on, in the background. Another program on this library that does so already goes first."""
        for name, work in (("rows", self._rows), ("objects", self._objects)):
            thread = threading.Thread(target=self._run, args=(name, work), name=f"mirror-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """What is being sent is cut; it goes on another time. Threads that a server keeps waiting are left behind: nothing is lost with them."""
        self._stopping.set()
        self.wake(again=True)
        if not join(self._threads, GRACE_S):
            self._servers.cut()
            join(self._threads, GRACE_S)
        self._lock.release(force=True)

    def wake(self, *, again: bool = False) -> None:
        """There may be something to do. From any thread. `again`: also where a server was away a moment ago."""
        for events in (self._wakers, self._again) if again else (self._wakers,):
            for event in events.values():
                event.set()

    def on_event(self, event: Event) -> None:
        """On the publisher's thread."""
        if isinstance(event, SettingChanged) and event.key.startswith("backend."):
            self.wake(again=True)
        elif isinstance(event, _CHANGES):
            self.wake()

    def once(self, on_status: Callable[[BackendStatus], None] = lambda _status: None) -> BackendStatus:
        """Catches up with everything and returns, on the caller's thread. Raises SkiuoError with the first thing that kept it from that."""
        if not self._servers.configured:
            raise UsageError("There is no backend to mirror to: `skiuo backend set --s3 URL --dsn DSN`.")
        if self._settings.get(s.BACKEND_PAUSED):
            raise UsageError("The mirror is paused: `skiuo backend set --resume`.")
        self._asked = True
        try:
            return self._caught_up(on_status)
        finally:
            self._asked = False

    def _caught_up(self, on_status: Callable[[BackendStatus], None]) -> BackendStatus:
        while not self._acquire():
            # Another program mirrors this library: it does the work, and we look.
            status = self.status()
            on_status(status)
            if status.pending_rows == status.pending_objects == 0:
                return status
            if status.trouble is not None:
                raise BackendError(status.last_error, status.trouble, server=status.server)
            if self._stopping.wait(SETTLE_S):
                raise Cancelled("The mirror was stopped.")
        self._errors.clear()
        self._attempt("rows", self._rows)
        if not self._errors:
            self._attempt("objects", self._verify)
        for _ in range(ROUNDS):
            # An object that is stored draws a row, and one that goes waits for the server to know.
            self._attempt("objects", self._objects)
            if "rows" not in self._errors:  # a server that is away is not waited for twice
                self._attempt("rows", self._rows)
            for error in list(self._errors.values()):
                raise error
            if self._stopping.is_set():
                raise Cancelled("The mirror was stopped.")
            status = self._say()
            on_status(status)
            if status.pending_rows == status.pending_objects == 0:
                break
        return status

    # What is known

    def status(self) -> BackendStatus:
        """Counted anew, from the library; the servers are not asked."""
        if not self._servers.configured:
            return BackendStatus(configured=False)
        state, (store, database) = self._library.mirror_state(), self._servers.names
        objects = self._library.pending_objects() if store else None
        rows = self._library.pending_rows(state.confirmed) if database else 0
        behind = [at for at in (state.behind_since if rows else None, objects.oldest_at if objects is not None else None) if at is not None]
        return BackendStatus(
            configured=True,
            reachable=self._reachable,
            pending_rows=rows,
            pending_objects=objects.count if objects is not None else 0,
            pending_bytes=objects.bytes if objects is not None else 0,
            oldest_pending_at=min(behind, default=None),
            last_error=state.error,
            trouble=BackendTrouble(state.trouble) if state.trouble else None,
            server=state.server,
            remark=state.remark,
            last_synced_at=state.synced_at,
            paused=self._paused(),
            upload=self._pace.upload,
            lifecycle_days=self._halves[1].lifecycle_days if self._halves is not None else None,
        )

    def _paused(self) -> str:
        if self._settings.get(s.BACKEND_PAUSED):
            return "setting"
        if self.metered and self._settings.get(s.BACKEND_METERED):
            return "metered"
        return "elsewhere" if self._stood_back else ""

    def _say(self) -> BackendStatus:
        self._counted = self.status()
        self._publish(BackendChanged(self._counted))
        return self._counted

    def _progress(self, job: UploadJob, done: int) -> None:
        upload = self._pace.moved(job, done)
        now = time.monotonic()
        if now - self._said_at >= SAY_EVERY_S:
            self._said_at = now
            self._publish(BackendChanged(replace(self._counted, upload=upload)))

    # The two threads

    def _run(self, name: str, work: Callable[[], None]) -> None:
        _step_back()
        waker, again = self._wakers[name], self._again[name]
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            waker.clear()
            again.clear()
            seen = self._revision()
            if self._halted():
                self._give_way()
            elif self._servers.configured and self._acquire():
                self._attempt(name, work)
            if name in self._errors:
                # Jittered, so that many desktops do not come back to a server all at once.
                again.wait(wait * random.uniform(0.7, 1.3))  # noqa: S311
                wait = min(wait * 2, LONGEST_WAIT_S)
                continue
            wait = FIRST_WAIT_S
            if self._stood_back:
                waker.wait(OTHERS_S)  # the other program may end at any time
            elif self._changed(waker, seen):
                self._stopping.wait(SETTLE_S)

    def _changed(self, waker: threading.Event, seen: int) -> bool:
        """Waits until something changed here, or another program on this library changed it; False when it is time to look all the same."""
        return any(waker.wait(OTHERS_S) or self._revision() != seen for _ in range(round(LOOK_EVERY_S / OTHERS_S)))

    def _revision(self) -> int:
        try:
            return self._library.revision()
        except SkiuoError as error:
            log.warning("%s", error)
            return -1

    def _halted(self) -> bool:
        return self._stopping.is_set() or self._paused() in ("setting", "metered")

    def _attempt(self, name: str, work: Callable[[], object]) -> None:
        """Does one round of one half; what went wrong is kept and said."""
        error: SkiuoError | None = None
        try:
            with self._halves_at_work[name]:
                work()
        except Cancelled:
            return
        except SkiuoError as trouble:
            error = trouble
            log.warning("the mirror (%s): %s", name, trouble)
        except Exception as trouble:
            log.exception("the mirror (%s)", name)
            error = remarks.error(BugError, "bug", name=type(trouble).__name__)
        if error is None:
            self._errors.pop(name, None)
        else:
            self._errors[name] = error
        errors = list(self._errors.values())
        self._reachable = not any(isinstance(each, BackendError) and each.trouble is BackendTrouble.UNREACHABLE for each in errors)
        try:
            self._note()
        except SkiuoError as trouble:
            log.warning("%s", trouble)

    def _note(self) -> None:
        first = next(iter(list(self._errors.values())), None)
        status = self.status()
        self._library.note_mirror(
            behind=bool(status.pending_rows or status.pending_objects),
            error=str(first or ""),
            trouble=first.trouble if isinstance(first, BackendError) else "",
            server=first.server if isinstance(first, BackendError) else "",
            remark=failures.whole(first) if first is not None else None,
        )
        self._pace.upload = None
        self._say()

    def _rows(self) -> None:
        rows, _objects = self._built("rows")
        rows.run(self._halted)

    def _objects(self) -> None:
        rows, objects = self._built("objects")
        store = self._aimed["objects"]
        self._tidy()
        before = self._library.revision()
        # The journal is of one store: where another is configured meanwhile, this round ends, and the next begins with a new journal.
        objects.run(lambda: self._halted() or self._servers.names[0] != store, rows.confirmed)
        if self._library.revision() != before:
            self._wakers["rows"].set()

    def _verify(self) -> None:
        _rows, objects = self._built("objects")
        objects.verify(self._stopping.is_set)

    def _built(self, name: str) -> tuple[RowMirror, ObjectMirror]:
        """Both halves, of which the one called `name` is for the server that is configured now. Loads their libraries when they are first needed.

        Each half says itself which server it goes to: the journal must not change while the other one sends.
        """
        from skiuo_desktop.engine.mirror_objects import ObjectMirror
        from skiuo_desktop.engine.mirror_rows import RowMirror

        with self._building:
            if self._halves is None:
                self._halves = RowMirror(self._library, self._servers), ObjectMirror(self._library, self._servers, self._clip_bytes, self._progress)
            store, database = self._servers.names
            if self._aimed[name] != (now := database if name == "rows" else store):
                self._library.aim(*(("", now) if name == "rows" else (now, "")), stop=self._stopping.is_set)
                self._aimed[name] = now
            return self._halves

    def _give_way(self) -> None:
        """This program does not mirror at present (only it may know that its connection is metered): another one may, unless somebody waits for this one."""
        rows, objects = self._halves_at_work.values()
        with self._acquiring:
            if self._lock.is_locked and not self._asked and not rows.locked() and not objects.locked():
                self._lock.release(force=True)

    def _acquire(self) -> bool:
        """Only one program mirrors a library: two would send the same file twice."""
        with self._acquiring:  # two threads at once would keep each other out
            if not self._lock.is_locked:
                try:
                    self._lock.acquire(blocking=False)
                except (Timeout, OSError):
                    self._stood_back = True
                    return False
            self._stood_back = False
            return True


@dataclass
class _Pace:
    """How fast the object under way goes."""

    upload: Upload | None = None
    _began: float = 0.0
    _first: int = 0

    def moved(self, job: UploadJob, done: int) -> Upload:
        now = time.monotonic()
        if self.upload is None or self.upload.key != job.key or done < self.upload.done:
            self._began, self._first = now, done
        took = now - self._began
        rate = (done - self._first) / took if took > 0.5 else 0.0
        left = (job.bytes - done) / rate if rate > 0 else None
        self.upload = Upload(job.key, job.recording_id, done, job.bytes, rate, left)
        return self.upload


def _step_back() -> None:
    """This thread waits for those that record. Only Linux has a priority for each thread."""
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        except OSError as error:
            log.info("no lower priority for the mirror: %s", error)
