"""A short clip whose content is known, for asking an endpoint what it takes: big digits that count, and a ball that moves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from typing import Any

import av
import cv2
import numpy as np

from skiuo_desktop.media.cut import Clip
from skiuo_desktop.media.webm import webm_writer
from skiuo_desktop.model import Span

LENGTH_MS = 5_000
FPS = 10
WIDTH, HEIGHT = 640, 360


@lru_cache(maxsize=1)
def test_clip() -> Clip:
    """Five seconds of 640x360 VP8 without sound; the same bytes every time. Takes some tenths of a second the first time."""
    file = BytesIO()
    with webm_writer(file) as writer:
        packets = writer.vp8(_pictures(), end_ms=LENGTH_MS, fps=FPS)
        writer.write(packets)
    span = Span(0, LENGTH_MS)
    return Clip(file.getvalue(), span, span, exact=True, frames=LENGTH_MS * FPS // 1000, has_audio=False, reencoded=False)


def _pictures() -> Iterator[tuple[int, Any]]:
    for number in range(LENGTH_MS * FPS // 1000):
        picture = np.full((HEIGHT, WIDTH, 3), (60, 96, 40), np.uint8)
        second = number // FPS + 1
        cv2.putText(picture, str(second), (250, 260), cv2.FONT_HERSHEY_SIMPLEX, 7, (255, 255, 255), 18, cv2.LINE_AA)
        cv2.circle(picture, (40 + number * 11, 310), 26, (40, 40, 220), -1, cv2.LINE_AA)
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield number * 1000 // FPS, frame
