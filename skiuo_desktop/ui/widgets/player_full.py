"""The picture over the whole screen, with its time and place for as long as the pointer moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box
from skiuo_desktop.ui.widgets.player import Player
from skiuo_desktop.ui.widgets.player_keys import install_keys
from skiuo_desktop.ui.widgets.player_picture import PlayerPicture

SHOWN_MS = 2_500
BAR = 48


class _Bar(QWidget):
    """Time, and a line to go to another moment."""

    def __init__(self, player: Player, parent: QWidget) -> None:
        super().__init__(parent)
        self._player = player
        player.position_changed.connect(self._moved)

    @Slot()
    def _moved(self, _ms: object = None) -> None:
        if self.isVisible():
            self.update()

    def _line(self) -> QRectF:
        return QRectF(24 + 120, self.height() / 2 - 2, max(self.width() - 48 - 120, 1), 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t, line = QPainter(self), theme(), self._line()
        painter.fillRect(self.rect(), t.color("overlay"))
        painter.setFont(t.font("body", 600))
        painter.setPen(t.color("overlay-text"))
        text = f"{fmt.stamp(self._player.position)} / {fmt.stamp(self._player.length_ms)}"
        painter.drawText(QRectF(24, 0, 120, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        share = min(self._player.position / max(self._player.length_ms, 1), 1.0)
        paint_box(painter, line, 2, fill=t.color("overlay-muted"))
        paint_box(painter, QRectF(line.left(), line.top(), line.width() * share, 4), 2, fill=t.color("overlay-text"))
        paint_box(painter, QRectF(line.left() + line.width() * share - 7, self.height() / 2 - 7, 14, 14), 7, fill=t.color("overlay-text"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position())

    def _seek(self, pos: QPointF) -> None:
        line = self._line()
        self._player.seek(round(min(max((pos.x() - line.left()) / line.width(), 0.0), 1.0) * self._player.length_ms))


class FullScreen(QWidget):
    """A window of its own. F, Esc and a double click leave it."""

    left = Signal()

    def __init__(self, player: Player, more: Mapping[str, Callable[[], object]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(parent.window().windowTitle())
        self.setMouseTracking(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.picture = PlayerPicture(self, round_corners=False)
        self.picture.setMouseTracking(True)
        column.addWidget(self.picture)
        self._bar = _Bar(player, self)
        player.picture_changed.connect(self.picture.set_picture)
        self.picture.room_changed.connect(player.set_room)
        self.picture.clicked.connect(player.toggle)
        self.picture.double_clicked.connect(self.close)
        install_keys(self, player, {**more, "F": self.close, "Esc": self.close})
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(SHOWN_MS)
        self._quiet.timeout.connect(self._hide_bar)
        self.picture.installEventFilter(self)
        self._show_bar()

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QMouseEvent):
            self._show_bar()
        return False

    def _show_bar(self) -> None:
        self.unsetCursor()
        self._place()
        self._bar.show()
        self._bar.raise_()
        self._quiet.start()

    def _place(self) -> None:
        self._bar.setGeometry(0, self.height() - BAR, self.width(), BAR)

    @Slot()
    def _hide_bar(self) -> None:
        if self._bar.underMouse():
            self._quiet.start()
            return
        self._bar.hide()
        self.setCursor(Qt.CursorShape.BlankCursor)

    def resizeEvent(self, event: object) -> None:
        self._place()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.left.emit()
        super().closeEvent(event)
