"""`skiuo fetch`: a recording's video as a file, wherever it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from skiuo_desktop.cli import as_json, words
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    fetch = commands.add_parser(
        "fetch",
        help="copy a recording's video out, also from the object store",
        description="Copies the video of a recording to a file: of another device, of one whose video was removed here, or any other. An interrupted download "
        "goes on the next time.",
    )
    fetch.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    fetch.add_argument("file", metavar="FILE", nargs="?", type=Path, default=Path(), help="file or folder (default: this folder)")
    fetch.add_argument("--json", action="store_true", help="one JSON object")
    fetch.set_defaults(run=run)


def run(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.anywhere import open_anywhere

    shown = sys.stderr.isatty() and not args.json

    def progress(done: int, total: int) -> None:
        if shown:
            print(f"\r{words.size(done)} of {words.size(total)} ", end="", file=sys.stderr, flush=True)

    with open_anywhere(home) as anywhere:
        recording_id = anywhere.resolve(args.recording)
        path = anywhere.elsewhere.copy_out(recording_id, args.file, progress)
    if shown:
        print(file=sys.stderr)
    if args.json:
        as_json.line({"recording": recording_id, "path": str(path.absolute()), "bytes": path.stat().st_size})
    else:
        print(path)
    return 0
