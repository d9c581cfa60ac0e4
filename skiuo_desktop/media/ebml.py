"""EBML, the binary form of WebM and Matroska: elements of an id, a size and a payload.

Every number that is read here comes from a file that may be truncated, damaged or hostile, so nothing is believed
that does not fit into the bytes at hand. The full grammar: RFC 8794; the ids: RFC 9559.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

EBML = 0x1A45DFA3
SEGMENT = 0x18538067
SEEK_HEAD = 0x114D9B74
INFO = 0x1549A966
TRACKS = 0x1654AE6B
CLUSTER = 0x1F43B675
CUES = 0x1C53BB6B
TAGS = 0x1254C367
CHAPTERS = 0x1043A770
ATTACHMENTS = 0x1941A469
VOID = 0xEC
CRC32 = 0xBF

TOP_LEVEL = frozenset({EBML, SEGMENT, SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, TAGS, CHAPTERS, ATTACHMENTS})
"""What may follow a cluster, `VOID` and `CRC32` aside (those are also found inside one)."""

LONGEST_HEADER = 12  # four bytes of id and eight of size


class Element(NamedTuple):
    """Where one element stands in the bytes it was read from."""

    id: int
    start: int
    data: int  # where the payload begins
    size: int | None  # of the payload; None where the writer did not know it

    @property
    def end(self) -> int | None:
        return None if self.size is None else self.data + self.size


def read_element(buffer: bytes, position: int) -> Element | None:
    """The element that begins at `position`, its payload not necessarily inside `buffer`. None where its head is cut off or is none."""
    room = len(buffer) - position
    if room < 2:
        return None
    first = buffer[position]
    id_length = 9 - first.bit_length()
    if id_length > 4 or room <= id_length:
        return None
    size_at = position + id_length
    first = buffer[size_at]
    size_length = 9 - first.bit_length()
    if size_length > 8 or room < id_length + size_length:
        return None
    data = size_at + size_length
    value = int.from_bytes(buffer[size_at:data], "big")
    all_ones = (1 << (7 * size_length)) - 1
    size = value & all_ones
    return Element(int.from_bytes(buffer[position:size_at], "big"), position, data, None if size == all_ones else size)


class Number(NamedTuple):
    value: int
    length: int  # bytes it takes


def read_number(buffer: bytes, position: int) -> Number | None:
    """The number of variable length at `position`, as blocks name their track with."""
    if position >= len(buffer):
        return None
    length = 9 - buffer[position].bit_length()
    if length > 8 or position + length > len(buffer):
        return None
    return Number(int.from_bytes(buffer[position : position + length], "big") & ((1 << 7 * length) - 1), length)


def children(buffer: bytes, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """The elements that stand one after the other in `buffer[start:end]`; ends at the first that is no whole element."""
    position, limit = start, len(buffer) if end is None else min(end, len(buffer))
    while position < limit:
        element = read_element(buffer, position)
        if element is None or element.size is None or element.data + element.size > limit:
            return
        yield element
        position = element.data + element.size


def unsigned(buffer: bytes, element: Element) -> int:
    """The payload as an unsigned integer; what stands beyond its eighth byte is not read."""
    return int.from_bytes(_payload(buffer, element)[:8], "big")


def real(buffer: bytes, element: Element) -> float:
    """The payload as a floating point number; nan where it is none."""
    payload = _payload(buffer, element)
    if len(payload) == 4:
        return float(struct.unpack(">f", payload)[0])
    if len(payload) == 8:
        return float(struct.unpack(">d", payload)[0])
    return math.nan if payload else 0.0


def text(buffer: bytes, element: Element) -> str:
    """The payload as text, up to its first zero byte; what is no text becomes a replacement character."""
    return _payload(buffer, element).split(b"\0", 1)[0].decode("utf-8", "replace")


def element_bytes(element_id: int, payload: bytes) -> bytes:
    """One element of known size, as bytes."""
    return head_bytes(element_id, len(payload)) + payload


def head_bytes(element_id: int, size: int | None) -> bytes:
    """The head of an element, its size in eight bytes; None writes the size that means unknown."""
    length = (element_id.bit_length() + 7) // 8
    coded = (1 << 56) - 1 if size is None else size
    return element_id.to_bytes(length, "big") + (coded | 1 << 56).to_bytes(8, "big")


def _payload(buffer: bytes, element: Element) -> bytes:
    return buffer[element.data : element.data + (element.size or 0)]
