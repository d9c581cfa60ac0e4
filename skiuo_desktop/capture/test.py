"""The built-in test pattern: a moving picture in which tests read back which frame they see, and sound to match.

In the picture: readable text, three scenes that take turns every seven seconds (a hard cut), a noise band and a box that
move, a row of blocks that spell the frame number and the clock, and a square that flashes white for the first tenth of every second while
the sound beeps. Everything but the moving parts is drawn once, so a frame costs little more than a copy.
"""

from __future__ import annotations

import threading
import time
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.capture.frames import SOUND_RATE, AudioBlock, Frame, SourceInfo, Speed, sleep_until
from skiuo_desktop.capture.picture import Picture, from_bgr, planes

BITS = 32
CHECK_BITS = 8
COLUMNS = BITS + CHECK_BITS
SCENE_MS = 7_000
FLASH_MS = 100
BEEP_HZ = 1_000
BEEP_PEAK = 0.5
DARK, LIGHT = 16, 235

TEXTS = (
    ("Skiuo test pattern", "Scene A: prepare the board", "pytest: 42 passed"),
    ("Skiuo test pattern", "Scene B: solder the joint", "temperature 350 C"),
    ("Skiuo test pattern", "Scene C: measure the voltage", "git push origin main"),
)


class TestSource:
    """`width` x `height` (even) at `fps`, on a schedule of its own: frame n is due, and stamped, n / fps after the first."""

    __test__ = False  # it is a source named test, not a test

    def __init__(self, width: int, height: int, fps: int, *, speed: Speed, sound: bool, stopping: threading.Event) -> None:
        self.missed = 0
        self._pattern = Pattern(width & ~1, height & ~1)
        self._fps = fps
        self._speed = speed
        self._sound = _one_second() if sound else None
        self._stopping = stopping
        self._start_ns = 0
        self._number = 0
        self._sounded = 0  # samples given so far

    def open(self) -> SourceInfo:
        self._start_ns = time.monotonic_ns()
        return SourceInfo(self._pattern.width, self._pattern.height, float(self._fps), self._sound is not None, 0 if self._sound is None else 1)

    def read(self) -> Frame | AudioBlock | None:
        if self._sound is not None and self._sounded < self._number * SOUND_RATE // self._fps:
            return self._next_sound(self._sound)
        due_ns = self._due_ns(self._number)
        if self._speed == "real":
            self._skip_what_is_too_late()
            due_ns = self._due_ns(self._number)
            if not sleep_until(due_ns, self._stopping):
                return None
        number = self._number
        self._number += 1
        return Frame(self._pattern.draw(number, number * 1000 // self._fps), self._pattern.width, self._pattern.height, due_ns)

    def close(self) -> None:
        """Nothing is held."""

    def _due_ns(self, number: int) -> int:
        return self._start_ns + number * 1_000_000_000 // self._fps

    def _skip_what_is_too_late(self) -> None:
        """Like a camera, it does not catch up with what it could not draw for a quarter of a second."""
        behind = (time.monotonic_ns() - self._due_ns(self._number)) * self._fps // 1_000_000_000
        if behind > max(2, self._fps // 4):
            self._number += behind
            self.missed += behind

    def _next_sound(self, second: NDArray[np.int16]) -> AudioBlock:
        first, self._sounded = self._sounded, min(self._number * SOUND_RATE // self._fps, self._sounded + SOUND_RATE)
        samples = np.take(second, np.arange(first, self._sounded), mode="wrap")
        return AudioBlock(samples.reshape(-1, 1), SOUND_RATE, self._start_ns + first * 1_000_000_000 // SOUND_RATE)


def _one_second() -> NDArray[np.int16]:
    at = np.arange(SOUND_RATE)
    beep = np.sin(2 * np.pi * BEEP_HZ * at / SOUND_RATE) * (BEEP_PEAK * 32767) * (at < SOUND_RATE * FLASH_MS // 1000)
    return beep.astype(np.int16)


class Pattern:
    """Draws the frames of one size."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._scenes = [_scene(width, height, index) for index in range(len(TEXTS))]
        # Smooth noise: it costs an encoder what a real picture costs, not what television snow would.
        noise = np.random.default_rng(1).integers(60, 200, (max(2, height // 8), max(4, width // 4)), dtype=np.uint8)
        self._band = np.asarray(cv2.resize(noise, (width * 2, height // 4), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)

    def draw(self, number: int, clock_ms: int) -> Picture:
        """Frame `number` (from 0) at `clock_ms`, as I420."""
        picture = self._scenes[clock_ms // SCENE_MS % len(self._scenes)].copy()
        luma = picture[: self.height]
        height, width = self.height, self.width
        shift = number * max(1, width // 320) % width
        luma[height * 5 // 8 : height * 5 // 8 + height // 4] = self._band[:, shift : shift + width]
        side = height // 8
        reach = max(1, width - side)
        left = abs((clock_ms * width // 4000) % (2 * reach) - reach)
        luma[height // 2 : height // 2 + side, left : left + side] = LIGHT if number % 2 else 200
        if clock_ms % 1000 < FLASH_MS:
            top, bottom, flash_left, flash_right = _flash_place(width, height)
            luma[top:bottom, flash_left:flash_right] = LIGHT
        block, top, left = _code_place(width, height)
        for row, value in enumerate((number, clock_ms)):
            cells = _cells(value) * np.uint8(LIGHT - DARK) + np.uint8(DARK)
            luma[top + row * block : top + (row + 1) * block, left : left + COLUMNS * block] = np.repeat(cells, block)
        return picture


def _scene(width: int, height: int, index: int) -> Picture:
    ramp = np.linspace(60, 150, width, dtype=np.uint8)[None, :].repeat(height, 0)
    colour = [(0.9, 1.0, 0.8), (1.0, 0.8, 0.9), (0.8, 0.9, 1.0)][index]
    bgr = np.stack([(ramp * part).astype(np.uint8) for part in colour], axis=-1)
    if index == 1:
        bgr = np.ascontiguousarray(bgr[:, ::-1])
    for line, text in enumerate(TEXTS[index]):
        place = (width // 40, height * (20 + 10 * line) // 100)
        cv2.putText(bgr, text, place, cv2.FONT_HERSHEY_SIMPLEX, height / 600, (255, 255, 255), max(1, height // 360), cv2.LINE_AA)
    picture = from_bgr(bgr)
    top, bottom, left, right = _flash_place(width, height)
    planes(picture)[0][top:bottom, left:right] = DARK
    for chroma in planes(picture)[1:]:
        chroma[top // 2 : bottom // 2, left // 2 : right // 2] = 128
    return picture


def _flash_place(width: int, height: int) -> tuple[int, int, int, int]:
    """top, bottom, left, right of the square that flashes, in pixels."""
    side = min(height // 5, width // 4) & ~1
    left = width - side - width // 20 & ~1
    return height // 6 & ~1, (height // 6 & ~1) + side, left, left + side


def _code_place(width: int, height: int) -> tuple[int, int, int]:
    """Side of a block, top and left of the first row, in pixels: blocks as large as VP8's where there is room for them."""
    block = max(2, min(16 * max(1, width // 1280), width // COLUMNS, height // 20) & ~1)
    return block, height - 2 * block - max(2, height // 60 & ~1), (width - COLUMNS * block) // 2 & ~1


def _cells(value: int) -> NDArray[np.uint8]:
    data = (value & 0xFFFFFFFF).to_bytes(4, "big")
    return np.unpackbits(np.frombuffer(data + bytes([_check(data)]), dtype=np.uint8))


def _check(data: bytes) -> int:
    # Turned, so that neither an all dark nor an all light row is a number.
    return zlib.crc32(data) & 0xFF ^ 0x5A


def _luma(picture: Picture) -> Picture:
    if picture.ndim == 3:
        # In video range, like the brightness plane of I420.
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) * (219 / 255) + 16, dtype=np.uint8)
    return planes(picture)[0]


def read_back(picture: Picture) -> tuple[int, int] | None:
    """(frame number, clock in ms since the source's start) of a pattern frame, or None where the blocks spell nothing.

    `picture` is I420 of shape (h * 3 / 2, w) or BGR of shape (h, w, 3), in the size it was drawn in.
    """
    luma = _luma(picture)
    block, top, left = _code_place(luma.shape[1], luma.shape[0])
    values: list[int] = []
    for row in range(2):
        line = luma[top + row * block : top + (row + 1) * block, left : left + COLUMNS * block]
        inner = line.reshape(block, COLUMNS, block)[block // 4 : block - block // 4, :, block // 4 : block - block // 4]
        data = np.packbits(inner.mean(axis=(0, 2)) > (DARK + LIGHT) / 2).tobytes()
        if _check(data[:4]) != data[4]:
            return None
        values.append(int.from_bytes(data[:4], "big"))
    return values[0], values[1]


def flash(picture: Picture) -> bool:
    """Whether the square is white: the second's first tenth, when the sound beeps. `picture` as for `read_back`."""
    luma = _luma(picture)
    top, bottom, left, right = _flash_place(luma.shape[1], luma.shape[0])
    return bool(luma[top + 2 : bottom - 2, left + 2 : right - 2].mean() > (DARK + LIGHT) / 2)
