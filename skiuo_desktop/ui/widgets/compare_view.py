"""Two models' answers about each window, side by side in one painted list. Narrow, they stand one under the other."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from skiuo_desktop.model import Window
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.compare_card import PairCard
from skiuo_desktop.ui.widgets.compare_paint import paint_pair
from skiuo_desktop.ui.widgets.controls import KEYBOARD
from skiuo_desktop.ui.widgets.narrative_heights import Heights

KEPT = 80
SCROLL_BAR = 12
GUESS = 130.0


class CompareView(QAbstractScrollArea):
    """Windows are named by their index. The keys: up and down, 1 and 2 (or left and right) choose, Enter plays."""

    play = Signal(object)
    """Where a window begins, ms."""
    answer_chosen = Signal(object, object)
    """Id of the window, id of the analysis: it is to stand in the narrative."""
    ask = Signal(int, str)
    """Index of the window, name of the model that is to be asked about it."""
    show_raw = Signal(object)
    """Of an analysis, by its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = False
        self._windows: list[Window] = []
        self._places: dict[int, int] = {}  # by index
        self._models = ("", "")
        self._heights = Heights()
        self._cards: dict[int, PairCard] = {}
        self._playing: int | None = None  # index
        self._running = False
        self._current: int | None = None  # position
        self._keyboard = False
        self._hover: tuple[int, str] = (-1, "")
        self._pressed: tuple[int, str] | None = None
        self.setAccessibleName(self.tr("Comparison"))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self._relayout)

    # ------------------------------------------------------------------ what it shows

    def set_read_only(self, read_only: bool) -> None:
        """Nothing can be asked or chosen: there is nothing to press."""
        if read_only != self.read_only:
            self.read_only = read_only
            self._relayout()

    def set_models(self, left: str, right: str) -> None:
        if (left, right) != self._models:
            self._models = (left, right)
            self._relayout()

    def set_windows(self, windows: Iterable[Window]) -> None:
        found = list(windows)
        if found != self._windows:
            self._windows = found
            self._places = {window.index: place for place, window in enumerate(found)}
            self._relayout()

    def update_window(self, window: Window) -> None:
        place = self._places.get(window.index)
        if place is not None and self._windows[place] != window:
            self._windows[place] = window
            self._cards.pop(place, None)
            self._heights.forget(place)
            self.viewport().update()

    def set_playing(self, index: int | None) -> None:
        if index == self._playing:
            return
        for changed in (self._playing, index):
            if changed is not None and changed in self._places:
                self._cards.pop(self._places[changed], None)
        self._playing = index
        if index is not None and index in self._places and self.isVisible():
            self.reveal(self._places[index])
        self.viewport().update()

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Whether the player plays or stands."""
        self._running = running
        place = self._places.get(self._playing) if self._playing is not None else None
        if place in self._cards:
            self._cards[place].running = running
        self.viewport().update()

    def reveal_window(self, index: int) -> None:
        if index in self._places:
            self._current = self._places[index]
            self.reveal(self._places[index])

    def card(self, place: int) -> PairCard:
        card = self._cards.get(place)
        if card is None:
            window = self._windows[place]
            plays = window.index == self._playing
            card = PairCard(window, self._models, float(self.viewport().width()), plays, plays and self._running).lay_out()
            if self.read_only:
                card.let_nothing_be_pressed()
            if len(self._cards) >= KEPT:
                self._cards.clear()
            self._cards[place] = card
        return card

    # ------------------------------------------------------------------ heights and scrolling

    @Slot()
    def _relayout(self) -> None:
        value = self.verticalScrollBar().value()
        first = self._heights.at(value)
        self._cards.clear()
        self._heights.replace([GUESS] * len(self._windows))
        self._update_range()
        if first is not None and first < len(self._windows):
            self.reveal(first, top=True)
        self.viewport().update()

    def _update_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setMaximum(max(round(self._heights.total) - self.viewport().height(), 0))

    @Slot(int, int)
    def _make_room(self, _least: int, most: int) -> None:
        self.setViewportMargins(0, 0, -SCROLL_BAR if most else 0, 0)
        container = self.verticalScrollBar().parentWidget()
        if container is not None:
            container.raise_()

    def _measure(self, place: int) -> None:
        if not self._heights.measured(place):
            self._heights.set(place, self.card(place).height)

    def visible(self) -> list[tuple[int, float]]:
        """(position, top in the viewport) of what is in view, measured."""
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        place = self._heights.at(value) if value < self._heights.total else None
        found: list[tuple[int, float]] = []
        while place is not None and place < len(self._windows):
            self._measure(place)
            top = self._heights.top(place) - value
            if top >= height:
                break
            if top + self._heights.height(place) > 0:
                found.append((place, top))
            place += 1
        self._update_range()
        return found

    def reveal(self, place: int, *, top: bool = False) -> None:
        """Brings a window into view."""
        self._measure(place)
        self._update_range()
        at, height, value, page = self._heights.top(place), self._heights.height(place), self.verticalScrollBar().value(), self.viewport().height()
        if top or at < value or height > page:
            self.verticalScrollBar().setValue(round(at))
        elif at + height > value + page:
            self.verticalScrollBar().setValue(round(at + height - page))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._relayout() if event.size().width() != event.oldSize().width() else self._update_range()

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.visible()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme().color("surface"))
        for place, top in shown:
            card = self.card(place)
            painter.save()
            painter.translate(0, top)
            hovered = self._hover[1] if self._hover[0] == place else ""
            paint_pair(painter, card, hovered=hovered, ringed=self._keyboard and self.hasFocus() and place == self._current)
            painter.restore()
        painter.end()

    # ------------------------------------------------------------------ mouse

    def _under(self, pos: QPointF) -> tuple[int, str]:
        place = self._heights.at(pos.y() + self.verticalScrollBar().value())
        if place is None:
            return -1, ""
        spot = self.card(place).spot_at(QPointF(pos.x(), pos.y() + self.verticalScrollBar().value() - self._heights.top(place)))
        return place, spot.name if spot is not None else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if found[1] else Qt.CursorShape.ArrowCursor)
        if found != self._hover:
            self._hover = found
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = (-1, "")
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._keyboard = False
        self._pressed = self._under(event.position()) if event.button() is Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        place, name = self._under(event.position())
        if pressed != (place, name) or place < 0:
            return
        self._current = place
        if name:
            self._act(place, *name.split(":"))
        else:
            self.play.emit(self._windows[place].span.start_ms)
        self.viewport().update()

    def _act(self, place: int, what: str, side: str) -> None:
        half, window = self.card(place).half(side), self._windows[place]
        if self.read_only:
            return
        if what in ("ask", "retry"):
            self.ask.emit(window.index, half.model)
        elif half.analysis is None:
            return
        elif what == "raw":
            self.show_raw.emit(half.analysis.id)
        elif half.answered and not half.chosen:
            self.answer_chosen.emit(window.id, half.analysis.id)

    # ------------------------------------------------------------------ keyboard

    def event(self, event: QEvent) -> bool:
        # The player has these keys too: here they belong to the list.
        mine = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in mine and self._windows:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, place = event.key(), self._current
        self._keyboard = True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._windows:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = min(max((place if place is not None else -1) + step, 0), len(self._windows) - 1)
            self.reveal(self._current)
        elif place is None or place >= len(self._windows):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_1, Qt.Key.Key_Left):
            self._act(place, "use", "left")
        elif key in (Qt.Key.Key_2, Qt.Key.Key_Right):
            self._act(place, "use", "right")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play.emit(self._windows[place].span.start_ms)
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keyboard = event.reason() in KEYBOARD
        if self._keyboard and self._current is None and self._windows:
            self._current = self._heights.at(self.verticalScrollBar().value())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self.viewport().update()


def rect_of(view: CompareView, place: int, name: str) -> QRectF:
    """Where something that can be pressed stands in the viewport."""
    top = next(top for p, top in view.visible() if p == place)
    return next(spot.rect for spot in view.card(place).spots if spot.name == name).translated(0, top)
