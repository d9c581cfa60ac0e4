"""Programs that begin with their libraries loaded: they are forked from one that imported them once.

Importing takes more than a second of a core, and many tests start a program of its own. What is forked is a process of its own: it has its own
environment, arguments, streams, signals, threads and exit status, can be killed, and ends as Python ends. Where there is no fork to trust (elsewhere
than on Linux), the same function runs in a new Python.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBER = struct.Struct("!i")
LOADED = (
    "alembic.command",
    "alembic.config",
    "httpx",
    "minio",
    "psycopg",
    "rich.live",
    "skiuo_desktop.capture.test",
    "skiuo_desktop.cli.main",
    "skiuo_desktop.engine.app",
)
"""What is imported before; it may start no thread, as a thread does not survive a fork."""


def run(entry: str, *words: str, env: Mapping[str, str] | None = None, timeout_s: float = 120, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Calls `entry` ("package.module:function") in a process of its own, whose arguments are `words` and whose exit status is what the function returns.

    Raises subprocess.TimeoutExpired, after killing it.
    """
    environment = dict(os.environ if env is None else env)
    if sys.platform != "linux":
        code = f"import sys; sys.path.insert(0, {str(TESTS)!r}); from support import forked; sys.exit(forked._call({entry!r}))"
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout_s, input=stdin)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        status = _forker().run(entry, words, environment, [given.fileno(), out.fileno(), err.fileno()], timeout_s)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", errors="replace"))
    return subprocess.CompletedProcess([entry, *words], status, *texts)


class Forker:
    """The process that has the libraries, started once for each process of tests. It ends when the other end of its socket closes."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        # One thread: OpenBLAS would start one for each core when numpy is imported.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL)

    def run(self, entry: str, words: Sequence[str], env: dict[str, str], streams: list[int], timeout_s: float) -> int:
        """The exit status as `subprocess` has it: negative for a signal."""
        request = json.dumps({"entry": entry, "words": list(words), "env": env, "cwd": str(Path.cwd())}).encode() + b"\n"
        self._socket.settimeout(None)
        socket.send_fds(self._socket, [request[:1]], streams)
        self._socket.sendall(request[1:])
        pid = self._number(None)
        try:
            return self._number(timeout_s)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._number(None)
            raise subprocess.TimeoutExpired([entry, *words], timeout_s) from None

    def _number(self, timeout_s: float | None) -> int:
        self._socket.settimeout(timeout_s)
        answer = self._socket.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(answer) != NUMBER.size:
            raise RuntimeError("the process that forks has ended; it says why on stderr")
        return int(NUMBER.unpack(answer)[0])

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


@cache
def _forker() -> Forker:
    forker = Forker()
    atexit.register(forker.close)
    return forker


def _call(entry: str) -> int | None:
    module, _, function = entry.partition(":")
    status: int | None = getattr(importlib.import_module(module), function)()
    return status


def _serve(channel: socket.socket) -> str:
    """Forks for each request and waits for its end. Returns in the forked process, with what is to be called; the server itself exits."""
    sys.path[0] = str(TESTS)
    for name in LOADED:
        importlib.import_module(name)
    importlib.import_module("skiuo_desktop.cli.main").build_parser()
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        sys.exit(f"{threads} threads: one of {LOADED} starts them, and cannot be loaded here")
    while True:
        first, streams, _, _ = socket.recv_fds(channel, 1, 3)
        if not first:
            os._exit(0)
        request = first
        while not request.endswith(b"\n"):
            request += channel.recv(65536)
        words = json.loads(request)
        pid = os.fork()
        if pid == 0:
            channel.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            os.environ.clear()
            os.environ.update(words["env"])
            sys.path[1:1] = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder and folder not in sys.path]
            os.chdir(words["cwd"])
            sys.argv = [words["entry"], *words["words"]]
            return str(words["entry"])
        for stream in streams:
            os.close(stream)
        channel.sendall(NUMBER.pack(pid))
        _, status = os.waitpid(pid, 0)
        channel.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    sys.exit(_call(_serve(socket.socket(fileno=int(sys.argv[1])))))
