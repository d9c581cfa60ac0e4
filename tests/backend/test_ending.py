"""A program that ends while a server hangs does not wait for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.mirrored import configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.proxy import Proxy
from support.running import Run
from support.services import Store

from skiuo_desktop.engine import workers
from skiuo_desktop.home import Home


@pytest.mark.parametrize("hanging", ["store", "database"])
def test_the_program_ends_while_a_server_hangs(
    hanging: str, tmp_path: Path, object_server: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, store = Home(tmp_path / "home").prepare(), made_store(object_server)
    with Proxy(int(store.address.endpoint.rpartition(":")[2])) as store_wire, Proxy(postgres.port) as database_wire:
        dsn = postgres.dsn(database_name).replace(str(postgres.port), str(database_wire.port))
        keys_in(configure(home, store, dsn, endpoint=store_wire.endpoint), monkeypatch)
        wire = store_wire if hanging == "store" else database_wire
        run = Run(home)
        run.until(lambda: wire.connections, "the first connection")
        wire.hang = True
        run.record("test:160x90@10", limit_ms=1_000)
        run.engine.sync_backend()
        run.until(run.engine._mirror._halves_at_work["objects" if hanging == "store" else "rows"].locked, "something to hang")
        began = time.monotonic()
        run.engine.stop()
        assert time.monotonic() - began < 8 * workers.GRACE_S, "the end waits for the server"
        wire.hang = False
        run = Run(home, analyse=False, mirror=False)
        run.engine.sync_backend().result(120)
        run.engine.stop()
    assert differences(home, store, postgres, database_name) == []
    store.close()
