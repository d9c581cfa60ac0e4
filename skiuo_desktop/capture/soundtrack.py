"""Keeps the sound in step with the picture: an unbroken run of samples that begins with the recording.

Blocks come with the time of their first sample. Where that is more than `TOLERANCE_MS` away from where the run has got
to (the device's clock drifts, blocks were lost, the device stalled), silence is put in or samples are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.capture.frames import SOUND_RATE
from skiuo_desktop.capture.writer import SOUND_FRAME

TOLERANCE_MS = 40
SMOOTHING = 0.05
"""Weight of the newest block in the mean deviation: time stamps jitter by some milliseconds, drift takes minutes to show."""
JUMP_MS = 200
"""A deviation that cannot be jitter is corrected at once."""

Samples = NDArray[np.int16]


class Soundtrack:
    """`limit_ms`: the run never goes beyond it."""

    def __init__(self, channels: int, limit_ms: int | None = None) -> None:
        self._channels = channels
        self._limit = None if limit_ms is None else limit_ms * SOUND_RATE // 1000
        self._rest: Samples = np.zeros((0, channels), dtype=np.int16)  # what does not fill an Opus frame yet
        self._encoded = 0  # samples handed out as frames
        self._deviation = 0.0  # mean of (time stamp - place in the run), in samples
        self._aligned = False  # the run continues real sound; after silence the next block is put exactly where it belongs
        self.corrections = 0

    @property
    def length(self) -> int:
        """Samples the run has got to."""
        return self._encoded + len(self._rest)

    @property
    def length_ms(self) -> int:
        return self.length * 1000 // SOUND_RATE

    def add(self, samples: Samples, media_ns: int) -> None:
        """Samples of shape (n, channels) whose first one belongs at `media_ns`; what lies before the start is left out."""
        at = media_ns * SOUND_RATE // 1_000_000_000
        if at < 0:
            samples, at = samples[-at:], 0
        if not len(samples):
            return
        off = at - self.length
        self._deviation += (off - self._deviation) * SMOOTHING
        jump = not self._aligned or abs(off) > JUMP_MS * SOUND_RATE // 1000
        if jump or abs(self._deviation) > TOLERANCE_MS * SOUND_RATE // 1000:
            correction = off if jump else round(self._deviation)
            self.corrections += self._aligned
            self._deviation, self._aligned = 0.0, True
            if correction > 0:
                self._append(np.zeros((correction, self._channels), dtype=np.int16))
            elif correction < 0:
                self._aligned = len(samples) > -correction
                samples = samples[-correction:]
        self._append(self._fit(samples))

    def interrupted(self) -> None:
        """What comes next does not continue what came before: it is put exactly where it belongs."""
        self._aligned = False

    def fill(self, until_ms: int) -> None:
        """Silence up to `until_ms`: nothing came in time. What still comes for that time is left out."""
        missing = until_ms * SOUND_RATE // 1000 - self.length
        if missing > 0:
            self.interrupted()
            self._append(np.zeros((missing, self._channels), dtype=np.int16))

    def frames(self, *, last: bool = False) -> Iterator[tuple[Samples, int]]:
        """(samples of one Opus frame, place of the first) of what is complete; with `last` also of what is not, padded with silence."""
        if last and len(self._rest) % SOUND_FRAME:
            padding = SOUND_FRAME - len(self._rest) % SOUND_FRAME
            self._rest = np.concatenate((self._rest, np.zeros((padding, self._channels), dtype=np.int16)))
        while len(self._rest) >= SOUND_FRAME:
            frame, self._rest = self._rest[:SOUND_FRAME], self._rest[SOUND_FRAME:]
            place, self._encoded = self._encoded, self._encoded + SOUND_FRAME
            yield frame, place

    def _append(self, samples: Samples) -> None:
        if self._limit is not None:
            samples = samples[: max(0, self._limit - self.length)]
        self._rest = np.concatenate((self._rest, samples))

    def _fit(self, samples: Samples) -> Samples:
        """In the track's number of channels."""
        have = samples.shape[1]
        if have == self._channels:
            return samples
        if have == 1:
            return np.repeat(samples, self._channels, axis=1)
        mono = samples.astype(np.int32).mean(axis=1, keepdims=True).astype(np.int16)
        return mono if self._channels == 1 else np.repeat(mono, self._channels, axis=1)
