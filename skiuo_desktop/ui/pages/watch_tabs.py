"""Small controls over the column of texts: tabs, the chip with the model's name, the search field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button, Control
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box

SEARCH_AFTER_MS = 150


class Tab(Control):
    """A word over a line when it is chosen; a number after it in grey."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self.setCheckable(True)
        self.setText(text)

    def set_number(self, number: int) -> None:
        self._number = fmt.number(number) if number else ""
        self.setAccessibleName(f"{self.text()} {self._number}".strip())
        self._restyle()

    def sizeHint(self) -> QSize:
        number = QFontMetrics(theme().font("body")).horizontalAdvance(self._number) + 4 if self._number else 0
        return QSize(QFontMetrics(theme().font("body", 500)).horizontalAdvance(self.text()) + 1 + number, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        painter.setFont(t.font("body", 500))
        painter.setPen(t.color("text" if self.isChecked() or self.hovered else "text-muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.text())
        x = painter.fontMetrics().horizontalAdvance(self.text()) + 4
        painter.setFont(t.font("body"))
        painter.setPen(t.color("text-muted"))
        painter.drawText(rect.adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._number)
        if self.isChecked():
            painter.fillRect(QRectF(0, rect.height() - 2, rect.width(), 2), t.color("accent"))
        if self.ringed:
            paint_box(painter, rect.adjusted(-2, 10, 2, -10), 4, line=t.color("accent"), width=2)


class ModelChip(Control):
    """Whose text is shown. With several models a list to choose from; with one it only says the name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = False

    def set_shown(self, text: str, *, choice: bool) -> None:
        self._choice = choice
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if choice else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not choice)
        self._restyle()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme().font("small")).horizontalAdvance(self.text()) + 1
        return QSize(min(width, 160) + 8 + 20 + 8 + (19 if self._choice else 0), theme().size("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        fill = t.color("surface-2") if self.hovered and self._choice else None
        paint_box(painter, rect, t.radius("sm"), fill=fill, line=t.color("accent" if self.ringed else "border"), width=2 if self.ringed else 1)
        paint_icon(painter, "sparkles", QRectF(8, rect.center().y() - 7, 14, 14))
        right = rect.width() - 8
        if self._choice:
            paint_icon(painter, "chevron-down", QRectF(right - 13, rect.center().y() - 6.5, 13, 13))
            right -= 19
        painter.setFont(t.font("small"))
        painter.setPen(t.color("text"))
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(right - 28))
        painter.drawText(QRectF(28, 0, right - 28, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)


class SearchRow(QWidget):
    """A field over the narrative: marks all places, and walks through the windows that hold them."""

    changed = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(48)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(4)
        self.field = Field(self.tr("Search in this narrative"), self, placeholder=self.tr("Search in this narrative"), icon="search")
        row.addWidget(self.field, 1)
        self._found = Label("", self, role="small", color="text-muted")
        row.addSpacing(4)
        row.addWidget(self._found)
        row.addSpacing(4)
        for icon, name, step in (("chevron-up", self.tr("Place before (Shift+Enter)"), -1), ("chevron-down", self.tr("Next place (Enter)"), 1)):
            button = Button(parent=self, kind="ghost", size="small", icon=icon, name=name)
            button.clicked.connect(self._up if step < 0 else self._down)
            row.addWidget(button)
        close = Button(parent=self, kind="ghost", size="small", icon="x", name=self.tr("Close (Esc)"))
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SEARCH_AFTER_MS)
        self._wait.timeout.connect(self._tell)
        self.field.changed.connect(self._typed)

    def _typed(self, _text: str) -> None:
        self._wait.start()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.field.text)

    def set_found(self, at: int, count: int) -> None:
        if not self.field.text.strip():
            self._found.set_text("")
        elif not count:
            self._found.set_text(self.tr("not found"))
        else:
            self._found.set_text(self.tr("{0} of {1}").format(at + 1, count))

    @Slot()
    def _up(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _down(self) -> None:
        self.stepped.emit(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
