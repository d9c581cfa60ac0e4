"""Deleting recordings: shown first, then the row says so, then the files go, then what was said about them.

The row is the journal. It carries `deleted_at` and this instance as owner before a file is touched, so the recording
is out of sight at once and a deletion that the program's end cut short is finished by the next one that opens the
library. If a file cannot be removed, the recording comes back. At the end an empty tombstone stays, for the mirror.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, func, select

from skiuo_desktop.errors import LibraryBusyError, StorageError
from skiuo_desktop.library import files, trash
from skiuo_desktop.library.index import forget
from skiuo_desktop.library.instances import NOBODY
from skiuo_desktop.library.listing import summarise
from skiuo_desktop.library.objects import release
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.schema import OWNED, AnalysisRow, MarkerRow, RecordingRow, RecordingTagRow, TracksRow, UploadRow, WindowRow
from skiuo_desktop.library.work import cancel_open
from skiuo_desktop.model import DeletionPreview, RecordingState, WindowState

log = logging.getLogger(__name__)


class Deletion(Part):
    def deletion_preview(self, recording_ids: Sequence[str]) -> DeletionPreview:
        """Raises NotFoundError for an unknown id, StorageError where a row names a file outside the folder."""
        ids = list(dict.fromkeys(recording_ids))
        with self._database.read() as session:
            paths = [path for row in (live(session, each) for each in ids) for path in self._files(row)]
            summaries = summarise(session, self._folder, select(RecordingRow.id, RecordingRow.moment).where(RecordingRow.id.in_(ids)))
            analyses = select(func.count()).select_from(AnalysisRow).join(WindowRow, WindowRow.id == AnalysisRow.window_id)
            return DeletionPreview(
                recordings=summaries,
                bytes=sum(path.stat().st_size for path in paths if path.is_file()),
                analyses=session.execute(analyses.where(WindowRow.recording_id.in_(ids))).scalar_one(),
                not_analysed=sum(state is not WindowState.DONE for summary in summaries for state in summary.states),
                to_trash=trash.has_trash(self._folder),
            )

    def delete(self, recording_ids: Sequence[str]) -> None:
        """Deletes recordings with all that belongs to them; what is being analysed is cancelled, in any program.

        Raises NotFoundError and LibraryBusyError (one is being recorded or repaired) before anything is removed, and
        StorageError naming what could not be removed and therefore stays.
        """
        ids = list(dict.fromkeys(recording_ids))
        with self._database.read() as session:
            owners = {row.owner for row in (live(session, each) for each in ids) if row.owner}
        dead = {owner for owner in owners if owner != self.instance and not self._instance.is_alive(owner)}
        with self._database.write() as session:
            rows = [live(session, each) for each in ids]
            for row in rows:
                if row.owner and row.owner not in dead:
                    raise LibraryBusyError(f"{row.title or row.id} is being recorded or repaired right now. Stop that first, then delete it.")
                self._files(row)
            for row in rows:
                cancel_open(session, row.id)
                row.deleted_at, row.owner = datetime.now(UTC), self.instance
        self._remove(ids)

    def drop_recording(self, recording_id: str) -> None:
        """Takes back a recording of this instance in which nothing was recorded, with its empty file. Raises NotFoundError, StorageError."""
        with self._database.write() as session:
            row = live(session, recording_id)
            row.deleted_at, row.owner = datetime.now(UTC), self.instance
        try:
            for path in self._files(row):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"The empty file of {recording_id} could not be removed: {error.strerror}.") from error
        self._bury(recording_id)

    def finish_deletions(self) -> None:
        """Finishes what a program that died had begun to delete. Raises as `delete`."""
        with self._database.read() as session:
            begun = session.scalars(select(RecordingRow).where(OWNED, RecordingRow.deleted_at.is_not(None))).all()
        dead = {owner for owner in {row.owner for row in begun} if not self._instance.is_alive(owner)}
        if not dead:
            return
        with self._database.write() as session:
            orphans = session.scalars(select(RecordingRow).where(OWNED, RecordingRow.deleted_at.is_not(None), RecordingRow.owner.in_(dead))).all()
            for row in orphans:
                row.owner = self.instance
        self._remove([row.id for row in orphans])

    def _remove(self, ids: Sequence[str]) -> None:
        """Removes the files of recordings marked as deleted, then their rows. Those that must stay come back."""
        to_trash = trash.has_trash(self._folder)
        kept = []
        for recording_id in ids:
            with self._database.read() as session:
                row = session.get_one(RecordingRow, recording_id)
            try:
                for path in self._files(row):
                    trash.remove(path, to_trash=to_trash)
            except (OSError, StorageError) as error:
                log.warning("recording %s could not be deleted: %s", recording_id, error)
                kept.append(f"{row.title or row.id} ({getattr(error, 'strerror', None) or error})")
                self._bring_back(recording_id)
            else:
                self._bury(recording_id)
        if kept:
            raise StorageError(f"Not deleted, because {'its file' if len(kept) == 1 else 'their files'} could not be removed: {', '.join(kept)}.")

    def _bring_back(self, recording_id: str) -> None:
        with self._database.write() as session:
            row = session.get_one(RecordingRow, recording_id)
            # One that was to be repaired still is: by nobody so far.
            row.deleted_at, row.owner = None, NOBODY if row.state == RecordingState.RECORDING else ""
            if not (self._folder / row.thumbnail).is_file():
                row.thumbnail = ""

    def _bury(self, recording_id: str) -> None:
        with self._database.write() as session:
            row = session.get_one(RecordingRow, recording_id)
            forget(session, row)
            for table in (WindowRow, MarkerRow, RecordingTagRow, TracksRow):  # analyses and attempts go with their windows
                session.execute(delete(table).where(table.recording_id == recording_id))
            row.title = row.notes = row.path = row.thumbnail = row.source = row.source_label = row.owner = ""
            row.notices, row.models = [], []
            release(session, session.scalars(select(UploadRow).where(UploadRow.recording_id == recording_id)).all())

    def _files(self, row: RecordingRow) -> list[Path]:
        # The thumbnail goes first: a recording without its picture is whole, one without its video is not.
        return [Path(path) for path in (files.absolute(self._folder, row.thumbnail), files.absolute(self._folder, row.path)) if path]
