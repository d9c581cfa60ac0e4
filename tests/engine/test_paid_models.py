"""Models over a wire that cost money: retried, paused, replaced, counted, bounded, chosen between. The server is scripted and strict."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.chat_server import Behaviour, ChatRequest, ChatServer
from support.running import Run

from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.events import AnalysisEnded, AnalysisWaiting, BudgetStepped, ModelHealthChanged, SettingChanged, WindowChanged
from skiuo_desktop.home import Home
from skiuo_desktop.model import AnalysisState, BudgetStep, FailureKind, ModelConfig, Price, Recording, Tier, When, WindowState

SOURCE = "test:320x180@15"
PRICE = Price((Tier(10.0, 100.0),))
BUSY = Behaviour(status=503, body={"error": {"message": "busy"}})


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer("vllm", model="m") as started:
        yield started


def add(home: Home, server: ChatServer, name: str = "a", **fields: Any) -> ModelConfig:
    config = ModelConfig(name=name, provider="openai", model="m", base_url=server.base_url, delivery="frames", price=PRICE, longest_answer=64)
    config = replace(config, **fields)
    ModelBook(home.prepare()).add(config)
    return config


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a hundredth of their length."""
    from skiuo_desktop.engine import gate

    monkeypatch.setattr(gate, "backoff_s", lambda attempt: 0.01 * attempt)
    monkeypatch.setattr(gate, "FIRST_PAUSE_S", 0.2)


def cost(server: ChatServer) -> float:
    return sum(PRICE.cost(one.tokens_in, one.tokens_out) for one in server.counted)


def test_a_window_is_asked_about_with_its_prompt_and_what_was_said_before(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server)
    server.script = ["The first words.", "The second words.", "The third."]
    recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
    assert [w.analyses[0].text for w in recording.windows] == ["The first words.", "The second words.", "The third."]
    second = server.requests[1].text
    assert "The first words." in second and "00:10" in second and "00:25" in second
    [attempt] = run.engine.attempts(recording.windows[1].analyses[0].id).result(60)
    assert attempt.sent["delivery"] == "frames" and "The first words." in attempt.sent["prompt"]["user"] and attempt.sent["answer"]["finish_reason"] == "stop"
    spent = run.engine.spending(recording.id).result(60)
    assert spent.recording == pytest.approx(cost(server)) == pytest.approx(spent.day) and spent.recording > 0
    assert sum(w.analyses[0].usage.cost or 0 for w in recording.windows) == pytest.approx(cost(server))


@pytest.mark.parametrize(
    ("behaviour", "kind", "billed"),
    [(BUSY, FailureKind.OVERLOADED, False), (Behaviour(text="half of it", finish=None), FailureKind.CUT_SHORT, True)],
)
def test_what_may_end_better_is_asked_again_and_what_was_billed_is_counted(
    home: Home, server: ChatServer, run: Run, fast: None, behaviour: Behaviour, kind: FailureKind, billed: bool
) -> None:
    add(home, server)
    server.script = [behaviour, "Words."]
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    [analysis] = recording.windows[0].analyses
    assert (analysis.state, analysis.text, analysis.attempts) == (AnalysisState.DONE, "Words.", 2)
    first, second = run.engine.attempts(analysis.id).result(60)
    assert first.failure is not None and first.failure.kind is kind and second.failure is None and first.ended_at is not None
    assert (first.usage.cost is not None) == billed and first.usage.estimated == billed
    [waiting] = [e for e in run.events if isinstance(e, AnalysisWaiting)]
    assert waiting.failure.kind is kind and (waiting.attempt, waiting.attempts) == (1, 4)
    spent = run.engine.spending(recording.id).result(60).recording
    assert analysis.usage.cost == pytest.approx(spent) and analysis.usage.estimated == billed
    assert spent == pytest.approx((second.usage.cost or 0) + (first.usage.cost or 0)) and spent >= cost(server) - 1e-9
    assert second.usage.cost == pytest.approx(PRICE.cost(server.counted[-1].tokens_in, server.counted[-1].tokens_out))


