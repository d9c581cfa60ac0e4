"""From packets to pictures and sound, with times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.errors import MediaError

_JITTER_MS = 40  # a stamp this near to where the sound stands continues it; farther off is a gap


def milliseconds(value: int, base: Fraction) -> int:
    """A time of av in ms. In plain numbers: a clip has a thousand packets, and fractions are slow."""
    return round(value * 1000 * base.numerator / base.denominator)


def decoded(stream: Any, packets: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """(time in ms, av.VideoFrame) in the order of their times. `stream` is the video stream that the packets come from.

    A picture that is broken (recordings of phones end in one) is left out: the one before it stays on. Raises MediaError where nothing here knows the codec.
    """
    if stream.codec_context is None:
        raise MediaError("The picture is in a codec that cannot be decoded here.")
    stream.thread_type = "AUTO"
    for packet in (*packets, None):
        frames: list[Any] = []
        with suppress(av.error.InvalidDataError):
            frames = stream.codec_context.decode(packet)
        for frame in frames:
            if frame.pts is not None:
                yield milliseconds(frame.pts, stream.time_base), frame


def shown_size(frame: Any, stream: Any) -> tuple[int, int]:
    """Width and height of a picture as it is meant to be seen: with square pixels and upright."""
    aspect = stream.sample_aspect_ratio
    width = round(frame.width * aspect) if aspect else frame.width
    width = width if 0 < width <= 8 * frame.width else frame.width
    return (frame.height, width) if _quarter_turns(frame) % 2 else (width, frame.height)


def bgr(frame: Any, width: int, height: int) -> NDArray[np.uint8]:
    """The picture upright, scaled to `width` × `height`, of shape (height, width, 3)."""
    turns = _quarter_turns(frame)
    size = (height, width) if turns % 2 else (width, height)
    plain: Any = frame.to_ndarray(format="bgr24")
    if (frame.width, frame.height) != size:
        smaller = size[0] * size[1] < frame.width * frame.height
        plain = cv2.resize(plain, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return np.ascontiguousarray(np.rot90(plain, turns))


def upright(frame: Any) -> Any:
    """The picture as an av.VideoFrame in yuv420p of even size, turned as its file says; nothing else about it changes."""
    even = frame.reformat(width=frame.width // 2 * 2 or 2, height=frame.height // 2 * 2 or 2, format="yuv420p")
    turns = _quarter_turns(frame)
    if not turns:
        return even
    planes, rows = even.to_ndarray(), even.height
    luma, chroma = planes[:rows], planes[rows:].reshape(2, rows // 2, even.width // 2)
    turned = [np.rot90(plane, turns).reshape(-1) for plane in (luma, *chroma)]
    width = rows if turns % 2 else even.width
    return av.VideoFrame.from_ndarray(np.concatenate(turned).reshape(-1, width), format="yuv420p")


def _quarter_turns(frame: Any) -> int:
    """Counterclockwise quarter turns that bring the picture upright."""
    return int(round(frame.rotation / 90) % 4)


def heard(stream: Any, packets: Iterable[Any], *, begin_ms: int, length_ms: int, rate: int, channels: int) -> NDArray[np.int16]:
    """The sound of `[begin_ms, begin_ms + length_ms)`, of shape (samples, channels), silent where there is none."""
    track = np.zeros((length_ms * rate // 1000, channels), np.int16)
    layout = "mono" if channels == 1 else "stereo"
    resampler, shape, position = av.AudioResampler(), None, None
    for packet in (*packets, None):
        frames: list[Any] = []
        with suppress(av.error.InvalidDataError):
            frames = stream.codec_context.decode(packet)
        for frame in frames:
            if frame.pts is None:
                continue
            if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
                shape = (frame.format.name, frame.layout.name, frame.sample_rate)
                resampler = av.AudioResampler("s16", layout, rate)
            frame.time_base = stream.time_base
            for part in resampler.resample(frame):
                position = _place(track, part, position, begin_ms, rate)
    return track


def _place(track: NDArray[np.int16], part: Any, position: int | None, begin_ms: int, rate: int) -> int:
    """Writes a part where its stamp says, or right behind the one before; returns where the next one is expected."""
    samples = part.to_ndarray().reshape(-1, track.shape[1])
    stamped = round((part.pts * part.time_base - begin_ms / 1000) * rate)
    if position is None or abs(stamped - position) > _JITTER_MS * rate // 1000:
        position = stamped
    first, last = max(0, position), min(len(track), position + len(samples))
    if first < last:
        track[first:last] = samples[first - position : last - position]
    return position + len(samples)


def jpeg(picture: NDArray[np.uint8], quality: int) -> bytes:
    """A picture of shape (height, width, 3) in BGR as a JPEG of quality 0 to 100."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise MediaError(f"A picture of {picture.shape[1]} × {picture.shape[0]} pixels cannot be written as a JPEG.")
    return bytes(data)
