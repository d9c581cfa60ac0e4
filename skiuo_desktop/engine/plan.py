"""The plan stage: a window's row appears the moment its end is in the file, and everything after that is driven by rows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from skiuo_desktop.engine.asking import Asking
from skiuo_desktop.engine.loop import Latest
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, StageTiming, WindowChanged
from skiuo_desktop.media.plan import planned, ready
from skiuo_desktop.model import Recording, Span

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Plan:
    length_ms: int
    stride_ms: int
    models: Callable[[], tuple[str, ...]]  # those wanted, asked at every window, so that a switch counts from the next one
    added: int = 0


class PlanStage:
    """Inbox: how far each recording has been written; only the newest position matters, so it holds one a recording."""

    def __init__(self, store: Store, publish: Callable[[Event], None], wake: Callable[[], None], language: Callable[[str], str], asking: Asking) -> None:
        self.inbox: Latest[int] = Latest(asyncio.get_running_loop())
        self._store = store
        self._publish = publish
        self._wake = wake
        self._language = language
        self._asking = asking
        self._plans: dict[str, _Plan] = {}
        self._lock = asyncio.Lock()  # a recording's end must not overtake its last progress

    def begin(self, recording: Recording, models: Callable[[], tuple[str, ...]]) -> None:
        self._plans[recording.id] = _Plan(recording.window_length_ms, recording.window_stride_ms, models, added=len(recording.windows))

    async def run(self) -> None:
        while True:
            for recording_id, written_ms in (await self.inbox.take()).items():
                try:
                    async with self._lock:
                        if plan := self._plans.get(recording_id):
                            await self._add(recording_id, plan, ready(written_ms, plan.length_ms, plan.stride_ms))
                except SkiuoError as error:
                    # The next progress, or the recording's end, plans these windows again: nothing is lost.
                    log.warning("windows of %s could not be planned yet: %s", recording_id, error)

    async def finish(self, recording_id: str, duration_ms: int) -> None:
        """Plans what is left when the recording has ended."""
        async with self._lock:
            if plan := self._plans.pop(recording_id, None):
                await self._add(recording_id, plan, planned(duration_ms, plan.length_ms, plan.stride_ms))

    async def _add(self, recording_id: str, plan: _Plan, spans: Sequence[Span]) -> None:
        if len(spans) <= plan.added:
            return
        began = time.perf_counter()
        asked = await self._asking.about(recording_id, plan.models())
        left_out = [index for index in range(plan.added, len(spans)) if index % asked.every]
        windows = await self._store.write(
            lambda library: library.add_windows(
                recording_id,
                spans[plan.added :],
                asked.asks,
                self._language(recording_id),
                first=plan.added,
                held=asked.held,
                left_out=left_out,
                by_rule=asked.by_rule,
            )
        )
        plan.added = len(spans)
        self._publish(StageTiming("plan", (time.perf_counter() - began) * 1000, recording_id=recording_id))
        for window in windows:
            self._publish(WindowChanged(window))
        self._wake()