def test_the_servers_own_delay_is_obeyed(home: Home, server: ChatServer, run: Run, fast: None) -> None:
    add(home, server)
    at: list[float] = []

    def script(request: ChatRequest) -> Behaviour:
        at.append(time.monotonic())
        return Behaviour(status=429, body={"error": {"message": "slow down"}}, headers={"retry-after": "1.5"}) if len(at) == 1 else Behaviour(text="Words.")

    server.script = script
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    assert recording.windows[0].analyses[0].text == "Words."
    assert at[1] - at[0] >= 1.5


def test_an_endpoint_that_fails_again_and_again_is_paused_and_tried_with_one_window(home: Home, server: ChatServer, run: Run, fast: None) -> None:
    add(home, server, concurrency=3)
    run.engine.settings.set(run_setting("analysis.attempts"), 20)
    failing = [BUSY] * 6
    server.script = failing
    recording = run.record(SOURCE, limit_ms=46_000, models=("a",))
    assert {w.state for w in recording.windows} == {WindowState.DONE}
    healths = [e.health for e in run.events if isinstance(e, ModelHealthChanged)]
    assert any(h.state == "paused" and h.kind is FailureKind.OVERLOADED and h.until is not None for h in healths) and healths[-1].state == "ok"


def run_setting(key: str) -> Any:
    from skiuo_desktop import settings as s

    return s.named(key)


def test_another_model_stands_in_and_says_why(home: Home, server: ChatServer, run: Run) -> None:
    with ChatServer("vllm", model="m", key="right") as locked:
        add(home, locked, "locked")
        add(home, server, "b")
        run.engine.use_models(("locked",), fallback=("b",)).result(60)
        recording = run.record(SOURCE, limit_ms=26_000, models=None)
        assert {w.state for w in recording.windows} == {WindowState.DONE}
        first = recording.windows[0]
        failed = next(a for a in first.analyses if a.model == "locked")
        assert failed.state is AnalysisState.FAILED and failed.failure is not None and failed.failure.kind is FailureKind.KEY
        chosen = first.chosen
        assert chosen is not None and chosen.model == "b" and chosen.why["of"] == "locked"
        assert len(locked.refused) == 1, "a key that was refused was sent again"
        assert run.engine.analyse(recording.id, failed_only=True).result(60) == 0, "a window with a text of a stand-in has not failed"


def test_without_a_stand_in_the_failure_is_shown_and_asking_again_tries_the_key_again(home: Home, server: ChatServer, run: Run) -> None:
    server.key = "right"
    add(home, server)
    recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
    kinds = [a.failure.kind for w in recording.windows for a in w.analyses if a.failure]
    assert kinds == [FailureKind.KEY] * 3 and len(server.refused) == 1
    server.key = ""
    assert run.engine.analyse(recording.id, failed_only=True).result(60) == 3
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the second try")
    assert {w.state for w in run.engine.recording(recording.id).result(60).windows} == {WindowState.DONE}


def test_a_rule_of_the_hour_lets_another_model_stand_in(home: Home, server: ChatServer, run: Run) -> None:
    hour = time.localtime().tm_hour
    add(home, server, "night", when=When(hours=((hour + 2) % 24, (hour + 3) % 24)))
    add(home, server, "b")
    run.engine.use_models(("night",), fallback=("b",)).result(60)
    recording = run.record(SOURCE, limit_ms=9_000, models=None)
    [analysis] = recording.windows[0].analyses
    assert analysis.model == "b" and dict(analysis.why) == {"code": "hours", "of": "night"}


