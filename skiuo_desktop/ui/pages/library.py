"""The Library page: all recordings by day, searched, filtered, opened, selected, deleted; and those of other devices, which are only looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, RecordingChanged, RecordingDeleted, RecordingSaved, WindowChanged
from skiuo_desktop.model import Hit, RecordingState, RecordingSummary, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.copies import CopiesKnown, Mark
from skiuo_desktop.ui.icons import icon
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library_bar import SelectionBar
from skiuo_desktop.ui.pages.library_delete import Deleting
from skiuo_desktop.ui.pages.library_elsewhere import ElsewhereList
from skiuo_desktop.ui.pages.library_empty import Loading, NothingFound, NothingRecorded
from skiuo_desktop.ui.pages.library_filterbar import FilterBar
from skiuo_desktop.ui.pages.library_filters import choices
from skiuo_desktop.ui.pages.library_head import LibraryHead
from skiuo_desktop.ui.pages.library_hits import hits_menu
from skiuo_desktop.ui.pages.library_model import LibraryModel, RecordingRow
from skiuo_desktop.ui.pages.library_thumbs import Thumbnails
from skiuo_desktop.ui.pages.library_view import ColumnNames, LibraryView

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

FIRST, ALL = 200, 1_000_000
"""So many recordings are read at once, then all others behind them."""
MOST_HITS = 1_000
LOADING_AFTER_MS = 200
READ_AGAIN_MS = 400


class LibraryPage(QWidget):
    """Reads the engine's list and follows its events."""

    open_recording = Signal(str, object)
    """Id, moment in ms: show it in the player."""
    new_recording = Signal()
    said = Signal(str)
    """Something has been done: a sentence for a toast."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._loaded = False
        self._complete = False
        self._stale = True
        self._needle = ""
        self.model = LibraryModel(self)
        self.head = LibraryHead(self)
        self.filters = FilterBar(self)
        self.view = LibraryView(self.model, Thumbnails(bridge, self), self)
        self.names = ColumnNames(self.view, self)
        self.empty, self.nothing, self.loading = NothingRecorded(self), NothingFound(self), Loading(self)
        self.elsewhere = ElsewhereList(bridge, self)
        self.pages = QStackedWidget(self)
        self._blank = QWidget(self)
        for page in (self._blank, self.view, self.empty, self.nothing, self.loading, self.elsewhere):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, self.filters, self.names):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self.bar = SelectionBar(self)
        self.deleting = Deleting(bridge, self)
        self._read_timer = self._timer(READ_AGAIN_MS, self._read_newest)
        self._loading_timer = self._timer(LOADING_AFTER_MS, self._show_loading)
        self._backend = Backend(bridge, self)
        self._copies = CopiesKnown(bridge, self._backend, self)
        self.model.mark_of = self._mark
        self._connect()
        self._show_page()

    def _timer(self, ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        self.head.new_recording.connect(self.new_recording)
        self.empty.record.connect(self.new_recording)
        self.head.search.changed.connect(self._search)
        self.head.search.left.connect(self._to_list)
        self.filters.filters_changed.connect(self._filter)
        self.filters.order_changed.connect(self._reorder)
        self.nothing.cleared.connect(self._clear)
        self.view.opened.connect(self.open_recording)
        self.view.hits_asked.connect(self._list_hits)
        self.view.menu_asked.connect(self._menu)
        self.view.delete_asked.connect(self._delete)
        self.model.checked_changed.connect(self._checked)
        self.bar.left.connect(self.model.clear_checked)
        self.bar.delete.connect(self._delete)
        self.bar.retry.connect(partial(self._analyse_checked, failed_only=True))
        self.bar.analyse.connect(partial(self._analyse_checked, failed_only=False))
        self.deleting.deleted.connect(self._deleted)
        self._bridge.event.connect(self._on_event)
        self._backend.changed.connect(self._servers_changed)
        self._copies.changed.connect(self.model.marks_changed)
        self.elsewhere.open_recording.connect(self.open_recording)
        self.elsewhere.cleared.connect(self._clear_elsewhere)
        self.elsewhere.found.connect(self.head.search.set_found)
        self.elsewhere.filled.connect(self._tell_facts)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WindowShortcut)
        find.activated.connect(self.head.search.focus)

    # ------------------------------------------------------------------ size

    def set_compact(self, compact: bool) -> None:
        """Below 1280 wide."""
        self.head.set_compact(compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.names.update()
        self.bar.follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._copies.look(True)
        if self._stale:
            self._read_newest()

    def hideEvent(self, event: QHideEvent) -> None:
        self._copies.look(False)
        super().hideEvent(event)

    def _mark(self, summary: RecordingSummary) -> Mark | None:
        return self._copies.mark(summary.id, summary.device, summary.freed_at)

    # ------------------------------------------------------------------ reading

    @Slot()
    def _read_newest(self) -> None:
        if not self.isVisible() or not self._bridge.is_ready:
            self._stale = True
            return
        self._stale = False
        if not self._loaded:
            self._loading_timer.start()
        self._bridge.ask(self._bridge.engine.recordings(FIRST), self._newest, self._cannot_read)

    def _newest(self, found: list[RecordingSummary]) -> None:
        self._loading_timer.stop()
        keep, top = self.view.current_id, self.view.verticalScrollBar().value()
        if not self._loaded or len(found) < FIRST:
            self.model.set_summaries(found)
            self._complete = len(found) < FIRST
        else:
            self.model.merge(found)
        first, self._loaded = not self._loaded, True
        if first and not self._complete:
            self._bridge.ask(self._bridge.engine.recordings(ALL), self._all)
        self._filled()
        if not first:
            self.view.set_current(keep)
            self.view.verticalScrollBar().setValue(top)

    def _all(self, found: list[RecordingSummary]) -> None:
        top = self.view.verticalScrollBar().value()
        self._complete = True
        self.model.set_summaries(found)
        self._filled()
        self.view.verticalScrollBar().setValue(top)

    def _cannot_read(self, error: SkiuoError) -> None:
        self._loading_timer.stop()
        self.nothing.tell(self.tr("The library cannot be read"), fmt.error(error), self.tr("Try again"))
        if not self.looks_elsewhere:
            self.pages.setCurrentWidget(self.nothing)

    def _filled(self) -> None:
        self._tell_facts()
        self._show_page()

    @Slot()
    def _tell_facts(self) -> None:
        """Totals in the head and choices in the filters, of what is shown."""
        if self.looks_elsewhere:
            summaries, more = self.elsewhere.model.summaries, False
            self.filters.set_devices(self.elsewhere.devices)
        else:
            summaries, more = self.model.summaries, not self._complete
        self.head.set_facts(words.totals(summaries, more=more))
        self.filters.set_choices(*choices(summaries))

    @property
    def looks_elsewhere(self) -> bool:
        """Other devices' recordings are shown."""
        return bool(self.filters.filters.device)

    @Slot()
    def _servers_changed(self) -> None:
        self.empty.set_mirrored(self._backend.configured)
        if self.filters.elsewhere != self._backend.database:
            self.filters.set_elsewhere(self._backend.database)
            self._show_page()

    @Slot()
    def _show_loading(self) -> None:
        if not self.looks_elsewhere:
            self.pages.setCurrentWidget(self.loading)

    def _show_page(self) -> None:
        """The list, or what stands in its place."""
        self.names.update()
        any_there = bool(self.model.summaries)
        self.filters.setVisible(any_there or self._backend.database)
        self.names.setVisible(bool(self.model.shown) and not self.looks_elsewhere)
        if self.looks_elsewhere:
            self.pages.setCurrentWidget(self.elsewhere)
        elif not self._loaded:
            self.pages.setCurrentWidget(self._blank)
        elif not any_there:
            self.pages.setCurrentWidget(self.empty)
        elif self.model.shown:
            self.pages.setCurrentWidget(self.view)
        else:
            self._tell_nothing()
            self.pages.setCurrentWidget(self.nothing)

    def _tell_nothing(self) -> None:
        count = words.recordings(len(self.model.summaries))
        if self.model.searching:
            without = sum(1 for r in self.model.summaries if WindowState.DONE not in r.states)
            text = self.tr("Searched titles, notes and the text of {0}.").format(count)
            if without:
                text += " " + self.tr("{0} have no text yet.").format(words.recordings(without))
            if self.model.filters.in_force:
                text += " " + self.tr("Filters are in force.")
            self.nothing.tell(self.tr("Nothing says “{0}”").format(self._needle), text, self.tr("Clear the search"))
        else:
            self.nothing.tell(self.tr("No recording is like that"), self.tr("Looked through {0}.").format(count), self.tr("Clear the filters"))

    # ------------------------------------------------------------------ search and filters

    @Slot(str)
    def _search(self, text: str) -> None:
        self._needle = text
        if self.looks_elsewhere:
            self.elsewhere.search(text)
            return
        if not text:
            self.head.search.set_found("")
            self.view.delegate.needle = ""
            self.model.set_hits(None)
            self._show_page()
            return
        self._bridge.ask(self._bridge.engine.search(text, MOST_HITS), partial(self._found, text), owner=self)

    def _found(self, text: str, hits: list[Hit]) -> None:
        if text != self._needle or self.looks_elsewhere:
            return  # another word has been typed meanwhile
        self.view.delegate.needle = text
        self.model.set_hits(hits)
        self.head.search.set_found(words.found(len(hits), len({h.recording_id for h in hits}), more=len(hits) >= MOST_HITS) if hits else "")
        self._show_page()
        self.view.scrollToTop()

    @Slot()
    def _to_list(self) -> None:
        (self.elsewhere.view if self.looks_elsewhere else self.view).setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(object)
    def _filter(self, filters: object) -> None:
        was_elsewhere = self.pages.currentWidget() is self.elsewhere
        if self.looks_elsewhere:
            self.elsewhere.set_filters(self.filters.filters)
        else:
            self.model.set_filters(self.filters.filters)
        self._show_page()
        if was_elsewhere != self.looks_elsewhere:
            self.model.clear_checked()
            self._search(self._needle)  # what is looked for is looked for there, too
            self._tell_facts()
        self.view.scrollToTop()

    @Slot(str)
    def _reorder(self, order: str) -> None:
        self.model.set_order(order)
        self.elsewhere.set_order(order)
        self.view.scrollToTop()

    @Slot()
    def _clear_elsewhere(self) -> None:
        if self._needle:
            self.head.search.clear()
        else:
            self.filters.clear()

    @Slot()
    def _clear(self) -> None:
        if not self._loaded or not self.model.summaries:
            self._read_newest()
        elif self.model.searching:
            self.head.search.clear()
        else:
            self.filters.clear()

    @Slot(str, QPoint)
    def _list_hits(self, recording_id: str, at: QPoint) -> None:
        number = self.model.row_of(recording_id)
        row = self.model.row(number) if number is not None else None
        if not isinstance(row, RecordingRow):
            return
        hits_menu(self, row, self.open_recording.emit).popup(at)

    # ------------------------------------------------------------------ selection

    @Slot()
    def _checked(self) -> None:
        self.bar.set_checked(self.model.checked)

    @Slot(str, QPoint)
    def _menu(self, recording_id: str, at: QPoint) -> None:
        menu = QMenu(self)
        number = self.model.row_of(recording_id)
        row = self.model.row(number) if number is not None else None
        checked = self.model.is_checked(recording_id)
        entries = [
            (self.tr("Watch"), "player-play", partial(self.open_recording.emit, recording_id, 0)),
            (self.tr("Unselect") if checked else self.tr("Select"), "check", partial(self.model.set_checked, [recording_id], not checked)),
        ]
        if isinstance(row, RecordingRow) and row.summary.state is not RecordingState.RECORDING:
            entries.append((self.tr("Delete…"), "trash", partial(self.deleting.ask, [recording_id])))
        for text, name, slot in entries:
            action = QAction(icon(name), text, menu)
            action.triggered.connect(slot)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @Slot()
    def _delete(self) -> None:
        ids = [r.id for r in self.model.checked] or ([self.view.current_id] if self.view.current_id else [])
        self.deleting.ask(ids)

    @Slot(object, str)
    def _deleted(self, ids: tuple[str, ...], sentence: str) -> None:
        self.model.remove(ids)
        self._filled()
        self.said.emit(sentence)

    def _analyse_checked(self, *, failed_only: bool) -> None:
        engine = self._bridge.engine
        for summary in self.model.checked:
            skipped = [i for i, state in enumerate(summary.states) if state is WindowState.SKIPPED]
            if failed_only and WindowState.FAILED in summary.states:
                self._bridge.ask(engine.analyse(summary.id, failed_only=True), self._asked)
            elif not failed_only and len(skipped) == len(summary.states):
                self._bridge.ask(engine.analyse(summary.id), self._asked)
            elif not failed_only:
                for index in skipped:
                    self._bridge.ask(engine.analyse(summary.id, window_index=index), self._asked)
        self.model.clear_checked()

    def _asked(self, _count: int) -> None:
        self._read_timer.start()

    # ------------------------------------------------------------------ events

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, WindowChanged):
            self.model.update_window(event.window)
        elif isinstance(event, RecordingDeleted):
            self.model.remove([event.recording_id])
            self._filled()
        elif isinstance(event, RecordingChanged | RecordingSaved):
            self._read_timer.start()
