"""The filters under the head of the Library page, and the order at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library_filters import DATES, ELSEWHERE, ORDERS, STATES, Filters
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box

FOLD_BELOW = 1100
ICONS = {"device": "device-desktop", "date": "calendar-event", "model": "sparkles", "state": "circle-check", "source": "camera"}


class FilterButton(Control):
    """`Any date ⌄`; in force it is tinted and × takes it off."""

    taken_off = Signal()

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        """Without an icon it is a plain word with a chevron."""
        super().__init__(parent)
        self._icon = icon
        self._on = False

    @property
    def _lead(self) -> int:
        return 30 if self._icon else 10

    def set_shown(self, text: str, *, on: bool) -> None:
        self._on = on
        self.setText(text)
        self._restyle()

    def sizeHint(self) -> QSize:
        width = min(QFontMetrics(theme().font("small", 500)).horizontalAdvance(self.text()) + 1, 180)
        return QSize(self._lead + width + 6 + 14 + 10, theme().size("controlSmall"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on and self.rect().contains(event.pos()) and event.pos().x() > self.width() - 28:
            self.setDown(False)
            self.taken_off.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        ink = "accent" if self._on else "text" if self._icon else "text-muted"
        if self._on:
            paint_box(painter, rect, t.radius("sm"), fill=t.color("accent-tint"))
        else:
            fill = "surface-3" if self.isDown() else "surface-2" if self.hovered else "surface" if self._icon else "bg"
            paint_box(painter, rect, t.radius("sm"), fill=t.color(fill), line=t.color("border") if self._icon else None)
        if self.ringed:
            paint_box(painter, rect, t.radius("sm"), line=t.color("accent"), width=2)
        middle = rect.center().y()
        if self._icon:
            paint_icon(painter, self._icon, QRectF(10, middle - 7, 14, 14), ink)
        paint_icon(painter, "x" if self._on else "chevron-down", QRectF(rect.width() - 24, middle - 7, 14, 14), ink)
        painter.setFont(t.font("small", 500))
        painter.setPen(t.color(ink))
        box = QRectF(self._lead, 0, rect.width() - self._lead - 30, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(box.width() + 1)))


class FilterBar(QWidget):
    """Date, model, state and source; the order at the right. In little room they fold into one. Before them, where there is a database: whose recordings."""

    filters_changed = Signal(object)
    order_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = Filters()
        self._order = "newest"
        self._elsewhere = False
        self._values: dict[str, Sequence[str]] = {"device": (ELSEWHERE,), "date": tuple(DATES), "model": (), "state": STATES, "source": ()}
        self.setFixedHeight(40)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 14, 12)
        row.setSpacing(8)
        self.buttons: dict[str, FilterButton] = {}
        for kind in self._values:
            button = FilterButton(ICONS[kind], self)
            button.clicked.connect(self._pressed)
            button.taken_off.connect(self._taken_off)
            self.buttons[kind] = button
            row.addWidget(button)
        self.folded = FilterButton("adjustments-horizontal", self)
        self.folded.clicked.connect(self._folded_pressed)
        self.folded.taken_off.connect(self.clear)
        row.addWidget(self.folded)
        row.addStretch(1)
        self.order_button = FilterButton("", self)
        self.order_button.set_shown(words.order("newest"), on=False)
        self.order_button.clicked.connect(self._choose_order)
        row.addWidget(self.order_button)
        self._show()
        theme().changed.connect(self._show)

    @property
    def filters(self) -> Filters:
        return self._filters

    def set_choices(self, models: Sequence[str], sources: Sequence[str]) -> None:
        self._values["model"], self._values["source"] = models, sources

    def set_devices(self, names: Sequence[str]) -> None:
        """Other devices whose recordings are known."""
        self._values["device"] = (ELSEWHERE, *names)

    @property
    def elsewhere(self) -> bool:
        """Other devices can be looked at."""
        return self._elsewhere

    def set_elsewhere(self, there: bool) -> None:
        """Whether other devices can be looked at; where not, this computer's recordings are shown."""
        if there != self._elsewhere:
            self._elsewhere = there
            self._show()
            if not there and self._filters.device:
                self._set(replace(self._filters, device=""))

    @Slot()
    def clear(self) -> None:
        """All but whose recordings are shown."""
        self._set(Filters(device=self._filters.device))

    def _set(self, filters: Filters) -> None:
        if filters != self._filters:
            self._filters = filters
            self._show()
            self.filters_changed.emit(filters)

    def _show(self) -> None:
        fold = self.window().width() < FOLD_BELOW
        for kind, button in self.buttons.items():
            value = getattr(self._filters, kind)
            button.set_shown(words.filter_words(kind, value), on=bool(value))
            button.setVisible(self._elsewhere if kind == "device" else not fold)
        count = self._filters.in_force - bool(self._filters.device)
        self.folded.set_shown(self.tr("Filters ({0})").format(count) if count else self.tr("Filters"), on=count > 0)
        self.folded.setVisible(fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show()

    # ------------------------------------------------------------------ menus

    @Slot()
    def _pressed(self) -> None:
        kind = next((kind for kind, button in self.buttons.items() if button is self.sender()), "")
        if kind:
            menu = QMenu(self)
            self._fill(menu, kind)
            self._popup(menu, self.buttons[kind])

    @Slot()
    def _folded_pressed(self) -> None:
        menu = QMenu(self)
        for kind in (kind for kind in self.buttons if kind != "device"):
            self._fill(menu.addMenu(words.filter_words(kind, getattr(self._filters, kind))), kind)
        self._popup(menu, self.folded)

    def _fill(self, menu: QMenu, kind: str) -> None:
        group = QActionGroup(menu)
        for value in ("", *self._values[kind]):
            action = QAction(words.filter_words(kind, value), menu, checkable=True)
            action.setData((kind, value))
            action.setChecked(getattr(self._filters, kind) == value)
            group.addAction(action)
            menu.addAction(action)
            if not value and self._values[kind]:
                menu.addSeparator()
        group.triggered.connect(self._chosen)

    def _popup(self, menu: QMenu, anchor: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        kind, value = action.data()
        self._set(replace(self._filters, **{kind: value}))

    @Slot()
    def _taken_off(self) -> None:
        kind = next((kind for kind, button in self.buttons.items() if button is self.sender()), "")
        if kind:
            self._set(replace(self._filters, **{kind: ""}))

    @Slot()
    def _choose_order(self) -> None:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for value in ORDERS:
            action = QAction(words.order(value), menu, checkable=True)
            action.setData(value)
            action.setChecked(value == self._order)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._order_chosen)
        self._popup(menu, self.order_button)

    @Slot(QAction)
    def _order_chosen(self, action: QAction) -> None:
        self._order = action.data()
        self.order_button.set_shown(words.order(self._order), on=False)
        self.order_changed.emit(self._order)
