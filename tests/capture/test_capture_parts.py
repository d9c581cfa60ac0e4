"""The small parts on their own: recorded time, sound in step, queue, stall and backoff, the file's blocks, the disk."""

from __future__ import annotations

import threading
import time
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from capture.shooting import Shooting, probe, sound, until

from skiuo_desktop.capture.disk import DiskGuard
from skiuo_desktop.capture.encoding import Encoding
from skiuo_desktop.capture.frames import AudioBlock, Frame
from skiuo_desktop.capture.health import Gap, Pulse
from skiuo_desktop.capture.inbox import LEAST_FRAMES, Inbox
from skiuo_desktop.capture.level import levels
from skiuo_desktop.capture.progress import Progress
from skiuo_desktop.capture.recording_file import BlockScanner
from skiuo_desktop.capture.sample_clock import SampleClock
from skiuo_desktop.capture.soundtrack import Soundtrack
from skiuo_desktop.capture.test import Pattern, flash, read_back
from skiuo_desktop.capture.timeline import Timeline
from skiuo_desktop.capture.tracks import TrackMeter
from skiuo_desktop.capture.writer import Format, WebmWriter, cluster_ms
from skiuo_desktop.events import CaptureState, StopReason

MS = 1_000_000
Room = namedtuple("Room", "total used free")


