"""The rows of a list that hangs from a field: one for each choice, and one below them for something else to do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, paint_check, painted

BOX_ROOM = 36
"""At the right of a row, where a press means its check box."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str
    detail: str = ""
    right: str = ""  # a price, a speed
    icon: str = ""
    warn: bool = False  # the detail is a warning


class ChoiceRow(Control):
    """One choice of the list. `toggled_box` carries its value when its check box was pressed."""

    toggled_box = Signal(str)

    def __init__(self, choice: Choice, chosen: bool, parent: QWidget, *, box: bool = False) -> None:
        super().__init__(parent)
        self._box = box
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_choice(choice, chosen)

    def show_choice(self, choice: Choice, chosen: bool) -> None:
        self.choice, self._chosen = choice, chosen
        self.setAccessibleName(", ".join(part for part in (choice.title, choice.detail, choice.right) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("row"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._box and self.isDown() and event.position().x() >= self.width() - BOX_ROOM:
            self.setDown(False)
            self.toggled_box.emit(self.choice.value)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._box and event.key() == Qt.Key.Key_Space:
            self.toggled_box.emit(self.choice.value)
            return
        super().keyPressEvent(event)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "accent-tint" if self._chosen else "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, t.radius("sm"), fill=t.color(fill) if fill else None, line=t.color("accent") if self.ringed else None, width=2)
        x, right = 10.0, rect.width() - 10
        if self.choice.icon:
            paint_icon(painter, self.choice.icon, QRectF(x, (rect.height() - 16) / 2, 16, 16), "accent" if self._chosen else "text-muted")
            x += 26
        if self._box:
            paint_check(painter, QPointF(right - 16, rect.height() / 2 - 8), self._chosen)
        elif self._chosen:
            paint_icon(painter, "check", QRectF(right - 16, (rect.height() - 16) / 2, 16, 16), "accent")
        right -= 26
        small = t.font("small")
        if self.choice.right:
            painter.setFont(small)
            painter.setPen(t.color("text" if self._chosen else "text-muted"))
            painter.drawText(QRectF(x, 0, right - x, rect.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.choice.right)
            right -= QFontMetrics(small).horizontalAdvance(self.choice.right) + 10
        self._paint_words(painter, QRectF(x, 0, right - x, rect.height()))

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        t, flags = theme(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        name, small = t.font("body", 500), t.font("small")
        painter.setFont(name)
        painter.setPen(t.color("text"))
        title = QFontMetrics(name).elidedText(self.choice.title, Qt.TextElideMode.ElideMiddle, int(box.width()))
        if not self.choice.detail:
            painter.drawText(box, flags, title)
            return
        painter.drawText(QRectF(box.x(), 6, box.width(), 18), flags, title)
        painter.setFont(small)
        painter.setPen(t.color("warn" if self.choice.warn else "text-muted"))
        detail = QFontMetrics(small).elidedText(self.choice.detail, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(QRectF(box.x(), 24, box.width(), 18), flags, detail)


class ActionRow(Control):
    """Below a list: something else to do than to choose from it."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("control"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, t.radius("sm"), fill=t.color(fill) if fill else None, line=t.color("accent") if self.ringed else None, width=2)
        paint_icon(painter, self._icon, QRectF(10, (rect.height() - 16) / 2, 16, 16), "accent")
        painter.setFont(t.font("body", 500))
        painter.setPen(t.color("accent"))
        painter.drawText(rect.adjusted(36, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
