"""The row under the picture: time, previous and next window, five seconds back and on, play, speed, volume, full screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button, Control
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.paint import paint_box
from skiuo_desktop.ui.widgets.player import RATES, Player

HEIGHT = 52
SIDE = 196
SIDE_COMPACT = 120
VOLUME_WIDTH = 204


class TransportButton(Control):
    """36 wide with an icon of 18."""

    def __init__(self, icon: str, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({key})" if key else name)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(36, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        fill = t.color("surface-3") if self.isDown() else t.color("surface-2") if self.hovered and self.isEnabled() else None
        paint_box(painter, rect, 8, fill=fill, line=t.color("accent") if self.ringed else None, width=2)
        paint_icon(painter, self._icon, rect.adjusted(9, 9, -9, -9), "text" if self.isEnabled() else "text-disabled")


class PlayButton(Control):
    """The disc of 44 in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.set_playing(False)

    def set_playing(self, playing: bool) -> None:
        self._playing = playing
        name = self.tr("Pause") if playing else self.tr("Play")
        self.setAccessibleName(name)
        self.setToolTip(self.tr("{0} (Space)").format(name))
        self.update()

    def sizeHint(self) -> QSize:
        side = theme().size("playButton")
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        fill = t.color("text" if self.isEnabled() else "surface-3")
        fill.setAlphaF(0.8 if self.isDown() else 0.9 if self.hovered and self.isEnabled() else 1.0)
        paint_box(painter, rect, rect.height() / 2, fill=fill)
        if self.ringed:
            paint_box(painter, rect, rect.height() / 2, line=t.color("accent"), width=2)
        icon = "player-pause-filled" if self._playing else "player-play-filled"
        side = 20
        at = rect.center() - QPointF(side / 2, side / 2) + QPointF(0 if self._playing else 1, 0)
        paint_icon(painter, icon, QRectF(0, 0, side, side).translated(at), "bg" if self.isEnabled() else "text-disabled")


