"""How fast objects leave, for all transfers together, and how a transfer is watched and stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from skiuo_desktop.errors import Cancelled

PIECE = 32 << 10
"""Most bytes that are handed to the socket at once while there is a limit."""
FREE_PIECE = 256 << 10
"""The same without one, at first, and on a slow line: a stop waits for no more."""
MOST_FREE_PIECE = 1 << 20
"""The same on a fast line, where each piece costs more than its bytes."""

_LEAST_PIECE = 512
_QUICK_S = 0.02  # a piece that is gone within this time may be followed by a larger one
_LOOK_S = 0.05  # a changed limit, or a stop, takes effect within this time


def never() -> bool:
    return False


def nobody(_bytes: int) -> None:
    """Progress that nobody wants."""


class Limiter:
    """Bytes per second that all senders share. `bytes_per_second` is asked for each piece, so that a change counts at once; 0: no limit. Thread-safe."""

    def __init__(self, bytes_per_second: Callable[[], int] = lambda: 0) -> None:
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        self._owed = 0.0  # bytes that were let through and not yet paid by time
        self._at = time.monotonic()

    def piece(self, free: int = FREE_PIECE) -> int:
        """How many bytes to send next: about a tenth of a second's worth, so that a slow line is even; `free` without a limit."""
        rate = self._rate()
        return free if rate <= 0 else max(_LEAST_PIECE, min(PIECE, rate // 10))

    def take(self, count: int, stop: Callable[[], bool] = never) -> None:
        """Waits until `count` bytes may leave. Raises Cancelled where `stop` says so."""
        while True:
            if stop():
                raise Cancelled("The transfer was stopped.")
            with self._lock:
                now, rate = time.monotonic(), self._rate()
                self._owed = max(0.0, self._owed - rate * (now - self._at)) if rate > 0 else 0.0
                self._at = now
                if self._owed < 1:
                    self._owed += count if rate > 0 else 0
                    return
                wait = self._owed / rate
            time.sleep(min(wait, _LOOK_S))


@dataclass(frozen=True)
class _Watch:
    progress: Callable[[int], None]
    stop: Callable[[], bool]


_unwatched = _Watch(nobody, never)
_watch: ContextVar[_Watch] = ContextVar("watch")


@contextmanager
def watched(progress: Callable[[int], None], stop: Callable[[], bool]) -> Iterator[None]:
    """What this thread sends within reports the bytes of the present body that have left (again from 0 where it is sent anew), and ends when `stop` says so."""
    token = _watch.set(_Watch(progress, stop))
    try:
        yield
    finally:
        _watch.reset(token)


class Paced:
    """A request's body in pieces, each of which waits for its turn."""

    def __init__(self, body: bytes, limiter: Limiter) -> None:
        self._body = memoryview(body)
        self._limiter = limiter
        self._watch = _watch.get(_unwatched)
        self.sent = 0

    def __iter__(self) -> Iterator[memoryview]:
        self.sent, free = 0, FREE_PIECE
        while self.sent < len(self._body):
            piece = self._body[self.sent : self.sent + self._limiter.piece(free)]
            self._limiter.take(len(piece), self._watch.stop)
            begun = time.monotonic()
            yield piece
            free = min(2 * free, MOST_FREE_PIECE) if time.monotonic() - begun < _QUICK_S else FREE_PIECE
            self.sent += len(piece)
            self._watch.progress(self.sent)
