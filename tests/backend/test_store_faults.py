"""What can go wrong between this computer and an object store: each says what it is, leaves nothing half, and tells no secret."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import minio.time
import pytest
from backend.store_parts import KEY, content, metadata_for, sha256
from support.certificates import Certificate, certificate
from support.proxy import Proxy
from support.services import Minio, Store, free_port

from skiuo_desktop.backend import store_errors
from skiuo_desktop.backend.address import StoreAddress
from skiuo_desktop.backend.download import partial_of
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.model import BackendTrouble

Opened = Callable[..., ObjectStore]
DATA = content(400_000)


def trouble_of(call: Callable[[], Any]) -> BackendTrouble:
    """What the call fails with; its texts name the server and no secret."""
    with pytest.raises(BackendError) as told:
        call()
    error = told.value
    assert error.server
    assert error.server in str(error)
    for text in (str(error), error.detail):
        assert "secret" not in text
        assert "\n" not in text
        assert len(text) < 500
    return error.trouble


def put(store: ObjectStore) -> Any:
    return store.put(KEY, DATA, "video/webm", metadata_for(DATA))


def test_a_busy_server(object_server: Store, object_wire: Proxy, opened: Opened) -> None:
    store = opened(object_server, endpoint=object_wire.endpoint)
    for call in (lambda: put(store), lambda: store.stat(KEY), lambda: list(store.list(""))):
        object_wire.answer_503 = 1
        requests = object_wire.requests
        assert trouble_of(call) is BackendTrouble.BUSY
        assert object_wire.requests == requests + 1  # not asked again by itself
    put(store)
    assert store.read(KEY) == DATA


def test_a_connection_that_is_reset_within_a_body(object_server: Store, object_wire: Proxy, opened: Opened) -> None:
    store = opened(object_server, endpoint=object_wire.endpoint)
    object_wire.cut_after = 200_000
    assert trouble_of(lambda: put(store)) is BackendTrouble.UNREACHABLE
    assert store.stat(KEY) is None
    put(store)
    object_wire.cut_answers_after = 100_000
    assert trouble_of(lambda: store.read(KEY)) is BackendTrouble.UNREACHABLE
    assert store.read(KEY) == DATA


def test_a_download_goes_on_where_it_was_cut(object_server: Store, object_wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    store, target = opened(object_server, endpoint=object_wire.endpoint), tmp_path / "film.webm"
    data = content(1_500_000)
    store.put(KEY, data, "video/webm", metadata_for(data))
    object_wire.cut_answers_after = 1_000_000
    assert trouble_of(lambda: store.fetch(KEY, target)) is BackendTrouble.UNREACHABLE
    assert not target.exists()
    there = partial_of(target, KEY, sha256(data)).stat().st_size
    assert there >= 500_000
    object_wire.settle()
    before = object_wire.received
    store.fetch(KEY, target)
    assert object_wire.received - before < len(data) - there + 20_000
    assert target.read_bytes() == data


def test_a_download_that_is_damaged_on_the_wire(object_server: Store, object_wire: Proxy, opened: Opened, tmp_path: Path) -> None:
    store, target = opened(object_server, endpoint=object_wire.endpoint), tmp_path / "film.webm"
    put(store)
    object_wire.corrupt_answers = 1
    assert trouble_of(lambda: store.fetch(KEY, target)) is BackendTrouble.DIFFERENT
    store.fetch(KEY, target, expected_sha256=sha256(DATA))
    assert target.read_bytes() == DATA


def test_an_object_that_is_damaged_on_the_wire(strict_server: Store, wire: Proxy, opened: Opened) -> None:
    store = opened(strict_server, endpoint=wire.endpoint)
    wire.corrupt = 1
    assert trouble_of(lambda: put(store)) is BackendTrouble.DIFFERENT
    assert store.stat(KEY) is None
    put(store)
    assert store.read(KEY) == DATA


def test_a_server_that_falls_silent(object_server: Store, object_wire: Proxy, opened: Opened) -> None:
    bucket = object_server.new_bucket()
    store = opened(object_server, bucket, endpoint=object_wire.endpoint, timeout_s=0.5)
    object_wire.hang = True
    assert trouble_of(lambda: store.stat(KEY)) is BackendTrouble.UNREACHABLE
    object_wire.hang = False
    object_wire.settle()
    put(opened(object_server, bucket, endpoint=object_wire.endpoint))


def test_a_server_that_is_away_and_comes_back(object_server: Store, object_wire: Proxy, opened: Opened) -> None:
    store = opened(object_server, endpoint=object_wire.endpoint)
    object_wire.refuse = True
    assert trouble_of(lambda: put(store)) is BackendTrouble.UNREACHABLE
    assert trouble_of(store.exists) is BackendTrouble.UNREACHABLE
    assert trouble_of(store.create_bucket) is BackendTrouble.UNREACHABLE
    assert trouble_of(store.clock_skew_s) is BackendTrouble.UNREACHABLE
    object_wire.refuse = False
    put(store)


def test_a_name_that_nobody_has(opened: Opened, object_server: Store) -> None:
    store = opened(object_server, "skiuo", endpoint="https://store.invalid")
    assert trouble_of(lambda: store.stat(KEY)) is BackendTrouble.UNREACHABLE


def test_an_idle_connection_that_the_server_closed_is_no_trouble(object_server: Store, object_wire: Proxy, opened: Opened) -> None:
    store = opened(object_server, endpoint=object_wire.endpoint)
    for call in (lambda: put(store), lambda: store.read(KEY), lambda: store.delete([KEY])):
        call()
        object_wire.reset()
    assert object_wire.connections >= 3


@pytest.mark.parametrize("changes", [{"secret_key": "another-secret-key"}, {"access_key": "nobody-secret"}])
def test_keys_that_are_wrong(strict_server: Store, opened: Opened, changes: dict[str, str]) -> None:
    bucket = strict_server.new_bucket()
    store = opened(strict_server, bucket, **changes)
    assert trouble_of(lambda: put(store)) is BackendTrouble.DENIED
    assert trouble_of(lambda: list(store.list(""))) is BackendTrouble.DENIED
    assert trouble_of(store.exists) is BackendTrouble.DENIED
    assert trouble_of(lambda: store.delete([KEY])) is BackendTrouble.DENIED


def test_a_bucket_that_is_not_there(each_server: Store, opened: Opened, tmp_path: Path) -> None:
    store = opened(each_server, "not-there-at-all")
    assert trouble_of(lambda: put(store)) is BackendTrouble.MISSING
    assert trouble_of(lambda: list(store.list(""))) is BackendTrouble.MISSING
    assert trouble_of(lambda: store.read(KEY)) is BackendTrouble.MISSING
    assert trouble_of(lambda: store.delete([KEY])) is BackendTrouble.MISSING
    path = tmp_path / "large.webm"
    path.write_bytes(bytes(9 << 20))
    assert trouble_of(lambda: store.send_file(KEY, path, "video/webm", {})) is BackendTrouble.MISSING


def test_a_clock_that_is_wrong(strict_server: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(strict_server)
    real = minio.time.utcnow
    monkeypatch.setattr(minio.time, "utcnow", lambda: real() + timedelta(hours=2))
    monkeypatch.setattr(store_errors, "time", SimpleNamespace(time=lambda: time.time() + 7200))
    assert trouble_of(lambda: put(store)) is BackendTrouble.CLOCK
    assert trouble_of(lambda: store.stat(KEY)) is BackendTrouble.CLOCK  # the answer to HEAD says only that it is forbidden
    assert -7300 < store.clock_skew_s() < -7100


class _Stranger(http.server.BaseHTTPRequestHandler):
    """A web server that is no object store. `said`: its answer."""

    said: tuple[int, str, bytes] = (200, "text/html", b"")

    def _answer(self) -> None:
        status, kind, body = self.said
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def stranger(status: int, kind: str, body: bytes) -> Iterator[ObjectStore]:
    handler = type("Handler", (_Stranger,), {"said": (status, kind, body)})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    store = ObjectStore(
        StoreAddress(f"http://127.0.0.1:{server.server_port}", "skiuo", "my-secret-access", "my-secret", region="us-east-1", allow_http=("127.0.0.1",))
    )
    try:
        yield store
    finally:
        store.close()
        server.shutdown()
        server.server_close()
        thread.join()


PAGE = b"<html><body>Hello my-secret-access, welcome! my-secret</body></html>"


@pytest.mark.parametrize(
    ("status", "kind", "body", "trouble"),
    [
        (200, "text/html", PAGE, BackendTrouble.REFUSED),
        (200, "application/xml", b"<ListBucketResult><Name>x</Na", BackendTrouble.REFUSED),
        (200, "application/xml", b"\xff\xfe\xff", BackendTrouble.REFUSED),
        (404, "text/html", PAGE, BackendTrouble.REFUSED),
        (301, "text/html", PAGE, BackendTrouble.REFUSED),
        (403, "text/html", PAGE, BackendTrouble.DENIED),
        (502, "text/html", PAGE, BackendTrouble.BUSY),
        (503, "text/html", b"\xff\xfe", BackendTrouble.BUSY),
        (429, "application/xml", b"", BackendTrouble.BUSY),
        (507, "application/xml", b"<Error><Code>XMinioStorageFull</Code><Message>No my-secret room\n</Message></Error>", BackendTrouble.FULL),
        (400, "application/xml", b"<Error><Code>ExpiredToken</Code></Error>", BackendTrouble.DENIED),
        (409, "application/xml", b"<Error><Code>Odd</Code><Message>my-secret-access and my-secret</Message></Error>", BackendTrouble.REFUSED),
        (400, "application/xml", b"<Error><Code>BadDigest</Code></Error>", BackendTrouble.DIFFERENT),
        (500, "application/xml", b"<Error><Code>InternalError</Code></Error>", BackendTrouble.BUSY),
    ],
)
def test_answers_of_strangers(status: int, kind: str, body: bytes, trouble: BackendTrouble) -> None:
    with stranger(status, kind, body) as store:
        assert trouble_of(lambda: list(store.list(""))) is trouble


def test_an_object_that_could_not_be_removed() -> None:
    body = b"<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>No.</Message></Error></DeleteResult>"
    with stranger(200, "application/xml", body) as store:
        assert trouble_of(lambda: store.delete(["a"])) is BackendTrouble.DENIED


def test_parts_that_could_not_be_put_together(tmp_path: Path) -> None:
    """S3 says 200 first, and what went wrong in the body."""
    path = tmp_path / "large.webm"
    path.write_bytes(bytes(9 << 20))
    body = b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message><UploadId>u</UploadId></Error>"
    with stranger(200, "application/xml", body) as store:
        assert trouble_of(lambda: store.send_file(KEY, path, "video/webm", {})) is BackendTrouble.DIFFERENT


def test_tls_with_a_private_authority(minio_server: Minio, opened: Opened, tmp_path: Path) -> None:
    mine, other = certificate(tmp_path / "mine"), certificate(tmp_path / "other")
    with Minio(tmp_path / "server", tls=mine) as server:
        bucket = server.new_bucket()
        store = opened(server, bucket)
        put(store)
        assert store.read(KEY) == DATA
        assert trouble_of(lambda: opened(server, bucket, ca_file="").stat(KEY)) is BackendTrouble.TLS
        assert trouble_of(lambda: opened(server, bucket, ca_file=str(other.ca)).stat(KEY)) is BackendTrouble.TLS
        # Plain http to a server that speaks TLS.
        assert trouble_of(lambda: opened(server, bucket, endpoint=server.endpoint.replace("https", "http")).stat(KEY)) is not BackendTrouble.TLS


@contextmanager
def tls_only(shown: Certificate) -> Iterator[int]:
    """A port where nothing but a handshake happens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.certificate, shown.key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(client, server_side=True).close()
            except OSError:
                client.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.parametrize(("shown", "trouble"), [({"days": -1}, BackendTrouble.EXPIRED), ({"hosts": ("other.example",)}, BackendTrouble.TLS)])
def test_certificates_that_are_not_good(tmp_path: Path, shown: dict[str, Any], trouble: BackendTrouble) -> None:
    made = certificate(tmp_path, **shown)
    with tls_only(made) as port:
        store = ObjectStore(StoreAddress(f"https://127.0.0.1:{port}", "skiuo", "access", "my-secret", ca_file=str(made.ca)))
        assert trouble_of(lambda: store.stat(KEY)) is trouble
        store.close()


def test_a_port_that_speaks_no_tls(object_server: Store, opened: Opened, object_wire: Proxy) -> None:
    store = opened(object_server, "skiuo", endpoint=object_wire.endpoint.replace("http", "https"))
    assert trouble_of(lambda: store.stat(KEY)) is BackendTrouble.REFUSED


def test_an_authority_that_cannot_be_read(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for path in (empty, tmp_path / "gone.pem"):
        with pytest.raises(UsageError, match=path.name):
            ObjectStore(StoreAddress(f"https://127.0.0.1:{free_port()}", "skiuo", "access", "my-secret", ca_file=str(path)))
