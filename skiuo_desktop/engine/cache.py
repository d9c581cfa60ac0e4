"""Files that were fetched from the object store, kept by their content until their place is needed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from skiuo_desktop import remarks
from skiuo_desktop import settings as s
from skiuo_desktop.errors import BackendError, Cancelled, StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendTrouble, StoredObject

if TYPE_CHECKING:
    from skiuo_desktop.backend.store import ObjectStore

MOST_BYTES = 20_000_000_000
"""Of all files together. Less where the disk has less besides what is kept free."""

Progress = Callable[[int, int], None]
"""Bytes that are here, bytes in all."""

_ENDINGS = {"recording": ".webm", "thumbnail": ".jpg", "clip": ".webm"}
_LOOK_S = 0.1
_CHECK_EVERY = 16_000_000


class MediaCache:
    """A folder of verified files named by their SHA-256. Thread-safe; other programs of the same home may use it meanwhile."""

    def __init__(self, home: Home, settings: s.Settings, most_bytes: int = MOST_BYTES) -> None:
        self.folder = home.root / "cache" / "media"
        self._settings = settings
        self._most = most_bytes

    def there(self, wanted: StoredObject) -> Path | None:
        """The file, if it is here already; then it counts as just used."""
        path = self._path(wanted)
        try:
            if path.stat().st_size != wanted.bytes:
                return None
            os.utime(path)
        except OSError:
            return None
        return path

    def fetch(self, store: ObjectStore, wanted: StoredObject, on_progress: Progress, stop: Callable[[], bool]) -> Path:
        """The file, fetched if it is not here. What came of an interrupted download is gone on with.

        `wanted`: key and sha256 are checked by the caller. Raises NotFoundError where the store has none, BackendError, Cancelled, and StorageError where the
        disk has no room for it.
        """
        path = self._path(wanted)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone(path, stop):
                if (here := self.there(wanted)) is not None:
                    return here
                self._make_room(path, wanted.bytes)
                store.fetch(wanted.key, path, self._guarded(wanted, store.host, on_progress), wanted.sha256, stop=stop)
        except OSError as error:
            raise remarks.error(StorageError, "video_not_kept", folder=str(self.folder), why=error.strerror or str(error)) from error
        return path

    def _path(self, wanted: StoredObject) -> Path:
        return self.folder / f"{wanted.sha256}{_ENDINGS[wanted.kind]}"

    def _alone(self, path: Path, stop: Callable[[], bool]) -> FileLock:
        """One download of a file at a time, in whatever program. Locks stay where they are, so there are few: one for each first two digits."""
        lock = FileLock(self.folder / f"{path.name[:2]}.lock", thread_local=False)
        while True:
            try:
                lock.acquire(timeout=_LOOK_S)
            except Timeout:
                if stop():
                    raise Cancelled("The download was stopped.") from None
                continue
            return lock

    def _make_room(self, path: Path, size: int) -> None:
        """Removes what was used longest ago until there is room for a file of `size` bytes at `path`."""
        partial = path.with_name(f"{path.name}.part")
        needed = max(0, size - (partial.stat().st_size if partial.exists() else 0))
        others = sorted(((file, file.stat()) for file in self.folder.iterdir() if file.suffix != ".lock" and file not in (path, partial)), key=_used)
        total = sum(stat.st_size for _, stat in others) + size
        for file, stat in others:
            if total <= self._most and self._left() >= needed:
                break
            with suppress(OSError):  # open in a player, where the system does not let it go
                file.unlink()
                total -= stat.st_size
        if total > self._most or self._left() < needed:
            raise _no_room(size)

    def _left(self) -> int:
        """Bytes that may be written: recordings have their own share of the disk."""
        return shutil.disk_usage(self.folder).free - self._settings.get(s.KEEP_FREE) * 1_000_000

    def _guarded(self, wanted: StoredObject, host: str, on_progress: Progress) -> Callable[[int], None]:
        """Progress that stops a download which is longer than its row says, or where the disk fills up meanwhile: before a recording has to stop."""
        looked = 0

        def guarded(done: int) -> None:
            nonlocal looked
            if done > wanted.bytes:
                raise BackendError(f"What comes from {host} is not what was stored there.", BackendTrouble.DIFFERENT, server=host)
            if done - looked >= _CHECK_EVERY:
                looked = done
                if self._left() < 0:
                    raise _no_room(wanted.bytes)
            on_progress(done, wanted.bytes)

        return guarded


def _used(entry: tuple[Path, os.stat_result]) -> float:
    """When it was used last; a clock that was wrong once must not make a file the newest for ever."""
    return min(entry[1].st_mtime, time.time())


def _no_room(size: int) -> StorageError:
    return remarks.error(StorageError, "no_room", size=f"{size / 1e6:,.0f} MB")
