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


DESCRIBE, JUDGE = "describe", "judge"
"""`Analysis.purpose`: to say what happens in the window, or to choose between what others said."""


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
    HELD = "held"  # kept for later by a budget: nothing is sent before a person asks again


class FailureKind(StrEnum):
    """Why an analysis failed. One kind is one thing that the user can do about it."""

    KEY = "key"
    QUOTA_MINUTE = "quota_minute"
    QUOTA_DAY = "quota_day"
    BILLING = "billing"
    BUDGET = "budget"  # the person's own limit: nothing was sent
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
    estimated: bool = False  # not what was counted: what it may come to


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    message: str  # one English sentence for the person; `failures.sentence` says it in other languages
    raw: str = ""  # the server's own words
    facts: Mapping[str, Any] = field(default_factory=dict)  # what the sentence names: server, model, wait_s, status (see `failures`)


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
    facts: Mapping[str, Any] = field(default_factory=dict)  # what is carried over to the next window (`label`, `summary`, the provider's own)
    why: Mapping[str, Any] = field(default_factory=dict)  # why this model was asked in another's place (see `failures.why`); empty: it was wanted
    purpose: str = DESCRIBE
    fresh: bool = False  # a kept answer to the same question does not count


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several answers stands in the narrative, and why."""

    analysis_id: int
    rule: str  # "all", "best", "vote", "judge" or "person"
    reason: str = ""  # a code of `analysis.merge`, for people through `failures.choice`
    dissent: tuple[str, ...] = ()  # models whose label was another one, each as "model: label"


@dataclass(frozen=True, slots=True)
class Window:
    id: int
    recording_id: str
    index: int
    span: Span
    state: WindowState
    reason: str = ""
    analyses: tuple[Analysis, ...] = ()
    choice: Choice | None = None

    @property
    def answers(self) -> tuple[Analysis, ...]:
        """The analyses that describe the window (not those that judged other answers)."""
        return tuple(a for a in self.analyses if a.purpose == DESCRIBE)

    @property
    def chosen(self) -> Analysis | None:
        """The analysis whose text stands in the narrative: the one chosen; else the newest that is done, else that has text, else the newest."""
        if self.choice is not None:
            for analysis in self.analyses:
                if analysis.id == self.choice.analysis_id:
                    return analysis
        return max(self.answers, key=lambda a: (a.state is AnalysisState.DONE, bool(a.text), a.id), default=None)


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
    freed_at: datetime | None = None  # when the local rule removed the video file
    device: str = ""  # the name of the device that recorded it; empty for this one


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
    costs: Mapping[str, float] = field(default_factory=dict)  # by currency; empty while no price is known
    freed_at: datetime | None = None  # as in `Recording`
    device: str = ""  # as in `Recording`


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
    device: str = ""  # as in `Recording`


@dataclass(frozen=True, slots=True)
class Tier:
    """A price that holds up to a size of the request."""

    per_million_in: float
    per_million_out: float
    up_to: int | None = None  # tokens in; None: without end


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in `currency` per million tokens. Prices age: `read_on` says when it was read, or set by hand."""

    tiers: tuple[Tier, ...]  # by `up_to`, the endless one last
    currency: str = "USD"
    read_on: str = ""  # an ISO date
    until: str = ""  # an ISO date after which it holds no more; empty: not known

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """The whole request is charged at the tier that its input falls into."""
        tier = next((t for t in self.tiers if t.up_to is None or tokens_in <= t.up_to), self.tiers[-1])
        return (tokens_in * tier.per_million_in + tokens_out * tier.per_million_out) / 1_000_000


FREE = Price((Tier(0.0, 0.0),))


