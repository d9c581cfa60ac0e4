"""Real object stores on loopback, started by the tests themselves: MinIO, versitygw, moto; or one that is given.

    with Minio(folder) as server:
        store = ObjectStore(server.address(server.new_bucket()))
        server.kill(); server.start()       # the same folder and port

Where the programs are: `SKIUO_TEST_MINIO` and `SKIUO_TEST_VERSITYGW`, the cache that `build_servers.py` fills, then PATH. `SKIUO_TEST_S3_ENDPOINT`,
`SKIUO_TEST_S3_ACCESS_KEY`, `SKIUO_TEST_S3_SECRET_KEY` and, where needed, `SKIUO_TEST_S3_REGION` and `SKIUO_TEST_S3_CA_FILE` name a store that runs already:
buckets with random names are made there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.build_servers import built, given
from support.certificates import Certificate

from skiuo_desktop.backend.address import StoreAddress
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError

DEADLINE_S = 60.0
ACCESS_KEY, SECRET_KEY = "skiuo-test-access", "skiuo-test-secret-0f5b"


def program(name: str) -> str | None:
    """The server's program, or None: then what needs it is skipped, by name."""
    if given(name):
        return given(name)
    return str(built(name)) if built(name).is_file() else shutil.which(name)


def wait_until(condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:.0f} s: {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Store:
    """An object store to test against. `name`: minio, versitygw, moto or given."""

    name = "given"
    endpoint = ""
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY
    region = "us-east-1"
    ca_file = ""

    @property
    def host(self) -> str:
        return self.endpoint.partition("://")[2]

    def address(self, bucket: str, **changes: Any) -> StoreAddress:
        fields = {
            "endpoint": self.endpoint,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "region": self.region,
            "ca_file": self.ca_file,
            "allow_http": ("127.0.0.1",),
        }
        return StoreAddress(bucket=bucket, **{**fields, **changes})

    def new_bucket(self) -> str:
        """A bucket of its own for a test."""
        name = f"t-{uuid.uuid4().hex[:20]}"
        store = ObjectStore(self.address(name))
        store.create_bucket()
        store.close()
        return name


class Given(Store):
    """The store of the environment's variables."""

    def __init__(self) -> None:
        self.endpoint = os.environ["SKIUO_TEST_S3_ENDPOINT"].rstrip("/")
        self.access_key = os.environ["SKIUO_TEST_S3_ACCESS_KEY"]
        self.secret_key = os.environ["SKIUO_TEST_S3_SECRET_KEY"]
        self.region = os.environ.get("SKIUO_TEST_S3_REGION", "us-east-1")
        self.ca_file = os.environ.get("SKIUO_TEST_S3_CA_FILE", "")

    def address(self, bucket: str, **changes: Any) -> StoreAddress:
        host = self.host.rpartition(":")[0] or self.host
        return super().address(bucket, **{"allow_http": (host,), **changes})


class Server(Store):
    """One that runs as a program of its own, with its files in `folder`. `tls`: it speaks https with this certificate."""

    def __init__(self, folder: Path, *, tls: Certificate | None = None) -> None:
        self.folder = folder
        self.tls = tls
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "data").mkdir(parents=True, exist_ok=True)
        if tls is not None:
            self.ca_file = str(tls.ca)

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return {}

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> None:
        """Returns when it answers signed requests. Again after `stop` or `kill`: on the same port, with the same files."""
        for attempt in range(5):
            # Between finding a free port and listening on it, another test may have taken it.
            again = self.port != 0
            self.port = self.port or free_port()
            self.endpoint = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment()}, cwd=self.folder
                )
            atexit.register(self.kill)
            if self._ready():
                return
            self.kill()
            if not again:
                self.port = 0
            elif attempt == 4:
                break
        raise AssertionError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def _ready(self) -> bool:
        store = ObjectStore(self.address("not-there"), timeout_s=5.0)
        process, end = self._process, time.monotonic() + DEADLINE_S
        assert process is not None
        try:
            while process.poll() is None and time.monotonic() < end:
                try:
                    store.exists()
                    return True
                except BackendError:
                    time.sleep(0.05)
        finally:
            store.close()
        return False

    def stop(self) -> None:
        """Asks it to end, and waits."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        atexit.unregister(self.kill)
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(DEADLINE_S)

    def restart(self) -> None:
        self.kill()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()


class Minio(Server):
    """`drives`: more than one makes an erasure set on this one disk."""

    name = "minio"

    def __init__(self, folder: Path, *, tls: Certificate | None = None, drives: int = 1) -> None:
        super().__init__(folder, tls=tls)
        self.drives = drives
        certificates = folder / "certs"
        certificates.mkdir(exist_ok=True)
        if tls is not None:
            shutil.copy(tls.certificate, certificates / "public.crt")
            shutil.copy(tls.key, certificates / "private.key")

    def command(self) -> Sequence[str]:
        data = str(self.folder / "data")
        places = [data] if self.drives == 1 else [f"{data}/{{1...{self.drives}}}"]
        return [str(program("minio")), "server", "--quiet", "--certs-dir", str(self.folder / "certs"), "--address", f"127.0.0.1:{self.port}", *places]

    def environment(self) -> Mapping[str, str]:
        # MINIO_CI_CD: without it several drives on one disk are refused.
        return {
            "MINIO_ROOT_USER": self.access_key,
            "MINIO_ROOT_PASSWORD": self.secret_key,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
            "MINIO_CI_CD": "1" if self.drives > 1 else "",
            "HOME": str(self.folder),
        }


class Versitygw(Server):
    name = "versitygw"

    def command(self) -> Sequence[str]:
        # A sidecar, because not every file system has extended attributes.
        (self.folder / "meta").mkdir(exist_ok=True)
        tls = ["--cert", str(self.tls.certificate), "--key", str(self.tls.key)] if self.tls else []
        return [
            str(program("versitygw")),
            *("--quiet", "--keep-alive", "--port", f"127.0.0.1:{self.port}", *tls),
            *("posix", "--sidecar", str(self.folder / "meta"), str(self.folder / "data")),
        ]

    def environment(self) -> Mapping[str, str]:
        return {"ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key}


class Moto(Server):
    """Python's imitation of S3: for machines without Go. It checks no keys, and forgets all when it ends."""

    name = "moto"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
