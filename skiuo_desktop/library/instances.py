"""Which running program owns what, without clocks, process numbers or heartbeats.

Each open library holds an operating system lock on a file named by a fresh UUID. The system frees the lock when the
process ends, however it ends (kill -9, power cut), so an owner whose lock can be taken is dead, and a name is never
used twice. A missing file counts as dead too: a library that was copied from elsewhere comes without its locks.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from pathlib import Path

from filelock import FileLock, Timeout

from skiuo_desktop.errors import StorageError

log = logging.getLogger(__name__)

NOBODY = "nobody"
"""An owner that is never alive."""

PROBE_S = 0.25
"""A probe holds the lock for microseconds. Two that meet must not take each other for the owner, so both try for this long."""


class Instance:
    """This program's own lock, held from construction to `release`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        while True:
            self.id = uuid.uuid4().hex
            self._lock = _lock(folder, self.id)
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                continue  # somebody's sweep holds it at this very moment
            except OSError as error:
                raise StorageError(f"The folder {folder} cannot be written: {error.strerror or error}.") from error
            if _path(folder, self.id).exists():
                return
            self._lock.release()  # swept between its creation and its lock

    def is_alive(self, owner: str) -> bool:
        """Whether the instance `owner` still runs (this one does). Takes up to PROBE_S when it does."""
        if owner == self.id:
            return True
        path = _path(self._folder, owner)
        if not path.exists():
            return False
        lock = _lock(self._folder, owner)
        try:
            with lock.acquire(timeout=PROBE_S, poll_interval=0.01):
                return False
        except Timeout:
            return True
        except OSError as error:
            # Taking an owner for dead wrongly would let two programs write one file; the other mistake only waits.
            log.warning("%s cannot be probed (%s): its owner counts as running", path, error)
            return True

    def sweep(self, named: Collection[str]) -> None:
        """Removes the lock files of dead instances that no row names any more."""
        for path in self._folder.glob("*.lock"):
            if path.stem == self.id or path.stem in named:
                continue
            lock = _lock(self._folder, path.stem)
            try:
                lock.acquire(blocking=False)
            except (Timeout, OSError):
                continue  # alive, or not ours to remove
            _remove(lock, path)

    def release(self, *, still_named: bool) -> None:
        """Gives the lock back. The file stays if rows still name this instance: they are orphans from now on."""
        if still_named:
            self._lock.release()
        else:
            _remove(self._lock, _path(self._folder, self.id))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.lock"


def _lock(folder: Path, name: str) -> FileLock:
    # Not thread-local: the thread that closes a library need not be the one that opened it.
    return FileLock(_path(folder, name), thread_local=False)


def _remove(lock: FileLock, path: Path) -> None:
    try:
        path.unlink(missing_ok=True)  # while it is held, so that nobody locks a file that is about to go
    except OSError as error:
        log.debug("%s is removed by the next sweep: %s", path, error)  # Windows does not unlink an open file
    finally:
        lock.release()