@dataclass(frozen=True, slots=True)
class When:
    """When a model may be asked. Times are local."""

    days: str = "all"  # "all", "weekdays" or "weekend"
    hours: tuple[int, int] | None = None  # from, to: 9, 18 is 9:00 to 17:59; 22, 6 goes over midnight
    budget_left: float = 0.0  # at least this share (0..1) of each budget must be left


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A named, configured endpoint. `options` belong to the provider."""

    name: str
    provider: str
    model: str = ""
    base_url: str = ""
    key_ref: str = ""
    concurrency: int = 1
    preset: str = ""  # which host or server it is, where the provider knows several (`analysis.presets`)
    delivery: str = "auto"  # "auto", "inline", "url", "frames", "files"
    price: Price | None = None  # None: not known
    requests_per_minute: int = 0  # 0: no limit
    tokens_per_minute: int = 0
    timeout_s: float = 120.0  # for the whole answer
    longest_answer: int = 1024  # tokens, thinking included
    when: When = When()
    options: Mapping[str, Any] = field(default_factory=dict)
    probe: Mapping[str, Any] = field(default_factory=dict)  # what the endpoint was seen to take (see `analysis.provider.ProbeReport`)


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """Whether a model is asked at present. `state`: "ok", "paused" (asked again at `until`), "stopped" (until a person changes something)."""

    model: str
    state: str = "ok"
    until: datetime | None = None  # UTC
    kind: FailureKind | None = None


class BudgetStep(StrEnum):
    """The ladder near a budget's end, from its foot."""

    NONE = "none"
    CHEAPER = "cheaper"  # new windows go to a cheaper model
    WIDER = "wider"  # and only every other window
    KEEP = "keep"  # windows are kept for later


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent (promises of what is under way included) and may be, in `currency`. A limit of 0 is none."""

    currency: str
    recording: float
    day: float
    month: float
    recording_limit: float
    day_limit: float
    month_limit: float
    step: BudgetStep = BudgetStep.NONE


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as it is shown: in the user's order, the offline measurer last."""

    config: ModelConfig
    active: bool  # asked about each new window
    fallback: int | None = None  # its place among those that stand in, from 1
    health: ModelHealth = ModelHealth("")
    window_s: float | None = None  # median seconds for a window, of the last ones it answered; None: not measured
    per_hour: float | None = None  # about what an hour of recording costs, in `config.price.currency`; None: no price known
    key_state: str = ""  # "keyring", "environment", "this run", "missing", "none" (needs none)
    server: str = ""  # what a person calls the other side: "Alibaba Cloud (Singapore)", "Ollama here", "peer.example"
    address: str = ""  # where it is asked: its own, else its preset's; empty for what runs in this program


class BackendTrouble(StrEnum):
    """Why the backend did not do what it was asked; `failures.backend` has the sentences."""

    UNREACHABLE = "unreachable"  # no such name, refused, cut off, no answer in time
    TLS = "tls"  # its certificate is not trusted
    EXPIRED = "expired"  # its certificate is past its date
    PLAIN = "plain"  # plain http, or a database connection without TLS, that was not allowed
    CLOCK = "clock"  # this computer's clock is off by too much for signed requests
    DENIED = "denied"  # wrong key or password, or they do not allow it
    MISSING = "missing"  # no such bucket or database
    FULL = "full"  # no space on the server, or a quota
    BUSY = "busy"  # it asks to be asked later
    NEWER = "newer"  # its schema is that of a newer program
    OLDER = "older"  # its schema is older, and this role may not change it
    DIFFERENT = "different"  # what arrived is not what was sent
    REFUSED = "refused"  # anything else that it said no to


@dataclass(frozen=True, slots=True)
class Remark:
    """Something seen or advised: a code of `remarks` and its facts (text, numbers, other remarks). `remarks.sentence` has the words."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackendHop:
    """One step of `skiuo backend check`. `detail` and `advice` are the English words of `seen` and `advised`, for terminals and scripts."""

    name: str  # as in `backend.check_objects.OBJECT_HOPS` and `backend.check_rows.ROW_HOPS`
    server: str  # "objects" or "rows"
    state: str  # "ok", "failed", "warned" or "skipped" (because of an earlier one)
    took_ms: int = 0
    detail: str = ""  # what was seen
    advice: str = ""  # what to do; empty where nothing is to be done
    seen: tuple[Remark, ...] = ()
    advised: Remark | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """An object on its way. Bytes; `left_s` None until the rate is known."""

    key: str
    recording_id: str
    done: int
    total: int
    bytes_per_second: float = 0.0
    left_s: float | None = None


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """How far the mirror is behind the library."""

    configured: bool
    reachable: bool | None = None  # None: not tried yet
    pending_rows: int = 0
    pending_objects: int = 0
    pending_bytes: int = 0
    oldest_pending_at: datetime | None = None
    last_error: str = ""
    trouble: BackendTrouble | None = None
    server: str = ""  # of the trouble: its host and port
    remark: Remark | None = None  # what `last_error` says, for other languages; None where that has no code
    last_synced_at: datetime | None = None
    paused: str = ""  # "": not; "setting", "metered", or "elsewhere" (another program on this library mirrors)
    upload: Upload | None = None
    lifecycle_days: int | None = None  # read back from the bucket; None: no rule seen


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in the store, as its row says."""

    key: str
    kind: str  # "recording", "thumbnail" or "clip"
    recording_id: str
    window_id: int | None
    content_type: str
    bytes: int
    sha256: str  # hex
    stored_at: datetime
    expires_at: datetime | None = None  # when the bucket's lifecycle rule removes it


@dataclass(frozen=True, slots=True)
class Copies:
    """Which recordings of this device are on the servers, as this library knows it."""

    stored: frozenset[str]  # ids of those whose video the object store has now
    unlisted: frozenset[str]  # ids of those whose row the database does not have as it is here


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """What the local rule would free now: video files only, never a text."""

    recordings: list[RecordingSummary]
    bytes: int
    kept: int  # recordings that are old or large enough, but neither analysed nor mirrored
    doubted: datetime | None = None  # the start of the newest recording, where the clock contradicts it: then nothing goes by age
