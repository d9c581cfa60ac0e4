"""Server-sent events from raw bytes, as servers really send them (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Lines end at CR, LF or CRLF and nowhere else: JSON may hold U+2028, U+2029 or U+0085, at which text splitters also break.
Bytes are joined before they are decoded, so an event may arrive in any number of pieces.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator

MOST_EVENT_BYTES = 16 << 20
"""A line or an event longer than this is no answer."""


class SseParser:
    """Feed it bytes; it gives the data of each whole event. What came outside of any event is kept in `stray`, up to a bound."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._skip_lf = False
        self._first = True
        self.stray = bytearray()

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Raises ValueError for an event that does not end."""
        for line in self._lines(chunk):
            if event := self._take(line):
                yield event

    def end(self) -> Iterator[str]:
        """The body has ended: a last event without the empty line after it still counts (servers leave it out)."""
        rest = bytes(self._rest)
        self._rest.clear()
        if rest and (event := self._take(rest)):
            yield event
        if self._data:
            yield self._event()

    def _lines(self, chunk: bytes) -> Iterator[bytes]:
        if self._skip_lf and chunk:
            chunk = chunk[1:] if chunk[:1] == b"\n" else chunk
            self._skip_lf = False
        searched = len(self._rest)
        self._rest += chunk
        if len(self._rest) + self._size > MOST_EVENT_BYTES:
            raise ValueError("an event without end")
        start = 0
        while True:
            ends = [at for at in (self._rest.find(b"\n", max(start, searched)), self._rest.find(b"\r", max(start, searched))) if at >= 0]
            if not ends:
                break
            end = min(ends)
            yield bytes(self._rest[start:end])
            start = end + 1
            if self._rest[end] == 13:
                if start == len(self._rest):
                    self._skip_lf = True  # the LF that belongs to it may come with the next piece
                elif self._rest[start] == 10:
                    start += 1
        del self._rest[:start]

    def _take(self, line: bytes) -> str:
        if not line:
            return self._event() if self._data else ""
        if self._first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._first = False
        name, colon, value = line.partition(b":")
        if name == b"data":
            self._data.append(value[1:] if value[:1] == b" " else value)
            self._size += len(value)
        elif not (colon and name in (b"", b"event", b"id", b"retry")) and len(self.stray) < 1 << 16:
            self.stray += line + b"\n"
        return ""

    def _event(self) -> str:
        data = b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        return data.decode("utf-8", errors="replace")


async def events(chunks: AsyncIterator[bytes], parser: SseParser) -> AsyncGenerator[str, None]:
    """The data of each event of a body. Raises ValueError for one that does not end."""
    async for chunk in chunks:
        for event in parser.feed(chunk):
            yield event
    for event in parser.end():
        yield event
