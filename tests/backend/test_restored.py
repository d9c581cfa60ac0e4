"""A library that was restored from a backup, or copied to another computer, and a server that knows more of it than it does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import Maker
from support.mirrored_rows import _rows, assert_same

from skiuo_desktop.backend.database import Database
from skiuo_desktop.engine.mirror_rows import RowMirror
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import TABLES


class OneDatabase:
    """Servers of which only the database is there."""

    names = ("", "database")

    def __init__(self, database: Database) -> None:
        self._database = database

    def database(self) -> Database:
        return self._database


def mirror(library: Library, database: Database) -> None:
    RowMirror(library, OneDatabase(database)).run(lambda: False)  # type: ignore[arg-type]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def backup(home: Home, database: Database) -> Iterator[Path]:
    """Of a library with a recording whose second window was not asked about yet, all of it mirrored."""
    with Library.open(home) as library:
        make = Maker(library)
        make.said("one", "two", title="kept")
        make.recording("open", windows=3, models=("offline", "other"))
        mirror(library, database)
    copy = home.root / "backup.db"
    shutil.copy(home.database, copy)
    yield copy


def lacking(library: Library, database: Database) -> list[Any]:
    """Rows of the library that the server has not, or not like this."""
    found = []
    with library._database.read() as here, database.transaction() as there:
        for table in TABLES:
            theirs = _rows(there, table)  # type: ignore[arg-type]
            found += [row for row in _rows(here, table) if row not in theirs]
    return found


@pytest.mark.parametrize("more", [1, 12], ids=["behind the server", "past the server"])
def test_what_is_written_after_a_restore_arrives(home: Home, backup: Path, database: Database, more: int) -> None:
    with Library.open(home) as library:
        make = Maker(library)
        make.made = 100
        lost = make.recording("lost", windows=4, models=("offline",))
        library.add_marker(lost.id, 5, "lost")
        while (claimed := library.claim()) is not None:
            library.finish(claimed.id, text=f"lost {claimed.model}")
        mirror(library, database)
    shutil.copy(backup, home.database)
    with Library.open(home) as library:
        make = Maker(library)
        make.made = 200
        library.request_analyses(library.resolve("kept"), ("third",), language="en")
        for number in range(more):
            recording = make.recording(f"new {number}", windows=3, models=("third", "offline"))
            library.add_marker(recording.id, 7, "new")
        while (claimed := library.claim()) is not None:
            library.finish(claimed.id, text=f"new {claimed.model}")
        mirror(library, database)
        assert lacking(library, database) == []
        assert database.confirmed(library.device_id) == library.revision()
        library.set_title(library.resolve("kept"), "changed afterwards")
        mirror(library, database)
        assert lacking(library, database) == []


def test_a_copy_on_another_computer_does_not_number_its_rows_without_end(home: Home, backup: Path, database: Database, tmp_path: Path) -> None:
    second = Home(tmp_path / "second").prepare()
    shutil.copy(backup, second.database)
    with Library.open(home) as here, Library.open(second) as there:
        here.set_title(here.resolve("kept"), "here")
        before = max(here.revision(), there.revision())
        for _ in range(8):
            mirror(here, database)
            mirror(there, database)
        assert max(here.revision(), there.revision()) < before + 10


def test_a_batch_whose_answer_was_lost_is_no_restore(home: Home, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(home) as library:
        Maker(library).said("one", "two")
        push = Database.push

        def lose(self: Database, batch: Any) -> int:
            push(self, batch)
            raise ConnectionError

        with monkeypatch.context() as patch:
            patch.setattr(Database, "push", lose)
            with pytest.raises(ConnectionError):
                mirror(library, database)
        confirmed = database.confirmed(library.device_id)
        assert confirmed == library.revision()
    monkeypatch.setattr(Database, "rewind", lambda *_: pytest.fail("everything is sent anew"))
    with Library.open(home) as library:
        mirror(library, database)  # by the next program: this one was killed
        assert_same(library, database)