def test_a_budget_is_kept_and_what_it_does_not_allow_waits_for_a_person(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, concurrency=2)
    recording = run.record(SOURCE, limit_ms=16_000, models=("a",))
    one = max(w.analyses[0].usage.cost or 0 for w in recording.windows)
    promised = max(run.engine.attempts(w.analyses[0].id).result(60)[0].sent["estimate"]["cost"] for w in recording.windows)
    limit = one * 2 + promised
    run.engine.settings.change({"budget.recording": limit})
    before = len(server.counted)
    kept = run.record(SOURCE, limit_ms=106_000, models=("a",))
    spent = run.engine.spending(kept.id).result(60)
    assert 0 < spent.recording <= limit and spent.recording == pytest.approx(sum(PRICE.cost(c.tokens_in, c.tokens_out) for c in server.counted[before:]))
    states = [w.state for w in kept.windows]
    assert states[0] is WindowState.DONE and states.count(WindowState.SKIPPED) >= 5 and {w.reason for w in kept.windows} == {"", "budget"}
    assert not any(w.state is WindowState.FAILED for w in kept.windows)
    steps = [e.step for e in run.events if isinstance(e, BudgetStepped)]
    assert steps and steps[-1] is BudgetStep.KEEP
    run.engine.settings.change({"budget.recording": 0.0})
    asked = run.engine.analyse(kept.id, failed_only=True).result(60)
    assert asked == states.count(WindowState.SKIPPED)
    run.until(lambda: run.engine.queued(kept.id).result(60) == 0, "what was kept")
    assert {w.state for w in run.engine.recording(kept.id).result(60).windows} == {WindowState.DONE}


def test_a_model_without_a_price_is_not_asked_under_a_budget(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, price=None)
    run.engine.settings.change({"budget.day": 5.0})
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    [analysis] = recording.windows[0].analyses
    assert analysis.state is AnalysisState.HELD and analysis.failure is not None and "price" in analysis.failure.message
    assert server.requests == []


def test_near_the_end_of_a_budget_a_cheaper_model_is_asked_and_left_again(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server)
    add(home, server, "cheap", price=Price((Tier(0.01, 0.01),)))
    run.engine.use_models(("a",), fallback=("cheap",)).result(60)
    first = run.record(SOURCE, limit_ms=9_000, models=None)
    assert first.windows[0].analyses[0].model == "a"
    spent = run.engine.spending().result(60).day
    run.engine.settings.change({"budget.day": spent / 0.85 + 0.5 * spent})
    run.engine.settings.change({"budget.day": spent / 0.85})
    second = run.record(SOURCE, limit_ms=9_000, models=None)
    [analysis] = second.windows[0].analyses
    assert analysis.model == "cheap" and dict(analysis.why) == {"code": "budget", "of": "a"}
    run.engine.settings.change({"budget.day": spent * 100})
    third = run.record(SOURCE, limit_ms=9_000, models=None)
    assert third.windows[0].analyses[0].model == "a"


def test_the_same_question_is_paid_once_unless_it_is_asked_afresh(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server)
    recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
    paid, texts = len(server.requests), [w.analyses[0].text for w in recording.windows]
    assert run.engine.analyse(recording.id).result(60) == 3
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the answers that were kept")
    again = run.engine.recording(recording.id).result(60)
    assert len(server.requests) == paid == 3
    newest = [max(w.analyses, key=lambda a: a.version) for w in again.windows]
    assert [a.usage.cost for a in newest] == [0.0] * 3 and [a.text for a in newest] == texts
    assert run.engine.attempts(newest[0].id).result(60)[0].sent["cached"] is True
    assert run.engine.analyse(recording.id, fresh=True).result(60) == 3
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the answers asked afresh")
    assert len(server.requests) == paid + 3


