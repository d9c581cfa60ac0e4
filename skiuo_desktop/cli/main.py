"""The `skiuo` command: words, exit statuses, and the one place where an error becomes a line on stderr."""

from __future__ import annotations

import argparse
import errno
import io
import logging
import logging.handlers
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from skiuo_desktop import __version__
from skiuo_desktop.errors import BugError, Cancelled, SkiuoError, StorageError
from skiuo_desktop.home import Home

EXIT_STATUSES = """exit status:
  0 done · 2 wrong words or values · 3 no such recording, model or file · 4 the source or microphone gives nothing
  5 not a video, or a broken one · 6 disk or folder · 7 in use by another program · 8 some analyses failed
  9 keyring · 10 object store or database · 70 a mistake of the program · 130 stopped by you"""

Command = Callable[[argparse.Namespace, Home], int]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"skiuo: {message}. `{self.prog} --help` shows how it is used.\n")


def build_parser() -> argparse.ArgumentParser:
    from skiuo_desktop.cli import backend, budget, cutting, library, maintenance, models, prompts, recording, retention

    parser = _Parser(
        prog="skiuo",
        description="Records what happens in front of a camera and writes the record. Without a command the window opens.",
        epilog=EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"skiuo {__version__}")
    parser.set_defaults(run=_gui)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for room in (recording, models, prompts, budget, cutting, library, backend, retention, maintenance):
        room.add_commands(commands)
    gui = commands.add_parser("gui", help="open the window", description="Opens the window.")
    gui.set_defaults(run=_gui)
    return parser


def _gui(_args: argparse.Namespace, home: Home) -> NoReturn:
    from skiuo_desktop.ui.app import run

    status = run(home)
    # Everything is closed and saved. Qt's Python wrappers can crash the interpreter's last garbage collection
    # (seen with PySide6 6.11.3 on CPython 3.11, in one exit of five), which would look like a crash of the program.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    multiprocessing.freeze_support()
    try:
        _speak_plainly()
        args = build_parser().parse_args(argv)
        home = Home.default()
        _start_log(home)
        command: Command = args.run
        status = command(args, home)
        sys.stdout.flush()
    except SkiuoError as error:
        print(f"skiuo: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("skiuo: stopped.", file=sys.stderr)
        return Cancelled.exit_status
    except BrokenPipeError:
        # The reader of our output has gone (`skiuo list | head`): that is its right. Nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO):
            print(f"skiuo: the output could not be written: {error.strerror}.", file=sys.stderr)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return StorageError.exit_status
        logging.getLogger("skiuo_desktop").exception("unexpected")
        print(f"skiuo: a mistake of the program: {type(error).__name__}: {error}. The log has the details.", file=sys.stderr)
        return BugError.exit_status
    return status


def _speak_plainly() -> None:
    """A terminal or file that cannot hold Chinese shows question marks instead of ending the program; JSON is always UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if "--json" in sys.argv and stream is sys.stdout:
                stream.reconfigure(encoding="utf-8")
            else:
                stream.reconfigure(errors="replace")


def _start_log(home: Home) -> None:
    """Warnings and worse go to a file in the home folder; stderr stays for the person."""
    home.prepare()
    logging.raiseExceptions = False  # a log on a full disk must not print tracebacks on the person's terminal
    handler = logging.handlers.RotatingFileHandler(home.logs / "skiuo.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main())
