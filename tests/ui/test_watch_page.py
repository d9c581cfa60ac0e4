"""The Watch page on a real engine, a real library and real files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui.watch_parts import COLORS, TEXTS, colored_webm, seed

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import AnalysisState, Notice, RecordingState, WindowState
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.widgets.player import Player

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A home with four recordings, made once; each test gets a copy."""
    home, ids = Home(tmp_path_factory.mktemp("seeded") / "home").prepare(), {}
    with Library.open(home) as library:
        ids["whole"] = seed(library, home, "Soldering", failed=(2,))
        ids["bare"] = seed(library, home, "Not described", analysed=False)
        ids["gone"] = seed(library, home, "Gone", file=False)
        ids["damaged"] = seed(library, home, "Damaged", state=RecordingState.DAMAGED)
        library.add_marker(ids["whole"], 4_200, "bridge!")
        library.add_notice(ids["whole"], Notice(6_000, "source_back", "", 700))
    return home.root, ids


@pytest.fixture
def ids(seeded: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return seeded[1]


@pytest.fixture
def engine(home: Home, seeded: tuple[Path, dict[str, str]]) -> Iterator[Engine]:
    shutil.copytree(seeded[0], home.root, dirs_exist_ok=True)
    s.Settings(home.settings).change({s.KEEP_FREE.key: 50, s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_000})
    engine = Engine(home)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> Iterator[WatchPage]:
    made = WatchPage(bridge)
    qtbot.addWidget(made)
    made.resize(1_368, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.player.close()


@pytest.fixture
def whole(page: WatchPage, ids: dict[str, str], until: Until) -> WatchPage:
    """The page with the whole recording, its first picture shown."""
    page.show_recording(ids["whole"])
    until(lambda: shows(page, 0))
    return page


def shows(page: WatchPage, second: int) -> bool:
    """Whether the picture has the colour of that second."""
    picture = page.stage.picture.picture
    if picture is None:
        return False
    found = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    return all(abs(a - b) < 40 for a, b in zip((found.red(), found.green(), found.blue()), COLORS[second], strict=True))


def key(page: WatchPage, sequence: str) -> None:
    """Presses a key as the window gets it, so that shortcuts work."""
    combination = QKeySequence(sequence)[0]
    target = QApplication.focusWidget() or page
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def bar_center(page: WatchPage, index: int) -> QPoint:
    window = page.stage.timeline.scene.track.get(index)
    assert window is not None
    return page.stage.timeline.scene.bar_rect(window).center().toPoint()


def test_it_shows_picture_facts_windows_and_texts(whole: WatchPage) -> None:
    assert whole.head.title.title == "Soldering"
    assert "Desk camera" in whole.head.facts.accessibleName()
    assert whole.head.failed.isVisible() and whole.head.retry.isVisible()
    counts = whole.stage.timeline.counts
    assert (counts[WindowState.DONE], counts[WindowState.FAILED]) == (6, 1)
    narrative = whole.side.narrative
    assert narrative.card(0).plain == TEXTS[0] and narrative.card(2).plain.startswith("Answer cut short.")
    assert whole.player.length_ms == 8_000
    assert whole.side.markers_tab.accessibleName() == "Markers 2"


def test_a_click_on_a_window_seeks_and_lights_its_card(whole: WatchPage, qtbot: QtBot, until: Until) -> None:
    qtbot.mouseClick(whole.stage.timeline, Qt.MouseButton.LeftButton, pos=bar_center(whole, 4))
    until(lambda: shows(whole, 4))
    assert whole.side.narrative.playing == 4 and whole.stage.timeline.scene.selected == 4
    assert not whole.player.playing, "seeking does not start what stands"


def test_a_click_on_a_text_plays_from_there_and_the_card_of_the_moment_moves_on(whole: WatchPage, until: Until) -> None:
    whole.side.narrative.play.emit(3_000)
    assert whole.player.playing
    until(lambda: shows(whole, 3))
    until(lambda: whole.side.narrative.playing == 5)
    assert whole.stage.timeline.scene.selected == 5
    assert 5 in [p for p, _ in whole.side.narrative.visible()]


def test_the_keys_of_the_player(whole: WatchPage, until: Until) -> None:
    player = whole.player
    key(whole, "Right")
    until(lambda: shows(whole, 5))
    key(whole, "[")
    assert player.position == 4_000
    key(whole, "[")
    assert player.position == 3_000
    key(whole, "]")
    key(whole, "Left")
    assert player.position == 0
    key(whole, "Space")
    assert player.playing
    key(whole, "K")
    assert not player.playing
    volume = player.volume
    key(whole, "Down")
    assert player.volume == volume - 5
    key(whole, "M")
    assert player.muted
    key(whole, ">")
    assert player.rate == 1.25


def test_it_stops_at_the_end_and_plays_again_from_the_start(whole: WatchPage, until: Until) -> None:
    player = whole.player
    player.set_rate(2.0)
    player.seek(7_200)
    player.play()
    until(lambda: not player.playing)
    assert shows(whole, 7), "the last picture stays"
    player.play()
    until(lambda: shows(whole, 0))


def test_the_volume_is_remembered(whole: WatchPage, engine: Engine, until: Until) -> None:
    whole.player.set_volume(35)
    until(lambda: engine.settings.get(s.VOLUME) == 35)


def test_what_failed_is_asked_again_on_the_real_clip(whole: WatchPage, until: Until) -> None:
    whole.head.retry.click()
    until(lambda: whole.stage.timeline.counts[WindowState.FAILED] == 0 and whole.stage.timeline.counts[WindowState.DONE] == 7)
    until(lambda: not whole.head.failed.isVisible())
    card = whole.side.narrative.card(2)
    assert card.offline and card.plain and "cut short" not in card.plain


def test_one_window_is_analysed_again_and_the_old_text_is_kept_as_a_version(whole: WatchPage, engine: Engine, until: Until) -> None:
    whole.side.narrative.analyse_again.emit(1)
    recording = whole.recording
    assert recording is not None

    def versions() -> list[int]:
        return [a.version for a in engine.recording(recording.id).result().windows[1].analyses if a.state is AnalysisState.DONE]

    until(lambda: versions() == [1, 2])
    until(lambda: whole.side.narrative.card(1).plain != TEXTS[1])


def test_a_title_is_edited_in_place(whole: WatchPage, engine: Engine, qtbot: QtBot, until: Until) -> None:
    title: QLineEdit = whole.head.title
    whole.head.title.edit()
    title.setText("given up")
    qtbot.keyClick(title, Qt.Key.Key_Escape)
    assert title.text() == "Soldering"
    whole.head.title.edit()
    title.setText("Evening 2")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    recording = whole.recording
    assert recording is not None
    until(lambda: engine.recording(recording.id).result().title == "Evening 2")
    assert whole.player.playing is False


def test_letters_typed_into_the_title_do_not_drive_the_player(whole: WatchPage, qtbot: QtBot) -> None:
    whole.head.title.edit()
    for letter in "kml f":
        key(whole, letter if letter != " " else "Space")
    assert whole.head.title.text() == "kml f"
    assert not whole.player.playing and not whole.player.muted and whole.full is None


def test_the_narrative_is_exported_and_copied(whole: WatchPage, tmp_path: Path, until: Until) -> None:
    target = tmp_path / "out.md"
    whole.menus.export_to(str(target))
    until(target.exists)
    written = target.read_text(encoding="utf-8")
    assert written.startswith("# Soldering") and TEXTS[3] in written and "bridge!" in written
    assert not list(tmp_path.glob("*.part"))
    whole.side.copy_all.emit()
    assert TEXTS[0] in QGuiApplication.clipboard().text()


def test_an_export_that_cannot_be_written_is_said(whole: WatchPage, bridge: Bridge, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.failed) as heard:
        whole.menus.export_to(str(tmp_path / "nowhere" / "out.txt"))
    assert "out.txt" in str(heard.args[0])


def test_the_ledger_tells_what_was_sent_and_what_came_back(whole: WatchPage, until: Until) -> None:
    side = whole.side
    whole.ledger.open_current()
    until(lambda: side.ledger_open)
    text = side.ledger.as_text()
    assert "What is **seen**?" in text and '{"said": "x"}' in text and "12\u00a0kB" in text
    key(whole, "Alt+Down")
    key(whole, "Alt+Down")
    until(lambda: side.ledger.analysis is not None and side.ledger.analysis.window_index == 1)
    whole.ledger.step(1)
    until(lambda: side.ledger.analysis is not None and side.ledger.analysis.window_index == 2)
    assert "the raw words" in side.ledger.as_text()
    key(whole, "Esc")
    assert not side.ledger_open


def test_notes_and_tags_are_saved_when_the_popover_closes(whole: WatchPage, engine: Engine, until: Until) -> None:
    whole.menus.edit_notes(whole.head.more_button)
    notes = whole.menus.notes
    assert notes is not None
    notes.notes.setPlainText("second pass")
    notes.tags.set_text("kit， evening, kit")
    notes.close_popover()
    recording = whole.recording
    assert recording is not None

    def saved() -> bool:
        now = engine.recording(recording.id).result()
        return now.notes == "second pass" and set(now.tags) == {"kit", "evening"}

    until(saved)


def test_the_search_walks_through_the_windows(whole: WatchPage, until: Until) -> None:
    key(whole, "Ctrl+F")
    field = whole.side.search.field
    field.edit.insert("the")
    field.changed.emit("the")
    until(lambda: whole.side.narrative.current is not None)
    assert whole.side.narrative.current == 1
    key(whole, "Esc")
    assert whole.side.search.isHidden() and whole.side.narrative.set_search("") == []


def test_a_missing_file_is_said_where_the_picture_would_be(page: WatchPage, ids: dict[str, str], until: Until) -> None:
    page.show_recording(ids["gone"])
    until(lambda: "gone" in page.stage.picture.message)
    assert ids["gone"] in page.stage.picture.message
    assert not page.stage.transport.play.isEnabled()
    page.side.narrative.play.emit(3_000)
    assert page.side.narrative.playing == 3, "its text can still be walked through"


def test_a_damaged_file_is_said_and_nothing_is_offered_that_cannot_be(page: WatchPage, ids: dict[str, str], until: Until) -> None:
    page.show_recording(ids["damaged"])
    until(lambda: "damaged" in page.stage.picture.message)
    assert not page.stage.transport.play.isEnabled() and not page.head.export_button.isVisible()


def test_another_recording_leaves_nothing_of_the_one_before(whole: WatchPage, ids: dict[str, str], until: Until) -> None:
    whole.player.seek(4_000)
    whole.show_recording(ids["gone"])
    until(lambda: whole.head.title.title == "Gone")
    assert whole.stage.picture.picture is None and not whole.player.is_loaded
    assert whole.stage.timeline.markers == ()


def test_a_recording_nobody_described_is_offered_to_be(page: WatchPage, ids: dict[str, str], until: Until) -> None:
    page.show_recording(ids["bare"])
    until(page.side.banner.isVisible)
    page.side.banner.pressed.emit()
    until(lambda: page.stage.timeline.counts[WindowState.DONE] >= 1)
    until(lambda: not page.side.banner.isVisible())


def test_deleting_asks_first_and_leads_back(whole: WatchPage, ids: dict[str, str], home: Home, qtbot: QtBot, until: Until) -> None:
    file = home.recordings / f"{ids['whole']}.webm"
    whole.menus.delete()
    until(lambda: whole.menus.deleting.dialog is not None)
    dialog = whole.menus.deleting.dialog
    assert dialog is not None and "Soldering" in dialog.accessibleName()
    dialog.keep_button.click()
    assert file.exists()
    whole.menus.delete()
    until(lambda: whole.menus.deleting.dialog is not None)
    again = whole.menus.deleting.dialog
    assert again is not None
    with qtbot.waitSignal(whole.back, timeout=60_000):
        again.verb_button.click()
    assert not file.exists() and whole.recording is None


def test_a_page_that_is_left_lets_go_of_the_file_and_comes_back_where_it_stood(whole: WatchPage, ids: dict[str, str], until: Until) -> None:
    whole.player.seek(3_000)
    until(lambda: shows(whole, 3))
    whole.player.play()
    whole.hide()
    assert not whole.player.is_loaded and not whole.player.playing
    whole.show()
    whole.show_recording(ids["whole"], 5_000)
    until(lambda: shows(whole, 5))


def test_full_screen_shows_the_same_picture_and_esc_leaves_it(whole: WatchPage, until: Until) -> None:
    key(whole, "F")
    full = whole.full
    assert full is not None
    until(lambda: full.picture.picture is not None)
    whole.player.seek(3_000)
    until(lambda: shows(whole, 3))
    full.close()
    assert whole.full is None


def test_a_recording_under_way_grows_on_the_page_and_plays_when_it_is_done(page: WatchPage, bridge: Bridge, engine: Engine, until: Until, qtbot: QtBot) -> None:
    engine.open_source("test:320x180@15", "none").result()
    recording_id = engine.start_recording("live", ()).result()
    page.show_recording(recording_id)
    until(lambda: page.player.length_ms > 2_000 and len(page.side.narrative.story.track) >= 1)
    assert page.player.growing
    until(lambda: page.stage.picture.picture is not None)
    length = page.player.length_ms
    until(lambda: page.player.length_ms > length + 500)
    engine.stop_recording().result()
    until(lambda: page.recording is not None and page.recording.state is RecordingState.FINISHED)
    until(lambda: not page.player.growing and page.player.is_loaded)
    page.player.seek(1_000)
    page.player.play()
    until(lambda: page.player.position > 1_200)


def test_a_file_that_is_no_video_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "no.webm"
    path.write_bytes(b"not a video at all" * 100)
    player = Player()
    with qtbot.waitSignal(player.failed, timeout=60_000) as heard:
        player.load(str(path), 5_000)
    assert heard.args[0]
    player.close()


def test_a_file_that_ends_early_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "short.webm"
    colored_webm(path, 2)
    player = Player()
    with qtbot.waitSignal(player.ended_early, timeout=60_000) as heard:
        player.load(str(path), 60_000)
        player.set_rate(2.0)
        player.play()
    assert heard.args[0] == pytest.approx(2_000, abs=300)
    player.close()
