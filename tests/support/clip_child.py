"""An engine whose clips go to an object store, in a process of its own, for tests that kill it.

    clip_child.py HOME METHOD [KEY]

Records one window, or goes on with what is queued, and kills itself with SIGKILL when it calls METHOD of Library (for a clip whose key ends with KEY).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.library import work
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadState


def wrap(name: str, ending: str) -> None:
    method = getattr(Library, name)

    def killing(library: Library, *args: Any, **named: Any) -> Any:
        if not ending or any(job.id == args[0] and job.key.endswith(ending) for job in library.uploads(*UploadState)):
            os.kill(os.getpid(), signal.SIGKILL)
        return method(library, *args, **named)

    setattr(Library, name, killing)


def main() -> None:
    home, moment = Home(Path(sys.argv[1])), sys.argv[2]
    work.MOST_INTERRUPTIONS = 1000  # it is killed on purpose, and more often than that
    wrap(moment, sys.argv[3] if len(sys.argv) > 3 else "")
    engine = Engine(home)
    saved = threading.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, RecordingSaved):
            saved.set()

    engine.publisher.subscribe(on_event)
    engine.start(mirror=False)
    engine.repaired().result()
    if not engine.recordings().result():
        engine.open_source("test:320x180@15", "none", "max").result()
        engine.start_recording("killed", ("a",), 9_000).result()
        saved.wait(60)
    [summary] = engine.recordings().result()
    while engine.queued(summary.id).result():
        time.sleep(0.02)
    engine.analyse(summary.id, fresh=True).result()
    while True:  # until it is killed
        time.sleep(0.02)


if __name__ == "__main__":
    main()
