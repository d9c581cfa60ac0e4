"""One SQLite file: connections, transactions, and what its errors mean to a person.

WAL lets other threads and programs read while one writes. Writes begin with BEGIN IMMEDIATE: a transaction that waited
for its turn can then never fail halfway because another one was quicker. Within the process a lock queues the writers;
between processes SQLite's busy handler does.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from skiuo_desktop.errors import BugError, LibraryBusyError, SkiuoError, StorageError
from skiuo_desktop.library.schema import Mirrored, ThisLibrary

T = TypeVar("T")

BUSY_S = 30.0
"""How long a writer waits for another program's transaction; ours last milliseconds."""


TURN_S = 0.01
"""What others are left to write in between two of many short transactions: longer than SQLite's busy handler waits at first."""


class Writing(Session):
    """A session inside a write transaction. Every mirrored row that changes gets the next revision as it is flushed."""

    def take_ids(self, count: int) -> range:
        """The next `count` ids for rows of this library, ascending."""
        last = self.execute(update(ThisLibrary).values(last_id=ThisLibrary.last_id + count).returning(ThisLibrary.last_id)).scalar_one()
        return range(last - count + 1, last + 1)

    def touch(self, row: Mirrored) -> None:
        """Gives `row` a new revision though none of its own columns changed (something that belongs to it was removed)."""
        row.revision = -1


@event.listens_for(Writing, "before_flush")
def _stamp(session: Session, _context: Any, _instances: Any) -> None:
    changed = [row for row in (*session.new, *filter(session.is_modified, session.dirty)) if isinstance(row, Mirrored)]
    if not changed:
        return
    last = session.connection().execute(update(ThisLibrary).values(revision=ThisLibrary.revision + len(changed)).returning(ThisLibrary.revision)).scalar_one()
    for revision, row in enumerate(changed, last - len(changed) + 1):
        row.revision = revision


class Database:
    """The connections to one library file. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.Lock()
        self._engine = connect(path)
        self._write_engine = self._engine.execution_options(skiuo_begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view: all questions inside see the same moment. Raises StorageError, LibraryBusyError."""
        with explained(self.path), Session(self._engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One transaction: committed at the end, rolled back on any exception. Must not be nested. Raises as `read`."""
        with self._turn, explained(self.path), Writing(self._write_engine, expire_on_commit=False) as session, session.begin():
            yield session

    def write_in_turns(self, work: Callable[[Writing], bool]) -> None:
        """Repeats `work`, which changes a few rows, each time in a transaction of its own, until it returns False.

        In between others may write. A program that waits for its turn looks for it only now and then, so it is left a moment.
        """
        while True:
            with self.write() as session:
                more = work(session)
            if not more:
                return
            time.sleep(TURN_S)

    def write_pieces(self, values: Sequence[T], size: int, work: Callable[[Writing, Sequence[T]], None]) -> None:
        """`work` for `size` of the values at a time, as `write_in_turns`."""
        for start in range(0, len(values), size):
            if start:
                time.sleep(TURN_S)
            with self.write() as session:
                work(session, values[start : start + size])

    def close(self) -> None:
        """Closes all connections; SQLite then folds the write-ahead log into the file."""
        self._engine.dispose()


def connect(path: Path) -> Engine:
    """An engine whose transactions begin as their execution option `skiuo_begin` says."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=12, connect_args={"timeout": BUSY_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the module must not begin transactions by itself
        for pragma in ("foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("skiuo_begin", "BEGIN"))

    return engine


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns SQLite's errors inside into ours, each with one sentence. Nothing is deleted or repaired on the way."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error.orig if isinstance(error.orig, sqlite3.Error) else error, path) from error
    except sqlite3.Error as error:
        raise _meaning(error, path) from error


def _meaning(error: Exception, path: Path) -> SkiuoError:
    name = getattr(error, "sqlite_errorname", None) or ""
    for beginnings, kind, sentence in _MEANINGS:
        if name.startswith(beginnings):
            return kind(sentence.format(path=path, error=error))
    return StorageError(f"The library {path} could not be used: {error}.")


_MEANINGS: tuple[tuple[tuple[str, ...], type[SkiuoError], str], ...] = (
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        LibraryBusyError,
        f"Another program has been writing to the library {{path}} for {BUSY_S:.0f} s. Try again when it is done.",
    ),
    (("SQLITE_FULL",), StorageError, "The disk with the library {path} is full. Free some space and try again."),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        StorageError,
        "The library file {path} is damaged ({error}). It was left as it is: put a copy of it back, or move it away to begin a new library.",
    ),
    (
        ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"),
        StorageError,
        "The library {path} cannot be written ({error}). Allow writing to its folder, or set SKIUO_HOME to another one.",
    ),
    (("SQLITE_IOERR",), StorageError, "The disk with the library {path} cannot be read or written ({error}). Check the disk and its free space."),
    (("SQLITE_CONSTRAINT",), BugError, "The library refused a row that contradicts others ({error}). Please report this."),
)
