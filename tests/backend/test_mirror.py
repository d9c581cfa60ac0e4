"""The mirror stage of a running engine, with a real object store and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.mirrored import configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.proxy import Proxy
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.events import BackendChanged
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendTrouble

SOURCE = "test:320x180@15"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    s.Settings(home.settings).change({s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_000, s.KEEP_FREE.key: 50})
    return home


@pytest.fixture
def store(object_server: Store) -> Iterator[ObjectStore]:
    made = made_store(object_server)
    yield made
    made.close()


def sync(home: Home) -> None:
    run = Run(home, mirror=False, analyse=False)
    try:
        run.engine.sync_backend().result(60)
    finally:
        run.engine.stop()


def test_a_recording_arrives_while_the_program_runs(
    home: Home, store: ObjectStore, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=4_000, models=("offline",), title="Löten 焊接")
    run.until(lambda: run.engine.backend_status().result(10).pending_rows == 0, "the rows to arrive")
    run.until(lambda: run.engine.backend_status().result(10).pending_objects == 0, "the objects to arrive")
    run.engine.stop()
    sync(home)
    assert differences(home, store, postgres, database_name) == []
    (key,) = [stored.key for stored in store.list("recordings/") if stored.key.endswith(".webm")]
    assert store.read(key) == Path(recording.path).read_bytes()
    assert postgres.ask("SELECT title FROM skiuo.recordings", database_name) == [("Löten 焊接",)]
    said = [event.status for event in run.events if isinstance(event, BackendChanged)]
    assert said[-1].configured and said[-1].reachable and said[-1].last_synced_at is not None


def test_what_is_deleted_here_goes_there(home: Home, store: ObjectStore, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home, mirror=False)
    gone, stays = (run.record(SOURCE, limit_ms=2_000, title=title) for title in ("gone", "stays"))
    run.engine.set_tags(gone.id, ["a"]).result(10)
    run.engine.set_tags(stays.id, ["b", "c"]).result(10)
    run.engine.sync_backend().result(60)
    assert len(list(store.list(""))) == 4
    run.engine.delete([gone.id]).result(20)
    run.engine.set_tags(stays.id, ["c"]).result(10)
    status = run.engine.sync_backend().result(60)
    run.engine.stop()
    assert (status.pending_rows, status.pending_objects) == (0, 0)
    assert differences(home, store, postgres, database_name) == []
    assert {stored.key.split("/")[2] for stored in store.list("")} == {stays.id}
    assert postgres.ask("SELECT title FROM skiuo.recordings WHERE deleted_at IS NOT NULL", database_name) == [("",)]


def test_a_server_that_is_away_changes_nothing_here_and_is_said(
    home: Home, store: ObjectStore, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(int(store.address.endpoint.rpartition(":")[2])) as proxy:
        keys_in(configure(home, store, postgres.dsn(database_name), endpoint=proxy.endpoint), monkeypatch)
        proxy.refuse = True
        run = Run(home)
        run.record(SOURCE, limit_ms=2_000, models=("offline",))
        run.until(lambda: run.engine.backend_status().result(10).trouble is BackendTrouble.UNREACHABLE, "the trouble to be said")
        status = run.engine.backend_status().result(10)
        assert (status.reachable, status.pending_objects, status.server) == (False, 2, proxy.endpoint.removeprefix("http://"))
        assert status.oldest_pending_at is not None
        with pytest.raises(BackendError):
            run.engine.sync_backend().result(60)
        proxy.refuse = False
        run.engine.settings.set(s.BACKEND_LIMIT, 0)
        run.until(lambda: run.engine.backend_status().result(10).pending_objects == 0, "the objects to arrive by themselves")
        run.until(lambda: run.engine.backend_status().result(10).last_error == "", "the trouble to be over")
        run.engine.stop()
        sync(home)
    assert differences(home, store, postgres, database_name) == []


def test_a_library_restored_from_a_backup_mirrors_again(
    home: Home, store: ObjectStore, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home, mirror=False)
    recording = run.record(SOURCE, limit_ms=2_000, title="old name")
    run.engine.stop()
    kept = home.database.read_bytes()
    sync(home)
    run = Run(home, mirror=False)
    for number in range(30):
        run.engine.rename(recording.id, f"name {number}").result(10)
    run.engine.sync_backend().result(60)
    run.engine.stop()
    home.database.write_bytes(kept)
    sync(home)
    assert postgres.ask("SELECT title FROM skiuo.recordings", database_name) == [("old name",)]
    assert differences(home, store, postgres, database_name) == []


def test_an_object_that_somebody_removed_is_sent_again(
    home: Home, store: ObjectStore, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home, mirror=False)
    run.record(SOURCE, limit_ms=2_000)
    run.engine.sync_backend().result(60)
    (key,) = [stored.key for stored in store.list("recordings/") if stored.key.endswith(".webm")]
    store.delete([key])
    run.engine.sync_backend().result(60)
    run.engine.stop()
    assert differences(home, store, postgres, database_name) == []


def test_nothing_is_sent_while_paused_or_metered(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    keys_in(configure(home, store, "", paused=True), monkeypatch)
    run = Run(home)
    run.record(SOURCE, limit_ms=2_000)
    assert run.engine.backend_status().result(10).paused == "setting"
    with pytest.raises(UsageError, match="paused"):
        run.engine.sync_backend().result(20)
    run.engine.set_metered(True)
    run.engine.settings.set(s.BACKEND_PAUSED, False)
    assert run.engine.backend_status().result(10).paused == "metered"
    assert list(store.list("")) == []
    run.engine.set_metered(False)
    run.until(lambda: run.engine.backend_status().result(10).pending_objects == 0, "the objects to arrive")
    run.engine.stop()
    assert len(list(store.list(""))) == 2


def test_two_programs_on_one_library_mirror_it_once(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    keys_in(configure(home, store, ""), monkeypatch)
    first = Run(home)
    first.until(lambda: first.engine.backend_status().result(10).paused == "", "the first to begin")
    second = Run(home, backlog=False)
    second.until(lambda: second.engine.backend_status().result(10).paused == "elsewhere", "the second to stand back")
    second.record(SOURCE, limit_ms=2_000)
    assert second.engine.sync_backend().result(60).pending_objects == 0
    first.engine.stop()
    second.until(lambda: second.engine.backend_status().result(10).paused == "", "the second to take over")
    second.engine.stop()
    assert len(list(store.list(""))) == 2


def test_without_a_backend_there_is_nothing_to_sync(home: Home) -> None:
    run = Run(home)
    assert not run.engine.backend_status().result(10).configured
    with pytest.raises(UsageError, match="backend set"):
        run.engine.sync_backend().result(20)
    run.engine.stop()
