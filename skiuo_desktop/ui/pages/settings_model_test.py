"""The card of the test: a real clip on its way to a model, hop by hop, what the model said of it, and what stopped it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop.model import ModelInfo, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import settings_model_words as words
from skiuo_desktop.ui.pages import settings_test_words as test_words
from skiuo_desktop.ui.pages.settings_catalog import Catalog
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Rule, Sign
from skiuo_desktop.ui.widgets.settings_hops import HopLine
from skiuo_desktop.ui.widgets.settings_parts import Card


class TestCard(Card):
    """Not tested, under way, or what the last test found. `use` is the person's wish to switch a model on that passed."""

    __test__ = False  # not a test of ours, whatever pytest makes of its name

    use = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began = 0.0
        head = QHBoxLayout()
        head.setSpacing(8)
        self._sign = Sign("info", self)
        self._head = Label(parent=self, weight=600)
        self._facts = Label(parent=self, role="small", color="text-muted")
        head.addWidget(self._sign)
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._facts)
        self.body.addLayout(head)
        self._words = Label(parent=self, color="text-muted", wrap=True)
        self._words.setContentsMargins(0, 6, 0, 0)
        self.body.addWidget(self._words)
        self.body.addSpacing(14)
        self.line = HopLine(self.tr("Test with a real clip"), self)
        self.body.addWidget(self.line)
        self._rule = Rule(self)
        self._gap = QWidget(self)
        self._gap.setFixedHeight(10)
        self.body.addWidget(self._gap)
        self.body.addWidget(self._rule)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 8, 0, 0)
        foot.setSpacing(8)
        self._said_by = Label(self.tr("It said"), self, role="small", color="text-muted")
        self._said = Label(parent=self, wrap=True, selectable=True)
        self.use_button = Button(self.tr("Use this model"), self, size="small")
        self.use_button.clicked.connect(self.use)
        foot.addWidget(self._said_by)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.use_button)
        self.body.addLayout(foot)
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._tick)

    @property
    def head(self) -> str:
        return self._head.words

    @property
    def told(self) -> str:
        return self._words.words if not self._words.isHidden() else ""

    @property
    def said(self) -> str:
        return self._said.words if not self._said.isHidden() else ""

    def show_result(self, info: ModelInfo, catalog: Catalog, *, on: bool) -> None:
        """What the last test of the model found, or that there was none."""
        self._clock.stop()
        config = info.config
        deliveries = catalog.choosable(config)
        if not config.probe:
            self._tell("info", self.tr("Not tested yet"), "")
            self._explain(self.tr("A real clip shows whether the key is right, in which form video reaches the model, and what that costs."))
            self.line.set_hops(test_words.hops(config, deliveries))
            self._foot("", offer=False)
            return
        sign, head = test_words.test_head(config)
        self._tell(WindowState.DONE if sign == "done" else sign, head, test_words.test_facts(config))
        self._explain(test_words.test_trouble(config, catalog.server(config) or words.title(config)))
        self.line.set_hops(test_words.hops(config, deliveries))
        self._foot(str(config.probe.get("said") or "").strip(), offer=bool(config.probe.get("deliveries")) and not on)

    def show_running(self, info: ModelInfo, catalog: Catalog, began: float) -> None:
        """`began` on the monotonic clock."""
        self._began = began
        self._tell(WindowState.QUEUED, self.tr("Testing with a real clip"), "")
        server = catalog.server(info.config) or words.title(info.config)
        self._explain("" if words.is_free(info) else self.tr("A few short requests go to {0}. They may be billed.").format(server))
        self.line.set_hops(test_words.running_hops(catalog.choosable(info.config)))
        self._foot("", offer=False)
        self._tick()
        self._clock.start()

    def show_error(self, sentence: str) -> None:
        """The test could not be made at all."""
        self._clock.stop()
        self._tell("error", self.tr("The test could not be made"), "")
        self._explain(sentence)
        self.line.set_hops([])
        self._foot("", offer=False)

    @Slot()
    def _tick(self) -> None:
        self._facts.set_text(fmt.duration(int((time.monotonic() - self._began) * 1000)))

    def _tell(self, sign: WindowState | str, head: str, facts: str) -> None:
        self._sign.set_kind(sign)
        self._head.set_text(head)
        self._facts.set_text(facts)

    def _explain(self, text: str) -> None:
        self._words.set_text(text)
        self._words.setVisible(bool(text))

    def _foot(self, said: str, *, offer: bool) -> None:
        quoted = self.tr("“{0}”").format(said) if said else ""
        self._said.set_text(quoted)
        for part in (self._said_by, self._said):
            part.setVisible(bool(said))
        self.use_button.setVisible(offer)
        for edge in (self._rule, self._gap):
            edge.setVisible(bool(said) or offer)
