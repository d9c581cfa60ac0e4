"""Before a recording: what will happen, and whether everything it needs is there. Each line is measured now or says that it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from skiuo_desktop import failures
from skiuo_desktop.model import OFFLINE, ModelInfo, Spending
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.glyphs import paint_sign
from skiuo_desktop.ui.pages.record_state import RecordState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import model_words, narrative_words
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import painted

if TYPE_CHECKING:
    from skiuo_desktop.engine.disk import DiskRoom

translate = QCoreApplication.translate

LEAST_SHARE = 0.9
"""Of the promised frames a second; below it the line is a warning."""
LITTLE_ROOM_MS = 15 * 60_000


@dataclass(frozen=True, slots=True)
class Check:
    sign: str  # ok, warn, error, info, wait
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What the lines are made from, beside the state."""

    label: str = ""  # of the source
    width: int = 0
    height: int = 0
    fps: float = 0.0  # promised
    microphone: str = "default"
    own_sound: bool = False
    disk: DiskRoom | None = None
    length_ms: int = 15_000
    stride_ms: int = 10_000
    models: tuple[ModelInfo, ...] = ()
    spending: Spending | None = None
    mirror: tuple[str, ...] = ()  # hosts of the person's own servers


def intro(setup: Setup) -> str:
    length, stride = fmt.seconds_plain(setup.length_ms), fmt.seconds_plain(setup.stride_ms)
    if not setup.models:
        return translate("RecordChecks", "Skiuo will save the video here. No model is chosen, so nothing will be written about it.")
    if all(info.config.provider == OFFLINE for info in setup.models):
        return translate(
            "RecordChecks",
            "Skiuo will save the video here, read and measure {0} seconds of it on this device every {1} seconds, and write what it finds in this column.",
        ).format(length, stride)
    names = narrative_words.listed(model_words.name(info) for info in setup.models)
    if all(model_words.is_here(info) for info in setup.models):
        return translate(
            "RecordChecks", "Skiuo will save the video here, show {0} seconds of it to {1} every {2} seconds, and write what it sees in this column."
        ).format(length, names, stride)
    return translate(
        "RecordChecks", "Skiuo will save the video here, send {0} seconds of it to {1} every {2} seconds, and write what it sees in this column."
    ).format(length, names, stride)


def checks(state: RecordState, setup: Setup) -> list[Check]:
    lines = [_source(state, setup), _disk(setup), _microphone(state, setup)]
    if setup.models:
        lines.append(_models(setup))
        lines.append(_price(setup))
        lines.append(_first_words(state, setup))
    lines.append(Check("info", translate("RecordChecks", "What leaves this computer"), model_words.leaves(setup.models, setup.mirror)))
    return [line for line in lines if line is not None]


def _source(state: RecordState, setup: Setup) -> Check:
    if not setup.width:
        return Check("wait", translate("RecordChecks", "No source is open"), translate("RecordChecks", "Choose a camera, a screen or a file above"))
    size = f"{setup.width}×{setup.height}"
    if state.wants_card:
        return Check("error", translate("RecordChecks", "{0} has stopped sending").format(setup.label), size)
    if state.ended:
        return Check("ok", translate("RecordChecks", "{0} can be read").format(setup.label), size)
    if state.health is None or state.health.fps <= 0:
        return Check("wait", translate("RecordChecks", "Counting the frames of {0}").format(setup.label), size)
    measured, promised = fmt.number(state.fps, 1), fmt.number(setup.fps, 0 if abs(setup.fps - round(setup.fps)) < 0.05 else 1)
    if setup.fps <= 0:
        return Check("ok", translate("RecordChecks", "{0} delivers {1} frames a second").format(setup.label, measured), size)
    title = translate("RecordChecks", "{0} delivers {1} of {2} frames a second").format(setup.label, measured, promised)
    if state.fps < LEAST_SHARE * setup.fps:
        return Check("warn", title, translate("RecordChecks", "{0}. Poor light or a busy computer slows cameras down").format(size))
    return Check("ok", title, translate("RecordChecks", "Counted just now, {0}").format(size))


