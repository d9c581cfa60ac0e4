"""`skiuo backend sync` and `skiuo backend rebuild`."""

from __future__ import annotations

import argparse
import queue
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from skiuo_desktop.cli import as_json, backend_words
from skiuo_desktop.cli.interrupts import Interrupts
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import Cancelled, UsageError
from skiuo_desktop.events import BackendChanged, Event
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendStatus

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LOOK_S = 0.2
QUIET_S = 10.0
"""Without a terminal a line of progress comes at most so often."""


def add_commands(actions: Commands) -> None:
    sync = actions.add_parser("sync", help="mirror now", description="Mirrors until Ctrl+C; with --once until nothing is pending.")
    sync.add_argument("--once", action="store_true", help="end when everything is there; with status 10 when a server keeps it from that")
    sync.add_argument("--json", action="store_true", help="the status at the end, as one JSON object")
    sync.set_defaults(run=sync_backend)
    rebuild = actions.add_parser(
        "rebuild", help="make rows again from the bucket", description="Brings back rows that the database lacks from what is written beside the objects."
    )
    rebuild.add_argument("--json", action="store_true", help="one JSON object")
    rebuild.set_defaults(run=rebuild_backend)


def sync_backend(args: argparse.Namespace, home: Home) -> int:
    # Bounded: only the newest status counts, and it is put where an older one waits.
    inbox: queue.Queue[BackendStatus] = queue.Queue(1)

    def on_event(event: Event) -> None:
        if isinstance(event, BackendChanged):
            _replace(inbox, event.status)

    with running(home, analyse=False, mirror=not args.once) as engine:
        forget = engine.publisher.subscribe(on_event)
        try:
            with Interrupts(engine) as interrupts:
                work = engine.sync_backend() if args.once else None
                if work is None and not engine.backend_status().result().configured:
                    raise UsageError("There is no backend to mirror to: `skiuo backend set --s3 URL --dsn DSN`.")
                _follow(inbox, work, lambda: interrupts.count > 0)
                if work is not None and not work.done():
                    raise Cancelled("Stopped; what is not there yet goes on another time.")
                status = work.result() if work is not None else engine.backend_status().result()
        finally:
            forget()
    if args.json:
        as_json.line(backend_words.status_json(status))
    else:
        print(backend_words.how_far(status), file=sys.stderr)
    return 0


def _replace(inbox: queue.Queue[BackendStatus], status: BackendStatus) -> None:
    while True:
        try:
            inbox.put_nowait(status)
            return
        except queue.Full:
            try:
                inbox.get_nowait()
            except queue.Empty:
                continue


def _follow(inbox: queue.Queue[BackendStatus], work: Future[Any] | None, stopped: Callable[[], bool]) -> None:
    """Progress on stderr: one line that changes on a terminal, now and then a line elsewhere."""
    live = sys.stderr.isatty()
    told, at = "", 0.0
    while not stopped() and not (work is not None and work.done()):
        try:
            status = inbox.get(timeout=LOOK_S)
        except queue.Empty:
            continue
        line = backend_words.progress(status)
        if line == told or (not live and (not status.pending_rows + status.pending_objects or time.monotonic() - at < QUIET_S)):
            continue
        told, at = line, time.monotonic()
        print(f"\r\x1b[K{line}" if live else line, end="" if live else "\n", file=sys.stderr, flush=True)
    if live and told:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def rebuild_backend(args: argparse.Namespace, home: Home) -> int:
    with running(home, analyse=False) as engine:
        report = engine.rebuild_backend().result()
    backend_words.rebuilt(report, json=args.json)
    return 0
