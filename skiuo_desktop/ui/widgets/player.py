"""Playback of one recording: QMediaPlayer with what it does not know by itself.

Its length comes from the library (the player says 0 for files without one), a file that still grows is opened again when
its known end is reached, and what cannot be played is said rather than shown as a black picture.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

from skiuo_desktop.ui.widgets.player_frames import Frames

log = logging.getLogger(__name__)

RATES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
NO_PICTURE_AFTER_MS = 5_000
EARLY_MS = 2_000
"""An end this far before the recording's is worth a word."""
RETRY_MS = 700
SEEK_EVERY_MS = 60
"""Seeks while dragging are sent at most this often; the last one always is."""
WAIT_FOR_PICTURE_MS = 240
"""And so long they wait for the picture of the one before: a seek throws away what was decoded for it, so that none would be seen."""
SETTLE_MS = 700
"""A seek's target stands for the position until the player has got there, at most this long."""


class Player(QObject):
    """Plays the file given to `load`. Times are milliseconds of the recording, as Python ints."""

    position_changed = Signal(object)
    playing_changed = Signal(bool)
    picture_changed = Signal(object)
    """The newest picture, a QImage in device pixels as large as fits into what `set_room` told."""
    length_changed = Signal(object)
    volume_changed = Signal(int, bool)
    """Volume in percent, and whether it is muted."""
    rate_changed = Signal(float)
    failed = Signal(str)
    """One sentence for the place of the picture."""
    ended_early = Signal(object)
    """The file's end came this many milliseconds into the recording, clearly before it should."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._audio = QAudioOutput(self)
        self._frames = Frames(self)
        self._frames.picture.connect(self.picture_changed)
        self._player.setVideoSink(self._sink)
        self._player.setAudioOutput(self._audio)
        self._path = ""
        self._length_ms = 0
        self._growing = False
        self._wanted = False  # the person wants it to play
        self._target: int | None = None  # where a seek leads that has not been seen to arrive
        self._has_frame = False
        self._loading = False
        self._opened_ms = 0  # the recording's length when the file was opened
        self._sent: int | None = None  # the newest seek that the player was told of
        self._sent_at = QElapsedTimer()
        self._seen = True  # a picture has come since
        self._seek_timer = self._timer(SEEK_EVERY_MS, self._send_newer)
        self._settle_timer = self._timer(SETTLE_MS, self._settled)
        self._retry = self._timer(RETRY_MS, self._try_again)
        self._watchdog = self._timer(NO_PICTURE_AFTER_MS, self._no_picture)
        self._sink.videoFrameChanged.connect(self._frame)
        self._player.positionChanged.connect(self._moved)
        self._player.mediaStatusChanged.connect(self._status)
        self._player.errorOccurred.connect(self._error)

    def _timer(self, ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(slot)
        return timer

    # ------------------------------------------------------------------ the file

    def load(self, path: str, length_ms: int, *, growing: bool = False, at_ms: int = 0, playing: bool = False) -> None:
        """Opens a file and shows the picture at a moment; plays on where told."""
        self.close()
        self._path, self._growing = path, growing
        self.set_length(length_ms)
        self._open(at_ms)
        if playing:
            self.play()

    def _open(self, at_ms: int) -> None:
        self._opened_ms, self._loading = self._length_ms, True
        self._player.setSource(QUrl.fromLocalFile(self._path))
        self._player.pause()  # shows the first picture
        self._watchdog.start()
        if at_ms > 0:
            self.seek(at_ms)

    def close(self) -> None:
        """Lets go of the file."""
        for timer in (self._watchdog, self._seek_timer, self._settle_timer, self._retry):
            timer.stop()
        self._path, self._target, self._has_frame = "", None, False
        self._set_wanted(False)
        self._frames.forget()
        self._player.stop()
        self._player.setSource(QUrl())

    @Slot(int, int)
    def set_room(self, width: int, height: int) -> None:
        """Device pixels of the surface that shows the pictures. What stands there is made anew in them."""
        if self._frames.set_room(width, height) and self._path and self._has_frame:
            self._take(self._sink.videoFrame())

    def set_length(self, length_ms: int, *, growing: bool | None = None) -> None:
        """The recording has grown, or is complete now."""
        if growing is not None:
            self._growing = growing
        if length_ms != self._length_ms:
            self._length_ms = length_ms
            self.length_changed.emit(length_ms)

    @property
    def length_ms(self) -> int:
        return self._length_ms

    @property
    def growing(self) -> bool:
        """Whether the file is still being written."""
        return self._growing

    @property
    def is_loaded(self) -> bool:
        return bool(self._path)

    # ------------------------------------------------------------------ playing

    @property
    def playing(self) -> bool:
        return self._wanted

    @property
    def position(self) -> int:
        return self._target if self._target is not None else self._player.position()

    def toggle(self) -> None:
        self.pause() if self._wanted else self.play()

    def play(self) -> None:
        if not self._path:
            return
        if self.position >= self._length_ms - 100 and self._length_ms:
            self.seek(0)
        self._set_wanted(True)
        self._player.play()

    def pause(self) -> None:
        self._set_wanted(False)
        if self._path:
            self._player.pause()

    def _set_wanted(self, wanted: bool) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.playing_changed.emit(wanted)

    def seek(self, ms: int) -> None:
        """Goes to a moment; many in a row, as while dragging, cost no more than a few."""
        if not self._path:
            return
        last = max(self._length_ms - 40, 0)
        self._target = min(max(ms, 0), last)
        self.position_changed.emit(self._target)
        if not self._seek_timer.isActive():
            self._send_seek()

    def seek_by(self, ms: int) -> None:
        self.seek(self.position + ms)

    @Slot()
    def _send_newer(self) -> None:
        """While dragging: the newest target, unless it is under way already."""
        if self._target is None or self._target == self._sent:
            return
        if self._seen or self._sent_at.hasExpired(WAIT_FOR_PICTURE_MS):
            self._send_seek()
        else:
            self._seek_timer.start()

    def _send_seek(self) -> None:
        target = self._target
        if target is None:
            return
        if self._growing and target > self._opened_ms - 1_000 and self._length_ms > self._opened_ms:
            self._open_again()
        if self._player.playbackState() is QMediaPlayer.PlaybackState.StoppedState:
            self._player.pause()  # a stopped player shows nothing
        self._target = self._sent = target  # `pause` may have said where the player stands, and so have seemed to arrive
        self._seen = False
        self._sent_at.start()
        self._player.setPosition(target)
        if self._wanted:
            self._player.play()
        self._seek_timer.start()
        self._settle_timer.start()

    def _open_again(self) -> None:
        """The file as it is now: the player does not see what was written after it was opened."""
        self._opened_ms, self._loading = self._length_ms, True
        self._player.setSource(QUrl())
        self._player.setSource(QUrl.fromLocalFile(self._path))

    @Slot()
    def _settled(self) -> None:
        if self._target is not None and not self._seek_timer.isActive():
            self._target = None
            self.position_changed.emit(self._player.position())

    # ------------------------------------------------------------------ sound and speed

    @property
    def volume(self) -> int:
        return round(self._audio.volume() * 100)

    @property
    def muted(self) -> bool:
        return self._audio.isMuted()

    def set_volume(self, percent: int) -> None:
        percent = min(max(percent, 0), 100)
        self._audio.setVolume(percent / 100)
        self._audio.setMuted(False)
        self.volume_changed.emit(percent, False)

    def set_muted(self, muted: bool) -> None:
        self._audio.setMuted(muted)
        self.volume_changed.emit(self.volume, muted)

    @property
    def rate(self) -> float:
        return self._player.playbackRate()

    def set_rate(self, rate: float) -> None:
        self._player.setPlaybackRate(rate)
        self.rate_changed.emit(rate)

    def step_rate(self, by: int) -> None:
        """The next faster (1) or slower (-1) of the usual speeds."""
        near = min(range(len(RATES)), key=lambda i: abs(RATES[i] - self.rate))
        self.set_rate(RATES[min(max(near + by, 0), len(RATES) - 1)])

    # ------------------------------------------------------------------ what the player says

    @Slot(QVideoFrame)
    def _frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid() or not self._path:
            return  # `not _path`: a late one of a file that has been closed
        self._has_frame = self._seen = True
        self._watchdog.stop()
        self._take(frame)

    def _take(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._frames.take(frame)

    @Slot("qlonglong")
    def _moved(self, ms: int) -> None:
        if self._target is None:
            self.position_changed.emit(ms)
        elif abs(ms - self._target) < 250 and not self._seek_timer.isActive():
            self._target = None
            self.position_changed.emit(ms)

    @Slot(QMediaPlayer.MediaStatus)
    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.LoadedMedia and self._loading:
            self._loading = False
            if self._target is not None:
                self._player.setPosition(self._target)  # a seek before the file was open is forgotten by the player
        if status is not QMediaPlayer.MediaStatus.EndOfMedia or not self._path:
            return
        reached = max(self._player.position(), self._player.duration())
        if self._growing and self._wanted and self._length_ms > self._opened_ms + 500:
            self._target = min(self._opened_ms, self._length_ms)
            self._send_seek()
            return
        self._set_wanted(False)
        if not self._growing and 0 < reached < self._length_ms - EARLY_MS:
            self.ended_early.emit(reached)

    @Slot(QMediaPlayer.Error, str)
    def _error(self, error: QMediaPlayer.Error, text: str) -> None:
        if error is QMediaPlayer.Error.NoError or not self._path:
            return
        if self._growing and not self._has_frame:
            self._retry.start()  # nothing that can be played has reached the file yet
            return
        log.warning("playback failed: %s", text)
        self._watchdog.stop()
        self._frames.forget()  # a picture that came later would take the place of what is said
        self._set_wanted(False)
        self.failed.emit(self.tr("This file cannot be played: {0}.").format(text.rstrip(".") or self.tr("the player gave no reason")))

    @Slot()
    def _try_again(self) -> None:
        if self._path and not self._has_frame:
            self._player.setSource(QUrl())
            self._open(self._target or 0)

    @Slot()
    def _no_picture(self) -> None:
        if not self._has_frame and self._path and not self._growing:
            self.failed.emit(self.tr("No picture has come from this file. Another player may be able to show it."))
