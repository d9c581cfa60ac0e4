"""Thumbnails of the rows in view, read and scaled off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from skiuo_desktop.ui.pages.watch_files import later

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

KEPT = 400


class Thumbnails(QObject):
    """`get` returns what is there and has the rest read; `ready` says that something new can be painted."""

    ready = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._asked: set[str] = set()

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
