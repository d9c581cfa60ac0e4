"""The narrative: one card a window, filling with text while it arrives, in one painted list.

Load it with `set_recording`, then hand every event to `apply`. While recording it follows the newest card; beside the
player it follows the one that plays. Scrolling up lets go, the End key takes hold again.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from skiuo_desktop.events import Event
from skiuo_desktop.model import Window, WindowState
from skiuo_desktop.ui.widgets.narrative_input import CardInput
from skiuo_desktop.ui.widgets.narrative_layout import find_all

PLAYING_AT = 0.22
"""Where the card that plays is brought to, as a share of the height."""


class NarrativeView(CardInput):
    """See the module. Windows are named by their index, moments by milliseconds of the recording."""

    following_changed = Signal(bool, int)
    """Whether it follows, and how many cards have come to an end since it does not."""

    def __init__(self, *, watch: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(watch=watch, parent=parent)
        self._following = True
        self._new: set[int] = set()
        self.setAccessibleName(self.tr("Narrative"))

    # ------------------------------------------------------------------ what it shows

    def set_recording(self, recording_id: str, windows: Iterable[Window], *, length_ms: int, stride_ms: int) -> None:
        """The rows of a recording; what was shown of another one is forgotten."""
        other = recording_id != self.story.recording_id
        self.story.track.length_ms, self.story.track.stride_ms = length_ms, stride_ms
        self.story.load(recording_id, windows)
        if other:
            self._playing = self._current = self._hover = None
            self._selection.clear()
            self._details.clear()
            self._new.clear()
            self._cards.clear()
            self._heights.replace([])
            self.verticalScrollBar().setValue(0)
            self.set_following(True)
        self.relayout()
        self._stay()

    def apply(self, event: Event) -> int | None:
        """Follows one event of the engine; returns the index of the window that it changed, None for what is not of this recording."""
        index = self.story.apply(event)
        if index is None:
            return None
        window = self.story.track.get(index)
        if not self._following and not self._watch and window is not None and window.state in (WindowState.DONE, WindowState.FAILED) and index not in self._new:
            self._new.add(index)
            self.following_changed.emit(False, len(self._new))
        self.touch(index)
        return index

    def set_now(self, ms: int, *, recording: bool) -> None:
        """How far the recording has come: adds cards for the windows being recorded."""
        if self.story.set_now(ms, recording):
            self.touch(-1)

    def set_playing(self, index: int | None, *, running: bool) -> None:
        """The window at the player's position, None while nothing is shown; and whether it plays or stands."""
        if (index, running) == (self._playing, self._running):
            return
        moved = index != self._playing
        for changed in {self._playing, index}:
            if changed is not None:
                self.touch(changed)
        self._playing, self._running = index, running
        if moved:
            self._stay()

    @property
    def playing(self) -> int | None:
        """Index of the window at the player's position."""
        return self._playing

    def set_model(self, name: str) -> None:
        """Shows the texts of one model; empty: the newest of any."""
        self.story.model = name
        self.relayout()

    # ------------------------------------------------------------------ following

    def relayout(self) -> None:
        super().relayout()
        self._stay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stay()

    @property
    def following(self) -> bool:
        return self._following

    @property
    def new_count(self) -> int:
        return len(self._new)

    def set_following(self, following: bool) -> None:
        """Takes hold of the newest card, or of the one that plays; or lets go."""
        if following:
            self._new.clear()
        changed = following != self._following
        self._following = following
        if following:
            self._stay()
        if changed:
            self.following_changed.emit(following, len(self._new))

    def _stay(self) -> None:
        """Brings into view what is followed."""
        if not self._following:
            return
        if not self._watch:
            self._measure_end()
            self._scroll_to(self._heights.total)
            return
        position = self.story.position_of(self._playing) if self._playing is not None else None
        if position is None or position >= len(self._heights):
            return
        self._measure(position)
        top, page = self._heights.top(position) - self.verticalScrollBar().value(), self.viewport().height()
        if top < 0 or top + self._heights.height(position) > page * 0.8:
            self.reveal(position, at=PLAYING_AT)

    def _measure_end(self) -> None:
        room, position = float(self.viewport().height()), len(self._heights) - 1
        while position >= 0 and room > 0:
            self._measure(position)
            room -= self._heights.height(position)
            position -= 1
        self._update_range()

    @Slot()
    def _flush(self) -> None:
        super()._flush()
        if self._following and not self._watch:
            self._stay()

    # ------------------------------------------------------------------ search

    def set_search(self, needle: str) -> list[int]:
        """Marks the words in all texts; returns the indices of the windows that hold them."""
        self._needle = needle.strip()
        self.relayout()
        if not self._needle:
            return []
        return self.story.search(lambda text: bool(find_all(text, self._needle)))
