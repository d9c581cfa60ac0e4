"""Models that cost money when things go wrong at once: what is paid for is kept, and nobody is asked twice for nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.chat_server import Behaviour, ChatServer
from support.running import Run

from skiuo_desktop import secrets
from skiuo_desktop.engine import attempts
from skiuo_desktop.engine import providers as providers_of
from skiuo_desktop.engine.judging import Judging
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.providers import Providers
from skiuo_desktop.errors import StorageError, UsageError
from skiuo_desktop.events import AnalysisEnded, BudgetStepped
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import JUDGE, AnalysisState, BudgetStep, FailureKind, ModelConfig, Price, Tier, WindowState

SOURCE = "test:320x180@15"
PRICE = Price((Tier(10.0, 100.0),))
NOT_THIS = Behaviour(status=400, body={"error": {"message": "The content violates our policy.", "type": "invalid_request_error", "code": "content_filter"}})


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer("vllm", model="m") as started:
        yield started


def add(home: Home, server: ChatServer, name: str = "a", **fields: Any) -> ModelConfig:
    config = ModelConfig(name=name, provider="openai", model="m", base_url=server.base_url, delivery="frames", price=PRICE, longest_answer=64)
    config = replace(config, **fields)
    ModelBook(home.prepare()).add(config)
    return config


def test_an_answer_that_ends_as_the_program_stops_is_kept(home: Home, server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "SAVE_EVERY_S", 1e9)
    add(home, server)
    rest, writing = threading.Event(), threading.Event()
    server.script = lambda request: Behaviour(text="Some words about it.", hold=rest, usage="last")
    run = Run(home)
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("a",), 9_000).result(60)
    run.until(lambda: run.saved(recording_id) and server.counted, "the answer's beginning")
    run.until(lambda: run.engine._finishing is not None and run.engine._finishing.done(), "the recording's end")
    [job] = run.engine._analyse._running.values()
    run.engine._store.submit_write(lambda _library: writing.wait(60))  # another window's rows, on a slow disk
    rest.set()
    run.until(lambda: job.answer.finished, "the answer's end")
    run.engine._loop.submit(asyncio.sleep(0.1)).result(60)  # it is on its way into the library
    stopping = run.engine._loop.submit(run.engine._analyse.stop())
    run.engine._loop.submit(asyncio.sleep(0.1)).result(60)
    writing.set()
    stopping.result(60)
    run.engine.stop()
    with Library.open(home) as library:
        [analysis] = library.recording(recording_id).windows[0].analyses
        assert (analysis.state, analysis.text) == (AnalysisState.DONE, "Some words about it.")
        assert not analysis.usage.estimated and len(library.attempts(analysis.id)) == 1


def test_a_disk_that_refuses_the_text_so_far_does_not_throw_the_answer_away(home: Home, server: ChatServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    add(home, server)

    def refuse(*_: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(attempts, "SAVE_EVERY_S", 0.0)
    monkeypatch.setattr(Library, "save_text", refuse)
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    [analysis] = recording.windows[0].analyses
    assert analysis.state is AnalysisState.DONE and analysis.text and analysis.attempts == 1


def test_models_that_failed_side_by_side_do_not_stand_in_for_each_other(home: Home, server: ChatServer, run: Run) -> None:
    later = threading.Event()
    server.script = lambda request: replace(NOT_THIS, wait=later)
    with ChatServer("vllm", model="m", script=lambda request: NOT_THIS) as first:
        add(home, first, "a")
        add(home, server, "b")
        run.engine.use_models(("a", "b"), fallback=("a", "b")).result(60)
        run.engine.open_source(SOURCE, "none", "max").result(60)
        recording_id = run.engine.start_recording("", None, 9_000).result(60)
        run.until(lambda: any(isinstance(e, AnalysisEnded) for e in run.events), "the first refusal")
        later.set()
        run.until(lambda: run.saved(recording_id) and run.engine.queued(recording_id).result(60) == 0, "the second one")
        assert (len(first.requests), len(server.requests)) == (1, 1)
        # A person who asks one of them again asks anew: then the other one may stand in.
        assert run.engine.analyse(recording_id, ("a",)).result(60) == 1
        run.until(lambda: run.engine.queued(recording_id).result(60) == 0, "the second round")
        assert (len(first.requests), len(server.requests)) == (2, 2)
    [window] = run.engine.recording(recording_id).result(60).windows
    assert [(a.model, a.version, a.why.get("of", "")) for a in window.analyses] == [("a", 1, ""), ("b", 1, ""), ("a", 2, ""), ("b", 2, "a")]


def test_a_key_that_was_replaced_where_it_is_kept_counts_when_it_is_asked_again(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider may keep the key that it was built with."""
    built: list[str] = []

    class Keeps:
        def __init__(self, config: ModelConfig) -> None:
            built.append(secrets.read(config.key_ref))
            self._real = real(replace(config, key_ref=f"env:{built[-1]}"))

        def analyse(self, request: Any) -> Any:
            return self._real.analyse(request)

        async def close(self) -> None:
            await self._real.close()

    real = providers_of.build
    monkeypatch.setattr(providers_of, "build", Keeps)
    monkeypatch.setenv("WRONG", "wrong")
    monkeypatch.setenv("RIGHT", "right")
    with ChatServer("vllm", model="m", key="right") as server:
        secrets.store("run:k", "WRONG")
        add(home, server, key_ref="run:k")
        recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
        assert recording.windows[0].state is WindowState.FAILED
        secrets.store("run:k", "RIGHT")  # as another program does with the keyring
        run.engine.analyse(recording.id, failed_only=True).result(60)
        run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the second try")
        assert run.engine.recording(recording.id).result(60).windows[0].state is WindowState.DONE
        assert built == ["WRONG", "RIGHT"]


