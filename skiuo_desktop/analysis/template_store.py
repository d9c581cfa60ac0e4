"""The templates that come with the program, and the user's changes to them in `prompts.json` in the home folder.

The file is read again when it changes, so that an edit in one program counts in another from its next window.
"""

from __future__ import annotations

import json
import logging
import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

from skiuo_desktop import jsonfile
from skiuo_desktop.analysis.template import Template, check
from skiuo_desktop.errors import NotFoundError, StorageError, UsageError
from skiuo_desktop.home import Home, resource

log = logging.getLogger(__name__)

T = TypeVar("T")

VERSION = 1
BUILTIN = ("activity", "cooking", "craft", "coding", "sports", "teaching", "meeting", "free")
"""In the order in which they are offered; each is a file in `resources/prompts`."""


class TemplateStore:
    """Thread-safe; writes are atomic and wait for each other across programs. Every method may raise StorageError."""

    def __init__(self, home: Home) -> None:
        self.path: Path = home.prompts
        self._lock = threading.RLock()
        self._stamp: tuple[int, int] | None = None
        self._broken: tuple[int, int] | None = None  # what has been warned of once
        self._own: dict[str, Template] = {}
        self._versions: dict[str, int] = {}  # the highest version that each name has had: a number never means two texts

    def all(self) -> list[Template]:
        """The built-in ones in their order, then the user's own."""
        with self._lock:
            self._read()
            return list({**builtin(), **self._own}.values())

    def get(self, name: str) -> Template:
        """Raises NotFoundError."""
        known = {template.name: template for template in self.all()}
        if name not in known:
            raise NotFoundError(f"There is no prompt named {name!r}. There are: {', '.join(known)}.")
        return known[name]

    def save(self, template: Template) -> Template:
        """Saves it under its name as a new version, and returns what is kept. The same texts again are no new version. Raises UsageError."""
        checked = check(template)

        def change() -> Template:
            before = self._own.get(checked.name) or builtin().get(checked.name)
            if before is not None and _texts(before) == _texts(checked):
                return before
            version = max(before.version if before else 0, self._versions.get(checked.name, 0)) + 1
            is_builtin = checked.name in builtin()
            saved = replace(checked, version=version, builtin=is_builtin, changed=is_builtin)
            self._write({**self._own, saved.name: saved}, {**self._versions, saved.name: version})
            return saved

        return self._change(change)

    def reset(self, name: str) -> None:
        """Back to what came with the program; a template of the user's own is removed. Raises NotFoundError."""

        def change() -> None:
            if name in self._own:
                self._write({old: template for old, template in self._own.items() if old != name}, self._versions)

        self.get(name)
        self._change(change)

    def _change(self, work: Callable[[], T]) -> T:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.with_suffix(".lock"), thread_local=False)
            with self._lock, lock:
                self._read(strict=True)
                return work()
        except OSError as error:
            raise StorageError(f"The prompts could not be saved in {self.path}: {error.strerror or error}.") from error

    def _read(self, *, strict: bool = False) -> None:
        """`strict`: before a change. A file that cannot be read must not be written over."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._own, self._versions, self._stamp = {}, {}, None
            return
        except OSError as error:
            raise StorageError(f"The prompts in {self.path} cannot be read: {error.strerror}.") from error
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp == self._stamp:
            return
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            own = [_from_json(entry) for entry in content["templates"]]
            versions = {str(name): int(version) for name, version in dict(content.get("versions", {})).items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
            # Edited by hand, perhaps: what was read before goes on to count, and the file stays for its editor.
            if stamp != self._broken:
                log.warning("%s cannot be read: %s", self.path, error)
                self._broken = stamp
            if self._stamp is None or strict:
                raise StorageError(f"The prompts in {self.path} cannot be read ({error}). Correct the file, or move it away.") from error
            return
        self._own, self._versions, self._stamp = {template.name: template for template in own}, versions, stamp

    def _write(self, own: Mapping[str, Template], versions: Mapping[str, int]) -> None:
        content = {"version": VERSION, "templates": [_as_json(template) for template in own.values()], "versions": versions}
        stamp = jsonfile.write(self.path, content)
        self._own, self._versions, self._stamp = dict(own), dict(versions), stamp


@lru_cache(maxsize=1)
def builtin() -> Mapping[str, Template]:
    """The templates that come with the program, by name."""
    return {name: _from_toml(name) for name in BUILTIN}


def _from_toml(name: str) -> Template:
    content = tomllib.loads(resource("prompts", f"{name}.toml").read_text(encoding="utf-8"))
    return check(
        Template(
            name,
            content["title_en"],
            content["title_zh"],
            system={"en": content["en"]["system"], "zh": content["zh"]["system"]},
            user={"en": content["en"]["user"], "zh": content["zh"]["user"]},
            labels={language: tuple(words) for language, words in content["labels"].items()},
            version=content["version"],
        )
    )


def _texts(template: Template) -> dict[str, Any]:
    kept = _as_json(template)
    del kept["version"]
    return kept


def _as_json(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "title_en": template.title_en,
        "title_zh": template.title_zh,
        "system": dict(template.system),
        "user": dict(template.user),
        "labels": {language: list(words) for language, words in template.labels.items()},
        "version": template.version,
    }


def _from_json(entry: Mapping[str, Any]) -> Template:
    """Raises ValueError, KeyError, TypeError, AttributeError or UsageError for what is no template."""
    name = entry["name"]
    is_builtin = name in BUILTIN
    labels = {language: tuple(str(word) for word in words) for language, words in dict(entry["labels"]).items()}
    template = Template(
        name, entry["title_en"], entry["title_zh"], dict(entry["system"]), dict(entry["user"]), labels, int(entry["version"]), is_builtin, is_builtin
    )
    return check(template)
