"""A banner above what it concerns: what happened, what to do, one button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Sign
from skiuo_desktop.ui.widgets.paint import paint_box, painted


class Banner(QWidget):
    """`error`, `warn` or `info`. Hidden until `tell`; `pressed` is its button; Esc or × take it away: `gone`."""

    pressed = Signal()
    gone = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent)
        self._kind = "info"
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        self._sign = Sign("info", self)
        self._words = Label(parent=self, wrap=True)
        self._button = Button("", self, size="small")
        self._close = Button(parent=self, kind="ghost", size="small", icon="x", name=self.tr("Close"))
        self._close.setVisible(closable)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self._button.clicked.connect(self.pressed)
        self._close.clicked.connect(self._go)
        theme().changed.connect(self.update)
        self.hide()

    def tell(self, kind: str, cause: str, rest: str = "", button: str = "") -> None:
        """Shows `cause` in bold and `rest` after it."""
        self._kind = kind
        self._sign.set_kind(kind)
        space = "" if theme().language == "zh" or not cause else " "
        self._words.set_text(f"**{cause}**{space}{rest}".strip() if cause else rest)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.show()
        self.update()

    def _go(self) -> None:
        self.hide()
        self.gone.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._close.isHidden():
            self._go()
            return
        super().keyPressEvent(event)

    @property
    def words(self) -> str:
        return self._words.words.replace("**", "")

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_box(painter, QRectF(self.rect()), 8, fill=theme().color(f"{self._kind}-tint"))
