"""Whether a model's provider, host and name make an endpoint, asked before a key is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skiuo_desktop.errors import NotFoundError, UsageError
from skiuo_desktop.model import ModelConfig

if TYPE_CHECKING:
    from skiuo_desktop.engine.catalog import Preset


def check(config: ModelConfig) -> None:
    """Raises NotFoundError for a provider or preset that is not there, UsageError for an address or a model that is missing or wrong."""
    from skiuo_desktop.engine.catalog import check_base_url, presets, providers

    names = [provider.name for provider in providers()]
    if config.provider not in names:
        raise NotFoundError(f"There is no provider {config.provider!r}. There are: {', '.join(names)}.")
    known = presets(config.provider)
    if config.preset and _preset(config) is None:
        raise NotFoundError(f"{config.provider} has no preset {config.preset!r}. There are: {', '.join(p.name for p in known) or 'none'}.")
    preset = _preset(config)
    missing = config.provider == "openai" and not config.base_url if preset is None else not _is_address(config.base_url or preset.base_url)
    if missing:
        form = f", such as {preset.base_url}" if preset is not None and preset.base_url else " up to and including /v1"
        raise UsageError(f"The address is missing: --base-url URL{form}" + (", or --preset P." if preset is None else "."))
    if config.base_url:
        check_base_url(config.base_url, with_key=bool(config.key_ref))
    if known and not config.model:
        some = (preset or known[0]).models
        raise UsageError(f"Which model is missing: --model M{f', such as {some[0]}' if some else ''}.")


def needs_key(config: ModelConfig) -> bool | None:
    """None: that depends on a server which only the person knows."""
    from skiuo_desktop.engine.catalog import presets

    known = presets(config.provider)
    preset = _preset(config)
    if preset is not None:
        return True if preset.needs_key else False if preset.free else None
    if config.provider == "openai":
        return None
    return bool(known) and known[0].needs_key


def _preset(config: ModelConfig) -> Preset | None:
    from skiuo_desktop.engine.catalog import presets

    return next((preset for preset in presets(config.provider) if preset.name == config.preset), None)


def _is_address(url: str) -> bool:
    """Not so where it is empty or has a place for the person's own words in braces."""
    return bool(url) and "{" not in url
