"""The navigation rail: the mark, one item a page, a red dot on Record while something is recorded; at its foot the mirror's state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from skiuo_desktop.ui.glyphs import paint_mark, paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted


class RailItem(Control):
    def __init__(self, text: str, icon: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._key, self._compact, self._dot = icon, key, False, False
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setShortcut(key)
        self._tip()

    def _tip(self) -> None:
        self.setToolTip(f"{self.text()} ({self._key})" if self._compact else self._key)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._tip()
        self._restyle()

    def set_dot(self, dot: bool, words: str) -> None:
        """The red dot, and the words that say the same."""
        self._dot = dot
        self.setAccessibleDescription(words if dot else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(48, 44) if self._compact else QSize(64, 52)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        on = self.isChecked()
        fill = "accent-tint" if on else "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, 8, fill=t.color(fill) if fill else None)
        if self.ringed:
            paint_box(painter, rect, 8, line=t.color("accent"), width=2)
        ink = "accent" if on else "text-muted"
        top = 12.0 if self._compact else 7.0
        box = QRectF(rect.center().x() - 10, top, 20, 20)
        paint_icon(painter, self._icon, box, ink)
        if self._dot:
            dot = QRectF(box.right() - 5, box.top() - 4, 12, 12)
            paint_box(painter, dot, 6, fill=t.color(fill or "bg"))
            paint_box(painter, dot.adjusted(2, 2, -2, -2), 4, fill=t.color("recording"))
        if not self._compact:
            painter.setFont(t.font("caption"))
            painter.setPen(t.color(ink))
            painter.drawText(QRectF(0, top + 24, rect.width(), 14), Qt.AlignmentFlag.AlignCenter, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)


class RailFoot(Control):
    """How far the mirror is, in an icon and two words. Pressed, it leads to where it is set up."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._warns, self._share, self._compact = "cloud", False, -1.0, False

    def set_state(self, icon: str, text: str, tip: str, *, warns: bool = False, share: float | None = None) -> None:
        """`share` of a file that is being sent, 0..1. `tip` says it in sentences, one a line."""
        self._icon, self._warns, self._share = icon, warns, -1.0 if share is None else share
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip.replace("\n", " "))
        self.setToolTip(tip)
        self._restyle()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._restyle()

    def sizeHint(self) -> QSize:
        return QSize(48, 44) if self._compact else QSize(64, 52)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, 8, fill=t.color(fill) if fill else None)
        if self.ringed:
            paint_box(painter, rect, 8, line=t.color("accent"), width=2)
        top = 12.0 if self._compact else 7.0
        box = QRectF(rect.center().x() - 10, top, 20, 20)
        paint_icon(painter, self._icon, box, "text-muted")
        if self._warns:
            sign = QRectF(box.right() - 6, box.top() - 3, 13, 13)
            paint_box(painter, sign.adjusted(-2, -2, 2, 2), 8, fill=t.color(fill or "bg"))
            paint_sign(painter, sign, "warn")
        if self._share >= 0:
            bar = QRectF(rect.center().x() - 16, box.bottom() + 1, 32, 2)
            painter.fillRect(bar, t.color("surface-3"))
            painter.fillRect(QRectF(bar.x(), bar.y(), bar.width() * min(1.0, self._share), 2), t.color("info"))
        if not self._compact:
            painter.setFont(t.font("caption"))
            painter.setPen(t.color("warn" if self._warns else "text-muted"))
            painter.drawText(QRectF(0, top + 24, rect.width(), 14), Qt.AlignmentFlag.AlignCenter, self.text())


class _Mark(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(32, 32)
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_mark(painter, QRectF(self.rect()))


class Rail(QWidget):
    """72 wide, 56 with icons only. `chosen` carries the key of the page."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, RailItem] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 1, 12)
        self._column.setSpacing(4)
        self._column.addWidget(_Mark(self), 0, Qt.AlignmentFlag.AlignHCenter)
        self._below_mark = QWidget(self)
        self._column.addWidget(self._below_mark)
        self._column.addStretch(1)
        self.foot = RailFoot(self)
        self.foot.hide()
        self._column.addWidget(self.foot, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(self.tr("Pages"))
        self.set_compact(False)
        theme().changed.connect(self.update)

    def add(self, page: str, text: str, icon: str) -> None:
        item = RailItem(text, icon, f"Ctrl+{len(self._items) + 1}", self)
        item.clicked.connect(self._clicked)
        self._items[page] = item
        self._group.addButton(item)
        self._column.insertWidget(self._column.count() - 2, item, 0, Qt.AlignmentFlag.AlignHCenter)

    def _clicked(self) -> None:
        for page, item in self._items.items():
            if item is self.sender():
                self.chosen.emit(page)

    def set_current(self, page: str) -> None:
        self._items[page].setChecked(True)

    def set_dot(self, page: str, dot: bool, words: str) -> None:
        self._items[page].set_dot(dot, words)

    def set_compact(self, compact: bool) -> None:
        self.setFixedWidth(theme().size("railCompact" if compact else "rail"))
        self._below_mark.setFixedHeight(4 if compact else 12)
        for item in self._items.values():
            item.set_compact(compact)
        self.foot.set_compact(compact)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("bg"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme().color("border"))
