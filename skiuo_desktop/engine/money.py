"""Budgets in force, and the ladder that is climbed step by step as one nears its end, and left again when it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.policy import next_step
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.events import BudgetStepped, Event
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.money import Budgets, Limit
from skiuo_desktop.model import BudgetStep, Spending

_STEPS = list(BudgetStep)


class Purse:
    def __init__(self, store: Store, wishes: Wishes, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._wishes = wishes
        self._publish = publish
        self._window: dict[str, float] = {}
        self.step = BudgetStep.NONE
        self.left = 1.0
        """The share that is left of the budget nearest its end, as it was when last looked at."""

    def budgets(self, recording_id: str) -> Budgets:
        """The limits that a request for this recording has to keep."""
        currency = self._wishes.get(s.BUDGET_CURRENCY, recording_id)
        return Budgets(currency, tuple(limit for limit in self._all(recording_id) if limit.amount > 0), self._rates(currency))

    def _all(self, recording_id: str) -> list[Limit]:
        """Of the recording, of the day, of the month; an amount of 0 is no limit. Days and months are those of the local calendar."""
        # Without a zone until the end: a day on which the clocks change, or a month with one, began with another offset than now's.
        midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return [
            Limit("recording", self._wishes.get(s.BUDGET_RECORDING, recording_id), None, recording_id),
            Limit("day", self._wishes.get(s.BUDGET_DAY, recording_id), midnight.astimezone()),
            Limit("month", self._wishes.get(s.BUDGET_MONTH, recording_id), midnight.replace(day=1).astimezone()),
        ]

    def _rates(self, currency: str) -> dict[str, float]:
        yuan = self._wishes.get(s.CNY_PER_USD)
        return {"CNY": 1 / yuan} if currency == "USD" else {"USD": yuan}

    def worth(self, cost: float, currency: str) -> float:
        """A price in the budgets' currency, to compare."""
        wanted = self._wishes.get(s.BUDGET_CURRENCY)
        return Budgets(wanted, (), self._rates(wanted)).worth(cost, currency)

    def promised(self, model: str, estimate: float | None) -> None:
        """What a window may cost with a model: room for as much is needed for the next one."""
        if estimate is not None:
            self._window[model] = estimate

    async def spending(self, recording_id: str) -> Spending:
        currency = self._wishes.get(s.BUDGET_CURRENCY, recording_id)
        budgets = Budgets(currency, (), self._rates(currency))
        limits = self._all(recording_id)
        recording, day, month = await self._store.read(Library.spent, limits, budgets)
        own, today, this_month = (limit.amount for limit in limits)
        return Spending(currency, recording if recording_id else 0.0, day, month, own, today, this_month, self.step)

    async def look(self, recording_id: str, models: Sequence[str], *, has_cheaper: bool) -> BudgetStep:
        """Where the budgets stand now for windows that these models are asked about; says so when the step changes."""
        budgets = self.budgets(recording_id)
        if not budgets.limits:
            self._move(BudgetStep.NONE, "", 0.0)
            self.left = 1.0
            return self.step
        sums = await self._store.read(Library.spent, budgets.limits, budgets)
        window = max((self._window.get(name, 0.0) for name in models), default=0.0)
        shares = [(spent / limit.amount, limit) for spent, limit in zip(sums, budgets.limits, strict=True)]
        self.left = max(0.0, 1.0 - max(share for share, _ in shares))
        # A small budget may have no room for one more window though a larger share of another one is spent.
        steps = [(next_step(self.step, share, has_cheaper, window / limit.amount), share, limit) for share, limit in shares]
        step, share, limit = max(steps, key=lambda each: (_STEPS.index(each[0]), each[1]))
        self._move(step, limit.budget, share)
        return self.step

    def _move(self, step: BudgetStep, budget: str, share: float) -> None:
        if step is not self.step:
            before, self.step = self.step, step
            self._publish(BudgetStepped(step, before, budget, share))
