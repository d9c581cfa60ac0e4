"""A text field with an icon, a sentence below when what stands in it is wrong, and its own clear button where it searches."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from skiuo_desktop.ui.icons import icon as load_icon
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets.labels import Label


class Field(QWidget):
    """One line of text, 32 high."""

    changed = Signal(str)
    submitted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, placeholder: str = "", icon: str = "", clearable: bool = False) -> None:
        super().__init__(parent)
        self._icon = icon
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setClearButtonEnabled(clearable)
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self._submit)
        column.addWidget(self.edit)
        self._error = Label(parent=self, role="small", color="error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        self._sign: QAction | None = None
        self.setFocusProxy(self.edit)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.edit.setFont(theme().font("body"))
        tint(self.edit, "text-muted", QPalette.ColorRole.PlaceholderText)
        if not self._icon:
            return
        if self._sign is None:
            self._sign = self.edit.addAction(load_icon(self._icon, 16, "text-muted"), QLineEdit.ActionPosition.LeadingPosition)
        else:
            self._sign.setIcon(load_icon(self._icon, 16, "text-muted"))

    @property
    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)
        self.set_error("")

    def set_error(self, sentence: str) -> None:
        """What is wrong and how to write it; empty takes it back."""
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.edit.setProperty("error", bool(sentence))
        self.edit.style().polish(self.edit)

    def _edited(self, text: str) -> None:
        self.set_error("")
        self.changed.emit(text)

    def _submit(self) -> None:
        self.submitted.emit(self.edit.text())

    def sizeHint(self) -> QSize:
        return QSize(240, theme().size("control")) if self._error.isHidden() else super().sizeHint()

    def focus(self) -> None:
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
