"""The providers in use, one for each model's configuration: built when first asked, let go when the configuration changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from skiuo_desktop.analysis.provider import Provider
from skiuo_desktop.analysis.registry import build
from skiuo_desktop.errors import AnalysisError, NotFoundError, UsageError
from skiuo_desktop.model import FailureKind, ModelConfig


@dataclass(slots=True)
class _Entry:
    config: ModelConfig
    provider: Provider
    users: int = 0
    retired: bool = False


class Providers:
    """Belongs to the engine's loop."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    @asynccontextmanager
    async def use(self, config: ModelConfig) -> AsyncIterator[Provider]:
        """The provider of a model. One whose configuration has changed is closed when the last answer under way with it has ended.

        Raises AnalysisError (MODEL_MISSING) where there is none to be had with this configuration.
        """
        while (entry := self._entries.get(config.name)) is not None and entry.config != config:
            await self._retire(config.name)  # meanwhile another one may have come and built one
        if entry is None:
            entry = self._entries[config.name] = _Entry(config, _built(config))
        entry.users += 1
        try:
            yield entry.provider
        finally:
            entry.users -= 1
            if entry.retired and entry.users == 0:
                await entry.provider.close()

    async def forget(self, name: str) -> None:
        """A key has changed: the next answer is asked with a new provider."""
        if name in self._entries:
            await self._retire(name)

    async def _retire(self, name: str) -> None:
        entry = self._entries.pop(name)
        entry.retired = True
        if entry.users == 0:
            await entry.provider.close()

    async def close(self) -> None:
        entries, self._entries = self._entries, {}
        await asyncio.gather(*(entry.provider.close() for entry in entries.values()), return_exceptions=True)


def _built(config: ModelConfig) -> Provider:
    try:
        return build(config)
    except (NotFoundError, UsageError) as error:
        raise AnalysisError.of(FailureKind.MODEL_MISSING, str(error)) from error
