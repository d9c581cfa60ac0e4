"""Names of sources, addresses without credentials, cameras."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from capture.shooting import Shooting, until

from skiuo_desktop.capture import camera
from skiuo_desktop.capture.sources import Wanted, grammar, list_sources, parse_source
from skiuo_desktop.errors import SourceError, UsageError


@pytest.mark.parametrize(
    ("text", "kind", "public", "label"),
    [
        ("camera:0", "camera", "camera:0", "Camera 0"),
        (" screen:0 ", "screen", "screen:0", "Whole screen"),
        ("screen:2", "screen", "screen:2", "Monitor 2"),
        ("file:/a/b c.mp4", "file", "file:/a/b c.mp4", "b c.mp4"),
        ("test:", "test", "test:", "Test pattern"),
        ("rtsp://cam.lan/live/main", "network", "rtsp://cam.lan/live/main", "Network camera cam.lan"),
        ("RTSP://u:p@cam.lan:8554/a?channel=1&subtype=0", "network", "rtsp://cam.lan:8554/a?channel=1&subtype=0", "Network camera cam.lan:8554"),
        ("https://u:p@[fe80::1]:443/mjpg", "network", "https://[fe80::1]:443/mjpg", "Network camera [fe80::1]:443"),
    ],
)
def test_what_names_a_source(text: str, kind: str, public: str, label: str) -> None:
    spec = parse_source(text)
    assert (spec.kind, spec.text, spec.label) == (kind, public, label)


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("test:", (0, 0, 0)),
        ("test:720p30", (1280, 720, 30)),
        ("test:1080p60", (1920, 1080, 60)),
        ("test:480p", (852, 480, 30)),
        ("test:640x360@15", (640, 360, 15)),
    ],
)
def test_a_test_pattern_says_its_size_and_rate(text: str, picture: tuple[int, int, int]) -> None:
    assert parse_source(text).picture == picture


@pytest.mark.parametrize(
    "text",
    [
        *("", "nonsense", "test", "test:abc", "test:720p0", "test:8x8", "test:720p30x", "camera:", "camera:-1", "camera:x", "camera:1234", "camera:²"),
        *("screen:left", "file:", "file:  ", "rtsp://", "http://:80/", "rtsp://host:99999/"),
        *("ftp://u:secretpw@host/x", "rtsp://u:secret/pw@host/x", "rtsp://u:se#cretpw@host/"),
    ],
)
def test_what_names_none_is_refused_in_one_sentence_without_secrets(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_source(text)
    assert "secret" not in str(caught.value)
    assert "cretpw" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://admin:topsecret@h/x",
        "rtsp://topsecret@h/x",
        "rtsp://h/user=admin&password=topsecret&channel=1&stream=0.sdp",
        "rtsp://h/user=admin_password=topsecret_channel=1_stream=0.sdp?real_stream",
        "http://h/video.cgi?usr=topsecret&pwd=topsecret",
        "http://h/video.cgi?topsecret",
        "http://h/video.cgi?channel=topsecret-and-long",
        "rtsps://h:7441/TopSecret12345678?enableSrtp",
        "http://h/x?Token=topsecret#topsecret",
    ],
)
def test_credentials_anywhere_in_an_address_are_not_in_what_is_shown(address: str) -> None:
    spec = parse_source(address)
    for shown in (spec.text, spec.label, repr(spec), str(spec)):
        assert "topsecret" not in shown.lower(), shown
    assert spec.address == address


def test_a_file_without_the_word_file_is_understood_but_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"x")
    with pytest.raises(UsageError, match="Did you mean file:"):
        parse_source(str(tmp_path / "clip.mp4"))


def test_the_grammar_names_every_kind_and_the_list_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {
        parse_source(form.replace("N", "0").split("[")[0].replace("rtsp://", "rtsp://h").replace("http://", "http://h").replace("PATH", "/x")).kind
        for form, _ in grammar()
    } == {*("camera", "network", "screen", "file", "test")}

    def broken() -> list[tuple[int, str, str]]:
        raise RuntimeError("driver")

    monkeypatch.setattr(camera, "found", broken)
    assert list_sources()[-1].text == "test:"


def test_cameras_are_listed_by_the_name_the_system_gives_them(tmp_path: Path) -> None:
    for node, index, name in (("video10", "0", "Document camera"), ("video0", "0", "Integrated Webcam"), ("video1", "1", "Integrated Webcam")):
        folder = tmp_path / node
        folder.mkdir()
        (folder / "index").write_text(index + "\n")
        (folder / "name").write_text(name + "\n")
    assert camera._found_in(tmp_path) == [(0, "Integrated Webcam", "/dev/video0"), (10, "Document camera", "/dev/video10")]
    assert camera._found_in(tmp_path / "none") == []


def test_a_camera_that_is_not_there_is_an_error_that_says_so(shoot: Shooting) -> None:
    with pytest.raises(SourceError, match=r"[cC]amera 97"):
        shoot.open("camera:97")


def test_a_camera_is_read_at_the_size_it_really_gives_and_when_it_is_unplugged_that_is_noticed(
    shoot: Shooting, ffmpeg: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No camera can be plugged into a test machine: a MJPG file through the same OpenCV stands in, odd size and a torn frame included."""
    path = tmp_path / "camera.avi"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=323x241:r=25:d=2", "-c:v", "mjpeg", "-pix_fmt", "yuvj422p", str(path))
    asked: list[int] = []
    monkeypatch.setattr(camera, "open_capture", lambda number, backend: asked.append(number) or cv2.VideoCapture(str(path), cv2.CAP_FFMPEG))
    feed, events = shoot.open("camera:3", wanted=Wanted(1280, 720, 30))
    assert (feed.info.width, feed.info.height, feed.info.fps) == (322, 240, 25.0)
    take = shoot.record(feed, events)
    until(lambda: bool(events.notices("source_lost")), "the end of the pictures is not noticed")
    until(lambda: len(asked) > 1, "the camera is not opened again")
    assert take.stop().frames > 10
    assert set(asked) == {3}


