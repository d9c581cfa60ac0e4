"""The card over the person's own servers: how far the mirror is, and the check, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import BackendHop, BackendStatus, WindowState
from skiuo_desktop.ui import backend_words
from skiuo_desktop.ui.pages import settings_backend_words as words
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.hop_list import HopList
from skiuo_desktop.ui.widgets.labels import Label, Rule, Sign
from skiuo_desktop.ui.widgets.ledger_parts import MonoBlock, MonoBox
from skiuo_desktop.ui.widgets.settings_parts import Card, SpentBar


class BackendCard(Card):
    """`check` and `sync` are what its buttons wish for."""

    check = Signal()
    sync = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._sign = Sign("info", self)
        self._head = Label(parent=self, weight=600)
        self.sync_button = Button(self.tr("Try now"), self, size="small")
        self.check_button = Button(self.tr("Check"), self, size="small", kind="primary")
        self.sync_button.clicked.connect(self.sync)
        self.check_button.clicked.connect(self.check)
        head.addWidget(self._sign)
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self.sync_button)
        head.addWidget(self.check_button)
        self.body.addLayout(head)
        self._words = Label(parent=self, color="text-muted", wrap=True, selectable=True)
        self._words.setContentsMargins(0, 6, 0, 0)
        self.body.addWidget(self._words)
        self.bar = SpentBar(self)
        self.bar.hide()
        self.body.addWidget(self.bar)
        self._checked = QWidget(self)
        self.body.addWidget(self._checked)
        self._make_check()
        self.show_status(BackendStatus(configured=False))

    def _make_check(self) -> None:
        column = QVBoxLayout(self._checked)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(Rule(self._checked))
        head = QHBoxLayout()
        head.setSpacing(8)
        self._result_sign = Sign("info", self._checked)
        self._result = Label(parent=self._checked, weight=600)
        head.addWidget(self._result_sign)
        head.addWidget(self._result)
        head.addStretch(1)
        column.addLayout(head)
        lists = QHBoxLayout()
        lists.setSpacing(24)
        self.objects, self.rows = HopList(self.tr("Object store"), self._checked), HopList(self.tr("Database"), self._checked)
        for each in (self.objects, self.rows):
            column_of = QVBoxLayout()
            column_of.addWidget(each)
            column_of.addStretch(1)
            lists.addLayout(column_of, 1)
        column.addLayout(lists)
        self._found = QVBoxLayout()
        self._found.setSpacing(6)
        column.addLayout(self._found)
        self._init = QWidget(self._checked)
        box = QVBoxLayout(self._init)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        text = self.tr("An administrator makes what is missing, once, in a terminal. It asks for the administrator's keys and does not keep them:")
        box.addWidget(Label(text, self._init, role="small", color="text-muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        command = MonoBlock(words.INIT)
        command.setFixedHeight(theme().line("small") + 20)
        row.addWidget(MonoBox(command, self._init), 1)
        self.copy_button = Button(self.tr("Copy"), self._init, size="small", icon="copy")
        self.copy_button.clicked.connect(self._copy)
        row.addWidget(self.copy_button)
        box.addLayout(row)
        column.addWidget(self._init)
        self._checked.hide()

    # ------------------------------------------------------------------ the mirror

    @property
    def head(self) -> str:
        return self._head.words

    @property
    def told(self) -> str:
        return self._words.words

    def show_status(self, status: BackendStatus) -> None:
        self.check_button.setEnabled(status.configured)
        if not status.configured:
            self._tell("info", self.tr("No server yet"), self.tr("Recordings and texts are kept on this computer only."))
            self.sync_button.hide()
            self.bar.hide()
            return
        told = backend_words.told(status)
        sentences = list(told.sentences)
        if status.lifecycle_days is not None:
            kept = self.tr("The store keeps video for {0} days.").format(status.lifecycle_days)
            sentences.append(kept if status.lifecycle_days else self.tr("The store keeps video without end."))
        self._tell(WindowState.DONE if told.sign == "ok" else told.sign, told.head, ("" if theme().language == "zh" else " ").join(sentences))
        self.sync_button.setVisible(told.sign == "warn")
        self.bar.setVisible(told.share is not None)
        self._words.setContentsMargins(0, 6, 0, 8 if told.share is not None else 0)
        if told.share is not None:
            self.bar.set_share(told.share, told.short, warns=False)

    def _tell(self, sign: WindowState | str, head: str, text: str) -> None:
        self._sign.set_kind(sign)
        self._head.set_text(head)
        self._words.set_text(text)
        self._words.setVisible(bool(text))

    # ------------------------------------------------------------------ the check

    @property
    def result(self) -> str:
        return self._result.words if not self._checked.isHidden() else ""

    @property
    def findings(self) -> list[str]:
        items = (self._found.itemAt(place) for place in range(self._found.count()))
        labels = (item.widget() for item in items if item is not None)
        return [label.words.replace("**", "") for label in labels if isinstance(label, Label)]

    @property
    def offers_init(self) -> bool:
        return not self._init.isHidden()

    def show_hops(self, hops: Sequence[BackendHop], *, running: bool) -> None:
        """As they end; `running` until the last one has."""
        self._checked.show()
        self.set_checking(running)
        for name, each in (("objects", self.objects), ("rows", self.rows)):
            mine = [hop for hop in hops if hop.server == name]
            each.set_steps(words.steps(mine, running=running and bool(hops) and hops[-1].server == name))
            each.setVisible(bool(mine))
        sign, text = ("wait", self.tr("Checking with a real clip")) if running else words.head(hops)
        self._result_sign.set_kind(WindowState.DONE if sign == "ok" else sign)
        self._result.set_text(text)
        self._show_findings([] if running else words.findings(hops))
        self._init.setVisible(not running and words.needs_init(hops))

    def set_checking(self, checking: bool) -> None:
        """The keyboard stays here meanwhile: a button that is switched off would hand it on to the next field, with all that is written there selected."""
        if checking and self.check_button.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.check_button.setEnabled(not checking)
        if not checking and self.hasFocus():
            self.check_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, sentence: str) -> None:
        """The check could not be made at all."""
        self._checked.show()
        self.set_checking(False)
        self._result_sign.set_kind("error")
        self._result.set_text(self.tr("The check could not be made"))
        for each in (self.objects, self.rows):
            each.set_steps([])
            each.hide()
        self._show_findings([("", sentence)])
        self._init.hide()

    def _show_findings(self, found: list[tuple[str, str]]) -> None:
        while self._found.count():
            item = self._found.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for step, text in found:
            self._found.addWidget(Label(f"**{step}** {text}" if step else text, self._checked, role="small", color="text-muted", wrap=True, selectable=True))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(words.INIT)
        self.said.emit(self.tr("The command is on the clipboard"))