def test_a_model_that_is_added_again_is_asked_again(home: Home, run: Run) -> None:
    with ChatServer("vllm", model="m", key="right") as server:
        secrets.store("run:k", "wrong")
        config = add(home, server, key_ref="run:k")
        recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
        assert recording.windows[0].state is WindowState.FAILED and run.engine.models().result(60)[0].health.state == "stopped"
        run.engine.remove_model("a").result(60)
        run.engine.add_model(config, "right").result(60)
        assert run.engine.models().result(60)[0].health.state == "ok"
        assert run.record(SOURCE, limit_ms=9_000, models=("a",)).windows[0].state is WindowState.DONE


def test_a_configuration_that_cannot_work_says_so_and_another_model_stands_in(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, "a", base_url="https://{WorkspaceId}.example.com/v1", provider="qwen", key_ref="")
    add(home, server, "b")
    add(home, server, "gone", provider="of-another-package")
    run.engine.settings.change({"analysis.fallback": ["b"]})
    recording = run.record(SOURCE, limit_ms=9_000, models=("a", "gone"))
    failed = [a for a in recording.windows[0].analyses if a.failure]
    assert {a.model for a in failed} == {"a", "gone"} and {a.failure.kind for a in failed if a.failure} == {FailureKind.MODEL_MISSING}
    assert all("mistake" not in a.failure.message for a in failed if a.failure)
    chosen = recording.windows[0].chosen
    assert chosen is not None and chosen.model == "b"


def test_providers_that_are_built_while_another_is_let_go_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Slow:
        def __init__(self, config: ModelConfig) -> None:
            self.closed = 0
            made.append(self)

        async def close(self) -> None:
            await asyncio.sleep(0.01)
            self.closed += 1

    monkeypatch.setattr(providers_of, "build", Slow)

    async def use() -> None:
        providers = Providers()
        old, new = ModelConfig("a", "openai", model="old"), ModelConfig("a", "openai", model="new")

        async def once(config: ModelConfig) -> None:
            async with providers.use(config):
                await asyncio.sleep(0.03)

        await once(old)
        await asyncio.gather(*(once(new) for _ in range(3)))
        await providers.close()

    asyncio.run(use())
    assert [each.closed for each in made] == [1, 1]


