"""Records a feed into one WebM file."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av

from skiuo_desktop.capture.disk import DiskGuard
from skiuo_desktop.capture.encoding import Encoding
from skiuo_desktop.capture.feed import Feed
from skiuo_desktop.capture.frames import AudioBlock, Frame
from skiuo_desktop.capture.inbox import Inbox
from skiuo_desktop.capture.progress import Progress
from skiuo_desktop.capture.timeline import Timeline
from skiuo_desktop.capture.writer import Format, WebmWriter
from skiuo_desktop.errors import BugError, StorageError
from skiuo_desktop.events import Event, RecordingNotice, RecordingStarted, RecordingStopped, StageTiming, StopReason
from skiuo_desktop.model import Notice, Tracks

log = logging.getLogger(__name__)

PROGRESS_S = 0.2


@dataclass(frozen=True, slots=True)
class RecorderOptions:
    """`edge_ms`: a keyframe at the first picture at or after each multiple. `limit_ms`: the recording ends there."""

    codec: str
    video_kbps: int
    audio_kbps: int
    edge_ms: int
    keep_free_bytes: int
    limit_ms: int | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """What a recording consists of once it has been started."""

    inbox: Inbox
    encoding: Encoding
    disk: DiskGuard
    progress: Progress


class Recorder:
    """One recording of an open feed: `start`, perhaps `pause` and `resume`, `stop`, `wait`. Used once.

    Two threads of its own: one encodes and writes, one reports and watches the disk. `publish` is called from both with
    RecordingStarted, RecordingProgress, RecordingNotice, StageTiming and, last, RecordingStopped.
    """

    def __init__(self, feed: Feed, path: Path, recording_id: str, options: RecorderOptions, publish: Callable[[Event], None]) -> None:
        self._feed = feed
        self._path = path
        self._id = recording_id
        self._options = options
        self._publish = publish
        self._timeline = Timeline()
        self._lock = threading.Lock()
        self._reason: StopReason | None = None
        self._why = ""
        self._run: _Run | None = None
        self._stopped: RecordingStopped | None = None
        self._done = threading.Event()
        self._encoder_over = False
        self._news = threading.Event()
        self._encoder = threading.Thread(target=self._encode, name="recorder", daemon=True)
        self._monitor = threading.Thread(target=self._watch, name="recorder-watch", daemon=True)

    @property
    def elapsed_ms(self) -> int:
        """Recorded time so far, without pauses."""
        if self._stopped is not None:
            return self._stopped.duration_ms
        return self._timeline.elapsed_ns(self._feed.clock_ns()) // 1_000_000

    def start(self) -> None:
        """Creates the file and begins. Raises StorageError where the file cannot be written, SourceError where the feed is closed."""
        if self._run is not None:
            raise BugError("a recorder records once")
        info, options = self._feed.info, self._options
        form = Format(options.codec, info.width, info.height, info.fps, options.video_kbps, options.audio_kbps, info.channels)
        disk = self._guard()
        writer = self._create(form)
        inbox = Inbox(info.width * info.height * 3 // 2, lossless=self._feed.lossless)
        encoding = Encoding(
            writer,
            form,
            inbox,
            self._timeline,
            edge_ms=options.edge_ms,
            limit_ms=options.limit_ms,
            live=self._feed.live,
            own_sound=self._feed.own_sound,
            worked=self._worked,
        )
        self._run = _Run(inbox, encoding, disk, Progress(self._id, writer, self._timeline, inbox, disk))
        try:
            self._feed.attach(self)
        except BaseException:
            writer.give_up()
            self._path.unlink()
            raise
        self._publish(RecordingStarted(self._id, str(self._path), info.width, info.height, info.fps))
        if self._feed.sound_problem:
            self._notice("audio_missing", self._feed.sound_problem)
        self._monitor.start()
        self._encoder.start()

    def pause(self) -> None:
        """What comes from now on is not recorded, and takes no time in the file."""
        self._timeline.pause(self._feed.clock_ns())

    def resume(self) -> None:
        self._timeline.resume(self._feed.clock_ns())
        if self._run is not None:
            self._run.progress.resumed()

    def stop(self) -> None:
        """Asks for the end and returns at once; what has arrived until now is still written."""
        self._end(StopReason.USER)

    def wait(self, timeout_s: float | None = None) -> RecordingStopped | None:
        """Waits until the file is closed; None when that has not happened in time."""
        if not self._done.wait(timeout_s):
            return None
        for thread in (self._encoder, self._monitor):
            if thread is not threading.current_thread():
                thread.join()
        return self._stopped

    def tracks(self) -> Tracks:
        """Motion and sound so far."""
        return self._run.encoding.meter.tracks() if self._run is not None else Tracks()

    # -- what the feed tells, on its threads

    def frame(self, frame: Frame) -> None:
        self._running.inbox.put(frame)

    def sound(self, block: AudioBlock) -> None:
        self._running.inbox.put(block)

    def missed(self, frames: int) -> None:
        self._running.inbox.missed(frames)

    def source_lost(self, since_ns: int, why: str) -> None:
        self._notice("source_lost", why, at_ns=since_ns)

    def source_back(self, since_ns: int, now_ns: int) -> None:
        """The notice says where the gap begins and how long it is, in recorded time."""
        gap_ms = (self._timeline.elapsed_ns(now_ns) - self._timeline.elapsed_ns(since_ns)) // 1_000_000
        self._notice("source_back", "The source sends pictures again.", at_ns=since_ns, length_ms=gap_ms)

    def audio_lost(self, why: str) -> None:
        self._notice("audio_lost", why, at_ns=time.monotonic_ns())

    def ended(self, why: str) -> None:
        self._end(StopReason.FAILED if why else StopReason.ENDED, why)

    # -- inside

    @property
    def _running(self) -> _Run:
        if self._run is None:
            raise BugError("the recorder has not been started")
        return self._run

    def _end(self, reason: StopReason, why: str = "") -> None:
        """The first reason counts."""
        with self._lock:
            if self._reason is None:
                self._reason, self._why = reason, why
        if self._run is None:
            return
        if reason is StopReason.USER and self._feed.live:
            # What the microphone heard until now has yet to arrive.
            self._run.inbox.close_to_pictures()
        else:
            self._run.inbox.close()

    def _guard(self) -> DiskGuard:
        try:
            guard = DiskGuard(self._path.parent, self._options.keep_free_bytes, (self._options.video_kbps + self._options.audio_kbps) * 125)
        except OSError as error:
            raise StorageError(f"The folder {self._path.parent} cannot be used: {error.strerror or error}.") from error
        if guard.exhausted:
            free, keep = guard.free_bytes // 1_000_000, self._options.keep_free_bytes // 1_000_000
            raise StorageError(f"The disk has {free} MB left and {keep} MB are to be kept free (record.keep_free_mb). Make room and record again.")
        return guard

    def _create(self, form: Format) -> WebmWriter:
        try:
            return WebmWriter(self._path, form, self._options.edge_ms)
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {error.strerror or error}.") from error
        except av.FFmpegError as error:
            raise StorageError(f"Pictures of {form.width} x {form.height} cannot be encoded as {form.codec}: {error.strerror}.") from error

    def _notice(self, kind: str, detail: str, *, at_ns: int = 0, length_ms: int = 0) -> None:
        at_ms = self._timeline.elapsed_ns(at_ns) // 1_000_000 if at_ns else 0
        self._publish(RecordingNotice(self._id, Notice(at_ms, kind, detail, length_ms)))

    def _worked(self, busy_ms: float, written_bytes: int, waited_ms: float) -> None:
        self._publish(StageTiming("record", busy_ms, written_bytes, waited_ms, self._id))
        self._news.set()

    def _encode(self) -> None:
        """The encoder's thread: to the end of the recording, whatever happens."""
        run = self._running
        outcome = run.encoding.run(lambda: self._reason or StopReason.USER)
        self._feed.detach(self)
        self._encoder_over = True
        self._news.set()
        self._monitor.join()
        error = outcome.error or self._why
        if outcome.reason is StopReason.DISK_FULL:
            self._notice("disk_full", error, at_ns=self._feed.clock_ns())
        writer = run.encoding.writer
        self._stopped = RecordingStopped(
            recording_id=self._id,
            reason=outcome.reason,
            duration_ms=run.encoding.duration_ms,
            bytes=writer.file.size,
            frames=writer.frames,
            dropped_frames=run.inbox.dropped_frames,
            error=error if outcome.reason in (StopReason.DISK_FULL, StopReason.FAILED) else "",
        )
        self._publish(self._stopped)
        self._done.set()

    def _watch(self) -> None:
        """The other thread: reports, and stops in time before the disk is full."""
        progress, disk, writer = self._running.progress, self._running.disk, self._running.encoding.writer
        while True:
            # Sooner when a piece has reached the file: somebody may be waiting for the end of a window.
            self._news.wait(PROGRESS_S)
            self._news.clear()
            if self._encoder_over:
                return
            elapsed_ms = self.elapsed_ms
            try:
                low = disk.check(elapsed_ms, writer.file.size)
            except OSError as error:
                log.warning("the free space of %s cannot be told: %s", self._path.parent, error)
                low = False
            if low:
                self._notice("disk_low", f"The disk is nearly full: about {disk.minutes_left} minutes can still be recorded.", at_ns=self._feed.clock_ns())
            if disk.exhausted:
                keep = self._options.keep_free_bytes // 1_000_000
                self._end(StopReason.DISK_FULL, f"The recording stopped because the disk is nearly full: {keep} MB are kept free.")
            self._publish(progress.event(elapsed_ms, self._feed.state))
