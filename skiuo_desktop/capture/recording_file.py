"""The file of a recording as the muxer sees it: knows how much of it has really been handed to the operating system."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

EBML_HEADER, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
BLOCKS = frozenset({0xA3, 0xA0})  # SimpleBlock, BlockGroup


class RecordingFile:
    """A write-only, seekable file object that counts. Written by one thread; the figures may be read by any.

    Raises the OSError of the write that failed. After `give_up` the file ends at its last whole element and what is
    written to it goes nowhere, so that a muxer can be closed without doing harm.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw = io.FileIO(path, "x")
        self._lock = threading.Lock()
        self._scanner = BlockScanner()
        self._scanning = True
        self._given_up = False
        self.size = 0
        self.written_at_ns = 0
        """When bytes last reached the file, on the monotonic clock; 0 before the first."""

    @property
    def blocks(self) -> int:
        """Frames of picture or sound in the file."""
        return self._scanner.blocks

    def write(self, data: bytes) -> int:
        if self._given_up:
            return len(data)
        view = memoryview(data)
        while view:
            view = view[self._raw.write(view) or 0 :]
        position = self._raw.tell()
        with self._lock:
            self.size = max(self.size, position)
            self.written_at_ns = time.monotonic_ns()
        if self._scanning:
            self._scanner.feed(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return offset if self._given_up else self._raw.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self._given_up else self._raw.tell()

    def begin_trailer(self) -> None:
        """What follows is the end of the file: cues behind the clusters, and corrections of the header."""
        self._scanning = False

    def give_up(self) -> None:
        """Cuts a half-written element off the end and writes nothing more."""
        self._given_up = True
        if self._raw.closed:
            return
        self._raw.truncate(self._scanner.whole)
        with self._lock:
            self.size = self._scanner.whole

    def close(self) -> None:
        """Brings the file to the disk and closes it."""
        if self._raw.closed:
            return
        try:
            os.fsync(self._raw.fileno())
        finally:
            self._raw.close()


class BlockScanner:
    """Follows the elements of a WebM file as it is written from its start, and counts the blocks that are whole."""

    def __init__(self) -> None:
        self.blocks = 0
        self.whole = 0
        """Bytes from the start of the file to the end of the last whole element."""
        self._position = 0
        self._head = b""
        self._payload = 0  # bytes of the current element still to come
        self._is_block = False

    def feed(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if self._payload:
                step = min(self._payload, len(data) - at)
                self._payload -= step
                at += step
                self._position += step
                if not self._payload:
                    self._ended()
                continue
            self._head += data[at : at + 1]
            at += 1
            self._position += 1
            self._try_head()

    def _try_head(self) -> None:
        """Reads an element's id and size once both are there."""
        id_length = _vint_length(self._head[0])
        if len(self._head) <= id_length:
            return
        size_length = _vint_length(self._head[id_length])
        if len(self._head) < id_length + size_length:
            return
        element = int.from_bytes(self._head[:id_length], "big")
        size = int.from_bytes(self._head[id_length:], "big") & ((1 << (7 * size_length)) - 1)
        self._head = b""
        if element in (SEGMENT, CLUSTER):
            # Their children follow at once and are taken one by one.
            return
        self._is_block = element in BLOCKS
        self._payload = size
        if not size:
            self._ended()

    def _ended(self) -> None:
        self.blocks += self._is_block
        self.whole = self._position


def _vint_length(first_byte: int) -> int:
    """Length in bytes of an EBML number, by the leading zeros of its first byte."""
    return 9 - first_byte.bit_length() if first_byte else 8
