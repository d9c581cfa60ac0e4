"""The list of models: rows of 72 that are dragged, or moved by Alt+↑/↓, into the order in which they are tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.glyphs import paint_glyph, paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.settings_controls import Switch

HEIGHT = 72


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says. `key` is the model's name for the engine."""

    key: str
    title: str
    icon: str
    sign: str  # of `paint_sign`, "done", or empty
    told: str
    price: str
    on: bool
    locked: bool = False  # its place is fixed


class ModelRow(Control):
    """One model. Enter shows it, Space switches it, Alt+↑/↓ moves it, ↑/↓ goes to the next."""

    switched = Signal(str, bool)
    moved = Signal(str, int)  # by so many places
    stepped = Signal(int)
    drag_moved = Signal(int)  # the pointer's height in the list
    drag_ended = Signal()

    def __init__(self, words: RowWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.words, self._rank = words, 0
        self._pressed_at: QPointF | None = None
        self.dragging = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.switch = Switch(words.title, self)
        self.switch.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space on the row is its key
        self.switch.clicked.connect(self._switched)

    def set_words(self, words: RowWords, rank: int) -> None:
        self.words, self._rank = words, rank
        self.switch.setChecked(words.on)
        self.switch.setAccessibleName(words.title)
        self.setAccessibleName(f"{rank}. {words.title}")
        self.setAccessibleDescription(", ".join((words.told, words.price)))
        self.setToolTip(words.told)
        self.update()

    def _switched(self) -> None:
        self.switched.emit(self.words.key, self.switch.isChecked())

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = self.switch.sizeHint()
        self.switch.setGeometry(self.width() - 10 - side.width(), 15, side.width(), side.height())

    # ------------------------------------------------------------------ hand and keyboard

    def nextCheckState(self) -> None:
        """Pressed, it becomes the one that is shown; it is never unchosen by itself."""
        self.setChecked(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position() if event.button() is Qt.MouseButton.LeftButton and not self.words.locked else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self.dragging:
            self.dragging = abs(event.position().y() - self._pressed_at.y()) >= QApplication.startDragDistance()
        if self.dragging:
            self.setDown(False)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.drag_moved.emit(self.mapToParent(event.position().toPoint()).y())
            self.update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        if self.dragging:
            self.dragging = False
            self.unsetCursor()
            self.drag_ended.emit()
            self.update()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                if not self.words.locked:
                    self.moved.emit(self.words.key, by)
            else:
                self.stepped.emit(by)
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.switch.click()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------ looks

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect, words = theme(), QRectF(self.rect()), self.words
        fill = "accent-tint" if self.isChecked() else "surface-3" if self.isDown() else "surface-2" if self.hovered or self.dragging else "surface"
        painter.fillRect(rect, t.color(fill))
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), t.color("border"))
        if self.isChecked():
            painter.fillRect(QRectF(0, 0, 3, rect.height()), t.color("accent"))
        if self.ringed:
            paint_box(painter, rect.adjusted(1, 1, -1, -2), 4, line=t.color("accent"), width=2)
        middle = rect.height() / 2
        paint_icon(painter, "lock" if words.locked else "grip-vertical", QRectF(7, middle - 7, 14, 14), "text-muted")
        painter.setFont(t.font("body", 600))
        painter.setPen(t.color("text-muted"))
        painter.drawText(QRectF(21, 0, 26, rect.height()), Qt.AlignmentFlag.AlignCenter, str(self._rank))
        tile = QRectF(51, middle - 16, 32, 32)
        paint_box(painter, tile, t.radius("sm"), fill=t.color("surface-2"))
        paint_icon(painter, words.icon, tile.adjusted(8, 8, -8, -8), "text" if words.on else "text-muted")
        self._paint_words(painter, QRectF(92, 16, rect.width() - 92 - 12, 40))

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        t, words, left = theme(), self.words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        name, small = t.font("body", 600), t.font("small")
        painter.setFont(name)
        painter.setPen(t.color("text" if words.on else "text-muted"))
        title = QFontMetrics(name).elidedText(words.title, Qt.TextElideMode.ElideMiddle, int(box.width() - 44))
        painter.drawText(QRectF(box.x(), box.y(), box.width() - 44, 20), left, title)
        painter.setFont(small)
        painter.setPen(t.color("text-muted"))
        below = QRectF(box.x(), box.y() + 20, box.width(), 20)
        price_width = QFontMetrics(small).horizontalAdvance(words.price)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words.price)
        x = below.x()
        if words.sign:
            sign = QRectF(x, below.y() + 3, 14, 14)
            if words.sign == "done":
                paint_glyph(painter, sign, WindowState.DONE)
            else:
                paint_sign(painter, sign, words.sign)
            x += 19
        room = int(below.right() - x - price_width - 10)
        painter.setFont(small)
        painter.setPen(t.color("text-muted"))
        painter.drawText(QRectF(x, below.y(), room, 20), left, QFontMetrics(small).elidedText(words.told, Qt.TextElideMode.ElideRight, room))


