"""The Compare tab: two models chosen above their texts, what each has cost and how long it took, and another one to be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from statistics import median

from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from skiuo_desktop.model import OFFLINE, ModelInfo, Window
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.icons import icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import model_words, narrative_words
from skiuo_desktop.ui.widgets.compare_card import STACK_BELOW
from skiuo_desktop.ui.widgets.compare_view import CompareView
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import painted
from skiuo_desktop.ui.widgets.picker import Picker
from skiuo_desktop.ui.widgets.picker_rows import Choice

translate = QCoreApplication.translate


def totals(windows: Sequence[Window], model: str, *, short: bool = False) -> str:
    """`**$0.56** · 6.8 s a window · 139 of 144`: what a model cost, retries included, and how many windows it answered; `short`: without the time."""
    costs: dict[str, float] = {}
    took, answered = [], 0
    for window in windows:
        mine = [a for a in window.answers if a.model == model]
        answered += any(a.text and a.failure is None for a in mine)
        for analysis in mine:
            if analysis.usage.cost is not None:
                costs[analysis.usage.currency] = costs.get(analysis.usage.currency, 0.0) + analysis.usage.cost
            if analysis.total_ms is not None and analysis.failure is None:
                took.append(analysis.total_ms)
    paid = " + ".join(fmt.money(cost, currency) for currency, cost in costs.items() if cost)
    parts = [f"**{paid or fmt.money(0)}**"] if costs else []
    if took and not short:
        parts.append(translate("Compare", "{0} a window").format(fmt.seconds(median(took))))
    parts.append(translate("Compare", "{0} of {1}").format(fmt.number(answered), fmt.number(len(windows))))
    return " · ".join(parts)


def asking_costs(info: ModelInfo, length_ms: int) -> str:
    """`gemini, about $0.14`: what a whole recording comes to with a model."""
    name = model_words.name(info)
    if model_words.is_free(info) or info.per_hour is None or info.config.price is None:
        return f"{name}, {model_words.per_hour_short(info)}"
    money = fmt.money(info.per_hour * length_ms / 3_600_000, info.config.price.currency)
    return translate("Compare", "{0}, about {1}").format(name, money)


class _Sample(QWidget):
    """A piece of the underline that means one side."""

    def __init__(self, side: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._side = side
        self.setFixedSize(16, 16)
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        left = self._side == "left"
        painter.setPen(QPen(theme().color("accent" if left else "warn"), 2, Qt.PenStyle.SolidLine if left else Qt.PenStyle.DotLine))
        painter.drawLine(0, 9, 16, 9)


class ComparePanel(QWidget):
    """The list's signals are used by the page directly."""

    model_added = Signal(str)
    """The whole recording is to be described by that model too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._windows: tuple[Window, ...] = ()
        self._models: list[str] = []
        self._infos: dict[str, ModelInfo] = {}
        self._chosen = ["", ""]
        self._touched = False  # by the person; until then the models follow what is read
        self._length_ms = 0
        self._missed: tuple[Sequence[Window], list[str]] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QWidget(self)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(32)
        self.pickers = (Picker(self.tr("Model at the left"), "sparkles", self._head), Picker(self.tr("Model at the right"), "sparkles", self._head))
        self.totals = (
            Label(parent=self._head, role="small", color="text-muted", rich=True),
            Label(parent=self._head, role="small", color="text-muted", rich=True),
        )
        for number, (picker, label) in enumerate(zip(self.pickers, self.totals, strict=True)):
            box = QVBoxLayout()
            box.setSpacing(6)
            box.addWidget(picker)
            box.addWidget(label)
            row.addLayout(box, 1)
            picker.chosen.connect(partial(self._take, number))
        column.addWidget(self._head)
        column.addWidget(Rule(self))
        self.list = CompareView(self)
        column.addWidget(self.list, 1)
        column.addWidget(Rule(self))
        column.addWidget(self._make_foot())

    def _make_foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setFixedHeight(52)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._legend = QWidget(foot)
        legend = QHBoxLayout(self._legend)
        legend.setContentsMargins(0, 0, 0, 0)
        legend.setSpacing(6)
        for side, text in (("left", self.tr("only on the left")), ("right", self.tr("only on the right"))):
            legend.addWidget(_Sample(side, self._legend))
            legend.addWidget(Label(text, self._legend, role="small", color="text-muted"))
            legend.addSpacing(8)
        row.addWidget(self._legend)
        row.addStretch(1)
        self.add = Button(self.tr("Add a model"), foot, size="small", icon="plus")
        self.add.clicked.connect(self._add_menu)
        row.addWidget(self.add)
        return foot

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= STACK_BELOW
        self._legend.setVisible(wide)
        layout = self._head.layout()
        if layout is not None:
            layout.setSpacing(32 if wide else 12)
        self._show()

    # ------------------------------------------------------------------ filling

    def set_windows(self, windows: Sequence[Window], models: Sequence[str], length_ms: int) -> None:
        """`models` are those that were asked, most windows first."""
        self._windows, self._models, self._length_ms = tuple(windows), list(models), length_ms
        stand = Counter(window.chosen.model for window in windows if window.chosen is not None)
        by_place = sorted(models, key=lambda model: -stand[model])  # those whose texts are read first stand at the left
        for number in (0, 1):
            if not self._touched:
                self._chosen[number] = by_place[number] if number < len(by_place) else ""
            elif self._chosen[number] not in models:
                self._chosen[number] = next((model for model in by_place if model not in self._chosen), "")
        self.list.set_windows(windows)
        self._show()

    def update_window(self, window: Window, windows: Sequence[Window], models: Sequence[str]) -> None:
        """One window has changed; `windows` and `models` are all. Not shown, it is noted and read when it is."""
        if not self.isVisible():
            self._missed = (windows, list(models))
            return
        self.list.update_window(window)
        self._windows = tuple(windows)
        if list(models) != self._models or not self._touched:
            self.set_windows(windows, models, self._length_ms)
        else:
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        missed, self._missed = self._missed, None
        if missed is not None:
            self.set_windows(*missed, self._length_ms)

    def clear(self) -> None:
        """Before another recording."""
        self._touched, self._missed = False, None
        self.set_windows((), (), 0)

    def set_infos(self, infos: Sequence[ModelInfo]) -> None:
        """All models that can be asked."""
        self._infos = {info.config.name: info for info in infos}
        self.add.setVisible(bool(self._addable()) and not self.list.read_only)
        self._show()

    def set_read_only(self, read_only: bool) -> None:
        """Another device's answers are compared, and no more."""
        self.list.set_read_only(read_only)
        self.add.setVisible(bool(self._addable()) and not read_only)

    def _addable(self) -> list[ModelInfo]:
        return [info for name, info in self._infos.items() if name not in self._models]

    def _icon(self, model: str) -> str:
        info = self._infos.get(model)
        return model_words.icon(info) if info is not None else "wave-sine" if model == OFFLINE else "sparkles"

    def _show(self) -> None:
        for number, (picker, label) in enumerate(zip(self.pickers, self.totals, strict=True)):
            model = self._chosen[number]
            picker.set_choices([Choice(name, narrative_words.model(name), icon=self._icon(name)) for name in self._models])
            picker.set_shown(model, narrative_words.model(model), icon=self._icon(model))
            label.set_text(totals(self._windows, model, short=self.width() < STACK_BELOW))
        self.list.set_models(*self._chosen)

    # ------------------------------------------------------------------ what a person does

    def _take(self, number: int, model: str) -> None:
        self._touched = True
        if model == self._chosen[1 - number]:
            self._chosen.reverse()
        self._chosen[number] = model
        self._show()

    @Slot()
    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        for info in self._addable():
            action = QAction(icon(model_words.icon(info)), asking_costs(info, self._length_ms).replace("&", "&&"), menu)
            action.triggered.connect(partial(self.model_added.emit, info.config.name))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        size = menu.sizeHint()
        menu.popup(self.add.mapToGlobal(QPoint(self.add.width() - size.width(), -size.height() - 4)))
        return menu
