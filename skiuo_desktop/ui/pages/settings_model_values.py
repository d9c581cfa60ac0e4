"""Between the fields of a model's form and its ModelConfig: what a field shows, what is wrong with it, and what it is saved as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.model import ModelConfig, Price, Tier

translate = QCoreApplication.translate

SIGNS = {"USD": "$", "CNY": "¥"}

WORKSPACE = "{WorkspaceId}"
"""Stands in an address where the person writes the id of their own workspace."""

FORBIDDEN = ",:/\\"
"""Letters that a model's name in Skiuo may not have."""


def numbers(config: ModelConfig) -> dict[str, float | None]:
    """What the number fields show, by their names; None where a field is empty. `budget_left` is in per cent."""
    tier = config.price.tiers[0] if config.price is not None else None
    hours = config.when.hours
    return {
        "price_in": tier.per_million_in if tier is not None else None,
        "price_out": tier.per_million_out if tier is not None else None,
        "fps": _number(config.options.get("fps")),
        "longest_answer": config.longest_answer,
        "concurrency": config.concurrency,
        "requests_per_minute": config.requests_per_minute or None,
        "tokens_per_minute": config.tokens_per_minute or None,
        "timeout_s": config.timeout_s,
        "hour_from": hours[0] if hours is not None else None,
        "hour_to": hours[1] if hours is not None else None,
        "budget_left": config.when.budget_left * 100 or None,
    }


def priced(per_million_in: float, per_million_out: float, currency: str, old: Price | None) -> Price:
    """A price set by hand today; the tiers for longer questions stay as they are in the `old` one."""
    first = Tier(per_million_in, per_million_out, old.tiers[0].up_to if old is not None else None)
    return Price((first, *(old.tiers[1:] if old is not None else ())), currency, today())


def today() -> str:
    return datetime.now(UTC).astimezone().date().isoformat()


def name_trouble(text: str, taken: frozenset[str]) -> str:
    """What is wrong with a model's name."""
    if not text:
        return translate("ModelForm", "Write a name.")
    if len(text) > 63 or any(letter in FORBIDDEN for letter in text):
        return translate("ModelForm", "At most 63 characters, without commas, colons and slashes.")
    return translate("ModelForm", "Another model has this name.") if text in taken else ""


def url_trouble(text: str, *, needed: bool) -> str:
    """What is wrong with an address."""
    if not text:
        return translate("ModelForm", "Write the server's address.") if needed else ""
    if WORKSPACE in text:
        return translate("ModelForm", "Write your own workspace's id in place of {WorkspaceId}.")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return translate("ModelForm", "An address begins with https://, or with http:// for a server of your own.")
    return translate("ModelForm", "The key does not belong into the address.") if parts.username or parts.password or parts.query else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def with_option(options: Mapping[str, Any], key: str, value: float | None) -> dict[str, Any]:
    changed = {name: old for name, old in options.items() if name != key}
    return changed if value is None else {**changed, key: value}
