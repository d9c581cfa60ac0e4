"""What a model is shown of a window: an H.264 MP4, a list of JPEGs, plain pictures, sound. Made from the clip, kept while needed."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import chain
from threading import RLock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.errors import BugError, MediaError
from skiuo_desktop.media.cut import Clip
from skiuo_desktop.media.decode import bgr, decoded, heard, jpeg, shown_size
from skiuo_desktop.media.mp4 import mp4_bytes
from skiuo_desktop.media.packets import matroska, samples
from skiuo_desktop.model import Span

MOST_KEPT_BYTES = 96 << 20
"""Of all renditions of one clip; the one asked for longest ago goes first."""

_LEAST_MP4_FRAMES = 4  # services refuse a video of fewer
_CLIP = "The clip"

T = TypeVar("T")
Picture = NDArray[np.uint8]
Key = tuple[object, ...]


class ClipRenditions:
    """The clip of one window and what can be made of it; what `ClipMedia` in the analysis room asks for.

    Any thread may call any method; each blocks. What was made is kept, up to a bound, until `close`, so a second model costs nothing.
    Pictures and sound that are handed out are shared: they cannot be written to.
    """

    def __init__(self, clip: Clip) -> None:
        self._data: bytes | None = clip.data
        self.span: Span = clip.span
        self.has_audio: bool = clip.has_audio
        self._kept: OrderedDict[Key, tuple[int, Any]] = OrderedDict()
        self._lock = RLock()  # held while a rendition is made, so that nothing is made twice

    @property
    def webm(self) -> bytes:
        if self._data is None:
            raise BugError("The clip of a window was used after it was put away.")
        return self._data

    def mp4(self, *, fps: float, max_pixels: int) -> bytes:
        """H.264 in MP4, yuv420p, of even size with at most `max_pixels` a frame, as long as the clip, its index in front.

        Frames are `1 / fps` seconds apart, or nearer where that would make fewer than four. Raises MediaError where the clip cannot be decoded.
        """
        _check(fps, max_pixels)
        enough = max(fps, _LEAST_MP4_FRAMES * 1000 / self.span.length_ms)
        return self._once(("mp4", enough, max_pixels), lambda: mp4_bytes(self.frames(fps=enough, max_pixels=max_pixels), self.span.length_ms), len)

    def jpegs(self, *, fps: float, max_pixels: int, quality: int = 85) -> list[tuple[int, bytes]]:
        """(time in ms from the clip's start, JPEG) at `fps`. Raises MediaError where the clip cannot be decoded."""
        return list(
            self._once(
                ("jpegs", fps, max_pixels, quality),
                lambda: [(time, jpeg(picture, quality)) for time, picture in self.frames(fps=fps, max_pixels=max_pixels)],
                lambda made: sum(len(data) for _, data in made),
            )
        )

    def frames(self, *, fps: float, max_pixels: int) -> Iterator[tuple[int, Picture]]:
        """(time in ms from the clip's start, BGR picture of shape (height, width, 3)) at `fps`: what is shown at each of these times.

        Decodes as it is consumed. Raises MediaError where the clip cannot be decoded.
        """
        _check(fps, max_pixels)
        key = ("frames", fps, max_pixels)
        kept = self._get(key)
        if kept is not None:
            yield from kept
            return
        made: list[tuple[int, Picture]] = []
        size = 0
        for time, picture in _sampled(self.webm, fps, max_pixels, self.span.length_ms):
            size += picture.nbytes
            if size <= MOST_KEPT_BYTES:
                made.append((time, picture))
            else:
                made.clear()
            yield time, picture
        self._keep(key, size, made)

    def sound(self) -> tuple[NDArray[np.float32], int] | None:
        """(mono samples in -1..1 of the whole clip from its time 0, samples a second), or None without a sound track."""
        if not self.has_audio:
            return None
        return self._once(("sound",), lambda: _sound(self.webm, self.span.length_ms), lambda made: made[0].nbytes)

    @property
    def kept_bytes(self) -> int:
        """What the renditions that are kept take."""
        with self._lock:
            return sum(size for size, _ in self._kept.values())

    def close(self) -> None:
        """Frees the clip and all that was made of it."""
        with self._lock:
            self._data = None
            self._kept.clear()

    def _once(self, key: Key, make: Callable[[], T], size_of: Callable[[T], int]) -> T:
        with self._lock:
            kept: T | None = self._get(key)
            if kept is None:
                kept = make()
                self._keep(key, size_of(kept), kept)
            return kept

    def _get(self, key: Key) -> Any:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][1]

    def _keep(self, key: Key, size: int, made: object) -> None:
        with self._lock:
            if size > MOST_KEPT_BYTES or self._data is None:
                return
            self._kept[key] = (size, made)
            self._kept.move_to_end(key)
            while self.kept_bytes > MOST_KEPT_BYTES:
                self._kept.popitem(last=False)


def _check(fps: float, max_pixels: int) -> None:
    if not (fps > 0 and math.isfinite(fps)) or max_pixels < 4:
        raise ValueError(f"{fps} frames a second of at most {max_pixels} pixels")


def _sampled(webm: bytes, fps: float, max_pixels: int, length_ms: int) -> Iterator[tuple[int, Picture]]:
    """The picture shown at each multiple of 1/fps, by time stamps; one that is shown at several of these times is converted once."""
    times = deque(round(n * 1000 / fps) for n in range(math.ceil(length_ms * fps / 1000 - 1e-9)))
    with matroska(BytesIO(webm), _CLIP) as source:
        stream = source.streams.video[0]
        shown, width, height = None, 0, 0
        for time, frame in chain(decoded(stream, (s.packet for s in samples(source) if s.video)), [(length_ms, None)]):
            if shown is None and frame is not None:
                width, height = _scaled(*shown_size(frame, stream), max_pixels)
            elif shown is not None and times and times[0] < time:
                picture = bgr(shown, width, height)
                picture.flags.writeable = False
                while times and times[0] < time:
                    yield times.popleft(), picture
            shown = frame
        if not width:
            raise MediaError("The clip holds no picture that can be decoded.")


def _scaled(width: int, height: int, max_pixels: int) -> tuple[int, int]:
    """The largest even size of the same shape, not larger than the picture, of at most `max_pixels`."""
    factor = min(1.0, math.sqrt(max_pixels / (width * height)))
    return max(2, int(width * factor) // 2 * 2), max(2, int(height * factor) // 2 * 2)


def _sound(webm: bytes, length_ms: int) -> tuple[NDArray[np.float32], int]:
    with matroska(BytesIO(webm), _CLIP) as source:
        stream = source.streams.audio[0]
        rate = min(48_000, int(stream.codec_context.sample_rate))
        track = heard(stream, [s.packet for s in samples(source) if not s.video], begin_ms=0, length_ms=length_ms, rate=rate, channels=1)
    plain = track[:, 0].astype(np.float32) / np.float32(32768)
    plain.flags.writeable = False
    return plain, rate
