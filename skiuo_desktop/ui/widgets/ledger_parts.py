"""Parts of the ledger: a row of key figures, sections, a table of attempts, monospaced blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.model import Attempt, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_glyph
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.ledger_sent import is_kept
from skiuo_desktop.ui.widgets.paint import paint_box

translate = QCoreApplication.translate

RAW_HEIGHT = 280
ROW = 30
SCROLL_BAR = 12


class Figures(QWidget):
    """Cells side by side: a name over a value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[tuple[str, str]] = []
        self.setFixedHeight(62)
        theme().changed.connect(self.update)

    def set_cells(self, cells: Sequence[tuple[str, str]]) -> None:
        self._cells = list(cells)
        self.setAccessibleName(", ".join(f"{name}: {value}" for name, value in cells))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, rect = QPainter(self), theme(), QRectF(self.rect())
        paint_box(painter, rect, colors.radius("md"), fill=colors.color("surface"), line=colors.color("border"))
        x = 0.0
        for (name, value), width in zip(self._cells, self._widths(rect.width()), strict=True):
            if x:
                painter.fillRect(QRectF(round(x), 1, 1, rect.height() - 2), colors.color("border"))
            for role, token, text, box in (
                ("small", "text-muted", name, QRectF(x + 12, 10, width - 14, 18)),
                ("title", "text", value, QRectF(x + 12, 28, width - 14, 24)),
            ):
                painter.setFont(colors.font(role))
                painter.setPen(colors.color(token))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width())))
            x += width

    def _widths(self, room: float) -> list[float]:
        """Equal cells, unless one needs more: then each gets what it needs and a part of the rest."""
        small, title = QFontMetrics(theme().font("small")), QFontMetrics(theme().font("title"))
        needs = [max(small.horizontalAdvance(name), title.horizontalAdvance(value)) + 16.0 for name, value in self._cells]
        if not needs or max(needs) <= room / len(needs):
            return [room / max(len(needs), 1)] * len(needs)
        rest = (room - sum(needs)) / len(needs)
        return [need + rest for need in needs]


class ColumnScroll(QScrollArea):
    """Scrolls down only; its bar lies over the right padding of what it carries."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    @Slot(int, int)
    def _make_room(self, _least: int, most: int) -> None:
        self.setViewportMargins(0, 0, -SCROLL_BAR if most else 0, 0)
        container = self.verticalScrollBar().parentWidget()
        if container is not None:
            container.raise_()

    def carry(self, body: QWidget) -> None:
        """Shows a widget in place of the one before."""
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class Words(QLabel):
    """Somebody else's words: wrapped, selectable, and never taken for markup."""

    def __init__(self, text: str, parent: QWidget | None = None, *, role: str = "body", color: str = "text", mono: bool = False) -> None:
        super().__init__(parent)
        self._role, self._color, self._mono = role, color, mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(text)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font(self._role, mono=self._mono))
        tint(self, self._color)


