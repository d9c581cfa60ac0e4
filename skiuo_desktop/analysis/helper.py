"""A provider's side of its one helper process: starts it, gives it jobs, ends it. `Helper` itself is the offline provider's."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import signal
import sys
import threading
import traceback
from collections.abc import AsyncGenerator, Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from skiuo_desktop.analysis.job import DROP, Ended
from skiuo_desktop.analysis.worker import serve
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import Failure, FailureKind

log = logging.getLogger(__name__)

IDLE_S = 180.0
"""A helper without work gives its memory (some 400 MB once it has read text) back after this long."""
SILENT_S = 300.0
"""A helper that says nothing for this long in the middle of a job hangs: a step takes seconds, on a busy machine a minute."""
CLOSE_S = 2.0
LOOK_EVERY_S = 0.1
"""How often a waiting thread looks whether its job is still wanted."""


class Helper:
    """One process that does one job at a time. It starts with the first job and again after it has ended."""

    name = "skiuo-offline"  # of the process
    who = "offline measurer"  # what a person calls it

    def __init__(self, *, idle_s: float = IDLE_S, silent_s: float = SILENT_S) -> None:
        self._idle_s = idle_s
        self._silent_s = silent_s
        self._lock = threading.Lock()  # whoever holds it owns the process and the pipe
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._idle: threading.Timer | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        process = self._process
        return process.pid if process is not None else None

    async def run(self, job: object) -> AsyncGenerator[Any]:
        """What the helper says of the job, up to but without `Ended`. Raises AnalysisError with its failure.

        Leaving it early ends the wait at once; the helper gives the job up at its next step.
        """
        loop = asyncio.get_running_loop()
        said: asyncio.Queue[Any] = asyncio.Queue()  # holds at most the answers of one job: three, or one for each token of the longest answer
        dropped = threading.Event()

        def hear(answer: object) -> None:
            if not dropped.is_set():
                loop.call_soon_threadsafe(said.put_nowait, answer)

        loop.run_in_executor(None, self._converse, job, dropped, hear)
        try:
            while not isinstance(answer := await said.get(), Ended):
                yield answer
            if answer.failure is not None:
                raise AnalysisError(answer.failure)
        finally:
            dropped.set()

    def close(self) -> None:
        """Ends the process, in the middle of a job as well. Blocks until it is gone; nothing can be run afterwards."""
        self._closing.set()
        if not self._lock.acquire(timeout=CLOSE_S):
            # A thread waits for a process that does not even read any more: without the process it goes on.
            process = self._process
            with contextlib.suppress(ValueError):  # the thread has just ended it itself
                if process is not None:
                    process.kill()
            self._lock.acquire()
        try:
            self._end()
        finally:
            self._lock.release()

    def _converse(self, job: object, dropped: threading.Event, hear: Callable[[object], None]) -> None:
        with self._lock:
            if self._idle is not None:
                self._idle.cancel()
            hear(self._ended(job, dropped, hear))
            if self._process is not None:
                self._idle = threading.Timer(self._idle_s, self._end_idle)
                self._idle.daemon = True
                self._idle.start()

    def _ended(self, job: object, dropped: threading.Event, hear: Callable[[object], None]) -> Ended:
        """Does one job; afterwards the helper is ready for the next or has ended. Raises nothing: somebody waits for the end."""
        closing = Ended(Failure(FailureKind.INTERRUPTED, "Skiuo is closing."))
        if self._closing.is_set():
            return closing
        try:
            pipe = self._started()
            pipe.send(job)
            return self._listen(pipe, dropped, hear) or closing
        except (EOFError, OSError) as error:
            return closing if self._closing.is_set() else Ended(self._died(error))
        except Exception:
            log.exception("the %s's process cannot be used", self.who)
            self._end()
            return Ended(Failure(FailureKind.INTERNAL, "Skiuo made a mistake while it analysed this window. Try again.", traceback.format_exc()))

    def _listen(self, pipe: Connection, dropped: threading.Event, hear: Callable[[object], None]) -> Ended | None:
        """None where the program closes."""
        told = False
        silent_s = 0.0  # counted, not read off a clock: a machine that was asleep has not waited
        while not self._closing.is_set():
            if dropped.is_set() and not told:
                pipe.send(DROP)
                told = True
            if pipe.poll(LOOK_EVERY_S):
                answer = pipe.recv()
                if isinstance(answer, Ended):
                    if answer.last:
                        self._end()
                    return answer
                hear(answer)
                silent_s = 0.0
                continue
            silent_s += LOOK_EVERY_S
            if silent_s > self._silent_s:
                self._end()
                return Ended(Failure(FailureKind.TIMEOUT, f"The {self.who} said nothing for {self._silent_s:.0f} seconds and was ended. Try again."))
        self._end()
        return None

    def _started(self) -> Connection:
        """The pipe to a process that runs. Raises OSError where none can be started."""
        if self._process is not None and not self._process.is_alive():
            self._end()  # it ended between two jobs: the system was short of memory, or somebody ended it
        if self._pipe is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=True)
            # A daemon: were `close` never called, the end of the program would end it, not wait for it.
            process = context.Process(target=self._main(), args=(theirs,), name=self.name, daemon=True)
            try:
                _start(process)
            except BaseException:
                ours.close()
                raise
            finally:
                theirs.close()
            self._process, self._pipe = process, ours
        return self._pipe

    def _main(self) -> Callable[[Connection], None]:
        """What the process runs."""
        return serve

    def _died(self, error: Exception) -> Failure:
        process = self._process
        if process is None:
            log.warning("the %s's process cannot be started", self.who, exc_info=error)
            return Failure(FailureKind.INTERNAL, f"The {self.who}'s process cannot be started. Close other programs and try again.", repr(error))
        process.join(5)
        code = process.exitcode
        log.warning("the %s's process ended with %s in the middle of a job", self.who, code)
        self._end()
        return self._death(code, f"exit code {code}: {error!r}")

    def _death(self, code: int | None, raw: str) -> Failure:
        """What the end of the process in the middle of a job means. `code`: as `Process.exitcode` has it."""
        kind = FailureKind.INTERRUPTED if ended_by_others(code) else FailureKind.INTERNAL
        return Failure(kind, f"The {self.who}'s process ended in the middle of this window. Try again.", raw)

    def _end_idle(self) -> None:
        # Where a job has taken the lock since, there is nothing idle to end.
        if self._lock.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._lock.release()

    def _end(self) -> None:
        """Ends the process and waits for it, so that nothing of it is left. It holds nothing that a kill could harm."""
        if self._idle is not None:
            self._idle.cancel()
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._pipe = self._idle = None


def ended_by_others(code: int | None) -> bool:
    """Whether a process that ended with `code` was told to: by a person, by the system at its end, or for want of memory."""
    return code is not None and -code in {signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)}


def _start(process: SpawnProcess) -> None:
    """Starts it so that Ctrl-C in a terminal does not reach it, not even before its first line has run."""
    if sys.platform == "win32":
        process.start()
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started by `start` otherwise, which would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
