"""A thin bar: how much of something limited is used."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box, painted

WARN_FROM = 0.8


class ShareBar(QWidget):
    """6 high. From four fifths on it has the colour of a warning; the number stands in its tooltip and beside it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self.share = name, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set_share(self, share: float) -> None:
        self.share = max(share, 0.0)
        text = f"{self._name}: {fmt.number(self.share * 100)}{fmt.NBSP}%"
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(96, 6)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        paint_box(painter, rect, 3, fill=t.color("surface-3"))
        color = "error" if self.share >= 1 else "warn" if self.share >= WARN_FROM else "accent"
        if self.share > 0:
            paint_box(painter, QRectF(0, 0, max(rect.width() * min(self.share, 1.0), 6), rect.height()), 3, fill=t.color(color))
