"""The head of the Watch page: back, title, facts, what failed, export, more."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.model import Recording, RecordingState, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.copies import Mark
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Chip, ElidedLabel
from skiuo_desktop.ui.widgets.paint import paint_box


class TitleField(QLineEdit):
    """A title that becomes a field when it is clicked. Enter keeps what was written, Esc what was there."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self.setProperty("bare", True)
        self.setFrame(False)
        self.setTextMargins(0, 0, 0, 0)
        self.setAccessibleName(self.tr("Title"))
        self.setToolTip(self.tr("Rename (F2)"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.textChanged.connect(self.updateGeometry)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("read", 600))
        self.setFixedHeight(theme().line("body") + 2)

    @property
    def title(self) -> str:
        return self._title

    def set_title(self, title: str) -> None:
        self._title = title
        if not self.hasFocus():
            self.setText(title)
            self.setCursorPosition(0)

    def set_editable(self, editable: bool) -> None:
        self.setReadOnly(not editable)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if editable else Qt.FocusPolicy.NoFocus)
        self.setToolTip(self.tr("Rename (F2)") if editable else "")

    def edit(self) -> None:
        if self.isReadOnly():
            return
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(min(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 24, 640), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
            self.clearFocus()
        elif event.key() == Qt.Key.Key_Escape:
            self.setText(self._title)
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._keep()
            self.setCursorPosition(0)
            self.deselect()

    def _keep(self) -> None:
        written = self.text().strip()
        if not written:
            self.setText(self._title)
        elif written != self._title:
            self._title = written
            self.setText(written)
            self.renamed.emit(written)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            super().paintEvent(event)
            line = QPainter(self)
            line.fillRect(QRectF(0, self.height() - 2, self.width(), 2), theme().color("accent"))
            return
        painter = QPainter(self)
        if self.underMouse() and not self.isReadOnly():
            paint_box(painter, QRectF(self.rect()), 4, fill=theme().color("surface-2"))
        painter.setFont(self.font())
        painter.setPen(theme().color("text"))
        text = QFontMetrics(self.font()).elidedText(self._title, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # gives up the new title; elsewhere on the page Esc means something else
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


class WatchHead(QWidget):
    """56 high, over player and text."""

    back = Signal()
    renamed = Signal(str)
    retry_failed = Signal()
    export = Signal()
    more = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._foreign = False  # another device's: it is only looked at
        self._known: list[str] = []
        self._mark: Mark | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(12)
        back = Button(parent=self, kind="ghost", icon="arrow-left", name=self.tr("Back to the library (Alt+←)"))
        back.clicked.connect(self.back)
        row.addWidget(back)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        self.title = TitleField(self)
        self.title.renamed.connect(self.renamed)
        self.facts = ElidedLabel("", self, role="small", color="text-muted", mode=Qt.TextElideMode.ElideRight)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.failed = Chip("", self, kind="error")
        self.retry = Button(self.tr("Retry failed"), self, icon="refresh")
        self.retry.clicked.connect(self.retry_failed)
        self.export_button = Button(self.tr("Export…"), self, icon="download")
        self.export_button.clicked.connect(self.export)
        self.more_button = Button(parent=self, kind="ghost", icon="dots", name=self.tr("More"))
        self.more_button.clicked.connect(self.more)
        for widget in (self.failed, self.retry, self.export_button, self.more_button):
            row.addWidget(widget)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.setFixedHeight(theme().size("headerCompact" if compact else "header"))

    def clear(self) -> None:
        """Nothing is shown yet."""
        self.title.set_title("")
        self._known, self._mark = [], None
        self.facts.set_text("")
        self.set_counts(0, 0)
        self.set_exportable(False)

    def set_recording(self, recording: Recording) -> None:
        self.title.set_title(recording.title)
        self._foreign = bool(recording.device)
        self.title.set_editable(not self._foreign)
        self.more_button.setVisible(not self._foreign)
        length = fmt.duration(recording.duration_ms)
        if recording.state is RecordingState.RECORDING:
            length = self.tr("being recorded")
        day = fmt.day(recording.started_at)
        parts = [self.tr("{0}, {1}").format(day, fmt.time_of_day(recording.started_at))]
        parts += [length] if recording.duration_ms or recording.state is RecordingState.RECORDING else []
        parts += [fmt.size(recording.bytes)] if recording.bytes else []
        parts += [part for part in (recording.device, recording.source_label) if part]
        self._known = parts
        self._show_facts()

    def set_mark(self, mark: Mark | None) -> None:
        """Where its copy is; None: nothing is said of it."""
        if mark != self._mark:
            self._mark = mark
            self._show_facts()

    def _show_facts(self) -> None:
        self.facts.set_text(" · ".join([*self._known, *([self._mark.text] if self._mark is not None and self._known else [])]))

    def set_exportable(self, exportable: bool) -> None:
        """Whether there is a text to export."""
        self.export_button.setVisible(exportable)

    def set_counts(self, failed: int, windows: int) -> None:
        self.failed.setVisible(failed > 0)
        self.retry.setVisible(failed > 0 and not self._foreign)
        if failed:
            self.failed.set_chip(self.tr("{0} of {1} failed").format(fmt.number(failed), fmt.number(windows)), "error")
            self.retry.setText(self.tr("Retry failed"))
            self.retry.setAccessibleDescription(f"{failed} {WindowState.FAILED.value}")
