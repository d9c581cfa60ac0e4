"""What the encoder's thread does with the pictures and the sound of one recording."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import av

from skiuo_desktop.capture.frames import SOUND_RATE, AudioBlock, Frame
from skiuo_desktop.capture.inbox import Inbox
from skiuo_desktop.capture.picture import fitted
from skiuo_desktop.capture.soundtrack import Soundtrack
from skiuo_desktop.capture.timeline import Timeline
from skiuo_desktop.capture.tracks import TrackMeter
from skiuo_desktop.capture.writer import FOREVER_MS, Format, WebmWriter
from skiuo_desktop.events import StopReason

log = logging.getLogger(__name__)

IDLE_S = 0.1
LIVE_PATIENCE_MS = 1_000
"""How late sound (or picture) of a device may come and still be waited for."""
OWN_PATIENCE_MS = 3_000
"""The same for sound that comes with its picture from a file, which may hold them in pieces of seconds."""
EARLY_BLOCKS = 64
"""Blocks of sound kept until the first picture says where time begins; of more, the oldest go: they lie before it."""
LIMIT_GRACE_MS = 500
KEPT = "What was recorded until then is kept."
DISK_FULL = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "Your quota on this disk is used up.",
    errno.EFBIG: "The disk takes no larger file.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why the recording ended; `error` is a sentence where it was not meant to."""

    reason: StopReason
    error: str = ""


