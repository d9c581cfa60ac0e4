"""The library as the loop sees it: one thread writes, in order; a few others answer screens without holding it up."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from skiuo_desktop.library.library import Library

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    def __init__(self, library: Library) -> None:
        self.library = library
        # Their queues are bounded by who asks: each stage and each page waits for its answer before it asks again.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="library-read")

    async def write(self, work: Callable[Concatenate[Library, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Runs a method of Library, or any function of it, on the writing thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(work, self.library, *args, **named))

    async def read(self, work: Callable[Concatenate[Library, P], T], *args: P.args, **named: P.kwargs) -> T:
        """The same for what only reads: it does not wait for those who write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(work, self.library, *args, **named))

    def submit_write(self, work: Callable[[Library], T]) -> concurrent.futures.Future[T]:
        return self._writer.submit(work, self.library)

    def submit_read(self, work: Callable[[Library], T]) -> concurrent.futures.Future[T]:
        return self._readers.submit(work, self.library)

    def close(self) -> None:
        self._readers.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        self.library.close()
