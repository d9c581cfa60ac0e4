"""Notices what other programs change: settings and models are files, and a screen that shows them must hear of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, ModelsChanged
from skiuo_desktop.settings import Settings

log = logging.getLogger(__name__)

EVERY_S = 1.0


class Watch:
    """Looks once a second at two file times. Nothing depends on it but screens: whoever needs a value reads it when needed."""

    def __init__(self, settings: Settings, book: ModelBook, publish: Callable[[Event], None]) -> None:
        self._settings = settings
        self._book = book
        self._publish = publish

    async def run(self) -> None:
        known = self._look(None)
        while True:
            await asyncio.sleep(EVERY_S)
            known = await asyncio.to_thread(self._look, known)

    def _look(self, known: object) -> object:
        try:
            self._settings.refresh()
            models = self._book.all()
        except SkiuoError as error:
            log.warning("%s", error)
            return known
        if known is not None and models != known:
            self._publish(ModelsChanged())
        return models
