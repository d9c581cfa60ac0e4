"""The timeline widget: what it paints for each state, and what the mouse and the keyboard do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from skiuo_desktop.events import CaptureState
from skiuo_desktop.model import Marker, Notice, Span, Tracks, Window, WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.timeline import Timeline
from skiuo_desktop.ui.widgets.timeline_legend import TimelineLegend

S = WindowState


def window(index: int, state: WindowState = S.DONE) -> Window:
    return Window(index + 1, "r", index, Span(index * 10_000, index * 10_000 + 15_000), state)


@pytest.fixture
def watch(qtbot: QtBot) -> Timeline:
    timeline = Timeline(live=False)
    qtbot.addWidget(timeline)
    timeline.resize(838, 240)
    timeline.set_plan(15_000, 10_000)
    timeline.set_windows([window(i, [S.DONE, S.FAILED, S.SKIPPED, S.QUEUED, S.ANALYSING][i % 5]) for i in range(12)])
    timeline.set_duration(125_000)
    timeline.show()
    return timeline


def color_at(timeline: Timeline, index: int, share: float = 0.85) -> QColor:
    """The colour inside a window's bar, away from glyphs and outlines."""
    picture: QImage = timeline.grab().toImage()
    rect = timeline.scene.bar_rect(timeline.scene.track.get(index))  # type: ignore[arg-type]
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(round((rect.left() + rect.width() * share) * ratio), round((rect.center().y() + 4) * ratio))


def test_each_state_has_its_look(watch: Timeline) -> None:
    t = theme()
    assert color_at(watch, 0) == t.color("win-done")
    assert color_at(watch, 1) == t.color("win-failed")
    assert color_at(watch, 3) == t.color("surface")
    assert color_at(watch, 4) == t.color("accent-tint")
    hatch = {color_at(watch, 2, 0.2 + i / 100).name() for i in range(40)}
    assert len(hatch) > 3, "a skipped window is hatched, not plain"


def test_a_narrow_failed_bar_is_taller_than_its_neighbours(watch: Timeline) -> None:
    watch.set_windows([window(i, S.FAILED if i == 40 else S.DONE) for i in range(90)])
    watch.set_duration(905_000)
    watch.set_zoom(0)
    rect = watch.scene.bar_rect(watch.scene.track.get(40))  # type: ignore[arg-type]
    assert rect.width() < 22
    picture = watch.grab().toImage()
    x = round(rect.left() + 1)
    assert picture.pixelColor(x, round(rect.top() - 1)) == theme().color("win-failed")


def test_thousands_of_windows_become_columns_and_a_failure_stays_visible(watch: Timeline) -> None:
    watch.set_windows([window(i, S.FAILED if i == 2_000 else S.DONE) for i in range(3_600)])
    watch.set_duration(36_005_000)
    watch.set_zoom(0)
    picture = watch.grab().toImage()
    y = round(watch.scene.rows().lanes_bottom - 4)
    names = {picture.pixelColor(x, y).name() for x in range(80, 822)}
    assert theme().color("win-failed").name() in names and theme().color("win-done").name() in names
    assert watch.scene.window_at(QPointF(400, y)) is None


