"""Opens, fills and closes the ledger beside the player."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QImage

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Analysis, Attempt
from skiuo_desktop.ui.pages.watch_files import later
from skiuo_desktop.ui.pages.watch_view import WatchView
from skiuo_desktop.ui.widgets.ledger_frames import LARGE, FrameGrid, decoded, sent_times

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

log = logging.getLogger(__name__)


class LedgerControl(QObject):
    """The page tells it which window; it asks the engine for the attempts."""

    def __init__(self, bridge: Bridge, view: WatchView) -> None:
        super().__init__(view)
        self._bridge, self._view = bridge, view
        self._raw = False
        view.side.narrative.show_ledger.connect(self.open)
        view.side.narrative.show_raw.connect(partial(self.open, raw=True))
        view.side.ledger.closed.connect(self.close)
        view.side.ledger.stepped.connect(self.step)

    @Slot(object)
    def open(self, analysis_id: int, *, raw: bool = False) -> None:
        """Shows an analysis; `raw` leads to its raw answer."""
        analysis = self._find(analysis_id)
        if analysis is not None:
            self._raw = raw
            self._bridge.ask(self._bridge.engine.attempts(analysis_id), partial(self._show, analysis), owner=self)

    def _find(self, analysis_id: int) -> Analysis | None:
        windows = self._view.side.narrative.story.track.windows
        return next((a for w in windows for a in w.analyses if a.id == analysis_id), None)

    def _show(self, analysis: Analysis, attempts: list[Attempt]) -> None:
        side = self._view.side
        was_open = side.ledger_open
        side.ledger.set_ledger(analysis, attempts, show_raw=self._raw)
        self._ask_frames(analysis, attempts)
        side.show_ledger(True)
        self._view.set_side_width()
        if not was_open:
            side.ledger.setFocus(Qt.FocusReason.PopupFocusReason)

    def _ask_frames(self, analysis: Analysis, attempts: list[Attempt]) -> None:
        times = sent_times(attempts[-1].sent) if attempts else []
        if times:
            width = round(LARGE * self._view.devicePixelRatioF())
            asked = self._bridge.engine.pictures(analysis.recording_id, analysis.window_index, times, width)
            self._bridge.ask(asked, partial(self._decode, self._view.side.ledger.frames), self._no_frames, owner=self)

    def _decode(self, grid: FrameGrid | None, pictures: list[bytes]) -> None:
        self._bridge.ask(later(partial(decoded, pictures)), partial(self._show_frames, grid), owner=self)

    def _show_frames(self, grid: FrameGrid | None, pictures: list[QImage]) -> None:
        if grid is not None and grid is self._view.side.ledger.frames:  # else another ledger is open by now
            grid.set_pictures(pictures)

    def _no_frames(self, error: SkiuoError) -> None:
        log.info("the frames that were sent cannot be shown: %s", error)
        self._view.side.ledger.drop_frames()

    def open_current(self) -> None:
        """Of the current card, else of the window that plays; of what another device has asked nothing more is known here."""
        if self._view.read_only:
            return
        narrative = self._view.side.narrative
        index = narrative.current if narrative.current is not None else narrative.playing
        window = narrative.story.track.get(index) if index is not None else None
        analysis = narrative.story.analysis_of(window) if window is not None else None
        if analysis is not None:
            self.open(analysis.id)

    @Slot(int)
    def step(self, by: int) -> None:
        """To the nearest window before or after that has been asked about."""
        shown, story = self._view.side.ledger.analysis, self._view.side.narrative.story
        if shown is None or not self._view.side.ledger_open:
            return
        index = shown.window_index + by
        while (window := story.track.get(index)) is not None:
            analysis = story.analysis_of(window)
            if analysis is not None:
                self._view.side.narrative.set_current(index)
                self._view.stage.timeline.set_selected(index)
                self.open(analysis.id)
                return
            index += by

    def refresh(self, analysis: Analysis) -> None:
        """An analysis has ended: what is shown of its window is read again."""
        shown = self._view.side.ledger.analysis
        if self._view.side.ledger_open and shown is not None and shown.window_index == analysis.window_index:
            self.open(analysis.id)

    @Slot()
    def close(self) -> None:
        if self._view.side.ledger_open:
            self._view.side.show_ledger(False)
            self._view.set_side_width()
            self._view.side.narrative.setFocus(Qt.FocusReason.PopupFocusReason)
