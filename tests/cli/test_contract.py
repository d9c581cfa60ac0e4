"""The command line contract: events, objects, exit statuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import pytest

from skiuo_desktop import __version__

RECORDING_KEYS = {"id", "path", "source", "started_at", "duration_ms", "frames", "dropped_frames", "windows"}
WINDOW_KEYS = {"index", "start_ms", "end_ms", "state", "analyses"}
ANALYSIS_KEYS = {"model", "state", "text", "tokens_in", "tokens_out", "cost", "first_token_ms", "total_ms", "error"}


def packets(path: str) -> list[tuple[int, bool]]:
    with av.open(path) as container:
        return [(int(p.pts * p.time_base * 1000 + 0.5), p.is_keyframe) for p in container.demux(video=0) if p.pts is not None]


def test_record_tells_all_and_ends_with_the_recording(skiuo: Any) -> None:
    events = skiuo.lines("record", "--source", "test:320x180@15", "--seconds", "26", "--speed", "max", "--no-audio", "--title", "A take", "--json")
    recording = events[-1]["recording"]
    assert recording.keys() >= RECORDING_KEYS
    assert (recording["title"], recording["source"], recording["dropped_frames"]) == ("A take", "test:320x180@15", 0)
    assert recording["duration_ms"] == pytest.approx(26_000, abs=70)
    assert [(w["start_ms"], w["end_ms"]) for w in recording["windows"]][:2] == [(0, 15_000), (10_000, 25_000)]
    for window in recording["windows"]:
        assert window.keys() >= WINDOW_KEYS
        [analysis] = window["analyses"]
        assert analysis.keys() >= ANALYSIS_KEYS
        assert (window["state"], analysis["state"], analysis["model"], analysis["error"]) == ("done", "done", "offline", None)
        streamed = "".join(e["delta"] for e in events if e["event"] == "text" and e["window"] == window["index"])
        assert streamed.strip() == analysis["text"] != ""
    kinds = [e["event"] for e in events]
    assert kinds[-1] == "done" and kinds.count("done") == 1 and kinds.count("started") == 1
    assert kinds.index("started") < kinds.index("window") < kinds.index("text")
    assert len(packets(recording["path"])) == recording["frames"]


def test_list_show_search_speak_of_the_same_recording(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", "--title", "焊接电路板")
    other = skiuo.record("--no-analyze")
    assert [r["id"] for r in skiuo.lines("list", "--json")] == [other["id"], recording["id"]]
    [shown] = skiuo.lines("show", recording["id"], "--json")
    assert shown == recording
    assert skiuo.lines("show", recording["id"][:-1], "--json") == [shown] or recording["id"][:-1] == other["id"][:-1]
    assert skiuo.lines("show", "焊接电路板", "--json") == [shown]
    [hit] = skiuo.lines("search", "焊接", "--json")
    assert hit["recording"] == recording["id"] and hit.keys() >= {"recording", "window", "start_ms", "text"}
    assert skiuo.lines("search", "nowhere", "--json") == []
    assert "焊接电路板" in skiuo.run("list").stdout and "焊接电路板" in skiuo.run("show", "last" if other["id"] < recording["id"] else recording["id"]).stdout
    assert {w["state"] for w in recording["windows"]} == {"skipped"}


def test_the_narrative_is_printed_and_progress_stays_on_stderr(skiuo: Any) -> None:
    done = skiuo.run("record", "--source", "test:320x180@15", "--seconds", "16", "--speed", "max", "--no-audio")
    assert done.stdout.startswith("00:00–00:15\n  ")
    assert "skiuo show" in done.stderr and "skiuo show" not in done.stdout


def test_analyze_again_and_only_what_failed(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", seconds="6")
    events = skiuo.lines("analyze", recording["id"], "--json")
    assert [len(w["analyses"]) for w in events[-1]["recording"]["windows"]] == [1]
    assert "Nothing failed" in skiuo.run("analyze", recording["id"], "--failed").stderr
    again = skiuo.lines("analyze", recording["id"], "--model", "offline", "--json")[-1]["recording"]
    assert [a["version"] for a in again["windows"][0]["analyses"]] == [1, 2]


def test_a_failed_analysis_has_its_own_exit_status_and_the_recording_is_there(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", seconds="6")
    Path(recording["path"]).write_bytes(b"\x1aE\xdf\xa3 not any more")
    done = skiuo.run("analyze", recording["id"], "--json", status=8)
    last = json.loads(done.stdout.splitlines()[-1])
    [analysis] = last["recording"]["windows"][0]["analyses"]
    assert last["event"] == "done" and analysis["state"] == "failed" and analysis["error"]["kind"] == "media"
    assert "--failed" in done.stderr


def test_delete_asks_shows_and_deletes(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", seconds="6")
    refused = skiuo.run("delete", recording["id"], status=2)
    assert recording["id"] in refused.stderr and "--yes" in refused.stderr and Path(recording["path"]).exists()
    skiuo.run("delete", recording["id"], "--yes")
    assert not Path(recording["path"]).exists() and skiuo.lines("list", "--json") == []
    skiuo.run("show", recording["id"], status=3)


def test_settings_can_be_read_changed_and_found(skiuo: Any) -> None:
    assert skiuo.run("settings", "get", "windows.length_ms").stdout == "15000\n"
    skiuo.run("settings", "set", "windows.length_ms", "20000")
    assert skiuo.run("settings", "get", "windows.length_ms").stdout == "20000\n"
    assert Path(skiuo.run("settings", "path").stdout.strip()).is_relative_to(skiuo.home)
    assert {s["key"]: s["value"] for s in skiuo.lines("settings", "--json")}["windows.length_ms"] == 20_000
    assert "record.fps" in skiuo.run("settings").stdout
    assert "Did you mean windows.length_ms" in skiuo.run("settings", "set", "windows.lenght_ms", "1", status=2).stderr
    recording = skiuo.record("--no-analyze", seconds="21")
    assert [(w["start_ms"], w["end_ms"]) for w in recording["windows"]] == [(0, 20_000), (10_000, recording["duration_ms"])]


def test_sources_shows_the_grammar_and_what_is_there(skiuo: Any) -> None:
    text = skiuo.run("sources").stdout
    for form in ("camera:", "rtsp://", "screen:", "file:", "test:"):
        assert form in text
    assert any(line.get("source", "").startswith("test:") for line in skiuo.lines("sources", "--json"))


def test_version_and_help(skiuo: Any) -> None:
    assert skiuo.run_alone("--version").stdout == f"skiuo {__version__}\n"
    assert "exit status" in skiuo.run_alone("--help").stdout


WRONG = [
    (("record", "--source", "nonsense"), 2),
    (("record", "--source", "camera:99", "--seconds", "2"), 4),
    (("record", "--source", "file:/no/such", "--seconds", "2"), None),
    (("record", "--source", "rtsp://127.0.0.1:9/x", "--seconds", "2"), 4),
    (("record", "--source", "test:", "--seconds", "-3"), 2),
    (("record", "--source", "test:", "--seconds", "nan"), 2),
    (("record", "--source", "test:", "--model", "nope"), 3),
    (("record",), 2),
    (("show", "nope"), 3),
    (("analyze", "nope"), 3),
    (("delete", "nope", "--yes"), 3),
    (("search", " "), 2),
    (("cut", "/no/such.webm", "--out", "x"), None),
    (("cut", "/dev/null", "--out", "x"), 5),
    (("settings", "get", "no.such"), 2),
    (("settings", "set", "analysis.models", "nope"), 3),
    (("frobnicate",), 2),
]


@pytest.mark.parametrize(("words", "status"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_what_is_wrong_is_said_in_one_line(skiuo: Any, words: tuple[str, ...], status: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = skiuo.run(*words, status=status)
    assert done.stderr.startswith("skiuo: ") and len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stdout == ""


def test_a_password_in_an_address_is_shown_nowhere(skiuo: Any) -> None:
    done = skiuo.run("record", "--source", "rtsp://me:hunter2@127.0.0.1:9/x", "--seconds", "2", status=4)
    assert "hunter2" not in done.stdout + done.stderr
    for path in skiuo.home.rglob("*"):
        assert not path.is_file() or b"hunter2" not in path.read_bytes(), path


def test_a_reader_that_goes_away_is_no_error(skiuo: Any) -> None:
    for _ in range(2):
        skiuo.record("--no-analyze", seconds="2")
    command = " ".join([*skiuo.words, "list", "--json"])
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command} | head -c 1"], env=skiuo.environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def wait_for_progress(child: subprocess.Popen[str], elapsed_ms: int) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        event = json.loads(line)
        if event["event"] == "progress" and event["elapsed_ms"] >= elapsed_ms:
            return
    raise AssertionError(f"the recording ended early: {child.stderr.read() if child.stderr else ''}")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_the_recording_cleanly_and_it_is_still_read(skiuo: Any, number: signal.Signals) -> None:
    child = skiuo.start("record", "--source", "test:320x180@15", "--no-audio", "--json")
    wait_for_progress(child, 2_000)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    recording = json.loads(out.splitlines()[-1])["recording"]
    assert child.returncode == 0, err
    assert recording["state"] == "finished" and [w["state"] for w in recording["windows"]] == ["done"]
    assert len(packets(recording["path"])) == recording["frames"] > 20


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_a_second_ctrl_c_leaves_the_analysis_and_never_the_file(skiuo: Any) -> None:
    skiuo.run("settings", "set", "windows.stride_ms", "1000")
    skiuo.run("settings", "set", "windows.length_ms", "2000")
    child = skiuo.start("record", "--source", "test:320x180@15", "--seconds", "8", "--speed", "max", "--no-audio", "--json")
    for line in child.stdout:
        if json.loads(line)["event"] == "stopped":
            break
    child.send_signal(signal.SIGINT)
    for line in child.stdout:
        if json.loads(line)["event"] in ("window", "text", "analysis"):
            break
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    recording = json.loads(out.splitlines()[-1])["recording"]
    assert child.returncode == 130 and "recording is safe" in err
    assert len(packets(recording["path"])) == recording["frames"] == 120
    assert any(w["state"] == "queued" for w in recording["windows"])
    assert skiuo.lines("analyze", recording["id"], "--json")[-1]["recording"]["windows"][0]["state"] == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how Unix kills")
def test_after_a_kill_repair_brings_back_the_recording(skiuo: Any) -> None:
    child = skiuo.start("record", "--source", "test:640x360@30", "--no-audio", "--no-analyze", "--json")
    wait_for_progress(child, 6_500)
    child.kill()
    child.communicate(timeout=60)
    [repaired] = skiuo.lines("repair", "--json")
    [recording] = skiuo.lines("list", "--json")
    assert repaired["recording"] == recording["id"] and recording["state"] == "finished"
    assert recording["duration_ms"] > 4_500 and len(packets(recording["path"])) == recording["frames"]
    assert [w["start_ms"] for w in recording["windows"]] == [0]
    assert recording["notices"][0]["kind"] == "repaired"
    assert skiuo.run("repair").stdout == "Nothing to repair.\n"


def test_repair_takes_in_recordings_whose_library_is_lost(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", seconds="6")
    for path in skiuo.home.glob("library.db*"):
        path.unlink()
    assert skiuo.lines("list", "--json") == []
    [found] = skiuo.lines("repair", "--json")
    [again] = skiuo.lines("list", "--json")
    assert found["path"] == again["path"] == recording["path"] and again["frames"] == recording["frames"]
    assert again["started_at"][:19] == recording["started_at"][:19]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how Unix kills")
def test_a_recording_whose_file_is_away_keeps_its_row_until_it_is_back(skiuo: Any, tmp_path: Path) -> None:
    child = skiuo.start("record", "--source", "test:320x180@15", "--no-audio", "--no-analyze", "--json")
    wait_for_progress(child, 3_000)
    child.kill()
    child.communicate(timeout=60)
    [recording] = skiuo.lines("list", "--json")
    Path(recording["path"]).rename(tmp_path / "away.webm")
    assert "is not there" in skiuo.run("repair", status=3).stderr
    assert [r["id"] for r in skiuo.lines("list", "--json")] == [recording["id"]]
    (tmp_path / "away.webm").rename(recording["path"])
    assert [r["recording"] for r in skiuo.lines("repair", "--json")] == [recording["id"]]


def test_repair_deletes_nothing_that_it_does_not_know(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", seconds="2")
    junk, tiny = Path(recording["path"]).with_name("junk.webm"), Path(recording["path"]).with_name("tiny.webm")
    junk.write_bytes(b"not a video")
    tiny.write_bytes(Path(recording["path"]).read_bytes()[:2000])
    skiuo.run("repair")
    assert junk.read_bytes() == b"not a video" and tiny.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="a small disk of its own can only be mounted by root on Linux")
def test_a_full_disk_ends_the_recording_with_its_own_status_and_what_was_recorded_is_kept(skiuo: Any) -> None:
    skiuo.home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(skiuo.home)], check=True)
    try:
        skiuo.run("settings", "set", "record.keep_free_mb", "50")
        skiuo.run("settings", "set", "record.video_kbps", "20000")
        done = skiuo.run("record", "--source", "test:1280x720@30", "--speed", "max", "--seconds", "600", "--no-audio", "--no-analyze", "--json", status=6)
        recording = json.loads(done.stdout.splitlines()[-1])["recording"]
        assert recording["state"] == "finished" and len(packets(recording["path"])) == recording["frames"] > 30
        assert len(done.stderr.strip().splitlines()) == 1 and "disk" in done.stderr
    finally:
        subprocess.run(["umount", str(skiuo.home)], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("loaded", ["skiuo_desktop.cli.arguments", "sqlalchemy.orm", "alembic.command"])
def test_ctrl_c_at_the_very_beginning_is_no_mistake_of_anybody(skiuo: Any, loaded: str) -> None:
    """Python says on stderr what it has imported, so the moment is the same on any machine."""
    skiuo.environment["PYTHONPROFILEIMPORTTIME"] = "1"
    child = skiuo.start("record", "--source", "test:320x180@15", "--no-audio", "--no-analyze")
    assert any(line.split("|")[-1].strip() == loaded for line in child.stderr), "it does not import that, or not in the beginning"
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert "Traceback" not in err and "mistake" not in err and child.returncode in (0, 130, -signal.SIGINT), (child.returncode, err)


def test_a_terminal_that_cannot_hold_chinese_shows_something_and_json_is_utf8(skiuo: Any) -> None:
    recording = skiuo.record("--no-analyze", "--title", "焊接", seconds="2")
    skiuo.environment["PYTHONIOENCODING"] = "cp1252"
    plain = subprocess.run([*skiuo.words, "show", recording["id"]], env=skiuo.environment, capture_output=True, timeout=120)
    assert (plain.returncode, plain.stderr) == (0, b"") and plain.stdout.startswith(b"??")
    done = subprocess.run([*skiuo.words, "show", recording["id"], "--json"], env=skiuo.environment, capture_output=True, timeout=120)
    assert json.loads(done.stdout.decode("utf-8"))["title"] == "焊接"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_an_output_that_is_full_is_said(skiuo: Any) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*skiuo.words, "settings"], env=skiuo.environment, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 6 and "could not be written" in done.stderr and "Traceback" not in done.stderr


def test_an_empty_search_of_a_folder_that_cannot_be_used_is_said(skiuo: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    skiuo.environment["SKIUO_HOME"] = str(tmp_path / "file" / "home")
    assert "SKIUO_HOME" in skiuo.run("list", status=6).stderr


def test_two_commands_record_into_one_library_at_once(skiuo: Any) -> None:
    words = ("record", "--source", "test:320x180@15", "--seconds", "6", "--speed", "max", "--no-audio", "--json")
    children = [skiuo.start(*words) for _ in range(2)]
    recordings = []
    for child in children:
        out, err = child.communicate(timeout=90)
        assert child.returncode == 0, err
        recordings.append(json.loads(out.splitlines()[-1])["recording"])
    assert {r["id"] for r in skiuo.lines("list", "--json")} == {r["id"] for r in recordings}
    assert all(w["state"] == "done" and len(w["analyses"]) == 1 for r in recordings for w in r["windows"])


def test_demo_reads_the_generated_scene(skiuo: Any) -> None:
    done = skiuo.run("demo", "--seconds", "12")
    assert "FAILED" in done.stdout or "failed" in done.stdout
    assert "skiuo gui" in done.stderr
    assert os.listdir(skiuo.home / "recordings")  # noqa: PTH208
    assert skiuo.lines("search", "failed", "--json")


def test_demo_takes_a_file(skiuo: Any, tmp_path: Path) -> None:
    made = skiuo.record("--no-analyze", seconds="3")
    done = skiuo.run("demo", made["path"], "--json")
    assert json.loads(done.stdout.splitlines()[-1])["recording"]["windows"][0]["state"] == "done"
    skiuo.run("demo", str(tmp_path / "none.mp4"), status=3)
