"""Choices that are in force at once: a switch, and one of a few side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted


class Switch(Control):
    """On or off, 32×18, at once in force."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return theme().pair("switch")

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        track = "border" if not self.isEnabled() else "accent-fill" if self.isChecked() else "control-border"
        paint_box(painter, rect, rect.height() / 2, fill=t.color(track), line=t.color("text") if self.ringed else None, width=2)
        paint_box(painter, QRectF(16 if self.isChecked() else 2, 2, 14, 14), 7, fill=t.color("accent-fg"))


class _Part(Control):
    """One choice of a Segmented."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(text)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font("small", 500)).horizontalAdvance(self.text()) + 26, theme().size("controlSmall"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self.ringed:
            line = t.color("accent" if self.ringed else "border")
            paint_box(painter, rect, t.radius("sm"), fill=t.color("surface") if chosen else None, line=line, width=2 if self.ringed else 1)
        painter.setFont(t.font("small", 500))
        painter.setPen(t.color("text-disabled" if not self.isEnabled() else "text" if chosen or self.hovered else "text-muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())


class Segmented(QWidget):
    """One of a few choices side by side; ← and → move it."""

    changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        """`choices` are (value, words)."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._parts: dict[str, _Part] = {}
        for value, words in choices:
            part = _Part(words, self)
            self._parts[value] = part
            self._group.addButton(part)
            row.addWidget(part)
            part.toggled.connect(self._toggled)
        next(iter(self._parts.values())).setChecked(True)
        theme().changed.connect(self.update)

    @property
    def value(self) -> str:
        return next(value for value, part in self._parts.items() if part.isChecked())

    def set_value(self, value: str) -> None:
        self._parts[value].setChecked(True)

    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit(self.value)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_box(painter, QRectF(self.rect()), 8, fill=theme().color("surface-2"))
