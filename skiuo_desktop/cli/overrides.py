"""Options of `skiuo record` and `skiuo analyze` that stand for settings, for one run only; and the forecast of its price."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from skiuo_desktop import settings as s
from skiuo_desktop.cli import words
from skiuo_desktop.model import ModelInfo


def add_options(parser: argparse.ArgumentParser) -> None:
    run = parser.add_argument_group("for this run only", "the settings stay as they are")
    run.add_argument("--prompt", metavar="NAME", help="how models are asked (`skiuo prompts` lists them)")
    run.add_argument("--language", choices=("en", "zh"), help="the language in which they write")
    run.add_argument("--rule", choices=s.RULE.choices, help="with several models: whose text stands")
    run.add_argument("--fallback", action="append", metavar="NAME", help="a model asked when one fails (repeat, in order)")
    run.add_argument("--budget", metavar="X", help="spent at most for this recording; 0: no limit")


def values(args: argparse.Namespace) -> dict[str, Any]:
    """Setting keys and their values for this run. Raises UsageError for a value that the setting does not take."""
    told: dict[s.Setting[Any], Any] = {
        s.PROMPT: args.prompt,
        s.ANALYSIS_LANGUAGE: args.language,
        s.RULE: args.rule,
        s.FALLBACK: args.fallback,
        s.BUDGET_RECORDING: args.budget,
    }
    return {setting.key: setting.parse(value) for setting, value in told.items() if value is not None}


def asked(infos: Iterable[ModelInfo], names: Sequence[str] | None) -> list[ModelInfo]:
    """The models of these names, or those that are active where there are none."""
    return [info for info in infos if (info.active if names is None else info.config.name in names)]


def forecast(infos: Sequence[ModelInfo]) -> str:
    """What an hour of recording comes to, at the current windows; empty where all of it is free."""
    hours: dict[str, float] = {}
    paid = []
    for info in infos:
        price = info.config.price
        if price is None or all(tier.per_million_in == tier.per_million_out == 0 for tier in price.tiers):
            continue
        paid.append(info.config.name)
        if info.per_hour is not None:
            hours[price.currency] = hours.get(price.currency, 0.0) + info.per_hour
    unknown = [info.config.name for info in infos if info.config.price is None]
    parts = []
    if hours:
        total = " and ".join(words.money(amount, currency) for currency, amount in hours.items())
        parts.append(f"About {total} an hour with {', '.join(paid)}.")
    if unknown:
        parts.append(f"The price of {', '.join(unknown)} is not known.")
    return " ".join(parts)
