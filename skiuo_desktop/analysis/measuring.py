"""What can honestly be measured in a window's pictures: motion, scene changes and light.

Everything is measured on pictures of at most 160 by 160 pixels, so that a window costs little more than its decoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.analysis.choosing import Candidate, sharpness
from skiuo_desktop.analysis.decoding import Shot
from skiuo_desktop.analysis.pictures import Grey, resized, shrunk, to_jpeg
from skiuo_desktop.model import Span

SMALL_SIDE = 160
SAMPLE_MS = 250
MOST_CANDIDATES = 64
"""Pictures kept for reading. In a long window they lie further apart, so that memory does not grow with it."""
READ_SIDE = 1920
JPEG_QUALITY = 92

MOVED_LEVELS = 8.0  # a point has moved when it differs by this much of 255, noise and change of light taken off
MOVED_SHARE = 0.002  # of the picture: a moving hand counts, a text cursor does not
CUT_LEVELS = 5.0
CUT_LIKENESS = 0.5
CUT_OVER_NEIGHBOURS = 3.0
NEIGHBOURS_MS = 500
BLACK = 0.16


class Measures(TypedDict):
    """JSON-able. Shares are 0..1; times are of the recording, in ms."""

    frames: int
    unreadable: int  # packets that could not be decoded
    motion: float | None  # share of the time in which something moved; None with a single frame
    cuts_ms: list[int]
    light_ms: int | None  # when the light changed, if it did and nothing was cut there
    light_from: float  # mean brightness before and after that time; over the whole window where it was steady
    light_to: float
    light_varies: bool
    black: bool


@dataclass(frozen=True, slots=True)
class _Sample:
    time_ms: int
    small: Grey
    brightness: float
    brightest: float


@dataclass(frozen=True, slots=True)
class _Step:
    """From one frame to the next."""

    time_ms: int
    difference: float  # mean, in levels of 255
    likeness: float  # correlation of the coarse layout, 1 for the same


class Measurer:
    """Takes the frames of one window in order of time, then says what was measured."""

    def __init__(self, span: Span) -> None:
        self._candidate_ms = max(SAMPLE_MS, span.length_ms // MOST_CANDIDATES)
        self._samples: list[_Sample] = []
        self._steps: list[_Step] = []
        self._last: tuple[Grey, Grey] | None = None
        self._newest: Shot | None = None
        self.candidates: list[Candidate] = []
        self.frames = 0

    def add(self, shot: Shot) -> None:
        self.frames += 1
        small = _small(shot)
        gist = resized(small, 16, 9)
        if self._last is not None and self._last[0].shape == small.shape:
            before, gist_before = self._last
            self._steps.append(_Step(shot.time_ms, float(np.abs(small - before).mean()), _likeness(gist, gist_before)))
        self._last = small, gist
        if not self._samples or shot.time_ms - self._samples[-1].time_ms >= SAMPLE_MS:
            self._samples.append(_Sample(shot.time_ms, small, float(small.mean()) / 255, float(small.max()) / 255))
        if not self.candidates or shot.time_ms - self.candidates[-1].time_ms >= self._candidate_ms:
            self._keep(shot, small)
            self._newest = None
        else:
            self._newest = shot

    def finish(self, unreadable: int) -> Measures:
        """To be called once, after the last frame; at least one must have been added."""
        if self._newest is not None and self._last is not None:
            self._keep(self._newest, self._last[0])  # what stood there last is what the next window begins with
        cuts = _cuts(self._steps)
        light_ms, light_from, light_to, varies = _light(self._samples, cuts)
        return Measures(
            frames=self.frames,
            unreadable=unreadable,
            motion=_motion(self._samples, cuts),
            cuts_ms=cuts,
            light_ms=light_ms,
            light_from=round(light_from, 3),
            light_to=round(light_to, 3),
            light_varies=varies,
            black=max(sample.brightest for sample in self._samples) < BLACK,
        )

    def _keep(self, shot: Shot, small: Grey) -> None:
        picture = shot.picture(READ_SIDE)
        self.candidates.append(Candidate(shot.time_ms, picture.shape[1], picture.shape[0], to_jpeg(picture, JPEG_QUALITY), small, sharpness(shot.luma)))


def _small(shot: Shot) -> Grey:
    small = shrunk(shot.luma, SMALL_SIDE).astype(np.float32)
    if not shot.full_range:
        np.clip((small - 16) * (255 / 219), 0, 255, out=small)
    return small


def _likeness(one: Grey, other: Grey) -> float:
    """Correlation of two coarse layouts; a picture without any layout is like another one without, and unlike all else."""
    flat = [float(p.std()) < 1.5 for p in (one, other)]
    if any(flat):
        return 1.0 if all(flat) else 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def _cuts(steps: Sequence[_Step]) -> list[int]:
    """A cut changes the layout at once, and far more than the frames around it do: a pan or a shaking camera does not."""
    cuts: list[int] = []
    for number, step in enumerate(steps):
        if step.difference < CUT_LEVELS or step.likeness > CUT_LIKENESS:
            continue
        around = [s.difference for s in steps[max(0, number - 30) : number + 31] if s is not step and abs(s.time_ms - step.time_ms) <= NEIGHBOURS_MS]
        if step.difference < CUT_OVER_NEIGHBOURS * (float(np.median(around)) if around else 0.0):
            continue
        if not cuts or step.time_ms - cuts[-1] >= NEIGHBOURS_MS:
            cuts.append(step.time_ms)
    return cuts


def _between(cuts: Sequence[int], after_ms: int, until_ms: int) -> bool:
    return any(after_ms < cut <= until_ms for cut in cuts)


def _motion(samples: Sequence[_Sample], cuts: Sequence[int]) -> float | None:
    moving = covered = 0
    for before, now in pairwise(samples):
        if before.small.shape != now.small.shape or _between(cuts, before.time_ms, now.time_ms):
            continue
        share = float(_moved(before.small, now.small).mean())
        covered += now.time_ms - before.time_ms
        if share >= MOVED_SHARE:
            # Where frames are far apart nobody knows when between them it moved.
            moving += min(now.time_ms - before.time_ms, 2 * SAMPLE_MS)
    return round(moving / covered, 3) if covered else None


def _moved(before: Grey, now: Grey) -> NDArray[np.bool_]:
    """Points that differ by more than noise and a change of the light as a whole explain.

    Noise differs from point to point, what moves does not: it is what is lost by smoothing.
    """
    change = now - before
    change -= np.median(change)
    smooth = cv2.blur(change, (3, 3))
    noise = float(np.median(np.abs(change - smooth))) / 0.6745
    return np.asarray(np.abs(smooth) > np.clip(5 / 3 * noise, MOVED_LEVELS, 2 * MOVED_LEVELS), np.bool_)


def _light(samples: Sequence[_Sample], cuts: Sequence[int]) -> tuple[int | None, float, float, bool]:
    """(when it changed, brightness before, after, whether it goes up and down) in the scene where it changed most."""
    mean = float(np.median([s.brightness for s in samples]))
    best: tuple[int | None, float, float] = (None, mean, mean)
    varies = False
    for scene in _scenes(samples, cuts):
        levels = np.array([s.brightness for s in scene])
        first, last = float(np.median(levels[:4])), float(np.median(levels[-4:]))
        if abs(last - first) >= 0.1 and abs(last - first) > abs(best[2] - best[1]):
            crossed = np.flatnonzero((levels - (first + last) / 2) * (last - first) >= 0)
            best = scene[int(crossed[0])].time_ms, first, last
        elif float(np.percentile(levels, 95) - np.percentile(levels, 5)) >= 0.1:
            varies = True
    return (*best, varies and best[0] is None)


def _scenes(samples: Sequence[_Sample], cuts: Sequence[int]) -> list[list[_Sample]]:
    scenes: list[list[_Sample]] = [[samples[0]]]
    for before, now in pairwise(samples):
        if _between(cuts, before.time_ms, now.time_ms):
            scenes.append([])
        scenes[-1].append(now)
    return scenes
