"""The column at the right: which model, then what to know before a recording, and its text while it is made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.model import OFFLINE, Analysis, Attempt, ModelConfig, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.record_checks import ChecksPanel
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.ledger import LedgerPanel
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.narrative_follow import FollowPill
from skiuo_desktop.ui.widgets.paint import painted
from skiuo_desktop.ui.widgets.picker import Choice, Picker

BEHIND_FROM = 3
"""So many windows waiting: the model does not keep up."""


def price(model: ModelConfig) -> str:
    """What an hour costs, where that is known."""
    return fmt.money(0) if model.provider == OFFLINE else ""


class RecordSide(QWidget):
    """`model_chosen` carries the name of the model for the next windows."""

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: dict[str, ModelConfig] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 16, 0)
        self._head_row = head
        self.model = Picker(self.tr("Model"), "sparkles", self._head, empty=self.tr("No model is set up."), weight=500)
        self.model.chosen.connect(self.model_chosen)
        head.addWidget(self.model)
        column.addWidget(self._head)
        column.addWidget(Rule(self))
        self.pages = QStackedWidget(self)
        self.checks = ChecksPanel(self.pages)
        self.narrative = NarrativeView(parent=self.pages)
        self.pages.addWidget(self.checks)
        self.ledger = LedgerPanel(self.pages)
        self.pages.addWidget(self.narrative)
        self.pages.addWidget(self.ledger)
        self.ledger.closed.connect(self._close_ledger)
        column.addWidget(self.pages, 1)
        self._foot_rule = Rule(self)
        column.addWidget(self._foot_rule)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(16, 0, 16, 0)
        self._foot_row = foot
        self._so_far = Label(parent=self._foot, role="small", color="text-muted", rich=True)
        foot.addWidget(self._so_far, 1)
        foot.addWidget(FollowPill(self.narrative, parent=self._foot))
        column.addWidget(self._foot)
        self.set_compact(False)
        self.show_live(False)
        theme().changed.connect(self.update)

    def set_compact(self, compact: bool) -> None:
        edge = 12 if compact else 16
        self._head_row.setContentsMargins(edge, 0, edge, 0)
        self._foot_row.setContentsMargins(edge, 0, edge, 0)
        self._head.setFixedHeight(theme().size("headerCompact" if compact else "header") - 1)
        self._foot.setFixedHeight(44 if compact else 52)

    def show_live(self, live: bool) -> None:
        self.pages.setCurrentWidget(self.narrative if live else self.checks)
        if live:
            self.narrative.set_following(True)
        self._foot.setVisible(live)
        self._foot_rule.setVisible(live)

    def show_ledger(self, analysis: Analysis, attempts: Sequence[Attempt]) -> None:
        """What was sent for a window and the raw answer, in place of the cards until it is closed."""
        self.ledger.set_ledger(analysis, attempts, show_raw=True)
        self.pages.setCurrentWidget(self.ledger)
        self.ledger.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _close_ledger(self) -> None:
        self.pages.setCurrentWidget(self.narrative)
        self.narrative.setFocus(Qt.FocusReason.PopupFocusReason)

    # ------------------------------------------------------------------ models

    def set_models(self, models: Sequence[ModelConfig]) -> None:
        self._models = {model.name: model for model in models}
        self.model.set_choices([self._choice(model) for model in models])

    def _choice(self, model: ModelConfig) -> Choice:
        if model.provider == OFFLINE:
            detail = self.tr("Text, motion, scenes, light, speech")
            return Choice(model.name, narrative_words.model(model.name), detail, price(model), "wave-sine")
        return Choice(model.name, narrative_words.model(model.name), model.base_url or model.provider, price(model), "cloud")

    def show_models(self, active: Sequence[str]) -> None:
        """What the closed field says."""
        known = [self._models[name] for name in active if name in self._models]
        if not known:
            self.model.set_shown("", self.tr("No model"))
            return
        title = ", ".join(narrative_words.model(model.name) for model in known)
        detail = price(known[0]) if len(known) == 1 else ""
        self.model.set_shown(known[0].name, title, detail, "wave-sine" if known[0].provider == OFFLINE else "sparkles")

    def active(self, names: Sequence[str]) -> tuple[ModelConfig, ...]:
        return tuple(self._models[name] for name in names if name in self._models)

    # ------------------------------------------------------------------ the foot while recording

    def show_so_far(self, cost: float | None, counts: dict[WindowState, int]) -> None:
        """What it has cost, where that is known, and whether the model keeps up; both counted, not guessed."""
        waiting = counts.get(WindowState.QUEUED, 0)
        parts = []
        if cost is not None:
            parts.append(self.tr("**{0}** so far").format(fmt.money(cost)))
        if waiting >= BEHIND_FROM:
            parts.append(self.tr("{0} windows wait").format(fmt.number(waiting)))
        elif counts.get(WindowState.DONE, 0):
            parts.append(self.tr("model keeps up"))
        self._so_far.set_text(" · ".join(parts))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("surface"))
        painter.fillRect(QRect(0, 0, 1, self.height()), theme().color("border"))
