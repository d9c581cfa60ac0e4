"""How the parts of a timeline look: bars by state, ruler, markers, the line of the present, motion and sound.

Each function paints one part with a given painter; none of them keeps anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.format import stamp
from skiuo_desktop.ui.glyphs import state_color
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.timeline_model import MOTION_HEIGHT, SOUND_HEIGHT, Rows, Scale, Tick

NARROW = 22.0
"""Under this width a failed bar shows a notch in place of its triangle."""

_TINTS = {WindowState.RECORDING: "recording-tint", WindowState.ANALYSING: "accent-tint"}
_COLUMN_SHARE = {WindowState.DONE: 1.0, WindowState.FAILED: 1.0, WindowState.QUEUED: 0.75, WindowState.PLANNED: 0.5, WindowState.SKIPPED: 0.5}


def paint_bar(painter: QPainter, rect: QRectF, state: WindowState, share: float = 1.0) -> None:
    """One window. `share` is the solid part of a recording or analysing bar."""
    color, radius = state_color(state), min(theme().radius("xs"), rect.height() / 2)
    if state is WindowState.DONE:
        _solid(painter, rect, color, radius)
    elif state is WindowState.FAILED:
        _failed(painter, rect, color, radius)
    elif state is WindowState.SKIPPED:
        _hatched(painter, rect, color, radius)
    elif state is WindowState.QUEUED:
        _outlined(painter, rect, QPen(color, 1.5), theme().color("surface"), radius)
    elif state is WindowState.PLANNED:
        pen = QPen(color, 1.0)
        pen.setDashPattern([3, 3])
        _outlined(painter, rect, pen, None, radius)
    else:
        _outlined(painter, rect, QPen(color, 1.0), theme().color(_TINTS[state]), radius)
        painter.save()
        painter.setClipRect(QRectF(rect.left(), rect.top(), rect.width() * share, rect.height()), Qt.ClipOperation.IntersectClip)
        _solid(painter, rect, color, radius)
        painter.restore()


def _solid(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, radius, radius)


def _outlined(painter: QPainter, rect: QRectF, pen: QPen, fill: QColor | None, radius: float) -> None:
    half = pen.widthF() / 2
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


def _failed(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    middle = rect.center()
    if rect.width() >= NARROW and rect.height() >= 12:
        _solid(painter, rect, color, radius)
        side = 9.25
        left, top = middle.x() - side / 2, middle.y() - side / 2 + 0.25
        painter.setBrush(theme().color("surface"))
        painter.drawPolygon(QPolygonF([QPointF(middle.x(), top), QPointF(left + side, top + 8.4), QPointF(left, top + 8.4)]))
        painter.setPen(QPen(color, 1.25, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(middle.x(), top + 3.0), QPointF(middle.x(), top + 5.4))
        painter.drawPoint(QPointF(middle.x(), top + 7.0))
        return
    tall = rect.adjusted(0, -2, 0, 2)
    _solid(painter, tall, color, radius)
    if rect.width() >= 6:
        painter.setBrush(theme().color("surface"))
        half = min(3.0, rect.width() / 3)
        painter.drawPolygon(QPolygonF([QPointF(middle.x() - half, tall.top()), QPointF(middle.x() + half, tall.top()), QPointF(middle.x(), tall.top() + 4)]))


def _hatched(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color, 1.5))
    height = rect.height()
    x = rect.left() - height
    lines = []
    while x < rect.right():
        lines.append(QLineF(x, rect.bottom(), x + height, rect.top()))
        x += 6
    painter.drawLines(lines)
    painter.restore()
    _outlined(painter, rect, QPen(color, 1.0), None, radius)


def paint_columns(painter: QPainter, area: QRectF, states: Sequence[WindowState], taller: float = 4.0) -> None:
    """Many windows in little room: one column a bucket, standing on the area's lower edge; failed ones rise above it."""
    if not states:
        return
    pitch = area.width() / len(states)
    width = max(pitch * 0.76, pitch - 1.25)
    painter.setPen(Qt.PenStyle.NoPen)
    for i, state in enumerate(states):
        height = area.height() * _COLUMN_SHARE.get(state, 1.0) + (taller if state is WindowState.FAILED else 0.0)
        painter.setBrush(state_color(state))
        painter.drawRoundedRect(QRectF(area.left() + i * pitch, area.bottom() - height, width, height), 1, 1)


