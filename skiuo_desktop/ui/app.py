"""`skiuo gui`: the application around the window. The window is painted first; the engine, which is large, is loaded behind it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QLoggingCategory, QObject, QSocketNotifier, Qt, QTimer, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication

from skiuo_desktop import __version__
from skiuo_desktop import settings as s
from skiuo_desktop.errors import BugError, SkiuoError, UsageError
from skiuo_desktop.events import Event, SettingChanged
from skiuo_desktop.home import Home, resource
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.garbage import Collector
from skiuo_desktop.ui.stillness import Stillness
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.window import Window

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine

log = logging.getLogger(__name__)


def interface_language(setting: str) -> str:
    """`en` or `zh`; `system` takes the first of the system's languages that there is."""
    if setting != "system":
        return setting
    for name in QLocale.system().uiLanguages():
        if name.lower().startswith("zh"):
            return "zh"
        if name.lower().startswith("en"):
            return "en"
    return "en"


def translate_into(app: QApplication, language: str) -> list[QTranslator]:
    """Installs the translation, the system dialogs' included, and the language's figures and dates. Keep what it returns."""
    if language != "zh":
        # Dates and figures as the person's system writes them, where that is English too.
        system = QLocale.system()
        QLocale.setDefault(system if system.language() is QLocale.Language.English else QLocale(QLocale.Language.English))
        return []
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translators = []
    for folder, name in (
        (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), "qtbase_zh_CN"),
        (str(resource("translations")), "skiuo_zh_CN"),
    ):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
            translators.append(translator)
        else:
            log.warning("the translation %s is missing in %s", name, folder)
    return translators


class Application(QObject):
    """Starts the engine behind the window, and ends both in order."""

    finished = Signal()
    """Everything has ended: nothing runs any more."""

    _started = Signal(object)
    _stopped = Signal()

    def __init__(self, home: Home, window: Window, bridge: Bridge) -> None:
        super().__init__()
        self._home, self._window, self._bridge = home, window, bridge
        self.failure: SkiuoError | None = None
        self._engine: Engine | None = None
        self._thread: threading.Thread | None = None
        self._ending = False
        self._stillness: Stillness | None = None
        self._started.connect(self._on_started, Qt.ConnectionType.QueuedConnection)
        self._stopped.connect(self._on_stopped, Qt.ConnectionType.QueuedConnection)
        window.closing.connect(self._end)
        window.start_again.connect(self.start)
        bridge.event.connect(self._on_event)

    @Slot()
    def start(self) -> None:
        """Loads and starts the engine on a thread of its own."""
        if self._stillness is None:
            self._stillness = Stillness(self)
        self._thread = threading.Thread(target=self._start_engine, name="engine-start", daemon=True)
        self._thread.start()

    def _start_engine(self) -> None:
        try:
            from skiuo_desktop.engine.app import Engine

            engine = Engine(self._home)
            engine.start()
        except SkiuoError as error:
            self._started.emit(error)
        except Exception as error:
            log.exception("the engine could not start")
            self._started.emit(BugError(self.tr("Something went wrong inside Skiuo: {0}. The log in {1} has the details.").format(error, self._home.logs)))
        else:
            self._started.emit(engine)

    @Slot(object)
    def _on_started(self, outcome: Engine | SkiuoError) -> None:
        self._join()
        if isinstance(outcome, SkiuoError):
            if self._ending:
                self._on_stopped()
            else:
                self.failure = outcome
                self._window.show_failure(outcome)
            return
        self.failure = None
        self._engine = outcome
        if self._ending:
            self._stop_engine()
        else:
            self._bridge.attach(outcome)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key == s.THEME.key and self._engine is not None:
            theme().set_preference(self._engine.settings.get(s.THEME))

    # ------------------------------------------------------------------ the end

    @Slot()
    def _end(self) -> None:
        self._ending = True
        if self._engine is not None:
            self._stop_engine()
        elif self._thread is None or not self._thread.is_alive():
            QTimer.singleShot(0, self._on_stopped)

    def _stop_engine(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            self._bridge.detach()
            self._thread = threading.Thread(target=self._run_stop, args=(engine,), name="engine-stop")
            self._thread.start()

    def _run_stop(self, engine: Engine) -> None:
        try:
            engine.stop()
        except SkiuoError as error:
            log.error("%s", error)
        except Exception:
            log.exception("the engine could not be stopped cleanly")
        self._stopped.emit()

    @Slot()
    def _on_stopped(self) -> None:
        self._join()
        self._bridge.close()
        self._window.hide()
        self.finished.emit()

    def _join(self) -> None:
        """Waits for a thread that has just said its last word: were it the last to hold this object, Qt's part would be deleted on it, and crash."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None


class Interrupts(QObject):
    """Ctrl+C in the terminal. Python runs its handlers only between its own steps, so a socket wakes Qt's loop."""

    def __init__(self, act: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act = act
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._before = signal.signal(signal.SIGINT, lambda *_: None)
        self._wakeup = signal.set_wakeup_fd(self._write.fileno())
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    @Slot()
    def _woken(self) -> None:
        self._read.recv(64)
        # A second one ends the program at once: what has been recorded is repaired at the next start.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._act()

    def close(self) -> None:
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGINT, self._before)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()


def _check_screen() -> None:
    """Qt would abort the process. Raises UsageError."""
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise UsageError("There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. `skiuo record` works without one.")


def run(home: Home) -> int:
    """Opens the window and returns when it is closed and everything has ended cleanly. Raises UsageError without a screen."""
    _check_screen()
    # What a terminal would show of Qt's search for sound servers and of each file that is opened says nothing to a person.
    QLoggingCategory.setFilterRules("qt.multimedia.*.info=false\nqt.multimedia.symbolsresolver=false")
    app = QApplication([sys.argv[0] if sys.argv else "skiuo"])
    app.setApplicationName("Skiuo")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("skiuo")
    settings = s.Settings(home.settings)
    language = interface_language(settings.get(s.INTERFACE_LANGUAGE))
    translators = translate_into(app, language)
    theme().install(app, settings.get(s.THEME), language)
    collector = Collector()
    bridge = Bridge()
    window = Window(bridge)
    application = Application(home, window, bridge)
    bridge.ready.connect(collector.settle)
    application.finished.connect(lambda: app.exit(0))
    app.setQuitOnLastWindowClosed(False)
    interrupts = Interrupts(window.end)
    before = sys.excepthook
    sys.excepthook = _mistakes(window)
    window.show()
    # After the first paint: the imports of the engine would hold it back.
    QTimer.singleShot(50, application.start)
    try:
        return app.exec()
    finally:
        sys.excepthook = before
        interrupts.close()
        collector.close()
        # Now, and in this order: what Python's last garbage collection deletes in an order of its own can crash.
        for mine in (window, application, bridge, collector, *translators, app):
            shiboken6.delete(mine)


def _mistakes(window: Window) -> Callable[[type[BaseException], BaseException, TracebackType | None], Any]:
    """Our own mistakes in the window's code: into the log, and one sentence on the screen."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if window.ending:
            # A page's timer may still ask the engine that is stopping.
            log.info("after the end", exc_info=(kind, error, trace))
            return
        log.error("a mistake in the window", exc_info=(kind, error, trace))
        words = QCoreApplication.translate("Application", "Something went wrong inside Skiuo: {0}. The log has the details.")
        window.tell_error(BugError(words.format(kind.__name__)))

    return tell
