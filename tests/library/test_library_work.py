"""The life of windows and analyses in one program."""

from __future__ import annotations

import threading

import pytest
from library.library_parts import Maker, spans

from skiuo_desktop.errors import BugError, Cancelled, NotFoundError
from skiuo_desktop.library.index import MOST_WINDOWS
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Analysis, AnalysisState, Failure, FailureKind, Recording, Span, Usage, WindowState

REFUSED = Failure(FailureKind.REFUSED, "The model refused.", "raw words")


def claimed(library: Library, *models: str) -> Analysis:
    analysis = library.claim(models or None)
    assert analysis is not None
    return analysis


def state(library: Library, recording: Recording, index: int = 0) -> WindowState:
    return library.recording(recording.id).windows[index].state


def test_windows_are_added_once_however_often_the_plan_is_given(library: Library, make: Maker) -> None:
    recording = make.recording()
    assert [window.index for window in library.add_windows(recording.id, spans(2), ["offline"], "en")] == [0, 1]
    assert [window.index for window in library.add_windows(recording.id, spans(4), ["offline"], "zh")] == [2, 3]
    assert library.add_windows(recording.id, spans(4), ["offline"], "en") == []
    assert [window.index for window in library.add_windows(recording.id, spans(6)[5:], ["offline"], "en", first=5)] == [5]
    read = library.recording(recording.id)
    assert [window.index for window in read.windows] == [0, 1, 2, 3, 5]
    assert [window.analyses[0].language for window in read.windows] == ["en", "en", "zh", "zh", "en"]
    assert {window.state for window in read.windows} == {WindowState.QUEUED}
    assert library.open_analyses(recording.id) == 5
    with pytest.raises(BugError):
        library.add_windows(recording.id, spans(1), [], "en", first=MOST_WINDOWS)


def test_windows_without_a_model_are_skipped_and_say_why(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1)
    (window,) = recording.windows
    assert (window.state, window.reason, window.analyses) == (WindowState.SKIPPED, "not_asked", ())
    assert library.claim() is None


def test_an_analysis_from_queue_to_text(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("offline",))
    analysis = claimed(library)
    assert (analysis.state, analysis.attempts, analysis.version, analysis.window_index, analysis.span) == (AnalysisState.RUNNING, 1, 1, 0, Span(0, 15_000))
    assert state(library, recording) is WindowState.ANALYSING
    (attempt,) = library.attempts(analysis.id)  # it is a row before anything is sent
    assert (attempt.number, attempt.ended_at, attempt.sent) == (1, None, {})
    library.save_sent(analysis.id, {"delivery": "inline", "bytes": 5, "提示": ["词", None, 1.5]})
    library.save_text(analysis.id, "He pic")
    half = library.analysis(analysis.id)
    assert (half.text, half.partial) == ("He pic", True)
    done = library.finish(
        analysis.id,
        text="He picks up the iron.",
        usage=Usage(100, 20, 0.001, "CNY"),
        first_token_ms=120,
        total_ms=900,
        raw="{}",
        facts={"lines": ["a"]},
    )
    assert (done.state, done.text, done.partial, done.usage, done.first_token_ms, done.total_ms, done.facts) == (
        AnalysisState.DONE,
        "He picks up the iron.",
        False,
        Usage(100, 20, 0.001, "CNY"),
        120,
        900,
        {"lines": ["a"]},
    )
    assert library.analysis(analysis.id) == done == library.window(done.window_id).chosen
    (attempt,) = library.attempts(analysis.id)
    assert attempt.ended_at is not None and attempt.ended_at >= attempt.started_at
    assert (attempt.sent["提示"], attempt.usage, attempt.raw, attempt.failure) == (["词", None, 1.5], Usage(100, 20, 0.001, "CNY"), "{}", None)
    assert state(library, recording) is WindowState.DONE
    assert library.open_analyses(recording.id) == 0


