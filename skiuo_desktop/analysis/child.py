"""What every helper process of this room does the same way: keeps quiet, stands back, ends with its parent, talks through a pipe."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from skiuo_desktop.analysis.job import DROP

NICENESS = 10
BELOW_NORMAL_PRIORITY_CLASS = 0x4000


class Dropped(Exception):
    """The answer is not wanted any more."""


class Orphaned(Exception):
    """Nobody is at the other end of the pipe."""


def settle() -> None:
    """The first thing in a helper process."""
    # Ctrl-C in a terminal reaches every process; what becomes of a job is the parent's to say. (POSIX: `helper` has blocked it already.)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_silent()
    _be_modest()
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _be_silent() -> None:
    """Nothing that a library prints may stand among the lines of the program's own output."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nothing, number)
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (as long as the process)


def _be_modest() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
        return
    os.nice(NICENESS)
    if sys.platform == "linux":
        # Should memory run out, this process goes, not the one that records. A container may forbid to say so.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


class Talk:
    """The pipe. Every method raises Orphaned where the parent has gone."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def hear(self) -> object:
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Orphaned from error

    def say(self, answer: object) -> None:
        try:
            self._pipe.send(answer)
        except OSError as error:
            raise Orphaned from error

    def go_on(self) -> None:
        """Raises Dropped where the parent has said so."""
        try:
            said = self._pipe.poll()
        except OSError as error:
            raise Orphaned from error
        if said and self.hear() == DROP:
            raise Dropped
