"""Several programs on one library, and programs that are killed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from library.conftest import Start
from library.library_parts import Maker, ended_well, tell, wait_for

from skiuo_desktop.errors import Cancelled, LibraryBusyError
from skiuo_desktop.home import Home
from skiuo_desktop.library import database
from skiuo_desktop.library.instances import NOBODY, Instance
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.work import MOST_INTERRUPTIONS
from skiuo_desktop.model import AnalysisState, FailureKind, RecordingState, WindowState


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


CLAIMS = """
claimed = library.claim()
library.save_sent(claimed.id, {"bytes": 1})
library.save_text(claimed.id, "half")
say("claimed", claimed.id, library.instance)
hear()
"""


def test_what_a_killed_program_was_analysing_is_queued_again(library: Library, make: Maker, start: Start) -> None:
    other = start("from library.library_parts import Maker\nrecording = Maker(library).recording(windows=2, models=('offline',))\n" + CLAIMS)
    number = int(wait_for(other, "claimed").split()[1])
    assert library.release_orphans() == []  # it lives
    assert library.claim() is None  # and what it queued is its own
    kill(other)
    assert library.release_orphans() == [number]
    assert library.release_orphans() == []
    orphan = library.analysis(number)
    assert (orphan.state, orphan.attempts, orphan.text) == (AnalysisState.QUEUED, 1, "half")
    (attempt,) = library.attempts(number)
    assert attempt.failure is not None and attempt.failure.kind is FailureKind.INTERRUPTED
    assert (attempt.sent, attempt.raw) == ({"bytes": 1}, "half") and attempt.ended_at is not None
    assert {window.state for window in library.recording(orphan.recording_id).windows} == {WindowState.QUEUED}
    assert library.claim(backlog=False) is None
    again = library.claim()
    assert again is not None and (again.id, again.attempts, again.text) == (number, 2, "")


def test_a_program_that_closed_without_finishing_left_orphans_too(home: Home) -> None:
    with Library.open(home) as first:
        Maker(first).recording(windows=2, models=("offline",))
        claimed = first.claim()
        assert claimed is not None
    with Library.open(home) as second:
        assert second.release_orphans() == [claimed.id]
        with pytest.raises(Cancelled):
            second.save_text(claimed.id, "not mine")
        assert [one.window_index for one in (second.claim(), second.claim()) if one] == [0, 1]
        with Library.open(home) as third, pytest.raises(Cancelled):
            third.finish(claimed.id, text="not mine either")
        assert second.finish(claimed.id, text="mine").text == "mine"


def test_what_ends_the_program_again_and_again_waits_for_a_person(home: Home) -> None:
    with Library.open(home) as first:
        recording = Maker(first).recording(windows=1, models=("offline",))
    for attempt in range(1, MOST_INTERRUPTIONS + 1):
        with Library.open(home) as library:
            library.release_orphans()
            claimed = library.claim()
            assert claimed is not None and claimed.attempts == attempt
    with Library.open(home) as library:
        library.release_orphans()
        [window] = library.recording(recording.id).windows
        failed = window.analyses[0]
        assert (window.state, failed.state) == (WindowState.FAILED, AnalysisState.FAILED)
        assert failed.failure is not None and failed.failure.kind is FailureKind.INTERRUPTED
        assert library.claim() is None and len(library.attempts(failed.id)) == MOST_INTERRUPTIONS
        assert library.request_analyses(recording.id, ["offline"], failed_only=True, language="en") == 1


def test_what_a_dead_program_left_queued_is_taken_over_by_who_asks_for_it(home: Home) -> None:
    with Library.open(home) as first:
        recording = Maker(first).recording(windows=3, models=("offline",))
    with Library.open(home) as second:
        second.release_orphans()
        assert second.claim(backlog=False) is None
        assert second.request_analyses(recording.id, ["other"], window_index=0, language="en") == 1
        assert second.request_analyses(recording.id, ["offline"], window_index=1, language="en") == 1
        assert second.request_analyses(recording.id, ["offline"], language="en") == 2
        assert second.request_analyses(recording.id, ["offline"], language="en") == 0
        taken = [second.claim(["offline"], backlog=False) for _ in range(3)]
        assert [one.window_index for one in taken if one] == [0, 1, 2]


def test_a_recording_that_lost_its_program_is_adopted_by_one(home: Home, library: Library, make: Maker, start: Start) -> None:
    other = start(
        """
        from library.library_parts import Maker
        make = Maker(library)
        make.made = 100
        say("id", make.recording("theirs", state=RecordingState.RECORDING).id)
        hear()
        """
    )
    theirs = wait_for(other, "id").split()[1]
    mine = make.recording("mine", state=RecordingState.RECORDING)
    assert library.orphan_recordings() == [] and not library.adopt_recording(theirs)
    kill(other)
    assert [recording.id for recording in library.orphan_recordings()] == [theirs]
    with Library.open(home) as second:
        assert [recording.id for recording in second.orphan_recordings()] == [theirs]
        assert library.adopt_recording(theirs)
        assert not second.adopt_recording(theirs) and not second.adopt_recording(mine.id)
        assert second.orphan_recordings() == []
    library.update_recording(theirs, state=RecordingState.FINISHED)
    assert not library.adopt_recording(theirs)


def test_lock_files_go_when_nothing_names_them(home: Home, start: Start) -> None:
    other = start("from library.library_parts import Maker\nMaker(library).recording(windows=1, models=('offline',))\n" + CLAIMS)
    instance = wait_for(other, "claimed").split()[2]
    kill(other)
    stale = home.instances / "0123456789abcdef0123456789abcdef.lock"
    stale.write_bytes(b"")
    with Library.open(home) as library:
        assert not stale.exists()
        assert {path.stem for path in home.instances.glob("*.lock")} == {library.instance, instance}
        library.release_orphans()
    Library.open(home).close()
    assert list(home.instances.glob("*.lock")) == []


def test_an_owner_whose_lock_file_is_missing_is_dead(home: Home, library: Library) -> None:
    """As after a library was copied from another machine."""
    instance = Instance(home.instances)
    assert library._instance.is_alive(instance.id) and library._instance.is_alive(library.instance)
    instance.release(still_named=True)
    assert not library._instance.is_alive(instance.id)
    assert not library._instance.is_alive("feedfeedfeedfeed") and not library._instance.is_alive(NOBODY)


def test_two_that_probe_at_the_same_time_do_not_take_each_other_for_the_owner(home: Home, library: Library) -> None:
    instance = Instance(home.instances)
    instance.release(still_named=True)
    probe = FileLock(home.instances / f"{instance.id}.lock", thread_local=False)
    probe.acquire()
    done = threading.Timer(0.05, probe.release)
    done.start()
    assert not library._instance.is_alive(instance.id)
    done.join()


def test_programs_that_start_together_make_one_library(home: Home, start: Start) -> None:
    body = "say(library.device_id); library.close()"
    devices = {ended_well(process).strip() for process in [start(body) for _ in range(3)]}
    assert len(devices) == 1


WRITES = """
from library.library_parts import Maker
make = Maker(library)
make.made = int(sys.argv[1]) * 1000
for n in range(5):
    recording = make.recording(f"{sys.argv[1]} {n}", windows=3, models=("offline",))
    for index in range(3):
        make.answer(f"word{sys.argv[1]} {index}")
    library.set_tags(recording.id, [sys.argv[1]])
    library.search("word")
    library.summaries(5)
