"""A model of the tests' own, added as another package would add one, and engines in homes of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend.conftest import minio_server, object_server  # noqa: F401
from support import child_engine, quick_library
from support.running import Run

from skiuo_desktop.home import Home

SUPPORT = Path(__file__).parents[1] / "support"


@pytest.fixture(autouse=True)
def _quick_library(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_library.make_quickly(monkeypatch)


@pytest.fixture
def added_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts tests/engine/extra_provider.py on the path as an installed distribution; returns the folder, for child processes."""
    folder = tmp_path / "site"
    info = folder / "extra_provider-1.dist-info"
    info.mkdir(parents=True)
    (folder / "extra_provider.py").write_text((SUPPORT / "extra_provider.py").read_text())
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra-provider\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[skiuo.providers]\nextra = extra_provider:ExtraProvider\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]))
    yield folder
    sys.modules.pop("extra_provider", None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def run(home: Home) -> Iterator[Run]:
    started = Run(home)
    yield started
    started.engine.stop()


@pytest.fixture
def with_extra(home: Home, added_provider: Path) -> None:
    """Configures the added model beside the offline one."""
    child_engine.add_extra(home)
