"""A server on loopback that takes any chat or Gemini request as fast as it comes and answers with a stream, in a process of its own.

    with Loopback(pieces=60) as server:
        ... server.openai_url, server.gemini_url ...
        noted = server.noted()

It checks nothing (the strict servers of the tests do that): it counts bytes and notes moments. Moments are `time.perf_counter` of
the server's process, whose clock is the computer's and so the same in all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

WORDS = ["The", "iron", "goes", "back", "into", "its", "stand", "and", "the", "right", "hand", "takes", "the", "next", "switch", "from", "the", "tray."]
TOKENS_IN = 1000
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def piece(number: int) -> str:
    """The text of one event."""
    return WORDS[number % len(WORDS)] + " "


@dataclass(frozen=True, slots=True)
class Noted:
    """One request. `first` and `last`: when its first and its last byte were read; `written`: when each piece of the answer went out."""

    path: str
    size: int  # bytes, headers included
    first: float
    last: float
    written: tuple[float, ...]


class Loopback:
    """`pieces` of text an answer, `per_second` of them (0: all at once). Without `notes` nothing is noted, which costs less."""

    def __init__(self, *, pieces: int = 40, per_second: float = 0.0, notes: bool = True) -> None:
        options = ["--pieces", str(pieces), "--per-second", str(per_second), *(["--notes"] if notes else [])]
        self._command = [sys.executable, __file__, *options]
        self._noted: queue.Queue[Noted] = queue.Queue()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            self._noted.put(Noted(**{**told, "written": tuple(told["written"])}))

    @property
    def openai_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def gemini_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def noted(self) -> Noted:
        """The oldest request, its answer written, that was not asked for yet."""
        return self._noted.get(timeout=60)


class _Connection(asyncio.Protocol):
    def __init__(self, pieces: int, per_second: float, notes: bool) -> None:
        self._pieces, self._per_second, self._notes = pieces, per_second, notes
        self._head = bytearray()
        self._left = -1  # of the body; -1: the head is not whole
        self._first, self._size = 0.0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._size:
            self._first = time.perf_counter()
        self._size += len(data)
        if self._left < 0:
            self._head += data
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            lines = head.decode("latin-1").split("\r\n")
            fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            self._path = lines[0].split(" ")[1]
            self._left = int(fields["content-length"]) - len(body)
            self._head.clear()
        else:
            self._left -= len(data)
        if self._left == 0:
            path, size, last = self._path, self._size, time.perf_counter()
            self._left, self._size = -1, 0
            asyncio.get_running_loop().create_task(self._answer(path, size, self._first, last))

    async def _answer(self, path: str, size: int, first: float, last: float) -> None:
        gemini = "GenerateContent" in path
        begin, end = ([], [_gemini("", self._pieces)]) if gemini else ([_chat({"role": "assistant", "content": ""})], [*_chat_end(self._pieces)])
        made = [_gemini(piece(n)) if gemini else _chat({"content": piece(n)}) for n in range(self._pieces)]
        written: list[float] = []
        self._transport.write(_HEAD)
        if self._per_second:
            self._transport.write(b"".join(map(_chunk, begin)))
            loop = asyncio.get_running_loop()
            began = loop.time()
            for number, event in enumerate(made):
                await asyncio.sleep(max(0.0, began + number / self._per_second - loop.time()))
                written.append(time.perf_counter())
                self._transport.write(_chunk(event))
            begin, made = [], []
        self._transport.write(b"".join(map(_chunk, [*begin, *made, *end])) + b"0\r\n\r\n")
        if self._notes:
            print(json.dumps({"path": path, "size": size, "first": first, "last": last, "written": written}), flush=True)


def _chunk(event: str) -> bytes:
    data = f"data: {event}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(data), data)


def _chat(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return json.dumps({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": "m", "choices": [choice], "usage": None})


def _chat_end(pieces: int) -> list[str]:
    usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": pieces, "total_tokens": TOKENS_IN + pieces}
    frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": "m", "choices": [], "usage": usage}
    return [_chat({}, "stop"), json.dumps(frame), "[DONE]"]


def _gemini(text: str, pieces: int = 0) -> str:
    """With `pieces` the last event, which counts."""
    candidate: dict[str, Any] = {"index": 0, "content": {"parts": [{"text": text}], "role": "model"}}
    told: dict[str, Any] = {"candidates": [candidate], "modelVersion": "m"}
    if pieces:
        candidate["finishReason"] = "STOP"
        details = [{"modality": "TEXT", "tokenCount": TOKENS_IN // 4}, {"modality": "VIDEO", "tokenCount": TOKENS_IN - TOKENS_IN // 4}]
        told["usageMetadata"] = {
            "promptTokenCount": TOKENS_IN,
            "candidatesTokenCount": pieces,
            "totalTokenCount": TOKENS_IN + pieces,
            "promptTokensDetails": details,
        }
    return json.dumps(told)


async def _serve(pieces: int, per_second: float, notes: bool) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(pieces, per_second, notes), "127.0.0.1", 0, backlog=64)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pieces", type=int, required=True)
    parser.add_argument("--per-second", type=float, required=True)
    parser.add_argument("--notes", action="store_true")
    told = parser.parse_args()
    asyncio.run(_serve(told.pieces, told.per_second, told.notes))
