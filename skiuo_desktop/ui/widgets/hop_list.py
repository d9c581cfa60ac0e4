"""The steps of a check, one a line: a sign, what was tried, what was seen and how long it took. Lines come as the steps end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.glyphs import paint_glyph, paint_sign
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import painted

LINE = 22
GLYPH = 14
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_GLYPHS = {"ok": WindowState.DONE, "failed": WindowState.FAILED, "skipped": WindowState.SKIPPED, "running": WindowState.QUEUED}


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    told: str  # what was seen, in a few words
    state: str  # "ok", "failed", "warned", "skipped" or "running"
    state_words: str  # the state for those who cannot see the sign
    took: str = ""
    whole: str = ""  # what was seen, in full; empty: `told` is all


class HopList(QWidget):
    """The steps at one server, painted."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._steps: list[Step] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme().changed.connect(self.update)

    @property
    def steps(self) -> list[Step]:
        return list(self._steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        self._steps = list(steps)
        self.setAccessibleDescription("; ".join(f"{step.title}: {step.state_words} {step.whole or step.told}".strip() for step in steps))
        self.setFixedHeight(LINE * (len(self._steps) + 1))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, LINE * (len(self._steps) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, LINE)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, width = theme(), float(self.width())
        painter.setFont(t.font("small", 600))
        painter.setPen(t.color("text"))
        painter.drawText(QRectF(0, 0, width, LINE), LEFT, self._name)
        for number, step in enumerate(self._steps, 1):
            y = number * LINE
            sign = QRectF(0, y + (LINE - GLYPH) / 2, GLYPH, GLYPH)
            if step.state == "warned":
                paint_sign(painter, sign, "warn")
            else:
                paint_glyph(painter, sign, _GLYPHS[step.state])
            x = GLYPH + 8.0
            told = " · ".join(part for part in (step.told, step.took) if part)
            room = width - x - QFontMetrics(t.font("small", 500)).horizontalAdvance(step.title) - 8
            if QFontMetrics(t.font("small")).horizontalAdvance(told) > room:
                told = step.told  # the time gives way first
            for font, ink, text in ((t.font("small", 500), "text", step.title), (t.font("small"), "text-muted", told)):
                metrics = QFontMetrics(font)
                painter.setFont(font)
                painter.setPen(t.color("text-muted" if step.state in ("skipped", "running") else ink))
                painter.drawText(QRectF(x, y, width - x, LINE), LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(width - x))))
                x += metrics.horizontalAdvance(text) + 8

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = event.pos().y() // LINE - 1
            step = self._steps[number] if 0 <= number < len(self._steps) else None
            QToolTip.showText(event.globalPos(), f"{step.title}: {step.whole or step.told or step.state_words}" if step is not None else "", self)
            return True
        return super().event(event)
