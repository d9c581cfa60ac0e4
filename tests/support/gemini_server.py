"""A Gemini API on loopback: strict about every request, scripted in its answers.

    with GeminiServer() as server:
        server.script.append(Reply(finish="MAX_TOKENS"))
        provider = GeminiProvider(server.config())

It refuses what the documentation does not allow (`gemini_rules`), streams in pieces that are cut at random places (by `seed`), keeps
the files that were uploaded, and counts what it would charge.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from google.genai import types
from pydantic import ValidationError
from support.gemini_rules import Refused, Tokens, check_question, check_video, error_body, error_info, invalid

from skiuo_desktop import secrets
from skiuo_desktop.model import ModelConfig, Price, Tier

KEY = "AIza-test-key"
MODELS = ("gemini-3.5-flash", "gemini-3.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro")
TEXT = "A person solders a red wire to the board. 然后放下烙铁。"
CHUNK = 8 << 20
GRANULARITY = 256 << 10
PRICE = Price((Tier(1.0, 10.0),))


@dataclass
class Reply:
    """One answer. By default the text in a few chunks, its usage beside each, and STOP at the end."""

    text: str = TEXT
    finish: str = "STOP"  # empty: the body just ends
    thoughts: int = 0  # tokens; with it a thought part comes first
    block: str = ""  # a blockReason instead of candidates
    usage: bool = True
    details: bool = True
    unseen: str = ""  # modality that is missing from the details
    chunks: list[dict[str, Any]] | None = None  # instead of all that; not checked
    status: int = 200
    body: str | None = None  # the whole body as it is
    before: str = ""  # in front of the events
    after: str = ""  # behind them
    headers: Mapping[str, str] = field(default_factory=dict)
    line_end: str = "\r\n"
    space: str = " "
    reset_after: int | None = None  # bytes, then the connection is reset
    hold: threading.Event | None = None  # waits for it after the first event

    @classmethod
    def error(cls, code: int, status: str, message: str, *details: Mapping[str, Any], **fields: Any) -> Reply:
        return cls(status=code, body=json.dumps(error_body(code, status, message, *details), indent=2), **fields)


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    status: int = 0


@dataclass
class Counted:
    """What is charged for."""

    model: str
    tokens_in: int
    tokens_out: int
    delivery: str


@dataclass
class Stored:
    name: str
    mime: str
    size: int
    uri: str
    data: bytearray = field(default_factory=bytearray)
    state: str = "UPLOADING"
    polls: int = 0

    def as_json(self) -> dict[str, Any]:
        made = {
            "name": self.name,
            "displayName": "clip",
            "mimeType": self.mime,
            "sizeBytes": str(self.size),
            "createTime": "2026-11-27T01:02:03.4Z",
            "sha256Hash": hashlib.sha256(self.data).hexdigest(),
            "uri": self.uri,
            "state": self.state,
            "source": "UPLOADED",
        }
        types.File.model_validate(made)
        return made


class GeminiServer:
    """`script`: answers to questions, used up one by one (a callable is given the question's tokens); then the default. `upload_script`: for each chunk."""

    def __init__(self, *, seed: int = 1, processing: int = 1) -> None:
        self.requests: list[Asked] = []
        self.counted: list[Counted] = []
        self.script: list[Reply | Callable[[Tokens], Reply]] = []
        self.upload_script: list[str] = []  # "ok", "half" (then a reset), "lost" (its answer is), "503", "mute" (no status header)
        self.processing = processing  # looks at a file until it is ACTIVE
        self.fail_file = False
        self.forgets = False  # keeps nothing of what a chunk without an answer brought
        self.upload_host = ""  # another one than `base_url`: whoever follows it gives the key away
        self.files: dict[str, Stored] = {}  # by URI; those that are there now
        self.uploaded: list[str] = []  # names, also of files that are gone
        self.deleted: list[str] = []
        self.sessions: dict[str, Stored] = {}
        self.random = random.Random(seed)
        self.lock = threading.RLock()
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"api": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def config(self, name: str = "gemini", **fields: Any) -> ModelConfig:
        """A model at this server, its key given for this run."""
        secrets.store("run:gemini-test", KEY)
        given = {"model": "gemini-3.5-flash", "base_url": self.base_url, "key_ref": "run:gemini-test", "price": PRICE, "timeout_s": 120.0}
        return ModelConfig(name, "gemini", **(given | fields))

    @property
    def asked(self) -> list[Asked]:
        """The questions, without what belongs to files."""
        return [r for r in self.requests if ":streamGenerateContent" in r.path]

    def charged(self, model: str, tokens: Tokens, reply: Reply) -> None:
        with self.lock:
            self.counted.append(Counted(model, tokens.total, out_tokens(reply) + reply.thoughts, tokens.delivery))


def out_tokens(reply: Reply) -> int:
    return 0 if reply.block else len(reply.text.split())


def chunks_of(reply: Reply, tokens: Tokens, model: str) -> list[dict[str, Any]]:
    """The responses that make the answer, each checked by the official client's types."""
    if reply.chunks is not None:
        return reply.chunks
    usage: dict[str, Any] = {"promptTokenCount": tokens.total, "totalTokenCount": tokens.total}
    if reply.details:
        usage["promptTokensDetails"] = tokens.details(without=reply.unseen)
    if reply.thoughts:
        usage["thoughtsTokenCount"] = reply.thoughts
    known = {"modelVersion": f"{model}-001", "responseId": "r-1"}
    made: list[dict[str, Any]] = []
    if reply.block:
        made.append({"promptFeedback": {"blockReason": reply.block}, "usageMetadata": usage, **known})
    else:
        parts = [{"text": "**Thinking** about a wire", "thought": True}] if reply.thoughts else []
        third = len(reply.text) // 3
        texts = [reply.text[:third], reply.text[third : 2 * third], reply.text[2 * third :]] if reply.text else [""]
        for number, text in enumerate(texts):
            candidate: dict[str, Any] = {"index": 0}
            if found := [*parts, *([{"text": text}] if text else [])]:
                candidate["content"] = {"parts": found, "role": "model"}
            parts = []
            last = number == len(texts) - 1
            if last and reply.finish:
                candidate["finishReason"] = reply.finish
            counted = usage | ({"candidatesTokenCount": out_tokens(reply)} if last and reply.text else {})
            made.append({"candidates": [candidate], **({"usageMetadata": counted} if reply.usage else {}), **known})
    for chunk in made:
        types.GenerateContentResponse.model_validate(chunk)
    return made


class _Handler(BaseHTTPRequestHandler):
    api: GeminiServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self._handle("POST")

    def do_GET(self) -> None:
        self._handle("GET")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upload = "upload_id=" in self.path
        try:
            parsed = f"{len(body)} bytes" if upload else json.loads(body or b"null")
        except ValueError:
            parsed = body
        self.asked = Asked(method, self.path, {name.lower(): value for name, value in self.headers.items()}, parsed)
        with self.api.lock:
            self.api.requests.append(self.asked)
        try:
            self._route(method, urlsplit(self.path).path, body)
        except Refused as refused:
            self._answer(refused.code, json.dumps(refused.body, indent=2))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _route(self, method: str, path: str, body: bytes) -> None:
        key = self.headers.get("x-goog-api-key")
        session = "upload_id=" in self.path  # its address is its permission: the official client sends no key there
        if key is None and not session:
            raise Refused(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity).")
        if key != KEY and not session:
            raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", error_info("API_KEY_INVALID"))
        if method == "POST" and (found := re.fullmatch(r"/v1beta/models/([^/:]+):streamGenerateContent", path)):
            self._generate(found[1], body)
        elif method == "POST" and path == "/upload/v1beta/files":
            if query := parse_qs(urlsplit(self.path).query).get("upload_id"):
                self._chunk(query[0], body)
            else:
                self._start(body)
        elif found := re.fullmatch(r"/v1beta/(files/[^/]+)", path):
            self._file(method, found[1])
        else:
            self._answer(404, "<html>404</html>", {"Content-Type": "text/html"})

    def _generate(self, model: str, body: bytes) -> None:
        if parse_qs(urlsplit(self.path).query) != {"alt": ["sse"]}:
            raise invalid("alt=sse is what this server streams")
        if self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise invalid("Content-Type")
        if model not in MODELS:
            raise Refused(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta, or is not supported for generateContent.")
        tokens = check_question(body, model, self.api.files)
        with self.api.lock:
            step = self.api.script.pop(0) if self.api.script else Reply()
        reply = step if isinstance(step, Reply) else step(tokens)
        if reply.status != 200 or (reply.body is not None and not reply.before):
            self._answer(reply.status, reply.body or "", reply.headers)
            return
        self.api.charged(model, tokens, reply)
        events = [f"data:{reply.space}{json.dumps(chunk, ensure_ascii=False)}{reply.line_end * 2}" for chunk in chunks_of(reply, tokens, model)]
        self._stream(reply, [reply.before + (events[0] if events else ""), "".join(events[1:]) + reply.after])

    def _stream(self, reply: Reply, stages: list[str]) -> None:
        self.asked.status = 200
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        left = reply.reset_after
        for number, stage in enumerate(stages):
            data = stage.encode()
            while data:
                with self.api.lock:
                    size = self.api.random.randint(1, 40)
                piece, data = data[: size if left is None else min(size, left)], data[size:]
                if left is not None:
                    left -= len(piece)
                if piece:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.flush()
                if left == 0:
                    self._reset()
                    return
            if number == 0 and reply.hold is not None:
                reply.hold.wait(30)
        self.wfile.write(b"0\r\n\r\n")

    def _start(self, body: bytes) -> None:
        told = json.loads(body)
        if self.headers.get("X-Goog-Upload-Protocol") != "resumable" or self.headers.get("X-Goog-Upload-Command") != "start" or set(told) != {"file"}:
            raise invalid("not the start of a resumable upload")
        try:
            types.File.model_validate(told["file"])
        except ValidationError as error:
            raise invalid(str(error)) from error
        number = len(self.api.uploaded) + 1
        name = told["file"].get("name") or f"files/generated-{number}"
        if not re.fullmatch(r"files/[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", name) or name in self.api.uploaded:
            raise invalid(f"{name} is no name, or is taken")
        mime, size = self.headers.get("X-Goog-Upload-Header-Content-Type", ""), self.headers.get("X-Goog-Upload-Header-Content-Length", "")
        if mime not in ("video/webm", "video/mp4") or not size.isdecimal():
            raise invalid("the headers of the content")
        with self.api.lock:
            self.api.uploaded.append(name)
            self.api.sessions[f"u{number}"] = Stored(name, mime, int(size), f"https://generativelanguage.googleapis.com/v1beta/{name}")
        url = f"{self.api.upload_host or self.api.base_url}/upload/v1beta/files?upload_id=u{number}&upload_protocol=resumable"
        self._answer(200, "", {"X-Goog-Upload-URL": url, "X-Goog-Upload-Status": "active", "X-Goog-Upload-Chunk-Granularity": str(GRANULARITY)})

    def _chunk(self, session: str, body: bytes) -> None:
        file = self.api.sessions.get(session)
        if file is None:
            raise Refused(404, "NOT_FOUND", "Upload session not found")
        active = {"X-Goog-Upload-Status": "active"}
        command = self.headers.get("X-Goog-Upload-Command")
        if command == "query":
            status = "active" if file.state == "UPLOADING" else "final"
            self._answer(200, "", {"X-Goog-Upload-Status": status, "X-Goog-Upload-Size-Received": str(len(file.data))})
            return
        last = command == "upload, finalize"
        if (command != "upload" and not last) or self.headers.get("X-Goog-Upload-Offset") != str(len(file.data)) or file.state != "UPLOADING":
            raise invalid(f"{command} at {self.headers.get('X-Goog-Upload-Offset')}, {len(file.data)} received")
        if len(body) > CHUNK or (not last and len(body) % GRANULARITY) or (last and len(file.data) + len(body) != file.size):
            raise invalid(f"a chunk of {len(body)} bytes")
        with self.api.lock:
            how = self.api.upload_script.pop(0) if self.api.upload_script else "ok"
        if how == "503":
            raise Refused(503, "UNAVAILABLE", "Service unavailable")
        if how == "half":
            file.data += body[: len(body) // 2 // GRANULARITY * GRANULARITY]
            self._reset()
            return
        if how == "mute" and self.api.forgets:
            self._answer(200, "")
            return
        file.data += body
        if last:
            check_video(bytes(file.data), file.mime)
            with self.api.lock:
                file.state = "PROCESSING" if self.api.processing else "ACTIVE"
                self.api.files[file.uri] = file
        if how == "lost":
            self._reset()
        elif how == "mute":
            self._answer(200, "")
        elif last:
            self._answer(200, json.dumps({"file": file.as_json()}), {"X-Goog-Upload-Status": "final"})
        else:
            self._answer(200, "", active)

    def _file(self, method: str, name: str) -> None:
        with self.api.lock:
            file = next((f for f in self.api.files.values() if f.name == name), None)
            if file is None:
                raise Refused(403, "PERMISSION_DENIED", f"You do not have permission to access the File {name[6:]} or it may not exist.")
            if method == "DELETE":
                del self.api.files[file.uri]
                self.api.deleted.append(name)
                self._answer(200, "{}")
                return
            file.polls += 1
            if file.polls >= self.api.processing:
                file.state = "FAILED" if self.api.fail_file else "ACTIVE"
            self._answer(200, json.dumps(file.as_json()))

    def _answer(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> None:
        self.asked.status = status
        data = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _reset(self) -> None:
        """Ends the connection as a crash would: what is under way is lost."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
