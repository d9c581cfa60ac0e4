"""An object as a file here: goes on where it was interrupted, and takes the name only when the content is right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from minio import Minio

from skiuo_desktop.backend.arrival import Changed
from skiuo_desktop.errors import Cancelled

_PIECE = 256 << 10


def fetch(client: Minio, bucket: str, key: str, target: Path, *, size: int, sha256: str, on_progress: Callable[[int], None], stop: Callable[[], bool]) -> None:
    """Writes the object to `target`, by way of a hidden file beside it, which a later call goes on with. `sha256`: what it must be; empty where nobody knows.

    Raises Cancelled (the partial file stays), Changed (it does not stay), OSError, and what the client raises.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(target, key, sha256)
    with partial.open("a+b") as file:
        digest, done = _there(file, size)
        on_progress(done)
        if done < size:
            for data in _rest(client, bucket, key, done):
                if stop():
                    raise Cancelled("The download was stopped.")
                file.write(data)
                digest.update(data)
                done += len(data)
                on_progress(done)
    if done != size or (sha256 and digest.hexdigest() != sha256):
        partial.unlink(missing_ok=True)
        raise Changed("what came is not what was stored")
    partial.replace(target)


def partial_of(target: Path, key: str, sha256: str) -> Path:
    """What has come so far. It bears the content's name: nobody has such a file of their own, and another object is not gone on with."""
    name = sha256 or hashlib.sha256(key.encode()).hexdigest()
    return target.with_name(f".{target.name}.{name[:12]}.part")


def _there(file: BinaryIO, size: int) -> tuple[hashlib._Hash, int]:
    """The digest and the length of what an earlier call wrote; nothing where that is more than there can be."""
    digest, done = hashlib.sha256(), 0
    file.seek(0)
    while data := file.read(_PIECE):
        digest.update(data)
        done += len(data)
    if done <= size:
        return digest, done
    file.truncate(0)
    return hashlib.sha256(), 0


def _rest(client: Minio, bucket: str, key: str, start: int) -> Iterator[bytes]:
    """From `start` on, also from a server that answers a range with the whole."""
    response = client.get_object(bucket, key, offset=start)
    try:
        skip = start if response.status == 200 else 0
        for data in response.stream(_PIECE):
            if skip >= len(data):
                skip -= len(data)
                continue
            yield data[skip:]
            skip = 0
    finally:
        # Closed, not drained: the rest of a download that was stopped may be large.
        response.close()
        response.release_conn()
