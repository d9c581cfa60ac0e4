"""What a timeline draws and where: the windows, their marks, the stretch in view. Painted by `Timeline`."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from skiuo_desktop.events import CaptureState
from skiuo_desktop.model import Marker, Notice, Span, Tracks, Window, WindowState
from skiuo_desktop.ui.format import stamp
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets import timeline_paint as paint
from skiuo_desktop.ui.widgets.timeline_model import Bar, Rows, Scale, WindowTrack, buckets, rows, ticks
from skiuo_desktop.ui.widgets.timeline_viewport import Viewport

translate = QCoreApplication.translate

GUTTER = 80
EXPECTED_MS = 5_000
MOST_SHARE = 0.95
THIN = 4.0
"""Under this width in pixels windows are drawn as columns of several."""


class TimelineScene:
    """Everything that a timeline shows, laid out for a width. Times are milliseconds of the recording."""

    def __init__(self, *, live: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.live = live
        self.width = 640.0
        self.track = WindowTrack()
        self.view = Viewport(live=live)
        self.capture: CaptureState | None = None
        self.markers: tuple[Marker, ...] = ()
        self.notices: tuple[Notice, ...] = ()
        self.tracks = Tracks()
        self.selected: int | None = None
        self.rows_wanted = (True, True)
        self.expected_ms = EXPECTED_MS
        self.began: dict[int, float] = {}  # when the analysis of a window was first seen running
        self.overview: list[WindowState] | None = None

    def clear(self) -> None:
        """Forgets the recording; keeps the plan."""
        self.track.set_windows(())
        self.track.now_ms, self.track.live = 0, False
        self.markers, self.notices, self.tracks = (), (), Tracks()
        self.selected, self.capture, self.overview = None, None, None
        self.began.clear()
        self.view.reset()

    def inner(self) -> QRectF:
        left = theme().space(4) if self.live else GUTTER
        return QRectF(left, 0, max(self.width - left - theme().space(4), 1), self.rows().height)

    def rows(self) -> Rows:
        """Where the rows stand, for the number of lanes in force."""
        motion, sound = self.rows_wanted
        return rows(self.track.lanes, theme().size("timelineLane"), theme().size("timelineLaneGap"), overview=not self.live, motion=motion, sound=sound)

    def scale(self) -> Scale:
        inner = self.inner()
        return Scale(self.view.start_ms, max(self.view.span_ms, 1.0), inner.left(), inner.width())

    def whole_scale(self) -> Scale:
        inner = self.inner()
        return Scale(0.0, float(max(self.view.total_ms, 1_000)), inner.left(), inner.width())

    def bar_rect(self, bar: Bar | Window) -> QRectF:
        """Where a window is drawn; it may lie outside the view."""
        return self._rect(bar, self.scale(), self.rows())

    def _rect(self, bar: Bar | Window, scale: Scale, place: Rows) -> QRectF:
        end_ms = min(bar.span.end_ms, self.view.total_ms) if not self.live and self.view.total_ms else bar.span.end_ms
        return QRectF(scale.x(bar.span.start_ms), place.lane_top(bar.index, self.track.lanes), scale.pixels(end_ms - bar.span.start_ms), place.lane_height)

    def visible_bars(self) -> list[Bar]:
        scale = self.scale()
        bars = [Bar(w.index, w.span, w.state, self._share(w)) for w in self.track.between(scale.start_ms, scale.end_ms)]
        until = scale.end_ms if self.live else self.track.now_ms + 1
        return bars + [b for b in self.track.coming(until) if b.span.end_ms > scale.start_ms]

    def _share(self, window: Window) -> float:
        began = self.began.get(window.index)
        if window.state is not WindowState.ANALYSING or began is None:
            return 1.0
        return min((self.clock() - began) * 1000 / max(self.expected_ms, 1), MOST_SHARE)

    def paint(self, painter: QPainter) -> None:
        """Paints all of it into a painter with antialiasing on."""
        place, scale, inner = self.rows(), self.scale(), self.inner()
        shows_now = not self.live or self.capture not in (None, CaptureState.STOPPED)
        text = stamp(self.view.now_ms)
        in_view = scale.start_ms <= self.view.now_ms <= scale.end_ms
        tag = QRectF()
        if shows_now and in_view:
            tag = paint.tag_rect(painter, scale, self.view.now_ms, text, place)
        paint.paint_ruler(painter, scale, ticks(scale), place, tag)
        painter.save()
        painter.setClipRect(inner)
        self._paint_windows(painter, scale, place)
        self._paint_notices(painter, scale, place)
        painter.restore()
        if place.whole:
            self._paint_rows(painter, scale, place)
        bottom = place.height - 8
        for marker in self.markers:
            if scale.start_ms <= marker.at_ms <= scale.end_ms:
                paint.paint_marker(painter, scale.x(marker.at_ms), place.tick_bottom - (11 if place.whole else 15), bottom)
        if not tag.isNull():
            x = round(scale.x(self.view.now_ms))
            line = QLineF(x, tag.bottom() - 1, x, bottom if place.whole else bottom + 4)
            dashed = self.live and self.capture is CaptureState.PAUSED
            paint.paint_present(painter, line, tag, text, tokens=self._present_tokens(), dashed=dashed)

    def _paint_windows(self, painter: QPainter, scale: Scale, place: Rows) -> None:
        if scale.pixels(self.track.length_ms) < THIN:
            states = [w.state for w in self.track.between(scale.start_ms, scale.end_ms)]
            area = QRectF(scale.left, place.lanes_top, scale.width, place.lanes_bottom - place.lanes_top)
            paint.paint_columns(painter, area, buckets(states, round(scale.width / 4)))
            return
        for bar in self.visible_bars():
            paint.paint_bar(painter, self._rect(bar, scale, place), bar.state, bar.share)
        chosen = self.track.get(self.selected) if self.selected is not None else None
        if chosen is not None:
            painter.setPen(QPen(theme().color("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._rect(chosen, scale, place).adjusted(-2, -2, 2, 2), 5, 5)

    def _paint_notices(self, painter: QPainter, scale: Scale, place: Rows) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("warn"))
        for notice in self.notices:
            if notice.length_ms and notice.at_ms <= scale.end_ms:
                painter.drawRect(QRectF(scale.x(notice.at_ms), place.tick_bottom + 1, max(scale.pixels(notice.length_ms), 3.0), 2))

    def _paint_rows(self, painter: QPainter, scale: Scale, place: Rows) -> None:
        inner = self.inner()
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("text-muted"))
        labels = [(place.whole + 4, translate("Timeline", "Whole")), ((place.lanes_top + place.lanes_bottom) / 2 - 4, translate("Timeline", "Windows"))]
        labels += [(place.motion - 14, translate("Timeline", "Motion"))] if place.motion else []
        labels += [(place.sound + 4, translate("Timeline", "Sound"))] if place.sound else []
        for baseline, label in labels:
            painter.drawText(QPointF(theme().space(4), baseline), label)
        if place.motion:
            painter.setPen(QPen(theme().color("border"), 1))
            for y in [place.lanes_bottom + 8.5, *([place.motion + 6.5] if place.sound else [])]:
                painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
            painter.save()
            painter.setClipRect(inner)
            paint.paint_motion(painter, scale, self.tracks.motion, place.motion)
            if place.sound:
                paint.paint_sound(painter, scale, self.tracks.sound, place.sound)
            painter.restore()
        self._paint_whole(painter, scale, place)

    def _paint_whole(self, painter: QPainter, scale: Scale, place: Rows) -> None:
        whole = self.whole_scale()
        if self.overview is None:
            self.overview = buckets([w.state for w in self.track.windows], max(round(whole.width / 5.12), 1))
        covered = self.track.windows[-1].span.end_ms if self.track.windows else 0
        area = QRectF(whole.left, place.whole - 2, min(whole.pixels(covered), whole.width), 8)
        paint.paint_columns(painter, area, self.overview)
        painter.setPen(QPen(theme().color("text"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(whole.x(scale.start_ms), place.whole - 10, whole.pixels(scale.span_ms), 20), 4, 4)
        x = whole.x(min(self.view.now_ms, whole.end_ms))
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.drawLine(QPointF(x, place.whole - 12), QPointF(x, place.whole + 12))

    def _present_tokens(self) -> tuple[str, str, str]:
        if not self.live:
            return "accent", "accent-fill", "accent-fg"
        if self.capture in (CaptureState.STALLED, CaptureState.LOST):
            return "warn", "warn", "surface"
        return "recording", "recording-fill", "accent-fg"

    def window_at(self, pos: QPointF) -> int | None:
        """The index of the window under a point of the lanes."""
        place, scale = self.rows(), self.scale()
        if not place.lanes_top - 2 <= pos.y() <= place.lanes_bottom + 2 or scale.pixels(self.track.length_ms) < THIN:
            return None
        for bar in self.visible_bars():
            if self._rect(bar, scale, place).adjusted(0, -1, 0, 1).contains(pos):
                return bar.index
        return None

    def over_whole(self, pos: QPointF) -> bool:
        place = self.rows()
        return place.whole > 0 and pos.y() < place.whole + 13

    def tooltip_at(self, pos: QPointF) -> str:
        scale, place = self.scale(), self.rows()
        if place.tick_bottom - 20 < pos.y() < place.lanes_top:
            for marker in self.markers:
                if abs(scale.x(marker.at_ms) + 4 - pos.x()) < 7:
                    return words.marker(marker)
            for notice in self.notices:
                if notice.length_ms and scale.x(notice.at_ms) - 4 <= pos.x() <= scale.x(notice.at_ms + notice.length_ms) + 4:
                    return words.notice(notice)
        index = self.window_at(pos)
        if index is None:
            return ""
        window = self.track.get(index)
        if window is not None:
            return words.describe(window)
        span = Span(index * self.track.stride_ms, index * self.track.stride_ms + self.track.length_ms)
        return words.coming(span, recording=self.track.now_ms > span.start_ms)
