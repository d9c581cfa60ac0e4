"""One model in the settings: its test on top, its fields, and below the way to remove it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import OFFLINE, ModelInfo
from skiuo_desktop.ui.pages import settings_model_words as words
from skiuo_desktop.ui.pages.settings_catalog import Catalog, provider_title
from skiuo_desktop.ui.pages.settings_model_form import ModelForm
from skiuo_desktop.ui.pages.settings_model_test import TestCard
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import ElidedLabel, Label, Rule
from skiuo_desktop.ui.widgets.settings_parts import Card, ScrollColumn

FIELDS_MOST = 744


class ModelEditor(QWidget):
    """Shows one model. The signals carry its name; the page asks the engine."""

    test = Signal(str)
    remove = Signal(str)
    use = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: ModelInfo | None = None
        self._catalog = Catalog()
        self._running: dict[str, float] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 12)
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        self._title = ElidedLabel("", self, role="title", weight=600)
        self._server = ElidedLabel("", self, role="small", color="text-muted")
        names.addWidget(self._title)
        names.addWidget(self._server)
        head.addLayout(names, 1)
        self.test_button = Button(self.tr("Test with a real clip"), self, kind="primary", icon="player-play")
        self.test_button.clicked.connect(self._test)
        head.addWidget(self.test_button)
        held_head = QWidget(self)
        held_head.setLayout(head)
        held_head.setMaximumWidth(FIELDS_MOST + 48)  # its button ends where the fields do
        column.addWidget(held_head)
        scroll = ScrollColumn(self, most=FIELDS_MOST)
        scroll.body.setSpacing(16)
        self.card = TestCard(scroll)
        self.card.use.connect(self._use)
        self.form = ModelForm(scroll)
        self.offline = _Offline(scroll)
        scroll.body.addWidget(self.card)
        scroll.body.addWidget(self.form)
        scroll.body.addWidget(self.offline)
        scroll.body.addStretch(1)
        self._scroll = scroll
        column.addWidget(scroll, 1)
        column.addWidget(Rule(self))
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        note = Label(self.tr("Changes are kept at once and used from the next window."), self, role="small", color="text-muted")
        foot.addWidget(note)
        foot.addStretch(1)
        self.remove_button = Button(self.tr("Remove this model…"), self, kind="ghost", tone="recording", icon="trash")
        self.remove_button.clicked.connect(self._remove)
        foot.addWidget(self.remove_button)
        held = QWidget(self)
        held.setLayout(foot)
        held.setFixedHeight(56)
        column.addWidget(held)

    @property
    def name(self) -> str:
        return self._info.config.name if self._info is not None else ""

    def show_model(self, info: ModelInfo, catalog: Catalog, others: Sequence[str], key_name: str) -> None:
        """`others`: the names that are taken; `key_name`: what a new key is kept under."""
        if info.config.name != self.name:
            self._scroll.verticalScrollBar().setValue(0)
        self._info, self._catalog = info, catalog
        offline = info.config.name == OFFLINE
        self._title.set_text(words.title(info.config))
        server = catalog.server(info.config) or info.server or provider_title(info.config.provider)
        self._server.set_text(self.tr("Measured and read on this device") if offline else server)
        for part in (self.test_button, self.card, self.form, self.remove_button):
            part.setVisible(not offline)
        self.offline.setVisible(offline)
        if not offline:
            self.form.show_model(info, catalog, others, key_name)
            self._show_test()

    def renamed(self, old: str, new: str) -> None:
        if old in self._running:
            self._running[new] = self._running.pop(old)
        self.form.renamed(old, new)
        if self._info is not None and self._info.config.name == old:
            self._info = replace(self._info, config=replace(self._info.config, name=new))

    def _show_test(self) -> None:
        if self._info is None:
            return
        began = self._running.get(self.name)
        self.test_button.setEnabled(began is None)
        if began is not None:
            self.card.show_running(self._info, self._catalog, began)
        else:
            on = self._info.active or self._info.fallback is not None
            self.card.show_result(self._info, self._catalog, on=on)

    def test_began(self, name: str) -> None:
        self._running[name] = time.monotonic()
        if name == self.name:
            self._show_test()

    def test_ended(self, name: str, error: str = "") -> None:
        """The result is in the model's configuration; `error` says why there is none."""
        self._running.pop(name, None)
        if name == self.name:
            self._show_test()
            if error:
                self.card.show_error(error)

    def _test(self) -> None:
        self.setFocus()  # a field that is being written in is saved first
        if self._info is not None:
            self.test.emit(self.name)

    def _remove(self) -> None:
        if self._info is not None:
            self.remove.emit(self.name)

    def _use(self) -> None:
        if self._info is not None:
            self.use.emit(self.name)


class _Offline(Card):
    """What the embedded measurer is. It has nothing to set."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.setSpacing(8)
        for text in (
            self.tr("It reads the text in the picture and measures motion, scene changes, brightness, sharpness and sound, and says both in plain sentences."),
            self.tr("It does not understand what it sees. Nothing leaves this computer and nothing is paid."),
            self.tr(
                "It is always there and always last: switched on, it stands in when every other model that is on has failed, or writes alone when none is."
            ),
        ):
            self.body.addWidget(Label(text, self, wrap=True))