def _disk(setup: Setup) -> Check | None:
    disk = setup.disk
    if disk is None:
        return None
    needs = translate("RecordChecks", "A recording needs about {0}").format(fmt.rate(disk.bytes_per_hour / 3600))
    if disk.room_ms <= 0:
        return Check("error", translate("RecordChecks", "There is no room for a recording"), translate("RecordChecks", "Free some space on the disk"))
    sign = "warn" if disk.room_ms < LITTLE_ROOM_MS else "ok"
    return Check(sign, translate("RecordChecks", "The disk has {0} for recordings").format(fmt.size(max(0, disk.free_bytes - disk.kept_bytes))), needs)


def _microphone(state: RecordState, setup: Setup) -> Check | None:
    if not setup.width:
        return None  # a microphone is opened together with a source
    level = state.level
    if setup.own_sound:
        return Check("ok", translate("RecordChecks", "The sound comes with the picture"), translate("RecordChecks", "No microphone is used"))
    if level is None:
        if setup.microphone == "none":
            return Check("info", translate("RecordChecks", "Nothing is heard"), translate("RecordChecks", "No microphone is chosen: the video has no sound"))
        if state.listening:
            return Check("wait", translate("RecordChecks", "Listening to the microphone"), translate("RecordChecks", "It is being opened"))
        return Check("warn", translate("RecordChecks", "The microphone sends nothing"), translate("RecordChecks", "Without it the video has no sound"))
    if state.silent:
        return Check("warn", translate("RecordChecks", "The microphone is silent"), translate("RecordChecks", "Nothing was heard for 10 s: is it muted?"))
    if state.hears:
        return Check(
            "ok",
            translate("RecordChecks", "The microphone hears you"),
            translate("RecordChecks", "Loudest just now {0}").format(fmt.decibels(state.loudest_db)),
        )
    return Check("ok", translate("RecordChecks", "The microphone is on"), translate("RecordChecks", "Say something to see that it hears you"))


def _first_words(state: RecordState, setup: Setup) -> Check:
    fill = fmt.seconds_plain(setup.length_ms)
    if state.first_words_ms is None:
        title = translate("RecordChecks", "First words a little more than {0} s after you start").format(fill)
        return Check("info", title, translate("RecordChecks", "{0} s to fill the first window, then the model begins").format(fill))
    title = translate("RecordChecks", "First words about {0} s after you start").format(fmt.number(round((setup.length_ms + state.first_words_ms) / 1000)))
    return Check("info", title, translate("RecordChecks", "{0} s to fill the first window, {1} for the model").format(fill, fmt.seconds(state.first_words_ms)))


def _models(setup: Setup) -> Check | None:
    """The one that is not asked now, or the last test of those that have been tested."""
    for info in setup.models:
        trouble = model_words.unwell(info)
        if trouble:
            return Check("warn", translate("RecordChecks", "{0} is not asked now").format(model_words.name(info)), trouble)
    for info in setup.models:
        if model_words.falls_behind(info, setup.stride_ms):
            speed = translate("RecordChecks", "It takes {0} for a window, and a new one comes every {1}: its text comes later and later")
            detail = speed.format(fmt.seconds((info.window_s or 0) * 1000), fmt.seconds(setup.stride_ms, 0))
            return Check("warn", translate("RecordChecks", "{0} falls behind").format(model_words.name(info)), detail)
    tested = [info for info in setup.models if info.config.probe.get("deliveries")]
    if not tested:
        return None
    info = tested[0]
    when = failures.local_time(str(info.config.probe.get("at", "")))
    return Check(
        "ok", translate("RecordChecks", "{0} described a test clip").format(model_words.name(info)), translate("RecordChecks", "Tested {0}").format(when)
    )


