"""Text wrapped by hand at the line heights of the design, with bold, marked and selected stretches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextOption

from skiuo_desktop.ui.theme import theme


def make_layout(
    text: str, width: float, *, role: str = "read", bold: int = 0, needle: str = "", lead: float = 0.0, ranges: Sequence[QTextLayout.FormatRange] = ()
) -> QTextLayout:
    """Text wrapped to a width at the line height of its role, whatever fonts its characters come from.

    `lead` indents its first line; `ranges` are further formats.
    """
    font, line_height = theme().font(role), theme().line(role)
    font.unsetFeature(QFont.Tag("tnum"))  # figures in sentences need no columns, and Inter's tabular hyphen is as wide as a figure
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    formats = [*ranges, _range(0, bold, weight=600)] if bold else [*ranges]
    formats += [_range(at, len(needle), weight=600, mark=True) for at in find_all(text, needle)]
    if formats:
        layout.setFormats(formats)
    metrics = QFontMetricsF(font)
    baseline = (line_height - metrics.height()) / 2 + metrics.ascent()
    layout.beginLayout()
    number = 0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        indent = lead if number == 0 else 0.0
        line.setLineWidth(max(width - indent, 40))
        line.setPosition(QPointF(indent, number * line_height + baseline - line.ascent()))
        number += 1
    layout.endLayout()
    return layout


def _range(start: int, length: int, *, weight: int, mark: bool = False) -> QTextLayout.FormatRange:
    kind = QTextCharFormat()
    kind.setFontWeight(QFont.Weight(weight))
    if mark:
        kind.setBackground(theme().color("highlight"))
    piece = QTextLayout.FormatRange()
    piece.start, piece.length, piece.format = start, length, kind
    return piece


def selection_range(start: int, length: int) -> QTextLayout.FormatRange:
    """Selected text, for QTextLayout.draw."""
    kind = QTextCharFormat()
    kind.setBackground(theme().color("accent-fill"))
    kind.setForeground(theme().color("accent-fg"))
    piece = QTextLayout.FormatRange()
    piece.start, piece.length, piece.format = start, length, kind
    return piece


def find_all(text: str, needle: str) -> list[int]:
    """Where `needle` stands in `text`, whatever the case."""
    if not needle:
        return []
    folded, wanted = text.lower(), needle.lower()
    if len(folded) != len(text):  # a few letters change length with their case
        folded, wanted = text, needle
    places, at = [], folded.find(wanted)
    while at >= 0:
        places.append(at)
        at = folded.find(wanted, at + len(wanted))
    return places
