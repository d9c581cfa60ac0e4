"""`skiuo models`: the models that can be asked, their keys, their order and what their endpoints take."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json, model_keys, model_list, model_options, names
from skiuo_desktop.cli.model_edit import add_model, change_model, test_model
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

NAME = "the name that you gave it"


def add_commands(commands: Commands) -> None:
    models = commands.add_parser(
        "models", help="models: list, add, change, test, choose", description="Without an action: the models, in your order, the offline measurer last."
    )
    models.set_defaults(run=list_models, json=False)
    models.add_argument("--json", action="store_true", help="one JSON object a model")
    actions = models.add_subparsers(title="actions", metavar="ACTION")
    listing = actions.add_parser("list", help="the models, in your order")
    listing.add_argument("--json", action="store_true", help="one JSON object a model")
    listing.set_defaults(run=list_models)
    _describing(actions)
    _choosing(actions)


def _describing(actions: Commands) -> None:
    add = actions.add_parser("add", help="add a model and test its endpoint", description="Adds a model, then sends its endpoint a short test clip.")
    add.add_argument("name", metavar="NAME", help="what you call it")
    add.add_argument("--provider", required=True, metavar="P", help="qwen, gemini, openai (any server with its chat API), transformers (on this computer)")
    change = actions.add_parser("change", help="change a model", description="Changes what is given; tests the endpoint again where that may have changed.")
    change.add_argument("name", metavar="NAME", help=NAME)
    change.add_argument("--provider", metavar="P")
    for parser, run in ((add, add_model), (change, change_model)):
        model_options.add_options(parser)
        model_keys.add_options(parser)
        parser.add_argument("--no-probe", action="store_true", help="do not test the endpoint")
        parser.add_argument("--json", action="store_true", help="one JSON object: the model, and what the test saw")
        parser.set_defaults(run=run)
    test = actions.add_parser("test", help="send a short test clip and see what arrives")
    test.add_argument("name", metavar="NAME", help=NAME)
    test.add_argument("--json", action="store_true", help="one JSON object")
    test.set_defaults(run=test_model)


def _choosing(actions: Commands) -> None:
    remove = actions.add_parser("remove", help="forget a model and its key; what it has written stays")
    remove.add_argument("name", metavar="NAME", help=NAME)
    remove.set_defaults(run=remove_model)
    rename = actions.add_parser("rename", help="give a model another name")
    rename.add_argument("name", metavar="OLD")
    rename.add_argument("new", metavar="NEW")
    rename.set_defaults(run=rename_model)
    move = actions.add_parser("move", help="change a model's place in the order")
    move.add_argument("name", metavar="NAME", help=NAME)
    move.add_argument("rank", type=int, metavar="RANK", help="1 is the first")
    move.set_defaults(run=move_model)
    use = actions.add_parser(
        "use", help="choose who is asked from the next window on", description="Counts from the next window, also for a recording that runs in another program."
    )
    use.add_argument("names", nargs="+", metavar="NAME", help="models to ask about each window, the most trusted first")
    use.add_argument("--rule", choices=s.RULE.choices, help="with several: whose text stands (all: the first; best: most agreed with; vote: majority)")
    use.add_argument("--judge", metavar="NAME", help="a model that chooses between the answers; none: nobody does")
    use.add_argument("--fallback", action="append", metavar="NAME", help="asked when one fails (repeat, in order)")
    use.add_argument("--no-fallback", action="store_true", help="nobody stands in")
    use.set_defaults(run=use_models)
    prices = actions.add_parser("prices", help="the known prices, with the date they were read")
    prices.add_argument("name", nargs="?", metavar="NAME", help="only of this model")
    prices.add_argument("--json", action="store_true", help="one JSON object a price")
    prices.set_defaults(run=show_prices)


def list_models(args: argparse.Namespace, home: Home) -> int:
    with running(home, analyse=False) as engine:
        infos = engine.models().result()
    if args.json:
        for rank, info in enumerate(infos, 1):
            as_json.line(model_list.model_json(info, rank))
        return 0
    model_list.print_models(infos, Console(highlight=False))
    if len(infos) == 1:
        print("Only the offline measurer so far. `skiuo models add NAME --provider qwen|gemini|openai …` adds a model.", file=sys.stderr)
    return 0


def remove_model(args: argparse.Namespace, home: Home) -> int:
    names.check(home, {s.ACTIVE_MODELS.key: (args.name,)})
    with running(home, analyse=False) as engine:
        engine.remove_model(args.name).result()
    return 0


def rename_model(args: argparse.Namespace, home: Home) -> int:
    names.check(home, {s.ACTIVE_MODELS.key: (args.name,)})
    with running(home, analyse=False) as engine:
        engine.change_model(args.name, name=args.new).result()
    return 0


def move_model(args: argparse.Namespace, home: Home) -> int:
    if args.rank < 1:
        raise UsageError("A rank is 1 or more: 1 is the first.")
    names.check(home, {s.ACTIVE_MODELS.key: (args.name,)})
    with running(home, analyse=False) as engine:
        engine.move_model(args.name, args.rank - 1).result()
    return 0


def use_models(args: argparse.Namespace, home: Home) -> int:
    if args.fallback and args.no_fallback:
        raise UsageError("--fallback and --no-fallback contradict each other.")
    fallback = tuple(args.fallback) if args.fallback else () if args.no_fallback else None
    judge = "" if args.judge == "none" else args.judge
    names.check(home, {s.ACTIVE_MODELS.key: tuple(args.names), s.FALLBACK.key: fallback or (), s.JUDGE.key: judge or ""})
    with running(home, analyse=False) as engine:
        engine.use_models(tuple(args.names), rule=args.rule, judge=judge, fallback=fallback).result()
        settings = engine.settings
        active, stand_ins, rule = settings.get(s.ACTIVE_MODELS), settings.get(s.FALLBACK), settings.get(s.RULE)
    together = f" (rule: {rule})" if len(active) > 1 else ""
    after = f"; when one fails: {', '.join(stand_ins)}" if stand_ins else ""
    print(f"From the next window on: {', '.join(active)}{together}{after}.", file=sys.stderr)
    return 0


def show_prices(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.catalog import known_prices

    rows = known_prices(date.today())
    if args.name:
        from skiuo_desktop.engine.models import ModelBook

        config = ModelBook(home).get(args.name)
        rows = [(config.provider, config.model or config.name, config.price)] if config.price else []
        if not rows:
            print(f"No price of {args.name} is known; `skiuo models change {args.name} --price-in X --price-out Y` sets one.", file=sys.stderr)
    if args.json:
        for provider, model, price in rows:
            as_json.line({"provider": provider, "model": model, **(model_list.price_json(price) or {})})
        return 0
    model_list.print_prices(rows, Console(highlight=False))
    return 0
