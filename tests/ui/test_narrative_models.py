"""Cards of models that cost money: waits, prices, reasons, labels, several answers, what a budget kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.test_narrative import LONG, spot_center, view, window
from ui.test_narrative_story import analysis, story, text
from ui.test_narrative_story import window as row

from skiuo_desktop import failures
from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisWaiting, WindowChanged
from skiuo_desktop.model import JUDGE, AnalysisState, Choice, FailureKind, Usage, WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative import NarrativeView

S, A = WindowState, AnalysisState
BUSY = failures.failure(FailureKind.OVERLOADED, "503", server="Google")
BIG = 8_343_023_297_495_042
"""Ids of the library need more than 32 bits."""
NOON = datetime(2025, 11, 24, 12, 0, tzinfo=UTC)


def waiting(seconds: float, attempt: int = 1, *, id: int = 0) -> AnalysisWaiting:
    return AnalysisWaiting(analysis(0, id=id), BUSY, datetime.now(UTC) + timedelta(seconds=seconds), attempt, 4)


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    theme().install(qapp, "light", "zh")
    yield
    theme().install(qapp, "light", "en")


# ---------------------------------------------------------------------- waits


def test_a_wait_counts_down_and_the_next_sign_of_life_ends_it() -> None:
    told, _ = story(row(0, S.QUEUED, analysis(0, A.QUEUED)))
    told._now = lambda: NOON
    told.apply(AnalysisStarted(analysis(0)))
    told.apply(text(0, 0, "half an ans"))
    told.apply(AnalysisWaiting(analysis(0), BUSY, NOON + timedelta(seconds=12), 1, 4))
    wait = told.shown(0).wait
    assert wait is not None and (wait.left_s, wait.attempt, wait.attempts) == (12, 2, 4)
    told._now = lambda: NOON + timedelta(seconds=11.5)
    assert told.shown(0).wait is not None and told.shown(0).wait.left_s == 1  # type: ignore[union-attr]
    told._now = lambda: NOON + timedelta(seconds=90)
    assert told.shown(0).wait is not None and told.shown(0).wait.left_s == 0, "late, and never below nothing"  # type: ignore[union-attr]
    told.apply(AnalysisStarted(analysis(0)))
    assert told.shown(0).wait is None and told.shown(0).streaming


@pytest.mark.parametrize(
    "sign", [text(0, 0, "a word"), AnalysisEnded(analysis(0, A.FAILED, failure=BUSY)), WindowChanged(row(0, S.DONE, analysis(0, A.DONE, "x")))]
)
def test_words_an_end_and_a_finished_row_end_a_wait(sign: object) -> None:
    told, _ = story(row(0, S.ANALYSING, analysis(0)))
    told.apply(waiting(30))
    assert told.shown(0).wait is not None
    told.apply(sign)  # type: ignore[arg-type]
    assert told.shown(0).wait is None


def test_a_row_that_is_queued_meanwhile_does_not_end_a_wait() -> None:
    told, _ = story(row(0, S.ANALYSING, analysis(0)))
    told.apply(waiting(30))
    told.apply(WindowChanged(row(0, S.QUEUED, analysis(0, A.QUEUED))))
    assert told.shown(0).wait is not None


def test_the_waiting_card_says_why_when_and_which_attempt(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0, S.ANALYSING, "")])
    running = made.story.track.windows[0].analyses[0]
    made.apply(AnalysisStarted(running))
    made.apply(AnalysisWaiting(running, BUSY, datetime.now(UTC) + timedelta(seconds=40), 1, 4))

    def left() -> int:
        said = re.fullmatch(r"Busy\. Skiuo tries again by itself in (\d+) s\.", made.card(0).plain)
        return int(said[1]) if said else -1

    qtbot.waitUntil(lambda: left() > 0)
    first = left()
    assert first <= 40
    assert made.card(0).right == "attempt 2 of 4" and len(made.story) == 1, "one card a window"
    raw: list[int] = []
    made.show_raw.connect(raw.append)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "raw"))
    assert raw == [running.id]
    qtbot.waitUntil(lambda: 0 < left() < first)
    made.apply(AnalysisStarted(running))
    qtbot.waitUntil(lambda: made.card(0).waiting)


# ---------------------------------------------------------------------- facts


def done(made: NarrativeView, **changes: object) -> str:
    """The facts of the first card after its analysis was changed."""
    shown = made.story.track.windows[0]
    made.apply(WindowChanged(replace(shown, analyses=(replace(shown.analyses[0], **changes),))))  # type: ignore[arg-type]
    QApplication.processEvents()
    made.relayout()
    return " | ".join(fact for row in made.card(0).facts for fact in row)


def test_prices_are_exact_estimated_or_not_paid_again(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0)])
    assert "$0.0040" in done(made, usage=Usage(9_224, 184, 0.004)) and "about" not in done(made, usage=Usage(9_224, 184, 0.004))
    assert "about $0.0040" in done(made, usage=Usage(9_224, 184, 0.004, estimated=True))
    assert "¥0.03" in done(made, usage=Usage(9_224, 184, 0.03, "CNY"))
    assert done(made, usage=Usage(9_224, 184, 0.0), facts={"kept": True}).endswith("kept answer, nothing paid"), "nor did it take time"


def test_facts_that_do_not_fit_go_to_another_row_and_none_is_lost(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0, model="a-model-with-a-rather-long-name-indeed")])
    made.resize(380, 300)
    said = done(made, usage=Usage(9_224, 184, 0.004, estimated=True), total_ms=6_900)
    assert said.count("|") == 3 and len(made.card(0).facts) == 2
    assert made.card(0).height >= made.card(0).facts_top + 2 * theme().line("small")


def test_why_another_model_was_asked_and_its_label_are_on_the_card(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0)])
    done(made, why={"code": "failed", "of": "qwen", "kind": "overloaded"}, facts={"label": "soldering"})
    card = made.card(0)
    assert card.note is not None and card.note.text() == "qwen failed: busy"
    assert card.label == "soldering"


def test_a_failed_card_says_what_may_have_been_billed(qtbot: QtBot) -> None:
    failed = window(0, S.FAILED, "")
    billed = replace(failed, analyses=(replace(failed.analyses[0], usage=Usage(9_000, None, 0.0031), failure=BUSY),))
    made = view(qtbot, [billed])
    assert made.card(0).plain == "Busy. Google is busy. Try again a little later. $0.0031 may have been billed."
    free = replace(failed, analyses=(replace(failed.analyses[0], usage=Usage(), failure=BUSY),))
    made.apply(WindowChanged(free))
    qtbot.waitUntil(lambda: "billed" not in made.card(0).plain)


def test_what_needs_the_person_leads_to_the_settings(qtbot: QtBot) -> None:
    failed = window(0, S.FAILED, "")
    refused = replace(failed, analyses=(replace(failed.analyses[0], failure=failures.failure(FailureKind.KEY, "401", server="Google")),))
    made = view(qtbot, [refused, window(1, S.FAILED, "")])
    made.resize(320, 400)
    wanted: list[bool] = []
    made.settings_wanted.connect(lambda: wanted.append(True))
    card = made.card(0)
    assert [s.text for s in card.spots] == ["Open settings", "Retry", "Raw answer"]
    assert max(s.rect.right() for s in card.spots) <= card.options.width and card.height > max(s.rect.bottom() for s in card.spots)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "settings"))
    assert wanted == [True]
    assert "Open settings" not in [s.text for s in made.card(1).spots], "asking again may mend the others"


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_its_sentence_in_chinese(qtbot: QtBot, chinese: None, kind: FailureKind) -> None:
    failed = window(0, S.FAILED, "")
    shown = failures.failure(kind, "", server="Google", model="m", budget="month", limit="$20.00")
    made = view(qtbot, [replace(failed, analyses=(replace(failed.analyses[0], failure=shown),))])
    assert made.card(0).plain.startswith(failures.cause(kind, "zh") + "。")
    assert "。" in made.card(0).plain and "answer" not in made.card(0).plain and "。 " not in made.card(0).plain


# ---------------------------------------------------------------------- budgets


def test_what_a_budget_kept_can_be_analysed_now(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0, S.SKIPPED, reason="budget"), window(1, S.SKIPPED, reason="stride")])
    kept, left_out = made.card(0), made.card(1)
    assert kept.tag == "Kept for later" and kept.facts == [["The budget is used up; nothing was sent."]]
    assert left_out.tag == "Skipped" and left_out.facts == [["Left out to save the budget."]]
    assert [s.text for s in kept.spots] == ["Analyse now"] and [s.text for s in left_out.spots] == ["Analyse anyway"]
    again: list[int] = []
    made.analyse_again.connect(again.append)
    qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot_center(made, 0, "again"))
    assert again == [0]


# ---------------------------------------------------------------------- several answers


def test_of_two_models_that_answer_together_the_first_stays_until_both_have_ended() -> None:
    told, _ = story(row(0, S.QUEUED))
    told.apply(AnalysisStarted(analysis(0, id=1, model="a")))
    told.apply(AnalysisStarted(analysis(0, id=2, model="b")))
    told.apply(text(0, 0, "by b", id=2))
    told.apply(text(0, 0, "by a", id=1))
    assert told.shown(0).text == "by a"
    told.apply(AnalysisEnded(analysis(0, A.DONE, "by a, whole", id=1, model="a")))
    shown = told.shown(0)
    assert (shown.text, shown.streaming, shown.state) == ("by a, whole", False, S.ANALYSING)
    told.apply(AnalysisEnded(analysis(0, A.DONE, "by b", id=2, model="b")))
    chosen = row(0, S.DONE, analysis(0, A.DONE, "by a, whole", id=1, model="a"), analysis(0, A.DONE, "by b", id=2, model="b"))
    told.apply(WindowChanged(replace(chosen, choice=Choice(1, "all"))))
    assert told.shown(0).text == "by a, whole" and [a.model for a in told.shown(0).others] == ["b"]


def test_a_text_that_is_there_is_read_while_another_model_is_still_asked(qtbot: QtBot) -> None:
    first = window(0)
    later = replace(first.analyses[0], id=7, model="other", text="", state=A.QUEUED)
    made = view(qtbot, [replace(first, state=S.QUEUED, analyses=(first.analyses[0], later))])
    assert made.card(0).plain == LONG.strip() and made.card(0).tag == "Queued" and made.card(0).facts
    made.apply(AnalysisStarted(later))
    qtbot.waitUntil(lambda: made.card(0).tag == "Analysing")
    assert made.card(0).plain == LONG.strip() and not made.card(0).shown.streaming
    made.apply(text(0, 0, "Other words.", id=7))
    QApplication.processEvents()
    assert made.card(0).plain == LONG.strip(), "the text does not change under the reader's eyes"


def test_a_model_asked_again_shows_its_new_text_beside_another_ones() -> None:
    told, _ = story(row(0, S.DONE, analysis(0, A.DONE, "by a", id=1, model="a"), analysis(0, A.DONE, "by b", id=2, model="b")))
    told.apply(AnalysisStarted(analysis(0, id=3, model="a")))
    told.apply(text(0, 0, "a anew", id=3))
    assert told.shown(0).text == "a anew" and told.shown(0).streaming


def test_who_chooses_between_answers_is_no_answer() -> None:
    judge = replace(analysis(0, A.RUNNING, id=3, model="j"), purpose=JUDGE)
    told, _ = story(row(0, S.DONE, analysis(0, A.DONE, "by a", id=1, model="a"), analysis(0, A.DONE, "by b", id=2, model="b")))
    told.apply(AnalysisStarted(judge))
    told.apply(text(0, 0, "the first", id=3))
    told.apply(AnalysisEnded(replace(judge, state=A.DONE, text="the first")))
    assert told.shown(0).text == "by b" and told.shown(0).state is S.DONE
    assert told.models() == ["a", "b"]


def test_who_is_asked_once_more() -> None:
    a, b = analysis(0, A.DONE, "by a", id=1, model="a"), analysis(0, A.DONE, "by b", id=2, model="b")
    told, _ = story(
        replace(row(0, S.DONE, a, b), choice=Choice(1, "all")),
        row(1, S.DONE, analysis(1, A.DONE, "x", model="a")),
        row(2, S.FAILED, analysis(2, A.FAILED, failure=BUSY)),
        row(3, S.SKIPPED),
    )
    assert told.asked_again(0) == (("a",), True), "of several the one that is read"
    assert told.asked_again(1) == ((), True), "another text is wanted than the one that was kept"
    assert told.asked_again(2) == told.asked_again(3) == ((), False)


def test_asking_again_says_what_it_costs(qtbot: QtBot) -> None:
    made = view(qtbot, [window(0)])
    assert [s.tip for s in made.card(0).spots if s.name == "again"] == ["Analyse again"]
    done(made, usage=Usage(9_224, 184, 0.004))
    assert [s.tip for s in made.card(0).spots if s.name == "again"] == ["Analyse again, about $0.0040"]


def test_other_answers_are_one_press_away_and_can_take_the_place(qtbot: QtBot) -> None:
    first = window(0)
    other = replace(first.analyses[0], id=BIG, model="other", text="Another view.")
    made = view(qtbot, [replace(first, analyses=(first.analyses[0], other), choice=Choice(first.analyses[0].id, "all"))])
    assert made.card(0).plain == LONG.strip()
    chosen: list[tuple[int, int]] = []
    made.answer_chosen.connect(lambda window_id, analysis_id: chosen.append((window_id, analysis_id)))
    assert next(s for s in made.card(0).spots if s.name == "others").text == "1 other answer"
    menu = made._others_menu(0, QPoint())
    assert [action.isChecked() for action in menu.actions()] == [True, False]
    menu.actions()[1].trigger()
    assert chosen == [(1, BIG)]
    menu.close()


def test_the_ledger_of_an_analysis_with_a_large_id_opens(qtbot: QtBot) -> None:
    first = window(0)
    made = view(qtbot, [replace(first, analyses=(replace(first.analyses[0], id=BIG),))], watch=True)
    asked: list[int] = []
    made.show_ledger.connect(asked.append)
    made.set_current(0)
    qtbot.keyClick(made, Qt.Key.Key_I)
    assert asked == [BIG]


@pytest.mark.parametrize("width", [320, 400, 480])
def test_links_never_lie_over_facts(qtbot: QtBot, width: int) -> None:
    first = window(0)
    other = replace(first.analyses[0], id=7, model="other", text="Another view.")
    made = view(qtbot, [replace(first, analyses=(replace(first.analyses[0], usage=Usage(9_224, 184, 0.004)), other))])
    made.resize(width, 300)
    made.relayout()
    card = made.card(0)
    link = next(s for s in card.spots if s.name == "others")
    same_row = link.rect.top() < card.facts_top + theme().line("small") * len(card.facts) - 1
    assert not same_row or link.rect.left() >= card.text_left + 100
    assert link.rect.right() <= card.text_left + card.text_width + 1
    assert card.height > link.rect.bottom()
