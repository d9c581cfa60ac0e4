"""What was spent and promised. A promise is made in the transaction that checks the budgets, before anything leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skiuo_desktop import failures
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import AttemptRow, SpendingRow
from skiuo_desktop.model import FailureKind, Usage


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` may be spent: of one recording, or since a moment."""

    budget: str  # "recording", "day" or "month"
    amount: float
    since: datetime | None = None
    recording_id: str = ""


@dataclass(frozen=True, slots=True)
class Budgets:
    """The limits in force, in `currency`. `rates`: what one unit of another currency is worth in it."""

    currency: str = "USD"
    limits: tuple[Limit, ...] = ()
    rates: Mapping[str, float] | None = None

    def worth(self, cost: float, currency: str) -> float:
        """A price in the budgets' currency; one of a currency without a rate counts as it is."""
        return cost if currency == self.currency else cost * (self.rates or {}).get(currency, 1.0)


NO_BUDGETS = Budgets()


class Money(Part):
    def spent(self, limits: Sequence[Limit], budgets: Budgets) -> list[float]:
        """For each of these limits what was spent or is promised, in the budgets' currency."""
        with self._database.read() as session:
            return [spent(session, limit, budgets) for limit in limits]

    def record_spending(self, model: str, usages: Sequence[Usage], *, recording_id: str = "") -> None:
        """Writes down what requests outside of any analysis (a probe) have cost."""
        with self._database.write() as session:
            priced = [usage for usage in usages if usage.cost]
            for number, usage in zip(session.take_ids(len(priced)), priced, strict=True):
                session.add(_row(number, model, recording_id, None, usage, settled=not usage.estimated))


def spent(session: Session, limit: Limit, budgets: Budgets) -> float:
    sums = select(SpendingRow.currency, func.sum(SpendingRow.cost)).group_by(SpendingRow.currency)
    sums = sums.where(SpendingRow.at >= limit.since) if limit.since is not None else sums.where(SpendingRow.recording_id == limit.recording_id)
    return sum(budgets.worth(cost, currency) for currency, cost in session.execute(sums))


def promise(session: Writing, model: str, attempt: AttemptRow, estimate: Usage, budgets: Budgets) -> None:
    """Writes down what a request may cost. Raises AnalysisError (BUDGET) where that would exceed a limit; then nothing is written."""
    if estimate.cost is None and budgets.limits:
        limit = budgets.limits[0]
        raise AnalysisError(failures.failure(FailureKind.BUDGET, model=model, budget=limit.budget, unpriced=True))
    cost = budgets.worth(estimate.cost or 0.0, estimate.currency)
    for limit in budgets.limits:
        if cost and spent(session, limit, budgets) + cost > limit.amount + 1e-9:
            told = f"{limit.amount:.2f} {budgets.currency}" if limit.amount >= 0.1 else f"{limit.amount:.2g} {budgets.currency}"
            raise AnalysisError(failures.failure(FailureKind.BUDGET, model=model, budget=limit.budget, limit=told))
    if estimate.cost:
        (number,) = session.take_ids(1)
        session.add(_row(number, model, attempt.recording_id, attempt.id, estimate, settled=False))


def settle_spending(session: Writing, model: str, attempt: AttemptRow, usage: Usage, *, billed: bool) -> None:
    """The attempt has ended: its promise becomes what was counted, or goes when nothing was billed. Without a count the promise stands."""
    row = session.scalar(select(SpendingRow).where(SpendingRow.attempt_id == attempt.id))
    if row is None:
        if usage.cost and not usage.estimated:
            (number,) = session.take_ids(1)
            session.add(_row(number, model, attempt.recording_id, attempt.id, usage, settled=True))
    elif usage.cost is not None and not usage.estimated:
        row.cost, row.currency, row.settled = usage.cost, usage.currency, True
    elif not billed:
        session.delete(row)


def _row(number: int, model: str, recording_id: str, attempt_id: int | None, usage: Usage, *, settled: bool) -> SpendingRow:
    return SpendingRow(
        id=number,
        at=datetime.now(UTC),
        model=model,
        recording_id=recording_id,
        attempt_id=attempt_id,
        cost=usage.cost or 0.0,
        currency=usage.currency,
        settled=settled,
    )
