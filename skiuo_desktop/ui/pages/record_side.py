"""The column at the right: which model, then what to know before a recording, and its text while it is made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.model import Analysis, Attempt, Spending, WindowState
from skiuo_desktop.ui.pages.record_checks import ChecksPanel
from skiuo_desktop.ui.pages.record_foot import RecordFoot
from skiuo_desktop.ui.pages.record_models import ModelField
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.labels import Rule
from skiuo_desktop.ui.widgets.ledger import LedgerPanel
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.paint import painted


class RecordSide(QWidget):
    """`models_wanted` carries the names of the models for the next windows."""

    models_wanted = Signal(object)
    settings_wanted = Signal()
    """Models and their order are to be changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = False
        self._spending: Spending | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 16, 0)
        self._head_row = head
        self.model = ModelField(self._head)
        self.model.wanted.connect(self.models_wanted)
        self.model.settings_wanted.connect(self.settings_wanted)
        head.addWidget(self.model)
        column.addWidget(self._head)
        column.addWidget(Rule(self))
        self.pages = QStackedWidget(self)
        self.checks = ChecksPanel(self.pages)
        self.narrative = NarrativeView(parent=self.pages)
        self.narrative.settings_wanted.connect(self.settings_wanted)
        self.pages.addWidget(self.checks)
        self.ledger = LedgerPanel(self.pages)
        self.pages.addWidget(self.narrative)
        self.pages.addWidget(self.ledger)
        self.ledger.closed.connect(self._close_ledger)
        column.addWidget(self.pages, 1)
        self._foot_rule = Rule(self)
        column.addWidget(self._foot_rule)
        self.foot = RecordFoot(self.narrative, self)
        column.addWidget(self.foot)
        self.set_compact(False)
        self.show_live(False)
        theme().changed.connect(self.update)

    def set_compact(self, compact: bool) -> None:
        edge = 12 if compact else 16
        self._head_row.setContentsMargins(edge, 0, edge, 0)
        self._head.setFixedHeight(theme().size("headerCompact" if compact else "header") - 1)
        self.foot.set_compact(compact)

    def show_live(self, live: bool) -> None:
        self._live = live
        self.pages.setCurrentWidget(self.narrative if live else self.checks)
        if live:
            self.narrative.set_following(True)
        self._show_foot(live or self.foot.show_idle(self._spending))

    def _show_foot(self, shown: bool) -> None:
        self.foot.setVisible(shown)
        self._foot_rule.setVisible(shown)

    def show_ledger(self, analysis: Analysis, attempts: Sequence[Attempt]) -> None:
        """What was sent for a window and the raw answer, in place of the cards until it is closed."""
        self.ledger.set_ledger(analysis, attempts, show_raw=True)
        self.pages.setCurrentWidget(self.ledger)
        self.ledger.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _close_ledger(self) -> None:
        self.pages.setCurrentWidget(self.narrative)
        self.narrative.setFocus(Qt.FocusReason.PopupFocusReason)

    # ------------------------------------------------------------------ money

    @property
    def spending(self) -> Spending | None:
        return self._spending

    def set_spending(self, spending: Spending) -> None:
        self._spending = spending
        if not self._live:
            self._show_foot(self.foot.show_idle(spending))

    def show_so_far(self, cost: float | None, counts: dict[WindowState, int]) -> None:
        """While recording. `cost` is the sum of what the cards say, for as long as the budgets are not known."""
        self.foot.show_live(self._spending, cost, counts, self.model.active)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("surface"))
        painter.fillRect(QRect(0, 0, 1, self.height()), theme().color("border"))