class Stuck:
    """A test pattern whose driver stops answering when told to."""

    def __init__(self, source: object, stuck: threading.Event, free: threading.Event) -> None:
        self._source = source
        self._stuck = stuck
        self._free = free
        self.missed = 0

    def read(self) -> object:
        if self._stuck.is_set():
            self._free.wait(60)
        return self._source.read()  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """(set it: the source hangs; set it: the hanging ones go on)"""
    from skiuo_desktop.capture import feed

    hang, free = threading.Event(), threading.Event()
    real = feed.make_source
    monkeypatch.setattr(feed, "make_source", lambda *args: Stuck(real(*args), hang, free))
    return hang, free


def test_a_driver_that_hangs_is_left_behind_and_the_recording_goes_on_with_a_new_one(shoot: Shooting, stuck: tuple[threading.Event, threading.Event]) -> None:
    hang, free = stuck
    feed, events = shoot.open("test:320x180@15")
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 300, "it does not record")
    hang.set()
    until(lambda: bool(events.notices("source_lost")), "the stall is not noticed")
    hang.clear()
    until(lambda: bool(events.notices("source_back")), "it is not opened anew")
    back_ms = take.recorder.elapsed_ms
    until(lambda: take.recorder.elapsed_ms > back_ms + 300, "it does not go on")
    free.set()
    assert take.stop().dropped_frames == 0


def test_closing_does_not_wait_for_a_driver_that_hangs(
    shoot: Shooting, stuck: tuple[threading.Event, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skiuo_desktop.capture.keeper.CLOSE_S", 0.2)
    hang, free = stuck
    feed, events = shoot.open("test:320x180@15")
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 300, "it does not record")
    hang.set()
    until(lambda: bool(events.notices("source_lost")), "the stall is not noticed")
    assert take.stop().frames > 0
    feed.close()
    assert [thread for thread in threading.enumerate() if thread.name == "source"], "it does not hang"
    free.set()


def test_pictures_of_another_size_fit_whole_into_the_first_one() -> None:
    from skiuo_desktop.capture.picture import fitted, from_bgr, planes

    green = from_bgr(np.full((480, 320, 3), (0, 255, 0), np.uint8))
    out = fitted(green, 640, 480)
    assert out.shape == (720, 640)
    bgr = cv2.cvtColor(out, cv2.COLOR_YUV2BGR_I420)
    assert bgr[240, 320, 1] > 240
    assert bgr[240, 100].max() < 8
    assert bgr[240, 540].max() < 8
    assert planes(out)[1].shape == (240, 320)
    assert fitted(green, 320, 480) is green
