"""The record stage: one open source, at most one recording from it, and the row that names the recording.

Everything here may block (a camera takes seconds to open), so it runs on a thread of its own, in order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skiuo_desktop import settings as s
from skiuo_desktop.capture.feed import Feed
from skiuo_desktop.capture.recorder import Recorder, RecorderOptions
from skiuo_desktop.capture.sources import Frame, SourceInfo, SourceSpec, Wanted, parse_source
from skiuo_desktop.errors import SourceError, StorageError, UsageError
from skiuo_desktop.events import Event
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.media.plan import edge_ms
from skiuo_desktop.model import Recording, RecordingState, Tracks

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Session:
    """A recording under way."""

    recording: Recording
    recorder: Recorder


class RecordStage:
    def __init__(self, home: Home, settings: s.Settings, library: Library, publish: Callable[[Event], None]) -> None:
        self._home = home
        self._settings = settings
        self._library = library
        self._publish = publish
        self._feed: Feed | None = None
        self._spec: SourceSpec | None = None
        self._info: SourceInfo | None = None
        self._microphone = "none"
        self.session: Session | None = None

    @property
    def latest_frame(self) -> Frame | None:
        feed = self._feed
        return feed.latest if feed is not None else None

    def open_source(self, source: str, microphone: str, speed: str) -> SourceInfo:
        """Opens a source for preview, in place of the one open before. Raises UsageError, SourceError."""
        if self.session is not None:
            raise UsageError("The source cannot be changed while it is being recorded. Stop the recording first.")
        spec = parse_source(source)
        self.close_source()
        wanted = Wanted(
            width=self._settings.get(s.WIDTH),
            height=self._settings.get(s.HEIGHT),
            fps=self._settings.get(s.FPS),
            mjpg=self._settings.get(s.MJPG),
        )
        feed = Feed(spec, wanted=wanted, microphone=microphone, speed="max" if speed == "max" else "real", publish=self._publish)
        try:
            self._info = feed.open()
        except BaseException:
            feed.close()
            raise
        self._feed, self._spec, self._microphone = feed, spec, microphone
        return self._info

    def close_source(self) -> None:
        feed, self._feed, self._spec, self._info = self._feed, None, None, None
        if feed is not None:
            feed.close()

    def reopen_source(self) -> None:
        if self._feed is not None:
            self._feed.reopen_now()

    def start(self, title: str, models: tuple[str, ...], limit_ms: int | None) -> Session:
        """Records the open source. The row is there before the file, so that no file is ever without one."""
        if self.session is not None:
            raise UsageError("A recording is already being made.")
        if self._feed is None or self._spec is None or self._info is None:
            raise SourceError("No source is open. Choose a camera, a screen or a file first.")
        recording = self._new_row(title, models, self._spec, self._info)
        path = Path(recording.path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"The folder {path.parent} cannot be used: {error.strerror}.") from error
        self._library.add_recording(recording)
        options = RecorderOptions(
            codec=self._settings.get(s.VIDEO_CODEC),
            video_kbps=self._settings.get(s.VIDEO_KBPS),
            audio_kbps=self._settings.get(s.AUDIO_KBPS),
            edge_ms=edge_ms(recording.window_length_ms, recording.window_stride_ms),
            keep_free_bytes=self._settings.get(s.KEEP_FREE) * 1_000_000,
            limit_ms=limit_ms,
        )
        recorder = Recorder(self._feed, path, recording.id, options, self._publish)
        self.session = Session(recording, recorder)
        try:
            recorder.start()
        except BaseException:
            self.session = None
            self._library.drop_recording(recording.id)
            raise
        return self.session

    def _new_row(self, title: str, models: tuple[str, ...], spec: SourceSpec, info: SourceInfo) -> Recording:
        now = datetime.now(UTC)
        recording_id = self._library.new_recording_id(now)
        return Recording(
            id=recording_id,
            device_id=self._library.device_id,
            title=title or f"{spec.label}, {now.astimezone():%Y-%m-%d %H:%M}",
            path=str(self._home.recordings / f"{now:%Y-%m}" / f"{recording_id}.webm"),
            source=spec.text,
            source_label=spec.label,
            started_at=now,
            state=RecordingState.RECORDING,
            window_length_ms=self._settings.get(s.WINDOW_LENGTH),
            window_stride_ms=min(self._settings.get(s.WINDOW_STRIDE), self._settings.get(s.WINDOW_LENGTH)),
            models=models,
            width=info.width,
            height=info.height,
            fps=info.fps,
            video_codec=self._settings.get(s.VIDEO_CODEC),
            has_audio=info.has_audio,
        )

    def pause(self) -> None:
        if self.session is not None:
            self.session.recorder.pause()

    def resume(self) -> None:
        if self.session is not None:
            self.session.recorder.resume()

    def stop(self) -> None:
        """Asks the recording to end; RecordingStopped follows when the file is closed."""
        if self.session is not None:
            self.session.recorder.stop()

    def tracks(self) -> Tracks | None:
        return self.session.recorder.tracks() if self.session is not None else None

    def ended(self) -> Session | None:
        """Takes the session whose file has been closed."""
        session, self.session = self.session, None
        if session is not None:
            session.recorder.wait(timeout_s=10)
        return session

    def close(self) -> None:
        """Ends a recording that still runs, waits until its file is closed, and closes the source."""
        if self.session is not None:
            self.session.recorder.stop()
            self.session.recorder.wait(timeout_s=30)
        self.close_source()