library.close()
"""


def test_programs_write_at_once_and_nothing_is_lost(library: Library, start: Start, home: Home) -> None:
    for process in [start(WRITES, str(number)) for number in range(3)]:
        ended_well(process)
    summaries = library.summaries(100)
    assert {summary.title for summary in summaries} == {f"{number} {n}" for number in range(3) for n in range(5)}
    assert all(summary.states == (WindowState.DONE,) * 3 for summary in summaries)
    for number in range(3):
        assert len(library.search(f"word{number}", limit=100)) == 15
    with closing(sqlite3.connect(home.database)) as connection:
        revisions = [one for table in ("recordings", "windows", "analyses", "attempts") for (one,) in connection.execute(f"SELECT revision FROM {table}")]  # noqa: S608
        assert len(revisions) == len(set(revisions)) == 3 * 5 * (1 + 3 + 3 + 3)


def test_a_program_that_holds_the_library_without_end_is_reported(home: Home, library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make.recording("before")
    library.close()
    monkeypatch.setattr(database, "BUSY_S", 0.1)
    with Library.open(home) as impatient, closing(sqlite3.connect(home.database, isolation_level=None)) as hog:
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError, match="Another program"):
            impatient.set_title(recording.id, "after")
        assert impatient.recording(recording.id).title == "before"  # reading goes on
        hog.execute("ROLLBACK")
        impatient.set_title(recording.id, "after")


NURSERY = """
library.close()
from skiuo_desktop.library import work
from library.library_parts import Maker
import alembic.command

