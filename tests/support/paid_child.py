"""An engine with a model over a wire, in a process of its own, for tests that kill it.

    paid_child.py HOME MOMENT NUMBER

Records 46 s of the test pattern as fast as it goes with the model `a`, which the home has. Where there is a recording
already, that is analysed afresh, unless something of it is still open. Kills itself with SIGKILL at the NUMBERth event
of the kind MOMENT, or at a call of the library's method MOMENT (`before:finish`: before its transaction, `after:finish`:
after it).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from skiuo_desktop.engine import gate
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.library import work
from skiuo_desktop.library.library import Library


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(moment: str, number: int) -> None:
    """Kills at the NUMBERth call of a method of Library."""
    when, _, name = moment.partition(":")
    method = getattr(Library, name)
    seen = Counter[str]()

    def killing(*args: Any, **named: Any) -> Any:
        seen[name] += 1
        if when == "before" and seen[name] == number:
            kill()
        result = method(*args, **named)
        if when == "after" and seen[name] == number:
            kill()
        return result

    setattr(Library, name, killing)


def main() -> None:
    home, moment, number = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    gate.backoff_s = lambda attempt: 0.05
    gate.FIRST_PAUSE_S = 0.2
    work.MOST_INTERRUPTIONS = 1000  # it is killed on purpose, and more often than that
    if ":" in moment:
        wrap(moment, number)
    engine = Engine(home)
    seen = Counter[str]()
    saved = threading.Event()

    def on_event(event: Event) -> None:
        name = type(event).__name__
        seen[name] += 1
        if name == moment and seen[name] == number:
            kill()
        if isinstance(event, RecordingSaved):
            saved.set()

    engine.publisher.subscribe(on_event)
    engine.start()
    engine.repaired().result()
    if not engine.recordings().result():
        engine.open_source("test:320x180@15", "none", "max").result()
        engine.start_recording("killed", ("a",), 46_000).result()
        saved.wait(60)
    for summary in engine.recordings().result():
        if not engine.queued(summary.id).result():
            engine.analyse(summary.id, fresh=True).result()
        while engine.queued(summary.id).result():
            time.sleep(0.02)
    engine.stop()


if __name__ == "__main__":
    main()