def paint_ruler(painter: QPainter, scale: Scale, ticks: Sequence[Tick], rows: Rows, taken: QRectF) -> None:
    """Ticks, and labels where the tag of the present (`taken`) leaves room."""
    small, large = (4.0, 9.0) if rows.whole else (4.0, 7.0)
    bottom = rows.tick_bottom
    painter.setFont(theme().font("caption"))
    metrics = painter.fontMetrics()
    right = scale.left + scale.width
    for tick in ticks:
        x = math.floor(scale.x(tick.ms)) + 0.5  # on whole pixels, so that a line of one is one
        painter.setPen(QPen(theme().color("text-muted" if tick.major else "control-border"), 1.0))
        painter.drawLine(QLineF(x, bottom - (large if tick.major else small), x, bottom))
        if not tick.major:
            continue
        text = stamp(tick.ms)
        width = metrics.horizontalAdvance(text)
        left = min(max(x - width / 2, scale.left), right - width)
        if not taken.isNull() and left < taken.right() + 4 and left + width > taken.left() - 4:
            continue
        painter.setPen(theme().color("text-muted"))
        painter.drawText(QPointF(left, rows.labels), text)


def paint_marker(painter: QPainter, x: float, flag_top: float, bottom: float) -> None:
    color, x = theme().color("text"), math.floor(x) + 0.5
    pen = QPen(color, 1.0)
    pen.setDashPattern([2, 3])
    painter.setPen(pen)
    painter.drawLine(QLineF(x, flag_top + 5, x, bottom))
    painter.setPen(QPen(color, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(color)
    painter.drawLine(QLineF(x, flag_top, x, flag_top + 10))
    points = [QPointF(x, flag_top), QPointF(x + 9, flag_top), QPointF(x + 6.5, flag_top + 3), QPointF(x + 9, flag_top + 6), QPointF(x, flag_top + 6)]
    painter.drawPolygon(QPolygonF(points))


def tag_rect(painter: QPainter, scale: Scale, ms: float, text: str, rows: Rows) -> QRectF:
    """Where the tag of the present stands: over its line, but inside the scale."""
    painter.setFont(theme().font("caption", 600))
    width = painter.fontMetrics().horizontalAdvance(text) + 10
    left = min(max(scale.x(ms) - width / 2, scale.left - 8), scale.left + scale.width + 8 - width)
    return QRectF(left, 37, width, 18) if rows.whole else QRectF(left, 1, width, 16)


def paint_present(painter: QPainter, line: QLineF, tag: QRectF, text: str, *, tokens: tuple[str, str, str], dashed: bool) -> None:
    """The line of the present and its tag; `tokens` are the colours of line, tag and the tag's text."""
    pen = QPen(theme().color(tokens[0]), 2.0)
    if dashed:
        pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.drawLine(line)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(tokens[1]))
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(theme().color(tokens[2]))
    painter.setFont(theme().font("caption", 600))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def _bucketed(track: bytes, scale: Scale, least: float) -> list[tuple[float, float, bytes]]:
    """(left, pitch, values) of the visible buckets of a track with one value a second, each at least `least` pixels wide."""
    second = scale.pixels(1000)
    seconds = 1 if second >= least else -int(-least // second)
    first = max(int(scale.start_ms // 1000 // seconds) * seconds, 0)
    last = min(int(scale.end_ms // 1000) + 1, len(track))
    return [(scale.x(s * 1000), second * seconds, track[s : s + seconds]) for s in range(first, last, seconds)]


def paint_motion(painter: QPainter, scale: Scale, track: bytes, ground: float) -> None:
    color = theme().color("info")
    color.setAlphaF(0.75)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(color))
    for left, pitch, values in _bucketed(track, scale, 4.0):
        height = max(MOTION_HEIGHT * sum(values) / len(values) / 255, 2.0)
        painter.drawRoundedRect(QRectF(left, ground - height, max(pitch * 0.7, pitch - 1.5), height), 1, 1)


def paint_sound(painter: QPainter, scale: Scale, track: bytes, middle: float) -> None:
    painter.setPen(QPen(theme().color("text-muted"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    lines = []
    second = scale.pixels(1000)
    fine = max(1, int(second // 3))  # a second wider than three pixels is drawn as several lines of its level
    for left, pitch, values in _bucketed(track, scale, 3.0):
        half = max(SOUND_HEIGHT / 2 * max(values) / 255, 0.8)
        parts = fine if pitch == second else 1
        for part in range(parts):
            x = left + pitch * (part + 0.5) / parts
            lines.append(QLineF(x, middle - half, x, middle + half))
    painter.drawLines(lines)
