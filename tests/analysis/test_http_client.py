"""The client of an endpoint: addresses, time-outs, connections after errors, and what is kept of an answer."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate

import pytest

from skiuo_desktop.analysis.address import check_base_url, is_private
from skiuo_desktop.analysis.http import MOST_RAW, Client, bounded, read_bounded, retry_after_s
from skiuo_desktop.errors import AnalysisError, UsageError
from skiuo_desktop.model import FailureKind


@contextmanager
def server(talk: Callable[[socket.socket, int], None]) -> Iterator[tuple[str, list[int]]]:
    """`talk` is called with each connection and its number, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[int] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(len(connections))
            threading.Thread(target=serve, args=(connection, len(connections) - 1), daemon=True).start()

    def serve(connection: socket.socket, number: int) -> None:
        with connection:
            talk(connection, number)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def request_of(connection: socket.socket) -> bytes:
    """One request with its head; empty where the client went away."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    return data


def client(base: str, timeout_s: float = 60) -> Client:
    return Client(base, {}, server="The test server", model="m", timeout_s=timeout_s)


def test_an_address_is_checked_before_a_key_goes_there() -> None:
    assert check_base_url(" https://a.example/v1/ ", with_key=True) == "https://a.example/v1"
    assert check_base_url("http://127.0.0.1:4317/v1", with_key=True) == "http://127.0.0.1:4317/v1"
    assert check_base_url("http://peer.example/v1", with_key=False) == "http://peer.example/v1"
    for wrong in ("peer.example/v1", "ftp://peer.example", "https://", "https://u:p@peer.example/v1", "https://peer.example/v1?key=1"):
        with pytest.raises(UsageError):
            check_base_url(wrong, with_key=False)
    with pytest.raises(UsageError, match="unprotected"):
        check_base_url("http://peer.example/v1", with_key=True)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("10.1.2.3", True),
        ("192.168.0.9", True),
        ("nas", True),
        ("nas.local", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("dashscope.aliyuncs.com", False),
        ("localhost.example.com", False),
    ],
)
def test_which_hosts_are_near(host: str, private: bool) -> None:
    assert is_private(host) is private


def test_what_a_server_asks_for_before_the_next_try() -> None:
    assert retry_after_s({"retry-after-ms": "1500", "retry-after": "9"}) == 1.5
    assert retry_after_s({"retry-after": "21"}) == 21
    assert retry_after_s({"retry-after": "-3"}) == 0
    assert retry_after_s({}) is None
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({"retry-after-ms": "soon", "retry-after": "7"}) == 7
    assert retry_after_s({"retry-after": "nan"}) is None
    dated = retry_after_s({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert dated is not None
    assert 55 < dated <= 60


def test_a_raw_answer_is_kept_with_its_beginning_and_its_end() -> None:
    assert bounded("short") == "short"
    kept = bounded("a" * MOST_RAW + "b" * MOST_RAW)
    assert len(kept) < MOST_RAW + 100
    assert kept.startswith("aaa")
    assert kept.endswith("bbb")
    assert "characters left out" in kept


def test_a_connection_that_had_an_error_is_not_used_again() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        while request_of(connection):
            status = b"500 Oops" if number == 0 else b"200 OK"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")

    async def three(base: str) -> list[int]:
        endpoint = client(base)
        statuses = [(await endpoint.fetch("GET", "models"))[0].status_code for _ in range(3)]
        await endpoint.close()
        return statuses

    with server(talk) as (base, connections):
        assert asyncio.run(three(base)) == [500, 200, 200]
        assert len(connections) == 2  # the good one is kept


def test_a_whole_answer_has_one_time_limit_however_slowly_it_trickles() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                connection.sendall(b"1\r\nx\r\n")
                threading.Event().wait(0.05)
        except OSError:
            return

    async def read(base: str) -> AnalysisError:
        endpoint = client(base, timeout_s=3.0)
        with pytest.raises(AnalysisError) as caught:
            async with endpoint.stream("POST", "chat", content=b"{}") as response:
                await read_bounded(response)
        await endpoint.close()
        return caught.value

    with server(talk) as (base, _):
        error = asyncio.run(read(base))
    assert error.failure.kind is FailureKind.TIMEOUT
    assert error.billed


def test_the_time_limit_does_not_cancel_a_reader_that_is_busy_with_something_else() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        request_of(connection)

    async def read(base: str) -> AnalysisError:
        endpoint = client(base, timeout_s=1.0)
        with pytest.raises(AnalysisError) as caught:
            async with endpoint.stream("POST", "chat", content=b"{}") as response:
                async for _ in response.aiter_bytes():
                    await asyncio.sleep(1.5)  # a slow disk, say: longer than the answer may take
        await endpoint.close()
        return caught.value

    with server(talk) as (base, _):
        assert asyncio.run(read(base)).failure.kind is FailureKind.TIMEOUT


def test_a_server_that_is_not_there_has_billed_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    async def reach() -> AnalysisError:
        endpoint = client(f"http://127.0.0.1:{port}/v1")
        with pytest.raises(AnalysisError) as caught:
            await endpoint.fetch("GET", "models")
        await endpoint.close()
        return caught.value

    error = asyncio.run(reach())
    assert error.failure.kind is FailureKind.NETWORK
    assert not error.billed
    assert "The test server cannot be reached" in error.failure.message


def test_a_server_that_goes_away_after_the_request_may_have_billed_it() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)

    async def reach(base: str) -> AnalysisError:
        endpoint = client(base)
        with pytest.raises(AnalysisError) as caught:
            await endpoint.fetch("POST", "chat", content=b"{}")
        await endpoint.close()
        return caught.value

    with server(talk) as (base, _):
        error = asyncio.run(reach(base))
    assert error.failure.kind is FailureKind.NETWORK
    assert error.billed


def test_a_redirect_is_not_followed_with_the_key() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/v1/models\r\nContent-Length: 0\r\n\r\n")

    async def reach(base: str) -> int:
        endpoint = client(base)
        response, _ = await endpoint.fetch("GET", "models")
        await endpoint.close()
        return response.status_code

    with server(talk) as (base, connections):
        assert asyncio.run(reach(base)) == 307
        assert len(connections) == 1


def test_a_proxy_of_the_environment_is_not_asked_for_a_server_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async def reach(base: str) -> bytes:
        endpoint = client(base)
        _, body = await endpoint.fetch("GET", "models")
        await endpoint.close()
        return body

    with server(talk) as (base, _):
        assert asyncio.run(reach(base)) == b"ok"


def test_leaving_ends_the_request_at_the_server_at_once() -> None:
    gone = threading.Event()

    def talk(connection: socket.socket, number: int) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        while connection.recv(100):
            pass
        gone.set()

    async def leave(base: str) -> None:
        endpoint = client(base)

        async def read() -> None:
            async with endpoint.stream("POST", "chat", content=b"{}") as response:
                async for _ in response.aiter_bytes():
                    begun.set()

        begun = asyncio.Event()
        task = asyncio.create_task(read())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(gone.wait, 10)
        await endpoint.close()

    with server(talk) as (base, _):
        asyncio.run(leave(base))
