"""One HTTP client for each endpoint: TLS verified, no redirects (a key must not follow one), errors classified, raw answers bounded."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import math
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import cast
from urllib.parse import urlsplit

import httpx

from skiuo_desktop import __version__, failures
from skiuo_desktop.analysis.address import is_private
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

MOST_RAW = 256 << 10
"""Bytes of a raw answer that are kept; a longer one loses its middle."""

CONNECT_S = 10.0


@cache
def _tls() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than anything else here, and it would hold up the loop each time."""
    return httpx.create_ssl_context()


class Client:
    """Wraps `httpx.AsyncClient`. Belongs to the event loop that first uses it. `server` is what a person calls the other side."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, server: str, model: str, timeout_s: float) -> None:
        self.server = server
        self.model = model
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            base_url=base_url + "/",
            headers={"User-Agent": f"skiuo/{__version__}", **headers},
            verify=_tls(),
            # A proxy of the environment is for the internet: this computer and its network are reached directly.
            trust_env=not is_private(urlsplit(base_url).hostname or ""),
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
            follow_redirects=False,
        )

    async def close(self) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, content: bytes | None = None, headers: Mapping[str, str] | None = None, timeout_s: float | None = None
    ) -> AsyncIterator[httpx.Response]:
        """A response whose body has not been read. Sending and reading together end at `timeout_s` (the client's own by default).

        Raises AnalysisError: NETWORK (`billed` only when the request had gone out), TIMEOUT (`billed`).
        """
        limit = self._timeout_s if timeout_s is None else timeout_s
        deadline = asyncio.get_running_loop().time() + limit
        out = False
        try:
            async with asyncio.timeout_at(deadline):
                request = self._http.build_request(method, path, content=content, headers={"Content-Type": "application/json", **(headers or {})})
                response = await self._http.send(request, stream=True)
            out = True
            response.stream = _UntilDeadline(cast(httpx.AsyncByteStream, response.stream), deadline)
            try:
                yield response
            finally:
                await self._leave(response)
        except httpx.ConnectTimeout as error:
            raise self.error(FailureKind.NETWORK, _told(error)) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise self.error(FailureKind.TIMEOUT, _told(error), billed=True) from error
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError) as error:
            raise self.error(FailureKind.NETWORK, _told(error)) from error
        except httpx.TransportError as error:
            raise self.error(FailureKind.NETWORK, _told(error), billed=out or not isinstance(error, httpx.WriteError)) from error

    async def _leave(self, response: httpx.Response) -> None:
        """Some servers reset a connection that is used again after an error: it is closed, and the pool then makes a new one."""
        with contextlib.suppress(httpx.HTTPError):
            await response.aclose()
        if response.is_error and (connection := response.extensions.get("network_stream")) is not None:
            await connection.aclose()

    async def fetch(
        self, method: str, path: str, *, content: bytes | None = None, headers: Mapping[str, str] | None = None, timeout_s: float | None = None
    ) -> tuple[httpx.Response, bytes]:
        """A response and its whole body, bounded. Raises as `stream`."""
        async with self.stream(method, path, content=content, headers=headers, timeout_s=timeout_s) as response:
            return response, await read_bounded(response)

    def error(
        self, kind: FailureKind, raw: str = "", *, billed: bool = False, wait_s: float | None = None, again: bool = True, **facts: object
    ) -> AnalysisError:
        """A classified failure of this endpoint, with its sentence."""
        what = failures.failure(kind, raw, server=self.server, model=self.model, wait_s=wait_s, **facts)
        return AnalysisError(what, billed=billed, retry_after_s=wait_s, again=again)


class _UntilDeadline(httpx.AsyncByteStream):
    """A body whose reading ends at a time of the loop's clock, whoever reads it.

    One time-out around the `yield` of `stream` would not do: it would cancel whatever the consumer waits for just then, as if it had been told to stop.
    """

    def __init__(self, body: httpx.AsyncByteStream, deadline: float) -> None:
        self._body = body
        self._deadline = deadline

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._body)
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    chunk = await anext(chunks, None)
            except TimeoutError as error:
                raise httpx.ReadTimeout("the whole answer took too long") from error
            if chunk is None:
                return
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


async def read_bounded(response: httpx.Response, most: int = 4 << 20) -> bytes:
    """The body, at most `most` bytes of it."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


def bounded(raw: str) -> str:
    """A raw answer as it is kept: whole, or its beginning and its end."""
    if len(raw) <= MOST_RAW:
        return raw
    half = MOST_RAW // 2
    return f"{raw[:half]}\n… {len(raw) - 2 * half} characters left out …\n{raw[-half:]}"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """What a server asks for by `retry-after-ms` or `retry-after` (seconds or a date); None where it says nothing sensible."""
    told_ms, told = _seconds(headers.get("retry-after-ms", "")), headers.get("retry-after", "")
    if told_ms is not None:
        return told_ms / 1000
    if (seconds := _seconds(told)) is not None:
        return seconds
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _seconds(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
