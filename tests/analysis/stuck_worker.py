"""A helper process whose work never ends, as a library that hangs would make it."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection

from skiuo_desktop.analysis import worker
from skiuo_desktop.analysis.job import Ended, Job


class StuckWork:
    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def done(self, job: Job) -> Ended:
        threading.Event().wait()
        return Ended()


def serve(pipe: Connection) -> None:
    worker._Work = StuckWork  # type: ignore[assignment,misc]
    worker.serve(pipe)
