"""The stage: source bar, picture, timeline, transport, one under the other; the picture takes the height that is left."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_sources import SourceBar
from skiuo_desktop.ui.pages.record_transport import Transport
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.timeline import Timeline
from skiuo_desktop.ui.widgets.timeline_legend import TimelineCounts
from skiuo_desktop.ui.widgets.video import VideoSurface

TRANSPORT_LEAST, TRANSPORT_LEAST_COMPACT = 118, 84
VIDEO_LEAST = 120


class TimelineCard(QWidget):
    """The timeline with the counts under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 11, 1, 1)
        column.setSpacing(0)
        self._column = column
        self.timeline = Timeline(live=True, parent=self)
        column.addWidget(self.timeline)
        self._rule = Rule(self)
        column.addWidget(self._rule)
        self._legend = QWidget(self)
        row = QHBoxLayout(self._legend)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        self.counts = TimelineCounts(self.timeline, self._legend)
        self._plan = Label(parent=self._legend, role="small", color="text-muted")
        row.addWidget(self.counts, 1)
        row.addWidget(self._plan)
        self._legend.setFixedHeight(31)
        column.addWidget(self._legend)
        theme().changed.connect(self.update)

    def set_plan(self, length_ms: int, stride_ms: int) -> None:
        self.timeline.set_plan(length_ms, stride_ms)
        self._plan.set_text(words.plan(length_ms, stride_ms))
        self._sentence = words.plan_sentence(length_ms, stride_ms)

    def show_live(self, live: bool) -> None:
        self.counts.set_note("" if live else self._sentence)
        self._plan.setVisible(live)

    def set_compact(self, compact: bool) -> None:
        self._rule.setVisible(not compact)
        self._legend.setVisible(not compact)
        self._column.setContentsMargins(1, 9 if compact else 11, 1, 1)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t = theme()
        paint_box(painter, QRectF(self.rect()), t.radius("md"), fill=t.color("surface"), line=t.color("border"))


class RecordStage(QWidget):
    def __init__(self, sources: SourceBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact, self._full = False, False
        self._column = QVBoxLayout(self)
        self.sources = sources
        sources.setParent(self)
        self.banner = Banner(self)
        self.video = VideoSurface(self)
        self.card = TimelineCard(self)
        self.transport = Transport(self)
        self._column.setSpacing(0)
        self._column.addWidget(self.sources)
        self._banner_gap = QWidget(self)
        self._column.addWidget(self.banner)
        self._column.addWidget(self._banner_gap)
        self._column.addWidget(self.video)
        self._gap = QWidget(self)
        self._column.addWidget(self._gap)
        self._column.addWidget(self.card)
        self._foot_gap = QWidget(self)
        self._column.addWidget(self._foot_gap)
        self._column.addWidget(self.transport, 1)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for part in (self.sources, self.video, self.card, self.transport):
            part.set_compact(compact)
        self.sources.setFixedHeight(theme().size("headerCompact" if compact else "header"))
        self._lay_out()

    def set_full(self, full: bool) -> None:
        """Only the picture."""
        self._full = full
        for part in (self.sources, self._gap, self.card, self._foot_gap, self.transport):
            part.setVisible(not full)
        self._lay_out()

    def video_room(self, width: int, height: int) -> QSize:
        """The picture's size if the stage had that size."""
        margin = theme().space(4 if self._compact else 6)
        inner = width - 2 * margin
        return QSize(inner, max(VIDEO_LEAST, min(round(inner * 9 / 16), height - self._others(inner))))

    def _others(self, inner: int) -> int:
        """Height of everything but the picture."""
        header = theme().size("headerCompact" if self._compact else "header")
        gap = 8 if self._compact else 16
        banner = self.banner.heightForWidth(inner) + 8 if not self.banner.isHidden() else 0
        least = TRANSPORT_LEAST_COMPACT if self._compact else TRANSPORT_LEAST
        return header + banner + self.card.sizeHint().height() + least + 3 * gap

    def relayout(self) -> None:
        """After the banner came or went."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._full:
            self._column.setContentsMargins(0, 0, 0, 0)
            self.video.setMinimumHeight(0)
            self.video.setFixedHeight(self.height())
            return
        margin = theme().space(4 if self._compact else 6)
        self._column.setContentsMargins(margin, 0, margin, 8 if self._compact else 16)
        self._gap.setFixedHeight(8 if self._compact else 16)
        self._foot_gap.setFixedHeight(8 if self._compact else 16)
        self._banner_gap.setFixedHeight(8)
        self._banner_gap.setVisible(not self.banner.isHidden())
        self.video.setFixedHeight(self.video_room(self.width(), self.height()).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
