"""A media file as a source: anything PyAV decodes, by its own time stamps, with its own sound.

Files of phones and screen recorders have variable frame rates, start late, are turned by metadata or end in a broken
packet. So time comes from time stamps only, counted from the first picture; a picture is turned as the file says; what
cannot be decoded is left out, and a file that breaks off ends there.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from skiuo_desktop.capture.frames import SOUND_RATE, AudioBlock, Frame, SourceInfo, Speed, sleep_until
from skiuo_desktop.capture.picture import Picture, crop_even, turned
from skiuo_desktop.errors import SourceError

log = logging.getLogger(__name__)

SOUND_AHEAD_NS = 500_000_000
"""How far sound may run ahead of its time when a file is played in real time: a file holds it in larger pieces than pictures."""
EARLY_SOUND = 512
"""Pieces of sound kept while the first picture is looked for; of more, the oldest go: they would lie before the first picture."""
USUAL_FPS = 30.0
JUMP_BACK_S = 1.0

BT709, UNSPECIFIED = 1, 2
"""Colour matrices by their numbers in ITU-T H.273."""


class FileSource:
    """Pictures and sound of `path`: each at its time (`real`), or as fast as they are taken (`max`)."""

    def __init__(self, path: Path, speed: Speed, sound: bool, stopping: threading.Event) -> None:
        self.missed = 0
        self._path = path
        self._speed = speed
        self._wants_sound = sound
        self._stopping = stopping
        self._container: Any = None
        self._items: Iterator[Frame | AudioBlock] = iter(())
        self._zero_s = 0.0  # time stamp of the first picture
        self._last_s = 0.0
        self._period_s = 1 / USUAL_FPS
        self._aspect = 1.0
        self._start_ns = 0

    def open(self) -> SourceInfo:
        if not self._path.is_file():
            raise SourceError(f"There is no file {self._path}.")
        try:
            self._container = av.open(str(self._path), "r")
        except (av.FFmpegError, OSError) as error:
            raise SourceError(f"{self._path.name} cannot be read as a video: it is damaged, or of an unknown kind.") from error
        pictures = [s for s in self._container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not pictures:
            raise SourceError(f"{self._path.name} has no pictures in it.")
        video = pictures[0]
        video.thread_type = "AUTO"
        sounds = self._container.streams.audio if self._wants_sound else ()
        sound = next((s for s in sounds if s.codec_context is not None and s.codec_context.sample_rate), None)
        rate = video.average_rate or video.guessed_rate
        fps = float(rate) if rate and 1 <= rate <= 240 else USUAL_FPS
        self._period_s = 1 / fps
        aspect = float(video.sample_aspect_ratio or 1)
        self._aspect = aspect if 0.2 < aspect < 5 else 1.0
        decoded = self._decode(video, sound)
        first = self._find_first_picture(decoded)
        self._start_ns = time.monotonic_ns()
        self._items = self._timed(first, decoded)
        shape = _picture(first[-1], self._aspect).shape
        return SourceInfo(shape[1], shape[0] * 2 // 3, fps, sound is not None, 0 if sound is None else min(2, sound.codec_context.layout.nb_channels))

    def read(self) -> Frame | AudioBlock | None:
        item = next(self._items, None)
        if item is None or self._speed == "max":
            return item
        due_ns = item.time_ns - (SOUND_AHEAD_NS if isinstance(item, AudioBlock) else 0)
        return item if sleep_until(due_ns, self._stopping) else None

    def close(self) -> None:
        self._items = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None

    def _find_first_picture(self, decoded: Iterator[Any]) -> list[Any]:
        """Everything up to and including the first picture; sets time zero."""
        early: list[Any] = []
        for frame in decoded:
            early = [*early[-EARLY_SOUND:], frame]
            if isinstance(frame, av.VideoFrame):
                self._zero_s = frame.time if frame.time is not None else 0.0
                self._last_s = -self._period_s
                return early
        raise SourceError(f"No picture of {self._path.name} can be decoded: it is damaged.")

    def _decode(self, video: Any, sound: Any) -> Iterator[Any]:
        """Decoded frames of both tracks in the file's order. What is broken is left out; a file that breaks off ends."""
        broken = 0
        packets = self._container.demux([s for s in (video, sound) if s is not None])
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                log.info("%s breaks off: %s", self._path.name, error.strerror)
                packet = None
            if packet is None:
                break
            if packet.is_corrupt:
                broken += 1
                continue
            try:
                yield from packet.decode()
            except av.FFmpegError:
                broken += 1
        for stream in (video, sound):
            try:
                yield from stream.decode(None) if stream is not None else ()
            except av.FFmpegError:
                # A decoder that has already been emptied says so: there is nothing left in it.
                continue
        if broken:
            log.warning("%d packets of %s could not be decoded", broken, self._path.name)

    def _timed(self, first: list[Any], decoded: Iterator[Any]) -> Iterator[Frame | AudioBlock]:
        resampler = _Resampler()
        # The picture before the sound that goes with it: a preview waits for it.
        for source in (first[-1:], first[:-1], decoded):
            for frame in source:
                if isinstance(frame, av.VideoFrame):
                    time_ns = self._start_ns + self._picture_time_ns(frame)
                    picture = _picture(frame, self._aspect)
                    yield Frame(picture, picture.shape[1], picture.shape[0] * 2 // 3, time_ns)
                else:
                    for at_s, samples in resampler.take(frame):
                        yield AudioBlock(samples, SOUND_RATE, self._start_ns + round((at_s - self._zero_s) * 1e9))

    def _picture_time_ns(self, frame: Any) -> int:
        """Nanoseconds after the first picture. A frame without time stamp follows the one before by a frame period."""
        follows = self._last_s + self._period_s
        at_s = follows if frame.time is None else frame.time - self._zero_s
        if at_s < self._last_s - JUMP_BACK_S:
            # Files put together from several start again at zero somewhere in the middle.
            self._zero_s += at_s - follows
            at_s = follows
        self._last_s = max(self._last_s, at_s)
        return round(at_s * 1e9)


class _Resampler:
    """Sound of any kind as 16-bit samples at `SOUND_RATE`, mono or stereo as in the file's first piece."""

    def __init__(self) -> None:
        self._layout = ""
        self._resampler: Any = None

    def take(self, frame: Any) -> Iterator[tuple[float, Any]]:
        """(time in seconds, samples of shape (n, channels))"""
        self._layout = self._layout or ("mono" if frame.layout.nb_channels == 1 else "stereo")
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="s16", layout=self._layout, rate=SOUND_RATE)
        try:
            pieces = self._resampler.resample(frame)
        except ValueError:
            # The track changed its format on the way.
            self._resampler = av.AudioResampler(format="s16", layout=self._layout, rate=SOUND_RATE)
            pieces = self._resampler.resample(frame)
        channels = 1 if self._layout == "mono" else 2
        for piece in pieces:
            if piece.time is not None:
                yield piece.time, np.asarray(piece.to_ndarray(), dtype=np.int16).reshape(-1, channels)


