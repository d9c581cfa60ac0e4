"""Finishing a recording whose recorder was killed, and what must never happen while doing so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from media.media_parts import hashed, listed, numbers, seen, structure
from media.media_tampered import joined, parts_of, repeated

from skiuo_desktop.errors import LibraryBusyError, MediaError, NotFoundError, StorageError
from skiuo_desktop.media import ebml
from skiuo_desktop.media import repair as repair_module
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.probe import probe
from skiuo_desktop.media.repair import repair
from skiuo_desktop.model import Span


@pytest.fixture
def killed(unfinished: Path, tmp_path: Path) -> Path:
    """About two thirds of a recording, ending inside a block."""
    path = tmp_path / "killed.webm"
    data = unfinished.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    return path


def alone(path: Path) -> bool:
    return list(path.parent.iterdir()) == [path]


def test_a_repaired_recording_is_like_a_finished_one(killed: Path, unfinished: Path) -> None:
    before, frames = listed(unfinished), probe(killed).frames
    result = repair(killed)
    assert 200 < frames == result.frames == seen(killed).frames
    assert numbers(killed.read_bytes()) == list(range(frames))
    after = listed(killed)
    assert after == before[: len(after)], "same bytes at the same times"
    made = structure(killed)
    assert made.cues == [p.time_ms for p in after if p.key] == list(range(0, result.duration_ms, 5000))
    assert max(b - a for a, b in zip(made.clusters, made.clusters[1:], strict=False)) <= 1050
    assert not made.complaint
    assert abs(seen(killed).duration_ms - result.duration_ms) <= 1
    assert abs(result.duration_ms - frames * 1000 / 30) < 60
    assert (result.width, result.height, result.video_codec, result.has_audio) == (320, 176, "vp8", True)
    assert abs(result.fps - 30) < 0.1
    assert result.bytes == killed.stat().st_size
    assert f"up to {result.duration_ms / 1000:.1f} s" in result.message
    assert "lost" in result.message
    assert alone(killed)
    assert cut(killed, Span(5000, 10_000)).data == cut(unfinished, Span(5000, 10_000)).data


def test_a_finished_recording_is_left_alone(talking: Path, tmp_path: Path) -> None:
    path = tmp_path / "done.webm"
    shutil.copy(talking, path)
    before = path.stat()
    result = repair(path)
    assert (result.frames, result.duration_ms, result.lost_bytes) == (1380, 46_000, 0)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino
    assert "nothing had to be repaired" in result.message


@pytest.mark.parametrize("size", [0, 3, 60, 400, 620], ids=lambda size: f"{size} bytes")
def test_what_holds_nothing_is_kept_as_it_is(size: int, unfinished: Path, tmp_path: Path) -> None:
    path = tmp_path / "nothing.webm"
    content = unfinished.read_bytes()[:size]
    path.write_bytes(content)
    with pytest.raises(MediaError):
        repair(path)
    assert path.read_bytes() == content
    assert alone(path)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        repair(tmp_path / "nowhere.webm")


def test_without_room_nothing_is_touched(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = killed.read_bytes()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(repair_module.shutil, "disk_usage", lambda folder: usage(10**9, 10**9 - 5000, 5000))
    with pytest.raises(StorageError, match=r"needs \d+\.\d MB of free disk, and 5\.0 kB are free"):
        repair(killed)
    assert killed.read_bytes() == before
    assert alone(killed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file that a process may write")
@pytest.mark.parametrize("missing", [0.5, 60], ids=["half", "the last sixty bytes"])
def test_a_disk_that_fills_up_on_the_way_leaves_the_recording_as_it_is(missing: float, killed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In a process that may write no larger file than so: the system refuses in the middle, or only the cues."""
    before = killed.read_bytes()
    whole = Path(shutil.copy(killed, tmp_path_factory.mktemp("whole")))
    needed = repair(whole).bytes
    room = needed - missing if missing > 1 else needed * missing
    script = (
        "import resource, signal, sys; from pathlib import Path; from skiuo_desktop.media.repair import repair; from skiuo_desktop.errors import StorageError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try: repair(Path(sys.argv[1]))\n"
        "except StorageError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(killed), str(int(room))], capture_output=True, text=True)
    assert "cannot be written: File too large" in done.stdout, done.stderr
    assert killed.read_bytes() == before
    assert alone(killed)


def test_a_copy_that_does_not_reach_the_disk_takes_nobodys_place(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = killed.read_bytes()

    def refuse(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("skiuo_desktop.media.files.os.fsync", refuse)
    with pytest.raises(StorageError, match="Input/output error"):
        repair(killed)
    assert killed.read_bytes() == before
    assert alone(killed)


def test_a_file_that_still_grows_is_not_replaced(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = repair_module.webm_writer

    def meanwhile(*given: object, **options: object) -> object:
        with killed.open("ab") as file:
            file.write(b"the recorder lives")
        return real(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(repair_module, "webm_writer", meanwhile)
    with pytest.raises(LibraryBusyError, match="still being written"):
        repair(killed)
    assert killed.read_bytes().endswith(b"the recorder lives")
    assert alone(killed)


def test_leftovers_of_a_repair_that_was_killed_itself_are_removed(killed: Path) -> None:
    leftover = killed.with_name(".killed.webm.0123456789ab.part")
    leftover.write_bytes(b"half a copy")
    other = killed.with_name(".other.webm.0123456789ab.part")
    other.write_bytes(b"not ours")
    repair(killed)
    assert not leftover.exists()
    assert other.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such mode")
def test_the_mode_of_the_file_is_kept(killed: Path) -> None:
    killed.chmod(0o640)
    repair(killed)
    assert killed.stat().st_mode & 0o777 == 0o640


def test_both_sides_of_a_hole_are_brought_back(unfinished: Path, tmp_path: Path) -> None:
    path = tmp_path / "holed.webm"
    data = bytearray(unfinished.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = bytes(4096)
    path.write_bytes(data[: len(data) - 3000])
    result = repair(path)
    before = listed(unfinished)
    after = listed(path)
    assert len(after) > 560
    assert set(after[:250]) <= set(before)
    assert after[-1].time_ms > 20_000
    assert result.lost_bytes > 4096
    assert [p.time_ms for p in after] == sorted(p.time_ms for p in after)


@pytest.mark.parametrize("wrong", [0, 2**40], ids=["back to zero", "far ahead"])
def test_a_cluster_with_a_wrong_time_is_left_out_and_the_rest_is_kept(wrong: int, unfinished: Path, tmp_path: Path) -> None:
    head, parts = parts_of(unfinished)
    clusters = [n for n, part in enumerate(parts) if part.id == ebml.CLUSTER]
    payload = parts[clusters[8]].payload
    stamp = next(ebml.children(payload))
    parts[clusters[8]] = parts[clusters[8]]._replace(payload=ebml.element_bytes(0xE7, wrong.to_bytes(8, "big")) + payload[stamp.end :])
    path = tmp_path / "strayed.webm"
    path.write_bytes(joined(head, parts))
    result = repair(path)
    before, after = listed(unfinished), listed(path)
    assert set(after) <= set(before)
    assert 590 < len(after) < 610
    assert result.lost_bytes > 1000
    assert after[-1].time_ms == before[-1].time_ms


def test_blocks_that_go_back_in_time_are_left_out(unfinished: Path, tmp_path: Path) -> None:
    """The first blocks of a cluster stand at its end once more."""
    head, parts = parts_of(unfinished)
    at = [n for n, part in enumerate(parts) if part.id == ebml.CLUSTER][7]
    payload = parts[at].payload
    blocks = [payload[e.start : e.end] for e in ebml.children(payload) if e.id == 0xA3]
    parts[at] = parts[at]._replace(payload=payload + b"".join(blocks[:30]))
    path = tmp_path / "doubled.webm"
    path.write_bytes(joined(head, parts))
    assert cut(path, Span(5000, 10_000)).data == cut(unfinished, Span(5000, 10_000)).data
    assert repair(path).frames == 630
    assert listed(path) == listed(unfinished)


@pytest.mark.skipif(sys.platform == "win32", reason="the peak memory of a process is read from the resource module")
def test_a_long_recording_needs_little_memory(talking: Path, tmp_path: Path) -> None:
    """Six times as many bytes as the repair may take in memory."""
    path = tmp_path / "long.webm"
    with path.open("wb") as file:
        file.writelines(repeated(talking, 12, 46_000, padding=4000))
        file.truncate(file.tell() - 100)
    size = path.stat().st_size
    assert size > 168 << 20
    script = (
        "import resource, sys; from pathlib import Path; from skiuo_desktop.media.repair import repair\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; result = repair(Path(sys.argv[1]))\n"
        "print(result.frames, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, env={**os.environ, "MALLOC_ARENA_MAX": "1"})
    frames, grown = map(int, done.stdout.split())
    assert frames >= 12 * 1379
    assert grown << (10 if sys.platform == "linux" else 0) < 28 << 20
    assert probe(path).finished


def test_codecs_that_are_not_ours_are_left_as_they_are(silent: Path, tmp_path: Path) -> None:
    from media.media_parts import ffmpeg

    path = tmp_path / "foreign.mkv"
    ffmpeg("-i", silent, "-t", "2", "-c:v", "libx264", "-preset", "ultrafast", "-f", "matroska", path)
    content = path.read_bytes()[:-500]
    path.write_bytes(content)
    with pytest.raises(MediaError, match="h264"):
        repair(path)
    assert path.read_bytes() == content


def test_browser_recordings_get_duration_and_cues(still: Path, tmp_path: Path) -> None:
    from media.media_tampered import streamed

    path = tmp_path / "browser.webm"
    path.write_bytes(streamed(still, open_clusters=True))
    assert not probe(path).finished
    result = repair(path)
    assert (result.frames, result.lost_bytes) == (780, 0)
    assert "lost" not in result.message
    assert [p.hash for p in hashed(path.read_bytes())] == [p.hash for p in listed(still)]
    assert structure(path).cues == list(range(0, 26_000, 5000))
