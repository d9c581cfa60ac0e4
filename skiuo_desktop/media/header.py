"""The front of a WebM or Matroska file: what stands before the first cluster, and what is needed of it to read any range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from skiuo_desktop.errors import MediaError, NotFoundError
from skiuo_desktop.media import ebml

VIDEO, AUDIO = 1, 2

_SEEK, _SEEK_ID, _SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
_DOC_TYPE = 0x4282
_TIMESTAMP_SCALE, _DURATION = 0x2AD7B1, 0x4489
_LONGEST_TICK = 1_000_000_000  # nanoseconds; almost every file has 1,000,000
_TRACK_ENTRY, _TRACK_NUMBER, _TRACK_TYPE, _CODEC_ID = 0xAE, 0xD7, 0x83, 0x86
_CODEC_DELAY, _DEFAULT_DURATION = 0x56AA, 0x23E383

_EBML_HEAD = ebml.element_bytes(ebml.EBML, ebml.element_bytes(_DOC_TYPE, b"matroska") + ebml.element_bytes(0x4287, b"\4") + ebml.element_bytes(0x4285, b"\2"))

_MOST_HEADER_BYTES = 16 << 20  # of one element that is read whole; codec data of real files are some kilobytes
_MOST_ELEMENTS = 1000  # before the first cluster


class FileBytes:
    """Random access to a file that may be growing. `size` is what it was when it was opened: later bytes do not exist here.

    Raises NotFoundError where there is no such file, MediaError where it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb", buffering=0)
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {path}.") from error
        except OSError as error:
            raise MediaError(f"{path} cannot be read: {error.strerror or error}.") from error
        self.size = self._file.seek(0, 2)

    def read(self, start: int, length: int) -> bytes:
        """The bytes of `[start, start + length)` that the file has."""
        wanted = max(0, min(length, self.size - start))
        try:
            self._file.seek(start)
            parts = []
            while wanted:
                part = self._file.read(wanted)
                if not part:
                    break
                parts.append(part)
                wanted -= len(part)
        except OSError as error:
            raise MediaError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def element(self, position: int, limit: int) -> ebml.Element | None:
        """The head of the element at a place in the file, its offsets those of the file."""
        found = ebml.read_element(self.read(position, min(ebml.LONGEST_HEADER, limit - position)), 0)
        return None if found is None else found._replace(start=position, data=position + found.data)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Track:
    number: int
    kind: int  # VIDEO, AUDIO or another number
    codec: str  # Matroska's name, such as V_VP8
    delay_ms: float  # its blocks stand this much later than what they hold (Opus)
    interval_ms: float  # from one packet to the next where the file says so, else 0
    entry: bytes  # the track's element


@dataclass(frozen=True, slots=True)
class Header:
    """What is said before the first cluster."""

    video: Track | None  # the first of its kind; others are left alone
    audio: Track | None
    numbers: frozenset[int]  # of all tracks
    scale: int  # nanoseconds of one tick of the file's clock
    duration_ms: float | None  # as written; None where it is missing or no number
    has_cues: bool
    closed: bool  # the segment's end is written and lies in the file
    body: int  # where the first cluster stands, or would stand
    end: int  # of the segment, or of the file where that is shorter
    prefix: bytes  # the front of a WebM with these two tracks, to which clusters can be appended

    @property
    def finished(self) -> bool:
        return self.closed and self.has_cues and self.duration_ms is not None and self.duration_ms > 0


