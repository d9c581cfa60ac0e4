"""The models in their order, how many of them are asked, and whose text stands when several answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import OFFLINE, ModelInfo
from skiuo_desktop.ui.pages import settings_model_words as words
from skiuo_desktop.ui.pages.settings_roles import ALL, FIRST, Roles
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented, Select
from skiuo_desktop.ui.widgets.settings_fields import Labelled
from skiuo_desktop.ui.widgets.settings_parts import Panel, ScrollColumn
from skiuo_desktop.ui.widgets.settings_rows import ModelRows


class ModelList(Panel):
    """Signals are what the person did; nothing changes here before the engine says so."""

    add = Signal()
    mode_chosen = Signal(str)
    rule_chosen = Signal(str)
    judge_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 12)
        top.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Models"), self, role="title"))
        head.addStretch(1)
        self.add_button = Button(self.tr("Add a model"), self, size="small", icon="plus")
        self.add_button.clicked.connect(self.add)
        head.addWidget(self.add_button)
        top.addLayout(head)
        self._help = Label(parent=self, role="small", color="text-muted", wrap=True)
        top.addWidget(self._help)
        self.mode = Segmented(self.tr("Which models are asked"), [Choice(FIRST, self.tr("Ask the first")), Choice(ALL, self.tr("Ask all that are on"))], self)
        self.mode.chosen.connect(self.mode_chosen)
        top.addWidget(self.mode)
        self.rule = Select(self.tr("Whose text stands"), self._rules(), self)
        self.rule.set_list_width(340)
        self.rule.chosen.connect(self.rule_chosen)
        self._rule_box = Labelled(self.tr("Whose text stands in the narrative"), self.rule, self)
        self.judge = Select(self.tr("Judge"), parent=self)
        self.judge.chosen.connect(self.judge_chosen)
        self._judge_box = Labelled(self.tr("Chosen by"), self.judge, self)
        top.addWidget(self._rule_box)
        top.addWidget(self._judge_box)
        column.addLayout(top)
        column.addWidget(Rule(self))
        scroll = ScrollColumn(self, margins=(0, 0, 0, 0))
        self.rows = ModelRows(self.tr("Models"), scroll)
        scroll.body.addWidget(self.rows)
        column.addWidget(scroll, 1)
        column.addWidget(Rule(self))
        self._foot = Label(parent=self, role="small", color="text-muted", wrap=True)
        self._foot.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self._foot)

    def _rules(self) -> list[Choice]:
        return [
            Choice("all", self.tr("The first in the list"), self.tr("The other answers are kept beside it.")),
            Choice("best", self.tr("The best answer"), self.tr("The one that the others agree with most, or a judge's choice.")),
            Choice("vote", self.tr("The majority"), self.tr("Each also names a label; the one named most often wins.")),
        ]

    def show_models(self, infos: Sequence[ModelInfo], roles: Roles, *, stride_ms: int, rule: str, judge: str, attempts: int) -> None:
        self.mode.set_value(roles.mode)
        several = roles.mode == ALL
        self._help.set_text(
            self.tr("Each window goes to every model that is on. Drag to change their rank, or press Alt+↑ and Alt+↓.")
            if several
            else self.tr("Tried from top to bottom. Drag to change the order, or press Alt+↑ and Alt+↓.")
        )
        self.rule.select(rule)
        self._rule_box.setVisible(several)
        self._judge_box.setVisible(several and rule == "best")
        names = [info.config.name for info in infos if info.config.name != OFFLINE]
        self.judge.set_choices(
            [Choice("", self.tr("Agreement"), self.tr("Compared by their words, free of charge."))]
            + [Choice(n, n, self.tr("Reads all answers; is paid.")) for n in names]
        )
        self.judge.select(judge)
        self.rows.set_rows([words.row(info, roles, stride_ms) for info in infos])
        self._foot.set_text(self._consequence(roles, attempts))

    def _consequence(self, roles: Roles, attempts: int) -> str:
        if not roles.on:
            return self.tr("Nothing is switched on: windows are recorded and not analysed.")
        if roles.asked == (OFFLINE,):
            return self.tr("Only the offline measurer is on: nothing is sent to a model.")
        if not roles.stand_in:
            return self.tr("A window that fails {0} times stays failed. Every attempt that may have been billed counts against your budget.").format(attempts)
        return self.tr("A window goes to the next model after {0} attempts. Every attempt that may have been billed counts against your budget.").format(
            attempts
        )

    @property
    def consequence(self) -> str:
        return self._foot.words

    def set_compact(self, compact: bool) -> None:
        self.setFixedWidth(320 if compact else theme().size("settingsList"))

    def focus_row(self, name: str) -> None:
        self.rows.row(name).setFocus(Qt.FocusReason.OtherFocusReason)
