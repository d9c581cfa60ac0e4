"""Recorded time: the monotonic clock since the first picture, without the pauses."""

from __future__ import annotations

import threading


class Timeline:
    """Turns time stamps into recorded time. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin_ns: int | None = None
        self._pauses: list[tuple[int, int]] = []  # what is over; in order, none touches another
        self._paused_at: int | None = None

    @property
    def paused(self) -> bool:
        with self._lock:
            return self._paused_at is not None

    @property
    def pauses(self) -> int:
        """How many are over."""
        with self._lock:
            return len(self._pauses)

    def begin(self, time_ns: int) -> None:
        """The first picture: recorded time 0."""
        with self._lock:
            self._begin_ns = time_ns

    def pause(self, time_ns: int) -> None:
        """Nothing from `time_ns` on is recorded. A second pause within a pause changes nothing."""
        with self._lock:
            if self._paused_at is None:
                self._paused_at = max(time_ns, self._pauses[-1][1] if self._pauses else time_ns)

    def resume(self, time_ns: int) -> None:
        with self._lock:
            if self._paused_at is not None and time_ns > self._paused_at:
                self._pauses.append((self._paused_at, time_ns))
            self._paused_at = None

    def media_ns(self, time_ns: int) -> int | None:
        """Recorded time of a moment; None within a pause, or while nothing has begun. Negative before the first picture."""
        with self._lock:
            if self._begin_ns is None or (self._paused_at is not None and time_ns >= self._paused_at):
                return None
            if any(start <= time_ns < end for start, end in self._pauses):
                return None
            return self._elapsed(time_ns)

    def elapsed_ns(self, time_ns: int) -> int:
        """Recorded time that has gone by at a moment; stands still within a pause; 0 while nothing has begun."""
        with self._lock:
            return max(0, self._elapsed(time_ns))

    def pieces(self, start_ns: int, end_ns: int) -> list[tuple[int, int, int]]:
        """(recorded time, from, to) of the parts of `[start_ns, end_ns)` that are recorded."""
        with self._lock:
            if self._begin_ns is None:
                return []
            if self._paused_at is not None:
                end_ns = min(end_ns, self._paused_at)
            pieces: list[tuple[int, int, int]] = []
            for pause_start, pause_end in [*self._pauses, (end_ns, end_ns)]:
                if start_ns < min(pause_start, end_ns):
                    pieces.append((self._elapsed(start_ns), start_ns, min(pause_start, end_ns)))
                start_ns = max(start_ns, pause_end)
            return pieces

    def _elapsed(self, time_ns: int) -> int:
        if self._begin_ns is None:
            return 0
        if self._paused_at is not None:
            time_ns = min(time_ns, self._paused_at)
        begin_ns = self._begin_ns
        paused = sum(max(0, min(end, time_ns) - max(start, begin_ns)) for start, end in self._pauses if start < time_ns)
        return time_ns - begin_ns - paused
