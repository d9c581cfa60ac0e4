"""What the offline provider and its helper process say to each other, over one pipe, in this order:

provider ── Job ──▶ helper
provider ◀── Looked, Read ── helper        as they become known
provider ── DROP ──▶ helper                at any time: the answer is not wanted any more
provider ◀── Ended ── helper               always, and always last
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skiuo_desktop.model import Failure, Span

if TYPE_CHECKING:
    from skiuo_desktop.analysis.hearing import Hearing
    from skiuo_desktop.analysis.measuring import Measures

DROP = "drop"


@dataclass(frozen=True, slots=True)
class Job:
    """One window to measure and read."""

    webm: bytes
    clip_start_ms: int  # where the clip begins in the recording
    span: Span  # the window: what of the clip lies outside is left out
    known_lines: tuple[str, ...]  # what stood there in the window before


@dataclass(frozen=True, slots=True)
class PictureSize:
    time_ms: int
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Looked:
    """Everything but the text."""

    measures: Measures
    hearing: Hearing
    pictures: tuple[PictureSize, ...]  # those that are read next


@dataclass(frozen=True, slots=True)
class ReadLine:
    text: str
    score: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Read:
    lines: tuple[str, ...]  # what stands there now, for the window after this one
    fresh: tuple[str, ...]  # what of it is new against the window before, in the order of reading
    blurred: bool
    readings: tuple[tuple[ReadLine, ...], ...]  # one a picture, as it was read


@dataclass(frozen=True, slots=True)
class Ended:
    failure: Failure | None = None
    last: bool = False  # the helper ends with this answer
