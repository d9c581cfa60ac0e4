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
        confirmed = self._known(database, database.confirmed(self._library.device_id), self._library.mirror_state().confirmed)
        while not stop():
            batch = self._library.changes(confirmed, ROWS)
            if batch.upto == confirmed:
                return
            self._library.sending(batch.upto)
            # Another number than the batch's is what the server has in truth: the next batch begins there.
            confirmed = self._known(database, database.push(batch), confirmed)

    def _known(self, database: Database, told: int, before: int) -> int:
        """What the server has confirmed, `told`, where this library knew of `before`.

        More than that, save for a batch whose answer was lost, was not sent by this library as it is now: it was restored from a backup, or copied. Its numbers
        say nothing about what is there any more, so everything is sent again.
        """
        if told > before and told != self._library.mirror_state().sent:
            log.warning("the database has confirmed revision %d, and this library has sent no more than %d: it was restored from a backup", told, before)
            database.rewind(self._library.device_id, 0)
            told = 0
        self._library.mirrored(told)
        return told

    def confirmed(self) -> int | None:
        """The revision that the server had when it was last asked; None without a database."""
        return self._library.mirror_state().confirmed if self._servers.names[1] else None
