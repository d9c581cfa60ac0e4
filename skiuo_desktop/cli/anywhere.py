"""Recordings wherever they are: of this computer's library, or of another device by way of the user's own servers; and `skiuo fetch`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from skiuo_desktop.cli import as_json, words
from skiuo_desktop.errors import BackendError, NotFoundError, SecretError
from skiuo_desktop.home import Home
from skiuo_desktop.model import Recording

if TYPE_CHECKING:
    from skiuo_desktop.engine.elsewhere import Elsewhere
    from skiuo_desktop.library.library import Library

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

EVERYWHERE = "all"
"""What `--device` says for this computer and all other devices."""


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
    fetch.set_defaults(run=fetch_recording)


@contextmanager
def library_and_others(home: Home) -> Iterator[tuple[Library, Elsewhere]]:
    from skiuo_desktop.engine.elsewhere import open_elsewhere
    from skiuo_desktop.engine.offhand import open_library

    with open_library(home) as library, open_elsewhere(home, library) as elsewhere:
        yield library, elsewhere


def resolve(text: str, library: Library, elsewhere: Elsewhere) -> str:
    """The id of the recording that `text` means, here or, where there is none here, on another device. Raises NotFoundError."""
    try:
        return library.resolve(text)
    except NotFoundError as error:
        if not elsewhere.listed:
            raise
        try:
            return elsewhere.resolve(text)
        except NotFoundError:
            raise error from None
        except (BackendError, SecretError) as trouble:
            raise NotFoundError(f"{error} Other devices could not be asked: {trouble}") from trouble


def recording(recording_id: str, library: Library, elsewhere: Elsewhere) -> Recording:
    try:
        return library.recording(recording_id)
    except NotFoundError:
        if not elsewhere.listed:
            raise
        return elsewhere.recording(recording_id)


def plain(text: str) -> str:
    """Text of anybody for a terminal: no control character reaches it, save for the ends of lines."""
    return "".join(letter if letter in "\n\t" or (letter >= " " and not "\x7f" <= letter <= "\x9f") else "\ufffd" for letter in text)


def fetch_recording(args: argparse.Namespace, home: Home) -> int:
    shown = sys.stderr.isatty() and not args.json

    def progress(done: int, total: int) -> None:
        if shown:
            print(f"\r{words.size(done)} of {words.size(total)} ", end="", file=sys.stderr, flush=True)

    with library_and_others(home) as (library, elsewhere):
        recording_id = resolve(args.recording, library, elsewhere)
        path = elsewhere.copy_out(recording_id, args.file, progress)
    if shown:
        print(file=sys.stderr)
    if args.json:
        as_json.line({"recording": recording_id, "path": str(path.absolute()), "bytes": path.stat().st_size})
    else:
        print(path)
    return 0
