"""A combobox: a field that shows what is chosen, and a list of 48-high rows that hangs from it.

With `several`, each row has a check box too: a press on the row takes it alone, a press on the box (or Space) adds it or takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.picker_rows import Choice, ChoiceRow

MOST_HEIGHT = 400
"""Of the list, in pixels; more than that is scrolled."""


class Picker(Control):
    """The field. `opened` fires as the list opens (refresh what it offers, then `set_choices`), `chosen` when a person chose.

    Widgets added by `add_footer` stand below the list. Locked, it shows a lock and cannot be opened.
    """

    opened = Signal()
    chosen = Signal(str)
    toggled_box = Signal(str)
    """With `several`: the check box of that value was pressed."""

    def __init__(
        self, name: str, icon: str, parent: QWidget | None = None, *, empty: str = "", weight: int | None = None, several: bool = False, prefix: str = ""
    ) -> None:
        """`empty` stands in the list while it has nothing to offer; `weight` is that of the shown value; `prefix` a word in grey before it."""
        super().__init__(parent)
        self._several, self._prefix = several, prefix
        self._checked: frozenset[str] = frozenset()
        self._warn = False
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

    def set_shown(self, value: str, title: str, detail: str = "", icon: str = "", *, warn: bool = False) -> None:
        """What the closed field says; `warn`: the detail is a warning."""
        self._value, self._title, self._detail, self._warn = value, title, detail, warn
        self._icon = icon or self._icon
        self.setAccessibleName(f"{self._name}: {title}")
        self.setToolTip(f"{title} {detail}".strip())
        if self.is_open:
            self._fill()
        self.update()

    @property
    def checked(self) -> frozenset[str]:
        return self._checked

    def set_checked(self, values: Iterable[str]) -> None:
        """With `several`: which rows carry a check."""
        checked = frozenset(values)
        if checked != self._checked:
            self._checked = checked
            if self.is_open:
                self._fill()

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
        rows = [row for row in self._rows.findChildren(ChoiceRow) if not row.isHidden()]
        if not rows or [row.choice.value for row in rows] != [choice.value for choice in self._choices]:
            self._make_rows()
        else:
            # The same rows with other words: who stands on one of them stays there.
            for row, choice in zip(rows, self._choices, strict=True):
                row.show_choice(choice, self._is_chosen(choice))

    def _is_chosen(self, choice: Choice) -> bool:
        return choice.value in self._checked if self._several else choice.value == self._value

    def _make_rows(self) -> None:
        focus = self._rows.window().focusWidget()
        had_focus = self._rows.isAncestorOf(focus) if focus else False
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        before: QWidget | None = None
        for choice in self._choices:
            row = ChoiceRow(choice, self._is_chosen(choice), self._rows, box=self._several)
            row.clicked.connect(self._row_clicked)
            row.toggled_box.connect(self.toggled_box)
            self._column.addWidget(row)
            row.show()
            if before is not None:
                QWidget.setTabOrder(before, row)
            before = row
        for footer in self._footers:
            for control in footer.findChildren(QWidget):
                if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.focusProxy() is None:
                    if before is not None:
                        QWidget.setTabOrder(before, control)
                    before = control
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
        rows = [row for row in self._rows.findChildren(ChoiceRow) if not row.isHidden()]
        wanted = next((row for row in rows if row.choice.value == self._value), rows[0] if rows else None)
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.PopupFocusReason)
        elif self._popover is not None:
            self._popover.setFocus(Qt.FocusReason.PopupFocusReason)

    def _row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, ChoiceRow):
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
            painter.setPen(t.color("warn" if self._warn else "text-muted"))
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignRight, self._detail)
            room -= detail + 12
        if self._prefix and metrics.horizontalAdvance(self._prefix) + 8 + min(wanted, 60) <= room:
            painter.setFont(t.font("body"))
            painter.setPen(t.color("text-muted"))
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignLeft, self._prefix)
            lead = QFontMetrics(t.font("body")).horizontalAdvance(self._prefix) + 8
            box.setLeft(box.left() + lead)
            room -= lead
        painter.setFont(font)
        painter.setPen(t.color("text-muted" if self._locked else "text"))
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, int(room))
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignLeft, shown)
