"""What floats above a page inside the window: a surface with a shadow, and a popover that hangs from a control.

The shadow is rendered once for each size and then only copied, so that a popover over the running preview costs no blur a frame.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QGraphicsBlurEffect, QGraphicsPathItem, QGraphicsScene, QVBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box, painted

MARGIN = 36
"""Room around a floating surface for its shadow."""


@lru_cache(maxsize=16)
def _shadow(width: int, height: int, radius: int, dark: bool, ratio: float) -> QPixmap:
    """The shadow of a surface of that size with MARGIN around it, in the mode in force (which `dark` names for the cache).

    Blurred by itself: a drop shadow effect paints the surface too, whose dark edge would shine through at round corners.
    """
    blur, down, color = theme().shadow()
    scene = QGraphicsScene()
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(MARGIN, MARGIN + down, width, height), radius, radius)
    item = QGraphicsPathItem(outline)
    item.setPen(QPen(Qt.PenStyle.NoPen))
    item.setBrush(color)
    effect = QGraphicsBlurEffect()
    effect.setBlurHints(QGraphicsBlurEffect.BlurHint.QualityHint)
    effect.setBlurRadius(blur * 0.6)  # as wide as a drop shadow of that blur
    item.setGraphicsEffect(effect)
    scene.addItem(item)
    full = QSize(width + 2 * MARGIN, height + 2 * MARGIN)
    image = QImage(full * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), QRectF(0, 0, full.width(), full.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


class Floating(QWidget):
    """A surface with rounded corners and a shadow; `body` is the layout of what it carries. A child of the window, not a window."""

    def __init__(self, parent: QWidget, *, radius: str = "md", padding: int = 6) -> None:
        super().__init__(parent)
        self._radius = radius
        self.body = QVBoxLayout(self)
        edge = MARGIN + padding
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(0)
        self._slide: QPropertyAnimation | None = None
        theme().changed.connect(self.update)

    def surface(self) -> QRect:
        return self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def place(self, top_left: QPoint) -> None:
        """Shows the surface with its corner there, rising by four pixels."""
        target = top_left - QPoint(MARGIN, MARGIN)
        self.raise_()
        self.show()
        length = theme().motion("base")
        if not length:
            self.move(target)
            return
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setDuration(length)
        self._slide.setEasingCurve(theme().easing)
        self._slide.setStartValue(target + QPoint(0, 4))
        self._slide.setEndValue(target)
        self.move(target + QPoint(0, 4))
        self._slide.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what lies beneath does not get presses meant for the surface

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, surface = theme(), self.surface()
        painter.drawPixmap(0, 0, _shadow(surface.width(), surface.height(), t.radius(self._radius), t.dark, self.devicePixelRatioF()))
        paint_box(painter, QRectF(surface), t.radius(self._radius), fill=t.color("surface"), line=t.color("border"))


class Popover(Floating):
    """A surface that hangs from a control until something else is pressed, Esc, or a choice is made."""

    closed = Signal()

    def __init__(self, anchor: QWidget, *, padding: int = 6) -> None:
        super().__init__(anchor.window(), padding=padding)
        self._anchor = anchor
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def open(self, width: int | None = None) -> None:
        """Below the anchor, at least as wide; above it where there is no room below."""
        self._fit(width)
        window = self.window()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        window.installEventFilter(self)
        self.place(self._corner())

    def refit(self) -> None:
        """Takes the size of what it carries now, in its place."""
        if self.isVisible():
            self._fit(self.surface().width())
            self.move(self._corner() - QPoint(MARGIN, MARGIN))

    def _fit(self, width: int | None) -> None:
        self.body.activate()
        self.setFixedWidth((width or self._anchor.width()) + 2 * MARGIN)
        self.setFixedHeight(self.body.heightForWidth(self.width()) if self.body.hasHeightForWidth() else self.body.sizeHint().height())

    def _corner(self) -> QPoint:
        window = self.window()
        below = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4))
        width, height = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        x = max(8, min(below.x(), window.width() - width - 8))
        y = below.y()
        if y + height > window.height() - 8:
            y = max(8, below.y() - 8 - self._anchor.height() - height)
        return QPoint(x, y)

    def close_popover(self) -> None:
        if not self.isVisible():
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.window().removeEventFilter(self)
        focus = QApplication.focusWidget()
        had_focus = focus is None or self.isAncestorOf(focus)
        self.hide()
        if had_focus:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind, window = event.type(), self.window()
        if kind is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent) and isinstance(watched, QWidget) and watched.window() is window:
            point = event.globalPosition().toPoint()
            if not self.surface().contains(self.mapFromGlobal(point)):
                # A press on the anchor closes; let through, it would open the list again at once.
                on_anchor = self._anchor.rect().contains(self._anchor.mapFromGlobal(point))
                self.close_popover()
                return on_anchor
        elif watched is window and (kind is QEvent.Type.Resize or (kind is QEvent.Type.WindowDeactivate and QApplication.activeModalWidget() is None)):
            self.close_popover()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popover()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)
