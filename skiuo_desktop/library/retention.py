"""Which video files the person's rule frees here, and freeing them. Rows, texts and thumbnails stay.

Only what is analysed or in the store goes. The row is the journal, as in `deletion`: it carries `freed_at` and this
instance as owner before the file is touched. A file goes for good, not to a trash, which would free no space.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from skiuo_desktop import failures
from skiuo_desktop.errors import NotFoundError, StorageError
from skiuo_desktop.library import files
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.listing import summarise
from skiuo_desktop.library.objects import RECORDING, UploadState, release
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.schema import OWNED, ObjectRow, RecordingRow, UploadRow, WindowRow
from skiuo_desktop.library.states import RULE, STRIDE
from skiuo_desktop.model import RecordingState, RecordingSummary, RetentionPreview, WindowState

log = logging.getLogger(__name__)

T = TypeVar("T")

GB = 1_000_000_000

IDLE_MOST = timedelta(days=366)
"""A clock that is further ahead of the newest recording than this is not believed: it may have jumped, and everything would be old."""

_MANY = 10_000
"""Ids in one question; databases bound their number."""

_SHORT = 50
"""Objects that one short transaction lets go."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept here: video of the last `days`, and at most `gb` of it (10^9 bytes). 0: no limit."""

    days: int = 0
    gb: float = 0.0


@dataclass(frozen=True, slots=True)
class Freed:
    recordings: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class _Video:
    id: str
    moment: int
    size: int
    finished: bool  # and nobody's


class Retention(Part):
    def retention_preview(self, rule: Rule, now: datetime | None = None) -> RetentionPreview:
        """What `rule` would free now, the oldest first. `now`: aware; None asks the clock.

        What is too old goes first; then, while there is more than `gb`, the oldest that may go. A file that is not there counts for nothing.
        """
        with self._database.read() as session:
            videos = self._videos(session)
            ours = (RecordingRow.device_id == self.device_id, RecordingRow.deleted_at.is_(None))
            newest = session.scalar(select(func.max(RecordingRow.started_at)).where(*ours))
            told = now or datetime.now(UTC)
            doubted = newest if newest is not None and not newest <= told <= newest + IDLE_MOST else None
            before = told - timedelta(days=rule.days) if rule.days and doubted is None else None
            goes, kept = _choose(session, videos, before, round(rule.gb * GB), max(told, newest or told))
            return RetentionPreview(self._summaries(session, goes), sum(video.size for video in goes), kept, doubted if rule.days else None)

    def require_video(self, recording_id: str) -> None:
        """Raises NotFoundError, in words for a person, where the rule has removed the recording's video here, or there is no such recording."""
        with self._database.read() as session:
            must_be_here(session, live(session, recording_id))

    def free_video(self, recording_ids: Sequence[str], *, let_go: bool = False, now: datetime | None = None) -> Freed:
        """Removes the video files of those of these recordings that may still go; `let_go`: also from the store, where every window has its text.

        What is being recorded, repaired or analysed, or is neither analysed nor in the store, stays, and so does what is gone already.
        Raises StorageError naming what could not be removed and therefore stays.
        """
        freed: list[str] = []
        size, stays = 0, []
        for recording_id in dict.fromkeys(recording_ids):
            row = self._begin_freeing(recording_id, now or datetime.now(UTC))
            if row is None:
                continue
            try:
                path = Path(files.absolute(self._folder, row.path))
                there = path.stat().st_size
                path.unlink()
            except (OSError, StorageError) as error:
                log.warning("the video of %s could not be removed: %s", recording_id, error)
                stays.append(f"{row.title or row.id} ({getattr(error, 'strerror', None) or error})")
                self._end_freeing(recording_id, gone=False)
            else:
                self._end_freeing(recording_id, gone=True, let_go=let_go)
                freed.append(recording_id)
                size += there
        if stays:
            raise StorageError(f"Not removed, because {'its video file is' if len(stays) == 1 else 'their video files are'} held: {', '.join(stays)}.")
        return Freed(tuple(freed), size)

    def let_freed_go(self) -> int:
        """Videos that were freed here leave the store too, as soon as every window has its text. Returns how many."""
        freed = (RecordingRow.freed_at.is_not(None), RecordingRow.owner == "", RecordingRow.deleted_at.is_(None), _analysed())
        stored = (UploadRow.kind == RECORDING, UploadRow.state == UploadState.STORED)
        goes = select(UploadRow).join(RecordingRow, RecordingRow.id == UploadRow.recording_id).where(*freed, *stored)
        with self._database.read() as session:  # many rows are looked at: nobody who writes waits for that
            found = session.scalars(goes.with_only_columns(UploadRow.id)).all()
        count = 0

        def let_go(session: Writing, some: Sequence[int]) -> None:
            nonlocal count
            jobs = session.scalars(goes.where(UploadRow.id.in_(some))).all()
            release(session, jobs)
            count += len(jobs)

        self._database.write_pieces(found, _SHORT, let_go)
        return count

    def finish_freeing(self) -> None:
        """Ends what a program that died had begun: a video that is gone is freed, one that is still there stays (the rule will see it again)."""
        begun = (OWNED, RecordingRow.freed_at.is_not(None), RecordingRow.deleted_at.is_(None))
        with self._database.read() as session:
            rows = session.scalars(select(RecordingRow).where(*begun)).all()
        dead = {owner for owner in {row.owner for row in rows} if not self._instance.is_alive(owner)}
        for row in rows:
            if row.owner not in dead:
                continue
            try:
                gone = not Path(files.absolute(self._folder, row.path)).is_file()
            except StorageError:
                gone = False
            self._end_freeing(row.id, gone=gone, owner=row.owner)

    def _begin_freeing(self, recording_id: str, now: datetime) -> RecordingRow | None:
        """The row, if it may go; it is this instance's then."""
        with self._database.write() as session:
            row = session.get(RecordingRow, recording_id)
            if row is None or not self._is_finished(row) or not _facts(session, [recording_id], now)[recording_id].may_go:
                return None
            if not Path(files.absolute(self._folder, row.path)).is_file():
                return None  # nothing is freed because it was not found
            row.freed_at, row.owner = now, self.instance
            return row

    def _end_freeing(self, recording_id: str, *, gone: bool, let_go: bool = False, owner: str = "") -> None:
        with self._database.write() as session:
            row = session.get_one(RecordingRow, recording_id)
            if row.owner != (owner or self.instance):
                return  # another program has ended it
            row.owner = ""
            if not gone:
                row.freed_at = None
                return
            jobs = session.scalars(select(UploadRow).where(UploadRow.recording_id == recording_id, UploadRow.kind == RECORDING)).all()
            release(session, [job for job in jobs if job.state == UploadState.SENDING])  # there is nothing left to send
            if let_go and _facts(session, [recording_id], datetime.now(UTC))[recording_id].analysed:
                release(session, [job for job in jobs if job.state == UploadState.STORED])

    def _is_finished(self, row: RecordingRow) -> bool:
        return row.state == RecordingState.FINISHED and not row.owner and row.deleted_at is None and row.freed_at is None and row.device_id == self.device_id

    def _videos(self, session: Session) -> list[_Video]:
        """All video files that are here, the oldest first."""
        here = (RecordingRow.device_id == self.device_id, RecordingRow.deleted_at.is_(None), RecordingRow.freed_at.is_(None), RecordingRow.path != "")
        columns = select(RecordingRow.id, RecordingRow.moment, RecordingRow.path, RecordingRow.state, RecordingRow.owner)
        videos = []
        for row in session.execute(columns.where(*here).order_by(RecordingRow.moment)):
            try:
                size = Path(files.absolute(self._folder, row.path)).stat().st_size
            except (OSError, StorageError):
                continue
            videos.append(_Video(row.id, row.moment, size, row.state == RecordingState.FINISHED and not row.owner))
        return videos

    def _summaries(self, session: Session, videos: Sequence[_Video]) -> list[RecordingSummary]:
        found: dict[str, RecordingSummary] = {}
        for some in _pieces([video.id for video in videos]):
            wanted = select(RecordingRow.id, RecordingRow.moment).where(RecordingRow.id.in_(some))
            found |= {summary.id: summary for summary in summarise(session, self._folder, wanted)}
        return [found[video.id] for video in videos]


