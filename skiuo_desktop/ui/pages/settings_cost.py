"""The section Cost and limits: what was spent, what may be, and what happens near the end of a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.events import AnalysisEnded, BudgetStepped, Event, ModelsChanged
from skiuo_desktop.model import BudgetStep, ModelInfo, Spending
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.settings_model_values import SIGNS
from skiuo_desktop.ui.pages.settings_plain import COLUMN, SettingFields, Values
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Select
from skiuo_desktop.ui.widgets.settings_fields import Labelled, NumberField, grid_row
from skiuo_desktop.ui.widgets.settings_parts import Card, ScrollColumn, SpentBar

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

BUDGETS = (s.BUDGET_RECORDING, s.BUDGET_DAY, s.BUDGET_MONTH)
OTHERS = (s.BUDGET_CURRENCY, s.CNY_PER_USD, s.CHEAPER, s.ATTEMPTS, s.PREVIOUS_WAIT)
SOON_MS = 500


class _Spent(QWidget):
    """`Today $0.42 of $2.00` over a bar."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(name, self, role="small", color="text-muted", weight=500))
        row = QHBoxLayout()
        row.setSpacing(6)
        self.amount = Label(parent=self, role="title")
        self.limit = Label(parent=self, role="small", color="text-muted")
        row.addWidget(self.amount)
        row.addWidget(self.limit)
        row.addStretch(1)
        column.addLayout(row)
        self.bar = SpentBar(self)
        column.addWidget(self.bar)

    def show_spent(self, amount: float, limit: float, currency: str) -> None:
        sign = SIGNS.get(currency, currency)
        self.amount.set_text(fmt.money(amount, currency) if amount else f"{sign}0")
        self.limit.set_text(self.tr("of {0}").format(fmt.money(limit, currency)) if limit else self.tr("no limit"))
        self.bar.set_share(amount / limit if limit else 0.0, f"{self._name}: {self.amount.words} {self.limit.words}")
        self.bar.setVisible(bool(limit))


class _Step(QWidget):
    """One step of the ladder; the one in force is marked."""

    def __init__(self, number: int, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._number, self.on = number, False
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 8, 12, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(title, self, weight=600))
        words.addWidget(Label(text, self, role="small", color="text-muted", wrap=True))
        row.addLayout(words, 1)
        self._now = Label(self.tr("Now"), self, role="small", color="warn", weight=600)
        self._now.hide()
        row.addWidget(self._now)
        theme().changed.connect(self.update)

    def set_on(self, on: bool) -> None:
        self.on = on
        self._now.setVisible(on)
        self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t = theme()
        if self.on:
            paint_box(painter, QRectF(self.rect()), t.radius("sm"), fill=t.color("warn-tint"))
        disc = QRectF(10, 9, 20, 20)
        paint_box(painter, disc, 10, line=t.color("warn" if self.on else "control-border"))
        painter.setFont(t.font("small", 600))
        painter.setPen(t.color("warn" if self.on else "text-muted"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))


