"""Switch, segmented control, and the field that opens a list of words: what settings are set with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.picker import Picker
from skiuo_desktop.ui.widgets.picker_rows import Choice


class Switch(Control):
    """On or off, 32×18. `clicked` is the person's doing; `setChecked` is not."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return theme().pair("switch") + QSize(4, 4)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        track = rect.adjusted(2, 2, -2, -2)
        fill = t.color("text-disabled" if not self.isEnabled() else "accent-fill" if self.isChecked() else "control-border")
        if self.isEnabled() and self.hovered:
            fill = fill.darker(106)
        paint_box(painter, track, track.height() / 2, fill=fill)
        side = track.height() - 4
        x = track.right() - side - 2 if self.isChecked() else track.left() + 2
        paint_box(painter, QRectF(x, track.top() + 2, side, side), side / 2, fill=t.color("accent-fg" if self.isChecked() else "surface"))
        if self.ringed:
            paint_box(painter, rect, rect.height() / 2, line=t.color("accent"), width=2)


class _Part(Control):
    """One choice of a segmented control."""

    stepped = Signal(int)

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.value = choice.value
        self.setText(choice.title)
        self.setAccessibleName(choice.title)
        self.setToolTip(choice.detail)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font("small", 500)).horizontalAdvance(self.text()) + 1 + 28, theme().size("controlSmall"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        if self.isChecked():
            paint_box(painter, rect, 5, fill=t.color("surface"), line=t.color("border"))
        if self.ringed:
            paint_box(painter, rect, 5, line=t.color("accent"), width=2)
        ink = "text-disabled" if not self.isEnabled() else "text" if self.isChecked() or self.hovered else "text-muted"
        painter.setFont(t.font("small", 500))
        painter.setPen(t.color(ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Right else -1)
            return
        super().keyPressEvent(event)


class Segmented(QWidget):
    """A few words of which one counts; ← and → go through them. `chosen` is the person's doing."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._choices: list[Choice] = []
        self._parts: list[_Part] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(0)
        self.set_choices(choices)
        theme().changed.connect(self.update)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        if list(choices) == self._choices:
            return
        value = self.value
        for part in self._parts:
            self._group.removeButton(part)
            self._row.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._choices = list(choices)
        self._parts = [_Part(choice, self) for choice in choices]
        for part in self._parts:
            self._group.addButton(part)
            self._row.addWidget(part)
            part.clicked.connect(self._clicked)
            part.stepped.connect(self._step)
            part.show()
        self.set_value(value)
        self.updateGeometry()

    @property
    def value(self) -> str:
        """Empty while none is chosen."""
        return next((part.value for part in self._parts if part.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Shows a choice; one that there is not leaves none chosen."""
        self._group.setExclusive(False)
        for part in self._parts:
            part.setChecked(part.value == value)
        self._group.setExclusive(True)

    def part(self, value: str) -> Control:
        """The button of that choice."""
        return next(part for part in self._parts if part.value == value)

    def _step(self, by: int) -> None:
        part = self.sender()
        if isinstance(part, _Part):
            other = self._parts[(self._parts.index(part) + by) % len(self._parts)]
            other.setFocus(Qt.FocusReason.TabFocusReason)
            other.click()

    def _clicked(self) -> None:
        part = self.sender()
        if isinstance(part, _Part):
            self.chosen.emit(part.value)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_box(painter, QRectF(self.rect()), theme().radius("sm"), fill=theme().color("surface-2"))


class Select(Picker):
    """A field with a list, without an icon. `select` shows one of its choices."""

    def __init__(self, name: str, choices: Sequence[Choice] = (), parent: QWidget | None = None, *, empty: str = "") -> None:
        super().__init__(name, "", parent, empty=empty)
        self.set_choices(choices)

    def select(self, value: str) -> None:
        """A value that is no choice is shown as it is."""
        choice = next((c for c in self.choices if c.value == value), None)
        self.set_shown(value, choice.title if choice is not None else value)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        if self.locked:
            paint_box(painter, rect, t.radius("sm"), line=t.color("border"))
        else:
            focus = self.ringed or self.is_open
            fill = t.color("surface-2" if self.hovered or self.isDown() else "surface")
            paint_box(painter, rect, t.radius("sm"), fill=fill, line=t.color("accent" if focus else "control-border"), width=2 if focus else 1)
        side = 14 if self.locked else 16
        right = rect.width() - 10 - side
        paint_icon(painter, "lock" if self.locked else "chevron-down", QRectF(right, (rect.height() - side) / 2, side, side), "text-muted")
        self._paint_value(painter, QRectF(10, 0, right - 18, rect.height()))
