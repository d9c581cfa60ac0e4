"""Adding, changing, testing and choosing models: the book, the keys and the settings, kept in step."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from statistics import mean, median
from typing import Any
from urllib.parse import urlsplit

from skiuo_desktop import secrets
from skiuo_desktop import settings as s
from skiuo_desktop.analysis.address import check_base_url
from skiuo_desktop.analysis.forecast import window_usage
from skiuo_desktop.analysis.policy import per_hour
from skiuo_desktop.analysis.presets import base_url_of, preset_of, presets, server_label
from skiuo_desktop.analysis.prices import known_price
from skiuo_desktop.analysis.provider import ProbeReport, Probing
from skiuo_desktop.analysis.registry import provider_names
from skiuo_desktop.engine.analyse import AnalyseStage
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.parts import Parts
from skiuo_desktop.errors import SecretError, SkiuoError, UsageError
from skiuo_desktop.events import ModelsChanged
from skiuo_desktop.library.library import Library
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.media.test_clip import test_clip
from skiuo_desktop.model import FREE, OFFLINE, ModelConfig, ModelHealth, ModelInfo

log = logging.getLogger(__name__)

ANSWERS = 20
"""How many of a model's last answers its speed and price are told from."""


class Configuration:
    def __init__(self, parts: Parts, settings: s.Settings, book: ModelBook, analyse: AnalyseStage) -> None:
        self._store = parts.store
        self._links = parts.links
        self._settings = settings
        self._book = book
        self._analyse = analyse
        self._publish = parts.publish

    async def models(self) -> list[ModelInfo]:
        """All models as they are shown, in the person's order."""
        active, stand_ins = self._settings.get(s.ACTIVE_MODELS), self._settings.get(s.FALLBACK)
        found = []
        for config in self._book.all().values():
            recent = await self._store.read(Library.recent_answers, config.name, ANSWERS)
            times = [answer.total_ms for answer in recent if answer.total_ms is not None]
            gate = self._analyse.gate(config.name)
            found.append(
                ModelInfo(
                    config,
                    active=config.name in active,
                    fallback=stand_ins.index(config.name) + 1 if config.name in stand_ins else None,
                    health=gate.health if gate is not None else ModelHealth(config.name),
                    window_s=median(times) / 1000 if times else None,
                    per_hour=self._per_hour(config, [answer.usage.cost for answer in recent if answer.usage.cost]),
                    key_state=await asyncio.to_thread(_key_state, config),
                    server=_server(config),
                    address=base_url_of(config) if presets(config.provider) else config.base_url,
                )
            )
        return found

    def _per_hour(self, config: ModelConfig, costs: Sequence[float]) -> float | None:
        stride = self._settings.get(s.WINDOW_STRIDE)
        if costs:
            return per_hour(mean(costs), stride)
        guess = window_usage(config, self._settings.get(s.WINDOW_LENGTH), self._settings.get(s.WIDTH), self._settings.get(s.HEIGHT))
        return per_hour(guess.cost if guess is not None else None, stride)

    async def add(self, config: ModelConfig, secret: str) -> ModelConfig:
        """Saves a model and its key. Raises UsageError, SecretError."""
        config = _complete(config)
        if config.name in self._book.all():
            raise UsageError(f"There is a model named {config.name!r} already.")
        if secret:
            await asyncio.to_thread(secrets.store, config.key_ref, secret)
        await asyncio.to_thread(self._book.add, config)
        await self._analyse.providers.forget(config.name)  # of one that had this name, with its key
        self._analyse.asked_again((config.name,))
        self._said()
        return config

    async def change(self, name: str, secret: str, fields: dict[str, Any]) -> ModelConfig:
        """What was seen of the endpoint counts no more when another one is named. Raises NotFoundError, UsageError, SecretError."""
        before = self._book.get(name)
        changed = replace(before, **fields)
        if _endpoint(changed) != _endpoint(before) and "probe" not in fields:
            fields["probe"] = {}
        if (changed.provider, changed.model) != (before.provider, before.model) and "price" not in fields:
            fields["price"] = _complete(replace(changed, price=None)).price
        _check(changed)
        if secret:
            await asyncio.to_thread(secrets.store, changed.key_ref, secret)
        if changed.name != name:
            if changed.name in self._book.all():
                raise UsageError(f"There is a model named {changed.name!r} already.")
            # First: what is queued under a name that is gone fails.
            await self._store.write(Library.rename_model, name, changed.name)
        try:
            after = await asyncio.to_thread(lambda: self._book.change(name, **fields))
        except SkiuoError:
            if changed.name != name:
                await self._store.write(Library.rename_model, changed.name, name)
            raise
        if after.name != name:
            self._rename(name, after.name)
        if after.key_ref != before.key_ref:
            await self._forget_key(before)
        if secret:
            await self._analyse.providers.forget(name)
            self._analyse.asked_again((after.name,))
        self._said()
        return after

    async def remove(self, name: str) -> None:
        config = self._book.get(name)
        await asyncio.to_thread(self._book.remove, name)
        await self._forget_key(config)
        self._rename(name, "")
        self._said()

    async def _forget_key(self, config: ModelConfig) -> None:
        """Takes away the key that a model had, unless another one has the same."""
        if config.key_ref.startswith(("keyring:", "run:")) and not any(other.key_ref == config.key_ref for other in self._book.all().values()):
            try:
                await asyncio.to_thread(secrets.forget, config.key_ref)
            except SecretError as error:
                log.warning("the key of %s stays: %s", config.name, error)

    async def move(self, name: str, rank: int) -> None:
        await asyncio.to_thread(self._book.move, name, rank)
        self._said()

    async def use(self, names: Sequence[str], rule: str | None, judge: str | None, fallback: Sequence[str] | None) -> None:
        """Whom new windows are asked of, from the next one on. Raises NotFoundError, UsageError."""
        wanted = self._book.check_names(names)
        if not wanted:
            raise UsageError("At least one model is needed; the offline measurer is always there.")
        values: dict[str, Any] = {s.ACTIVE_MODELS.key: wanted}
        if rule is not None:
            values[s.RULE.key] = rule
        if judge is not None:
            values[s.JUDGE.key] = self._book.get(judge).name if judge else ""
        if fallback is not None:
            values[s.FALLBACK.key] = self._book.check_names(fallback)
        await asyncio.to_thread(self._settings.change, values)
        self._analyse.asked_again(wanted)

    async def probe(self, name: str) -> ProbeReport:
        """Walks a short clip through every delivery, and keeps what was seen. Raises NotFoundError, UsageError for a provider that cannot be tested."""
        config = self._book.get(name)
        await self._analyse.providers.forget(name)
        self._analyse.asked_again((name,))
        clip = ClipRenditions(await asyncio.to_thread(test_clip))
        try:
            async with self._analyse.providers.use(replace(config, probe={})) as provider, self._links.of_probe(config) as links:
                if not isinstance(provider, Probing):
                    raise UsageError(f"Models of the provider {config.provider!r} cannot be tested this way; `skiuo demo` shows the offline measurer.")
                report = await provider.probe(clip, links)
        finally:
            clip.close()
        await self._store.write(Library.record_spending, name, report.usages)
        if name in self._book.all():
            await asyncio.to_thread(lambda: self._book.change(name, probe=asdict(report)))
            self._said()
        return report

    def _rename(self, old: str, new: str) -> None:
        """Carries a name on in the settings, or takes it out of them."""
        values: dict[str, Any] = {}
        for setting in (s.ACTIVE_MODELS, s.FALLBACK):
            names = self._settings.get(setting)
            if old in names:
                kept = tuple(filter(None, (new if name == old else name for name in names)))
                values[setting.key] = kept or ((OFFLINE,) if setting is s.ACTIVE_MODELS else ())
        for one in (s.JUDGE, s.CHEAPER):
            if self._settings.get(one) == old:
                values[one.key] = new
        if values:
            self._settings.change(values)

    def _said(self) -> None:
        self._publish(ModelsChanged())
        self._analyse.wake()


