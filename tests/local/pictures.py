"""A clip made of drawn pictures, and questions about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from skiuo_desktop.analysis.provider import AnalysisRequest, Prompt
from skiuo_desktop.model import Span

WIDTH, HEIGHT = 320, 192


@dataclass
class Drawn:
    """A `ClipMedia` that gives pictures; a model on this device may ask for nothing else."""

    seconds: int = 4

    @property
    def span(self) -> Span:
        return Span(0, self.seconds * 1000)

    @property
    def webm(self) -> bytes:
        raise AssertionError("only pictures are wanted")

    @property
    def has_audio(self) -> bool:
        return False

    def mp4(self, *, fps: float, max_pixels: int) -> bytes:
        raise AssertionError("only pictures are wanted")

    def jpegs(self, *, fps: float, max_pixels: int, quality: int = 85) -> list[tuple[int, bytes]]:
        scale = min(1.0, (max_pixels / (WIDTH * HEIGHT)) ** 0.5)
        pictures = []
        for number in range(round(self.seconds * fps)):
            picture = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), "#20242c")
            ImageDraw.Draw(picture).ellipse((10 * number, 40, 10 * number + 50, 90), fill="#dca078")
            made = BytesIO()
            picture.save(made, "JPEG", quality=quality)
            pictures.append((round(number * 1000 / fps), made.getvalue()))
        return pictures

    def frames(self, *, fps: float, max_pixels: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        raise AssertionError("only pictures are wanted")

    def sound(self) -> tuple[NDArray[np.float32], int] | None:
        raise AssertionError("only pictures are wanted")


def question(clip: Drawn | None = None, text: str = "Say what is seen in one sentence") -> AnalysisRequest:
    return AnalysisRequest("recording", 0, Span(0, 4000), datetime(2026, 1, 2, tzinfo=UTC), clip, "en", Prompt("Say what is seen", text, "free", 1))
