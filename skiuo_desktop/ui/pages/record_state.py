"""What is true of the Record page at this moment, from the engine's events and the clock. No Qt, no words.

"Recording" is said only while bytes reach the file (see `disk_silent`); what a button was pressed for is only `STARTING`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum

from skiuo_desktop.events import (
    AnalysisEnded,
    AudioLevel,
    CaptureState,
    Event,
    RecordingNotice,
    RecordingProgress,
    RecordingSaved,
    RecordingStarted,
    RecordingStopped,
    SourceHealth,
)
from skiuo_desktop.model import AnalysisState

DISK_SILENT_MS = 3_000
"""Longer than this without a byte, and it is not called recording any more."""
CARD_AFTER_MS = 2_000
"""A picture may stumble; from here on a card says that the source has stopped."""
STARTING_LATE_S = 3.0
LEVEL_STALE_S = 1.0
LISTEN_FOR_S = 2.0
"""A microphone takes a moment to open; only then its silence means something."""
SILENT_DB, HEARS_DB = -60.0, -45.0
SILENT_AFTER_S = 10.0
HEARS_FOR_S = 3.0


class Phase(StrEnum):
    IDLE = "idle"
    STARTING = "starting"  # asked for; no byte has reached the file
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"  # asked to end; the file is being closed


class RecordState:
    """Fed with events; asked by the page's parts. Times of the clock are monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.phase = Phase.IDLE
        self.recording_id: str | None = None
        self.progress: RecordingProgress | None = None
        self._progress_at = 0.0
        self.health: SourceHealth | None = None
        self._health_at = 0.0
        self.last_level: AudioLevel | None = None
        self._level_at = -1e9
        self._asked_at = 0.0
        self._opened_at = 0.0
        self._sound_at = 0.0
        self._heard_at = -1e9
        self.loudest_db = -120.0
        """Of the last seconds in which something was heard."""
        self.microphone_lost = False
        self.cost: float | None = None
        self.first_words_ms: int | None = None
        """How long the model last took for its first words; None before the first answer."""

    # ------------------------------------------------------------------ what the person does

    def starting(self) -> None:
        self.phase = Phase.STARTING
        self._asked_at = self._clock()
        self.recording_id, self.progress, self.cost, self.microphone_lost = None, None, None, False

    def started(self, recording_id: str) -> None:
        self.recording_id = recording_id

    def not_started(self) -> None:
        self.phase = Phase.IDLE

    def stopping(self) -> None:
        self.phase = Phase.STOPPING

    def source_opened(self) -> None:
        """A source or a microphone has been chosen anew: what was heard and seen before says nothing any more."""
        self.health, self.last_level = None, None
        self._opened_at = self._sound_at = self._clock()
        self._heard_at = -1e9

    # ------------------------------------------------------------------ what happens

    def apply(self, event: Event) -> None:
        now = self._clock()
        match event:
            case SourceHealth():
                self.health, self._health_at = event, now
            case AudioLevel():
                self._heard(event, now)
            case RecordingStarted(recording_id=recording_id):
                self.recording_id = recording_id
            case RecordingProgress():
                self._advance(event, now)
            case RecordingNotice(notice=notice) if notice.kind in ("audio_lost", "audio_missing"):
                self.microphone_lost = True
            case AnalysisEnded(analysis=analysis) if analysis.state is AnalysisState.DONE:
                if analysis.recording_id == self.recording_id and analysis.usage.cost is not None:
                    self.cost = (self.cost or 0.0) + analysis.usage.cost
                self.first_words_ms = analysis.first_token_ms if analysis.first_token_ms is not None else self.first_words_ms
            case RecordingStopped(recording_id=recording_id) if recording_id == self.recording_id:
                self.phase = Phase.STOPPING
            case RecordingSaved(recording_id=recording_id) if recording_id == self.recording_id:
                self.phase, self.recording_id, self.progress = Phase.IDLE, None, None

    def _heard(self, level: AudioLevel, now: float) -> None:
        self.last_level, self._level_at = level, now
        if level.peak_db > SILENT_DB:
            self._sound_at = now
        if level.peak_db > HEARS_DB:
            quiet = now - self._heard_at > HEARS_FOR_S
            self.loudest_db = level.peak_db if quiet else max(self.loudest_db, level.peak_db)
            self._heard_at = now

    def _advance(self, progress: RecordingProgress, now: float) -> None:
        if self.recording_id not in (None, progress.recording_id) or self.phase in (Phase.IDLE, Phase.STOPPING):
            return
        self.progress, self._progress_at = progress, now
        if progress.state is CaptureState.PAUSED:
            self.phase = Phase.PAUSED
        elif progress.bytes > 0:
            self.phase = Phase.RECORDING

    # ------------------------------------------------------------------ what is true now

    @property
    def busy(self) -> bool:
        """A recording is under way, beginning or ending: source and microphone are locked."""
        return self.phase is not Phase.IDLE

    @property
    def can_stop(self) -> bool:
        """Also while it starts, when that takes long: a source may never send anything."""
        late = self.phase is Phase.STARTING and self.recording_id is not None and self._clock() - self._asked_at > STARTING_LATE_S
        return late or self.phase in (Phase.RECORDING, Phase.PAUSED)

    @property
    def since_disk_ms(self) -> int:
        """How long ago bytes last reached the file."""
        if self.progress is None:
            return 0
        return self.progress.since_disk_ms + round((self._clock() - self._progress_at) * 1000)

    @property
    def disk_silent(self) -> bool:
        return self.phase is Phase.RECORDING and self.since_disk_ms > DISK_SILENT_MS

    @property
    def since_frame_ms(self) -> int:
        """How long ago the source last gave a picture."""
        if self.health is None:
            return 0
        return self.health.since_frame_ms + round((self._clock() - self._health_at) * 1000)

    @property
    def picture_gone(self) -> bool:
        """The source has stopped sending, by its own account; a pause is not that."""
        return self.health is not None and self.health.state in (CaptureState.STALLED, CaptureState.LOST)

    @property
    def ended(self) -> bool:
        """A file has been played to its end. A recording starts at its beginning again."""
        return self.health is not None and self.health.state is CaptureState.STOPPED

    @property
    def wants_card(self) -> bool:
        return self.picture_gone and self.since_frame_ms >= CARD_AFTER_MS

    @property
    def fps(self) -> float:
        return 0.0 if self.health is None or self.wants_card else self.health.fps

    @property
    def elapsed_ms(self) -> int:
        return self.progress.elapsed_ms if self.progress is not None else 0

    @property
    def level(self) -> AudioLevel | None:
        """The level now; None when no microphone sends."""
        return self.last_level if self._clock() - self._level_at <= LEVEL_STALE_S else None

    @property
    def listening(self) -> bool:
        """The source has only just been opened: whether its microphone sends is not known yet."""
        return self.health is None or self._clock() - self._opened_at < LISTEN_FOR_S

    @property
    def hears(self) -> bool:
        return self.level is not None and self._clock() - self._heard_at <= HEARS_FOR_S

    @property
    def silent(self) -> bool:
        """A microphone is open and has given nothing but silence for ten seconds."""
        return self.level is not None and self._clock() - self._sound_at >= SILENT_AFTER_S
