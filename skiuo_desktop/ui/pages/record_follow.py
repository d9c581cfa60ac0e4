"""What is drawn of a recording while it is made: its windows on the timeline, their cards, markers and gaps."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisStarted,
    AnalysisText,
    AnalysisWaiting,
    Event,
    MarkerAdded,
    RecordingNotice,
    RecordingProgress,
    RecordingStarted,
    WindowChanged,
)
from skiuo_desktop.model import Marker, Notice
from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_state import RecordState
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.timeline import Timeline


class Follower(QObject):
    """Hands each event to the timeline and the narrative. Every event of another recording is left alone."""

    def __init__(self, state: RecordState, timeline: Timeline, narrative: NarrativeView, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._timeline, self._narrative = state, timeline, narrative
        self._plan = (0, 0)
        self._markers: list[Marker] = []
        self._notices: list[Notice] = []
        timeline.window_chosen.connect(narrative.set_current)
        narrative.play.connect(self._card_chosen)

    def set_plan(self, length_ms: int, stride_ms: int) -> None:
        """Of the next recording."""
        self._plan = (length_ms, stride_ms)

    def apply(self, event: Event) -> None:
        mine = self._state.recording_id
        match event:
            case RecordingStarted():
                self._begin(event.recording_id)
            case RecordingProgress(recording_id=recording_id) if recording_id == mine:
                self._narrative.set_now(event.elapsed_ms, recording=True)
                for index, sentence in words.waiting(self._state, *self._plan):
                    self._narrative.set_detail(index, sentence)
            case WindowChanged(window=window) if window.recording_id == mine:
                self._timeline.update_window(window)
                self._narrative.set_detail(window.index, "")
                self._narrative.apply(event)
            case AnalysisStarted() | AnalysisText() | AnalysisWaiting() | AnalysisEnded():
                self._narrative.apply(event)
            case MarkerAdded(recording_id=recording_id, marker=marker) if recording_id == mine:
                self._markers.append(marker)
                self._timeline.set_markers(self._markers)
                self._narrative.set_markers(self._markers)
            case RecordingNotice(recording_id=recording_id, notice=notice) if recording_id == mine:
                self._notices.append(notice)
                self._timeline.set_notices(self._notices)

    def _begin(self, recording_id: str) -> None:
        length, stride = self._plan
        self._markers, self._notices = [], []
        self._timeline.reset()
        self._timeline.set_plan(length, stride)
        self._timeline.follow()
        self._narrative.set_markers(())
        self._narrative.set_recording(recording_id, (), length_ms=length, stride_ms=stride)

    @Slot(object)
    def _card_chosen(self, _at_ms: int) -> None:
        """A click on a card shows its window; it does not lead away from a recording under way."""
        self._timeline.set_selected(self._narrative.current)
