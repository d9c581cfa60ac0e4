"""An engine that records, analyses, deletes and mirrors, in a process of its own, for tests that kill it.

    mirror_child.py HOME MOMENT NUMBER [KIND]

Records a few seconds, renames the recording, deletes the oldest of more than two, and mirrors all the while. Kills itself with SIGKILL at the NUMBERth
call of MOMENT: `before:` or `after:` and the name of a method of Library, ObjectStore or Database; `never` lets it end by itself, or be killed from outside.

KIND: `small`, the test pattern; `large`, noise that makes a file of 11 MB, which goes in parts; `live`, the test pattern at the pace of the clock.
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

import numpy as np

from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, ProviderEvent, Sent, TextDelta
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.capture.picture import Picture
from skiuo_desktop.capture.test import Pattern
from skiuo_desktop.engine import mirror
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.library import work
from skiuo_desktop.library.library import Library

KINDS = {"small": ("test:160x90@10", "max", 4_000), "large": ("test:640x360@10", "max", 4_000), "live": ("test:160x90@10", "real", 2_500)}
"""Source, speed and length in ms."""


def noise(pattern: Pattern, number: int, _clock_ms: int) -> Picture:
    """In place of the test pattern: what no encoder makes small."""
    return np.random.default_rng(number).integers(0, 256, (pattern.height * 3 // 2, pattern.width), dtype=np.uint8)


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


def main(home: Home, moment: str, number: int, kind: str) -> None:
    if kind == "large":
        Pattern.draw = noise  # type: ignore[method-assign]
    source, speed, length_ms = KINDS[kind]
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
    engine.open_source(source, "none", speed).result()
    recording_id = engine.start_recording("killed", ("offline",), length_ms).result()
    saved.wait(60)
    engine.rename(recording_id, f"recording {len(old)}").result()
    engine.set_tags(recording_id, ["one", "two"]).result()
    engine.sync_backend().result()
    engine.set_tags(recording_id, ["two"]).result()
    engine.stop()


def run() -> None:
    """With the arguments of the command line; for `forked.run`."""
    root, moment, number, *kind = sys.argv[1:]
    main(Home(Path(root)).prepare(), moment, int(number), kind[0] if kind else "small")


if __name__ == "__main__":
    run()
