"""The cut stage: the clip of a window, made when it is needed, shared while it is used, never kept on disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from skiuo_desktop.events import Event, StageTiming
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import Span


@dataclass(slots=True)
class _Shared:
    made: asyncio.Future[ClipRenditions]
    users: int = 0


class CutStage:
    """Cuts clips one at a time on one thread. Models that read the same window at the same time share one clip.

    Its inbox is the thread pool's queue, bounded by the number of analyses under way: each waits for one clip.
    """

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="cut")
        self._shared: dict[tuple[str, Span], _Shared] = {}

    @asynccontextmanager
    async def clip(self, recording_id: str, index: int, path: Path, span: Span) -> AsyncIterator[ClipRenditions]:
        """The window's clip. Raises MediaError where there is none to be had."""
        key = (recording_id, span)
        shared = self._shared.get(key)
        if shared is None:
            queued = time.perf_counter()
            made = asyncio.get_running_loop().run_in_executor(self._pool, self._cut, recording_id, index, path, span, queued)
            shared = self._shared[key] = _Shared(made)
        shared.users += 1
        try:
            # Shielded: one analysis that is cancelled must not take the clip away from another.
            yield await asyncio.shield(shared.made)
        finally:
            shared.users -= 1
            if shared.users == 0:
                del self._shared[key]
                shared.made.add_done_callback(_close)

    def _cut(self, recording_id: str, index: int, path: Path, span: Span, queued: float) -> ClipRenditions:
        began = time.perf_counter()
        clip = cut(path, span)
        took = time.perf_counter() - began
        self._publish(StageTiming("cut", took * 1000, bytes=len(clip.data), queue_ms=(began - queued) * 1000, recording_id=recording_id, window_index=index))
        return ClipRenditions(clip)

    def close(self) -> None:
        self._pool.shutdown(wait=True)


def _close(made: asyncio.Future[ClipRenditions]) -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().close()
