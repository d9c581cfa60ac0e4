"""A small file system of its own, which a test can fill: Linux with the right to mount."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system in memory, mounted at `root`."""

    root: Path

    @property
    def free(self) -> int:
        """Bytes that a program without special rights may still write."""
        room = os.statvfs(self.root)
        return room.f_bavail * room.f_frsize

    @property
    def filler(self) -> Path:
        return self.root / "filler"

    def fill(self, leave: int = 0) -> None:
        """Takes all the room but `leave` bytes."""
        with self.filler.open("ab", buffering=0) as file:
            while (count := min(1 << 20, self.free - leave)) > 0:
                file.write(bytes(count))

    def clear(self) -> None:
        self.filler.unlink(missing_ok=True)


@contextmanager
def small_disk(root: Path, size: int, needed_for: str) -> Iterator[SmallDisk]:
    """A file system of `size` bytes at `root`, gone at the end; what writes there must have ended by then.

    Where nothing may be mounted the test is skipped, and says that `needed_for` is not run.
    """
    root.mkdir(parents=True, exist_ok=True)
    if not sys.platform.startswith("linux"):
        pytest.skip(f"needs Linux to mount a small file system; not run: {needed_for}")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(root)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the right to mount a small file system ({done.stderr.strip()}); not run: {needed_for}")
    try:
        yield SmallDisk(root)
    finally:
        subprocess.run(["umount", str(root)], check=True)
