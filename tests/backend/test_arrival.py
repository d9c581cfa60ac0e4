"""What arrives at a store is what was sent: by the SHA-256 that is signed, by Content-MD5, by the ETag; against two different servers."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from backend.store_parts import KEY, content, metadata_for, sha256
from minio.sseconfig import Rule, SSEConfig
from support.certificates import Certificate, certificate
from support.services import Minio, Store

from skiuo_desktop.backend import arrival
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble

Opened = Callable[..., ObjectStore]
DATA = content(200_000)
OTHER_KEY = "recordings/d/r/other.webm"


def put(store: ObjectStore, key: str = KEY) -> Any:
    return store.put(key, DATA, "video/webm", metadata_for(DATA))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.webm"
    path.write_bytes(content(9 << 20))
    return path


def damage(store: ObjectStore, change: Callable[[dict[str, str], bytes], None] = lambda _headers, _data: None) -> list[dict[str, str]]:
    """From now on the last byte of every body is another one when it leaves. `change` is given its headers and what leaves. Returns the headers that left."""
    real, seen = store._client._put_object, list[dict[str, str]]()

    def damaged(bucket: str, key: str, data: bytes, headers: dict[str, str], *more: Any) -> Any:
        data = data[:-1] + bytes([data[-1] ^ 1])
        change(headers, data)
        seen.append(headers)
        return real(bucket, key, data, headers, *more)

    store._client._put_object = damaged  # type: ignore[assignment,method-assign]
    return seen


def assert_refused(store: ObjectStore, large: Path) -> None:
    for call in (lambda: put(store), lambda: store.send_file(KEY, large, "video/webm", {})):
        with pytest.raises(BackendError) as told:
            call()
        assert told.value.trouble is BackendTrouble.DIFFERENT
    assert store.stat(KEY) is None


def signed_anew(headers: dict[str, str], data: bytes) -> None:
    headers["x-amz-content-sha256"] = sha256(data)


def test_a_body_that_is_not_what_was_signed_is_refused(strict_server: Store, opened: Opened, large: Path) -> None:
    """By servers that are known to look: MD5 is not asked for."""
    store = opened(strict_server)
    put(store, OTHER_KEY)
    seen = damage(store)
    assert_refused(store, large)
    assert len(seen) == 2
    assert all("Content-MD5" not in headers for headers in seen)


def test_a_body_that_is_not_what_its_md5_says_is_refused(strict_server: Store, opened: Opened, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By servers that nobody knows, if they look at either."""
    monkeypatch.setattr(arrival, "CHECKING", frozenset())
    store = opened(strict_server)
    put(store, OTHER_KEY)
    damage(store, signed_anew)
    assert_refused(store, large)


def test_a_body_that_nobody_looked_at_is_noticed_by_its_etag(object_server: Store, opened: Opened, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "CHECKING", frozenset())
    store = opened(object_server)

    def unlooked_at(headers: dict[str, str], data: bytes) -> None:
        signed_anew(headers, data)
        del headers["Content-MD5"]

    damage(store, unlooked_at)
    assert_refused(store, large)
    assert store.unfinished(KEY) == []


def test_another_server_behind_the_same_address_is_noticed(strict_server: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one before was known to look; it is the one that answers that counts."""
    store = opened(strict_server)
    put(store, OTHER_KEY)
    monkeypatch.setattr(arrival, "CHECKING", frozenset())
    damage(store, signed_anew)
    with pytest.raises(BackendError) as told:
        put(store)
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert store.stat(KEY) is None


def test_a_wrong_word_of_the_caller_is_refused(strict_store: ObjectStore) -> None:
    with pytest.raises(BackendError) as told:
        strict_store.put(KEY, b"one", "video/webm", metadata_for(b"another"))
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert strict_store.stat(KEY) is None


class Encrypting(Minio):
    """With a key for server-side encryption, built in."""

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "MINIO_KMS_SECRET_KEY": f"users:{base64.b64encode(bytes(32)).decode()}"}


def test_a_store_that_encrypts_with_a_key_of_its_user(
    minio_server: Minio, opened: Opened, tmp_path: Path, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ETags look like MD5 and are none. Over TLS, where the body is signed all the same."""
    tls: Certificate = certificate(tmp_path / "tls")
    with Encrypting(tmp_path / "server", tls=tls) as server:
        store = opened(server)
        store._client.set_bucket_encryption(store.address.bucket, SSEConfig(Rule.new_sse_kms_rule("users")))
        for known in (arrival.CHECKING, frozenset[str]()):
            monkeypatch.setattr(arrival, "CHECKING", known)
            for _ in range(2):
                put(store)
                assert store.read(KEY) == DATA
            store.send_file(KEY, large, "video/webm", {})
            assert store.read(KEY) == large.read_bytes()
            store.delete([KEY])
        monkeypatch.undo()
        put(store, OTHER_KEY)
        damage(store)
        assert_refused(store, large)
        store.close()


def test_the_etag_of_a_body() -> None:
    assert arrival.same_etag('"abc"', "0" * 32)
    assert arrival.same_etag(f'"{"A" * 32}-2"', f"{'a' * 32}-2")
    assert not arrival.same_etag("a" * 32, "b" * 32)
    assert not arrival.same_etag("a" * 32, "b" * 32, {"x-amz-server-side-encryption": "AES256"})
    assert arrival.same_etag("a" * 32, "b" * 32, {"x-amz-server-side-encryption": "aws:kms"})


def test_an_empty_object(each_server: Store, opened: Opened) -> None:
    store = opened(each_server)
    for _ in range(2):
        store.put(KEY, b"", "video/webm", {})
        assert store.read(KEY) == b""
