"""`skiuo budget`, and recordings whose models cost money: prices, limits, substitutes, switching; as programs of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from support.gemini_server import KEY, GeminiServer, Reply

RECORD = ("record", "--source", "test:320x180@15", "--speed", "max", "--no-audio")


@pytest.fixture
def server(skiuo: Any) -> Iterator[GeminiServer]:
    """A server, and a model `g` on it that costs 1 $ for a million tokens in and 10 $ for a million out."""
    skiuo.environment["GEMINI_KEY"] = KEY
    with GeminiServer() as started:
        words = ("models", "add", "g", "--provider", "gemini", "--base-url", started.base_url, "--model", "gemini-3.5-flash", "--key-env", "GEMINI_KEY")
        skiuo.run(*words, "--price-in", "1", "--price-out", "10", "--no-probe")
        yield started


def cost(server: GeminiServer) -> float:
    return sum(c.tokens_in * 1e-6 + c.tokens_out * 1e-5 for c in server.counted)


def test_limits_are_set_shown_and_taken_away(skiuo: Any) -> None:
    skiuo.run("budget", "set", "--recording", "0.5", "--day", "1", "--month", "20", "--currency", "CNY")
    [told] = skiuo.lines("budget", "--json")
    assert (told["currency"], told["recording_limit"], told["day_limit"], told["month_limit"], told["day"]) == ("CNY", 0.5, 1.0, 20.0, 0.0)
    assert "20.00 ¥" in skiuo.run("budget").stdout
    skiuo.run("budget", "set", "--month", "0")
    assert "no limit" in skiuo.run("budget").stdout
    assert "--day" in skiuo.run("budget", "set", status=2).stderr
    assert "number" in skiuo.run("budget", "set", "--day", "much", status=2).stderr


def test_a_window_says_its_price_and_the_recording_sums_it(skiuo: Any, server: GeminiServer) -> None:
    done = skiuo.run(*RECORD, "--seconds", "6", "--model", "g", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert "an hour with g" in done.stderr
    [window] = events[-1]["recording"]["windows"]
    [analysis] = window["analyses"]
    assert analysis["cost"] == pytest.approx(cost(server)) and (analysis["currency"], analysis["estimated"]) == ("USD", False)
    assert window["chosen"]["model"] == "g" and analysis["tokens_in"] and analysis["tokens_out"] and analysis["text"]
    [spent] = skiuo.lines("budget", "--json")
    assert spent["day"] == spent["month"] == pytest.approx(cost(server)) and spent["step"] == "none"
    skiuo.run("budget", "set", "--day", str(cost(server)))
    assert "100% of the day's budget is used" in skiuo.run("budget").stderr
    assert " $" in skiuo.run("list").stdout
    assert analysis["text"] in " ".join(skiuo.run("show", "last").stdout.split())


def test_a_free_recording_forecasts_nothing(skiuo: Any) -> None:
    assert "an hour" not in skiuo.run(*RECORD, "--seconds", "3").stderr


def test_a_server_that_is_busy_is_asked_again_and_that_is_said(skiuo: Any, server: GeminiServer) -> None:
    server.script.append(Reply.error(503, "UNAVAILABLE", "The model is overloaded."))
    events = skiuo.lines(*RECORD, "--seconds", "6", "--model", "g", "--json")
    [waiting] = [e for e in events if e["event"] == "waiting"]
    assert (waiting["model"], waiting["window"], waiting["attempt"], waiting["error"]["kind"]) == ("g", 0, 1, "overloaded")
    assert "overloaded" in waiting["error"]["raw"] and events[-1]["recording"]["windows"][0]["analyses"][0]["attempts"] == 2


def test_another_model_stands_in_for_this_run_and_the_window_counts_as_done(skiuo: Any, server: GeminiServer) -> None:
    skiuo.environment["GEMINI_KEY"] = "AIza-wrong"
    done = skiuo.run(*RECORD, "--seconds", "6", "--model", "g", "--fallback", "offline")
    assert "g failed: key refused" in done.stdout
    [shown] = skiuo.lines("show", "last", "--json")
    [window] = shown["windows"]
    by_model = {a["model"]: a for a in window["analyses"]}
    assert window["chosen"]["model"] == "offline" and by_model["offline"]["why"] == "g failed: key refused"
    assert by_model["g"]["error"]["kind"] == "key" and "AIza-wrong" not in json.dumps(shown)
    assert skiuo.run("settings", "get", "analysis.fallback").stdout == "\n"
    every = skiuo.run("show", "last", "--all").stdout
    assert "offline · stands" in every and "g · failed" in every
    skiuo.run(*RECORD, "--seconds", "6", "--model", "g", status=8)


def test_what_a_budget_keeps_is_no_failure_and_can_be_asked_for_later(skiuo: Any, server: GeminiServer) -> None:
    done = skiuo.run(*RECORD, "--seconds", "6", "--model", "g", "--budget", "0.000001", "--json")
    recording = json.loads(done.stdout.splitlines()[-1])["recording"]
    [window] = recording["windows"]
    assert (window["state"], window["reason"]) == ("skipped", "budget") and server.counted == []
    assert "--failed" in done.stderr
    again = skiuo.lines("analyze", "last", "--failed", "--json")[-1]["recording"]
    assert again["windows"][0]["chosen"]["model"] == "g" and len(server.counted) == 1


def test_the_same_question_is_paid_once_unless_it_is_asked_afresh(skiuo: Any, server: GeminiServer) -> None:
    skiuo.run(*RECORD, "--seconds", "6", "--model", "g")
    skiuo.run("analyze", "last", "--model", "g")
    assert len(server.counted) == 1
    skiuo.run("analyze", "last", "--model", "g", "--fresh")
    assert len(server.counted) == 2


def test_the_language_and_the_prompt_count_for_this_run(skiuo: Any, server: GeminiServer) -> None:
    skiuo.run(*RECORD, "--seconds", "3", "--model", "g", "--language", "zh", "--prompt", "cooking")
    asked = json.dumps(server.requests[-1].body, ensure_ascii=False)
    assert "中文" in asked
    assert skiuo.run("settings", "get", "analysis.prompt").stdout == "activity\n"
    skiuo.run(*RECORD, "--seconds", "3", "--prompt", "nope", status=3)
    skiuo.run(*RECORD, "--seconds", "3", "--fallback", "nope", status=3)
    skiuo.run(*RECORD, "--seconds", "3", "--budget", "much", status=2)


def test_a_model_chosen_in_another_terminal_is_asked_from_the_next_window_on(skiuo: Any, server: GeminiServer) -> None:
    skiuo.run("settings", "set", "windows.stride_ms", "2000")
    skiuo.run("settings", "set", "windows.length_ms", "2000")
    child = skiuo.start("record", "--source", "test:320x180@15", "--no-audio", "--seconds", "14", "--json")
    for line in child.stdout:
        event = json.loads(line)
        if event["event"] == "window":
            break
    skiuo.run("models", "use", "g")
    out, err = child.communicate(timeout=90)
    assert child.returncode == 0, err
    models = [a["model"] for w in json.loads(out.splitlines()[-1])["recording"]["windows"] for a in w["analyses"]]
    assert models == sorted(models, reverse=True) and set(models) == {"offline", "g"}
