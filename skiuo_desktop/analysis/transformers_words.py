"""What the `transformers` provider and its process say to each other, over one pipe, in this order:

provider ── Ask ──▶ process
provider ◀── Loaded ── process             the model is in memory: at once where it already was
provider ◀── Began ── process              the question is counted
provider ◀── Said, Said, … ── process      text as it is made
provider ◀── Done ── process               where the answer came to an end
provider ── DROP ──▶ process               at any time: the answer is not wanted any more (see `job`)
provider ◀── Ended ── process              always, and always last (see `job`)
"""

from __future__ import annotations

from dataclasses import dataclass


class Unusable(Exception):
    """The model cannot be used as it is asked for: one English sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Which model, and how it is loaded. The same for every question of one provider."""

    model: str  # a folder, or a name on the hub
    folder: bool  # nothing is asked of a network
    device: str  # "auto", "cpu", "cuda", "cuda:1", "mps"
    dtype: str  # "auto": as the weights are stored
    name: str = ""  # what the person calls it, for commands that a message names


@dataclass(frozen=True, slots=True)
class Ask:
    weights: Weights
    system: str
    text: str
    frames: tuple[tuple[int, bytes], ...]  # (ms from the clip's start, JPEG); empty: a question about texts alone
    fps: float
    longest: int  # tokens


@dataclass(frozen=True, slots=True)
class Loaded:
    took_ms: int  # 0: it was there already
    device: str
    dtype: str
    version: str  # the weights' revision on the hub, or empty


@dataclass(frozen=True, slots=True)
class Began:
    tokens_in: int  # as the processor counts them, frames included
    seen_as: str  # "video", "images" or "text"


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    tokens_out: int
    thinking_tokens: int  # those of them that were thoughts, which are not said
    finish_reason: str  # "stop" or "length"
    took_ms: int  # from the first token asked for to the last one made
    whole: str  # what the model wrote, thoughts included
