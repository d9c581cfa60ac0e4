"""The window's engine with real servers on loopback, and another computer that mirrors to the same ones: a plug-in of the tests that need it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from backend.devices import Backend, Device, backend_of
from support.postgres import Server as Postgres
from support.postgres import database_name, postgres, prepared  # noqa: F401 - fixtures
from support.services import Minio, Moto, Store, program
from ui.backend_parts import filmed


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """MinIO, or moto where it is not there."""
    kind = Minio if program("minio") is not None else Moto
    with kind(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture
def servers(tmp_path: Path, object_server: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:  # noqa: F811
    """A bucket and a database of the test's own. The window's engine does not know of them yet."""
    with backend_of(tmp_path / "others", object_server, postgres, database_name, monkeypatch) as made:
        yield made


@pytest.fixture
def studio(servers: Backend) -> Device:
    """Another computer, called Studio, that has recorded a coloured video about a keyboard and mirrored it."""
    device = servers.device("Studio")
    filmed(device.library, device.home, "Soldering the keyboard kit")
    device.mirror()
    return device
