"""Servers whose disks are really full: recording goes on, the status tells which server it is, and with room again the end is the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from support.mirrored import configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.postgres import wheel_server
from support.running import Run
from support.services import Minio, Server, Store, Versitygw, program, wait_until
from support.small_disk import SmallDisk, small_disk

from skiuo_desktop import settings as s
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadState
from skiuo_desktop.model import BackendStatus, BackendTrouble, Recording, RecordingState

MB = 1 << 20
LARGE = 20 * MB
"""Bytes of the large recording: three parts of a multipart upload."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture(params=[Minio, Versitygw], ids=["minio", "versitygw"])
def full_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, SmallDisk]]:
    kind: type[Server] = request.param
    if program(kind.name) is None:
        pytest.skip(f"needs {kind.name}; not run: a full {kind.name}")
    folder = tmp_path / kind.name
    with small_disk(folder / "data", 96 * MB, f"a full {kind.name}") as disk, kind(folder) as server:
        yield server, disk


def _told(run: Run, host: str) -> BackendStatus:
    """The status once it tells that this server is full."""
    run.until(lambda: run.engine.backend_status().result(10).trouble is BackendTrouble.FULL, "the full server to be told")
    status = run.engine.backend_status().result(10)
    assert status.server == host
    assert status.last_error.startswith(f"{host} has no more space.")
    return status


def _arrives(home: Home) -> None:
    run = Run(home, mirror=False, analyse=False)
    try:
        run.engine.sync_backend().result(120)
    finally:
        run.engine.stop()


def _has_room(home: Home) -> bool:
    """Whether all arrived. MinIO looks at its disk once a second, and refuses until then."""
    try:
        _arrives(home)
    except BackendError as error:
        assert error.trouble is BackendTrouble.FULL
        return False
    return True


def _add_large(home: Home) -> None:
    path = home.recordings / "large.webm"
    path.write_bytes(b"".join(bytes([part]) * MB for part in range(LARGE // MB)))
    with Library.open(home) as library:
        library.add_recording(
            Recording(
                id=library.new_recording_id(), device_id=library.device_id, title="large", path=str(path), source="test:", source_label="Test pattern",
                started_at=library.summaries(1)[0].started_at, state=RecordingState.FINISHED, window_length_ms=15_000, window_stride_ms=10_000,
                models=("offline",), duration_ms=600_000, bytes=LARGE,
            )
        )  # fmt: skip


def test_recording_goes_on_while_the_store_is_full(
    full_store: tuple[Server, SmallDisk], home: Home, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, disk = full_store
    store = made_store(server)
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    disk.fill()
    run = Run(home)
    recording = run.record("test:160x90@10", limit_ms=2_000)
    assert (recording.state, Path(recording.path).stat().st_size) == (RecordingState.FINISHED, recording.bytes)
    assert _told(run, server.host).pending_objects > 0
    disk.clear()
    run.engine.settings.set(s.BACKEND_LIMIT, 0)  # a change of a setting has it tried again at once
    run.until(lambda: run.engine.backend_status().result(10).pending_objects == 0, "the objects to arrive by themselves")
    run.engine.stop()
    _arrives(home)
    assert differences(home, store, postgres, database_name) == []
    store.close()


def test_a_store_that_fills_up_in_the_middle_of_a_large_file(
    full_store: tuple[Server, SmallDisk], home: Home, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, disk = full_store
    store = made_store(server)
    keys_in(configure(home, store, postgres.dsn(database_name)), monkeypatch)
    run = Run(home, mirror=False)
    run.record("test:160x90@10", limit_ms=2_000)
    run.engine.stop()
    _arrives(home)
    _add_large(home)
    disk.fill(leave=13 * MB)
    with pytest.raises(BackendError) as told:
        _arrives(home)
    assert told.value.trouble is BackendTrouble.FULL
    with Library.open(home) as library:
        (job,) = [job for job in library.uploads(UploadState.SENDING) if job.bytes == LARGE]
    assert job.upload_id, "it was not in the middle of the file"
    disk.clear()
    wait_until(lambda: _has_room(home), "the server to see the room")
    assert differences(home, store, postgres, database_name) == []
    for stored in store.list(""):
        assert list(store.unfinished(stored.key)) == []  # MinIO finds them by a whole key only
    store.close()


@pytest.fixture
def full_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, SmallDisk]]:
    with contextlib.ExitStack() as stack:
        disks: list[SmallDisk] = []

        def mounted(data: Path) -> None:
            disks.append(stack.enter_context(small_disk(data, 256 * MB, "a full PostgreSQL")))

        server = wheel_server(mounted)
        stack.callback(server.remove)
        yield server, disks[0]


def test_recording_goes_on_while_postgresql_is_full(
    full_postgres: tuple[Postgres, SmallDisk],
    home: Home,
    object_server: Store,
    opened: Callable[..., ObjectStore],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    postgres, disk = full_postgres
    store = opened(object_server)
    keys_in(configure(home, store, postgres.dsn()), monkeypatch)
    _arrives(home)
    _until_tables_cannot_grow(postgres, disk)
    run = Run(home)
    recording = run.record("test:160x90@10", limit_ms=2_000)
    assert recording.state is RecordingState.FINISHED
    assert _told(run, f"127.0.0.1:{postgres.port}").pending_rows > 0
    run.engine.stop()
    disk.clear()
    _arrives(home)
    assert differences(home, store, postgres, "postgres") == []


def _until_tables_cannot_grow(postgres: Postgres, disk: SmallDisk) -> None:
    """Takes the room, and shows that the server means what is tested here."""
    disk.fill()
    with pytest.raises(psycopg.errors.DiskFull):
        postgres.ask("CREATE TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)")


def test_postgresql_that_cannot_write_its_log_stops_and_goes_on_afterwards(
    full_postgres: tuple[Postgres, SmallDisk],
    home: Home,
    object_server: Store,
    opened: Callable[..., ObjectStore],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    postgres, disk = full_postgres
    store = opened(object_server)
    keys_in(configure(home, store, postgres.dsn()), monkeypatch)
    _arrives(home)
    disk.fill()
    with pytest.raises(psycopg.OperationalError):
        for _ in range(100):  # the next file of the log does not fit: PANIC
            postgres.ask("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000000))")
    run = Run(home)
    assert run.record("test:160x90@10", limit_ms=2_000).state is RecordingState.FINISHED
    run.until(lambda: run.engine.backend_status().result(10).trouble is not None, "the trouble to be told")
    status = run.engine.backend_status().result(10)
    assert status.server == f"127.0.0.1:{postgres.port}"
    assert status.trouble in (BackendTrouble.UNREACHABLE, BackendTrouble.BUSY, BackendTrouble.FULL)
    run.engine.stop()
    disk.clear()
    postgres.stop()
    postgres.start()
    _arrives(home)
    assert differences(home, store, postgres, "postgres") == []
