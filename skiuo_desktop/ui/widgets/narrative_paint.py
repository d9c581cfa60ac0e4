"""How a window's card looks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextLayout

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_glyph, paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.narrative_card import FACT_GAP, HEADER, Card, Spot
from skiuo_desktop.ui.widgets.narrative_layout import selection_range
from skiuo_desktop.ui.widgets.paint import paint_box

ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Look:
    """The passing state of a card."""

    active: bool = False  # under the pointer, or current: its icons show
    ringed: bool = False  # current, and the keyboard is here
    hovered: str = ""  # name of the spot under the pointer
    pressed: str = ""
    selection: tuple[int, int] | None = None
    phase: float = 0.0  # of the turning arc, 0..1
    caret: bool = True


def paint_card(painter: QPainter, card: Card, look: Look) -> None:
    """Paints a card at the painter's origin."""
    colors, width = theme(), card.options.width
    ground = "warn-tint" if card.shown.wait is not None else "error-tint" if card.failed else "accent-tint" if card.options.playing else "surface"
    painter.fillRect(QRectF(0, 0, width, card.height), colors.color(ground))
    if card.options.playing:
        painter.fillRect(QRectF(0, 0, 3, card.height), colors.color("accent"))
    left, top, _, _ = card.padding
    if card.shown.wait is not None:
        paint_sign(painter, QRectF(left, top + 1, 16, 16), "warn")
    else:
        paint_glyph(painter, QRectF(left, top + 1, 16, 16), card.shown.state, look.phase, ground)
    _paint_header(painter, card, look)
    if not card.heading.isNull():
        _paint_offline(painter, card, card.heading)
    if card.body is not None:
        painter.setPen(colors.color("text"))
        ranges = [selection_range(look.selection[0], look.selection[1] - look.selection[0])] if look.selection else []
        card.body.draw(painter, QPointF(card.text_left, card.body_top), ranges)
        if card.shown.streaming and look.caret:
            _paint_caret(painter, card, card.body)
    elif card.waiting:
        for row, share in enumerate((0.92, 0.6)):
            paint_box(painter, QRectF(card.text_left, card.body_top + 6 + row * 16, card.text_width * share, 8), 4, fill=colors.color("surface-3"))
    _paint_facts(painter, card)
    if card.note is not None:
        painter.setPen(colors.color("text-muted"))
        card.note.draw(painter, QPointF(card.text_left, card.note_top))
    for spot in card.spots:
        if spot.kind != "icon" or look.active:
            paint_spot(painter, spot, hovered=spot.name == look.hovered, pressed=spot.name == look.pressed)
    painter.fillRect(QRectF(0, card.height - 1, width, 1), colors.color("border"))
    if look.ringed:
        paint_box(painter, QRectF(1, 1, width - 2, card.height - 3), colors.radius("sm"), line=colors.color("accent"), width=2)


def _paint_header(painter: QPainter, card: Card, look: Look) -> None:
    colors, top = theme(), card.padding[1]
    right = card.text_left + card.text_width
    strong, plain = colors.font("small", 600), colors.font("small")
    if look.active and (icons := [s.rect.left() for s in card.spots if s.kind == "icon"]):
        right = min(icons) - 4
    elif buttons := [s.rect.left() for s in card.spots if s.rect.top() < top + HEADER and s.kind in ("button", "ghost")]:
        right = min(buttons) - 8
    elif card.right:
        painter.setFont(plain)
        painter.setPen(colors.color("text-muted"))
        painter.drawText(QRectF(card.text_left, top, card.text_width, HEADER), ALIGN_RIGHT, card.right)
        right -= painter.fontMetrics().horizontalAdvance(card.right) + 8
    painter.setFont(strong)
    painter.setPen(colors.color("text"))
    painter.drawText(QRectF(card.text_left, top, card.text_width, HEADER), ALIGN_LEFT, fmt.span(card.shown.bar.span))
    x = card.text_left + card.time_width + 8
    inline = card.offline and card.heading.isNull()
    room = right - x - (QFontMetricsF(plain).horizontalAdvance(words.offline_heading(elsewhere=card.options.read_only)) + 26 if inline else 0)
    font = strong if card.tag_color in ("accent", "error", "warn") else plain
    tag_width = QFontMetricsF(font).horizontalAdvance(card.tag)
    if card.tag and (tag_width <= room or not inline):
        painter.setFont(font)
        painter.setPen(colors.color(card.tag_color))
        painter.drawText(QRectF(x, top, right - x, HEADER), ALIGN_LEFT, QFontMetricsF(font).elidedText(card.tag, Qt.TextElideMode.ElideRight, right - x))
        x += tag_width + 8
    if inline:
        x += _paint_offline(painter, card, QRectF(x, top, right - x, HEADER)) + 8
    for icon, text in (("tag", card.label), ("bookmark", card.options.marker)):
        if text and right - x > 40:
            x += _paint_chip(painter, icon, text, QRectF(x, top, right - x, HEADER)) + 6


