"""The user's PostgreSQL: connections, and what the mirror does with it.

Every transaction says itself where it looks and how long it waits (`set_config(…, true)`), so that a connection pooler
between here and the server changes nothing.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, create_engine, event, text

from skiuo_desktop import failures
from skiuo_desktop.backend import database_tls, rows, upgrade
from skiuo_desktop.backend.database_errors import explained, meaning
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.backend.tables import SCHEMA
from skiuo_desktop.errors import BackendError
from skiuo_desktop.library.mirroring import Batch
from skiuo_desktop.model import BackendTrouble

__all__ = ["Database", "DatabaseAddress"]

_SETTINGS = {
    "search_path": f"{SCHEMA}, pg_temp",
    "statement_timeout": "120s",
    "lock_timeout": "30s",
    # A program that vanished in the middle of a batch must not keep its rows locked.
    "idle_in_transaction_session_timeout": "120s",
    # Compiling a statement takes longer than any of these runs.
    "jit": "off",
}
_BEGIN = "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items())


class Database:
    """The connections to one database. Thread-safe; connects when it is first asked. Every method raises BackendError.

    `host`: hosts and ports, as messages name the server.
    """

    def __init__(self, address: DatabaseAddress) -> None:
        self.address = address
        self.host = address.host
        self._connections: WeakSet[Any] = WeakSet()
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            # Not what the server or the role may have for all: who waited for a lock has to see what the other one did.
            isolation_level="READ COMMITTED",
            pool_size=2,
            max_overflow=2,
            pool_timeout=60,
            pool_pre_ping=True,
        )

        @event.listens_for(self._engine, "begin")
        def on_begin(connection: Connection) -> None:
            connection.exec_driver_sql(_BEGIN)

    def _connect(self) -> Any:
        import psycopg

        # Statements are few and large; and prepared ones do not pass every pooler.
        try:
            connection = psycopg.connect(prepare_threshold=None, **self.address.parameters())  # type: ignore[arg-type]
        except psycopg.OperationalError as error:
            if meaning(error, self.address).trouble is BackendTrouble.TLS and (why := database_tls.reason(self.address)) is not None:
                raise why from error
            raise
        self._connections.add(connection)
        return connection

    def cut(self) -> None:
        """Ends what is under way on any thread, as if the network had broken: a server that hangs would be waited for without end. From any thread."""
        for connection in list(self._connections):
            # Of the socket a copy: the connection itself belongs to the thread that waits in it. It may be closed meanwhile; and where a socket is no file
            # (Windows) the thread is left behind.
            with suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as copy:
                copy.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction that looks into the schema `skiuo` alone: committed at the end, rolled back on any exception."""
        try:
            with explained(self.address), self._engine.begin() as connection:
                yield connection
        except BackendError as error:
            if error.trouble is BackendTrouble.UNREACHABLE:
                self._engine.dispose()  # the others lead to the same server, which may have been replaced by another
            raise

    def prepare(self) -> None:
        """Brings the schema up to date where this role may; cheap when it is. Raises BackendError: NEWER, OLDER, MISSING and others."""
        with self.transaction() as connection:
            upgrade.prepare(connection, self.address)

    def confirmed(self, device_id: str) -> int:
        """The revision up to which the server has everything of a device; 0 for one that it does not know."""
        with self.transaction() as connection:
            return connection.execute(text("SELECT revision FROM mirrored WHERE device_id = :device"), {"device": device_id}).scalar() or 0

    def push(self, batch: Batch) -> int:
        """Writes a batch in one transaction; returns the server's confirmed revision after it.

        That is `batch.upto`, or another one when it was not this batch's turn: then nothing was written. So whoever does not know whether a batch arrived
        sends it again. Raises BackendError: REFUSED for a row that is another device's; NEWER, OLDER, MISSING.
        """
        with self.transaction() as connection:
            confirmed = rows.begin(connection, batch.device_id, self.address)
            if confirmed == batch.after:
                rows.write(connection, batch, self.address)
                confirmed = batch.upto
        return confirmed

    def rewind(self, device_id: str, to: int) -> None:
        """Sets back what is confirmed of a device; of the rows that the server has from after `to`, it then takes any version.

        For a library that was restored from a backup: what it sends from now on replaces what is there, also where it gives an id to another row.
        """
        with self.transaction() as connection:
            rows.begin(connection, device_id, self.address)
            rows.rewind(connection, device_id, to)

    def check_write(self) -> None:
        """Writes, reads and removes a row, and commits: what the mirror needs to be allowed to do."""
        device = {"device": f"check-{uuid.uuid4().hex}"}
        with self.transaction() as connection:
            connection.execute(text("INSERT INTO mirrored (device_id, revision, at) VALUES (:device, 1, now())"), device)
            connection.execute(text("UPDATE mirrored SET revision = 2 WHERE device_id = :device"), device)
            read = connection.execute(text("SELECT revision FROM mirrored WHERE device_id = :device"), device).scalar()
            connection.execute(text("DELETE FROM mirrored WHERE device_id = :device"), device)
        if read != 2:
            raise failures.backend_error(BackendTrouble.DIFFERENT, self.host)

    def version(self) -> str:
        """The server's version, such as `18.4`."""
        with self.transaction() as connection:
            return str(connection.execute(text("SELECT current_setting('server_version')")).scalar_one())

    def schema_revision(self) -> str:
        """The schema's revision; empty while there are no tables."""
        with self.transaction() as connection:
            return upgrade.revision(connection)

    def close(self) -> None:
        """Closes all connections; the next question opens new ones."""
        self._engine.dispose()
