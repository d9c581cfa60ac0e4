"""The Library page on a real engine and a real library."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.watch_parts import seed

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import RecordingState, RecordingSummary, WindowState
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library import LibraryPage
from skiuo_desktop.ui.pages.library_delegate import clamped, columns
from skiuo_desktop.ui.pages.library_filters import Filters, ordered, state_of
from skiuo_desktop.ui.pages.library_model import DayRow, LibraryModel, PadRow, RecordingRow
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.strip import strip_bars

Until = Callable[[Callable[[], bool]], None]
S = WindowState


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    home, ids = Home(tmp_path_factory.mktemp("seeded") / "home").prepare(), {}
    with Library.open(home) as library:
        ids["today"] = seed(library, home, "Soldering", failed=(2,))
        ids["bare"] = seed(library, home, "Not described", analysed=False, source="Screen 1", file=False)
        ids["old"] = seed(library, home, "Dumplings", days_ago=12, file=False)
        ids["damaged"] = seed(library, home, "Damaged", days_ago=400, state=RecordingState.DAMAGED)
    return home.root, ids


@pytest.fixture
def ids(seeded: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return seeded[1]


@pytest.fixture
def engine(home: Home, seeded: tuple[Path, dict[str, str]]) -> Iterator[Engine]:
    shutil.copytree(seeded[0], home.root, dirs_exist_ok=True)
    s.Settings(home.settings).change({s.KEEP_FREE.key: 50})
    engine = Engine(home)
    engine.start()
    yield engine
    engine.stop()


def show(bridge: Bridge, qtbot: QtBot, width: int = 1_368) -> LibraryPage:
    made = LibraryPage(bridge)
    qtbot.addWidget(made)
    made.resize(width, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot, until: Until) -> LibraryPage:
    made = show(bridge, qtbot)
    until(lambda: len(made.model.shown) == 4)
    return made


def titles(page: LibraryPage) -> list[str]:
    return [r.title for r in page.model.shown]


def point(page: LibraryPage, recording_id: str, x: int) -> QPoint:
    number = page.model.row_of(recording_id)
    assert number is not None
    return QPoint(x, page.view.visualRect(page.model.index(number)).center().y())


def search(page: LibraryPage, text: str) -> None:
    page.head.search.edit.setText(text)


def test_recordings_stand_by_day_with_what_they_are(page: LibraryPage, ids: dict[str, str]) -> None:
    rows = [page.model.row(i) for i in range(page.model.rowCount())]
    days = [row for row in rows if isinstance(row, DayRow)]
    assert days[0].name == "Today" and len(days) == 3
    assert days[0].facts.replace("\u00a0", " ").startswith("2 recordings · 16 s")
    row = next(row for row in rows if isinstance(row, RecordingRow) and row.summary.id == ids["today"])
    assert words.state(row.summary) == (S.FAILED, "1 of 7 failed", "error")
    assert row.summary.excerpt.startswith("A red board.")
    described = {r.id: words.state(r)[1] for r in page.model.shown}
    assert described[ids["bare"]] == "Not analysed"
    assert described[ids["old"]] == "Measured on this device"
    assert described[ids["damaged"]] == "Damaged"


def test_a_thumbnail_is_read_and_painted(page: LibraryPage, ids: dict[str, str], until: Until) -> None:
    at = point(page, ids["today"], 60)

    def painted() -> bool:
        picture: QImage = page.view.viewport().grab().toImage()
        found = picture.pixelColor(at)
        return found.red() > 180 and found.green() < 80

    until(painted)


def test_a_click_opens_and_a_click_on_the_box_selects(page: LibraryPage, ids: dict[str, str], qtbot: QtBot) -> None:
    opened: list[tuple[str, int]] = []
    page.open_recording.connect(lambda recording_id, ms: opened.append((recording_id, ms)))
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, ids["today"], 300))
    assert opened == [(ids["today"], 0)]
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, ids["today"], 28))
    assert [r.id for r in page.model.checked] == [ids["today"]] and len(opened) == 1
    assert page.bar.isVisible() and isinstance(page.model.row(page.model.rowCount() - 1), PadRow)


def test_the_keyboard_walks_over_days_selects_extends_opens_and_leaves(page: LibraryPage, qtbot: QtBot) -> None:
    opened: list[str] = []
    page.open_recording.connect(lambda recording_id, _ms: opened.append(recording_id))
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    first = page.view.current_id
    qtbot.keyClick(page.view, Qt.Key.Key_Space)
    for _ in range(2):
        qtbot.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.model.checked) == 3
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert not page.model.checked and not page.bar.isVisible()
    qtbot.keyClick(page.view, Qt.Key.Key_Up)
    qtbot.keyClick(page.view, Qt.Key.Key_Up)
    assert page.view.current_id == first
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert opened == [first]


def test_the_search_finds_english_and_chinese_and_leads_to_the_moment(page: LibraryPage, ids: dict[str, str], qtbot: QtBot, until: Until) -> None:
    opened: list[tuple[str, int]] = []
    page.open_recording.connect(lambda recording_id, ms: opened.append((recording_id, ms)))
    search(page, "heat")
    until(lambda: page.model.searching and len(page.model.shown) == 2)
    assert "2 passages in 2 recordings" in page.head.search._told.words
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, ids["today"], 300))
    assert opened == [(ids["today"], 1_000)]
    search(page, "焊接")
    until(lambda: all("焊接" in h.text for row in (page.model.row(1),) if isinstance(row, RecordingRow) for h in row.hits) and len(page.model.shown) == 2)
    page.head.search.clear()
    until(lambda: len(page.model.shown) == 4)


def test_nothing_found_says_where_was_looked_and_takes_the_search_off(page: LibraryPage, until: Until) -> None:
    search(page, "flux capacitor")
    until(lambda: page.pages.currentWidget() is page.nothing)
    assert "flux capacitor" in page.nothing.title
    page.nothing.cleared.emit()
    until(lambda: page.pages.currentWidget() is page.view and len(page.model.shown) == 4)


def test_filters_narrow_and_come_off(page: LibraryPage, until: Until) -> None:
    page.filters._set(Filters(state="failed"))
    assert titles(page) == ["Soldering"]
    page.filters._set(Filters(date="week"))
    assert sorted(titles(page)) == ["Not described", "Soldering"]
    page.filters._set(Filters(date="week", source="Screen 1"))
    assert titles(page) == ["Not described"]
    page.filters._set(Filters(model="offline", date="today", state="damaged"))
    assert page.pages.currentWidget() is page.nothing
    page.nothing.cleared.emit()
    assert len(page.model.shown) == 4 and page.filters.filters.in_force == 0


def test_in_little_room_filters_fold_and_columns_go(bridge: Bridge, qtbot: QtBot, until: Until) -> None:
    page = show(bridge, qtbot, 944)
    until(lambda: len(page.model.shown) == 4)
    assert page.filters.folded.isVisible() and not page.filters.buttons["date"].isVisible()
    place = columns(float(page.view.viewport().width()), found=False)
    assert place.size[1] == 0 and place.model[1] == 0 and place.text[1] > 400


def test_deleting_shows_what_goes_then_it_is_gone(page: LibraryPage, ids: dict[str, str], home: Home, qtbot: QtBot, until: Until) -> None:
    page.model.set_checked([ids["today"], ids["old"]], True)
    page.bar.delete.emit()
    until(lambda: page.deleting.dialog is not None)
    dialog = page.deleting.dialog
    assert dialog is not None
    assert dialog.accessibleName() == "Delete 2 recordings?"
    assert "16\u00a0s" in dialog.accessibleDescription()
    file = home.recordings / f"{ids['today']}.webm"
    assert file.exists()
    with qtbot.waitSignal(page.said, timeout=60_000):
        dialog.verb_button.click()
    assert sorted(titles(page)) == ["Damaged", "Not described"]
    assert not file.exists() and not page.bar.isVisible()


def test_what_changes_elsewhere_shows_here(page: LibraryPage, engine: Engine, ids: dict[str, str], until: Until) -> None:
    engine.rename(ids["old"], "Dumplings, second batch").result()
    until(lambda: "Dumplings, second batch" in titles(page))
    engine.analyse(ids["bare"]).result()
    until(lambda: next(words.state(r)[1] for r in page.model.shown if r.id == ids["bare"]).startswith("Analysing"))
    engine.cancel_analyses(ids["bare"]).result()
    engine.delete([ids["damaged"]]).result()
    until(lambda: "Damaged" not in titles(page))


def test_an_empty_library_leads_to_the_first_recording(qapp: QApplication, tmp_path: Path, qtbot: QtBot, until: Until) -> None:
    engine = Engine(Home(tmp_path / "empty"))
    engine.start()
    bridge = Bridge(engine)
    try:
        page = show(bridge, qtbot)
        until(lambda: page.pages.currentWidget() is page.empty)
        assert not page.filters.isVisible() and not page.names.isVisible()
        with qtbot.waitSignal(page.new_recording):
            page.empty.record.emit()
    finally:
        bridge.close()
        engine.stop()


def summary(number: int, **changes: object) -> RecordingSummary:
    facts: dict[str, object] = {
        "id": f"r{number}",
        "title": f"Recording {number}",
        "source_label": "Desk",
        "started_at": datetime(2026, 11, 24, 12, tzinfo=UTC) - timedelta(hours=5 * number),
        "duration_ms": 60_000 + number,
        "bytes": 1_000_000 - number,
        "state": RecordingState.FINISHED,
        "thumbnail": "",
        "models": ("offline",),
        "states": (S.DONE,) * 6,
        "excerpt": "Text.",
        "costs": {},
    }
    return RecordingSummary(**{**facts, **changes})  # type: ignore[arg-type]


def test_ten_thousand_recordings_and_only_those_in_view_are_painted(qtbot: QtBot, bridge: Bridge, until: Until) -> None:
    page = show(bridge, qtbot)
    until(lambda: len(page.model.shown) == 4)
    asked: list[str] = []
    thumbs = page.view.delegate._thumbs
    thumbs.get = lambda path, _size: asked.append(path)  # type: ignore[method-assign, assignment, return-value]
    page.model.set_summaries([summary(i, thumbnail=f"/{i}.jpg") for i in range(10_000)])
    until(lambda: len(set(asked)) >= 5)
    page.view.viewport().repaint()
    assert len(set(asked)) <= 14
    assert len(page.model.shown) == 10_000


def test_orders_and_states_without_a_screen() -> None:
    rows = [summary(i) for i in range(5)]
    assert [r.id for r in ordered(rows, "oldest")] == ["r4", "r3", "r2", "r1", "r0"]
    assert ordered(rows, "longest")[0].id == "r4" and ordered(rows, "largest")[0].id == "r0"
    assert state_of(summary(0, states=(S.DONE, S.QUEUED, S.FAILED))) == "working"
    assert state_of(summary(0, states=())) == "empty"
    assert words.state(summary(0, states=(S.DONE, S.SKIPPED), models=("m",)))[1] == "Done, 1 skipped"
    assert words.state(summary(0, state=RecordingState.RECORDING))[0] is S.RECORDING


def test_an_order_by_length_has_no_days(qtbot: QtBot) -> None:
    model = LibraryModel()
    model.set_summaries([summary(i) for i in range(5)])
    model.set_order("longest")
    assert [type(model.row(i)) for i in range(model.rowCount())] == [RecordingRow] * 5


def test_strips_have_at_most_44_bars_and_lose_no_failure() -> None:
    bars = strip_bars([S.DONE] * 500 + [S.FAILED] + [S.SKIPPED] * 500)
    assert len(bars) == 44 and S.FAILED in bars
    assert strip_bars([S.DONE] * 3) == [S.DONE] * 3


@pytest.mark.parametrize("lead", [0.0, 60.0])
def test_two_lines_at_most_and_the_second_says_that_there_is_more(qtbot: QtBot, lead: float) -> None:
    layout = clamped("焊接 words " * 80, 400, "", lead)
    assert layout.text().endswith("…")
    assert layout.lineCount() == 2 or all(layout.lineAt(i).y() > 900 for i in range(2, layout.lineCount()))
    assert clamped("Short.", 400, "").text() == "Short."


def test_a_hit_is_marked(qtbot: QtBot) -> None:
    layout = clamped("…the joint stays dull, so the Heat is raised", 500, "heat")
    assert [(f.start, f.length) for f in layout.formats()] == [(30, 4)]
    assert layout.formats()[0].format.background().color() == theme().color("highlight")


@pytest.mark.parametrize("width", [120, 300, 500])
@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("…like speech. Text: " + "“Scene B: solder the joint”, " * 9 + "“check the Voltage”.", "voltage"),
        ("电路板放在桌上，" * 30 + "然后测量电压。", "电压"),
        ("word " * 60 + "temperature: 350", "temperature 350"),
    ],
)
def test_a_hit_that_stands_late_in_the_passage_is_shown_and_marked(qtbot: QtBot, text: str, needle: str, width: int) -> None:
    layout = clamped(text, width, needle, 48)
    (mark,) = layout.formats()
    marked = layout.text()[mark.start : mark.start + mark.length]
    assert mark.format.background().color() == theme().color("highlight")
    assert marked.lower() == needle.split(maxsplit=1)[0]
    assert layout.lineForTextPosition(mark.start + mark.length - 1).lineNumber() < 2
    assert layout.text().startswith("…")


def test_a_hit_that_stands_in_the_first_two_lines_moves_nothing(qtbot: QtBot) -> None:
    assert clamped("The heat is raised. " + "word " * 90, 500, "heat").text().startswith("The heat")


def test_the_list_follows_a_change_of_appearance(bridge: Bridge, qtbot: QtBot, until: Until) -> None:
    theme().set_preference("dark")
    page = show(bridge, qtbot)
    until(lambda: len(page.model.shown) == 4)
    viewport = page.view.viewport()
    beside = viewport.rect().bottomLeft() + QPoint(4, -4), QPoint(4, 4)  # below the last row, and on the name of a day
    for mode in ("dark", "light", "dark"):
        theme().set_preference(mode)
        QApplication.processEvents()
        shown = viewport.grab().toImage()
        assert [shown.pixelColor(at).name() for at in beside] == [theme().color("surface").name()] * 2, mode
