"""Who is asked as a budget nears its end, and when a day and a month begin."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.running import Run

from skiuo_desktop import failures
from skiuo_desktop.engine import money
from skiuo_desktop.engine.asking import Asked
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import FREE, AnalysisState, FailureKind, ModelConfig, Price, Tier, Usage, WindowState


def add(home: Home, name: str, price: Price | None, **fields: Any) -> None:
    config = ModelConfig(name=name, provider="openai", model="m", base_url="http://127.0.0.1:9/v1", price=price)
    ModelBook(home.prepare()).add(replace(config, **fields))


def per_million(amount: float, currency: str = "USD") -> Price:
    return Price((Tier(amount, amount),), currency)


def about(run: Run, *wanted: str) -> Asked:
    return run.engine._loop.submit(run.engine._asking.about("", wanted)).result(60)


def spend(run: Run, amount: float) -> None:
    run.engine._store.submit_write(lambda library: library.record_spending("a", [Usage(cost=amount)])).result(60)


def test_the_cheaper_model_is_found_across_currencies(home: Home, run: Run) -> None:
    add(home, "a", per_million(0.3))
    add(home, "dearer", per_million(0.29, "USD"))
    add(home, "cheaper", per_million(1.0, "CNY"))  # about 0.14 USD
    add(home, "yuan", per_million(2.0, "CNY"))  # about 0.28 USD
    add(home, "dollar", per_million(1.0))
    run.engine.settings.change({"analysis.fallback": ["dearer", "cheaper"]})
    assert run.engine._asking.cheaper("", ("a",)) == "cheaper"
    run.engine.settings.change({"analysis.fallback": ["dollar"]})
    assert run.engine._asking.cheaper("", ("yuan",)) == "", "a dollar is more than two yuan"
    run.engine.settings.change({"budget.currency": "CNY", "analysis.fallback": ["dearer", "cheaper"]})
    assert run.engine._asking.cheaper("", ("a",)) == "cheaper"


def test_windows_are_not_skipped_because_the_cheaper_model_is_stopped(home: Home, run: Run) -> None:
    add(home, "a", per_million(1.0))
    add(home, "cheap", per_million(0.1))
    run.engine.settings.change({"analysis.fallback": ["cheap"], "budget.day": 1.0})
    spend(run, 0.85)
    assert [ask.model for ask in about(run, "a").asks] == ["cheap"]
    run.engine._analyse._gate_of(run.engine.book.get("cheap")).failed(AnalysisError(failures.failure(FailureKind.KEY)))
    asked = about(run, "a")
    assert [ask.model for ask in asked.asks] == ["a"] and not asked.by_rule


def test_a_used_up_budget_does_not_hold_what_is_free(home: Home, run: Run) -> None:
    add(home, "a", per_million(1.0))
    add(home, "own", FREE)
    run.engine.settings.change({"budget.day": 1.0})
    spend(run, 1.0)
    asked = about(run, "offline", "own", "a")
    assert [ask.model for ask in asked.asks] == ["offline", "own", "a"] and asked.held == ("a",)
    recording = run.record("test:320x180@15", limit_ms=9_000, models=("offline", "a"))
    [window] = recording.windows
    assert window.state is WindowState.DONE
    assert {a.model: a.state for a in window.analyses} == {"offline": AnalysisState.DONE, "a": AnalysisState.HELD}


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now", "day", "month"),
    [
        ((2026, 10, 25, 12), datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 9, 30, 22, tzinfo=UTC)),  # the clocks went back at three
        ((2026, 3, 29, 12), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC)),  # and forward at two
        ((2026, 6, 1, 0), datetime(2026, 5, 31, 22, tzinfo=UTC), datetime(2026, 5, 31, 22, tzinfo=UTC)),
    ],
)
def test_days_and_months_begin_at_local_midnight_also_where_the_clocks_change(
    berlin: None, home: Home, monkeypatch: pytest.MonkeyPatch, now: tuple[int, ...], day: datetime, month: datetime
) -> None:
    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(*now) if tz is None else datetime(*now).astimezone(tz)  # type: ignore[arg-type]

    from skiuo_desktop import settings
    from skiuo_desktop.engine.store import Store
    from skiuo_desktop.engine.wishes import Wishes

    monkeypatch.setattr(money, "datetime", Then)
    store = Store(Library.open(home))
    try:
        purse = money.Purse(store, Wishes(settings.Settings(home.settings)), lambda _event: None)
        _, today, this_month = purse._all("")
        assert (today.since, this_month.since) == (day, month)
    finally:
        store.close()
