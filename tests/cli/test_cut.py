"""`skiuo cut` as a program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av


def test_cut_names_says_and_repeats_to_the_byte(skiuo: Any, tmp_path: Path) -> None:
    recording = skiuo.record("--no-analyze", seconds="46")
    one, two = tmp_path / "one", tmp_path / "two"
    told = skiuo.lines("cut", recording["path"], "--out", str(one), "--json")
    skiuo.run("cut", recording["path"], "--out", str(two))
    names = ["0000_000000-015000.webm", "0001_010000-025000.webm", "0002_020000-035000.webm", "0003_030000-045000.webm"]
    assert [Path(c["path"]).name for c in told][:4] == names and len(told) == 5
    for clip in told:
        path = Path(clip["path"])
        assert clip["exact"] and not clip["reencoded"] and path.read_bytes() == (two / path.name).read_bytes()
        with av.open(str(path)) as container:
            frames = list(container.decode(video=0))
        assert len(frames) == clip["frames"] and frames[0].pts == 0 and frames[0].key_frame


def test_cut_with_other_lengths(skiuo: Any, tmp_path: Path) -> None:
    recording = skiuo.record("--no-analyze", seconds="22")
    told = skiuo.lines("cut", recording["path"], "--out", str(tmp_path / "out"), "--length", "10", "--stride", "10", "--json")
    assert [(c["start_ms"], c["end_ms"]) for c in told] == [(0, 10_000), (10_000, recording["duration_ms"])]
    assert "lost" in skiuo.run("cut", recording["path"], "--out", str(tmp_path), "--length", "5", "--stride", "10", status=2).stderr


def test_an_edge_without_a_keyframe_is_said_and_exact_mends_it(skiuo: Any, tmp_path: Path) -> None:
    recording = skiuo.record("--no-analyze", seconds="16")
    words = ("cut", recording["path"], "--out", str(tmp_path / "out"), "--length", "7", "--stride", "7")
    told = skiuo.lines(*words, "--json")
    assert [(c["exact"], c["true_start_ms"]) for c in told] == [(True, 0), (False, 5_000)]
    assert "2000 ms early" in skiuo.run(*words).stderr
    exact = skiuo.lines(*words, "--exact", "--json")
    assert [(c["exact"], c["true_start_ms"], c["reencoded"]) for c in exact] == [(True, 0, False), (True, 7_000, True)]
