"""What each card says while rows and events come in, in any order; heights; selected text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, WindowChanged
from skiuo_desktop.model import OFFLINE, Analysis, AnalysisState, Failure, FailureKind, Recording, RecordingState, Span, Usage, Window, WindowState
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.narrative_export import as_markdown, as_text
from skiuo_desktop.ui.widgets.narrative_heights import Heights
from skiuo_desktop.ui.widgets.narrative_layout import find_all
from skiuo_desktop.ui.widgets.narrative_select import Selection
from skiuo_desktop.ui.widgets.narrative_story import Story

S, A = WindowState, AnalysisState


def analysis(index: int, state: AnalysisState = A.RUNNING, text: str = "", *, id: int = 0, model: str = "m", failure: Failure | None = None) -> Analysis:
    span = Span(index * 10_000, index * 10_000 + 15_000)
    return Analysis(id or index + 100, index + 1, "r", index, span, model, 1, state, text=text, failure=failure, usage=Usage(9224, 184, 0.004), total_ms=6_900)


def window(index: int, state: WindowState, *analyses: Analysis) -> Window:
    return Window(index + 1, "r", index, Span(index * 10_000, index * 10_000 + 15_000), state, analyses=analyses)


def text(index: int, position: int, delta: str, *, id: int = 0) -> AnalysisText:
    return AnalysisText(id or index + 100, index + 1, "r", index, position, delta)


def story(*windows: Window) -> tuple[Story, list[float]]:
    now = [0.0]
    made = Story(clock=lambda: now[0])
    made.load("r", windows)
    return made, now


def test_an_answer_fills_its_card_word_by_word_and_ends_whole() -> None:
    told, now = story(window(0, S.QUEUED))
    told.apply(AnalysisStarted(analysis(0)))
    assert told.shown(0).streaming and told.shown(0).text == ""
    now[0] = 2.0
    told.apply(text(0, 0, "The iron "))
    told.apply(text(0, 9, "touches."))
    now[0] = 3.0
    shown = told.shown(0)
    assert (shown.text, shown.elapsed_ms, shown.first_word_ms) == ("The iron touches.", 3_000, 2_000)
    told.apply(AnalysisEnded(analysis(0, A.DONE, "The iron touches.")))
    assert told.shown(0).state is S.DONE and not told.shown(0).streaming


def test_one_who_comes_late_reads_the_beginning_from_the_row() -> None:
    told, _ = story(window(0, S.ANALYSING, analysis(0, text="The iron ")))
    told.apply(text(0, 9, "touches"))
    assert told.shown(0).text == "The iron touches"
    told.apply(text(0, 16, " the pad"))
    assert told.shown(0).text == "The iron touches the pad"


def test_a_hole_is_shown_as_one_until_the_whole_text_is_there() -> None:
    told, _ = story(window(0, S.ANALYSING, analysis(0)))
    told.apply(text(0, 40, "end"))
    assert told.shown(0).text == "…end"
    told.apply(AnalysisEnded(analysis(0, A.DONE, "all of it, from the beginning to the end")))
    assert told.shown(0).text == "all of it, from the beginning to the end"


def test_words_that_come_twice_are_shown_once() -> None:
    told, _ = story(window(0, S.ANALYSING, analysis(0)))
    told.apply(text(0, 0, "one two "))
    told.apply(text(0, 4, "two three"))
    assert told.shown(0).text == "one two three"


def test_words_after_the_end_change_nothing() -> None:
    told, _ = story(window(0, S.DONE, analysis(0, A.DONE, "done")))
    assert told.apply(text(0, 0, "late")) is None
    assert told.shown(0).text == "done"


def test_events_of_another_recording_are_not_taken() -> None:
    told, _ = story(window(0, S.QUEUED))
    told.recording_id = "other"
    assert told.apply(AnalysisStarted(analysis(0))) is None
    assert told.apply(WindowChanged(window(1, S.DONE))) is None
    assert len(told) == 1


def test_a_new_run_shows_its_own_text_and_a_failed_one_leaves_the_old() -> None:
    old = analysis(0, A.DONE, "old text", id=1)
    told, _ = story(window(0, S.DONE, old))
    again = analysis(0, id=2)
    told.apply(AnalysisStarted(again))
    told.apply(text(0, 0, "new", id=2))
    assert told.shown(0).text == "new"
    told.apply(AnalysisEnded(analysis(0, A.FAILED, id=2, failure=Failure(FailureKind.NETWORK, "gone"))))
    assert told.shown(0).state is S.DONE and told.shown(0).text == "old text"


def test_a_run_that_is_queued_again_waits_again() -> None:
    told, _ = story(window(0, S.QUEUED))
    told.apply(AnalysisStarted(analysis(0)))
    told.apply(AnalysisEnded(analysis(0, A.QUEUED)))
    assert told.shown(0).state is S.QUEUED


def test_windows_being_recorded_have_cards_until_their_rows_come() -> None:
    told, _ = story(window(0, S.DONE, analysis(0, A.DONE, "x")))
    assert told.set_now(22_000, True)
    assert [told.index_at(p) for p in range(len(told))] == [0, 1, 2]
    assert told.shown(2).state is S.RECORDING and told.shown(2).window is None
    told.apply(WindowChanged(window(1, S.QUEUED)))
    assert [told.shown(p).state for p in range(len(told))] == [S.DONE, S.QUEUED, S.RECORDING]
    assert told.set_now(22_000, False)
    assert len(told) == 2


def test_one_model_can_be_looked_at_alone() -> None:
    told, _ = story(window(0, S.DONE, analysis(0, A.DONE, "by a", id=1, model="a"), analysis(0, A.DONE, "by b", id=2, model="b")))
    assert told.models() == ["a", "b"] and told.shown(0).text == "by b"
    told.model = "a"
    assert told.shown(0).text == "by a"


def test_heights_are_guessed_then_measured() -> None:
    heights = Heights()
    heights.replace([50.0] * 4)
    assert heights.set(1, 80.0) == 30.0
    assert heights.tops == [0, 50, 130, 180, 230]
    assert heights.at(129) == 1 and heights.at(130) == 2 and heights.at(230) is None
    assert heights.next_unmeasured() == 0
    heights.resize(6, 40.0)
    assert heights.total == 310
    heights.resize(2, 0.0)
    assert heights.total == 130 and len(heights) == 2


class _Plain:
    def __init__(self, plain: str) -> None:
        self.plain = plain


def test_a_selection_reaches_over_cards_in_either_direction() -> None:
    cards = [_Plain("first card"), _Plain("second"), _Plain("third card")]
    selection = Selection()
    selection.begin((2, 5))
    selection.extend((0, 6))
    assert selection.text(lambda p: cards[p]) == "card\n\nsecond\n\nthird"
    selection.word(0, "first card", 8)
    assert selection.text(lambda p: cards[p]) == "card"
    selection.word(0, "焊接键盘", 1)
    assert selection.in_card(0, 4) == (1, 2)


def test_search_finds_any_case_and_any_script() -> None:
    assert find_all("Heat, heatmap, HEAT", "heat") == [0, 6, 15]
    assert find_all("焊接键盘，焊接", "焊接") == [0, 5]
    assert find_all("İstanbul", "stan") == [1]
    assert find_all("x", "") == []


def test_a_failure_says_its_cause_once() -> None:
    assert words.failure(Failure(FailureKind.CUT_SHORT, "Answer cut short.")) == ("Answer cut short.", "")
    assert words.failure(Failure(FailureKind.NETWORK, "Check the address.")) == ("Not reachable.", "Check the address.")
    assert words.failure(Failure(FailureKind.EMPTY, "Empty answer: ask again.")) == ("Empty answer.", "Ask again.")


def test_facts_name_only_what_is_known() -> None:
    assert [f.replace(",", "") for f in words.facts(analysis(0, A.DONE, "x"))] == ["m", "9224 → 184 tokens", "$0.0040", "6.9\u00a0s"]
    bare = Analysis(1, 1, "r", 0, Span(0, 1), OFFLINE, 1, A.DONE)
    assert words.facts(bare) == ["Offline measurer"]


def test_the_narrative_as_text_and_as_markdown() -> None:
    windows = (
        window(0, S.DONE, analysis(0, A.DONE, "# not a heading\n- nor <a list>")),
        window(1, S.FAILED, analysis(1, A.FAILED, failure=Failure(FailureKind.EMPTY, "Ask again."))),
        window(2, S.SKIPPED),
        window(3, S.DONE, analysis(3, A.DONE, "Motion 38 %.", model=OFFLINE)),
    )
    made = Recording("r", "d", "Soldering *two*", "/x.webm", "camera:0", "Desk", datetime(2026, 11, 24, tzinfo=UTC), RecordingState.FINISHED, 15_000, 10_000)
    made = replace(made, windows=windows, duration_ms=45_000, tags=("kit",), notes="note")
    plain, marked = as_text(made), as_markdown(made)
    assert "Failed: Empty answer. Ask again." in plain
    assert "00:20" not in plain.replace("\u00a0", " ").split("\n\n", 2)[2], "a window without text has no heading"
    assert "(Measured and read on this device)" in plain
    assert "\\# not a heading\n\\- nor &lt;a list>" in marked
    assert marked.startswith("# Soldering *two*") and "`kit`" in marked and "> note" in marked
