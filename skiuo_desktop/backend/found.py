"""What an object in the bucket says of its recording, read so that rows can be made of it.

The key says whose the object is; its metadata (see `keys`) says the rest. Whatever is missing or makes no sense in it has a fallback, since anybody who may
write to the bucket may have written it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from skiuo_desktop.backend.foreign import FIRST, LAST, texts
from skiuo_desktop.backend.keys import CLIP, ObjectKey, unpack_metadata
from skiuo_desktop.backend.store import Stored
from skiuo_desktop.library.index import LAST_MOMENT, MOST_WINDOWS
from skiuo_desktop.model import RecordingState

REBUILT = -1
"""The revision of rows that were made again: below all that a library draws, so that its own rows replace them when they come."""

_MOST = 2**53 - 1
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """An object with a key of ours."""

    key: ObjectKey
    stored: Stored
    facts: Mapping[str, Any]

    @property
    def window_id(self) -> int | None:
        """The id that the window had in the library; None where nothing says it, and for what is no clip."""
        return number(self.facts, "window") or None if self.key.kind == CLIP else None


def read(stored: Stored) -> Found | str:
    """The object, or in a few words why nothing can be made of it."""
    key = ObjectKey.parse(stored.key)
    if key is None or key.window_index >= MOST_WINDOWS:
        return "not a key of this program"
    if not stored.bytes:
        return "empty"
    facts = unpack_metadata(stored.metadata)
    said = {"kind": key.kind, "sha256": key.sha256, "device": key.device_id, "recording": key.recording_id}
    if any(facts.get(name, value) != value for name, value in said.items()):
        return "its metadata is that of another object"
    return Found(key, stored, facts)


def recording_row(found: Found, duration_ms: int) -> dict[str, Any]:
    """The columns of its recording's row. `moment` is where it wants to stand. `duration_ms`: the least that it lasts, as its clips show."""
    facts, key = found.facts, found.key
    started_at = _started_at(found)
    return {
        "id": key.recording_id,
        "device_id": key.device_id,
        "moment": min(int(started_at.timestamp() * 1000), LAST_MOMENT - 1_000_000),
        "title": _text(facts, "title") or key.recording_id,
        "path": "",
        "source": _text(facts, "source"),
        "source_label": _text(facts, "label"),
        "started_at": started_at,
        "state": RecordingState.FINISHED.value,
        "owner": "",
        "window_length_ms": number(facts, "length_ms"),
        "window_stride_ms": number(facts, "stride_ms"),
        "models": texts(facts.get("models")),
        "duration_ms": max(number(facts, "duration_ms"), duration_ms),
        "frames": number(facts, "frames"),
        "dropped_frames": number(facts, "dropped"),
        "bytes": number(facts, "bytes"),
        "width": number(facts, "width"),
        "height": number(facts, "height"),
        "fps": _rate(facts.get("fps")),
        "video_codec": _text(facts, "codec"),
        "has_audio": facts.get("audio") is True,
        "notes": "",
        "notices": [],
        "thumbnail": "",
        "deleted_at": None,
        "freed_at": None,
        "revision": REBUILT,
    }


def device_row(found: Found) -> dict[str, Any]:
    name = _text(found.facts, "device_name") or found.key.device_id
    return {"id": found.key.device_id, "name": name, "created_at": _started_at(found), "revision": REBUILT}


def object_row(found: Found, expires_at: datetime | None) -> dict[str, Any]:
    return {
        "key": found.stored.key,
        "recording_id": found.key.recording_id,
        "window_id": found.window_id,
        "kind": found.key.kind,
        "content_type": found.stored.content_type,
        "bytes": found.stored.bytes,
        "sha256": found.key.sha256,
        "stored_at": found.stored.modified or datetime.now(UTC),
        "expires_at": expires_at,
        "revision": REBUILT,
    }


def number(facts: Mapping[str, Any], name: str) -> int:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else 0


def _text(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""


def _rate(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and 0 <= value < 1e6 else 0.0


def _started_at(found: Found) -> datetime:
    """As the metadata says; else as the recording's id does (`20261124-190203-3f9a1c`, in UTC), else when the object was stored."""
    for told, read_as in ((found.facts.get("started_at"), datetime.fromisoformat), (found.key.recording_id[:15], _of_id)):
        try:
            moment = read_as(str(told))
        except ValueError:
            continue
        if moment.tzinfo is not None and FIRST < moment < LAST:
            return moment.astimezone(UTC)
    return found.stored.modified or FIRST


def _of_id(told: str) -> datetime:
    return datetime.strptime(told, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
