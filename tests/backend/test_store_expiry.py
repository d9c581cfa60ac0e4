"""MinIO carries the lifecycle rule out, and the mirror follows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.mirrored import configure, differences, keys_in
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Minio, program, wait_until

from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.home import Home

DAYS = 7


class QuickScanner(Minio):
    """It looks for what is over every second, and not every minute."""

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "MINIO_SCANNER_SPEED": "fastest"}


@pytest.fixture
def scanning(tmp_path: Path) -> Iterator[Minio]:
    if program("minio") is None:
        pytest.skip("needs MinIO itself; not run: a lifecycle rule that is carried out")
    with QuickScanner(tmp_path / "minio") as server:
        yield server


def age(store: ObjectStore, key: str, when: datetime) -> None:
    """The same object as if stored then: MinIO takes the time from a header (cmd/object-api-options.go)."""
    there = store.stat(key)
    assert there is not None
    headers = {f"x-amz-meta-{name}": value for name, value in there.metadata.items()}
    headers |= {"Content-Type": there.content_type, "x-minio-source-mtime": when.isoformat().replace("+00:00", "Z")}
    store._client._put_object(store.address.bucket, key, store.read(key), headers)
    aged = store.stat(key)
    assert aged is not None and aged.modified is not None and abs(aged.modified - when) < timedelta(seconds=2)


def test_what_is_over_goes_and_loses_its_row(
    scanning: Minio,
    tmp_path: Path,
    opened: Callable[..., ObjectStore],
    postgres: Postgres,
    database_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = opened(scanning)
    home = Home(tmp_path / "home").prepare()
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home, mirror=False)
    old, young = (run.record("test:160x90@10", limit_ms=2_000, title=title) for title in ("old", "young"))
    run.engine.sync_backend().result(60)
    run.engine.stop()
    keys = {stored.key for stored in store.list("recordings/")}
    over = {key for key in keys if f"/{old.id}/" in key}
    assert over and over < keys
    then = datetime.now(UTC) - timedelta(days=DAYS + 2)
    for key in over:
        age(store, key, then)
        with sqlite3.connect(home.database) as library:
            library.execute("UPDATE objects SET stored_at = ? WHERE key = ?", (then.replace(tzinfo=None).isoformat(" "), key))
        library.close()
    store.set_lifecycle(DAYS)
    # Nothing of this program runs meanwhile: MinIO removes them by itself.
    wait_until(lambda: {stored.key for stored in store.list("recordings/")} == keys - over, "MinIO to remove what is over", 180)
    run = Run(home, mirror=False)
    run.engine.sync_backend().result(60)
    run.engine.stop()
    assert differences(home, store, postgres, database_name) == [f"no recording object of {old.id}"]
    assert {stored.key for stored in store.list("recordings/")} == keys - over
    assert {key for (key,) in postgres.ask("SELECT key FROM skiuo.objects", database_name)} == {stored.key for stored in store.list("")}
    assert young.id in "".join(keys - over)
