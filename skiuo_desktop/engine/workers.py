"""Threads for calls to servers, which can be left behind: a server that hangs must not keep the program from ending."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

GRACE_S = 3.0
"""How long the end of the program waits for a server."""


class Workers(ThreadPoolExecutor):
    """As its base; `end` waits for what is under way, but not for long."""

    def end(self, timeout_s: float) -> None:
        """Begins nothing more. What is still under way afterwards is left behind."""
        self.shutdown(wait=False, cancel_futures=True)
        join(self._threads, timeout_s)


def join(threads: Iterable[threading.Thread], timeout_s: float) -> bool:
    """Whether all have ended by then."""
    deadline = time.monotonic() + timeout_s
    left = []
    for thread in list(threads):
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            left.append(thread.name)
    if left:
        log.info("a server does not answer; still waiting for it: %s", ", ".join(left))
    return not left
