"""The screen or one monitor, through mss: X11, Windows, macOS."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

import mss
import numpy as np
from mss.exception import ScreenShotError

from skiuo_desktop.capture.frames import Frame, SourceInfo, sleep_until
from skiuo_desktop.capture.picture import from_bgra
from skiuo_desktop.errors import SourceError


class ScreenSource:
    """Monitor `number` (0: all of them) in its own size, `fps` times a second."""

    def __init__(self, number: int, fps: int, stopping: threading.Event) -> None:
        self.missed = 0
        self._number = number
        self._period_ns = 1_000_000_000 // fps
        self._fps = fps
        self._stopping = stopping
        self._grabber: Any = None
        self._monitor: dict[str, int] = {}
        self._due_ns = 0

    def open(self) -> SourceInfo:
        self._grabber = _grabber()
        monitors = self._grabber.monitors
        if self._number >= len(monitors):
            raise SourceError(f"There is no monitor {self._number}: this machine has {len(monitors) - 1}.")
        self._monitor = monitors[self._number]
        self._due_ns = time.monotonic_ns()
        first = self._grab()
        return SourceInfo(first.width, first.height, float(self._fps), False)

    def read(self) -> Frame | None:
        self._due_ns += self._period_ns
        # What could not be grabbed in time is not made up for: the next picture is due one period from now.
        self._due_ns = max(self._due_ns, time.monotonic_ns() - self._period_ns)
        return self._grab() if sleep_until(self._due_ns, self._stopping) else None

    def _grab(self) -> Frame:
        time_ns = time.monotonic_ns()
        try:
            shot = self._grabber.grab(self._monitor)
        except ScreenShotError as error:
            raise SourceError("The screen cannot be recorded any more: its size changed, or the session is locked.") from error
        picture = from_bgra(np.frombuffer(shot.raw, dtype=np.uint8).reshape(shot.height, shot.width, 4))
        return Frame(picture, picture.shape[1], picture.shape[0] * 2 // 3, time_ns)

    def close(self) -> None:
        if self._grabber is not None:
            self._grabber.close()
            self._grabber = None


def _grabber() -> Any:
    if sys.platform == "linux":
        if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
            raise SourceError("The screen cannot be recorded in a Wayland session. Choose an X11 (Xorg) session when you log in.")
        if not os.environ.get("DISPLAY"):
            raise SourceError("There is no screen to record: DISPLAY is not set.")
    # Elsewhere the pointer is in the picture or cannot be had.
    options = {"with_cursor": True} if sys.platform == "linux" else {}
    try:
        return mss.mss(**options)
    except ScreenShotError as error:
        raise SourceError("The screen cannot be recorded: the display does not answer, or refuses.") from error


def found() -> list[tuple[int, str, str]]:
    """(number, label, detail) of the whole screen and each monitor; nothing where the screen cannot be recorded."""
    try:
        grabber = _grabber()
    except SourceError:
        return []
    try:
        monitors = grabber.monitors
    finally:
        grabber.close()
    # With a single monitor the whole screen and the monitor are the same.
    shown = range(1) if len(monitors) == 2 else range(len(monitors))
    return [(n, "Whole screen" if n == 0 else f"Monitor {n}", f"{monitors[n]['width']} x {monitors[n]['height']}") for n in shown]
