"""The list of recordings: the mouse, the keyboard, and the names of its columns above it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from skiuo_desktop.ui.pages.library_delegate import CENTER, LEFT, RIGHT, TEXT_AT, LibraryDelegate, columns
from skiuo_desktop.ui.pages.library_model import ROW, LibraryModel, RecordingRow
from skiuo_desktop.ui.pages.library_thumbs import Thumbnails
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import KEYBOARD

HEADER = 28
SCROLL_BAR = 12


class ColumnNames(QWidget):
    """28 high, in step with the list's columns."""

    def __init__(self, view: LibraryView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setFixedHeight(HEADER)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        searching = self._view.library.searching
        place = columns(float(self._view.viewport().width()), found=searching)
        painter.setFont(t.font("caption"))
        painter.setPen(t.color("text-muted"))
        names = [
            (self.tr("Recording"), (TEXT_AT, 200.0), LEFT),
            (self.tr("Found") if searching else "", place.found, CENTER),
            (self.tr("Model"), place.model, LEFT),
            (self.tr("State"), place.state, LEFT),
            (self.tr("Price"), place.price, RIGHT),
            (self.tr("Size"), place.size, RIGHT),
        ]
        for name, (left, width), align in names:
            if width:
                painter.drawText(QRectF(left, 0, width, HEADER), align, name)
        for y in (0, HEADER - 1):
            painter.fillRect(0, y, self.width(), 1, t.color("border"))


class LibraryView(QListView):
    """Enter and a click open, Space and the box check, Shift extends, Del asks, Esc unchecks."""

    opened = Signal(str, object)
    """Id, and the moment that was found there (0 without a search)."""
    hits_asked = Signal(str, QPoint)
    """All hits of a recording are wanted, as a list at that point of the screen."""
    delete_asked = Signal()
    menu_asked = Signal(str, QPoint)

    def __init__(self, model: LibraryModel, thumbs: Thumbnails, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        """`read_only`: recordings can only be opened."""
        super().__init__(parent)
        self._read_only = read_only
        self.library = model
        self._range_from: int | None = None
        self.delegate = LibraryDelegate(thumbs, self)
        self.delegate.checkable = not read_only
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(400)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Recordings"))
        self.verticalScrollBar().setSingleStep(44)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        thumbs.ready.connect(self.viewport().update)
        self.viewport().setAutoFillBackground(False)
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt's own fill would be the palette's that the viewport was made with, whatever the appearance is now.
        QPainter(self.viewport()).fillRect(event.rect(), theme().color("surface"))
        super().paintEvent(event)

    @Slot(int, int)
    def _make_room(self, _least: int, most: int) -> None:
        """The scroll bar lies over the right margin, so that the columns stand still when it comes."""
        self.setViewportMargins(0, 0, -SCROLL_BAR if most else 0, 0)
        container = self.verticalScrollBar().parentWidget()
        if container is not None:
            container.raise_()

    # ------------------------------------------------------------------ rows

    def _row(self, index: QModelIndex) -> RecordingRow | None:
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, RecordingRow) else None

    @property
    def current_id(self) -> str:
        row = self._row(self.currentIndex())
        return row.summary.id if row is not None else ""

    def set_current(self, recording_id: str) -> None:
        number = self.library.row_of(recording_id)
        if number is not None:
            self.setCurrentIndex(self.library.index(number))

    def _open(self, row: RecordingRow) -> None:
        first = row.hits[0] if row.hits else None
        self.opened.emit(row.summary.id, first.start_ms if first is not None and first.where == "text" else 0)

    def _toggle(self, number: int, *, extend: bool) -> None:
        row = self.library.row(number)
        if not isinstance(row, RecordingRow) or self._read_only:
            return
        checked = not self.library.is_checked(row.summary.id)
        if extend and self._range_from is not None:
            first, last = sorted((self._range_from, number))
            rows = [self.library.row(i) for i in range(first, last + 1)]
            self.library.set_checked([r.summary.id for r in rows if isinstance(r, RecordingRow)], True)
        else:
            self.library.set_checked([row.summary.id], checked)
            self._range_from = number

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.delegate.ringed = False
        index = self.indexAt(event.position().toPoint())
        row = self._row(index)
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self.setCurrentIndex(index)
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            to_check = event.position().x() < TEXT_AT - 4 or event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
            if to_check and not self._read_only:
                self._toggle(index.row(), extend=extend)
            elif self._over_hits(event.position().x()) and len(row.hits) > 1:
                self.hits_asked.emit(row.summary.id, event.globalPosition().toPoint())
            else:
                self._open(row)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._row(self.indexAt(event.position().toPoint())) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _over_hits(self, x: float) -> bool:
        left, width = columns(float(self.viewport().width()), found=self.library.searching).found
        return width > 0 and left <= x <= left + width

    def contextMenuEvent(self, event: object) -> None:
        pos, at = event.pos(), event.globalPos()  # type: ignore[attr-defined]
        row = self._row(self.indexAt(pos))
        if row is not None:
            self.set_current(row.summary.id)
            self.menu_asked.emit(row.summary.id, at)

    # ------------------------------------------------------------------ keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.delegate.ringed = True
        row = self._row(self.currentIndex())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1, extend=shift)
        elif key == Qt.Key.Key_Space and row is not None:
            self._toggle(self.currentIndex().row(), extend=shift)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._open(row)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_asked.emit()
        elif key == Qt.Key.Key_Escape and self.library.checked:
            self.library.clear_checked()
        elif key == Qt.Key.Key_A and not self._read_only and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.library.set_checked([r.id for r in self.library.shown], True)
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def _move(self, by: int, *, extend: bool) -> None:
        """To the next recording, over the days between."""
        number = self.currentIndex().row() if self.currentIndex().isValid() else -1 if by > 0 else self.library.rowCount()
        start = number
        while 0 <= number + by < self.library.rowCount():
            number += by
            if isinstance(self.library.row(number), RecordingRow):
                if extend:
                    self._range_from = start if self._range_from is None else self._range_from
                    self._toggle(number, extend=True)
                self.setCurrentIndex(self.library.index(number))
                # The name of the day above a first row is shown with it.
                if number > 0 and not isinstance(self.library.row(number - 1), RecordingRow):
                    self.scrollTo(self.library.index(number - 1))
                self.scrollTo(self.library.index(number))
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.delegate.ringed = event.reason() in KEYBOARD
        if self.delegate.ringed and not self.currentIndex().isValid():
            self._move(1, extend=False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.delegate.ringed = False
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
            event.accept()
            return True
        return super().event(event)
