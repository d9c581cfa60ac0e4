"""What the tests of the window share: the theme, a real engine on the generated pattern, and waiting for conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support import quick_library

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.window import Window

DEADLINE_MS = 60_000


class PatientBot(QtBot):
    """Waits for a minute, where pytest-qt waits for 5 s: a machine with much to do is slow, and not wrong."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = DEADLINE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = DEADLINE_MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: list[Any], *, timeout: int = DEADLINE_MS, **options: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **options)

    def waitExposed(self, widget: QWidget, *, timeout: int = DEADLINE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _quick_library(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_library.make_quickly(monkeypatch)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """Every test begins in light and English."""
    theme().install(qapp, "light", "en")
    yield
    # What pytest-qt has closed goes now: a theme that is set dresses every widget that is still there.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme().set_preference("light")


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Waits until something is true; fails when it does not come true within a minute."""

    def wait(condition: Callable[[], bool]) -> None:
        qtbot.waitUntil(condition, timeout=DEADLINE_MS)

    return wait


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def kept() -> list[object]:
    """What must outlive the engine: a Qt object whose last holder is one of the engine's threads would be deleted there, and crash."""
    return []


@pytest.fixture
def engine(home: Home, kept: list[object]) -> Iterator[Engine]:
    """A real engine whose source is the generated pattern, small enough to be encoded beside the tests."""
    s.Settings(home.settings).change(
        {s.SOURCE.key: "test:320x180@15", s.MICROPHONE.key: "none", s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_000, s.KEEP_FREE.key: 50}
    )
    engine = Engine(home)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def bridge(engine: Engine, qapp: QApplication, kept: list[object]) -> Iterator[Bridge]:
    bridge = Bridge(engine)
    kept.append(bridge)
    yield bridge
    bridge.close()


@pytest.fixture
def window(bridge: Bridge, qtbot: QtBot) -> Iterator[Window]:
    """The whole window on the real engine, shown."""
    window = Window(bridge)
    qtbot.addWidget(window, before_close_func=_let_go)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window


def _let_go(window: Window) -> None:
    window.end()