def test_facts_and_ledgers_that_json_cannot_hold_are_kept_as_near_as_it_can(library: Library, make: Maker) -> None:
    make.recording(windows=1, models=("offline",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {"ratio": float("nan"), "text": "a\0b", 3: ("x",)})
    done = library.finish(analysis.id, text="t", facts={"best": float("inf")})
    assert library.attempts(analysis.id)[0].sent == {"ratio": None, "text": "a\ufffdb", "3": ["x"]}
    assert library.analysis(done.id).facts == {"best": None}


def test_windows_are_claimed_in_order_oldest_recording_first_by_the_models_wanted(library: Library, make: Maker) -> None:
    first, second = make.recording(windows=2, models=("a", "b")), make.recording(windows=1, models=("a",))
    assert library.claim([]) is None
    assert library.claim(["c"]) is None
    taken = [claimed(library, "a") for _ in range(3)]
    assert [(one.recording_id, one.window_index, one.model) for one in taken] == [(first.id, 0, "a"), (first.id, 1, "a"), (second.id, 0, "a")]
    assert library.claim(["a"]) is None
    assert [(one.window_index, one.model) for one in (claimed(library), claimed(library))] == [(0, "b"), (1, "b")]
    assert library.claim() is None


def test_a_failure_is_kept_with_its_words_and_text(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("offline",))
    analysis = claimed(library)
    failed = library.fail(analysis.id, REFUSED, text="half", partial=True, usage=Usage(1, 2, 0.5), raw="raw answer")
    assert (failed.state, failed.failure, failed.text, failed.partial, failed.usage.cost) == (AnalysisState.FAILED, REFUSED, "half", True, 0.5)
    (attempt,) = library.attempts(analysis.id)
    assert (attempt.failure, attempt.raw, attempt.usage.cost) == (REFUSED, "raw answer", 0.5)
    assert state(library, recording) is WindowState.FAILED


def test_failed_windows_are_asked_again_and_old_versions_stay(library: Library, make: Maker) -> None:
    recording = make.recording(windows=3, models=("offline",))
    make.answer("fine")
    library.fail(claimed(library).id, REFUSED)
    assert library.request_analyses(recording.id, ["offline"], failed_only=True, language="zh") == 1
    assert library.request_analyses(recording.id, ["offline"], failed_only=True, language="zh") == 0  # queued already
    windows = library.recording(recording.id).windows
    assert [len(window.analyses) for window in windows] == [1, 2, 1]
    assert [(one.version, one.state, one.language) for one in windows[1].analyses] == [(1, AnalysisState.FAILED, "en"), (2, AnalysisState.QUEUED, "zh")]
    assert windows[1].state is WindowState.QUEUED
    assert claimed(library).window_index == 2  # asked for earlier
    assert claimed(library).version == 2


def test_analyses_are_requested_for_all_windows_or_one(library: Library, make: Maker) -> None:
    recording = make.recording(windows=2)
    assert library.request_analyses(recording.id, [], language="en") == 0
    assert library.request_analyses(recording.id, ["a", "b", "a"], window_index=1, language="en") == 2
    assert state(library, recording, 0) is WindowState.SKIPPED
    assert library.request_analyses(recording.id, ["a", "b"], language="en") == 2
    assert library.request_analyses(recording.id, ["c"], failed_only=True, language="en") == 0
    with pytest.raises(NotFoundError):
        library.request_analyses(recording.id, ["a"], window_index=2, language="en")


def test_a_text_stays_in_place_when_a_second_run_fails(library: Library, make: Maker) -> None:
    recording = make.said("the first text")
    library.request_analyses(recording.id, ["offline"], language="en")
    assert state(library, recording) is WindowState.QUEUED
    library.fail(claimed(library).id, REFUSED)
    (window,) = library.recording(recording.id).windows
    assert window.state is WindowState.DONE
    assert window.chosen is not None and window.chosen.text == "the first text"


def test_cancelling_stops_what_is_queued_and_running(library: Library, make: Maker) -> None:
    recording = make.recording(windows=3, models=("offline",))
    make.answer("done before")
    running = claimed(library)
    library.save_text(running.id, "half")
    stopped = library.cancel_analyses(recording.id)
    assert [one.window_index for one in stopped] == [1, 2]
    assert [(window.state, window.reason) for window in library.recording(recording.id).windows] == [
        (WindowState.DONE, ""),
        (WindowState.SKIPPED, "cancelled"),
        (WindowState.SKIPPED, "cancelled"),
    ]
    assert library.claim() is None
    (attempt,) = library.attempts(running.id)
    assert attempt.ended_at is not None and attempt.failure is None
    assert library.analysis(running.id).partial
    for write in (lambda: library.save_text(running.id, "more"), lambda: library.save_sent(running.id, {}), lambda: library.release(running.id)):
        with pytest.raises(Cancelled):
            write()
    with pytest.raises(Cancelled):  # what it used is recorded all the same
        library.finish(running.id, text="whole", usage=Usage(5, 6, 0.7))
    (attempt,) = library.attempts(running.id)
    assert attempt.usage == Usage(5, 6, 0.7)
    assert library.analysis(running.id).text == "half"


def test_cancelling_one_keeps_its_text_and_an_ended_one_as_it_is(library: Library, make: Maker) -> None:
    make.recording(windows=2, models=("offline",))
    done = make.answer("text")
    assert library.cancel(done.id) == done
    running = claimed(library)
    cancelled = library.cancel(running.id, text="so far", usage=Usage(1, 1, 0.1))
    assert (cancelled.state, cancelled.text, cancelled.partial) == (AnalysisState.CANCELLED, "so far", True)
    with pytest.raises(Cancelled):
        library.fail(running.id, REFUSED)  # says nothing of what was used, and takes nothing back
    assert library.attempts(running.id)[0].usage.cost == 0.1
    with pytest.raises(NotFoundError):
        library.cancel(12345)


def test_a_released_analysis_is_claimed_again_with_a_second_attempt(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("offline",))
    first = claimed(library)
    library.save_text(first.id, "half an answer")
    library.release(first.id)
    assert state(library, recording) is WindowState.QUEUED
    again = claimed(library)
    assert (again.id, again.attempts, again.text) == (first.id, 2, "")
    one, two = library.attempts(first.id)
    assert one.failure is not None and one.failure.kind is FailureKind.INTERRUPTED
    assert one.raw == "half an answer" and one.ended_at is not None
    assert (two.number, two.ended_at) == (2, None)


def test_the_text_before_is_the_same_models_newest(library: Library, make: Maker) -> None:
    recording = make.recording(windows=2, models=("a", "b"))
    make.answer("a0")
    make.answer("b0")
    a1 = claimed(library, "a")
    before = library.previous(a1)
    assert before is not None and before.text == "a0"
    library.request_analyses(recording.id, ["a"], window_index=0, language="en")
    library.fail(claimed(library, "a").id, REFUSED, text="worse")
    before = library.previous(a1)
    assert before is not None and before.text == "a0"
    assert library.previous(before) is None


def test_many_threads_never_take_the_same_analysis(library: Library, make: Maker) -> None:
    recording = make.recording(windows=60, models=("offline",))
    taken: list[int] = []

    def work() -> None:
        while (analysis := library.claim()) is not None:
            library.save_text(analysis.id, "x")
            library.finish(analysis.id, text=f"text {analysis.window_index}")
            taken.append(analysis.id)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60
    assert [window.chosen.text for window in library.recording(recording.id).windows if window.chosen] == [f"text {n}" for n in range(60)]
    assert all(len(library.attempts(one)) == 1 for one in taken)
