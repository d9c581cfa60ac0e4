"""`skiuo models add`, `change`, `test`: a model is saved, then its endpoint is asked what it takes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from rich.console import Console

from skiuo_desktop.cli import as_json, model_endpoint, model_keys, model_list, model_options
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import AnalysisError, SecretError, UsageError, UserError
from skiuo_desktop.home import Home
from skiuo_desktop.model import ModelConfig, ModelInfo

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine


def add_model(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.models import ModelBook

    known = ModelBook(home).all()
    if args.name in known:
        raise UsageError(f"There is a model named {args.name!r} already; `skiuo models change {args.name} …` changes it.")
    new = ModelConfig(name=args.name, provider=args.provider)
    new = replace(new, **model_options.fields(args, new))
    model_endpoint.check(new)
    key = model_keys.given(args, needed=model_endpoint.needs_key(new), taken=[config.key_ref for config in known.values()])
    new = replace(new, key_ref=key.ref)
    model_endpoint.check(new)
    with running(home, analyse=False) as engine:
        _saved(engine.add_model, new, key.secret)
        return _tell(engine, args, probe=not args.no_probe, done="is added")


def change_model(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.models import ModelBook

    book = ModelBook(home)
    before = book.get(args.name)
    fields = model_options.fields(args, before)
    if fields.get("provider", before.provider) != before.provider:
        # A preset and an address are another provider's: they go unless new ones were given.
        fields = {"preset": "", "base_url": "", **fields}
    elif "preset" in fields:
        fields = {"base_url": "", **fields}
    secret = ""
    if model_keys.wanted(args):
        others = [config.key_ref for config in book.all().values() if config.name != args.name]
        key = model_keys.given(args, needed=True, taken=others)
        fields["key_ref"], secret = key.ref, key.secret
    if not fields:
        raise UsageError("Nothing to change was given; `skiuo models change --help` lists what can be.")
    model_endpoint.check(replace(before, **fields))
    with running(home, analyse=False) as engine:
        after = _saved(engine.change_model, args.name, secret, **fields)
        changed = bool(secret) or model_options.endpoint(after) != model_options.endpoint(before)
        return _tell(engine, args, probe=changed and not args.no_probe, done="is changed")


def _saved(save: Callable[..., Future[ModelConfig]], *args: Any, **fields: Any) -> ModelConfig:
    try:
        return save(*args, **fields).result()
    except SecretError as error:
        raise SecretError(f"{error} Nothing was saved; --key-env VAR names an environment variable that holds the key.") from error


def _info(engine: Engine, name: str) -> tuple[int, ModelInfo]:
    """(rank from 1, model)."""
    return next((rank, info) for rank, info in enumerate(engine.models().result(), 1) if info.config.name == name)


def _tell(engine: Engine, args: argparse.Namespace, *, probe: bool, done: str) -> int:
    """Says that a model is saved, and what a test of its endpoint saw. A test that fails leaves the model as it is."""
    name = args.name
    if not args.json:
        print(f"{name} {done}.", file=sys.stderr)
    if probe:
        try:
            _probe(engine, name, json=args.json)
        except UserError as error:
            print(f"skiuo: {name} could not be tested: {error}", file=sys.stderr)
    rank, info = _info(engine, name)
    if args.json:
        as_json.line(model_list.model_json(info, rank))
    elif not info.active:
        print(f"`skiuo models use {name}` asks it from the next window on.", file=sys.stderr)
    return 0


def _probe(engine: Engine, name: str, *, json: bool) -> bool:
    """Whether the endpoint saw the test clip by at least one delivery; what it saw is printed, unless as `json`.

    Raises UsageError, AnalysisError where it cannot be tested at all.
    """
    _, info = _info(engine, name)
    model_keys.ask_for_this_run([info.config])
    if not json:
        print(f"Sending {info.server or name} a short test clip…", file=sys.stderr)
    report = engine.probe_model(name).result()
    if not json:
        model_list.print_report(asdict(report), Console(highlight=False))
    if not report.deliveries:
        print(f"skiuo: {name} saw nothing of the test clip; it stays as it is. `skiuo models test {name}` tests again.", file=sys.stderr)
    return bool(report.deliveries)


def test_model(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.models import ModelBook

    ModelBook(home).get(args.name)
    with running(home, analyse=False) as engine:
        seen = _probe(engine, args.name, json=args.json)
        if args.json:
            rank, info = _info(engine, args.name)
            as_json.line(model_list.model_json(info, rank))
    return 0 if seen else AnalysisError.exit_status
