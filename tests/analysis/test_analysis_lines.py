"""Which lines are the same, in what order they are read, and which are new."""

from __future__ import annotations

import random

import pytest

from skiuo_desktop.analysis.lines import Line, arranged, fresh, merged, same


def line(text: str, box: tuple[float, float, float, float] = (0, 0, 100, 20), score: float = 0.95) -> Line:
    return Line(text, score, box)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pytest: 3 failed, 42 passed", "pytest:3 failed,42passed"),
        ("pytest: 3 failed", "pytest: 3 fai1ed"),
        ("def main(args)", "def main(arqs)"),
        ("The quick brown fox jumps", "The quick br0wn f0x jumps"),
        ("12:04", "12:05"),
        ("Tue 24 Nov 12:04", "Tue 24 Nov 12:05"),
        ("今天的会议在下午三点开始请准时参加", "今天的会议在下午三点开始清准时参加"),
        ("焊接温度：350℃", "焊接温度:350 ℃"),
    ],
)
def test_a_line_that_was_read_a_little_differently_is_the_same(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 failed, 42 passed", "2 failed, 42 passed"),
        ("Build number 1041 finished", "Build number 1042 finished"),
        ("Tue 24 Nov 12:04", "Wed 25 Nov 12:05"),
        ("temperature set to low today", "temperature set to high today"),
        ("git push origin main", "git pull origin main"),
        ("Save", "Safe"),
        ("打开一号阀门", "打开二号阀门"),
        ("今天的会议在下午三点开始请准时参加", "今天的会议在下午四点开始请准时参加"),
        ("350 °C", "351 °C"),
        ("---", "==="),
    ],
)
def test_a_line_that_says_something_else_is_not(one: str, other: str) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_lines_are_read_from_top_to_bottom_and_left_to_right() -> None:
    pieces = [
        line("Files", (10, 100, 60, 120)),
        line("def main():", (300, 97, 420, 118)),
        line("README", (10, 140, 80, 160)),
        line("return 0", (340, 141, 430, 159)),
        line("title", (200, 10, 260, 40)),
    ]
    random.Random(1).shuffle(pieces)
    assert [read.text for read in arranged(pieces)] == ["title", "Files", "def main():", "README", "return 0"]


def test_pieces_that_stand_close_together_are_one_line() -> None:
    pieces = [line("git push", (100, 10, 200, 30)), line("origin main", (208, 11, 330, 31)), line("焊接", (100, 50, 140, 70)), line("温度", (145, 50, 185, 70))]
    assert [read.text for read in arranged(pieces)] == ["git push origin main", "焊接温度"]


def test_of_a_line_that_is_typed_on_the_longest_stays() -> None:
    pictures = [[line("def ma"), line("import os")], [line("def main(args"), line("import os")], [line("def main(args): return 0"), line("import os")]]
    assert [kept.text for kept in merged(pictures)] == ["import os", "def main(args): return 0"]


def test_of_two_readings_the_surer_one_stays() -> None:
    assert [kept.text for kept in merged([[line("pytest: 3 fai1ed", score=0.8)], [line("pytest: 3 failed", score=0.99)]])] == ["pytest: 3 failed"]


def test_only_unknown_lines_are_new() -> None:
    assert fresh(["import os", "def main", "lint: ok", "12:31"], ["import os", "def main(args):", "12:30"]) == ["lint: ok"]


@pytest.mark.parametrize("text", ["|", "—", "a", "7", "..."])
def test_single_signs_are_not_told(text: str) -> None:
    assert not line(text, score=0.99).sure


@pytest.mark.parametrize("text", ["OK", "焊", "焊接", "42"])
def test_short_words_are_told_when_they_are_clear(text: str) -> None:
    assert line(text, score=0.97).sure
    assert not line(text, score=0.75).sure
