"""A library in a folder of its own, and short ways to fill it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Analysis, Recording, RecordingState, Span, Usage

START = datetime(2026, 11, 24, 19, 2, 3, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    with Library.open(home) as opened:
        yield opened


class Maker:
    """Makes recordings with files, windows and texts; each recording a minute after the one before."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.made = 0

    def recording(self, title: str = "", *, state: RecordingState = RecordingState.FINISHED, windows: int = 0, models: tuple[str, ...] = (), content: bytes = b"webm") -> Recording:
        started = START + timedelta(minutes=self.made)
        self.made += 1
        recording_id = self.library.new_recording_id(started)
        path = self.library.home.recordings / f"{recording_id}.webm"
        path.write_bytes(content)
        recording = Recording(
            id=recording_id,
            device_id=self.library.device_id,
            title=title,
            path=str(path),
            source="test:",
            source_label="Test pattern",
            started_at=started,
            state=state,
            window_length_ms=15_000,
            window_stride_ms=10_000,
            models=models,
            duration_ms=windows * 10_000,
            bytes=len(content),
        )
        self.library.add_recording(recording)
        self.library.add_windows(recording_id, spans(windows), models, "en")
        return replace(self.library.recording(recording_id))

    def said(self, *texts: str, title: str = "") -> Recording:
        """A recording whose windows say these texts."""
        recording = self.recording(title, windows=len(texts), models=("offline",))
        for text in texts:
            self.answer(text)
        return self.library.recording(recording.id)

    def answer(self, text: str, cost: float | None = 0.0) -> Analysis:
        """Claims the oldest queued analysis and finishes it."""
        claimed = self.library.claim()
        assert claimed is not None
        return self.library.finish(claimed.id, text=text, usage=Usage(10, 20, cost))


def spans(count: int) -> list[Span]:
    return [Span(n * 10_000, n * 10_000 + 15_000) for n in range(count)]


@pytest.fixture
def make(library: Library) -> Maker:
    return Maker(library)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Starts a Python program on the same library (named `library` in it); whatever still runs is killed at the end."""
    running: list[subprocess.Popen[str]] = []

    def start(body: str, *args: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        program = PROGRAM + textwrap.dedent(body)
        process = subprocess.Popen(
            [sys.executable, "-c", program, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "SKIUO_HOME": str(home.root), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", **(env or {})},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


PROGRAM = f"""
import sys, os, time, random
sys.path.insert(0, {str(Path(__file__).parent)!r})
from datetime import UTC, datetime
from skiuo_desktop.home import Home
from skiuo_desktop.errors import *
from skiuo_desktop.model import *
from skiuo_desktop.library.library import Library
home = Home.default()
library = Library.open(home)

def say(*words):
    print(*words, flush=True)

def hear():
    return sys.stdin.readline().strip()
"""


def wait_for(process: subprocess.Popen[str], word: str) -> str:
    """Reads the program's lines up to one that begins with `word`; its end is an error."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(word):
            return line.strip()
    raise AssertionError(f"the program ended ({process.wait()}) before it said {word!r}")


def tell(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()


def ended_well(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    return out
