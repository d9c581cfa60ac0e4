"""Another computer's recordings in the Library and on Watch, mirrored by real servers: found, read, fetched, and not changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from backend.devices import Backend, Device
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.proxy import Proxy
from support.services import Store
from ui.backend_parts import filmed
from ui.settings_parts import MemoryKeyring, click
from ui.watch_parts import COLORS, seed

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Hit
from skiuo_desktop.ui.pages.library import LibraryPage
from skiuo_desktop.ui.pages.library_filters import ELSEWHERE, Filters
from skiuo_desktop.ui.pages.library_model import RecordingRow
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.window import Window

pytest_plugins = ["ui.settings_fixtures", "ui.backend_fixtures"]

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def own(home: Home) -> str:
    with Library.open(home) as library:
        return filmed(library, home, "Dumplings with chives")


@pytest.fixture
def configured(engine: Engine, servers: Backend, studio: Device, own: str) -> Engine:
    """The window's engine knows the servers now; its own mirror is paused, so that nothing moves by itself."""
    engine.settings.change({**servers.changes, s.BACKEND_PAUSED.key: True})
    return engine


@pytest.fixture
def library(configured: Engine, window: Window, until: Until) -> LibraryPage:
    window.resize(1440, 900)
    window.show_page("library")
    page = window.findChild(LibraryPage)
    assert page is not None
    until(lambda: [r.title for r in page.model.shown] == ["Dumplings with chives"])
    until(page.filters.buttons["device"].isVisible)
    return page


def shown(page: LibraryPage) -> list[str]:
    return [r.title for r in page.elsewhere.model.shown]


def hits(page: LibraryPage) -> tuple[Hit, ...]:
    """Of the first recording that is shown."""
    rows = (page.elsewhere.model.row(number) for number in range(page.elsewhere.model.rowCount()))
    return next((row.hits for row in rows if isinstance(row, RecordingRow)), ())


def look_elsewhere(page: LibraryPage, until: Until, device: str = ELSEWHERE) -> None:
    page.filters._set(Filters(device=device))
    until(lambda: shown(page) == ["Soldering the keyboard kit"])


def watch(window: Window, page: LibraryPage, until: Until, qtbot: QtBot) -> WatchPage:
    """Opens the other computer's recording from the list by the keyboard."""
    look_elsewhere(page, until)
    page.elsewhere.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.elsewhere.view, Qt.Key.Key_Return)
    found = window.findChild(WatchPage)
    assert found is not None
    until(lambda: found.recording is not None and found.recording.device == "Studio")
    return found


def fetched(page: WatchPage) -> bool:
    return page.player.is_loaded and page.player.playing


def test_without_a_database_there_are_no_other_devices(engine: Engine, own: str, window: Window, until: Until) -> None:
    window.resize(1440, 900)
    window.show_page("library")
    page = window.findChild(LibraryPage)
    assert page is not None
    until(lambda: bool(page.model.shown))
    assert page.filters.buttons["date"].isVisible() and not page.filters.buttons["device"].isVisible()


def test_other_devices_are_listed_by_name_and_nothing_can_be_done_to_them(library: LibraryPage, until: Until, qtbot: QtBot) -> None:
    look_elsewhere(library, until)
    assert library.elsewhere.view.isVisible() and not library.view.isVisible()
    summary = library.elsewhere.model.shown[0]
    assert summary.device == "Studio" and summary.excerpt.startswith("A red board.")
    assert library.filters._values["device"] == (ELSEWHERE, "Studio")
    look_elsewhere(library, until, "Studio")
    library.filters._set(Filters(device="Kitchen"))
    until(lambda: library.elsewhere.nothing.title == "No recording is like that")
    library.filters._set(Filters())
    until(library.view.isVisible)
    assert [r.title for r in library.model.shown] == ["Dumplings with chives"]
    library.filters._set(Filters(device=ELSEWHERE))
    until(lambda: shown(library) == ["Soldering the keyboard kit"])
    view = library.elsewhere.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert not library.elsewhere.model.checked and not library.bar.isVisible() and library.deleting.dialog is None


def test_they_are_searched_in_chinese_too(library: LibraryPage, until: Until) -> None:
    library.head.search.edit.setText("Soldering")
    until(library.nothing.isVisible)
    library.filters._set(Filters(device=ELSEWHERE))
    until(lambda: library.elsewhere.model.searching and shown(library) == ["Soldering the keyboard kit"])
    library.head.search.edit.setText("接键")
    until(lambda: [(hit.start_ms, "焊接键盘" in hit.text) for hit in hits(library)] == [(3_000, True)])
    assert library.head.search._told.words == "1 passage in 1 recording"
    library.head.search.edit.setText("nowhere at all")
    until(lambda: "nowhere at all" in library.elsewhere.nothing.title)
    library.head.search.clear()
    until(lambda: shown(library) == ["Soldering the keyboard kit"])


def test_its_text_is_read_its_video_fetched_and_kept_for_the_next_time(library: LibraryPage, window: Window, own: str, until: Until, qtbot: QtBot) -> None:
    page = watch(window, library, until, qtbot)
    assert page.side.narrative.story.track.windows[0].chosen is not None
    until(lambda: page.stage.fetch.state == "offered")
    assert "The video is in your object store" in page.stage.fetch.words and "kB" in page.stage.fetch.words
    assert "Recorded on Studio." in page.side.banner.words
    click(qtbot, page.stage.fetch.button)
    until(lambda: fetched(page))
    assert not page.stage.fetch.isVisible() and page.stage.transport.play.isEnabled()
    until(lambda: page.stage.picture.picture is not None)
    picture = page.stage.picture.picture
    assert picture is not None
    seen = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    assert min(abs(seen.red() - r) + abs(seen.green() - g) + abs(seen.blue() - b) for r, g, b in COLORS) < 90
    recording = page.recording
    assert recording is not None
    window.open_recording(own, 0)
    until(lambda: page.recording is not None and page.recording.id == own and page.player.is_loaded)
    assert page.head.more_button.isVisible() and not page.head.title.isReadOnly()
    window.open_recording(recording.id, 0)
    until(lambda: page.recording is not None and page.recording.id == recording.id and page.player.is_loaded)
    assert page.stage.fetch.state == ""


