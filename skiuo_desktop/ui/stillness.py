"""Whether the system asks for reduced motion. Qt has no word for it, so each system is asked in its own."""

from __future__ import annotations

import ctypes
import logging
import sys

from PySide6.QtCore import QObject, Slot

from skiuo_desktop.ui.theme import theme

log = logging.getLogger(__name__)

SPI_GETCLIENTAREAANIMATION = 0x1042


class Stillness(QObject):
    """Sets `theme().still` at the start; on Linux also when the desktop's setting changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if sys.platform == "win32":
            animated = ctypes.c_int(1)
            ctypes.windll.user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(animated), 0)
            theme().still = not animated.value
        elif sys.platform == "darwin":
            theme().still = _mac_reduces_motion()
        else:
            self._ask_the_portal()

    def _ask_the_portal(self) -> None:
        """Asked without waiting: a desktop without the service must not hold the window back."""
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        service, path, interface = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
        question = QDBusMessage.createMethodCall(service, path, interface, "ReadOne")
        question.setArguments(["org.gnome.desktop.interface", "enable-animations"])
        self._watcher = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        self._watcher.finished.connect(self._answered)

    @Slot(object)
    def _answered(self, watcher: object) -> None:
        from PySide6.QtDBus import QDBusMessage

        reply = self._watcher.reply()
        values = reply.arguments()
        if reply.type() is not QDBusMessage.MessageType.ReplyMessage or not values:
            log.info("the desktop does not say whether things may move")
            return
        value = values[0].variant() if hasattr(values[0], "variant") else values[0]
        theme().still = value is False


def _mac_reduces_motion() -> bool:
    """The switch of the accessibility settings, from the user's preferences."""
    core = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    core.CFPreferencesGetAppBooleanValue.restype = ctypes.c_ubyte
    core.CFPreferencesGetAppBooleanValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    utf8 = 0x08000100
    key = core.CFStringCreateWithCString(None, b"reduceMotion", utf8)
    domain = core.CFStringCreateWithCString(None, b"com.apple.universalaccess", utf8)
    return bool(core.CFPreferencesGetAppBooleanValue(key, domain, None))
