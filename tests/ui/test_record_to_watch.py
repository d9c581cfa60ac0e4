"""One person's way through the window: record, see the text come, stop, watch, find it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.media.probe import probe
from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]


def test_from_record_to_watch(window: Window, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.settings.change({s.WINDOW_LENGTH.key: 4_000, s.WINDOW_STRIDE.key: 4_000})  # few wait while the offline provider starts its helper
    record = window.record
    until(record.stage.transport.record.isEnabled)
    qtbot.mouseClick(record.stage.transport.record, Qt.MouseButton.LeftButton)
    until(lambda: record.stage.card.timeline.counts[WindowState.DONE] >= 1)  # while it records
    assert engine.recording_id is not None
    recording_id = engine.recording_id
    qtbot.mouseClick(record.stage.transport.record, Qt.MouseButton.LeftButton)
    until(lambda: window.toast.words.startswith("Saved:"))
    window.toast._act()
    watch = window.findChild(WatchPage)
    assert watch is not None

    until(lambda: watch.isVisible() and watch.recording is not None and watch.recording.id == recording_id)
    until(lambda: watch.stage.picture.picture is not None)
    until(lambda: engine.queued(recording_id).result(60) == 0)
    recording = engine.recording(recording_id).result(60)
    assert probe(Path(recording.path)).frames == recording.frames > 0
    until(lambda: watch.stage.timeline.counts[WindowState.DONE] == len(recording.windows))
    chosen = recording.windows[0].chosen
    assert chosen is not None and chosen.text in watch.side.narrative.text_of(0)

    first: QImage = watch.stage.picture.picture.copy()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(lambda: watch.player.position > 1_200)
    assert watch.side.narrative.playing is not None, "the card of the moment is not marked"
    assert watch.stage.picture.picture != first, "the picture stands still"
    qtbot.keyClick(window, Qt.Key.Key_Space)

    [hit, *_] = engine.search("Skiuo test pattern").result(60)
    assert hit.recording_id == recording_id and hit.window_index is not None
