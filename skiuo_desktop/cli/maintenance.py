"""`skiuo sources`, `skiuo settings`, `skiuo repair`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json, names, words
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    sources = commands.add_parser(
        "sources", help="what can be recorded here", description="Shows how sources are written, and the cameras, screens and microphones found now."
    )
    sources.add_argument("--json", action="store_true", help="one JSON object a line")
    sources.set_defaults(run=show_sources)

    settings = commands.add_parser("settings", help="show or change settings", description="Without an action: all settings with their values.")
    settings.set_defaults(run=show_settings, json=False)
    settings.add_argument("--json", action="store_true", help="one JSON object a line")
    actions = settings.add_subparsers(title="actions", metavar="ACTION")
    get = actions.add_parser("get", help="print one value")
    get.add_argument("key")
    get.set_defaults(run=get_setting)
    change = actions.add_parser("set", help="change one value")
    change.add_argument("key")
    change.add_argument("value")
    change.set_defaults(run=set_setting)
    path = actions.add_parser("path", help="print where the settings are kept")
    path.set_defaults(run=settings_path)

    repair = commands.add_parser(
        "repair",
        help="make whole what a killed program left behind",
        description="Finishes recordings whose program died (the window does so by itself when it starts) and takes in files whose rows are missing.",
    )
    repair.add_argument("--json", action="store_true", help="one JSON object a line")
    repair.set_defaults(run=repair_recordings)


def show_sources(args: argparse.Namespace, _home: Home) -> int:
    from skiuo_desktop.engine.offhand import find_devices

    devices = find_devices()
    if args.json:
        for text, label, detail in devices.sources:
            as_json.line({"source": text, "label": label, "detail": detail})
        for name, label, default in devices.microphones:
            as_json.line({"microphone": name, "label": label, "default": default})
        return 0
    out = Console()
    out.print("How a source is written", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for form, meaning in devices.grammar:
        table.add_row(form, meaning)
    out.print(table)
    out.print("\nFound now", style="bold")
    found = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for text, label, detail in devices.sources:
        found.add_row(text, label, detail)
    for name, label, default in devices.microphones:
        found.add_row("microphone", label if label == name else f"{label} ({name})", "the default" if default else "")
    out.print(found)
    return 0


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def show_settings(args: argparse.Namespace, home: Home) -> int:
    settings = s.Settings(home.settings)
    if args.json:
        for setting in s.ALL.values():
            value = settings.get(setting)
            as_json.line({"key": setting.key, "value": value, "default": setting.default, "unit": setting.unit, "help": setting.help})
        return 0
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("setting", "value", "", "what it does"):
        table.add_column(heading)
    for setting in s.ALL.values():
        value = settings.get(setting)
        table.add_row(setting.key, _value(value), setting.unit, setting.help, style="bold" if value != setting.default else "")
    Console().print(table)
    return 0


def get_setting(args: argparse.Namespace, home: Home) -> int:
    print(_value(s.Settings(home.settings).get(s.named(args.key))))
    return 0


def set_setting(args: argparse.Namespace, home: Home) -> int:
    setting = s.named(args.key)
    value = setting.parse(args.value)
    if setting is s.ACTIVE_MODELS and not value:
        raise UsageError("analysis.models wants at least one name; `skiuo record --no-analyze` records without.")
    names.check(home, {setting.key: value})
    s.Settings(home.settings).set(setting, value)
    return 0


def settings_path(_args: argparse.Namespace, home: Home) -> int:
    print(home.settings)
    return 0


def repair_recordings(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.app import Engine

    engine = Engine(home)
    engine.start(analyse=False)
    try:
        reports = engine.repaired().result() + engine.adopt().result()
        failures = engine.failures
    finally:
        engine.stop()
    for report in reports:
        if args.json:
            as_json.line(
                {
                    "recording": report.recording_id,
                    "path": report.path,
                    "duration_ms": report.duration_ms,
                    "lost_bytes": report.lost_bytes,
                    "message": report.message,
                }
            )
        else:
            print(f"{report.recording_id}  {words.clock(report.duration_ms)}  {report.message}")
    if not reports and not failures and not args.json:
        print("Nothing to repair.")
    for failure in failures[:-1]:
        print(f"skiuo: {failure}", file=sys.stderr)
    if failures:
        raise failures[-1]
    return 0
