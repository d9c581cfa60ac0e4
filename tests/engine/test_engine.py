"""The engine from a source to the text, with a real recorder, a real cut and a provider of another package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.running import Run

from skiuo_desktop.errors import NotFoundError, SourceError, UsageError
from skiuo_desktop.events import AnalysisEnded, AnalysisText, StageTiming, WindowChanged
from skiuo_desktop.home import Home
from skiuo_desktop.model import AnalysisState, FailureKind, RecordingState, WindowState

SOURCE = "test:320x180@15"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "calls"
    path.touch()
    monkeypatch.setenv("SKIUO_EXTRA_CALLS", str(path))
    return path


def test_from_source_to_text(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=46_000, models=("extra",), title="A take")
    assert (recording.title, recording.state, recording.source) == ("A take", RecordingState.FINISHED, SOURCE)
    assert [(w.span.start_ms, w.span.end_ms) for w in recording.windows] == [
        (0, 15_000),
        (10_000, 25_000),
        (20_000, 35_000),
        (30_000, 45_000),
        (40_000, 46_000),
    ]
    assert [w.state for w in recording.windows] == [WindowState.DONE] * 5
    texts = [w.analyses[0].text for w in recording.windows]
    assert texts[0] == "Window 0 begins."
    assert texts[1] == f"Window 1 after {texts[0]!r}.", "a window does not know what was said of the one before"
    analysis = recording.windows[1].analyses[0]
    assert (analysis.usage.tokens_in, analysis.usage.tokens_out, analysis.usage.cost) == (100, 7, 0.001)
    assert analysis.first_token_ms is not None and analysis.total_ms is not None and analysis.first_token_ms <= analysis.total_ms
    [attempt] = run.engine.attempts(analysis.id).result(60)
    assert attempt.sent["window"] == 1 and attempt.sent["bytes"] > 1000 and attempt.raw == "raw answer"
    assert Path(recording.thumbnail).read_bytes()[:2] == b"\xff\xd8"
    assert sorted(calls.read_text().split()[1::2]) == ["0", "1", "2", "3", "4"]


def test_text_streams_in_order_and_without_gaps(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=26_000, models=("extra",))
    for window in recording.windows:
        analysis, streamed = window.analyses[0], ""
        for event in run.events:
            if isinstance(event, AnalysisText) and event.analysis_id == analysis.id:
                assert event.position == len(streamed)
                streamed += event.delta
        assert streamed == analysis.text
    stages = {e.stage for e in run.events if isinstance(e, StageTiming)}
    assert {"plan", "cut", "analyse"} <= stages


def test_windows_appear_while_recording(with_extra: None, calls: Path, home: Home) -> None:
    run = Run(home)
    try:
        run.engine.settings.change({"windows.length_ms": 2000, "windows.stride_ms": 1000})
        run.engine.open_source(SOURCE, "none").result(60)
        recording_id = run.engine.start_recording("", ("extra",)).result(60)
        run.until(lambda: any(isinstance(e, AnalysisEnded) for e in run.events), "a text while recording")
        assert run.engine.recording_id == recording_id, "the text came only after the recording"
        marker = run.engine.add_marker("here").result(60)
        run.engine.stop_recording().result(60)
        run.until(lambda: run.saved(recording_id), "the end")
        recording = run.engine.recording(recording_id).result(60)
        assert [m.text for m in recording.markers] == ["here"] and 0 < marker.at_ms <= recording.duration_ms
        assert run.engine.recording_id is None
    finally:
        run.engine.stop()


@pytest.mark.parametrize(("plan", "kind"), [("fail", FailureKind.QUOTA_MINUTE), ("short", FailureKind.CUT_SHORT), ("crash", FailureKind.INTERNAL)])
def test_a_failure_is_kept_with_the_text_so_far_and_can_be_tried_again(
    with_extra: None, calls: Path, run: Run, monkeypatch: pytest.MonkeyPatch, plan: str, kind: FailureKind
) -> None:
    monkeypatch.setenv("SKIUO_EXTRA_PLAN", json.dumps({"1": plan}))
    recording = run.record(SOURCE, limit_ms=26_000, models=("extra",))
    assert [w.state for w in recording.windows] == [WindowState.DONE, WindowState.FAILED, WindowState.DONE]
    failed = recording.windows[1].analyses[0]
    assert failed.failure is not None and failed.failure.kind is kind and failed.failure.message
    assert failed.text.startswith("Window 1") and failed.partial
    monkeypatch.setenv("SKIUO_EXTRA_PLAN", "{}")
    assert run.engine.analyse(recording.id, failed_only=True).result(60) == 1
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the second try")
    again = run.engine.recording(recording.id).result(60)
    assert [w.state for w in again.windows] == [WindowState.DONE] * 3
    chosen = again.windows[1].chosen
    assert chosen is not None and chosen.state is AnalysisState.DONE and len(again.windows[0].analyses) == 1


def test_one_window_can_be_analysed_again_and_both_answers_stay(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=26_000, models=("extra",))
    assert run.engine.analyse(recording.id, window_index=2).result(60) == 1
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the second answer")
    again = run.engine.recording(recording.id).result(60)
    assert [len(w.analyses) for w in again.windows] == [1, 1, 2]
    assert sorted(a.version for a in again.windows[2].analyses) == [1, 2]


def test_cancelling_ends_at_once_and_keeps_what_had_arrived(with_extra: None, calls: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKIUO_EXTRA_PLAN", json.dumps({"0": "hang"}))
    run.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = run.engine.start_recording("", ("extra",), 26_000).result(60)
    run.until(lambda: any(isinstance(e, AnalysisText) for e in run.events), "the first word")
    run.until(lambda: run.saved(recording_id), "the end")
    assert run.engine.cancel_analyses(recording_id).result(60) == 3
    recording = run.engine.recording(recording_id).result(60)
    assert {a.state for w in recording.windows for a in w.analyses} == {AnalysisState.CANCELLED}
    assert recording.windows[0].analyses[0].text == "Window 0 " or recording.windows[0].analyses[0].text == "Window 0"


def test_a_clean_stop_queues_again_what_was_under_way(with_extra: None, calls: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKIUO_EXTRA_PLAN", json.dumps({"0": "hang"}))
    first = Run(home)
    first.engine.open_source(SOURCE, "none", "max").result(60)
    recording_id = first.engine.start_recording("", ("extra",), 26_000).result(60)
    first.until(lambda: any(isinstance(e, AnalysisText) for e in first.events), "the first word")
    first.engine.stop()
    monkeypatch.setenv("SKIUO_EXTRA_PLAN", "{}")
    second = Run(home)
    try:
        second.until(lambda: second.engine.queued(recording_id).result(60) == 0, "the backlog")
        recording = second.engine.recording(recording_id).result(60)
        assert recording.state is RecordingState.FINISHED
        assert {w.state for w in recording.windows} == {WindowState.DONE}
        assert len(second.engine.attempts(recording.windows[0].analyses[0].id).result(60)) == 2
    finally:
        second.engine.stop()


def test_without_models_windows_are_planned_and_skipped_until_somebody_asks(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=26_000, models=())
    assert {w.state for w in recording.windows} == {WindowState.SKIPPED}
    assert calls.read_text() == ""
    assert run.engine.analyse(recording.id, ("extra",)).result(60) == 3
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the analyses")
    assert {w.state for w in run.engine.recording(recording.id).result(60).windows} == {WindowState.DONE}


def test_a_switch_of_the_models_counts_from_the_next_window(with_extra: None, calls: Path, home: Home) -> None:
    run = Run(home)
    try:
        run.engine.settings.change({"windows.length_ms": 2000, "windows.stride_ms": 2000, "analysis.models": ["extra"]})
        run.engine.open_source(SOURCE, "none").result(60)
        recording_id = run.engine.start_recording().result(60)
        run.until(lambda: any(isinstance(e, WindowChanged) for e in run.events), "the first window")
        run.engine.settings.change({"analysis.models": ["offline"]})
        planned = [e.window.index for e in run.events if isinstance(e, WindowChanged)]
        run.until(lambda: any(isinstance(e, WindowChanged) and e.window.index > max(planned) for e in run.events), "the next window")
        run.engine.stop_recording().result(60)
        run.until(lambda: run.saved(recording_id), "the end")
        models = [[a.model for a in w.analyses] for w in run.engine.recording(recording_id).result(60).windows]
        assert models[0] == ["extra"] and models[-1] == ["offline"]
    finally:
        run.engine.stop()


def test_a_missing_file_is_a_failure_on_the_window_and_not_the_end(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=16_000, models=())
    Path(recording.path).unlink()
    run.engine.analyse(recording.id, ("extra",)).result(60)
    run.until(lambda: run.engine.queued(recording.id).result(60) == 0, "the failure")
    failed = run.engine.recording(recording.id).result(60).windows[0].analyses[0]
    assert failed.failure is not None and failed.failure.kind is FailureKind.MEDIA


def test_wrong_requests_are_refused_with_a_reason(run: Run) -> None:
    with pytest.raises(UsageError):
        run.engine.open_source("nonsense", "none").result(60)
    with pytest.raises(SourceError, match="No source is open"):
        run.engine.start_recording().result(60)
    run.engine.open_source(SOURCE, "none").result(60)
    with pytest.raises(NotFoundError, match="nope"):
        run.engine.start_recording("", ("nope",)).result(60)
    with pytest.raises(NotFoundError):
        run.engine.recording("nope").result(60)
    with pytest.raises(UsageError, match="no moment to mark"):
        run.engine.add_marker()
    assert run.engine.recordings().result(60) == []


def test_two_engines_share_one_library(with_extra: None, calls: Path, home: Home) -> None:
    one, two = Run(home), Run(home)
    try:
        first, second = (r.record(SOURCE, limit_ms=16_000, models=("extra",)) for r in (one, two))
        assert {r.id for r in one.engine.recordings().result(60)} == {first.id, second.id}
        assert len(calls.read_text().splitlines()) == 4, "a window was analysed by both"
    finally:
        one.engine.stop()
        two.engine.stop()


def test_a_deleted_recording_is_gone_with_its_file(with_extra: None, calls: Path, run: Run) -> None:
    recording = run.record(SOURCE, limit_ms=16_000, models=("extra",))
    run.engine.delete([recording.id]).result(60)
    assert run.engine.recordings().result(60) == []
    assert not Path(recording.path).exists()
    assert run.engine.search("Window").result(60) == []
