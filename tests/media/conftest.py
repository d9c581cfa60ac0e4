"""Recordings that many tests of this room read. None of them may change one: copy it first."""

from __future__ import annotations

from pathlib import Path

import pytest
from media.media_parts import Tape, steady, write_recording


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="session")
def talking(shelf: Path) -> Path:
    """46 s of picture at 30 fps with sound."""
    path = shelf / "talking.webm"
    write_recording(str(path), steady(46), sound=True)
    return path


@pytest.fixture(scope="session")
def silent(shelf: Path) -> Path:
    """31 s of picture at 25 fps."""
    path = shelf / "silent.webm"
    write_recording(str(path), steady(31, fps=25))
    return path


@pytest.fixture(scope="session")
def still(shelf: Path) -> Path:
    """26 s in which nothing moves but the number, with sound: clusters are so small that edges lie inside them."""
    path = shelf / "still.webm"
    write_recording(str(path), steady(26), sound=True, still=True)
    return path


@pytest.fixture(scope="session")
def unfinished(shelf: Path) -> Path:
    """21 s with sound as they lie on the disk while they are recorded: no duration, no end, clusters closed one after the other."""
    tape = Tape()
    write_recording(tape, steady(21), sound=True)
    path = shelf / "unfinished.webm"
    path.write_bytes(tape.unfinished)
    return path
