"""The picture of what plays: on a black mat with round corners, or a sentence where there is none."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui.glyphs import paint_sign
from skiuo_desktop.ui.preview import fitted
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative_layout import make_layout


class PlayerPicture(QWidget):
    """Shows what `set_picture` brings. Asks for the size it needs with `room_changed` (device pixels)."""

    clicked = Signal()
    double_clicked = Signal()
    room_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None, *, round_corners: bool = True) -> None:
        super().__init__(parent)
        self._round = round_corners
        self._picture: QImage | None = None
        self._cause, self._message = "", ""
        self._chip = ""
        self._pressed = False  # here: the second half of a double click that opened this page means nothing
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    def clear(self) -> None:
        self._picture = None
        self._cause = self._message = self._chip = ""
        self.update()

    def set_message(self, cause: str, message: str = "") -> None:
        """What is said in place of the picture: what happened in bold, then more."""
        self._cause, self._message = cause, message
        self.setAccessibleDescription(f"{cause} {message}".strip())
        self.update()

    def set_chip(self, text: str) -> None:
        """A few words over the upper left corner; empty: none."""
        if text != self._chip:
            self._chip = text
            self.update()

    @property
    def message(self) -> str:
        return f"{self._cause} {self._message}".strip()

    @Slot(object)
    def set_picture(self, picture: QImage) -> None:
        """A picture, in place of the one before or of what was said."""
        self._picture = picture
        self._cause = self._message = ""
        self.update()

    @property
    def picture(self) -> QImage | None:
        """What is shown."""
        return self._picture

    @property
    def room(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.room_changed.emit(*self.room)

    def _target(self, picture: QImage) -> QRectF:
        """In the middle, on whole device pixels, so that a picture made for the room is copied as it is."""
        ratio, room = self.devicePixelRatioF(), self.room
        width, height = fitted(picture.width(), picture.height(), *room)
        return QRectF((room[0] - width) // 2 / ratio, (room[1] - height) // 2 / ratio, width / ratio, height / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, rect = QPainter(self), theme(), QRectF(self.rect())
        painter.fillRect(self.rect(), colors.color("mat"))
        picture = self._picture
        if picture is not None and not self._cause:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._target(picture), picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._cause:
            self._paint_message(painter)
        if self._chip:
            painter.setFont(colors.font("small", 500))
            width = painter.fontMetrics().horizontalAdvance(self._chip) + 20
            box = QRectF(12, 12, width, colors.size("overlay"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("overlay"))
            painter.drawRoundedRect(box, colors.radius("sm"), colors.radius("sm"))
            painter.setPen(colors.color("overlay-text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._chip)
        if self._round:
            corners, rounded = QPainterPath(), QPainterPath()
            corners.addRect(rect)
            rounded.addRoundedRect(rect, colors.radius("md"), colors.radius("md"))
            painter.fillPath(corners.subtracted(rounded), colors.color("bg"))
        painter.end()

    def _paint_message(self, painter: QPainter) -> None:
        colors, width = theme(), min(self.width() - 48.0, 440.0)
        title = make_layout(self._cause, width, role="title")
        body = make_layout(self._message, width, role="body") if self._message else None
        title_height = title.lineCount() * colors.line("title")
        height = 28 + title_height + (4 + body.lineCount() * colors.line("body") if body is not None else 0)
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        paint_sign(painter, QRectF(self.width() / 2 - 10, top, 20, 20), "warn", "overlay-warn")
        for layout, y, token in ((title, top + 28, "overlay-text"), (body, top + 32 + title_height, "overlay-muted")):
            if layout is None:
                continue
            painter.setPen(colors.color(token))
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                line.setPosition(QPointF((width - line.naturalTextWidth()) / 2, line.position().y()))
            layout.draw(painter, QPointF(left, y))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = True
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._pressed:
            self.double_clicked.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._pressed = False
        super().hideEvent(event)
