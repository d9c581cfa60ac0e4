"""Keys and passwords: in the system's keyring, in an environment variable, or for this run only.

A reference says where a secret is, never what it is, and may be stored and shown:
`keyring:NAME`, `env:VARIABLE` or `run:NAME`. Secrets are never written to a file, a row or a log.
"""

from __future__ import annotations

import os

import keyring
from keyring.errors import KeyringError

from skiuo_desktop.errors import SecretError

SERVICE = "skiuo"

_this_run: dict[str, str] = {}


def read(reference: str) -> str:
    """The secret that `reference` names. Raises SecretError with what to do when there is none."""
    kind, name = _split(reference)
    if kind == "env":
        value = os.environ.get(name, "")
        if not value:
            raise SecretError(f"The environment variable {name} is not set.")
        return value
    if kind == "run":
        if name not in _this_run:
            raise SecretError(f"The key {name!r} was given for an earlier run only; enter it again.")
        return _this_run[name]
    try:
        stored = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise SecretError(f"The system's keyring cannot be read ({_reason(error)}). Use env:VARIABLE instead.") from error
    if stored is None:
        raise SecretError(f"The keyring has no key named {name!r}; enter it again.")
    return stored


def store(reference: str, secret: str) -> None:
    """Puts a secret where `reference` says. An `env:` reference cannot be written."""
    kind, name = _split(reference)
    if kind == "env":
        raise SecretError(f"Set the environment variable {name} yourself: the program does not write it.")
    if kind == "run":
        _this_run[name] = secret
        return
    try:
        keyring.set_password(SERVICE, name, secret)
    except KeyringError as error:
        raise SecretError(f"The system's keyring cannot be written ({_reason(error)}). Use the key for this run only, or env:VARIABLE.") from error


def forget(reference: str) -> None:
    """Removes a secret; one that is not there is no error."""
    kind, name = _split(reference)
    if kind == "run":
        _this_run.pop(name, None)
    elif kind == "keyring":
        try:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)
        except KeyringError as error:
            raise SecretError(f"The system's keyring cannot be written ({_reason(error)}).") from error


def _split(reference: str) -> tuple[str, str]:
    kind, _, name = reference.partition(":")
    if kind not in ("keyring", "env", "run") or not name:
        raise SecretError(f"{reference!r} names no secret: write keyring:NAME, env:VARIABLE or run:NAME.")
    return kind, name


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
