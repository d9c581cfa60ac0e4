"""What the command line does without a running engine: questions to the library, cutting a file, finding sources.

Each imports what it needs when it is asked: listing recordings takes half the time without the libraries for video and sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    from skiuo_desktop.library.library import Library
    from skiuo_desktop.media.cut import CutFile


@contextmanager
def open_library(home: Home) -> Iterator[Library]:
    """The library, for short questions and changes; another program may be recording into it meanwhile."""
    from skiuo_desktop.library.library import Library

    library = Library.open(home.prepare())
    try:
        yield library
    finally:
        library.close()


def cut_file(path: Path, out: Path, *, length_ms: int, stride_ms: int, exact: bool) -> Iterator[CutFile]:
    """Cuts a file into the clips of its windows. Raises UsageError, MediaError, StorageError."""
    from skiuo_desktop.media.cut import cut_all

    if length_ms < 1_000 or stride_ms < 1_000:
        raise UsageError("A window is at least one second long and at least one second after the one before.")
    if stride_ms > length_ms:
        raise UsageError("--stride is longer than --length: what lies between two windows would be lost.")
    return cut_all(path, out, length_ms, stride_ms, exact)


@dataclass(frozen=True, slots=True)
class Devices:
    """What can be recorded here and now, as rows of (what to write, label, detail)."""

    grammar: list[tuple[str, str]]
    sources: list[tuple[str, str, str]]
    microphones: list[tuple[str, str, bool]]


def find_devices() -> Devices:
    from skiuo_desktop.capture.microphone import list_microphones
    from skiuo_desktop.capture.sources import grammar, list_sources

    return Devices(
        grammar=grammar(),
        sources=[(found.text, found.label, found.detail) for found in list_sources()],
        microphones=[(found.name, found.label, found.default) for found in list_microphones()],
    )


def demo_scene(path: Path, duration_ms: int) -> Path:
    """Draws the scene that `skiuo demo` records."""
    from skiuo_desktop.media.demo_scene import write_demo_scene

    return write_demo_scene(path, duration_ms)