def _price(setup: Setup) -> Check | None:
    """What an hour costs; nothing where nothing is paid."""
    paid = [info for info in setup.models if not model_words.is_free(info)]
    unknown = [info for info in paid if info.per_hour is None]
    if unknown:
        title = translate("RecordChecks", "What {0} costs is not known").format(narrative_words.listed(model_words.name(info) for info in unknown))
        return Check("warn", title, translate("RecordChecks", "It counts against no budget until you enter its price"))
    if not paid:
        return None
    names = narrative_words.listed(model_words.name(info) for info in paid)
    title = translate("RecordChecks", "About {0} an hour with {1}").format(model_words.total(paid), names)
    return Check("info", title, _lasts(setup, paid))


def _lasts(setup: Setup, paid: Sequence[ModelInfo]) -> str:
    """How far the budget nearest its end reaches at this price."""
    spending = setup.spending
    rate = sum(info.per_hour or 0.0 for info in paid)
    known = translate("RecordChecks", "What is really counted stands under each text")
    if spending is None or rate <= 0 or any(info.config.price is None or info.config.price.currency != spending.currency for info in paid):
        return known
    left = [
        (limit - used, text)
        for used, limit, text in (
            (0.0, spending.recording_limit, translate("RecordChecks", "The budget of a recording lasts {0}")),
            (spending.day, spending.day_limit, translate("RecordChecks", "Today’s budget lasts {0} more")),
            (spending.month, spending.month_limit, translate("RecordChecks", "This month’s budget lasts {0} more")),
        )
        if limit > 0
    ]
    if not left:
        return known
    rest, text = min(left)
    if rest <= 0:
        return translate("RecordChecks", "The budget is used up: windows are kept for later")
    return text.format(fmt.duration(round(rest / rate * 60) * 60_000))


class _Line(QWidget):
    """Sign, title, detail, a hairline below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.check: Check | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(26, 10, 0, 0)
        self._column.setSpacing(0)
        self._title = Label(parent=self, weight=500, wrap=True)
        self._detail = Label(parent=self, role="small", color="text-muted", wrap=True)
        self._rule = Rule(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._detail)
        self._column.addSpacing(10)
        theme().changed.connect(self.update)

    def set_check(self, check: Check, last: bool) -> None:
        self._rule.setVisible(not last)
        if check != self.check:
            self.check = check
            self._title.set_text(check.title)
            self._detail.set_text(check.detail)
            self.setAccessibleName(f"{check.title}. {check.detail}")
            self.update()

    def resizeEvent(self, event: object) -> None:
        self._rule.setGeometry(0, self.height() - 1, self.width(), 1)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        if self.check is not None:
            paint_sign(painter, QRectF(0, 12, 16, 16), self.check.sign)


class ChecksPanel(QScrollArea):
    """The side column while nothing is recorded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        body = self._body = QWidget()
        self.setWidget(body)
        self.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(16, 20, 16, 16)
        self._column.setSpacing(0)
        self._intro = Label(parent=body, role="title", weight=500, wrap=True)
        self._column.addWidget(self._intro)
        self._column.addSpacing(20)
        self._column.addWidget(Label(self.tr("Before you start"), body, role="small", weight=500, color="text-muted"))
        self._column.addSpacing(2)
        self._column.addStretch(1)
        self._lines: list[_Line] = []

    @property
    def shown(self) -> list[Check]:
        return [line.check for line in self._lines if line.check is not None and not line.isHidden()]

    def show_checks(self, state: RecordState, setup: Setup) -> None:
        self._intro.set_text(intro(setup))
        wanted = checks(state, setup)
        while len(self._lines) < len(wanted):
            line = _Line(self._body)
            self._column.insertWidget(self._column.count() - 1, line)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(wanted))
            if number < len(wanted):
                line.set_check(wanted[number], last=number == len(wanted) - 1)

    def sizeHint(self) -> QSize:
        return QSize(theme().size("sideRecord"), 400)
