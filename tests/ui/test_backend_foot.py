"""The mirror's state at the rail's foot, metered connections, and what crosses from the engine's threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.settings_parts import click

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import BackendChanged
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import BackendStatus, BackendTrouble, Upload
from skiuo_desktop.ui import backend_words
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.metered import Metered
from skiuo_desktop.ui.pages.record_checks import checks
from skiuo_desktop.ui.pages.settings import BACKEND, SettingsPage
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOWHERE = {s.BACKEND_DATABASE.key: "postgresql://skiuo@127.0.0.1:9/skiuo", s.BACKEND_PAUSED.key: True}
"""Nothing answers at that port, and nothing is asked."""


def test_nothing_stands_there_without_servers(window: Window, engine: Engine, until: Until) -> None:
    assert not window.rail.foot.isVisible()
    engine.settings.change(NOWHERE)
    until(window.rail.foot.isVisible)
    assert window.rail.foot.text() == "Paused"
    assert "You have paused the mirror" in window.rail.foot.toolTip()
    engine.settings.set(s.BACKEND_DATABASE, "")
    until(lambda: not window.rail.foot.isVisible())


def test_it_follows_the_mirror(window: Window, engine: Engine, until: Until) -> None:
    engine._mirror.stop()  # what it finds out itself would come in between
    engine.settings.change(NOWHERE)
    foot = window.rail.foot
    until(foot.isVisible)
    away = BackendStatus(True, False, 31, 7, 1_200_000_000, NOON, "x", BackendTrouble.UNREACHABLE, "db.example:5432")
    engine.publisher.publish(BackendChanged(away))
    until(lambda: foot.text() == "Trouble")
    engine.publisher.publish(BackendChanged(replace(away, last_error="", trouble=None, upload=Upload("k", "r", 290_000_000, 453_000_000, 3_200_000, 51))))
    until(lambda: foot.text() == "64 %")
    assert "290 MB of 453 MB · 3.2 MB/s · about 51 s left" in foot.toolTip().replace("\u00a0", " ")
    engine.publisher.publish(BackendChanged(BackendStatus(True, True, last_synced_at=NOON)))
    until(lambda: foot.text() == "Mirrored")


def test_what_another_program_found_out_is_said_after_a_while(window: Window, engine: Engine, until: Until, qtbot: QtBot) -> None:
    engine._mirror.stop()
    engine.settings.change({**NOWHERE, s.BACKEND_PAUSED.key: False})
    until(lambda: window.rail.foot.isVisible() and window.rail.foot.text() != "Trouble")
    with Library.open(engine.home) as library:
        library.note_mirror(behind=False, trouble=BackendTrouble.UNREACHABLE, error="x", server="db.example:5432")
    for backend in window.findChildren(Backend):
        backend._timer.setInterval(10)
    until(lambda: window.rail.foot.text() == "Trouble" and "Your server cannot be reached" in window.rail.foot.toolTip())


def test_it_leads_to_where_servers_are_set_up(window: Window, engine: Engine, until: Until, qtbot: QtBot) -> None:
    engine.settings.change(NOWHERE)
    until(window.rail.foot.isVisible)
    click(qtbot, window.rail.foot)
    page = window.findChild(SettingsPage)
    assert page is not None and page.isVisible() and page.section == BACKEND


def test_what_leaves_this_computer_names_the_servers(window: Window, engine: Engine, until: Until) -> None:
    def said() -> str:
        setup = window.record._setup()
        return next(check.detail for check in checks(window.record.state, setup) if check.title == "What leaves this computer")

    assert said() == "Nothing. Video and text stay on this device."
    engine.settings.change({**NOWHERE, s.BACKEND_STORE.key: "https://minio.example:9000"})
    until(lambda: said() == "Nothing goes to a model of others. A copy goes to your own server, minio.example, 127.0.0.1.")


@pytest.mark.parametrize("compact", [True, False])
def test_its_words_have_room(window: Window, engine: Engine, until: Until, compact: bool) -> None:
    engine.settings.change(NOWHERE)
    until(window.rail.foot.isVisible)
    window.rail.set_compact(compact)
    until(lambda: window.rail.foot.width() == (48 if compact else 64))
    assert window.rail.width() >= window.rail.foot.geometry().right()


def test_a_trouble_is_said_in_the_language_of_the_window(qtbot: QtBot) -> None:
    full = failures.backend_error(BackendTrouble.FULL, "minio.lan:9000")
    status = BackendStatus(True, False, last_error=str(full), trouble=full.trouble, server=full.server, remark=failures.whole(full))
    assert backend_words.trouble(status) == "minio.lan:9000 has no more space. Free some, or raise its quota."
    theme()._language = "zh"
    try:
        assert backend_words.trouble(status) == failures.backend(BackendTrouble.FULL, "minio.lan:9000", "", "zh")
    finally:
        theme()._language = "en"


def test_a_metered_connection_pauses_the_mirror(bridge: Bridge, engine: Engine, until: Until) -> None:
    engine.settings.change({**NOWHERE, s.BACKEND_PAUSED.key: False})
    metered = Metered(bridge)
    metered.tell(True)
    assert engine.backend_status().result(60).paused == "metered"
    metered.tell(False)
    until(lambda: engine.backend_status().result(60).paused == "")  # it says "elsewhere" until it has the library's turn to mirror


def test_the_system_is_asked_whether_the_connection_is_metered(bridge: Bridge) -> None:
    metered = Metered(bridge)
    metered.start()
    from PySide6.QtNetwork import QNetworkInformation

    network = QNetworkInformation.instance()
    if network is None:
        pytest.skip("this system says nothing about its connections")
    told: list[bool] = []
    network.isMeteredChanged.connect(told.append)
    network.isMeteredChanged.emit(True)
    assert told == [True] and bridge.engine._mirror.metered
    network.isMeteredChanged.emit(False)
    assert not bridge.engine._mirror.metered


class _Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, bool]] = []

    def hear(self, value: int) -> None:
        self.heard.append((value, QThread.currentThread() is self.thread()))


def test_what_an_engine_thread_says_arrives_on_the_windows_own(bridge: Bridge, until: Until) -> None:
    listener = _Listener()
    say = bridge.carry(listener.hear)
    speaker = threading.Thread(target=lambda: [say(number) for number in range(3)])
    speaker.start()
    speaker.join()
    until(lambda: len(listener.heard) == 3)
    assert listener.heard == [(0, True), (1, True), (2, True)]
    shiboken6.delete(listener)
    say(3)  # nobody is there any more: nothing happens
    QApplication.processEvents()
    assert len(listener.heard) == 3
    with pytest.raises(TypeError):
        bridge.carry(print)
