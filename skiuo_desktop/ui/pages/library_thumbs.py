"""Thumbnails of the rows in view, read and scaled off the GUI thread."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import RecordingSummary
from skiuo_desktop.ui.pages.watch_files import later

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

log = logging.getLogger(__name__)

KEPT = 400


class Thumbnails(QObject):
    """`get` returns what is there and has the rest read; `ready` says that something new can be painted."""

    ready = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._asked: set[str] = set()
        self._elsewhere: dict[str, str] = {}  # by id: where another device's thumbnail was fetched to; empty while it is not here

    def of(self, summary: RecordingSummary, size: QSize) -> QPixmap | None:
        """The picture of a recording; another device's is fetched from the object store once."""
        if not summary.device:
            return self.get(summary.thumbnail, size)
        if summary.id not in self._elsewhere:
            self._elsewhere[summary.id] = ""
            if self._bridge.is_ready:
                self._bridge.ask(self._bridge.engine.thumbnail(summary.id), partial(self._fetched, summary.id), self._not_fetched, owner=self)
        return self.get(self._elsewhere[summary.id], size)

    def _fetched(self, recording_id: str, path: Path) -> None:
        self._elsewhere[recording_id] = str(path)
        self.ready.emit()

    def _not_fetched(self, error: SkiuoError) -> None:
        log.info("a thumbnail of another device cannot be shown: %s", error)

    def get(self, path: str, size: QSize) -> QPixmap | None:
        """The picture cut to fill `size` (device pixels), None while it is not there."""
        if not path:
            return None
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        if path not in self._asked:
            self._asked.add(path)
            self._bridge.ask(later(partial(_read, path, size)), partial(self._arrived, path), owner=self)
        return None

    def forget(self, path: str) -> None:
        """The file may have changed."""
        self._kept.pop(path, None)

    def _arrived(self, path: str, image: QImage | None) -> None:
        self._asked.discard(path)
        self._kept[path] = QPixmap.fromImage(image) if image is not None else None
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit()


def _read(path: str, size: QSize) -> QImage | None:
    image = QImage(path)
    if image.isNull():
        return None
    filled = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation)
    return filled.copy((filled.width() - size.width()) // 2, (filled.height() - size.height()) // 2, size.width(), size.height())
