"""Writes a WebM: packets copied as they are, or pictures and sound encoded. The same input gives the same bytes, every time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import chain
from operator import itemgetter
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.media.decode import milliseconds, upright

COPIED = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
"""Codecs that WebM can hold."""

SOUND_RATE = 48_000

Timed = tuple[int, Any]
"""A packet that is ready to be written, and its time in ms."""

_MILLISECOND = Fraction(1, 1000)
_OPUS_FRAME = 960  # samples: 20 ms
_MOST_BITS_PER_PIXEL = 0.15  # what even quality needs is usually far less


class WebmWriter:
    """One WebM being written. Make all tracks before the first packet is written; times are in ms from the WebM's start."""

    def __init__(self, container: Any) -> None:
        self._container = container

    def copied(self, source: Any) -> Any:
        """A track like the av stream `source`, for its packets."""
        return self._container.add_stream_from_template(source, opaque=True)

    def vp8(self, frames: Iterator[tuple[int, Any]], *, end_ms: int, fps: float) -> list[Timed]:
        """Encodes pictures (time in ms, av.VideoFrame) into a track of their own, the last one staying until `end_ms`.

        They come out upright and all of the first one's size.
        """
        first = next(frames, None)
        if first is None:
            return []
        plain = upright(first[1])
        rate = Fraction(max(1.0, round(fps, 1))).limit_denominator(10)
        track = self._container.add_stream("libvpx", rate=rate, width=plain.width, height=plain.height, pix_fmt="yuv420p", time_base=_MILLISECOND)
        track.bit_rate = max(500_000, int(plain.width * plain.height * fps * _MOST_BITS_PER_PIXEL))
        # Without alternate reference frames each picture is one packet.
        track.options = {"deadline": "good", "cpu-used": "4", "crf": "8", "auto-alt-ref": "0", "lag-in-frames": "0", "threads": "1"}
        encoded: list[Timed] = []
        last = -1
        for time, frame in chain([first], frames):
            picture = upright(frame).reformat(width=plain.width, height=plain.height)
            last = max(last + 1, time)
            picture.pts, picture.time_base = last, _MILLISECOND
            encoded += [(packet.pts, packet) for packet in track.encode(picture)]
        encoded += [(packet.pts, packet) for packet in track.encode(None)]
        encoded[-1][1].duration = max(1, end_ms - last)
        return encoded

    def opus(self, sound: NDArray[np.int16]) -> list[Timed]:
        """Encodes sound of shape (samples, 1 or 2) at SOUND_RATE, which begins at time 0, into a track of its own."""
        channels = sound.shape[1]
        layout = "mono" if channels == 1 else "stereo"
        track = self._container.add_stream("libopus", rate=SOUND_RATE, layout=layout, bit_rate=64_000 * channels)
        missing = -len(sound) % _OPUS_FRAME
        padded = np.concatenate([sound, np.zeros((missing, channels), np.int16)]) if missing else sound
        packets: list[Any] = []
        for at in range(0, len(padded), _OPUS_FRAME):
            frame = av.AudioFrame.from_ndarray(padded[at : at + _OPUS_FRAME].reshape(1, -1), format="s16", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, at, Fraction(1, SOUND_RATE)
            packets += track.encode(frame)
        packets += track.encode(None)
        return [(packet.pts * 1000 // SOUND_RATE, packet) for packet in packets]

    def write(self, *tracks: list[Timed]) -> None:
        """Writes the packets of all tracks in the order of their times."""
        for _, packet in sorted(chain.from_iterable(tracks), key=itemgetter(0)):
            self._container.mux_one(packet)

    def write_one(self, packet: Any) -> None:
        self._container.mux_one(packet)


def moved(packet: Any, track: Any, time_ms: int, duration_ms: int | None = None) -> Timed:
    """Readies a packet, changed in place, for a copied track at its new time. None leaves its duration as it is."""
    if duration_ms is None:
        duration_ms = milliseconds(packet.duration or 0, packet.time_base)
    packet.stream = track
    packet.time_base = _MILLISECOND
    packet.pts = packet.dts = time_ms
    packet.duration = duration_ms
    return time_ms, packet


@contextmanager
def webm_writer(file: BinaryIO, *, cluster_ms: int = 5000) -> Iterator[WebmWriter]:
    """A writer into a seekable file object, which stays open. Duration and cues are in the file when the context ends."""
    # bitexact: no random ids, no date, no version of the library.
    options = {"fflags": "+bitexact", "cluster_time_limit": str(cluster_ms)}
    container: Any = av.open(file, "w", format="webm", container_options=options)
    try:
        yield WebmWriter(container)
    except BaseException:
        # Closing writes, so it may fail for the same reason; the first failure is the one that tells something.
        with suppress(Exception):
            container.close()
        raise
    container.close()
