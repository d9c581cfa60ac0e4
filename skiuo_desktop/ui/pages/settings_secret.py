"""A key or password of the person's own servers: where it is, and the entry of a new one. What is typed goes to the engine and is forgotten here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.pages.settings_model_key import KeyEntry
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Sign


class SecretRow(QWidget):
    """`keeper` is the name under which a secret goes to the keyring; `optional`: without one is nothing wrong."""

    saved = Signal(str, str)  # reference, secret
    forgotten = Signal()

    def __init__(
        self, name: str, parent: QWidget | None = None, *, keeper: str, paste: str, missing: str, variable: str, free: bool = False, optional: bool = False
    ) -> None:
        super().__init__(parent)
        self._keeper, self._optional = keeper, optional
        self._reference = ""
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._state, self._writing = QWidget(self), QWidget(self)
        state = QHBoxLayout(self._state)
        state.setContentsMargins(0, 0, 0, 0)
        state.setSpacing(8)
        self._sign = Sign("ok", self._state)
        self._told = Label(parent=self._state)
        self.replace_button = Button(self.tr("Replace…"), self._state)
        self.replace_button.setAccessibleDescription(name)
        self.forget_button = Button(self.tr("Forget"), self._state)
        self.forget_button.setAccessibleDescription(name)
        for widget in (self._sign, self._told):
            state.addWidget(widget)
        state.addSpacing(8)
        for button in (self.replace_button, self.forget_button):
            state.addWidget(button)
        state.addStretch(1)
        writing = QHBoxLayout(self._writing)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.setSpacing(8)
        self.entry = KeyEntry(self._writing, name=name, paste=paste, missing=missing, variable=variable, free=free)
        self.save_button = Button(self.tr("Save"), self._writing)
        self.cancel_button = Button(self.tr("Cancel"), self._writing, kind="ghost")
        writing.addWidget(self.entry, 1)
        writing.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        writing.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignTop)
        for part in (self._state, self._writing):
            column.addWidget(part)
        self.replace_button.clicked.connect(self._write)
        self.forget_button.clicked.connect(self.forgotten)
        self.save_button.clicked.connect(self._save)
        self.entry.submitted.connect(self._save)
        self.cancel_button.clicked.connect(self._close)
        self.show_reference("")
        self._close()

    @property
    def told(self) -> str:
        return self._told.words

    def show_reference(self, reference: str) -> None:
        """Where the secret is; empty: there is none."""
        self._reference = reference
        kind, _, name = reference.partition(":")
        if not reference:
            told = self.tr("None needed so far") if self._optional else self.tr("None yet")
        elif kind == "env":
            told = self.tr("In the environment variable {0}").format(name)
        else:
            told = self.tr("For this run only") if kind == "run" else self.tr("In the system keyring")
        self._told.set_text(told)
        self._told.set_color("ok" if reference else "text-muted")
        self._sign.setVisible(bool(reference))
        self.replace_button.setText(self.tr("Replace…") if reference else self.tr("Set…"))
        self.forget_button.setVisible(bool(reference))

    def _write(self) -> None:
        self.entry.clear()
        self._state.hide()
        self._writing.show()
        self.entry.field.focus()

    def _close(self) -> None:
        self.entry.clear()
        self._writing.hide()
        self._state.show()

    def _save(self) -> None:
        taken = self.entry.taken(self._keeper)
        if taken is not None:
            self.saved.emit(*taken)

    def done(self) -> None:
        """The secret has been taken."""
        self._close()

    def refuse(self, sentence: str) -> None:
        """It could not be kept; what was typed stands there still."""
        self._state.hide()
        self._writing.show()
        self.entry.field.set_error(sentence)
