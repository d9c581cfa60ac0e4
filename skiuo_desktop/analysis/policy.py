"""When a model may be asked, which one stands in for it, and what is done as a budget nears its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from skiuo_desktop.model import BudgetStep, When

CHEAPER_FROM, WIDER_FROM = 0.8, 0.9
MARGIN = 0.02
"""By how much a share must have fallen before a step is left: promises come and go with each window, steps should not."""

_STEPS = list(BudgetStep)
_TINY = 1e-9  # sums of prices are not exact


def allowed(when: When, now: datetime, budget_left: float) -> str:
    """Empty where the model may be asked; else why not: "days", "hours" or "budget_left".

    `now`: local time; its own date counts, also where the hours go over midnight. `budget_left`: the share (0..1) that is
    left of the budget nearest its end, 1 without a budget. Hours from and to the same are the whole day.
    """
    weekend = now.weekday() >= 5
    if (when.days == "weekdays" and weekend) or (when.days == "weekend" and not weekend):
        return "days"
    if when.hours is not None and not _within(now.hour, *when.hours):
        return "hours"
    return "budget_left" if budget_left < when.budget_left - _TINY else ""


def stand_in(wanted: Sequence[str], order: Sequence[str], refused: Callable[[str], Mapping[str, Any] | None]) -> list[tuple[str, Mapping[str, Any]]]:
    """Who is asked, and why in another's place: for each wanted model (model, why), where `why` is empty if it is itself.

    `refused(name)`: None where the model can be asked, else why not (`code` and facts, as `failures.why` reads them). In its
    place comes the first of `order` that can be asked and is not asked already. Where none is left the wanted model stays:
    then its failure is what is shown. No model is named twice.
    """
    wanted = list(dict.fromkeys(wanted))
    reasons = {name: refused(name) for name in wanted}
    asked = {name for name in wanted if reasons[name] is None}
    result: list[tuple[str, Mapping[str, Any]]] = []
    for name in wanted:
        reason = reasons[name]
        other = None
        if reason is not None:
            other = next((other for other in order if other not in asked and refused(other) is None), None)
        if reason is None or other is None:
            result.append((name, {}))
        else:
            asked.add(other)
            result.append((other, {**reason, "of": name}))
    return result


def ladder(share: float, *, has_cheaper: bool, window: float = 0.0) -> BudgetStep:
    """The step for a budget of which `share` (0..1) is spent or promised, and of which one more window may cost `window`.

    From 80 % a cheaper model where there is one, from 90 % only every other window, and where one more window would not
    fit, windows are kept.
    """
    if share + window > 1 + _TINY or share >= 1 - _TINY:
        return BudgetStep.KEEP
    if share >= WIDER_FROM - _TINY:
        return BudgetStep.WIDER
    return BudgetStep.CHEAPER if has_cheaper and share >= CHEAPER_FROM - _TINY else BudgetStep.NONE


def next_step(before: BudgetStep, share: float, has_cheaper: bool, window: float = 0.0) -> BudgetStep:
    """The step that follows `before`: up at once, down only where the share has fallen by `MARGIN` below what led to it."""
    up = ladder(share, has_cheaper=has_cheaper, window=window)
    down = ladder(share + MARGIN, has_cheaper=has_cheaper, window=window)
    return max(up, min(before, down, key=_STEPS.index), key=_STEPS.index)


def per_hour(cost_per_window: float | None, stride_ms: int) -> float | None:
    """What an hour of recording costs with a window every `stride_ms`; None where a window's price is not known."""
    return None if cost_per_window is None else cost_per_window * 3_600_000 / stride_ms


def _within(hour: int, begin: int, end: int) -> bool:
    if begin == end:
        return True
    return begin <= hour < end if begin < end else hour >= begin or hour < end
