"""`skiuo cut`: the windows of any WebM or MKV as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from skiuo_desktop import settings as s
from skiuo_desktop.cli import as_json, words
from skiuo_desktop.cli.arguments import milliseconds
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    cut = commands.add_parser(
        "cut",
        help="cut a video into the clips of its windows",
        description="Cuts a WebM or MKV into the clips of its windows, without decoding where it can. Files are named INDEX_START-END.webm (ms).",
    )
    cut.add_argument("file", type=Path, metavar="FILE")
    cut.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the clips go; made if it is missing")
    cut.add_argument("--length", type=milliseconds, metavar="S", help="seconds a window is long (default: the setting, 15)")
    cut.add_argument("--stride", type=milliseconds, metavar="S", help="seconds from one window to the next (default: the setting, 10)")
    cut.add_argument(
        "--exact", action="store_true", help="re-encode where a window does not begin with a keyframe, instead of beginning at the keyframe before"
    )
    cut.add_argument("--json", action="store_true", help="one JSON object a clip")
    cut.set_defaults(run=run)


def run(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import cut_file

    settings = s.Settings(home.settings)
    length = args.length or settings.get(s.WINDOW_LENGTH)
    stride = args.stride or min(length, settings.get(s.WINDOW_STRIDE))
    for made in cut_file(args.file, args.out, length_ms=length, stride_ms=stride, exact=args.exact):
        if args.json:
            as_json.line(
                {
                    "index": made.index,
                    "path": str(made.path),
                    "start_ms": made.wanted.start_ms,
                    "end_ms": made.wanted.end_ms,
                    "true_start_ms": made.span.start_ms,
                    "exact": made.exact,
                    "reencoded": made.reencoded,
                    "frames": made.frames,
                    "has_audio": made.has_audio,
                    "bytes": made.bytes,
                }
            )
            continue
        print(f"{made.path}  {words.span(made.wanted)}  {words.count(made.frames, 'frame')}  {words.size(made.bytes)}")
        if not made.exact:
            print(
                f"skiuo: {made.path.name} begins at the keyframe before, {made.wanted.start_ms - made.span.start_ms} ms early; --exact re-encodes it.",
                file=sys.stderr,
            )
        elif made.reencoded and not args.exact:
            print(f"skiuo: {made.path.name} was re-encoded: WebM cannot hold the codec of {args.file.name}.", file=sys.stderr)
    return 0
