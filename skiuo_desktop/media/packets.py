"""Packets of a WebM or Matroska stream in memory, through av, with times in milliseconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import av
import av.error

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.decode import milliseconds


class Sample(NamedTuple):
    """One packet of a stretch."""

    packet: Any  # av.Packet
    time_ms: int
    key: bool
    video: bool


@contextmanager
def matroska(file: Any, name: str) -> Iterator[Any]:
    """An av container on a file object that holds a WebM or Matroska stream, such as `Header.prefix` and clusters make one, with a video stream.

    The errors of av, here and in the body, become MediaErrors about `name`.
    """
    with decoding(name), av.open(file, format="matroska", metadata_errors="replace") as container:
        if not container.streams.video:
            raise MediaError(f"{name} holds no picture that can be read.")
        yield container


class ChunkReader:
    """A file object, to be read once from front to back, made of pieces that are fetched as they are needed."""

    def __init__(self, chunks: Iterable[bytes | memoryview]) -> None:
        self._chunks = iter(chunks)
        self._rest: bytes | memoryview = b""

    def read(self, length: int) -> bytes:
        while not self._rest:
            following = next(self._chunks, None)
            if following is None:
                return b""
            self._rest = memoryview(following)
        part, self._rest = self._rest[:length], self._rest[length:]
        return bytes(part)


def samples(container: Any) -> Iterator[Sample]:
    """The packets in the file's order, with their times rounded to milliseconds."""
    for packet in container.demux():
        if packet.size and packet.pts is not None:
            yield Sample(packet, milliseconds(packet.pts, packet.time_base), packet.is_keyframe, packet.stream.type == "video")


def forward(packets: Iterable[Sample]) -> Iterator[Sample]:
    """Leaves out packets that go back in time on their track: damaged places, which no file can hold. For codecs that are written in the order shown."""
    newest = {True: -math.inf, False: -math.inf}
    for sample in packets:
        if sample.time_ms >= newest[sample.video]:
            newest[sample.video] = sample.time_ms
            yield sample


def from_key(packets: list[Sample], at_ms: int) -> list[Sample]:
    """The video packets, in the order of decoding, from the last keyframe at `at_ms` or before; from the first one after it where there is none before."""
    video = [s for s in packets if s.video]
    keys = [n for n, s in enumerate(video) if s.key]
    before = [n for n in keys if video[n].time_ms <= at_ms]
    begin = before[-1] if before else keys[0] if keys else len(video)
    return video[begin:]


def codec_name(stream: Any) -> str:
    """av's name of a stream's codec, such as `vp8`, whatever library decodes it; empty where nothing here can."""
    return "" if stream.codec_context is None else str(stream.codec_context.codec.canonical_name)


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turns the errors of av into a MediaError about `name`."""
    try:
        yield
    except (av.error.FFmpegError, av.codec.codec.UnknownCodecError) as error:
        raise MediaError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
