"""The frames that were sent, small and side by side; the one under the pointer is shown larger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box

MOST = 60
WIDTH, HEIGHT, GAP = 50, 28, 3
LARGE = 320
"""Width of the one under the pointer, and of what is asked of the engine."""


def sent_times(sent: Mapping[str, Any]) -> list[int]:
    """Milliseconds from the window's start of the frames that a ledger tells of; of more than MOST every so many-th. Empty where no picture left."""
    if sent.get("delivery") in ("text", "this device"):
        return []
    frames, count, fps = sent.get("frames"), sent.get("frame_count"), sent.get("fps")
    times = [int(f["at_ms"]) for f in frames if isinstance(f, Mapping) and "at_ms" in f] if isinstance(frames, list) else []
    if not times and isinstance(count, int) and isinstance(fps, int | float) and fps > 0:
        times = [round(n * 1000 / fps) for n in range(count)]
    return times if len(times) <= MOST else [times[n * (len(times) - 1) // (MOST - 1)] for n in range(MOST)]


def decoded(pictures: Sequence[bytes]) -> list[QImage]:
    """Of JPEGs. Not for the GUI thread."""
    return [QImage.fromData(data) for data in pictures]


class FrameGrid(QWidget):
    """Empty boxes for `times_ms` until `set_pictures` fills them."""

    def __init__(self, times_ms: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times = tuple(times_ms)
        self._pictures: tuple[QImage, ...] = ()
        self._large: _Large | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAccessibleName(", ".join(fmt.seconds_plain(ms) for ms in self._times))
        theme().changed.connect(self.update)

    @property
    def pictures(self) -> tuple[QImage, ...]:
        return self._pictures

    def set_pictures(self, pictures: Sequence[QImage]) -> None:
        """One for each time, in their order."""
        self._pictures = tuple(pictures)
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._times) // self._columns(width))
        return rows * (HEIGHT + GAP) - GAP

    def sizeHint(self) -> QSize:
        return QSize(10 * (WIDTH + GAP) - GAP, self.heightForWidth(10 * (WIDTH + GAP) - GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def _columns(self, width: int) -> int:
        return max((width + GAP) // (WIDTH + GAP), 1)

    def box(self, number: int) -> QRect:
        """Where a frame is painted."""
        columns = self._columns(self.width())
        return QRect(number % columns * (WIDTH + GAP), number // columns * (HEIGHT + GAP), WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in range(len(self._times)):
            box = QRectF(self.box(number))
            paint_box(painter, box, 2, fill=theme().color("surface-2"))
            if number < len(self._pictures) and not self._pictures[number].isNull():
                painter.drawImage(box, self._pictures[number], _cropped(self._pictures[number]))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        number = next((n for n in range(len(self._pictures)) if self.box(n).contains(at)), None)
        if number is None or self._pictures[number].isNull():
            self._put_away()
            return
        if self._large is None:
            self._large = _Large(self)
        self._large.open(self._pictures[number], fmt.seconds_plain(self._times[number]), self.mapToGlobal(self.box(number).bottomLeft() + QPoint(0, 6)))

    def leaveEvent(self, event: QEvent) -> None:
        self._put_away()

    def hideEvent(self, event: object) -> None:
        self._put_away()

    def _put_away(self) -> None:
        if self._large is not None:
            self._large.hide()

    @property
    def enlarged(self) -> QWidget | None:
        """What is shown larger now."""
        return self._large if self._large is not None and self._large.isVisible() else None


def _cropped(picture: QImage) -> QRectF:
    """The middle of a picture in the shape of a box."""
    scale = min(picture.width() / WIDTH, picture.height() / HEIGHT)
    width, height = WIDTH * scale, HEIGHT * scale
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)


class _Large(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._picture, self._seconds = QImage(), ""

    def open(self, picture: QImage, seconds: str, at: QPoint) -> None:
        self._picture, self._seconds = picture, f"{seconds} s"
        height = round(LARGE * picture.height() / picture.width())
        room = self.screen().availableGeometry()
        left = min(max(at.x(), room.left()), room.right() - LARGE)
        top = at.y() if at.y() + height <= room.bottom() else at.y() - height - HEIGHT - 12
        self.setGeometry(left, top, LARGE, height)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._picture)
        painter.setFont(colors.font("small", 500))
        width = painter.fontMetrics().horizontalAdvance(self._seconds) + 16
        box = QRectF(8, 8, width, 24)
        paint_box(painter, box, colors.radius("sm"), fill=colors.color("overlay"))
        painter.setPen(colors.color("overlay-text"))
        painter.drawText(QPointF(16, box.center().y() + painter.fontMetrics().capHeight() / 2), self._seconds)
        painter.end()
