"""The head of the Library page: title and totals, search, new recording."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box

SEARCH_AFTER_MS = 200
SEARCH_WIDTH = 440


class SearchField(QWidget):
    """Looks through titles and texts as you type; says how much was found."""

    changed = Signal(str)
    left = Signal()
    """Down or Enter: on to the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = ""
        self.setFixedHeight(theme().size("control"))
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 0, 4, 0)
        row.setSpacing(4)
        self.edit = QLineEdit(self)
        self.edit.setProperty("bare", True)
        self.edit.setFrame(False)
        self.edit.setPlaceholderText(self.tr("Search titles and everything the models wrote"))
        self.edit.setAccessibleName(self.tr("Search"))
        self.edit.textChanged.connect(self._typed)
        row.addWidget(self.edit, 1)
        self._told = Label("", self, role="small", color="text-muted")
        row.addWidget(self._told)
        self._clear = Button(parent=self, kind="ghost", size="small", icon="x", name=self.tr("Clear the search (Esc)"))
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        row.addWidget(self._clear)
        self.setFocusProxy(self.edit)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SEARCH_AFTER_MS)
        self._wait.timeout.connect(self._tell)
        self.edit.installEventFilter(self)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.edit.setFont(theme().font("body"))
        tint(self.edit, "text-muted", QPalette.ColorRole.PlaceholderText)
        self.update()

    @property
    def text(self) -> str:
        return self.edit.text().strip()

    def set_found(self, text: str) -> None:
        self._told.set_text(text)
        self._told.setVisible(bool(text))

    @Slot()
    def clear(self) -> None:
        self.edit.clear()
        self._wait.stop()
        self._tell()

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._wait.start()
        self.update()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.text)

    def focus(self) -> None:
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.edit.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._wait.isActive():
                self._wait.stop()
                self._tell()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: object) -> bool:
        self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        focus = self.edit.hasFocus()
        paint_box(painter, rect, t.radius("sm"), fill=t.color("surface"), line=t.color("accent" if focus else "control-border"), width=2 if focus else 1)
        paint_icon(painter, "search", QRectF(10, rect.center().y() - 8, 16, 16), "text-muted")
        if not self.edit.text() and not focus:
            painter.setFont(t.font("caption", 500))
            key = "Ctrl F"
            width = QFontMetrics(painter.font()).horizontalAdvance(key) + 12
            box = QRectF(rect.right() - 10 - width, rect.center().y() - 9, width, 18)
            paint_box(painter, box, 4, fill=t.color("surface"), line=t.color("border"))
            painter.setPen(t.color("text-muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class LibraryHead(QWidget):
    """56 high."""

    new_recording = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(self)
        self._title = Label(self.tr("Library"), self, role="title")
        self._facts = Label("", self, role="small", color="text-muted")
        self.new = Button(self.tr("New recording"), self, kind="primary", icon="player-record")
        self.new.clicked.connect(self.new_recording)
        self.setFixedHeight(theme().size("header"))

    def set_facts(self, text: str) -> None:
        self._facts.set_text(text)
        self._place()

    def set_compact(self, compact: bool) -> None:
        self.setFixedHeight(theme().size("headerCompact" if compact else "header"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        """The search stands in the middle of the page where title and button leave it room."""
        edge, middle = 24, self.height() // 2
        for label, x in ((self._title, edge), (self._facts, edge + self._title.sizeHint().width() + 12)):
            size = label.sizeHint()
            label.setGeometry(x, middle - size.height() // 2, size.width(), size.height())
        button = self.new.sizeHint()
        self.new.setGeometry(self.width() - edge - button.width(), middle - button.height() // 2, button.width(), button.height())
        left, right = self._facts.geometry().right() + 24, self.new.geometry().left() - 24
        narrow = right - left < 280
        self._facts.setVisible(not narrow)
        if narrow:
            left = self._title.geometry().right() + 24
        width = min(SEARCH_WIDTH, right - left)
        x = min(max((self.width() - width) // 2, left), right - width)
        self.search.setGeometry(x, middle - self.search.height() // 2, width, self.search.height())
