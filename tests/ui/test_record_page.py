"""The Record page on a real engine: from the picture to the saved recording."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import RecordingStopped, StopReason
from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.pages.record_state import Phase
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]


def badge(window: Window) -> str:
    chip = window.record.stage.video.overlays[0]
    return chip.words if chip is not None else ""


def press(qtbot: QtBot, window: Window, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(window, key, modifier)


def test_it_opens_the_source_chosen_last_and_shows_its_picture(window: Window, until: Until) -> None:
    video = window.record.stage.video
    until(lambda: video.has_picture)
    until(lambda: badge(window) == "Preview only, nothing is being saved")
    picture = video.grab().toImage()
    colors = {picture.pixelColor(x, picture.height() // 2).rgb() for x in range(0, picture.width(), 7)}
    assert len(colors) > 5, "the surface shows one flat colour"
    corner, background = picture.pixelColor(0, 0), theme().color("bg")
    assert corner == background, "the corners are not rounded"
    until(lambda: any("frames a second" in check.title for check in window.record.side.checks.shown))
    assert window.record.stage.transport.record.isEnabled()


def test_recording_from_the_first_byte_to_watch(window: Window, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.settings.change({s.WINDOW_LENGTH.key: 4_000, s.WINDOW_STRIDE.key: 4_000})  # few wait while the offline provider starts its helper
    page = window.record
    until(page.stage.transport.record.isEnabled)
    press(qtbot, window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert page.sources.source.locked
    assert badge(window) != "Recording", "nothing can have been saved yet"
    until(lambda: badge(window) == "Recording")
    assert page.state.progress is not None
    assert page.state.progress.bytes > 0
    recording_id = page.state.recording_id
    assert recording_id is not None

    press(qtbot, window, Qt.Key.Key_M)
    until(lambda: len(page.stage.card.timeline.markers) == 1)
    until(lambda: window.toast.words.startswith("Marker set at"))

    press(qtbot, window, Qt.Key.Key_P)
    until(lambda: page.state.phase is Phase.PAUSED)
    assert badge(window) == "Paused"
    paused_at = page.state.elapsed_ms
    press(qtbot, window, Qt.Key.Key_P)
    until(lambda: page.state.phase is Phase.RECORDING and page.state.elapsed_ms > max(4_500, paused_at))

    until(lambda: page.stage.card.timeline.counts[WindowState.DONE] >= 1)
    texts = [page.side.narrative.text_of(position) for position in range(2)]
    assert any(len(text.splitlines()) > 1 and text.splitlines()[1] for text in texts), f"no card carries text: {texts}"

    press(qtbot, window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: not page.state.busy)
    until(lambda: window.toast.words.startswith("Saved:"))
    row = engine.recording(recording_id).result(timeout=60)
    assert Path(row.path).stat().st_size > 0
    assert len(row.markers) == 1
    assert not page.sources.source.locked
    with qtbot.waitSignal(page.open_recording) as shown:
        page.open_recording.disconnect(window.open_recording)
        window.toast._act()
    assert shown.args == [recording_id, 0]


def test_a_source_that_is_not_there_is_told_where_its_picture_would_be(window: Window, qtbot: QtBot, until: Until, tmp_path: Path) -> None:
    page = window.record
    until(lambda: page.preview.is_open)
    page.sources.source_chosen.emit(f"file:{tmp_path / 'nothing.mp4'}")
    until(lambda: page.preview.card_is_up)
    assert "nothing.mp4 could not be opened" in page.preview._card.words
    assert not page.stage.transport.record.isEnabled()
    assert page._reason() == "The source gives no picture"
    page.sources.source_chosen.emit("test:320x180@15")
    until(lambda: page.preview.is_open and not page.preview.card_is_up)
    until(page.stage.transport.record.isEnabled)


def test_a_typed_address_is_checked_and_its_password_goes_nowhere(window: Window, engine: Engine, qtbot: QtBot, until: Until) -> None:
    page = window.record
    until(lambda: page.preview.is_open)
    page.sources.source.click()
    elsewhere = page.sources._elsewhere
    until(elsewhere.isVisible)
    qtbot.keyClicks(elsewhere.address.edit, "rtsp//127.0.0.1/x")
    qtbot.keyClick(elsewhere.address.edit, Qt.Key.Key_Return)
    assert elsewhere.address._error.isVisible()
    elsewhere.address.edit.clear()
    qtbot.keyClicks(elsewhere.address.edit, "http://ann:hunter2@127.0.0.1:9/stream")
    qtbot.keyClick(elsewhere.address.edit, Qt.Key.Key_Return)
    assert not page.sources.source.is_open
    until(lambda: page.preview.card_is_up)
    shown = page.preview._card.words + page.sources.source.accessibleName() + page.sources.source.toolTip()
    assert "127.0.0.1" in shown
    assert "hunter2" not in shown
    page.preview._remember()
    saved = engine.settings.path
    until(lambda: json.loads(saved.read_text())["values"].get(s.SOURCE.key) == "http://127.0.0.1:9/stream")
    assert "hunter2" not in saved.read_text()


def test_the_lists_are_asked_for_anew_when_they_open(window: Window, engine: Engine, qtbot: QtBot, until: Until, monkeypatch: object) -> None:
    page = window.record
    until(lambda: any(choice.value == "test:" for choice in page.sources.source.choices))
    page.sources.source.set_choices([])
    page.sources.source.setFocus()
    qtbot.keyClick(page.sources.source, Qt.Key.Key_Down)
    until(lambda: any(choice.value == "test:" for choice in page.sources.source.choices))
    assert page.sources.source.is_open
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert not page.sources.source.is_open
    qtbot.mouseClick(page.sources.microphone, Qt.MouseButton.LeftButton)
    until(lambda: page.sources.microphone.is_open)
    assert [choice.value for choice in page.sources.microphone.choices][-1] == "none"
    qtbot.mouseClick(page.stage.card, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not page.sources.microphone.is_open


def test_the_model_for_the_next_windows_is_saved(window: Window, engine: Engine, until: Until) -> None:
    until(lambda: window.record.side.model.value == "offline")
    engine.settings.set(s.ACTIVE_MODELS, ())
    until(lambda: window.record.side.model.value == "")
    window.record.side.model.chosen.emit("offline")
    until(lambda: engine.settings.get(s.ACTIVE_MODELS) == ("offline",))
    until(lambda: window.record.side.model.value == "offline")


def test_a_recording_that_failed_says_why_and_offers_what_was_kept(window: Window, until: Until) -> None:
    page = window.record
    page.state.starting()
    page.state.started("r")
    page._bridge.engine.publisher.publish(RecordingStopped("r", StopReason.DISK_FULL, 9_000, 1, 1, 0, "Less than 1 GB is free."))
    until(page.stage.banner.isVisible)
    assert page.stage.banner.words == "The disk is full. Less than 1 GB is free."
    page.state.not_started()


def test_the_source_is_let_go_when_nobody_looks(window: Window, engine: Engine, until: Until) -> None:
    page = window.record
    until(lambda: page.preview.is_open)
    page.preview._away.setInterval(1)
    page.hide()
    until(lambda: engine.latest_frame is None)
    page.show()
    until(lambda: page.stage.video.has_picture)


def test_full_screen_shows_the_picture_alone_and_esc_leaves(window: Window, qtbot: QtBot, until: Until) -> None:
    page = window.record
    until(lambda: page.preview.is_open)
    press(qtbot, window, Qt.Key.Key_F)
    until(lambda: not page.side.isVisible() and not window.rail.isVisible())
    assert page.stage.video.height() == page.stage.height()
    press(qtbot, window, Qt.Key.Key_Escape)
    until(lambda: page.side.isVisible() and window.rail.isVisible())
