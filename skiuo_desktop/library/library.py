"""The library of one home folder: a database file and the recordings beside it."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from sqlalchemy import select

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.home import Home
from skiuo_desktop.library.aim import Aim
from skiuo_desktop.library.analyses import Analyses
from skiuo_desktop.library.clips import Clips
from skiuo_desktop.library.database import Database
from skiuo_desktop.library.deletion import Deletion
from skiuo_desktop.library.instances import Instance
from skiuo_desktop.library.listing import Listing
from skiuo_desktop.library.migrate import migrate
from skiuo_desktop.library.mirroring import Mirroring
from skiuo_desktop.library.money import Money
from skiuo_desktop.library.objects import Objects
from skiuo_desktop.library.recordings import Recordings
from skiuo_desktop.library.retention import Retention
from skiuo_desktop.library.schema import OWNED, TAKEN, AnalysisRow, RecordingRow, ThisLibrary
from skiuo_desktop.library.search import Search
from skiuo_desktop.library.work import Work

log = logging.getLogger(__name__)


class Library(Recordings, Listing, Analyses, Work, Money, Search, Deletion, Retention, Objects, Clips, Aim, Mirroring):
    """Every method is one short transaction, or several, safe from any thread, and sees what other programs on the library do.

    Every method may raise StorageError (disk full, damaged or unwritable file) and LibraryBusyError (another program
    writes without end), besides what it names itself.
    """

    @classmethod
    def open(cls, home: Home) -> Self:
        """Opens the library of `home`; creates it or brings it up to date where needed. Close it, or use it in a `with`."""
        home.prepare()
        migrate(home.database)
        instance = Instance(home.instances)
        database = Database(home.database)
        try:
            with database.read() as session:
                device_id = session.scalars(select(ThisLibrary.device_id)).one()
            library = cls(home, database, instance, device_id)
            library._tidy()
        except BaseException:
            database.close()
            instance.release(still_named=False)
            raise
        return library

    def _tidy(self) -> None:
        """Ends what programs that died have left, as far as nobody needs to be asked."""
        try:
            self.finish_deletions()
        except SkiuoError as error:
            log.warning("a deletion that was begun earlier could not be finished: %s", error)  # the recording is back in the list
        self.finish_freeing()
        self._instance.sweep(self._named())

    def close(self) -> None:
        """What this instance still records or analyses is left to the next one as an orphan (see `orphan_recordings`, `release_orphans`)."""
        named = True
        try:
            named = self.instance in self._named()
        finally:
            self._database.close()
            self._instance.release(still_named=named)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _named(self) -> set[str]:
        """The instances that rows name as owners."""
        with self._database.read() as session:
            return {
                *session.scalars(select(RecordingRow.owner).where(OWNED).distinct()),
                *session.scalars(select(AnalysisRow.owner).where(TAKEN).distinct()),
            }