def _paint_offline(painter: QPainter, card: Card, box: QRectF) -> float:
    """The heading of what no model has seen; returns its width."""
    painter.setFont(theme().font("small"))
    painter.setPen(theme().color("text-muted"))
    text = painter.fontMetrics().elidedText(words.offline_heading(elsewhere=card.options.read_only), Qt.TextElideMode.ElideRight, int(box.width() - 18))
    paint_icon(painter, "device-desktop", QRectF(box.left(), box.center().y() - 7, 14, 14), "text-muted")
    painter.drawText(box.adjusted(18, 0, 0, 0), ALIGN_LEFT, text)
    return 18.0 + painter.fontMetrics().horizontalAdvance(text)


def _paint_chip(painter: QPainter, icon: str, text: str, room: QRectF) -> float:
    """The person's marker, or the label that a model gave; returns its width."""
    painter.setFont(theme().font("caption", 400))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width() - 28))
    box = QRectF(room.left(), room.top(), painter.fontMetrics().horizontalAdvance(shown) + 28, HEADER)
    paint_box(painter, box, theme().radius("sm"), fill=theme().color("surface-2"))
    paint_icon(painter, icon, QRectF(box.left() + 6, box.top() + 3, 12, 12))
    painter.setPen(theme().color("text"))
    painter.drawText(box.adjusted(22, 0, -6, 0), ALIGN_LEFT, shown)
    return box.width()


def _paint_caret(painter: QPainter, card: Card, body: QTextLayout) -> None:
    number, line_height = body.lineCount() - 1, theme().line("read")
    line = body.lineAt(number)
    x = min(line.naturalTextWidth() + 2, card.text_width - 8)
    paint_box(painter, QRectF(card.text_left + x, card.body_top + number * line_height + (line_height - 16) / 2, 8, 16), 1, fill=theme().color("accent"))


def _paint_facts(painter: QPainter, card: Card) -> None:
    painter.setFont(theme().font("small"))
    painter.setPen(theme().color("text-muted"))
    line, y = theme().line("small"), card.facts_top
    for row in card.facts:
        x = card.text_left
        for fact in row:
            room = card.text_left + card.text_width - x
            shown = painter.fontMetrics().elidedText(fact, Qt.TextElideMode.ElideRight, int(room + 1))
            painter.drawText(QRectF(x, y, room, line), ALIGN_LEFT, shown)
            x += painter.fontMetrics().horizontalAdvance(fact) + FACT_GAP
        y += line


def paint_spot(painter: QPainter, spot: Spot, *, hovered: bool, pressed: bool) -> None:
    """Something that can be pressed, at its place."""
    colors, rect = theme(), spot.rect
    touched = colors.color("surface-3" if pressed else "surface-2") if hovered or pressed else None
    font = colors.font("small", 500)
    if spot.kind == "icon":
        paint_box(painter, rect, 5, fill=colors.color("surface-3") if touched else None)
        paint_icon(painter, spot.icon, QRectF(rect.center().x() - 7.5, rect.center().y() - 7.5, 15, 15), "text" if hovered else "text-muted")
        return
    if spot.kind == "link":
        font.setUnderline(hovered)
        painter.setFont(font)
        painter.setPen(colors.color("accent"))
        offset = 18 if spot.icon else 0
        if spot.icon:
            paint_icon(painter, spot.icon, QRectF(rect.left(), rect.center().y() - 7, 14, 14), "accent")
        painter.drawText(rect.adjusted(offset, -1, 2, 1), ALIGN_LEFT, spot.text)
        return
    fill = touched or (colors.color("surface") if spot.kind == "button" else None)
    paint_box(painter, rect, colors.radius("sm"), fill=fill, line=colors.color("border") if spot.kind == "button" else None)
    painter.setFont(font)
    painter.setPen(colors.color("text"))
    if spot.icon:
        paint_icon(painter, spot.icon, QRectF(rect.left() + 10, rect.center().y() - 7, 14, 14))
        painter.drawText(rect.adjusted(30, 0, 0, 0), ALIGN_LEFT, spot.text)
    else:
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, spot.text)
