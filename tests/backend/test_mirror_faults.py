"""Faults on the wire and in the servers while the mirror works: it says what is wrong, and the end is always the same."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.mirrored import SECRET_ENV, configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.proxy import Proxy
from support.running import Run
from support.services import Minio, Store

from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.events import BackendChanged
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import Batch
from skiuo_desktop.library.objects import UploadState
from skiuo_desktop.model import BackendTrouble, Recording, RecordingState, Span

PARTS = 20 << 20
"""Bytes of the large recording: three parts of a multipart upload."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A library with a small recording, a large one, windows, texts and tags. Only the small one's file is a video."""
    home = Home(tmp_path_factory.mktemp("filled") / "home").prepare()
    run = Run(home, mirror=False)
    run.record("test:160x90@10", limit_ms=2_000, title="small")
    run.engine.stop()
    with Library.open(home) as library:
        small = library.recording(library.resolve("small"))
        path = home.recordings / "large.webm"
        path.write_bytes(b"".join(bytes([part]) * (1 << 20) for part in range(PARTS >> 20)))
        large = Recording(
            id=library.new_recording_id(), device_id=library.device_id, title="large", path=str(path), source="test:", source_label="Test pattern",
            started_at=small.started_at, state=RecordingState.FINISHED, window_length_ms=15_000, window_stride_ms=10_000, models=("offline",),
            duration_ms=600_000, bytes=PARTS,
        )  # fmt: skip
        library.add_recording(large)
        library.add_windows(large.id, [Span(at, at + 15_000) for at in range(0, 300_000, 1_000)], ("offline",), "en")
        while (claimed := library.claim()) is not None:
            library.finish(claimed.id, text=f"Text of window {claimed.window_index}")
        library.set_tags(large.id, ["one", "two"])
    return home


@dataclass
class Bench:
    """A home of the test's own, with wires to both servers."""

    home: Home
    store: ObjectStore
    postgres: Postgres
    database_name: str
    store_wire: Proxy
    database_wire: Proxy
    said: set[BackendTrouble | None] = field(default_factory=set)
    """The troubles that the last `sync` told of on its way."""

    def sync(self) -> BackendError | None:
        """As `skiuo backend sync --once`; what kept it from the end."""
        run = Run(self.home, mirror=False, analyse=False)
        self.said = set()
        try:
            run.engine.sync_backend().result(120)
        except BackendError as error:
            status = run.engine.backend_status().result(20)
            assert (status.last_error, status.trouble) == (str(error), error.trouble), "the status says something else"
            return error
        finally:
            run.engine.stop()
            self.said = {event.status.trouble for event in run.events if isinstance(event, BackendChanged)} - {None}
        return None

    def differences(self) -> list[str]:
        return differences(self.home, self.store, self.postgres, self.database_name)


