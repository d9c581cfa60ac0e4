"""Request bodies with megabytes of base64 in them, made without taking those through the JSON encoder.

As one string of JSON they would hold the interpreter's lock for a tenth of a second, and the recorder up.
"""

from __future__ import annotations

import base64
import json
import secrets
from itertools import zip_longest
from typing import Any

_STEP = 3 << 18  # bytes that are made base64 without another thread's turn; a multiple of 3, so that the pieces join


class MediaBody:
    """`put` gives a mark for each piece of media, to stand in the body where its base64 belongs, in this order."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._pieces: list[bytes] = []

    def put(self, data: bytes) -> str:
        self._pieces.append(data)
        return self._mark

    def encode(self, body: dict[str, Any]) -> bytes:
        """The body as compact JSON with sorted keys, so that the same question has the same bytes. Blocks: it encodes megabytes."""
        parts = dumped(body).split(self._mark.encode())
        return b"".join(piece for pair in zip_longest(parts, map(_base64, self._pieces), fillvalue=b"") for piece in pair)


def dumped(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def dumped_text(text: str) -> bytes:
    """A text as it stands in a body."""
    return json.dumps(text, ensure_ascii=False).encode()


def _base64(data: bytes) -> bytes:
    return b"".join(base64.b64encode(data[at : at + _STEP]) for at in range(0, len(data), _STEP))
