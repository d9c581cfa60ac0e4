"""The scrolling list of cards: which are in view, their heights, and painting them."""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from skiuo_desktop.model import Marker, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative_card import NARROW, SLIM, Card, CardOptions
from skiuo_desktop.ui.widgets.narrative_heights import Heights
from skiuo_desktop.ui.widgets.narrative_paint import Look, paint_card
from skiuo_desktop.ui.widgets.narrative_story import Story

FRAME_MS = 50
"""Text that arrives is painted at most this often; so are the turning arc and the caret."""
KEPT = 120
"""Laid-out cards that are kept for scrolling back."""
SCROLL_BAR = 12
SLICE_MS = 6
"""Cards out of view are measured in slices this long while nothing else is to be done."""


class CardList(QAbstractScrollArea):
    """Paints a story's cards. `NarrativeView` adds the mouse, the keyboard and following."""

    scrolled = Signal()

    def __init__(self, *, watch: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.story = Story()
        self._watch = watch
        self._heights = Heights()
        self._cards: dict[int, Card] = {}
        self._playing: int | None = None  # window index
        self._running = False
        self._current: int | None = None  # window index
        self._needle = ""
        self._read_only = False
        self._markers: tuple[Marker, ...] = ()
        self._details: dict[int, str] = {}
        self._dirty: set[int] = set()
        self._born = time.monotonic()
        self._flushed = 0.0  # when the last picture was laid out
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._flush)
        self._pulse = QTimer(self)
        self._pulse.setInterval(FRAME_MS)
        self._pulse.timeout.connect(self._repaint_moving)
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._measure_some)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        # The scroll bar lies over the right padding of the cards, so that they are as wide as the column.
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)
        theme().changed.connect(self.relayout)

    # ------------------------------------------------------------------ cards

    def set_markers(self, markers: Iterable[Marker]) -> None:
        self._markers = tuple(markers)
        self.relayout()

    def set_read_only(self, read_only: bool) -> None:
        """The texts are another device's: they are read and copied, and no more."""
        if read_only != self._read_only:
            self._read_only = read_only
            self.relayout()

    def set_detail(self, index: int, text: str) -> None:
        """What a window that is recorded or queued waits for, behind its state: `complete in 3 s`."""
        if self._details.get(index, "") != text:
            self._details[index] = text
            self.touch(index)

    def options(self, index: int, position: int) -> CardOptions:
        return CardOptions(
            width=float(self.viewport().width()),
            facts_always=not self._watch,
            ledger=self._watch,
            playing=index == self._playing,
            running=self._running,
            current=index == self._current,
            marker=self._marker_in(position),
            needle=self._needle,
            detail=self._details.get(index, ""),
            read_only=self._read_only,
        )

    def _marker_in(self, position: int) -> str:
        """Markers belong to the first window that holds them, so that none is shown twice."""
        if not self._markers or position >= len(self.story.track):
            return ""
        span = self.story.track.windows[position].span
        before = self.story.track.windows[position - 1].span.end_ms if position else 0
        for marker in self._markers:
            if max(span.start_ms, before) <= marker.at_ms < span.end_ms:
                return marker.text or self.tr("your marker")
        return ""

    def card(self, position: int) -> Card:
        """The card, laid out for the width of the view."""
        card = self._cards.get(position)
        if card is None:
            card = Card(self.story.shown(position), self.options(self.story.index_at(position), position)).lay_out()
            self._cards[position] = card
            if len(self._cards) > KEPT:
                middle = self.first_visible()
                for far in sorted(self._cards, key=lambda p: abs(p - middle))[KEPT // 2 :]:
                    if far != position:
                        del self._cards[far]
        return card

    def touch(self, index: int) -> None:
        """The window's card has changed: lays it out again with the next picture, at once if the last one is old enough."""
        self._dirty.add(index)
        if not self._frame.isActive():
            since_ms = int((time.monotonic() - self._flushed) * 1000)
            self._frame.start(max(0, FRAME_MS - since_ms))

    def relayout(self) -> None:
        """Everything anew, keeping the first visible card where it is."""
        keep = self._anchor()
        self._cards.clear()
        self._heights.replace([self._guess(p) for p in range(len(self.story))])
        self._restore(keep)
        self._idle.start()
        self.viewport().update()

    def _guess(self, position: int) -> float:
        rows = len(self.story.track)
        window = self.story.track.windows[position] if position < rows else None
        if window is None or window.state in SLIM:
            return 60.0 if window is not None and window.state is WindowState.SKIPPED else 39.0
        analysis = self.story.analysis_of(window)
        letters = len(analysis.text) if analysis is not None else 80
        room = max(self.viewport().width() - 56, 100) / (15 if theme().language == "zh" else 6.9)
        lines = max(1, -(-letters // max(int(room), 1)))
        return 45.0 + lines * theme().line("read") + (0 if self._watch else 22) + (0 if self.viewport().width() >= NARROW else 16)

    @Slot()
    def _flush(self) -> None:
        """Lays out what has changed since the last picture."""
        self._flushed = time.monotonic()
        touched, self._dirty = self._dirty, set()
        keep = self._anchor()
        count = len(self.story)
        if count != len(self._heights):
            first = min(count, len(self._heights), len(self.story.track)) - 2
            self._heights.resize(count, 60.0)
            for position in [p for p in self._cards if p >= first]:
                del self._cards[position]
            for position in range(max(first, 0), count):
                self._heights.forget(position)
        for place in (self.story.position_of(index) for index in touched):
            if place is not None and place < count:
                self._cards.pop(place, None)
                self._heights.forget(place)
                if place < keep[0] or self._in_view(place):
                    self._measure(place)
        self._restore(keep)
        self._idle.start()
        self.viewport().update()

    # ------------------------------------------------------------------ heights and scrolling

    def first_visible(self) -> int:
        """Position of the first card in view."""
        return self._heights.at(self.verticalScrollBar().value()) or 0

    def _in_view(self, position: int) -> bool:
        top = self._heights.top(position) - self.verticalScrollBar().value()
        return top < self.viewport().height() and top + self._heights.height(position) > 0

    def _anchor(self) -> tuple[int, float]:
        """The first visible card, and how far it is scrolled out."""
        value = self.verticalScrollBar().value()
        first = self._heights.at(value)
        return (first, value - self._heights.top(first)) if first is not None else (0, 0.0)

    def _restore(self, keep: tuple[int, float]) -> None:
        self._update_range()
        if len(self._heights):
            position = min(keep[0], len(self._heights) - 1)
            self._scroll_to(self._heights.top(position) + keep[1])

    def _update_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setMaximum(max(round(self._heights.total) - self.viewport().height(), 0))

    @Slot(int, int)
    def _make_room(self, _least: int, most: int) -> None:
        self.setViewportMargins(0, 0, -SCROLL_BAR if most else 0, 0)

    def _scroll_to(self, y: float) -> None:
        """Scrolls by program: not taken for the person letting go."""
        self.verticalScrollBar().setValue(round(y))

    def _measure(self, position: int) -> float:
        if self._heights.measured(position):
            return 0.0
        known = position in self._cards
        difference = self._heights.set(position, self.card(position).height)
        if not known and not self._in_view(position):
            del self._cards[position]
        return difference

    def _measure_view(self) -> None:
        """Measures what is in view, so that what is painted stands where it should."""
        height = self.viewport().height()
        position = self.first_visible()
        while position < len(self._heights) and self._heights.top(position) < self.verticalScrollBar().value() + height:
            self._measure(position)
            position += 1
        self._update_range()

    @Slot()
    def _measure_some(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        keep = self._anchor()
        while clock.elapsed() < SLICE_MS:
            position = self._heights.next_unmeasured()
            if position is None:
                self._idle.stop()
                break
            self._measure(position)
        self._restore(keep)

    def reveal(self, position: int, *, at: float | None = None) -> None:
        """Brings a card into view: to a share of the height where given, else as little as needed."""
        self._measure(position)
        top, height, value, page = self._heights.top(position), self._heights.height(position), self.verticalScrollBar().value(), self.viewport().height()
        if at is not None:
            self._update_range()
            self._scroll_to(top - page * at)
        elif top < value or height > page:
            self._scroll_to(top)
        elif top + height > value + page:
            self._update_range()
            self._scroll_to(top + height - page)

    @Slot()
    def _on_scroll(self) -> None:
        self.viewport().update()
        self.scrolled.emit()

    # ------------------------------------------------------------------ painting

    def visible(self) -> list[tuple[int, float]]:
        """(position, top in the viewport) of the cards in view."""
        self._measure_view()
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        position = self._heights.at(value)
        found: list[tuple[int, float]] = []
        while position is not None and position < len(self._heights):
            top = self._heights.top(position) - value
            if top >= height:
                break
            found.append((position, top))
            position += 1
        return found

    def look(self, position: int, card: Card) -> Look:
        raise NotImplementedError

    def moment(self) -> tuple[float, bool]:
        """(phase of the turning arc, whether the caret shows)."""
        if theme().still:
            return 0.0, True
        milliseconds = (time.monotonic() - self._born) * 1000
        return milliseconds % 1000 / 1000, milliseconds % theme().motion("caret") < theme().motion("caret") / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme().color("surface"))
        moving = False
        for position, top in self.visible():
            card = self.card(position)
            moving = moving or card.shown.streaming or card.shown.wait is not None
            if event.rect().bottom() >= top and event.rect().top() <= top + card.height:
                painter.save()
                painter.translate(0, top)
                paint_card(painter, card, self.look(position, card))
                painter.restore()
        painter.end()
        if moving and not self._pulse.isActive():
            self._pulse.start()
        elif not moving:
            self._pulse.stop()

    @Slot()
    def _repaint_moving(self) -> None:
        """What moves: the arc and the caret, and every second the time that an answer has taken or that is left to wait."""
        for position, top in self.visible():
            card = self.card(position)
            if card.shown.wait is not None:
                if self.story.shown(position).wait != card.shown.wait:
                    self.touch(self.story.index_at(position))
                continue
            if not card.shown.streaming:
                continue
            shown = self.story.shown(position)
            if shown.elapsed_ms is not None:
                card.right = fmt.seconds(shown.elapsed_ms)
            self.viewport().update(QRectF(0, top, card.options.width, card.height).toAlignedRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.relayout()
        else:
            self._update_range()
            self.viewport().update()
        self._raise_scroll_bar()

    def _raise_scroll_bar(self) -> None:
        container = self.verticalScrollBar().parentWidget()
        if container is not None:
            container.raise_()

    def position_at(self, pos: QPoint | QPointF) -> int | None:
        """The card under a point of the viewport."""
        return self._heights.at(pos.y() + self.verticalScrollBar().value())

    def in_card(self, position: int, pos: QPoint | QPointF) -> QPointF:
        """A point of the viewport in a card's coordinates."""
        return QPointF(pos.x(), pos.y() + self.verticalScrollBar().value() - self._heights.top(position))
