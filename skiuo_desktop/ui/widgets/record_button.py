"""The one large button: Record, Stop."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.paint import paint_box, paint_caption, painted


class RecordLook(Enum):
    RECORD = auto()
    STARTING = auto()  # asked for, no byte has reached the file
    STOP = auto()
    STOPPING = auto()


class RecordButton(Control):
    """A disc of 72 (56 compact): ring and inner disc to record, filled with a square to stop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._compact = RecordLook.RECORD, False
        self.setShortcut("Ctrl+R")
        self._name()

    @property
    def look(self) -> RecordLook:
        return self._look

    def set_look(self, look: RecordLook) -> None:
        if look is not self._look:
            self._look = look
            self._name()
            self.update()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._name()
        self._restyle()

    def _name(self) -> None:
        self.setAccessibleName(self._words())
        self.setToolTip(f"{self._words()} (Ctrl+R)" if self._compact else "")

    def _words(self) -> str:
        match self._look:
            case RecordLook.RECORD:
                return self.tr("Record")
            case RecordLook.STARTING:
                return self.tr("starting…")
            case RecordLook.STOP:
                return self.tr("Stop")
            case RecordLook.STOPPING:
                return self.tr("saving…")

    def _disc(self) -> int:
        return theme().size("recordButtonCompact" if self._compact else "recordButton")

    def sizeHint(self) -> QSize:
        return QSize(self._disc(), self._disc()) if self._compact else QSize(112, self._disc() + 6 + theme().line("body"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, disc = theme(), self._disc()
        circle = QRectF((self.width() - disc) / 2, 0, disc, disc)
        red = t.color("recording-fill")
        if not self.isEnabled():
            red = t.color("control-border")
        elif self.isDown():
            red = red.darker(115)
        elif self.hovered:
            red = red.darker(107)
        ready = self._look in (RecordLook.RECORD, RecordLook.STARTING)
        if ready:
            paint_box(painter, circle, disc / 2, fill=t.color("surface"), line=red, width=3)
            inner = disc * 0.75
            paint_box(painter, _centred(circle.center(), inner), inner / 2, fill=red)
        else:
            paint_box(painter, circle, disc / 2, fill=red)
            paint_box(painter, _centred(circle.center(), disc / 3), 4, fill=t.color("accent-fg"))
        if self.ringed:
            paint_box(painter, circle, disc / 2, line=t.color("accent"), width=2)
        if not self._compact:
            label = QRectF(0, disc + 6, self.width(), t.line("body"))
            busy = self._look in (RecordLook.STARTING, RecordLook.STOPPING)
            role, weight = ("body", 600) if self._look is RecordLook.RECORD else ("caption", None)
            paint_caption(painter, label, self._words(), "" if busy else "Ctrl+R", role=role, weight=weight, enabled=self.isEnabled())


def _centred(center: QPointF, side: float) -> QRectF:
    return QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
