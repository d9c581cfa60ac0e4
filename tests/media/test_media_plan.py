"""Which windows a recording has."""

from __future__ import annotations

import itertools
import random

import pytest

from skiuo_desktop.media.plan import edge_ms, planned, ready
from skiuo_desktop.model import Span


def spans(*pairs: tuple[int, int]) -> list[Span]:
    return [Span(*pair) for pair in pairs]


def test_windows_slide_by_the_stride_and_end_with_the_recording() -> None:
    assert planned(46_000, 15_000, 10_000) == spans((0, 15_000), (10_000, 25_000), (20_000, 35_000), (30_000, 45_000), (40_000, 46_000))


def test_a_short_last_window_is_merged_into_the_one_before() -> None:
    assert planned(44_999, 15_000, 10_000)[-1] == Span(30_000, 44_999)
    assert planned(45_000, 15_000, 10_000)[-1] == Span(40_000, 45_000)
    assert planned(23_000, 10_000, 10_000) == spans((0, 10_000), (10_000, 23_000))


def test_a_short_recording_is_one_window_and_an_empty_one_has_none() -> None:
    assert planned(3000, 15_000, 10_000) == spans((0, 3000))
    assert planned(12_000, 15_000, 10_000) == spans((0, 12_000))
    assert planned(0, 15_000, 10_000) == []


def test_windows_shorter_than_the_least_stand_alone_all_the_same() -> None:
    assert planned(9000, 3000, 3000) == spans((0, 3000), (3000, 6000), (6000, 9000))
    assert planned(8000, 3000, 3000) == spans((0, 3000), (3000, 8000))


def brute(duration: int, length: int, stride: int, least: int) -> list[Span]:
    """The rule, word for word."""
    windows = [[start, min(start + length, duration)] for start in range(0, duration, stride)]
    while len(windows) > 1 and windows[-1][1] - windows[-1][0] < min(least, length):
        windows.pop()
        windows[-1][1] = duration
    return [Span(*window) for window in windows]


def test_any_plan_follows_the_rule_and_leaves_no_gap() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        length = chance.randint(1, 40)
        stride, least, duration = chance.randint(1, length), chance.randint(1, 12), chance.randint(1, 200)
        plan = planned(duration, length, stride, least)
        assert plan == brute(duration, length, stride, least)
        assert plan[0].start_ms == 0
        assert plan[-1].end_ms == duration
        assert all(after.start_ms <= before.end_ms for before, after in itertools.pairwise(plan))


def test_a_window_that_is_ready_never_changes() -> None:
    chance = random.Random(4)
    for _ in range(300):
        length = chance.randint(1, 40)
        stride, least, duration = chance.randint(1, length), chance.randint(1, 12), chance.randint(1, 200)
        plan = planned(duration, length, stride, least)
        for written in range(duration + 1):
            now = ready(written, length, stride, least)
            assert now == plan[: len(now)]
            assert all(span.end_ms <= written for span in now)


def test_a_window_is_ready_as_soon_as_nothing_can_change_it() -> None:
    """Once it is certain in every continuation of the recording, `ready` has it: waiting longer would be idle."""
    for length, stride, least in ((15, 10, 5), (10, 10, 5), (7, 3, 2), (4, 4, 9)):
        for written in range(80):
            continuations = [planned(end, length, stride, least) for end in range(max(1, written), written + 60)]
            certain = 0
            while certain < len(continuations[0]) and all(len(c) > certain and c[certain] == continuations[0][certain] for c in continuations):
                certain += 1
            assert ready(written, length, stride, least) == continuations[0][:certain]


def test_default_windows_become_ready_when_their_end_is_written() -> None:
    assert ready(14_999, 15_000, 10_000) == []
    assert ready(15_000, 15_000, 10_000) == spans((0, 15_000))
    assert ready(25_000, 15_000, 10_000) == spans((0, 15_000), (10_000, 25_000))


def test_the_edges_are_where_windows_begin_and_end_but_not_finer_than_a_second() -> None:
    assert edge_ms(15_000, 10_000) == 5000
    assert edge_ms(60_000, 60_000) == 60_000
    assert edge_ms(15_000, 10_100) == 1000


@pytest.mark.parametrize(("length", "stride"), [(10_000, 10_001), (0, 0), (10_000, 0), (10_000, -5), (-1, -1)])
def test_windows_that_would_leave_gaps_are_refused(length: int, stride: int) -> None:
    for refused in (lambda: planned(60_000, length, stride), lambda: ready(60_000, length, stride), lambda: edge_ms(length, stride)):
        with pytest.raises(ValueError, match="stride"):
            refused()
