"""The process that a model of the `transformers` provider lives in."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from skiuo_desktop.analysis.helper import Helper, ended_by_others
from skiuo_desktop.analysis.transformers_worker import serve
from skiuo_desktop.model import Failure, FailureKind

IDLE_S = 900.0
"""Loading takes up to minutes, so a model stays longer than the work that asks for it may pause."""
SILENT_S = 3600.0
"""For loading, which may fetch gigabytes; how long an answer may take is `ModelConfig.timeout_s`."""


class ModelProcess(Helper):
    """`Helper` for one model: the weights are loaded with the first question and stay for the next."""

    name = "skiuo-model"
    who = "local model"

    def __init__(self, *, idle_s: float = IDLE_S, silent_s: float = SILENT_S) -> None:
        super().__init__(idle_s=idle_s, silent_s=silent_s)
        self._killed_before = _killed_for_memory()

    def _main(self) -> Callable[[Connection], None]:
        self._killed_before = _killed_for_memory()
        return serve

    def _death(self, code: int | None, raw: str) -> Failure:
        if not ended_by_others(code):
            return Failure(FailureKind.INTERNAL, "The local model's process crashed in the middle of this window. Try again.", raw)
        if _killed_for_memory() > self._killed_before:
            message = "The system ended the local model: memory ran out. Choose a smaller model, fewer frames a second or smaller pictures."
            return Failure(FailureKind.TOO_LARGE, message, raw, {"server": "transformers"})
        message = "The local model's process was ended in the middle of this window. Try again; if it happens often, choose a smaller model."
        return Failure(FailureKind.INTERRUPTED, message, raw)


def _killed_for_memory() -> int:
    """How many processes Linux has ended for want of memory since it started (`oom_kill` of /proc/vmstat); 0 where it does not say."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
    return 0