def _complete(config: ModelConfig) -> ModelConfig:
    """With its price where it is known. Raises UsageError for what cannot work."""
    _check(config)
    base_url = config.base_url.strip().rstrip("/")
    config = replace(config, base_url=base_url)
    if config.price is None:
        price = known_price(config.provider, config.model, date.today())
        if price is None and presets(config.provider) and config.preset and preset_of(config).free:
            price = FREE
        config = replace(config, price=price)
    return config


def _check(config: ModelConfig) -> None:
    if config.provider not in provider_names() or config.provider == OFFLINE:
        known = ", ".join(name for name in provider_names() if name != OFFLINE)
        raise UsageError(f"There is no provider named {config.provider!r} to add models of. Installed: {known}.")
    if presets(config.provider):
        known_names = [found.name for found in presets(config.provider)]
        if config.preset and config.preset not in known_names:
            raise UsageError(f"{config.provider} has no preset {config.preset!r}. Known: {', '.join(known_names)}.")
        address = base_url_of(config)
        if not address:
            raise UsageError("This kind of server needs its address: --base-url https://…/v1.")
        check_base_url(address, with_key=bool(config.key_ref))
        if not config.model:
            raise UsageError("Which model of the server is meant? Give its name.")


def _endpoint(config: ModelConfig) -> tuple[Any, ...]:
    return config.provider, config.preset, config.base_url, config.model, config.key_ref, config.delivery, dict(config.options)


def _key_state(config: ModelConfig) -> str:
    """Where the key is; reads the keyring."""
    kind = config.key_ref.partition(":")[0]
    if not kind:
        return "none"
    try:
        secrets.read(config.key_ref)
    except SecretError:
        return "missing"
    return {"keyring": "keyring", "env": "environment", "run": "this run"}[kind]


def _server(config: ModelConfig) -> str:
    if presets(config.provider):
        return server_label(config)
    return urlsplit(config.base_url).netloc
