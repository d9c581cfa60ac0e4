"""Opens feeds, records them, and reads the files back with an independent reader."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.capture.feed import Feed
from skiuo_desktop.capture.recorder import Recorder, RecorderOptions
from skiuo_desktop.capture.sources import Wanted, parse_source
from skiuo_desktop.capture.test import flash, read_back
from skiuo_desktop.events import Event, RecordingNotice, RecordingStopped
from skiuo_desktop.model import Notice

DEADLINE_S = 30.0
E = TypeVar("E", bound=Event)


def until(true: Callable[[], bool], otherwise: str, *, within_s: float = DEADLINE_S, show: Callable[[], object] = lambda: "") -> None:
    """Waits for a condition; fails with a sentence when it does not come about."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, f"{otherwise} {show()}"
        time.sleep(0.01)


class Events:
    """What was published, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self._lock:
            self._events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        with self._lock:
            return [event for event in self._events if isinstance(event, kind)]

    def notices(self, kind: str) -> list[Notice]:
        return [event.notice for event in self.of(RecordingNotice) if event.notice.kind == kind]

    def text(self) -> str:
        with self._lock:
            return repr(self._events)


@dataclass
class Take:
    """A recording under way, or over."""

    feed: Feed
    recorder: Recorder
    events: Events
    path: Path

    def wait(self, within_s: float = 60.0) -> RecordingStopped:
        stopped = self.recorder.wait(within_s)
        assert stopped is not None, "the recording does not end"
        return stopped

    def stop(self) -> RecordingStopped:
        self.recorder.stop()
        return self.wait()


class Shooting:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._feeds: list[Feed] = []
        self._recorders: list[Recorder] = []

    def open(self, source: str, *, microphone: str = "none", speed: str = "real", wanted: Wanted | None = None) -> tuple[Feed, Events]:
        events = Events()
        feed = Feed(
            parse_source(source),
            wanted=wanted or Wanted(640, 360, 15),
            microphone=microphone,
            speed="max" if speed == "max" else "real",
            publish=events,
        )
        self._feeds.append(feed)
        feed.open()
        return feed, events

    def record(self, feed: Feed, publish: Callable[[Event], None], *, name: str = "take", **options: Any) -> Take:
        path = self.folder / f"{name}.webm"
        chosen = {"codec": "vp8", "video_kbps": 1_000, "audio_kbps": 64, "edge_ms": 1_000, "keep_free_bytes": 0, "limit_ms": None, **options}
        recorder = Recorder(feed, path, name, RecorderOptions(**chosen), publish)
        recorder.start()
        self._recorders.append(recorder)
        return Take(feed, recorder, publish if isinstance(publish, Events) else Events(), path)

    def take(self, source: str, *, microphone: str = "none", speed: str = "real", wanted: Wanted | None = None, **options: Any) -> Take:
        """Opens and records in one."""
        feed, events = self.open(source, microphone=microphone, speed=speed, wanted=wanted)
        return self.record(feed, events, **options)

    def close(self) -> None:
        for recorder in self._recorders:
            recorder.stop()
            recorder.wait(20)
        for feed in self._feeds:
            feed.close()


@dataclass(frozen=True)
class Packet:
    time_ms: int
    key: bool


def probe(path: Path, track: str = "v") -> list[Packet]:
    """The packets of a track as ffprobe sees them, in the order of the file. Fails if it complains of anything."""
    command = ["ffprobe", "-v", "error", "-select_streams", f"{track}:0", "-show_entries", "packet=pts_time,flags", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr, done.stderr
    return [Packet(round(float(packet["pts_time"]) * 1000), packet["flags"].startswith("K")) for packet in json.loads(done.stdout)["packets"]]


def clusters(path: Path) -> list[int]:
    """The times at which the clusters begin, in ms, as mkvinfo sees them."""
    done = subprocess.run(["mkvinfo", "-v", str(path)], capture_output=True, text=True, timeout=60, check=True)
    times = re.findall(r"Cluster timestamp: (\d+):(\d+):(\d+)\.(\d{3})", done.stdout)
    return [((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms) for h, m, s, ms in times]


def length_ms(path: Path) -> int | None:
    """The duration that the file says it has."""
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True
    )
    text = done.stdout.strip()
    return None if text in ("", "N/A") else round(float(text) * 1000)


@dataclass(frozen=True)
class Seen:
    """A decoded picture of the test pattern."""

    time_ms: int
    number: int
    clock_ms: int
    flash: bool


def pattern(path: Path) -> list[Seen]:
    """Every picture of a recorded test pattern, read back. Fails on one that cannot be read."""
    seen: list[Seen] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            picture = np.asarray(frame.to_ndarray())
            spelled = read_back(picture)
            assert spelled is not None, f"the picture at {frame.time} s cannot be read back"
            seen.append(Seen(round(float(frame.time) * 1000), *spelled, flash(picture)))
    return seen


def pictures(path: Path) -> list[tuple[int, NDArray[np.uint8]]]:
    """(time in ms, BGR picture) of every frame."""
    with av.open(str(path)) as container:
        return [(round(float(frame.time) * 1000), np.asarray(frame.to_ndarray(format="bgr24"))) for frame in container.decode(video=0)]


def sound(path: Path) -> NDArray[np.float64]:
    """The whole sound track as mono samples in -1..1 at 48 kHz, placed by its time stamps: sample 0 is time 0."""
    track = np.zeros(0)
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                start = round(float(piece.time) * 48_000)
                samples = np.asarray(piece.to_ndarray(), dtype=np.float64).reshape(-1)[max(0, -start) :]
                start = max(0, start)
                if len(track) < start + len(samples):
                    track = np.concatenate((track, np.zeros(start + len(samples) - len(track))))
                track[start : start + len(samples)] = samples
    return track


def rms_db(samples: NDArray[np.float64]) -> float:
    return float(20 * np.log10(max(1e-6, np.sqrt(np.mean(np.square(samples))))))
