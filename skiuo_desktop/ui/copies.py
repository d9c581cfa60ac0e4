"""Which recordings are on the person's own servers: one mark for a row of the library, or for the head of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Copies, Upload
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

translate = QCoreApplication.translate

READ_AGAIN_MS = 1_000
"""The mirror moves on several times a second; the library is asked for all recordings at once."""
VIDEO = ".webm"


@dataclass(frozen=True, slots=True)
class Mark:
    icon: str
    text: str
    tip: str


class CopiesKnown(QObject):
    """Follows the mirror while somebody looks (`look`); without servers nothing is asked, and nothing has a mark."""

    changed = Signal()

    def __init__(self, bridge: Bridge, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._backend = backend
        self._copies: Copies | None = None
        self._looking, self._stale, self._reading = False, True, False
        self._seen: object = None  # how far the mirror was when the copies were asked for
        self._shown: tuple[str, int] | None = None  # the upload that the marks say
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AGAIN_MS)
        self._timer.timeout.connect(self._read)
        backend.changed.connect(self._moved)

    def look(self, looking: bool) -> None:
        """Whether somebody looks at the marks."""
        self._looking = looking
        if looking and self._stale:
            self._read()

    @property
    def _upload(self) -> Upload | None:
        """The video that is being sent; what else is sent of a recording is small."""
        upload = self._backend.status.upload
        return upload if upload is not None and upload.total > 0 and upload.key.endswith(VIDEO) and not upload.key.startswith("clips/") else None

    @Slot()
    def _moved(self) -> None:
        backend, upload = self._backend, self._upload
        if not backend.configured:
            self._copies, self._seen, self._stale = None, None, True
            self.changed.emit()
            return
        status = backend.status
        seen = (backend.store, backend.database, status.pending_objects, status.pending_rows, status.last_synced_at, upload.key if upload else "")
        if seen != self._seen:
            self._seen, self._stale = seen, True
            if self._copies is None:
                self._read()
            elif not self._timer.isActive():
                self._timer.start()
        shown = (upload.recording_id, int(100 * upload.done / upload.total)) if upload is not None else None
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Slot()
    def _read(self) -> None:
        """One after the other: an older answer never comes after a newer one."""
        if self._looking and not self._reading and self._bridge.is_ready and self._backend.configured:
            self._stale, self._reading = False, True
            self._bridge.ask(self._bridge.engine.copies(), self._known, self._not_known, owner=self)

    def _known(self, copies: Copies) -> None:
        self._reading = False
        if self._backend.configured:
            self._copies = copies
            self.changed.emit()
            if self._stale and not self._timer.isActive():
                self._timer.start()

    def _not_known(self, _error: SkiuoError) -> None:
        """The page's own reading says what is wrong with the library."""
        self._reading, self._stale = False, True

    def mark(self, recording_id: str, device: str, freed_at: datetime | None) -> Mark | None:
        """Of a recording of this device; None for others', without servers, and until it is known."""
        copies, backend = self._copies, self._backend
        if copies is None or device or not backend.configured:
            return None
        listed = recording_id not in copies.unlisted
        tip = _listed(listed) if backend.database else ""
        if not backend.store:
            return Mark("cloud-check", translate("Copies", "Mirrored"), tip) if listed else Mark("device-desktop", translate("Copies", "To be mirrored"), tip)
        if recording_id in copies.stored:
            return Mark("cloud-check", translate("Copies", "Mirrored"), _both(translate("Copies", "The video is in your object store."), tip))
        upload = self._upload
        if upload is not None and upload.recording_id == recording_id:
            share = fmt.number(int(100 * min(1.0, upload.done / upload.total)))
            sent = translate("Copies", "The video is being sent to your object store.")
            return Mark("cloud-up", translate("Copies", "Mirroring {0} %").format(share), _both(sent, tip))
        if freed_at is not None:
            return Mark("cloud-check", translate("Copies", "Mirrored"), tip) if backend.database and listed else None
        return Mark("device-desktop", translate("Copies", "Only here"), _both(translate("Copies", "The video is on this computer only."), tip))


def _listed(listed: bool) -> str:
    return translate("Copies", "Your database lists it.") if listed else translate("Copies", "Your database does not list it as it is here yet.")


def _both(one: str, other: str) -> str:
    return "\n".join(part for part in (one, other) if part)
