"""Recordings of other devices, as the database of the person's own tells them: listed, searched, opened. Nothing about them can be changed here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Hit, RecordingSummary
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library_empty import Loading, NothingFound
from skiuo_desktop.ui.pages.library_filters import Filters, devices
from skiuo_desktop.ui.pages.library_hits import hits_menu
from skiuo_desktop.ui.pages.library_model import LibraryModel, RecordingRow
from skiuo_desktop.ui.pages.library_thumbs import Thumbnails
from skiuo_desktop.ui.pages.library_view import ColumnNames, LibraryView

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

MOST = 2_000
"""So many of the newest recordings are listed; a search looks through all."""
MOST_HITS = 1_000
LOADING_AFTER_MS = 200


class ElsewhereList(QWidget):
    """Reads when it is shown, and again when it is asked to. What cannot be read is said where the list would be."""

    open_recording = Signal(str, object)
    cleared = Signal()
    """The search or the filters are to be taken off."""
    found = Signal(str)
    """How much a search has found, for the field; empty: nothing was looked for."""
    filled = Signal()
    """There are other recordings than before."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._needle = ""
        self._loaded, self._failed, self._reading = False, False, False
        self._listed: list[RecordingSummary] = []
        self.model = LibraryModel(self)
        self.view = LibraryView(self.model, Thumbnails(bridge, self), self, read_only=True)
        self.names = ColumnNames(self.view, self)
        self.nothing, self._loading, self._blank = NothingFound(self), Loading(self), QWidget(self)
        self.pages = QStackedWidget(self)
        for page in (self._blank, self.view, self.nothing, self._loading):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.names)
        column.addWidget(self.pages, 1)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(LOADING_AFTER_MS)
        self._slow.timeout.connect(self._show_loading)
        self.view.opened.connect(self.open_recording)
        self.view.hits_asked.connect(self._list_hits)
        self.nothing.cleared.connect(self._pressed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.names.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.read()

    # ------------------------------------------------------------------ reading

    @Slot()
    def read(self) -> None:
        """Asks the server again."""
        if self._reading or not self._bridge.is_ready:
            return
        self._reading = True
        if not self._loaded or self._failed:
            self._slow.start()
        self._bridge.ask(self._bridge.engine.elsewhere(MOST, ""), self._read, self._cannot_read)

    def _read(self, found: list[RecordingSummary]) -> None:
        self._slow.stop()
        self._reading, self._loaded, self._failed = False, True, False
        self._listed = found
        if self._needle:
            self.search(self._needle)
        else:
            self._fill(found)

    def _fill(self, found: list[RecordingSummary]) -> None:
        keep, top = self.view.current_id, self.view.verticalScrollBar().value()
        self.model.set_summaries(found)
        self._show_page()
        self.view.set_current(keep)
        self.view.verticalScrollBar().setValue(top)
        self.filled.emit()

    def _cannot_read(self, error: SkiuoError) -> None:
        self._slow.stop()
        self._reading, self._failed = False, True
        self.nothing.tell(self.tr("Other devices cannot be shown now"), fmt.error(error), self.tr("Try again"))
        self.names.hide()
        self.pages.setCurrentWidget(self.nothing)

    @property
    def devices(self) -> list[str]:
        """The names that are known."""
        return devices(self._listed)

    @Slot()
    def _show_loading(self) -> None:
        self.pages.setCurrentWidget(self._loading)

    def _show_page(self) -> None:
        self.names.setVisible(bool(self.model.shown))
        self.names.update()
        if self._failed:
            return
        if not self._loaded:
            self.pages.setCurrentWidget(self._blank)
        elif self.model.shown:
            self.pages.setCurrentWidget(self.view)
        else:
            self._tell_nothing()
            self.pages.setCurrentWidget(self.nothing)

    def _tell_nothing(self) -> None:
        if self._needle:
            text = self.tr("Searched titles, notes and texts of other devices.")
            if self.model.filters.in_force > bool(self.model.filters.device):
                text += " " + self.tr("Filters are in force.")
            self.nothing.tell(self.tr("Nothing says “{0}”").format(self._needle), text, self.tr("Clear the search"))
        elif self._listed:
            count = words.recordings(len(self._listed))
            self.nothing.tell(self.tr("No recording is like that"), self.tr("Looked through {0}.").format(count), self.tr("Clear the filters"))
        else:
            text = self.tr("What other devices mirror to the same database appears here.")
            self.nothing.tell(self.tr("No other device has recorded anything yet"), text, self.tr("Look again"))

    @Slot()
    def _pressed(self) -> None:
        if self._failed or not (self._needle or self._listed):
            self.read()
        else:
            self.cleared.emit()

    # ------------------------------------------------------------------ search, filters, order

    @Slot(str)
    def search(self, text: str) -> None:
        """Looks through everything that other devices have sent; empty: the list again."""
        self._needle = text
        if not text:
            self.view.delegate.needle = ""
            self.model.set_hits(None)
            self.found.emit("")
            if self._loaded:
                self._fill(self._listed)
            return
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.elsewhere(MOST, text), partial(self._found_in, text), self._cannot_read, owner=self)

    def _found_in(self, text: str, summaries: list[RecordingSummary]) -> None:
        if text == self._needle:
            asked = self._bridge.engine.search_elsewhere(text, MOST_HITS)
            self._bridge.ask(asked, partial(self._passages, text, summaries), self._cannot_read, owner=self)

    def _passages(self, text: str, summaries: list[RecordingSummary], hits: list[Hit]) -> None:
        if text != self._needle:
            return
        self._loaded, self._failed = True, False
        self.view.delegate.needle = text
        self.model.set_summaries(summaries)
        self.model.set_hits(hits)
        self.found.emit(words.found(len(hits), len({hit.recording_id for hit in hits}), more=len(hits) >= MOST_HITS) if hits else "")
        self._show_page()
        self.filled.emit()
        self.view.scrollToTop()

    def set_filters(self, filters: Filters) -> None:
        self.model.set_filters(filters)
        self._show_page()
        self.view.scrollToTop()

    def set_order(self, order: str) -> None:
        self.model.set_order(order)
        self.view.scrollToTop()

    @Slot(str, QPoint)
    def _list_hits(self, recording_id: str, at: QPoint) -> None:
        number = self.model.row_of(recording_id)
        row = self.model.row(number) if number is not None else None
        if isinstance(row, RecordingRow):
            hits_menu(self, row, self.open_recording.emit).popup(at)
