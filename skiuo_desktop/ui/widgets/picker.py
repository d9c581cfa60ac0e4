"""A combobox: a field that shows what is chosen, and a list of 48-high rows that hangs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box, painted

MOST_HEIGHT = 400


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str
    detail: str = ""
    right: str = ""  # a price, a speed
    icon: str = ""


class _Row(Control):
    def __init__(self, choice: Choice, chosen: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice, self._chosen = choice, chosen
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(part for part in (choice.title, choice.detail, choice.right) if part))

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("row"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "accent-tint" if self._chosen else "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, t.radius("sm"), fill=t.color(fill) if fill else None, line=t.color("accent") if self.ringed else None, width=2)
        x, right = 10.0, rect.width() - 10
        if self.choice.icon:
            paint_icon(painter, self.choice.icon, QRectF(x, (rect.height() - 16) / 2, 16, 16), "accent" if self._chosen else "text-muted")
            x += 26
        if self._chosen:
            paint_icon(painter, "check", QRectF(right - 16, (rect.height() - 16) / 2, 16, 16), "accent")
        right -= 26
        small = t.font("small")
        if self.choice.right:
            painter.setFont(small)
            painter.setPen(t.color("text" if self._chosen else "text-muted"))
            painter.drawText(QRectF(x, 0, right - x, rect.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.choice.right)
            right -= QFontMetrics(small).horizontalAdvance(self.choice.right) + 10
        self._paint_words(painter, QRectF(x, 0, right - x, rect.height()))

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        t, flags = theme(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        name, small = t.font("body", 500), t.font("small")
        painter.setFont(name)
        painter.setPen(t.color("text"))
        title = QFontMetrics(name).elidedText(self.choice.title, Qt.TextElideMode.ElideMiddle, int(box.width()))
        if not self.choice.detail:
            painter.drawText(box, flags, title)
            return
        painter.drawText(QRectF(box.x(), 6, box.width(), 18), flags, title)
        painter.setFont(small)
        painter.setPen(t.color("text-muted"))
        detail = QFontMetrics(small).elidedText(self.choice.detail, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(QRectF(box.x(), 24, box.width(), 18), flags, detail)


class ActionRow(Control):
    """Below a list: something else to do than to choose from it."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("control"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "surface-3" if self.isDown() else "surface-2" if self.hovered else ""
        paint_box(painter, rect, t.radius("sm"), fill=t.color(fill) if fill else None, line=t.color("accent") if self.ringed else None, width=2)
        paint_icon(painter, self._icon, QRectF(10, (rect.height() - 16) / 2, 16, 16), "accent")
        painter.setFont(t.font("body", 500))
        painter.setPen(t.color("accent"))
        painter.drawText(rect.adjusted(36, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class Picker(Control):
    """The field. `opened` fires as the list opens (refresh what it offers, then `set_choices`), `chosen` when a person chose.

    Widgets added by `add_footer` stand below the list. Locked, it shows a lock and cannot be opened.
    """

    opened = Signal()
    chosen = Signal(str)

    def __init__(self, name: str, icon: str, parent: QWidget | None = None, *, empty: str = "", weight: int | None = None) -> None:
        """`empty` stands in the list while it has nothing to offer; `weight` is that of the shown value."""
        super().__init__(parent)
        self._name, self._icon, self._empty, self._weight = name, icon, empty, weight
        self._choices: list[Choice] = []
        self._value, self._title, self._detail = "", "", ""
        self._locked, self._wide = False, 0
        self._footers: list[QWidget] = []
        self._popover: Popover | None = None
        self._rows = QWidget()
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_list)

    # ------------------------------------------------------------------ what it shows

    @property
    def value(self) -> str:
        return self._value

    @property
    def choices(self) -> list[Choice]:
        return list(self._choices)

    @property
    def is_open(self) -> bool:
        return self._popover is not None and self._popover.isVisible()

    def set_shown(self, value: str, title: str, detail: str = "", icon: str = "") -> None:
        """What the closed field says."""
        self._value, self._title, self._detail = value, title, detail
        self._icon = icon or self._icon
        self.setAccessibleName(f"{self._name}: {title}")
        self.setToolTip(f"{title} {detail}".strip())
        if self.is_open:
            self._fill()
        self.update()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        if list(choices) == self._choices:
            return
        self._choices = list(choices)
        if self.is_open:
            self._fill()

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        if locked:
            self.close_list()
        self.update()

    @property
    def locked(self) -> bool:
        return self._locked

    def set_list_width(self, width: int) -> None:
        """Where the list is wider than the field."""
        self._wide = width

    def add_footer(self, widget: QWidget) -> None:
        self._footers.append(widget)

    # ------------------------------------------------------------------ the list

    def open_list(self) -> None:
        if self._locked or self.is_open:
            return
        if self._popover is None:
            self._popover = Popover(self)
            scroll = QScrollArea(self._popover)
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(self._rows)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.viewport().setAutoFillBackground(False)
            self._rows.setAutoFillBackground(False)
            self._scroll = scroll
            self._popover.body.addWidget(scroll)
            for footer in self._footers:
                self._popover.body.addWidget(footer)
                footer.show()
        self._fill()
        self._popover.open(max(self.width(), self._wide))
        self._focus_chosen()
        self.opened.emit()

    def close_list(self) -> None:
        if self._popover is not None:
            self._popover.close_popover()

    def _fill(self) -> None:
        had_focus = self._rows.isAncestorOf(focus) if (focus := self._rows.window().focusWidget()) else False
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for choice in self._choices:
            row = _Row(choice, choice.value == self._value, self._rows)
            row.clicked.connect(self._row_clicked)
            self._column.addWidget(row)
            row.show()
        if not self._choices and self._empty:
            label = Label(self._empty, self._rows, role="small", color="text-muted", wrap=True)
            label.setContentsMargins(10, 8, 10, 8)
            self._column.addWidget(label)
            label.show()
        self._column.activate()
        self._scroll.setFixedHeight(min(MOST_HEIGHT, self._column.sizeHint().height()))
        if self._popover is not None:
            self._popover.refit()
        if had_focus:
            self._focus_chosen()

    def _focus_chosen(self) -> None:
        rows = [row for row in self._rows.findChildren(_Row) if not row.isHidden()]
        wanted = next((row for row in rows if row.choice.value == self._value), rows[0] if rows else None)
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.PopupFocusReason)
        elif self._popover is not None:
            self._popover.setFocus(Qt.FocusReason.PopupFocusReason)

    def _row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, _Row):
            self.close_list()
            self.chosen.emit(row.choice.value)

    # ------------------------------------------------------------------ the field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.open_list()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(232, theme().size("control"))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme().size("control"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        if self._locked:
            paint_box(painter, rect, t.radius("sm"), line=t.color("border"))
        else:
            over = self.hovered or self.isDown()
            focus = self.ringed or self.is_open
            line, width = (t.color("accent"), 2) if focus else (t.color("control-border"), 1)
            paint_box(painter, rect, t.radius("sm"), fill=t.color("surface-2" if over else "surface"), line=line, width=width)
        middle, right = rect.height() / 2, rect.width() - 10
        paint_icon(painter, self._icon, QRectF(10, middle - 8, 16, 16), "text-muted")
        side = 14 if self._locked else 16
        paint_icon(painter, "lock" if self._locked else "chevron-down", QRectF(right - side, middle - side / 2, side, side), "text-muted")
        right -= side + 8
        self._paint_value(painter, QRectF(34, 0, right - 34, rect.height()))

    def _paint_value(self, painter: QPainter, box: QRectF) -> None:
        t, flags = theme(), Qt.AlignmentFlag.AlignVCenter
        font, small = t.font("body", self._weight), t.font("small")
        metrics = QFontMetrics(font)
        wanted, detail = metrics.horizontalAdvance(self._title), QFontMetrics(small).horizontalAdvance(self._detail)
        room = box.width()
        if self._detail and wanted + 12 + detail <= room:
            painter.setFont(small)
            painter.setPen(t.color("text-muted"))
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignRight, self._detail)
            room -= detail + 12
        painter.setFont(font)
        painter.setPen(t.color("text-muted" if self._locked else "text"))
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, int(room))
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignLeft, shown)
