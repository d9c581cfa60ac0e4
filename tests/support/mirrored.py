"""A library with a real backend in tests, and whether the servers hold exactly what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text
from support.postgres import Server as Postgres
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.tables import SCHEMA
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import TABLES
from skiuo_desktop.model import RecordingState, RecordingSummary

STORE_ENV, SECRET_ENV = "SKIUO_TEST_ACCESS_KEY", "SKIUO_TEST_SECRET_KEY"


def configure(home: Home, store: ObjectStore | None, database: str, *, endpoint: str = "", **more: Any) -> dict[str, str]:
    """Points a home at a store (or at a proxy before it, `endpoint`) and a database on loopback.

    Returns the environment that a child process needs for the keys.
    """
    values: dict[str, Any] = {s.BACKEND_PLAIN.key: ("127.0.0.1", "localhost"), **{f"backend.{name}": value for name, value in more.items()}}
    if store is not None:
        values |= {
            s.BACKEND_STORE.key: endpoint or store.address.endpoint,
            s.BACKEND_BUCKET.key: store.address.bucket,
            s.BACKEND_ACCESS_KEY.key: f"env:{STORE_ENV}",
            s.BACKEND_SECRET_KEY.key: f"env:{SECRET_ENV}",
        }
    if database:
        values[s.BACKEND_DATABASE.key] = database
    s.Settings(home.settings).change(values)
    return {STORE_ENV: store.address.access_key, SECRET_ENV: store.address.secret_key} if store is not None else {}


def differences(home: Home, store: ObjectStore, postgres: Postgres, database: str) -> list[str]:
    """What the servers lack or have too much of, in words; empty when they hold exactly what the library holds."""
    with Library.open(home) as library:
        found = _objects(library, store) + _rows(library, postgres, database)
    return found


def _objects(library: Library, store: ObjectStore) -> list[str]:
    there = {stored.key: stored.bytes for stored in store.list("")}
    named = {entry.key: entry.bytes for summary in library.summaries(10_000) for entry in library.objects(summary.id)}
    wanted = [
        f"no recording object of {each.id}"
        for each in library.summaries(10_000)
        if "recording" not in {entry.kind for entry in library.objects(each.id)} and not _never_begun(library, each)
    ]
    lost = [f"row without its object: {key}" for key in named.keys() - there.keys()]
    strange = [f"object that nobody names: {key}" for key in there.keys() - named.keys()]
    return wanted + lost + strange + [f"other size: {key}" for key in named.keys() & there.keys() if named[key] != there[key]]


def _never_begun(library: Library, recording: RecordingSummary) -> bool:
    """Its program died between its row and its file. The row stays, as it does for a file on a disk that is away; there is nothing to send."""
    return recording.state is RecordingState.RECORDING and not Path(library.recording_head(recording.id).path).exists()


def _rows(library: Library, postgres: Postgres, database: str) -> list[str]:
    found = []
    with library._database.read() as session:
        for table in TABLES:
            name = table.__tablename__  # type: ignore[attr-defined]
            key = tuple(column.name for column in table.__table__.primary_key)  # type: ignore[attr-defined]
            ours = {_key(row, key): row["revision"] for row in session.execute(text(f'SELECT * FROM "{name}"')).mappings()}  # noqa: S608
            theirs: dict[Any, Any] = {}
            columns = ", ".join(f'"{column}"' for column in (*key, "revision"))
            for values in postgres.ask(f'SELECT {columns} FROM {SCHEMA}."{name}"', database):  # noqa: S608
                assert values[:-1] not in theirs, f"twice in {name}: {values}"
                theirs[values[:-1]] = values[-1]
            if ours != theirs:
                lacking, strange = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
                older = [each for each in ours.keys() & theirs.keys() if ours[each] != theirs[each]]
                found.append(f"{name}: lacking {sorted(lacking)[:3]}, too many {sorted(strange)[:3]}, other revision {sorted(older)[:3]}")
    return found


def _key(row: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def made_store(server: Store, **changes: Any) -> ObjectStore:
    """A new bucket of a server."""
    return ObjectStore(server.address(server.new_bucket(), **changes))


def keys_in(environment: Mapping[str, str], monkeypatch: Any) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
