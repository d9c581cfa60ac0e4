"""The state strip of a library row: a recording's windows in 168×9 pixels, each bar the worst state that it covers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.glyphs import state_color
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.timeline_model import buckets

WIDTH, HEIGHT = 168.0, 9.0
MOST_BARS = 44
LEAST_BARS = 26
"""So many bars' width is kept with fewer windows: a short recording has a short strip."""
GAP = 1.0
_HEIGHTS = {WindowState.FAILED: 8, WindowState.DONE: 6, WindowState.ANALYSING: 6, WindowState.RECORDING: 6, WindowState.SKIPPED: 3}


def strip_bars(states: Sequence[WindowState]) -> list[WindowState]:
    """The states of the bars, at most 44."""
    return buckets(states, MOST_BARS)


def paint_strip(painter: QPainter, at: QPointF, bars: Sequence[WindowState]) -> None:
    """Paints bars made by `strip_bars` with their upper left corner at a point."""
    if not bars:
        return
    pitch = (WIDTH + GAP) / max(len(bars), LEAST_BARS)
    painter.setPen(Qt.PenStyle.NoPen)
    for i, state in enumerate(bars):
        height = _HEIGHTS.get(state, 4)
        painter.setBrush(theme().color("control-border") if state is WindowState.QUEUED else state_color(state))
        painter.drawRoundedRect(QRectF(at.x() + i * pitch, at.y() + 8 - height, pitch - GAP, height), 1, 1)
