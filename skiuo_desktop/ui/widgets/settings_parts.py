"""Surfaces of the settings: a card, a bar that fills, a column that scrolls, and the item of a column of words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted


class Card(QWidget):
    """A surface with a hairline; `body` is the layout of what it carries."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 12)
        self.body.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_box(painter, QRectF(self.rect()), theme().radius("md"), fill=theme().color("surface"), line=theme().color("border"))


class Panel(QWidget):
    """A filled column with a hairline on its right."""

    def __init__(self, parent: QWidget | None = None, *, fill: str = "surface") -> None:
        super().__init__(parent)
        self._fill = fill
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color(self._fill))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme().color("border"))


class ScrollColumn(QScrollArea):
    """What is higher than the page scrolls; `body` is the layout inside, as wide as the page up to `most`."""

    def __init__(self, parent: QWidget | None = None, *, most: int = 0, margins: tuple[int, int, int, int] = (24, 0, 24, 24)) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._margins, self._most = margins, most
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(0)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._keep_edge)

    def _keep_edge(self) -> None:
        """The right edge stays where it is when the bar comes. The column's width is held by its margin: a layout asks for the height
        of wrapped words at the width that it has, whatever the most of it that they may take."""
        left, top, right, bottom = self._margins
        bar = self.verticalScrollBar()
        room = self.viewport().width() - left
        right = max(0, right - bar.sizeHint().width()) if bar.maximum() else right
        self.body.setContentsMargins(left, top, max(right, room - self._most) if self._most else right, bottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._keep_edge()
        super().resizeEvent(event)


class SpentBar(QWidget):
    """A share of a limit, 6 high: `accent`, from 80 % `warn` unless more is better. The words beside it say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._warns = 0.0, True
        self.setFixedHeight(6)
        theme().changed.connect(self.update)

    @property
    def share(self) -> float:
        return self._share

    def set_share(self, share: float, words: str, *, warns: bool = True) -> None:
        self._warns = warns
        self._share = max(0.0, min(1.0, share))
        self.setAccessibleName(words)
        self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        paint_box(painter, rect, 3, fill=t.color("surface-3"))
        if self._share > 0:
            rect.setWidth(max(6.0, rect.width() * self._share))
            paint_box(painter, rect, 3, fill=t.color("warn" if self._share >= 0.8 and self._warns else "accent"))


class NavItem(Control):
    """A word with an icon in a column: `accent-tint` when its part is shown; ↑/↓ goes to the next."""

    stepped = Signal(int)

    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(60 + QFontMetrics(theme().font("body")).horizontalAdvance(self.text()), 36)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect, on = theme(), QRectF(self.rect()), self.isChecked()
        fill = "accent-tint" if on else "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, t.radius("sm"), fill=t.color(fill) if fill else None, line=t.color("accent") if self.ringed else None, width=2)
        ink = "accent" if on else "text"
        paint_icon(painter, self._icon, QRectF(12, rect.height() / 2 - 8, 16, 16), ink if on else "text-muted")
        painter.setFont(t.font("body", 500 if on else None))
        painter.setPen(t.color(ink))
        painter.drawText(rect.adjusted(38, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)
