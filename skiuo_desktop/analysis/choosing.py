"""Which pictures of a window are worth reading, and whether they are sharp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from skiuo_desktop.analysis.pictures import Grey, Picture, greyed, resized, shrunk

SHARP = 0.8  # of the sharpest picture near in time and of the same scene
NEAR_MS = 750
NEW_LEVELS = 2.0  # mean difference of one cell by which two pictures count as different
CELL = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that may be read."""

    time_ms: int
    width: int
    height: int
    jpeg: bytes
    small: Grey
    sharpness: float


def choose(candidates: Sequence[Candidate], cuts_ms: Sequence[int], most: int) -> list[Candidate]:
    """At most `most` sharp pictures that together show the most, in order of time.

    The newest one and how each scene ended come first, then what shows most that those do not.
    """
    scenes = [[c for c in candidates if after <= c.time_ms < until] for after, until in pairwise([0, *cuts_ms, 1 << 62])]
    sharp_scenes = [[c for c in scene if c.sharpness >= SHARP * max(n.sharpness for n in scene if abs(n.time_ms - c.time_ms) <= NEAR_MS)] for scene in scenes]
    sharp = [c for scene in sharp_scenes for c in scene]
    ends = [scene[-1] for scene in sharp_scenes if scene]
    chosen = sharp[-1:]
    for pool in (ends, sharp):
        while len(chosen) < most:
            novelty, best = max(((min(_novelty(c, other) for other in chosen), c) for c in pool), key=lambda pair: pair[0])
            if novelty == 0:
                break
            chosen.append(best)
    return sorted(chosen, key=lambda c: c.time_ms)


def blurred(picture: Picture) -> bool:
    """Whether a BGR picture has no sharp edge anywhere, though it has contrast to show one.

    A sharp picture loses much of its fine detail when it is blurred once more, a blurred one hardly any.
    """
    grey = greyed(picture).astype(np.float32)
    if float(grey.std()) < 8:
        return False
    kept = []
    for axis, kernel in ((1, (9, 1)), (0, (1, 9))):
        detail = np.abs(np.diff(grey, axis=axis))
        detail_blurred = np.abs(np.diff(cv2.blur(grey, kernel), axis=axis))
        edges = detail >= np.percentile(detail, 99)
        kept.append(float(detail_blurred[edges].sum()) / max(float(detail[edges].sum()), 1e-6))
    return min(kept) > 0.68


def sharpness(luma: Picture) -> float:
    """Only good to compare pictures of one scene: it depends on what is in them."""
    return float(np.var(cv2.Laplacian(shrunk(luma, 640), cv2.CV_32F)))


def _novelty(one: Candidate, other: Candidate) -> float:
    """How much `one` shows that `other` does not: cells that differ, weighed by how and by whose details stand there.

    A page with a paragraph more shows more than the page without it; the page without it shows nothing new.
    """
    if one.small.shape != other.small.shape:
        return float("inf")
    height, width = one.small.shape
    size = max(1, width // CELL), max(1, height // CELL)
    changed = np.maximum(resized(np.abs(one.small - other.small), *size) - NEW_LEVELS, 0)
    detail, other_detail = (resized(np.abs(cv2.Laplacian(c.small, cv2.CV_32F)), *size) for c in (one, other))
    return float((changed * detail / (detail + other_detail + 1)).sum())
