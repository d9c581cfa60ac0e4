"""One open source, and a microphone if one is wanted: what a preview shows and a recorder records.

Three threads: the source's reader, the watch over it, and the microphone's. None waits for a recorder, except that a source
read at full speed waits for room.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from skiuo_desktop.capture.frames import AudioBlock, Frame, Source, SourceInfo, Speed, Wanted
from skiuo_desktop.capture.keeper import Keeper
from skiuo_desktop.capture.level import LevelMeter
from skiuo_desktop.capture.microphone import Microphone
from skiuo_desktop.capture.sources import SourceSpec, make_source
from skiuo_desktop.errors import AudioError, BugError, SourceError
from skiuo_desktop.events import CaptureState, Event, SourceHealth

log = logging.getLogger(__name__)


class Sink(Protocol):
    """A recorder, to the feed. Called on the feed's threads; times are monotonic nanoseconds."""

    def frame(self, frame: Frame) -> None: ...

    def sound(self, block: AudioBlock) -> None: ...

    def missed(self, frames: int) -> None:
        """The source could not deliver this many pictures."""
        ...

    def source_lost(self, since_ns: int, why: str) -> None: ...

    def source_back(self, since_ns: int, now_ns: int) -> None: ...

    def audio_lost(self, why: str) -> None: ...

    def ended(self, why: str) -> None:
        """The source is at its end; `why` is a sentence if that was not meant to be."""
        ...


class Feed:
    """Serves a preview (`latest`) and at most one recorder (`attach`).

    `microphone` is "default", "none" or a name. A source that has sound of its own (a file) is recorded with that and no
    microphone; "none" means no sound at all. `publish` is called from the feed's threads with SourceHealth and AudioLevel.
    """

    def __init__(self, spec: SourceSpec, *, wanted: Wanted, microphone: str, speed: Speed, publish: Callable[[Event], None]) -> None:
        self.spec = spec
        self.live = spec.kind != "file" and speed == "real"
        """It goes on whether it is recorded or not, and its time is the clock's."""
        self.lossless = speed == "max"
        """It waits for the recorder instead of losing pictures."""
        self.own_sound = False
        """The sound comes from the source itself, with its pictures."""
        self.sound_problem = ""
        """Why there is no sound although some was wanted, in a sentence."""
        self._choice = microphone
        self._publish = publish
        self._levels = LevelMeter(publish)
        self._info: SourceInfo | None = None
        self._changed = threading.Condition()
        self._sink: Sink | None = None
        self._closed = False
        self._microphone: Microphone | None = None

        def make(stopping: threading.Event) -> Source:
            return make_source(spec, wanted, speed, microphone != "none", stopping)

        self._keeper = Keeper(spec, wanted.fps, self.live, make, self)

    @property
    def latest(self) -> Frame | None:
        """The newest picture, not copied."""
        return self._keeper.latest

    @property
    def state(self) -> CaptureState:
        """STARTING, LIVE, STALLED, LOST, or STOPPED at the end of a file and after `close`."""
        return self._keeper.state

    @property
    def info(self) -> SourceInfo:
        """As `open` gave it."""
        if self._info is None:
            raise BugError("the feed has not been opened")
        return self._info

    def open(self) -> SourceInfo:
        """Opens source and microphone; `has_audio` then says whether there is sound to record. Raises SourceError."""
        self._info = self._keeper.open()
        self.own_sound = self._info.has_audio
        if not self.own_sound and self.spec.kind != "file":  # what is said beside a silent film does not belong to it
            self._open_microphone()
        return self._info

    def close(self) -> None:
        """Closes everything and ends the threads; a recording of it ends."""
        with self._changed:
            sink, self._sink = self._sink, None
            microphone, self._microphone = self._microphone, None
            self._closed = True
        if sink is not None:
            sink.ended(f"{self.spec.label} was closed.")
        self._keeper.close()
        if microphone is not None:
            microphone.close()

    def reopen_now(self) -> None:
        """Opens the source anew at once (a file from its beginning), and a microphone that was missing or lost."""
        if self._closed:
            return
        if self.live:
            self._keeper.retry()
        else:
            self._keeper.restart()
        if self.sound_problem:
            if self._microphone is not None:
                self._microphone.close()
            self._open_microphone()

    def attach(self, sink: Sink) -> None:
        """Gives pictures and sound to a recorder from now on. A file starts again at its beginning."""
        if self.spec.kind == "file":
            self._keeper.restart()
        with self._changed:
            if self._closed:
                raise SourceError(f"{self.spec.label} is not open any more.")
            if self._sink is not None:
                raise BugError("the feed is being recorded already")
            self._sink = sink
            self._changed.notify_all()
        lost_since_ns = self._keeper.lost_since_ns
        if lost_since_ns is not None:
            sink.source_lost(lost_since_ns, f"{self.spec.label} sends no pictures.")

    def detach(self, sink: Sink) -> None:
        """The recorder gets nothing more."""
        with self._changed:
            if self._sink is sink:
                self._sink = None

    def clock_ns(self) -> int:
        """Now, on the scale of the time stamps: a file has its own."""
        latest = self.latest
        return time.monotonic_ns() if self.live or latest is None else latest.time_ns

    # -- what the keeper tells, on its threads

    def source_got(self, item: Frame | AudioBlock, missed: int, gone: threading.Event) -> None:
        with self._changed:
            if self.lossless:
                self._changed.wait_for(lambda: self._sink is not None or gone.is_set())
            if gone.is_set():
                return
            sink = self._sink
        if isinstance(item, AudioBlock):
            self._levels.add(item.samples)
        if sink is None:
            return
        if missed:
            sink.missed(missed)
        if isinstance(item, AudioBlock):
            sink.sound(item)
        else:
            sink.frame(item)

    def source_released(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def source_lost(self, since_ns: int, why: str) -> None:
        sink = self._sink
        if sink is not None:
            sink.source_lost(since_ns, why)

    def source_back(self, since_ns: int, now_ns: int) -> None:
        sink = self._sink
        if sink is not None:
            sink.source_back(since_ns, now_ns)

    def source_ended(self, why: str) -> None:
        sink = self._sink
        if sink is not None:
            sink.ended(why)

    def source_health(self, health: SourceHealth) -> None:
        self._publish(health)

    # -- the microphone

    def _open_microphone(self) -> None:
        """Opens the microphone if one is wanted, and says in `info` whether there is one."""
        self._microphone, self.sound_problem = None, ""
        if self._choice != "none":
            try:
                self._microphone = Microphone(self._choice, self._microphone_got, self._microphone_lost)
            except AudioError as error:
                self.sound_problem = str(error)
                log.warning("%s", error)
        channels = self._microphone.channels if self._microphone is not None else 0
        self._info = replace(self.info, has_audio=channels > 0, channels=channels)

    def _microphone_got(self, block: AudioBlock) -> None:
        self._levels.add(block.samples)
        sink = self._sink
        if sink is not None:
            sink.sound(block)

    def _microphone_lost(self, error: AudioError) -> None:
        self.sound_problem = str(error)
        log.warning("%s", error)
        sink = self._sink
        if sink is not None:
            sink.audio_lost(str(error))