@pytest.fixture
def bench(filled: Home, tmp_path: Path, object_server: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    home = Home(tmp_path / "home")
    shutil.copytree(filled.root, home.root)
    store = made_store(object_server)
    with Proxy(int(store.address.endpoint.rpartition(":")[2])) as store_wire, Proxy(postgres.port) as database_wire:
        dsn = postgres.dsn(database_name).replace(str(postgres.port), str(database_wire.port))
        keys_in(configure(home, store, dsn, endpoint=store_wire.endpoint), monkeypatch)
        yield Bench(home, store, postgres, database_name, store_wire, database_wire)
    store.close()


def _none(_bench: Bench) -> None: ...


def _slow(bench: Bench) -> None:
    bench.store_wire.delay_s = bench.database_wire.delay_s = 0.02


def _throttled(bench: Bench) -> None:
    bench.store_wire.rate = 15 << 20


def _busy(bench: Bench) -> None:
    bench.store_wire.answer_503 = 3


def _cut_in_a_body(bench: Bench) -> None:
    bench.store_wire.cut_after = 12 << 20


def _cut_in_a_batch(bench: Bench) -> None:
    bench.database_wire.cut_after = 60_000


def _cut_before_the_commit_is_answered(bench: Bench) -> None:
    bench.database_wire.cut_answers_after = 2_500


def _changed_on_the_way(bench: Bench) -> None:
    bench.store_wire.corrupt = 2


def _refused(bench: Bench) -> None:
    bench.store_wire.refuse = bench.database_wire.refuse = True


UNREACHABLE, BUSY, DIFFERENT = BackendTrouble.UNREACHABLE, BackendTrouble.BUSY, BackendTrouble.DIFFERENT
FAULTS: list[tuple[Callable[[Bench], None], BackendTrouble | None]] = [
    (_none, None),
    (_slow, None),
    (_throttled, None),
    (_busy, BUSY),
    (_cut_in_a_body, UNREACHABLE),
    (_cut_in_a_batch, UNREACHABLE),
    (_cut_before_the_commit_is_answered, UNREACHABLE),
    (_changed_on_the_way, DIFFERENT),
    (_refused, UNREACHABLE),
]


@pytest.mark.parametrize(("fault", "trouble"), FAULTS, ids=[fault.__name__.strip("_") for fault, _ in FAULTS])
def test_a_fault_is_told_and_the_end_is_the_same(bench: Bench, fault: Callable[[Bench], None], trouble: BackendTrouble | None) -> None:
    fault(bench)
    bench.sync()  # it may get over the fault by itself
    assert bench.said == ({trouble} if trouble is not None else set())
    wire = bench.store_wire
    wire.refuse = bench.database_wire.refuse = False
    wire.delay_s = bench.database_wire.delay_s = wire.rate = wire.answer_503 = wire.corrupt = 0
    wire.cut_after = bench.database_wire.cut_after = bench.database_wire.cut_answers_after = None
    assert bench.sync() is None
    assert bench.differences() == []


def test_keys_that_expired_are_said_and_new_ones_go_on(bench: Bench, object_server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if object_server.name == "moto":
        pytest.skip("needs MinIO itself: moto does not check keys")
    monkeypatch.setenv(SECRET_ENV, "expired-and-wrong")
    error = bench.sync()
    assert error is not None and error.trouble is BackendTrouble.DENIED
    assert "expired-and-wrong" not in str(error) + error.detail
    monkeypatch.setenv(SECRET_ENV, bench.store.address.secret_key)
    assert bench.sync() is None
    assert bench.differences() == []


def test_postgresql_is_restarted_in_the_middle_of_a_batch(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    push, calls = Database.push, [0]

    def restarting(self: Database, batch: Batch) -> int:
        calls[0] += 1
        if calls[0] == 2:
            bench.postgres.restart(signal.SIGQUIT)
        return push(self, batch)

    monkeypatch.setattr(Database, "push", restarting)
    error = bench.sync()
    assert error is None or error.trouble in (UNREACHABLE, BUSY)
    assert bench.sync() is None
    assert calls[0] > 2
    assert bench.differences() == []


def test_minio_is_restarted_in_the_middle_of_a_large_file(bench: Bench, object_server: Store) -> None:
    if not isinstance(object_server, Minio):
        pytest.skip("needs MinIO itself: it is killed and started again")
    bench.store_wire.cut_after = 13 << 20
    error = bench.sync()
    assert error is not None and error.trouble is UNREACHABLE
    with Library.open(bench.home) as library:
        (job,) = [job for job in library.uploads(UploadState.SENDING) if job.bytes == PARTS]
        assert job.upload_id
    object_server.kill()
    error = bench.sync()
    assert error is not None and error.trouble is UNREACHABLE
    object_server.restart()
    before = bench.store_wire.sent
    assert bench.sync() is None
    assert bench.store_wire.sent - before < PARTS - (7 << 20), "a part that was there already was sent again"
    assert bench.differences() == []
