"""What is promised, spent, kept and chosen: the rows behind budgets, retries, kept answers and choices; and the migration that brought them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from library.library_parts import Maker, spans

from skiuo_desktop import failures
from skiuo_desktop.errors import AnalysisError, Cancelled, NotFoundError
from skiuo_desktop.home import Home
from skiuo_desktop.library import migrate as migrating
from skiuo_desktop.library import work
from skiuo_desktop.library.database import connect
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.money import Budgets, Limit
from skiuo_desktop.library.queueing import Ask
from skiuo_desktop.model import JUDGE, Analysis, AnalysisState, Choice, Failure, FailureKind, Usage, WindowState

BUSY = failures.failure(FailureKind.OVERLOADED, "busy", model="m")
CUT = failures.failure(FailureKind.CUT_SHORT, "", model="m")
USD, CNY = Budgets("USD", rates={"CNY": 1 / 8}), Budgets("CNY", rates={"USD": 8.0})


def estimate(cost: float | None, currency: str = "USD") -> Usage:
    return Usage(1000, 64, cost, currency, estimated=True)


def limited(recording_id: str, amount: float, currency: str = "USD") -> Budgets:
    return Budgets(currency, (Limit("recording", amount, recording_id=recording_id),), {"CNY": 1 / 8} if currency == "USD" else {"USD": 8.0})


def claimed(library: Library, model: str | None = None) -> Analysis:
    analysis = library.claim({model} if model else None)
    assert analysis is not None
    return analysis


def spent(library: Library, recording_id: str, budgets: Budgets = USD) -> float:
    return library.spent([Limit("recording", 0.0, recording_id=recording_id)], budgets)[0]


def test_what_is_promised_counts_until_it_is_known(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {"delivery": "frames"}, fingerprint="f", estimate=estimate(0.5))
    assert spent(library, recording.id) == 0.5
    [attempt] = library.attempts(analysis.id)
    assert attempt.usage == estimate(0.5) and attempt.sent == {"delivery": "frames"}
    done = library.finish(analysis.id, text="Words.", usage=Usage(900, 20, 0.2), about={"answer": {}})
    assert spent(library, recording.id) == 0.2 and done.usage == Usage(900, 20, 0.2)
    assert library.attempts(analysis.id)[0].sent == {"delivery": "frames", "answer": {}}


@pytest.mark.parametrize(("billed", "stays"), [(True, 0.5), (False, 0.0)])
def test_a_promise_stays_where_it_may_have_been_billed_and_goes_where_not(library: Library, make: Maker, billed: bool, stays: float) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, estimate=estimate(0.5))
    failed = library.fail(analysis.id, BUSY, billed=billed)
    assert spent(library, recording.id) == stays
    assert (failed.usage.cost or 0.0) == stays and failed.usage.estimated is billed


@pytest.mark.parametrize("currency", ["USD", "CNY"])
@pytest.mark.parametrize("counted", [(None, None), (900, None)])
def test_an_answer_that_counted_nothing_costs_what_was_promised_in_any_currency(
    library: Library, make: Maker, currency: str, counted: tuple[int | None, int | None]
) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, estimate=estimate(0.5, currency))
    done = library.finish(analysis.id, text="Words.", usage=Usage(*counted, None, currency))
    [attempt] = library.attempts(analysis.id)
    assert attempt.usage == done.usage == Usage(counted[0] or 1000, 64, 0.5, currency, estimated=True)
    assert spent(library, recording.id, Budgets(currency)) == 0.5


def test_every_attempt_is_counted_whatever_came_after_it(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {"n": 1}, estimate=estimate(4.0, "CNY"))
    again = library.try_again(analysis.id, CUT, raw="half", billed=True)
    assert (again.attempts, again.state, again.text) == (2, AnalysisState.RUNNING, "")
    library.save_sent(analysis.id, {"n": 2}, estimate=estimate(4.0, "CNY"))
    library.try_again(analysis.id, CUT, usage=Usage(900, 30, 3.0, "CNY"))
    library.save_sent(analysis.id, {"n": 3}, estimate=estimate(4.0, "CNY"))
    failed = library.fail(analysis.id, BUSY, billed=False)
    assert [attempt.usage.cost for attempt in library.attempts(analysis.id)] == [4.0, 3.0, None]
    assert [attempt.raw for attempt in library.attempts(analysis.id)] == ["half", "", ""]
    assert all(attempt.ended_at is not None for attempt in library.attempts(analysis.id))
    assert (failed.usage.cost, failed.usage.currency, failed.usage.estimated) == (7.0, "CNY", True)
    assert spent(library, recording.id, CNY) == 7.0 and spent(library, recording.id, USD) == pytest.approx(7 / 8)


def test_what_was_spent_before_a_budget_or_the_program_ended_it_stands_on_the_analysis(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make.recording(windows=2, models=("a",))
    held, given_up = claimed(library), claimed(library)
    for analysis in (held, given_up):
        library.save_sent(analysis.id, {}, estimate=estimate(0.5))
    library.try_again(held.id, CUT)
    assert library.hold(held.id, failures.failure(FailureKind.BUDGET)).usage.cost == 0.5
    monkeypatch.setattr(work, "MOST_INTERRUPTIONS", 1)
    monkeypatch.setattr(library._instance, "is_alive", lambda _owner: False)
    assert library.release_orphans() == [given_up.id]
    ended = library.analysis(given_up.id)
    assert (ended.state, ended.usage.cost, ended.usage.estimated) == (AnalysisState.FAILED, 0.5, True)
    assert spent(library, recording.id) == 1.0


def test_a_limit_is_not_passed_and_nothing_is_written_where_it_would_be(library: Library, make: Maker) -> None:
    recording = make.recording(windows=2, models=("a",))
    first, second = claimed(library), claimed(library)
    budgets = limited(recording.id, 1.0)
    library.save_sent(first.id, {}, fingerprint="f", estimate=estimate(0.6), budgets=budgets)
    with pytest.raises(AnalysisError) as refused:
        library.save_sent(second.id, {"n": 2}, fingerprint="g", estimate=estimate(0.5), budgets=budgets)
    assert refused.value.failure.kind is FailureKind.BUDGET and refused.value.failure.facts["budget"] == "recording"
    assert spent(library, recording.id) == 0.6 and library.attempts(second.id)[0].sent == {}
    library.save_sent(second.id, {}, estimate=estimate(0.4), budgets=budgets)  # what just fits
    assert spent(library, recording.id) == pytest.approx(1.0)


def test_prices_of_another_currency_are_converted_before_they_are_held_against_a_limit(library: Library, make: Maker) -> None:
    recording = make.recording(windows=2, models=("a",))
    library.save_sent(claimed(library).id, {}, estimate=estimate(4.0, "CNY"), budgets=limited(recording.id, 1.0))
    second = claimed(library)
    with pytest.raises(AnalysisError):
        library.save_sent(second.id, {}, estimate=estimate(0.6), budgets=limited(recording.id, 1.0))
    library.save_sent(second.id, {}, estimate=estimate(0.5), budgets=limited(recording.id, 8.0, "CNY"))


def test_without_a_price_nothing_leaves_under_a_limit(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    with pytest.raises(AnalysisError) as refused:
        library.save_sent(analysis.id, {}, estimate=estimate(None), budgets=limited(recording.id, 1.0))
    assert refused.value.failure.facts["unpriced"] is True
    library.save_sent(analysis.id, {}, estimate=estimate(None))


def test_limits_of_a_day_count_from_its_beginning(library: Library, make: Maker) -> None:
    make.recording(windows=1, models=("a",))
    library.save_sent(claimed(library).id, {}, estimate=estimate(0.5))
    now = datetime.now(UTC)
    limits = [Limit("day", 1.0, now - timedelta(minutes=1)), Limit("day", 1.0, now + timedelta(minutes=1))]
    assert library.spent(limits, USD) == [0.5, 0]
    with pytest.raises(AnalysisError):
        make.recording(windows=1, models=("a",))
        library.save_sent(claimed(library).id, {}, estimate=estimate(0.6), budgets=Budgets("USD", (limits[0],)))


def test_programs_on_one_library_share_its_budgets(library: Library, make: Maker, home: Home) -> None:
    recording = make.recording(windows=20, models=("a",))
    budgets = limited(recording.id, 1.0)
    passed, stopped = [], []

    def ask(program: Library, analysis: Analysis) -> None:
        try:
            program.save_sent(analysis.id, {}, estimate=estimate(0.15), budgets=budgets)
            passed.append(analysis)
        except AnalysisError:
            stopped.append(analysis)

    with Library.open(home) as other:
        for analysis in [claimed(library) for _ in range(10)]:
            library.release(analysis.id)  # anybody may take it
        programs = (library, other)
        taken = [(program, claimed(program)) for _ in range(5) for program in programs]
        threads = [threading.Thread(target=ask, args=each) for each in taken]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(passed) == 6 and len(stopped) == 4 and spent(library, recording.id) == pytest.approx(0.9)


def test_what_a_budget_holds_waits_unsent_until_a_person_asks(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    budget = failures.failure(FailureKind.BUDGET, budget="day", limit="1.00 USD")
    held = library.hold(claimed(library).id, budget)
    [window] = library.recording(recording.id).windows
    assert held.state is AnalysisState.HELD and held.failure == budget
    assert (window.state, window.reason) == (WindowState.SKIPPED, "budget")
    assert library.claim() is None and spent(library, recording.id) == 0
    with pytest.raises(Cancelled):
        library.hold(held.id, budget)
    assert library.request_analyses(recording.id, ["b"], failed_only=True, language="en") == 1  # whichever model it is of
    again = claimed(library)
    assert (again.id, again.attempts, again.failure) == (held.id, 2, None)


def test_windows_planned_under_a_used_up_budget_are_held_at_once(library: Library, make: Maker) -> None:
    recording = make.recording()
    windows = library.add_windows(recording.id, spans(2), ("a",), "en", held=("a",))
    assert [(w.state, w.reason) for w in windows] == [(WindowState.SKIPPED, "budget")] * 2 and library.claim() is None
    assert library.request_analyses(recording.id, ["a"], language="en") == 2
    assert claimed(library).window_id == windows[0].id


def test_a_used_up_budget_holds_only_what_costs(library: Library, make: Maker) -> None:
    recording = make.recording()
    [window] = library.add_windows(recording.id, spans(1), ("free", "a"), "en", held=("a",))
    assert window.state is WindowState.QUEUED and [a.state for a in window.analyses] == [AnalysisState.QUEUED, AnalysisState.HELD]
    assert claimed(library).model == "free"


def test_a_failed_model_is_not_asked_again_beside_a_stand_in_that_is_held(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    library.fail(claimed(library).id, BUSY, instead=Ask("b", {"code": "failed", "of": "a"}))
    stand_in = claimed(library, "b")
    assert stand_in.why == {"code": "failed", "of": "a"}
    library.hold(stand_in.id, failures.failure(FailureKind.BUDGET))
    assert library.request_analyses(recording.id, ["a"], failed_only=True, language="en") == 1
    assert claimed(library).id == stand_in.id and library.claim() is None


def judged(library: Library, make: Maker, first: AnalysisState) -> str:
    """A window that `a` described or failed to, `b` described, and `a` judged."""
    recording = make.recording(windows=1, models=("a", "b"))
    own, other = claimed(library, "a"), claimed(library, "b")
    if first is AnalysisState.DONE:
        library.finish(own.id, text="One.")
    else:
        library.fail(own.id, BUSY)
    library.finish(other.id, text="Two.")
    assert library.ask_judge(own.window_id, Ask("a", {"code": "judge"}, JUDGE), "en")
    return recording.id


def test_what_a_model_did_as_a_judge_says_nothing_of_its_description(library: Library, make: Maker) -> None:
    recording_id = judged(library, make, AnalysisState.FAILED)
    library.finish(claimed(library, "a").id, text="2")
    assert library.request_analyses(recording_id, ["a", "b"], failed_only=True, language="en") == 1
    again = claimed(library)
    assert (again.model, again.version, again.purpose) == ("a", 3, "describe")


def test_a_judge_that_failed_is_no_description_that_failed(library: Library, make: Maker) -> None:
    recording_id = judged(library, make, AnalysisState.DONE)
    library.fail(claimed(library, "a").id, BUSY)
    assert library.request_analyses(recording_id, ["a", "b"], failed_only=True, language="en") == 0
    assert library.request_analyses(recording_id, ["a"], language="en") == 1 and claimed(library).version == 3


def test_answers_that_ended_together_ask_for_one_judge(library: Library, make: Maker) -> None:
    make.recording(windows=1, models=("a", "b"))
    one, other = claimed(library), claimed(library)
    library.finish(one.id, text="One.")
    library.finish(other.id, text="Two.")
    judge = Ask("a", {"code": "judge"}, JUDGE)
    assert [library.ask_judge(one.window_id, judge, "en") for _ in range(2)] == [True, False]
    assert claimed(library).purpose == JUDGE and library.claim() is None
    assert library.window(one.window_id).state is WindowState.DONE  # a window is not open because of its judge


def test_what_an_answer_used_is_recorded_though_it_was_cancelled_meanwhile(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, estimate=estimate(0.5))
    library.cancel_analyses(recording.id)
    assert spent(library, recording.id) == 0.5
    for late in (lambda: library.try_again(analysis.id, BUSY), lambda: library.save_sent(analysis.id, {}), lambda: library.hold(analysis.id, BUSY)):
        with pytest.raises(Cancelled):
            late()
    with pytest.raises(Cancelled):
        library.finish(analysis.id, text="Too late.", usage=Usage(900, 20, 0.2))
    assert spent(library, recording.id) == 0.2 and library.attempts(analysis.id)[0].usage.cost == 0.2
    cancelled = library.analysis(analysis.id)
    assert cancelled.state is AnalysisState.CANCELLED and cancelled.usage == Usage(900, 20, 0.2)


def test_what_was_spent_outlives_the_recording(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, estimate=estimate(0.5))
    library.finish(analysis.id, text="Words.", usage=Usage(900, 20, 0.2))
    library.delete([recording.id])
    assert library.spent([Limit("day", 1.0, datetime.now(UTC) - timedelta(hours=1))], USD) == [0.2]


def test_a_probe_is_spent_too(library: Library) -> None:
    library.record_spending("a", [Usage(10, 1, 0.25), Usage(10, 1, None), Usage(10, 1, 0.5, estimated=True)])
    assert library.spent([Limit("day", 1.0, datetime.now(UTC) - timedelta(hours=1))], USD) == [0.75]


def answered(library: Library, fingerprint: str, text: str, **fields: Any) -> Analysis:
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, fingerprint=fingerprint)
    return library.finish(analysis.id, text=text, **fields)


def test_only_a_whole_answer_to_the_same_question_is_kept(library: Library, make: Maker) -> None:
    first = make.recording(windows=4, models=("a",))
    answered(library, "f", "Old.", usage=Usage(10, 2, 0.1))
    answered(library, "f", "New.", usage=Usage(10, 2, 0.1), facts={"summary": "s"})
    answered(library, "", "Not to be kept.")
    failed = claimed(library)
    library.save_sent(failed.id, {}, fingerprint="g")
    library.save_text(failed.id, "Half of")
    assert library.kept_answer("g") is None
    library.fail(failed.id, CUT, text="Half of", partial=True)
    kept = library.kept_answer("f")
    assert kept is not None and (kept.text, kept.facts, kept.usage.cost) == ("New.", {"summary": "s"}, 0.1)
    assert library.kept_answer("g") is None and library.kept_answer("") is None and library.kept_answer("h") is None
    library.delete([first.id])
    assert library.kept_answer("f") is None


def test_the_question_of_an_earlier_attempt_is_not_the_one_that_was_answered(library: Library, make: Maker) -> None:
    make.recording(windows=1, models=("a",))
    analysis = claimed(library)
    library.save_sent(analysis.id, {}, fingerprint="first")
    library.try_again(analysis.id, CUT)
    library.save_sent(analysis.id, {}, fingerprint="second")
    library.finish(analysis.id, text="Words.")
    assert library.kept_answer("first") is None and library.kept_answer("second") is not None


def test_a_rule_does_not_overrule_a_person(library: Library, make: Maker) -> None:
    recording = make.recording(windows=2, models=("a", "b"))
    for _ in range(4):
        make.answer("Some words.")
    [window, other] = library.recording(recording.id).windows
    one, two = window.analyses
    assert library.choose(window.id, Choice(two.id, "vote", "majority", ("a: idle",)))
    assert library.window(window.id).choice == Choice(two.id, "vote", "majority", ("a: idle",))
    assert library.choose(window.id, Choice(one.id, "person", "person"))
    assert not library.choose(window.id, Choice(two.id, "best", "agrees"))
    chosen = library.window(window.id).chosen
    assert chosen is not None and chosen.id == one.id
    assert library.choose(window.id, Choice(two.id, "person", "person"))
    with pytest.raises(NotFoundError):
        library.choose(window.id, Choice(other.analyses[0].id, "best"))
    with pytest.raises(NotFoundError):
        library.choose(1, Choice(one.id, "best"))


def test_what_waits_for_a_model_follows_its_name(library: Library, make: Maker) -> None:
    recording = make.recording(windows=4, models=("a",))
    make.answer("Words.")
    library.hold(claimed(library).id, failures.failure(FailureKind.BUDGET))
    running = claimed(library)
    library.request_analyses(recording.id, ["b"], window_index=3, language="en")
    library.finish(claimed(library, "b").id, text="Of another one that had this name.")
    library.rename_model("a", "b")
    told = [[(a.model, a.version, a.state.value) for a in w.analyses] for w in library.recording(recording.id).windows]
    assert told == [[("a", 1, "done")], [("b", 1, "held")], [("a", 1, "running")], [("b", 2, "queued"), ("b", 1, "done")]]
    library.finish(running.id, text="Under its old name.")
    assert claimed(library, "b").window_index == 3


# A library as the program wrote it before models cost money: (table, rows).
_TEXT = {"failure_kind": None, "failure_message": "", "failure_raw": "", "tokens_in": None, "tokens_out": None, "cost": None, "currency": "USD"}
_RUN = {"owner": "", "language": "en", "attempts": 1, "text": "", "partial": 0, "first_token_ms": None, "total_ms": None, "facts": "{}", **_TEXT}
_ASKED = {"recording_id": "r", "instance": "i", "started_at": "2026-11-01 10:00:01.000000", "ended_at": "2026-11-01 10:00:02.000000", "sent": "{}", "raw": ""}
_MOVES = '{"moves": 0}'
_WINDOW = {"recording_id": "r", "reason": ""}
BEFORE: Sequence[tuple[str, Sequence[Mapping[str, Any]]]] = (
    ("devices", [{"id": "d", "name": "here", "created_at": "2026-11-01 10:00:00.000000"}]),
    (
        "recordings",
        [
            {
                **{"id": "r", "device_id": "d", "moment": 1793527200000, "title": "Before", "path": "r.webm", "source": "test:", "source_label": "Test"},
                **{"started_at": "2026-11-01 10:00:00.000000", "state": "finished", "owner": "", "window_length_ms": 15000, "window_stride_ms": 10000},
                **{"models": '["offline"]', "duration_ms": 40000, "frames": 1, "dropped_frames": 0, "bytes": 4, "width": 1, "height": 1, "fps": 1.0},
                **{"video_codec": "vp8", "has_audio": 0, "notes": "", "notices": "[]", "thumbnail": "", "deleted_at": None},
            }
        ],
    ),
    (
        "windows",
        [
            {"id": 11, "index": 0, "start_ms": 0, "end_ms": 15000, "state": "done", **_WINDOW},
            {"id": 12, "index": 1, "start_ms": 10000, "end_ms": 25000, "state": "failed", **_WINDOW},
            {"id": 13, "index": 2, "start_ms": 20000, "end_ms": 35000, "state": "queued", **_WINDOW},
        ],
    ),
    (
        "analyses",
        [
            {
                "id": 21,
                "window_id": 11,
                "model": "offline",
                "version": 1,
                "state": "done",
                **_RUN,
                "text": "Nothing moves.",
                "facts": '{"moves": 0}',
                "cost": 0.0,
            },
            {"id": 22, "window_id": 12, "model": "offline", "version": 1, "state": "failed", **_RUN, "failure_kind": "media", "failure_message": "Broken."},
            {"id": 23, "window_id": 13, "model": "offline", "version": 1, "state": "queued", **_RUN, "attempts": 0},
        ],
    ),
    (
        "attempts",
        [
            {"id": 31, "analysis_id": 21, "number": 1, **_ASKED, **_TEXT, "cost": 0.0, "sent": '{"frames": 3}'},
            {"id": 32, "analysis_id": 22, "number": 1, **_ASKED, **_TEXT, "failure_kind": "media", "failure_message": "Broken."},
        ],
    ),
)


@pytest.fixture
def before(home: Home) -> Home:
    """A home with a library of the first schema that has rows."""
    engine = connect(home.prepare().database).execution_options(skiuo_begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        command.upgrade(migrating._config(connection), "0001")
    engine.dispose()
    with closing(sqlite3.connect(home.database)) as file, file:
        file.execute("INSERT INTO this_library (id, device_id, revision, last_id) VALUES (1, 'd', 9, 40)")
        for table, rows in BEFORE:
            for row in rows:
                columns = {**row, "revision": 1}
                names = ", ".join(f'"{name}"' for name in columns)
                statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - the names stand above
                file.execute(statement, list(columns.values()))
    return home


def test_a_library_from_before_there_was_money_opens_with_all_that_it_says(before: Home) -> None:
    with Library.open(before) as library:
        recording = library.recording("r")
        assert [w.state for w in recording.windows] == [WindowState.DONE, WindowState.FAILED, WindowState.QUEUED]
        done, failed, _ = (w.analyses[0] for w in recording.windows)
        assert (done.text, done.facts, done.usage, done.why, done.purpose, done.fresh) == (
            "Nothing moves.",
            {"moves": 0},
            Usage(cost=0.0),
            {},
            "describe",
            False,
        )
        assert failed.failure == Failure(FailureKind.MEDIA, "Broken.") and recording.windows[0].choice is None
        assert recording.windows[0].chosen == done
        [attempt] = library.attempts(done.id)
        assert attempt.sent == {"frames": 3} and attempt.usage == Usage(cost=0.0) and library.attempts(failed.id)[0].failure == failed.failure
        assert spent(library, "r") == 0 and library.summaries(5)[0].costs == {"USD": 0.0}
        assert library.kept_answer("") is None  # attempts from before have no fingerprint
    assert (before.root / "library.backup.db").exists()


def test_a_library_from_before_there_was_money_goes_on(before: Home) -> None:
    with Library.open(before) as library:
        assert library.request_analyses("r", ["offline"], failed_only=True, language="zh") == 2  # the failed one, and what was queued for anybody
        first, second = claimed(library), claimed(library)
        assert {(each.window_index, each.version) for each in (first, second)} == {(1, 2), (2, 1)}
        library.save_sent(first.id, {}, fingerprint="f", estimate=estimate(0.5))
        library.finish(first.id, text="Something moves.")
        assert library.choose(first.window_id, Choice(first.id, "all", "first"))
        assert [hit.text for hit in library.search("something")] == ["Something moves."] and spent(library, "r") == 0.5
        kept = library.kept_answer("f")
        assert kept is not None and kept.id == first.id


def test_a_program_that_is_closed_is_no_interruption_that_counts(library: Library, make: Maker) -> None:
    make.recording("closed", windows=1, models=("offline",))
    for _ in range(work.MOST_INTERRUPTIONS + 2):
        analysis = library.claim()
        assert analysis is not None
        library.release(analysis.id)
    analysis = library.claim()
    assert analysis is not None
    tries = library.attempts(analysis.id)
    assert all(one.failure is not None and one.failure.kind is FailureKind.INTERRUPTED for one in tries[:-1])
