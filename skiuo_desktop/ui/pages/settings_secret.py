"""A key or password: where it is, with Replace… and Forget; or the entry of a new one. What is typed goes to the engine and is forgotten here."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.labels import Label, Sign
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Select

KEYRING, ENVIRONMENT, RUN = "keyring", "env", "run"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class KeyEntry(QWidget):
    """A key and where it is to be kept. Of a variable only its name is written."""

    submitted = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "", paste: str = "", missing: str = "", variable: str = "DASHSCOPE_API_KEY", free: bool = False
    ) -> None:
        """`name` of what is entered, `paste` in its empty field and `missing` below it where it is no model's key; `free`: any letters may stand in it."""
        super().__init__(parent)
        self._paste, self._missing = paste or self.tr("Paste the key"), missing or self.tr("Paste the key.")
        self._variable, self._free = variable, free
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.field = Field(name or self.tr("Key"), self)
        self.where = Select(self.tr("Where the key is kept"), parent=self)
        self.where.set_choices(
            [
                Choice(KEYRING, self.tr("System keyring"), self.tr("Stays on this computer, behind your login.")),
                Choice(RUN, self.tr("This run only"), self.tr("Forgotten when Skiuo is closed.")),
                Choice(ENVIRONMENT, self.tr("Environment variable"), self.tr("Only its name is kept.")),
            ]
        )
        self.where.setFixedWidth(180)
        self.where.set_list_width(280)
        self.where.chosen.connect(self._place)
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.where, 0, Qt.AlignmentFlag.AlignTop)
        self.field.submitted.connect(self._submit)
        self._place(KEYRING)

    def _place(self, where: str) -> None:
        self.where.select(where)
        variable = where == ENVIRONMENT
        self.field.edit.setEchoMode(QLineEdit.EchoMode.Normal if variable else QLineEdit.EchoMode.Password)
        self.field.edit.setPlaceholderText(self.tr("Name of the variable, such as {0}").format(self._variable) if variable else self._paste)
        self.field.set_text("")

    def _submit(self, _text: str) -> None:
        self.submitted.emit()

    def clear(self) -> None:
        self._place(KEYRING)

    def taken(self, name: str, *, optional: bool = False) -> tuple[str, str] | None:
        """(reference, secret) under that name, or None with the sentence below the field."""
        where = self.where.value
        text = self.field.edit.text() if self._free and where != ENVIRONMENT else self.field.edit.text().strip()
        if not text and optional:
            return "", ""
        if not text:
            self.field.set_error(self.tr("Write the name of the variable.") if where == ENVIRONMENT else self._missing)
            return None
        if where == ENVIRONMENT:
            if not _VARIABLE.fullmatch(text):
                self.field.set_error(self.tr("The name of a variable has letters, digits and underscores. The key itself is never written here."))
                return None
            return f"env:{text}", ""
        if not self._free and (not text.isascii() or any(letter.isspace() for letter in text)):
            self.field.set_error(self.tr("A key has no spaces and no letters beyond ASCII."))
            return None
        return f"{where}:{name}", text


class KeptRow(QWidget):
    """What `SecretRow` and a model's `KeyRow` have in common. `keeper` is the name under which a secret goes to the keyring."""

    saved = Signal(str, str)  # reference, secret
    forgotten = Signal()

    def __init__(self, name: str, parent: QWidget | None, entry: KeyEntry) -> None:
        super().__init__(parent)
        self.keeper = ""
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
        self.replace_button = Button("", self._state)
        self.forget_button = Button(self.tr("Forget"), self._state)
        for widget in (self._sign, self._told):
            state.addWidget(widget)
        state.addSpacing(8)
        for button in (self.replace_button, self.forget_button):
            button.setAccessibleDescription(name)
            state.addWidget(button)
        state.addStretch(1)
        writing = QHBoxLayout(self._writing)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.setSpacing(8)
        self.entry = entry
        self.save_button = Button(self.tr("Save"), self._writing)
        self.cancel_button = Button(self.tr("Cancel"), self._writing, kind="ghost")
        writing.addWidget(self.entry, 1)
        for button in (self.save_button, self.cancel_button):
            writing.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        for part in (self._state, self._writing):
            column.addWidget(part)
        self.replace_button.clicked.connect(self._write)
        self.forget_button.clicked.connect(self.forgotten)
        self.save_button.clicked.connect(self._save)
        self.entry.submitted.connect(self._save)
        self.cancel_button.clicked.connect(self._close)
        self._close()

    @property
    def told(self) -> str:
        return self._told.words

    def _show(self, sign: str, told: str, color: str, *, there: bool, set_it: str) -> None:
        """`sign` empty: none. `there`: there is one, to be replaced or forgotten; else the button says `set_it`."""
        self._told.set_text(told)
        self._told.set_color(color)
        self._sign.setVisible(bool(sign))
        if sign:
            self._sign.set_kind(sign)
        self.replace_button.setText(self.tr("Replace…") if there else set_it)
        self.forget_button.setVisible(there)

    def _write(self) -> None:
        self.entry.clear()
        self._open(may_cancel=True)
        self.entry.field.focus()

    def _open(self, *, may_cancel: bool) -> None:
        self._state.hide()
        self._writing.show()
        self.cancel_button.setVisible(may_cancel)

    def _close(self) -> None:
        self.entry.clear()
        self._writing.hide()
        self._state.show()

    def _save(self) -> None:
        taken = self.entry.taken(self.keeper)
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


class SecretRow(KeptRow):
    """A key or password of the person's own servers. `optional`: without one is nothing wrong."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, keeper: str, paste: str, missing: str, variable: str, free: bool = False, optional: bool = False
    ) -> None:
        super().__init__(name, parent, KeyEntry(name=name, paste=paste, missing=missing, variable=variable, free=free))
        self.keeper, self._optional = keeper, optional
        self.show_reference("")

    def show_reference(self, reference: str) -> None:
        """Where the secret is; empty: there is none."""
        kind, _, name = reference.partition(":")
        if not reference:
            told = self.tr("None needed so far") if self._optional else self.tr("None yet")
        elif kind == "env":
            told = self.tr("In the environment variable {0}").format(name)
        else:
            told = self.tr("For this run only") if kind == "run" else self.tr("In the system keyring")
        there = bool(reference)
        self._show("ok" if there else "", told, "ok" if there else "text-muted", there=there, set_it=self.tr("Set…"))
