"""Python's garbage collection, on the GUI thread only.

Python collects reference cycles on whichever thread allocates next. A widget that is part of one would be deleted on a
thread of the engine, and Qt crashes when that happens. So collecting by itself is switched off while there is a window,
and a timer of the GUI thread does it, by Python's own thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 500


def collect_due() -> None:
    """Collects the generations that are due, as Python would have done."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return


class Collector(QObject):
    """Switches over while it lives; `close` gives the collecting back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        collect_due()

    @staticmethod
    def settle() -> None:
        """What has been made so far stays to the end: it is not looked at again, which keeps each collection short."""
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
