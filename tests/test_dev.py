"""The test command runs every folder of tests, each once, and tries again only what a busy machine may have broken."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]

STEADY = """
def test_steady():
    pass
"""
# Each fails the first time that it is run.
BUSY = """
import pathlib, pytest
@pytest.mark.parametrize("word", ["a b", "\u4f60\u597d", "c::d[e]"])
def test_busy(word):
    marker = pathlib.Path(__file__).with_name("been-here-" + str(len(word)))
    been_here = marker.exists()
    marker.touch()
    assert been_here
"""
# Ends its worker the first time.
CRASHES = """
import os, pathlib
def test_crashes():
    marker = pathlib.Path(__file__).with_name("crashed")
    if not marker.exists():
        marker.touch()
        os._exit(3)
"""
BROKEN = """
def test_broken():
    with open("count.txt", "a") as file:
        file.write("x")
    assert False
"""
MANY = """
import pytest
@pytest.mark.parametrize("number", range(6))
def test_many(number):
    with open("count.txt", "a") as file:
        file.write("x")
    assert False
"""


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`dev.py`, told that a project of one folder is its own."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p xdist.plugin\n")
    monkeypatch.setattr(dev, "HERE", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(dev.os, "cpu_count", lambda: 1)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # none but the one that is used: each run starts three programs
    for variable in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(variable, raising=False)
    return dev


def test_every_folder_of_tests_is_run(dev: ModuleType) -> None:
    folders = sorted({path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*/test_*.py")} - {"tests/local"})
    assert sorted([*dev.SIDE_BY_SIDE, *dev.ALONE]) == folders


def test_what_fails_beside_others_and_passes_alone_passes_and_is_named(dev: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_steady.py").write_text(STEADY)
    (tmp_path / "test_busy.py").write_text(BUSY, encoding="utf-8")
    (tmp_path / "test_crashes.py").write_text(CRASHES)
    status, accidents = dev.run_beside_each_other(["test_steady.py", "test_busy.py", "test_crashes.py"])
    assert status == 0
    assert [name.partition("[")[0] for name in accidents] == ["test_busy.py::test_busy"] * 3 + ["test_crashes.py::test_crashes"]
    said = capfd.readouterr()
    assert all(name in said.err for name in accidents)
    assert "4 passed" in said.out  # alone, and without the one that passed at once


def test_what_fails_alone_too_fails_the_run(dev: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text(BROKEN)
    assert dev.run_beside_each_other(["test_broken.py"]) == (dev.TESTS_FAILED, [])
    assert (tmp_path / "count.txt").read_text() == "xx"


def test_many_failures_are_not_tried_again(dev: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "test_many.py").write_text(MANY)
    assert dev.run_beside_each_other(["test_many.py"]) == (dev.TESTS_FAILED, [])
    assert (tmp_path / "count.txt").read_text() == "x" * 6


def test_a_run_that_a_signal_ends_has_failed(dev: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "test_killed.py").write_text("import os, signal\ndef test_killed():\n    os.kill(os.getpid(), signal.SIGTERM)\n")
    assert dev._pytest("test_killed.py") > 0
