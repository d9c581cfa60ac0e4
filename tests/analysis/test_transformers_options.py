"""What the `transformers` provider says and does without its libraries: options, what is missing, thoughts, the ledger."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from analysis.drawn_clips import ask, question
from PIL import Image

from skiuo_desktop.analysis.provider import Prompt
from skiuo_desktop.analysis.registry import build
from skiuo_desktop.analysis.transformers import TransformersProvider
from skiuo_desktop.analysis.transformers_ledger import sent
from skiuo_desktop.analysis.transformers_options import LIBRARIES, check, parsed
from skiuo_desktop.analysis.transformers_thoughts import Thoughts
from skiuo_desktop.analysis.transformers_words import Ask
from skiuo_desktop.analysis.transformers_worker import _failure
from skiuo_desktop.errors import AnalysisError, UsageError
from skiuo_desktop.model import FailureKind, ModelConfig


def config(model: str = "Qwen/Qwen3-VL-2B-Instruct", **options: object) -> ModelConfig:
    return ModelConfig("here", "transformers", model, options=options)


@pytest.mark.parametrize("missing", LIBRARIES)
def test_libraries_that_are_not_installed(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in LIBRARIES:
        monkeypatch.setitem(sys.modules, library, None if library == missing else sys)
    provider = TransformersProvider(config())
    with pytest.raises(AnalysisError) as caught:
        ask(provider, question(b"", 0, 3_000))
    failure = caught.value.failure
    assert (failure.kind, failure.raw) == (FailureKind.MODEL_MISSING, f"missing: {missing}")
    assert "skiuo-desktop[local]" in failure.message
    assert provider._process.pid is None


@pytest.mark.parametrize("name", ["", "/no/such/folder", "~/no-such-folder", "./models/qwen", "C:\\models\\qwen", "a/b/c", "-x/y", "https://peer.example/x"])
def test_what_can_be_no_name_on_the_hub_is_never_looked_for_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in LIBRARIES:
        monkeypatch.setitem(sys.modules, library, sys)
    with pytest.raises(AnalysisError) as caught:
        check(parsed(config(name)).weights)
    assert "no folder" in caught.value.failure.message


def test_a_folder_is_told_from_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Qwen").mkdir()
    assert parsed(config("Qwen")).weights.folder
    assert parsed(config("Qwen")).weights.model == str(tmp_path / "Qwen")
    assert not parsed(config("Qwen/Qwen3-VL-2B-Instruct")).weights.folder


@pytest.mark.parametrize("options", [{"device": "gpu"}, {"device": "cuda:"}, {"dtype": "int4"}, {"fps": "many"}, {"fps": 0}, {"fps": 11}, {"max_pixels": 10}])
def test_options_that_mean_nothing_are_said_when_the_provider_is_built(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=next(iter(options))):
        build(config(**options))


@pytest.mark.parametrize(
    ("error", "loading", "advice"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), True, "Choose a smaller model, or `skiuo models change here --device cpu`."),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), True, "does not fit into memory. Choose a smaller model."),
        (MemoryError(), True, "does not fit into memory. Choose a smaller model."),
        (RuntimeError("MPS backend out of memory"), False, "smaller pictures or a smaller model."),
    ],
)  # fmt: skip
def test_too_little_memory_is_said_with_what_can_be_done_about_it(error: Exception, loading: bool, advice: str) -> None:
    failure = _failure(parsed(config()).weights, error, loading=loading)
    assert failure.kind is FailureKind.TOO_LARGE and failure.message.endswith(advice)


def test_it_is_built_without_its_libraries() -> None:
    code = "import sys, skiuo_desktop.analysis.transformers as t; print(*sorted({m.split('.')[0] for m in sys.modules} & {'torch', 'transformers', 'cv2'}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout.strip() == ""


@pytest.mark.parametrize(
    ("pieces", "open_already", "shown"),
    [
        (["A hand", " waves."], False, "A hand waves."),
        (["<think>", "hm", "</think>", "\n\nA hand."], False, "A hand."),
        (["<th", "ink>hm</th", "ink>A", " hand."], False, "A hand."),
        (["hm, ", "well</think>", " A hand."], True, "A hand."),
        (["<think>never ends"], False, ""),
        (["never ends"], True, ""),
        (["\n", "<think>hm</think>A"], False, "A"),
        (["<t"], False, "<t"),
        (["<b>A</b> hand"], False, "<b>A</b> hand"),
        (["A <think>hand</think>"], False, "A <think>hand</think>"),
    ],
)
def test_thoughts_are_left_out_wherever_the_text_is_split(pieces: list[str], open_already: bool, shown: str) -> None:
    for split in (pieces, list("".join(pieces)), ["".join(pieces)]):
        thoughts = Thoughts(open_already=open_already)
        assert "".join(thoughts.add(piece) for piece in split) + thoughts.finish() == shown


def picture(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (320, 192), colour).save(made, "JPEG")
    return made.getvalue()


def test_the_same_question_has_one_name_and_another_has_another(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    here = config(str(tmp_path))
    options = parsed(here)
    prompt = Prompt("system", "text", "free", 1)

    def name(colour: str = "red", text: str = "text", longest: int = 100) -> str:
        return sent(here, options, Ask(options.weights, "system", text, ((0, picture(colour)),), 1.0, longest), prompt).fingerprint

    assert name() == name()
    names = {name(), name("blue"), name(text="other"), name(longest=5)}
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    assert len(names | {name()}) == 5, "another model was put into the folder"
