"""One window's card: its words laid out for a width, and what can be pressed in it.

A card is made when it comes into view and thrown away after. Coordinates are relative to the card's top left corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QTextLayout

from skiuo_desktop.model import OFFLINE, FailureKind, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.narrative_layout import make_layout
from skiuo_desktop.ui.widgets.narrative_story import Shown

translate = QCoreApplication.translate

WIDE = 420
"""From this width on the buttons of a failed card stand beside its time; below they stand under its text."""
NARROW = 360
SLIM = (WindowState.QUEUED, WindowState.RECORDING, WindowState.PLANNED, WindowState.SKIPPED)
HEADER = 18
ICON_BOX = (26, 22)
FACT_GAP = 10.0
NEEDS_PERSON = (FailureKind.KEY, FailureKind.BILLING, FailureKind.MODEL_MISSING)
"""Failures that asking again does not mend: something is to be changed first."""


@dataclass(frozen=True, slots=True)
class CardOptions:
    """What differs between the pages and between cards."""

    width: float
    facts_always: bool = True  # else on the card that plays or is current only
    ledger: bool = False  # offers what was sent
    playing: bool = False  # the player stands in this window
    running: bool = False  # and plays
    current: bool = False
    marker: str = ""  # the person's marker in this window
    needle: str = ""  # searched words, marked in the text
    detail: str = ""  # what a window that is not analysed yet waits for
    read_only: bool = False  # nothing can be asked again here, and what was sent is not known here


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that can be pressed. `kind`: `icon`, `button`, `ghost` or `link`."""

    name: str
    rect: QRectF
    kind: str
    text: str = ""
    icon: str = ""
    tip: str = ""


