"""The mouse and the keyboard on a list of window cards: what is current, selected, pressed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QGuiApplication, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.icons import icon
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.controls import KEYBOARD
from skiuo_desktop.ui.widgets.narrative_card import Card, Spot
from skiuo_desktop.ui.widgets.narrative_paint import Look
from skiuo_desktop.ui.widgets.narrative_select import Selection
from skiuo_desktop.ui.widgets.narrative_view import CardList

_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LETTERS = (Qt.Key.Key_R, Qt.Key.Key_I)


class CardInput(CardList):
    """Cards that can be walked through, selected and acted on. `NarrativeView` adds what they show and following."""

    play = Signal(object)
    """A card was clicked, or Enter pressed on it: where its window begins, ms."""
    analyse_again = Signal(int)
    """Of a window, by its index."""
    show_ledger = Signal(object)
    """Of an analysis, by its id; ids need more than the 32 bits of Qt's int."""
    show_raw = Signal(object)
    answer_chosen = Signal(object, object)
    """A person wants another answer in the narrative: id of the window, id of the analysis."""
    settings_wanted = Signal()
    """A model's settings are to be changed before it can answer."""
    compare = Signal(int)
    """The answers about a window side by side, by its index."""

    def __init__(self, *, watch: bool, parent: QWidget | None = None) -> None:
        super().__init__(watch=watch, parent=parent)
        self._hover: int | None = None  # position
        self._hover_spot = ""
        self._pressed: tuple[int, str] | None = None
        self._press_at: QPoint | None = None
        self._selection = Selection()
        self._keyboard = False
        self.verticalScrollBar().sliderMoved.connect(self._person_scrolled)

    def set_following(self, following: bool) -> None:
        raise NotImplementedError

    @Slot()
    def _person_scrolled(self) -> None:
        bar = self.verticalScrollBar()
        self.set_following(not self._watch and bar.value() >= bar.maximum() - 4)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self._person_scrolled()

    def set_current(self, index: int | None, *, reveal: bool = True) -> None:
        """The card that the keys act on."""
        for changed in (self._current, index):
            if changed is not None:
                self.touch(changed)
        self._current = index
        position = self.story.position_of(index) if index is not None else None
        if position is not None and position < len(self._heights):
            self.setAccessibleDescription(self.text_of(position))
            if reveal:
                self._flush()
                self.reveal(position)

    @property
    def current(self) -> int | None:
        return self._current

    def text_of(self, position: int) -> str:
        shown = self.story.shown(position)
        return words.describe(shown.window) + "\n" + shown.text if shown.window is not None else words.coming(shown.bar.span, recording=True)

    def copy(self) -> str:
        """Puts what is selected, or else the current card's text, on the clipboard; returns it."""
        text = self._selection.text(self.card)
        if not text and self._current is not None:
            position = self.story.position_of(self._current)
            text = self.card(position).plain if position is not None else ""
        if text:
            QGuiApplication.clipboard().setText(text)
        return text

    @property
    def selected_text(self) -> str:
        return self._selection.text(self.card)

    # ------------------------------------------------------------------ looks

    def look(self, position: int, card: Card) -> Look:
        phase, caret = self.moment()
        index = self.story.index_at(position)
        hovered = position == self._hover
        return Look(
            active=hovered or index in (self._current, self._playing),
            ringed=self._keyboard and index == self._current and self.hasFocus(),
            hovered=self._hover_spot if hovered else "",
            pressed=self._pressed[1] if self._pressed is not None and self._pressed[0] == position else "",
            selection=self._selection.in_card(position, len(card.body.text()) if card.body is not None else 0),
            phase=phase,
            caret=caret,
        )

    def _spot(self, position: int, pos: QPointF) -> Spot | None:
        index = self.story.index_at(position)
        active = position == self._hover or index in (self._current, self._playing)
        return self.card(position).spot_at(self.in_card(position, pos), active=active)

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or position is None:
            return
        self._keyboard = False
        spot = self._spot(position, event.position())
        if spot is not None:
            self._pressed = (position, spot.name)
        else:
            self._press_at = event.position().toPoint()
            at = (position, self.card(position).char_at(self.in_card(position, event.position())))
            self._selection.begin(at, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pos = event.position()
        if self._press_at is not None and (pos.toPoint() - self._press_at).manhattanLength() > 4:
            self._drag(pos)
            return
        position = self.position_at(pos)
        spot = self._spot(position, pos) if position is not None else None
        name = spot.name if spot is not None else ""
        over_text = position is not None and self.card(position).over_text(self.in_card(position, pos))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if spot else Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor)
        if (position, name) != (self._hover, self._hover_spot):
            self._hover, self._hover_spot = position, name
            self.viewport().update()

    def _drag(self, pos: QPointF) -> None:
        """Extends the selection; beyond the edge it scrolls along."""
        bar = self.verticalScrollBar()
        if pos.y() < 0 or pos.y() > self.viewport().height():
            bar.setValue(bar.value() + (-24 if pos.y() < 0 else 24))
            self._person_scrolled()
        position = self.position_at(QPointF(pos.x(), min(max(pos.y(), 0.0), self.viewport().height() - 1.0)))
        if position is not None:
            self._selection.extend((position, self.card(position).char_at(self.in_card(position, pos))))
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position())
        pressed, self._pressed = self._pressed, None
        clicked, self._press_at = self._press_at is not None and self._selection.empty, None
        if pressed is not None:
            spot = self._spot(position, event.position()) if position is not None else None
            if spot is not None and (position, spot.name) == pressed:
                self._act(pressed[0], spot.name, event.globalPosition().toPoint())
        elif clicked and position is not None:
            index = self.story.index_at(position)
            self.set_current(index, reveal=False)
            self._play(index)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position())
        if position is None or self._spot(position, event.position()) is not None:
            self.mousePressEvent(event)
            return
        card = self.card(position)
        if card.body is not None and card.over_text(self.in_card(position, event.position())):
            self._selection.word(position, card.body.text(), card.char_at(self.in_card(position, event.position())))
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover, self._hover_spot = None, ""
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        position = self.position_at(event.pos())
        if position is not None:
            self._menu(position, event.globalPos())

    # ------------------------------------------------------------------ actions

    def _act(self, position: int, name: str, at: QPoint) -> None:
        index = self.story.index_at(position)
        analysis = self.story.shown(position).analysis
        if self._read_only and name in ("again", "retry", "raw", "ledger"):
            return
        if name in ("again", "retry"):
            self.analyse_again.emit(index)
        elif name == "raw" and analysis is not None:
            self.show_raw.emit(analysis.id)
        elif name == "ledger" and analysis is not None:
            self.show_ledger.emit(analysis.id)
        elif name == "settings":
            self.settings_wanted.emit()
        elif name == "others":
            self._others_menu(position, at)
        elif name == "copy":
            QGuiApplication.clipboard().setText(self.card(position).plain)
        elif name == "menu":
            self._menu(position, at)

    def _others_menu(self, position: int, at: QPoint) -> QMenu:
        """All answers about a window: a press puts one into the narrative."""
        index, shown = self.story.index_at(position), self.story.shown(position)
        menu = QMenu(self)
        for analysis in sorted((shown.analysis, *shown.others) if shown.analysis is not None else shown.others, key=lambda a: a.id):
            entry = QAction("   ".join(words.facts(analysis)).replace("&", "&&"), menu)
            entry.setCheckable(True)
            entry.setChecked(shown.analysis is not None and analysis.id == shown.analysis.id)
            entry.setToolTip(analysis.text)
            entry.setEnabled(not self._read_only)
            entry.triggered.connect(partial(self.answer_chosen.emit, analysis.window_id, analysis.id))
            menu.addAction(entry)
        menu.setToolTipsVisible(True)
        if self._watch:
            menu.addSeparator()
            side_by_side = QAction(icon("stack-2"), self.tr("Compare side by side"), menu)
            side_by_side.triggered.connect(partial(self.compare.emit, index))
            menu.addAction(side_by_side)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
        return menu

    def _play(self, index: int) -> None:
        window = self.story.track.get(index)
        if window is not None:
            if self._watch:
                self.set_following(True)
            self.play.emit(window.span.start_ms)

    def _menu(self, position: int, at: QPoint) -> None:
        index, shown = self.story.index_at(position), self.story.shown(position)
        if shown.window is None:
            return
        self.set_current(index, reveal=False)
        menu = QMenu(self)
        entries = [
            (self.tr("Play from here"), "player-play", "Return", lambda: self._play(index), self._watch),
            (
                self.tr("Analyse again"),
                "refresh",
                "R",
                lambda: self.analyse_again.emit(index),
                shown.state in (WindowState.DONE, WindowState.FAILED, WindowState.SKIPPED) and not self._read_only,
            ),
            (
                self.tr("What was sent"),
                "receipt",
                "I",
                lambda: self._act(position, "ledger", at),
                self._watch and shown.analysis is not None and not self._read_only,
            ),
            (words.others(len(shown.others)), "stack-2", "", lambda: self._others_menu(position, at), bool(shown.others)),
            (self.tr("Copy text"), "copy", "Ctrl+C", self.copy, bool(shown.text) or shown.state is WindowState.FAILED),
        ]
        for text, name, key, action, offered in entries:
            if offered:
                entry = QAction(icon(name), text, menu)
                if key:
                    entry.setShortcut(QKeySequence(key))
                entry.setShortcutVisibleInContextMenu(True)
                entry.triggered.connect(action)
                menu.addAction(entry)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # ------------------------------------------------------------------ keyboard

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if (plain and event.key() in (*_KEYS, *_LETTERS)) or event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = self.position_at(event.pos())
            spot = self._spot(position, QPointF(event.pos())) if position is not None else None
            QToolTip.showText(event.globalPos(), spot.tip if spot is not None else "", self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        self._keyboard = True
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_End:
            self.set_following(True)
            if not self._watch and len(self.story):
                self.set_current(self.story.index_at(len(self.story) - 1), reveal=False)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
            bar = self.verticalScrollBar()
            bar.setValue(0 if key == Qt.Key.Key_Home else bar.value() + (bar.pageStep() - 48) * (1 if key == Qt.Key.Key_PageDown else -1))
            self._person_scrolled()
        elif self._current is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._act_by_key(key):
            super().keyPressEvent(event)

    def _act_by_key(self, key: int) -> bool:
        position = self.story.position_of(self._current) if self._current is not None else None
        if position is None:
            return False
        state = self.story.shown(position).state
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if state is WindowState.FAILED and not self._watch and not self._read_only:
                self.analyse_again.emit(self.story.index_at(position))
            else:
                self._play(self.story.index_at(position))
        elif key == Qt.Key.Key_R and state in (WindowState.DONE, WindowState.FAILED, WindowState.SKIPPED) and not self._read_only:
            self.analyse_again.emit(self.story.index_at(position))
        elif key == Qt.Key.Key_I:
            self._act(position, "ledger", QPoint())
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        if not len(self.story):
            return
        position = self.story.position_of(self._current) if self._current is not None else None
        if position is None:
            start = self.story.position_of(self._playing) if self._playing is not None else None
            position = start if start is not None else self.first_visible()
        else:
            position = min(max(position + by, 0), len(self.story) - 1)
        self.set_following(False)
        self.set_current(self.story.index_at(position))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keyboard = event.reason() in KEYBOARD
        if self._keyboard and self._current is None:
            self._step(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
