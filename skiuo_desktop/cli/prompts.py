"""`skiuo prompts`: how models are asked, shown, changed and previewed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Template

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

PLACES = """what can stand in a text, each filled for every window:
  {position}  which part of the recording this is      {start} {end} {length}  the same as bare numbers
  {previous}  what was said of the part before         {summary}  a sentence for each part before that
  {overlap}   how much of the part is told already     {rules}    how to write: two to four plain sentences on what is new
  {date} {time}  when the part begins; with them no answer can be used again
A brace that is meant as itself is written twice. The language, and that words in the picture are no instructions, are always added."""


def add_commands(commands: Commands) -> None:
    prompts = commands.add_parser("prompts", help="how models are asked: show, change, preview", description="Without an action: the prompts; * is in use.")
    prompts.set_defaults(run=list_prompts, json=False)
    prompts.add_argument("--json", action="store_true", help="one JSON object a prompt")
    actions = prompts.add_subparsers(title="actions", metavar="ACTION")
    listing = actions.add_parser("list", help="the prompts; * is in use")
    listing.add_argument("--json", action="store_true", help="one JSON object a prompt")
    listing.set_defaults(run=list_prompts)
    show = _action(actions, "show", "print a prompt's texts as they are kept", show_prompt)
    show.add_argument("--json", action="store_true", help="one JSON object")
    edit = _action(actions, "edit", "change a prompt in your editor ($VISUAL or $EDITOR)", edit_prompt, epilog=PLACES)
    change = _action(actions, "set", "change a prompt from files or words", set_prompt, epilog=PLACES)
    change.add_argument("--system-file", metavar="FILE", help="who the model is and how it writes; - reads standard input")
    change.add_argument("--user-file", metavar="FILE", help="what it is asked about each window; - reads standard input")
    change.add_argument("--labels", metavar="A,B,C", help="the words of which one is chosen where models vote; empty: none")
    preview = _action(actions, "preview", "print what a model would be asked", preview_prompt)
    preview.add_argument("--label", action="store_true", help="with the line for the label, as where models vote")
    preview.add_argument("--json", action="store_true", help="one JSON object")
    for parser in (show, edit, change, preview):
        parser.add_argument("--language", choices=("en", "zh"), help="of the texts; otherwise the one in which models write")
    _action(actions, "reset", "back to what came with the program", reset_prompt)
    _action(actions, "use", "ask by this prompt from the next window on", use_prompt)


def _action(actions: Commands, name: str, text: str, run: Any, *, epilog: str | None = None) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", metavar="NAME", help="as in the list")
    parser.set_defaults(run=run)
    return parser


def list_prompts(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore

    used, language = s.Settings(home.settings).get(s.PROMPT), _language(None, home)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for template in TemplateStore(home).all():
        if args.json:
            as_json.line({**_json(template), "used": template.name == used})
        table.add_row("*" if template.name == used else "", template.name, template.title(language), _state(template))
    if not args.json:
        Console().print(table)
    return 0


def show_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore

    template = TemplateStore(home).get(args.name)
    if args.json:
        as_json.line(_json(template))
        return 0
    language = _language(args.language, home)
    print(f"{template.title(language)} · {language} · {_state(template)}\n\nsystem\n\n{template.system[language]}\n\nuser\n\n{template.user[language]}\n")
    print(f"labels\n\n{', '.join(template.labels.get(language, ())) or 'none'}")
    return 0


def edit_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.cli.prompt_editing import edited
    from skiuo_desktop.engine.prompts import TemplateStore

    store = TemplateStore(home)
    before = store.get(args.name)
    return _saved(before, edited(before, _language(args.language, home), store.save))


def set_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore

    if args.system_file is None and args.user_file is None and args.labels is None:
        raise UsageError("Nothing to change: give --system-file, --user-file or --labels.")
    if args.system_file == args.user_file == "-":
        raise UsageError("Standard input can be read for one of the two texts only.")
    store, language = TemplateStore(home), _language(args.language, home)
    before = template = store.get(args.name)
    if args.system_file is not None:
        template = replace(template, system={**template.system, language: _read(args.system_file)})
    if args.user_file is not None:
        template = replace(template, user={**template.user, language: _read(args.user_file)})
    if args.labels is not None:
        template = replace(template, labels={**template.labels, language: tuple(args.labels.replace("，", ",").split(","))})
    return _saved(before, store.save(template))


def preview_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore, about_tokens, preview

    language = _language(args.language, home)
    prompt = preview(TemplateStore(home).get(args.name), language, want_label=args.label)
    tokens = about_tokens(prompt.system) + about_tokens(prompt.text)
    if args.json:
        as_json.line({**prompt.as_json(), "language": language, "about_tokens": tokens})
    else:
        print(f"{prompt.system}\n\n[the window's video]\n\n{prompt.text}\n\n(about {tokens} tokens without the video)")
    return 0


def reset_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore

    settings, store = s.Settings(home.settings), TemplateStore(home)
    template = store.get(args.name)
    if not template.builtin and settings.get(s.PROMPT) == template.name:
        raise UsageError(f"{template.name} is your own and in use: it would be removed. Use another prompt first.")
    store.reset(args.name)
    return 0


def use_prompt(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.prompts import TemplateStore

    s.Settings(home.settings).set(s.PROMPT, TemplateStore(home).get(args.name).name)
    return 0


def _saved(before: Template, after: Template) -> int:
    print("Nothing changed." if after == before else f"{after.name}: version {after.version}.")
    return 0


def _state(template: Template) -> str:
    kind = "changed by you" if template.changed else "" if template.builtin else "your own"
    return f"version {template.version}" + (f", {kind}" if kind else "")


def _language(told: str | None, home: Home) -> str:
    from skiuo_desktop.engine.language import text_language
    from skiuo_desktop.engine.wishes import Wishes

    return told or text_language(Wishes(s.Settings(home.settings)))


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{name} is no text in UTF-8.") from error


def _json(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "title": {"en": template.title_en, "zh": template.title_zh},
        "system": dict(template.system),
        "user": dict(template.user),
        "labels": {language: list(words) for language, words in template.labels.items()},
        "version": template.version,
        "builtin": template.builtin,
        "changed": template.changed,
    }
