"""An engine under test, and waiting for conditions with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.model import Recording


class Run:
    """An engine that runs, and everything that it has said."""

    def __init__(self, home: Home, **options: bool) -> None:
        self.engine = Engine(home)
        self.events: list[Event] = []
        self.engine.publisher.subscribe(self.events.append)
        self.engine.start(**options)

    def until(self, condition: Callable[[], object], what: str, timeout_s: float = 60) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"waited {timeout_s:g} s for {what}; seen: {self.events[-5:]}"
            time.sleep(0.02)

    def saved(self, recording_id: str) -> RecordingSaved | None:
        return next((e for e in self.events if isinstance(e, RecordingSaved) and e.recording_id == recording_id), None)

    def record(self, source: str, *, limit_ms: int | None = None, models: tuple[str, ...] | None = (), title: str = "", speed: str = "max") -> Recording:
        """Records to the end of the source or the limit, and waits until the row is final and all is analysed."""
        self.engine.open_source(source, "none", speed).result(60)
        recording_id = self.engine.start_recording(title, models, limit_ms).result(60)
        self.until(lambda: self.saved(recording_id), "the recording to be saved")
        self.until(lambda: self.engine.queued(recording_id).result(60) == 0, "the analyses to end", 120)
        return self.engine.recording(recording_id).result(60)
