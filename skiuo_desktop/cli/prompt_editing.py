"""A prompt in the person's own editor: written as one text file with three parts, read back and checked before it is saved."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from skiuo_desktop.errors import UsageError

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Template

_HEAD = "The lines with === divide the parts; leave them. Known places and rules: skiuo prompts set --help\n"
_PART = re.compile(r"^=== (system|user|labels) ===[ \t]*$", re.MULTILINE)


def edited(template: Template, language: str, save: Callable[[Template], Template]) -> Template:
    """Opens the editor, then saves what it left. Raises UsageError: no editor, or texts that cannot be saved (their file is kept and named)."""
    handle, name = tempfile.mkstemp(prefix=f"skiuo-{template.name}-{language}-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(as_text(template, language))
        _open_editor(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    try:
        saved = save(from_text(path.read_text(encoding="utf-8-sig"), template, language))
    except (UsageError, UnicodeDecodeError) as error:
        reason = "It is no text in UTF-8." if isinstance(error, UnicodeDecodeError) else str(error)
        raise UsageError(f"{reason} Nothing was saved; your text is in {path}.") from error
    path.unlink(missing_ok=True)
    return saved


def as_text(template: Template, language: str) -> str:
    labels = ", ".join(template.labels.get(language, ()))
    return f"{_HEAD}\n=== system ===\n{template.system[language]}\n\n=== user ===\n{template.user[language]}\n\n=== labels ===\n{labels}\n"


def from_text(text: str, template: Template, language: str) -> Template:
    """The template with the texts of an edited file. Raises UsageError where a dividing line is missing or there twice."""
    pieces = _PART.split(text)
    names = pieces[1::2]
    if sorted(names) != ["labels", "system", "user"]:
        raise UsageError("The three lines === system ===, === user === and === labels === must each be there once.")
    parts = dict(zip(names, pieces[2::2], strict=True))
    labels = tuple(re.split(r"[,，\n]", parts["labels"]))
    return replace(
        template,
        system={**template.system, language: parts["system"].strip()},
        user={**template.user, language: parts["user"].strip()},
        labels={**template.labels, language: tuple(filter(None, (word.strip() for word in labels)))},
    )


def _open_editor(path: Path) -> None:
    told = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    if not told:
        raise UsageError("No editor is set. Set VISUAL or EDITOR, or use `skiuo prompts set NAME --user-file FILE`.")
    try:
        command = shlex.split(told, posix=os.name != "nt")
        status = subprocess.run([*command, str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise UsageError(f"The editor {told} cannot be started: {error}. Set VISUAL or EDITOR to another one.") from error
    if status != 0:
        raise UsageError(f"The editor {told} ended with status {status}: nothing was changed.")
