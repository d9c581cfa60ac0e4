"""The bounded queue between a source and the encoder."""

from __future__ import annotations

import threading
import time
from collections import deque

from skiuo_desktop.capture.frames import AudioBlock, Frame

HELD_BYTES = 64 << 20
"""Pictures waiting for the encoder take at most this much: 1.6 s of 720p30, enough for a disk that holds its breath."""
MOST_FRAMES, LEAST_FRAMES = 60, 4
SOUND_BLOCKS = 1_000
"""At least 10 s of any device's blocks: sound is small, and a hole in it is heard."""


class Inbox:
    """Pictures and sound in the order of their arrival.

    When it is full: a lossless inbox makes the source wait; any other drops the newest picture, or block of sound, and
    counts it. A full inbox of sound never keeps pictures out, nor the other way round.
    """

    def __init__(self, frame_bytes: int, *, lossless: bool) -> None:
        self._room = max(LEAST_FRAMES, min(MOST_FRAMES, HELD_BYTES // max(1, frame_bytes)))
        self._lossless = lossless
        self._items: deque[tuple[Frame | AudioBlock, int]] = deque()
        self._frames = 0
        self._sounds = 0
        self._closed = False
        self._pictures_closed = False
        self._changed = threading.Condition()
        self.dropped_frames = 0
        self.dropped_sounds = 0

    def put(self, item: Frame | AudioBlock) -> None:
        """Takes one item; nothing once closed."""
        with self._changed:
            if self._lossless:
                self._changed.wait_for(lambda: self._refuses(item) or not self._full(item))
            if self._refuses(item):
                return
            if self._full(item):
                self.dropped_frames += isinstance(item, Frame)
                self.dropped_sounds += isinstance(item, AudioBlock)
                return
            self._items.append((item, time.monotonic_ns()))
            self._frames += isinstance(item, Frame)
            self._sounds += isinstance(item, AudioBlock)
            self._changed.notify_all()

    def missed(self, frames: int) -> None:
        """Counts pictures that the source itself could not deliver."""
        with self._changed:
            self.dropped_frames += frames

    def get(self, timeout_s: float) -> tuple[Frame | AudioBlock, int] | None:
        """The oldest item and how long it waited, in ns. None when nothing came in time, or it is closed and empty."""
        with self._changed:
            if not self._items and not self._closed:
                self._changed.wait(timeout_s)
            if not self._items:
                return None
            item, came_ns = self._items.popleft()
            self._frames -= isinstance(item, Frame)
            self._sounds -= isinstance(item, AudioBlock)
            self._changed.notify_all()
            return item, time.monotonic_ns() - came_ns

    def close_to_pictures(self) -> None:
        """Only sound still comes in: it arrives later than the pictures that it belongs to."""
        with self._changed:
            self._pictures_closed = True
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing more comes in; what is in it can still be taken. Lets go of a source that waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def pictures_over(self) -> bool:
        """No picture is in it and none will come."""
        with self._changed:
            return (self._closed or self._pictures_closed) and not self._frames

    @property
    def finished(self) -> bool:
        """Closed and empty."""
        with self._changed:
            return self._closed and not self._items

    def _refuses(self, item: Frame | AudioBlock) -> bool:
        return self._closed or (self._pictures_closed and isinstance(item, Frame))

    def _full(self, item: Frame | AudioBlock) -> bool:
        return self._frames >= self._room if isinstance(item, Frame) else self._sounds >= SOUND_BLOCKS
