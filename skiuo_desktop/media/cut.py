"""Cuts a window out of a recording: whole clusters in, a complete WebM in memory out. Packets are copied, not decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.decode import decoded, heard
from skiuo_desktop.media.files import write_whole
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.packets import Sample, codec_name, forward, from_key, samples
from skiuo_desktop.media.plan import planned
from skiuo_desktop.media.webm import COPIED, SOUND_RATE, Timed, WebmWriter, moved, webm_writer
from skiuo_desktop.model import Span

_SOUND_RUN_UP_MS = 200  # decoders of sound need some packets before the first one that counts


class NothingThereError(MediaError):
    """The span holds no picture: it lies behind the end, before a late start, or in a gap."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The bytes of one window: a complete WebM that starts at time 0, with its duration and cues."""

    data: bytes = field(repr=False)
    span: Span  # what it covers: from a keyframe before `wanted` where not exact, to an earlier end where the file has no more
    wanted: Span
    exact: bool  # its pictures are exactly those of `wanted` that the file has
    frames: int
    has_audio: bool
    reencoded: bool  # picture or sound was encoded anew: asked for, or in a codec that WebM cannot hold


@dataclass(frozen=True, slots=True)
class CutFile:
    """One window written to a file, and the facts of its clip."""

    index: int
    path: Path
    bytes: int
    span: Span
    wanted: Span
    exact: bool
    frames: int
    has_audio: bool
    reencoded: bool


def cut(path: Path, span: Span, *, exact: bool = False) -> Clip:
    """The clip of `[start, end)`. Works on any WebM or Matroska file, also while it grows and after its recorder was killed.

    The clip holds the video packets whose time, rounded to a millisecond, lies in the span, and the sound's likewise. The first
    picture is moved to exactly 0; all else keeps its time relative to the span's start, so picture and sound stay together. Where the
    first picture is no keyframe the clip begins at the keyframe before it (`Clip.exact`, `Clip.span`), unless `exact` asks to encode it anew.

    Raises NotFoundError where there is no file, MediaError where it is no video or has no picture in the span.
    """
    with Footage(Path(path)) as footage:
        return _cut(footage, span, exact)


def cut_all(path: Path, out_dir: Path, length_ms: int, stride_ms: int, exact: bool) -> Iterator[CutFile]:
    """Writes the clip of each planned window into `out_dir`, named like `0000_000000-015000.webm`: index, start and end in ms.

    A window without a picture (a gap, a late start) has no clip; its number is left out. Each file appears when it is whole.
    Raises ValueError for windows that `plan.planned` refuses, MediaError as `cut` does, StorageError where a file cannot be written.
    """
    with Footage(Path(path)) as footage:
        windows = planned(footage.duration_ms, length_ms, stride_ms)
        count = 0
        for index, span in enumerate(windows):
            try:
                clip = _cut(footage, span, exact)
            except NothingThereError:
                continue
            target = Path(out_dir) / clip_name(index, span)
            write_whole(target, clip.data)
            count += 1
            yield CutFile(index, target, len(clip.data), clip.span, clip.wanted, clip.exact, clip.frames, clip.has_audio, clip.reencoded)
        if count == 0:
            raise MediaError(f"{footage.name} holds no picture yet.")


def clip_name(index: int, span: Span) -> str:
    """Such as `0000_000000-015000.webm`."""
    return f"{index:04}_{span.start_ms:06}-{span.end_ms:06}.webm"


def _cut(footage: Footage, span: Span, exact: bool) -> Clip:
    stretch = footage.stretch(span.start_ms, span.end_ms)
    with stretch.opened(footage.name) as source:
        packets = list(samples(source))
        times = [s.time_ms for s in packets if s.video and span.start_ms <= s.time_ms < span.end_ms]
        if not times:
            raise NothingThereError(f"{footage.name} has no picture from {span.start_ms} to {span.end_ms} ms; it lasts {footage.duration_ms} ms.")
        end = span.end_ms if stretch.goes_on else max(max(times) + 1, min(span.end_ms, footage.duration_ms))
        run = from_key(packets, min(times))
        if not run or run[0].time_ms >= span.end_ms:
            raise MediaError(f"{footage.name} has no keyframe before {span.end_ms} ms: nothing can be shown there.")
        return _Job(footage.name, packets, run, span, end, min(times)).make(source, exact)


