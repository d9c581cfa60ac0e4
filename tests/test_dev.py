"""The test command runs every folder of tests, and each once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_folder_of_tests_is_run() -> None:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    folders = sorted({path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*/test_*.py")} - {"tests/local"})
    assert sorted([*dev.SIDE_BY_SIDE, *dev.ALONE]) == folders
