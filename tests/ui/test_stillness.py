"""Reduced motion, asked of a desktop service on a bus of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SERVICE = """
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusVariant

@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Settings"})
class Settings(QObject):
    @Slot(str, str, result=QDBusVariant)
    def ReadOne(self, group, key):
        assert (group, key) == ("org.gnome.desktop.interface", "enable-animations")
        return QDBusVariant(%s)

def serve():
    bus = QDBusConnection.sessionBus()
    service = Settings()
    assert bus.registerObject("/org/freedesktop/portal/desktop", service, QDBusConnection.RegisterOption.ExportAllSlots)
    assert bus.registerService("org.freedesktop.portal.Desktop")
    return service
"""
ASK = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
service = serve()
from skiuo_desktop.ui.stillness import Stillness
from skiuo_desktop.ui.theme import theme
stillness = Stillness()
stillness._watcher.finished.connect(lambda *_: QTimer.singleShot(0, app.quit))
QTimer.singleShot(20000, lambda: app.exit(3))
status = app.exec()
print(status, theme().still, theme().motion("base"))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems are not asked over D-Bus")
@pytest.mark.parametrize(("animations", "expected"), [(False, "0 True 0\n"), (True, "0 False 180\n")])
def test_the_desktop_is_asked_and_believed(animations: bool, expected: str) -> None:
    script = SERVICE % animations + ASK
    done = subprocess.run(["dbus-run-session", "--", sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == expected, done.stderr