class Section(QWidget):
    """A title, a fact at the right, and what stands below."""

    def __init__(self, title: str, fact: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(Label(title, self, weight=600))
        row.addStretch(1)
        row.addWidget(Label(fact, self, role="small", color="text-muted"))
        column.addLayout(row)
        column.addWidget(body)


class MonoBlock(QPlainTextEdit):
    """Text as it came, selectable, as high as it is long up to a limit; it scrolls beyond."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("bare", True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlainText(text)
        self.document().setDocumentMargin(0)
        self.setViewportMargins(12, 10, 4, 10)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("small", mono=True))
        tint(self, "surface-2", self.backgroundRole())
        self.viewport().update()

    def sizeHint(self) -> QSize:
        width = max(self.viewport().width(), 120)
        letter = max(QFontMetrics(theme().font("small", mono=True)).horizontalAdvance("0"), 1)
        lines = sum(max(1, -(-len(line) * letter // width)) for line in self.toPlainText().split("\n"))
        return QSize(200, min(lines * QFontMetrics(self.font()).lineSpacing() + 24, RAW_HEIGHT))


class MonoBox(QWidget):
    """The tinted box around monospaced text."""

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(body)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_box(QPainter(self), QRectF(self.rect()), theme().radius("sm"), fill=theme().color("surface-2"))


class PromptTable(QWidget):
    """Who says what: `system`, `context`, `user`."""

    def __init__(self, parts: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 60)
        grid.setColumnStretch(1, 1)
        for row, (role, text) in enumerate(parts):
            grid.addWidget(Words(role, self, role="small", color="text-muted", mono=True), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Words(text, self, role="small", mono=True), row, 1)


@dataclass(frozen=True, slots=True)
class _Line:
    number: str
    at: str
    state: WindowState
    answer: str
    billed: str
    took: str


class AttemptsTable(QWidget):
    """One row a try: when, how it ended, what it may have cost, how long it took."""

    def __init__(self, attempts: Sequence[Attempt], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = [_line(a) for a in attempts]
        self.setFixedHeight(ROW * (len(self._lines) + 1) + 1)
        self.setAccessibleName("; ".join(f"{line.number}: {line.answer}, {line.billed}, {line.took}" for line in self._lines))
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, rect = QPainter(self), theme(), QRectF(self.rect())
        paint_box(painter, rect, colors.radius("md"), fill=colors.color("surface"), line=colors.color("border"))
        head = ["", self.tr("Sent at"), self.tr("Answer"), self.tr("Billed"), self.tr("Took")]
        painter.setFont(colors.font("small", 500))
        painter.setPen(colors.color("text-muted"))
        self._row(painter, 0, head, None)
        painter.setFont(colors.font("small"))
        for i, line in enumerate(self._lines, 1):
            painter.fillRect(QRectF(1, i * ROW, rect.width() - 2, 1), colors.color("border"))
            painter.setPen(colors.color("text"))
            self._row(painter, i, [line.number, line.at, line.answer, line.billed, line.took], line.state)

    def _row(self, painter: QPainter, number: int, cells: Sequence[str], state: WindowState | None) -> None:
        right, y = self.width() - 12.0, number * ROW
        columns = [(12.0, 28.0), (40.0, 76.0), (116.0, right - 116 - 144), (right - 144, 84.0), (right - 60, 60.0)]
        for i, ((x, width), text) in enumerate(zip(columns, cells, strict=True)):
            box = QRectF(x, y, width, ROW)
            if i == 2 and state is not None:
                paint_glyph(painter, QRectF(x, y + 8, 14, 14), state)
                box.setLeft(x + 20)
            align = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if i > 2 else Qt.AlignmentFlag.AlignLeft)
            painter.drawText(box, align, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width())))


def _line(attempt: Attempt) -> _Line:
    ended, failure = attempt.ended_at, attempt.failure
    if ended is None:
        state, answer = WindowState.ANALYSING, translate("Ledger", "under way")
    elif failure is not None:
        state, answer = WindowState.FAILED, words.cause(failure.kind).rstrip(".。")
        if failure.facts.get("status"):
            answer = f"{failure.facts['status']}, {answer[:1].lower()}{answer[1:]}"
    elif is_kept(attempt.sent):
        state, answer = WindowState.DONE, translate("Ledger", "kept answer")
    else:
        state, answer = WindowState.DONE, translate("Ledger", "finished by itself")
    took = fmt.seconds((ended - attempt.started_at).total_seconds() * 1000) if ended is not None else ""
    return _Line(str(attempt.number), attempt.started_at.astimezone().strftime("%H:%M:%S"), state, answer, billed(attempt), took)


def billed(attempt: Attempt) -> str:
    """What the attempt cost; `about` where it was not counted."""
    if is_kept(attempt.sent) or attempt.usage.cost == 0:
        return translate("Ledger", "nothing")
    return words.price(attempt.usage) or translate("Ledger", "unknown")
