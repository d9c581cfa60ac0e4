"""Files that no honest muxer here writes: of unknown cluster sizes, very long, badly interleaved, rotated."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from skiuo_desktop.media import ebml

TIMESTAMP, SIMPLE_BLOCK = 0xE7, 0xA3
_VIDEO, _TRACK_ENTRY = 0xE0, 0xAE


class Part(NamedTuple):
    """One top-level element."""

    id: int
    payload: bytes


def parts_of(path: Path) -> tuple[bytes, list[Part]]:
    """The EBML head, and the elements of the segment, which may be of unknown size."""
    data = path.read_bytes()
    head = ebml.read_element(data, 0)
    assert head is not None
    assert head.end is not None
    segment = ebml.read_element(data, head.end)
    assert segment is not None
    return data[: head.end], [Part(e.id, data[e.data : e.end]) for e in ebml.children(data, segment.data)]


def joined(head: bytes, parts: list[Part], *, open_clusters: bool = False) -> bytes:
    """A segment of unknown size, without an index: what is streamed. `open_clusters`: clusters of unknown size, as browsers write them."""
    body = b"".join(ebml.head_bytes(p.id, None if open_clusters and p.id == ebml.CLUSTER else len(p.payload)) + p.payload for p in parts)
    return head + ebml.head_bytes(ebml.SEGMENT, None) + body


def streamed(path: Path, *, open_clusters: bool) -> bytes:
    head, parts = parts_of(path)
    return joined(head, [p for p in parts if p.id in {ebml.INFO, ebml.TRACKS, ebml.CLUSTER}], open_clusters=open_clusters)


def repeated(path: Path, times: int, period_ms: int, *, padding: int = 0) -> Iterator[bytes]:
    """A recording `times` as long: its clusters again and again, each round `period_ms` later; each block longer by `padding` bytes."""
    head, parts = parts_of(path)
    clusters = [p for p in parts if p.id == ebml.CLUSTER]
    yield joined(head, [p for p in parts if p.id in {ebml.INFO, ebml.TRACKS}])
    for turn in range(times):
        for cluster in clusters:
            stamp = next(ebml.children(cluster.payload))
            assert stamp.id == TIMESTAMP
            later = ebml.unsigned(cluster.payload, stamp) + turn * period_ms
            blocks = cluster.payload[stamp.end :]
            if padding:
                blocks = b"".join(ebml.element_bytes(e.id, blocks[e.data : e.end] + bytes(padding)) for e in ebml.children(blocks) if e.id == SIMPLE_BLOCK)
            yield ebml.element_bytes(ebml.CLUSTER, ebml.element_bytes(TIMESTAMP, later.to_bytes(8, "big")) + blocks)


def badly_interleaved(path: Path, late_clusters: int) -> bytes:
    """The sound of each cluster stands in the one that is `late_clusters` behind it."""
    head, parts = parts_of(path)
    clusters = [p.payload for p in parts if p.id == ebml.CLUSTER]
    starts, pictures, sounds = [], [], []
    for payload in clusters:
        children = list(ebml.children(payload))
        starts.append(ebml.unsigned(payload, children[0]))
        blocks = [payload[e.start : e.end] for e in children if e.id == SIMPLE_BLOCK]
        pictures.append([b for b in blocks if _block_at(b)[0] == 1])
        sounds.append([(starts[-1] + time, b) for b in blocks for number, time in [_block_at(b)] if number == 2])
    made = [p for p in parts if p.id in {ebml.INFO, ebml.TRACKS}]
    for n, start in enumerate(starts):
        behind = sounds[n - late_clusters] if n >= late_clusters else []
        late = [_restamped(b, time - start) for time, b in behind]
        made.append(Part(ebml.CLUSTER, ebml.element_bytes(TIMESTAMP, start.to_bytes(8, "big")) + b"".join(late + pictures[n])))
    return joined(head, made)


def _block_at(block: bytes) -> tuple[int, int]:
    """Track number and relative time of a SimpleBlock of a low track number."""
    element = ebml.read_element(block, 0)
    assert element is not None
    return block[element.data] & 0x7F, int.from_bytes(block[element.data + 1 : element.data + 3], "big", signed=True)


def _restamped(block: bytes, time: int) -> bytes:
    element = ebml.read_element(block, 0)
    assert element is not None
    at = element.data + 1
    return block[:at] + time.to_bytes(2, "big", signed=True) + block[at + 2 :]


def rolled(path: Path, degrees: float) -> bytes:
    """The same recording, to be shown turned: a camera held upright."""
    head, parts = parts_of(path)
    projection = ebml.element_bytes(0x7670, ebml.element_bytes(0x7671, b"\0") + ebml.element_bytes(0x7675, struct.pack(">f", degrees)))

    def with_projection(payload: bytes, wanted: int) -> bytes:
        made = b""
        for e in ebml.children(payload):
            inner = payload[e.data : e.end]
            if e.id == _TRACK_ENTRY and wanted == _TRACK_ENTRY:
                inner = with_projection(inner, _VIDEO)
            elif e.id == _VIDEO and wanted == _VIDEO:
                inner += projection
            made += ebml.element_bytes(e.id, inner)
        return made

    tracks = [Part(p.id, with_projection(p.payload, _TRACK_ENTRY)) if p.id == ebml.TRACKS else p for p in parts]
    return joined(head, [p for p in tracks if p.id in {ebml.INFO, ebml.TRACKS, ebml.CLUSTER}])
