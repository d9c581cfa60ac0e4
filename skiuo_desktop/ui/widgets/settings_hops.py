"""The hop test: what a real clip passed through on its way to a model, each hop with a sign and what was measured there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.glyphs import paint_glyph, paint_sign
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import painted

GLYPH = 18
STATES = {"ok": WindowState.DONE, "failed": WindowState.FAILED, "running": WindowState.ANALYSING, "planned": WindowState.PLANNED}
LINES = {"ok": "win-done", "dropped": "win-done"}
"""Colour of the line to the next hop; another one is not reached."""


@dataclass(frozen=True, slots=True)
class HopWords:
    title: str
    told: str  # what was measured
    state: str  # "ok", "failed", "dropped", "running" or "planned"
    state_words: str  # the state for those who cannot see the glyph


class HopLine(QWidget):
    """The hops in one painted row. Turning stands still where the system asks for reduced motion."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._hops: list[HopWords] = []
        self._turn = QVariantAnimation(self)
        self._turn.setStartValue(0.0)
        self._turn.setEndValue(1.0)
        self._turn.setDuration(1000)
        self._turn.setLoopCount(-1)
        self._turn.valueChanged.connect(self._turned)
        self._phase = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def hops(self) -> list[HopWords]:
        return list(self._hops)

    def set_hops(self, hops: Sequence[HopWords]) -> None:
        self._hops = list(hops)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription("; ".join(f"{hop.title}: {hop.state_words} {hop.told}".strip() for hop in hops))
        self.setToolTip("\n".join(f"{hop.title}: {hop.told or hop.state_words}" for hop in hops))
        if any(hop.state == "running" for hop in hops) and not theme().still:
            self._turn.start()
        else:
            self._turn.stop()
        self.updateGeometry()
        self.update()

    def _turned(self, phase: float) -> None:
        self._phase = phase
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, GLYPH + 8 + 2 * theme().line("small"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        if not self._hops:
            return
        t, line = theme(), theme().line("small")
        step = self.width() / len(self._hops)
        for number, hop in enumerate(self._hops):
            x = number * step
            glyph = QRectF(x, 0, GLYPH, GLYPH)
            if hop.state == "dropped":
                paint_sign(painter, glyph, "warn")
            else:
                paint_glyph(painter, glyph, STATES[hop.state], self._phase)
            if number + 1 < len(self._hops):
                painter.setPen(QPen(t.color(LINES.get(hop.state, "border")), 2))
                painter.drawLine(round(x + GLYPH + 6), GLYPH // 2, round(x + step - 6), GLYPH // 2)
            for font, ink, text, y in (
                (t.font("small", 500), "text-muted" if hop.state == "planned" else "text", hop.title, GLYPH + 6),
                (t.font("small"), "text-muted", hop.told, GLYPH + 6 + line),
            ):
                painter.setFont(font)
                painter.setPen(t.color(ink))
                shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(step) - 6)
                painter.drawText(QRectF(x, y, step - 6, line), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
