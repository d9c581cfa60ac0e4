"""What is said of a file, and the small picture of it."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from media.media_parts import ffmpeg, number_in, run, steady, write_recording

from skiuo_desktop.errors import MediaError, NotFoundError
from skiuo_desktop.media.probe import MediaInfo, probe
from skiuo_desktop.media.thumbnail import thumbnail


def opened(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_a_finished_recording(talking: Path) -> None:
    assert probe(talking) == MediaInfo(duration_ms=46_000, width=320, height=176, fps=30.0, frames=1380, video_codec="vp8", has_audio=True, finished=True)


def test_a_recording_that_is_being_written(unfinished: Path) -> None:
    info = probe(unfinished)
    assert not info.finished
    assert info.frames == 630
    assert abs(info.duration_ms - 21_000) <= 15
    assert info.has_audio


def test_other_codecs_have_their_usual_names(tmp_path: Path) -> None:
    scene = ("-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10:duration=1")
    wanted = {"vp9": ("libvpx-vp9", "-cpu-used", "8"), "h264": ("libx264",), "av1": ("libsvtav1", "-preset", "12")}
    for name, (codec, *options) in wanted.items():
        path = tmp_path / f"{name}.mkv"
        ffmpeg(*scene, "-c:v", codec, *options, path)
        info = probe(path)
        assert (info.video_codec, info.width, info.height, info.frames, info.fps) == (name, 160, 96, 10, 10.0)
        assert not info.has_audio


def test_a_wrong_duration_in_the_file_is_not_believed(silent: Path, tmp_path: Path) -> None:
    """A file that calls itself a thousand hours long would have a million windows."""
    data = bytearray(silent.read_bytes())
    at = data.index(bytes.fromhex("448988")) + 3
    for told in (b"\x42" + bytes(7), b"\x7f\xf0" + bytes(6), b"\xc0" + bytes(7), bytes(8), random.Random(1).randbytes(8)):
        data[at : at + 8] = told
        path = tmp_path / "boasting.webm"
        path.write_bytes(data)
        assert probe(path).duration_ms == 31_000


def test_a_file_that_lost_its_end_is_as_long_as_what_is_left(silent: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.webm"
    path.write_bytes(silent.read_bytes()[: silent.stat().st_size // 2])
    info = probe(path)
    assert not info.finished
    assert info.frames < 500
    assert abs(info.duration_ms - info.frames * 40) <= 1


@pytest.mark.parametrize("at", [0, 1, 5000, 12_345, 30_999, 45_999])
def test_the_thumbnail_shows_the_frame_of_its_time(at: int, talking: Path) -> None:
    picture = opened(thumbnail(talking, at, width=320))
    assert picture.shape == (176, 320, 3)
    assert number_in(picture) == max(n for n, time in enumerate(steady(46)) if time <= at)


def test_the_thumbnail_of_a_time_outside_is_the_nearest(talking: Path) -> None:
    assert thumbnail(talking, -5) == thumbnail(talking, 0)
    assert number_in(opened(thumbnail(talking, 10**9, width=320))) == 1379


def test_the_thumbnail_of_a_pause_is_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "slow.webm"
    write_recording(str(path), [0, 900, 5100, 14_000])
    assert [number_in(opened(thumbnail(path, at, width=320))) for at in (0, 899, 900, 5099, 5100, 9999, 13_999, 14_000)] == [0, 0, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize(("width", "size"), [(240, (240, 132)), (120, (120, 66)), (1, (1, 1)), (5000, (320, 176))])
def test_the_thumbnail_is_as_wide_as_wanted_but_never_larger_than_the_picture(width: int, size: tuple[int, int], talking: Path) -> None:
    assert opened(thumbnail(talking, 7000, width=width)).shape == (size[1], size[0], 3)


def test_pixels_that_are_not_square_are_shown_as_they_should_be(tmp_path: Path) -> None:
    path = tmp_path / "anamorphic.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10:duration=1", "-vf", "setsar=2", "-c:v", "libvpx", path)
    assert run("ffprobe", "-v", "error", "-show_entries", "stream=sample_aspect_ratio", "-of", "csv=p=0", path).strip() == "2:1"
    assert opened(thumbnail(path, 500, width=320)).shape == (96, 320, 3)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "junk.webm"
    for content in (b"", b"x" * 1000, bytes.fromhex("1a45dfa3")):
        path.write_bytes(content)
        for look in (probe, lambda path: thumbnail(path, 0)):
            with pytest.raises(MediaError):
                look(path)
    with pytest.raises(NotFoundError):
        probe(tmp_path / "nowhere.webm")
    with pytest.raises(ValueError, match="0 pixels"):
        thumbnail(path, 0, width=0)
