"""An engine that records, analyses, deletes and mirrors, in a process of its own, for tests that kill it.

    mirror_child.py HOME MOMENT NUMBER

Records a few seconds of the test pattern, renames it, deletes the oldest of more than two recordings, and mirrors all the while. Kills itself with
SIGKILL at the NUMBERth call of MOMENT: `before:` or `after:` and the name of a method of Library, ObjectStore or Database; `never` lets it end by itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, ProviderEvent, Sent, TextDelta
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.engine import mirror
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.library import work
from skiuo_desktop.library.library import Library


def wrap(moment: str, number: int) -> None:
    when, _, name = moment.partition(":")
    owner = next(kind for kind in (Library, ObjectStore, Database) if hasattr(kind, name))
    method = getattr(owner, name)
    seen = Counter[str]()

    def killing(*args: Any, **named: Any) -> Any:
        seen[name] += 1
        if when == "before" and seen[name] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*args, **named)
        if when == "after" and seen[name] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killing)


async def quick(_self: OfflineProvider, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
    """In place of reading and measuring, which would take most of the time here."""
    yield Sent({"frames": []})
    yield TextDelta(f"Window {request.window_index}")
    yield Finished()


def main(home: Home, moment: str, number: int) -> None:
    OfflineProvider.analyse = quick  # type: ignore[method-assign]
    mirror.SETTLE_S = 0.05
    mirror.FIRST_WAIT_S = 0.1
    work.MOST_INTERRUPTIONS = 1000  # it is killed on purpose, and more often than that
    if moment != "never":
        wrap(moment, number)
    engine = Engine(home)
    saved = threading.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, RecordingSaved):
            saved.set()

    engine.publisher.subscribe(on_event)
    engine.start()
    engine.repaired().result()
    old = engine.recordings().result()
    if len(old) > 2:
        engine.delete([old[-1].id]).result()
    engine.open_source("test:160x90@10", "none", "max").result()
    recording_id = engine.start_recording("killed", ("offline",), 4_000).result()
    saved.wait(60)
    engine.rename(recording_id, f"recording {len(old)}").result()
    engine.set_tags(recording_id, ["one", "two"]).result()
    engine.sync_backend().result()
    engine.set_tags(recording_id, ["two"]).result()
    engine.stop()


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])).prepare(), sys.argv[2], int(sys.argv[3]))
