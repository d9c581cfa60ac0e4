"""What the pages do with files, off the GUI thread: writing an export, looking whether a recording's file is there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.errors import StorageError

translate = QCoreApplication.translate

T = TypeVar("T")


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="ui-files")


def later(work: Callable[[], T]) -> Future[T]:
    """Runs `work` on the thread for files; one after the other."""
    return _worker().submit(work)


def file_size(path: str) -> Future[int | None]:
    """Bytes of a file, None where there is none."""

    def look() -> int | None:
        if not path:
            return None
        try:
            return Path(path).stat().st_size
        except OSError:
            return None

    return later(look)


def write_text(path: Path, text: str) -> Future[Path]:
    """Writes a text file whole or not at all. The error is a StorageError."""

    def write() -> Path:
        part = path.with_name(f".{path.name}.part")
        try:
            try:
                part.write_text(text, encoding="utf-8", newline="\n")
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(translate("Files", "{0} could not be written: {1}.").format(path, error.strerror or error)) from error
        return path

    return later(write)
