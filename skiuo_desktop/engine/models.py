"""The models that can be asked: the embedded one, always, and those that the user has configured, in the user's order.

They live in `models.json` in the home folder, which is read again when it changes: what another program adds or changes
counts here from the next window. Keys are never in it, only references to them (see `secrets`).
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from skiuo_desktop import jsonfile
from skiuo_desktop.errors import NotFoundError, StorageError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import FREE, OFFLINE, ModelConfig, Price, Tier, When

log = logging.getLogger(__name__)

VERSION = 1
_NAME = re.compile(r"[^\s,:/\\\x00-\x1f][^,:/\\\x00-\x1f]{0,62}")
_EMBEDDED = ModelConfig(name=OFFLINE, provider=OFFLINE, price=FREE)


class ModelBook:
    """Thread-safe; writes are atomic and wait for each other across programs. Every method may raise StorageError."""

    def __init__(self, home: Home) -> None:
        self.path: Path = home.models
        self._lock = threading.RLock()
        self._stamp: tuple[int, int] | None = None
        self._models: dict[str, ModelConfig] = {}
        self._known = False  # the file, or that there is none, has been read once
        self._trouble = ""  # why the file as it is now cannot be read

    def all(self) -> dict[str, ModelConfig]:
        """By name, in the user's order. The offline measurer is always among them and always last."""
        with self._lock:
            self._read()
            return {**self._models, OFFLINE: _EMBEDDED}

    def get(self, name: str) -> ModelConfig:
        """Raises NotFoundError."""
        known = self.all()
        if name not in known:
            raise NotFoundError(f"There is no model named {name!r}. Configured: {', '.join(known)}.")
        return known[name]

    def check_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names, each once. Raises NotFoundError for one that is not configured."""
        return tuple(self.get(name).name for name in dict.fromkeys(names))

    def add(self, config: ModelConfig) -> None:
        """Adds a model as the last but the offline one. Raises UsageError for a name that is taken or no name."""
        if not _NAME.fullmatch(config.name) or config.name != config.name.strip():
            raise UsageError(f"{config.name!r} is no name: at most 63 characters, without commas, colons and slashes.")

        def change(models: dict[str, ModelConfig]) -> dict[str, ModelConfig]:
            if config.name in models or config.name == OFFLINE:
                raise UsageError(f"There is a model named {config.name!r} already.")
            return {**models, config.name: _checked(config)}

        self._change(change)

    def change(self, name: str, /, **fields: Any) -> ModelConfig:
        """Replaces fields of a model; a new `name` keeps its place. Raises NotFoundError, UsageError."""

        def change(models: dict[str, ModelConfig]) -> dict[str, ModelConfig]:
            if name not in models:
                raise NotFoundError(f"There is no model named {name!r}, or it cannot be changed.")
            changed = _checked(replace(models[name], **fields))
            if changed.name != name and (changed.name in models or changed.name == OFFLINE or not _NAME.fullmatch(changed.name)):
                raise UsageError(f"{changed.name!r} is taken or no name.")
            return {changed.name if old == name else old: changed if old == name else config for old, config in models.items()}

        models = self._change(change)
        return models[fields.get("name", name)]

    def remove(self, name: str) -> None:
        """Raises NotFoundError. What the model has written stays."""

        def change(models: dict[str, ModelConfig]) -> dict[str, ModelConfig]:
            if name not in models:
                raise NotFoundError(f"There is no model named {name!r}, or it cannot be removed.")
            return {old: config for old, config in models.items() if old != name}

        self._change(change)

    def move(self, name: str, rank: int) -> None:
        """Puts a model at a place in the order, from 0. Raises NotFoundError."""

        def change(models: dict[str, ModelConfig]) -> dict[str, ModelConfig]:
            if name not in models:
                raise NotFoundError(f"There is no model named {name!r}, or it cannot be moved.")
            order = [old for old in models if old != name]
            order.insert(max(0, min(rank, len(order))), name)
            return {old: models[old] for old in order}

        self._change(change)

    def _change(self, work: Any) -> dict[str, ModelConfig]:
        with self._lock, FileLock(self.path.with_suffix(".lock"), thread_local=False):
            self._read()
            if self._trouble:
                raise StorageError(f"{self._trouble} Correct the file, or move it away: a change here would overwrite it.")
            changed: dict[str, ModelConfig] = work(self._models)
            self._write(changed)
            self._models = changed
            return changed

    def _read(self) -> None:
        """Raises StorageError where the very first reading fails; later, what was read before goes on to count."""
        try:
            stat = self.path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp == self._stamp and not self._trouble:
                return
            content = json.loads(self.path.read_text(encoding="utf-8"))
            models = [_from_json(entry) for entry in content["models"]]
        except FileNotFoundError:
            self._models, self._stamp = {}, None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
            # Edited by hand, perhaps: the file stays for its editor.
            trouble = f"The models in {self.path} cannot be read ({error})."
            if not self._known:
                raise StorageError(f"{trouble} Correct the file, or move it away.") from error
            if trouble != self._trouble:
                log.warning("%s", trouble)
            self._trouble = trouble
            return
        else:
            self._models, self._stamp = {config.name: config for config in models}, stamp
        self._known, self._trouble = True, ""

    def _write(self, models: Mapping[str, ModelConfig]) -> None:
        try:
            self._stamp = jsonfile.write(self.path, {"version": VERSION, "models": [_as_json(config) for config in models.values()]})
        except OSError as error:
            raise StorageError(f"The models could not be saved in {self.path}: {error.strerror}.") from error


def _checked(config: ModelConfig) -> ModelConfig:
    if not (isinstance(config.concurrency, int) and 1 <= config.concurrency <= 64):
        raise UsageError("A model answers between 1 and 64 windows at once.")
    if not 1 <= config.timeout_s <= 3600:
        raise UsageError("The time for an answer is between 1 s and 3600 s.")
    if not 16 <= config.longest_answer <= 65_536:
        raise UsageError("The longest answer is between 16 and 65536 tokens.")
    if config.requests_per_minute < 0 or config.tokens_per_minute < 0:
        raise UsageError("A limit is a positive number, or 0 for none.")
    if config.price is not None and not config.price.tiers:
        raise UsageError("A price has at least one tier.")
    if config.price is not None and any(tier.per_million_in < 0 or tier.per_million_out < 0 for tier in config.price.tiers):
        raise UsageError("A price is not negative.")
    return config


def _as_json(config: ModelConfig) -> dict[str, Any]:
    return asdict(config)


def _from_json(entry: Mapping[str, Any]) -> ModelConfig:
    """Unknown fields (of a newer program) are left out; wrong ones raise ValueError, TypeError or UsageError."""
    known = {name: entry[name] for name in ModelConfig.__slots__ if name in entry}
    if known.get("price") is not None:
        price = dict(known["price"])
        known["price"] = Price(**{**price, "tiers": tuple(Tier(**tier) for tier in price["tiers"])})
    if "when" in known:
        when = dict(known["when"])
        known["when"] = When(**{**when, "hours": tuple(when["hours"]) if when.get("hours") else None})
    config = ModelConfig(**known)
    if not isinstance(config.name, str) or not isinstance(config.provider, str):
        raise ValueError("a model without name or provider")
    return _checked(config)
