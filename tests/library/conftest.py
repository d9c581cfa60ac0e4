"""A library in a folder of its own, and other programs on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library.library_parts import PROGRAM, Maker

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty library: copying it is many times faster than making it."""
    home = Home(tmp_path_factory.mktemp("empty"))
    Library.open(home).close()
    return home.database


@pytest.fixture
def library(home: Home, empty: Path) -> Iterator[Library]:
    shutil.copy(empty, home.prepare().database)
    with Library.open(home) as opened:
        yield opened


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
