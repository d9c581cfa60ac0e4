"""The screen of an X server of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from capture.shooting import Shooting, pictures, probe, until

from skiuo_desktop.capture.sources import Wanted, list_sources
from skiuo_desktop.errors import SourceError
from skiuo_desktop.events import CaptureState


def test_what_is_on_the_screen_is_in_the_recording(shoot: Shooting, screen: Callable[[int], None]) -> None:
    feed, events = shoot.open("screen:0", wanted=Wanted(1280, 720, 10))
    # 641 x 481, cropped to even sizes.
    assert (feed.info.width, feed.info.height, feed.info.fps) == (640, 480, 10.0)
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 700, "it does not record")
    screen(0xD02010)
    painted_ms = take.recorder.elapsed_ms
    until(lambda: take.recorder.elapsed_ms > painted_ms + 800, "it does not go on")
    stopped = take.stop()
    seen = pictures(take.path)
    assert len(seen) == stopped.frames
    # Black, but for the pointer.
    assert seen[0][1].mean() < 4
    assert seen[0][1].max() > 128
    blue, green, red = seen[-1][1][100, 100]
    assert (abs(int(red) - 0xD0) < 12, abs(int(green) - 0x20) < 12, abs(int(blue) - 0x10) < 12) == (True, True, True)
    turned_red = next(time_ms for time_ms, picture in seen if picture[100, 100, 2] > 150)
    assert painted_ms - 300 < turned_red < painted_ms + 500
    assert feed.state is CaptureState.LIVE
    assert probe(take.path)[0].key


def test_a_single_monitor_can_be_recorded_too_and_one_that_is_not_there_is_an_error(shoot: Shooting, screen: Callable[[int], None]) -> None:
    assert [(found.text, found.detail) for found in list_sources() if found.text.startswith("screen")] == [("screen:0", "641 x 481")]
    take = shoot.take("screen:1", wanted=Wanted(1280, 720, 10))
    until(lambda: take.recorder.elapsed_ms > 300, "it does not record")
    assert take.stop().frames > 0
    with pytest.raises(SourceError, match="no monitor 7"):
        shoot.open("screen:7")


def test_without_a_screen_the_error_says_so_and_the_list_leaves_it_out(shoot: Shooting, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SourceError, match="DISPLAY"):
        shoot.open("screen:0")
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(SourceError, match="does not answer"):
        shoot.open("screen:0")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(SourceError, match="Wayland"):
        shoot.open("screen:0")
    assert [found.text for found in list_sources()][-1] == "test:"
    assert not [found for found in list_sources() if found.text.startswith("screen")]
