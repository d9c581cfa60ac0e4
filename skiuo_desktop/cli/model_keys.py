"""Where a model's key comes from. Never from an argument: arguments stand in process lists and in the shell's history.

A key is typed on a terminal without an echo, read from standard input where `--key-stdin` says so, or stays in an
environment variable of which only the name is kept.
"""

from __future__ import annotations

import argparse
import getpass
import itertools
import os
import re
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from skiuo_desktop import secrets
from skiuo_desktop.errors import SecretError, UsageError
from skiuo_desktop.model import ModelConfig

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIKE_A_KEY = re.compile(r"(?=.*[a-z])(?=.*\d)\w{20,}")


@dataclass(frozen=True, slots=True)
class Key:
    """Where the key is, and the key itself where it has to be stored there."""

    ref: str
    secret: str = field(default="", repr=False)


def add_options(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--key-env", metavar="VAR", help="the key is in this environment variable; only its name is kept")
    where.add_argument("--key-keyring", action="store_true", help="ask for the key and keep it in the system's keyring")
    where.add_argument("--key-run", action="store_true", help="the key is asked for whenever the model is used, and kept nowhere")
    where.add_argument("--no-key", action="store_true", help="the server wants no key")
    parser.add_argument("--key-stdin", action="store_true", help="read the key from standard input instead of asking")


def wanted(args: argparse.Namespace) -> bool:
    """Whether an option about the key was given."""
    return bool(args.key_env or args.key_keyring or args.key_run or args.no_key or args.key_stdin)


def given(args: argparse.Namespace, *, needed: bool | None, taken: Collection[str] = ()) -> Key:
    """The key that the options name, asked for where it has to be; without an option the keyring's.

    `taken`: references that other models have (a renamed one keeps its own), so that nobody's key is overwritten.

    `needed` False: without an option no key is asked for; None: only on a terminal, where Enter says that there is none.
    Raises UsageError where nobody can be asked.
    """
    if args.key_env:
        return _in_variable(args.key_env, args.name)
    if args.no_key or (not wanted(args) and (needed is False or (needed is None and not sys.stdin.isatty()))):
        return Key("")
    optional = needed is None and not wanted(args)
    secret = _read() if args.key_stdin else ask(args.name, optional=optional)
    return Key(_free(f"{'run' if args.key_run else 'keyring'}:{args.name}", taken), secret) if secret else Key("")


def _free(reference: str, taken: Collection[str]) -> str:
    """The reference, or the first of `reference-2`, `reference-3`, … that nobody has."""
    others = (f"{reference}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain((reference,), others) if each not in taken)


def _in_variable(variable: str, name: str) -> Key:
    there = bool(os.environ.get(variable))
    if not _VARIABLE.fullmatch(variable) or (not there and _LIKE_A_KEY.fullmatch(variable)):
        raise UsageError("--key-env wants the name of an environment variable, not the key itself; a key on the command line can be read by others.")
    if not there:
        print(f"skiuo: {variable} is not set here; it has to be wherever {name} is asked.", file=sys.stderr)
    return Key(f"env:{variable}")


def _read() -> str:
    key = sys.stdin.readline().strip()
    if not key:
        raise UsageError("Standard input holds no key.")
    return key


def ask(name: str, *, optional: bool = False) -> str:
    """The key, typed on the terminal without an echo; empty only where it is `optional`.

    Raises UsageError where there is no terminal, or none was typed.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"The key of {name} is missing, and there is no terminal to ask on: give --key-env VAR, --key-stdin, or --no-key.")
    try:
        key = getpass.getpass(f"Key of {name} (not shown{'; Enter: it wants none' if optional else ''}): ").strip()
    except EOFError:
        key = ""
    if not key and not optional:
        raise UsageError(f"No key of {name} was typed. --key-env VAR names a variable that holds it; --no-key is for servers that want none.")
    return key


def ask_for_this_run(configs: Iterable[ModelConfig]) -> None:
    """Asks for the keys of models that keep theirs nowhere (`run:NAME`), each once. Raises UsageError where nobody can be asked."""
    for config in configs:
        if not config.key_ref.startswith("run:"):
            continue
        try:
            secrets.read(config.key_ref)
        except SecretError:
            if not sys.stdin.isatty():
                raise UsageError(
                    f"The key of {config.name} is kept nowhere, and there is no terminal to ask for it: `skiuo models change {config.name} --key-env VAR`."
                ) from None
            secrets.store(config.key_ref, ask(config.name))
