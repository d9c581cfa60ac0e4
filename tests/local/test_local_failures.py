"""What goes wrong with a model on this computer ends one analysis, and nothing that a stranger's folder holds is run."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from analysis.drawn_clips import ask
from local.pictures import Drawn, question
from local.tiny_model import SENTENCE

from skiuo_desktop.analysis import transformers_process
from skiuo_desktop.analysis.provider import TextDelta
from skiuo_desktop.analysis.transformers import TransformersProvider
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, ModelConfig

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

Make = Callable[..., TransformersProvider]


def struck(provider: TransformersProvider, number: signal.Signals) -> tuple[AnalysisError, int]:
    """The failure of an analysis whose process is struck after the first word, and the process's number."""
    pids: list[int] = []

    async def asked() -> None:
        async for event in provider.analyse(question(Drawn(4))):
            if isinstance(event, TextDelta) and not pids:
                assert provider._process.pid is not None
                pids.append(provider._process.pid)
                os.kill(pids[0], number)

    with pytest.raises(AnalysisError) as caught:
        asyncio.run(asked())
    return caught.value, pids[0]


def failure(provider: TransformersProvider, clip: Drawn | None = None) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        ask(provider, question(clip))
    return caught.value


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGKILL, FailureKind.INTERRUPTED), (signal.SIGSEGV, FailureKind.INTERNAL)])
def test_a_process_that_dies_fails_that_analysis_only(provider: Make, number: signal.Signals, kind: FailureKind) -> None:
    made = provider("endless", longest_answer=400)
    error, pid = struck(made, number)
    assert error.failure.kind is kind
    assert str(-number) in error.failure.raw
    again = failure(made)
    assert again.failure.kind is FailureKind.CUT_SHORT, "it answered to the end of what it may say"
    assert made._process.pid != pid


def test_a_process_that_the_system_ended_for_memory_is_told_apart(provider: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = provider("endless", longest_answer=400)
    kills = iter([7, 8])
    monkeypatch.setattr(transformers_process, "_killed_for_memory", lambda: next(kills))
    error, _ = struck(made, signal.SIGKILL)
    assert error.failure.kind is FailureKind.TOO_LARGE
    assert "memory ran out" in error.failure.message


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_memory_that_runs_out_fails_that_window_and_the_next_one_works(provider: Make) -> None:
    import resource

    made = provider(options={"device": "cpu", "fps": 10})
    assert ask(made, question(Drawn(2))).text == SENTENCE
    pid = made._process.pid
    assert pid is not None
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    resource.prlimit(pid, resource.RLIMIT_AS, (pages * resource.getpagesize() + 8_000_000,) * 2)
    error = failure(made, Drawn(60))
    assert error.failure.kind is FailureKind.TOO_LARGE, error.failure.raw
    assert "fewer frames" in error.failure.message
    assert ask(made, question(Drawn(2))).text == SENTENCE
    assert made._process.pid != pid


def test_a_folder_that_is_not_there_is_not_looked_for_elsewhere(tmp_path: Path) -> None:
    made = TransformersProvider(ModelConfig("gone", "transformers", str(tmp_path / "gone")))
    error = failure(made)
    assert error.failure.kind is FailureKind.MODEL_MISSING
    assert "no folder" in error.failure.message
    assert made._process.pid is None, "no process was started for it"


def test_a_device_that_is_not_there_is_said(provider: Make) -> None:
    made = provider(options={"device": "cuda:63"} if sys.platform == "darwin" else {"device": "mps"})
    error = failure(made)
    assert error.failure.kind is FailureKind.MODEL_MISSING
    assert "--device auto" in error.failure.message


def test_a_name_on_a_hub_that_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        made = TransformersProvider(ModelConfig("far", "transformers", "nobody/nothing"))
        error = failure(made)
        asyncio.run(made.close())
    assert error.failure.kind is FailureKind.MODEL_MISSING, error.failure.raw
    assert "Check its name and the network" in error.failure.message


def test_a_model_in_a_folder_asks_nothing_of_a_network(provider: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as hub:

        def listen() -> None:
            while True:
                try:
                    calls.append(hub.accept())
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.getsockname()[1]}")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        assert ask(provider(), question(Drawn(4))).text == SENTENCE
        hub.shutdown(socket.SHUT_RDWR)
    assert calls == []


def test_code_in_the_folder_is_not_run(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stranger"
    shutil.copytree(models / "plain", folder)
    marker = tmp_path / "was_run"
    code = f"from pathlib import Path\nPath({str(marker)!r}).touch()\nclass Config: pass\nclass Model: pass\nclass Processor: pass\n"
    (folder / "own.py").write_text(code)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "stranger", "architectures": ["Model"], "auto_map": {"AutoConfig": "own.Config", "AutoModelForImageTextToText": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    for name in ("processor_config.json", "tokenizer_config.json"):
        kept = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps(kept | {"processor_class": "Processor", "auto_map": {"AutoProcessor": "own.Processor"}}))
    made = TransformersProvider(ModelConfig("stranger", "transformers", str(folder)))
    error = failure(made)
    asyncio.run(made.close())
    assert error.failure.kind is FailureKind.MODEL_MISSING, error.failure.raw
    assert not marker.exists()


def test_weights_that_can_run_code_are_not_read(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(models / "plain", folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04N.")
    made = TransformersProvider(ModelConfig("old", "transformers", str(folder)))
    error = failure(made)
    asyncio.run(made.close())
    assert error.failure.kind is FailureKind.MODEL_MISSING
    assert "safetensors" in error.failure.message
