"""Several lines of text that are saved when they are left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.labels import Label


class TextBox(QWidget):
    """Several lines in the type of code, with the sentence below when something is wrong. `saved` when it is left and new."""

    saved = Signal(str)
    edited = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, *, lines: int = 6) -> None:
        super().__init__(parent)
        self._value, self._lines = "", lines
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.edit = QPlainTextEdit(self)
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self._changed)
        self.edit.installEventFilter(self)
        column.addWidget(self.edit)
        self._error = Label(parent=self, role="small", color="error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        self.setFocusProxy(self.edit)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.edit.setFont(theme().font("small", mono=True))
        self.edit.setFixedHeight(18 * self._lines + 20)

    @property
    def text(self) -> str:
        return self.edit.toPlainText()

    @property
    def pending(self) -> bool:
        return self.text != self._value

    @property
    def error(self) -> str:
        return self._error.words if not self._error.isHidden() else ""

    def start_with(self, value: str) -> None:
        self._value = value
        if self.text != value:
            self.edit.setPlainText(value)
        self.set_error("")

    def set_saved(self) -> None:
        """What stands here now is what is saved."""
        self._value = self.text
        self.set_error("")

    def set_error(self, sentence: str) -> None:
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.edit.setProperty("error", bool(sentence))
        self.edit.style().polish(self.edit)

    def _changed(self) -> None:
        if self.pending:
            self.set_error("")
            self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() is QEvent.Type.FocusOut and self.pending:
            self.saved.emit(self.text)
        return super().eventFilter(watched, event)
