"""What all tests share. Fixtures of one room stand in that room's own conftest."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch the library of the person who runs it, or depend on their language."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("SKIUO_HOME", str(tmp_path / "skiuo-home"))


def pytest_runtest_setup() -> None:
    """As in the program (`ui/garbage.py`): a window that an engine's thread collects would crash the whole run."""
    if "PySide6.QtWidgets" in sys.modules:
        gc.disable()


def pytest_runtest_teardown() -> None:
    if not gc.isenabled():
        from skiuo_desktop.ui.garbage import collect_due

        collect_due()
