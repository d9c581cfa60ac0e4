"""Computers that mirror to the same servers, each with a home of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from library.library_parts import Maker
from sqlalchemy import select
from support.postgres import Server
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.engine.elsewhere import Elsewhere
from skiuo_desktop.engine.mirror_objects import ObjectMirror
from skiuo_desktop.engine.mirror_rows import RowMirror
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.schema import DeviceRow
from skiuo_desktop.media.test_clip import test_clip
from skiuo_desktop.model import Recording

JPEG = b"\xff\xd8 a picture \xff\xd9"


@lru_cache(maxsize=1)
def webm() -> bytes:
    return test_clip().data


@lru_cache(maxsize=8)
def _empty(number: int) -> bytes:
    """The file of a new library, and of another device for each number: writing one is many times faster than making it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        Library.open(home).close()
        return home.database.read_bytes()


class Device:
    """A computer: its library, and what mirrors it."""

    def __init__(self, home: Home, changes: dict[str, Any]) -> None:
        self.home = home
        self.settings = s.Settings(home.settings)
        self.settings.change(changes)
        self.library = Library.open(home)
        self.servers = Servers(self.settings)
        self.elsewhere = Elsewhere(self.servers, home, self.settings, self.library)
        self.make = Maker(self.library)

    def film(self, *texts: str, title: str = "", content: bytes | None = None) -> Recording:
        """A recording with a real video and a picture, whose windows say these texts."""
        made = self.make.recording(title, windows=len(texts), models=("offline",), content=content or webm())
        for text in texts:
            self.make.answer(text, 0.25)
        picture = Path(made.path).with_suffix(".jpg")
        picture.write_bytes(JPEG)
        self.library.update_recording(made.id, thumbnail=str(picture), bytes=len(content or webm()))
        return self.library.recording(made.id)

    def mirror(self) -> None:
        ObjectMirror(self.library, self.servers, clip_bytes=lambda job: b"", on_progress=lambda job, count: None).run(lambda: False, lambda: None)
        RowMirror(self.library, self.servers).run(lambda: False)

    def close(self) -> None:
        self.elsewhere.close()
        self.servers.close()
        self.library.close()


class Backend:
    """A bucket and a database of the test's own, and the devices that use them."""

    def __init__(self, folder: Path, store: Store, postgres: Server, database: str) -> None:
        self.folder = folder
        self.server = store
        self.postgres = postgres
        self.name = database
        self.bucket = store.new_bucket()
        self._open = ExitStack()
        self._made = 0

    @property
    def changes(self) -> dict[str, Any]:
        """The settings of a device that uses these servers."""
        return {
            s.BACKEND_STORE.key: self.server.endpoint,
            s.BACKEND_BUCKET.key: self.bucket,
            s.BACKEND_REGION.key: self.server.region,
            s.BACKEND_ACCESS_KEY.key: "env:TEST_ACCESS",
            s.BACKEND_SECRET_KEY.key: "env:TEST_SECRET",
            s.BACKEND_PLAIN.key: ("127.0.0.1",),
            s.BACKEND_DATABASE.key: self.postgres.dsn(self.name),
            s.KEEP_FREE.key: 50,
        }

    @cached_property
    def store(self) -> ObjectStore:
        store = ObjectStore(self.server.address(self.bucket))
        self._open.callback(store.close)
        return store

    @cached_property
    def database(self) -> Database:
        database = Database(self.postgres.address(self.name))
        self._open.callback(database.close)
        return database

    def device(self, name: str, **changes: Any) -> Device:
        home = Home(self.folder / name).prepare()
        home.database.write_bytes(_empty(self._made))
        self._made += 1
        device = Device(home, {**self.changes, **changes})
        self._open.callback(device.close)
        self.rename(device, name)
        return device

    def rename(self, device: Device, name: str) -> None:
        with device.library._database.write() as session:
            session.scalars(select(DeviceRow)).one().name = name

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the administrator, who may write anything."""
        with psycopg.connect(self.postgres.dsn(self.name), autocommit=True, options="-c search_path=skiuo") as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self._open.close()


@contextmanager
def backend_of(folder: Path, store: Store, postgres: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    monkeypatch.setenv("TEST_ACCESS", store.access_key)
    monkeypatch.setenv("TEST_SECRET", store.secret_key)
    made = Backend(folder, store, postgres, database)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
