"""Markers, and what happened to a recording: as a list in the column of texts, and as a strip under the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.model import Marker, Notice
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.ledger_parts import ColumnScroll
from skiuo_desktop.ui.widgets.narrative_layout import make_layout
from skiuo_desktop.ui.widgets.paint import paint_box

STRIP = 44


@dataclass(frozen=True, slots=True)
class Moment:
    """A marker or a notice."""

    at_ms: int
    text: str
    notice: bool = False


def moments(markers: Iterable[Marker], notices: Iterable[Notice], unnamed: str) -> list[Moment]:
    """Both in order of time; `unnamed` stands for a marker without words. The loss of a source is told by its return."""
    back = {n.at_ms for n in notices if n.kind == "source_back"}
    found = [Moment(m.at_ms, m.text or unnamed) for m in markers]
    found += [Moment(n.at_ms, words.notice(n), True) for n in notices if not (n.kind == "source_lost" and n.at_ms in back)]
    return sorted(found, key=lambda m: m.at_ms)


class _Row(Control):
    """One moment: its time, then words that wrap."""

    def __init__(self, moment: Moment, parent: QWidget) -> None:
        super().__init__(parent)
        self.moment = moment
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{fmt.stamp(moment.at_ms)} {moment.text}")

    def _text_left(self) -> int:
        return 40 + QFontMetrics(theme().font("body", 600)).horizontalAdvance("0:00:00") + 8

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = make_layout(self.moment.text, width - self._text_left() - 16, role="body").lineCount()
        return max(lines, 1) * theme().line("body") + 21

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 41)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect, line = theme(), QPainter(self), QRectF(self.rect()), theme().line("body")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hovered or self.isDown():
            painter.fillRect(rect, t.color("surface-3" if self.isDown() else "surface-2"))
        glyph = QRectF(12, 10 + (line - 16) / 2, 16, 16)
        if self.moment.notice:
            paint_sign(painter, glyph, "warn")
        else:
            paint_icon(painter, "bookmark", glyph)
        painter.setFont(t.font("body", 600))
        painter.setPen(t.color("accent"))
        painter.drawText(QRectF(40, 10, 80, line), Qt.AlignmentFlag.AlignVCenter, fmt.stamp(self.moment.at_ms))
        painter.setPen(t.color("text"))
        left = self._text_left()
        layout = make_layout(self.moment.text, rect.width() - left - 16, role="body")
        layout.draw(painter, QPointF(left, 10))
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), t.color("border"))
        if self.ringed:
            paint_box(painter, rect.adjusted(1, 1, -1, -2), t.radius("sm"), line=t.color("accent"), width=2)


class MarkerList(ColumnScroll):
    """All moments; a click goes there."""

    seek = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_moments([])

    def set_moments(self, found: Sequence[Moment]) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for moment in found:
            row = _Row(moment, body)
            row.clicked.connect(self._chosen)
            column.addWidget(row)
        if not found:
            empty = Label(self.tr("No markers. Press M while recording to set one."), body, color="text-muted", wrap=True)
            empty.setContentsMargins(16, 16, 16, 0)
            column.addWidget(empty)
        column.addStretch(1)
        self.carry(body)

    @Slot()
    def _chosen(self) -> None:
        row = self.sender()
        if isinstance(row, _Row):
            self.seek.emit(row.moment.at_ms)


class MarkerStrip(QWidget):
    """The first markers side by side, where the page has height left over."""

    seek = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: list[Moment] = []
        self._places: list[tuple[float, float, Moment]] = []
        self.setMouseTracking(True)
        self.setFixedHeight(STRIP)
        theme().changed.connect(self.update)

    def set_moments(self, found: Sequence[Moment]) -> None:
        self._moments = [m for m in found if not m.notice]
        self.setAccessibleName(", ".join(f"{fmt.stamp(m.at_ms)} {m.text}" for m in self._moments))
        self.update()

    @property
    def empty(self) -> bool:
        return not self._moments

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        paint_box(painter, rect, t.radius("md"), fill=t.color("surface"), line=t.color("border"))
        paint_icon(painter, "bookmark", QRectF(16, rect.center().y() - 8, 16, 16))
        strong, plain = t.font("small", 600), t.font("small")
        x = 48.0
        self._places = []
        for moment in self._moments:
            at = fmt.stamp(moment.at_ms)
            time_width = QFontMetrics(strong).horizontalAdvance(at) + 8
            text_width = QFontMetrics(plain).horizontalAdvance(moment.text)
            if x + time_width + min(text_width, 60) > rect.width() - 16:
                break
            painter.setFont(strong)
            painter.setPen(t.color("accent"))
            painter.drawText(QRectF(x, 0, time_width, rect.height()), Qt.AlignmentFlag.AlignVCenter, at)
            painter.setFont(plain)
            painter.setPen(t.color("text"))
            room = rect.width() - 16 - x - time_width
            shown = QFontMetrics(plain).elidedText(moment.text, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(x + time_width, 0, room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            self._places.append((x, x + time_width + text_width, moment))
            x += time_width + text_width + 16

    def _at(self, x: float) -> Moment | None:
        return next((m for left, right, m in self._places if left <= x <= right), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position().x()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        moment = self._at(event.position().x())
        if moment is not None:
            self.seek.emit(moment.at_ms)
