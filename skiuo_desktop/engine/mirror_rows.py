"""The rows' half of the mirror: what is newer than what the database server has confirmed goes there, in order."""

from __future__ import annotations

import logging
from collections.abc import Callable

from skiuo_desktop.backend.database import Database
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import BackendTrouble

log = logging.getLogger(__name__)

ROWS = 500
"""Rows of one transaction. More are hardly faster, and what a cut connection throws away is larger."""


class RowMirror:
    def __init__(self, library: Library, servers: Servers) -> None:
        self._library = library
        self._servers = servers
        self._prepared: Database | None = None

    def run(self, stop: Callable[[], bool]) -> None:
        """Mirrors until nothing is newer. Raises SkiuoError.

        The server keeps what it has confirmed in the transaction that brought it, so a batch arrives once, whoever dies in between.
        """
        database = self._servers.database()
        if database is None:
            return
        if database is not self._prepared:
            database.prepare()
            self._prepared = database
        try:
            self._catch_up(database, stop)
        except BackendError as error:
            if error.trouble in (BackendTrouble.MISSING, BackendTrouble.OLDER):
                self._prepared = None  # somebody put another database in its place
            raise

    def _catch_up(self, database: Database, stop: Callable[[], bool]) -> None:
        confirmed = database.confirmed(self._library.device_id)
        if confirmed > self._library.revision():
            log.warning("the database has confirmed revision %d, which this library has not reached: it was restored from a backup", confirmed)
            confirmed = self._library.overtake(confirmed)
        self._library.mirrored(confirmed)
        while not stop():
            batch = self._library.changes(confirmed, ROWS)
            if batch.upto == confirmed:
                return
            # Another number than the batch's is what the server has in truth: the next batch begins there.
            confirmed = database.push(batch)
            self._library.mirrored(confirmed)

    def confirmed(self) -> int | None:
        """The revision that the server had when it was last asked; None without a database."""
        return self._library.mirror_state().confirmed if self._servers.names[1] else None
