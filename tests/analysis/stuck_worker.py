"""Helper processes as libraries with bugs would make them: one whose work never ends, one whose work fails."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection

from skiuo_desktop.analysis import worker
from skiuo_desktop.analysis.job import Ended, Job


class StuckWork:
    def __init__(self, talk: object) -> None:
        self.talk = talk

    def done(self, job: Job) -> Ended:
        threading.Event().wait()
        return Ended()


def serve(pipe: Connection) -> None:
    worker._Work = StuckWork  # type: ignore[assignment,misc]
    worker.serve(pipe)


def serve_failing(pipe: Connection) -> None:
    def fail(*_: object) -> None:
        raise PermissionError("a library with a bug")

    worker._Work._read = fail  # type: ignore[assignment,method-assign]
    worker.serve(pipe)