def test_a_click_on_a_window_names_it_and_rings_it(watch: Timeline, qtbot: QtBot) -> None:
    rect = watch.scene.bar_rect(watch.scene.track.get(3))  # type: ignore[arg-type]
    with qtbot.waitSignal(watch.window_chosen) as heard:
        qtbot.mouseClick(watch, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert heard.args == [3]
    assert watch.scene.selected == 3
    picture = watch.grab().toImage()
    assert picture.pixelColor(round(rect.center().x()), round(rect.top() - 2)) == theme().color("text")


def test_a_click_beside_the_windows_seeks_and_a_drag_goes_on_seeking(watch: Timeline, qtbot: QtBot) -> None:
    asked: list[int] = []
    watch.seek.connect(asked.append)
    y = round(watch.scene.rows().motion - 10)
    qtbot.mousePress(watch, Qt.MouseButton.LeftButton, pos=QPoint(80 + 371, y))
    qtbot.mouseMove(watch, QPoint(80 + 700, y))
    qtbot.mouseRelease(watch, Qt.MouseButton.LeftButton, pos=QPoint(80 + 700, y))
    assert asked[0] == pytest.approx(62_500, abs=200)
    assert asked[-1] == pytest.approx(700 / 742 * 125_000, abs=300)


def test_the_overview_moves_the_view(watch: Timeline, qtbot: QtBot) -> None:
    watch.set_windows([window(i) for i in range(144)])
    watch.set_duration(1_450_000)
    asked: list[int] = []
    watch.seek.connect(asked.append)
    qtbot.mouseClick(watch, Qt.MouseButton.LeftButton, pos=QPoint(80 + 371, 20))
    view = watch.scene.view
    assert view.start_ms < 725_000 < view.start_ms + view.span_ms
    assert asked == [pytest.approx(725_000, abs=1_500)]


def test_arrow_keys_walk_through_the_windows_and_bring_them_into_view(watch: Timeline, qtbot: QtBot) -> None:
    watch.set_windows([window(i) for i in range(144)])
    watch.set_duration(1_450_000)
    chosen: list[int] = []
    watch.window_chosen.connect(chosen.append)
    qtbot.keyClick(watch, Qt.Key.Key_End)
    qtbot.keyClick(watch, Qt.Key.Key_Left)
    qtbot.keyClick(watch, Qt.Key.Key_Home)
    qtbot.keyClick(watch, Qt.Key.Key_Right)
    assert chosen == [143, 142, 0, 1]
    assert watch.scene.view.start_ms < 25_000


def test_tooltips_say_span_state_and_cause(watch: Timeline) -> None:
    rect = watch.scene.bar_rect(watch.scene.track.get(0))  # type: ignore[arg-type]
    assert watch.scene.tooltip_at(rect.center()).replace("\u00a0", " ") == "00:00 – 00:15  Done"
    watch.set_markers([Marker(1, 50_000, "bridge!")])
    watch.set_notices([Notice(100_000, "source_back", "", 5_000)])
    flag = QPointF(watch.scene.scale().x(50_000) + 4, watch.scene.rows().tick_bottom - 8)
    assert "bridge!" in watch.scene.tooltip_at(flag)
    gap = QPointF(watch.scene.scale().x(102_000), watch.scene.rows().tick_bottom)
    assert "5.0" in watch.scene.tooltip_at(gap)


def test_rows_that_have_no_room_are_left_out(watch: Timeline) -> None:
    assert watch.sizeHint().height() == 240
    watch.set_rows(motion=True, sound=False)
    without_sound = watch.sizeHint().height()
    watch.set_rows(motion=False, sound=False)
    assert watch.sizeHint().height() < without_sound < 240
    watch.set_tracks(Tracks(b"\xff" * 125, b"\xff" * 125))
    info = QColor(theme().color("info"))
    picture = watch.grab().toImage()
    assert all(picture.pixelColor(x, 150) != info for x in range(80, 800, 7))


def test_while_recording_it_follows_and_shows_what_is_to_come(qtbot: QtBot) -> None:
    timeline = Timeline(live=True)
    qtbot.addWidget(timeline)
    timeline.resize(918, 84)
    timeline.set_plan(15_000, 10_000)
    timeline.show()
    timeline.set_now(0, None)
    assert {b.state for b in timeline.scene.visible_bars()} == {S.PLANNED}
    timeline.set_windows([window(i) for i in range(20)])
    timeline.set_now(212_000, CaptureState.RECORDING)
    states = [b.state for b in timeline.scene.visible_bars()]
    assert states.count(S.RECORDING) == 2 and states[-1] is S.PLANNED
    x = round(timeline.scene.scale().x(212_000))
    assert timeline.grab().toImage().pixelColor(x, 75) == theme().color("recording")
    timeline.set_now(212_000, CaptureState.STALLED)
    assert timeline.grab().toImage().pixelColor(x, 75) == theme().color("warn")
    timeline.set_now(212_000, CaptureState.STOPPED)
    assert S.RECORDING not in [b.state for b in timeline.scene.visible_bars()]


def test_the_solid_part_of_an_analysis_grows_and_never_fills(qtbot: QtBot) -> None:
    now = [0.0]
    timeline = Timeline(live=True, clock=lambda: now[0])
    qtbot.addWidget(timeline)
    timeline.set_windows([window(0, S.ANALYSING)])
    shares = []
    for moment in (0.0, 2.0, 60.0):
        now[0] = moment
        shares.append(timeline.scene.visible_bars()[0].share)
    assert shares[0] == 0 and 0 < shares[1] < shares[2] == 0.95


def test_the_legend_counts_and_the_slider_zooms(watch: Timeline, qtbot: QtBot) -> None:
    legend = TimelineLegend(watch, zoom=True)
    qtbot.addWidget(legend)
    legend.resize(838, 32)
    legend.show()
    watch.set_markers([Marker(1, 1_000), Marker(2, 2_000)])
    assert legend.counts.accessibleName() == "3 done, 2 analysing, 2 queued, 3 failed, 2 skipped, 2 markers"
    watch.set_zoom(0)
    slider = legend.right.itemAt(0).widget()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert watch.zoom == pytest.approx(1.0)
