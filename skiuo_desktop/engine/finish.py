"""What happens when a recording has ended, well or badly: the file is made whole, the row final, the last windows planned."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skiuo_desktop import settings as s
from skiuo_desktop.engine.plan import PlanStage
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import BugError, LibraryBusyError, MediaError, NotFoundError, SkiuoError, SourceError, StorageError
from skiuo_desktop.events import Event, RecordingChanged, RecordingDeleted, RecordingSaved, RecordingStopped, Repaired, StageTiming, StopReason
from skiuo_desktop.library.library import Library
from skiuo_desktop.media.repair import RepairResult, repair
from skiuo_desktop.media.thumbnail import thumbnail
from skiuo_desktop.model import Notice, Recording, RecordingState, Tracks

log = logging.getLogger(__name__)

THUMBNAIL_WIDTH = 240
"""Twice the 120 logical pixels of a library row, for dense screens."""

HEADER_BYTES = 4096
"""A file shorter than this holds the header and no picture: its recorder was killed in the first second."""


class FinishStage:
    def __init__(self, store: Store, plan: PlanStage, settings: s.Settings, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._plan = plan
        self._settings = settings
        self._publish = publish
        self.failures: list[SkiuoError] = []
        """What could not be repaired, and why."""

    async def stopped(self, event: RecordingStopped, recording: Recording, tracks: Tracks) -> None:
        """A recording of this program has stopped and its file is closed. Publishes RecordingSaved whatever happens."""
        error = _meaning(event)
        try:
            if event.frames == 0:
                await self._nothing(recording)
                self._publish(RecordingSaved(recording.id, kept=False, error=error or SourceError("Nothing was recorded: the source gave no picture.")))
                return
            await self._close(event, recording, tracks)
        except SkiuoError as trouble:
            # The row stays in state "recording" and the file as it is: the next start tries again.
            log.error("%s could not be closed: %s", recording.id, trouble)
            error = error or trouble
        except Exception as trouble:
            log.exception("%s could not be closed", recording.id)
            error = error or BugError(f"The recording could not be closed ({trouble}); the next start tries again.")
        self._publish(RecordingSaved(recording.id, error=error))

    async def _close(self, event: RecordingStopped, recording: Recording, tracks: Tracks) -> None:
        facts: dict[str, Any] = {"duration_ms": event.duration_ms, "frames": event.frames, "bytes": event.bytes}
        if event.reason in (StopReason.DISK_FULL, StopReason.FAILED):
            # Its end may be missing. All figures come from what is really there.
            facts = _figures(await asyncio.to_thread(repair, Path(recording.path)))
        await self._store.write(Library.save_tracks, recording.id, tracks)
        await self._final(recording, dropped_frames=event.dropped_frames, **facts)

    async def orphans(self) -> list[Repaired]:
        """Finishes the recordings whose program died. The windows that were missing are planned."""
        reports = []
        for orphan in await self._store.write(Library.orphan_recordings):
            if not await asyncio.to_thread(Path(orphan.path).exists):
                # Perhaps on a disk that is not there today: nothing is taken back because something was not found.
                self.failures.append(NotFoundError(f"{orphan.title}: its file {orphan.path} is not there. It is repaired when it is back."))
            # Two programs that start together must not repair one file: the one that adopts the row does it.
            elif await self._store.write(Library.adopt_recording, orphan.id):
                reports.append(await self._attempt(orphan, may_drop=True))
        return [report for report in reports if report is not None]

    async def adopt(self, folder: Path) -> list[Repaired]:
        """Takes in recordings that lie in `folder` without a row, as after a lost library.db."""
        files = await asyncio.to_thread(lambda: sorted(folder.rglob("*.webm")))
        known = await self._store.write(Library.known_paths)
        reports = []
        for recording in [self._row_for(path) for path in files if path not in known]:
            try:
                await self._store.write(Library.add_recording, recording)
            except LibraryBusyError as error:
                log.info("%s", error)  # another program has just taken it in
                continue
            reports.append(await self._attempt(recording, may_drop=False))
        return [report for report in reports if report is not None]

    async def _attempt(self, recording: Recording, *, may_drop: bool) -> Repaired | None:
        try:
            return await self._repair(recording, may_drop=may_drop)
        except SkiuoError as error:
            log.error("%s could not be repaired: %s", recording.id, error)
            self.failures.append(error)
            return None

    async def _repair(self, recording: Recording, *, may_drop: bool) -> Repaired | None:
        path = Path(recording.path)
        began = time.perf_counter()
        size = (await asyncio.to_thread(path.stat)).st_size
        try:
            result = await asyncio.to_thread(repair, path)
        except MediaError as error:
            if may_drop and size < HEADER_BYTES and not recording.windows:
                await self._nothing(recording)
                return None
            await self._damaged(recording, str(error))
            return Repaired(recording.id, recording.path, 0, size, f"{recording.title}: {error} The file is kept as it is.")
        self._publish(StageTiming("repair", (time.perf_counter() - began) * 1000, bytes=result.bytes, recording_id=recording.id))
        await self._store.write(Library.add_notice, recording.id, Notice(result.duration_ms, "repaired", result.message))
        self._plan.begin(recording, lambda: recording.models)
        await self._final(recording, **_figures(result))
        report = Repaired(recording.id, recording.path, result.duration_ms, result.lost_bytes, result.message)
        self._publish(report)
        return report

    async def _final(self, recording: Recording, *, duration_ms: int, **facts: Any) -> None:
        await self._plan.finish(recording.id, duration_ms)
        picture = await asyncio.to_thread(_thumbnail, Path(recording.path), duration_ms)
        await self._store.write(Library.update_recording, recording.id, state=RecordingState.FINISHED, duration_ms=duration_ms, thumbnail=picture, **facts)
        self._publish(RecordingChanged(recording.id))

    async def _damaged(self, recording: Recording, message: str) -> None:
        await self._store.write(Library.add_notice, recording.id, Notice(0, "damaged", message))
        await self._store.write(Library.update_recording, recording.id, state=RecordingState.DAMAGED)
        self._publish(RecordingChanged(recording.id))

    async def _nothing(self, recording: Recording) -> None:
        await self._store.write(Library.drop_recording, recording.id)
        self._publish(RecordingDeleted(recording.id))

    def _row_for(self, path: Path) -> Recording:
        """A row for a file that has none. Our file names begin with the time they were begun."""
        try:
            started = datetime.strptime(path.stem[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            started = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Recording(
            id=self._store.library.new_recording_id(started),
            device_id=self._store.library.device_id,
            title=f"Found again, {started.astimezone():%Y-%m-%d %H:%M}",
            path=str(path),
            source="",
            source_label="",
            started_at=started,
            state=RecordingState.RECORDING,
            window_length_ms=self._settings.get(s.WINDOW_LENGTH),
            window_stride_ms=self._settings.get(s.WINDOW_STRIDE),
        )


def _meaning(event: RecordingStopped) -> SkiuoError | None:
    """What a stop that nobody asked for means to the person."""
    match event.reason:
        case StopReason.DISK_FULL:
            return StorageError(event.error)
        case StopReason.FAILED:
            return SourceError(event.error)
    return None


def _figures(result: RepairResult) -> dict[str, Any]:
    """What a repaired file really holds, as columns of its row."""
    return {
        "duration_ms": result.duration_ms,
        "frames": result.frames,
        "width": result.width,
        "height": result.height,
        "fps": result.fps,
        "video_codec": result.video_codec,
        "has_audio": result.has_audio,
        "bytes": result.bytes,
    }


def _thumbnail(path: Path, duration_ms: int) -> str:
    """Makes the library's picture of a recording; without one (a broken first frame) the row simply shows none."""
    target = path.with_suffix(".jpg")
    try:
        target.write_bytes(thumbnail(path, min(2_000, duration_ms // 2), width=THUMBNAIL_WIDTH))
    except (MediaError, OSError) as error:
        log.warning("no thumbnail for %s: %s", path.name, error)
        return ""
    return str(target)
