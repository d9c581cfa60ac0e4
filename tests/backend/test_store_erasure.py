"""MinIO on four drives: it goes on without one of them; without two it still reads, and what it cannot take is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backend.store_parts import KEY, film, metadata_for
from support.mirrored import configure, differences, keys_in
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Minio, program, wait_until

from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendTrouble

Opened = Callable[..., ObjectStore]


@pytest.fixture
def erasure_set(tmp_path: Path) -> Iterator[Minio]:
    if program("minio") is None:
        pytest.skip("needs MinIO itself; not run: an erasure set, and drives of it that are lost")
    for number in range(1, 5):
        (tmp_path / "minio" / "data" / str(number)).mkdir(parents=True)
    with Minio(tmp_path / "minio", drives=4) as server:
        yield server


def lose(server: Minio, drive: int) -> None:
    (server.folder / "data" / str(drive)).rename(server.folder / f"away-{drive}")


def bring_back(server: Minio, drive: int) -> None:
    place = server.folder / "data" / str(drive)
    shutil.rmtree(place, ignore_errors=True)  # the server may have made an empty one
    (server.folder / f"away-{drive}").rename(place)


def _sync(home: Home) -> BackendError | None:
    run = Run(home, mirror=False, analyse=False)
    try:
        run.engine.sync_backend().result(120)
    except BackendError as error:
        return error
    finally:
        run.engine.stop()
    return None


def test_objects_parts_and_rules_on_four_drives(erasure_set: Minio, opened: Opened, tmp_path: Path) -> None:
    store = opened(erasure_set)
    path, data = film(tmp_path, 4)
    store.send_file(KEY, path, "video/webm", metadata_for(data))
    store.put("clips/small", b"small", "text/plain", {})
    store.set_lifecycle(9)
    assert {rule.days for rule in store.lifecycle()} == {9}
    lose(erasure_set, 2)
    assert store.read(KEY) == data
    assert store.read("clips/small") == b"small"
    lose(erasure_set, 3)
    assert store.read(KEY) == data


def test_the_mirror_goes_on_without_one_drive_and_tells_of_two(
    erasure_set: Minio, opened: Opened, tmp_path: Path, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(erasure_set)
    home = Home(tmp_path / "home").prepare()
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home)
    lose(erasure_set, 1)
    run.record("test:160x90@10", limit_ms=2_000)
    run.engine.stop()
    assert _sync(home) is None
    assert differences(home, store, postgres, database_name) == []
    lose(erasure_set, 2)
    run = Run(home, mirror=False)
    run.record("test:160x90@10", limit_ms=2_000)
    run.engine.stop()
    error = _sync(home)
    assert error is not None
    assert error.trouble is BackendTrouble.BUSY, error.detail
    bring_back(erasure_set, 1)
    bring_back(erasure_set, 2)
    wait_until(lambda: _sync(home) is None, "the server to see its drives again")
    assert differences(home, store, postgres, database_name) == []
