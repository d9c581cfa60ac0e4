"""What the tests of a model on this computer share. They run only when asked for: `python3 dev.py test-local`."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skiuo_desktop.analysis.transformers import TransformersProvider
from skiuo_desktop.model import ModelConfig

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders `plain`, `endless` and `thinking`, each a tiny Qwen3-VL. Made in another process: torch stays out of this one."""
    if importlib.util.find_spec("torch") is None:
        pytest.fail("torch is missing: these tests run by `python3 dev.py test-local`")
    folder = tmp_path_factory.mktemp("models")
    made = subprocess.run([sys.executable, str(HERE / "tiny_model.py"), str(folder)], capture_output=True, text=True, timeout=150)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def provider(models: Path) -> Iterator[Callable[..., TransformersProvider]]:
    """Makes providers for one of the folders, and closes them."""
    made: list[TransformersProvider] = []

    def make(model: str = "plain", **fields: object) -> TransformersProvider:
        made.append(TransformersProvider(ModelConfig("tiny", "transformers", str(models / model), **fields)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        asyncio.run(each.close())


@pytest.fixture(scope="module")
def plain(models: Path) -> Iterator[TransformersProvider]:
    """One for all tests of a module that only ask it: its process takes seconds to start."""
    made = TransformersProvider(ModelConfig("tiny", "transformers", str(models / "plain")))
    yield made
    asyncio.run(made.close())