def _picture(frame: Any, aspect: float) -> Picture:
    """I420 in BT.601 and video range, upright, of even size, with square pixels (`aspect`: width to height of the file's)."""
    width = round(frame.width * aspect)
    full_range = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    # High definition that does not say what it is, is BT.709 by custom.
    hd = frame.colorspace == BT709 or (frame.colorspace == UNSPECIFIED and frame.height >= 720)
    if frame.format.name != "yuv420p" or full_range or hd or width != frame.width:
        frame_601 = frame.reformat(
            width=width,
            format="yuv420p",
            src_colorspace=Colorspace.ITU709 if hd else None,
            dst_colorspace=Colorspace.ITU601,
            src_color_range=ColorRange.JPEG if full_range else None,
            dst_color_range=ColorRange.MPEG,
        )
    else:
        frame_601 = frame
    if frame_601.width % 2 == 0 and frame_601.height % 2 == 0:
        picture: Picture = np.asarray(frame_601.to_ndarray(), dtype=np.uint8)
    else:
        picture = crop_even(_plane_views(frame_601))
    return turned(picture, frame.rotation) if frame.rotation else picture


def _plane_views(frame: Any) -> tuple[Picture, Picture, Picture]:
    luma, u, v = (np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width] for plane in frame.planes)
    return luma, u, v
