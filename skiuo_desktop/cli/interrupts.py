"""Ctrl-C and SIGTERM while the engine works."""

from __future__ import annotations

import signal
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine


class Interrupts:
    """Ctrl-C, counted: the first one stops the recording, the second one abandons the analysis.

    The handler only counts, because it may interrupt anything, itself included; the loops that follow events act (`heed`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.count = 0
        self._heeded = 0

    def __enter__(self) -> Interrupts:
        self._before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1

    def heed(self) -> None:
        """Passes the first interrupt on to the engine."""
        if self.count > self._heeded:
            self._heeded = self.count
            self._engine.stop_recording()
