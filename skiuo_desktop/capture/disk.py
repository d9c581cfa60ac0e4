"""Watches the room on the disk that a recording is written to."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

LOW_MS = 10 * 60 * 1000
"""Warn while about this much can still be recorded."""
FINE_AGAIN = 1.5
"""A warning is given again only after there was this much more room than at the warning."""
CHECK_NS = 200_000_000
KNOWN_AFTER_MS = 3_000
"""The rate of the first moments says little: the first keyframe is large."""


class DiskGuard:
    """Asked some times a second, with the figures of the recording."""

    def __init__(self, folder: Path, keep_free_bytes: int, expected_bytes_per_s: float) -> None:
        self._folder = folder
        self._keep = keep_free_bytes
        self._expected = expected_bytes_per_s
        self._now = 0.0  # bytes a second of the clock on the wall: more than those of the recording when it runs faster than real time
        self._checked_ns = time.monotonic_ns()
        self._checked_bytes = 0
        self._warned = False
        self.free_bytes = shutil.disk_usage(folder).free
        self.room_ms: int | None = None
        """Recorded time that still fits; None until the rate is known."""

    @property
    def minutes_left(self) -> int:
        return int(self._forecast_ms() // 60_000)

    @property
    def exhausted(self) -> bool:
        """Recording must stop now: what the next seconds and the end of the file take would touch what is kept free."""
        return self.free_bytes - self._reserve() <= self._keep

    def _reserve(self) -> float:
        return max(1 << 20, 3 * max(self._expected, self._now))

    def check(self, recorded_ms: int, written_bytes: int) -> bool:
        """Brings the figures up to date; True when a warning is due. Raises OSError when the disk does not answer."""
        since_ns = time.monotonic_ns() - self._checked_ns
        if since_ns >= CHECK_NS:
            # Clusters come in one piece: what is falling is believed slowly.
            self._now = max(0.8 * self._now, (written_bytes - self._checked_bytes) * 1e9 / since_ns)
            self._checked_ns += since_ns
            self._checked_bytes = written_bytes
            self.free_bytes = shutil.disk_usage(self._folder).free
        if recorded_ms >= KNOWN_AFTER_MS and written_bytes:
            self._expected = written_bytes * 1000 / recorded_ms
            self.room_ms = round(self._forecast_ms())
        if self._warned:
            self._warned = self._forecast_ms() < LOW_MS * FINE_AGAIN
            return False
        self._warned = self._forecast_ms() < LOW_MS
        return self._warned

    def _forecast_ms(self) -> float:
        return max(0.0, (self.free_bytes - self._keep) * 1000 / self._expected)