def ones(milliseconds: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    return np.ones((milliseconds * 48, 1), dtype=np.int16)


def run_of(track: Soundtrack) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    frames = list(track.frames(last=True))
    assert [place for _, place in frames] == [960 * n for n in range(len(frames))]
    return np.concatenate([samples for samples, _ in frames])[:, 0]


def test_recorded_time_leaves_pauses_out() -> None:
    line = Timeline()
    assert line.media_ns(5) is None
    assert line.elapsed_ns(5) == 0
    line.begin(100)
    line.pause(200)
    assert line.media_ns(199) == 99
    assert line.media_ns(200) is None
    assert line.elapsed_ns(900) == 100
    line.resume(300)
    line.pause(400)
    line.resume(500)
    assert [line.media_ns(t) for t in (50, 100, 250, 300, 399, 450, 500, 600)] == [-50, 0, None, 100, 199, None, 200, 300]
    assert line.pieces(150, 550) == [(50, 150, 200), (100, 300, 400), (200, 500, 550)]
    assert line.pieces(210, 290) == []
    line.pause(600)
    assert line.pieces(550, 700) == [(250, 550, 600)]
    assert line.elapsed_ns(10_000) == 300


def test_sound_begins_with_the_picture_and_jitter_is_left_alone() -> None:
    track = Soundtrack(1)
    track.add(ones(100), -50 * MS)
    for n in range(100):
        track.add(ones(10), (50 + 10 * n + (n % 3) * 9) * MS)
    assert track.length_ms == 1_050
    assert track.corrections == 0
    assert run_of(track)[: 1_050 * 48].all()


def test_a_hole_is_filled_with_silence_of_its_length() -> None:
    track = Soundtrack(1)
    track.add(ones(100), 0)
    track.add(ones(100), 400 * MS)
    samples = run_of(track)
    assert samples[: 100 * 48].all()
    assert not samples[100 * 48 : 400 * 48].any()
    assert samples[400 * 48 : 500 * 48].all()


def test_after_silence_for_sound_that_came_too_late_the_next_stands_where_it_belongs() -> None:
    track = Soundtrack(1)
    track.add(ones(100), 0)
    track.fill(500)
    track.add(ones(100), 200 * MS)  # too late: its time is filled
    track.add(ones(100), 470 * MS)
    samples = run_of(track)
    assert not samples[100 * 48 : 500 * 48].any()
    assert samples[500 * 48 : 570 * 48].all()
    assert not samples[570 * 48 :].any()


@pytest.mark.parametrize("parts_per_million", [300, -300])
def test_a_drifting_device_is_kept_within_reach(parts_per_million: int) -> None:
    """Half an hour from a device whose clock is wrong: 0.54 s apart if nobody corrected it."""
    track = Soundtrack(1)
    blocks = 9_000
    for n in range(blocks):
        track.add(ones(200), int(n * 200 * MS * (1 + parts_per_million / 1e6)))
        for _ in track.frames():
            pass
        assert abs(track.length_ms - (n + 1) * 200 * (1 + parts_per_million / 1e6)) < 60
    assert 5 <= track.corrections <= 20


def test_sound_never_goes_beyond_the_limit() -> None:
    track = Soundtrack(2, limit_ms=1_000)
    for n in range(30):
        track.add(ones(50), n * 50 * MS)
    track.fill(3_000)
    assert track.length_ms == 1_000
    assert len(run_of(track)) == 48_000


def test_the_sample_clock_sees_through_jitter_and_notices_a_loss() -> None:
    rng = np.random.default_rng(1)
    clock = SampleClock(48_000)
    errors: list[float] = []
    for n in range(1_000):
        true_ns = n * 20 * MS + (500 * MS if n >= 600 else 0)  # half a second is lost after the 600th block
        arrived_ns = true_ns + 20 * MS + int(rng.exponential(15) * MS)
        errors.append((clock.time_ns(960, 0.0, arrived_ns) - true_ns) / MS)
    assert max(abs(error) for error in errors[50:600]) < 2
    assert max(abs(error) for error in errors[720:]) < 2


def test_the_sample_clock_believes_a_driver_that_knows_the_age() -> None:
    clock = SampleClock(48_000)
    assert clock.time_ns(960, 0.150, 1_000 * MS) == 850 * MS
    assert SampleClock(48_000).time_ns(960, 1e9, 1_000 * MS) == 980 * MS


def frame(n: int = 0) -> Frame:
    return Frame(np.zeros((3, 2), np.uint8), 2, 2, n)


def test_sound_that_was_ahead_of_its_time_at_a_pause_does_not_stay_ahead(tmp_path: Path) -> None:
    """Blocks come 150 ms before their time, so at the pause too much has been taken; a click after it must still stand where it belongs."""
    form = Format("vp8", 160, 90, 10.0, 200, 64, 1)
    timeline, inbox = Timeline(), Inbox(100, lossless=False)
    writer = WebmWriter(tmp_path / "paused.webm", form, 1_000)
    encoding = Encoding(writer, form, inbox, timeline, edge_ms=1_000, limit_ms=None, live=False, own_sound=True, worked=lambda *_: None)
    picture = np.full((135, 160), 100, np.uint8)
    samples = np.zeros((48_000 * 4, 1), np.int16)
    samples[48_000 * 3 : 48_000 * 3 + 480] = 20_000
    for tenth in range(38):
        inbox.put(Frame(picture, 160, 90, tenth * 100 * MS))
        first = tenth * 4_800 + (7_200 if tenth else 0)
        inbox.put(AudioBlock(samples[first : tenth * 4_800 + 12_000], 48_000, first * 1_000_000_000 // 48_000))
        encoding._step()
        encoding._step()
        if tenth == 10:
            timeline.pause(1_020 * MS)
        if tenth == 19:
            timeline.resume(2_000 * MS)
    inbox.close()
    encoding.run(lambda: StopReason.USER)
    loud = np.flatnonzero(np.abs(sound(tmp_path / "paused.webm")) > 0.2)
    assert loud[0] / 48 == pytest.approx(3_000 - 980, abs=2)


def test_the_state_recording_is_claimed_only_while_bytes_reach_the_file(tmp_path: Path) -> None:
    def report(written_s_ago: float, source: CaptureState = CaptureState.LIVE) -> CaptureState:
        now_ns = time.monotonic_ns()
        file = SimpleNamespace(size=5_000, written_at_ns=now_ns - int(written_s_ago * 1e9))
        writer = SimpleNamespace(file=file, header_bytes=500, frames=3, written_ms=100)
        disk = SimpleNamespace(free_bytes=1, room_ms=None)
        progress = Progress("r", writer, Timeline(), Inbox(1, lossless=False), disk)  # type: ignore[arg-type]
        progress._began_ns = progress._resumed_ns = now_ns - 60_000_000_000
        return progress.event(1_000, source).state

    assert report(0.5) is CaptureState.RECORDING
    assert report(2.9) is CaptureState.RECORDING
    assert report(3.1) is CaptureState.STALLED
    assert report(0.5, CaptureState.LOST) is CaptureState.LOST


def test_a_full_inbox_drops_and_counts_or_makes_the_source_wait() -> None:
    inbox = Inbox(1 << 30, lossless=False)
    for n in range(LEAST_FRAMES + 3):
        inbox.put(frame(n))
    inbox.put(AudioBlock(np.zeros((1, 1), np.int16), 48_000, 0))
    assert inbox.dropped_frames == 3
    assert [inbox.get(0)[0].time_ns for _ in range(LEAST_FRAMES)] == list(range(LEAST_FRAMES))  # type: ignore[index]
    assert isinstance(inbox.get(0)[0], AudioBlock)  # type: ignore[index]

    patient = Inbox(1 << 30, lossless=True)
    put: list[int] = []

    def source() -> None:
        for n in range(LEAST_FRAMES + 2):
            patient.put(frame(n))
            put.append(n)

    thread = threading.Thread(target=source)
    thread.start()
    until(lambda: len(put) == LEAST_FRAMES, "the inbox is not filled")
    assert patient.get(0) is not None
    until(lambda: len(put) == LEAST_FRAMES + 1, "room does not let the source go on")
    patient.close()
    thread.join(10)
    assert not thread.is_alive()
    assert patient.dropped_frames == 0
    assert not patient.finished
    while patient.get(0) is not None:
        pass
    assert patient.finished


def test_closed_to_pictures_an_inbox_still_takes_sound() -> None:
    inbox = Inbox(100, lossless=False)
    inbox.put(frame())
    inbox.close_to_pictures()
    inbox.put(frame())
    inbox.put(AudioBlock(np.zeros((1, 1), np.int16), 48_000, 0))
    assert not inbox.pictures_over
    assert isinstance(inbox.get(0)[0], Frame)  # type: ignore[index]
    assert inbox.pictures_over
    assert isinstance(inbox.get(0)[0], AudioBlock)  # type: ignore[index]
    assert inbox.get(0) is None
    assert not inbox.finished


def test_five_periods_without_a_picture_are_a_stall_by_the_rate_that_the_source_really_has() -> None:
    pulse = Pulse(10.0, 200 * MS)
    pulse.start(0)
    assert not pulse.stalled(499 * MS)
    assert pulse.stalled(501 * MS)
    for n in range(20):
        pulse.beat(1_000 * MS + n * 300 * MS)  # three pictures a second, whatever it promised
    last = 1_000 * MS + 19 * 300 * MS
    assert not pulse.stalled(last + 1_490 * MS)
    assert pulse.stalled(last + 1_510 * MS)
    assert pulse.fps(last) == pytest.approx(3.33, abs=0.01)
    quick = Pulse(120.0, 500 * MS)
    quick.start(0)
    assert not quick.stalled(490 * MS)


def test_a_lost_source_is_tried_after_half_a_second_then_ever_later_up_to_five_seconds() -> None:
    gap = Gap(0, 0)
    waits = []
    for attempts in range(6):
        gap.attempts = attempts
        gap.later(0)
        waits.append(gap.retry_ns // MS)
    assert waits == [500, 1_000, 2_000, 4_000, 5_000, 5_000]


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_blocks_are_counted_however_the_file_is_written(shoot: Shooting, step: int) -> None:
    take = shoot.take("test:320x180@15", microphone="default", speed="max", limit_ms=3_000)
    take.wait()
    data = take.path.read_bytes()
    scanner = BlockScanner()
    for at in range(0, len(data), step):
        scanner.feed(data[at : at + step])
    assert scanner.blocks == len(probe(take.path)) + len(probe(take.path, "a"))
    assert scanner.whole == len(data)
    cut = BlockScanner()
    cut.feed(data[: len(data) // 2])
    assert 0 < cut.whole <= len(data) // 2
    assert cut.blocks < scanner.blocks


@pytest.mark.parametrize("edge_ms", [1_000, 1_500, 2_000, 2_500, 5_000, 7_000, 10_000])
def test_clusters_last_at_most_a_second_and_an_edge_never_falls_on_the_end_of_one(edge_ms: int) -> None:
    length = cluster_ms(edge_ms)
    assert 600 <= length <= 1_000
    assert length * 0.3 < edge_ms % length < length * 0.7


def test_the_disk_guard_forecasts_warns_once_and_stops_in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    free, now_s = [3_000_000_000], [0.0]
    monkeypatch.setattr("skiuo_desktop.capture.disk.shutil.disk_usage", lambda folder: Room(0, 0, free[0]))
    monkeypatch.setattr("skiuo_desktop.capture.disk.time.monotonic_ns", lambda: int(now_s[0] * 1e9))
    guard = DiskGuard(tmp_path, 1_000_000_000, 300_000)

    def after(seconds: float, bytes_free: int) -> bool:
        """Whether it warns when so long has been recorded at 400 kB/s."""
        now_s[0], free[0] = seconds, bytes_free
        return guard.check(round(seconds * 1000), round(seconds * 400_000))

    assert guard.room_ms is None
    assert not after(1, 3_000_000_000)
    assert guard.room_ms is None
    assert not after(10, 3_000_000_000)
    assert guard.room_ms == 5_000_000
    assert after(20, 1_200_000_000)
    assert guard.minutes_left == 8
    assert not after(30, 1_200_000_000)
    assert not guard.exhausted
    assert not after(40, 9_000_000_000)
    assert after(50, 1_200_000_000), "it does not warn a second time after there was room again"
    assert not after(60, 1_000_500_000)
    assert guard.exhausted


def test_levels_are_relative_to_full_scale() -> None:
    sine = (np.sin(np.arange(48_000) * 0.1) * 32_767).astype(np.int16)
    rms_db, peak_db = levels(sine)
    assert rms_db == pytest.approx(-3.01, abs=0.05)
    assert peak_db == pytest.approx(0, abs=0.01)
    assert levels(np.zeros(10, np.int16)) == levels(np.zeros(0, np.int16)) == (-120.0, -120.0)
    assert levels(np.full(10, -32_768, np.int16)) == (0.0, 0.0)


def test_the_tracks_show_when_something_moved_and_was_heard() -> None:
    meter = TrackMeter()
    still, moved = np.full((270, 320), 100, np.uint8), np.full((270, 320), 140, np.uint8)
    for ms in range(0, 5_000, 33):
        meter.picture(moved if 3_000 <= ms < 4_000 and ms // 200 % 2 else still, ms)
    for ms in range(0, 5_000, 20):
        meter.sound((np.ones((960, 1)) * (8_000 if 2_000 <= ms < 3_000 else 0)).astype(np.int16), ms)
    tracks = meter.tracks()
    assert [value > 200 for value in tracks.motion] == [False, False, False, True, False] or tracks.motion[3] > 200
    assert tracks.motion[1] == 0
    assert [value > 100 for value in tracks.sound] == [False, False, True, False, False]


@pytest.mark.parametrize(("width", "height"), [(160, 90), (320, 240), (640, 360), (1280, 720), (1920, 1080), (3840, 2160), (722, 1280), (160, 1080)])
def test_the_pattern_is_read_back_in_every_size(width: int, height: int) -> None:
    import cv2

    pattern = Pattern(width, height)
    picture = pattern.draw(123_456, 7_000_050)
    bgr = cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420)
    assert read_back(picture) == read_back(bgr) == (123_456, 7_000_050)
    assert flash(picture)
    assert flash(bgr)
    assert not flash(pattern.draw(1, 500))
    assert read_back(np.full((height * 3 // 2, width), 128, np.uint8)) is None
    assert not np.array_equal(picture, pattern.draw(123_457, 7_000_083))
