"""Small JSON files that several programs read: written whole or not at all, and known by their stamp."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Stamp = tuple[int, int]
"""When a file was changed (ns) and its size: another one means another content."""


def stamp_of(path: Path) -> Stamp | None:
    """None where there is no file. Raises OSError where it cannot be looked at."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


def write(path: Path, content: Mapping[str, Any], *, sort_keys: bool = False) -> Stamp | None:
    """Puts the content in the file's place in one step and returns its stamp. Raises OSError; then the file is as it was, and nothing is left beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False, sort_keys=sort_keys)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return stamp_of(path)
