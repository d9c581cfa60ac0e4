"""Pictures as arrays, and the few things that are done with them everywhere here."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""BGR of shape (height, width, 3), or grey of shape (height, width), 0..255."""
Grey = NDArray[np.float32]
"""Brightness of shape (height, width), 0 (black) to 255 (white)."""

T = TypeVar("T", np.uint8, np.float32)


def shrunk(picture: NDArray[T], longest: int) -> NDArray[T]:
    """Scaled down so that no side is longer than `longest`; the same array where none is."""
    side = max(picture.shape[:2])
    if side <= longest:
        return picture
    return resized(picture, max(1, round(picture.shape[1] * longest / side)), max(1, round(picture.shape[0] * longest / side)))


def resized(picture: NDArray[T], width: int, height: int) -> NDArray[T]:
    """Smaller by averaging, larger by cubic interpolation."""
    smaller = width < picture.shape[1]
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), picture.dtype)


def greyed(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def to_jpeg(picture: Picture, quality: int) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def from_jpeg(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
