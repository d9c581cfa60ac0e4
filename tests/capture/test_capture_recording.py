"""The recorder on the test pattern: every frame, every keyframe, sound and picture in step, pauses, limits, what is reported."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from capture.shooting import Shooting, clusters, length_ms, pattern, probe, sound, until

from skiuo_desktop.errors import BugError, StorageError
from skiuo_desktop.events import AudioLevel, CaptureState, Event, RecordingProgress, RecordingStarted, RecordingStopped, SourceHealth, StageTiming, StopReason


def beats_ms(samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    """When each beep begins: loud after at least half a second of silence."""
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-48_000) > 24_000)]
    return [float(start) / 48 for start in starts]


def test_every_frame_of_720p30_is_there_and_keyframes_stand_on_the_edges_only(shoot: Shooting) -> None:
    take = shoot.take("test:720p30", microphone="default", edge_ms=5_000, limit_ms=20_000, video_kbps=2_500)
    stopped = take.wait()
    assert (stopped.reason, stopped.frames, stopped.dropped_frames) == (StopReason.LIMIT, 600, 0)
    packets = probe(take.path)
    assert [packet.time_ms for packet in packets] == [round(n * 1000 / 30) for n in range(600)]
    # The pattern cuts to another scene every seven seconds: an encoder left to itself puts keyframes there.
    assert [packet.time_ms for packet in packets if packet.key] == [0, 5_000, 10_000, 15_000]
    seen = pattern(take.path)
    first = seen[0].number
    assert [one.number for one in seen] == list(range(first, first + 600))
    assert abs((length_ms(take.path) or 0) - 20_000) <= 20
    assert stopped.duration_ms == 20_000
    assert stopped.bytes == take.path.stat().st_size

    # The flash in the picture and the beep in the sound begin together, at every full second of the pattern's clock.
    flashes = [now.time_ms for before, now in itertools.pairwise(seen) if now.flash and not before.flash]
    beats = [beat for beat in beats_ms(sound(take.path)) if beat > 100]
    assert len(flashes) >= 18
    assert len(beats) == len(flashes)
    offsets = [beat - one for beat, one in zip(beats, flashes, strict=True)]
    assert all(abs(offset) < 40 for offset in offsets), offsets

    # Clusters of at most a second, each handed over when it closed.
    starts = clusters(take.path)
    assert max(now - before for before, now in itertools.pairwise([*starts, 20_000])) <= 1_000
    assert len(take.events.of(StageTiming)) >= len(starts) - 1

    reports = take.events.of(RecordingProgress)
    assert 80 <= len(reports) <= 160
    assert reports[0].state is CaptureState.STARTING
    assert reports[-1].state is CaptureState.RECORDING
    assert all(report.since_disk_ms < 3_000 for report in reports if report.state is CaptureState.RECORDING)
    assert [report.written_ms for report in reports] == sorted(report.written_ms for report in reports)
    assert len(take.events.of(AudioLevel)) > 100
    assert {health.state for health in take.events.of(SourceHealth)} == {CaptureState.LIVE}
    assert sum(timing.bytes for timing in take.events.of(StageTiming)) <= stopped.bytes
    assert len(take.recorder.tracks().motion) == len(take.recorder.tracks().sound) == 20


@pytest.mark.parametrize("microphone", ["default", "none"])
def test_what_is_reported_as_written_is_in_the_file(shoot: Shooting, tmp_path: Path, microphone: str) -> None:
    """At every report the file is copied as it stands; whatever the copy lacks must lie at or after `written_ms`."""
    feed, events = shoot.open("test:640x360@15", microphone=microphone, speed="max")
    copies: list[tuple[int, Path]] = []

    def publish(event: Event) -> None:
        events(event)
        if isinstance(event, RecordingProgress) and event.written_ms > 0:
            copy = tmp_path / f"copy{len(copies)}.webm"
            shutil.copyfile(tmp_path / "take.webm", copy)
            copies.append((event.written_ms, copy))

    take = shoot.record(feed, publish, limit_ms=30_000, edge_ms=2_000)
    take.wait()
    whole = {track: [packet.time_ms for packet in probe(take.path, track)] for track in ("v", "a") if track == "v" or microphone != "none"}
    assert len(copies) > 5
    for written_ms, copy in copies[:: max(1, len(copies) // 5)]:
        for track, times in whole.items():
            there = {packet.time_ms for packet in probe(copy, track)}
            missing = [time_ms for time_ms in times if time_ms < written_ms and time_ms not in there]
            assert not missing, f"{track} at {missing[:3]} is not in the file that is said to be written up to {written_ms}"
    if microphone == "none":
        # An edge is reported when its keyframe comes, not a cluster later.
        assert {written_ms for written_ms, _ in copies if written_ms % 2_000 == 0}, [written_ms for written_ms, _ in copies]


def test_at_full_speed_nothing_is_lost_either(shoot: Shooting) -> None:
    take = shoot.take("test:640x360@15", speed="max", limit_ms=30_000)
    stopped = take.wait()
    assert (stopped.frames, stopped.dropped_frames, stopped.duration_ms) == (450, 0, 30_000)
    assert [one.number for one in pattern(take.path)] == list(range(450))
    assert [packet.time_ms for packet in probe(take.path) if packet.key] == list(range(0, 30_000, 1_000))


def test_vp9_has_keyframes_on_the_edges_only(shoot: Shooting) -> None:
    take = shoot.take("test:320x180@15", speed="max", codec="vp9", edge_ms=4_000, limit_ms=16_000)
    assert take.wait().frames == 240
    assert [packet.time_ms for packet in probe(take.path) if packet.key] == [0, 4_000, 8_000, 12_000]


def test_an_edge_between_frames_makes_the_next_frame_the_keyframe(shoot: Shooting) -> None:
    take = shoot.take("test:320x180@7", speed="max", edge_ms=1_000, limit_ms=5_000)
    take.wait()
    times = [packet.time_ms for packet in probe(take.path)]
    first_after_each_edge = [min(time_ms for time_ms in times if time_ms >= edge) for edge in range(0, 5_000, 1_000)]
    assert [packet.time_ms for packet in probe(take.path) if packet.key] == first_after_each_edge


def test_paused_time_is_not_in_the_file_neither_its_sound(shoot: Shooting) -> None:
    feed, events = shoot.open("test:640x360@15", microphone="default")
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 1_200, "it does not record")
    take.recorder.pause()
    at_ms = take.recorder.elapsed_ms
    until(lambda: any(report.state is CaptureState.PAUSED for report in events.of(RecordingProgress)), "the pause is not reported")
    paused_from = time.monotonic()
    until(lambda: time.monotonic() > paused_from + 1.5, "time stands still")
    assert take.recorder.elapsed_ms == at_ms
    take.recorder.resume()
    until(lambda: take.recorder.elapsed_ms > at_ms + 1_200, "it does not go on")
    stopped = take.stop()
    seen = pattern(take.path)
    gaps = [(now.clock_ms - before.clock_ms) - (now.time_ms - before.time_ms) for before, now in itertools.pairwise(seen)]
    jumps = [gap for gap in gaps if abs(gap) > 5]
    assert len(jumps) == 1, gaps
    assert jumps[0] > 1_500
    assert abs((seen[-1].time_ms - seen[0].time_ms) - stopped.duration_ms) < 300
    assert max(now.time_ms - before.time_ms for before, now in itertools.pairwise(seen)) < 200
    # After the pause the sound is still in step: the beep of the last full second stands where its flash does.
    flash_ms = [one.time_ms for one in seen if one.flash and one.clock_ms % 1_000 == 0][-1]
    assert flash_ms > at_ms
    assert min(abs(beat - flash_ms) for beat in beats_ms(sound(take.path))) < 40


def test_a_second_pause_and_a_resume_without_pause_change_nothing(shoot: Shooting) -> None:
    take = shoot.take("test:320x180@15")
    take.recorder.resume()
    take.recorder.pause()
    take.recorder.pause()
    take.recorder.resume()
    until(lambda: take.recorder.elapsed_ms > 500, "it does not record")
    assert take.stop().frames > 3


def test_stop_returns_at_once_and_is_reported_last(shoot: Shooting) -> None:
    take = shoot.take("test:320x180@15")
    assert take.path.exists()
    until(lambda: take.recorder.elapsed_ms > 300, "it does not record")
    stopped = take.stop()
    take.recorder.stop()
    assert take.recorder.wait(0) == stopped
    assert (stopped.reason, stopped.error) == (StopReason.USER, "")
    started, last = take.events.of(RecordingStarted), take.events.of(RecordingStopped)
    assert [(one.width, one.height, one.fps) for one in started] == [(320, 180, 15.0)]
    assert last == [stopped]
    count = len(take.events.of(RecordingProgress))
    assert take.recorder.elapsed_ms == stopped.duration_ms
    assert len(probe(take.path)) == stopped.frames
    assert len(take.events.of(RecordingProgress)) == count


def test_stopped_before_the_first_picture_the_file_is_empty_but_in_order(shoot: Shooting) -> None:
    feed, events = shoot.open("test:320x180@1")
    take = shoot.record(feed, events)
    stopped = take.stop()
    assert (stopped.reason, stopped.frames, stopped.duration_ms) == (StopReason.USER, 0, 0)
    assert stopped.bytes == take.path.stat().st_size > 100
    assert clusters(take.path) == []


def test_a_stopped_recording_can_be_followed_by_another(shoot: Shooting) -> None:
    feed, events = shoot.open("test:320x180@15", speed="max")
    first = shoot.record(feed, events, name="first", limit_ms=2_000)
    first.wait()
    second = shoot.record(feed, events, name="second", limit_ms=3_000)
    assert second.wait().frames == 45
    assert next(packet.time_ms for packet in probe(second.path)) == 0
    assert second.recorder.tracks().sound == b""


def test_only_one_recording_at_a_time_and_never_over_a_file_that_is_there(shoot: Shooting) -> None:
    feed, events = shoot.open("test:320x180@15")
    shoot.record(feed, events, name="one")
    with pytest.raises(BugError):
        shoot.record(feed, events, name="two")
    assert not (shoot.folder / "two.webm").exists()
    with pytest.raises(StorageError):
        shoot.record(feed, events, name="one")
    with pytest.raises(StorageError):
        shoot.record(feed, events, name="no/such/folder")


def test_closing_the_feed_ends_its_recording(shoot: Shooting) -> None:
    take = shoot.take("test:320x180@15")
    until(lambda: take.recorder.elapsed_ms > 300, "it does not record")
    take.feed.close()
    stopped = take.wait()
    assert stopped.reason is StopReason.FAILED
    assert "closed" in stopped.error
    assert len(probe(take.path)) == stopped.frames > 0
    take.feed.close()


def test_a_feed_at_full_speed_can_be_closed_while_nobody_records_it(shoot: Shooting) -> None:
    feed, _ = shoot.open("test:320x180@15", speed="max")
    until(lambda: feed.latest is not None, "there is no preview")
    feed.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "source"]


def test_the_preview_is_the_newest_picture_itself(shoot: Shooting) -> None:
    feed, _ = shoot.open("test:320x180@15")
    until(lambda: feed.latest is not None, "there is no preview")
    first = feed.latest
    assert first is not None
    assert (first.width, first.height, first.i420.shape) == (320, 180, (270, 320))
    until(lambda: feed.latest is not first, "the preview stands still")
    assert abs(time.monotonic_ns() - feed.latest.time_ns) < 2e9
