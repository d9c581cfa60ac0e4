"""Batches of a real library arrive in a real PostgreSQL exactly once, whatever happens in between."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import Maker
from sqlalchemy import text
from support.mirrored_rows import assert_same, sync
from support.postgres import Server, until

from skiuo_desktop.backend import rows
from skiuo_desktop.backend.database import Database
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import Batch, Shadow
from skiuo_desktop.model import BackendTrouble, Notice, Tracks, Usage


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of two devices' empty libraries: copying one is many times faster than making it."""
    homes = [Home(tmp_path_factory.mktemp("empty")) for _ in range(2)]
    for home in homes:
        Library.open(home).close()
    return [home.database for home in homes]


def opened(home: Home, file: Path) -> Library:
    shutil.copy(file, home.prepare().database)
    return Library.open(home)


@pytest.fixture
def library(tmp_path: Path, empty: list[Path]) -> Iterator[Library]:
    with opened(Home(tmp_path / "home"), empty[0]) as library:
        yield library


@pytest.fixture
def other(tmp_path: Path, empty: list[Path]) -> Iterator[Library]:
    """Another device."""
    with opened(Home(tmp_path / "other"), empty[1]) as library:
        yield library


@pytest.fixture
def make(library: Library) -> Maker:
    return Maker(library)


def fill(library: Library, make: Maker) -> None:
    """A bit of everything."""
    first = make.said("A person welds a pipe.", "他正在焊接管道 🔥", title="焊接 one")
    make.said("", "half", title="two")
    library.set_notes(first.id, "notes\nof several lines")
    library.set_tags(first.id, ["b", "a", "标签"])
    library.add_marker(first.id, 5, "here")
    library.add_marker(first.id, 9_000, "")
    library.add_notice(first.id, Notice(1, "stalled", "three\tframes", 20))
    library.save_tracks(first.id, Tracks(bytes(range(256)), b""))
    make.recording("waiting", windows=3, models=("offline", "other"))
    claimed = library.claim()
    assert claimed is not None
    library.save_sent(claimed.id, {"bytes": 5, "nested": {"é": [1, 2.5, None, True]}})
    library.finish(claimed.id, text="done", usage=Usage(1, 2, 0.1 + 0.2, "CNY"), raw='{"answer": "\\u0041"}')


def batch(device: str, tables: dict[str, list[dict[str, Any]]], upto: int, after: int = 0, **more: Any) -> Batch:
    given = {"whole": frozenset[str](), "deleted": frozenset[str](), "shadows": list[Shadow](), **more}
    return Batch(device_id=device, after=after, upto=upto, rows=tables, **given)


def count(database: Database, table: str) -> int:
    with database.transaction() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


@pytest.mark.parametrize("limit", [7, 500])
def test_a_library_arrives_whole_in_batches_of_any_size(library: Library, make: Maker, database: Database, limit: int) -> None:
    fill(library, make)
    assert sync(library, database, limit) == library.revision()
    assert_same(library, database)


