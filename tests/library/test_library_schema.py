"""Models, migrations and what opening a library does to its file."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from library.library_parts import Maker, spans
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from skiuo_desktop.errors import BugError, StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.library import migrate as migrating
from skiuo_desktop.library.database import connect
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.schema import AnalysisRow, Base, Mirrored, MirrorRow, SpendingRow, ThisLibrary, UploadRow, WindowRow
from skiuo_desktop.model import Notice, Tracks


def sql(home: Home, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home.database)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def test_the_migrations_make_exactly_the_models(library: Library, home: Home) -> None:
    engine = connect(home.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=migrating.OPTIONS)
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrating.HEAD
    engine.dispose()


def test_the_newest_migration_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory(str(migrating.SCRIPTS)).get_heads() == [migrating.HEAD]


def test_a_library_opens_again_as_it_was(home: Home) -> None:
    with Library.open(home) as library:
        device, recording = library.device_id, Maker(library).said("hello", title="One")
    with Library.open(home) as library:
        assert library.device_id == device
        assert library.recording(recording.id) == recording
    assert len(sql(home, "SELECT * FROM devices")) == 1
    assert sql(home, "PRAGMA journal_mode") == [("wal",)]


def test_an_open_library_needs_no_alembic(library: Library, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "_migrate_alone", lambda path: pytest.fail("migrated again"))
    Library.open(home).close()


def test_many_threads_create_one_library(home: Home) -> None:
    devices: list[str] = []

    def open_it() -> None:
        with Library.open(home) as library:
            devices.append(library.device_id)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(devices) == 6 and len(set(devices)) == 1


def test_the_library_of_a_newer_program_is_refused_and_left_alone(home: Home) -> None:
    Library.open(home).close()
    sql(home, "UPDATE alembic_version SET version_num = '9999'")
    before = home.database.read_bytes()
    with pytest.raises(StorageError, match=r"newer version .*9999"):
        Library.open(home)
    assert home.database.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(home: Home) -> None:
    home.prepare()
    sql(home, "CREATE TABLE pictures (id INTEGER)")
    before = home.database.read_bytes()
    with pytest.raises(StorageError, match="no library of this program"):
        Library.open(home)
    assert home.database.read_bytes() == before


NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"

def upgrade():
    op.add_column("recordings", sa.Column("colour", sa.Text()))
    with op.batch_alter_table("windows") as table:
        table.drop_column("reason")
    {then}
"""


def next_program(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str) -> None:
    """A program that knows one more migration."""
    scripts = folder / "scripts %s"  # a folder may be named anything
    (scripts / "versions").mkdir(parents=True)
    for path in (migrating.SCRIPTS / "env.py", *migrating.SCRIPTS.glob("versions/r*.py")):
        (scripts / path.relative_to(migrating.SCRIPTS)).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (scripts / "versions" / "r9999_next.py").write_text(NEXT.format(then=then, head=migrating.HEAD), encoding="utf-8")
    monkeypatch.setattr(migrating, "SCRIPTS", scripts)
    monkeypatch.setattr(migrating, "HEAD", "9999")


