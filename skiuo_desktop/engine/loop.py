"""The engine's asyncio loop on one background thread, and inboxes that never grow."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class LoopThread:
    """An asyncio loop that runs on a thread of its own. Coroutines are handed over with `submit` from any thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        """Cancels what still runs, lets it clean up, and ends the thread."""
        if not self._thread.is_alive():
            self.loop.close()
            return
        self.submit(_cancel_all()).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()


async def _cancel_all() -> None:
    tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a task ended badly while stopping", exc_info=outcome)


class Latest(Generic[T]):
    """An inbox for one item: a new one replaces what nobody has taken yet, because only the newest matters.

    `put` may be called from any thread; `take` belongs to the loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._items: dict[str, T] = {}
        self._filled = asyncio.Event()

    def put(self, key: str, item: T) -> None:
        """Leaves `item` under `key`; keys are recordings or models, so their number is small."""
        with self._lock:
            self._items[key] = item
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._filled.set)

    async def take(self) -> dict[str, T]:
        """Waits until something is there and takes all of it."""
        await self._filled.wait()
        self._filled.clear()
        with self._lock:
            items, self._items = self._items, {}
        return items
