"""The engine killed with SIGKILL in every state: no window is lost, and none is analysed twice without a record."""

from __future__ import annotations

import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from support import forked
from support.running import Run

from skiuo_desktop.home import Home
from skiuo_desktop.media.plan import planned
from skiuo_desktop.media.probe import probe
from skiuo_desktop.model import AnalysisState, FailureKind, RecordingState, WindowState

MOMENTS = [
    "RecordingStarted",
    "RecordingProgress",
    "WindowChanged",
    "AnalysisStarted",
    "AnalysisText",
    "AnalysisEnded",
    "RecordingStopped",
    "RecordingChanged",
    "RecordingSaved",
]
EARLY = {"RecordingStarted", "RecordingChanged", "RecordingProgress"}
"""Before the first cluster: there may be nothing to keep."""

SEEDS = random.Random(20261124)
TIMES = [f"{SEEDS.uniform(0.3, 3.0):.2f}" for _ in range(8)]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how Unix kills")
@pytest.mark.parametrize("moment", MOMENTS + TIMES)
def test_killed(moment: str, home: Home, tmp_path: Path, with_extra: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    calls.touch()
    monkeypatch.setenv("SKIUO_EXTRA_CALLS", str(calls))
    child = forked.run("support.child_engine:main", str(home.root), moment)
    assert child.returncode in (-signal.SIGKILL, 0), child.stderr

    run = Run(home)
    try:
        run.engine.repaired().result(60)
        for summary in run.engine.recordings().result(60):
            run.until(lambda summary=summary: run.engine.queued(summary.id).result(60) == 0, "the backlog", 60)
        recordings = [run.engine.recording(row.id).result(60) for row in run.engine.recordings().result(60)]
        attempts = [a for r in recordings for w in r.windows for x in w.analyses for a in run.engine.attempts(x.id).result(60)]
    finally:
        run.engine.stop()

    if moment not in EARLY and not moment[0].isdigit():
        assert len(recordings) == 1, "a recording that had begun is gone"
    for recording in recordings:
        assert recording.state is RecordingState.FINISHED
        on_disk = probe(Path(recording.path))
        assert on_disk.finished and on_disk.duration_ms == recording.duration_ms
        plan = planned(recording.duration_ms, 15_000, 10_000)
        assert [w.span.start_ms for w in recording.windows] == [span.start_ms for span in plan]
        # A window that was planned before the kill has all its pictures, though the last of them may be known to last a millisecond less.
        assert all(abs(w.span.end_ms - span.end_ms) <= 2 for w, span in zip(recording.windows, plan, strict=True))
        assert all(w.state is WindowState.DONE for w in recording.windows), [(w.index, w.state, w.reason) for w in recording.windows]
        assert all(sum(a.state is AnalysisState.DONE for a in w.analyses) == 1 for w in recording.windows)
    called = Counter(calls.read_text().splitlines())
    recorded = Counter(f"{recordings[0].id} {a.sent['window']}" for a in attempts if a.sent) if recordings else Counter()
    assert called <= recorded, "a call was made that no attempt tells of"
    assert sum(called.values()) <= len(attempts)
    interrupted = [a for a in attempts if a.failure is not None]
    assert all(a.failure.kind is FailureKind.INTERRUPTED for a in interrupted if a.failure)
