"""Strokes that several widgets share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui.theme import theme

W = TypeVar("W", bound=QWidget)


def painted(paint: Callable[[W, QPainter], None]) -> Callable[[W, QPaintEvent], None]:
    """Turns a method that takes a painter into a paintEvent whose painter has ended when it returns, whatever happens in it.

    A painter that an exception's traceback keeps alive would outlive its widget's backing store, and Qt would crash.
    """

    @wraps(paint)
    def paint_event(self: W, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint(self, painter)

    return paint_event


def paint_box(painter: QPainter, rect: QRectF, radius: float, *, fill: QColor | None = None, line: QColor | None = None, width: float = 1) -> None:
    """A rounded box whose line lies inside `rect`, sharp at every pixel ratio."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, width) if line is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if line is not None else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), max(0.0, radius - inset), max(0.0, radius - inset))


def paint_caption(painter: QPainter, rect: QRectF, text: str, key: str, *, role: str = "body", weight: int | None = None, enabled: bool = True) -> None:
    """What a button does and, in grey, its key, centred in `rect`."""
    t = theme()
    main, small = t.font(role, weight), t.font("caption")
    first, second = QFontMetrics(main).horizontalAdvance(text + " "), QFontMetrics(small).horizontalAdvance(key)
    x = rect.x() + (rect.width() - first - second) / 2
    painter.setFont(main)
    painter.setPen(t.color("text" if enabled else "text-disabled"))
    baseline = rect.y() + (rect.height() + QFontMetrics(main).capHeight()) / 2
    painter.drawText(QPointF(x, baseline), text)
    painter.setFont(small)
    painter.setPen(t.color("text-muted" if enabled else "text-disabled"))
    painter.drawText(QPointF(x + first, baseline), key)


def paint_check(painter: QPainter, at: QPointF, checked: bool) -> None:
    """A check box of 16 pixels with its corner at a point."""
    t = theme()
    box = QRectF(at.x(), at.y(), 16, 16)
    paint_box(painter, box, t.radius("xs"), fill=t.color("accent-fill") if checked else None, line=None if checked else t.color("control-border"))
    if checked:
        painter.setPen(QPen(t.color("accent-fg"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline([at + QPointF(4, 8.3), at + QPointF(7, 11.2), at + QPointF(12.2, 5.2)])