class ModelRows(QWidget):
    """All models, in order. Rows live on while their models do, so that the keyboard keeps its place."""

    chosen = Signal(str)
    switched = Signal(str, bool)
    moved = Signal(str, int)  # to that place, from 0

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows: dict[str, ModelRow] = {}
        self._current = ""
        self._lands: int | None = None
        self._landing = _Landing(self)  # above the rows, so that they do not hide it
        self._landing.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    @property
    def current(self) -> str:
        return self._current

    @property
    def rows(self) -> list[ModelRow]:
        """From the top."""
        return list(self._rows.values())

    def row(self, key: str) -> ModelRow:
        return self._rows[key]

    def set_rows(self, rows: Sequence[RowWords]) -> None:
        wanted = {words.key for words in rows}
        for key in [key for key in self._rows if key not in wanted]:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        ordered: dict[str, ModelRow] = {}
        for place, words in enumerate(rows):
            row = self._rows.get(words.key) or self._make(words)
            row.set_words(words, place + 1)
            row.setChecked(words.key == self._current)
            if self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
            ordered[words.key] = row
            row.show()
        before: QWidget | None = None
        for row in ordered.values():
            if before is not None:
                QWidget.setTabOrder(before, row)
            before = row
        self._rows = ordered
        self._lands = None
        self.update()

    def _make(self, words: RowWords) -> ModelRow:
        row = ModelRow(words, self)
        row.clicked.connect(self._clicked)
        row.switched.connect(self.switched)
        row.moved.connect(self._moved_by)
        row.stepped.connect(self._stepped)
        row.drag_moved.connect(self._dragged)
        row.drag_ended.connect(self._dropped)
        return row

    def set_current(self, key: str) -> None:
        """Empty: none."""
        self._current = key
        for name, row in self._rows.items():
            row.setChecked(name == key)

    def _choose(self, key: str) -> None:
        if key != self._current:
            self.set_current(key)
            self.chosen.emit(key)

    def _clicked(self) -> None:
        row = self.sender()
        if isinstance(row, ModelRow):
            self._choose(row.words.key)

    def _stepped(self, by: int) -> None:
        row = self.sender()
        rows = self.rows
        if isinstance(row, ModelRow) and 0 <= rows.index(row) + by < len(rows):
            other = rows[rows.index(row) + by]
            other.setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(other.words.key)

    # ------------------------------------------------------------------ order

    def _free(self) -> list[ModelRow]:
        return [row for row in self.rows if not row.words.locked]

    def _moved_by(self, key: str, by: int) -> None:
        keys = [row.words.key for row in self._free()]
        place = keys.index(key) + by
        if 0 <= place < len(keys):
            self.moved.emit(key, place)

    def _dragged(self, y: int) -> None:
        self._lands = max(0, min(len(self._free()), round(y / HEIGHT)))
        self._landing.setGeometry(0, max(0, self._lands * HEIGHT - 1), self.width(), 2)
        self._landing.show()
        self._landing.raise_()

    def _dropped(self) -> None:
        self._landing.hide()
        row, lands = self.sender(), self._lands
        self._lands = None
        if not isinstance(row, ModelRow) or lands is None:
            return
        place = self._free().index(row)
        target = lands - 1 if lands > place else lands
        if target != place:
            self.moved.emit(row.words.key, target)


class _Landing(QWidget):
    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("accent"))
