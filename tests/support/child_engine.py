"""An engine in a process of its own, for tests that kill it.

    child_engine.py HOME MOMENT

records 46 s of the test pattern as fast as it goes and kills itself with SIGKILL at MOMENT: the name of an event
(the first of its kind), or a number of seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.model import ModelConfig


def add_extra(home: Home) -> None:
    """Configures the model of `extra_provider`."""
    book = ModelBook(home.prepare())
    if "extra" not in book.all():
        book.add(ModelConfig(name="extra", provider="extra"))


def main() -> None:
    home, moment = Path(sys.argv[1]), sys.argv[2]
    add_extra(Home(home))
    engine = Engine(Home(home))
    saved = threading.Event()

    def on_event(event: Event) -> None:
        if type(event).__name__ == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        if isinstance(event, RecordingSaved):
            saved.set()

    engine.publisher.subscribe(on_event)
    if moment.replace(".", "").isdigit():
        threading.Timer(float(moment), os.kill, (os.getpid(), signal.SIGKILL)).start()
    engine.start()
    engine.open_source("test:320x180@15", "none", "max").result()
    recording_id = engine.start_recording("killed", ("extra",), 46_000).result()
    saved.wait(60)
    while engine.queued(recording_id).result():
        time.sleep(0.02)
    engine.stop()


if __name__ == "__main__":
    main()
