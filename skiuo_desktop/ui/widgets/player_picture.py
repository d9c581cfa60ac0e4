"""The picture of what plays: frames on a black mat with round corners, or a sentence where there is none."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui.glyphs import paint_sign
from skiuo_desktop.ui.preview import fitted
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative_layout import make_layout


class PlayerPicture(QWidget):
    """Shows the newest frame only: one that comes while another waits to be painted replaces it."""

    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, round_corners: bool = True) -> None:
        super().__init__(parent)
        self._round = round_corners
        self._frame: QVideoFrame | None = None
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
        self._frame = self._picture = None
        self._cause = self._message = self._chip = ""
        self.update()

    def set_message(self, cause: str, message: str = "") -> None:
        """What is said in place of the picture: what happened in bold, then more."""
        self._cause, self._message = cause, message
        self.setAccessibleDescription(f"{cause} {message}".strip())
        self.update()

    def set_chip(self, text: str) -> None:
        """A few words over the upper left corner; empty: none."""
        self._chip = text
        self.update()

    @property
    def message(self) -> str:
        return f"{self._cause} {self._message}".strip()

    @Slot(QVideoFrame)
    def set_frame(self, frame: QVideoFrame) -> None:
        self._frame = frame
        if self._cause:
            self._cause = self._message = ""
        self.update()

    def set_picture(self, picture: QImage) -> None:
        """A picture to begin with, before the first frame."""
        self._picture = picture
        self.update()

    @property
    def picture(self) -> QImage | None:
        """The frame as it is shown."""
        if self._frame is not None:
            image = self._frame.toImage()
            self._frame = None
            if not image.isNull():
                self._picture = image
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, rect = QPainter(self), theme(), QRectF(self.rect())
        painter.fillRect(self.rect(), colors.color("mat"))
        picture = self.picture
        if picture is not None and not self._cause:
            ratio = self.devicePixelRatioF()
            width, height = fitted(picture.width(), picture.height(), round(self.width() * ratio), round(self.height() * ratio))
            target = QRectF((self.width() - width / ratio) / 2, (self.height() - height / ratio) / 2, width / ratio, height / ratio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, picture)
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
