"""The names of objects, and what is written beside each so that rows can be made again from the bucket alone.

    recordings/DEVICE/RECORDING/SHA256.webm
    recordings/DEVICE/RECORDING/SHA256.jpg
    clips/DEVICE/RECORDING/NNNNNN-START-END-SHA256.webm     window index, milliseconds
    clips/DEVICE/RECORDING/NNNNNN-START-END-SHA256.mp4      a rendition for a model that takes no WebM; goes when it has been looked at

What comes from a bucket was written by somebody: a key that does not look exactly like this is nobody's, and metadata that cannot be read is empty.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RECORDING, THUMBNAIL, CLIP = "recording", "thumbnail", "clip"
RECORDINGS, CLIPS = "recordings/", "clips/"

MOST_METADATA = 1900
"""Bytes of names and values together; S3 allows 2 KB."""

FACTS = "skiuo"
"""Name of the entry that holds the facts."""

_IDENTIFIER = "[A-Za-z0-9-]{1,64}"
_WHOLE = re.compile(rf"recordings/({_IDENTIFIER})/({_IDENTIFIER})/([0-9a-f]{{64}})\.(webm|jpg)", re.ASCII)
_CLIP = re.compile(rf"clips/({_IDENTIFIER})/({_IDENTIFIER})/(\d{{6,9}})-(\d{{1,15}})-(\d{{1,15}})-([0-9a-f]{{64}})\.(webm|mp4)", re.ASCII)
_SHORTENED_FIRST = frozenset({"title", "label", "name", "notes", "description", "text"})
_PLAIN = ("kind", "sha256")  # entries of their own, readable for any S3 client


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """Whose object it is. `window_index`, `start_ms` and `end_ms` are of clips only. Raises ValueError for what is no key."""

    kind: str
    device_id: str
    recording_id: str
    sha256: str
    window_index: int = -1
    start_ms: int = 0
    end_ms: int = 0
    form: str = "webm"  # of clips: "webm" as it was recorded, or "mp4"

    def __post_init__(self) -> None:
        if _read(str(self)) != self._fields():
            raise ValueError("not the parts of an object's key")

    def __str__(self) -> str:
        folder = f"{self.device_id}/{self.recording_id}"
        if self.kind == CLIP:
            return f"{CLIPS}{folder}/{self.window_index:06d}-{self.start_ms}-{self.end_ms}-{self.sha256}.{self.form}"
        return f"{RECORDINGS}{folder}/{self.sha256}.{'jpg' if self.kind == THUMBNAIL else 'webm'}"

    def _fields(self) -> tuple[str, str, str, str, int, int, int, str]:
        return self.kind, self.device_id, self.recording_id, self.sha256, self.window_index, self.start_ms, self.end_ms, self.form

    @classmethod
    def parse(cls, key: str) -> ObjectKey | None:
        """None for what is no key of ours."""
        fields = _read(key)
        if fields is None:
            return None
        made = cls(*fields)
        return made if str(made) == key else None


def _read(key: str) -> tuple[str, str, str, str, int, int, int, str] | None:
    if found := _WHOLE.fullmatch(key):
        device, recording, sha256, ending = found.groups()
        return (THUMBNAIL if ending == "jpg" else RECORDING), device, recording, sha256, -1, 0, 0, "webm"
    if found := _CLIP.fullmatch(key):
        device, recording, index, start, end, sha256, form = found.groups()
        return (CLIP, device, recording, sha256, int(index), int(start), int(end), form) if int(end) > int(start) else None
    return None


def prefix(kind: str, device_id: str = "", recording_id: str = "") -> str:
    """What the keys of a kind, of a device or of one recording begin with. Raises ValueError for what is no identifier."""
    made = CLIPS if kind == CLIP else RECORDINGS
    for part in (device_id, recording_id):
        if part:
            if not re.fullmatch(_IDENTIFIER, part, re.ASCII):
                raise ValueError("not an identifier")
            made += f"{part}/"
    return made


def pack_metadata(facts: Mapping[str, Any]) -> dict[str, str]:
    """User metadata for an object, at most MOST_METADATA bytes: `kind` and `sha256` as they are, all facts as JSON in base64url (Chinese survives any server).

    Where the facts are too long, texts are shortened, titles and the like first; where that is not enough, the longest fact is left out, until it fits.
    """
    plain = {name: str(facts[name]) for name in _PLAIN if facts.get(name)}
    rest = {name: value for name, value in facts.items() if name not in _PLAIN}
    room = MOST_METADATA - sum(len(name) + len(value) for name, value in plain.items()) - len(FACTS)
    packed = _packed(rest)
    while len(packed) > room:
        rest = _shortened(rest)
        packed = _packed(rest)
    return {**plain, FACTS: packed}


def unpack_metadata(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The facts again; empty where there are none that can be read. Takes names in any case."""
    entries = {name.lower(): value for name, value in metadata.items()}
    facts: dict[str, Any] = {name: entries[name] for name in _PLAIN if name in entries}
    try:
        told = json.loads(base64.urlsafe_b64decode(entries.get(FACTS, "").encode("ascii")))
    except (ValueError, binascii.Error, RecursionError):
        return facts
    return {**told, **facts} if isinstance(told, dict) else facts


def _packed(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode("ascii")


def _shortened(facts: dict[str, Any]) -> dict[str, Any]:
    """One step shorter: the longest text that may be cut, else without the longest fact."""
    texts = sorted(_texts(facts, ()), key=lambda found: (found[0][-1] in _SHORTENED_FIRST, len(found[1].encode("utf-8", "replace"))))
    for path, text in reversed(texts):
        if len(text) > 8 and (path[-1] in _SHORTENED_FIRST or len(text) > 64):  # identifiers and hashes have at most 64
            return dict(_replaced(facts, path, text[: len(text) // 2]))
    longest = max(facts, key=lambda name: len(_packed({name: facts[name]})))
    return {name: value for name, value in facts.items() if name != longest}


def _texts(value: Any, path: tuple[Any, ...]) -> list[tuple[tuple[Any, ...], str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, Mapping):
        return [found for name, inner in value.items() for found in _texts(inner, (*path, name))]
    if isinstance(value, list | tuple):
        return [found for at, inner in enumerate(value) for found in _texts(inner, (*path, at))]
    return []


def _replaced(value: Any, path: tuple[Any, ...], text: str) -> Any:
    if not path:
        return text
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {name: _replaced(inner, rest, text) if name == first else inner for name, inner in value.items()}
    return [_replaced(inner, rest, text) if at == first else inner for at, inner in enumerate(value)]
