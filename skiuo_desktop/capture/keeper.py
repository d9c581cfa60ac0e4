"""Keeps one source open: notices when pictures stay away and opens it anew."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from skiuo_desktop.capture.frames import AudioBlock, Frame, Source, SourceInfo
from skiuo_desktop.capture.health import Gap, Pulse
from skiuo_desktop.capture.reader import Reader
from skiuo_desktop.capture.sources import SourceSpec
from skiuo_desktop.errors import SourceError
from skiuo_desktop.events import CaptureState, SourceHealth

log = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 20.0
"""A camera may take long to open, but not for ever."""
FIRST_FRAME_NS = 10_000_000_000
"""How long a source that is being opened anew may take before it is tried once more."""
TICK_S = 0.05
HEALTH_NS = 500_000_000
CLOSE_S = 2.0
LEAST_STALL_NS = 500_000_000
"""Less than that is no stall: a busy machine and a slow network stumble now and then, and nobody wants to hear of it."""


class Listener(Protocol):
    """Who gets what the source gives. Called on the keeper's threads; times are monotonic nanoseconds."""

    def source_got(self, item: Frame | AudioBlock, missed: int, gone: threading.Event) -> None:
        """`missed` pictures were lost in the source before this item. `gone` is set once the item's reader is given up."""
        ...

    def source_lost(self, since_ns: int, why: str) -> None: ...

    def source_back(self, since_ns: int, now_ns: int) -> None: ...

    def source_ended(self, why: str) -> None: ...

    def source_released(self) -> None:
        """A reader was given up: one that waits for the listener must look at its `gone`."""
        ...

    def source_health(self, health: SourceHealth) -> None: ...


