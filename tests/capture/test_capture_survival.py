"""What is left when things go wrong: a killed program, a full disk, an encoder that is too slow."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture.shooting import Shooting, length_ms, pattern, probe, until

from skiuo_desktop.capture.inbox import LEAST_FRAMES
from skiuo_desktop.errors import StorageError
from skiuo_desktop.events import RecordingProgress, StopReason

CHILD = """
import resource, sys
from pathlib import Path
from skiuo_desktop.capture.feed import Feed
from skiuo_desktop.capture.recorder import Recorder, RecorderOptions
from skiuo_desktop.capture.sources import Wanted, parse_source
from skiuo_desktop.events import RecordingProgress

path, source, speed, limit_bytes = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
if limit_bytes:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

def publish(event):
    if isinstance(event, RecordingProgress):
        print(event.written_ms, flush=True)

feed = Feed(parse_source(source), wanted=Wanted(640, 360, 15), microphone="default", speed=speed, publish=publish)
feed.open()
recorder = Recorder(feed, path, "child", RecorderOptions("vp8", 1_000, 64, 1_000, 0, 120_000), publish)
recorder.start()
stopped = recorder.wait()
feed.close()
print(stopped.reason.value, stopped.frames, stopped.error, flush=True)
"""


def child(path: Path, source: str, speed: str, limit_bytes: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), source, speed, str(limit_bytes)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@pytest.mark.parametrize(
    ("source", "speed", "wait_ms"), [("test:640x360@15", "real", 2_500), ("test:1280x720@30", "max", 4_000), ("test:320x180@15", "max", 30_000)]
)
def test_kill_9_leaves_whole_clusters(tmp_path: Path, source: str, speed: str, wait_ms: int) -> None:
    path = tmp_path / "killed.webm"
    process = child(path, source, speed)
    assert process.stdout is not None
    written_ms = 0
    while written_ms < wait_ms:
        line = process.stdout.readline()
        assert line, "the recording ended by itself"
        written_ms = int(line)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    packets = probe(path)
    assert packets[-1].time_ms >= written_ms - 100, f"written up to {written_ms}, but the file ends at {packets[-1].time_ms}"
    assert probe(path, "a")[-1].time_ms >= written_ms - 100
    seen = pattern(path)
    assert [one.number for one in seen] == list(range(seen[0].number, seen[0].number + len(packets)))
    assert length_ms(path) is None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB that is really full when it is full."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a small file system in memory can be mounted on Linux only")
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system is not allowed here; the test with a file size limit stands in")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(shoot: Shooting, small_disk: Path) -> None:
    shoot.folder = small_disk
    take = shoot.take("test:640x360@30", microphone="default", speed="max", video_kbps=4_000)
    # The guard sees that there is no room left for the end of the file; without it the disk itself says so. Both are DISK_FULL.
    stopped = take.wait()
    assert stopped.reason is StopReason.DISK_FULL
    assert stopped.error
    assert take.events.notices("disk_full")
    packets = probe(take.path)
    assert len(packets) > 30
    assert [one.number for one in pattern(take.path)] == list(range(len(packets)))


def test_when_the_disk_refuses_a_write_the_file_ends_with_a_whole_block(shoot: Shooting, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another program fills the disk faster than the guard looks.
    monkeypatch.setattr("skiuo_desktop.capture.disk.DiskGuard.exhausted", False)
    shoot.folder = small_disk
    take = shoot.take("test:640x360@30", microphone="default", speed="max", video_kbps=4_000)
    stopped = take.wait()
    assert stopped.reason is StopReason.DISK_FULL
    assert stopped.error.startswith("The disk is full.")
    assert [notice.detail for notice in take.events.notices("disk_full")] == [stopped.error]
    assert stopped.bytes == take.path.stat().st_size
    packets = probe(take.path)
    assert len(packets) > 30
    assert [one.number for one in pattern(take.path)] == list(range(len(packets)))
    assert shutil.disk_usage(small_disk).free < 1 << 20


def test_a_file_that_may_not_grow_ends_the_recording_in_order(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("file size limits exist on POSIX systems only")
    process = child(tmp_path / "limited.webm", "test:640x360@15", "max", limit_bytes=800_000)
    out, _ = process.communicate(timeout=60)
    assert out.splitlines()[-1].startswith("disk_full "), out
    assert "The disk takes no larger file." in out
    packets = probe(tmp_path / "limited.webm")
    assert [one.number for one in pattern(tmp_path / "limited.webm")] == list(range(len(packets)))


def test_recording_stops_before_the_kept_room_is_touched_and_warns_first(shoot: Shooting, small_disk: Path) -> None:
    shoot.folder = small_disk
    take = shoot.take("test:320x180@15", speed="max", video_kbps=200, keep_free_bytes=500_000)
    stopped = take.wait()
    assert stopped.reason is StopReason.DISK_FULL
    assert shutil.disk_usage(small_disk).free >= 500_000
    assert take.events.notices("disk_low")[0].at_ms <= take.events.notices("disk_full")[0].at_ms
    assert abs((length_ms(take.path) or 0) - stopped.duration_ms) < 50, "the file was not finished"
    rooms = [report.room_ms for report in take.events.of(RecordingProgress) if report.room_ms is not None]
    assert rooms
    assert rooms[-1] <= rooms[0]


def test_no_recording_is_begun_on_a_disk_without_room(shoot: Shooting) -> None:
    feed, events = shoot.open("test:320x180@15")
    with pytest.raises(StorageError, match="MB left"):
        shoot.record(feed, events, keep_free_bytes=1 << 60)
    assert not (shoot.folder / "take.webm").exists()


def test_what_a_slow_encoder_cannot_take_is_dropped_and_counted_and_the_clock_goes_on(shoot: Shooting) -> None:
    began = time.monotonic()
    take = shoot.take("test:3840x2160@60", codec="vp9", video_kbps=8_000)
    until(lambda: any(report.dropped_frames > 20 for report in take.events.of(RecordingProgress)), "nothing is dropped")
    frames = take.events.of(RecordingProgress)[-1].frames
    until(lambda: take.events.of(RecordingProgress)[-1].frames > frames + LEAST_FRAMES, "nothing is recorded after the drops")
    stopped = take.stop()
    took_ms = (time.monotonic() - began) * 1000
    numbers = [one.number for one in pattern(take.path)]
    assert stopped.frames == len(numbers)
    missing = numbers[-1] - numbers[0] + 1 - len(numbers)
    # Those dropped before the first picture and after the last recorded one are counted too.
    assert 0 < missing <= stopped.dropped_frames
    times = [packet.time_ms for packet in probe(take.path)]
    assert all(abs((time_ms - times[0]) - (number - numbers[0]) * 1000 / 60) <= 2 for time_ms, number in zip(times, numbers, strict=True))
    assert stopped.duration_ms <= took_ms + 100
