"""Keys and passwords: in the system's keyring, in an environment variable, or for this run only.

A reference says where a secret is, never what it is, and may be stored and shown:
`keyring:NAME`, `env:VARIABLE` or `run:NAME`. Secrets are never written to a file, a row or a log.
"""

from __future__ import annotations

import os

import keyring
from keyring.errors import KeyringError

from skiuo_desktop import remarks
from skiuo_desktop.errors import SecretError

SERVICE = "skiuo"

_this_run: dict[str, str] = {}


def read(reference: str) -> str:
    """The secret that `reference` names. Raises SecretError with what to do when there is none."""
    kind, name = _split(reference)
    if kind == "env":
        value = os.environ.get(name, "")
        if not value:
            raise remarks.error(SecretError, "env_unset", name=name)
        return value
    if kind == "run":
        if name not in _this_run:
            raise remarks.error(SecretError, "run_over", name=name)
        return _this_run[name]
    try:
        stored = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise remarks.error(SecretError, "keyring_unreadable", why=_reason(error)) from error
    if stored is None:
        raise remarks.error(SecretError, "keyring_empty", name=name)
    return stored


def store(reference: str, secret: str) -> None:
    """Puts a secret where `reference` says. An `env:` reference cannot be written."""
    kind, name = _split(reference)
    if kind == "env":
        raise remarks.error(SecretError, "env_not_written", name=name)
    if kind == "run":
        _this_run[name] = secret
        return
    try:
        keyring.set_password(SERVICE, name, secret)
    except KeyringError as error:
        raise remarks.error(SecretError, "keyring_unwritable", why=_reason(error)) from error


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
            raise remarks.error(SecretError, "keyring_stays", why=_reason(error)) from error


def _split(reference: str) -> tuple[str, str]:
    kind, _, name = reference.partition(":")
    if kind not in ("keyring", "env", "run") or not name:
        raise SecretError(f"{reference!r} names no secret: write keyring:NAME, env:VARIABLE or run:NAME.")
    return kind, name


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