@dataclass(frozen=True, slots=True)
class _Job:
    """One cut: which packets, and how they become a clip. All times are the file's."""

    name: str
    packets: list[Sample]
    run: list[Sample]  # the pictures from the keyframe on from which the first one can be shown, or from a later one where there is none before
    wanted: Span
    end: int  # how far the file has something, at most the end of `wanted`
    first: int  # of the first picture in `wanted`

    def make(self, source: Any, exact: bool) -> Clip:
        video, key = source.streams.video[0], self.run[0].time_ms
        encode = codec_name(video) not in COPIED or (exact and key < self.first)
        whole = key == self.first or (encode and key < self.first)
        begin = self.wanted.start_ms if whole else key
        output = BytesIO()
        with webm_writer(output) as writer:
            pictures = self._encoded(writer, video, begin) if encode else self._copied(writer, video, begin)
            if not pictures:
                raise MediaError(f"{self.name} has no picture that can be decoded from {begin} to {self.end} ms.")
            sound, sound_encoded = self._sound(writer, source, begin)
            writer.write(pictures, sound)
        return Clip(
            data=output.getvalue(),
            span=Span(begin, self.end),
            wanted=self.wanted,
            exact=whole,
            frames=len(pictures),
            has_audio=bool(sound),
            reencoded=encode or sound_encoded,
        )

    def _copied(self, writer: WebmWriter, video: Any, begin: int) -> list[Timed]:
        track = writer.copied(video)
        kept = list(forward(s for s in self.run if s.time_ms < self.wanted.end_ms))
        timed = [moved(s.packet, track, s.time_ms - begin if n else 0) for n, s in enumerate(kept)]
        length = self.end - begin
        for time, packet in timed:
            packet.duration = min(packet.duration, length - time)
        timed[-1][1].duration = max(1, length - timed[-1][0])  # the last picture stays until the end
        return timed

    def _encoded(self, writer: WebmWriter, video: Any, begin: int) -> list[Timed]:
        inside = sorted(s.time_ms for s in self.run if begin <= s.time_ms < self.wanted.end_ms)
        fps = 1000 * (len(inside) - 1) / (inside[-1] - inside[0]) if len(inside) > 1 and inside[-1] > inside[0] else 25.0
        shown = ((time, frame) for time, frame in decoded(video, [s.packet for s in self.run]) if begin <= time < self.wanted.end_ms)
        moved_frames = ((time - begin if n else 0, frame) for n, (time, frame) in enumerate(shown))
        return writer.vp8(moved_frames, end_ms=self.end - begin, fps=fps)

    def _sound(self, writer: WebmWriter, source: Any, begin: int) -> tuple[list[Timed], bool]:
        """The sound of the clip, and whether it had to be encoded. Sound in a codec that nothing here knows is left out."""
        kept = [s for s in self.packets if not s.video and begin <= s.time_ms < self.wanted.end_ms]
        audio = source.streams.audio[0] if kept else None
        if audio is None or audio.codec_context is None:
            return [], False
        if codec_name(audio) in COPIED:
            track = writer.copied(audio)
            return [moved(s.packet, track, s.time_ms - begin) for s in forward(kept)], False
        run = [s.packet for s in self.packets if not s.video and begin - _SOUND_RUN_UP_MS <= s.time_ms < self.wanted.end_ms]
        channels = min(2, audio.codec_context.channels)
        return writer.opus(heard(audio, run, begin_ms=begin, length_ms=self.end - begin, rate=SOUND_RATE, channels=channels)), True
