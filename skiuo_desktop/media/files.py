"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from skiuo_desktop.errors import StorageError

_SUFFIX = ".part"


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file, its folders included, and puts it in place when it is whole. Raises StorageError where that cannot be done."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the context ends well; until then `path` stays as it is.

    Raises StorageError for what the system refuses, also where the context itself met it.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:12]}{_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("x+b")
    except OSError as error:
        raise _refused(path, error) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):  # a disk that fails here has already been complained about
            part.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path} cannot be written: {error.strerror or error}.")


def remove_leftovers(path: Path) -> None:
    """Removes what an interrupted `replacing` of this path left behind. Raises StorageError where that cannot be done."""
    try:
        for part in path.parent.iterdir():
            if part.name.startswith(f".{path.name}.") and part.suffix == _SUFFIX:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {path.parent} cannot be cleaned up: {error.strerror or error}.") from error