class Encoding:
    """Runs on one thread until the inbox is closed and empty, the limit is reached, or the disk or an encoder fails.

    `live`: the source keeps the pace of the clock, so what is late can be told from the clock.
    `worked(milliseconds, bytes, milliseconds waited)` is called for each piece that reached the file.
    """

    def __init__(
        self,
        writer: WebmWriter,
        form: Format,
        inbox: Inbox,
        timeline: Timeline,
        *,
        edge_ms: int,
        limit_ms: int | None,
        live: bool,
        own_sound: bool,
        worked: Callable[[float, int, float], None],
    ) -> None:
        self.writer = writer
        self.meter = TrackMeter()
        self._form = form
        self._inbox = inbox
        self._timeline = timeline
        self._edge_ms = edge_ms
        self._limit_ms = limit_ms
        self._live = live
        self._patience_ms = OWN_PATIENCE_MS if own_sound else LIVE_PATIENCE_MS
        self._worked = worked
        self._soundtrack = Soundtrack(form.channels, limit_ms) if form.channels else None
        self._period_ms = max(1, round(1000 / form.fps))
        self._early: list[AudioBlock] = []
        self._begun = False
        self._pauses = 0
        self._last_ms = -1
        self._edge = -1
        self._horizon_ms = 0  # the latest recorded time that anything is known of
        self._limit_reached = False
        self._pictures_over_ns = 0  # when it was seen that no picture comes any more
        self._busy_ns = self._waited_ns = self._reported_bytes = 0

    @property
    def duration_ms(self) -> int:
        """Recorded time in the file (or on its way there)."""
        sound_ms = self._soundtrack.length_ms if self._soundtrack is not None else 0
        return max(self._last_ms + self._duration_of(self._last_ms) if self._last_ms >= 0 else 0, sound_ms)

    def run(self, reason: Callable[[], StopReason]) -> Outcome:
        """Records to the end. `reason` tells who closed the inbox."""
        try:
            while not self._over():
                self._step()
            self._inbox.close()
            for samples, place in self._soundtrack.frames(last=True) if self._soundtrack is not None else ():
                self.writer.sound(samples, place)
            self.writer.finish()
        except (OSError, av.FFmpegError) as error:
            return self._failed(error)
        except Exception:
            # Whatever it is, it must not cost what has been recorded.
            log.exception("the recorder failed")
            self._give_up()
            return Outcome(StopReason.FAILED, f"The recorder failed because of a mistake of ours; the log says more. {KEPT}")
        finally:
            self._inbox.close()
        return Outcome(StopReason.LIMIT if self._limit_reached else reason())

    def _failed(self, error: OSError | av.FFmpegError) -> Outcome:
        log.error("the recording %s ends: %s", self.writer.file.path, error)
        self._give_up()
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return Outcome(StopReason.DISK_FULL, f"{DISK_FULL[error.errno]} {KEPT}")
        if isinstance(error, OSError):
            return Outcome(StopReason.FAILED, f"The recording could not be written: {error.strerror or error}. {KEPT}")
        return Outcome(StopReason.FAILED, f"The picture or the sound could not be encoded ({error.strerror}). {KEPT}")

    def _give_up(self) -> None:
        try:
            self.writer.give_up()
        except OSError as error:
            log.error("%s could not be closed properly: %s", self.writer.file.path, error)

    def _over(self) -> bool:
        if self._inbox.finished:
            return True
        if not self._limit_reached and not self._inbox.pictures_over:
            return False
        # The pictures are complete; the sound of the last moments may still be on its way.
        self._pictures_over_ns = self._pictures_over_ns or time.monotonic_ns()
        end_ms = self._limit_ms if self._limit_reached and self._limit_ms is not None else self._last_ms + 1
        complete = self._soundtrack is None or self._soundtrack.length_ms >= end_ms
        waited_ms = (time.monotonic_ns() - self._pictures_over_ns) // 1_000_000
        return complete or self._horizon_ms >= end_ms + self._patience_ms or waited_ms >= self._patience_ms

    def _step(self) -> None:
        got = self._inbox.get(IDLE_S)
        began_ns = time.perf_counter_ns()
        if got is None:
            if self._live and self._begun:
                # Nothing waits: what the clock says is what is known.
                self._horizon_ms = max(self._horizon_ms, self._timeline.elapsed_ns(time.monotonic_ns()) // 1_000_000)
                self._limit_reached |= self._limit_ms is not None and self._horizon_ms >= self._limit_ms + LIMIT_GRACE_MS
        else:
            item, waited_ns = got
            self._waited_ns = max(self._waited_ns, waited_ns)
            if isinstance(item, Frame):
                self._picture(item)
            else:
                self._sound(item)
        self._write_what_is_in_order()
        self._busy_ns += time.perf_counter_ns() - began_ns
        self._report()

    def _picture(self, frame: Frame) -> None:
        if not self._begun and not self._timeline.paused:
            self._begun = True
            self._timeline.begin(frame.time_ns)
            for block in self._early:
                self._sound(block)
            self._early.clear()
        media_ns = self._timeline.media_ns(frame.time_ns)
        if media_ns is None or self._limit_reached:
            self._horizon_ms = max(self._horizon_ms, self._timeline.elapsed_ns(frame.time_ns) // 1_000_000)
            return
        # Two pictures never share a millisecond, and none goes back behind what is in the file.
        time_ms = max((media_ns + 500_000) // 1_000_000, self._last_ms + 1, self.writer.passed_ms)
        self._horizon_ms = max(self._horizon_ms, time_ms)
        if self._limit_ms is not None and time_ms >= self._limit_ms:
            self._limit_reached = True
            return
        edge, picture = time_ms // self._edge_ms, fitted(frame.i420, self._form.width, self._form.height)
        self.writer.picture(picture, time_ms, self._duration_of(time_ms), keyframe=edge != self._edge)
        self.meter.picture(picture, time_ms)
        self._edge, self._last_ms = edge, time_ms

    def _duration_of(self, time_ms: int) -> int:
        return self._period_ms if self._limit_ms is None else max(1, min(self._period_ms, self._limit_ms - time_ms))

    def _sound(self, block: AudioBlock) -> None:
        if self._soundtrack is None:
            return
        if not self._begun:
            self._early = [*self._early[-EARLY_BLOCKS:], block]
            return
        pauses = self._timeline.pauses
        if pauses != self._pauses:
            self._pauses = pauses
            self._soundtrack.interrupted()
        end_ns = block.time_ns + len(block.samples) * 1_000_000_000 // block.rate
        for media_ns, start_ns, stop_ns in self._timeline.pieces(block.time_ns, end_ns):
            first = round((start_ns - block.time_ns) * block.rate / 1e9)
            last = round((stop_ns - block.time_ns) * block.rate / 1e9)
            self._soundtrack.add(block.samples[first:last], media_ns)
            self._horizon_ms = max(self._horizon_ms, (media_ns + stop_ns - start_ns) // 1_000_000)

    def _write_what_is_in_order(self) -> None:
        late_ms = self._horizon_ms - self._patience_ms
        if self._soundtrack is not None:
            if self._soundtrack.length_ms < late_ms:
                self._soundtrack.fill(late_ms)
            for samples, place in self._soundtrack.frames():
                self.writer.sound(samples, place)
                self.meter.sound(samples, place * 1000 // SOUND_RATE)
        self.writer.release(FOREVER_MS if self._pictures_over_ns else max(self._last_ms + 1, late_ms))

    def _report(self) -> None:
        written = self.writer.file.size
        if written > self._reported_bytes:
            self._worked(self._busy_ns / 1e6, written - self._reported_bytes, self._waited_ns / 1e6)
            self._busy_ns = self._waited_ns = 0
            self._reported_bytes = written
