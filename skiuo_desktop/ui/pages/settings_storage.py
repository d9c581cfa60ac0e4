"""The section Storage: how long, and up to how much, video is kept on this computer. What a rule would remove is shown before it holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, RecordingChanged, RecordingDeleted, RecordingSaved, SettingChanged
from skiuo_desktop.model import RetentionPreview, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import settings_words as words
from skiuo_desktop.ui.pages.settings_plain import COLUMN
from skiuo_desktop.ui.pages.settings_storage_words import freed, in_force, kept, removes
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.dialog import Dialog
from skiuo_desktop.ui.widgets.labels import Label, Sign
from skiuo_desktop.ui.widgets.settings_fields import Labelled, NumberField, grid_row
from skiuo_desktop.ui.widgets.settings_parts import Card, ScrollColumn

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

READ_AGAIN_MS = 400

Rule = tuple[int, float]
"""Days, gigabytes; 0: no limit."""


class StorageSection(QWidget):
    """`said` is a sentence about something done."""

    said = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rule: Rule = (0, 0.0)
        self._preview: RetentionPreview | None = None
        self.dialog: Dialog | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AGAIN_MS)
        self._soon.timeout.connect(self.reload)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = ScrollColumn(self, most=COLUMN, margins=(24, 16, 24, 24))
        column.addWidget(scroll)
        body = scroll.body
        body.setSpacing(16)
        body.addWidget(Label(self.tr("Storage on this computer"), self, role="title"))
        text = self.tr("Only video files are ever removed, never a text. A video stays until its windows are described, or until it is in your object store.")
        body.addWidget(Label(text, self, role="small", color="text-muted", wrap=True))
        self.days = NumberField(
            words.label(s.KEEP_DAYS), self, most=s.KEEP_DAYS.most or 0, empty=True, unit=self.tr("days"), placeholder=self.tr("without end")
        )
        self.gb = NumberField(words.label(s.KEEP_GB), self, most=s.KEEP_GB.most or 0, whole=False, empty=True, unit="GB", placeholder=self.tr("no limit"))
        self.days.number_saved.connect(lambda value: self._try((round(value or 0), self._rule[1])))
        self.gb.number_saved.connect(lambda value: self._try((self._rule[0], float(value or 0))))
        boxes = [
            Labelled(words.label(setting), field, self, help_text=words.help_text(setting))
            for setting, field in ((s.KEEP_DAYS, self.days), (s.KEEP_GB, self.gb))
        ]
        body.addLayout(grid_row(self, *boxes))
        self._make_card(body)
        body.addStretch(1)
        bridge.event.connect(self._on_event)
        self.reload()

    def _make_card(self, body: QVBoxLayout) -> None:
        self.card = Card(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._sign = Sign("info", self.card)
        self._head = Label(parent=self.card, weight=600)
        self.free_button = Button("", self.card, size="small", kind="danger", icon="trash")
        self.free_button.clicked.connect(self._ask_free)
        row.addWidget(self._sign)
        row.addWidget(self._head)
        row.addStretch(1)
        row.addWidget(self.free_button)
        self.card.body.addLayout(row)
        self._told = Label(parent=self.card, color="text-muted", wrap=True)
        self._told.setContentsMargins(0, 6, 0, 0)
        self.card.body.addWidget(self._told)
        self.card.hide()
        body.addWidget(self.card)

    @property
    def told(self) -> str:
        return f"{self._head.words} {self._told.words}".strip() if not self.card.isHidden() else ""

    # ------------------------------------------------------------------ the rule in force

    def reload(self) -> None:
        if self._bridge.is_ready:
            settings = self._bridge.engine.settings
            self._bridge.ask(self._bridge.work(lambda: (settings.get(s.KEEP_DAYS), settings.get(s.KEEP_GB))), self._read)

    def _read(self, rule: Rule) -> None:
        self._rule = rule
        self.days.show_number(rule[0] or None)
        self.gb.show_number(rule[1] or None)
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.retention_preview(*rule), self._previewed)

    def _previewed(self, preview: RetentionPreview) -> None:
        self._preview = preview
        self.card.setVisible(any(self._rule))
        count = len(preview.recordings)
        self._sign.set_kind("info" if count else WindowState.DONE)
        self._head.set_text(in_force(preview))
        told = kept(preview)
        self._told.set_text(told)
        self._told.setVisible(bool(told))
        self.free_button.setVisible(count > 0)
        self.free_button.setText(self.tr("Free {0} now…").format(fmt.size(preview.bytes)))

    # ------------------------------------------------------------------ another rule

    def _try(self, rule: Rule) -> None:
        """A rule that would remove something is asked about before it holds."""
        self._bridge.ask(self._bridge.engine.retention_preview(*rule), partial(self._tried, rule), self._failed, owner=self)

    def _tried(self, rule: Rule, preview: RetentionPreview) -> None:
        if not preview.recordings:
            self._save(rule)
            return
        self._ask(self.tr("Keep less video here?"), preview, self.tr("Leave the rule as it was"), partial(self._save_and_free, rule, preview))

    def _ask(self, title: str, preview: RetentionPreview, keep: str, then: object) -> None:
        if self.dialog is not None:
            return
        verb = self.tr("Free {0}").format(fmt.size(preview.bytes))
        self.dialog = Dialog(self.window(), title=title, text=removes(preview), verb=verb, keep=keep, warning=kept(preview))
        self.dialog.accepted.connect(self._answered)
        self.dialog.accepted.connect(then)
        self.dialog.refused.connect(self._refused)
        self.dialog.ask()

    def _answered(self) -> None:
        self.dialog = None

    def _refused(self) -> None:
        self.dialog = None
        self.days.start_with_number(self._rule[0] or None)
        self.gb.start_with_number(self._rule[1] or None)

    def _save(self, rule: Rule) -> None:
        settings = self._bridge.engine.settings
        change = {s.KEEP_DAYS.key: rule[0], s.KEEP_GB.key: rule[1]}
        self._bridge.ask(self._bridge.work(lambda: settings.change(change)), self._saved, self._failed)

    def _saved(self, _nothing: object) -> None:
        self.reload()

    def _save_and_free(self, rule: Rule, preview: RetentionPreview) -> None:
        self._save(rule)
        self._free(preview)

    # ------------------------------------------------------------------ now

    @Slot()
    def _ask_free(self) -> None:
        if self._preview is not None and self._preview.recordings:
            self._ask(self.tr("Free space now?"), self._preview, self.tr("Keep the video"), partial(self._free, self._preview))

    def _free(self, preview: RetentionPreview) -> None:
        self.free_button.setEnabled(False)
        self._bridge.ask(self._bridge.engine.free_video([each.id for each in preview.recordings]), self._freed, self._failed)

    def _freed(self, count: int) -> None:
        self.free_button.setEnabled(True)
        self.said.emit(freed(count))
        self.reload()

    def _failed(self, error: SkiuoError) -> None:
        self.free_button.setEnabled(True)
        self._bridge.failed.emit(error)
        self._refused()
        self.reload()

    # ------------------------------------------------------------------ events

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged):
            if event.key in (s.KEEP_DAYS.key, s.KEEP_GB.key):
                self.reload()
        elif self.isVisible() and isinstance(event, RecordingChanged | RecordingDeleted | RecordingSaved):
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self.reload()
        super().showEvent(event)

    def set_compact(self, compact: bool) -> None:
        """One column fits everywhere."""
