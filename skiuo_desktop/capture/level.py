"""How loud sound is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.events import AudioLevel

SILENCE_DB = -120.0
PERIOD_NS = 100_000_000


def levels(samples: NDArray[np.int16]) -> tuple[float, float]:
    """(root mean square, peak) in dB relative to full scale; -120 for silence."""
    if not samples.size:
        return SILENCE_DB, SILENCE_DB
    scaled = samples.astype(np.float32) / 32768
    return _db(math.sqrt(float(np.mean(np.square(scaled))))), _db(float(np.abs(scaled).max()))


def _db(ratio: float) -> float:
    return max(SILENCE_DB, 20 * math.log10(ratio)) if ratio > 0 else SILENCE_DB


class LevelMeter:
    """Publishes the level of what it is given, ten times a second."""

    def __init__(self, publish: Callable[[AudioLevel], None]) -> None:
        self._publish = publish
        self._collected: list[NDArray[np.int16]] = []
        self._next_ns = 0

    def add(self, samples: NDArray[np.int16]) -> None:
        self._collected.append(samples)
        now_ns = time.monotonic_ns()
        if now_ns >= self._next_ns:
            self._next_ns = max(self._next_ns + PERIOD_NS, now_ns)
            rms_db, peak_db = levels(np.concatenate(self._collected))
            self._collected.clear()
            self._publish(AudioLevel(rms_db, peak_db))
