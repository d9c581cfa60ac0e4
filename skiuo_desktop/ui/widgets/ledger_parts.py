"""Parts of the ledger: a row of key figures, sections, a table of attempts, monospaced blocks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop.model import Attempt, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_glyph
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import paint_box

translate = QCoreApplication.translate

RAW_HEIGHT = 280
RAW_LETTERS = 200_000
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
    else:
        state, answer = WindowState.DONE, translate("Ledger", "finished by itself")
    cost = attempt.usage.cost
    billed = translate("Ledger", "unknown") if cost is None else translate("Ledger", "nothing") if cost == 0 else fmt.money(cost, attempt.usage.currency)
    took = fmt.seconds((ended - attempt.started_at).total_seconds() * 1000) if ended is not None else ""
    return _Line(str(attempt.number), attempt.started_at.astimezone().strftime("%H:%M:%S"), state, answer, billed, took)


def prompt_parts(prompt: Any) -> list[tuple[str, str]]:
    """(role, text) of a prompt as ledgers keep it: text, a mapping of roles, or a list of messages."""
    if isinstance(prompt, str):
        return [(translate("Ledger", "prompt"), prompt)] if prompt else []
    if isinstance(prompt, Mapping):
        return [(str(role), _as_text(text)) for role, text in prompt.items()]
    if isinstance(prompt, Sequence):
        found = []
        for message in prompt:
            if isinstance(message, Mapping):
                found.append((str(message.get("role", "")), _as_text(message.get("content", message.get("text", "")))))
            else:
                found.append(("", str(message)))
        return found
    return []


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def sent_facts(sent: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What left, as (name, value), from whatever a provider noted; the prompt has a section of its own."""
    names = {
        "delivery": translate("Ledger", "Went to"),
        "clip_bytes": translate("Ledger", "Clip"),
        "bytes": translate("Ledger", "Bytes"),
        "frames_measured": translate("Ledger", "Frames measured"),
        "frames": translate("Ledger", "Frames"),
        "fps": translate("Ledger", "Frames a second"),
        "size": translate("Ledger", "Size"),
        "known_lines": translate("Ledger", "Lines known before"),
        "options": translate("Ledger", "Options"),
    }
    facts = []
    for key, value in sent.items():
        if key in ("prompt", "messages"):
            continue
        name = names.get(key, key.replace("_", " "))
        if key.endswith("bytes") and isinstance(value, int):
            text = fmt.size(value)
        elif key == "delivery" and value == "this device":
            text = translate("Ledger", "nobody: it was read on this device")
        elif key == "frames" and isinstance(value, list):
            moments = [fmt.stamp(int(f["at_ms"])) for f in value if isinstance(f, Mapping) and "at_ms" in f]
            text = f"{len(value)}" + (f" ({', '.join(moments)})" if moments else "")
        elif isinstance(value, bool) or value is None:
            text = str(value).lower()
        elif isinstance(value, int | float):
            text = fmt.number(value, 0 if float(value).is_integer() else 2)
        else:
            text = _as_text(value)
        facts.append((name, text))
    return facts


def pretty_raw(raw: str) -> str:
    """A raw answer with line breaks where it is JSON; the rest as it came. Very long ones lose their middle."""
    text = raw
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
    except ValueError:
        text = raw
    if len(text) > RAW_LETTERS:
        half = RAW_LETTERS // 2
        text = f"{text[:half]}\n…\n{text[-half:]}"
    return text
