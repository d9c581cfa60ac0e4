"""Network cameras (RTSP, and MJPEG over HTTP) through OpenCV's FFmpeg. No error, log line or repr carries the address."""

from __future__ import annotations

import os

import cv2

from skiuo_desktop.capture.camera import read_picture
from skiuo_desktop.capture.frames import Frame, SourceInfo
from skiuo_desktop.errors import SourceError

# FFmpeg inside OpenCV writes to stderr what it likes, addresses included. Read once, at the first network camera.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

OPEN_TIMEOUT_MS = 8_000
READ_TIMEOUT_MS = 5_000
USUAL_FPS = 25.0


class NetworkSource:
    def __init__(self, address: str, label: str) -> None:
        self.missed = 0
        self._address = address
        self._label = label
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> SourceInfo:
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
        capture = cv2.VideoCapture(self._address, cv2.CAP_FFMPEG, timeouts)
        if not capture.isOpened():
            capture.release()
            raise SourceError(f"{self._label} does not answer. Check that it is on, its address, and the user name and password.")
        self._capture = capture
        first = self.read()
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        # MJPEG has no rate of its own: FFmpeg then says 25, or the ticks of a clock.
        return SourceInfo(first.width, first.height, fps if 1 <= fps <= 120 else USUAL_FPS, False)

    def read(self) -> Frame:
        return read_picture(self._capture, f"{self._label} sends no more pictures.")

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None
