"""A strict server of the OpenAI chat API on a real socket, in the dialect of one of the servers that speak it.

It refuses what the real one refuses, and more: fields that its dialect does not document, media that cannot be decoded, wrong keys. What it is to
do otherwise is scripted, a behaviour for each request; without one it answers with what it saw. Bytes are split at random, seeded places.

    with ChatServer("qwen", key="k", model="qwen3.7-plus") as server:
        server.script = [Behaviour(status=429, body={...}), Behaviour(text="A hand solders.")]
        ... base_url=server.base_url ...
        assert server.counted[0].tokens_in == ...
"""

from __future__ import annotations

import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from support.chat_checks import Refused, Seen, checked

QWEN, OPENAI, VLLM, SGLANG, OLLAMA, LMSTUDIO, LLAMACPP, TRANSFORMERS, LITELLM = (
    "qwen",
    "openai",
    "vllm",
    "sglang",
    "ollama",
    "lmstudio",
    "llamacpp",
    "transformers",
    "litellm",
)


@dataclass(frozen=True)
class Behaviour:
    """What is done with one request, after it was found to be right. `status` other than 200, or `body`, answers without a stream."""

    text: str | None = None  # None: what was seen
    reasoning: str = ""
    finish: str | None = "stop"  # None: the body just ends
    usage: str = "last"  # "last" (a chunk without choices), "choice" (with the finish), "every", "none", "zero", "null" (details are null)
    thinking_tokens: int = 0
    done: bool = True
    status: int = 200
    body: Any = None  # a dict is sent as JSON, a string as it is
    headers: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()  # raw lines in front of the stream
    error: Any = None  # sent inside the stream, after `after` pieces: a dict as an event, a string as raw bytes
    after: int = 2
    reset: bool = False  # the connection is reset after `after` pieces
    pieces: Sequence[Any] | None = None  # instead of text: whole chunks as dicts
    wait: threading.Event | None = None  # before the answer begins
    hold: threading.Event | None = None  # after `after` pieces
    linger: threading.Event | None = None  # before the body ends, all being said
    line_end: str = "\n"
    space: bool = True  # `data: ` or `data:`


@dataclass
class ChatRequest:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    seen: Seen
    status: int = 0

    @property
    def text(self) -> str:
        """The question."""
        return self.seen.text


@dataclass
class Counted:
    """A request that is billed."""

    model: str
    tokens_in: int
    tokens_out: int = 0
    ended: bool = False


Script = Sequence["Behaviour | str | None"] | Callable[[ChatRequest], "Behaviour | str | None"]


class ChatServer:
    """`script`: one behaviour for each request that is right, or a callable that gives it; a string is a text that is said."""

    def __init__(self, dialect: str = OPENAI, *, key: str = "", model: str = "model", script: Script = (), seed: int = 1, says: str | None = None) -> None:
        self.dialect = dialect
        self.key = key
        self.model = model
        self.script: Script = script
        self.says = says
        self.requests: list[ChatRequest] = []
        self.refused: list[str] = []
        self.counted: list[Counted] = []
        self.connections = 0
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._taken = 0
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.chat = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, name="chat-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def prefix(self) -> str:
        return "/compatible-mode/v1" if self.dialect == QWEN else "/v1"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def behaviour(self, request: ChatRequest) -> Behaviour:
        with self._lock:
            self.requests.append(request)
            number, self._taken = self._taken, self._taken + 1
        if callable(self.script):
            found = self.script(request)
        else:
            found = self.script[number] if number < len(self.script) else None
        if isinstance(found, str):
            return Behaviour(text=found)
        return found or Behaviour(text=self.says)

    def split(self, data: bytes) -> list[bytes]:
        """Pieces of random length."""
        pieces, start = [], 0
        with self._lock:
            while start < len(data):
                end = start + self._random.randint(1, 90)
                pieces.append(data[start:end])
                start = end
        return pieces


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    chat: ChatServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    failed = False  # this connection has had an error

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.chat.connections += 1

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        chat = self.server.chat
        if self.path != f"{chat.prefix}/models":
            self._plain(404, {"detail": "Not Found"})
            return
        if (refusal := self._key_refusal()) is not None:
            self._plain(*refusal)
            return
        self._plain(200, {"object": "list", "data": [{"id": chat.model, "object": "model", "created": 0, "owned_by": "test"}]})

    def do_POST(self) -> None:
        chat = self.server.chat
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.failed and chat.dialect == TRANSFORMERS:
            self._reset()
            return
        if self.path != f"{chat.prefix}/chat/completions":
            self._plain(404, {"detail": "Not Found"})
            return
        if (refusal := self._key_refusal()) is not None:
            chat.refused.append("key")
            self._plain(*refusal)
            return
        try:
            body = json.loads(content)
            seen = checked(chat.dialect, body)
            if body["model"] != chat.model:
                raise Refused(*_no_model(chat.dialect, body["model"], chat.model))
        except Refused as error:
            chat.refused.append(error.message)
            self._plain(error.status, error.body)
            return
        request = ChatRequest(self.path, dict(self.headers), body, seen)
        behaviour = chat.behaviour(request)
        request.status = behaviour.status
        if behaviour.wait is not None:
            behaviour.wait.wait(60)
        if behaviour.status != 200 or behaviour.body is not None:
            self._plain(behaviour.status, behaviour.body, behaviour.headers)
            return
        self._stream(request, behaviour)

    def _key_refusal(self) -> tuple[int, Any] | None:
        chat = self.server.chat
        told = self.headers.get("Authorization", "")
        if not chat.key or told == f"Bearer {chat.key}":
            return None
        if chat.dialect == LITELLM:
            if told:
                return 400, {"error": {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}}
            return 500, {"error": {"message": "Authentication Error, No api key passed in.", "type": "auth_error", "param": "None", "code": "500"}}
        shown = told.removeprefix("Bearer ")
        message = f"Incorrect API key provided: {shown}."
        return 401, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}, "request_id": "r-1"}

    def _plain(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        self.failed = self.failed or status >= 500
        content = body.encode() if isinstance(body, str) else json.dumps(body if body is not None else {}).encode()
        self.send_response(status)
        told = {"Content-Type": "text/plain" if isinstance(body, str) else "application/json", **(headers or {}), "Content-Length": str(len(content))}
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, request: ChatRequest, behaviour: Behaviour) -> None:
        chat = self.server.chat
        counted = Counted(request.body["model"], request.seen.tokens)
        chat.counted.append(counted)
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked", **behaviour.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        asked = request.body.get("max_tokens") or request.body.get("max_completion_tokens") or 1024
        text = behaviour.text if behaviour.text is not None else _said(request.seen)
        chunks, out = _chunks(chat, request, behaviour, text, int(asked))
        counted.tokens_out = out
        end = behaviour.line_end
        mark = "data: " if behaviour.space else "data:"
        for line in behaviour.before:
            self._send((line + end).encode())
        for number, chunk in enumerate(chunks):
            if number == behaviour.after:
                if behaviour.hold is not None:
                    behaviour.hold.wait(60)
                if behaviour.reset:
                    self._reset()
                    return
                if behaviour.error is not None:
                    break
            self._send(f"{mark}{json.dumps(chunk, ensure_ascii=False)}{end}{end}".encode())
        if behaviour.error is not None:
            raw = behaviour.error if isinstance(behaviour.error, str) else f"{mark}{json.dumps(behaviour.error, ensure_ascii=False)}{end}{end}"
            self._send(raw.encode())
        elif behaviour.done and chat.dialect != TRANSFORMERS and behaviour.finish is not None:
            self._send(f"{mark}[DONE]{end}{end}".encode())
        if behaviour.linger is not None:
            behaviour.linger.wait(60)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        counted.ended = True

    def _send(self, data: bytes) -> None:
        for piece in self.server.chat.split(data):
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _said(seen: Seen) -> str:
    if not seen.frames:
        return "There is no picture, only a question."
    width, height = seen.size
    return f"A person works in {seen.frames} frames of {width}x{height}."


