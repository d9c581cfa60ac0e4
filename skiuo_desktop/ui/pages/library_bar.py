"""The bar that floats over the list while recordings are checked: how many, and what can be done with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop.model import RecordingState, RecordingSummary, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.floating import MARGIN, Floating
from skiuo_desktop.ui.widgets.labels import Label, Rule

ABOVE_BOTTOM = 20
HEIGHT = 52


class SelectionBar(Floating):
    """A child of the page, so that it lies over the list."""

    retry = Signal()
    analyse = Signal()
    delete = Signal()
    left = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page, padding=0)
        self._page = page
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 10, 10)
        row.setSpacing(8)
        self._count = Label("", self, weight=600)
        self._facts = Label("", self, role="small", color="text-muted")
        rule = Rule(self, vertical=True)
        self._retry = Button("", self, size="small", icon="refresh")
        self._analyse = Button("", self, size="small", icon="sparkles")
        self._delete = Button(self.tr("Delete…"), self, size="small", icon="trash", kind="danger")
        close = Button(parent=self, size="small", kind="ghost", icon="x", name=self.tr("Leave the selection (Esc)"))
        row.addWidget(self._count)
        row.addWidget(self._facts)
        row.addSpacing(4)
        row.addWidget(rule)
        row.addSpacing(4)
        for button, signal in ((self._retry, self.retry), (self._analyse, self.analyse), (self._delete, self.delete), (close, self.left)):
            button.clicked.connect(signal)
            row.addWidget(button)
        self.body.addLayout(row)
        self.hide()

    def set_checked(self, summaries: Sequence[RecordingSummary]) -> None:
        """Shows or hides itself for what is checked."""
        if not summaries:
            self.hide()
            return
        states = Counter(state for r in summaries for state in r.states)
        failed, skipped = states[WindowState.FAILED], states[WindowState.SKIPPED]
        self._count.set_text(self.tr("{0} selected").format(fmt.number(len(summaries))))
        self._facts.set_text(f"{fmt.duration(sum(r.duration_ms for r in summaries))} · {fmt.size(sum(r.bytes for r in summaries))}")
        self._retry.setText(self.tr("Retry {0} failed").format(fmt.number(failed)))
        self._retry.setVisible(failed > 0)
        self._analyse.setText(self.tr("Analyse {0} windows").format(fmt.number(skipped)) if skipped != 1 else self.tr("Analyse 1 window"))
        self._analyse.setVisible(skipped > 0)
        self._delete.setEnabled(all(r.state is not RecordingState.RECORDING for r in summaries))
        self.body.activate()
        self.setFixedSize(self.body.sizeHint().width(), HEIGHT + 2 * MARGIN)
        where = self._corner()
        if self.isVisible():
            self.move(where - QPoint(MARGIN, MARGIN))
        else:
            self.place(where)

    def _corner(self) -> QPoint:
        width, height = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        return QPoint((self._page.width() - width) // 2, self._page.height() - height - ABOVE_BOTTOM)

    def follow(self) -> None:
        """The page has another size."""
        if self.isVisible():
            self.move(self._corner() - QPoint(MARGIN, MARGIN))
