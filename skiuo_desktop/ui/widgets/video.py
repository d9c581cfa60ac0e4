"""The surface on which a source is seen: picture on a black mat, chips over its corners, a card over it when the source is gone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui.glyphs import paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.preview import fitted
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, painted


@dataclass(frozen=True, slots=True)
class Overlay:
    """A chip over the picture: a lead (`dot`, `pause`, `warn`, an icon's name, or nothing), strong words, and more after a thin line."""

    words: str
    more: str = ""
    lead: str = ""
    more_icon: str = ""
    warn: bool = False


class _FullScreen(Control):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.on = False
        self.set_on(False)

    def set_on(self, on: bool) -> None:
        self.on = on
        words = self.tr("Leave full screen") if on else self.tr("Full screen")
        self.setAccessibleName(words)
        self.setToolTip(f"{words} (F)")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().size("overlay"), theme().size("overlay"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        paint_box(painter, rect, t.radius("sm"), fill=t.color("overlay-solid" if self.hovered else "overlay"))
        if self.ringed:
            paint_box(painter, rect, t.radius("sm"), line=t.color("overlay-text"), width=2)
        paint_icon(painter, "minimize" if self.on else "maximize", rect.adjusted(6, 6, -7, -7), "overlay-text")


class VideoSurface(QWidget):
    """Shows what `set_picture` brings. Asks for the size it needs with `room_changed` (device pixels)."""

    room_changed = Signal(int, int)
    full_screen_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture of the source"))
        self._picture: QImage | None = None
        self._left: Overlay | None = None
        self._right: Overlay | None = None
        self._message = ""
        self._dim = False
        self._pulse = 1.0
        self._edge = 12
        self._card: QWidget | None = None
        self.full_screen = _FullScreen(self)
        self.full_screen.clicked.connect(self.full_screen_pressed)
        theme().changed.connect(self.update)

    # ------------------------------------------------------------------ what it shows

    def set_picture(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    def set_overlays(self, left: Overlay | None, right: Overlay | None) -> None:
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.setAccessibleDescription(", ".join(part for chip in (left, right) if chip for part in (chip.words, chip.more) if part))
            self.update()

    @property
    def overlays(self) -> tuple[Overlay | None, Overlay | None]:
        return self._left, self._right

    def set_message(self, words: str) -> None:
        """A quiet sentence in the middle while there is no picture."""
        if words != self._message:
            self._message = words
            self.update()

    def set_pulse(self, opacity: float) -> None:
        """Opacity of the recording dot."""
        if opacity != self._pulse:
            self._pulse = opacity
            if self._left is not None and self._left.lead == "dot":
                self.update(0, 0, 200, 60)

    def set_card(self, card: QWidget | None) -> None:
        """A card over the dimmed last picture; None takes it away. The surface places it, its maker keeps it."""
        if card is not self._card and self._card is not None:
            self._card.hide()
        self._card = card
        self._dim = card is not None
        if card is not None:
            card.setParent(self)
            card.show()
            self._place()
        self.update()

    def set_compact(self, compact: bool) -> None:
        self._edge = 8 if compact else 12
        self.full_screen.setVisible(not compact)
        self._place()
        self.update()

    # ------------------------------------------------------------------ geometry

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        ratio = self.devicePixelRatioF()
        self.room_changed.emit(round(self.width() * ratio), round(self.height() * ratio))

    def _place(self) -> None:
        self.full_screen.resize(self.full_screen.sizeHint())
        self.full_screen.move(self.width() - self._edge - self.full_screen.width(), self.height() - self._edge - self.full_screen.height())
        if self._card is not None:
            width = min(self._card.sizeHint().width(), self.width() - 2 * self._edge)
            layout = self._card.layout()
            height = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else self._card.sizeHint().height()
            self._card.setGeometry((self.width() - width) // 2, max(0, (self.height() - height) // 2), width, height)

    def _target(self, picture: QImage) -> QRectF:
        ratio = self.devicePixelRatioF()
        width, height = fitted(picture.width(), picture.height(), round(self.width() * ratio), round(self.height() * ratio))
        return QRectF((self.width() - width / ratio) / 2, (self.height() - height / ratio) / 2, width / ratio, height / ratio)

    # ------------------------------------------------------------------ painting

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        painter.fillRect(self.rect(), t.color("mat"))
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._target(self._picture), self._picture)
        elif self._message:
            painter.setFont(t.font("body"))
            painter.setPen(t.color("overlay-muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
        if self._dim:
            painter.fillRect(self.rect(), t.color("dim"))
        if not self.window().isFullScreen():
            corners = QPainterPath()
            corners.addRect(rect)
            rounded = QPainterPath()
            rounded.addRoundedRect(rect, t.radius("md"), t.radius("md"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(corners.subtracted(rounded), t.color("bg"))
        if self._left is not None:
            self._paint_chip(painter, self._left, from_right=False)
        if self._right is not None:
            self._paint_chip(painter, self._right, from_right=True)

    def _paint_chip(self, painter: QPainter, chip: Overlay, *, from_right: bool) -> None:
        t = theme()
        font = t.font("small", 500)
        metrics = QFontMetrics(font)
        height = t.size("overlay")
        lead = {"": 0, "dot": 10, "warn": 14}.get(chip.lead, 14)
        more_lead = 14 + 8 if chip.more_icon else 0
        first, bar = metrics.horizontalAdvance(chip.words), metrics.horizontalAdvance("|")
        width = 20 + (lead + 8 if lead else 0) + first + ((16 + bar + more_lead + metrics.horizontalAdvance(chip.more)) if chip.more else 0)
        x = self.width() - self._edge - width if from_right else self._edge
        box = QRectF(x, self._edge, width, height)
        paint_box(painter, box, t.radius("sm"), fill=t.color("overlay-solid" if chip.warn or self._dim else "overlay"))
        ink = t.color("overlay-warn" if chip.warn else "overlay-text")
        at = box.x() + 10
        if lead:
            self._paint_lead(painter, chip.lead, QRectF(at, box.center().y() - lead / 2, lead, lead), ink)
            at += lead + 8
        painter.setFont(font)
        painter.setPen(ink)
        baseline = box.center().y() + metrics.capHeight() / 2
        painter.drawText(QPointF(at, baseline), chip.words)
        if not chip.more:
            return
        at += first + 8
        painter.setOpacity(0.35)
        painter.drawText(QPointF(at, baseline), "|")
        at += bar + 8
        painter.setOpacity(1.0 if chip.more_icon else 0.85)
        if chip.more_icon:
            paint_icon(painter, chip.more_icon, QRectF(at, box.center().y() - 7, 14, 14), ink)
            at += more_lead
        painter.drawText(QPointF(at, baseline), chip.more)
        painter.setOpacity(1.0)

    def _paint_lead(self, painter: QPainter, lead: str, box: QRectF, ink: QColor) -> None:
        if lead == "dot":
            painter.setOpacity(self._pulse)
            paint_box(painter, box, 5, fill=theme().color("overlay-recording"))
            painter.setOpacity(1.0)
        elif lead == "warn":
            paint_sign(painter, box, "warn", "overlay-warn")
        else:
            paint_icon(painter, lead, box, ink)
