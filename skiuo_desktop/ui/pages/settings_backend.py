"""The section Your server: an object store and a database of the person's own, what goes there, and whether it arrives."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, SettingChanged
from skiuo_desktop.model import BackendHop, BackendStatus
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.pages import settings_words as words
from skiuo_desktop.ui.pages.settings_backend_card import BackendCard
from skiuo_desktop.ui.pages.settings_backend_fields import BackendFields, Values
from skiuo_desktop.ui.pages.settings_backend_plain import PlainHosts
from skiuo_desktop.ui.pages.settings_plain import COLUMN
from skiuo_desktop.ui.pages.settings_secret import SecretRow
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.settings_fields import SavedField, grid_row
from skiuo_desktop.ui.widgets.settings_parts import ScrollColumn

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

MEGABYTE = 1_000_000


class BackendSection(QWidget):
    """`said` is a sentence about something done."""

    said = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._hops: list[BackendHop] = []
        self._checking = False
        self._days: int | None = None  # for which the bucket's own rule keeps video; None: not known
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = ScrollColumn(self, most=COLUMN, margins=(24, 16, 24, 24))
        column.addWidget(scroll)
        self.fields = BackendFields(bridge, self, self._known)
        body = scroll.body
        body.setSpacing(16)
        body.addWidget(Label(self.tr("Your server"), self, role="title"))
        text = self.tr(
            "Recordings and texts are always kept here first. A copy goes to an object store and a database of your own, whenever they can be reached."
        )
        body.addWidget(Label(text, self, role="small", color="text-muted", wrap=True))
        self.card = BackendCard(self)
        self.card.check.connect(self.check)
        self.card.sync.connect(self._sync)
        self.card.said.connect(self.said)
        body.addWidget(self.card)
        self._make_store(body)
        body.addWidget(Rule(self))
        self._make_database(body)
        body.addWidget(Rule(self))
        self._make_trust(body)
        body.addWidget(Rule(self))
        self._make_sending(body)
        body.addStretch(1)
        self._backend = Backend(bridge, self)
        self._backend.changed.connect(self._status_changed)
        bridge.event.connect(self._on_event)
        self.reload()

    # ------------------------------------------------------------------ made

    def _make_store(self, body: QVBoxLayout) -> None:
        make = self.fields
        body.addWidget(Label(self.tr("Object store"), self, weight=600))
        body.addWidget(make.text(s.BACKEND_STORE, self, placeholder="https://minio.example:9000"))
        body.addLayout(grid_row(self, make.text(s.BACKEND_BUCKET, self), make.text(s.BACKEND_REGION, self, placeholder=self.tr("the store's own"))))
        body.addWidget(make.text(s.BACKEND_PUBLIC, self, placeholder=self.tr("the same")))
        paste, missing = self.tr("Paste the key"), self.tr("Paste the key.")
        access = SecretRow(words.label(s.BACKEND_ACCESS_KEY), self, keeper="backend-access-key", paste=paste, missing=missing, variable="SKIUO_ACCESS_KEY")
        body.addWidget(make.secret(s.BACKEND_ACCESS_KEY, access, self))
        secret = SecretRow(words.label(s.BACKEND_SECRET_KEY), self, keeper="backend-secret-key", paste=paste, missing=missing, variable="SKIUO_SECRET_KEY")
        body.addWidget(make.secret(s.BACKEND_SECRET_KEY, secret, self))

    def _make_database(self, body: QVBoxLayout) -> None:
        body.addWidget(Label(self.tr("Database"), self, weight=600))
        body.addWidget(self.fields.text(s.BACKEND_DATABASE, self, placeholder="postgresql://skiuo@db.example/skiuo"))
        password = SecretRow(
            words.label(s.BACKEND_PASSWORD),
            self,
            keeper="backend-database-password",
            paste=self.tr("Write the password"),
            missing=self.tr("Write the password."),
            variable="SKIUO_DB_PASSWORD",
            free=True,
            optional=True,
        )
        body.addWidget(self.fields.secret(s.BACKEND_PASSWORD, password, self))

    def _make_trust(self, body: QVBoxLayout) -> None:
        body.addWidget(Label(self.tr("Encryption"), self, weight=600))
        row = QHBoxLayout()
        row.setSpacing(8)
        self._authority = self.fields.text(s.BACKEND_CA, self, placeholder=self.tr("those that the system trusts"))
        row.addWidget(self._authority, 1)
        self.choose_button = Button(self.tr("Choose…"), self)
        self.choose_button.clicked.connect(self._choose_file)
        row.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignTop)
        row.setAlignment(self.choose_button, Qt.AlignmentFlag.AlignVCenter)
        body.addLayout(row)
        self.plain = PlainHosts(self)
        self.plain.allowed.connect(self._allow)
        body.addWidget(self.plain)
        store, database = self._field(s.BACKEND_STORE), self._field(s.BACKEND_DATABASE)
        for field in (store, database):
            field.changed.connect(self._show_hosts)

    def _make_sending(self, body: QVBoxLayout) -> None:
        make = self.fields
        body.addWidget(Label(self.tr("What goes there"), self, weight=600))
        body.addLayout(grid_row(self, make.switch(s.BACKEND_CLIPS, self), make.switch(s.BACKEND_KEEP_VIDEO, self)))
        days = make.number(s.BACKEND_KEEP_DAYS, self, unit=self.tr("days"), placeholder=self.tr("without end"))
        limit = make.number(s.BACKEND_LIMIT, self, scale=MEGABYTE, unit="MB/s", placeholder=self.tr("no limit"))
        body.addLayout(grid_row(self, days, limit))
        body.addLayout(grid_row(self, make.switch(s.BACKEND_PAUSED, self), make.switch(s.BACKEND_METERED, self)))

    def _field(self, setting: s.Setting[str]) -> SavedField:
        control = self.fields.control(setting)
        assert isinstance(control, SavedField)  # noqa: S101 - made here
        return control

    # ------------------------------------------------------------------ values

    def reload(self) -> None:
        self.fields.reload()

    def _known(self, _values: Values) -> None:
        self._show_hosts()

    @Slot()
    def _show_hosts(self, _text: str = "") -> None:
        """Of what is written, too: a plain address is only taken with the leave for its host."""
        store, database = self._field(s.BACKEND_STORE).text, self._field(s.BACKEND_DATABASE).text
        self.plain.show_hosts(store, database, self.fields.values[s.BACKEND_PLAIN.key])

    @Slot(str, bool)
    def _allow(self, host: str, allowed: bool) -> None:
        hosts = [each for each in self.fields.values[s.BACKEND_PLAIN.key] if each != host]
        values: Values = {s.BACKEND_PLAIN.key: tuple([*hosts, host] if allowed else hosts)}
        for setting in (s.BACKEND_STORE, s.BACKEND_DATABASE):
            field = self._field(setting)
            if allowed and field.text.strip() != self.fields.values[setting.key]:
                values[setting.key] = field.text.strip()  # it was refused for want of this
        self.fields.change(s.BACKEND_PLAIN, values)

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Certificate of the authority"), "", self.tr("Certificates (*.pem *.crt *.cer);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(partial(self.fields.save, s.BACKEND_CA))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # ------------------------------------------------------------------ mirror and check

    @Slot()
    def _status_changed(self) -> None:
        status = self._backend.status
        self.card.show_status(replace(status, lifecycle_days=self._days if status.lifecycle_days is None else status.lifecycle_days))
        if self._checking:
            self.card.set_checking(True)

    @Slot()
    def _sync(self) -> None:
        self._bridge.ask(self._bridge.engine.sync_backend(), self._synced, self._not_synced)

    def _synced(self, _result: object) -> None:
        """The mirror has said by events how it went."""

    def _not_synced(self, _error: SkiuoError) -> None:
        self._backend.reload()

    @Slot()
    def check(self) -> None:
        """Walks every step at each server; what is found appears as it is found."""
        if self._checking or not self._bridge.is_ready:
            return
        self._hops, self._checking = [], True
        self.card.show_hops([], running=True)
        self._bridge.ask(self._bridge.engine.check_backend(self._bridge.carry(self._hop_ended)), self._checked, self._not_checked)

    def _hop_ended(self, hop: BackendHop) -> None:
        if self._checking:
            self._hops.append(hop)
            self.card.show_hops(self._hops, running=True)

    def _checked(self, _result: object) -> None:
        self._checking = False
        self.card.show_hops(self._hops, running=False)
        self._reach()

    def _not_checked(self, error: SkiuoError) -> None:
        self._checking = False
        self.card.show_error(fmt.error(error))

    # ------------------------------------------------------------------ events

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key in (s.BACKEND_STORE.key, s.BACKEND_BUCKET.key):
            self._days = None  # that was another bucket's rule
        self.fields.on_event(event)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self._reach()
        super().showEvent(event)

    def _reach(self) -> None:
        """Asks the servers themselves, which the mirror does only when there is something to send."""
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.reach_backend(), self._reached)

    def _reached(self, status: BackendStatus) -> None:
        self._days = status.lifecycle_days
        if status.configured:
            self._backend.take(status)

    def set_compact(self, compact: bool) -> None:
        """One column fits everywhere."""