class CostSection(QWidget):
    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = ScrollColumn(self, most=COLUMN, margins=(24, 16, 24, 24))
        column.addWidget(scroll)
        body = scroll.body
        body.setSpacing(16)
        self.fields = SettingFields(bridge, self, (*BUDGETS, *OTHERS), known=self._known)
        body.addWidget(Label(self.tr("Cost and limits"), self, role="title"))
        self._make_spent(body)
        self._make_budgets(body)
        body.addWidget(Rule(self))
        self._make_ladder(body)
        body.addWidget(Rule(self))
        body.addLayout(grid_row(self, self.fields.make(s.ATTEMPTS, self), self.fields.make(s.PREVIOUS_WAIT, self)))
        body.addStretch(1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._ask_spending)
        bridge.event.connect(self._on_event)
        self.reload()

    def _make_spent(self, body: QVBoxLayout) -> None:
        card = Card(self)
        row = QHBoxLayout()
        row.setSpacing(32)
        self.day, self.month = _Spent(self.tr("Today"), card), _Spent(self.tr("This month"), card)
        row.addWidget(self.day, 1)
        row.addWidget(self.month, 1)
        card.body.addLayout(row)
        card.body.addSpacing(8)
        note = self.tr("Every attempt that may have been billed is counted: by its estimate until the answer says what it was.")
        card.body.addWidget(Label(note, card, role="small", color="text-muted", wrap=True))
        body.addWidget(card)

    def _make_budgets(self, body: QVBoxLayout) -> None:
        body.addWidget(Label(self.tr("Spend at most"), self, weight=600))
        boxes = [self.fields.make(setting, self, sign="$", empty=True, placeholder=self.tr("no limit")) for setting in BUDGETS]
        body.addLayout(grid_row(self, *boxes))
        body.addLayout(grid_row(self, self.fields.make(s.BUDGET_CURRENCY, self), self.fields.make(s.CNY_PER_USD, self)))

    def _make_ladder(self, body: QVBoxLayout) -> None:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(Label(self.tr("Near the end of a budget"), self, weight=600))
        text = self.tr("Step by step, each shown when it is taken, and taken back when there is room again. Recording never stops.")
        head.addWidget(Label(text, self, role="small", color="text-muted", wrap=True))
        body.addLayout(head)
        steps = QVBoxLayout()
        steps.setSpacing(2)
        self.steps = {
            BudgetStep.CHEAPER: _Step(1, self.tr("From 80 %: a cheaper model"), self.tr("New windows go to the model below, where there is one."), self),
            BudgetStep.WIDER: _Step(
                2, self.tr("From 90 %: every other window"), self.tr("The windows between are left out; each can be analysed later."), self
            ),
            BudgetStep.KEEP: _Step(
                3, self.tr("At the limit: windows are kept"), self.tr("Nothing more is sent. Kept windows are analysed when you ask for it."), self
            ),
        }
        for step in self.steps.values():
            steps.addWidget(step)
        body.addLayout(steps)
        self.cheaper = Select(self.tr("Cheaper model"), parent=self)
        self.cheaper.chosen.connect(self._cheaper_chosen)
        box = Labelled(self.tr("Cheaper model"), self.cheaper, self)
        held = QHBoxLayout()
        held.addWidget(box, 1)
        held.addStretch(1)
        body.addLayout(held)

    # ------------------------------------------------------------------ what is shown

    def reload(self) -> None:
        self.fields.reload()
        self._ask_spending()
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.models(), self._models_known)

    def _ask_spending(self) -> None:
        if self._bridge.is_ready and self.isVisible():
            self._bridge.ask(self._bridge.engine.spending(), self._spending_known)

    def showEvent(self, event: QShowEvent) -> None:
        self._ask_spending()
        super().showEvent(event)

    def _spending_known(self, spending: Spending) -> None:
        self.day.show_spent(spending.day, spending.day_limit, spending.currency)
        self.month.show_spent(spending.month, spending.month_limit, spending.currency)
        for step, row in self.steps.items():
            row.set_on(step is spending.step)

    def _models_known(self, infos: list[ModelInfo]) -> None:
        names = [info.config.name for info in infos if info.config.price is not None]
        self.cheaper.set_choices([Choice("", self.tr("The cheapest that has a price")), *(Choice(name, name) for name in names)])
        self.cheaper.select(self.cheaper.value)

    def _known(self, values: Values) -> None:
        currency = str(values[s.BUDGET_CURRENCY.key])
        for setting in BUDGETS:
            field = self.fields.control(setting)
            if isinstance(field, NumberField):
                field.set_sign(SIGNS.get(currency, currency))
        self.cheaper.select(str(values[s.CHEAPER.key]))
        self._ask_spending()

    def _cheaper_chosen(self, name: str) -> None:
        self.fields.save(s.CHEAPER, name)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        self.fields.on_event(event)
        if isinstance(event, AnalysisEnded | BudgetStepped):
            self._soon.start()
        elif isinstance(event, ModelsChanged):
            self.reload()

    def set_compact(self, compact: bool) -> None:
        """One column fits everywhere."""
