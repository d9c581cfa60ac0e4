"""The live picture: a thread takes the engine's newest frame and makes of it what the screen needs; the GUI thread only paints.

At most 30 pictures a second, scaled to the pixels that the surface has. A picture that the screen has not taken yet is not
followed by another one, so nothing piles up when the screen is slow.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


log = logging.getLogger(__name__)


class Frame(Protocol):
    """What is used of the engine's frames: planes of shape (height * 3 // 2, width), and their size."""

    @property
    def i420(self) -> NDArray[np.uint8]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


PERIOD_S = 1 / 30
LOOK_EVERY_S = 0.006
"""The engine's newest frame is looked for so often: looking at the rate of the source would miss every other frame."""


def fitted(width: int, height: int, room_width: int, room_height: int) -> tuple[int, int]:
    """The largest size of that shape inside the room, in whole pixels."""
    scale = min(room_width / width, room_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def convert(frame: Frame, room: tuple[int, int]) -> NDArray[np.uint8]:
    """The frame as (height, width, 4) BGRA, as large as fits into `room` (width, height)."""
    import cv2
    import numpy as np

    picture = cv2.cvtColor(frame.i420, cv2.COLOR_YUV2BGRA_I420)
    size = fitted(frame.width, frame.height, *room)
    if size != (frame.width, frame.height):
        # Averaging costs ten times as much and only shows where more than two pixels become one.
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if 2 * size[0] < frame.width else cv2.INTER_LINEAR)
    return np.ascontiguousarray(picture, dtype=np.uint8)


class Preview(QObject):
    """Runs between `start` and `stop`. `picture` arrives on the GUI thread."""

    picture = Signal(object)
    """A QImage in device pixels, without a pixel ratio."""

    _made = Signal()

    def __init__(self, latest: Callable[[], Frame | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest = latest
        self._room = (0, 0)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._waiting: NDArray[np.uint8] | None = None
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def set_room(self, width: int, height: int) -> None:
        """Device pixels of the surface. The picture shown is made anew in them."""
        if (width, height) != self._room:
            self._room = (width, height)
            self._wake.set()

    @property
    def running(self) -> bool:
        return self._thread is not None

    def start(self) -> None:
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended: at once, or after the picture that it is making."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            self._wake.set()
            thread.join()

    # ------------------------------------------------------------------ on the preview's thread

    def _run(self) -> None:
        shown: tuple[Frame, tuple[int, int]] | None = None
        due = 0.0
        while not self._stopping.is_set():
            frame, room, now = self._latest(), self._room, time.monotonic()
            is_new = shown is None or shown[0] is not frame or shown[1] != room
            if frame is not None and is_new and now >= due and min(room) > 0 and self._waiting is None:
                try:
                    made = convert(frame, room)
                except Exception:
                    log.exception("a frame could not be shown")
                    return
                shown = (frame, room)
                due = max(due + PERIOD_S, now)  # a little late now may be a little early next time: 30 a second in all
                with self._lock:
                    self._waiting = made
                if not self._stopping.is_set():
                    self._made.emit()
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()

    # ------------------------------------------------------------------ on the GUI thread

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            made, self._waiting = self._waiting, None
        if made is not None:
            height, width = made.shape[:2]
            # The image borrows the array's memory: it carries the array along.
            image = QImage(made.data, width, height, made.strides[0], QImage.Format.Format_RGB32)
            image.pixels = made  # type: ignore[attr-defined]
            self.picture.emit(image)
