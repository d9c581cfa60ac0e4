"""Typed events and a plain publisher.

Events tell a screen or a terminal what has just become true; they are never the only record of it (rows are).
A subscriber runs on the thread that publishes, so it must return at once: hand the event over and go.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Analysis, BackendStatus, BudgetStep, Failure, Marker, ModelHealth, Notice, Window

log = logging.getLogger(__name__)


class CaptureState(StrEnum):
    STARTING = "starting"  # no byte has reached the file yet
    RECORDING = "recording"
    PAUSED = "paused"
    STALLED = "stalled"  # the source has sent nothing for five frame periods
    LOST = "lost"  # the source is gone and is being reopened
    STOPPED = "stopped"
    LIVE = "live"  # said of a source only: it gives pictures, whether they are recorded or not


class StopReason(StrEnum):
    USER = "user"
    LIMIT = "limit"  # --seconds
    ENDED = "ended"  # the source's own end
    DISK_FULL = "disk_full"
    FAILED = "failed"  # encoder or disk error; what was written is kept


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, slots=True)
class SourceHealth(Event):
    """About twice a second while a source is open, recording or not."""

    source: str
    fps: float
    width: int
    height: int
    state: CaptureState
    since_frame_ms: int  # age of the newest frame
    reopen_attempt: int = 0


@dataclass(frozen=True, slots=True)
class AudioLevel(Event):
    """About ten times a second while a microphone is open. dB relative to full scale, -120 for silence."""

    rms_db: float
    peak_db: float


@dataclass(frozen=True, slots=True)
class RecordingStarted(Event):
    recording_id: str
    path: str
    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True)
class RecordingProgress(Event):
    """About five times a second while recording."""

    recording_id: str
    state: CaptureState
    elapsed_ms: int  # recorded time, without pauses
    written_ms: int  # every packet before this time is in the file
    bytes: int
    bytes_per_second: float
    frames: int
    dropped_frames: int
    fps: float
    since_disk_ms: int  # how long ago bytes last reached the file
    free_bytes: int
    room_ms: int | None  # recording time that still fits; None until the rate is known


@dataclass(frozen=True, slots=True)
class RecordingNotice(Event):
    recording_id: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class RecordingStopped(Event):
    """The file is closed. `error` is a sentence for StopReason.FAILED and DISK_FULL."""

    recording_id: str
    reason: StopReason
    duration_ms: int
    bytes: int
    frames: int
    dropped_frames: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class RecordingSaved(Event):
    """After RecordingStopped, always: the row is final and every window is planned, unless `error` says what is left to the next start.

    `kept` is False when nothing had been recorded. `error`: why the recording did not end as it was meant to.
    """

    recording_id: str
    kept: bool = True
    error: SkiuoError | None = None


@dataclass(frozen=True, slots=True)
class RecordingChanged(Event):
    """The row, its title, tags, state or windows changed; read it again."""

    recording_id: str


@dataclass(frozen=True, slots=True)
class RecordingDeleted(Event):
    recording_id: str


@dataclass(frozen=True, slots=True)
class MarkerAdded(Event):
    recording_id: str
    marker: Marker


@dataclass(frozen=True, slots=True)
class WindowChanged(Event):
    """A window was planned or its state changed. `window` is whole, analyses included."""

    window: Window


@dataclass(frozen=True, slots=True)
class AnalysisStarted(Event):
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class AnalysisText(Event):
    """More of the text. `position` is where `delta` begins, so that a late subscriber can tell what it missed."""

    analysis_id: int
    window_id: int
    recording_id: str
    window_index: int
    position: int
    delta: str


@dataclass(frozen=True, slots=True)
class AnalysisWaiting(Event):
    """An attempt failed and is made again by itself: `failure` says why, `until` when (UTC). The next sign of life ends the wait."""

    analysis: Analysis
    failure: Failure
    until: datetime
    attempt: int  # the one that failed, from 1
    attempts: int  # how many there may be


@dataclass(frozen=True, slots=True)
class AnalysisEnded(Event):
    """Done, failed or cancelled; `analysis` is whole."""

    analysis: Analysis


@dataclass(frozen=True, slots=True)
class StageTiming(Event):
    """One piece of work of one stage, for diagnostics."""

    stage: str  # record, plan, cut, rendition, analyse, repair, search, ...
    duration_ms: float
    bytes: int = 0
    queue_ms: float = 0.0
    recording_id: str = ""
    window_index: int = -1


@dataclass(frozen=True, slots=True)
class Repaired(Event):
    recording_id: str
    path: str
    duration_ms: int
    lost_bytes: int
    message: str


@dataclass(frozen=True, slots=True)
class ModelHealthChanged(Event):
    """Whether a model is asked at present."""

    health: ModelHealth


@dataclass(frozen=True, slots=True)
class BudgetStepped(Event):
    """The ladder near a budget's end was climbed or left; it counts for all windows from now on."""

    step: BudgetStep
    before: BudgetStep
    budget: str = ""  # "recording", "day" or "month": the one that is nearest its end
    share: float = 0.0  # of it that is spent or promised, 0..1


@dataclass(frozen=True, slots=True)
class ModelsChanged(Event):
    """Models were added, changed, ordered, probed or removed, here or by another program."""


@dataclass(frozen=True, slots=True)
class BackendChanged(Event):
    """How far the mirror is; at most five times a second while something is sent."""

    status: BackendStatus


@dataclass(frozen=True, slots=True)
class SettingChanged(Event):
    key: str


Subscriber = Callable[[Event], None]


class Publisher:
    """Delivers each event to each subscriber, in order of publication per thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: tuple[Subscriber, ...] = ()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Adds a subscriber; returns the function that removes it."""
        with self._lock:
            self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)

        return unsubscribe

    def publish(self, event: Event) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception:
                # One broken listener must not stop a recording or silence the others.
                log.exception("a subscriber failed on %s", type(event).__name__)
