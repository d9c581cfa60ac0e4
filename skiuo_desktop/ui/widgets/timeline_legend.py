"""The line under a timeline: how many windows are in each state, and a zoom beside the player."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_glyph
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.timeline import Timeline

_ORDER = (WindowState.DONE, WindowState.ANALYSING, WindowState.QUEUED, WindowState.FAILED, WindowState.SKIPPED, WindowState.RECORDING)
_GLYPH = 14
HEIGHT = 32


class TimelineCounts(QWidget):
    """`139 done  2 failed  3 skipped  5 markers`, painted; what does not fit is left out from the right."""

    def __init__(self, timeline: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        timeline.counts_changed.connect(self._recount)
        theme().changed.connect(self.update)
        self._parts: list[tuple[WindowState | None, str, str]] = []
        self._recount()

    def set_note(self, text: str) -> None:
        """A sentence in place of the counts, such as what is planned; empty: the counts."""
        self._note = text
        self.update()

    @Slot()
    def _recount(self) -> None:
        counts = self._timeline.counts
        self._parts = [(s, fmt.number(counts[s]), words.counted(s)) for s in _ORDER if counts[s]]
        markers = len(self._timeline.markers)
        if markers:
            self._parts.append((None, fmt.number(markers), self.tr("marker") if markers == 1 else self.tr("markers")))
        self.setAccessibleName(", ".join(f"{number} {word}" for _, number, word in self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = 0.0, self.height() / 2
        strong, plain = theme().font("small", 600), theme().font("small")
        for state, number, word in [(WindowState.PLANNED, "", self._note)] if self._note else self._parts:
            painter.setFont(strong)
            number_width = painter.fontMetrics().horizontalAdvance(number) + 4 if number else 0
            painter.setFont(plain)
            word_width = painter.fontMetrics().horizontalAdvance(word)
            if x + _GLYPH + 6 + number_width + word_width > self.width() and not self._note:
                break
            glyph = QRectF(x, middle - _GLYPH / 2, _GLYPH, _GLYPH)
            if state is None:
                paint_icon(painter, "bookmark", glyph)
            else:
                paint_glyph(painter, glyph, state)
            x += _GLYPH + 6
            line = QRectF(x, 0, self.width() - x, self.height())
            painter.setFont(strong)
            painter.setPen(theme().color("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, number)
            painter.setFont(plain)
            painter.setPen(theme().color("text-muted"))
            painter.drawText(line.adjusted(number_width, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
            x += number_width + word_width + theme().space(4)
        painter.end()


class TimelineZoom(QWidget):
    """A slider for how much of the recording is in view, with that length beside it."""

    changed = Signal(float)
    _TRACK = 88

    def __init__(self, timeline: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Zoom"))
        self.setToolTip(self.tr("How much is in view. Ctrl and the mouse wheel do the same over the timeline."))
        timeline.view_changed.connect(self.update)
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.tr("Zoom")) + 12 + self._TRACK + 12 + metrics.horizontalAdvance("00 min 00 s"), HEIGHT)

    def _track(self) -> QRect:
        self.setFont(theme().font("small"))
        left = self.fontMetrics().horizontalAdvance(self.tr("Zoom")) + 12
        return QRect(left, self.height() // 2 - 2, self._TRACK, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, track = theme(), self._track()
        painter.setFont(colors.font("small"))
        painter.setPen(colors.color("text-muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.tr("Zoom"))
        painter.drawText(
            self.rect().adjusted(track.right() + 12, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, fmt.duration(self._timeline.span_ms)
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("surface-3"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setPen(QPen(colors.color("accent" if self.hasFocus() else "control-border"), 2 if self.hasFocus() else 1.5))
        painter.setBrush(colors.color("surface"))
        painter.drawEllipse(QRectF(track.left() + self._timeline.zoom * (self._TRACK - 14), self.height() / 2 - 7, 14, 14).adjusted(0.75, 0.75, -0.75, -0.75))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position().toPoint())

    def _move_to(self, pos: QPoint) -> None:
        self.changed.emit(min(max((pos.x() - self._track().left() - 7) / (self._TRACK - 14), 0.0), 1.0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Down: -0.1, Qt.Key.Key_Right: 0.1, Qt.Key.Key_Up: 0.1, Qt.Key.Key_Home: -1.0, Qt.Key.Key_End: 1.0}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.changed.emit(min(max(self._timeline.zoom + step, 0.0), 1.0))


class TimelineLegend(QWidget):
    """Counts on the left; on the right the zoom beside the player, or nothing: `right` takes what the page puts there."""

    def __init__(self, timeline: Timeline, *, zoom: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.counts = TimelineCounts(timeline)
        self.right = QHBoxLayout()
        self.right.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme().space(4), 0, theme().space(4), 0)
        layout.setSpacing(theme().space(4))
        layout.addWidget(self.counts, 1)
        layout.addLayout(self.right)
        if zoom:
            slider = TimelineZoom(timeline)
            slider.changed.connect(timeline.set_zoom)
            self.right.addWidget(slider)

    def set_note(self, text: str) -> None:
        """A sentence in place of the counts; empty: the counts."""
        self.counts.set_note(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()
