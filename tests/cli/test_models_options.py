"""What the options of `skiuo models add` and `change` mean, and where a key may come from."""

from __future__ import annotations

import argparse
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from skiuo_desktop.cli import model_keys, model_list, model_options
from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import FREE, FailureKind, ModelConfig, ModelHealth, ModelInfo, Price, Tier, When

PLAIN = ModelConfig(name="peer", provider="openai", options={"fps": 2.0, "jpeg_quality": 70})


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--provider")
    model_options.add_options(parser)
    model_keys.add_options(parser)
    return parser.parse_args(["peer", *words])


def fields(*words: str, before: ModelConfig = PLAIN) -> dict[str, Any]:
    return model_options.fields(parsed(*words), before)


def test_only_what_is_given_changes() -> None:
    assert fields() == {}
    assert fields("--model", "m", "--rpm", "30", "--tpm", "0") == {"model": "m", "requests_per_minute": 30, "tokens_per_minute": 0}
    assert fields("--timeout", "30.5", "--longest-answer", "512", "--concurrency", "4") == {"timeout_s": 30.5, "longest_answer": 512, "concurrency": 4}


def test_options_of_the_provider_are_merged_and_zero_takes_one_away() -> None:
    assert fields("--max-pixels", "100000") == {"options": {"fps": 2.0, "jpeg_quality": 70, "max_pixels": 100_000}}
    assert fields("--fps", "0") == {"options": {"jpeg_quality": 70}}
    assert fields("--fps", "2") == {}


def test_a_price_is_whole_dated_and_either_money_or_free() -> None:
    [price] = fields("--price-in", "0.4", "--price-out", "1.6", "--currency", "CNY").values()
    assert replace(price, read_on="") == Price((Tier(0.4, 1.6),), "CNY")
    assert len(price.read_on) == len("2026-11-27")
    assert fields("--free") == {"price": FREE}
    for words in (("--price-in", "1"), ("--currency", "USD"), ("--free", "--price-in", "1", "--price-out", "1"), ("--free", "--currency", "CNY")):
        with pytest.raises(UsageError):
            fields(*words)


def test_rules_of_time_and_budget_are_kept_beside_each_other() -> None:
    assert fields("--hours", "22-6", "--days", "weekdays") == {"when": When("weekdays", (22, 6))}
    before = replace(PLAIN, when=When("weekdays", (9, 18), 0.5))
    assert fields("--budget-left", "20", before=before) == {"when": When("weekdays", (9, 18), 0.2)}
    assert fields("--hours", "all", before=before) == {"when": When("weekdays", None, 0.5)}
    with pytest.raises(UsageError):
        fields("--budget-left", "101")


@pytest.mark.parametrize(
    "words",
    [("--hours", "9"), ("--hours", "9-9"), ("--hours", "24-3"), ("--hours", "9-25"), ("--rpm", "1.5"), ("--fps", "nan"), ("--timeout", "-1"), ("--rpm", "x")],
    ids=" ".join,
)
def test_what_is_no_number_or_no_span_is_refused(words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        fields(*words)


def test_a_key_is_never_an_argument(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("--key-env", "sk-1234567890abcdef"), ("--key-env", "AIzaSyD3adB33fD3adB33fD3adB33f")):
        with pytest.raises(UsageError) as refused:
            model_keys.given(parsed(*words), needed=True)
        assert words[1] not in str(refused.value) + capsys.readouterr().err
    assert model_keys.given(parsed("--key-env", "PEER_KEY"), needed=True) == model_keys.Key("env:PEER_KEY")
    assert "PEER_KEY is not set here" in capsys.readouterr().err
    monkeypatch.setenv("PEER_KEY", "x")
    assert model_keys.given(parsed("--key-env", "PEER_KEY"), needed=False) == model_keys.Key("env:PEER_KEY")
    assert capsys.readouterr().err == ""


def test_without_a_word_about_keys_only_a_server_that_needs_one_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert model_keys.given(parsed(), needed=False) == model_keys.given(parsed("--no-key"), needed=True) == model_keys.Key("")
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115
    with pytest.raises(UsageError, match="--key-env"):
        model_keys.given(parsed(), needed=True)
    with pytest.raises(UsageError, match="holds no key"):
        model_keys.given(parsed("--key-stdin"), needed=False)


def test_a_key_is_not_shown_by_what_holds_it() -> None:
    assert "hunter2" not in repr(model_keys.Key("keyring:peer", "hunter2"))


def test_a_model_on_this_computer_has_a_device_and_a_type_of_its_weights() -> None:
    local = ModelConfig("peer", "transformers", "Qwen/Qwen3-VL-2B-Instruct", options={"dtype": "float32", "fps": 2.0})
    assert fields("--device", "cuda:1", before=local) == {"options": {"dtype": "float32", "fps": 2.0, "device": "cuda:1"}}
    assert fields("--dtype", "auto", before=local) == {"options": {"fps": 2.0}}, "auto is what it does without"
    assert fields("--provider", "transformers", "--device", "cpu")["options"]["device"] == "cpu"
    assert fields("--provider", "openai", before=local)["options"] == {"fps": 2.0}, "another provider knows no such option"
    for words in (("--device", "cpu"), ("--dtype", "bfloat16"), ("--provider", "qwen", "--device", "auto")):
        with pytest.raises(UsageError, match="transformers"):
            fields(*words)
    for words in (("--device", "gpu"), ("--dtype", "int4")):
        with pytest.raises(SystemExit):
            parsed(*words)


def listed(width: int, *infos: ModelInfo) -> list[str]:
    out = Console(width=width, highlight=False, file=io.StringIO())
    model_list.print_models(infos, out)
    return out.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_the_list_of_models_is_read_in_80_columns() -> None:
    price = Price((Tier(0.4, 1.6, 256_000), Tier(1.2, 4.8)))
    until = datetime(2026, 1, 1, tzinfo=UTC)
    named = ModelConfig("alibaba-singapore-flash", "qwen", "qwen3.8-flash", key_ref="env:QWEN_KEY", price=price)
    busy = ModelHealth(named.name, "paused", until, FailureKind.OVERLOADED)
    asked = ModelInfo(named, True, health=busy, per_hour=0.85, key_state="missing", server="Alibaba Cloud (Singapore)")
    local = ModelInfo(ModelConfig("here", "transformers", "Qwen/Qwen3-VL-2B-Instruct", price=FREE), False, key_state="none")
    lines = listed(80, asked, local)
    assert lines[0].startswith("1  alibaba-singapore-flash · used · paused until ") and lines[0].endswith("busy")
    assert lines[1:] == [
        "   Alibaba Cloud (Singapore) · qwen3.8-flash · QWEN_KEY is not set",
        "   0.40/1.60 to 256k, then 1.20/4.80 $, about 0.85 $ an hour · not tested",
        "2  here · not used",
        "   transformers · Qwen/Qwen3-VL-2B-Instruct · free · not tested",
    ]
    assert max(map(len, listed(60, asked, local))) <= 60
    assert [line.split()[:2] for line in listed(250, asked, local)] == [["name", "asks"], ["1", "alibaba-singapore-flash"], ["2", "here"]]
