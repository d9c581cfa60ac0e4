"""What is reported of a recording under way. The state is read off the bytes that reached the file, not off a button."""

from __future__ import annotations

import time
from collections import deque

from skiuo_desktop.capture.disk import DiskGuard
from skiuo_desktop.capture.inbox import Inbox
from skiuo_desktop.capture.timeline import Timeline
from skiuo_desktop.capture.writer import WebmWriter
from skiuo_desktop.events import CaptureState, RecordingProgress

ALIVE_MS = 3_000
"""The state is "recording" only if bytes reached the file in the last three seconds."""
RATE_NS = 5_000_000_000


class Progress:
    """Makes the events of one recording; used by one thread, but for `resumed`."""

    def __init__(self, recording_id: str, writer: WebmWriter, timeline: Timeline, inbox: Inbox, disk: DiskGuard) -> None:
        self._id = recording_id
        self._writer = writer
        self._timeline = timeline
        self._inbox = inbox
        self._disk = disk
        self._began_ns = self._resumed_ns = time.monotonic_ns()
        self._past: deque[tuple[int, int, int]] = deque([(self._began_ns, 0, 0)])  # (moment, bytes, frames)

    def resumed(self) -> None:
        self._resumed_ns = time.monotonic_ns()

    def event(self, elapsed_ms: int, source: CaptureState) -> RecordingProgress:
        now_ns = time.monotonic_ns()
        file = self._writer.file
        size, frames = file.size, self._writer.frames
        self._past.append((now_ns, size, frames))
        while self._past[0][0] < now_ns - RATE_NS:
            self._past.popleft()
        then_ns, then_size, then_frames = self._past[0]
        seconds = max(1e-3, (now_ns - then_ns) / 1e9)
        since_disk_ms = (now_ns - max(self._began_ns, file.written_at_ns)) // 1_000_000
        return RecordingProgress(
            recording_id=self._id,
            state=self._state(source, since_disk_ms),
            elapsed_ms=elapsed_ms,
            written_ms=self._writer.written_ms,
            bytes=size,
            bytes_per_second=(size - then_size) / seconds,
            frames=frames,
            dropped_frames=self._inbox.dropped_frames,
            fps=round((frames - then_frames) / seconds, 2),
            since_disk_ms=since_disk_ms,
            free_bytes=self._disk.free_bytes,
            room_ms=self._disk.room_ms,
        )

    def _state(self, source: CaptureState, since_disk_ms: int) -> CaptureState:
        if self._timeline.paused:
            return CaptureState.PAUSED
        if source in (CaptureState.STALLED, CaptureState.LOST):
            return source
        file = self._writer.file
        if file.size <= self._writer.header_bytes or file.written_at_ns < self._resumed_ns:
            return CaptureState.STARTING if time.monotonic_ns() - self._resumed_ns < ALIVE_MS * 1e6 else CaptureState.STALLED
        return CaptureState.RECORDING if since_disk_ms < ALIVE_MS else CaptureState.STALLED
