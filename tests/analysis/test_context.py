"""What is carried from window to window."""

from __future__ import annotations

from itertools import pairwise

import pytest

from skiuo_desktop.analysis.context import clock, extend_summary, previous_excerpt, room, sentences, shortened
from skiuo_desktop.model import Span


def window(index: int) -> Span:
    return Span(index * 10_000, index * 10_000 + 15_000)


def test_a_line_for_each_window_its_first_sentence_and_its_time() -> None:
    summary = extend_summary("", "She fills the kettle. Then she waits.", Span(0, 15_000), "en")
    summary = extend_summary(summary, "水开了。她泡茶。", Span(3_661_000, 3_676_000), "zh")
    assert summary == "[00:00] She fills the kettle.\n[1:01:01] 水开了。"


def test_a_window_that_is_analysed_again_replaces_its_line_and_a_late_one_finds_its_place() -> None:
    summary = extend_summary(extend_summary("", "A.", window(0), "en"), "Old one.", window(3), "en")
    summary = extend_summary(extend_summary(summary, "New one.", window(3), "en"), "Between.", window(1), "en")
    assert summary.splitlines() == ["[00:00] A.", "[00:10] Between.", "[00:30] New one."]


@pytest.mark.parametrize("text", ["Nothing new happens.", "There is nothing new here.", "No change.", "没有新内容。", "本段没有变化。", "   ", ""])
def test_a_window_without_news_adds_no_line(text: str) -> None:
    assert extend_summary("[00:00] A.", text, window(1), "en") == "[00:00] A."


@pytest.mark.parametrize("text", ["Nothing is left in the bowl.", "没有人在房间里。", "No one speaks."])
def test_news_of_an_absence_are_news(text: str) -> None:
    assert extend_summary("", text, window(1), "en") == f"[00:10] {text}"


def test_the_first_sentence_with_news_counts() -> None:
    assert extend_summary("", "Nothing new at first. Then the pot boils over.", window(1), "en") == "[00:10] Then the pot boils over."


def test_a_long_recording_keeps_its_beginning_and_is_dense_at_its_end() -> None:
    summary = ""
    for index in range(360):
        summary = extend_summary(summary, f"Step number {index} is carried out on the bench with great care.", window(index), "en")
        assert len(summary) <= 900
    times = [int(line[1:3]) * 60 + int(line[4:6]) for line in summary.splitlines()]
    assert times[0] == 0 and times[-1] == 3590 and times == sorted(times)
    assert times[-4:] == [3560, 3570, 3580, 3590]
    ages = [(3600 - time, after - time) for time, after in pairwise(times)]
    assert len(times) >= 9, "it is full"
    assert all(gap <= age for age, gap in ages), "no gap is longer than it is old"
    assert ages[0][1] > ages[-1][1] * 5, "older is sparser"


def test_a_summary_stays_within_any_limit() -> None:
    summary = ""
    for index in range(20):
        summary = extend_summary(summary, "很长的一句话" * 40 + "。", window(index), "zh", most_chars=100)
        assert room(summary) <= 100 and summary.endswith("…")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He opens main.py at 3.5 s. Done!", ["He opens main.py at 3.5 s.", "Done!"]),
        ("Add 2 eggs, e.g. large ones. Stir.", ["Add 2 eggs, e.g. large ones.", "Stir."]),
        ("Dr. Li speaks. She says “Stop.” Then she goes.", ["Dr. Li speaks.", "She says “Stop.”", "Then she goes."]),
        ("她说：“停！”然后走开。完了", ["她说：“停！”", "然后走开。", "完了"]),
        ("1. Cut the onion. 2. Fry it.", ["1. Cut the onion.", "2. Fry it."]),
        ("It works! it says? Yes", ["It works! it says?", "Yes"]),
        ("no end", ["no end"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_the_excerpt_is_the_end_in_whole_sentences() -> None:
    assert previous_excerpt(" One.\n\nTwo. ") == "One. Two."
    assert previous_excerpt("First one here. Second one. Third one.", 30) == "… Second one. Third one."
    assert previous_excerpt("第一句话很长很长。第二句。第三句。", 20) == "… 第二句。第三句。"
    assert previous_excerpt("字" * 400) == "…" + "字" * 299
    assert previous_excerpt("x" * 700) == "…" + "x" * 599


def test_a_long_sentence_is_cut_at_a_words_end() -> None:
    assert shortened("the quick brown fox jumps", 17, "en") == "the quick brown…"
    assert shortened("一二三四五六七八", 9, "zh") == "一二三四…"
    assert clock(59_999) == "00:59"
