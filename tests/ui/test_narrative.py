"""The list of cards on the screen: streaming, following, keys, selection, and thousands of windows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, WindowChanged
from skiuo_desktop.model import OFFLINE, Analysis, AnalysisState, Failure, FailureKind, Marker, Span, Usage, Window, WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.narrative_follow import FollowPill

S, A = WindowState, AnalysisState
LONG = "The iron touches the first pad of row four and solder follows from the left a moment later. "


def window(index: int, state: WindowState = S.DONE, text: str = LONG, *, model: str = "m", reason: str = "") -> Window:
    span = Span(index * 10_000, index * 10_000 + 15_000)
    states = {S.DONE: A.DONE, S.FAILED: A.FAILED, S.ANALYSING: A.RUNNING}
    analyses: tuple[Analysis, ...] = ()
    if state in states:
        failure = Failure(FailureKind.CUT_SHORT, "41 words arrived.", "raw") if state is S.FAILED else None
        usage = Usage(1, 2, 0.0)
        analyses = (Analysis(index + 100, index + 1, "r", index, span, model, 1, states[state], text=text, failure=failure, usage=usage, total_ms=900),)
    return Window(index + 1, "r", index, span, state, reason, analyses)


def view(qtbot: QtBot, windows: list[Window], *, watch: bool = False, height: int = 400) -> NarrativeView:
    made = NarrativeView(watch=watch)
    qtbot.addWidget(made)
    made.resize(440, height)
    made.set_recording("r", windows, length_ms=15_000, stride_ms=10_000)
    made.show()
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made


def at_end(made: NarrativeView) -> bool:
    bar = made.verticalScrollBar()
    return bar.value() == bar.maximum()


def wheel(made: NarrativeView, steps: int) -> None:
    pos = QPointF(100, 100)
    event = QWheelEvent(
        pos,
        made.mapToGlobal(pos),
        QPoint(),
        QPoint(0, steps * 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(made.viewport(), event)


def card_center(made: NarrativeView, position: int) -> QPoint:
    return next(QPoint(150, round(top + made.card(position).body_top + 8)) for p, top in made.visible() if p == position)


def spot_center(made: NarrativeView, position: int, name: str) -> QPoint:
    top = next(top for p, top in made.visible() if p == position)
    spot = next(s for s in made.card(position).spots if s.name == name)
    return QPoint(round(spot.rect.center().x()), round(top + spot.rect.center().y()))


def test_text_arrives_in_the_card_and_the_newest_is_followed(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(10)] + [window(10, S.QUEUED)])
    running = window(10, S.ANALYSING, "").analyses[0]
    made.apply(AnalysisStarted(running))
    qtbot.waitUntil(lambda: made.card(10).waiting)
    position = 0
    for word in (LONG * 3).split(" "):
        made.apply(AnalysisText(running.id, 11, "r", 10, position, word + " "))
        position += len(word) + 1
    qtbot.waitUntil(lambda: made.card(10).plain.startswith(LONG) and len(made.card(10).plain) > 250)
    assert at_end(made)
    assert made.apply(AnalysisEnded(window(10, S.DONE, "whole").analyses[0])) == 10
    qtbot.waitUntil(lambda: made.card(10).plain == "whole")


def test_scrolling_up_lets_go_new_cards_are_counted_and_end_takes_hold(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(30)])
    pill = FollowPill(made)
    qtbot.addWidget(pill)
    assert at_end(made) and made.following
    wheel(made, 3)
    assert not made.following
    before = made.verticalScrollBar().value()
    for i in (30, 31):
        made.apply(WindowChanged(window(i)))
    qtbot.waitUntil(lambda: len(made._heights) == 32)
    assert made.verticalScrollBar().value() == before, "the text under the reader's eyes stands still"
    assert pill.text() == "2 new"
    qtbot.keyClick(made, Qt.Key.Key_End)
    assert made.following and at_end(made) and pill.text() == "Follow newest"


def test_the_card_that_plays_is_brought_into_view_until_the_person_looks_elsewhere(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(60)], watch=True)
    made.set_playing(40, running=True)
    qtbot.waitUntil(lambda: 40 in [p for p, _ in made.visible()])
    wheel(made, 5)
    before = made.visible()
    made.set_playing(5, running=True)
    QApplication.processEvents()
    assert made.visible()[0] == before[0], "what is read stands still, though a card above it has grown"
    made.set_following(True)
    assert 5 in [p for p, _ in made.visible()]


def test_keys_walk_play_ask_again_and_open_the_ledger(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(5)], watch=True)
    played: list[int] = []
    again: list[int] = []
    ledger: list[int] = []
    made.play.connect(played.append)
    made.analyse_again.connect(again.append)
    made.show_ledger.connect(ledger.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_R, Qt.Key.Key_I):
        qtbot.keyClick(made, key)
    assert made.current == 1
    assert (played, again, ledger) == ([10_000], [1], [101])
    qtbot.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == LONG.strip()


def test_a_click_on_a_text_plays_from_there_and_a_drag_selects(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(5)], watch=True)
    played: list[int] = []
    made.play.connect(played.append)
    wheel(made, -1)
    assert not made.following
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=card_center(made, 2))
    assert played == [20_000] and made.current == 2
    assert made.following, "who plays from here wants to see what follows"
    wheel(made, 9)
    start, end = card_center(made, 0) - QPoint(110, 0), card_center(made, 1)
    qtbot.mousePress(made.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(made.viewport(), end)
    qtbot.mouseRelease(made.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert played == [20_000], "selecting is not playing"
    assert made.selected_text.startswith(LONG.strip() + "\n\n") or made.selected_text.split("\n\n")[0] in LONG
    assert made.copy() == QGuiApplication.clipboard().text() == made.selected_text


def test_a_failed_card_says_why_and_offers_what_to_do(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0, S.FAILED, "kept words")], watch=True)
    card = made.card(0)
    assert card.plain.startswith("Answer cut short. 41 words arrived.") and "kept words" in card.plain
    raw: list[int] = []
    again: list[int] = []
    made.show_raw.connect(raw.append)
    made.analyse_again.connect(again.append)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "retry"))
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "raw"))
    assert (again, raw) == ([0], [100])


def test_a_skipped_card_can_be_analysed_anyway(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0, S.SKIPPED, reason="not_asked")])
    again: list[int] = []
    made.analyse_again.connect(again.append)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "again"))
    assert again == [0]


@pytest.mark.parametrize("width", [320, 400, 480])
def test_what_no_model_has_seen_is_headed_as_that_at_every_width(qtbot: QtBot, width: int) -> None:
    made = view(qtbot, [window(0, model=OFFLINE), window(1)])
    made.resize(width, 300)
    card = made.card(0)
    assert card.offline and not made.card(1).offline
    room = card.text_width - card.time_width - 8 if card.heading.isNull() else card.heading.width()
    assert QFontMetricsF(theme().font("small")).horizontalAdvance(words.offline_heading()) + 18 <= room, "the heading is not cut"


def test_a_marker_stands_in_the_first_window_that_holds_it(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(3)])
    made.set_markers([Marker(1, 12_000, "bridge!"), Marker(2, 33_000)])
    assert [made.card(i).options.marker for i in range(3)] == ["bridge!", "", "your marker"]


def test_the_search_marks_and_counts(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0), window(1, text="nothing here"), window(2)])
    assert made.set_search("IRON") == [0, 2]
    body = made.card(0).body
    assert body is not None and [f.start for f in body.formats()] == [4]
    assert made.set_search("") == []


def test_text_is_never_cut_and_wraps_at_every_width(qtbot: QtBot) -> None:
    said = "焊接键盘套件，第二晚：" * 8 + "averyveryverylongwordwithoutanyspace" * 4
    made = view(qtbot, [window(0, text=said)])
    for width in (220, 330, 520):
        made.resize(width, 300)
        body = made.card(0).body
        assert body is not None
        assert sum(body.lineAt(i).textLength() for i in range(body.lineCount())) == len(said)
        assert all(body.lineAt(i).naturalTextWidth() <= made.card(0).text_width + 1 for i in range(body.lineCount()))


def test_three_thousand_windows_lay_out_what_is_in_view_only(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i) for i in range(3_000)])
    assert len(made._cards) <= 120
    made.verticalScrollBar().setValue(made.verticalScrollBar().maximum() // 2)
    QApplication.processEvents()
    tops = [top for _, top in made.visible()]
    assert 3 <= len(tops) <= 12 and len(made._cards) <= 121
    qtbot.waitUntil(lambda: made._heights.next_unmeasured() is None, timeout=60_000)
    assert made._heights.total == pytest.approx(sum(made._heights.height(i) for i in range(3_000)))


def test_measuring_what_is_above_does_not_move_what_is_read(qtbot: QtBot) -> None:
    made = view(qtbot, [window(i, text=LONG * (1 + i % 5)) for i in range(800)], watch=True)
    made.verticalScrollBar().setValue(20_000)
    first, top = made.visible()[0]
    qtbot.waitUntil(lambda: made._heights.next_unmeasured() is None, timeout=60_000)
    again = dict(made.visible())
    assert again[first] == pytest.approx(top, abs=1)