work.MOST_INTERRUPTIONS = 1000  # by chance one window may be hit each time; the limit has a test of its own

def take(first):
    library = Library.open(home)
    library.release_orphans()
    if first:
        for n in range(3):
            make = Maker(library)
            make.made = n
            make.recording(str(n), windows=20, models=("offline",))
    while (analysis := library.claim()) is not None:
        with open(home.root / "sent.log", "a") as sent:
            sent.write(f"{analysis.id}\\n")  # what a server would have counted
        library.save_sent(analysis.id, {"window": analysis.window_index})
        for n in range(3):
            library.save_text(analysis.id, "text " * n)
        library.finish(analysis.id, text=f"words of {analysis.window_index}", usage=Usage(1, 1, 1.0))
    library.close()

say("ready")
while (word := hear()):
    child = os.fork()
    if child == 0:
        try:
            take(word == "first")
            os._exit(0)
        finally:
            os._exit(1)
    say("child", child)
    say("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="starts its many programs by fork")
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_no_window_is_lost_and_none_is_sent_without_a_record(home: Home, start: Start, seed: int) -> None:
    """Each round a program is killed a random while after a random number of answers; the last one is left to finish."""
    chance = random.Random(seed)
    sent = home.prepare().root / "sent.log"
    nursery = start(NURSERY)
    wait_for(nursery, "ready")
    killed = 0
    for number in range(25):
        tell(nursery, "next" if number else "first")
        child = int(wait_for(nursery, "child").split()[1])
        target = lines(sent) + chance.randrange(1 if number == 0 else 0, 4)
        deadline = time.monotonic() + 20
        while lines(sent) < target and lines(sent) < 60 and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        killed += wait_for(nursery, "ended") == "ended -9"
    assert killed > 10
    tell(nursery, "next")
    assert wait_for(nursery, "ended") == "ended 0"
    check_all_done(home, sent)


def check_all_done(home: Home, sent: Path) -> None:
    with Library.open(home) as library:
        assert library.release_orphans() == []
        attempts = 0
        for summary in library.summaries(10):
            recording = library.recording(summary.id)
            assert [window.index for window in recording.windows] == list(range(20))
            for window in recording.windows:
                (analysis,) = window.analyses
                assert (window.state, analysis.text) == (WindowState.DONE, f"words of {window.index}")
                tries = library.attempts(analysis.id)
                assert [one.number for one in tries] == list(range(1, analysis.attempts + 1))
                assert all(one.failure is not None and one.failure.kind is FailureKind.INTERRUPTED for one in tries[:-1])
                assert tries[-1].failure is None and tries[-1].usage.cost == 1.0
                assert all(one.ended_at is not None for one in tries)
                attempts += len(tries)
        # Each was a row before it was sent; one that was killed between the two is recorded without having been sent.
        counted = sent.read_text(encoding="utf-8").split()
        assert 60 <= len(counted) <= attempts
        assert len(library.search("words", limit=100)) == 60
    with closing(sqlite3.connect(home.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n") if path.exists() else 0


def test_a_wrong_clock_changes_no_order(library: Library, make: Maker, start: Start) -> None:
    """The queue and the owners go by numbers and locks; only what a person sees has a date."""
    make.made = -10_000_000  # nineteen years back
    old = make.recording("old", windows=1, models=("offline",))
    make.made = 10_000_000
    make.recording("new", windows=1, models=("offline",))
    first = library.claim()
    assert first is not None and first.recording_id == old.id
    other = start("say('up'); hear(); say(library.release_orphans()); library.close()")
    wait_for(other, "up")
    tell(other, "go")
    assert "[]" in ended_well(other)
