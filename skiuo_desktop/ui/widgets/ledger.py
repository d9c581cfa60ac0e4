"""The ledger of one window: what was sent, the prompt, every attempt with its price and time, and the raw answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import Analysis, Attempt
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.widgets import ledger_parts as parts
from skiuo_desktop.ui.widgets import ledger_sent as told
from skiuo_desktop.ui.widgets import narrative_words as words
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Icon, Label, Rule
from skiuo_desktop.ui.widgets.ledger_frames import FrameGrid, sent_times

translate = QCoreApplication.translate

WIDE = 520
"""Below this width the foot has room for its buttons only."""


class LedgerPanel(QWidget):
    """Opens beside the player. Esc closes it; Alt+↑ and Alt+↓ go to the window before and after."""

    closed = Signal()
    stepped = Signal(int)
    """-1 or 1: to the window before or after."""
    send_again = Signal(int, str)
    """The index of the window, the name of the model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: Analysis | None = None
        self._attempts: tuple[Attempt, ...] = ()
        self.frames: FrameGrid | None = None
        """The pictures that were sent; None where none were."""
        self._frames_section: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self._head())
        column.addWidget(Rule(self))
        self._scroll = parts.ColumnScroll(self)
        column.addWidget(self._scroll, 1)
        column.addWidget(Rule(self))
        column.addWidget(self._foot())

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setFixedHeight(48)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(Icon("receipt", 16, "text", head))
        row.addWidget(Label(self.tr("What was sent"), head, weight=600))
        self._span = Label("", head, color="text-muted")
        row.addWidget(self._span)
        row.addStretch(1)
        for icon, name, step in (("chevron-up", self.tr("Window before (Alt+↑)"), -1), ("chevron-down", self.tr("Window after (Alt+↓)"), 1)):
            button = Button(parent=head, kind="ghost", size="small", icon=icon, name=name)
            button.clicked.connect(self._before if step < 0 else self._after)
            row.addWidget(button)
        close = Button(parent=head, kind="ghost", size="small", icon="x", name=self.tr("Close (Esc)"))
        close.clicked.connect(self.closed)
        row.addWidget(close)
        return head

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setFixedHeight(56)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._lock = Icon("lock", 14, "text-muted", foot)
        row.addWidget(self._lock)
        self._promise = Label(self.tr("Keys are never part of this record"), foot, role="small", color="text-muted")
        row.addWidget(self._promise)
        row.addStretch(1)
        self._copy = Button("", foot, size="small", icon="copy", name=self.tr("Copy all"))
        self._copy.clicked.connect(self.copy_all)
        row.addWidget(self._copy)
        self._again = Button(self.tr("Analyse again"), foot, size="small", icon="refresh")
        self._again.clicked.connect(self._ask_again)
        row.addWidget(self._again)
        return foot

    @property
    def analysis(self) -> Analysis | None:
        return self._analysis

    def set_ledger(self, analysis: Analysis, attempts: Sequence[Attempt], *, show_raw: bool = False) -> None:
        """Shows one analysis; `show_raw` scrolls to the raw answer."""
        self._analysis, self._attempts = analysis, tuple(attempts)
        self._span.set_text(fmt.span(analysis.span))
        self._again.setText(self._again_words())
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        sent = self._attempts[-1].sent if self._attempts else {}
        if told.is_kept(sent):
            kept = Banner(body, closable=False)
            kept.tell("info", self.tr("A kept answer."), self.tr("The same question had been asked before, so nothing was sent and nothing paid."))
            column.addWidget(kept)
        figures = parts.Figures(body)
        figures.set_cells(self._figures())
        column.addWidget(figures)
        self._add_frames(sent_times(sent), body, column)
        facts = told.sent_facts(sent)
        if facts:
            title = self.tr("Sent then") if told.is_kept(sent) else self.tr("Sent")
            column.addWidget(parts.Section(title, told.headline(sent) or words.model(analysis.model), self._facts(facts, body), body))
        prompt = told.prompt_parts(sent)
        if prompt:
            column.addWidget(parts.Section(self.tr("Prompt"), told.prompt_title(sent), parts.MonoBox(parts.PromptTable(prompt, body), body), body))
        answer = told.answer_facts(sent)
        if answer:
            column.addWidget(parts.Section(self.tr("Answer"), words.model(analysis.model), self._facts(answer, body), body))
        if self._attempts:
            column.addWidget(parts.Section(self.tr("Attempts"), fmt.number(len(self._attempts)), parts.AttemptsTable(self._attempts, body), body))
        why = words.why(None, analysis)
        if why:
            column.addWidget(parts.Section(self.tr("Why this model"), "", parts.Words(why, body), body))
        failure = analysis.failure
        if failure is not None:
            said = parts.Words(words.joined(*words.failure(failure), words.may_be_billed(analysis.usage)), body)
            column.addWidget(parts.Section(self.tr("Why it failed"), "", said, body))
        raw_section = self._raw_section(body)
        column.addWidget(raw_section)
        column.addStretch(1)
        self._scroll.carry(body)
        if show_raw:
            body.adjustSize()
            self._scroll.ensureWidgetVisible(raw_section, 0, 16)

    def _add_frames(self, times_ms: Sequence[int], body: QWidget, column: QVBoxLayout) -> None:
        self.frames = self._frames_section = None
        if times_ms:
            self.frames = FrameGrid(times_ms, body)
            self._frames_section = parts.Section(translate("Ledger", "Frames"), fmt.number(len(times_ms)), self.frames, body)
            column.addWidget(self._frames_section)

    def drop_frames(self) -> None:
        """They cannot be had: the file is gone, say."""
        if self._frames_section is not None:
            self._frames_section.hide()

    def _again_words(self) -> str:
        """What it costs stands on the button, where something was paid before."""
        costs = [a.usage for a in reversed(self._attempts) if a.usage.cost]
        if not costs or costs[0].cost is None:
            return self.tr("Analyse again")
        return self.tr("Send again, about {0}").format(fmt.money(costs[0].cost, costs[0].currency))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self._lock.setVisible(wide)
        self._promise.setVisible(wide)
        self._copy.setText(self.tr("Copy all") if wide else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 240)

    def _figures(self) -> list[tuple[str, str]]:
        analysis = self._analysis
        if analysis is None:
            return []
        usage, none = analysis.usage, "–"
        return [
            (self.tr("Tokens in"), fmt.number(usage.tokens_in) if usage.tokens_in is not None else none),
            (self.tr("Tokens out"), fmt.number(usage.tokens_out) if usage.tokens_out is not None else none),
            (self.tr("Price"), words.price(usage) or none),
            (self.tr("First words"), fmt.seconds(analysis.first_token_ms) if analysis.first_token_ms is not None else none),
            (self.tr("In all"), fmt.seconds(analysis.total_ms) if analysis.total_ms is not None else none),
        ]

    def _facts(self, facts: Sequence[tuple[str, str]], parent: QWidget) -> QWidget:
        box = QWidget(parent)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(facts):
            grid.addWidget(Label(name, box, role="small", color="text-muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(parts.Words(value, box, role="small"), row, 1)
        return box

    def _raw_section(self, parent: QWidget) -> QWidget:
        raw = self._raw()
        if not raw:
            said = Label(self.tr("No raw answer was kept."), parent, role="small", color="text-muted")
            return parts.Section(self.tr("Raw answer"), "", said, parent)
        return parts.Section(self.tr("Raw answer"), fmt.size(len(raw.encode())), parts.MonoBox(parts.MonoBlock(told.pretty_raw(raw)), parent), parent)

    def _raw(self) -> str:
        newest = next((a.raw for a in reversed(self._attempts) if a.raw), "")
        failure = self._analysis.failure if self._analysis is not None else None
        return newest or (failure.raw if failure is not None else "")

    def as_text(self) -> str:
        """All of it as plain text."""
        analysis = self._analysis
        if analysis is None:
            return ""
        lines = [f"{self.tr('What was sent')} {fmt.span(analysis.span)} {words.model(analysis.model)}", ""]
        lines += [f"{name}: {value}" for name, value in self._figures()]
        for attempt in self._attempts:
            lines += ["", self.tr("Attempt {0}, {1}").format(attempt.number, attempt.started_at.isoformat(timespec="seconds"))]
            lines += [told.headline(attempt.sent)] if told.headline(attempt.sent) else []
            lines += [f"{name}: {value}" for name, value in (*told.sent_facts(attempt.sent), *told.answer_facts(attempt.sent))]
            lines += [f"{role}: {text}" for role, text in told.prompt_parts(attempt.sent)]
            lines.append(f"{self.tr('Billed')}: {parts.billed(attempt)}")
            if attempt.failure is not None:
                lines.append(words.joined(*words.failure(attempt.failure)))
            if attempt.raw:
                lines += [self.tr("Raw answer") + ":", attempt.raw]
        return "\n".join(lines)

    @Slot()
    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())

    @Slot()
    def _before(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _after(self) -> None:
        self.stepped.emit(1)

    @Slot()
    def _ask_again(self) -> None:
        if self._analysis is not None:
            self.send_again.emit(self._analysis.window_index, self._analysis.model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
