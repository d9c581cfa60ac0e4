"""Files lent to the Gemini API for one question: uploaded in chunks, waited for, deleted afterwards whatever happens.

https://ai.google.dev/gemini-api/docs/files. The file's name is chosen here, so that it can be deleted even where the answer to
its last chunk was lost. The server keeps what is forgotten for 48 hours.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from skiuo_desktop.analysis.gemini_errors import classified
from skiuo_desktop.analysis.http import Client
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

log = logging.getLogger(__name__)

CHUNK = 8 << 20
MOST_BREAKS = 5  # in a row, without a byte more received
PAUSE_S = 0.5  # after a break or between two looks at first; it doubles, up to eight times that
READY_S = 120.0
DELETE_S = 10.0

_RESUMABLE = {FailureKind.NETWORK, FailureKind.TIMEOUT, FailureKind.OVERLOADED}


class Files:
    """The files of one endpoint."""

    def __init__(self, client: Client, base_url: str) -> None:
        self._client = client
        self._base_url = base_url
        self._deleting: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lent(self, data: bytes, mime: str) -> AsyncIterator[str]:
        """The URI of the uploaded file, ready to be asked about. Deleting it begins when the block is left, cancelled or not.

        Raises AnalysisError, never `billed`: an upload costs nothing.
        """
        name = f"files/skiuo-{secrets.token_hex(12)}"  # at most 40 of a-z, 0-9 and - after the slash
        with _free():
            url, chunk = await self._start(name, len(data), mime)
        try:
            with _free():
                uri = await self._ready(name, await self._upload(name, data, url, chunk))
            yield uri
        finally:
            # A task of its own: who was cancelled does not wait for it, and cannot take it along.
            task = asyncio.get_running_loop().create_task(self._delete(name))
            self._deleting.add(task)
            task.add_done_callback(self._deleting.discard)

    async def close(self) -> None:
        """Waits for what is being deleted, at most `DELETE_S`."""
        if self._deleting:
            _, late = await asyncio.wait(set(self._deleting), timeout=DELETE_S)
            for task in late:
                task.cancel()

    async def _upload(self, name: str, data: bytes, url: str, chunk: int) -> Mapping[str, Any]:
        """What the server says of the finished file."""
        offset, breaks = 0, 0
        while True:
            piece = data[offset : offset + chunk]
            last = offset + len(piece) == len(data)
            headers = {"X-Goog-Upload-Command": "upload, finalize" if last else "upload", "X-Goog-Upload-Offset": str(offset)}
            try:
                response, body = await self._call("POST", url, piece, {**headers, "Content-Type": "application/octet-stream"})
                status = response.headers.get("x-goog-upload-status", "")
                if status == "final":
                    return _file(body)
                if status == "active" and not last:
                    offset, breaks = offset + len(piece), 0
                    continue
            except AnalysisError as error:
                if error.failure.kind not in _RESUMABLE:
                    raise
                broken = error
            else:
                broken = self._client.error(FailureKind.BAD_ANSWER, f"upload status {status!r}")
            breaks += 1
            received = await self._received(url, breaks, broken)
            if received is None:  # the last chunk had arrived; only its answer was lost
                return await self._look(name)
            if received > len(data):
                raise broken
            breaks = breaks if received <= offset else 0
            offset = received

    async def _start(self, name: str, size: int, mime: str) -> tuple[str, int]:
        """(where the bytes go, how many at once)"""
        headers = {
            "X-Goog-Upload-Protocol": "resumable",
            "X-Goog-Upload-Command": "start",
            "X-Goog-Upload-Header-Content-Length": str(size),
            "X-Goog-Upload-Header-Content-Type": mime,
        }
        told = json.dumps({"file": {"name": name, "displayName": "clip"}}).encode()
        response, body = await self._call("POST", "upload/v1beta/files", told, headers)
        url = response.headers.get("x-goog-upload-url", "")
        if not url:
            raise self._client.error(FailureKind.BAD_ANSWER, body.decode(errors="replace")[:1000])
        granularity = response.headers.get("x-goog-upload-chunk-granularity", "")
        unit = int(granularity) if granularity.isdecimal() and 0 < int(granularity) <= 64 << 20 else 1
        return self._ours(url), max(CHUNK // unit, 1) * unit

    async def _received(self, url: str, breaks: int, broken: AnalysisError) -> int | None:
        """How many bytes the server has after a break; None: all. Raises what broke when the server does not say, or it broke too often."""
        while breaks <= MOST_BREAKS:
            await asyncio.sleep(min(PAUSE_S * 2 ** (breaks - 1), PAUSE_S * 8))
            try:
                response, _ = await self._call("POST", url, b"", {"X-Goog-Upload-Command": "query"})
            except AnalysisError as error:
                if error.failure.kind not in _RESUMABLE:
                    raise broken from error
                breaks += 1
                continue
            if response.headers.get("x-goog-upload-status") == "final":
                return None
            received = response.headers.get("x-goog-upload-size-received", "")
            if received.isdecimal():
                return int(received)
            break
        raise broken

    async def _ready(self, name: str, file: Mapping[str, Any]) -> str:
        """The URI of a file once the server has taken it in. Raises CANNOT_FETCH when it cannot, TIMEOUT when it does not in time."""
        deadline, pause = time.monotonic() + READY_S, PAUSE_S
        while file.get("state") != "ACTIVE":
            if file.get("state") == "FAILED":
                raise self._client.error(FailureKind.CANNOT_FETCH, json.dumps(file)[:4000])
            if time.monotonic() + pause > deadline:
                raise self._client.error(FailureKind.TIMEOUT, json.dumps(file)[:4000])
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_S * 8)
            try:
                file = await self._look(name)
            except AnalysisError as error:
                if error.failure.kind not in _RESUMABLE:
                    raise
        return str(file.get("uri") or f"{self._base_url}/v1beta/{name}")

    async def _look(self, name: str) -> Mapping[str, Any]:
        _, body = await self._call("GET", f"v1beta/{name}")
        return _file(body)

    async def _delete(self, name: str) -> None:
        """Three tries: one that is not there yet may be about to appear, where its last chunk was still under way."""
        for attempt in range(3):
            try:
                response, _ = await self._client.fetch("DELETE", f"v1beta/{name}", timeout_s=DELETE_S / 2)
                if response.status_code < 300:
                    return
                told = f"status {response.status_code}"
            except AnalysisError as error:
                told = error.failure.raw
            await asyncio.sleep(PAUSE_S * 2**attempt)
        log.info("%s may be left at %s for 48 hours: %s", name, self._client.server, told)

    async def _call(self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[httpx.Response, bytes]:
        response, body = await self._client.fetch(method, path, content=content, headers=headers)
        if response.status_code >= 300:
            raise classified(self._client, response.status_code, body.decode(errors="replace"), response.headers)
        return response, body

    def _ours(self, url: str) -> str:
        """The upload address at our own host: the key goes nowhere else, and a proxy in front of the API is not bypassed."""
        base = urlsplit(self._base_url)
        return urlunsplit(urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc))


@contextmanager
def _free() -> Iterator[None]:
    """Whatever goes wrong in it was not charged."""
    try:
        yield
    except AnalysisError as error:
        error.billed = False
        raise


def _file(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    file = told.get("file", told) if isinstance(told, Mapping) else {}
    return file if isinstance(file, Mapping) else {}
