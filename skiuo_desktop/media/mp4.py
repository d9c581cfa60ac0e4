"""Writes pictures as an H.264 MP4 in memory: what services that do not take WebM accept."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.packets import decoding

_MILLISECOND = Fraction(1, 1000)


def mp4_bytes(pictures: Iterable[tuple[int, NDArray[np.uint8]]], length_ms: int) -> bytes:
    """Encodes (time in ms, BGR picture), all of one even size, the first at time 0 and the last one staying until `length_ms`.

    yuv420p without B-frames, so that every reader shows each picture at its time; the index stands in front. Raises MediaError for no pictures.
    """
    output = BytesIO()
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    container: Any = av.open(output, "w", format="mp4", container_options=options, io_open=lambda url, flags, options: _Reader(output))
    with decoding("The clip"), container:
        track, times, packets = None, list[int](), list[Any]()
        for time, picture in pictures:
            if track is None:
                height, width = picture.shape[:2]
                track = container.add_stream("libx264", rate=25, width=width, height=height, pix_fmt="yuv420p", time_base=_MILLISECOND)
                track.options = {"preset": "veryfast", "crf": "23", "bf": "0"}
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = time, _MILLISECOND
            times.append(time)
            packets += track.encode(frame)
        if track is None:
            raise MediaError("The clip holds no picture that can be decoded.")
        packets += track.encode(None)
        for packet, time, until in zip(packets, times, [*times[1:], length_ms], strict=True):
            packet.duration = int(max(1, until - time) * _MILLISECOND / packet.time_base)
            container.mux_one(packet)
    return output.getvalue()


class _Reader:
    """Reads back what was written, which is how the index comes to the front."""

    def __init__(self, output: BytesIO) -> None:
        self._output = output
        self._position = 0

    def read(self, length: int) -> bytes:
        with self._output.getbuffer() as everything:
            part = bytes(everything[self._position : self._position + length])
        self._position += len(part)
        return part

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = offset + (0, self._position, len(self._output.getbuffer()))[whence]
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        """The output belongs to the writer."""
