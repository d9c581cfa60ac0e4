"""`skiuo list`, `show`, `search`, `delete`: questions to the library, and about other devices to the user's own servers."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, fetching, notes, tables, words
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import Analysis, AnalysisState, Recording, RecordingState, Window, WindowState

if TYPE_CHECKING:
    from skiuo_desktop.engine.anywhere import Anywhere

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    listing = commands.add_parser("list", help="the recordings, newest first", description="Lists the recordings, newest first.")
    listing.add_argument("--device", metavar="NAME", help="those of another device, by its name, or `all`: of this and all others")
    listing.add_argument("--devices", action="store_true", help="the other devices that mirror to the same database, instead of recordings")
    listing.add_argument("--json", action="store_true", help="one JSON object a recording")
    listing.set_defaults(run=list_recordings)

    show = commands.add_parser("show", help="one recording and its text", description="Shows a recording: what is known of it, and its narrative.")
    show.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    show.add_argument("--all", action="store_true", help="what every model wrote, not only the text that stands")
    show.add_argument("--json", action="store_true", help="one JSON object")
    show.set_defaults(run=show_recording)

    search = commands.add_parser("search", help="find words in titles, notes and texts", description="Finds words in titles, notes and texts, newest first.")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--device", metavar="NAME", help="on another device, by its name, or `all`: on this and all others")
    search.add_argument("--limit", type=int, default=50, metavar="N", help="at most N places (default 50)")
    search.add_argument("--json", action="store_true", help="one JSON object a place")
    search.set_defaults(run=search_library)

    delete = commands.add_parser(
        "delete", help="delete a recording", description="Shows what will go, asks, and moves the recording to the system's trash where there is one."
    )
    delete.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=delete_recording)
    fetching.add_commands(commands)


def list_recordings(args: argparse.Namespace, home: Home) -> int:
    if args.devices:
        return _list_devices(args, home)
    from skiuo_desktop.engine.anywhere import open_anywhere

    with open_anywhere(home) as anywhere:
        summaries = anywhere.summaries(args.device)
        if args.json:
            for summary in summaries:
                as_json.line(as_json.recording_json(anywhere.recording(summary.id)))
            return _complete(anywhere)
    if not summaries and anywhere.away is None:
        print("No recordings yet. `skiuo demo` makes one; `skiuo sources` shows what can be recorded.", file=sys.stderr)
        return 0
    headings = ("recording", "started", "length", "size", "price", *(["device"] if args.device else []), "title", "windows")
    table = tables.table(headings, breaking=("device", "title", "windows"))
    for row in summaries:
        table.add_row(
            plain(row.id),
            f"{row.started_at.astimezone():%Y-%m-%d %H:%M}",
            words.clock(row.duration_ms),
            words.size(row.bytes),
            " + ".join(words.money(cost, currency) for currency, cost in row.costs.items() if cost),
            *([Text(plain(row.device))] if args.device else []),
            Text(plain(row.title)),
            _states(row.states, row.state),
        )
    if summaries:
        tables.show(table)
    return _complete(anywhere)


def _complete(anywhere: Anywhere) -> int:
    """0, or what keeps other devices out of what was just shown. Raises BackendError."""
    if anywhere.away is not None:
        raise anywhere.away
    return 0


def _list_devices(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.anywhere import open_anywhere

    with open_anywhere(home) as anywhere:
        devices = anywhere.elsewhere.devices()
    if args.json:
        for device in devices:
            times = {name: moment.isoformat() if moment else None for name, moment in (("newest_at", device.newest_at), ("seen_at", device.seen_at))}
            as_json.line({"device": device.name, "id": device.id, "recordings": device.recordings, **times})
        return 0
    if not devices:
        print("No other device has mirrored a recording to this database.", file=sys.stderr)
        return 0
    table = tables.table(("device", "recordings", "newest", "mirrored last"), breaking=("device",))
    for device in devices:
        newest, seen = (f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "" for moment in (device.newest_at, device.seen_at))
        table.add_row(Text(plain(device.name)), str(device.recordings), newest, seen)
    tables.show(table)
    return 0


def _states(states: tuple[WindowState, ...], recording: RecordingState) -> str:
    parts = [f"{states.count(state)} {state.value}" for state in WindowState if state in states]
    return ", ".join(([recording.value] if recording is not RecordingState.FINISHED else []) + parts)


def show_recording(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.anywhere import open_anywhere

    with open_anywhere(home) as anywhere:
        recording = anywhere.recording(anywhere.resolve(args.recording))
    if args.json:
        as_json.line(as_json.recording_json(recording))
    else:
        _print_recording(recording, Console(highlight=False), every=args.all)
    return 0


def _print_recording(recording: Recording, out: Console, *, every: bool) -> None:
    out.print(_text(recording.title, "bold"))
    facts = [f"{recording.started_at.astimezone():%Y-%m-%d %H:%M}", words.clock(recording.duration_ms), words.size(recording.bytes)]
    facts += [f"{recording.width}×{recording.height}", recording.source_label]
    if recording.dropped_frames:
        facts.append(f"{recording.dropped_frames} of {recording.frames + recording.dropped_frames} frames dropped")
    facts += [recording.device] if recording.device else []
    out.print(_text(" · ".join(facts), "dim"))
    out.print(_text(_where(recording), "dim"))
    for notice in recording.notices:
        out.print(_text(f"{words.clock(notice.at_ms)}  {notice.detail or notice.kind}", "yellow"))
    for marker in recording.markers:
        out.print(_text(f"{words.clock(marker.at_ms)}  marker {marker.text}".rstrip()))
    for window in recording.windows:
        out.print()
        _print_window(window, out, every=every)


def plain(text: str) -> str:
    """Text of anybody for a terminal: no control character reaches it, save for the ends of lines."""
    return "".join(letter if letter in "\n\t" or (letter >= " " and not "\x7f" <= letter <= "\x9f") else "\ufffd" for letter in text)


def _text(told: str, style: str = "") -> Text:
    return Text(plain(told), style=style)


def _where(recording: Recording) -> str:
    """Where its video is."""
    if recording.path and recording.freed_at is None:
        return recording.path
    removed = f"removed here on {recording.freed_at.astimezone():%Y-%m-%d}" if recording.freed_at and not recording.device else "not on this computer"
    return f"The video is {removed}; `skiuo fetch {recording.id}` gets it from the object store while it is there."


def _print_window(window: Window, out: Console, *, every: bool) -> None:
    chosen = window.chosen
    head = Text(words.span(window.span), style="bold")
    facts = [chosen.model if chosen and not every else "", "" if window.state is WindowState.DONE else window.state.value]
    head.append(plain("  " + " ".join(filter(None, facts))), style="dim")
    head.rstrip()
    out.print(head)
    for analysis in window.analyses if every else filter(None, [chosen]):
        if every:
            out.print(_text(_who(analysis, stands=analysis is chosen), "dim"))
        elif analysis.why:
            out.print(_text(failures.why(analysis.why, "en"), "dim"))
        if analysis.text:
            out.print(_text(analysis.text))
        if analysis.failure is not None:
            out.print(_text(analysis.failure.message, "red"))
    for note in filter(None, (notes.choice(window), notes.reason(window))):
        out.print(_text(note, "dim"))


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
    from skiuo_desktop.engine.anywhere import open_anywhere

    if not args.text.strip():
        raise UsageError("There is nothing to search for: give at least one word.")
    with open_anywhere(home) as anywhere:
        hits = anywhere.search(args.text, max(1, args.limit), args.device)
    if args.json:
        for hit in hits:
            as_json.line(as_json.hit_json(hit))
        return _complete(anywhere)
    out = Console(highlight=False)
    for hit in hits:
        place = words.clock(hit.start_ms) if hit.window_index is not None else hit.where
        device = f"  ({hit.device})" if hit.device else ""
        out.print(Text.assemble((plain(f"{hit.recording_id}  {place}"), "bold"), plain(f"  {hit.title}{device}")))
        out.print(Text(plain(f"  {hit.text}")))
    if not hits and anywhere.away is None:
        print("Found nowhere: not in a title, a note or a text.", file=sys.stderr)
    return _complete(anywhere)


def delete_recording(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.anywhere import open_anywhere

    with open_anywhere(home) as anywhere:
        library, recording_id = anywhere.own, anywhere.resolve_own(args.recording)
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