def test_a_migration_keeps_rows_and_a_copy_of_the_library_before(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Library.open(home) as library:
        recording = Maker(library).said("hello", title="One")
    next_program(monkeypatch, tmp_path, "pass")
    migrating.migrate(home.database)
    assert sql(home, "SELECT title, colour FROM recordings") == [("One", None)]
    assert sql(home, "SELECT count(*) FROM windows") == [(1,)]
    assert sql(home, "SELECT text FROM analyses") == [("hello",)]  # the rebuilt table did not take its analyses along
    backup = Home(tmp_path / "copy").prepare()
    (home.root / "library.backup.db").replace(backup.database)
    monkeypatch.undo()
    with Library.open(backup) as library:
        assert library.recording(recording.id).title == "One"


@pytest.mark.parametrize("then", ["raise RuntimeError('bad luck')", "op.execute('SELECT nothing FROM nowhere')", "op.execute('DELETE FROM devices')"])
def test_a_failed_migration_leaves_the_library_as_it_was(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: str) -> None:
    with Library.open(home) as library:
        recording = Maker(library).said("hello", title="One")
    next_program(monkeypatch, tmp_path, then)
    with pytest.raises(StorageError, match=r"as it was|could not be"):
        migrating.migrate(home.database)
    monkeypatch.undo()
    with Library.open(home) as library:
        assert library.recording(recording.id) == recording
        assert [hit.text for hit in library.search("hello")] == ["hello"]


def test_the_tables_fit_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "BIGINT" in made or "INTEGER" not in made
        assert "JSONB" in made or " JSON" not in made
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_foreign_keys_are_enforced(library: Library) -> None:
    with pytest.raises(BugError), library._database.write() as session:
        session.execute(insert(WindowRow).values(id=1, recording_id="nobody", index=0, start_ms=0, end_ms=1, state="queued", reason="", revision=1))


def test_what_belongs_to_a_recording_goes_with_it(library: Library, make: Maker) -> None:
    recording = make.said("one", "two")
    with library._database.write() as session:
        session.execute(delete(WindowRow).where(WindowRow.recording_id == recording.id))
        assert session.scalars(select(AnalysisRow)).all() == []


def test_every_change_draws_a_new_revision(library: Library, make: Maker, home: Home) -> None:
    recording = make.recording("one", windows=2, models=("offline",))
    tables = [mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Mirrored)]
    ours = {table.name for table in Base.metadata.sorted_tables}
    assert ours - set(tables) == {table.__tablename__ for table in (ThisLibrary, SpendingRow, UploadRow, MirrorRow)}

    def newest() -> int:
        return max(revision for table in tables for (revision,) in sql(home, f'SELECT coalesce(max(revision), 0) FROM "{table}"'))  # noqa: S608

    def changes() -> None:
        claimed = library.claim()
        assert claimed is not None
        yield_points.append(claimed.id)

    yield_points: list[int] = []
    steps = [
        lambda: library.set_title(recording.id, "two"),
        lambda: library.set_notes(recording.id, "n"),
        lambda: library.set_tags(recording.id, ["a", "b"]),
        lambda: library.set_tags(recording.id, ["a"]),
        lambda: library.set_tags(recording.id, []),
        lambda: library.add_marker(recording.id, 5),
        lambda: library.add_notice(recording.id, Notice(1, "stalled")),
        lambda: library.save_tracks(recording.id, Tracks(b"1", b"2")),
        lambda: library.update_recording(recording.id, frames=3),
        lambda: library.add_windows(recording.id, spans(3), ["offline"], "en"),
        changes,
        lambda: library.save_sent(yield_points[0], {"bytes": 5}),
        lambda: library.save_text(yield_points[0], "half"),
        lambda: library.finish(yield_points[0], text="whole"),
        lambda: library.request_analyses(recording.id, ["offline"], language="en"),
        lambda: library.cancel_analyses(recording.id),
        lambda: library.delete([recording.id]),
    ]
    before = newest()
    for step in steps:
        step()
        after = newest()
        assert after > before
        assert sql(home, "SELECT revision FROM this_library") == [(after,)]
        before = after
    for table in tables:
        revisions = [revision for (revision,) in sql(home, f'SELECT revision FROM "{table}"')]  # noqa: S608
        assert len(revisions) == len(set(revisions))


def test_a_change_that_fails_draws_nothing_and_leaves_nothing(library: Library, make: Maker, home: Home) -> None:
    recording = make.recording("one")
    before = sql(home, "SELECT revision, last_id FROM this_library")
    with pytest.raises(StorageError):
        library.update_recording(recording.id, frames=7, path="/outside")
    assert library.recording(recording.id).frames == 0
    assert sql(home, "SELECT revision, last_id FROM this_library") == before


def test_ids_of_two_libraries_do_not_meet_and_stay_exact_in_json(tmp_path: Path) -> None:
    ids = []
    for name in ("a", "b"):
        with Library.open(Home(tmp_path / name)) as library:
            make = Maker(library)
            ids.append({window.id for window in make.recording(windows=5).windows})
    assert not ids[0] & ids[1]
    assert all(0 < number < 2**53 for number in ids[0] | ids[1])