def test_what_changes_later_arrives_too(library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    sync(library, database)
    first = make.said("one", "two", title="later")
    steps = [
        lambda: library.set_title(first.id, "renamed"),
        lambda: library.set_tags(first.id, ["x", "y"]),
        lambda: library.set_tags(first.id, ["y"]),
        lambda: library.set_tags(first.id, []),
        lambda: library.set_notes(first.id, "now"),
        lambda: library.set_notes(first.id, ""),
        lambda: library.request_analyses(first.id, ["offline"], language="zh"),
        lambda: library.cancel_analyses(first.id),
        lambda: library.save_tracks(first.id, Tracks(b"1", b"2")),
    ]
    for step in steps:
        step()
        sync(library, database, 50)
        assert_same(library, database)


def test_a_deleted_recording_leaves_its_tombstone_alone(library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    sync(library, database)
    never_seen = make.said("gone before anybody saw it", title="never")
    gone = [summary.id for summary in library.summaries(100) if summary.title.startswith("焊接")]
    library.delete([*gone, never_seen.id])
    sync(library, database, 3)
    assert_same(library, database)
    with database.transaction() as connection:
        dead = connection.execute(text("SELECT id, title, notes FROM recordings WHERE deleted_at IS NOT NULL")).all()
        left = {
            table: connection.execute(text(f"SELECT count(*) FROM {table} WHERE recording_id = ANY(:ids)"), {"ids": [*gone, never_seen.id]}).scalar()  # noqa: S608
            for table in ("recording_tags", "recording_tracks", "markers", "windows", "attempts", "objects", "search")
        }
    assert sorted(dead) == sorted((recording_id, "", "") for recording_id in [*gone, never_seen.id])
    assert set(left.values()) == {0}


def test_a_batch_that_arrives_again_changes_nothing(library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    whole = library.changes(0, 100_000)
    assert database.push(whole) == whole.upto
    with database.transaction() as connection:
        before = connection.execute(text("SELECT ctid::text, xmin::text FROM windows ORDER BY id")).all()
    assert database.push(whole) == whole.upto  # as when nobody heard that it had arrived
    with database.transaction() as connection:
        assert connection.execute(text("SELECT ctid::text, xmin::text FROM windows ORDER BY id")).all() == before
    assert_same(library, database)


def test_a_batch_whose_turn_it_is_not_is_told_what_is_there(library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    first = library.changes(0, 10)
    second = library.changes(first.upto, 10)
    assert database.push(second) == 0
    assert count(database, "recordings") == 0
    assert database.push(first) == first.upto
    assert database.push(second) == second.upto
    assert database.push(first) == second.upto
    sync(library, database)
    assert_same(library, database)


def test_older_rows_never_replace_newer_ones(library: Library, make: Maker, database: Database) -> None:
    recording = make.recording("old title")
    old = library.changes(0)
    library.set_title(recording.id, "new title")
    new = library.changes(0)
    database.push(new)
    database.push(dataclasses.replace(old, after=new.upto, upto=new.upto + 1, whole=frozenset(), shadows=[]))
    with database.transaction() as connection:
        assert connection.execute(text("SELECT title FROM recordings")).scalar() == "new title"


def test_two_devices_stand_side_by_side(library: Library, other: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    fill(other, Maker(other))
    sync(library, database)
    sync(other, database)
    assert count(database, "devices") == 2
    assert count(database, "windows") == 14
    assert database.confirmed(library.device_id) == library.revision()
    library.delete([summary.id for summary in library.summaries(100)])
    sync(library, database)
    assert count(database, "windows") == 7


def test_no_device_overwrites_or_removes_what_is_anothers(library: Library, other: Library, make: Maker, database: Database) -> None:
    mine = make.said("mine", title="mine")
    sync(library, database)
    theirs = Maker(other).said("theirs", title="theirs")
    change = other.changes(0, 1000)
    stolen_recording = {**change.rows["recordings"][0], "id": mine.id, "revision": 10**9}
    stolen_window = {**change.rows["windows"][0], "id": mine.windows[0].id, "revision": 10**9}
    analysis = mine.windows[0].analyses[0]
    stolen_analysis = {**change.rows["analyses"][0], "id": analysis.id, "revision": 10**9}
    attacks = {
        "recording": dataclasses.replace(change, rows={**change.rows, "recordings": [*change.rows["recordings"], stolen_recording]}),
        "window": dataclasses.replace(change, rows={**change.rows, "windows": [*change.rows["windows"], stolen_window]}),
        "analysis": dataclasses.replace(change, rows={**change.rows, "analyses": [*change.rows["analyses"], stolen_analysis]}),
        "device": dataclasses.replace(change, rows={**change.rows, "devices": library.changes(0).rows["devices"]}),
        "set": dataclasses.replace(change, whole=frozenset({mine.id})),
        "tombstone": dataclasses.replace(change, deleted=frozenset({mine.id})),
        "words": dataclasses.replace(change, shadows=[Shadow(mine.id, 0, None, "stolen")]),
        "tag": dataclasses.replace(change, rows={**change.rows, "recording_tags": [{"recording_id": mine.id, "tag": "x", "position": 0, "revision": 10**9}]}),
    }
    for what, attack in attacks.items():
        with pytest.raises(BackendError, match="another device") as caught:
            database.push(attack)
        assert caught.value.trouble is BackendTrouble.REFUSED, what
        assert_same_only(library, database)
    assert database.push(change) == change.upto
    assert count(database, "windows") == 2
    assert theirs.id != mine.id


def assert_same_only(library: Library, database: Database) -> None:
    assert_same(library, database)
    assert count(database, "devices") == 1


def test_sets_are_replaced_whole(library: Library, make: Maker, database: Database) -> None:
    recording = make.recording("one")
    library.set_tags(recording.id, ["a", "b"])
    library.add_marker(recording.id, 1, "m")
    sync(library, database)
    empty = batch(library.device_id, {}, library.revision() + 1, library.revision(), whole=frozenset({recording.id}))
    database.push(empty)
    assert [count(database, table) for table in ("recording_tags", "markers", "recordings")] == [0, 0, 1]


ODD = ["nul \0 here", "half \ud83d pair", "back\\slash \\u0000 \\x00 '\"", "“quotes” \u2028\u2029 \x01\x7f", "\U0002f800 𠮷 👩‍🔧", "%s %(a)s :name ::text $1"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_arrive_as_any_database_stores_them(database: Database, odd: str) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
    device = {"id": "d", "name": odd, "created_at": now, "revision": 1}
    assert database.push(batch("d", {"devices": [device]}, 1)) == 1
    with database.transaction() as connection:
        name, at = connection.execute(text("SELECT name, created_at FROM devices")).one()
    assert name == odd.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
    assert at == now


def test_numbers_and_json_arrive_exactly(library: Library, make: Maker, database: Database) -> None:
    recording = make.recording("one", windows=1, models=("offline",))
    change = library.changes(0)
    row = change.rows["recordings"][0]
    row |= {"fps": 29.97002997002997, "bytes": 2**53 + 1, "notices": [{"a": 1.5e-7, "b": [2**60, -0.1, "\0"], "c": None}]}
    change.rows["analyses"][0] |= {"cost": float("inf"), "facts": {"x": float("nan")}}
    database.push(change)
    with database.transaction() as connection:
        stored = connection.execute(text("SELECT fps, bytes, notices FROM recordings WHERE id = :id"), {"id": recording.id}).one()
        assert tuple(stored) == (29.97002997002997, 2**53 + 1, [{"a": 1.5e-7, "b": [2**60, -0.1, "\ufffd"], "c": None}])
        assert connection.execute(text("SELECT cost, facts FROM analyses")).one() == (float("inf"), {"x": None})


def test_huge_texts_arrive(library: Library, make: Maker, database: Database) -> None:
    recording = make.recording("焊" * 100_000 + "x" * 5000)
    library.set_notes(recording.id, "two words\n" * 50_000)
    sync(library, database)
    assert_same(library, database)


def test_a_row_that_is_there_twice_counts_once_as_its_newest(database: Database) -> None:
    device = {"id": "d", "name": "newest", "created_at": datetime.now(UTC), "revision": 5}
    database.push(batch("d", {"devices": [device, {**device, "name": "older", "revision": 3}]}, 5))
    with database.transaction() as connection:
        assert connection.execute(text("SELECT name FROM devices")).scalar() == "newest"


def test_large_batches_take_several_statements(library: Library, make: Maker, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.backend.row_json._MOST_ROWS", 2)
    monkeypatch.setattr("skiuo_desktop.backend.row_json._MOST_CHARACTERS", 500)
    fill(library, make)
    database.push(library.changes(0, 100_000))
    assert_same(library, database)


def test_a_batch_that_fails_in_the_middle_leaves_nothing(library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    whole = library.changes(0, 100_000)
    broken = dataclasses.replace(whole, rows={**whole.rows, "attempts": [{**row, "analysis_id": 1} for row in whole.rows["attempts"]]})
    with pytest.raises(BackendError) as caught:
        database.push(broken)
    assert caught.value.trouble is BackendTrouble.REFUSED
    assert "welds" not in f"{caught.value} {caught.value.detail}"
    assert [count(database, table) for table in ("devices", "recordings", "mirrored", "search")] == [0, 0, 0, 0]
    sync(library, database)
    assert_same(library, database)


def test_a_server_that_restarts_in_the_middle_of_a_batch_loses_nothing(
    postgres: Server, library: Library, make: Maker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, make)
    real = rows._index

    def interrupted(connection: Any, change: Batch) -> None:
        monkeypatch.undo()
        postgres.restart(signal.SIGQUIT)
        real(connection, change)

    monkeypatch.setattr(rows, "_index", interrupted)
    with pytest.raises(BackendError) as caught:
        sync(library, database)
    assert caught.value.trouble is BackendTrouble.UNREACHABLE
    assert (database.confirmed(library.device_id), count(database, "recordings")) == (0, 0)
    sync(library, database)
    assert_same(library, database)


def test_a_commit_that_nobody_heard_of_is_not_repeated(
    postgres: Server, library: Library, make: Maker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, make)
    whole = library.changes(0, 100_000)
    dialect = database._engine.dialect
    real = dialect.do_commit

    def unheard(connection: Any) -> None:
        monkeypatch.undo()
        real(connection)
        postgres.restart(signal.SIGQUIT)
        connection.execute("SELECT 1")

    monkeypatch.setattr(dialect, "do_commit", unheard)
    with pytest.raises(BackendError):
        database.push(whole)
    assert database.push(whole) == whole.upto
    assert_same(library, database)


PUSH_AND_HANG = """
import sys
sys.path.insert(0, sys.argv[2])
from skiuo_desktop.backend import rows
from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library

def hang(connection, batch):
    print("in the middle", flush=True)
    sys.stdin.read()

rows._index = hang
with Library.open(Home.default()) as library:
    Database(DatabaseAddress(sys.argv[1], allow_plain=("127.0.0.1",))).push(library.changes(0, 100_000))
"""


def test_a_program_that_is_killed_in_the_middle_of_a_batch_leaves_nothing_and_locks_nothing(
    postgres: Server, database_name: str, library: Library, make: Maker, database: Database
) -> None:
    fill(library, make)
    program = subprocess.Popen(
        [sys.executable, "-c", PUSH_AND_HANG, postgres.dsn(database_name), str(Path(__file__).parents[1])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SKIUO_HOME": str(library.home.root)},
    )
    try:
        assert program.stdout is not None and program.stdout.readline() == "in the middle\n"
        assert database.confirmed(library.device_id) == 0  # nobody sees half a batch
    finally:
        program.kill()
        program.communicate()
    sync(library, database)
    assert_same(library, database)


def test_programs_that_push_the_same_batch_at_once_write_it_once(
    postgres: Server, database_name: str, library: Library, make: Maker, database: Database
) -> None:
    make.recording("there before")
    confirmed = sync(library, database)
    fill(library, make)
    whole = library.changes(confirmed, 100_000)
    second = Database(postgres.address(database_name))
    answers: list[int] = []
    pushing = threading.Thread(target=lambda: answers.append(second.push(whole)))
    with database.transaction() as connection:
        assert rows.begin(connection, library.device_id, database.address) == confirmed
        pushing.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(lambda: postgres.ask(waiting) == [(1,)], "the second to wait for the first")
        rows.write(connection, whole, database.address)
    pushing.join(60)
    assert answers == [whole.upto]
    second.close()
    assert_same(library, database)


def test_a_restored_library_can_make_the_server_take_its_older_rows(library: Library, make: Maker, database: Database) -> None:
    recording = make.said("one", title="before")
    restored = library.changes(0, 1000)
    library.set_title(recording.id, "after the backup")
    library.set_tags(recording.id, ["after"])
    sync(library, database)
    database.rewind(library.device_id, restored.upto - 1)
    assert database.confirmed(library.device_id) == restored.upto - 1
    database.push(dataclasses.replace(restored, after=restored.upto - 1))
    with database.transaction() as connection:
        assert connection.execute(text("SELECT title FROM recordings")).scalar() == "before"
    assert count(database, "recording_tags") == 0
    database.rewind(library.device_id, 10**9)
    assert database.confirmed(library.device_id) == restored.upto


def test_psql_reads_it(postgres: Server, database_name: str, library: Library, make: Maker, database: Database) -> None:
    fill(library, make)
    sync(library, database)
    joined = "skiuo.recordings r JOIN skiuo.windows w ON w.recording_id = r.id JOIN skiuo.analyses a ON a.window_id = w.id"
    question = f"SELECT r.title, w.index, a.text FROM {joined} WHERE a.text LIKE '%焊接%'"  # noqa: S608
    command = [str(postgres.binaries / "psql"), "-X", "-A", "-t", postgres.dsn(database_name), "-c", question]
    seen = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60, env={**os.environ, "PGCLIENTENCODING": "UTF8"})
    assert seen.stdout == "焊接 one|1|他正在焊接管道 🔥\n"
