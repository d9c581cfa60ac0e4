"""The Record page: opens a source, shows it, records it, and shows the windows and their text while they come."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import (
    AnalysisText,
    Event,
    RecordingNotice,
    RecordingProgress,
    RecordingSaved,
    RecordingStopped,
    SettingChanged,
)
from skiuo_desktop.model import OFFLINE
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_checks import Setup
from skiuo_desktop.ui.pages.record_follow import Follower
from skiuo_desktop.ui.pages.record_ledger import RecordLedger
from skiuo_desktop.ui.pages.record_money import RecordMoney
from skiuo_desktop.ui.pages.record_preview import SourcePreview
from skiuo_desktop.ui.pages.record_side import RecordSide
from skiuo_desktop.ui.pages.record_sources import SourceBar
from skiuo_desktop.ui.pages.record_stage import RecordStage
from skiuo_desktop.ui.pages.record_state import Phase, RecordState
from skiuo_desktop.ui.pages.record_told import Teller
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from skiuo_desktop.engine.disk import DiskRoom
    from skiuo_desktop.ui.bridge import Bridge

TICK_MS = 100
DISK_EVERY_MS = 10_000


class RecordPage(QWidget):
    """Made before the engine is there; comes to life with `Bridge.ready`."""

    open_recording = Signal(str, object)
    """Id, moment in ms: show it in the player."""
    recording_changed = Signal(bool)
    full_screen = Signal(bool)
    models_wanted = Signal()
    """Models and their order are to be changed."""

    def __init__(self, bridge: Bridge, toast: Toast, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._toast = toast
        self.state = RecordState()
        self._disk: DiskRoom | None = None
        self._plan = (s.WINDOW_LENGTH.default, s.WINDOW_STRIDE.default)
        self._full = False
        self._was_busy = False

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.sources = SourceBar(bridge)
        self.stage = RecordStage(self.sources, self)
        self.side = RecordSide(self)
        row.addWidget(self.stage, 1)
        row.addWidget(self.side)
        self.preview = SourcePreview(bridge, self.state, self.stage.video, self.sources, self)
        self._ledger = RecordLedger(bridge, self.side, self)
        self._follower = Follower(self.state, self.stage.card.timeline, self.side.narrative, self)
        self._teller = Teller(self.stage, toast, self)
        self._backend = Backend(bridge, self)
        self._backend.changed.connect(self.refresh)
        self._money = RecordMoney(bridge, self.state, self.side, self._teller, self)
        self._connect()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.refresh)
        self._disk_timer = QTimer(self)
        self._disk_timer.setInterval(DISK_EVERY_MS)
        self._disk_timer.timeout.connect(self._ask_disk)
        self._show_plan()
        self.refresh()
        if bridge.is_ready:
            self._begin()

    def _connect(self) -> None:
        bridge, stage = self._bridge, self.stage
        bridge.ready.connect(self._begin)
        bridge.event.connect(self._on_event)
        stage.transport.record_pressed.connect(self._record_pressed)
        stage.transport.pause_pressed.connect(self._pause_pressed)
        stage.transport.marker_pressed.connect(self._marker_pressed)
        stage.video.full_screen_pressed.connect(self._toggle_full)
        self.side.settings_wanted.connect(self.models_wanted)
        self.sources.prompt_chosen.connect(self._prompt_chosen)
        self._money.changed.connect(self.refresh)
        self.side.narrative.analyse_again.connect(self._analyse_again)
        self.side.narrative.answer_chosen.connect(self._choose)
        self._ledger.send_again.connect(self._send_again)
        self._teller.watch.connect(self.open_recording)
        self.preview.changed.connect(self.refresh)
        QShortcut(QKeySequence("F"), self, self._toggle_full)
        QShortcut(QKeySequence("Ctrl+M"), self, self.side.model.open_list)
        self._escape = QShortcut(QKeySequence("Esc"), self, self._leave_full)
        self._escape.setEnabled(False)

    # ------------------------------------------------------------------ coming to life

    @Slot()
    def _begin(self) -> None:
        self._read_settings()
        self._money.begin()
        self.sources.refresh_prompts()
        self._ask_disk()
        self._disk_timer.start()
        self.preview.begin()

    def _read_settings(self) -> None:
        settings = self._bridge.engine.settings
        self._plan = (settings.get(s.WINDOW_LENGTH), settings.get(s.WINDOW_STRIDE))
        self._money.set_stride(self._plan[1])
        self.sources.show_prompt(settings.get(s.PROMPT))
        if not self.state.busy:
            self._show_plan()

    def _show_plan(self) -> None:
        self.stage.card.set_plan(*self._plan)
        self._follower.set_plan(*self._plan)
        self.stage.card.show_live(self.state.busy)

    @Slot()
    def _ask_disk(self) -> None:
        if self._bridge.is_ready and not self.state.busy:
            self._bridge.ask(self._bridge.engine.disk(), self._disk_known)

    def _disk_known(self, disk: DiskRoom) -> None:
        self._disk = disk
        self.stage.transport.set_disk(disk)

    # ------------------------------------------------------------------ what the person does

    @Slot()
    def _record_pressed(self) -> None:
        engine = self._bridge.engine
        if self.state.phase is Phase.IDLE:
            self._teller.clear()
            self.state.starting()
            self._bridge.ask(engine.start_recording(), self._started, self._not_started)
        elif self.state.can_stop:
            self.state.stopping()
            self._bridge.ask(engine.stop_recording(), self._asked)
        self.refresh()

    def _started(self, recording_id: str) -> None:
        self.state.started(recording_id)
        self.refresh()

    def _not_started(self, error: SkiuoError) -> None:
        self.state.not_started()
        self._teller.error(self.tr("The recording could not begin."), fmt.error(error))
        self.refresh()

    def _asked(self, _nothing: object) -> None:
        """The answer comes as events."""

    @Slot()
    def _pause_pressed(self) -> None:
        engine = self._bridge.engine
        paused = self.state.phase is Phase.PAUSED
        self._bridge.ask(engine.resume_recording() if paused else engine.pause_recording(), self._asked)

    @Slot()
    def _marker_pressed(self) -> None:
        try:
            marker = self._bridge.engine.add_marker()
        except SkiuoError as error:
            self._teller.error(self.tr("The marker was not set."), fmt.error(error))
            return
        self._bridge.ask(marker, self._teller.marker)

    @Slot(str)
    def _prompt_chosen(self, name: str) -> None:
        settings = self._bridge.engine.settings
        self.sources.show_prompt(name)
        self._bridge.ask(self._bridge.work(lambda: settings.set(s.PROMPT, name)), self._asked, owner=self)

    @Slot(int)
    def _analyse_again(self, index: int) -> None:
        models, fresh = self.side.narrative.story.asked_again(index)
        self._ask_again(index, models, fresh)

    @Slot(int, str)
    def _send_again(self, index: int, model: str) -> None:
        self._ask_again(index, (model,), True)

    def _ask_again(self, index: int, models: tuple[str, ...], fresh: bool) -> None:
        if self.state.recording_id is not None:
            self._bridge.ask(self._bridge.engine.analyse(self.state.recording_id, models, window_index=index, fresh=fresh), self._asked)

    @Slot(object, object)
    def _choose(self, window_id: int, analysis_id: int) -> None:
        self._bridge.ask(self._bridge.engine.choose(window_id, analysis_id), self._asked)

    # ------------------------------------------------------------------ what happens

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        mine = self.state.recording_id
        self.state.apply(event)
        self._follower.apply(event)
        self._money.apply(event)
        match event:
            case RecordingProgress(recording_id=recording_id) if recording_id == self.state.recording_id:
                self._teller.room(event, self._disk)
            case RecordingNotice(recording_id=recording_id, notice=notice) if recording_id == self.state.recording_id:
                self._teller.notice(notice)
            case RecordingStopped(recording_id=recording_id) if recording_id == mine:
                self._teller.stopped(event)
            case RecordingSaved(recording_id=recording_id) if recording_id == mine:
                self._teller.saved(event)
                self._ask_disk()
            case SettingChanged():
                self._read_settings()
        if not isinstance(event, AnalysisText):
            self.refresh()

    # ------------------------------------------------------------------ showing it

    @Slot()
    def refresh(self) -> None:
        """Shows the state as it is at this moment."""
        state, live = self.state, self.state.busy
        self.preview.show_card()
        if not self.preview.card_is_up and state.phase is Phase.IDLE and not self.preview.is_open:
            self.stage.video.set_overlays(None, None)
        else:
            self.stage.video.set_overlays(words.badge(state), words.figures(state))
        self.stage.video.set_pulse(1.0 if theme().still else 0.775 + 0.225 * math.cos(time.monotonic() * 2 * math.pi * 1000 / theme().motion("pulse")))
        self.stage.transport.set_reason(self._reason())
        self.stage.transport.show_state(state, self.preview.microphone, self.preview.own_sound)
        self.stage.card.timeline.set_now(state.elapsed_ms, words.timeline_state(state))
        self.sources.set_prompt_used(any(info.config.provider != OFFLINE for info in self.side.model.active))
        if live:
            self.side.show_so_far(state.cost, self.stage.card.timeline.counts)
        else:
            self.side.checks.show_checks(state, self._setup())
        if live != self._was_busy:
            self._was_busy = live
            self.sources.set_locked(live)
            self.stage.card.show_live(live)
            self.side.show_live(live)
            if not live:
                self.stage.card.timeline.reset()
                self._show_plan()
            self.recording_changed.emit(live)

    def _reason(self) -> str:
        """Why nothing can be recorded now."""
        if not self._bridge.is_ready:
            return self.tr("Getting ready")
        if self._disk is not None and self._disk.room_ms <= 0:
            return self.tr("No room on the disk")
        return self.preview.reason()

    def _setup(self) -> Setup:
        preview = self.preview
        info = preview.info
        return Setup(
            label=self.sources.label_of(preview.source),
            width=info.width if info is not None else 0,
            height=info.height if info is not None else 0,
            fps=info.fps if info is not None else 0.0,
            microphone=preview.microphone,
            own_sound=preview.own_sound,
            disk=self._disk,
            length_ms=self._plan[0],
            stride_ms=self._plan[1],
            models=self.side.model.active,
            spending=self.side.spending,
            mirror=self._backend.hosts,
        )

    # ------------------------------------------------------------------ the window's size

    def set_compact(self, compact: bool) -> None:
        self.stage.set_compact(compact)
        self.side.set_compact(compact)
        self._fit_side()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_side()

    def _fit_side(self) -> None:
        """The side column takes what the picture, as high as it can be, leaves of the width; within limits."""
        t = theme()
        if self.window().width() < t.size("compactBelow"):
            self.side.setFixedWidth(t.size("sideRecordCompact"))
            return
        tallest = self.stage.video_room(10_000, self.height())
        picture = tallest.height() * 16 // 9 + 2 * t.space(6)
        self.side.setFixedWidth(max(t.size("sideRecord"), min(t.size("sideMost"), self.width() - picture)))

    @Slot()
    def _toggle_full(self) -> None:
        self._set_full(not self._full)

    @Slot()
    def _leave_full(self) -> None:
        self._set_full(False)

    def _set_full(self, full: bool) -> None:
        if full == self._full:
            return
        self._full = full
        self._escape.setEnabled(full)
        self.side.setVisible(not full)
        self.stage.set_full(full)
        self.stage.video.full_screen.set_on(full)
        self.full_screen.emit(full)

    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()
        self._money.set_visible(True)
        self.preview.set_visible(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        self._money.set_visible(False)
        self.preview.set_visible(False)
