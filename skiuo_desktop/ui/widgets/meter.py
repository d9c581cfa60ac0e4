"""The level of the microphone: lit segments for loudness, one for the highest of the last second, the figure beside them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box, painted

SEGMENTS, SEGMENTS_COMPACT = 26, 18
FLOOR_DB = -60.0
"""What the first segment stands for."""
LOUD = 0.78
"""From here on the segments are in the colour of a warning."""
HOLD_S = 1.0


def lit(db: float, segments: int) -> int:
    """How many of so many segments light up at that level."""
    share = (db - FLOOR_DB) / -FLOOR_DB
    return max(0, min(segments, math.ceil(share * segments - 1e-9)))


class LevelMeter(QWidget):
    """Microphone icon, segments, decibels. Without a level (`set_level(None)`) the segments are dark and the figure is a dash."""

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock, self._compact = clock, False
        self._rms: float | None = None
        self._peak, self._peak_at = FLOOR_DB, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Level of the microphone"))
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def set_level(self, rms_db: float | None, peak_db: float = -120.0) -> None:
        """Decibels relative to full scale; None when no microphone is open."""
        now = self._clock()
        if rms_db is None:
            self._peak = FLOOR_DB
        elif peak_db >= self._peak or now - self._peak_at > HOLD_S:
            self._peak, self._peak_at = peak_db, now
        if (rms_db is None) != (self._rms is None) or self._shown(rms_db) != self._shown(self._rms):
            self.setAccessibleDescription("" if rms_db is None else fmt.decibels(rms_db))
        self._rms = rms_db
        self.update()

    @staticmethod
    def _shown(db: float | None) -> int | None:
        return None if db is None else round(db)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.updateGeometry()
        self.update()

    @property
    def _count(self) -> int:
        return SEGMENTS_COMPACT if self._compact else SEGMENTS

    def sizeHint(self) -> QSize:
        step = theme().pair("meterSegment").width() + theme().size("meterGap")
        return QSize(15 + 8 + self._count * step - 2 + (0 if self._compact else 8 + 44), 16)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t = theme()
        height = 10 if self._compact else t.pair("meterSegment").height()
        wide, gap = t.pair("meterSegment").width(), t.size("meterGap")
        paint_icon(painter, "microphone" if self._rms is not None else "microphone-off", QRectF(0, 0, 15, self.height()), "text-muted")
        on = 0 if self._rms is None else lit(self._rms, self._count)
        peak = 0 if self._rms is None else lit(self._peak, self._count)
        x, y = 23.0, (self.height() - height) / 2
        for number in range(1, self._count + 1):
            tint = "surface-3"
            if number == peak:
                tint = "text"
            elif number <= on:
                tint = "warn" if number > LOUD * self._count else "ok"
            paint_box(painter, QRectF(x, y, wide, height), 1, fill=t.color(tint))
            x += wide + gap
        if not self._compact:
            painter.setFont(t.font("small"))
            painter.setPen(t.color("text-muted"))
            words = "–" if self._rms is None else fmt.decibels(self._rms)
            painter.drawText(QRectF(self.width() - 44, 0, 44, self.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
