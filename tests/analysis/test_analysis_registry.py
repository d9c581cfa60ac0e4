"""The registry of providers: by entry point, lazily, one that is broken harms nobody else."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.analysis.registry import build, provider_names
from skiuo_desktop.errors import AnalysisError, NotFoundError
from skiuo_desktop.model import OFFLINE, FailureKind, ModelConfig

PROVIDER = """
from skiuo_desktop.analysis.provider import Finished, Sent, TextDelta
class Echo:
    def __init__(self, config): self.config = config
    async def analyse(self, request):
        yield Sent({})
        yield TextDelta(self.config.model)
        yield Finished()
    async def close(self): pass
"""


@pytest.fixture
def another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed distribution that brings a good provider, two that cannot be loaded, and one with the built-in name."""
    info = tmp_path / "echo_models-1.0.dist-info"
    info.mkdir()
    (tmp_path / "echo_models.py").write_text(PROVIDER)
    (tmp_path / "broken_models.py").write_text("import a_library_that_nobody_has\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: echo-models\nVersion: 1.0\n")
    points = {"echo": "echo_models:Echo", "broken": "broken_models:Broken", "absent": "echo_models:Missing", OFFLINE: "echo_models:Echo"}
    (info / "entry_points.txt").write_text("[skiuo.providers]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for module in ("echo_models", "broken_models"):
        sys.modules.pop(module, None)


def config(provider: str) -> ModelConfig:
    return ModelConfig("mine", provider, model="a word")


def test_the_offline_provider_is_always_there() -> None:
    assert OFFLINE in provider_names()
    provider = build(config(OFFLINE))
    assert isinstance(provider, OfflineProvider)
    asyncio.run(provider.close())


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match=r"'qwem'.*offline"):
        build(config("qwem"))


@pytest.mark.usefixtures("another_package")
def test_another_package_adds_a_provider() -> None:
    assert {"absent", "broken", "echo", OFFLINE} <= set(provider_names())
    assert type(build(config("echo"))).__name__ == "Echo"


@pytest.mark.usefixtures("another_package")
@pytest.mark.parametrize(("name", "raw"), [("broken", "a_library_that_nobody_has"), ("absent", "Missing")])
def test_one_that_cannot_be_loaded_is_reported_and_harms_no_other(name: str, raw: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(AnalysisError, match="echo-models") as caught:
        build(config(name))
    assert caught.value.failure.kind is FailureKind.MODEL_MISSING
    assert raw in caught.value.failure.raw
    assert name in caplog.text
    assert type(build(config("echo"))).__name__ == "Echo"


@pytest.mark.parametrize("first", [True, False])
def test_no_package_replaces_the_built_in_provider(
    another_package: Path, first: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not first:
        monkeypatch.setattr(sys, "path", [*(entry for entry in sys.path if entry != str(another_package)), str(another_package)])
    provider = build(config(OFFLINE))
    assert isinstance(provider, OfflineProvider)
    assert "two packages bring a provider named 'offline'" in caplog.text
    asyncio.run(provider.close())


def test_nothing_heavy_is_loaded_by_building_the_offline_provider() -> None:
    """The helper process loads it; the process that records must not."""
    code = (
        "import sys; from skiuo_desktop.analysis.registry import build; from skiuo_desktop.model import ModelConfig;"
        "build(ModelConfig('offline', 'offline')); print(*{m.split('.')[0] for m in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout.split()
    assert not {"cv2", "av", "onnxruntime", "rapidocr", "PIL"} & set(loaded)
