"""What a terminal and a script are told of models while they answer: waits, substitutions, budgets, prices, choices."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, overrides
from skiuo_desktop.cli.budget import nearest
from skiuo_desktop.cli.follow import TerminalFollower
from skiuo_desktop.cli.follow_json import JsonFollower
from skiuo_desktop.cli.outcome import is_failed
from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, AnalysisWaiting, BudgetStepped, Event, ModelHealthChanged, WindowChanged
from skiuo_desktop.model import (
    FREE,
    JUDGE,
    Analysis,
    AnalysisState,
    BudgetStep,
    Choice,
    FailureKind,
    ModelConfig,
    ModelHealth,
    ModelInfo,
    Price,
    Span,
    Spending,
    Tier,
    Usage,
    Window,
    WindowState,
)

SPAN = Span(10_000, 25_000)
DONE = Analysis(1, 1, "rec", 1, SPAN, "gemini", 1, AnalysisState.DONE, text="A hand turns a screw.")
PAID = replace(DONE, usage=Usage(1000, 40, 0.0042, "USD"), first_token_ms=500, total_ms=2_500, attempts=1)
BUSY = failures.failure(FailureKind.OVERLOADED, '{"error": "busy"}', server="peer.example")


def lines(capsys: pytest.CaptureFixture[str], *events: Event) -> list[dict[str, Any]]:
    follower = JsonFollower(lambda: "rec")
    for event in events:
        follower.show(event)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def told(capsys: pytest.CaptureFixture[str], *events: Event) -> tuple[str, str]:
    follower = TerminalFollower(lambda: "rec", None)
    for event in events:
        follower.show(event)
    follower.close()
    out, err = capsys.readouterr()
    return out, err


def waiting(analysis: Analysis = DONE, seconds: float = 12.5) -> AnalysisWaiting:
    return AnalysisWaiting(analysis, BUSY, datetime.now(UTC) + timedelta(seconds=seconds), 1, 4)


def test_a_script_hears_of_waits_health_and_budgets(capsys: pytest.CaptureFixture[str]) -> None:
    until = datetime(2026, 11, 27, 12, tzinfo=UTC)
    wait, health, step = lines(
        capsys,
        waiting(),
        ModelHealthChanged(ModelHealth("gemini", "paused", until, FailureKind.QUOTA_DAY)),
        BudgetStepped(BudgetStep.CHEAPER, BudgetStep.NONE, "day", 0.81),
    )
    assert wait.pop("until") and wait == {
        "event": "waiting",
        "window": 1,
        "model": "gemini",
        "attempt": 1,
        "attempts": 4,
        "error": {"kind": "overloaded", "message": BUSY.message, "raw": BUSY.raw},
    }
    assert health == {"event": "model", "model": "gemini", "state": "paused", "until": until.isoformat(), "kind": "quota_day"}
    assert step == {"event": "budget", "step": "cheaper", "before": "none", "budget": "day", "share": 0.81}


def test_of_another_recording_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    other = replace(DONE, recording_id="other")
    events = (waiting(other), AnalysisStarted(other), AnalysisText(1, 1, "other", 1, 0, "No."), AnalysisEnded(other))
    assert lines(capsys, *events) == []
    assert told(capsys, *events) == ("", "")


def test_an_analysis_says_its_price_speed_label_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    stood_in = replace(PAID, facts={"label": "repair"}, why={"code": "failed", "of": "qwen", "kind": "key"})
    [said] = lines(capsys, AnalysisEnded(stood_in))
    assert said["cost"] == 0.0042 and said["estimated"] is False and said["tokens_per_s"] == 20.0
    assert said["label"] == "repair" and said["why"] == "qwen failed: key refused"
    assert as_json.analysis_json(replace(PAID, first_token_ms=None))["tokens_per_s"] is None


def test_a_raw_answer_is_bounded() -> None:
    raw = as_json.failure_json(failures.failure(FailureKind.BAD_ANSWER, "x" * 100_000))["raw"]
    assert len(raw) == as_json.MOST_RAW + 1


def test_a_terminal_is_told_when_it_is_tried_again_and_the_text_so_far_stays(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, AnalysisStarted(DONE), AnalysisText(1, 1, "rec", 1, 0, "A hand. It tu"), waiting())
    assert out.splitlines() == ["window 1  gemini", "  A hand.", "  It tu"]
    assert err.strip() == "00:10–00:25  gemini tries again in 12 s: busy (attempt 2 of 4)"


def test_the_heading_says_who_answers_in_whose_place(capsys: pytest.CaptureFixture[str]) -> None:
    stood_in = replace(PAID, why={"code": "failed", "of": "qwen", "kind": "quota_day"})
    events = (WindowChanged(Window(1, "rec", 1, SPAN, WindowState.ANALYSING)), AnalysisStarted(stood_in), AnalysisText(1, 1, "rec", 1, 0, "A hand."))
    out, err = told(capsys, *events, AnalysisEnded(stood_in))
    assert out.splitlines() == ["00:10–00:25  gemini (qwen failed: day's quota used up)", "  A hand."]
    assert err.strip() == "00:10–00:25  gemini: 0.0042 $, 1000 tokens in, 40 out, 20 tokens/s"


def test_of_models_that_answer_at_once_each_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    one, two, three = (replace(DONE, id=number, model=f"m{number}") for number in (1, 2, 3))

    def text(number: int, delta: str) -> AnalysisText:
        return AnalysisText(number, 1, "rec", 1, 0, delta)

    started = [AnalysisStarted(a) for a in (one, two, three)]
    spoken = [text(1, "One. "), text(2, "Two. "), text(3, "Three. "), AnalysisEnded(three), text(1, "One again."), AnalysisEnded(one)]
    out, _ = told(capsys, *started, *spoken, text(2, "Two again."), AnalysisEnded(two))
    assert " ".join(out.split()) == "window 1 m1 One. One again. window 1 m3 Three. window 1 m2 Two. Two again."
    out, _ = told(capsys, *started, *spoken[:3])
    assert " ".join(out.split()) == "window 1 m1 One. window 1 m2 Two. window 1 m3 Three."


def test_a_judges_verdict_is_no_narrative(capsys: pytest.CaptureFixture[str]) -> None:
    judge = replace(DONE, id=9, purpose=JUDGE)
    out, _ = told(capsys, AnalysisStarted(judge), AnalysisText(9, 1, "rec", 1, 0, "Answer 2."), AnalysisEnded(judge))
    assert out == ""


def test_the_choice_between_answers_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    other = replace(DONE, id=2, model="qwen")
    window = Window(1, "rec", 1, SPAN, WindowState.DONE, analyses=(DONE, other), choice=Choice(2, "vote", "majority", ("gemini: cooking",)))
    out, err = told(capsys, WindowChanged(window), WindowChanged(window))
    assert out == "" and err.strip() == "00:10–00:25  qwen stands: the majority's label (others: gemini: cooking)"
    assert as_json.window_json(window)["chosen"] == {"model": "qwen", "version": 1, "rule": "vote", "reason": "majority", "dissent": ["gemini: cooking"]}
    assert as_json.window_json(replace(window, analyses=(), choice=None))["chosen"] is None


def test_budgets_and_models_that_are_not_asked_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told(
        capsys,
        BudgetStepped(BudgetStep.KEEP, BudgetStep.WIDER, "month", 1.0),
        BudgetStepped(BudgetStep.NONE, BudgetStep.KEEP),
        ModelHealthChanged(ModelHealth("gemini", "stopped", None, FailureKind.KEY)),
        ModelHealthChanged(ModelHealth("gemini")),
        WindowChanged(Window(1, "rec", 1, SPAN, WindowState.SKIPPED, "budget")),
        WindowChanged(Window(2, "rec", 2, SPAN, WindowState.SKIPPED, "not_asked")),
    )
    kept, again, stopped, asked, window = err.splitlines()
    assert "kept for later" in kept and "100% of the budget of the month" in kept and "room again" in again
    assert stopped == "gemini is not asked until it is changed: key refused." and asked == "gemini is asked again."
    assert window == "00:10–00:25  kept for later by the budget"


def test_the_budget_nearest_its_end_decides_the_step() -> None:
    spending = Spending("USD", 0, 0.79, 20.0, 0, 1.0, 20.0)
    assert nearest(spending) == ("month", 1.0, BudgetStep.KEEP)
    assert nearest(replace(spending, day=0.8, month=2.0)) == ("day", 0.8, BudgetStep.CHEAPER)
    assert nearest(replace(spending, day=0.95, month_limit=0.0)) == ("day", 0.95, BudgetStep.WIDER)
    assert nearest(replace(spending, month=2.0))[2] is nearest(Spending("USD", 9, 9, 9, 0, 0, 0))[2] is BudgetStep.NONE


def test_a_window_that_another_model_described_has_not_failed() -> None:
    failed = replace(DONE, id=1, state=AnalysisState.FAILED, text="", failure=BUSY)
    other = replace(DONE, id=2, model="qwen")
    assert is_failed(Window(1, "rec", 1, SPAN, WindowState.FAILED, analyses=(failed,)))
    assert not is_failed(Window(1, "rec", 1, SPAN, WindowState.FAILED, analyses=(failed, other)))
    assert not is_failed(Window(1, "rec", 1, SPAN, WindowState.DONE, analyses=(failed, other), choice=Choice(2, "all")))


def test_the_forecast_adds_what_costs_and_says_nothing_of_what_is_free() -> None:
    def info(name: str, price: Price | None, per_hour: float | None) -> ModelInfo:
        return ModelInfo(ModelConfig(name, "qwen", price=price), active=name == "a", per_hour=per_hour)

    dear, cheap, free, unknown = (
        info("a", Price((Tier(1, 2),)), 0.36),
        info("b", Price((Tier(1, 2),), "CNY"), 1.5),
        info("c", FREE, 0.0),
        info("d", None, None),
    )
    assert overrides.forecast([free]) == ""
    assert overrides.forecast([dear, free]) == "About 0.36 $ an hour with a."
    assert overrides.forecast([dear, cheap]) == "About 0.36 $ and 1.50 ¥ an hour with a, b."
    assert overrides.forecast([unknown]) == "The price of d is not known."
    assert overrides.asked([dear, cheap], None) == [dear] and overrides.asked([dear, cheap], ["b"]) == [cheap]
