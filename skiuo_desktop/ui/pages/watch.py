"""The Watch page: a recording, its windows and their text, side by side. What one of them shows, the others follow."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import AnalysisEnded, AnalysisText, Event, MarkerAdded, RecordingChanged, RecordingDeleted, RecordingNotice, RecordingProgress
from skiuo_desktop.model import Analysis, AnalysisState, ModelInfo, Recording, RecordingState, Tracks
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.copies import CopiesKnown
from skiuo_desktop.ui.pages.watch_actions import WatchActions
from skiuo_desktop.ui.pages.watch_fetch import Fetching
from skiuo_desktop.ui.pages.watch_files import file_size, later
from skiuo_desktop.ui.pages.watch_ledger import LedgerControl
from skiuo_desktop.ui.pages.watch_playing import PlayingView
from skiuo_desktop.ui.widgets import narrative_words as words

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

READ_AGAIN_MS = 250
"""Changes that come in quick succession are read from the library once."""
COUNT_AGAIN_MS = 200
SAVE_VOLUME_MS = 800
TRACKS_AGAIN_MS = 4_000
"""How often motion and sound are read again while a recording is being made."""


class WatchPage(PlayingView):
    """`show_recording` fills it; it reads the rest from the engine and follows its events."""

    said = Signal(str)
    """Something has been done: a sentence for a toast."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._id = ""
        self._recording: Recording | None = None
        self._opened: str | None = None  # the file that was last handed to the player, or found missing
        self._fetched = ""  # the file that was fetched for this recording
        self._plays_at_once = False
        self.fetching = Fetching(bridge, self.stage.fetch, self)
        self.menus = WatchActions(bridge, self, self._current)
        self.ledger = LedgerControl(bridge, self)
        self._copies = CopiesKnown(bridge, self.fetching.backend, self)
        self._read_timer = self._timer(READ_AGAIN_MS, self._read)
        self._count_timer = self._timer(COUNT_AGAIN_MS, self.show_counts)
        self._tracks_timer = self._timer(TRACKS_AGAIN_MS, self._read_tracks)
        self._volume_timer = self._timer(SAVE_VOLUME_MS, self._save_volume)
        self._connect()
        self._install_keys()
        self.player.set_volume(bridge.engine.settings.get(s.VOLUME))
        self.player.volume_changed.connect(self._volume_changed)
        bridge.event.connect(self._on_event)

    def _timer(self, ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        self._copies.changed.connect(self._show_mark)
        head, side, menus = self.head, self.side, self.menus
        head.back.connect(self.back)
        head.renamed.connect(self._rename)
        head.retry_failed.connect(self._retry_failed)
        head.export.connect(partial(menus.export_menu, head.export_button))
        head.more.connect(partial(menus.more_menu, head.more_button))
        menus.rename.connect(head.title.edit)
        menus.analyse_all.connect(partial(self._ask_analysis, fresh=True))
        menus.said.connect(self.said)
        menus.deleting.begun.connect(self._let_go)
        menus.deleting.deleted.connect(self._deleted)
        side.copy_all.connect(menus.copy_all)
        side.analyse_all.connect(self._analyse_all)
        side.narrative.analyse_again.connect(self._analyse_window)
        side.narrative.answer_chosen.connect(self._choose)
        side.ledger.send_again.connect(self._send_again)
        side.analyse_kept.connect(self._retry_failed)
        side.compare.list.ask.connect(self._ask_model)
        side.compare.model_added.connect(self._add_model)
        menus.model_added.connect(self._add_model)
        self.fetching.fetched.connect(self._video_here)
        self.fetching.gone.connect(self._unplayable)

    def _install_keys(self) -> None:
        for key, slot in (
            ("Ctrl+F", self.side.open_search),
            ("F2", self.head.title.edit),
            ("Alt+Left", self.back.emit),
            ("I", self.ledger.open_current),
            ("Alt+Up", partial(self.ledger.step, -1)),
            ("Alt+Down", partial(self.ledger.step, 1)),
            ("Esc", self._escape),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(slot)

    # ------------------------------------------------------------------ reading

    @property
    def recording(self) -> Recording | None:
        return self._recording

    def _current(self) -> Recording | None:
        """The recording with its windows and texts as they are on the screen now."""
        return None if self._recording is None else replace(self._recording, windows=tuple(self.side.narrative.story.track.windows))

    def show_recording(self, recording_id: str, at_ms: int = 0) -> None:
        """Reads a recording and stands at a moment of it, paused."""
        if recording_id != self._id:
            self.player.close()
            self._recording, self._opened, self._fetched = None, None, ""
            self.fetching.leave()
            self.ledger.close()
            self.clear()
        elif self._recording is not None:
            self.seek(at_ms)
        self._id, self.at_ms = recording_id, at_ms
        self._bridge.ask(self._bridge.engine.models(), self._models_known)
        self.side.narrative.set_following(True)
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._id and self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.recording(self._id), self._show, self._cannot_read)

    def _cannot_read(self, error: SkiuoError) -> None:
        if self._recording is None:
            self._unplayable(self.tr("This recording cannot be read."), fmt.error(error))

    def _show(self, recording: Recording) -> None:
        if recording.id != self._id:
            return
        self._recording = recording
        growing = recording.state is RecordingState.RECORDING
        length = recording.duration_ms
        if growing:
            ends = [w.span.end_ms for w in recording.windows]
            length = max(length, self.player.length_ms, *ends)
        self.fill(recording, length)
        self._show_mark()
        self._load(recording, length, growing)
        self._read_tracks()
        self.stand()

    @Slot()
    def _show_mark(self) -> None:
        recording = self._recording
        self.head.set_mark(self._copies.mark(recording.id, recording.device, recording.freed_at) if recording is not None else None)

    @Slot()
    def _read_tracks(self) -> None:
        if self._id and self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.tracks(self._id), partial(self._show_tracks, self._id), owner=self)

    def _show_tracks(self, recording_id: str, tracks: Tracks) -> None:
        if recording_id == self._id:
            self.stage.timeline.set_tracks(tracks)

    def _load(self, recording: Recording, length_ms: int, growing: bool) -> None:
        """Opens the file once, and again when it is complete."""
        path = self._fetched or recording.path
        if self._opened == path and recording.state is not RecordingState.DAMAGED:
            complete = self.player.growing and not growing
            self.player.set_length(length_ms, growing=growing)
            if complete and self.player.is_loaded:
                self.stage.picture.set_chip("")
                self.player.load(path, length_ms, at_ms=self.player.position, playing=self.player.playing)
            return
        self._opened = path
        if recording.state is RecordingState.DAMAGED:
            why = self.tr("Nothing in it can be played. It is kept as it is: {0}").format(recording.path)
            self._unplayable(self.tr("This file is damaged."), why)
        else:
            self._bridge.ask(file_size(path), partial(self._open, recording, path, length_ms, growing), owner=self)

    def _open(self, recording: Recording, path: str, length_ms: int, growing: bool, size: int | None) -> None:
        if recording.id != self._id or path != (self._fetched or recording.path):
            return
        if size is None:
            self._fetched = ""
            self.player.set_length(length_ms)
            self.stage.transport.set_playable(False)
            self.fetching.look(recording)
            return
        self.stage.transport.set_playable(True)
        self.stage.fetch.put_away()
        self.stage.picture.set_chip(self.tr("Still being recorded") if growing else "")
        self.player.load(path, length_ms, growing=growing, at_ms=self.at_ms, playing=self._plays_at_once)
        self._plays_at_once = False

    @Slot(str, str)
    def _video_here(self, recording_id: str, path: str) -> None:
        """The video was fetched: it plays from where the person stands."""
        if recording_id == self._id and self._recording is not None:
            self._fetched, self._plays_at_once = path, True
            self._load(self._recording, self._recording.duration_ms, False)

    @Slot(str, str)
    def _unplayable(self, cause: str, why: str) -> None:
        self.stage.transport.set_playable(False)
        self.stage.picture.set_message(cause, why)

    @Slot()
    def _let_go(self, _ids: object = None) -> None:
        """Closes the file: some systems delete none that is open. `show_recording` opens it again where it stood."""
        if self.player.is_loaded:
            self.at_ms = self.player.position
            self.player.close()
        self._opened = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._copies.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._copies.look(False)
        if not event.spontaneous() and self.full is None:
            self._let_go()

    # ------------------------------------------------------------------ volume

    @Slot()
    def _volume_changed(self, _percent: int, _muted: bool) -> None:
        self._volume_timer.start()

    @Slot()
    def _save_volume(self) -> None:
        volume = self.player.volume
        later(partial(self._bridge.engine.settings.set, s.VOLUME, volume))

    @Slot()
    def _escape(self) -> None:
        if self.side.ledger_open:
            self.ledger.close()
        else:
            self.side.close_search()

    # ------------------------------------------------------------------ asking

    @property
    def _foreign(self) -> bool:
        """Another device's recording: it is only looked at."""
        return self._recording is not None and bool(self._recording.device)

    def _ask_analysis(self, *, models: tuple[str, ...] = (), failed_only: bool = False, window_index: int | None = None, fresh: bool = False) -> None:
        """`fresh`: another answer is wanted, not the one that was kept of the same question."""
        if self._foreign:
            return
        engine = self._bridge.engine
        self._bridge.ask(engine.analyse(self._id, models, failed_only=failed_only, window_index=window_index, fresh=fresh), self._asked)

    def _asked(self, count: int) -> None:
        if count == 0:
            self.said.emit(self.tr("Nothing to analyse: it is under way already."))

    @Slot(object, object)
    def _choose(self, window_id: int, analysis_id: int) -> None:
        self._bridge.ask(self._bridge.engine.choose(window_id, analysis_id), self._renamed)

    @Slot(int, str)
    def _ask_model(self, index: int, model: str) -> None:
        self._ask_analysis(models=(model,), window_index=index)

    @Slot(str)
    def _add_model(self, model: str) -> None:
        self._ask_analysis(models=(model,))

    def _models_known(self, infos: list[ModelInfo]) -> None:
        self.side.compare.set_infos(infos)
        self.menus.set_infos(infos)

    @Slot()
    def _retry_failed(self) -> None:
        self._ask_analysis(failed_only=True)

    @Slot()
    def _analyse_all(self) -> None:
        self._ask_analysis()

    @Slot(int)
    def _analyse_window(self, index: int) -> None:
        models, fresh = self.side.narrative.story.asked_again(index)
        self._ask_analysis(models=models, window_index=index, fresh=fresh)

    @Slot(int, str)
    def _send_again(self, index: int, model: str) -> None:
        self._ask_analysis(models=(model,), window_index=index, fresh=True)

    @Slot(str)
    def _rename(self, title: str) -> None:
        if self._id and not self._foreign:
            self._bridge.ask(self._bridge.engine.rename(self._id, title), self._renamed)

    def _renamed(self, _nothing: object) -> None:
        self._read_timer.start()

    @Slot(object, str)
    def _deleted(self, _ids: object, sentence: str) -> None:
        self.said.emit(sentence)

    # ------------------------------------------------------------------ events

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if not self._id:
            return
        index = self.side.narrative.apply(event)
        if index is not None:
            self._window_event(index, event)
            return
        if getattr(event, "recording_id", "") != self._id:
            return
        if isinstance(event, RecordingProgress):
            self._grow(event.written_ms)
        elif isinstance(event, RecordingDeleted):
            self._gone()
        elif isinstance(event, RecordingChanged | MarkerAdded | RecordingNotice):
            self._read_timer.start()

    def _window_event(self, index: int, event: Event) -> None:
        window = self.side.narrative.story.track.get(index)
        before = self.stage.timeline.scene.track.get(index)
        if window is not None and (before is None or before.state is not window.state or isinstance(event, AnalysisEnded)):
            self.stage.timeline.update_window(window)
            self._count_timer.start()
        if window is not None and not isinstance(event, AnalysisText):
            story = self.side.narrative.story
            self.side.compare.update_window(window, story.track.windows, story.models())
        if isinstance(event, AnalysisEnded):
            self.side.set_models(self.side.narrative.story.models())
            self.ledger.refresh(event.analysis)
            self.head.set_exportable(True)
            self._tell_if_kept(event.analysis)

    def _tell_if_kept(self, analysis: Analysis) -> None:
        """An earlier text stays where another run failed: the card does not show that, so it is said."""
        window = self.side.narrative.story.track.get(analysis.window_index)
        if analysis.failure is None or window is None:
            return
        if any(a.state is AnalysisState.DONE for a in window.analyses):
            self.said.emit(self.tr("Not analysed again, the earlier text stays: {0}").format(" ".join(words.failure(analysis.failure))))

    def _grow(self, written_ms: int) -> None:
        """The recording shown here is still being made."""
        if self._recording is None or self._recording.state is not RecordingState.RECORDING:
            return
        self.player.set_length(written_ms, growing=True)
        self.stage.timeline.set_duration(written_ms)
        self.stage.timeline.set_recorded(written_ms)
        self.side.narrative.set_now(written_ms, recording=True)
        if not self._tracks_timer.isActive():
            self._tracks_timer.start()

    def _gone(self) -> None:
        self.player.close()
        self._id, self._recording = "", None
        self.fetching.leave()
        if self.isVisible():
            self.back.emit()
