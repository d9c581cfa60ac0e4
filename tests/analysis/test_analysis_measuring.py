"""Motion, scene changes, light and sharpness, measured on clips that were encoded as a recording is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from analysis.drawn_clips import Frame, screen, webm, with_disc

from skiuo_desktop.analysis.choosing import blurred, choose
from skiuo_desktop.analysis.decoding import Shot, Sound, Unreadable, decoded
from skiuo_desktop.analysis.measuring import Measurer, Measures
from skiuo_desktop.analysis.pictures import from_jpeg
from skiuo_desktop.errors import MediaError
from skiuo_desktop.model import Span

PAGE = screen("pytest: 3 failed, 42 passed", "git push origin main", "今天的会议在下午三点开始", width=480, height=270, size=16)
OTHER = screen("Soldering the keyboard kit", width=480, height=270, size=22, dark=False)
KEYFRAME_START = b"\x9d\x01\x2a"  # of VP8
NOISE = np.random.default_rng(3).standard_normal((8, 270, 480, 3)) * 5


def noisy(frame: Frame, number: int) -> Frame:
    """As a camera's sensor makes it, never twice the same."""
    return np.clip(frame + NOISE[number % len(NOISE)], 0, 255).astype(np.uint8)


def measured(frames: Sequence[Frame], fps: int = 10, start_ms: int = 0) -> tuple[Measures, Measurer]:
    span = Span(start_ms, start_ms + len(frames) * 1000 // fps)
    measurer = Measurer(span)
    for part in decoded(webm(frames, fps), start_ms, span):
        assert isinstance(part, Shot)
        measurer.add(part)
    return measurer.finish(0), measurer


def test_a_still_scene_has_no_motion_however_noisy_it_is() -> None:
    assert measured([noisy(PAGE, n) for n in range(40)])[0]["motion"] == 0.0


def test_the_share_of_motion_is_the_time_in_which_something_moved() -> None:
    frames = [noisy(with_disc(PAGE, n) if 20 <= n < 40 else PAGE, n) for n in range(80)]
    motion = measured(frames)[0]["motion"]
    assert motion is not None
    assert 0.2 <= motion <= 0.35


def test_a_change_after_a_long_still_time_is_a_moment_of_motion() -> None:
    """Screen recorders write a frame only when something changes."""
    motion = measured([PAGE, with_disc(PAGE, 3)] + [with_disc(PAGE, 3)] * 3, fps=1)[0]["motion"]
    assert motion is not None
    assert 0 < motion <= 0.2


def test_a_picture_alone_has_no_motion_to_speak_of() -> None:
    measures, _ = measured([PAGE], fps=1)
    assert measures["motion"] is None
    assert measures["frames"] == 1


@pytest.mark.parametrize("start_ms", [0, 60_000])
def test_a_cut_is_found_at_its_time_in_the_recording(start_ms: int) -> None:
    measures, _ = measured([PAGE] * 23 + [OTHER] * 30, start_ms=start_ms)
    assert measures["cuts_ms"] == [start_ms + 2_300]
    assert measures["motion"] == 0.0, "a cut is no motion"


def test_a_pan_over_a_picture_is_no_cut() -> None:
    wide = cv2.resize(cv2.GaussianBlur(np.random.default_rng(5).integers(0, 255, (90, 400, 3), np.uint8), (0, 0), 3), (2400, 540))
    measures, _ = measured([wide[:270, n * 20 : n * 20 + 480] for n in range(50)])
    assert measures["cuts_ms"] == []
    assert measures["motion"] == 1.0


def test_a_camera_that_is_carried_makes_no_cuts() -> None:
    """Every frame differs from the last as much as two scenes do; a cut stands out from the frames around it."""
    wide = cv2.resize(np.random.default_rng(5).integers(0, 255, (12, 20, 3), np.uint8), (2000, 1200))
    jumps = np.random.default_rng(6).integers(0, 900, (40, 2))
    measures, _ = measured([wide[y : y + 270, x : x + 480] for x, y in jumps])
    assert measures["cuts_ms"] == []


def test_slowly_growing_light_is_no_motion() -> None:
    assert measured([PAGE // 2 + np.uint8(3 * n) for n in range(40)])[0]["motion"] == 0.0


def test_scrolling_text_is_no_cut() -> None:
    lines = [f"line {n}: " + "import os " * (n % 4 + 1) for n in range(60)]
    page = screen(*lines, width=480, height=2200, size=14)
    measures, _ = measured([page[n // 4 * 26 : n // 4 * 26 + 270] for n in range(80)])
    assert measures["cuts_ms"] == []


@pytest.mark.parametrize(("before", "after"), [(1.0, 0.3), (0.3, 1.0)])
def test_light_that_is_switched_is_a_change_of_light_not_of_the_scene(before: float, after: float) -> None:
    frames = [noisy((OTHER * (before if n < 25 else after)).astype(np.uint8), n) for n in range(50)]
    measures, _ = measured(frames)
    assert measures["cuts_ms"] == []
    assert measures["light_ms"] is not None
    assert 2_500 <= measures["light_ms"] < 2_900, "known to a sample"
    assert (measures["light_to"] > measures["light_from"]) == (after > before)


def test_a_cut_to_a_brighter_scene_is_no_change_of_light() -> None:
    measures, _ = measured([PAGE] * 20 + [OTHER] * 20)
    assert measures["light_ms"] is None


def test_a_covered_lens_is_black_and_a_dark_screen_with_text_is_not() -> None:
    assert measured([np.zeros_like(PAGE)] * 10)[0]["black"]
    assert not measured([screen("$", width=480, height=270, size=14)] * 10)[0]["black"]


def test_one_picture_of_each_scene_as_it_ended_is_chosen() -> None:
    """The page that was full at last is read, not the one that was still empty."""
    full = screen("one", "two", "three", "four", width=480, height=270, size=20)
    frames = [screen(*["one", "two", "three", "four"][: n // 8 + 1], width=480, height=270, size=20) for n in range(30)] + [OTHER] * 30
    measures, measurer = measured(frames)
    chosen = choose(measurer.candidates, measures["cuts_ms"], 2)
    assert [2_500 <= chosen[0].time_ms < 3_000, chosen[1].time_ms] == [True, 5_900]
    assert np.abs(from_jpeg(chosen[0].jpeg).astype(int) - full).mean() < 3


def test_of_a_still_screen_one_picture_is_enough() -> None:
    measures, measurer = measured([PAGE] * 40)
    assert len(choose(measurer.candidates, measures["cuts_ms"], 3)) == 1


def test_pictures_blurred_by_motion_are_passed_over() -> None:
    smeared = cv2.blur(PAGE, (61, 1))
    measures, measurer = measured([PAGE] * 17 + [smeared] * 3 + [PAGE] * 17 + [smeared] * 3)
    times = {c.time_ms for c in choose(measurer.candidates, measures["cuts_ms"], 3)}
    assert times
    assert all(not 1_700 <= t < 2_000 and t < 3_700 for t in times)


def test_blur_is_told_from_sharpness() -> None:
    photo = cv2.resize(np.random.default_rng(9).integers(0, 255, (45, 80, 3), np.uint8), (480, 270), interpolation=cv2.INTER_NEAREST)
    for sharp in (PAGE, OTHER, photo):
        assert not blurred(sharp)
        assert blurred(cv2.GaussianBlur(sharp, (0, 0), 4))
    assert not blurred(np.full_like(PAGE, 90)), "an empty wall is not blurred"


def test_what_lies_outside_the_window_is_left_out() -> None:
    """Where an edge was no keyframe the clip begins before the window."""
    shots = [part for part in decoded(webm([PAGE] * 30), 10_000, Span(11_000, 12_000)) if isinstance(part, Shot)]
    assert [shot.time_ms for shot in shots] == list(range(11_000, 12_000, 100))


def test_a_clip_that_breaks_off_gives_what_came_before() -> None:
    whole = webm([noisy(PAGE, n) for n in range(40)])
    parts = list(decoded(whole[: len(whole) * 2 // 3], 0, Span(0, 4_000)))
    assert 10 < sum(isinstance(part, Shot) for part in parts) < 40


def test_packets_that_cannot_be_decoded_are_counted() -> None:
    data = bytearray(webm([noisy(PAGE, n) for n in range(30)], keyframe_every=10))
    second = data.index(KEYFRAME_START, data.index(KEYFRAME_START) + 1)
    data[second : second + 3] = bytes(3)
    parts = list(decoded(bytes(data), 0, Span(0, 3_000)))
    assert any(isinstance(part, Unreadable) for part in parts)
    times = {part.time_ms for part in parts if isinstance(part, Shot)}
    assert {0, 900, 2_000, 2_900} <= times, "what comes before and after is read"


@pytest.mark.parametrize("data", [b"", b"no video at all" * 100, bytes(5_000)])
def test_what_is_no_video_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError):
        list(decoded(data, 0, Span(0, 1_000)))


def test_the_sound_is_cut_to_the_window_and_made_mono() -> None:
    sound = np.ones(3 * 16_000, np.float32) * 0.1
    parts = [part.samples for part in decoded(webm([PAGE] * 30, sound=sound), 0, Span(1_000, 2_000)) if isinstance(part, Sound)]
    assert abs(sum(map(len, parts)) - 16_000) < 1_000
