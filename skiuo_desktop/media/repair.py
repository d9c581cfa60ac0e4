"""Finishes a recording whose recorder was killed: everything up to the last whole block, with duration and cues."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from skiuo_desktop.errors import BugError, LibraryBusyError, MediaError, StorageError
from skiuo_desktop.media.clusters import Cluster, Loaded
from skiuo_desktop.media.files import remove_leftovers, replacing
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.packets import ChunkReader, codec_name, forward, matroska, samples
from skiuo_desktop.media.probe import Picture, Tally, picture_of, probe
from skiuo_desktop.media.webm import COPIED, moved, webm_writer

_SPARE_BYTES = 8 << 20  # what cues and file system need beside the copy
_CLUSTER_MS = 1000  # as the recorder writes them


@dataclass(frozen=True, slots=True)
class RepairResult:
    duration_ms: int
    frames: int
    width: int
    height: int
    fps: float
    video_codec: str
    has_audio: bool
    bytes: int  # of the file as it is now
    lost_bytes: int  # of the file as it was, that could not be used
    message: str  # one or two sentences for a person


def repair(path: Path) -> RepairResult:
    """Copies what is whole into a new file in the same folder, which then takes the place of the old one. A finished file is left alone.

    Needs as much free disk as the file is long, and little memory. Until the copy is complete and on the disk, and whenever an error is
    raised, the file stays as it was. Raises NotFoundError where there is no file; MediaError where nothing in it can be played; StorageError where
    the disk has no room or refuses; LibraryBusyError where the file is still growing.
    """
    path = Path(path)
    with Footage(path) as footage:
        if footage.finished:
            return _left_alone(path, footage.file.size)
        _check_room(path, footage.file.size)
    remove_leftovers(path)
    with replacing(path) as copy:
        with Footage(path) as footage:
            salvage = _Salvage(footage)
            salvage.write(copy)
            copy.flush()
            duration_ms = _checked_duration(Path(copy.name), salvage)
            if path.stat().st_size != footage.file.size:
                raise LibraryBusyError(f"{path.name} is still being written. Stop the recording first.")
        shutil.copymode(path, copy.name)
        size = Path(copy.name).stat().st_size
    return RepairResult(
        duration_ms=duration_ms,
        frames=salvage.frames,
        width=salvage.picture.width,
        height=salvage.picture.height,
        fps=salvage.tally.fps,
        video_codec=salvage.picture.codec,
        has_audio=salvage.tally.has_audio,
        bytes=size,
        lost_bytes=salvage.lost_bytes,
        message=_message(duration_ms, salvage.lost_bytes),
    )


class _Salvage:
    """Reads a broken file once, from front to back, keeping what is whole."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self.picture: Picture = picture_of(footage)
        self.tally = Tally(footage)
        self.lost_bytes = 0
        self.frames = 0  # written

    def write(self, copy: BinaryIO) -> None:
        """Writes what is whole as a finished WebM. Raises MediaError where it cannot hold them."""
        with matroska(ChunkReader(self._clean()), self._footage.name) as source:
            foreign = [codec_name(s) for s in source.streams if codec_name(s) not in COPIED]
            if foreign:
                raise MediaError(f"{self._footage.name} holds {foreign[0] or 'an unknown codec'}, which Skiuo does not record: it is left as it is.")
            with webm_writer(copy, cluster_ms=_CLUSTER_MS) as writer:
                tracks = {stream.index: writer.copied(stream) for stream in source.streams}
                for sample in forward(samples(source)):
                    self.frames += sample.video
                    writer.write_one(moved(sample.packet, tracks[sample.packet.stream_index], sample.time_ms)[1])

    def _clean(self) -> Iterator[bytes | memoryview]:
        """The file as it should be: its front, then what is whole of its clusters, in the order of their times."""
        yield self._footage.header.prefix
        newest, held = 0, None
        for following in chain(self._clusters(), [None]):
            if held is not None:
                time = held.cluster.time
                strays = time < newest or (following is not None and newest <= following.cluster.time < time)
                if strays:
                    self.lost_bytes += held.next - held.cluster.start
                else:
                    newest = time
                    self.tally.add(held)
                    yield from self._footage.cluster_bytes(held)
            held = following

    def _clusters(self) -> Iterator[Loaded]:
        """The clusters as they stand in the file. Counts what lies between them."""
        position, first = self._footage.header.body, self._footage.index.first()
        for loaded in self._footage.index.from_here(first) if first is not None else ():
            self._count_lost(position, loaded.cluster)
            position = loaded.next
            self.lost_bytes += loaded.damaged_bytes
            yield loaded
        self._count_lost(position, None)

    def _count_lost(self, position: int, until: Cluster | None) -> None:
        """Counts the bytes between two clusters, whole elements of another kind aside."""
        end = self._footage.header.end if until is None else until.start
        while position < end and (following := self._footage.index.is_other_element(position)) is not None:
            position = following
        self.lost_bytes += max(0, end - position)


def _left_alone(path: Path, size: int) -> RepairResult:
    info = probe(path)
    return RepairResult(
        duration_ms=info.duration_ms,
        frames=info.frames,
        width=info.width,
        height=info.height,
        fps=info.fps,
        video_codec=info.video_codec,
        has_audio=info.has_audio,
        bytes=size,
        lost_bytes=0,
        message="The recording is complete; nothing had to be repaired.",
    )


def _check_room(path: Path, size: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < size + _SPARE_BYTES:
        raise StorageError(f"Repairing {path.name} needs {_size(size + _SPARE_BYTES)} of free disk, and {_size(free)} are free. Make room, then try again.")


def _checked_duration(copy: Path, salvage: _Salvage) -> int:
    """How long the copy is. Raises MediaError where it holds no picture, BugError where it is not what it should be."""
    if salvage.frames == 0:
        raise MediaError("Nothing in the recording can be played: it breaks off before its first picture. The file is kept as it is.")
    with Footage(copy) as footage:
        if not footage.finished or footage.index.last() is None:
            raise BugError("The repaired copy is not complete. The recording was left as it is.")
        return footage.duration_ms


def _message(duration_ms: int, lost_bytes: int) -> str:
    brought_back = f"The recording was brought back up to {duration_ms / 1000:.1f} s."
    if not lost_bytes:
        return brought_back
    return f"{brought_back} {_size(lost_bytes)} that were not completely written are lost."


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