def test_best_is_the_answer_that_the_others_agree_with(home: Home, server: ChatServer, run: Run) -> None:
    with ChatServer("vllm", model="m", says="A cat sleeps on the sofa.") as odd:
        add(home, odd, "a")
        server.says = "A hand solders the second pad of the board."
        add(home, server, "b")
        add(home, server, "c")
        run.engine.use_models(("a", "b", "c"), rule="best").result(60)
        recording = run.record(SOURCE, limit_ms=9_000, models=None)
    [window] = recording.windows
    assert window.choice is not None and (window.choice.rule, window.choice.reason) == ("best", "agrees")
    assert window.chosen is not None and window.chosen.model == "b" and len(window.answers) == 3
    mine = next(a for a in window.answers if a.model == "a")
    run.engine.choose(window.id, mine.id).result(60)
    assert run.engine.recording(recording.id).result(60).windows[0].chosen.id == mine.id  # type: ignore[union-attr]
    assert [hit.model for hit in run.engine.search("sofa").result(60)] == ["a"]


def test_a_judge_chooses_where_one_is_named(home: Home, server: ChatServer, run: Run) -> None:
    server.script = lambda request: Behaviour(text="2" if "1" in request.text and not request.seen.frames else None)
    add(home, server, "a")
    with ChatServer("vllm", model="m", says="A better text.") as other:
        add(home, other, "b")
        run.engine.use_models(("a", "b"), rule="best", judge="a").result(60)
        recording = run.record(SOURCE, limit_ms=9_000, models=None)
    [window] = recording.windows
    assert window.choice is not None and window.choice.rule == "judge"
    assert window.chosen is not None and window.chosen.model == "b" and window.chosen.text == "A better text."
    assert window.state is WindowState.DONE and len(window.answers) == 2


def test_models_vote_by_their_labels_and_dissent_is_kept(home: Home, server: ChatServer, run: Run) -> None:
    with ChatServer("vllm", model="m", says="LABEL: talking\nSomebody talks.") as odd:
        add(home, odd, "a")
        server.says = "LABEL: writing\nA text is written."
        add(home, server, "b")
        add(home, server, "c")
        run.engine.use_models(("a", "b", "c"), rule="vote").result(60)
        recording = run.record(SOURCE, limit_ms=9_000, models=None)
    [window] = recording.windows
    assert window.choice is not None and window.choice.rule == "vote" and window.choice.reason == "majority"
    assert window.chosen is not None and window.chosen.model == "b" and window.chosen.text == "A text is written."
    assert len(window.choice.dissent) == 1 and window.choice.dissent[0].startswith("a: ")


def test_a_window_waits_for_the_text_before_it_within_bounds(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, concurrency=4)
    hold = threading.Event()

    def script(request: ChatRequest) -> Behaviour:
        first = "00:00" in request.text and "00:15" in request.text
        return Behaviour(text="The slow first text.", wait=hold) if first else Behaviour(text="A later text.")

    server.script = script
    run.engine.settings.change({"analysis.previous_wait_s": 600})
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("a",), 36_000).result(60)
    run.until(lambda: run.saved(recording_id) and server.requests, "the recording")
    assert len(server.requests) == 1, "a window did not wait for the text before it"
    hold.set()
    run.until(lambda: run.engine.queued(recording_id).result(60) == 0, "the texts")
    assert "The slow first text." in server.requests[1].text


def test_a_window_that_waited_in_vain_goes_without_and_says_so(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, concurrency=2)
    hold = threading.Event()
    server.script = lambda request: Behaviour(text="Slow.", wait=hold) if len(server.requests) == 1 else Behaviour(text="Quick.")
    run.engine.settings.change({"analysis.previous_wait_s": 1})
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("a",), 16_000).result(60)
    run.until(lambda: any(isinstance(e, AnalysisEnded) for e in run.events), "the second window's text")
    hold.set()
    run.until(lambda: run.saved(recording_id) and run.engine.queued(recording_id).result(60) == 0, "the texts")
    recording: Recording = run.engine.recording(recording_id).result(60)
    [attempt] = run.engine.attempts(recording.windows[1].analyses[0].id).result(60)
    assert "went without" in attempt.sent["previous"]


