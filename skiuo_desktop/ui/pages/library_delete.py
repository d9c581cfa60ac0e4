"""Deleting recordings from a page: what will go is looked up and shown before anything happens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from skiuo_desktop.model import DeletionPreview
    from skiuo_desktop.ui.bridge import Bridge


class Deleting(QObject):
    """Asks, and deletes when the answer is yes."""

    begun = Signal(object)
    """Ids of what is about to go: whoever has one of these files open lets go of it."""
    deleted = Signal(object, str)
    """Ids of what has gone, and a sentence that says so."""

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self.dialog: Dialog | None = None

    def ask(self, recording_ids: Sequence[str]) -> None:
        if recording_ids and self.dialog is None:
            ids = tuple(recording_ids)
            self._bridge.ask(self._bridge.engine.deletion_preview(ids), partial(self._show, ids), owner=self)

    def _show(self, ids: tuple[str, ...], preview: DeletionPreview) -> None:
        if self.dialog is not None or not preview.recordings:
            return
        title, text = self._words(preview)
        warning = ""
        if preview.not_analysed == 1:
            warning = self.tr("1 window in it has not been described by any model.")
        elif preview.not_analysed:
            warning = self.tr("{0} windows in it have not been described by any model.").format(fmt.number(preview.not_analysed))
        self.dialog = Dialog(
            self._page.window(), title=title, text=text, verb=self.tr("Delete {0}").format(fmt.size(preview.bytes)), keep=self.tr("Keep"), warning=warning
        )
        self.dialog.accepted.connect(partial(self._delete, ids, preview))
        self.dialog.refused.connect(self._refused)
        self.dialog.ask()

    def _words(self, preview: DeletionPreview) -> tuple[str, str]:
        count = len(preview.recordings)
        length = fmt.duration(sum(r.duration_ms for r in preview.recordings))
        if count == 1:
            title = self.tr("Delete “{0}”?").format(preview.recordings[0].title)
        else:
            title = self.tr("Delete {0} recordings?").format(fmt.number(count))
        what = self.tr("{0} of video and all text about it.").format(length)
        where = self.tr("The files go to the trash; the text is gone.") if preview.to_trash else self.tr("There is no trash here: both are gone for good.")
        return title, f"{what} {where}"

    def _refused(self) -> None:
        self.dialog = None

    def _delete(self, ids: tuple[str, ...], preview: DeletionPreview) -> None:
        self.dialog = None
        self.begun.emit(ids)
        count, size = len(ids), fmt.size(preview.bytes)
        said = self.tr("1 recording deleted, {0}").format(size) if count == 1 else self.tr("{0} recordings deleted, {1}").format(fmt.number(count), size)
        self._bridge.ask(self._bridge.engine.delete(ids), partial(self._done, ids, said), owner=self)

    def _done(self, ids: tuple[str, ...], said: str, _nothing: object) -> None:
        self.deleted.emit(ids, said)
