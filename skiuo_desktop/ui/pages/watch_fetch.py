"""A video that is not on this computer: whether it is in the object store, and getting it here."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from skiuo_desktop.errors import NotFoundError, SkiuoError
from skiuo_desktop.model import Recording, RecordingState, StoredObject, Upload
from skiuo_desktop.ui import backend_words
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.widgets.fetch_panel import FetchPanel

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

SHOWN_EVERY_S = 0.1


class Fetching(QObject):
    """Fills the panel for one recording after the other. `gone` says that there is nothing to fetch: what happened, and more words."""

    fetched = Signal(str, str)
    """Id and path of a video that is here now; it is to be played."""
    gone = Signal(str, str)

    def __init__(self, bridge: Bridge, panel: FetchPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._panel = bridge, panel
        self.backend = Backend(bridge, self)
        self._recording: Recording | None = None
        self._with_store: bool | None = None  # what was said is said of a window with, or without, an object store; None: nothing was yet
        self._stop: threading.Event | None = None
        self._began = (0.0, 0)  # seconds and bytes when the first piece came
        self._shown_at = 0.0
        self.backend.changed.connect(self._servers_changed)
        panel.fetch.connect(self.fetch)
        panel.cancel.connect(self.cancel)
        panel.again.connect(self._again)

    def leave(self) -> None:
        """Another recording is shown: what is under way stops, and is gone on with another time."""
        self._end()
        self._recording, self._with_store = None, None
        self._panel.put_away()

    def look(self, recording: Recording) -> None:
        """The file of that recording is not here."""
        same = self._recording is not None and self._recording.id == recording.id
        self._recording = recording
        if same and self._panel.state:
            return  # offered or under way
        self._say(recording)

    @Slot()
    def _servers_changed(self) -> None:
        if self._recording is not None and self._with_store is not self.backend.store:
            self._end()
            self._say(self._recording)

    def _say(self, recording: Recording) -> None:
        if not self.backend.known:
            return  # it is said as soon as the settings have been read
        self._with_store = self.backend.store
        if recording.device and recording.state is RecordingState.RECORDING:
            self.gone.emit(self.tr("Still being recorded on {0}.").format(recording.device), self.tr("The video can be fetched when it is complete."))
        elif not self.backend.store:
            self._tell_gone()
        else:
            self._ask()

    def _ask(self) -> None:
        if self._recording is not None and self._bridge.is_ready:
            which = self._recording.id
            asked = self._bridge.engine.stored(which)
            self._bridge.ask(asked, partial(self._found, which), partial(self._not_found, which), owner=self)

    def _found(self, which: str, stored: StoredObject) -> None:
        if self._recording is None or self._recording.id != which:
            return
        size = fmt.size(stored.bytes)
        length = fmt.duration(self._recording.duration_ms)
        self._panel.offer(self.tr("The video is in your object store"), self.tr("{0}, {1}. It is not on this computer.").format(length, size))

    def _not_found(self, which: str, error: SkiuoError) -> None:
        if self._recording is None or self._recording.id != which:
            return
        if isinstance(error, NotFoundError):
            self._tell_gone()
        else:
            self._panel.fail(self.tr("The video cannot be fetched now"), fmt.error(error))

    def _tell_gone(self) -> None:
        recording = self._recording
        if recording is None:
            return
        self._panel.put_away()
        stays = self.tr("The text about it is still here.")
        if recording.device:
            where = self.tr("It has not been sent to your object store, or its time there is over.") if self.backend.store else ""
            self.gone.emit(self.tr("The video is on {0} only.").format(recording.device), where or self.tr("No object store is set up here to fetch it from."))
        elif recording.freed_at is not None:
            when = fmt.date_time(recording.freed_at)
            why = self.tr("Your rule for old video removed it on {0}, and it is in no object store now. {1}").format(when, stays)
            self.gone.emit(self.tr("The video is not here any more."), why)
        else:
            self.gone.emit(self.tr("The video file is gone."), self.tr("It was {0}. The text about it is still here.").format(recording.path))

    # ------------------------------------------------------------------ fetching

    @Slot()
    def fetch(self) -> None:
        recording = self._recording
        if recording is None or self._stop is not None or not self._bridge.is_ready:
            return
        stop = self._stop = threading.Event()
        self._began, self._shown_at = (0.0, 0), 0.0
        self._panel.show_progress(self.tr("Fetching the video"), "", 0.0)
        carried = self._bridge.carry(self._came)
        asked = self._bridge.engine.media(recording.id, lambda done, total: carried((stop, done, total)), stop.is_set)
        self._bridge.ask(asked, partial(self._here, stop, recording.id), partial(self._failed, stop), owner=self)

    def _came(self, piece: tuple[threading.Event, int, int]) -> None:
        stop, done, total = piece
        now = time.monotonic()
        if stop is not self._stop or total <= 0 or (now - self._shown_at < SHOWN_EVERY_S and done < total):
            return
        self._shown_at = now
        if not self._began[0]:
            self._began = (now, done)
        spent = now - self._began[0]
        rate = (done - self._began[1]) / spent if spent > 1 else 0.0
        left = (total - done) / rate if rate > 0 else None
        told = backend_words.progress(Upload("", "", done, total, rate, left))
        self._panel.show_progress(self.tr("Fetching the video"), told, done / total)

    def _here(self, stop: threading.Event, which: str, path: Path) -> None:
        if stop is self._stop:
            self._stop = None
            self._panel.put_away()
            self._recording = None
            self.fetched.emit(which, str(path))

    def _failed(self, stop: threading.Event, error: SkiuoError) -> None:
        if stop is not self._stop or self._recording is None:
            return
        self._stop = None
        self._not_found(self._recording.id, error)

    @Slot()
    def cancel(self) -> None:
        """What has come stays, and is gone on with the next time."""
        self._end()
        self._ask()

    def _end(self) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()

    @Slot()
    def _again(self) -> None:
        self._ask()
