"""Ways to fill a library in tests, and programs that work on the same one."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Analysis, Recording, RecordingState, Span, Usage

START = datetime(2026, 11, 24, 19, 2, 3, tzinfo=UTC)


class Maker:
    """Makes recordings with files, windows and texts; each recording a minute after the one before."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.made = 0

    def recording(
        self, title: str = "", *, state: RecordingState = RecordingState.FINISHED, windows: int = 0, models: tuple[str, ...] = (), content: bytes = b"webm"
    ) -> Recording:
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
        return self.library.recording(recording_id)

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


PROGRAM = f"""
import sys, os, time, random
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
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
