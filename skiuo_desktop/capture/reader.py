"""The thread that opens a source, reads it and closes it. One source, one thread: a stuck one is left behind, never waited for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from skiuo_desktop.capture.frames import AudioBlock, Frame, Source, SourceInfo
from skiuo_desktop.errors import SourceError

log = logging.getLogger(__name__)

RELEASE_S = 1.0


class Owner(Protocol):
    """Who is told what a reader finds. Called on the reader's thread, with the reader, so that an abandoned one can be ignored."""

    def reader_opened(self, reader: Reader, info: SourceInfo) -> None: ...

    def reader_got(self, reader: Reader, item: Frame | AudioBlock, missed: int) -> None:
        """`missed`: pictures that the source could not deliver since the item before."""
        ...

    def reader_ended(self, reader: Reader) -> None: ...

    def reader_failed(self, reader: Reader, error: SourceError) -> None: ...


class Reader:
    """Starts at once. `label` is the source's, for errors and logs. `before` is the reader that it replaces."""

    def __init__(self, make: Callable[[threading.Event], Source], label: str, owner: Owner, before: Reader | None = None) -> None:
        self.stopping = threading.Event()
        self._make = make
        self._label = label
        self._owner = owner
        self._before = before
        # A daemon: a driver that never returns must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)
        self._thread.start()

    def abandon(self) -> None:
        """Asks it to end. It closes its source itself as soon as the source lets it."""
        self.stopping.set()

    def join(self, timeout_s: float) -> bool:
        """Waits for the end; False when the source is stuck."""
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        source: Source | None = None
        before, self._before = self._before, None
        if before is not None:
            # A camera can be had once only; give the reader before a moment to let go of it.
            before.join(RELEASE_S)
        try:
            source = self._make(self.stopping)
            self._owner.reader_opened(self, source.open())
            counted = 0
            while not self.stopping.is_set():
                item = source.read()
                if item is None:
                    if not self.stopping.is_set():
                        self._owner.reader_ended(self)
                    return
                missed, counted = source.missed - counted, source.missed
                self._owner.reader_got(self, item, missed)
        except SourceError as error:
            self._owner.reader_failed(self, error)
        except Exception:
            # A driver's library may raise what it likes: the source is gone, and opening it anew may help.
            log.exception("%s failed", self._label)
            self._owner.reader_failed(self, SourceError(f"{self._label} failed unexpectedly; the log says more."))
        finally:
            self._close(source)

    def _close(self, source: Source | None) -> None:
        try:
            if source is not None:
                source.close()
        except Exception:
            log.warning("%s could not be closed properly", self._label, exc_info=True)
