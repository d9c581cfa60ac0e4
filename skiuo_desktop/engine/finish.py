"""What happens when a recording has ended, well or badly: the file is made whole, the row final, the last windows planned."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from skiuo_desktop.engine.plan import PlanStage
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import MediaError, SkiuoError, StorageError
from skiuo_desktop.events import Event, RecordingChanged, RecordingDeleted, RecordingSaved, RecordingStopped, Repaired, StageTiming, StopReason
from skiuo_desktop.media.probe import MediaInfo, probe
from skiuo_desktop.media.repair import RepairResult, repair
from skiuo_desktop.media.thumbnail import thumbnail
from skiuo_desktop.model import Notice, Recording, RecordingState, Tracks

log = logging.getLogger(__name__)

THUMBNAIL_WIDTH = 240
"""Twice the 120 logical pixels of a library row, for dense screens."""


class FinishStage:
    def __init__(self, store: Store, plan: PlanStage, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._plan = plan
        self._publish = publish

    async def stopped(self, event: RecordingStopped, recording: Recording, tracks: Tracks | None) -> None:
        """A recording of this program has stopped and its file is closed."""
        if event.frames == 0:
            await self._nothing(recording, event.error or "Nothing was recorded: the source gave no picture.")
            return
        if event.reason in (StopReason.DISK_FULL, StopReason.FAILED) and not await self._make_whole(recording):
            self._publish(RecordingSaved(recording.id, message=event.error))
            return
        if tracks is not None:
            await self._store.write(lambda library: library.save_tracks(recording.id, tracks))
        await self._final(recording, event.duration_ms, dropped_frames=event.dropped_frames, frames=event.frames, bytes=Path(recording.path).stat().st_size)
        self._publish(RecordingSaved(recording.id, message=event.error))

    async def _make_whole(self, recording: Recording) -> bool:
        """Repairs a file that could not be closed. False: it could not be done now; the next start tries again."""
        try:
            if (await asyncio.to_thread(probe, Path(recording.path))).finished:
                return True
            await asyncio.to_thread(repair, Path(recording.path))
        except (MediaError, StorageError) as error:
            log.warning("%s is kept as it is until the next start: %s", recording.id, error)
            return False
        return True

    async def orphans(self) -> list[Repaired]:
        """Finishes the recordings whose program died. The windows that were missing are planned."""
        repaired = []
        for recording in await self._store.write(lambda library: library.orphan_recordings()):
            try:
                if report := await self._orphan(recording):
                    repaired.append(report)
            except SkiuoError as error:
                log.error("%s could not be repaired: %s", recording.id, error)
        return repaired

    async def _orphan(self, recording: Recording) -> Repaired | None:
        path = Path(recording.path)
        if not path.exists() or path.stat().st_size == 0:
            await self._nothing(recording, "Nothing had reached the disk.")
            return None
        began = time.perf_counter()
        try:
            result: RepairResult | MediaInfo = await asyncio.to_thread(_repair_or_probe, path)
        except MediaError as error:
            notice = Notice(0, "damaged", str(error))
            await self._store.write(
                lambda library: (library.add_notice(recording.id, notice), library.update_recording(recording.id, state=RecordingState.DAMAGED))
            )
            self._publish(RecordingChanged(recording.id))
            return Repaired(recording.id, recording.path, 0, path.stat().st_size, f"{recording.title}: {error}")
        self._publish(StageTiming("repair", (time.perf_counter() - began) * 1000, bytes=path.stat().st_size, recording_id=recording.id))
        lost = result.lost_bytes if isinstance(result, RepairResult) else 0
        message = result.message if isinstance(result, RepairResult) else "The file was complete."
        await self._store.write(lambda library: library.add_notice(recording.id, Notice(result.duration_ms, "repaired", message)))
        self._plan.begin(recording, lambda: recording.models)
        await self._final(
            recording,
            result.duration_ms,
            frames=result.frames,
            width=result.width,
            height=result.height,
            fps=result.fps,
            video_codec=result.video_codec,
            has_audio=result.has_audio,
            bytes=path.stat().st_size,
        )
        report = Repaired(recording.id, recording.path, result.duration_ms, lost, message)
        self._publish(report)
        return report

    async def _final(self, recording: Recording, duration_ms: int, **facts: object) -> None:
        await self._plan.finish(recording.id, duration_ms)
        picture = await asyncio.to_thread(_thumbnail, Path(recording.path), duration_ms)
        await self._store.write(
            lambda library: library.update_recording(recording.id, state=RecordingState.FINISHED, duration_ms=duration_ms, thumbnail=picture, **facts)
        )
        self._publish(RecordingChanged(recording.id))

    async def _nothing(self, recording: Recording, message: str) -> None:
        await self._store.write(lambda library: library.drop_recording(recording.id))
        Path(recording.path).unlink(missing_ok=True)
        self._publish(RecordingDeleted(recording.id))
        self._publish(RecordingSaved(recording.id, kept=False, message=message))


def _repair_or_probe(path: Path) -> RepairResult | MediaInfo:
    """A program can die after its file was closed and before its row was: then there is nothing to repair."""
    try:
        info = probe(path)
    except MediaError:
        return repair(path)
    return info if info.finished else repair(path)


def _thumbnail(path: Path, duration_ms: int) -> str:
    """Makes the library's picture of a recording; without one (a broken first frame) the row simply shows none."""
    target = path.with_suffix(".jpg")
    try:
        target.write_bytes(thumbnail(path, min(2_000, duration_ms // 2), width=THUMBNAIL_WIDTH))
    except (MediaError, OSError) as error:
        log.warning("no thumbnail for %s: %s", path.name, error)
        return ""
    return str(target)
