"""Fields that keep what is written in them until it is right: words, numbers, and words that others suggest."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.labels import ElidedLabel, Label

Check = Callable[[str], str]
"""Says what is wrong with a text and how to write it; empty where it is right."""


class Labelled(QWidget):
    """A control under its name, with a sentence below where one is needed."""

    def __init__(self, name: str, control: QWidget, parent: QWidget | None = None, *, help_text: str = "") -> None:
        super().__init__(parent)
        self.control = control
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.label = Label(name, self, role="small", color="text-muted", weight=500)
        self.label.setBuddy(control)
        column.addWidget(self.label)
        column.addWidget(control)
        self._help = Label(help_text, self, role="small", color="text-muted", wrap=True)
        self._help.setVisible(bool(help_text))
        column.addWidget(self._help)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_help(self, text: str) -> None:
        self._help.set_text(text)
        self._help.setVisible(bool(text))


class SavedField(Field):
    """One line that says what was written when it is left or Enter is pressed: `saved` where it is right and new.

    What is wrong stays where it is, with the sentence below, until it is written right or taken back with Esc.
    """

    saved = Signal(str)

    def __init__(
        self, name: str, parent: QWidget | None = None, *, check: Check | None = None, unit: str = "", sign: str = "", mono: bool = False, placeholder: str = ""
    ) -> None:
        self._check, self._unit_words, self._mono = check, unit, mono
        self._value = ""
        super().__init__(name, parent, placeholder=placeholder)
        # Painted ones: a label would take the field's own colour from the style sheet.
        self._sign_label = ElidedLabel(sign, self.edit, color="text-muted")
        self._unit = ElidedLabel(unit, self.edit, role="small", color="text-muted")
        for label in (self._sign_label, self._unit):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_unit(unit)
        self.set_sign(sign)
        self.edit.editingFinished.connect(self._left)
        self.edit.installEventFilter(self)

    def _restyle(self) -> None:
        super()._restyle()
        self.edit.setFont(theme().font("small" if self._mono else "body", mono=self._mono))

    def set_unit(self, unit: str) -> None:
        self._unit.set_text(unit)
        self._unit.resize(self._unit.sizeHint())
        self._unit.setVisible(bool(unit))
        self._make_room()

    def set_sign(self, sign: str) -> None:
        self._sign_label.set_text(sign)
        self._sign_label.resize(self._sign_label.sizeHint())
        self._sign_label.setVisible(bool(sign))
        self._make_room()

    def _make_room(self) -> None:
        left = 0 if self._sign_label.isHidden() else self._sign_label.width() + 5
        right = 0 if self._unit.isHidden() else self._unit.width() + 5
        self.edit.setTextMargins(left, 0, right, 0)
        self._place()

    def _place(self) -> None:
        middle = self.edit.height() / 2
        self._sign_label.move(10, round(middle - self._sign_label.height() / 2))
        self._unit.move(self.edit.width() - self._unit.width() - 10, round(middle - self._unit.height() / 2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() is QEvent.Type.Resize:
            self._place()
        if watched is self.edit and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.pending:
            self.set_text(self._value)
            return True
        return super().eventFilter(watched, event)

    @property
    def pending(self) -> bool:
        """Something stands here that is not saved."""
        return self.edit.text() != self._value

    def show_value(self, value: str) -> None:
        """What is saved. What a person is writing, or has written wrong, is not overwritten."""
        before, self._value = self._value, value
        if self.edit.text() == before or not self.pending:
            self._put(value)

    def start_with(self, value: str) -> None:
        """What is saved of something else: whatever stands here belongs to what was shown before."""
        self._value = value
        self._put(value)

    def _put(self, value: str) -> None:
        if value != self.edit.text():
            self.set_text(value)
            if not self.edit.hasFocus():
                self.edit.setCursorPosition(0)  # an address shows its beginning
        self.set_error("")

    def refuse(self, saved: str, sentence: str = "") -> None:
        """What was said could not be saved: it stays here, and `saved` is what counts."""
        self._value = saved
        self.set_error(sentence)

    def draft(self, text: str) -> None:
        """Writes what was left here before, wrong as it is."""
        self.edit.setText(text)
        self.take()

    def take(self) -> bool:
        """Checks what stands here and says it where it is right. False where it is wrong."""
        text = self.edit.text().strip()
        wrong = self._check(text) if self._check is not None else ""
        self.set_error(wrong)
        self.updateGeometry()
        if wrong:
            return False
        if text != self._value:
            self._value = text
            self.edit.setText(text)
            self.saved.emit(text)
        return True

    def _left(self) -> None:
        if self.pending:
            self.take()


class NumberField(SavedField):
    """A number as people of the window's language write it. `number_saved` is None where the field was emptied and may be."""

    number_saved = Signal(object)

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        least: float = 0,
        most: float = 1_000_000,
        whole: bool = True,
        empty: bool = False,
        unit: str = "",
        sign: str = "",
        placeholder: str = "",
    ) -> None:
        self._least, self._most, self._whole, self.may_be_empty = least, most, whole, empty
        super().__init__(name, parent, check=self._wrong, unit=unit, sign=sign, placeholder=placeholder)
        self.saved.connect(self._said)

    def show_number(self, value: float | None) -> None:
        self.show_value(self.written(value))

    def start_with_number(self, value: float | None) -> None:
        self.start_with(self.written(value))

    def written(self, value: float | None) -> str:
        """`2048`, `0.4`; thousands unmarked, so that it reads back whatever the language."""
        if value is None:
            return ""
        text = f"{value:.0f}" if self._whole else f"{value:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", QLocale().decimalPoint())

    @property
    def number(self) -> float | None:
        return _number(self.edit.text().strip())

    def _wrong(self, text: str) -> str:
        if not text and self.may_be_empty:
            return ""
        value = _number(text)
        if value is not None and (not self._whole or value == int(value)) and self._least <= value <= self._most:
            return ""
        least, most = fmt.number(self._least, _digits(self._least)), fmt.number(self._most, _digits(self._most))
        if self._whole:
            return self.tr("A whole number from {0} to {1}.").format(least, most)
        return self.tr("A number from {0} to {1}.").format(least, most)

    def _said(self, _text: str) -> None:
        self.number_saved.emit(self.number)


def _number(text: str) -> float | None:
    """With a point or the language's own sign; thousands may be marked as the language does."""
    value, right = QLocale().toDouble(text)
    if not right:
        try:
            value = float(text)
        except ValueError:
            return None
    return value if math.isfinite(value) else None


def _digits(value: float) -> int:
    return 0 if value == int(value) else 2


def grid_row(parent: QWidget, *fields: QWidget, spacing: int = 16) -> QHBoxLayout:
    """Fields of one width beside each other, their tops level."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for field in fields:
        row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return row
