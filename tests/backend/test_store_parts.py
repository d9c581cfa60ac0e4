"""Large files go in parts, and go on where they were interrupted; against two servers that were written by different people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backend.store_parts import KEY, PART, film, metadata_for, sha256
from support.proxy import Proxy
from support.services import Minio, Store
from urllib3.exceptions import ProtocolError

from skiuo_desktop.backend import multipart
from skiuo_desktop.backend.multipart import MOST_PARTS, part_size
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.throttle import MOST_FREE_PIECE
from skiuo_desktop.errors import BackendError, Cancelled
from skiuo_desktop.model import BackendTrouble

Opened = Callable[..., ObjectStore]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest that S3 allows."""
    monkeypatch.setattr(multipart, "LEAST_PART", PART)


class Journal:
    """What the mirror writes down: the upload that was begun. Stops where it is told."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.ids: list[str] = []
        self.seen: list[int] = []
        self.stop_at = stop_at

    def stop(self) -> bool:
        return self.stop_at is not None and bool(self.seen) and self.seen[-1] >= self.stop_at

    def send(self, store: ObjectStore, path: Path, data: bytes, **more: Any) -> Any:
        upload_id = self.ids[-1] if self.ids else ""
        return store.send_file(
            KEY,
            path,
            "video/webm",
            metadata_for(data),
            **{"upload_id": upload_id, "on_upload_id": self.ids.append, "on_progress": self.seen.append, "stop": self.stop, **more},
        )


def begun(store: ObjectStore, path: Path, data: bytes, parts: float = 1.2) -> Journal:
    """An upload that was stopped after so many parts."""
    journal = Journal(int(parts * PART))
    with pytest.raises(Cancelled):
        journal.send(store, path, data)
    journal.stop_at = None
    return journal


def assert_there(store: ObjectStore, data: bytes) -> None:
    found = store.stat(KEY)
    assert found is not None
    assert (found.bytes, found.sha256) == (len(data), sha256(data))
    assert store.read(KEY) == data
    assert store.unfinished(KEY) == []


def test_a_large_file_is_sent_in_parts_and_read_back(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    journal = Journal()
    stored = journal.send(store, path, data)
    assert stored.etag.endswith("-2")
    assert (stored.bytes, stored.sha256) == (len(data), sha256(data))
    assert len(journal.ids) == 1
    assert journal.seen == sorted(journal.seen)
    assert journal.seen[-1] == len(data)
    assert len(journal.seen) > 8
    assert_there(store, data)


def test_a_small_file_is_one_request(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path, 0.1)
    journal = Journal()
    assert "-" not in journal.send(store, path, data).etag
    assert journal.ids == []
    assert_there(store, data)


def test_what_arrived_is_not_sent_again(each_server: Store, wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    bucket = each_server.new_bucket()
    path, data = film(tmp_path, 3.5)
    journal = begun(opened(each_server, bucket, endpoint=wire.endpoint), path, data, 2.5)
    store = opened(each_server, bucket, endpoint=wire.endpoint)
    journal.seen.clear()
    journal.send(store, path, data)
    assert len(journal.ids) == 1
    # What had left of the part that was stopped, and the rest: the whole film, half a part and a piece.
    assert 3.5 * PART <= wire.sent < 4 * PART + MOST_FREE_PIECE
    assert journal.seen[0] == PART
    assert_there(store, data)


def test_a_part_with_another_content_is_sent_again(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    other, _ = film(tmp_path, seed=2)
    journal = begun(store, other, data)
    journal.send(store, path, data)
    assert_there(store, data)


def test_a_part_that_is_damaged_on_the_wire_is_refused_and_only_it_is_sent_again(strict_server: Store, wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    store = opened(strict_server, endpoint=wire.endpoint)
    path, data = film(tmp_path)
    journal = begun(store, path, data)
    wire.settle()
    wire.corrupt = 1
    with pytest.raises(BackendError) as told:
        journal.send(store, path, data)
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert store.stat(KEY) is None
    wire.settle()
    before = wire.sent
    journal.send(store, path, data)
    assert wire.sent - before < 0.5 * PART + 100_000
    assert_there(store, data)


def test_an_upload_goes_on_after_the_server_was_killed(minio_server: Minio, opened: Opened, tmp_path: Path) -> None:
    """MinIO itself: others keep parts elsewhere, moto forgets them."""
    path, data = film(tmp_path, 3.5)
    with Minio(tmp_path / "own") as server:
        bucket = server.new_bucket()
        store = opened(server, bucket)
        journal = Journal()

        def kill(done: int) -> None:
            journal.seen.append(done)
            if done >= 2.5 * PART and server.log.exists() and not killed:
                killed.append(True)
                server.kill()

        killed: list[bool] = []
        with pytest.raises(BackendError) as told:
            journal.send(store, path, data, on_progress=kill)
        assert told.value.trouble is BackendTrouble.UNREACHABLE
        server.start()
        with Proxy(server.port) as wire:
            store = opened(server, bucket, endpoint=wire.endpoint)
            journal.send(store, path, data)
            assert wire.sent < 2 * PART
            assert len(journal.ids) == 1
            assert_there(store, data)


def test_the_upload_is_written_down_before_the_first_part_leaves(each_server: Store, wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    store = opened(each_server, endpoint=wire.endpoint)
    path, data = film(tmp_path)

    def killed(_upload_id: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Journal().send(store, path, data, on_upload_id=killed)
    assert wire.sent < 100_000
    # The program ended in between, so nobody knows of that upload: it is given up when the file is sent anew.
    assert len(store.unfinished(KEY)) == 1
    Journal().send(store, path, data)
    assert_there(store, data)


def test_an_upload_that_the_server_lost_is_begun_anew(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    journal = begun(store, path, data)
    store.abandon(KEY, journal.ids[0])
    journal.send(store, path, data)
    assert len(set(journal.ids)) == 2
    assert_there(store, data)


def test_an_upload_that_the_server_loses_meanwhile_is_begun_anew(strict_store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    journal = Journal()

    def lose(done: int) -> None:
        journal.seen.append(done)
        if done == PART and len(journal.ids) == 1:
            strict_store.abandon(KEY, journal.ids[0])

    journal.send(strict_store, path, data, on_progress=lose)
    assert len(set(journal.ids)) == 2
    assert_there(strict_store, data)


def test_an_upload_whose_end_was_not_heard_is_found_complete(strict_server: Store, wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    """Nothing is sent again, and the object is not written a second time."""
    bucket = strict_server.new_bucket()
    store = opened(strict_server, bucket, endpoint=wire.endpoint)
    path, data = film(tmp_path)
    journal = Journal()
    real = store._client._complete_multipart_upload

    def unheard(*words: Any, **more: Any) -> Any:
        real(*words, **more)
        raise ProtocolError("Connection aborted.", ConnectionResetError())

    store._client._complete_multipart_upload = unheard  # type: ignore[method-assign]
    with pytest.raises(BackendError) as told:
        journal.send(store, path, data)
    assert told.value.trouble is BackendTrouble.UNREACHABLE
    first, before = opened(strict_server, bucket).stat(KEY), wire.sent
    assert first is not None
    stored = journal.send(store, path, data)
    assert (stored.etag, stored.sha256) == (first.etag, sha256(data))
    assert wire.sent - before < 10_000
    assert store.stat(KEY) == first
    assert len(journal.ids) == 1
    assert_there(store, data)


def test_a_file_that_is_not_what_was_planned_becomes_no_object(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    journal = Journal()
    with pytest.raises(BackendError) as told:
        journal.send(store, path, data[:-1])
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert journal.ids[-1] == ""
    assert store.stat(KEY) is None
    assert store.unfinished(KEY) == []


def test_a_file_that_cannot_be_read_is_no_trouble_of_the_server(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.send_file(KEY, tmp_path / "gone.webm", "video/webm", {})


def test_an_object_that_is_put_together_wrongly_does_not_stay(store: ObjectStore, tmp_path: Path) -> None:
    path, data = film(tmp_path)
    real = store._client._complete_multipart_upload
    store._client._complete_multipart_upload = lambda bucket, key, upload_id, parts: real(bucket, key, upload_id, parts[:-1])  # type: ignore[method-assign,misc]
    with pytest.raises(BackendError) as told:
        Journal().send(store, path, data)
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert store.stat(KEY) is None


@pytest.mark.parametrize("size", [0, 1, PART, PART * MOST_PARTS, PART * MOST_PARTS + 1, 1 << 40, 5 << 40])
def test_no_file_has_too_many_parts(size: int) -> None:
    part = part_size(size)
    assert part >= PART
    assert -(-size // part) <= MOST_PARTS
    assert part % (1 << 20) == 0
