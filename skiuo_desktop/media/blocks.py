"""The blocks of a cluster: which track, what time, a keyframe or not. What they hold is not looked at."""

from __future__ import annotations

from typing import NamedTuple

from skiuo_desktop.media import ebml

TIMESTAMP = 0xE7
SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, _REFERENCE = 0xA3, 0xA0, 0xA1, 0xFB
_POSITION, _PREVIOUS_SIZE, _SILENT_TRACKS, _ENCRYPTED_BLOCK = 0xA7, 0xAB, 0x5854, 0xAF
BEFORE_TIMESTAMP = frozenset({ebml.CRC32, ebml.VOID, _POSITION, _PREVIOUS_SIZE, _SILENT_TRACKS})
CHILDREN = BEFORE_TIMESTAMP | {TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP, _ENCRYPTED_BLOCK}

MOST_CHILDREN = 200_000
"""Of one cluster, that are read; a second of video and sound has about eighty."""


class Block(NamedTuple):
    track: int
    time: int  # in ticks of the file
    key: bool
    laced: bool  # holds several packets, of which `time` is the first one's
    data: memoryview  # the whole element


def read_blocks(payload: bytes, cluster_time: int) -> tuple[list[Block], int, bool]:
    """The blocks at the beginning of `payload`, how many of its bytes are whole children of a cluster, and whether another element follows them."""
    blocks: list[Block] = []
    position = 0
    for _ in range(MOST_CHILDREN):
        element = ebml.read_element(payload, position)
        if element is None:
            return blocks, position, len(payload) - position >= ebml.LONGEST_HEADER
        if element.id not in CHILDREN or element.size is None:
            return blocks, position, True
        end = element.data + element.size
        if end > len(payload):
            return blocks, position, False
        block = _read_block(payload, element, cluster_time) if element.id in {SIMPLE_BLOCK, BLOCK_GROUP} else None
        if block is not None:
            blocks.append(block)
        position = end
    return blocks, position, True


def _read_block(payload: bytes, element: ebml.Element, cluster_time: int) -> Block | None:
    """What a SimpleBlock or BlockGroup says of itself; None where it is too short to say anything."""
    inner, key = element, True
    if element.id == BLOCK_GROUP:
        parts = list(ebml.children(payload, element.data, element.end))
        block = next((part for part in parts if part.id == BLOCK), None)
        if block is None:
            return None
        inner, key = block, all(part.id != _REFERENCE for part in parts)
    number = ebml.read_number(payload, inner.data)
    if number is None or inner.data + number.length + 3 > (inner.end or 0):
        return None
    at = inner.data + number.length
    flags = payload[at + 2]
    if element.id == SIMPLE_BLOCK:
        key = bool(flags & 0x80)
    time = cluster_time + int.from_bytes(payload[at : at + 2], "big", signed=True)
    return Block(number.value, time, key, bool(flags & 0x06), memoryview(payload)[element.start : element.end])