class VolumeSlider(QWidget):
    """120 wide; the wheel and the arrow keys move it as well."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent, self._muted = 100, False
        self.setFixedSize(132, 32)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Volume"))

    @Slot(int, bool)
    def set_volume(self, percent: int, muted: bool) -> None:
        self._percent, self._muted = percent, muted
        self.setAccessibleDescription(f"{percent} %")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        track = QRectF(6, self.height() / 2 - 2, self.width() - 12, 4)
        share = 0.0 if self._muted else self._percent / 100
        paint_box(painter, track, 2, fill=t.color("surface-3"))
        paint_box(painter, QRectF(track.left(), track.top(), track.width() * share, 4), 2, fill=t.color("accent"))
        knob = QRectF(track.left() + share * (track.width() - 14), self.height() / 2 - 7, 14, 14)
        paint_box(
            painter, knob, 7, fill=t.color("surface"), line=t.color("accent" if self.hasFocus() else "control-border"), width=2 if self.hasFocus() else 1.5
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position())

    def _move_to(self, pos: QPointF) -> None:
        self.moved.emit(round(min(max((pos.x() - 13) / (self.width() - 26), 0.0), 1.0) * 100))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.moved.emit(min(max(self._percent + (5 if event.angleDelta().y() > 0 else -5), 0), 100))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -5, Qt.Key.Key_Down: -5, Qt.Key.Key_Right: 5, Qt.Key.Key_Up: 5, Qt.Key.Key_Home: -100, Qt.Key.Key_End: 100}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(min(max(self._percent + step, 0), 100))

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        ):
            event.accept()
            return True
        return super().event(event)


class _Clock(QWidget):
    """`12:47 / 24:10`"""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        player.position_changed.connect(self._refresh)
        player.length_changed.connect(self._refresh)
        theme().changed.connect(self.update)
        self._texts = ("", "")
        self._refresh()

    def texts(self) -> tuple[str, str]:
        return fmt.stamp(self._player.position), f" / {fmt.stamp(self._player.length_ms)}"

    @Slot()
    def _refresh(self, _ms: object = None) -> None:
        texts = self.texts()
        if texts != self._texts:
            self._texts = texts
            self.setAccessibleName("".join(texts))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, (now, length) = QPainter(self), self._texts
        strong, plain = theme().font("title", 600), theme().font("body")
        baseline = (self.height() + QFontMetrics(strong).capHeight()) / 2
        painter.setFont(strong)
        painter.setPen(theme().color("text"))
        painter.drawText(QPointF(0, baseline), now)
        x = QFontMetrics(strong).horizontalAdvance(now)
        painter.setFont(plain)
        painter.setPen(theme().color("text-muted"))
        painter.drawText(QPointF(x, baseline), length)


class Transport(QWidget):
    """Acts on a player; moving between windows and full screen are the page's."""

    previous_window = Signal()
    next_window = Signal()
    full_screen = Signal()

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._clock = _Clock(player, self)
        self._right = QWidget(self)
        row.addWidget(self._clock)
        row.addStretch(1)
        self.back = TransportButton("player-skip-back", self.tr("Previous window"), "[", self)
        self.rewind = TransportButton("rewind-backward-5", self.tr("5 seconds back"), "←", self)
        self.play = PlayButton(self)
        self.forward = TransportButton("rewind-forward-5", self.tr("5 seconds on"), "→", self)
        self.next = TransportButton("player-skip-forward", self.tr("Next window"), "]", self)
        for button in (self.back, self.rewind, self.play, self.forward, self.next):
            row.addWidget(button)
            if button is self.rewind or button is self.play:
                row.addSpacing(4)
        row.addStretch(1)
        row.addWidget(self._right)
        self._build_right()
        self.back.clicked.connect(self.previous_window)
        self.next.clicked.connect(self.next_window)
        self.rewind.clicked.connect(self._rewind)
        self.forward.clicked.connect(self._forward)
        self.play.clicked.connect(player.toggle)
        player.playing_changed.connect(self.play.set_playing)
        self.set_compact(False)

    def _build_right(self) -> None:
        row = QHBoxLayout(self._right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addStretch(1)
        self.speed = Button("1×", self._right, kind="ghost", size="small", tone="text")
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("Speed (< slower, > faster)"))
        self.volume = TransportButton("volume", self.tr("Volume"), "↑ ↓, M", self._right)
        self.full = TransportButton("maximize", self.tr("Full screen"), "F", self._right)
        for button in (self.speed, self.volume, self.full):
            row.addWidget(button)
        self.full.clicked.connect(self.full_screen)
        self.speed.clicked.connect(self._choose_speed)
        self.volume.clicked.connect(self._open_volume)
        self._player.rate_changed.connect(self._show_rate)
        self._player.volume_changed.connect(self._show_volume)
        self._popover: Popover | None = None

    def set_compact(self, compact: bool) -> None:
        """Less room for the time and the buttons on the right, so that the middle stays the middle."""
        side = SIDE_COMPACT if compact else SIDE
        self._clock.setFixedSize(side, HEIGHT)
        self._right.setFixedSize(side, HEIGHT)

    def set_playable(self, playable: bool) -> None:
        for button in (self.back, self.rewind, self.play, self.forward, self.next, self.full):
            button.setEnabled(playable)

    @Slot()
    def _rewind(self) -> None:
        self._player.seek_by(-5_000)

    @Slot()
    def _forward(self) -> None:
        self._player.seek_by(5_000)

    # ------------------------------------------------------------------ speed and volume

    @Slot(float)
    def _show_rate(self, rate: float) -> None:
        self.speed.setText(f"{rate:g}×")

    @Slot()
    def _choose_speed(self) -> None:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for rate in RATES:
            action = QAction(f"{rate:g}×", menu, checkable=True)
            action.setData(rate)
            action.setChecked(rate == self._player.rate)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._take_speed)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        height = menu.sizeHint().height()
        menu.popup(self.speed.mapToGlobal(self.speed.rect().topLeft()) - QPointF(0, height + 4).toPoint())

    @Slot(QAction)
    def _take_speed(self, action: QAction) -> None:
        self._player.set_rate(action.data())

    @Slot(int, bool)
    def _show_volume(self, percent: int, muted: bool) -> None:
        self.volume.set_icon("volume-off" if muted or percent == 0 else "volume")

    @Slot()
    def _open_volume(self) -> None:
        if self._popover is None:
            self._popover = Popover(self.volume)
            row = QHBoxLayout()
            row.setContentsMargins(4, 4, 8, 4)
            mute = Button(parent=self._popover, kind="ghost", icon="volume-off", name=self.tr("Mute"))
            mute.clicked.connect(self._toggle_mute)
            slider = VolumeSlider(self._popover)
            slider.moved.connect(self._player.set_volume)
            self._player.volume_changed.connect(slider.set_volume)
            row.addWidget(mute)
            row.addWidget(slider)
            self._popover.body.addLayout(row)
            slider.set_volume(self._player.volume, self._player.muted)
        self._popover.open(VOLUME_WIDTH)

    @Slot()
    def _toggle_mute(self) -> None:
        self._player.set_muted(not self._player.muted)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._right.geometry().contains(event.position().toPoint()):
            self._player.set_volume(self._player.volume + (5 if event.angleDelta().y() > 0 else -5))
            event.accept()
