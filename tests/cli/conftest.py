"""The command as a program of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from support import forked, quick_library

from skiuo_desktop import secrets
from skiuo_desktop.cli.main import main

SHORT = ("budget", "list", "models", "prompts", "search", "settings", "show")
"""Commands that neither record nor analyse nor are killed: most of their tests run them in the tests' own process. The others are forked from one that
has the libraries (`support/forked.py`); what is stopped, killed or starts with an environment of its own is started as a person starts it."""

READ_ONCE = ("PYTHONPATH", "PYTHONIOENCODING", "PYTHON_KEYRING_BACKEND", "TMPDIR")
"""Variables that count when a program starts."""


class Command:
    """`skiuo` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "SKIUO_HOME": str(home), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}

    @property
    def words(self) -> list[str]:
        return [sys.executable, "-m", "skiuo_desktop.cli.main"]

    def run(self, *words: str, status: int | None = 0, timeout_s: float = 240, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs it and holds its exit status; None is any but 0."""
        differs = [name for name in READ_ONCE if self.environment.get(name) != os.environ.get(name)]
        if "PYTHONIOENCODING" in differs:  # read before there is anything to fork
            done = self.run_alone(*words, timeout_s=timeout_s, stdin=stdin)
        elif words and words[0] in SHORT and not differs:
            done = self._here(*words, stdin=stdin)
        else:
            done = forked.run("skiuo_desktop.cli.main:main", *words, env=self.environment, timeout_s=timeout_s, stdin=stdin)
        return self._checked(words, done, status)

    def run_alone(self, *words: str, timeout_s: float = 240, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """As a program that a person starts, whatever the command."""
        return subprocess.run([*self.words, *words], env=self.environment, capture_output=True, text=True, timeout=timeout_s, input=stdin)

    def _here(self, *words: str, stdin: str) -> subprocess.CompletedProcess[str]:
        """The same command without the second that a program of its own takes to import its libraries."""
        out, err = io.StringIO(), io.StringIO()
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environment)
        secrets._this_run.clear()
        try:
            with (
                redirect_stdout(out),
                redirect_stderr(err),
                mock.patch.object(sys, "stdin", io.StringIO(stdin)),
                mock.patch.object(sys, "argv", ["skiuo", *words]),
            ):
                try:
                    status = main(words)
                except SystemExit as ended:  # argparse
                    status = int(ended.code or 0)
        finally:
            os.environ.clear()
            os.environ.update(before)
        return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())

    @staticmethod
    def _checked(words: Sequence[str], done: subprocess.CompletedProcess[str], status: int | None) -> subprocess.CompletedProcess[str]:
        as_expected = done.returncode != 0 if status is None else done.returncode == status
        assert as_expected, f"skiuo {' '.join(words)}: {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-1500:]}"
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


@pytest.fixture(autouse=True)
def _quick_library(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_library.make_quickly(monkeypatch)


@pytest.fixture
def skiuo(tmp_path: Path) -> Command:
    return Command(tmp_path / "home")
