"""The only place where the engine's threads and Qt's meet.

Events and results arrive on whatever thread the engine runs; here they cross into the GUI thread, once, by a queued signal.
Everything connected to `Bridge.event`, and every callback of `Bridge.ask`, runs on the GUI thread.
"""

from __future__ import annotations

import itertools
import logging
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from skiuo_desktop.errors import BugError, Cancelled, SkiuoError
from skiuo_desktop.events import Event

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Asked:
    owner: weakref.ref[QObject]
    on_result: Callable[[Any], object]
    on_error: Callable[[SkiuoError], object] | None


class Bridge(QObject):
    """Carries the engine's events and answers to the GUI thread. Made before the engine, which takes its time to load."""

    event = Signal(object)  # type: ignore[assignment]  # an `events.Event`; hides QObject.event(), which nothing here overrides
    ready = Signal()
    """The engine is there."""
    failed = Signal(object)
    """A SkiuoError that no `on_error` took: the window shows it."""

    _crossing = Signal(object)
    _settled = Signal(object)
    _came = Signal(object)

    def __init__(self, engine: Engine | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: Engine | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._open = True
        self._numbers = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="window-work")
        self._crossing.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._settled.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        if engine is not None:
            self.attach(engine)

    @property
    def engine(self) -> Engine:
        """Raises BugError before `ready` and after `detach`."""
        if self._engine is None:
            raise BugError("The engine was asked for while it was not there.")
        return self._engine

    @property
    def is_ready(self) -> bool:
        return self._engine is not None and self._open

    def attach(self, engine: Engine) -> None:
        """From now on the engine's events arrive. Call it on the GUI thread."""
        self._engine = engine
        self._unsubscribe = engine.publisher.subscribe(self._published)
        self.ready.emit()

    def detach(self) -> None:
        """The engine is about to stop: its events come no more, and nobody finds it to ask it something."""
        self._engine = None
        self._leave()

    def _leave(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def close(self) -> None:
        """Nothing arrives any more: neither events nor results of what is still running. What `work` was given is finished first."""
        self._open = False
        self._worker.shutdown(wait=True)
        self._asked.clear()
        self._leave()

    def work(self, call: Callable[[], T]) -> Future[T]:
        """Runs what may touch the disk (saving a setting) off the GUI thread, in order."""
        return self._worker.submit(call)

    def ask(
        self,
        future: Future[T],
        on_result: Callable[[T], object],
        on_error: Callable[[SkiuoError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Delivers the outcome of `future` on the GUI thread, unless its owner is gone by then.

        The owner is the object whose bound method `on_result` is; a plain function needs `owner`. Without `on_error` the error goes to
        `failed`. What the person cancelled is no error and reaches neither.
        """
        holder = owner if owner is not None else getattr(on_result, "__self__", None)
        if not isinstance(holder, QObject):
            raise TypeError("ask() needs a bound method of a QObject, or an owner")
        number = next(self._numbers)
        self._asked[number] = _Asked(weakref.ref(holder), _weakly(on_result), _weakly(on_error))
        future.add_done_callback(lambda done: self._emit_safely(self._settled, (number, done)))

    def carry(self, on_value: Callable[[T], object]) -> Callable[[T], None]:
        """A function for the engine's threads: what it is told arrives on the GUI thread at `on_value`, a bound method of a QObject, as long as that lives."""
        if not isinstance(getattr(on_value, "__self__", None), QObject):
            raise TypeError("carry() needs a bound method of a QObject")
        weak = _weakly(on_value)
        return lambda value: self._emit_safely(self._came, (weak, value))

    # ------------------------------------------------------------------ on the engine's threads

    def _published(self, event: Event) -> None:
        self._emit_safely(self._crossing, event)

    def _emit_safely(self, signal: Any, value: object) -> None:
        """The window may be gone while the engine is still saying its last words."""
        if self._open and shiboken6.isValid(self):
            signal.emit(value)

    # ------------------------------------------------------------------ on the GUI thread

    @Slot(object)
    def _deliver(self, event: Event) -> None:
        if self._open:
            self.event.emit(event)

    @Slot(object)
    def _hand_over(self, came: tuple[Callable[[Any], object], Any]) -> None:
        if self._open:
            came[0](came[1])

    @Slot(object)
    def _settle(self, settled: tuple[int, Future[Any]]) -> None:
        number, future = settled
        asked = self._asked.pop(number, None)
        owner = asked.owner() if asked is not None else None
        if asked is None or owner is None or not shiboken6.isValid(owner):
            return
        error = _error_of(future)
        if error is None:
            asked.on_result(future.result())
        elif isinstance(error, Cancelled):
            return
        elif asked.on_error is not None:
            asked.on_error(error)
        else:
            self.failed.emit(error)


def _weakly(callback: Callable[[Any], object] | None) -> Any:
    """The callback, without keeping alive the object whose method it is."""
    if not isinstance(callback, MethodType):
        return callback
    method = weakref.WeakMethod(callback)

    def call(value: object) -> None:
        bound = method()
        if bound is not None and (not isinstance(bound.__self__, QObject) or shiboken6.isValid(bound.__self__)):
            bound(value)

    return call


def _error_of(future: Future[Any]) -> SkiuoError | None:
    if future.cancelled():
        return Cancelled("Cancelled.")
    error = future.exception()
    if error is None or isinstance(error, SkiuoError):
        return error
    if isinstance(error, CancelledError):
        return Cancelled("Cancelled.")
    log.error("an engine call failed", exc_info=error)
    return BugError(QCoreApplication.translate("Bridge", "Something went wrong inside Skiuo: {0}. The log has the details.").format(type(error).__name__))
