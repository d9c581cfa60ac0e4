"""What the tests of the object store share."""

from __future__ import annotations

import hashlib
import random
import urllib.error
import urllib.request
from pathlib import Path

from skiuo_desktop.backend.keys import pack_metadata

KEY = "recordings/d/r/film.webm"
PART = 5 << 20  # the smallest that S3 allows
CLIP_KEY = "clips/d/r/000003-30000-45000-x.webm"


def content(count: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(count)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def metadata_for(data: bytes) -> dict[str, str]:
    return pack_metadata({"kind": "recording", "sha256": sha256(data), "recording": {"title": "焊接 ⚙ 第一批"}})


def film(folder: Path, parts: float = 1.5, seed: int = 1) -> tuple[Path, bytes]:
    """A file of so many parts, and its content."""
    data = content(int(parts * PART), seed)
    path = folder / f"film-{seed}.webm"
    path.write_bytes(data)
    return path, data


def http_get(url: str) -> tuple[int, bytes]:
    """As somebody without any key does it."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
