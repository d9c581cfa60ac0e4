"""How one window of a comparison looks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_glyph
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.compare_card import EDGE, HEADER, RADIO, Half, PairCard
from skiuo_desktop.ui.widgets.narrative_paint import ALIGN_LEFT, paint_spot
from skiuo_desktop.ui.widgets.narrative_words import now_playing
from skiuo_desktop.ui.widgets.paint import paint_box


def paint_pair(painter: QPainter, card: PairCard, *, hovered: str, ringed: bool) -> None:
    """Paints a window's two answers at the painter's origin."""
    t, width = theme(), card.width
    painter.fillRect(QRectF(0, 0, width, card.height), t.color("accent-tint" if card.playing else "surface"))
    if card.playing:
        painter.fillRect(QRectF(0, 0, 3, card.height), t.color("accent"))
    painter.setFont(t.font("small", 600))
    painter.setPen(t.color("text"))
    span = fmt.span(card.window.span)
    painter.drawText(QRectF(EDGE, 12, width - 2 * EDGE, HEADER), ALIGN_LEFT, span)
    if card.playing and card.running:
        x = EDGE + painter.fontMetrics().horizontalAdvance(span) + 8
        painter.setPen(t.color("accent"))
        painter.drawText(QRectF(x, 12, width - x, HEADER), ALIGN_LEFT, now_playing())
    for half in card.halves:
        _paint_half(painter, half, hovered)
    for spot in card.spots:
        if spot.kind == "link":
            paint_spot(painter, spot, hovered=spot.name == hovered, pressed=False)
    if not card.stacked:
        painter.fillRect(QRectF(round(width / 2), 12 + HEADER, 1, card.height - 12 - HEADER - 1), t.color("border"))
    painter.fillRect(QRectF(0, card.height - 1, width, 1), t.color("border"))
    if ringed:
        paint_box(painter, QRectF(1, 1, width - 2, card.height - 3), t.radius("sm"), line=t.color("accent"), width=2)


def _paint_half(painter: QPainter, half: Half, hovered: str) -> None:
    t = theme()
    if half.named:
        painter.setFont(t.font("small"))
        painter.setPen(t.color("text-muted"))
        name = painter.fontMetrics().elidedText(words.model(half.model), Qt.TextElideMode.ElideMiddle, int(half.width))
        painter.drawText(QRectF(half.left, half.top, half.width, t.line("small")), ALIGN_LEFT, name)
    if half.cause:
        top = half.body_top - t.line("read")
        paint_glyph(painter, QRectF(half.left, top + 3, 16, 16), WindowState.FAILED)
        painter.setFont(t.font("body"))
        painter.setPen(t.color("error"))
        painter.drawText(QRectF(half.left + 24, top, half.width - 24, t.line("read")), ALIGN_LEFT, half.cause)
    if half.body is not None:
        painter.setPen(t.color("text-muted" if half.muted else "text"))
        half.body.draw(painter, QPointF(half.left, half.body_top))
    if not half.radio.isNull():
        _paint_radio(painter, half, hovered == f"use:{half.side}")


def _paint_radio(painter: QPainter, half: Half, hovered: bool) -> None:
    t, box = theme(), half.radio
    circle = QRectF(box.left(), box.center().y() - RADIO / 2, RADIO, RADIO)
    if half.chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("accent-fill"))
        painter.drawEllipse(circle)
        painter.setBrush(t.color("accent-fg"))
        painter.drawEllipse(circle.center(), 2.6, 2.6)
    else:
        painter.setPen(QPen(t.color("accent" if hovered else "control-border"), 1.2))
        painter.setBrush(t.color("surface"))
        painter.drawEllipse(circle.adjusted(0.6, 0.6, -0.6, -0.6))
    painter.setFont(t.font("small"))
    painter.setPen(t.color("text" if hovered and not half.chosen else "text-muted"))
    text = words.chosen() if half.chosen else words.use_this()
    painter.drawText(box.adjusted(RADIO + 6, 0, 4, 0), ALIGN_LEFT, text)
