"""One offline provider for all tests that only ask it: its helper process takes seconds to start."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from backend.conftest import minio_server, object_server  # noqa: F401

from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.model import OFFLINE, ModelConfig


@pytest.fixture(scope="session")
def offline() -> Iterator[OfflineProvider]:
    provider = OfflineProvider(ModelConfig(OFFLINE, OFFLINE))
    yield provider
    asyncio.run(provider.close())
