"""The timeline of a recording's windows, in one painted widget: small and following while recording, whole beside the player.

`Timeline(live=True)` belongs under a camera's picture: it follows the present, and shows what is being recorded and
planned. `Timeline(live=False)` belongs under the player: an overview of the whole recording, a zoomable stretch of
windows, and rows of motion and sound. Both paint only what is in view.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from skiuo_desktop.events import CaptureState
from skiuo_desktop.model import Marker, Notice, Tracks, Window, WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.controls import KEYBOARD
from skiuo_desktop.ui.widgets.timeline_scene import TimelineScene

PROGRESS_EVERY_MS = 500
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Timeline(QWidget):
    """See the module. Times are milliseconds of the recording; signals carry them as Python ints."""

    seek = Signal(object)
    """A moment was clicked or dragged to: ms."""
    window_chosen = Signal(int)
    """A window was clicked, or reached with the arrow keys: its index."""
    view_changed = Signal()
    """Zoom or stretch changed."""
    counts_changed = Signal()

    def __init__(self, *, live: bool, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.scene = TimelineScene(live=live, clock=clock)
        self._live = live
        self._drag = ""  # "whole", "seek" or nothing
        self._ringed = False
        self._progress = QTimer(self)
        self._progress.setInterval(PROGRESS_EVERY_MS)
        self._progress.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline"))
        theme().changed.connect(self.update)

    # ------------------------------------------------------------------ what it shows

    def set_plan(self, length_ms: int, stride_ms: int) -> None:
        """The windows' length and distance, which also decide how many lanes there are."""
        self.scene.track.length_ms, self.scene.track.stride_ms = length_ms, stride_ms
        self.scene.view.set_plan(stride_ms)
        self.scene.view.set_width(self.scene.inner().width())
        self.updateGeometry()
        self._changed()

    def set_windows(self, windows: Iterable[Window]) -> None:
        """All rows of a recording, in any order; starts over."""
        self.scene.track.set_windows(windows)
        running = [w.index for w in self.scene.track.windows if w.state is WindowState.ANALYSING]
        self.scene.began = {index: self.scene.began.get(index, self.scene.clock()) for index in running}
        self._changed()

    def update_window(self, window: Window) -> None:
        """One row, new or changed."""
        scene = self.scene
        scene.track.update(window)
        if window.state is WindowState.ANALYSING:
            scene.began.setdefault(window.index, scene.clock())
        elif (began := scene.began.pop(window.index, None)) is not None and window.state is WindowState.DONE:
            scene.expected_ms = round(0.7 * scene.expected_ms + 0.3 * (scene.clock() - began) * 1000)
        self._changed()

    def set_now(self, ms: int, state: CaptureState | None = None) -> None:
        """The present. While recording: the recorded time and the capture's state; None: nothing is recorded yet, all windows are planned.

        Beside the player: where it stands, without a state.
        """
        scene = self.scene
        scene.capture = state
        if self._live:
            before = len(scene.track.coming(scene.track.now_ms + 1))
            scene.track.live = state is not CaptureState.STOPPED
            scene.track.now_ms = -1 if state is None else ms
            if before != len(scene.track.coming(scene.track.now_ms + 1)):
                self.counts_changed.emit()
        start = scene.view.start_ms
        scene.view.set_now(ms)
        if start != scene.view.start_ms:
            self.view_changed.emit()
        self.update()

    def set_recorded(self, ms: int | None) -> None:
        """Beside the player: how far a recording that is still being made has come; None when it is complete."""
        self.scene.track.now_ms, self.scene.track.live = (ms or 0), ms is not None
        self._changed()

    def set_duration(self, ms: int) -> None:
        """The length of what the player shows. Not used while recording."""
        self.scene.view.set_total(ms)
        self.scene.overview = None
        self.view_changed.emit()
        self.update()

    def set_markers(self, markers: Iterable[Marker]) -> None:
        self.scene.markers = tuple(sorted(markers, key=lambda m: m.at_ms))
        self._changed()

    def set_notices(self, notices: Iterable[Notice]) -> None:
        """Gaps and the like: a line in the warning colour under the ruler."""
        self.scene.notices = tuple(notices)
        self.update()

    def set_tracks(self, tracks: Tracks) -> None:
        self.scene.tracks = tracks
        self.update()

    def set_selected(self, index: int | None) -> None:
        """The window with the ring; it is brought into view."""
        if index == self.scene.selected:
            return
        self.scene.selected = index
        window = self.scene.track.get(index) if index is not None else None
        self.setAccessibleDescription(words.describe(window) if window is not None else "")
        if window is not None:
            before = self.scene.view.start_ms
            self.scene.view.reveal(window.span.start_ms, window.span.end_ms)
            if before != self.scene.view.start_ms:
                self.view_changed.emit()
        self.update()

    def set_rows(self, *, motion: bool, sound: bool) -> None:
        """Which rows stand under the windows where there is little room."""
        if (motion, sound) != self.scene.rows_wanted:
            self.scene.rows_wanted = (motion, sound)
            self.updateGeometry()
            self.update()

    def set_zoom(self, zoom: float) -> None:
        """0 shows everything, 1 about three windows."""
        self.scene.view.set_zoom(zoom)
        self.view_changed.emit()
        self.update()

    def follow(self) -> None:
        """Turns to the present and stays with it."""
        self.scene.view.follow()
        self.view_changed.emit()
        self.update()

    def reset(self) -> None:
        """Before another recording is shown."""
        self.scene.clear()
        self._changed()

    @property
    def zoom(self) -> float:
        return self.scene.view.zoom

    @property
    def span_ms(self) -> int:
        """Length of the stretch in view."""
        return round(self.scene.view.span_ms)

    @property
    def counts(self) -> Counter[WindowState]:
        return self.scene.track.counts()

    @property
    def markers(self) -> Sequence[Marker]:
        return self.scene.markers

    def _changed(self) -> None:
        self.scene.overview = None
        if self.scene.began and not self._progress.isActive():
            self._progress.start()
        elif not self.scene.began:
            self._progress.stop()
        self.counts_changed.emit()
        self.update()

    # ------------------------------------------------------------------ geometry and painting

    def sizeHint(self) -> QSize:
        return QSize(640, round(self.scene.rows().height))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, round(self.scene.rows().height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scene.width = float(self.width())
        self.scene.view.set_width(self.scene.inner().width())
        self.scene.overview = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.scene.paint(painter)
        if self._ringed:
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), theme().radius("sm"), theme().radius("sm"))
        painter.end()

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        pos = event.position()
        index = self.scene.window_at(pos)
        if self.scene.over_whole(pos):
            self._drag = "whole"
            self._drag_to(pos)
        elif index is not None:
            if self.scene.track.get(index) is not None:
                self.set_selected(index)
                self.window_chosen.emit(index)
        elif not self._live and pos.x() >= self.scene.inner().left() - 8:
            self._drag = "seek"
            self._drag_to(pos)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            self._drag_to(event.position())
            return
        clickable = self.scene.window_at(event.position()) is not None or (not self._live and event.position().x() >= self.scene.inner().left())
        self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = ""

    def _drag_to(self, pos: QPointF) -> None:
        if self._drag == "whole":
            ms = self.scene.whole_scale().ms(pos.x())
            self.scene.view.center(ms)
            self.view_changed.emit()
        else:
            ms = self.scene.scale().ms(pos.x())
        self.scene.view.following = True
        self.seek.emit(ms)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = (event.angleDelta().y() or -event.angleDelta().x()) / 120
        view = self.scene.view
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not self._live:
            view.set_zoom(view.zoom + steps * 0.08, self.scene.scale().ms(event.position().x()))
        else:
            view.pan(-steps * view.span_ms / 8)
        self.view_changed.emit()
        self.update()
        event.accept()

    # ------------------------------------------------------------------ keyboard and tooltips

    def keyPressEvent(self, event: QKeyEvent) -> None:
        windows = self.scene.track.windows
        if event.key() not in _ARROWS or not windows:
            super().keyPressEvent(event)
            return
        places = {w.index: i for i, w in enumerate(windows)}
        current = places.get(self.scene.selected if self.scene.selected is not None else -1)
        if event.key() == Qt.Key.Key_Home:
            place = 0
        elif event.key() == Qt.Key.Key_End:
            place = len(windows) - 1
            self.follow()
        elif current is None:
            near = self.scene.track.at(self.scene.view.now_ms)
            place = places[near.index] if near is not None else len(windows) - 1
        else:
            place = min(max(current + (1 if event.key() == Qt.Key.Key_Right else -1), 0), len(windows) - 1)
        self.set_selected(windows[place].index)
        self.window_chosen.emit(windows[place].index)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ARROWS and not event.modifiers():
            event.accept()  # the arrow keys move between windows here, and seek elsewhere on the page
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.scene.tooltip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in KEYBOARD
        self.update()
        window = self.scene.track.get(self.scene.selected) if self.scene.selected is not None else None
        if window is not None and self._ringed:
            where = self.scene.bar_rect(window).bottomLeft().toPoint() + QPoint(0, 4)
            QToolTip.showText(self.mapToGlobal(where), words.describe(window), self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        self.update()