def test_no_more_is_asked_a_minute_than_is_allowed(home: Home, server: ChatServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from skiuo_desktop.engine import gate

    monkeypatch.setattr(gate, "MINUTE_S", 4.0)
    add(home, server, requests_per_minute=2, concurrency=4)
    at: list[float] = []
    server.script = lambda request: at.append(time.monotonic()) or Behaviour(text="Words.")  # type: ignore[func-returns-value]
    run.record(SOURCE, limit_ms=46_000, models=("a",))
    assert len(at) == 5
    # Half of it: a request that is let through late arrives late, and the next may seem too early. Without the limit they are a few ms apart.
    assert all(later - earlier > 2.0 for earlier, later in zip(at, at[2:], strict=False)), at


def test_what_was_asked_of_a_model_that_is_gone_fails_with_a_word(home: Home, server: ChatServer) -> None:
    add(home, server)
    hold = threading.Event()
    server.script = lambda request: Behaviour(wait=hold)
    first = Run(home)
    first.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = first.engine.start_recording("", ("a",), 9_000).result(60)
    first.until(lambda: server.requests, "the question")
    first.until(lambda: first.saved(recording_id), "the recording")
    hold.set()
    first.engine.stop()
    ModelBook(home).remove("a")
    second = Run(home)
    try:
        second.until(lambda: second.engine.queued(recording_id).result(60) == 0, "its end")
        [analysis] = second.engine.recording(recording_id).result(60).windows[0].analyses
        assert analysis.state is AnalysisState.DONE or (analysis.failure is not None and analysis.failure.kind is FailureKind.MODEL_MISSING)
    finally:
        second.engine.stop()


def test_a_switch_by_another_program_counts_from_the_next_window(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, "old")
    add(home, server, "new")
    run.engine.settings.change({"windows.length_ms": 2000, "windows.stride_ms": 2000, "analysis.models": ["old"]})
    run.engine.open_source(SOURCE, "none").result(60)
    recording_id = run.engine.start_recording().result(60)
    run.until(lambda: any(isinstance(e, AnalysisEnded) for e in run.events), "the first text")
    switch = [sys.executable, "-m", "skiuo_desktop.cli.main", "models", "use", "new"]
    subprocess.run(switch, env={**os.environ, "SKIUO_HOME": str(home.root)}, check=True, timeout=120)
    planned = [e.window.index for e in run.events if isinstance(e, WindowChanged)]
    run.until(lambda: any(isinstance(e, WindowChanged) and e.window.index > max(planned) for e in run.events), "the next window")
    assert any(isinstance(e, SettingChanged) and e.key == "analysis.models" for e in run.events), "a screen would not hear of it"
    run.engine.stop_recording().result(60)
    run.until(lambda: run.saved(recording_id) and run.engine.queued(recording_id).result(60) == 0, "the end")
    models = [[a.model for a in w.analyses] for w in run.engine.recording(recording_id).result(60).windows]
    assert models[0] == ["old"] and models[-1] == ["new"]
    switched = models.index(["new"])
    assert models == [["old"]] * switched + [["new"]] * (len(models) - switched)


def test_the_address_of_a_model_is_its_presets_where_it_has_none_of_its_own(home: Home, run: Run) -> None:
    book = ModelBook(home)
    book.add(ModelConfig("here", "openai", "qwen3-vl:8b", preset="ollama"))
    book.add(ModelConfig("lan", "openai", "qwen3-vl:8b", preset="ollama", base_url="http://10.0.0.7:11434/v1"))
    book.add(ModelConfig("own", "transformers", "Qwen/Qwen3-VL-2B-Instruct"))
    addresses = {info.config.name: info.address for info in run.engine.models().result(60)}
    assert addresses == {"here": "http://127.0.0.1:11434/v1", "lan": "http://10.0.0.7:11434/v1", "own": "", "offline": ""}
