"""Cameras of this machine, through OpenCV: V4L2, Media Foundation or DirectShow, AVFoundation."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np

from skiuo_desktop.capture.frames import Frame, SourceInfo, Wanted
from skiuo_desktop.capture.picture import from_bgr
from skiuo_desktop.errors import SourceError

# OpenCV complains to stderr about each camera that is not there; what matters is in our errors.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
# With its hardware transforms Media Foundation takes up to half a minute to open a camera. Read at the first opening.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

BACKENDS: dict[str, tuple[int, ...]] = {"linux": (cv2.CAP_V4L2,), "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW), "darwin": (cv2.CAP_AVFOUNDATION,)}
BAD_READS = 10
"""Pictures that may fail one after the other (a torn MJPG frame) before the camera counts as gone."""

LINUX = sys.platform.startswith("linux")
SYS = Path("/sys/class/video4linux")

_in_use: set[int] = set()
_in_use_lock = threading.Lock()


class CameraSource:
    def __init__(self, number: int, wanted: Wanted) -> None:
        self.missed = 0
        self._number = number
        self._wanted = wanted
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> SourceInfo:
        for backend in BACKENDS.get(sys.platform, (cv2.CAP_ANY,)):
            capture = open_capture(self._number, backend)
            if capture.isOpened():
                self._capture = capture
                break
            capture.release()
        else:
            raise SourceError(_cannot_open(self._number))
        with _in_use_lock:
            _in_use.add(self._number)
        self._ask_for_size(self._capture)
        first = self.read()
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        return SourceInfo(first.width, first.height, fps if 1 <= fps <= 240 else float(self._wanted.fps), False)

    def _ask_for_size(self, capture: cv2.VideoCapture) -> None:
        # The pixel format first: it decides which sizes and rates there are.
        if self._wanted.mjpg:
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._wanted.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._wanted.height)
        capture.set(cv2.CAP_PROP_FPS, self._wanted.fps)

    def read(self) -> Frame:
        return read_picture(self._capture, f"Camera {self._number} sends no more pictures. Is it still plugged in?")

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None
            with _in_use_lock:
                _in_use.discard(self._number)


def open_capture(number: int, backend: int) -> cv2.VideoCapture:
    return cv2.VideoCapture(number, backend)


def read_picture(capture: cv2.VideoCapture | None, when_gone: str) -> Frame:
    """The next picture of an OpenCV capture, stamped when it arrived, before it is decoded. Raises SourceError(when_gone)."""
    for _ in range(BAD_READS):
        if capture is None or not capture.grab():
            continue
        time_ns = time.monotonic_ns()
        decoded, bgr = capture.retrieve()
        if decoded and bgr is not None and bgr.size:
            picture = from_bgr(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_GRAY2BGR) if bgr.ndim == 2 else bgr, dtype=np.uint8))
            return Frame(picture, picture.shape[1], picture.shape[0] * 2 // 3, time_ns)
    raise SourceError(when_gone)


def _cannot_open(number: int) -> str:
    if not LINUX:
        return f"Camera {number} cannot be opened. Is it plugged in, free, and allowed in the system's privacy settings?"
    device = Path(f"/dev/video{number}")
    if not device.exists():
        return f"There is no camera {number} ({device} does not exist). `skiuo sources` lists those found."
    if not os.access(device, os.R_OK | os.W_OK):
        return f"You may not use camera {number}: add yourself to the group that owns {device} (often `video`) and log in again."
    return f"Camera {number} cannot be opened: another program may be using it."


def found() -> list[tuple[int, str, str]]:
    """(number, label, detail) of each camera found now."""
    if LINUX:
        return _found_in(SYS)
    # No list can be had from OpenCV: ask one after the other, but never disturb one that we have open.
    cameras: list[tuple[int, str, str]] = []
    for number in range(8):
        with _in_use_lock:
            ours = number in _in_use
        if not ours and not _opens(number):
            break
        cameras.append((number, f"Camera {number}", ""))
    return cameras


def _opens(number: int) -> bool:
    for backend in BACKENDS.get(sys.platform, (cv2.CAP_ANY,)):
        capture = open_capture(number, backend)
        opened = bool(capture.isOpened())
        capture.release()
        if opened:
            return True
    return False


def _found_in(folder: Path) -> list[tuple[int, str, str]]:
    cameras: list[tuple[int, str, str]] = []
    for entry in folder.glob("video*") if folder.is_dir() else ():
        number = entry.name.removeprefix("video")
        # A camera has further nodes for metadata; index 0 is the one that gives pictures.
        if number.isdigit() and _line(entry / "index", "0") == "0":
            cameras.append((int(number), _line(entry / "name", f"Camera {number}"), f"/dev/{entry.name}"))
    return sorted(cameras)


def _line(path: Path, otherwise: str) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or otherwise
    except OSError:
        return otherwise
