"""Which models can be asked: the embedded one, always, and those that the user has configured."""

from __future__ import annotations

from collections.abc import Iterable

from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.model import OFFLINE, ModelConfig


def configured() -> dict[str, ModelConfig]:
    """All models by name. The offline measurer is always among them and always last."""
    return {OFFLINE: ModelConfig(name=OFFLINE, provider=OFFLINE)}


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once. Raises NotFoundError for one that is not configured."""
    known = configured()
    unique = tuple(dict.fromkeys(names))
    for name in unique:
        if name not in known:
            raise NotFoundError(f"There is no model named {name!r}. Configured: {', '.join(known)}.")
    return unique
