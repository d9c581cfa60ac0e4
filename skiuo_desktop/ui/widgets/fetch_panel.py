"""In the place of the picture: a video that is not on this computer, and the way to get it here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Icon, Label
from skiuo_desktop.ui.widgets.paint import paint_box, painted

CENTER = Qt.AlignmentFlag.AlignHCenter
WIDTH = 440


class _Bar(QWidget):
    """How much is here, on the black of the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedSize(280, 6)

    def set_share(self, share: float, words: str) -> None:
        self._share = max(0.0, min(1.0, share))
        self.setAccessibleName(words)
        self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        track = theme().color("overlay-muted")
        track.setAlphaF(0.35)
        paint_box(painter, rect, 3, fill=track)
        if self._share > 0:
            rect.setWidth(max(6.0, rect.width() * self._share))
            paint_box(painter, rect, 3, fill=theme().color("overlay-text"))


class FetchPanel(QWidget):
    """`fetch` and `cancel` are what its button wishes for; `again` where something failed."""

    fetch = Signal()
    cancel = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(0)
        column.addStretch(1)
        self._icon = Icon("cloud", 24, "overlay-muted", self)
        column.addWidget(self._icon, 0, CENTER)
        column.addSpacing(8)
        self._title = Label(parent=self, role="title", color="overlay-text", wrap=True, align=CENTER)
        self._words = Label(parent=self, color="overlay-muted", wrap=True, align=CENTER)
        for label in (self._title, self._words):
            label.setMaximumWidth(WIDTH)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(label, 100)
            row.addStretch(1)
            column.addLayout(row)
            column.addSpacing(4)
        column.addSpacing(8)
        self.bar = _Bar(self)
        column.addWidget(self.bar, 0, CENTER)
        column.addSpacing(12)
        self.button = Button("", self)
        self.button.clicked.connect(self._pressed)
        column.addWidget(self.button, 0, CENTER)
        column.addStretch(1)
        self._state = ""
        theme().changed.connect(self.update)
        self.hide()

    @property
    def state(self) -> str:
        """`offered`, `fetching`, `failed`, or empty while it is not shown."""
        return self._state

    @property
    def words(self) -> str:
        return f"{self._title.words} {self._words.words}".strip()

    def offer(self, title: str, text: str) -> None:
        self._show("offered", title, text, self.tr("Fetch and play"), "primary")

    def show_progress(self, title: str, text: str, share: float) -> None:
        self._show("fetching", title, text, self.tr("Cancel"))
        self.bar.set_share(share, text)

    def fail(self, title: str, text: str) -> None:
        self._show("failed", title, text, self.tr("Try again"))

    def put_away(self) -> None:
        self._state = ""
        self.hide()

    def _show(self, state: str, title: str, text: str, button: str, kind: str = "plain") -> None:
        self._title.set_text(title)
        self._words.set_text(text)
        self._words.setVisible(bool(text))
        self.bar.setVisible(state == "fetching")
        if state != self._state:
            self._state = state
            self.button.set_kind(kind)
            self.button.setText(button)
        self.show()

    def _pressed(self) -> None:
        {"offered": self.fetch, "fetching": self.cancel, "failed": self.again}[self._state].emit()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        colors = theme()
        painter.fillRect(self.rect(), colors.color("bg"))
        paint_box(painter, QRectF(self.rect()), colors.radius("md"), fill=colors.color("mat"))
