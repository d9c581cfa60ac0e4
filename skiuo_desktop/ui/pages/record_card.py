"""The card over the picture when the source gives none: what happened, what Skiuo does, what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Sign
from skiuo_desktop.ui.widgets.paint import paint_box, painted

WIDTH = 440


class SourceCard(QWidget):
    again_pressed = Signal()
    other_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 16)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._sign = Sign("error", self, side=18)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Label(parent=self, role="title", wrap=True)
        self._text = Label(parent=self, color="text-muted", wrap=True, selectable=True)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        outer.addLayout(row)
        outer.addSpacing(14)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(30, 0, 0, 0)
        buttons.setSpacing(8)
        self.again = Button(self.tr("Reopen now"), self, kind="primary")
        self.other = Button(self.tr("Choose another source"), self)
        self._try = Label(parent=self, role="small", color="text-muted")
        buttons.addWidget(self.again)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        buttons.addWidget(self._try)
        outer.addLayout(buttons)
        self.again.clicked.connect(self.again_pressed)
        self.other.clicked.connect(self.other_pressed)
        self.hide()
        theme().changed.connect(self.update)

    def tell(self, title: str, text: str, *, attempt: int = 0, may_choose: bool = True, verb: str = "", kind: str = "error") -> None:
        """`attempt` counts the tries to reopen; `may_choose`: another source can be taken now; `verb` names the first button."""
        self._sign.set_kind(kind)
        self._title.set_text(title)
        self._text.set_text(text)
        self._try.set_text(self.tr("try {0}").format(attempt) if attempt else "")
        self.other.setVisible(may_choose)
        self.again.setText(verb or self.tr("Reopen now"))

    @property
    def words(self) -> str:
        return f"{self._title.words} {self._text.words}"

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t = theme()
        paint_box(painter, QRectF(self.rect()), t.radius("md"), fill=t.color("surface"), line=t.color("border"))
