"""What lies in a store that was mirrored to before: it is found there instead of being sent again.

An object counts as there where size, the SHA-256 in its metadata, and its ETag are those of the file here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skiuo_desktop.backend.arrival import same_etag
from skiuo_desktop.backend.keys import CLIP, RECORDING, ObjectKey, prefix
from skiuo_desktop.backend.lifecycle import LifecycleRule, days_of
from skiuo_desktop.backend.multipart import LEAST_PART, part_size
from skiuo_desktop.backend.store import ObjectStore, Stored
from skiuo_desktop.errors import BackendError, Cancelled
from skiuo_desktop.library.aim import Lying
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadJob
from skiuo_desktop.model import BackendTrouble

_MANY = 1000
"""As many as a store lists in one answer."""


def take_stock(library: Library, store: ObjectStore, rules: Sequence[LifecycleRule], stop: Callable[[], bool]) -> None:
    """Tells the journal of this device's objects in the store. Raises BackendError, Cancelled."""
    some: list[Lying] = []
    for kind in (RECORDING, CLIP):
        for stored in store.list(prefix(kind, library.device_id)):
            if stop():
                raise Cancelled("The mirror was stopped.")
            if (lying := _lying(stored, rules)) is not None:
                some.append(lying)
            if len(some) == _MANY:
                library.take_up(some)
                some = []
    library.take_up(some)


def found(store: ObjectStore, job: UploadJob, etag: Callable[[], str]) -> Stored | None:
    """The object of a job, where it lies in the store as it would be sent. `etag`: what `etag_of` says of its content; asked for only when all else is right.

    None also where this key may not look: then it is sent. Raises BackendError for anything else.
    """
    try:
        there = store.stat(job.key)
    except BackendError as error:
        if error.trouble is not BackendTrouble.DENIED:
            raise
        return None
    if there is None or (there.bytes, there.sha256) != (job.bytes, job.sha256):
        return None
    return there if same_etag(there.etag, etag()) else None


def etag_of(content: Path | bytes) -> str:
    """The ETag of an object that was sent in the way of `ObjectStore.send_file`, where the store does not encrypt. Raises OSError."""
    if isinstance(content, bytes):
        return _md5(content).hex()
    size = content.stat().st_size
    if size <= LEAST_PART:
        return _md5(content.read_bytes()).hex()
    with content.open("rb") as file:
        parts = [_md5(part) for part in iter(lambda: file.read(part_size(size)), b"")]
    return f"{_md5(b''.join(parts)).hex()}-{len(parts)}"


def _lying(stored: Stored, rules: Sequence[LifecycleRule]) -> Lying | None:
    key = ObjectKey.parse(stored.key)
    if key is None:
        return None
    at, days = stored.modified or datetime.now(UTC), days_of(stored.key, rules)
    ends = at + timedelta(days=days) if days else None
    return Lying(stored.key, key.kind, key.recording_id, key.sha256, stored.bytes, at, ends, key.window_index, key.start_ms, key.end_ms)


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()
