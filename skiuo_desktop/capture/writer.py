"""Encodes pictures and sound and writes them as WebM, in the order of their times.

A packet leaves for the file only when nothing earlier can come any more, so the file's order is the order of time and
`written_ms` can be told exactly: it is the time of the first packet that is not in the file yet.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from skiuo_desktop.capture.frames import SOUND_RATE
from skiuo_desktop.capture.picture import Picture
from skiuo_desktop.capture.recording_file import RecordingFile

log = logging.getLogger(__name__)

MOST_CLUSTER_MS = 1_000
NEVER = 2**30
"""A keyframe interval that is never reached. Set as the least and the greatest, it also keeps libvpx from adding keyframes at scene changes."""
BT601, VIDEO_RANGE = 6, 1
"""What our pictures are, by the numbers of ITU-T H.273; written into the file so that players need not guess."""

MILLISECONDS = Fraction(1, 1000)
SAMPLES = Fraction(1, SOUND_RATE)
FOREVER_MS = 2**62
SOUND_FRAME = 960
"""Samples of one Opus packet: 20 ms."""

REALTIME = {"deadline": "realtime", "lag-in-frames": "0", "auto-alt-ref": "0", "g": str(NEVER), "keyint_min": str(NEVER)}
ENCODERS: dict[str, tuple[str, dict[str, str]]] = {
    # With a positive number VP8 chooses its speed by the clock and, on a busy machine, ends up ten times slower at a worse picture
    # (71 ms against 7 ms for a frame of 720p); a negative one holds the speed.
    "vp8": ("libvpx", {**REALTIME, "cpu-used": "-8"}),
    "vp9": ("libvpx-vp9", {**REALTIME, "cpu-used": "8", "row-mt": "1", "tile-columns": "2"}),
}
ONE_THREAD_PIXELS = 100_000_000
"""Pixels a second that one thread of VP8 encodes with ease: 1080p30 and then some."""


def threads(codec: str, width: int, height: int, fps: float) -> int:
    """VP8's threads wait for each other by spinning, which on busy cores costs more than they bring (81 ms against 6 ms of CPU
    for a frame of 720p beside two working programs), so there is a second one only where one cannot do it."""
    if codec == "vp8" and width * height * fps <= ONE_THREAD_PIXELS:
        return 1
    return 2 if width * height * fps <= 2 * ONE_THREAD_PIXELS else 4


def cluster_ms(edge_ms: int) -> int:
    """The length of clusters: at most a second, and such that an edge falls in the middle of one.

    A keyframe ends the open cluster, and so brings the pictures before the edge to the file at once, but only if that cluster
    holds more than 4 KiB, which one that has just begun does not. (The last 20 ms of sound before a keyframe the muxer always
    puts into the cluster that the keyframe opens: with sound everything before an edge is in the file one cluster later.)
    """
    whole = max(1, -(-(edge_ms * 2 - MOST_CLUSTER_MS) // (2 * MOST_CLUSTER_MS)))
    return edge_ms * 2 // (2 * whole + 1)


@dataclass(frozen=True, slots=True)
class Format:
    """What the file holds. `channels` 0: no sound track."""

    codec: str
    width: int
    height: int
    fps: float
    video_kbps: int
    audio_kbps: int
    channels: int


class WebmWriter:
    """One WebM file being written, by one thread. Raises OSError where the disk refuses and av.FFmpegError where an encoder does."""

    def __init__(self, path: Path, form: Format, edge_ms: int) -> None:
        self.file = RecordingFile(path)
        self.frames = 0
        try:
            self._container = av.open(
                self.file,
                "w",
                format="webm",
                # The muxer's own ordering is not needed: with the least patience it passes on at once what it is given.
                container_options={"cluster_time_limit": str(cluster_ms(edge_ms)), "flush_packets": "1", "max_interleave_delta": "1"},
                buffer_size=1 << 20,
            )
            self._video: Any = self._add_video(form)
            self._audio: Any = self._add_audio(form) if form.channels else None
            self._container.start_encoding()
        except BaseException:
            self.file.close()
            path.unlink()
            raise
        self.header_bytes = self.file.size
        self._layout = "mono" if form.channels == 1 else "stereo"
        self._held_video: deque[tuple[int, Any]] = deque()
        self._held_audio: deque[tuple[int, Any]] = deque()
        self._on_the_way: deque[int] = deque()  # times of the packets given to the muxer that are not in the file yet
        self._muxed = 0
        self._sound_until_ms = -1_000 if self._audio is not None else FOREVER_MS  # no sound before it will come any more
        self.passed_ms = 0
        """Everything before this time has been given to the muxer; nothing earlier may follow."""
        self.written_ms = 0
        """Everything before this time has been handed to the operating system."""

    def _add_video(self, form: Format) -> Any:
        encoder, options = ENCODERS[form.codec]
        options = {**options, "threads": str(threads(form.codec, form.width, form.height, form.fps))}
        stream: Any = self._container.add_stream(encoder, rate=Fraction(form.fps).limit_denominator(1001), options=options)
        stream.width, stream.height, stream.pix_fmt = form.width, form.height, "yuv420p"
        stream.bit_rate = form.video_kbps * 1000
        stream.codec_context.time_base = MILLISECONDS
        stream.codec_context.colorspace, stream.codec_context.color_range = BT601, VIDEO_RANGE
        return stream

    def _add_audio(self, form: Format) -> Any:
        stream: Any = self._container.add_stream("libopus", rate=SOUND_RATE, layout="mono" if form.channels == 1 else "stereo")
        stream.bit_rate = form.audio_kbps * 1000
        stream.codec_context.time_base = SAMPLES
        return stream

    def picture(self, i420: Picture, time_ms: int, duration_ms: int, keyframe: bool) -> None:
        """Encodes one picture. Times rise, and none lies before `passed_ms`."""
        frame = av.VideoFrame.from_numpy_buffer(i420, format="yuv420p")
        frame.pts, frame.time_base, frame.duration = time_ms, MILLISECONDS, duration_ms
        if keyframe:
            frame.pict_type = PictureType.I
        for packet in self._video.encode(frame):
            packet.duration = duration_ms
            self._held_video.append((packet.pts, packet))

    def sound(self, samples: NDArray[np.int16], position: int) -> None:
        """Encodes `SOUND_FRAME` samples of shape (n, channels) that begin `position` samples after the start."""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout=self._layout)
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, position, SAMPLES
        self._hold_sound(self._audio.encode(frame))

    def _hold_sound(self, packets: list[Any]) -> None:
        for packet in packets:
            # An Opus packet begins 6.5 ms before the samples it was made of, the first one before zero.
            self._held_audio.append((packet.pts * 1000 // SOUND_RATE, packet))
            self._sound_until_ms = (packet.pts + SOUND_FRAME) * 1000 // SOUND_RATE

    def release(self, video_until_ms: int) -> None:
        """Writes what is in order. `video_until_ms`: no picture before it will come any more."""
        while True:
            video_ms = self._held_video[0][0] if self._held_video else video_until_ms
            sound_ms = self._held_audio[0][0] if self._held_audio else self._sound_until_ms
            if self._held_audio and sound_ms <= video_ms:
                self._mux(*self._held_audio.popleft())
            elif self._held_video and video_ms < sound_ms:
                self._mux(*self._held_video.popleft())
                self.frames += 1
            else:
                return

    def _mux(self, time_ms: int, packet: Any) -> None:
        self._on_the_way.append(time_ms)
        self._muxed += 1
        self.passed_ms = max(self.passed_ms, time_ms)
        self._container.mux_one(packet)
        while len(self._on_the_way) > self._muxed - self.file.blocks:
            time_ms = self._on_the_way.popleft()
            self.written_ms = max(self.written_ms, self._on_the_way[0] if self._on_the_way else time_ms)

    def finish(self) -> None:
        """Empties the encoders, writes duration and cues, and brings the file to the disk."""
        for packet in self._video.encode(None):
            self._held_video.append((packet.pts, packet))
        if self._audio is not None:
            self._hold_sound(self._audio.encode(None))
        self._sound_until_ms = FOREVER_MS
        self.release(FOREVER_MS)
        if not self._muxed:
            # The muxer spoils the header of a file in which nothing is.
            self.give_up()
            return
        self.file.begin_trailer()
        self._container.close()
        self.file.close()

    def give_up(self) -> None:
        """Keeps what is in the file, without duration and cues."""
        self.file.give_up()
        try:
            self._container.close()
        except (OSError, av.FFmpegError) as error:
            log.debug("the muxer repeats the failure that has been reported: %s", error)
        self.file.close()
