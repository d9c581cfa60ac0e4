"""The gate of a model with several requests under way at once: what one of them tells must not undo what another one told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from skiuo_desktop import failures
from skiuo_desktop.engine import gate as gates
from skiuo_desktop.engine.gate import PATIENCE_S, TRIPS, Gate
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, ModelConfig, ModelHealth


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(gates, "time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def said() -> list[ModelHealth]:
    return []


@pytest.fixture
def gate(clock: Clock, said: list[ModelHealth]) -> Gate:
    return Gate(ModelConfig(name="a", provider="openai"), said.append)


def error(kind: FailureKind, retry_after_s: float | None = None) -> AnalysisError:
    return AnalysisError(failures.failure(kind, model="m"), retry_after_s=retry_after_s)


def test_an_answer_that_was_under_way_does_not_shorten_the_servers_delay(gate: Gate, clock: Clock, said: list[ModelHealth]) -> None:
    gate.failed(error(FailureKind.QUOTA_MINUTE, 60.0))
    gate.succeeded()
    assert gate.pause_s == pytest.approx(60.0) and gate.health.state == "paused"
    clock.now += 61
    gate.succeeded()
    assert gate.pause_s == 0 and [health.state for health in said] == ["paused", "ok"]


def test_an_answer_ends_a_pause_that_only_we_wanted(gate: Gate) -> None:
    for _ in range(TRIPS):
        gate.failed(error(FailureKind.OVERLOADED))
    assert gate.pause_s > 0
    gate.succeeded()
    assert gate.pause_s == 0 and gate.health.state == "ok"


def test_one_failure_with_a_wish_is_no_pause_of_the_others(gate: Gate) -> None:
    gate.failed(error(FailureKind.OVERLOADED, 90.0))
    gate.succeeded()
    assert gate.pause_s == 0 and gate.health.state == "ok"


@pytest.mark.parametrize("kind", [FailureKind.KEY, FailureKind.BILLING, FailureKind.QUOTA_DAY])
def test_an_answer_that_was_under_way_does_not_make_a_stopped_model_well(gate: Gate, kind: FailureKind) -> None:
    gate.failed(error(kind))
    state = gate.health.state
    gate.succeeded()
    assert gate.health.state == state != "ok" and gate.refusal is not None and gate.refusal.kind is kind


def test_a_pause_that_ends_does_not_end_a_stop(gate: Gate, clock: Clock) -> None:
    gate.failed(error(FailureKind.KEY))
    gate.failed(error(FailureKind.QUOTA_MINUTE, 5.0))
    clock.now += 6
    assert gate.refusal is not None and gate.refusal.kind is FailureKind.KEY and gate.health.state == "stopped"


def test_a_window_is_told_why_the_model_rests_and_not_what_another_window_failed_of(gate: Gate) -> None:
    for _ in range(TRIPS):
        gate.failed(error(FailureKind.OVERLOADED))
    gate.failed(error(FailureKind.REFUSED))
    gate.failed(error(FailureKind.BUDGET))
    gate.others = True
    assert gate.refusal is not None and gate.refusal.kind is FailureKind.OVERLOADED


def test_a_program_that_ends_does_not_wait_an_hour_for_a_server(gate: Gate) -> None:
    gate.failed(error(FailureKind.QUOTA_MINUTE, 3600.0))
    assert gate.refusal is None, "the window waits as long as it must"
    gate.patience_s = 45.0
    asyncio.run(asyncio.wait_for(gate.ready(), 60))
    assert gate.refusal is not None and gate.refusal.kind is FailureKind.QUOTA_MINUTE
    assert gate.pause_s > PATIENCE_S
