"""Which models are asked and what they cost, asked of the engine and kept up to date on the Record page.

Models can be changed from another program at any time, so their state is asked for every few seconds while the page is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisStarted,
    BudgetStepped,
    Event,
    ModelHealthChanged,
    ModelsChanged,
    RecordingSaved,
    RecordingStarted,
    SettingChanged,
)
from skiuo_desktop.model import BudgetStep, ModelInfo, Spending
from skiuo_desktop.ui.pages.record_side import RecordSide
from skiuo_desktop.ui.pages.record_state import RecordState
from skiuo_desktop.ui.pages.record_told import Teller
from skiuo_desktop.ui.theme import theme

if TYPE_CHECKING:
    from skiuo_desktop.errors import SkiuoError
    from skiuo_desktop.ui.bridge import Bridge

EVERY_MS = 3_000
SOON_MS = 200
"""Events that come in quick succession are answered with one question."""


class RecordMoney(QObject):
    changed = Signal()
    """Something is to be shown anew."""

    def __init__(self, bridge: Bridge, state: RecordState, side: RecordSide, teller: Teller, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._state, self._side, self._teller = bridge, state, side, teller
        self._stride_ms = 10_000
        self._infos: Sequence[ModelInfo] = ()
        self._wanting = 0  # choices of the person that the engine has not answered yet
        self._step: BudgetStep | None = None
        self._models_timer = self._timer(self._ask_models)
        self._spending_timer = self._timer(self._ask_spending)
        self._every = QTimer(self)
        self._every.setInterval(EVERY_MS)
        self._every.timeout.connect(self._ask_models)
        side.models_wanted.connect(self._want)
        side.model.opened.connect(self._ask_models)

    def _timer(self, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(SOON_MS)
        timer.timeout.connect(slot)
        return timer

    def begin(self) -> None:
        """The engine is there."""
        self._ask_models()
        self._ask_spending()

    def set_visible(self, visible: bool) -> None:
        if visible:
            self._every.start()
            if self._bridge.is_ready:
                self.begin()
        else:
            self._every.stop()

    def set_stride(self, stride_ms: int) -> None:
        """How often a window comes: whether a model keeps up depends on it."""
        if stride_ms != self._stride_ms:
            self._stride_ms = stride_ms
            self._side.model.set_models(self._infos, stride_ms)

    # ------------------------------------------------------------------ asking

    @Slot()
    def _ask_models(self) -> None:
        if self._bridge.is_ready:
            engine, language = self._bridge.engine, theme().language
            self._bridge.ask(self._bridge.work(lambda: _told(engine.models(), language)), self._models_known)

    def _models_known(self, infos: Sequence[ModelInfo]) -> None:
        if self._wanting:
            return  # what was asked before the person chose is old
        self._infos = infos
        self._side.model.set_models(infos, self._stride_ms)
        self.changed.emit()

    @Slot()
    def _ask_spending(self) -> None:
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.spending(self._state.recording_id or ""), self._spending_known)

    def _spending_known(self, spending: Spending) -> None:
        self._side.set_spending(spending)
        if self._step is None and spending.step is not BudgetStep.NONE:
            self._tell(spending.step, "", 0.0)
        self._step = spending.step
        self.changed.emit()

    def _tell(self, step: BudgetStep, budget: str, share: float) -> None:
        before, self._step = self._step or BudgetStep.NONE, step
        if step is not before:
            self._teller.budget(step, before, budget, share)

    # ------------------------------------------------------------------ the person's choice

    @Slot(object)
    def _want(self, names: tuple[str, ...]) -> None:
        self._wanting += 1
        self._bridge.ask(self._bridge.engine.use_models(names), self._used, self._not_used)
        self.changed.emit()

    def _used(self, _nothing: object) -> None:
        self._wanting -= 1
        self._ask_models()

    def _not_used(self, error: SkiuoError) -> None:
        self._used(None)
        self._bridge.failed.emit(error)

    # ------------------------------------------------------------------ what happens

    def apply(self, event: Event) -> None:
        match event:
            case ModelsChanged() | ModelHealthChanged():
                self._models_timer.start()
            case SettingChanged(key=key) if key.startswith(("analysis.", "budget.", "windows.")):
                self._models_timer.start()
                self._spending_timer.start()
            case AnalysisStarted() | AnalysisEnded() | RecordingStarted() | RecordingSaved():
                self._spending_timer.start()
            case BudgetStepped():
                self._tell(event.step, event.budget, event.share)
                self._spending_timer.start()


def _told(models: Future[list[ModelInfo]], language: str) -> list[ModelInfo]:
    """The models with their servers' names in the language of the window; off the GUI thread, as it waits and loads what knows the names."""
    infos = models.result()
    if language == "en":
        return infos
    from skiuo_desktop.engine.catalog import server_label

    return [replace(info, server=server_label(info.config, language)) if info.server else info for info in infos]
