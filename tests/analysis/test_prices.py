"""Known prices: by name, by date, by tier."""

from __future__ import annotations

from datetime import date

import pytest

from skiuo_desktop.analysis.prices import known_price, known_prices
from skiuo_desktop.model import FREE

DAY = date(2026, 11, 23)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("provider", "model", "per_million"),
    [
        ("qwen", "qwen3.8-max", (2.0, 6.0)),
        ("qwen", "qwen3.8-flash", (0.15, 0.47)),
        ("qwen", "qwen3.8-omni-flash", (0.15, 0.47)),
        ("qwen", "qwen3.5-plus", (0.4, 2.4)),
        ("qwen", "qwen3.7-plus-2026-10-01", (0.4, 1.6)),
        ("qwen", "qwen3-vl-plus-latest", (0.2, 1.6)),
        ("gemini", "models/gemini-3.5-flash-lite", (0.3, 2.5)),
        ("gemini", "gemini-3.5-flash", (1.5, 9.0)),
        ("gemini", "gemini-3.1-pro-preview", (2.0, 12.0)),
        ("gemini", "gemini-3.1-flash-lite", (0.25, 1.5)),
        ("gemini", "gemini-2.5-flash-001", (0.3, 2.5)),
        ("openai", "google/gemini-2.5-flash", (0.3, 2.5)),
        ("openai", "Qwen3.8-Max", (2.0, 6.0)),
    ],
)
def test_a_known_model(provider: str, model: str, per_million: tuple[float, float]) -> None:
    price = known_price(provider, model, DAY)
    assert price is not None and (price.currency, price.read_on) == ("USD", "2026-11-23")
    assert (price.tiers[0].per_million_in, price.tiers[0].per_million_out) == per_million
    assert price.tiers[-1].up_to is None, "the last tier has no end"


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("qwen", "qwen-vl-max"),
        ("qwen", "qwen-vl-plus"),
        ("qwen", "gemini-2.5-flash"),
        ("gemini", "qwen3.8-max"),
        ("gemini", "gemini-2.5-flash-lite"),
        ("qwen", "qwen3.7"),
        ("openai", "Qwen/Qwen3-VL-8B-Instruct"),
        ("openai", ""),
        ("other", "qwen3.8-max"),
    ],
)
def test_what_is_not_known_has_no_price(provider: str, model: str) -> None:
    assert known_price(provider, model, DAY) is None


def test_what_runs_here_is_free() -> None:
    assert known_price("transformers", "any/folder", DAY) == FREE == known_price("offline", "", DAY)


@pytest.mark.parametrize(
    ("model", "tokens_in", "cost_in"),
    [
        ("qwen3.7-plus", 256_000, 0.4),
        ("qwen3.7-plus", 256_001, 1.2),
        ("qwen3-vl-plus", 32_000, 0.2),
        ("qwen3-vl-plus", 32_001, 0.3),
        ("qwen3-vl-plus", 128_001, 0.6),
        ("gemini-3.1-pro-preview", 200_000, 2.0),
        ("gemini-3.1-pro-preview", 200_001, 4.0),
    ],
)
def test_the_tier_goes_by_the_size_of_the_request(model: str, tokens_in: int, cost_in: float) -> None:
    price = known_price("openai", model, DAY)
    assert price is not None and price.cost(tokens_in, 0) == pytest.approx(tokens_in / MILLION * cost_in)


def test_a_price_that_ends_is_followed_by_the_next() -> None:
    before, after = (known_price("gemini", "gemini-3.8-flash", day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before is not None and after is not None
    assert (before.cost(MILLION, MILLION), before.until) == (4.5, "2026-12-31")
    assert (after.cost(MILLION, MILLION), after.until) == (9.0, "")


def test_the_whole_table_says_what_each_name_says() -> None:
    rows = known_prices(date(2027, 1, 1))
    assert len(rows) == 12 and [provider for provider, _, _ in rows] == ["qwen"] * 6 + ["gemini"] * 6
    for provider, model, price in rows:
        assert price == known_price(provider, model, date(2027, 1, 1))