def must_be_here(session: Session, row: RecordingRow) -> None:
    """Raises NotFoundError in words where the rule has removed the video of a recording."""
    if row.freed_at is not None:
        raise NotFoundError(failures.video_freed(row.title or row.id, row.freed_at, stored=_is_stored(session, row.id)))


@dataclass(frozen=True, slots=True)
class _Facts:
    analysed: bool
    under_way: bool
    stored: bool

    @property
    def safe(self) -> bool:
        return self.analysed or self.stored

    @property
    def may_go(self) -> bool:
        return self.safe and not self.under_way


def _choose(session: Session, videos: Sequence[_Video], before: datetime | None, most: int, now: datetime) -> tuple[list[_Video], int]:
    """(what goes, how many would but are neither analysed nor in the store). `most` bytes; 0: no limit."""
    first = int(before.timestamp() * 1000) if before is not None else 0
    total = sum(video.size for video in videos)
    goes: list[_Video] = []
    kept = 0
    for some in _pieces(videos):  # the oldest first; facts are asked for as far as they are needed
        if some[0].moment >= first and not 0 < most < total:
            break
        facts = _facts(session, [video.id for video in some], now)
        for video in some:
            if not video.finished or not (video.moment < first or 0 < most < total):
                continue
            if facts[video.id].may_go:
                goes.append(video)
                total -= video.size
            elif not facts[video.id].safe:
                kept += 1
    return goes, kept


def _facts(session: Session, ids: Sequence[str], now: datetime) -> dict[str, _Facts]:
    under_way = _windows(WindowRow.state.in_((WindowState.QUEUED, WindowState.ANALYSING)))
    asked = select(RecordingRow.id, _analysed(), under_way, _stored(now)).where(RecordingRow.id.in_(ids))
    return {recording_id: _Facts(bool(analysed), bool(open_ones), bool(stored)) for recording_id, analysed, open_ones, stored in session.execute(asked)}


def _analysed() -> ColumnElement[bool]:
    """There is a text for every window that a rule of the person has not left out, and for one at least.

    One that is kept for later, failed, was cancelled or never asked about has nothing but its video.
    """
    left_out = and_(WindowRow.state == WindowState.SKIPPED, WindowRow.reason.in_((STRIDE, RULE)))
    done = WindowRow.state == WindowState.DONE
    return and_(_windows(done), ~_windows(~or_(done, left_out)))


def _windows(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(WindowRow.id).where(WindowRow.recording_id == RecordingRow.id, condition).exists()


def _stored(now: datetime) -> ColumnElement[bool]:
    lasting = or_(ObjectRow.expires_at.is_(None), ObjectRow.expires_at > now)
    return select(ObjectRow.key).where(ObjectRow.recording_id == RecordingRow.id, ObjectRow.kind == RECORDING, lasting).exists()


def _is_stored(session: Session, recording_id: str) -> bool:
    return bool(session.scalar(select(_stored(datetime.now(UTC))).where(RecordingRow.id == recording_id)))


def _pieces(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))
