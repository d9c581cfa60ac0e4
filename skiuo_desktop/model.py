"""The words of the product as frozen values: recordings, windows, analyses, models.

Times are integer milliseconds since the recording's start; every recording has one absolute start in UTC.
Standard library only: each room and each process speaks in these types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

OFFLINE = "offline"
"""Name of the embedded model (and provider) that needs no network and no key."""


class RecordingState(StrEnum):
    RECORDING = "recording"  # its owner is writing it, or died doing so (then `repair` finishes it)
    FINISHED = "finished"  # the file is complete: duration and cues are in it
    DAMAGED = "damaged"  # nothing playable could be brought back; the file is kept as it is


class WindowState(StrEnum):
    PLANNED = "planned"  # not recorded yet; on screens only
    RECORDING = "recording"  # being recorded now; on screens only
    QUEUED = "queued"
    ANALYSING = "analysing"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # nobody asked for an analysis, or a rule said no: `Window.reason` says which


class AnalysisState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class FailureKind(StrEnum):
    """Why an analysis failed. One kind is one thing that the user can do about it."""

    KEY = "key"
    QUOTA_MINUTE = "quota_minute"
    QUOTA_DAY = "quota_day"
    BILLING = "billing"
    MODEL_MISSING = "model_missing"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    CANNOT_FETCH = "cannot_fetch"
    OVERLOADED = "overloaded"
    NETWORK = "network"
    TIMEOUT = "timeout"
    EMPTY = "empty"
    CUT_SHORT = "cut_short"
    BAD_ANSWER = "bad_answer"
    MEDIA = "media"  # the recording could not be read
    INTERRUPTED = "interrupted"  # the program ended while the answer was arriving
    INTERNAL = "internal"  # our bug


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open span `[start_ms, end_ms)` of a recording."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms <= self.start_ms:
            raise ValueError(f"not a span: [{self.start_ms}, {self.end_ms})")

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a recording and that its viewer should know: a gap, a lost microphone, a repair."""

    at_ms: int
    kind: str  # stalled, source_lost, source_back, audio_lost, audio_missing, disk_low, disk_full, repaired, ...
    detail: str = ""
    length_ms: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None  # in `currency`; None when no price is known, 0.0 when it is free
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    message: str  # one sentence for the person in front of the screen
    raw: str = ""  # the server's own words


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of an analysis, recorded before it starts: it may have been billed whatever became of it."""

    number: int  # from 1
    started_at: datetime
    ended_at: datetime | None = None
    failure: Failure | None = None
    usage: Usage = Usage()
    sent: Mapping[str, Any] = field(default_factory=dict)  # the ledger: delivery, bytes, frames, options, prompt
    raw: str = ""  # the raw answer as it came


@dataclass(frozen=True, slots=True)
class Analysis:
    """One model's run over one window. `version` counts re-runs of the same model over the same window, from 1."""

    id: int
    window_id: int
    recording_id: str
    window_index: int
    span: Span
    model: str
    version: int
    state: AnalysisState
    text: str = ""
    partial: bool = False  # the text stops before its end
    usage: Usage = Usage()
    first_token_ms: int | None = None
    total_ms: int | None = None
    failure: Failure | None = None
    attempts: int = 0
    language: str = "en"
    facts: Mapping[str, Any] = field(default_factory=dict)  # what the provider carries over to the next window


@dataclass(frozen=True, slots=True)
class Window:
    id: int
    recording_id: str
    index: int
    span: Span
    state: WindowState
    reason: str = ""
    analyses: tuple[Analysis, ...] = ()

    @property
    def chosen(self) -> Analysis | None:
        """The analysis whose text stands in the narrative: the newest that is done, else the newest that has text, else the newest."""
        return max(self.analyses, key=lambda a: (a.state is AnalysisState.DONE, bool(a.text), a.id), default=None)


@dataclass(frozen=True, slots=True)
class Marker:
    id: int
    at_ms: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """One continuous take from one source: one WebM file and one row."""

    id: str
    device_id: str
    title: str
    path: str  # absolute here; relative to the library in the row
    source: str  # the source's grammar without credentials, such as `camera:0`
    source_label: str  # what a person calls it
    started_at: datetime  # aware, UTC
    state: RecordingState
    window_length_ms: int
    window_stride_ms: int
    models: tuple[str, ...] = ()  # asked for when it was recorded; empty: no analysis
    duration_ms: int = 0
    frames: int = 0
    dropped_frames: int = 0
    bytes: int = 0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    video_codec: str = ""
    has_audio: bool = False
    notes: str = ""
    tags: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    markers: tuple[Marker, ...] = ()
    windows: tuple[Window, ...] = ()
    thumbnail: str = ""  # absolute path of a JPEG, empty while there is none


@dataclass(frozen=True, slots=True)
class Tracks:
    """What the timeline draws under the windows: one byte a second, 0 (still, silent) to 255."""

    motion: bytes = b""
    sound: bytes = b""


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """A row of the library's list; cheap to read for thousands of recordings."""

    id: str
    title: str
    source_label: str
    started_at: datetime
    duration_ms: int
    bytes: int
    state: RecordingState
    thumbnail: str
    models: tuple[str, ...]
    states: tuple[WindowState, ...]  # one a window, in order
    excerpt: str  # the first words of the narrative
    cost: float | None


@dataclass(frozen=True, slots=True)
class DeletionPreview:
    """What deleting the same recordings would remove."""

    recordings: list[RecordingSummary]
    bytes: int  # of the files
    analyses: int
    not_analysed: int  # windows without a finished text
    to_trash: bool  # False: the files are gone for good


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where searched words stand. `window_index` is None for titles and notes."""

    recording_id: str
    title: str
    where: str  # "title", "notes" or "text"
    window_index: int | None
    start_ms: int
    end_ms: int
    model: str
    text: str


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A named, configured endpoint. `options` belong to the provider."""

    name: str
    provider: str
    model: str = ""
    base_url: str = ""
    key_ref: str = ""
    concurrency: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
