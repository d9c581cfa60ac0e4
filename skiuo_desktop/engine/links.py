"""Addresses of clips for models that fetch them: whether they can, for how long an address is valid, and what it is of."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from skiuo_desktop.analysis.presets import base_url_of, presets
from skiuo_desktop.analysis.provider import NO_STORE, Placed
from skiuo_desktop.backend.keys import CLIP, ObjectKey
from skiuo_desktop.engine.clips import Clips, Of, signed_for
from skiuo_desktop.engine.gate import PATIENCE_S
from skiuo_desktop.engine.reach import hindrance
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Analysis, ModelConfig, Recording

log = logging.getLogger(__name__)

_LEAST_S, _MOST_S = 3600, 7 * 24 * 3600
_BACKOFF_S = 30.0  # see `gate.backoff_s`
_KNOWN_S = 60.0  # how long an answer of the name server counts


def lasts_s(attempts: int, timeout_s: float) -> int:
    """For how long an address must be valid: through all attempts, each with its longest answer and the longest wait that a server may ask for.

    Never less than an hour, because a service may let a request lie in its own queue, and never more than the seven days that S3 allows.
    """
    return round(min(max(attempts * (timeout_s + PATIENCE_S + _BACKOFF_S), _LEAST_S), _MOST_S))


class Linking:
    """Makes `analysis.provider.Links`."""

    def __init__(self, clips: Clips, servers: Servers, device_id: str) -> None:
        self._clips = clips
        self._servers = servers
        self._device_id = device_id
        self._reached: dict[tuple[str, str], tuple[float, str]] = {}

    def of_window(self, recording: Recording, analysis: Analysis, config: ModelConfig, attempts: int) -> WindowLinks:
        """Of the window that is analysed, for a model that may be asked so often."""
        return WindowLinks(self, self._clips, _address(config), lasts_s(attempts, config.timeout_s), Of(recording, analysis))

    @asynccontextmanager
    async def of_probe(self, config: ModelConfig) -> AsyncIterator[ProbeLinks]:
        """Of the clip with which an endpoint is tested. It is of no recording and in no row: what was placed is removed when the block is left."""
        links = ProbeLinks(self, self._clips, _address(config), lasts_s(1, config.timeout_s), self._device_id)
        try:
            yield links
        finally:
            try:
                await self._clips.take_away(links.placed)
            except SkiuoError as error:
                log.warning("the clip of the test stays in the store: %s", error)

    def hindrance(self, address: str) -> str:
        """As `Links.hindrance`, for a model at this address. Blocks."""
        try:
            store = self._servers.store()
        except SkiuoError as error:
            return str(error)
        if store is None:
            return NO_STORE
        if why := self._clips.hindrance():
            return why
        way = signed_for(store), address
        known_at, told = self._reached.get(way, (0.0, ""))
        if not known_at or time.monotonic() - known_at > _KNOWN_S:
            told = hindrance(*way)
            self._reached[way] = time.monotonic(), told
        return told


@dataclass(frozen=True, slots=True)
class _Links:
    linking: Linking
    clips: Clips
    address: str  # of the model
    lasts: int

    def hindrance(self) -> str:
        return self.linking.hindrance(self.address)

    async def sign(self, placed: Placed) -> str:
        return await self.clips.sign(placed.key, placed.lasts_s)


@dataclass(frozen=True, slots=True)
class WindowLinks(_Links):
    of: Of

    async def place(self, data: bytes, form: str) -> Placed:
        return Placed(await self.clips.host(), await self.clips.place(self.of, data, form), self.lasts)


@dataclass(frozen=True, slots=True)
class ProbeLinks(_Links):
    device_id: str
    placed: set[str] = field(default_factory=set)

    async def place(self, data: bytes, form: str) -> Placed:
        key = str(ObjectKey(CLIP, self.device_id, "test", hashlib.sha256(data).hexdigest(), 0, 0, 1, form))
        self.placed.add(key)
        await self.clips.lay(key, data, form)
        return Placed(await self.clips.host(), key, self.lasts)


def _address(config: ModelConfig) -> str:
    return base_url_of(config) if presets(config.provider) else config.base_url
