"""Time and pixels, ticks, lanes, the worst state of a bucket, and which windows are to come."""

from __future__ import annotations

from itertools import pairwise

import pytest

from skiuo_desktop.model import Span, Window, WindowState
from skiuo_desktop.ui.widgets.timeline_model import MAX_LANES, Scale, WindowTrack, buckets, lane_count, lane_metrics, rows, ticks, worst
from skiuo_desktop.ui.widgets.timeline_viewport import Viewport

S = WindowState


def window(index: int, state: WindowState = S.DONE, *, length: int = 15_000, stride: int = 10_000, end: int | None = None) -> Window:
    return Window(index + 1, "r", index, Span(index * stride, end or index * stride + length), state)


def test_pixels_and_times_are_inverse_and_stay_inside() -> None:
    scale = Scale(700_000, 180_000, 80, 742)
    assert scale.x(700_000) == 80 and scale.x(880_000) == 822
    assert scale.ms(scale.x(767_000)) == 767_000
    assert scale.ms(-50) == 700_000 and scale.ms(5_000) == 880_000


@pytest.mark.parametrize("span", [4_000, 20_000, 180_000, 1_450_000, 36_000_000])
def test_labelled_ticks_leave_room_for_their_labels(span: int) -> None:
    scale = Scale(0, span, 0, 800)
    found = ticks(scale)
    major = [scale.x(t.ms) for t in found if t.major]
    assert 1 <= len(major) <= 9
    assert all(b - a >= 100 for a, b in pairwise(major))
    assert len(found) < 60


@pytest.mark.parametrize(
    ("length", "stride", "lanes"), [(15_000, 10_000, 2), (15_000, 15_000, 1), (30_000, 10_000, 3), (31_000, 10_000, 4), (600_000, 1_000, MAX_LANES)]
)
def test_as_many_lanes_as_windows_overlap(length: int, stride: int, lanes: int) -> None:
    assert lane_count(length, stride) == lanes


def test_lanes_are_20_high_up_to_three_then_12_then_share_the_room() -> None:
    assert lane_metrics(2, 20, 4, 12) == (20, 24)
    assert lane_metrics(5, 20, 4, 12) == (12, 16)
    height, pitch = lane_metrics(40, 20, 4, 12)
    assert height < pitch and 40 * pitch == pytest.approx(8 * 16)


def test_the_rows_are_those_of_the_design() -> None:
    small = rows(2, 20, 4, overview=False, motion=True, sound=True)
    assert small.height == 84
    whole = rows(2, 20, 4, overview=True, motion=True, sound=True)
    assert whole.height == 240 and whole.lane_top(5, 2) == 98
    assert rows(2, 20, 4, overview=True, motion=True, sound=False).sound == 0


def test_failed_is_the_worst_and_done_the_best() -> None:
    assert worst([S.DONE, S.SKIPPED, S.FAILED, S.ANALYSING]) is S.FAILED
    assert worst([S.DONE, S.SKIPPED]) is S.SKIPPED


def test_a_bucket_shows_the_worst_that_it_covers_and_none_is_lost() -> None:
    states = [S.DONE] * 1000
    states[777] = S.FAILED
    found = buckets(states, 44)
    assert len(found) == 44 and found.count(S.FAILED) == 1
    assert buckets(states[:10], 44) == states[:10]


def test_between_finds_a_merged_last_window_that_began_long_before() -> None:
    track = WindowTrack()
    track.set_windows([window(0), window(1), window(2, end=39_000)])
    assert [w.index for w in track.between(36_000, 38_000)] == [2]
    assert [w.index for w in track.between(10_000, 20_000)] == [0, 1]


def test_a_moment_belongs_to_the_newest_window_that_holds_it() -> None:
    track = WindowTrack()
    track.set_windows([window(0), window(1), window(2)])
    assert track.at(12_000).index == 1  # type: ignore[union-attr]
    assert track.at(34_999).index == 2  # type: ignore[union-attr]
    assert track.at(35_000) is None


def test_windows_to_come_are_recording_up_to_now_and_planned_after() -> None:
    track = WindowTrack()
    track.set_windows([window(0)])
    track.live, track.now_ms = True, 26_000
    coming = track.coming(50_000)
    assert [(b.index, b.state) for b in coming] == [(1, S.RECORDING), (2, S.RECORDING), (3, S.PLANNED), (4, S.PLANNED)]
    assert coming[0].share == 1.0 and coming[1].share == pytest.approx(0.4)
    assert track.counts() == {S.DONE: 1, S.RECORDING: 2}


def test_a_row_takes_the_place_of_what_was_being_recorded() -> None:
    track = WindowTrack()
    track.live, track.now_ms = True, 26_000
    assert track.update(window(0, S.QUEUED)) is None
    assert track.update(window(0, S.DONE)).state is S.QUEUED  # type: ignore[union-attr]
    assert [b.index for b in track.coming(26_001)] == [1, 2]


def test_while_recording_the_present_stands_at_three_quarters() -> None:
    view = Viewport(live=True)
    view.set_width(886)
    view.set_now(30_000)
    assert view.start_ms == 0
    view.set_now(600_000)
    assert (600_000 - view.start_ms) / view.span_ms == pytest.approx(0.75)


def test_looking_back_while_recording_lets_go_and_the_end_takes_hold() -> None:
    view = Viewport(live=True)
    view.set_width(886)
    view.set_now(600_000)
    view.pan(-100_000)
    start = view.start_ms
    view.set_now(601_000)
    assert view.start_ms == start
    view.follow()
    assert (601_000 - view.start_ms) / view.span_ms == pytest.approx(0.75)


def test_playing_turns_a_page_and_a_jump_shows_what_is_around() -> None:
    view = Viewport(live=False)
    view.set_total(1_450_000)
    view.set_now(180_500)
    assert 180_500 - view.start_ms == pytest.approx(view.span_ms * 0.05)
    view.set_now(900_000)
    assert 900_000 - view.start_ms == pytest.approx(view.span_ms * 0.37)


def test_zoom_goes_from_everything_to_three_windows_and_keeps_its_anchor() -> None:
    view = Viewport(live=False)
    view.set_total(1_450_000)
    view.set_zoom(0)
    assert view.span_ms == 1_450_000
    view.set_now(700_000)
    before = (700_000 - view.start_ms) / view.span_ms
    view.set_zoom(1)
    assert view.span_ms == pytest.approx(30_000)
    assert (700_000 - view.start_ms) / view.span_ms == pytest.approx(before)


def test_a_recording_shorter_than_the_view_is_shown_whole() -> None:
    view = Viewport(live=False)
    view.set_total(4_000)
    assert (view.start_ms, view.span_ms) == (0, 4_000)
    view.pan(10_000)
    assert view.start_ms == 0
