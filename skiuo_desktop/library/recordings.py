"""Recordings: their rows, titles, notes, tags, markers, notices and tracks, and who is writing them."""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from skiuo_desktop.errors import BugError, LibraryBusyError, StorageError
from skiuo_desktop.library import files
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.index import LAST_MOMENT, index_words
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.rows import marker_of, notice_row, recording_of, window_of
from skiuo_desktop.library.schema import OWNED, AnalysisRow, MarkerRow, RecordingRow, RecordingTagRow, TracksRow, WindowRow
from skiuo_desktop.model import Marker, Notice, Recording, RecordingState, Tracks, Window

log = logging.getLogger(__name__)

_MEASURES = ("duration_ms", "frames", "dropped_frames", "bytes", "width", "height", "fps", "video_codec", "has_audio")
_COLUMNS = frozenset({*_MEASURES, "state", "path", "thumbnail", "source", "source_label"})


class Recordings(Part):
    def new_recording_id(self, now: datetime | None = None) -> str:
        """A fresh id such as `20261124-190203-3f9a1c`: the UTC second and a random part, so ids sort by time."""
        return f"{(now or datetime.now(UTC)).astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def add_recording(self, recording: Recording) -> None:
        """Adds a row, with its tags and notices (not its windows and markers). In state RECORDING this instance owns it.

        Raises StorageError where its path lies outside the recordings folder.
        """
        with self._database.write() as session:
            row = RecordingRow(
                id=recording.id,
                device_id=self.device_id,
                moment=self._free_moment(session, recording.started_at),
                title=recording.title,
                path=files.relative(self._folder, recording.path),
                source=recording.source,
                source_label=recording.source_label,
                started_at=recording.started_at,
                state=recording.state,
                owner=self.instance if recording.state is RecordingState.RECORDING else "",
                window_length_ms=recording.window_length_ms,
                window_stride_ms=recording.window_stride_ms,
                models=list(recording.models),
                notes=recording.notes,
                notices=[notice_row(notice) for notice in recording.notices],
                thumbnail=files.relative(self._folder, recording.thumbnail),
                deleted_at=None,
                freed_at=None,
                **{name: getattr(recording, name) for name in _MEASURES},
            )
            if session.scalar(select(RecordingRow.id).where(RecordingRow.path == row.path, RecordingRow.deleted_at.is_(None))) is not None:
                raise LibraryBusyError(f"{row.path} is in the library already.")
            session.add(row)
            session.flush()
            _replace_tags(session, recording.id, recording.tags)
            index_words(session, row)

    def update_recording(self, recording_id: str, /, **columns: Any) -> None:
        """Sets columns of these names in `model.Recording` (texts for people have methods of their own). Leaving state RECORDING ends the ownership.

        Raises NotFoundError, and BugError for a column that cannot be set so.
        """
        if unknown := columns.keys() - _COLUMNS:
            raise BugError(f"update_recording cannot set {', '.join(sorted(unknown))}.")
        with self._database.write() as session:
            row = live(session, recording_id)
            for name, value in columns.items():
                setattr(row, name, files.relative(self._folder, value) if name in ("path", "thumbnail") else value)
            if "state" in columns:
                row.owner = self.instance if row.state == RecordingState.RECORDING else ""

    def recording(self, recording_id: str) -> Recording:
        """Everything about a recording. Raises NotFoundError, StorageError where its row names a file outside the folder."""
        with self._database.read() as session:
            return self._whole(session, live(session, recording_id))

    def recording_head(self, recording_id: str) -> Recording:
        """A recording without its windows, however many there are. Raises as `recording`."""
        with self._database.read() as session:
            return self._whole(session, live(session, recording_id), windows=False)

    def known_paths(self) -> set[Path]:
        """The video files that rows name."""
        with self._database.read() as session:
            paths = session.scalars(select(RecordingRow.path).where(RecordingRow.path != "")).all()
        return {self._folder / path for path in paths}

    def orphan_recordings(self) -> list[Recording]:
        """Recordings in state RECORDING whose owner is dead: `adopt_recording` one, then repair it."""
        with self._database.read() as session:
            rows = session.scalars(select(RecordingRow).where(OWNED, RecordingRow.state == RecordingState.RECORDING, RecordingRow.deleted_at.is_(None))).all()
            dead = {owner for owner in {row.owner for row in rows} if not self._instance.is_alive(owner)}
            orphans = []
            for row in rows:
                if row.owner not in dead:
                    continue
                try:
                    orphans.append(self._whole(session, row))
                except StorageError as error:
                    log.error("recording %s cannot be repaired: %s", row.id, error)
            return orphans

    def adopt_recording(self, recording_id: str) -> bool:
        """Makes this instance the owner of an orphan, so that two programs do not repair one file. False if it is none (any more)."""
        with self._database.read() as session:
            owner = live(session, recording_id).owner
        if not owner or self._instance.is_alive(owner):
            return False
        with self._database.write() as session:
            row = live(session, recording_id)
            if row.owner != owner:
                return False
            row.owner = self.instance
            return True

    def set_title(self, recording_id: str, title: str) -> None:
        with self._database.write() as session:
            row = live(session, recording_id)
            row.title = title
            index_words(session, row)

    def set_notes(self, recording_id: str, notes: str) -> None:
        with self._database.write() as session:
            row = live(session, recording_id)
            row.notes = notes
            index_words(session, row)

    def set_tags(self, recording_id: str, tags: Sequence[str]) -> None:
        """Replaces the tags; blank and repeated ones are left out."""
        with self._database.write() as session:
            row = live(session, recording_id)
            _replace_tags(session, recording_id, tags)
            session.touch(row)

    def add_marker(self, recording_id: str, at_ms: int, text: str = "") -> Marker:
        with self._database.write() as session:
            live(session, recording_id)
            (number,) = session.take_ids(1)
            row = MarkerRow(id=number, recording_id=recording_id, at_ms=at_ms, text=text)
            session.add(row)
            return marker_of(row)

    def add_notice(self, recording_id: str, notice: Notice) -> None:
        with self._database.write() as session:
            row = live(session, recording_id)
            row.notices = [*row.notices, notice_row(notice)]

    def tracks(self, recording_id: str) -> Tracks:
        """Empty tracks while none were saved."""
        with self._database.read() as session:
            live(session, recording_id)
            row = session.get(TracksRow, recording_id)
            return Tracks(row.motion, row.sound) if row else Tracks()

    def save_tracks(self, recording_id: str, tracks: Tracks) -> None:
        with self._database.write() as session:
            live(session, recording_id)
            session.merge(TracksRow(recording_id=recording_id, motion=tracks.motion, sound=tracks.sound))

    def _free_moment(self, session: Session, started_at: datetime) -> int:
        moment = min(max(0, int(started_at.timestamp() * 1000)), LAST_MOMENT - 1_000_000)  # whatever a wrong clock says
        taken = select(RecordingRow.id).where(RecordingRow.device_id == self.device_id)
        while session.execute(taken.where(RecordingRow.moment == moment)).first() is not None:
            moment += 1
        return moment

    def _whole(self, session: Session, row: RecordingRow, *, windows: bool = True) -> Recording:
        return recording_of(
            row,
            self._folder,
            session.scalars(select(RecordingTagRow.tag).where(RecordingTagRow.recording_id == row.id).order_by(RecordingTagRow.position)).all(),
            session.scalars(select(MarkerRow).where(MarkerRow.recording_id == row.id).order_by(MarkerRow.at_ms, MarkerRow.id)),
            _windows(session, row.id) if windows else [],
        )


def _windows(session: Session, recording_id: str) -> list[Window]:
    analyses = defaultdict(list)
    of_recording = select(AnalysisRow).join(WindowRow, WindowRow.id == AnalysisRow.window_id).where(WindowRow.recording_id == recording_id)
    for analysis in session.scalars(of_recording.order_by(AnalysisRow.id)):
        analyses[analysis.window_id].append(analysis)
    windows = session.scalars(select(WindowRow).where(WindowRow.recording_id == recording_id).order_by(WindowRow.index))
    return [window_of(window, analyses[window.id]) for window in windows]


def _replace_tags(session: Writing, recording_id: str, tags: Sequence[str]) -> None:
    session.execute(delete(RecordingTagRow).where(RecordingTagRow.recording_id == recording_id))
    wanted = dict.fromkeys(tag.strip() for tag in tags if tag.strip())
    session.add_all(RecordingTagRow(recording_id=recording_id, tag=tag, position=position) for position, tag in enumerate(wanted))
