"""The command as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


class Command:
    """`skiuo` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "SKIUO_HOME": str(home), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}

    @property
    def words(self) -> list[str]:
        return [sys.executable, "-m", "skiuo_desktop.cli.main"]

    def run(self, *words: str, status: int = 0, timeout_s: float = 120, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run([*self.words, *words], env=self.environment, capture_output=True, text=True, timeout=timeout_s, input=stdin)
        assert done.returncode == status, f"skiuo {' '.join(words)}: {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-1500:]}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def lines(self, *words: str, status: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words, status=status).stdout.splitlines()]

    def record(self, *words: str, source: str = "test:320x180@15", seconds: str = "16") -> dict[str, Any]:
        """Records the test pattern as fast as it goes, without sound; the recording object of the last line."""
        events = self.lines("record", "--source", source, "--seconds", seconds, "--speed", "max", "--no-audio", "--json", *words)
        assert events[-1]["event"] == "done"
        recording: dict[str, Any] = events[-1]["recording"]
        return recording

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen([*self.words, *words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def skiuo(tmp_path: Path) -> Command:
    return Command(tmp_path / "home")
