"""What stands in place of the list: nothing recorded yet, nothing found, or still being read."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box

CENTER = Qt.AlignmentFlag.AlignHCenter


class _DashedWindows(QWidget):
    """The drawing of the empty library: a ruler and three planned windows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(220, 96)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("border"), 1))
        painter.drawLine(QLineF(8, 16, 212, 16))
        painter.setPen(QPen(t.color("control-border"), 1))
        painter.drawLines([QLineF(x, 11, x, 21) for x in (8, 64, 120, 176)])
        pen = QPen(t.color("control-border"), 1.5)
        pen.setDashPattern([4 / 1.5, 4 / 1.5])
        painter.setPen(pen)
        for x, y in ((8, 30), (64, 58), (120, 30)):
            painter.drawRoundedRect(QRectF(x, y, 84, 22), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("recording"))
        painter.drawEllipse(QPointF(22, 41), 5, 5)


class _Dashed(QWidget):
    """The box around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(t.color("control-border"), 1.5)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), t.radius("lg"), t.radius("lg"))


class _Sign(QWidget):
    def __init__(self, icon: str, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(side, side)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._icon, QRectF(self.rect()), "text-muted")


class NothingRecorded(QWidget):
    """The library before the first recording."""

    record = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, theme().color("border"))

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.addStretch(1)
        box = _Dashed(self)
        box.setFixedWidth(520)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(40, 44, 40, 40)
        inner.setSpacing(0)
        inner.addWidget(_DashedWindows(box), 0, CENTER)
        inner.addSpacing(24)
        inner.addWidget(Label(self.tr("Nothing recorded yet"), box, role="display", align=CENTER))
        inner.addSpacing(8)
        text = self.tr(
            "Record a few minutes of anything you do with your hands or on screen. Each recording appears here with its text, and both are searchable."
        )
        words = Label(text, box, role="read", color="text-muted", wrap=True, align=CENTER)
        words.setFixedSize(400, words.heightForWidth(400))
        inner.addWidget(words, 0, CENTER)
        inner.addSpacing(24)
        button = Button(self.tr("Record something"), box, kind="primary", size="large", icon="player-record")
        button.clicked.connect(self.record)
        inner.addWidget(button, 0, CENTER)
        column.addWidget(box, 0, CENTER)
        column.addSpacing(24)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(_Sign("device-desktop", 15, self))
        self._where = Label(parent=self, role="small", color="text-muted")
        self.set_mirrored(False)
        row.addWidget(self._where)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def set_mirrored(self, mirrored: bool) -> None:
        """Whether there is a server of the person's own."""
        stays, copied = self.tr("Everything stays on this computer."), self.tr("Everything is kept on this computer. A copy goes to your own server.")
        self._where.set_text(copied if mirrored else stays)


class NothingFound(QWidget):
    """Says what was looked through, and takes the search or the filters off."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(_Sign("search", 24, self), 0, CENTER)
        column.addSpacing(10)
        self._title = Label("", self, role="title", align=CENTER)
        column.addWidget(self._title)
        column.addSpacing(4)
        self._words = Label("", self, color="text-muted", wrap=True, align=CENTER)
        self._words.setFixedWidth(440)
        column.addWidget(self._words, 0, CENTER)
        column.addSpacing(14)
        self._button = Button("", self)
        self._button.clicked.connect(self.cleared)
        column.addWidget(self._button, 0, CENTER)
        column.addStretch(3)

    def tell(self, title: str, text: str, button: str) -> None:
        self._title.set_text(title)
        self._words.set_text(text)
        self._words.setFixedHeight(self._words.heightForWidth(self._words.width()))
        self._button.setText(button)

    @property
    def title(self) -> str:
        return self._title.words

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().color("surface"))


class Loading(QWidget):
    """Bars in the shape of the rows, still."""

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), t.color("surface"))
        fill = t.color("surface-3")
        row, thumb = t.size("libraryRow"), t.pair("thumbnail")
        for number in range(min(self.height() // row + 1, 8)):
            y = number * row
            paint_box(painter, QRectF(52, y + 10, thumb.width(), thumb.height()), t.radius("sm"), fill=fill)
            for line, width in enumerate((180, 320 - 40 * (number % 3), 120)):
                paint_box(painter, QRectF(188, y + 20 + line * 18, width, 8), 4, fill=fill)
            painter.fillRect(0, y + row - 1, self.width(), 1, t.color("border"))
