"""The foot of the column: what was spent of the budget, and while recording what this recording has cost and is about to cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import ModelInfo, Spending, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.widgets import model_words
from skiuo_desktop.ui.widgets.labels import Icon, Label
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.narrative_follow import FollowPill
from skiuo_desktop.ui.widgets.share import ShareBar

translate = QCoreApplication.translate

BEHIND_FROM = 3
"""So many windows waiting: the model does not keep up."""
BAR_WIDTH = 96


def nearest(spending: Spending) -> tuple[str, float, float]:
    """("day" or "month", spent, limit) of the budget nearest its end; the month without a limit where none is set."""
    budgets = [("month", spending.month, spending.month_limit), ("day", spending.day, spending.day_limit)]
    limited = [budget for budget in budgets if budget[2] > 0]
    return max(limited, key=lambda budget: budget[1] / budget[2]) if limited else budgets[0]


def spent(spending: Spending) -> str:
    """`This month **$6.42** of $20.00`"""
    period, amount, limit = nearest(spending)
    money = fmt.amount(amount, spending.currency)
    if limit <= 0:
        return translate("RecordFoot", "This month **{0}**").format(money)
    most = fmt.amount(limit, spending.currency)
    if period == "day":
        return translate("RecordFoot", "Today **{0}** of {1}").format(money, most)
    return translate("RecordFoot", "This month **{0}** of {1}").format(money, most)


def so_far(spending: Spending | None, cost: float | None, counts: Mapping[WindowState, int]) -> str:
    """What the recording has cost, where that is known, and whether the model keeps up; both counted, not guessed."""
    waiting = counts.get(WindowState.QUEUED, 0)
    parts = []
    if spending is not None and spending.recording > 0:
        money = fmt.amount(spending.recording, spending.currency)
        limit = spending.recording_limit
        if limit > 0:
            parts.append(translate("RecordFoot", "**{0}** of {1} so far").format(money, fmt.amount(limit, spending.currency)))
        else:
            parts.append(translate("RecordFoot", "**{0}** so far").format(money))
    elif cost is not None:
        parts.append(translate("RecordFoot", "**{0}** so far").format(fmt.money(cost)))
    if waiting >= BEHIND_FROM:
        parts.append(translate("RecordFoot", "{0} windows wait").format(fmt.number(waiting)))
    elif counts.get(WindowState.DONE, 0):
        parts.append(translate("RecordFoot", "model keeps up"))
    return " · ".join(parts)


def ahead(active: Sequence[ModelInfo]) -> str:
    """`About $0.36 an hour`; empty where nothing is paid, or nobody knows."""
    known = model_words.total(active)
    if not known or all(model_words.is_free(info) for info in active):
        return ""
    return translate("RecordFoot", "About {0} an hour").format(known)


class RecordFoot(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self, narrative: NarrativeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._compact = False, False
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        self._icon = Icon("receipt", 16, "text-muted", self)
        self._row.addWidget(self._icon)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.setContentsMargins(0, 0, 0, 0)
        self._first = Label(parent=self, role="small", color="text-muted", rich=True)
        self._second = Label(parent=self, role="small", color="text-muted", rich=True)
        lines.addStretch(1)
        lines.addWidget(self._first)
        lines.addWidget(self._second)
        lines.addStretch(1)
        self._row.addLayout(lines, 1)
        self.bar = ShareBar(self.tr("Spent of the budget"), self)
        self.bar.setFixedWidth(BAR_WIDTH)
        self._row.addWidget(self.bar)
        self._pill = FollowPill(narrative, parent=self)
        self._row.addWidget(self._pill, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        edge = 12 if compact else 16
        self._row.setContentsMargins(edge, 0, edge, 0)
        self.setFixedHeight(44 if compact else 52)

    @property
    def words(self) -> str:
        return "\n".join(label.words.replace("**", "") for label in (self._first, self._second) if not label.isHidden())

    def show_idle(self, spending: Spending | None) -> bool:
        """Whether there is something to tell: a budget, or money that was spent."""
        self._pill.hide()
        self._second.hide()
        self._first.show()
        tells = spending is not None and (spending.month > 0 or nearest(spending)[2] > 0)
        if spending is not None and tells:
            _, amount, limit = nearest(spending)
            self._first.set_text(spent(spending))
            self.bar.set_share(amount / limit if limit > 0 else 0.0)
            self.bar.setVisible(limit > 0)
        self._icon.setVisible(tells)
        return tells

    def show_live(self, spending: Spending | None, cost: float | None, counts: Mapping[WindowState, int], active: Sequence[ModelInfo]) -> None:
        self._icon.hide()
        self.bar.hide()
        self._pill.show()
        for label, text in ((self._first, so_far(spending, cost, counts)), (self._second, ahead(active))):
            label.set_text(text)
            label.setVisible(bool(text))
