"""When a model may be asked, who stands in, and the ladder near a budget's end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from skiuo_desktop.analysis.policy import allowed, ladder, next_step, per_hour, stand_in
from skiuo_desktop.model import BudgetStep, When

NONE, CHEAPER, WIDER, KEEP = BudgetStep
MONDAY, SATURDAY = 23, 28  # of November 2026


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)


@pytest.mark.parametrize(
    ("when", "now", "left", "code"),
    [
        (When(), at(SATURDAY, 3), 0.0, ""),
        (When(days="weekdays"), at(MONDAY, 0), 1.0, ""),
        (When(days="weekdays"), at(SATURDAY, 12), 1.0, "days"),
        (When(days="weekdays"), at(SATURDAY + 1, 23), 1.0, "days"),
        (When(days="weekend"), at(SATURDAY, 12), 1.0, ""),
        (When(days="weekend"), at(MONDAY, 12), 1.0, "days"),
        (When(hours=(9, 18)), at(MONDAY, 9), 1.0, ""),
        (When(hours=(9, 18)), at(MONDAY, 17, 59), 1.0, ""),
        (When(hours=(9, 18)), at(MONDAY, 18), 1.0, "hours"),
        (When(hours=(9, 18)), at(MONDAY, 8, 59), 1.0, "hours"),
        (When(hours=(22, 6)), at(MONDAY, 23), 1.0, ""),
        (When(hours=(22, 6)), at(MONDAY, 5, 59), 1.0, ""),
        (When(hours=(22, 6)), at(MONDAY, 6), 1.0, "hours"),
        (When(hours=(0, 24)), at(MONDAY, 23), 1.0, ""),
        (When(hours=(18, 24)), at(MONDAY, 23), 1.0, ""),
        (When(hours=(7, 7)), at(MONDAY, 3), 1.0, ""),
        (When(budget_left=0.3), at(MONDAY, 3), 0.3, ""),
        (When(budget_left=0.2), at(MONDAY, 3), 1 - 0.8, ""),
        (When(budget_left=0.3), at(MONDAY, 3), 0.29, "budget_left"),
        (When("weekend", (1, 2), 0.5), at(MONDAY, 3), 0.1, "days"),
    ],
)
def test_when_a_model_may_be_asked(when: When, now: datetime, left: float, code: str) -> None:
    assert allowed(when, now, left) == code


def who(wanted: list[str], order: list[str], **reasons: str) -> list[tuple[str, Mapping[str, Any]]]:
    return stand_in(wanted, order, lambda name: {"code": reasons[name], "extra": 1} if name in reasons else None)


def test_the_first_in_order_that_can_be_asked_stands_in_and_says_for_whom() -> None:
    assert who(["a"], ["b", "c"]) == [("a", {})]
    assert who(["a"], ["b", "c"], a="hours", b="stopped") == [("c", {"code": "hours", "extra": 1, "of": "a"})]


def test_no_model_is_asked_twice_about_a_window() -> None:
    assert who(["a", "b"], ["b", "c"], a="hours") == [("c", {"code": "hours", "extra": 1, "of": "a"}), ("b", {})]
    assert who(["a", "b"], ["c"], a="hours", b="days") == [("c", {"code": "hours", "extra": 1, "of": "a"}), ("b", {})]
    assert who(["a", "a"], []) == [("a", {})]
    assert who(["a", "b"], ["a", "b"], a="hours") == [("a", {}), ("b", {})]


def test_where_nobody_is_left_the_wanted_model_shows_its_failure() -> None:
    assert who(["a"], ["a", "b"], a="stopped", b="stopped") == [("a", {})]


@pytest.mark.parametrize(
    ("share", "cheaper", "window", "step"),
    [
        (0.0, True, 0.0, NONE),
        (0.799, True, 0.0, NONE),
        (0.8, True, 0.0, CHEAPER),
        (0.85, False, 0.0, NONE),
        (0.3 * 3, False, 0.0, WIDER),
        (0.95, True, 0.05, WIDER),
        (0.95, True, 0.051, KEEP),
        (0.999, True, 0.0, WIDER),
        (1.0, True, 0.0, KEEP),
        (0.1, True, 0.95, KEEP),
        (1.7, False, 0.0, KEEP),
    ],
)
def test_the_ladder(share: float, cheaper: bool, window: float, step: BudgetStep) -> None:
    assert ladder(share, has_cheaper=cheaper, window=window) == step


def test_steps_are_taken_at_once_and_left_only_when_the_share_has_really_fallen() -> None:
    steps, step = [], NONE
    for share in (0.5, 0.81, 0.795, 0.805, 0.91, 0.895, 0.87, 0.79, 0.77, 1.0, 0.99, 0.97, 0.5):
        step = next_step(step, share, True)
        steps.append(step)
    assert steps == [NONE, CHEAPER, CHEAPER, CHEAPER, WIDER, WIDER, CHEAPER, CHEAPER, NONE, KEEP, KEEP, WIDER, NONE]


def test_a_step_for_a_cheaper_model_ends_when_there_is_none_any_more() -> None:
    assert next_step(CHEAPER, 0.85, False) == NONE
    assert next_step(KEEP, 0.9, True, window=0.2) == KEEP
    assert next_step(NONE, 0.2, True, window=0.9) == KEEP


def test_the_price_of_an_hour() -> None:
    assert per_hour(0.001, 10_000) == pytest.approx(0.36)
    assert per_hour(None, 10_000) is None
