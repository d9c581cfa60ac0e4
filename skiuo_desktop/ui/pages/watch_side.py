"""The column of texts beside the player: narrative and markers as tabs, a search in the text, and the ledger over both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.ui.pages.watch_compare import ComparePanel
from skiuo_desktop.ui.pages.watch_markers import MarkerList
from skiuo_desktop.ui.pages.watch_tabs import ModelChip, SearchRow, Tab
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Rule
from skiuo_desktop.ui.widgets.ledger import LedgerPanel
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.narrative_follow import FollowPill

MODEL_FROM = 400
NARRATIVE, MARKERS, COMPARE = range(3)


class WatchSide(QWidget):
    """`narrative` and `ledger` are used by the page directly."""

    copy_all = Signal()
    analyse_all = Signal()
    analyse_kept = Signal()
    """What a budget has kept for later."""
    seek = Signal(object)
    tab_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[int] = []
        self._at = 0
        self._offers_kept = False
        self.narrative = NarrativeView(watch=True, parent=self)
        self.ledger = LedgerPanel(self)
        self.markers = MarkerList(self)
        self.markers.seek.connect(self.seek)
        self.compare = ComparePanel(self)
        self.compare.list.play.connect(self.narrative.play)
        self.compare.list.answer_chosen.connect(self.narrative.answer_chosen)
        self.compare.list.show_raw.connect(self.narrative.show_raw)
        self.narrative.compare.connect(self.open_compare)
        self.pages = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages)
        self.pages.addWidget(self._reading())
        self.pages.addWidget(self.ledger)
        theme().changed.connect(self.update)

    def _reading(self) -> QWidget:
        reading = QWidget(self)
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(reading))
        column.addWidget(Rule(reading))
        self.search = SearchRow(reading)
        self.search.hide()
        self.search.changed.connect(self._search)
        self.search.stepped.connect(self._step)
        self.search.closed.connect(self.close_search)
        column.addWidget(self.search)
        self._banner_box = QWidget(reading)
        box = QVBoxLayout(self._banner_box)
        box.setContentsMargins(12, 12, 12, 12)
        self.banner = Banner(self._banner_box, closable=False)
        self.banner.pressed.connect(self._banner_pressed)
        box.addWidget(self.banner)
        self._banner_box.hide()
        column.addWidget(self._banner_box)
        self.body = QStackedWidget(reading)
        self.body.addWidget(self.narrative)
        self.body.addWidget(self.markers)
        self.body.addWidget(self.compare)
        column.addWidget(self.body, 1)
        self.pill = FollowPill(self.narrative, watch=True, parent=self.narrative)
        self.narrative.following_changed.connect(self._place_pill)
        self._place_pill()
        return reading

    def _head(self, parent: QWidget) -> QWidget:
        head = QWidget(parent)
        head.setFixedHeight(48)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(4)
        self._tabs = QButtonGroup(head)
        self.narrative_tab, self.markers_tab, self.compare_tab = Tab(self.tr("Narrative"), head), Tab(self.tr("Markers"), head), Tab(self.tr("Compare"), head)
        tabs = QHBoxLayout()
        tabs.setSpacing(24)  # none beside a tab that is hidden
        for number, tab in ((NARRATIVE, self.narrative_tab), (COMPARE, self.compare_tab), (MARKERS, self.markers_tab)):
            self._tabs.addButton(tab, number)
            tabs.addWidget(tab)
        row.addLayout(tabs)
        row.addSpacing(16)
        self.compare_tab.hide()
        self.narrative_tab.setChecked(True)
        self._tabs.idClicked.connect(self._show_tab)
        row.addStretch(1)
        self.model = ModelChip(head)
        self.model.clicked.connect(self._choose_model)
        self._find = Button(parent=head, kind="ghost", size="small", icon="search", name=self.tr("Search in this narrative (Ctrl+F)"))
        self._find.clicked.connect(self.open_search)
        self._copy = Button(parent=head, kind="ghost", size="small", icon="copy", name=self.tr("Copy the whole narrative"))
        self._copy.clicked.connect(self.copy_all)
        for widget in (self.model, self._find, self._copy):
            row.addWidget(widget)
        return head

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("surface"))
        painter.fillRect(0, 0, 1, self.height(), theme().color("border"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_model()
        QTimer.singleShot(0, self, self._place_pill)

    # ------------------------------------------------------------------ tabs, models, ledger

    @Slot(int)
    def _show_tab(self, number: int) -> None:
        self.body.setCurrentIndex(number)
        for button in (self._find, self._copy):
            button.setVisible(number == NARRATIVE)
        self._show_model()
        if number != NARRATIVE:
            self.close_search()
        self.tab_changed.emit()

    @property
    def comparing(self) -> bool:
        return not self.ledger_open and self.body.currentIndex() == COMPARE

    @Slot(int)
    def open_compare(self, index: int) -> None:
        """The answers about a window side by side."""
        self.compare_tab.setChecked(True)
        self._show_tab(COMPARE)
        self.compare.list.reveal_window(index)
        self.compare.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_narrative(self) -> None:
        self.narrative_tab.setChecked(True)
        self._show_tab(NARRATIVE)

    def set_models(self, names: Sequence[str]) -> None:
        """The models that have written about this recording."""
        shown = self.narrative.story.model or (names[0] if len(names) == 1 else "")
        text = words.model(shown) if shown else self.tr("Any model") if names else ""
        self.model.set_shown(text, choice=len(names) > 1)
        self.compare_tab.setVisible(len(names) > 1)
        if len(names) < 2 and self.body.currentIndex() == COMPARE:
            self.show_narrative()
        self._show_model()

    def _show_model(self) -> None:
        """Where there is little room the tabs need it: other models' texts are under Compare as well."""
        self.model.setVisible(bool(self.model.text()) and self.width() >= MODEL_FROM and self.body.currentIndex() == NARRATIVE)

    @Slot()
    def _choose_model(self) -> None:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for name in ["", *self.narrative.story.models()]:
            action = QAction(words.model(name) if name else self.tr("Any model"), menu, checkable=True)
            action.setData(name)
            action.setChecked(name == self.narrative.story.model)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._take_model)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.model.mapToGlobal(self.model.rect().bottomLeft()))

    @Slot(QAction)
    def _take_model(self, action: QAction) -> None:
        self.narrative.set_model(action.data())
        self.set_models(self.narrative.story.models())

    @property
    def ledger_open(self) -> bool:
        return self.pages.currentWidget() is self.ledger

    def show_ledger(self, shown: bool) -> None:
        self.pages.setCurrentIndex(1 if shown else 0)

    @Slot()
    def _banner_pressed(self) -> None:
        (self.analyse_kept if self._offers_kept else self.analyse_all).emit()

    def offer_analysis(self, cause: str, rest: str = "", button: str = "", *, kept: bool = False) -> None:
        """A banner over the cards, such as when nobody was asked about this recording; no cause: none. `kept`: of what a budget has kept."""
        self._offers_kept = kept
        self._banner_box.setVisible(bool(cause))
        if cause:
            self.banner.tell("info", cause, rest, button)

    @Slot()
    def _place_pill(self) -> None:
        self.pill.setVisible(not self.narrative.following)
        self.pill.move((self.narrative.width() - self.pill.width()) // 2, self.narrative.height() - self.pill.height() - 16)
        self.pill.raise_()

    # ------------------------------------------------------------------ search

    @Slot()
    def open_search(self) -> None:
        self.show_narrative()
        self.search.show()
        self.search.field.focus()

    @Slot()
    def close_search(self) -> None:
        if not self.search.isHidden():
            self.search.hide()
            self.search.field.set_text("")
            self.narrative.set_search("")
            self._found = []
            self.narrative.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot(str)
    def _search(self, text: str) -> None:
        self._found = self.narrative.set_search(text)
        first = self.narrative.story.index_at(self.narrative.first_visible()) if len(self.narrative.story) else 0
        self._at = next((i for i, index in enumerate(self._found) if index >= first), 0)
        self._go()

    @Slot(int)
    def _step(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
        self._go()

    def _go(self) -> None:
        self.search.set_found(self._at, len(self._found))
        if self._found:
            self.narrative.set_following(False)
            self.narrative.set_current(self._found[self._at])
