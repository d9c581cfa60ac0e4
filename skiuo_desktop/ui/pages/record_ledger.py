"""What was sent for a window and its raw answer, opened from its card while the recording goes on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from skiuo_desktop.model import Analysis
from skiuo_desktop.ui.pages.record_side import RecordSide

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge


class RecordLedger(QObject):
    send_again = Signal(int, str)
    """The index of a window, the name of the model that is to answer once more."""

    def __init__(self, bridge: Bridge, side: RecordSide, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._side = bridge, side
        self._index = 0
        side.narrative.show_raw.connect(self._open)
        side.narrative.show_ledger.connect(self._open)
        side.ledger.stepped.connect(self._step)
        side.ledger.send_again.connect(self.send_again)

    @Slot(object)
    def _open(self, analysis_id: int) -> None:
        windows = self._side.narrative.story.track.windows
        analysis = next((a for w in windows for a in w.analyses if a.id == analysis_id), None)
        if analysis is not None:
            self._show(analysis)

    def _show(self, analysis: Analysis) -> None:
        self._index = analysis.window_index
        self._bridge.ask(self._bridge.engine.attempts(analysis.id), partial(self._side.show_ledger, analysis), owner=self)

    @Slot(int)
    def _step(self, by: int) -> None:
        """To the nearest window before or after that has been asked about."""
        story = self._side.narrative.story
        index = self._index + by
        while (window := story.track.get(index)) is not None:
            analysis = story.analysis_of(window)
            if analysis is not None:
                self._show(analysis)
                return
            index += by
