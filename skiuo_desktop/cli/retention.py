"""`skiuo retention`: what the rule about old videos would remove here, and removing it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json, tables, words
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import RetentionPreview

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    retention = commands.add_parser(
        "retention",
        help="what the rule about old videos removes here",
        description="Shows which video files the rule would remove from this computer, the oldest first. Texts and thumbnails stay, and so does every video "
        "that is neither analysed nor in the object store. `skiuo settings set library.keep_days N` and `library.keep_gb N` set the rule, which the "
        "window carries out by itself.",
    )
    retention.add_argument("--days", type=s.KEEP_DAYS.parse, metavar="N", help="as if video were kept for N days (0: without end)")
    retention.add_argument("--gb", type=s.KEEP_GB.parse, metavar="N", help="as if at most N GB of video were kept (0: no limit)")
    retention.add_argument("--free", action="store_true", help="ask, and remove them now, for good")
    retention.add_argument("--yes", action="store_true", help="with --free: do not ask")
    retention.add_argument("--json", action="store_true", help="one JSON object")
    retention.set_defaults(run=run)


def run(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import open_library
    from skiuo_desktop.engine.retention import free, rule

    settings = s.Settings(home.settings)
    wanted = rule(settings, args.days, args.gb)
    with open_library(home) as library:
        preview = library.retention_preview(wanted)
        _tell(preview, wanted.days, wanted.gb)
        if not args.json:
            _print(preview)
        freed: list[str] = []
        size = 0
        if args.yes and not args.free:
            print("This was only shown: nothing was removed. Add --free.", file=sys.stderr)
        if args.free and preview.recordings:
            if not args.yes and not _agreed(preview):
                print("Nothing was removed.", file=sys.stderr)
                return 130
            done = free(library, settings, [summary.id for summary in preview.recordings])
            freed, size = list(done.recordings), done.bytes
            print(f"{words.count(len(freed), 'video')} removed: {words.size(size)}.", file=sys.stderr)
    if args.json:
        as_json.line({"days": wanted.days, "gb": wanted.gb} | _json(preview) | {"freed": freed, "freed_bytes": size})
    return 0


def _tell(preview: RetentionPreview, days: int, gb: float) -> None:
    if not days and not gb:
        print("There is no rule: video is kept here without end. `skiuo retention --days 30` shows what one would remove.", file=sys.stderr)
        return
    parts = [f"older than {words.count(days, 'day')}"] * bool(days) + [f"what is more than {gb:g} GB"] * bool(gb)
    print(f"{words.count(len(preview.recordings), 'video')} to go, {words.size(preview.bytes)}: {', and '.join(parts)}.", file=sys.stderr)
    if preview.kept:
        stay = "one stays: it is" if preview.kept == 1 else f"{preview.kept} stay: they are"
        print(f"Of those that the rule names {stay} neither analysed nor in the object store.", file=sys.stderr)
    if preview.doubted is not None:
        when = f"{preview.doubted.astimezone():%Y-%m-%d %H:%M}"
        print(f"Nothing goes for its age: the newest recording is of {when}, which does not fit this computer's clock. Set the clock.", file=sys.stderr)


def _print(preview: RetentionPreview) -> None:
    if not preview.recordings:
        return
    table = tables.table(("recording", "started", "length", "size", "title"), breaking=("title",))
    for row in preview.recordings:
        table.add_row(row.id, f"{row.started_at.astimezone():%Y-%m-%d %H:%M}", words.clock(row.duration_ms), words.size(row.bytes), Text(row.title))
    tables.show(table)


def _agreed(preview: RetentionPreview) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("Nothing was removed: there is nobody to ask. Add --yes.")
    print(f"Remove {words.size(preview.bytes)} of video from this computer for good? Type `remove`: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "remove"


def _json(preview: RetentionPreview) -> dict[str, Any]:
    return {
        "recordings": [{"id": row.id, "title": row.title, "started_at": row.started_at.isoformat(), "bytes": row.bytes} for row in preview.recordings],
        "bytes": preview.bytes,
        "kept": preview.kept,
        "doubted": preview.doubted.isoformat() if preview.doubted else None,
    }
