"""Programs that end: what is queued for a model that is gone, what waits for a server that wants an hour, what a program without models leaves alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.chat_server import Behaviour, ChatServer
from support.running import Run

from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.home import Home
from skiuo_desktop.model import AnalysisState, FailureKind, ModelConfig, Price, Tier, WindowState

SOURCE = "test:320x180@15"
PRICE = Price((Tier(10.0, 100.0),))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer("vllm", model="m") as started:
        yield started


def add(home: Home, server: ChatServer, name: str = "a", **fields: Any) -> ModelConfig:
    config = ModelConfig(name=name, provider="openai", model="m", base_url=server.base_url, delivery="frames", price=PRICE, longest_answer=64)
    config = replace(config, **fields)
    ModelBook(home.prepare()).add(config)
    return config


def test_a_program_that_does_not_analyse_leaves_what_is_queued_alone(home: Home, server: ChatServer) -> None:
    add(home, server)
    held = threading.Event()
    server.script = lambda request: Behaviour(wait=held)
    first = Run(home)
    first.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = first.engine.start_recording("", ("a",), 26_000).result(60)
    first.until(lambda: first.saved(recording_id) and server.requests, "the recording")
    first.engine.stop()
    held.set()
    repairing = Run(home, analyse=False)  # as `skiuo repair` starts it
    repairing.engine.repaired().result(60)
    assert not repairing.engine.models().result(60)[0].active
    repairing.engine.stop()
    last = Run(home)
    try:
        last.until(lambda: last.engine.queued(recording_id).result(60) == 0, "the texts")
        assert {w.state for w in last.engine.recording(recording_id).result(60).windows} == {WindowState.DONE}
    finally:
        last.engine.stop()


def test_what_was_kept_for_later_ends_though_its_model_is_gone(home: Home, server: ChatServer) -> None:
    add(home, server, price=None)
    first = Run(home)
    first.engine.settings.change({"budget.day": 5.0})
    recording = first.record(SOURCE, limit_ms=9_000, models=("a",))
    assert recording.windows[0].analyses[0].state is AnalysisState.HELD
    first.engine.stop()
    ModelBook(home).remove("a")
    second = Run(home, backlog=False)  # as `skiuo analyze --failed` starts it
    try:
        assert second.engine.analyse(recording.id, failed_only=True).result(60) == 1
        second.until(lambda: second.engine.queued(recording.id).result(60) == 0, "its end", 8)
        [analysis] = second.engine.recording(recording.id).result(60).windows[0].analyses
        assert analysis.failure is not None and analysis.failure.kind is FailureKind.MODEL_MISSING
    finally:
        second.engine.stop()


def test_windows_that_are_asked_about_backwards_do_not_wait_for_what_is_queued_behind_them(home: Home, server: ChatServer) -> None:
    add(home, server)
    run = Run(home)
    try:
        run.engine.settings.change({"analysis.previous_wait_s": 600})
        recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
        held = threading.Event()
        server.script = lambda request: Behaviour(text="Words.", wait=held)
        asked = len(server.requests)
        for index in (2, 1, 0):
            assert run.engine.analyse(recording.id, ("a",), window_index=index, fresh=True).result(60) == 1
            run.until(lambda: len(server.requests) > asked, "the last window's question")
        held.set()
        run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the texts", 30)
        assert len(server.requests) == asked + 3
    finally:
        run.engine.stop()


def test_what_a_program_left_is_taken_over_also_of_a_model_that_it_has_added(home: Home, server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from skiuo_desktop.engine import analyse

    monkeypatch.setattr(analyse, "LOOK_EVERY_S", 0.5)
    running = Run(home)  # a window that has been open for long
    try:
        running.engine.repaired().result(60)
        add(home, server)
        held = threading.Event()
        server.script = lambda request: Behaviour(wait=held)
        other = Run(home, backlog=False)
        other.engine.open_source(SOURCE, "none", "max").result(60)
        recording_id = other.engine.start_recording("", ("a",), 26_000).result(60)
        other.until(lambda: other.saved(recording_id) and server.requests, "the recording")
        other.engine.stop()  # as after a second Ctrl-C
        held.set()
        done = [WindowState.DONE] * 3
        running.until(lambda: [w.state for w in running.engine.recording(recording_id).result(60).windows] == done, "the texts", 20)
    finally:
        running.engine.stop()
