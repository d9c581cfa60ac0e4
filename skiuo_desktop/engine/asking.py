"""Who is asked about a window: the models that the person chose, or who stands in for them by rule, state or budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.policy import allowed, stand_in
from skiuo_desktop.engine.gate import Gate
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.money import Purse
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.library.queueing import Ask
from skiuo_desktop.model import Analysis, BudgetStep, ModelConfig


@dataclass(frozen=True, slots=True)
class Asked:
    """`asks` may be empty. `held`: models to which nothing is sent before a person asks. `every`: 2 where only every other window is asked about."""

    asks: tuple[Ask, ...]
    held: tuple[str, ...] = ()
    every: int = 1
    by_rule: bool = False  # nobody, because rules of the models wanted say no and nobody stands in


class Asking:
    def __init__(self, book: ModelBook, wishes: Wishes, purse: Purse, gate: Callable[[str], Gate | None]) -> None:
        self._book = book
        self._wishes = wishes
        self._purse = purse
        self._gate = gate

    def active(self, recording_id: str = "") -> tuple[str, ...]:
        """The models that the settings name, as far as they are configured."""
        known = self._book.all()
        return tuple(name for name in self._wishes.get(s.ACTIVE_MODELS, recording_id) if name in known)

    async def about(self, recording_id: str, wanted: Sequence[str]) -> Asked:
        """Who is asked about the next window."""
        cheaper = self.cheaper(recording_id, wanted)
        step = await self._purse.look(recording_id, [cheaper] if cheaper else wanted, has_cheaper=bool(cheaper))
        costs = any(not _is_free(config) for config in map(self._book.all().get, wanted))
        late = step is not BudgetStep.NONE and costs
        order = self.order(recording_id)
        if late and cheaper:
            order = (cheaper, *(name for name in order if name != cheaper))

        def refused(name: str) -> Mapping[str, Any] | None:
            return self._refused(name, late=late, cheaper=cheaper)

        # A rule is kept also where nobody stands in; a model that is merely stopped is asked, so that its failure is seen.
        chosen = [(name, why) for name, why in stand_in(wanted, order, refused) if why or (refused(name) or {}).get("code", "stopped") == "stopped"]
        asks = tuple(Ask(name, why) for name, why in chosen)
        paid = tuple(ask.model for ask in asks if not _is_free(self._book.all().get(ask.model)))
        return Asked(asks, held=paid if step is BudgetStep.KEEP else (), every=2 if step is BudgetStep.WIDER and paid else 1, by_rule=bool(wanted) and not asks)

    async def look(self, recording_id: str, wanted: Sequence[str]) -> None:
        """Money was spent on these models: the ladder may have to be climbed, or may be left."""
        cheaper = self.cheaper(recording_id, wanted)
        await self._purse.look(recording_id, [cheaper] if cheaper else wanted, has_cheaper=bool(cheaper))

    def order(self, recording_id: str) -> tuple[str, ...]:
        """Who stands in, in the person's order."""
        known = self._book.all()
        return tuple(name for name in self._wishes.get(s.FALLBACK, recording_id) if name in known)

    def cheaper(self, recording_id: str, wanted: Sequence[str]) -> str:
        """The model to ask as a budget nears its end: the one named for it, else the cheapest that stands in and costs less than those wanted.

        Empty where none can be asked at present.
        """
        known = self._book.all()
        named = self._wishes.get(s.CHEAPER, recording_id)
        if named in known and named not in wanted and self._may_be_asked(named):
            return named
        prices = [self._price(known[name]) for name in wanted if name in known]
        most = max((price for price in prices if price is not None), default=0.0)
        others = [(self._price(known[name]), name) for name in self.order(recording_id) if name not in wanted and self._may_be_asked(name)]
        return min(((price, name) for price, name in others if price is not None and price < most), default=(0.0, ""))[1]

    def instead(self, analysis: Analysis, failed: Sequence[str], why: Mapping[str, Any], *, cheaper_only: bool = False) -> Ask | None:
        """Who is asked in the place of an analysis that failed; None where nobody is left. `failed`: the models of its window that were asked already."""
        known = self._book.all()
        most = self._price(known[analysis.model]) if analysis.model in known else None
        for name in self.order(analysis.recording_id):
            if name in failed or name == analysis.model or not self._may_be_asked(name):
                continue
            price = self._price(known[name])
            if cheaper_only and (price is None or most is None or price >= most):
                continue
            return Ask(name, {**why, "of": analysis.model})
        return None

    def _may_be_asked(self, name: str) -> bool:
        return self._refused(name, late=False, cheaper="") is None

    def _refused(self, name: str, *, late: bool, cheaper: str) -> Mapping[str, Any] | None:
        config = self._book.all().get(name)
        if config is None:
            return {"code": "stopped"}
        code = allowed(config.when, datetime.now().astimezone(), self._purse.left)
        if code:
            return {"code": code}
        gate = self._gate(name)
        if gate is not None and gate.refusal is not None:
            return {"code": "stopped", "kind": gate.refusal.kind.value, "until": gate.health.until.isoformat() if gate.health.until else ""}
        if late and cheaper and name != cheaper and not _is_free(config):
            return {"code": "budget"}
        return None

    def _price(self, config: ModelConfig) -> float | None:
        """To compare: what a window of usual size (ten thousand tokens in, two hundred out) costs, in the budgets' currency."""
        return self._purse.worth(config.price.cost(10_000, 200), config.price.currency) if config.price is not None else None


def _is_free(config: ModelConfig | None) -> bool:
    return config is not None and config.price is not None and all(tier.per_million_in == tier.per_million_out == 0 for tier in config.price.tiers)
