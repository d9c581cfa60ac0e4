"""Where the backend's keys and its password come from. Never from an argument: arguments stand in process lists and in the shell's history."""

from __future__ import annotations

import getpass
import os
import re
import sys

from skiuo_desktop.errors import UsageError

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def reference(option: str, variable: str) -> str:
    """`env:VARIABLE`, of which only the name is kept. Raises UsageError for what is no name, or is not set: it may be the secret itself."""
    from_variable(option, variable)
    return f"env:{variable}"


def from_variable(option: str, variable: str) -> str:
    """What the variable holds. Raises UsageError where it holds nothing; what was typed is not repeated."""
    value = os.environ.get(variable, "") if _VARIABLE.fullmatch(variable) else ""
    if not value:
        raise UsageError(f"{option} wants the name of an environment variable that is set here, not the secret itself.")
    return value


def ask(what: str, option: str, *, optional: bool = False) -> str:
    """Typed on the terminal without an echo; empty only where it is `optional`. Raises UsageError where nobody can be asked, or nothing was typed."""
    if not sys.stdin.isatty():
        raise UsageError(f"The {what} is missing, and there is no terminal to ask on: give {option} VAR.")
    try:
        secret = getpass.getpass(f"{what[0].upper()}{what[1:]} (not shown{'; Enter: none is needed' if optional else ''}): ").strip()
    except EOFError:
        secret = ""
    if not secret and not optional:
        raise UsageError(f"No {what} was typed. {option} VAR names a variable that holds it.")
    return secret
