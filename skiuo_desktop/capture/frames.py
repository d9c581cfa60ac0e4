"""What a source gives: pictures, sound and the facts about them, and the protocol that every source follows."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Speed = Literal["real", "max"]

SOUND_RATE = 48_000
"""Samples a second of every `AudioBlock`: what Opus works at, so nothing is resampled twice."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The picture that is asked of a camera, which gives the nearest it can. A screen follows the rate only, a file nothing."""

    width: int
    height: int
    fps: int
    mjpg: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture. Nobody writes to it: the preview, the queue and the encoder share it.

    `i420` has the shape (height * 3 // 2, width): the brightness plane, then both colour planes, BT.601 in video range.
    Width and height are even. `time_ns` is on the scale of `time.monotonic_ns()`.
    """

    i420: NDArray[np.uint8]
    width: int
    height: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """Sound: `samples` of shape (n, channels), `rate` samples a second; `time_ns` is the time of the first one."""

    samples: NDArray[np.int16]
    rate: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """An open source: the size of its pictures, the rate that it says it has, and whether sound comes with it, in how many channels."""

    width: int
    height: int
    fps: float
    has_audio: bool
    channels: int = 0


class Source(Protocol):
    """One open source. Made, opened, read and closed on one thread, its reader's.

    `missed` counts the pictures that the source itself knows it did not deliver.
    """

    missed: int

    def open(self) -> SourceInfo:
        """Opens it and takes a first picture, so that the size is true. Raises SourceError."""
        ...

    def read(self) -> Frame | AudioBlock | None:
        """Waits for the next picture or sound; None at the end. Raises SourceError when the source is gone."""
        ...

    def close(self) -> None:
        """Gives everything back. May be called on a source that never opened."""
        ...


def sleep_until(time_ns: int, stopping: threading.Event) -> bool:
    """Sleeps until `time_ns` on the monotonic clock; False at once when the source is being closed meanwhile."""
    remaining = time_ns - time.monotonic_ns()
    return not stopping.is_set() if remaining <= 0 else not stopping.wait(remaining / 1e9)