def test_a_store_that_is_away_or_not_set_up_yet_is_said_in_place_of_the_picture(
    library: LibraryPage, window: Window, configured: Engine, until: Until, qtbot: QtBot
) -> None:
    right = configured.settings.get(s.BACKEND_STORE)
    page = watch(window, library, until, qtbot)
    until(lambda: page.stage.fetch.state == "offered")
    configured.settings.set(s.BACKEND_STORE, "http://127.0.0.1:9")
    click(qtbot, page.stage.fetch.button)
    until(lambda: page.stage.fetch.state == "failed")
    assert "127.0.0.1:9" in page.stage.fetch.words
    configured.settings.set(s.BACKEND_STORE, right)
    click(qtbot, page.stage.fetch.button)
    until(lambda: page.stage.fetch.state == "offered")
    configured.settings.set(s.BACKEND_STORE, "")
    until(lambda: "No object store is set up here" in page.stage.picture.message)
    configured.settings.set(s.BACKEND_STORE, right)
    until(lambda: page.stage.fetch.state == "offered")


def test_a_server_that_is_away_is_said_in_place_of_the_list(library: LibraryPage, configured: Engine, servers: Backend, until: Until, qtbot: QtBot) -> None:
    right = configured.settings.get(s.BACKEND_DATABASE)
    configured.settings.set(s.BACKEND_DATABASE, "postgresql://skiuo@127.0.0.1:9/skiuo")
    library.filters._set(Filters(device=ELSEWHERE))
    until(lambda: library.elsewhere.nothing.title == "Other devices cannot be shown now")
    assert library.elsewhere.nothing.isVisible()
    library.filters._set(Filters())
    until(library.view.isVisible)
    configured.settings.set(s.BACKEND_DATABASE, right)
    library.filters._set(Filters(device=ELSEWHERE))
    until(lambda: shown(library) == ["Soldering the keyboard kit"])


def test_it_is_not_changed_here(library: LibraryPage, window: Window, configured: Engine, until: Until, qtbot: QtBot) -> None:
    page = watch(window, library, until, qtbot)
    assert page.head.title.isReadOnly() and not page.head.more_button.isVisible() and not page.head.retry.isVisible()
    assert page.head.failed.isVisible()
    page.head.title.edit()
    assert not page.head.title.hasFocus()
    narrative = page.side.narrative
    narrative.set_current(0)
    for key in (Qt.Key.Key_R, Qt.Key.Key_I):
        qtbot.keyClick(narrative, key)
    assert not page.side.ledger_open
    assert {spot.name for spot in narrative.card(0).spots} <= {"menu", "copy", "others"}
    assert not narrative.card(1).spots  # it has failed there; here is no Retry
    page.ledger.open_current()
    assert not page.side.ledger_open


def test_a_video_whose_time_in_the_store_is_over_is_said_to_be_gone(library: LibraryPage, window: Window, servers: Backend, until: Until, qtbot: QtBot) -> None:
    servers.ask("DELETE FROM objects WHERE kind = 'recording'")
    page = watch(window, library, until, qtbot)
    until(lambda: "The video is on Studio only." in page.stage.picture.message)
    assert not page.stage.fetch.isVisible()
    assert page.side.narrative.story.track.windows[0].chosen is not None


def test_an_own_video_that_was_freed_is_fetched(configured: Engine, own: str, keys: MemoryKeyring, window: Window, until: Until, qtbot: QtBot) -> None:
    configured.settings.set(s.BACKEND_PAUSED, False)
    configured.sync_backend().result(60)
    assert configured.free_video([own]).result(60) > 0
    window.resize(1440, 900)
    window.open_recording(own, 0)
    page = window.findChild(WatchPage)
    assert page is not None
    until(lambda: page.stage.fetch.state == "offered")
    click(qtbot, page.stage.fetch.button)
    until(lambda: fetched(page))


def test_an_own_video_that_was_freed_and_is_nowhere_is_said_to_be_gone(engine: Engine, home: Home, window: Window, until: Until) -> None:
    with Library.open(home) as library:
        mine = seed(library, home, "All described", days_ago=3)
    assert engine.free_video([mine]).result(60) > 0
    window.open_recording(mine, 0)
    page = window.findChild(WatchPage)
    assert page is not None
    until(lambda: "The video is not here any more." in page.stage.picture.message)
    assert "Your rule for old video removed it" in page.stage.picture.message


def test_fetching_can_be_cancelled_and_gone_on_with(
    library: LibraryPage, window: Window, configured: Engine, object_server: Store, until: Until, qtbot: QtBot
) -> None:
    host, _, port = object_server.host.rpartition(":")
    with Proxy(int(port), host) as wire:
        configured.settings.set(s.BACKEND_STORE, wire.endpoint)
        page = watch(window, library, until, qtbot)
        until(lambda: page.stage.fetch.state == "offered")
        wire.hang = True
        click(qtbot, page.stage.fetch.button)
        assert page.stage.fetch.state == "fetching" and page.stage.fetch.button.text() == "Cancel"
        click(qtbot, page.stage.fetch.button)
        until(lambda: page.stage.fetch.state == "offered")
        wire.hang = False
        click(qtbot, page.stage.fetch.button)
        until(lambda: fetched(page))
