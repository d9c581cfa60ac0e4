"""What an answer costs, by the price that its model's configuration holds."""

from __future__ import annotations

from skiuo_desktop.model import ModelConfig, Usage


def priced(config: ModelConfig, tokens_in: int | None, tokens_out: int | None, *, estimated: bool = False) -> Usage:
    """The usage with its price; without one where the price or a count is not known."""
    price = config.price
    cost = price.cost(tokens_in, tokens_out) if price is not None and tokens_in is not None and tokens_out is not None else None
    return Usage(tokens_in, tokens_out, cost, price.currency if price is not None else "USD", estimated)
