"""Two models' answers side by side: what only one of them says, choosing between them, and what each has cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.test_narrative_story import analysis
from ui.test_narrative_story import window as row

from skiuo_desktop import failures
from skiuo_desktop.model import FREE, Analysis, AnalysisState, Choice, FailureKind, ModelConfig, ModelInfo, Price, Tier, Usage, Window, WindowState
from skiuo_desktop.ui.pages.watch_compare import ComparePanel, asking_costs, totals
from skiuo_desktop.ui.pages.watch_side import WatchSide
from skiuo_desktop.ui.pages.watch_tabs import Tab
from skiuo_desktop.ui.pages.watch_view import WatchView
from skiuo_desktop.ui.widgets.compare_view import CompareView, rect_of
from skiuo_desktop.ui.widgets.compare_words import only_here

S, A = WindowState, AnalysisState
LEFT = "The board is flipped. Flux is brushed over the pads of row four."
RIGHT = "A person turns the board. They apply glue with a small brush."
BIG = 8_343_023_297_495_042


def said(text: str, other: str) -> list[str]:
    return [text[start : start + length] for start, length in only_here(text, other)]


def test_what_only_one_of_them_says() -> None:
    assert said(LEFT, RIGHT) == ["flipped", "Flux", "over the pads of row four"]
    assert said("A voice counts them.", "Three joints are made.") == ["voice counts"]
    assert said(LEFT, LEFT) == []


def test_forms_and_order_of_words_do_not_count() -> None:
    assert said("He solders the joint.", "The joints were soldered, soldering on.") == []
    assert said("The iron touches the pad.", "The pad: the iron touches it.") == []


def test_chinese_is_compared_by_characters_in_their_company() -> None:
    assert said("烙铁放回支架，右手拿起开关。", "烙铁放回支架，左手拿起螺丝。") == ["右", "开关"]
    assert said("焊接键盘", "焊接键盘套件") == []


def answer(model: str, text: str, *, id: int, index: int = 0, **changes: object) -> Analysis:
    return replace(analysis(index, A.DONE, text, id=id, model=model), **changes)  # type: ignore[arg-type]


def pair(index: int = 0, *, chosen: int = 1) -> Window:
    made = row(index, S.DONE, answer("a", LEFT, id=1, index=index), answer("b", RIGHT, id=BIG, index=index, usage=Usage(10, 5, 0.0), total_ms=11_400))
    return replace(made, choice=Choice(chosen, "all"))


def view(qtbot: QtBot, *windows: Window, width: int = 640) -> CompareView:
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(width, 500)
    made.set_models("a", "b")
    made.set_windows(windows)
    made.show()
    qtbot.waitExposed(made)
    return made


def center(made: CompareView, place: int, name: str) -> QPoint:
    return rect_of(made, place, name).center().toPoint()


def test_both_texts_are_there_and_their_differences_marked_in_two_ways(qtbot: QtBot) -> None:
    card = view(qtbot, pair()).card(0)
    left, right = card.halves
    assert left.body is not None and right.body is not None
    assert (left.body.text(), right.body.text()) == (LEFT, RIGHT)
    assert left.body.lineCount() >= 2 and card.height > left.body_top + left.body.lineCount() * 22, "the texts are laid out"
    lines = {r.format.underlineStyle() for r in left.body.formats()}, {r.format.underlineStyle() for r in right.body.formats()}
    assert lines == ({QTextCharFormat.UnderlineStyle.SingleUnderline}, {QTextCharFormat.UnderlineStyle.DotLine})
    assert LEFT[left.body.formats()[0].start :].startswith("flipped")


@pytest.mark.parametrize(("width", "stacked"), [(360, True), (640, False)])
def test_narrow_they_stand_one_under_the_other_with_their_names(qtbot: QtBot, width: int, stacked: bool) -> None:
    card = view(qtbot, pair(), width=width).card(0)
    left, right = card.halves
    assert card.stacked is stacked and right.named is stacked
    assert (right.top >= left.bottom) is stacked and (right.left > left.left + left.width) is not stacked
    assert right.left + right.width <= width


def test_another_answer_is_chosen_with_the_mouse_and_the_keys(qtbot: QtBot) -> None:
    made = view(qtbot, pair())
    chosen: list[tuple[int, int]] = []
    made.answer_chosen.connect(lambda window_id, analysis_id: chosen.append((window_id, analysis_id)))
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=center(made, 0, "use:left"))
    assert chosen == [], "it stands there already"
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=center(made, 0, "use:right"))
    assert chosen == [(1, BIG)]
    made.update_window(pair(chosen=BIG))
    assert [half.chosen for half in made.card(0).halves] == [False, True]
    qtbot.keyClick(made, Qt.Key.Key_1)
    assert chosen[-1] == (1, 1)


def test_a_click_on_a_text_plays_from_there(qtbot: QtBot) -> None:
    made = view(qtbot, pair(0), pair(1))
    played: list[int] = []
    made.play.connect(played.append)
    top = next(top for place, top in made.visible() if place == 1)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, round(top + 45)))
    assert played == [10_000]


def test_who_failed_and_who_was_not_asked_can_be_asked(qtbot: QtBot) -> None:
    broken = replace(analysis(0, A.FAILED, id=1, model="a", failure=failures.failure(FailureKind.CUT_SHORT, "raw")), usage=Usage(9, 9, 0.0031))
    made = view(qtbot, row(0, S.DONE, broken, answer("b", RIGHT, id=2)), row(1, S.DONE, answer("b", RIGHT, id=4, index=1)))
    half = made.card(0).halves[0]
    assert half.cause == "Answer cut short" and half.body is not None and "$0.0031 may have been billed." in half.body.text()
    asked: list[tuple[int, str]] = []
    raw: list[int] = []
    made.ask.connect(lambda index, model: asked.append((index, model)))
    made.show_raw.connect(raw.append)
    for place, name in ((0, "retry:left"), (0, "raw:left"), (1, "ask:left")):
        qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=center(made, place, name))
    assert (asked, raw) == ([(0, "a"), (1, "a")], [1])


def test_the_one_that_plays_is_brought_into_view(qtbot: QtBot) -> None:
    made = view(qtbot, *(pair(index) for index in range(40)))
    made.set_playing(30)
    assert any(place == 30 and made.card(place).playing for place, _ in made.visible())


def test_now_playing_is_said_while_it_plays_only(qtbot: QtBot) -> None:
    made = view(qtbot, pair(0), pair(1))
    made.set_playing(0)
    standing = made.viewport().grab().toImage()
    assert made.card(0).playing and not made.card(0).running
    made.set_running(True)
    assert made.card(0).running and not made.card(1).running
    assert made.viewport().grab().toImage() != standing, "the words are painted"
    made.set_playing(1)
    assert (made.card(0).running, made.card(1).running) == (False, True)
    made.set_running(False)
    made.set_playing(0)
    assert made.viewport().grab().toImage() == standing


def test_three_thousand_windows_lay_out_what_is_in_view_only(qtbot: QtBot) -> None:
    made = view(qtbot, *(pair(index) for index in range(3_000)))
    assert len(made.visible()) <= 8 and len(made._cards) <= 8


# ---------------------------------------------------------------------- the panel


def info(name: str, price: Price | None, per_hour: float | None) -> ModelInfo:
    return ModelInfo(ModelConfig(name, "openai", base_url="https://x.example/v1", price=price), False, per_hour=per_hour)


@pytest.fixture
def panel(qtbot: QtBot) -> ComparePanel:
    made = ComparePanel()
    qtbot.addWidget(made)
    made.resize(640, 600)
    made.show()
    return made


def test_what_each_model_cost_and_how_long_it_took() -> None:
    broken = replace(analysis(2, A.FAILED, id=9, model="a", failure=failures.failure(FailureKind.EMPTY)), usage=Usage(9, 9, 0.002))
    windows = [pair(0), pair(1), row(2, S.FAILED, broken)]
    assert totals(windows, "a") == "**$0.01** · 6.9\u00a0s a window · 2 of 3", "what failed was paid too"
    assert totals(windows, "b") == "**free** · 11.4\u00a0s a window · 2 of 3"


def test_the_model_whose_texts_are_read_stands_at_the_left(panel: ComparePanel) -> None:
    panel.set_windows([pair(chosen=BIG)], ["a", "b"], 60_000)
    assert [picker.value for picker in panel.pickers] == ["b", "a"]
    panel.pickers[0].chosen.emit("a")
    assert [picker.value for picker in panel.pickers] == ["a", "b"], "the same on both sides makes no comparison"


def test_a_model_is_added_for_what_the_recording_comes_to(panel: ComparePanel) -> None:
    dollars = Price((Tier(0.4, 1.6),))
    panel.set_windows([pair()], ["a", "b"], 24 * 60_000)
    panel.set_infos([info("a", dollars, 1.0), info("c", dollars, 0.36), info("d", FREE, 0.0), info("e", None, None)])
    menu = panel._add_menu()
    assert [action.text() for action in menu.actions()] == ["c, about $0.14", "d, free", "e, price not known"]
    added: list[str] = []
    panel.model_added.connect(added.append)
    menu.actions()[0].trigger()
    assert added == ["c"]
    menu.close()
    assert asking_costs(info("c", Price((Tier(1, 1),), "CNY"), 2.0), 3_600_000) == "c, about ¥2.00"


@pytest.mark.parametrize("width", [360, 480])
def test_the_tabs_are_never_squeezed(qtbot: QtBot, width: int) -> None:
    side = WatchSide()
    qtbot.addWidget(side)
    side.setFixedWidth(width)
    side.resize(width, 600)
    windows = [pair()]
    side.narrative.set_recording("r", windows, length_ms=15_000, stride_ms=10_000)
    side.markers_tab.set_number(12)
    side.set_models(["a", "b"])
    side.show()
    qtbot.waitExposed(side)
    for tab in (side.narrative_tab, side.compare_tab, side.markers_tab):
        assert tab.isVisible() and tab.width() >= tab.sizeHint().width(), tab.text()
    assert side.model.isVisible() is (width >= 400)


def test_the_tabs_stand_the_same_distance_apart_with_and_without_compare(qtbot: QtBot) -> None:
    side = WatchSide()
    qtbot.addWidget(side)
    side.resize(480, 500)
    side.show()

    def gap(left: Tab, right: Tab) -> int:
        return right.geometry().left() - left.geometry().right()

    side.set_models(["a"])
    QApplication.processEvents()
    alone = gap(side.narrative_tab, side.markers_tab)
    side.set_models(["a", "b"])
    QApplication.processEvents()
    assert gap(side.narrative_tab, side.compare_tab) == gap(side.compare_tab, side.markers_tab) == alone


def test_the_list_knows_whether_the_player_plays(qtbot: QtBot) -> None:
    made = WatchView()
    qtbot.addWidget(made)
    made.side.compare.list.set_windows([pair(0)])
    made.side.compare.list.set_playing(0)
    made.player.playing_changed.emit(True)
    assert made.side.compare.list.card(0).running
