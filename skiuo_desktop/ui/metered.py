"""Whether the system says that data costs money on this connection: the mirror then waits for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge


class Metered(QObject):
    """Tells the engine, now and whenever it changes, from `start` on. Where the system does not say, nothing is told: then no connection is metered."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._started = False

    @Slot()
    def start(self) -> None:
        """Asks the system for the first time: its network library is loaded only where there is something to mirror to. Call it on the GUI thread."""
        if self._started:
            return
        self._started = True
        from PySide6.QtNetwork import QNetworkInformation

        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
            return
        network = QNetworkInformation.instance()
        network.isMeteredChanged.connect(self.tell)
        self.tell(network.isMetered())

    @Slot(bool)
    def tell(self, metered: bool) -> None:
        if self._bridge.is_ready:
            self._bridge.engine.set_metered(metered)
