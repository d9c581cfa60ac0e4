"""What a recording's file says of itself, and what is really in it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.clusters import Loaded
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.packets import codec_name, matroska


@dataclass(frozen=True, slots=True)
class MediaInfo:
    duration_ms: int
    width: int  # of the picture as it is stored, in pixels
    height: int
    fps: float  # on average
    frames: int
    video_codec: str  # such as "vp8"
    has_audio: bool
    finished: bool  # end, duration and cues are written


def probe(path: Path) -> MediaInfo:
    """Counts the frames, so it reads the whole file, cluster by cluster; works on growing and killed files too.

    Raises NotFoundError where there is no file, MediaError where it is no WebM or Matroska with a picture in it.
    """
    with Footage(Path(path)) as footage:
        picture, tally = picture_of(footage), Tally(footage)
        first = footage.index.first()
        for loaded in footage.index.from_here(first) if first is not None else ():
            tally.add(loaded)
        return MediaInfo(
            duration_ms=footage.duration_ms,
            width=picture.width,
            height=picture.height,
            fps=tally.fps,
            frames=tally.frames,
            video_codec=picture.codec,
            has_audio=tally.has_audio,
            finished=footage.finished,
        )


class Picture(NamedTuple):
    codec: str
    width: int
    height: int


def picture_of(footage: Footage) -> Picture:
    """Codec and size of the picture, asked of its decoder. Raises MediaError where the file has no whole cluster."""
    first = footage.index.first()
    if first is None:
        raise MediaError(f"{footage.name} holds no picture yet.")
    data = b"".join((footage.header.prefix, *footage.cluster_bytes(footage.index.load(first))))
    with matroska(BytesIO(data), footage.name) as container:
        video = container.streams.video[0]
        context = video.codec_context
        return Picture(codec_name(video), context.width if context else 0, context.height if context else 0)


class Tally:
    """Counts what goes by."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self.frames = 0
        self.has_audio = False
        self._first_ms = self._last_ms = 0.0

    def add(self, loaded: Loaded) -> None:
        footage = self._footage
        times = [footage.time_of(block) for block in loaded.blocks if block.track == footage.video.number]
        if times:
            self._first_ms = min(times) if not self.frames else min(self._first_ms, *times)
            self._last_ms = max(self._last_ms, *times)
            self.frames += len(times)
        if footage.audio is not None and not self.has_audio:
            self.has_audio = any(block.track == footage.audio.number for block in loaded.blocks)

    @property
    def fps(self) -> float:
        lasted = self._last_ms - self._first_ms
        return round((self.frames - 1) * 1000 / lasted, 3) if lasted > 0 else 0.0
