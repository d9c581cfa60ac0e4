"""Prices that are known, from `resources/prices.json`. Each says when it was read; a model's own price can be edited.

Where a source writes 256K, 256,000 tokens are taken: an estimate must not be too low.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from skiuo_desktop.home import resource
from skiuo_desktop.model import FREE, Price, Tier

TABLES = {"qwen": ("qwen",), "gemini": ("gemini",), "openai": ("qwen", "gemini")}
"""By provider. A server that speaks the OpenAI API may pass questions on to a model of these names."""
_HERE = ("offline", "transformers")  # on this computer: nobody sends a bill
# A dated snapshot or a moving alias of the same model, at the same price: `-2026-10-01`, `-20261001`, `-001`, `-latest`.
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest)$")


def known_price(provider: str, model: str, today: date) -> Price | None:
    """The price of a model on a day, or None where it is not known. `models/` and other paths before the name do not count."""
    if provider in _HERE:
        return FREE
    name = model.strip().lower().rsplit("/", 1)[-1]
    for table in TABLES.get(provider, ()):
        models = _content()[table]
        price = _on(models.get(name) or models.get(_SNAPSHOT.sub("", name)) or [], today)
        if price is not None:
            return price
    return None


def known_prices(today: date) -> list[tuple[str, str, Price]]:
    """All known prices on a day, as (provider, model, price), in the table's order."""
    each = [(provider, model, _on(entries, today)) for provider in ("qwen", "gemini") for model, entries in _content()[provider].items()]
    return [(provider, model, price) for provider, model, price in each if price is not None]


@lru_cache(maxsize=1)
def _content() -> Mapping[str, Any]:
    content: dict[str, Any] = json.loads(resource("prices.json").read_text(encoding="utf-8"))
    return content


def _on(entries: Sequence[Mapping[str, Any]], today: date) -> Price | None:
    """`entries` are by time: the first that has not ended counts."""
    entry = next((entry for entry in entries if today.isoformat() <= entry.get("until", "9999")), None)
    if entry is None:
        return None
    return Price(tuple(Tier(*tier) for tier in entry["tiers"]), _content()["currency"], _content()["read_on"], entry.get("until", ""))
