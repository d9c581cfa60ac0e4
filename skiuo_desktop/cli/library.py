"""`skiuo list`, `show`, `search`, `delete`: questions to the library."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, notes, words
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import Analysis, AnalysisState, Recording, RecordingState, Window, WindowState

ALL = 10**9
"""More recordings than anybody has."""

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    listing = commands.add_parser("list", help="the recordings, newest first", description="Lists the recordings, newest first.")
    listing.add_argument("--json", action="store_true", help="one JSON object a recording")
    listing.set_defaults(run=list_recordings)

    show = commands.add_parser("show", help="one recording and its text", description="Shows a recording: what is known of it, and its narrative.")
    show.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    show.add_argument("--all", action="store_true", help="what every model wrote, not only the text that stands")
    show.add_argument("--json", action="store_true", help="one JSON object")
    show.set_defaults(run=show_recording)

    search = commands.add_parser("search", help="find words in titles, notes and texts", description="Finds words in titles, notes and texts, newest first.")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=int, default=50, metavar="N", help="at most N places (default 50)")
    search.add_argument("--json", action="store_true", help="one JSON object a place")
    search.set_defaults(run=search_library)

    delete = commands.add_parser(
        "delete", help="delete a recording", description="Shows what will go, asks, and moves the recording to the system's trash where there is one."
    )
    delete.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=delete_recording)


def list_recordings(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import open_library

    with open_library(home) as library:
        if args.json:
            for summary in library.summaries(limit=ALL):
                as_json.line(as_json.recording_json(library.recording(summary.id)))
            return 0
        summaries = library.summaries(limit=ALL)
    if not summaries:
        print("No recordings yet. `skiuo demo` makes one; `skiuo sources` shows what can be recorded.", file=sys.stderr)
        return 0
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("recording", "started", "length", "size", "price", "title", "windows"):
        table.add_column(heading, no_wrap=heading in ("recording", "started", "price"))
    for row in summaries:
        table.add_row(
            row.id,
            f"{row.started_at.astimezone():%Y-%m-%d %H:%M}",
            words.clock(row.duration_ms),
            words.size(row.bytes),
            " + ".join(words.money(cost, currency) for currency, cost in row.costs.items() if cost),
            Text(row.title),
            _states(row.states, row.state),
        )
    Console().print(table)
    return 0


def _states(states: tuple[WindowState, ...], recording: RecordingState) -> str:
    parts = [f"{states.count(state)} {state.value}" for state in WindowState if state in states]
    return ", ".join(([recording.value] if recording is not RecordingState.FINISHED else []) + parts)


def show_recording(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import open_library

    with open_library(home) as library:
        recording = library.recording(library.resolve(args.recording))
    if args.json:
        as_json.line(as_json.recording_json(recording))
    else:
        _print_recording(recording, Console(highlight=False), every=args.all)
    return 0


def _print_recording(recording: Recording, out: Console, *, every: bool) -> None:
    out.print(Text(recording.title, style="bold"))
    facts = [f"{recording.started_at.astimezone():%Y-%m-%d %H:%M}", words.clock(recording.duration_ms), words.size(recording.bytes)]
    facts += [f"{recording.width}×{recording.height}", recording.source_label]
    if recording.dropped_frames:
        facts.append(f"{recording.dropped_frames} of {recording.frames + recording.dropped_frames} frames dropped")
    out.print(Text(" · ".join(facts), style="dim"))
    out.print(Text(recording.path, style="dim"))
    for notice in recording.notices:
        out.print(Text(f"{words.clock(notice.at_ms)}  {notice.detail or notice.kind}", style="yellow"))
    for marker in recording.markers:
        out.print(Text(f"{words.clock(marker.at_ms)}  marker {marker.text}".rstrip()))
    for window in recording.windows:
        out.print()
        _print_window(window, out, every=every)


def _print_window(window: Window, out: Console, *, every: bool) -> None:
    chosen = window.chosen
    head = Text(words.span(window.span), style="bold")
    facts = [chosen.model if chosen and not every else "", "" if window.state is WindowState.DONE else window.state.value]
    head.append("  " + " ".join(filter(None, facts)), style="dim")
    head.rstrip()
    out.print(head)
    for analysis in window.analyses if every else filter(None, [chosen]):
        if every:
            out.print(Text(_who(analysis, stands=analysis is chosen), style="dim"))
        elif analysis.why:
            out.print(Text(failures.why(analysis.why, "en"), style="dim"))
        if analysis.text:
            out.print(Text(analysis.text))
        if analysis.failure is not None:
            out.print(Text(analysis.failure.message, style="red"))
    for note in filter(None, (notes.choice(window), notes.reason(window))):
        out.print(Text(note, style="dim"))


def _who(analysis: Analysis, *, stands: bool) -> str:
    """`qwen 2 · stands · 0.0042 $ · qwen failed: key refused`: the version from the second on."""
    parts = [analysis.model + (f" {analysis.version}" if analysis.version > 1 else "")]
    if stands:
        parts.append("stands")
    if analysis.state is not AnalysisState.DONE:
        parts.append(analysis.state.value)
    if analysis.partial:
        parts.append("not whole")
    parts.append(str(analysis.facts.get("label", "")))
    if analysis.usage.cost:
        parts.append(words.money(analysis.usage.cost, analysis.usage.currency))
    return " · ".join(filter(None, [*parts, failures.why(analysis.why, "en")]))


def search_library(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import open_library

    if not args.text.strip():
        raise UsageError("There is nothing to search for: give at least one word.")
    with open_library(home) as library:
        hits = library.search(args.text, max(1, args.limit))
    if args.json:
        for hit in hits:
            as_json.line(as_json.hit_json(hit))
        return 0
    out = Console(highlight=False)
    for hit in hits:
        place = words.clock(hit.start_ms) if hit.window_index is not None else hit.where
        out.print(Text.assemble((f"{hit.recording_id}  {place}", "bold"), f"  {hit.title}"))
        out.print(Text(f"  {hit.text}"))
    if not hits:
        print("Found nowhere: not in a title, a note or a text.", file=sys.stderr)
    return 0


def delete_recording(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import open_library

    with open_library(home) as library:
        recording_id = library.resolve(args.recording)
        preview = library.deletion_preview([recording_id])
        for row in preview.recordings:
            print(f"{row.id}  {row.title}  {words.clock(row.duration_ms)}", file=sys.stderr)
        goes = f"{words.size(preview.bytes)} and {words.count(preview.analyses, 'analysis', 'analyses')} go"
        where = "to the system's trash" if preview.to_trash else "for good: this system has no trash"
        unread = f"; {words.count(preview.not_analysed, 'window')} of it not analysed" if preview.not_analysed else ""
        print(f"{goes} {where}{unread}.", file=sys.stderr)
        if not args.yes:
            if not sys.stdin.isatty():
                raise UsageError("Nothing was deleted: there is nobody to ask. Add --yes.")
            print(f"Delete {words.size(preview.bytes)}? Type `delete`: ", end="", file=sys.stderr, flush=True)
            if sys.stdin.readline().strip().lower() != "delete":
                print("Nothing was deleted.", file=sys.stderr)
                return 130
        library.delete([recording_id])
    return 0
