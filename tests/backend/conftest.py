"""One object store of each kind for all tests of a worker; each test makes its own bucket in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.postgres import database, database_name, debian15, postgres, prepared  # noqa: F401 - fixtures
from support.proxy import Proxy
from support.services import Given, Minio, Moto, Store, Versitygw, program

from skiuo_desktop.backend.store import ObjectStore


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minio]:
    """For tests that need MinIO itself: they say why where it is not there."""
    if program("minio") is None:
        pytest.skip("needs MinIO itself: no Go, no minio program and no SKIUO_TEST_MINIO here")
    with Minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture(scope="session")
def versitygw_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Versitygw]:
    if program("versitygw") is None:
        pytest.skip("needs versitygw: no Go, no versitygw program and no SKIUO_TEST_VERSITYGW here")
    with Versitygw(tmp_path_factory.mktemp("versitygw")) as server:
        yield server


@pytest.fixture(scope="session")
def object_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """For tests that need any object store: the given one, MinIO, or moto where there is neither."""
    if os.environ.get("SKIUO_TEST_S3_ENDPOINT"):
        yield Given()
    elif program("minio") is not None:
        yield request.getfixturevalue("minio_server")
    else:
        with Moto(tmp_path_factory.mktemp("moto")) as server:
            yield server


@pytest.fixture(params=["object_server", "versitygw_server"])
def each_server(request: pytest.FixtureRequest) -> Store:
    """The same test against two servers that were written by different people."""
    server: Store = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def strict_server(each_server: Store) -> Store:
    """One that checks keys, clocks, dates and digests as S3 does."""
    if isinstance(each_server, Moto):
        pytest.skip("needs MinIO itself: moto checks neither keys nor clocks nor what arrives")
    return each_server


@pytest.fixture
def strict_store(strict_server: Store, opened: Callable[..., ObjectStore]) -> ObjectStore:
    return opened(strict_server)


@pytest.fixture
def opened() -> Iterator[Callable[..., ObjectStore]]:
    """`opened(server, bucket, **changes of the address)`; closed at the end. Without a bucket: in one of its own."""
    stores: list[ObjectStore] = []

    def make(server: Store, bucket: str = "", limiter: Any = None, timeout_s: float = 60.0, **changes: Any) -> ObjectStore:
        stores.append(ObjectStore(server.address(bucket or server.new_bucket(), **changes), limiter, timeout_s))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(each_server: Store, opened: Callable[..., ObjectStore]) -> ObjectStore:
    return opened(each_server)


@pytest.fixture
def wire(each_server: Store) -> Iterator[Proxy]:
    """Between a client and `each_server`: give its `endpoint` to `opened`."""
    with _proxy_to(each_server) as proxy:
        yield proxy


@pytest.fixture
def object_wire(object_server: Store) -> Iterator[Proxy]:
    """The same for `object_server` alone: for faults that have nothing to do with the server."""
    with _proxy_to(object_server) as proxy:
        yield proxy


def _proxy_to(server: Store) -> Proxy:
    host, _, port = server.host.rpartition(":")
    if not server.endpoint.startswith("http://") or not host:
        pytest.skip("needs a server on plain http: faults are put into its wire")
    return Proxy(int(port), host)
