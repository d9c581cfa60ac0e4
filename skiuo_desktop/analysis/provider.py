"""The provider protocol: one window in, streamed text out.

A provider is a class whose constructor takes a `ModelConfig`. It is found by name through the entry point group
`skiuo.providers` (see `registry`), so that another package can add one. It is built when it is first used.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from skiuo_desktop.model import Span, Usage

if TYPE_CHECKING:  # front ends read prompts without it
    import numpy as np
    from numpy.typing import NDArray


class ClipMedia(Protocol):
    """The clip of one window and what can be made of it. Every method blocks: call it through `asyncio.to_thread`.

    Results are kept while the window is being analysed, so that a second model asks for nothing twice.
    Raises MediaError where the clip cannot be decoded.
    """

    @property
    def webm(self) -> bytes: ...

    @property
    def span(self) -> Span:
        """What the clip really covers: it may begin before the window where an edge was no keyframe."""
        ...

    @property
    def has_audio(self) -> bool: ...

    def mp4(self, *, fps: float, max_pixels: int) -> bytes:
        """H.264 in MP4 at `fps`, scaled down to at most `max_pixels` a frame."""
        ...

    def jpegs(self, *, fps: float, max_pixels: int, quality: int = 85) -> list[tuple[int, bytes]]:
        """(time in ms from the clip's start, JPEG) at `fps`."""
        ...

    def frames(self, *, fps: float, max_pixels: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """(time in ms from the clip's start, BGR picture of shape (height, width, 3)) at `fps`."""
        ...

    def sound(self) -> tuple[NDArray[np.float32], int] | None:
        """(mono samples in -1..1, samples a second), or None without a sound track."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip that lies in the person's object store, for the ledger: nothing here is a secret."""

    host: str  # from which the model fetches it: host and port
    key: str
    lasts_s: int  # an address is valid for this long from when it is signed


NO_STORE = "there is no object store to fetch it from"
"""What `Links.hindrance` says where none is configured."""


class Links(Protocol):
    """The clip of one window as an address from which a model fetches it by itself: the delivery `url`. Given by whoever has an object store."""

    def hindrance(self) -> str:
        """Why the model's servers cannot fetch from the store: an English clause; empty where they can. Blocks: it may ask the name server."""
        ...

    async def place(self, data: bytes, form: str) -> Placed:
        """Lays the clip, or a rendition of it, into the store; `form`: "webm" or "mp4". What is there already is not sent again.

        Raises SkiuoError where that cannot be done: nothing was asked of the model then.
        """
        ...

    async def sign(self, placed: Placed) -> str:
        """A new address of what was placed. Whoever knows it can read the clip: it is kept out of rows, logs and errors."""
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, ready to be sent. `template` and `version` say where it comes from, for the ledger."""

    system: str
    text: str  # goes after the video
    template: str = ""
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"template": self.template, "version": self.version, "system": self.system, "user": self.text}


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """What a provider is asked: one window, with what was said of the one before.

    `prompt` is for models that read one; `previous_facts` are what the same model's `Finished.facts` said of the window before.
    """

    recording_id: str
    window_index: int
    span: Span
    started_at: datetime  # of the recording, UTC
    clip: ClipMedia | None  # None: a question about texts alone
    language: str  # "en" or "zh": the language to write in
    prompt: Prompt = Prompt("", "")
    previous_text: str = ""
    previous_facts: Mapping[str, Any] = field(default_factory=dict)
    links: Links | None = None  # None: there is no object store


@dataclass(frozen=True, slots=True)
class Sent:
    """What is about to leave, for the ledger: delivery, bytes, frames, prompt, options.

    Yielded before the request goes out; a consumer that closes the iterator here has sent nothing to the model. `fingerprint` names
    the whole question (endpoint, model, options, prompt, media) by its content, empty where answers must not be kept;
    `estimate` is the most that it may come to.
    """

    ledger: Mapping[str, Any]
    fingerprint: str = ""
    estimate: Usage = Usage()


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of an answer that ended as it should. `about`: model_version, finish_reason, thinking and cached tokens."""

    usage: Usage = Usage()
    raw: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # JSON-able; handed to the next window's request
    about: Mapping[str, Any] = field(default_factory=dict)


ProviderEvent = Sent | TextDelta | Finished


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a probe. `state`: "ok", "failed" or "dropped" (accepted, but the model did not see it)."""

    name: str  # "reach", "text", "inline", "url", "frames", "files"
    state: str
    took_ms: int = 0
    tokens_in: int | None = None
    detail: str = ""  # what went wrong, or what was measured: one English sentence
    kind: str = ""  # a FailureKind's value where it failed


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What an endpoint was seen to take. `deliveries` are those that reached the model, the best first."""

    at: str  # ISO time
    hops: tuple[Hop, ...]
    deliveries: tuple[str, ...]
    video_format: str = ""  # "webm" or "mp4": what `inline`, `url` and `files` send
    said: str = ""  # what the model said of the test clip
    usage: Usage = Usage()  # of the whole probe
    usages: tuple[Usage, ...] = ()  # of each request that may have been billed


class Provider(Protocol):
    def analyse(self, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
        """Streams the answer: `Sent`, then `TextDelta`s, then `Finished`.

        Raises AnalysisError with a classified failure. Cancellation of the consuming task ends the request at once.
        """
        ...

    async def close(self) -> None:
        """Frees connections and helper processes; the provider is not used afterwards."""
        ...


@runtime_checkable
class Probing(Protocol):
    """A provider whose endpoint can be asked what it takes."""

    async def probe(self, clip: ClipMedia, links: Links | None = None) -> ProbeReport:
        """Walks a short clip through every delivery that the provider knows; `links` are of that clip. Failures are hops of the report, not errors."""
        ...
