"""Leave to speak with a host without encryption: for each host by itself, with what that means beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.ui.hosts import database_hosts, is_plain, store_host
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.settings_controls import Switch


class PlainHosts(QWidget):
    """A switch for each host that is, or could be, reached without encryption; hidden while there is none."""

    allowed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[str] = []
        self.switches: dict[str, Switch] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._column.addLayout(self._rows)
        self._warning = Banner(self, closable=False)
        self._column.addWidget(self._warning)
        self.hide()

    @property
    def warning(self) -> str:
        return self._warning.words if not self._warning.isHidden() else ""

    def show_hosts(self, store: str, database: str, leave: Sequence[str]) -> None:
        """`leave`: the hosts that a person has allowed."""
        hosts = [store_host(store)] if is_plain(store) else []
        hosts += [host for host in database_hosts(database) if host not in hosts]
        if hosts != self._shown:
            self._make(hosts)
        for host, switch in self.switches.items():
            switch.setChecked(host in leave)
        self.setVisible(bool(hosts))
        plain = [host for host in hosts if host in leave]
        if plain:
            self._warning.tell(
                "warn", self.tr("Not encrypted."), self.tr("Everybody on the way to {0} can read keys, pictures and texts.").format(", ".join(plain))
            )
        else:
            self._warning.hide()

    def _make(self, hosts: list[str]) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._shown, self.switches = list(hosts), {}
        for host in hosts:
            row = QWidget(self)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            name = self.tr("Allow connections to {0} without encryption").format(host)
            switch = Switch(name, row)
            switch.clicked.connect(self._clicked)
            line.addWidget(switch)
            line.addWidget(Label(name, row, wrap=True), 1)
            self._rows.addWidget(row)
            self.switches[host] = switch

    def _clicked(self) -> None:
        for host, switch in self.switches.items():
            if switch is self.sender():
                self.allowed.emit(host, switch.isChecked())