def read_header(file: FileBytes) -> Header:
    """Raises MediaError where the file is no WebM or Matroska, or breaks off before its tracks are described."""
    name = file.path.name
    if file.size == 0:
        raise MediaError(f"{name} is empty: nothing was recorded into it.")
    top = file.element(0, file.size)
    if top is None or top.id != ebml.EBML or top.size is None or top.size > _MOST_HEADER_BYTES:
        raise MediaError(f"{name} is no WebM or Matroska file.")
    front = file.read(0, top.data + top.size)
    doc_type = next((ebml.text(front, e) for e in ebml.children(front, top.data) if e.id == _DOC_TYPE), "")
    segment = file.element(len(front), file.size)
    if doc_type not in {"webm", "matroska"} or segment is None or segment.id != ebml.SEGMENT:
        raise MediaError(f"{name} is no WebM or Matroska file, or breaks off in its first bytes.")
    end = file.size if segment.end is None else min(file.size, segment.end)
    parts, body = _top_level(file, segment.data, end)
    if ebml.TRACKS not in parts:
        raise MediaError(f"{name} breaks off before its pictures begin: nothing in it can be played.")
    scale, duration_ms = _read_info(parts.get(ebml.INFO, b""))
    if scale > _LONGEST_TICK:
        raise MediaError(f"{name} counts its time in ticks of {scale} ns, which is no clock of a video.")
    tracks = _read_tracks(parts[ebml.TRACKS])
    video = next((t for t in tracks if t.kind == VIDEO), None)
    audio = next((t for t in tracks if t.kind == AUDIO), None)
    chosen = b"".join(t.entry for t in (video, audio) if t is not None)
    prefix = _EBML_HEAD + ebml.head_bytes(ebml.SEGMENT, None) + _clock(scale) + ebml.element_bytes(ebml.TRACKS, chosen)
    return Header(
        video=video,
        audio=audio,
        numbers=frozenset(t.number for t in tracks),
        scale=scale,
        duration_ms=duration_ms,
        has_cues=ebml.CUES in parts or _points_to_cues(file, parts.get(ebml.SEEK_HEAD, b""), segment.data, end),
        closed=segment.end is not None and segment.end <= file.size,
        body=body,
        end=end,
        prefix=prefix,
    )


def _top_level(file: FileBytes, position: int, end: int) -> tuple[dict[int, bytes], int]:
    """The payloads of the elements before the first cluster by id, and where that cluster stands (or the first thing that is no element)."""
    parts: dict[int, bytes] = {}
    for _ in range(_MOST_ELEMENTS):
        element = file.element(position, end)
        if element is None or element.size is None or element.id == ebml.CLUSTER or element.data + element.size > end:
            break
        if element.id in {ebml.SEEK_HEAD, ebml.INFO, ebml.TRACKS} and element.size <= _MOST_HEADER_BYTES:
            parts.setdefault(element.id, file.read(element.data, element.size))
        elif element.id == ebml.CUES:
            parts[ebml.CUES] = b""
        position = element.data + element.size
    return parts, position


def _read_info(info: bytes) -> tuple[int, float | None]:
    """Nanoseconds of a tick, and the duration in milliseconds."""
    scale, ticks = 1_000_000, math.nan
    for element in ebml.children(info):
        if element.id == _TIMESTAMP_SCALE:
            scale = ebml.unsigned(info, element) or scale
        elif element.id == _DURATION:
            ticks = ebml.real(info, element)
    milliseconds = ticks * scale / 1e6
    return scale, milliseconds if math.isfinite(milliseconds) else None


def _clock(scale: int) -> bytes:
    """An Info element that says nothing but the length of a tick: the rest would be wrong for a part of the file."""
    return ebml.element_bytes(ebml.INFO, ebml.element_bytes(_TIMESTAMP_SCALE, scale.to_bytes(8, "big")))


def _read_tracks(tracks: bytes) -> list[Track]:
    found = []
    for entry in ebml.children(tracks):
        if entry.id != _TRACK_ENTRY:
            continue
        numbers, codec = {_TRACK_NUMBER: 0, _TRACK_TYPE: 0, _CODEC_DELAY: 0, _DEFAULT_DURATION: 0}, ""
        for element in ebml.children(tracks, entry.data, entry.end):
            if element.id in numbers:
                numbers[element.id] = ebml.unsigned(tracks, element)
            elif element.id == _CODEC_ID:
                codec = ebml.text(tracks, element)
        found.append(
            Track(
                number=numbers[_TRACK_NUMBER],
                kind=numbers[_TRACK_TYPE],
                codec=codec,
                delay_ms=min(numbers[_CODEC_DELAY] / 1e6, 1000.0),
                interval_ms=min(numbers[_DEFAULT_DURATION] / 1e6, 60_000.0),
                entry=tracks[entry.start : entry.end],
            )
        )
    return found


def _points_to_cues(file: FileBytes, seek_head: bytes, segment_data: int, end: int) -> bool:
    """Whether the seek head names cues that really stand where it says."""
    for seek in ebml.children(seek_head):
        if seek.id != _SEEK:
            continue
        named, position = 0, -1
        for element in ebml.children(seek_head, seek.data, seek.end):
            if element.id == _SEEK_ID:
                named = ebml.unsigned(seek_head, element)
            elif element.id == _SEEK_POSITION:
                position = ebml.unsigned(seek_head, element)
        if named == ebml.CUES and position >= 0:
            cues = file.element(segment_data + position, end)
            if cues is not None and cues.id == ebml.CUES and cues.end is not None and cues.end <= end:
                return True
    return False
