"""The left of the Watch page: picture, transport, timeline, and the markers where there is height left for them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skiuo_desktop.ui.pages.watch_markers import STRIP, MarkerStrip
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.fetch_panel import FetchPanel
from skiuo_desktop.ui.widgets.paint import paint_box
from skiuo_desktop.ui.widgets.player import Player
from skiuo_desktop.ui.widgets.player_picture import PlayerPicture
from skiuo_desktop.ui.widgets.player_transport import HEIGHT as TRANSPORT
from skiuo_desktop.ui.widgets.player_transport import Transport
from skiuo_desktop.ui.widgets.timeline import Timeline
from skiuo_desktop.ui.widgets.timeline_legend import TimelineLegend

NO_SOUND_BELOW = 760
NO_MOTION_BELOW = 700
STRIP_FROM = 56
"""Height left over from which the markers show under the timeline."""


class TimelineCard(QWidget):
    """The timeline and its legend on one surface."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.timeline = Timeline(live=False, parent=self)
        self.legend = TimelineLegend(self.timeline, zoom=True, parent=self)
        column.addWidget(self.timeline)
        column.addWidget(self.legend)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_box(QPainter(self), QRectF(self.rect()), theme().radius("md"), fill=theme().color("surface"), line=theme().color("border"))


class WatchStage(QWidget):
    """Places its parts itself: the picture takes what the others leave, at most 16:9."""

    laid_out = Signal()

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self.has_sound = True
        """Without sound the timeline has no row for it."""
        self.banner = Banner(self)
        self.picture = PlayerPicture(self)
        self.fetch = FetchPanel(self)
        """Over the picture, where the video is not on this computer."""
        self.transport = Transport(player, self)
        self.card = TimelineCard(self)
        self.strip = MarkerStrip(self)
        self.strip.hide()

    @property
    def timeline(self) -> Timeline:
        return self.card.timeline

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lay_out()

    def lay_out(self) -> None:
        """Again, after something was shown or hidden."""
        height = self.window().height()
        self.timeline.set_rows(motion=height >= NO_MOTION_BELOW, sound=self.has_sound and height >= NO_SOUND_BELOW)
        side, edge = (16, 8) if self._compact else (24, 16)
        width, y = self.width() - 2 * side, edge
        if not self.banner.isHidden():
            banner = max(self.banner.heightForWidth(width), self.banner.minimumSizeHint().height())
            self.banner.setGeometry(side, y, width, banner)
            y += banner + 12
        card = 0 if self.card.isHidden() else round(self.timeline.scene.rows().height) + self.card.legend.height() + 2
        room = self.height() - y - TRANSPORT - card - edge
        picture = max(min(round(width * 9 / 16), room), 90)
        left = room - picture
        self.picture.setGeometry(side, y, width, picture)
        self.fetch.setGeometry(side, y, width, picture)
        y += picture
        self.transport.set_compact(width < 720)
        self.transport.setGeometry(side, y, width, TRANSPORT)
        y += TRANSPORT
        self.card.setGeometry(side, y, width, card)
        y += card
        shows = left >= STRIP_FROM and not self.strip.empty
        self.strip.setVisible(shows)
        if shows:
            self.strip.setGeometry(side, y + 12, width, STRIP)
        self.laid_out.emit()
