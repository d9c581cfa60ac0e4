"""Small operations on I420 pictures: planes, even sizes, turning, fitting one size into another."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

BLACK = (16, 128, 128)
"""Black in video range, one value a plane."""


def planes(i420: Picture) -> tuple[Picture, Picture, Picture]:
    """The brightness plane (h, w) and the two colour planes (h / 2, w / 2) as views of a picture of shape (h * 3 / 2, w)."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    flat = i420.reshape(-1)
    luma, chroma = height * width, height * width // 4
    half = (height // 2, width // 2)
    return flat[:luma].reshape(height, width), flat[luma : luma + chroma].reshape(half), flat[luma + chroma :].reshape(half)


def from_bgr(bgr: Picture) -> Picture:
    """I420 of a picture of shape (h, w, 3); an odd last row or column is cropped."""
    return np.asarray(cv2.cvtColor(_even(bgr), cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)


def from_bgra(bgra: Picture) -> Picture:
    """I420 of a picture of shape (h, w, 4); an odd last row or column is cropped."""
    return np.asarray(cv2.cvtColor(_even(bgra), cv2.COLOR_BGRA2YUV_I420), dtype=np.uint8)


def _even(packed: Picture) -> Picture:
    height, width = packed.shape[0] & ~1, packed.shape[1] & ~1
    return packed if packed.shape[:2] == (height, width) else np.ascontiguousarray(packed[:height, :width])


def crop_even(i420_planes: tuple[Picture, Picture, Picture]) -> Picture:
    """One I420 picture of three planes of any size: cropped to even sizes and packed."""
    luma, u, v = i420_planes
    height, width = luma.shape[0] & ~1, luma.shape[1] & ~1
    out = np.empty((height * 3 // 2, width), dtype=np.uint8)
    for target, plane in zip(planes(out), (luma, u, v), strict=True):
        target[:] = plane[: target.shape[0], : target.shape[1]]
    return out


def turned(i420: Picture, degrees: int) -> Picture:
    """The picture turned counter-clockwise by a multiple of 90 degrees."""
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    if degrees % 360 not in turns:
        return i420
    luma, u, v = (np.asarray(cv2.rotate(plane, turns[degrees % 360]), dtype=np.uint8) for plane in planes(i420))
    return crop_even((luma, u, v))


def fitted(i420: Picture, width: int, height: int) -> Picture:
    """The whole picture inside `width` x `height` (even), its proportions kept, black where it does not reach."""
    have_height, have_width = i420.shape[0] * 2 // 3, i420.shape[1]
    if (have_width, have_height) == (width, height):
        return i420
    scale = min(width / have_width, height / have_height)
    # Multiples of four keep the colour planes' size and place whole.
    inner_width = min(width, max(4, round(have_width * scale / 4) * 4))
    inner_height = min(height, max(4, round(have_height * scale / 4) * 4))
    left, top = (width - inner_width) // 4 * 2, (height - inner_height) // 4 * 2
    out = np.empty((height * 3 // 2, width), dtype=np.uint8)
    for index, (target, plane) in enumerate(zip(planes(out), planes(i420), strict=True)):
        half = 1 if index == 0 else 2
        size = (inner_width // half, inner_height // half)
        target[:] = BLACK[index]
        target[top // half : top // half + size[1], left // half : left // half + size[0]] = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    return out


def small_grey(i420: Picture) -> NDArray[np.int16]:
    """About 80 x 45 samples of the brightness plane, for telling how much has moved."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    return i420[: height : max(1, height // 45), :: max(1, width // 80)].astype(np.int16)
