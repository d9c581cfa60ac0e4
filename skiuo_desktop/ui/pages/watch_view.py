"""What the Watch page is made of, laid out for a size and filled from a recording. It knows no engine."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import Notice, Recording, RecordingState, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.watch_head import WatchHead
from skiuo_desktop.ui.pages.watch_markers import moments
from skiuo_desktop.ui.pages.watch_side import WatchSide
from skiuo_desktop.ui.pages.watch_stage import WatchStage
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.labels import Rule
from skiuo_desktop.ui.widgets.player import Player

SIDE_COMPACT = 360
LEDGER_COMPACT = 420
TOLD_ABOVE = ("repaired", "disk_full", "failed", "audio_missing", "audio_lost")
"""Notices that stand over the picture; all of them stand among the markers."""


class WatchView(QWidget):
    """Head over a stage (picture, transport, timeline) and a column of texts."""

    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self.player = Player(self)
        self.head = WatchHead(self)
        self.stage = WatchStage(self.player, self)
        self.side = WatchSide(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(Rule(self))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.stage, 1)
        row.addWidget(self.side)
        column.addLayout(row, 1)
        self._told: tuple[Notice, ...] = ()
        self._device = ""  # the other device that recorded it
        self.side.tab_changed.connect(self.set_side_width)
        self.player.playing_changed.connect(self.side.compare.list.set_running)
        self.clear()

    # ------------------------------------------------------------------ size

    def set_compact(self, compact: bool) -> None:
        """Below 1280 wide: narrower margins and columns."""
        self._compact = compact
        self.head.set_compact(compact)
        self.stage.set_compact(compact)
        self.set_side_width()

    def set_side_width(self) -> None:
        """The column of texts: wider with the ledger in it, and on wide windows."""
        t = theme()
        if self.side.ledger_open:
            self.side.setFixedWidth(LEDGER_COMPACT if self._compact else t.size("sideLedger"))
        elif self._compact:
            self.side.setFixedWidth(SIDE_COMPACT)
        elif self.side.comparing:
            self.side.setFixedWidth(t.size("sideCompare"))
        else:
            self.side.setFixedWidth(min(max(t.size("sideWatch"), round(self.window().width() / 3)), t.size("sideMost")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.set_side_width()

    # ------------------------------------------------------------------ filling

    def clear(self) -> None:
        """Before another recording is shown."""
        self.head.clear()
        self.stage.card.hide()
        self.side.close_search()
        self.side.show_narrative()
        self.side.compare.clear()
        self.side.offer_analysis("")
        self._device = ""
        self.side.narrative.set_model("")
        self.stage.timeline.reset()
        self.stage.picture.clear()
        self.stage.banner.hide()
        self._told = ()

    def fill(self, recording: Recording, length_ms: int) -> None:
        """Everything but the picture. `length_ms` is how long it is by now."""
        timeline, narrative, side = self.stage.timeline, self.side.narrative, self.side
        growing = recording.state is RecordingState.RECORDING
        self._device = recording.device
        for part in (narrative, side.compare):
            part.set_read_only(bool(recording.device))
        self.head.set_recording(recording)
        timeline.set_plan(recording.window_length_ms, recording.window_stride_ms)
        timeline.set_duration(length_ms)
        timeline.set_recorded(length_ms if growing else None)
        timeline.set_windows(recording.windows)
        timeline.set_markers(recording.markers)
        timeline.set_notices(recording.notices)
        narrative.set_recording(recording.id, recording.windows, length_ms=recording.window_length_ms, stride_ms=recording.window_stride_ms)
        narrative.set_now(length_ms, recording=growing)
        narrative.set_markers(recording.markers)
        found = moments(recording.markers, recording.notices, self.tr("Marker"))
        side.markers.set_moments(found)
        side.markers_tab.set_number(len(found))
        self.stage.strip.set_moments(found)
        side.compare.set_windows(narrative.story.track.windows, narrative.story.models(), length_ms)
        side.set_models(narrative.story.models())
        self.show_counts()
        self._show_notices(recording)
        self.head.set_exportable(any(w.analyses for w in recording.windows))
        self.stage.card.setVisible(length_ms > 0)
        self.stage.has_sound = recording.has_audio
        self.stage.lay_out()

    @property
    def read_only(self) -> bool:
        """Another device's recording is shown."""
        return bool(self._device)

    def show_counts(self) -> None:
        """What failed, in the head; and an offer where nobody was asked."""
        counts = self.stage.timeline.counts
        windows = sum(counts.values()) - counts[WindowState.RECORDING]
        self.head.set_counts(counts[WindowState.FAILED], windows)
        if self._device:
            cause = self.tr("Recorded on {0}.").format(self._device)
            self.side.offer_analysis(cause, self.tr("Here it can be read and watched; it is renamed, analysed and deleted on that device."))
            return
        kept = sum(1 for w in self.side.narrative.story.track.windows if w.state is WindowState.SKIPPED and w.reason == words.BUDGET)
        if kept:
            one, number = kept == 1, fmt.number(kept)
            cause = self.tr("A budget has kept 1 window for later.") if one else self.tr("A budget has kept {0} windows for later.").format(number)
            button = self.tr("Analyse it now") if one else self.tr("Analyse {0} windows").format(number)
            self.side.offer_analysis(cause, "", button, kept=True)
        elif windows and counts[WindowState.SKIPPED] == windows:
            button = self.tr("Analyse 1 window") if windows == 1 else self.tr("Analyse {0} windows").format(fmt.number(windows))
            self.side.offer_analysis(self.tr("Nobody has described this recording."), "", button)
        elif not windows and not counts[WindowState.RECORDING]:
            self.side.offer_analysis(self.tr("There is no text."), self.tr("This recording is too short for a window, or nothing of it could be read."))
        else:
            self.side.offer_analysis("")

    def _show_notices(self, recording: Recording) -> None:
        told = tuple(n for n in recording.notices if n.kind in TOLD_ABOVE)
        if told == self._told:
            return  # shown, or closed by the person
        self._told = told
        if not told:
            self.stage.banner.hide()
            return
        kind = "info" if all(n.kind == "repaired" for n in told) else "warn"
        first, *rest = [words.notice(n) for n in told]
        self.stage.banner.tell(kind, first, " ".join(rest))
