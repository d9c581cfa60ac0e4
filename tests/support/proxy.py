"""A wire with faults: a TCP proxy on loopback between a client and its server, whose faults can be switched while it runs.

    with Proxy(server.port) as wire:
        client(port=wire.port)
        wire.cut_after = 100_000        # resets both sides after so many more bytes of the client

What understands HTTP (`answer_503`, `corrupt`) needs a wire without TLS; the rest is for any protocol.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

_CHUNK = 16 << 10
_METHODS = (b"PUT ", b"POST ", b"GET ", b"HEAD ", b"DELETE ")
_BUSY = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


class Proxy:
    """Every switch may be set at any time, by any thread.

    `delay_s`: each piece waits so long. `rate`: bytes per second and direction, 0 for no limit. `cut_after`: bytes of the client (`cut_answers_after`: of the
    server) that still go through before both sides are reset, once. `answer_503`: how many of the next requests are answered here with SlowDown. `hang`:
    nothing moves. `corrupt`: in how many of the next pieces of request bodies (`corrupt_answers`: of answers) one bit is flipped.

    `sent` and `received`: bytes of the client and of the server that went through. `connections`: how many there were. `requests`: HTTP requests seen.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.delay_s = 0.0
        self.rate = 0
        self.cut_after: int | None = None
        self.cut_answers_after: int | None = None
        self.answer_503 = 0
        self.hang = False
        self.corrupt = 0
        self.corrupt_answers = 0
        self.sent = 0
        self.received = 0
        self.connections = 0
        self.requests = 0
        self._to = (host, port)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._refuse = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def refuse(self) -> bool:
        """Nobody listens, and what was open is reset."""
        return self._refuse

    @refuse.setter
    def refuse(self, refuse: bool) -> None:
        if refuse == self._refuse:
            return
        self._refuse = refuse
        if refuse:
            _stop_listening(self._listener)
            self.reset()
        else:
            self._listener = self._listen(self.port)

    def reset(self) -> None:
        """Resets every connection that is open."""
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _reset(end)

    def settle(self) -> None:
        """Resets what is open and waits until nothing of it is on its way any more: what is counted or damaged next is the next request's."""
        self.reset()
        end = time.monotonic() + 60
        while self._open and time.monotonic() < end:
            time.sleep(0.01)

    def close(self) -> None:
        self._closed = True
        _stop_listening(self._listener)
        self.reset()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        threading.Thread(target=self._accept, args=(listener,), name="proxy", daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(self._to, 30)
                server.settimeout(None)
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._open |= {client, server}
            for upward in (True, False):
                threading.Thread(target=self._pump, args=(client, server, upward), name="proxy", daemon=True).start()

    def _pump(self, client: socket.socket, server: socket.socket, upward: bool) -> None:
        source, target = (client, server) if upward else (server, client)
        try:
            while chunk := source.recv(_CHUNK):
                if upward and chunk.startswith(_METHODS):
                    self.requests += 1
                    if self._take("answer_503"):
                        self._answer(client, server, b"" if chunk.startswith(b"HEAD ") else _BUSY)
                        return
                self._wait(len(chunk))
                chunk = self._corrupted(chunk, upward)
                kept = self._until_cut(len(chunk), upward)
                target.sendall(chunk[:kept])
                if upward:
                    self.sent += kept
                else:
                    self.received += kept
                if kept < len(chunk):
                    # What was let through must have arrived: a reset overtakes it.
                    time.sleep(0.05)
                    _reset(client)
                    _reset(server)
                    return
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_WR)
        except OSError:
            _reset(client)
            _reset(server)
        finally:
            with self._lock:
                self._open.discard(source)

    def _wait(self, count: int) -> None:
        end = time.monotonic() + self.delay_s + (count / self.rate if self.rate else 0.0)
        while not self._closed and (self.hang or (left := end - time.monotonic()) > 0):
            time.sleep(0.02 if self.hang else min(left, 0.02))

    def _take(self, name: str) -> bool:
        """Uses up one of a counted fault."""
        with self._lock:
            left: int = getattr(self, name)
            setattr(self, name, max(0, left - 1))
            return left > 0

    def _corrupted(self, chunk: bytes, upward: bool) -> bytes:
        head = chunk.startswith(_METHODS if upward else b"HTTP/")
        end = chunk.find(b"\r\n\r\n")
        body = 0 if not head else end + 4 if end >= 0 else len(chunk)
        if body >= len(chunk) or not self._take("corrupt" if upward else "corrupt_answers"):
            return chunk
        at = (body + len(chunk)) // 2
        return chunk[:at] + bytes([chunk[at] ^ 1]) + chunk[at + 1 :]

    def _until_cut(self, count: int, upward: bool) -> int:
        """How many of `count` bytes go through."""
        name = "cut_after" if upward else "cut_answers_after"
        with self._lock:
            left: int | None = getattr(self, name)
            if left is None:
                return count
            kept = min(left, count)
            setattr(self, name, None if kept < count else left - kept)
            return kept

    def _answer(self, client: socket.socket, server: socket.socket, body: bytes) -> None:
        """Answers busy, and reads on until the client has heard it."""
        head = f"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        client.sendall(head.encode() + body)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)
            while client.recv(_CHUNK):
                pass
        _reset(client)
        _reset(server)


def _stop_listening(listener: socket.socket) -> None:
    # Closing alone does not wake the thread that accepts.
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        # Wakes the thread that reads from it; closing alone would not.
        end.shutdown(socket.SHUT_RD)
    end.close()
