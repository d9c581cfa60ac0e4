"""One object store of each kind for all tests of a worker; each test makes its own bucket in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from support.services import Given, Minio, Moto, Store, Versitygw, program


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minio]:
    """For tests that need MinIO itself: they say why where it is not there."""
    if program("minio") is None:
        pytest.skip("needs MinIO itself: no Go, no minio program, no SKIUO_TEST_MINIO here")
    with Minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture(scope="session")
def versitygw_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Versitygw]:
    if program("versitygw") is None:
        pytest.skip("needs versitygw: no Go, no versitygw program, no SKIUO_TEST_VERSITYGW here")
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
