"""What the window knows of the person's own servers: whether there are any, and how far the mirror is. Each page that shows something of it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from skiuo_desktop import settings as s
from skiuo_desktop.events import BackendChanged, Event, SettingChanged
from skiuo_desktop.model import BackendStatus
from skiuo_desktop.ui.hosts import of_servers

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

_NOTHING = BackendStatus(configured=False)

LOOK_EVERY_MS = 30_000
"""How long after it was last told the status is read anew: another program on this library may mirror, and its events do not come here."""


class Backend(QObject):
    """Follows the settings and the mirror's events. Without servers the engine is asked nothing."""

    changed = Signal()
    """Servers came or went, or the mirror has moved on."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.store = False
        """There is an object store."""
        self.database = False
        """There is a database."""
        self.hosts: tuple[str, ...] = ()
        """Where they are, without ports."""
        self.known = False
        """The settings have been read."""
        self.status = _NOTHING
        self._told = 0  # how often the mirror has said how far it is
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        bridge.event.connect(self._on_event)
        bridge.ready.connect(self.reload)
        self.reload()

    @property
    def configured(self) -> bool:
        return self.store or self.database

    @Slot()
    def reload(self) -> None:
        if self._bridge.is_ready:
            settings = self._bridge.engine.settings
            read = self._bridge.work(lambda: (settings.get(s.BACKEND_STORE), settings.get(s.BACKEND_DATABASE)))
            self._bridge.ask(read, self._known)

    def _known(self, servers: tuple[str, str]) -> None:
        self.store, self.database = bool(servers[0]), bool(servers[1])
        self.hosts = of_servers(*servers)
        self.known = True
        if not self.configured:
            self._timer.stop()
            self.take(_NOTHING)
            return
        self.changed.emit()
        self._look()

    @Slot()
    def _look(self) -> None:
        self._timer.start()
        if self._bridge.is_ready:
            told = self._told

            def answered(status: BackendStatus) -> None:
                if told == self._told:  # else the mirror has said something newer meanwhile
                    self.take(status)

            self._bridge.ask(self._bridge.engine.backend_status(), answered, owner=self)

    def take(self, status: BackendStatus) -> None:
        """A status that was asked for, or that the mirror has told."""
        self.status = status
        if status.configured:
            self._timer.start()
        self.changed.emit()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, BackendChanged):
            self._told += 1
            if event.status.configured == self.configured:
                self.take(event.status)
            else:
                self.reload()
        elif isinstance(event, SettingChanged) and event.key.startswith("backend."):
            self.reload()
