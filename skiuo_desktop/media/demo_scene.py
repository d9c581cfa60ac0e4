"""The scene that `skiuo demo` records: text that is typed, things that move, and two cuts, drawn here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from skiuo_desktop.home import resource

WIDTH, HEIGHT, FPS = 1280, 720, 30

CODE = [
    "def mean(values: list[float]) -> float:",
    '    """Arithmetic mean of at least one value."""',
    "    if not values:",
    '        raise ValueError("nothing to average")',
    "    return sum(values) / len(values)",
]
TERMINAL = ["$ pytest tests/test_mean.py", "collected 45 items", "FAILED test_mean.py::test_empty", "pytest: 3 failed, 42 passed in 1.84s"]
BOARD = ["Soldering the keyboard kit", "1. Warm the pad for two seconds", "2. Feed solder from the left", "3. Check the joint: full and shiny"]

Painter = Callable[[ImageDraw.ImageDraw, float], None]


def write_demo_scene(path: Path, duration_ms: int) -> Path:
    """Writes the scene as an H.264 MP4 of `duration_ms`, 1280 by 720 at 30 frames a second; returns the path."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in _pictures(max(1, duration_ms * FPS // 1000)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def _pictures(total: int) -> Iterator[NDArray[np.uint8]]:
    acts: list[tuple[str, Painter]] = [("#16181d", _editor), ("#0c0d0f", _terminal), ("#f2efe6", _board)]
    for number in range(total):
        act, share = divmod(number * len(acts) / total, 1)
        background, paint = acts[int(act)]
        image = Image.new("RGB", (WIDTH, HEIGHT), background)
        paint(ImageDraw.Draw(image), share)
        yield np.asarray(image)


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts", *name.split("/"))), size)


def _editor(draw: ImageDraw.ImageDraw, share: float) -> None:
    """Code that is typed over the first two thirds of the act."""
    font = _font("jetbrains-mono/JetBrainsMono-Regular.ttf", 34)
    left = int(min(1.0, share * 1.5) * sum(map(len, CODE)))
    for row, line in enumerate(CODE):
        shown = line[: max(0, left)]
        draw.text((80, 120 + row * 64), shown, font=font, fill="#dfe3ea")
        if 0 < left <= len(line):
            x = 80 + draw.textlength(shown, font=font)
            draw.rectangle((x + 4, 122 + row * 64, x + 20, 160 + row * 64), fill="#8faaff")
        left -= len(line)


def _terminal(draw: ImageDraw.ImageDraw, share: float) -> None:
    """A test run: lines one after the other, and a bar that fills."""
    font = _font("jetbrains-mono/JetBrainsMono-Regular.ttf", 34)
    for row, line in enumerate(TERMINAL[: 1 + int(share * 1.4 * len(TERMINAL))]):
        draw.text((80, 120 + row * 64), line, font=font, fill="#ff9a62" if "fail" in line.lower() else "#dfe3ea")
    draw.rectangle((80, 600, 1200, 616), fill="#22252a")
    draw.rectangle((80, 600, 80 + int(1120 * share), 616), fill="#43a88b")


def _board(draw: ImageDraw.ImageDraw, share: float) -> None:
    """A board with instructions, and a hand-sized disc that wanders beside them."""
    for row, line in enumerate(BOARD):
        draw.text((90, 110 + row * 96), line, font=_font("inter/Inter-SemiBold.ttf", 52 if row == 0 else 38), fill="#1b1b19")
    x, y = 1040 + 110 * np.sin(share * 12), 380 + 180 * np.cos(share * 9)
    draw.ellipse((x - 60, y - 60, x + 60, y + 60), fill="#2952cc")
