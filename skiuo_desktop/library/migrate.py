"""Brings the library file to this program's schema when it is opened.

All steps run in one transaction: a step that fails leaves the file as it was. An existing library is copied first, with
SQLite's backup API, to `library.backup.db`; that copy is kept until the next migration replaces it.
"""

from __future__ import annotations

import logging
import secrets
import socket
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, insert, select

from skiuo_desktop.errors import LibraryBusyError, SkiuoError, StorageError
from skiuo_desktop.library.database import BUSY_S, connect, explained
from skiuo_desktop.library.schema import Base, DeviceRow, ThisLibrary

log = logging.getLogger(__name__)

HEAD = "0004"
"""The newest revision under `migrations/versions`. It stands here so that a library that has it opens without loading Alembic."""

SCRIPTS = Path(__file__).parent / "migrations"
LOCK_S = 120.0
"""How long to wait for another program that is migrating this library."""

ID_RANGE = 2**24
ID_RANGES = 2**29
"""Each library draws its ids from one of 2**29 ranges (see `schema`): together they stay below 2**53."""


def _is_ours(name: str | None, kind: str, _parent: Any) -> bool:
    """The full-text index and its shadow tables belong to SQLite, not to the models."""
    return not (kind == "table" and name is not None and (name == "search" or name.startswith("search_")))


OPTIONS: dict[str, Any] = {"target_metadata": Base.metadata, "include_name": _is_ours, "compare_type": True, "render_as_batch": True}
"""How Alembic compares and migrates; used by `migrations/env.py` and by the test that holds models and migrations together."""


def migrate(path: Path) -> None:
    """Creates or updates the library file, once however many programs ask at the same moment.

    Raises StorageError (newer library, foreign or damaged file, disk), LibraryBusyError.
    """
    with explained(path):
        if _state(path) == (HEAD, "wal"):
            return
        try:
            lock = FileLock(path.with_suffix(".lock"), thread_local=False)
            with lock.acquire(timeout=LOCK_S):
                _migrate_alone(path)
        except Timeout as error:
            raise LibraryBusyError(f"Another program has been updating the library {path} for {LOCK_S:.0f} s. Try again when it is done.") from error
        except OSError as error:
            raise StorageError(f"The library {path} cannot be written: {error.strerror or error}.") from error


def _state(path: Path) -> tuple[str, str]:
    """(schema revision, journal mode) of the file; the revision is empty for a file without tables. Raises StorageError for a foreign file."""
    if not path.exists():
        return "", ""
    with closing(_plain(path)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return "", mode
        if {"alembic_version", "this_library"} <= tables:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if row is not None:
                return row[0], mode
    raise StorageError(f"{path} is no library of this program. Move it away, or set SKIUO_HOME to another folder.")


def _plain(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


def _migrate_alone(path: Path) -> None:
    revision, mode = _state(path)
    if revision not in ("", HEAD):
        _check_known(path, revision)
    if mode != "wal":
        with closing(_plain(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    if revision == HEAD:
        return
    if revision:
        _back_up(path)
    engine = connect(path).execution_options(skiuo_begin="BEGIN IMMEDIATE")
    try:
        with engine.connect() as connection:
            # Tables are rebuilt under new names, so references are checked at the end; the pragma has no effect inside a transaction.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                _upgrade(connection)
                _introduce(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise StorageError(f"The library {path} could not be updated: rows of {broken[0]} would lose what they refer to. It was left as it was.")
    finally:
        engine.dispose()
    log.info("library %s: schema %s -> %s", path, revision or "(new)", HEAD)


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _check_known(path: Path, revision: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision not in known:
        raise StorageError(f"The library {path} was made by a newer version of this program (schema {revision}, known here: {HEAD}). Update the program.")


def _upgrade(connection: Connection) -> None:
    from alembic import command

    try:
        command.upgrade(_config(connection), "head")
    except (SkiuoError, sqlite3.Error):
        raise
    except Exception as error:  # a migration is any code; whatever it raises, the transaction is rolled back
        raise StorageError(f"The library could not be updated to this version of the program and was left as it was: {error}") from error


def _introduce(connection: Connection) -> None:
    """Gives a new library its identity."""
    if connection.execute(select(ThisLibrary.id)).first() is not None:
        return
    device = uuid.uuid4().hex
    connection.execute(insert(DeviceRow).values(id=device, name=socket.gethostname(), created_at=datetime.now(UTC), revision=1))
    connection.execute(insert(ThisLibrary).values(id=1, device_id=device, revision=1, last_id=secrets.randbelow(ID_RANGES) * ID_RANGE))


def _back_up(path: Path) -> None:
    unfinished = path.with_suffix(".backup.tmp")
    unfinished.unlink(missing_ok=True)
    with closing(_plain(path)) as source, closing(_plain(unfinished)) as target:
        source.backup(target)
    unfinished.replace(path.with_suffix(".backup.db"))
