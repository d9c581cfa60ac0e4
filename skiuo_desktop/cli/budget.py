"""`skiuo budget`: what models have cost, and what they may cost."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json, words
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BudgetStep, Spending

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

STEPS = {
    BudgetStep.NONE: "",
    BudgetStep.CHEAPER: "New windows go to a cheaper model where there is one.",
    BudgetStep.WIDER: "New windows go to a cheaper model where there is one, and only every other one is analysed.",
    BudgetStep.KEEP: "New windows are kept for later (`skiuo analyze RECORDING --failed` asks then).",
}


def add_commands(commands: Commands) -> None:
    budget = commands.add_parser("budget", help="what models have cost, and limits", description="Without an action: what was spent, and the limits.")
    budget.set_defaults(run=show_budget)
    budget.add_argument("--json", action="store_true", help="one JSON object")
    actions = budget.add_subparsers(title="actions", metavar="ACTION")
    change = actions.add_parser("set", help="set limits; 0 is none", description="Near a limit: a cheaper model, every other window, then windows are kept.")
    change.add_argument("--recording", metavar="X", help="spent at most for one recording")
    change.add_argument("--day", metavar="X", help="spent at most a day")
    change.add_argument("--month", metavar="X", help="spent at most a calendar month")
    change.add_argument("--currency", metavar="C", help="USD or CNY")
    change.set_defaults(run=set_budget)


def show_budget(args: argparse.Namespace, home: Home) -> int:
    with running(home, analyse=False) as engine:
        spending = engine.spending().result()
    if args.json:
        as_json.line(spending_json(spending))
        return 0
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("spent", justify="right")
    table.add_column("at most", justify="right")
    table.add_row("today", words.money(spending.day, spending.currency), _limit(spending.day_limit, spending.currency))
    table.add_row("this month", words.money(spending.month, spending.currency), _limit(spending.month_limit, spending.currency))
    table.add_row("each recording", "", _limit(spending.recording_limit, spending.currency))
    Console(highlight=False).print(table)
    name, share, step = nearest(spending)
    if STEPS[step]:
        print(f"{share:.0%} of the {name}'s budget is used. {STEPS[step]}", file=sys.stderr)
    return 0


def nearest(spending: Spending) -> tuple[str, float, BudgetStep]:
    """The budget of a calendar span that is nearest its end: its name, the share that is used, and the step that a new window is on.

    A recording's own budget shows only while it is recorded.
    """
    from skiuo_desktop.engine.catalog import ladder

    shares = [("day", spending.day, spending.day_limit), ("month", spending.month, spending.month_limit)]
    share, name = max(((spent / limit, name) for name, spent, limit in shares if limit), default=(0.0, ""))
    return name, share, ladder(share, has_cheaper=True)


def spending_json(spending: Spending) -> dict[str, object]:
    return {
        "currency": spending.currency,
        "day": spending.day,
        "month": spending.month,
        "recording_limit": spending.recording_limit,
        "day_limit": spending.day_limit,
        "month_limit": spending.month_limit,
        "step": nearest(spending)[2].value,
    }


def _limit(limit: float, currency: str) -> str:
    return words.money(limit, currency) if limit else "no limit"


def set_budget(args: argparse.Namespace, home: Home) -> int:
    told: dict[s.Setting[Any], Any] = {s.BUDGET_RECORDING: args.recording, s.BUDGET_DAY: args.day, s.BUDGET_MONTH: args.month, s.BUDGET_CURRENCY: args.currency}
    values = {setting.key: value for setting, value in told.items() if value is not None}
    if not values:
        raise UsageError("Nothing to set was given: --recording, --day, --month or --currency.")
    s.Settings(home.settings).change(values)
    return 0
