"""What the timeline draws under the windows: one byte a second for motion and one for sound."""

from __future__ import annotations

import math
import threading

import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.capture.level import SILENCE_DB, levels
from skiuo_desktop.capture.picture import Picture, small_grey
from skiuo_desktop.model import Tracks

SAMPLE_MS = 200
MOST_MOTION = 32.0
"""A mean difference of so many of 255 steps between two samples is as much motion as is drawn. The square root is drawn: a hand that
works in a corner changes a hundredth of what a cut changes, and is what one looks for."""
QUIET_DB = -60.0
"""What is not louder than this is drawn as silence."""


class TrackMeter:
    """Fed by the encoder's thread, read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._motion = bytearray()
        self._sound = bytearray()
        self._before: NDArray[np.int16] | None = None
        self._next_ms = 0

    def picture(self, i420: Picture, time_ms: int) -> None:
        """Looks at a picture if the last look is long enough ago."""
        if time_ms < self._next_ms:
            return
        self._next_ms = time_ms + SAMPLE_MS
        grey = small_grey(i420)
        moved = 0.0 if self._before is None else float(np.abs(grey - self._before).mean())
        self._before = grey
        self._note(self._motion, time_ms, round(255 * math.sqrt(min(1.0, moved / MOST_MOTION))))

    def sound(self, samples: NDArray[np.int16], time_ms: int) -> None:
        rms_db, _ = levels(samples)
        loud = max(0.0, min(1.0, (rms_db - QUIET_DB) / -QUIET_DB)) if rms_db > SILENCE_DB else 0.0
        self._note(self._sound, time_ms, round(loud * 255))

    def tracks(self) -> Tracks:
        with self._lock:
            return Tracks(bytes(self._motion), bytes(self._sound))

    def _note(self, track: bytearray, time_ms: int, value: int) -> None:
        """Each second shows its greatest value."""
        second = time_ms // 1000
        with self._lock:
            if second >= len(track):
                track.extend(bytes(second + 1 - len(track)))
            track[second] = max(track[second], value)
