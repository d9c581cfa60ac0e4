"""From a frame of the player to a picture for the screen, on a thread: the GUI thread only paints.

A frame that comes while one is being made waits, and is replaced by a newer one. No picture is made before the one before it has been taken,
so nothing piles up; the newest frame always becomes a picture, so what is shown at rest is the frame that was sought.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat

from skiuo_desktop.ui.preview import fitted

log = logging.getLogger(__name__)

_Pixels, _Space, _Range = QVideoFrameFormat.PixelFormat, QVideoFrameFormat.ColorSpace, QVideoFrameFormat.ColorRange
_FAST = (_Pixels.Format_YUV420P, _Pixels.Format_NV12)


def image_of(frame: QVideoFrame, room: tuple[int, int]) -> QImage | None:
    """The frame as large as fits into `room` (width, height in pixels; 0 for its own size); None when it cannot be read.

    `QVideoFrame.toImage` holds Python's lock for as long as it works and so would stop the GUI thread from here too. What the recorder's VP8 and
    the usual decoders give is therefore converted by OpenCV, which lets go of the lock; the rest is left to Qt.
    """
    size = fitted(frame.width(), frame.height(), *room) if min(room) > 0 else (frame.width(), frame.height())
    picture = _fast(frame, size) if _is_plain(frame) else None
    if picture is None:
        picture = frame.toImage()
        if not picture.isNull() and min(room) > 0:
            size = fitted(picture.width(), picture.height(), *room)  # it may be turned
            picture = picture.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return None if picture.isNull() else picture


def _is_plain(frame: QVideoFrame) -> bool:
    """Whether OpenCV's own conversion is the right one: BT.601 of limited range, even sides, whole and upright."""
    form = frame.surfaceFormat()
    return (
        form.pixelFormat() in _FAST
        and form.colorSpace() in (_Space.ColorSpace_BT601, _Space.ColorSpace_Undefined)
        and form.colorRange() in (_Range.ColorRange_Video, _Range.ColorRange_Unknown)
        and frame.width() % 2 == frame.height() % 2 == 0
        and form.viewport().size() == form.frameSize()
        and form.rotation() is QtVideo.Rotation.None_
        and not form.isMirrored()
    )


def _fast(frame: QVideoFrame, size: tuple[int, int]) -> QImage | None:
    import cv2
    import numpy as np

    width, height = frame.width(), frame.height()
    planar = frame.surfaceFormat().pixelFormat() is _Pixels.Format_YUV420P
    half = height // 2
    packed = np.empty((height + half, width), np.uint8)
    colors = packed[height:].reshape(-1)
    if planar:
        planes = [packed[:height], *(part.reshape(half, width // 2) for part in np.split(colors, 2))]
    else:
        planes = [packed[:height], packed[height:]]
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        for number, plane in enumerate(planes):
            source, pitch = np.frombuffer(frame.bits(number), np.uint8), frame.bytesPerLine(number)
            if len(source) < pitch * (plane.shape[0] - 1) + plane.shape[1]:
                return None
            np.copyto(plane, np.lib.stride_tricks.as_strided(source, plane.shape, (pitch, 1)))
    finally:
        frame.unmap()
    image = QImage(*size, QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(size[1], size[0], 4)  # lines of four bytes a pixel have nothing between them
    code = cv2.COLOR_YUV2BGRA_I420 if planar else cv2.COLOR_YUV2BGRA_NV12
    if size == (width, height):
        cv2.cvtColor(packed, code, dst=pixels)
    else:
        # Averaging costs ten times as much and only shows where more than two pixels become one.
        cv2.resize(cv2.cvtColor(packed, code), size, dst=pixels, interpolation=cv2.INTER_AREA if 2 * size[0] < width else cv2.INTER_LINEAR)
    return image


class _Work:
    """What the two threads share. A plain object: it outlives the `Frames` that it works for until its thread has ended."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._changed = threading.Condition()
        self._frame: QVideoFrame | None = None  # the newest that has not been begun: a newer one takes its place
        self._ready: QImage | None = None  # not taken yet: the next is begun when it has been
        self._room = (0, 0)
        self._turn = 0  # what was begun in an earlier one is not shown any more
        self._ending = False
        self._thread: threading.Thread | None = None

    def put(self, frame: QVideoFrame) -> None:
        with self._changed:
            if self._ending:
                return
            self._frame = frame
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="player frames", daemon=True)
                self._thread.start()
            self._changed.notify()

    def set_room(self, room: tuple[int, int]) -> bool:
        with self._changed:
            before, self._room = self._room, room
        return room != before

    def take(self) -> QImage | None:
        with self._changed:
            ready, self._ready = self._ready, None
            self._changed.notify()
        return ready

    def forget(self) -> None:
        with self._changed:
            self._turn += 1
            self._frame = self._ready = None

    def end(self) -> None:
        """Returns when the thread has ended: at once, or after the picture that it is making."""
        with self._changed:
            self._ending, self._frame, self._ready = True, None, None
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ending or (self._frame is not None and self._ready is None))
                frame, self._frame, room, turn = self._frame, None, self._room, self._turn
            if frame is None:
                return
            try:
                image = image_of(frame, room)
            except Exception:
                log.exception("a frame could not be shown")
                image = None
            del frame  # the decoder may want its memory back before the next one comes
            with self._changed:
                if image is None or turn != self._turn or self._ending:
                    continue
                self._ready = image
            try:
                self._ring()
            except RuntimeError:  # the player is being destroyed
                return


class Frames(QObject):
    """Takes frames and gives pictures, both on the GUI thread. The thread is started with the first frame and ends with this object."""

    picture = Signal(object)
    """A QImage in device pixels, without a pixel ratio."""

    _made = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = _Work(self._made.emit)
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._work.end)

    def take(self, frame: QVideoFrame) -> None:
        """The newest frame. It is read on the other thread, and let go of there."""
        self._work.put(frame)

    def set_room(self, width: int, height: int) -> bool:
        """Device pixels of the surface, for the frames that follow; whether that is new."""
        return self._work.set_room((width, height))

    def forget(self) -> None:
        """No picture comes of what was taken so far."""
        self._work.forget()

    @Slot()
    def _deliver(self) -> None:
        image = self._work.take()
        if image is not None:
            self.picture.emit(image)
