"""One window's part of a comparison: what two models said, side by side or one under the other, laid out for a width.

Coordinates are relative to the part's top left corner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QTextCharFormat, QTextLayout

from skiuo_desktop.model import DESCRIBE, Analysis, AnalysisState, Failure, Window
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.compare_words import Stretch, only_here
from skiuo_desktop.ui.widgets.narrative_card import Spot
from skiuo_desktop.ui.widgets.narrative_layout import make_layout

translate = QCoreApplication.translate

STACK_BELOW = 520
"""Narrower than this the two texts stand one under the other."""
EDGE, HEADER, RADIO = 16, 18, 14
SIDES = ("left", "right")


def answer_of(window: Window, model: str) -> Analysis | None:
    """The model's newest answer, before one that failed or is under way."""
    mine = [a for a in window.analyses if a.model == model and a.purpose == DESCRIBE]
    return max(mine, key=lambda a: (a.state is AnalysisState.DONE, bool(a.text), a.id), default=None)


@dataclass(slots=True)
class Half:
    """One model's side."""

    side: str
    model: str
    analysis: Analysis | None
    chosen: bool = False  # stands in the narrative
    left: float = 0.0
    width: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    named: bool = False  # its model's name stands over it
    cause: str = ""  # in place of a text
    body: QTextLayout | None = None
    body_top: float = 0.0
    muted: bool = False  # the body is no answer
    radio: QRectF = field(default_factory=QRectF)

    @property
    def answered(self) -> bool:
        return self.analysis is not None and self.analysis.state is AnalysisState.DONE and bool(self.analysis.text)

    @property
    def failed(self) -> bool:
        return self.analysis is not None and self.analysis.state is AnalysisState.FAILED


@dataclass(slots=True)
class PairCard:
    """Two models' answers about one window."""

    window: Window
    models: tuple[str, str]
    width: float
    playing: bool = False  # the moment that is shown lies in it
    running: bool = False  # and plays
    halves: list[Half] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    height: float = 0.0

    @property
    def stacked(self) -> bool:
        return self.width < STACK_BELOW

    def lay_out(self) -> PairCard:
        chosen = self.window.chosen
        answers = [answer_of(self.window, model) for model in self.models]
        texts = [a.text.strip() if a is not None and a.state is AnalysisState.DONE else "" for a in answers]
        y, lowest = 12.0 + HEADER, 0.0
        for number, (side, model, analysis) in enumerate(zip(SIDES, self.models, answers, strict=True)):
            half = Half(side, model, analysis, chosen is not None and analysis is not None and analysis.id == chosen.id)
            half.left = EDGE if self.stacked or number == 0 else self.width / 2 + EDGE
            half.width = (self.width if self.stacked else self.width / 2) - 2 * EDGE
            half.top = lowest + 10 if self.stacked and number else y
            half.named = self.stacked
            other = texts[1 - number]
            marks = only_here(texts[number], other) if texts[number] and other else []
            self._lay_half(half, texts[number], marks)
            lowest = max(lowest, half.bottom)
            self.halves.append(half)
        self.height = math.ceil(lowest + 12) + 1
        return self

    def let_nothing_be_pressed(self) -> None:
        """Which answer stands in the narrative is still shown."""
        self.spots.clear()
        for half in self.halves:
            if not half.chosen:
                half.radio = QRectF()

    def _lay_half(self, half: Half, text: str, marks: Sequence[Stretch]) -> None:
        y = half.top + 2 + (theme().line("small") if half.named else 0)
        half.body_top = y
        if half.answered:
            half.body = make_layout(text, half.width, ranges=[_underline(half.side, *mark) for mark in marks])
            y += half.body.lineCount() * theme().line("read")
            y = self._lay_radio(half, y + 4)
        elif half.failed and half.analysis is not None and half.analysis.failure is not None:
            y = self._lay_failed(half, half.analysis, half.analysis.failure, y)
        else:
            half.muted = True
            asked = half.analysis is not None and half.analysis.state in (AnalysisState.QUEUED, AnalysisState.RUNNING)
            said = translate("Compare", "Not answered yet") if asked else translate("Compare", "Not asked about this window.")
            half.body = make_layout(said, half.width, role="small")
            y += half.body.lineCount() * theme().line("small")
            if not asked:
                y = self._lay_links(half, [("ask", translate("Compare", "Ask it"))], y + 4)
        half.bottom = y

    def _lay_failed(self, half: Half, analysis: Analysis, failure: Failure, y: float) -> float:
        cause, rest = words.failure(failure)
        half.cause, half.muted = cause.rstrip(".。"), True
        half.body_top = y + theme().line("read")
        said = words.joined(rest, words.may_be_billed(analysis.usage))
        half.body = make_layout(said, half.width, role="small")
        y = half.body_top + half.body.lineCount() * theme().line("small") + 4
        return self._lay_links(half, [("retry", translate("Narrative", "Retry")), ("raw", translate("Narrative", "Raw answer"))], y)

    def _lay_radio(self, half: Half, y: float) -> float:
        text = words.chosen() if half.chosen else words.use_this()
        width = QFontMetricsF(theme().font("small")).horizontalAdvance(text)
        half.radio = QRectF(half.left, y, RADIO + 6 + width, 20)
        self.spots.append(Spot(f"use:{half.side}", half.radio.adjusted(-4, -2, 4, 2), "radio", text))
        return y + 20

    def _lay_links(self, half: Half, links: Sequence[tuple[str, str]], y: float) -> float:
        metrics, line, x = QFontMetricsF(theme().font("small", 500)), theme().line("small"), half.left
        for name, text in links:
            width = metrics.horizontalAdvance(text)
            self.spots.append(Spot(f"{name}:{half.side}", QRectF(x, y, width, line), "link", text))
            x += width + 16
        return y + line

    def spot_at(self, pos: QPointF) -> Spot | None:
        return next((spot for spot in self.spots if spot.rect.contains(pos)), None)

    def half(self, side: str) -> Half:
        return self.halves[SIDES.index(side)]


def _underline(side: str, start: int, length: int) -> QTextLayout.FormatRange:
    """Solid at the left, dotted at the right: the colour alone would not do."""
    kind = QTextCharFormat()
    left = side == "left"
    kind.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline if left else QTextCharFormat.UnderlineStyle.DotLine)
    kind.setUnderlineColor(theme().color("accent" if left else "warn"))
    piece = QTextLayout.FormatRange()
    piece.start, piece.length, piece.format = start, length, kind
    return piece