def test_a_judge_that_the_budget_does_not_allow_leaves_the_choice_to_the_rule(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server, "a", price=Price((Tier(0.0, 0.0),)))
    add(home, server, "b", price=Price((Tier(0.0, 0.0),)))
    add(home, server, "judge", price=None)
    run.engine.settings.change({"budget.day": 5.0})
    run.engine.use_models(("a", "b"), rule="best", judge="judge").result(60)
    recording = run.record(SOURCE, limit_ms=9_000, models=None)
    [window] = recording.windows
    [judged] = [a for a in window.analyses if a.purpose == JUDGE]
    assert judged.state is AnalysisState.FAILED and judged.failure is not None and judged.failure.kind is FailureKind.BUDGET
    assert window.choice is not None and (window.choice.rule, window.choice.reason) == (JUDGE, "no_verdict")
    assert run.engine.analyse(recording.id, failed_only=True).result(60) == 0


def test_the_ladder_does_not_go_up_and_down_with_each_window_of_the_cheaper_model(home: Home, server: ChatServer, run: Run) -> None:
    add(home, server)
    add(home, server, "cheap", price=Price((Tier(0.001, 0.001),)))
    run.engine.use_models(("a",), fallback=("cheap",)).result(60)
    run.record(SOURCE, limit_ms=9_000, models=None)
    spent = run.engine.spending().result(60).day
    run.engine.settings.change({"budget.day": spent / 0.85})
    recording = run.record(SOURCE, limit_ms=46_000, models=None)
    assert {a.model for w in recording.windows for a in w.analyses} == {"cheap"}
    assert [e.step for e in run.events if isinstance(e, BudgetStepped)] == [BudgetStep.CHEAPER]


def test_what_is_queued_follows_a_model_to_its_new_name(home: Home, server: ChatServer, run: Run) -> None:
    hold = threading.Event()
    server.script = lambda request: Behaviour(text="Words.", wait=hold)
    add(home, server, "old")
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("old",), 46_000).result(60)
    run.until(lambda: run.saved(recording_id) and server.requests, "the recording")
    run.engine.change_model("old", name="new").result(60)
    hold.set()
    run.until(lambda: run.engine.queued(recording_id).result(60) == 0, "the texts")
    windows = run.engine.recording(recording_id).result(60).windows
    assert [a.model for w in windows for a in w.analyses] == ["old", "new", "new", "new", "new"]
    assert {w.state for w in windows} == {WindowState.DONE}
    with pytest.raises(UsageError):
        run.engine.change_model("new", name="offline").result(60)


def test_what_ends_at_the_moment_of_a_cancel_does_not_keep_the_rest_from_being_cancelled(
    home: Home, server: ChatServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, server)

    async def choosing(*_: Any) -> bool:
        await asyncio.sleep(60)
        return False

    monkeypatch.setattr(Judging, "settle", choosing)
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("a",), 26_000).result(60)

    def first_is_done() -> bool:
        windows = run.engine.recording(recording_id).result(60).windows
        return len(windows) == 3 and windows[0].state is WindowState.DONE

    run.until(lambda: run.saved(recording_id) and first_is_done(), "the first text")
    assert run.engine.cancel_analyses(recording_id).result(60) == 2
    assert run.engine.queued(recording_id).result(60) == 0


def test_a_kept_answer_of_another_model_is_free_in_the_currency_of_the_one_that_was_asked(home: Home, server: ChatServer, run: Run) -> None:
    """What an earlier attempt of it has cost would be hidden by a price of 0 in another currency."""
    add(home, server, "yuan", price=Price((Tier(10.0, 100.0),), "CNY"))
    add(home, server, "a")
    recording = run.record(SOURCE, limit_ms=9_000, models=("yuan",))
    for name in ("yuan", "a"):  # the same server and model: the same question
        run.engine.analyse(recording.id, (name,)).result(60)
        run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the answer")
    newest = max(run.engine.recording(recording.id).result(60).windows[0].analyses, key=lambda a: a.id)
    assert (newest.model, newest.usage.cost, newest.usage.currency) == ("a", 0.0, "USD")
