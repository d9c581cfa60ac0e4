"""Clips that lie in a real object store, for providers that let a model fetch them."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import parse_qs, urlsplit

from skiuo_desktop.analysis.provider import Placed
from skiuo_desktop.backend.store import ObjectStore


class StoreLinks:
    """`analysis.provider.Links` without an engine. `url`: given instead of what the store signs."""

    def __init__(self, store: ObjectStore, *, hindrance: str = "", url: str = "") -> None:
        self.store = store
        self.why = hindrance
        self.url = url
        self.signed: list[str] = []
        self.placed: list[str] = []

    def hindrance(self) -> str:
        return self.why

    async def place(self, data: bytes, form: str) -> Placed:
        key = f"clips/device/recording/000000-0-6000-{hashlib.sha256(data).hexdigest()}.{form}"
        await asyncio.to_thread(self.store.put, key, data, f"video/{form}", {})
        self.placed.append(key)
        return Placed(self.store.host, key, 3600)

    async def sign(self, placed: Placed) -> str:
        url = self.url or await asyncio.to_thread(self.store.presign, placed.key, placed.lasts_s)
        self.signed.append(url)
        return url


def signature(url: str) -> str:
    return parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
