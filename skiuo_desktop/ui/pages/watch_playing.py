"""Playing on the Watch page: picture, timeline and narrative move together; keys, windows back and on, full screen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui.pages.watch_view import WatchView
from skiuo_desktop.ui.widgets.player_full import FullScreen
from skiuo_desktop.ui.widgets.player_keys import install_keys

BACK_TO_START_MS = 2_000
"""Further into a window than this, `previous window` goes to its start first."""


class PlayingView(WatchView):
    """The view with a player that everything follows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at_ms = 0
        """Where a recording begins that is not open yet, or cannot be played."""
        self.full: FullScreen | None = None
        stage, side, player = self.stage, self.side, self.player
        stage.picture.clicked.connect(player.toggle)
        stage.picture.double_clicked.connect(self.full_screen)
        stage.transport.full_screen.connect(self.full_screen)
        stage.transport.previous_window.connect(self.previous_window)
        stage.transport.next_window.connect(self.next_window)
        stage.timeline.seek.connect(self.seek)
        stage.timeline.window_chosen.connect(self._window_chosen)
        stage.strip.seek.connect(self.seek)
        side.seek.connect(self.seek)
        side.narrative.play.connect(self._play_from)
        player.picture_changed.connect(stage.picture.set_picture)
        stage.picture.room_changed.connect(player.set_room)
        player.position_changed.connect(self._moved)
        player.playing_changed.connect(self._moved)
        player.failed.connect(self._cannot_play)
        player.ended_early.connect(self._ended_early)
        zoom_in, zoom_out = partial(self._zoom, 0.1), partial(self._zoom, -0.1)
        self._shared_keys = {"[": self.previous_window, "]": self.next_window}
        install_keys(self, self.player, {**self._shared_keys, "F": self.full_screen, "+": zoom_in, "=": zoom_in, "-": zoom_out})

    @Slot(object)
    def seek(self, ms: int) -> None:
        self.stage.picture.set_chip(self.tr("Still being recorded") if self.player.growing else "")
        self.player.seek(ms)
        if not self.player.is_loaded:
            self.at_ms = ms
            self._show_moment(ms)

    @Slot(object)
    def _play_from(self, ms: int) -> None:
        self.seek(ms)
        self.player.play()

    @Slot(int)
    def _window_chosen(self, index: int) -> None:
        window = self.side.narrative.story.track.get(index)
        if window is not None:
            self.side.narrative.set_current(index, reveal=False)
            self.side.narrative.set_following(True)
            self.seek(window.span.start_ms)

    def stand(self) -> None:
        """Timeline and narrative show the moment at which the player stands."""
        self._moved()

    @Slot()
    def _moved(self, _value: object = None) -> None:
        self._show_moment(self.player.position if self.player.is_loaded else self.at_ms)

    def _show_moment(self, ms: int) -> None:
        window = self.side.narrative.story.track.at(ms)
        index = window.index if window is not None else None
        self.stage.timeline.set_now(ms)
        self.stage.timeline.set_selected(index)
        self.side.narrative.set_playing(index, running=self.player.playing)
        self.side.compare.list.set_playing(index)

    @Slot()
    def previous_window(self) -> None:
        track, now = self.side.narrative.story.track, self.player.position
        window = track.at(now)
        index = window.index if window is not None else len(track)
        if window is not None and now - window.span.start_ms <= BACK_TO_START_MS:
            index -= 1
            window = track.get(index)
        elif window is None and len(track):
            window = track.windows[-1]
        self.seek(window.span.start_ms if window is not None else 0)

    @Slot()
    def next_window(self) -> None:
        track = self.side.narrative.story.track
        window = track.at(self.player.position)
        following = track.get(window.index + 1) if window is not None else None
        if following is not None:
            self.seek(following.span.start_ms)

    def _zoom(self, by: float) -> None:
        self.stage.timeline.set_zoom(self.stage.timeline.zoom + by)

    @Slot()
    def full_screen(self) -> None:
        if self.full is None and self.player.is_loaded:
            self.full = FullScreen(self.player, self._shared_keys, self)
            self.full.left.connect(self._left_full_screen)
            picture = self.stage.picture.picture
            if picture is not None:
                self.full.picture.set_picture(picture)
            self.full.showFullScreen()

    @Slot()
    def _left_full_screen(self) -> None:
        self.full = None
        self.player.set_room(*self.stage.picture.room)

    @Slot(str)
    def _cannot_play(self, sentence: str) -> None:
        self.stage.picture.set_message(self.tr("There is no picture."), sentence)

    @Slot(object)
    def _ended_early(self, ms: int) -> None:
        self.stage.picture.set_chip(self.tr("The file ends here: the rest of it cannot be played"))
