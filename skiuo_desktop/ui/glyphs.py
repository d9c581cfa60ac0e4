"""What is drawn by QPainter and not taken from an icon file: the glyphs of the window states, signs, the mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.theme import theme

STATE_COLORS = {
    WindowState.PLANNED: "win-queued",
    WindowState.RECORDING: "win-recording",
    WindowState.QUEUED: "win-queued",
    WindowState.ANALYSING: "win-analysing",
    WindowState.DONE: "win-done",
    WindowState.FAILED: "win-failed",
    WindowState.SKIPPED: "win-skipped",
}


def state_color(state: WindowState) -> QColor:
    return theme().color(STATE_COLORS[state])


def _pen(color: QColor, width: float, dashes: tuple[float, float] | None = None) -> QPen:
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap if dashes is None else Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    if dashes:
        pen.setDashPattern([part / width for part in dashes])
    return pen


def _begin(painter: QPainter, rect: QRectF, side: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / side, rect.height() / side)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _triangle() -> QPainterPath:
    path = QPainterPath(QPointF(8, 1.2))
    path.lineTo(15, 13.8)
    path.lineTo(1, 13.8)
    path.closeSubpath()
    return path


def _check(painter: QPainter, color: QColor, width: float) -> None:
    path = QPainterPath(QPointF(4.8, 8.2))
    path.lineTo(7, 10.4)
    path.lineTo(11.2, 5.8)
    painter.setPen(_pen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _stroke_and_dot(painter: QPainter, color: QColor, width: float, heights: tuple[float, float, float]) -> None:
    """The upright of an exclamation mark (from, to) and its dot, or those of an i."""
    top, bottom, dot = heights
    painter.setPen(_pen(color, width))
    painter.drawLine(QPointF(8, top), QPointF(8, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(QPointF(8, dot), 1, 1)


def paint_glyph(painter: QPainter, rect: QRectF, state: WindowState, phase: float = 0.0, hollow: str = "surface") -> None:
    """The glyph of a window's state in `rect` (square, 14 to 18 pixels).

    `phase` in 0..1 turns the arc of `analysing`; `hollow` is the token under it, which shows through check and exclamation mark.
    """
    color, under = state_color(state), theme().color(hollow)
    _begin(painter, rect, 16)
    center = QPointF(8, 8)
    match state:
        case WindowState.PLANNED:
            painter.setPen(_pen(color, 1.4, (2.4, 2)))
            painter.drawRoundedRect(QRectF(2.5, 2.5, 11, 11), 2.5, 2.5)
        case WindowState.RECORDING:
            ring = QColor(color)
            ring.setAlphaF(0.5)
            painter.setPen(_pen(ring, 1))
            painter.drawEllipse(center, 7.2, 7.2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(center, 5.5, 5.5)
        case WindowState.QUEUED:
            painter.setPen(_pen(color, 1.8, (2.4, 2.3)))
            painter.drawEllipse(center, 6, 6)
        case WindowState.ANALYSING:
            faint = QColor(color)
            faint.setAlphaF(0.28)
            painter.setPen(_pen(faint, 2))
            painter.drawEllipse(center, 6, 6)
            painter.setPen(_pen(color, 2.2))
            painter.drawArc(QRectF(2, 2, 12, 12), round((90 - 360 * phase) * 16), -90 * 16)
        case WindowState.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(center, 7, 7)
            _check(painter, under, 1.7)
        case WindowState.FAILED:
            painter.setPen(_pen(color, 1.4))
            painter.setBrush(color)
            painter.drawPath(_triangle())
            _stroke_and_dot(painter, under, 1.7, (5.6, 9.6, 11.9))
        case WindowState.SKIPPED:
            painter.setPen(_pen(color, 1.6))
            painter.drawEllipse(center, 6.2, 6.2)
            painter.setPen(_pen(color, 1.8))
            painter.drawLine(QPointF(5, 8), QPointF(11, 8))
    painter.restore()


def paint_sign(painter: QPainter, rect: QRectF, kind: str, color: str | None = None) -> None:
    """A sign beside a sentence: `ok` (check), `warn` (outlined triangle), `error` (filled triangle), `info` (circled i), `wait` (dashed ring)."""
    if kind == "error":
        paint_glyph(painter, rect, WindowState.FAILED)
        return
    if kind == "wait":
        paint_glyph(painter, rect, WindowState.QUEUED)
        return
    tone = theme().color(color or kind)
    _begin(painter, rect, 16)
    if kind == "ok":
        path = QPainterPath(QPointF(3, 8.4))
        path.lineTo(6.2, 11.6)
        path.lineTo(13, 4.6)
        painter.setPen(_pen(tone, 2))
        painter.drawPath(path)
    elif kind == "warn":
        painter.setPen(_pen(tone, 1.6))
        painter.drawPath(_triangle())
        _stroke_and_dot(painter, tone, 1.6, (5.8, 9.4, 11.6))
    elif kind == "info":
        painter.setPen(_pen(tone, 1.6))
        painter.drawEllipse(QPointF(8, 8), 6.4, 6.4)
        _stroke_and_dot(painter, tone, 1.7, (7.4, 11.2, 4.9))
    else:
        painter.restore()
        raise ValueError(f"there is no sign {kind!r}")
    painter.restore()


def paint_mark(painter: QPainter, rect: QRectF, under: str = "bg") -> None:
    """The program's mark: two overlapping windows, the second with the recording dot."""
    colors = theme()
    _begin(painter, rect, 32)
    painter.setPen(_pen(colors.color("text"), 2))
    painter.drawRoundedRect(QRectF(2.5, 5.5, 17, 15), 4, 4)
    painter.setPen(_pen(colors.color("accent"), 2))
    painter.setBrush(colors.color(under))
    painter.drawRoundedRect(QRectF(12.5, 11.5, 17, 15), 4, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.color("recording"))
    painter.drawEllipse(QPointF(21, 19), 2.6, 2.6)
    painter.restore()


def window_icon() -> QIcon:
    """The mark at the sizes that title bars, docks and task switchers ask for."""
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_mark(painter, QRectF(0, 0, side, side), "surface")
        painter.end()
        result.addPixmap(picture)
    return result
