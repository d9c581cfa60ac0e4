"""Carries out the person's rule about how long, and how much, video is kept on this computer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from skiuo_desktop import settings as s
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, RecordingChanged
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.retention import Freed, Rule
from skiuo_desktop.model import RetentionPreview

log = logging.getLogger(__name__)

EVERY_S = 3600.0


class Retention:
    def __init__(self, store: Store, settings: s.Settings, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._settings = settings
        self._publish = publish

    async def run(self) -> None:
        """At once and every hour. For programs that stay, not for short commands."""
        while True:
            try:
                await self.once()
            except SkiuoError as error:
                log.warning("the rule for old videos could not be carried out: %s", error)
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """Frees what the rule names now; returns how many bytes. Raises StorageError as `carry_out`."""
        if not self._settings.get(s.BACKEND_KEEP_VIDEO):
            await self._store.write(Library.let_freed_go)  # of those freed earlier: some have got their texts since
        preview = await self.preview()
        if preview.doubted is not None:
            log.warning("the clock and the recording of %s contradict each other: no video is removed for its age", preview.doubted)
        return await self.carry_out([summary.id for summary in preview.recordings])

    async def preview(self, days: int | None = None, gb: float | None = None) -> RetentionPreview:
        """What the rule would free now; None stands for the setting's value."""
        return await self._store.read(Library.retention_preview, rule(self._settings, days, gb))

    async def carry_out(self, recording_ids: Sequence[str]) -> int:
        """Removes the videos of these recordings, as far as they may still go; returns how many bytes.

        Raises StorageError for those that could not be removed, after the others were.
        """
        size, trouble = 0, None
        for recording_id in recording_ids:  # one by one: what is written meanwhile does not wait for all of them
            try:
                freed = await self._store.write(free, self._settings, [recording_id])
            except SkiuoError as error:
                trouble = error
                continue
            size += freed.bytes
            for each in freed.recordings:
                self._publish(RecordingChanged(each))
        if trouble is not None:
            raise trouble
        return size


def rule(settings: s.Settings, days: int | None = None, gb: float | None = None) -> Rule:
    """The person's rule; what is given takes the place of the settings."""
    return Rule(settings.get(s.KEEP_DAYS) if days is None else days, settings.get(s.KEEP_GB) if gb is None else gb)


def free(library: Library, settings: s.Settings, recording_ids: Sequence[str]) -> Freed:
    """As `Library.free_video`; from the store too, where the person keeps no video there."""
    return library.free_video(recording_ids, let_go=not settings.get(s.BACKEND_KEEP_VIDEO))
