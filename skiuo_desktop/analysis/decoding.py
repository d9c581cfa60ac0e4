"""The clip's frames and sound, decoded in the helper process.

It is decoded here, not asked of `ClipMedia.frames`, so that the work runs at the helper's low priority and holds
nothing up in the process that records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.analysis.pictures import Picture, shrunk
from skiuo_desktop.errors import MediaError
from skiuo_desktop.model import Span

SOUND_RATE = 16_000
FULL_RANGE = 2  # AVCOL_RANGE_JPEG
LUMA_FIRST = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One decoded frame. `luma` is a view of shape (height, width) that dies with `frame`."""

    time_ms: int  # of the recording
    luma: Picture
    full_range: bool
    frame: av.VideoFrame

    def picture(self, max_side: int) -> Picture:
        """BGR of shape (height, width, 3), scaled down so that no side is longer than `max_side`."""
        return shrunk(np.asarray(self.frame.to_ndarray(format="bgr24"), np.uint8), max_side)


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples in -1..1 at `SOUND_RATE`."""

    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A packet of the picture that could not be decoded."""


def decoded(webm: bytes, clip_start_ms: int, span: Span) -> Iterator[Shot | Sound | Unreadable]:
    """Everything of the clip that lies in `span`, in the order of the file. Raises MediaError where it is no video."""
    try:
        container = av.open(BytesIO(webm), "r")
    except av.FFmpegError as error:
        raise MediaError("The clip of this window is damaged: it cannot be opened.") from error
    with container:
        if not container.streams.video:
            raise MediaError("The clip of this window is damaged: it has no picture.")
        picture = container.streams.video[0]
        picture.codec_context.thread_count = 1  # the recorder needs the other cores
        streams = [picture, *container.streams.audio[:1]]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
        try:
            for packet in container.demux(streams):
                yield from _decode(packet, clip_start_ms, span, resampler)
        except av.FFmpegError:
            # The file breaks off: what came before it is good.
            yield Unreadable()


def _decode(packet: av.Packet[Any], clip_start_ms: int, span: Span, resampler: av.AudioResampler) -> Iterator[Shot | Sound | Unreadable]:
    try:
        frames: list[Any] = packet.decode()
    except av.FFmpegError:
        if packet.stream.type == "video":
            yield Unreadable()
        return
    for frame in frames:
        if frame.time is None:
            continue
        time_ms = clip_start_ms + round(frame.time * 1000)
        if not span.start_ms <= time_ms < span.end_ms:
            continue
        if isinstance(frame, av.VideoFrame):
            yield _shot(time_ms, frame)
        elif isinstance(frame, av.AudioFrame):
            for part in resampler.resample(frame):
                yield Sound(part.to_ndarray()[0])


def _shot(time_ms: int, frame: av.VideoFrame) -> Shot:
    if frame.format.name not in LUMA_FIRST:
        frame = frame.reformat(format="yuv420p")
    plane = frame.planes[0]
    luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    return Shot(time_ms, luma, frame.color_range == FULL_RANGE, frame)