class Keeper:
    """`live`: the source goes on by itself, so silence is a stall, and opening it anew may help."""

    def __init__(self, spec: SourceSpec, fps: float, live: bool, make: Callable[[threading.Event], Source], listener: Listener) -> None:
        self.latest: Frame | None = None
        self.state = CaptureState.STARTING
        self._spec = spec
        self._live = live
        self._make = make
        self._listener = listener
        self._changed = threading.Condition()
        self._reader: Reader | None = None
        self._info: SourceInfo | None = None
        self._error: SourceError | None = None
        self._gap: Gap | None = None
        self._pulse = Pulse(fps, LEAST_STALL_NS)
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, name="source-watch", daemon=True)

    def open(self) -> SourceInfo:
        """Raises SourceError when there is no picture in time."""
        with self._changed:
            self._start_reader()
            self._changed.wait_for(lambda: self._info is not None or self._error is not None, OPEN_TIMEOUT_S)
            info, error = self._info, self._error
        if info is None:
            self.close()
            raise error or SourceError(f"{self._spec.label} does not answer.")
        self._watch.start()
        return info

    def close(self) -> None:
        """Ends the threads. A source that is stuck in its driver is left behind: it is heard no more."""
        self._closing.set()
        with self._changed:
            reader, self._reader = self._reader, None
            self.state = CaptureState.STOPPED
            if reader is not None:
                reader.abandon()
        self._listener.source_released()
        if self._watch.is_alive():
            self._watch.join(CLOSE_S)
        if reader is not None and not reader.join(CLOSE_S):
            log.warning("%s is stuck and has been left behind", self._spec.label)

    def restart(self) -> None:
        """Begins anew: a file at its beginning."""
        with self._changed:
            if self._reader is not None:
                self._start_reader()
        self._listener.source_released()

    def retry(self) -> None:
        """Opens the source anew without waiting, whether it is lost or not."""
        with self._changed:
            if self._gap is None:
                self._gap = Gap(self._last_ns(), retry_ns=0)
            self._gap.retry_ns = 0

    @property
    def lost_since_ns(self) -> int | None:
        """When the last picture came, if the source is stalled or lost."""
        with self._changed:
            return self._gap.since_ns if self._gap is not None else None

    # -- the reader's thread

    def reader_opened(self, reader: Reader, info: SourceInfo) -> None:
        with self._changed:
            if reader is not self._reader:
                return
            if self._info is None:
                self._info = info
                self._pulse = Pulse(info.fps, LEAST_STALL_NS)
                self.state = CaptureState.LIVE
            self._pulse.start(time.monotonic_ns())
            self._changed.notify_all()

    def reader_got(self, reader: Reader, item: Frame | AudioBlock, missed: int) -> None:
        with self._changed:
            if reader is not self._reader:
                return
            gap = None
            if isinstance(item, Frame):
                gap, self._gap = self._gap, None
                self.latest = item
                self.state = CaptureState.LIVE
                self._pulse.beat(time.monotonic_ns())
        if gap is not None:
            self._listener.source_back(gap.since_ns, item.time_ns)
        self._listener.source_got(item, missed, reader.stopping)

    def reader_ended(self, reader: Reader) -> None:
        self._end(reader, "")

    def reader_failed(self, reader: Reader, error: SourceError) -> None:
        with self._changed:
            if reader is not self._reader:
                return
            if self._info is None:
                self._error = error
                self._changed.notify_all()
                return
            new = self._gap is None
            gap = self._gap = self._gap or Gap(self._last_ns(), retry_ns=0)
            gap.later(time.monotonic_ns())
            self.state = CaptureState.LOST
        log.warning("%s", error)
        if not self._live:
            # A file that cannot be read any more does not come back by waiting.
            self._end(reader, str(error))
        elif new:
            self._listener.source_lost(gap.since_ns, str(error))

    def _end(self, reader: Reader, why: str) -> None:
        with self._changed:
            if reader is not self._reader:
                return
            self._gap = None
            self.state = CaptureState.STOPPED
        self._listener.source_ended(why)

    # -- the watch's thread

    def _watch_over(self) -> None:
        health_due_ns = before_ns = time.monotonic_ns()
        while not self._closing.wait(TICK_S):
            now_ns = time.monotonic_ns()
            # If this thread was kept from running, the reader was too: its silence proves nothing yet.
            punctual = now_ns - before_ns < 3 * TICK_S * 1e9
            before_ns = now_ns
            if self._live and self._look(now_ns, punctual):
                health_due_ns = now_ns
            if now_ns >= health_due_ns:
                health_due_ns = now_ns + HEALTH_NS
                self._listener.source_health(self._health(now_ns))

    def _look(self, now_ns: int, punctual: bool) -> bool:
        """Finds a stall, and opens the source anew when it is time to. True when the state changed."""
        with self._changed:
            if self._gap is not None:
                if now_ns < self._gap.retry_ns:
                    return False
                self._gap.attempts += 1
                self._gap.retry_ns = now_ns + FIRST_FRAME_NS
                self.state = CaptureState.LOST
                self._start_reader()
                return True
            if not punctual or not self._pulse.stalled(now_ns):
                return False
            gap = self._gap = Gap(self._last_ns(), retry_ns=0)
            gap.later(now_ns)
            self.state = CaptureState.STALLED
        why = f"{self._spec.label} sends no pictures."
        log.warning("%s", why)
        self._listener.source_lost(gap.since_ns, why)
        return True

    def _health(self, now_ns: int) -> SourceHealth:
        with self._changed:
            info, latest, gap = self._info, self.latest, self._gap
            return SourceHealth(
                source=self._spec.text,
                fps=round(self._pulse.fps(now_ns), 2),
                width=latest.width if latest is not None else info.width if info is not None else 0,
                height=latest.height if latest is not None else info.height if info is not None else 0,
                state=self.state,
                since_frame_ms=(now_ns - gap.since_ns if gap is not None else self._pulse.age_ns(now_ns)) // 1_000_000,
                reopen_attempt=gap.attempts if gap is not None else 0,
            )

    # -- both; `_changed` is held

    def _last_ns(self) -> int:
        return self.latest.time_ns if self.latest is not None else time.monotonic_ns()

    def _start_reader(self) -> None:
        before = self._reader
        if before is not None:
            before.abandon()
        self._reader = Reader(self._make, self._spec.label, self, before)