@dataclass(slots=True)
class Card:
    """The layout of one window's part of the narrative."""

    shown: Shown
    options: CardOptions
    height: float = 0.0
    spots: list[Spot] = field(default_factory=list)
    body: QTextLayout | None = None
    body_top: float = 0.0
    heading: QRectF = field(default_factory=QRectF)  # the offline measurer's, on a line of its own; empty: beside the time
    facts: list[list[str]] = field(default_factory=list)  # a row each, as many as its width holds
    facts_top: float = 0.0
    note: QTextLayout | None = None  # why this model, and who disagrees
    note_top: float = 0.0
    label: str = ""  # in a chip beside the time
    waiting: bool = False
    right: str = ""
    tag: str = ""
    tag_color: str = "text-muted"
    bold: int = 0  # so many first characters of the body are set in bold

    @property
    def padding(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom"""
        if self.options.width < NARROW:
            return 10, 8, 12, 8
        return (12, 10, 16, 10) if self.slim else (12, 12, 16, 12)

    @property
    def slim(self) -> bool:
        return self.shown.state in SLIM and self.shown.wait is None and not self.shown.told

    @property
    def text_left(self) -> float:
        return self.padding[0] + 28

    @property
    def text_width(self) -> float:
        return self.options.width - self.text_left - self.padding[2]

    @property
    def failed(self) -> bool:
        return self.shown.state is WindowState.FAILED

    @property
    def offline(self) -> bool:
        return self.shown.analysis is not None and self.shown.analysis.model == OFFLINE and bool(self.shown.text) and not self.failed

    @property
    def detailed(self) -> bool:
        return self.options.facts_always or self.options.playing or self.options.current

    @property
    def plain(self) -> str:
        """The text as it is copied."""
        return self.body.text().replace("\u2028", "\n") if self.body is not None else ""

    # ------------------------------------------------------------------ layout

    def lay_out(self) -> Card:
        _, top, _, bottom = self.padding
        self._lay_tag()
        y = top + HEADER
        heading_width = QFontMetricsF(theme().font("small")).horizontalAdvance(words.offline_heading(elsewhere=self.options.read_only)) + 18
        if self.offline and heading_width + self.time_width + 60 > self.text_width:
            self.heading = QRectF(self.text_left, y + 2, self.text_width, theme().line("small"))
            y += theme().line("small") + 4
        text, self.bold = self._words()
        if text:
            self.body_top = y + 2
            self.body = make_layout(text, self.text_width, bold=self.bold, needle=self.options.needle)
            y = self.body_top + self.body.lineCount() * theme().line("read")
        elif self.waiting:
            self.body_top = y + 2
            y = self.body_top + 36
        y = self._lay_facts(y)
        y = self._lay_note(y)
        self._lay_buttons(y)
        if any(s.name == "raw" and s.rect.top() > y for s in self.spots):
            y += 10 + theme().size("controlSmall")
        self.height = math.ceil(y + bottom) + 1
        return self

    @property
    def time_width(self) -> float:
        return QFontMetricsF(theme().font("small", 600)).horizontalAdvance(fmt.span(self.shown.bar.span))

    def _lay_tag(self) -> None:
        state, shown = self.shown.state, self.shown
        if shown.wait is not None:
            self.tag, self.tag_color = translate("Narrative", "Waiting"), "warn"
            self.right = words.attempt(shown.wait.attempt, shown.wait.attempts)
        elif state is WindowState.FAILED:
            self.tag, self.tag_color = words.state(state), "error"
            attempts = shown.analysis.attempts if shown.analysis is not None else 0
            self.right = translate("Narrative", "attempt {0}").format(attempts) if attempts > 1 else ""
        elif state is WindowState.ANALYSING:
            self.waiting = not shown.text
            self.tag, self.tag_color = (words.waiting(), "text-muted") if self.waiting else (words.state(state), "accent")
            self.right = fmt.seconds(shown.elapsed_ms) if shown.elapsed_ms is not None else ""
            self.waiting = self.waiting and shown.streaming
        elif self.shown.state in SLIM:
            parts = [self._state_word()] + ([self.options.detail] if self.options.detail else [])
            self.tag = " · ".join(parts)
        elif self.options.playing and self.options.running:
            self.tag, self.tag_color = words.now_playing(), "accent"

    @property
    def _reason(self) -> str:
        return self.shown.window.reason if self.shown.window is not None else ""

    def _state_word(self) -> str:
        kept = self.shown.state is WindowState.SKIPPED and self._reason == words.BUDGET
        return translate("Narrative", "Kept for later") if kept else words.state(self.shown.state)

    def _words(self) -> tuple[str, int]:
        shown = self.shown
        if shown.wait is not None:
            cause = words.cause(shown.wait.failure.kind)
            return words.joined(cause, words.tries_again(shown.wait.left_s)), len(cause)
        if shown.state is WindowState.FAILED and shown.analysis is not None and shown.analysis.failure is not None:
            cause, message = words.failure(shown.analysis.failure)
            text = words.joined(cause, message, words.may_be_billed(shown.analysis.usage))
            if shown.text.strip():
                text += "\u2028" + translate("Narrative", "What had arrived: “{0}…”").format(shown.text.strip())
            return text, len(cause)
        if shown.told or shown.state is WindowState.DONE:
            return shown.text.strip(), 0
        if shown.state is WindowState.ANALYSING:
            return shown.text.lstrip(), 0
        return "", 0

    def _lay_facts(self, y: float) -> float:
        shown, analysis = self.shown, self.shown.analysis
        links: list[tuple[str, str, str]] = []  # name, text, icon
        facts: list[str] = []
        if shown.state is WindowState.SKIPPED and not shown.told:
            facts = [words.skipped(self._reason)]
            links = [("again", words.analyse_anyway(self._reason), "")] if not self.options.read_only else []
        elif shown.wait is not None or analysis is None:
            return y
        elif shown.streaming and shown.first_word_ms is not None and shown.text:
            facts = [translate("Narrative", "first words after {0}").format(fmt.seconds(shown.first_word_ms))]
        elif (shown.told or shown.state is WindowState.DONE) and self.detailed:
            facts = words.facts(analysis, with_model=self.options.facts_always or bool(shown.others or analysis.why))
            links = [("ledger", translate("Narrative", "What was sent"), "receipt")] if self.options.ledger and not self.options.read_only else []
            self.label = words.label(analysis)
        if shown.told and shown.others and self.detailed:
            links.insert(0, ("others", words.others(len(shown.others)), "stack-2"))
        if not facts and not links:
            return y
        self.facts_top = y + (4 if self.slim else 6)
        return self._place_links(self._wrap(facts), links)

    def _wrap(self, facts: list[str]) -> float:
        """Puts the facts into rows; returns where the last one ends."""
        metrics, x = QFontMetricsF(theme().font("small")), 0.0
        for fact in facts:
            width = metrics.horizontalAdvance(fact)
            if not self.facts or x + FACT_GAP + width > self.text_width:
                self.facts.append([fact])
                x = width
            else:
                self.facts[-1].append(fact)
                x += FACT_GAP + width
        return x

    def _place_links(self, end: float, links: list[tuple[str, str, str]]) -> float:
        """Behind the facts: at the right edge, or right behind a sentence; below them where there is no room. Returns where it all ends."""
        metrics, line = QFontMetricsF(theme().font("small", 500)), theme().line("small")
        widths = [metrics.horizontalAdvance(text) + (18 if icon else 0) for _, text, icon in links]
        needed = sum(widths) + 16 * (len(links) - 1)
        rows, x = len(self.facts), self.text_left
        if links and rows and end + 8 + needed <= self.text_width:
            x += end + 8 if self.slim else self.text_width - needed
        elif links:
            rows += 1
        y = self.facts_top + (rows - 1) * line
        for (name, text, icon), width in zip(links, widths, strict=True):
            self.spots.append(Spot(name, QRectF(x, y, width, line), "link", text, icon))
            x += width + 16
        return y + line

    def _lay_note(self, y: float) -> float:
        shown = self.shown
        if shown.analysis is None or shown.wait is not None or self.slim:
            return y
        text = words.why(shown.window, shown.analysis)
        if not text:
            return y
        self.note, self.note_top = make_layout(text, self.text_width, role="small"), y + 4
        return self.note_top + self.note.lineCount() * theme().line("small")

    def _lay_buttons(self, y: float) -> None:
        right, top = self.options.width - self.padding[2], self.padding[1]
        if self.failed:
            if not self.options.read_only:
                self._lay_retry(right, top, y)
            return
        if self.shown.wait is not None:
            self._lay_row([("raw", translate("Narrative", "Show raw answer"), "ghost", "code")] if self.shown.wait.failure.raw else [], y)
            return
        if not (self.shown.told or self.shown.state in (WindowState.DONE, WindowState.ANALYSING)) or self.waiting:
            return
        icons = [("menu", "dots", translate("Narrative", "More")), ("copy", "copy", translate("Narrative", "Copy text"))]
        if self.shown.state is WindowState.DONE and not self.options.read_only:
            icons.append(("again", "refresh", words.analyse_again(self.shown.analysis)))
        x = right + 5
        for name, icon, tip in icons:
            x -= ICON_BOX[0] + 6
            self.spots.append(Spot(name, QRectF(x, top + (HEADER - ICON_BOX[1]) / 2, *ICON_BOX), "icon", icon=icon, tip=tip))

    def _lay_retry(self, right: float, top: float, y: float) -> None:
        raw, retry, settings = translate("Narrative", "Raw answer"), translate("Narrative", "Retry"), translate("Narrative", "Open settings")
        failure = self.shown.analysis.failure if self.shown.analysis is not None else None
        # The Watch page has no way to the settings of its own.
        needs_person = failure is not None and failure.kind in NEEDS_PERSON and self.options.facts_always
        if self.options.width < WIDE:
            if needs_person:
                self._lay_row([("settings", settings, "button", ""), ("retry", retry, "button", ""), ("raw", raw, "ghost", "")], y)
            else:
                self._lay_row([("retry", retry, "button", "refresh"), ("raw", translate("Narrative", "Show raw answer"), "ghost", "code")], y)
            return
        font, x = QFontMetricsF(theme().font("small", 500)), right
        first = [("settings", settings, "button", 10)] if needs_person else []
        for name, text, kind, padding in (("raw", raw, "ghost", 4), ("retry", retry, "button", 10), *first):
            width = font.horizontalAdvance(text) + 2 * padding
            x -= width
            self.spots.append(Spot(name, QRectF(x, top - 3, width, 24), kind, text))
            x -= 8
        self.right = ""

    def _lay_row(self, buttons: list[tuple[str, str, str, str]], y: float) -> None:
        """Buttons (name, text, kind, icon) under the text."""
        font, x = QFontMetricsF(theme().font("small", 500)), self.text_left
        for name, text, kind, icon in buttons:
            width = font.horizontalAdvance(text) + 20 + (20 if icon else 0)
            self.spots.append(Spot(name, QRectF(x, y + 10, width, theme().size("controlSmall")), kind, text, icon))
            x += width + 8

    # ------------------------------------------------------------------ where things are

    def spot_at(self, pos: QPointF, *, active: bool) -> Spot | None:
        """What can be pressed at a point; icons are there on the active card only."""
        return next((s for s in self.spots if s.rect.contains(pos) and (active or s.kind != "icon")), None)

    def char_at(self, pos: QPointF) -> int:
        """The place in the text nearest to a point."""
        if self.body is None or self.body.lineCount() == 0:
            return 0
        line_height = theme().line("read")
        number = min(max(int((pos.y() - self.body_top) // line_height), 0), self.body.lineCount() - 1)
        if pos.y() < self.body_top:
            return 0
        if pos.y() >= self.body_top + self.body.lineCount() * line_height:
            return len(self.body.text())
        return self.body.lineAt(number).xToCursor(pos.x() - self.text_left)

    def over_text(self, pos: QPointF) -> bool:
        if self.body is None:
            return False
        bottom = self.body_top + self.body.lineCount() * theme().line("read")
        return self.body_top <= pos.y() < bottom and self.text_left <= pos.x() <= self.text_left + self.text_width
