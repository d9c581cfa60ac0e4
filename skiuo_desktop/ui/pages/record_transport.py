"""The foot of the stage: time and bytes at the left, the buttons in the middle, level and room at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_state import Phase, RecordState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import RoundButton
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.meter import LevelMeter
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.record_button import RecordButton, RecordLook

if TYPE_CHECKING:
    from skiuo_desktop.engine.disk import DiskRoom

LOW_ROOM_MS = 15 * 60_000


class _RoomBar(QWidget):
    """How full the disk is: taken, free for recordings, kept free."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shares = (0.0, 0.0)
        self.setFixedSize(232, 6)
        theme().changed.connect(self.update)

    def set_disk(self, disk: DiskRoom) -> None:
        total = max(1, disk.total_bytes)
        self._shares = (1 - disk.free_bytes / total, max(0, disk.free_bytes - disk.kept_bytes) / total)
        self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        taken, free = (share * rect.width() for share in self._shares)
        paint_box(painter, rect, 3, fill=t.color("surface-3"))
        painter.setClipRect(QRectF(0, 0, taken, rect.height()))
        paint_box(painter, rect, 3, fill=t.color("control-border"))
        painter.setClipRect(QRectF(taken, 0, free, rect.height()))
        paint_box(painter, rect, 3, fill=t.color("ok"))


class Transport(QWidget):
    """Shows a RecordState; its buttons only ask."""

    record_pressed = Signal()
    pause_pressed = Signal()
    marker_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._disk: DiskRoom | None = None
        self._reason = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._make_left(), 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._make_middle(), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._make_right(), 1, Qt.AlignmentFlag.AlignVCenter)

    def _make_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._clock = Label("00:00:00", left, role="clock")
        self._small_clock = Label("00:00:00", left, role="display")
        self._clock_gap = QWidget(left)
        self._clock_gap.setFixedHeight(6)
        self._room_title = Label(parent=left, role="title")
        self._facts = Label(parent=left, role="small", color="text-muted", rich=True)
        self._bar_gap = QWidget(left)
        self._bar_gap.setFixedHeight(8)
        self._bar = _RoomBar(left)
        for widget in (self._clock, self._small_clock, self._clock_gap, self._room_title, self._facts, self._bar_gap, self._bar):
            column.addWidget(widget)
        return left

    def _make_middle(self) -> QWidget:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(2)
        self.marker = RoundButton(self.tr("Marker"), "M", "bookmark", middle)
        self.record = RecordButton(middle)
        self.pause = RoundButton(self.tr("Pause"), "P", "player-pause", middle)
        self._buttons = row
        for button in (self.marker, self.record, self.pause):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        self._why = Label(parent=middle, role="small", color="text-muted", align=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._why)
        self.record.clicked.connect(self.record_pressed)
        self.marker.clicked.connect(self.marker_pressed)
        self.pause.clicked.connect(self.pause_pressed)
        return middle

    def _make_right(self) -> QWidget:
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.meter = LevelMeter(right)
        self._right_line = Label(parent=right, role="small", color="text-muted", rich=True, align=Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.meter, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._right_line)
        return right

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for widget in (self.marker, self.record, self.pause, self.meter):
            widget.set_compact(compact)
        self._buttons.setSpacing(16 if compact else 2)

    def set_disk(self, disk: DiskRoom) -> None:
        self._disk = disk
        self._bar.set_disk(disk)

    def set_reason(self, reason: str) -> None:
        """Why nothing can be recorded now; empty when it can."""
        self._reason = reason

    # ------------------------------------------------------------------ what it shows

    def show_state(self, state: RecordState, microphone: str, own_sound: bool) -> None:
        live = state.busy
        self._clock.setVisible(live and not self._compact)
        self._clock_gap.setVisible(live and not self._compact)
        self._small_clock.setVisible(live and self._compact)
        for widget in (self._room_title, self._bar, self._bar_gap):
            widget.setVisible(not live)
        self.marker.setVisible(live)
        self.pause.setVisible(live)
        self._show_buttons(state)
        if live:
            self._show_live(state)
        else:
            self._show_idle()
            self._right_line.set_text(words.microphone(state, microphone, own_sound))
        level = state.level
        self.meter.set_level(level.rms_db if level is not None else None, level.peak_db if level is not None else -120.0)

    def _show_buttons(self, state: RecordState) -> None:
        looks = {Phase.IDLE: RecordLook.RECORD, Phase.STARTING: RecordLook.STARTING, Phase.STOPPING: RecordLook.STOPPING}
        self.record.set_look(looks.get(state.phase, RecordLook.STOP))
        self.record.setEnabled(state.can_stop or (state.phase is Phase.IDLE and not self._reason))
        self._why.set_text(self._reason if state.phase is Phase.IDLE else "")
        self._why.setVisible(bool(self._reason) and state.phase is Phase.IDLE)
        running = state.phase in (Phase.RECORDING, Phase.PAUSED)
        self.marker.setEnabled(running)
        self.pause.setEnabled(running)
        paused = state.phase is Phase.PAUSED
        self.pause.set_look(self.tr("Go on") if paused else self.tr("Pause"), "player-play" if paused else "player-pause")

    def _show_live(self, state: RecordState) -> None:
        clock = fmt.clock(state.elapsed_ms)
        self._clock.set_text(clock)
        self._small_clock.set_text(clock)
        self._facts.set_text(words.on_disk_short(state) if self._compact else words.on_disk(state))
        room = state.progress.room_ms if state.progress is not None else None
        if room is None:
            self._right_line.set_text("")
        elif self._compact:
            self._right_line.set_text(self.tr("Room for **{0}**").format(fmt.duration(_coarse(room))))
        else:
            self._right_line.set_text(self.tr("Room for **{0}** more").format(fmt.duration(_coarse(room))))
        self._right_line.set_color("warn" if room is not None and room < LOW_ROOM_MS else "text-muted")

    def _show_idle(self) -> None:
        disk = self._disk
        self._right_line.set_color("text-muted")
        self._room_title.setVisible(disk is not None)
        self._bar.setVisible(disk is not None and not self._compact)
        self._bar_gap.setVisible(disk is not None and not self._compact)
        if disk is None:
            self._facts.set_text("")
            return
        self._room_title.set_text(self.tr("Room for {0}").format(fmt.duration(_coarse(disk.room_ms))))
        if self._compact:
            self._facts.set_text(self.tr("about {0} an hour").format(fmt.size(disk.bytes_per_hour)))
        else:
            self._facts.set_text(
                self.tr("{0} free, {1} of it kept back · about {2} an hour").format(
                    fmt.size(disk.free_bytes), fmt.size(disk.kept_bytes), fmt.size(disk.bytes_per_hour)
                )
            )


def _coarse(ms: int) -> int:
    """No more digits than a forecast deserves: whole hours above ten of them, whole minutes above ten of those."""
    for unit in (3_600_000, 60_000):
        if ms >= 10 * unit:
            return ms // unit * unit
    return ms