def _no_model(dialect: str, told: str, known: str) -> tuple[int, Any]:
    if dialect == TRANSFORMERS:
        return 400, {"detail": f"Server is pinned to '{known}'; requested '{told}'."}
    if dialect == OLLAMA:
        return 404, {"error": {"message": f"model '{told}' not found", "type": "not_found_error", "param": None, "code": None}}
    message = f"The model `{told}` does not exist or you do not have access to it."
    return 404, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": "model_not_found"}, "request_id": "r-2"}


def _chunks(chat: ChatServer, request: ChatRequest, behaviour: Behaviour, text: str, longest: int) -> tuple[list[dict[str, Any]], int]:
    """(the chunks of an answer, tokens that are billed for it)"""
    model = request.body["model"] + ("@main" if chat.dialect == TRANSFORMERS else "")
    frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": model}

    def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
        return {**frame, "choices": [{"index": 0, "delta": dict(delta), "finish_reason": finish, "logprobs": None}], **more}

    words = [text[at : at + 5] for at in range(0, len(text), 5)]
    finish = behaviour.finish
    if len(words) > longest:
        words, finish = words[:longest], "length"
    out = len(words) + len(behaviour.reasoning) // 4 + behaviour.thinking_tokens
    details: dict[str, Any] = {
        "prompt_tokens_details": {"text_tokens": request.seen.text_tokens, "video_tokens": request.seen.tokens - request.seen.text_tokens, "cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": out - len(words), "text_tokens": len(words)},
    }
    if behaviour.usage == "null":
        details = dict.fromkeys(details)
    usage = {"prompt_tokens": request.seen.tokens, "completion_tokens": out, "total_tokens": request.seen.tokens + out, **details}
    if behaviour.usage == "zero":  # a proxy in front of a server that it does not understand
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    if behaviour.pieces is not None:
        return [{**frame, **piece} for piece in behaviour.pieces], out
    every = {"usage": usage} if behaviour.usage == "every" else {"usage": None}
    chunks = [chunk({"role": "assistant", "content": ""}, **every)]
    chunks += [chunk({"content": None, "reasoning_content": part}, **every) for part in (behaviour.reasoning.split(" ") if behaviour.reasoning else [])]
    chunks += [chunk({"content": word}, **every) for word in words]
    with_choice = behaviour.usage == "choice" or (behaviour.usage == "last" and chat.dialect == TRANSFORMERS)
    if finish is not None:
        chunks.append(chunk({}, finish, **({"usage": usage} if with_choice else every)))
        wanted = (request.body.get("stream_options") or {}).get("include_usage")
        if behaviour.usage in ("last", "null", "zero") and not with_choice and wanted:
            chunks.append({**frame, "choices": [], "usage": usage})
    return chunks, out
