"""Where each recording's copy is: in the rows of the Library and in the head of Watch, with real servers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from backend.devices import Backend
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from ui.backend_parts import filmed
from ui.settings_parts import MemoryKeyring

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import BackendChanged
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Upload
from skiuo_desktop.ui.pages.library import LibraryPage
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.window import Window

pytest_plugins = ["ui.settings_fixtures", "ui.backend_fixtures"]

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def own(home: Home) -> str:
    with Library.open(home) as library:
        return filmed(library, home, "Dumplings with chives")


@pytest.fixture
def library(own: str, engine: Engine, keys: MemoryKeyring, window: Window, until: Until) -> LibraryPage:
    window.resize(1440, 900)
    window.show_page("library")
    page = window.findChild(LibraryPage)
    assert page is not None
    until(lambda: bool(page.model.shown))
    return page


def mark(page: LibraryPage) -> str:
    found = page.model.mark_of(page.model.shown[0])
    return found.text if found is not None else ""


def test_nothing_is_said_without_servers_and_the_truth_with_them(
    library: LibraryPage, own: str, engine: Engine, servers: Backend, window: Window, until: Until
) -> None:
    assert mark(library) == ""
    engine.settings.change({**servers.changes, s.BACKEND_PAUSED.key: True})
    until(lambda: mark(library) == "Only here")
    wide, narrow = picture(library, 1440), picture(library, 1000)
    engine.settings.set(s.BACKEND_PAUSED, False)
    engine.sync_backend().result(60)
    until(lambda: mark(library) == "Mirrored")
    until(lambda: picture(library, 1440) != wide and picture(library, 1000) != narrow)  # also where its column has no room
    row = library.model.index(library.model.row_of(own) or 0)
    assert str(row.data(Qt.ItemDataRole.AccessibleTextRole)).endswith(", Mirrored")
    tip = library.model.mark_of(library.model.shown[0])
    assert tip is not None and tip.tip == "The video is in your object store.\nYour database lists it."
    window.open_recording(own, 0)
    watch = window.findChild(WatchPage)
    assert watch is not None
    until(lambda: watch.head.facts.accessibleName().endswith(" · Mirrored"))
    assert engine.free_video([own]).result(60) > 0
    until(lambda: watch.head.facts.accessibleName().endswith(" · Mirrored"))
    engine.settings.change({s.BACKEND_STORE.key: "", s.BACKEND_DATABASE.key: ""})
    until(lambda: "Mirrored" not in watch.head.facts.accessibleName())
    assert mark(library) == ""


def picture(page: LibraryPage, width: int) -> QImage:
    page.window().resize(width, 900)
    QApplication.processEvents()
    return page.view.grab().toImage()


def test_a_video_under_way_says_how_far_it_is(library: LibraryPage, own: str, engine: Engine, servers: Backend, until: Until) -> None:
    engine.settings.change({**servers.changes, s.BACKEND_PAUSED.key: True})
    until(lambda: mark(library) == "Only here")
    status = replace(engine.backend_status().result(60), paused="")
    sent = Upload(f"recordings/device/{own}/{'0' * 64}.webm", own, 64, 100)
    engine.publisher.publish(BackendChanged(replace(status, upload=sent)))
    until(lambda: mark(library) == "Mirroring 64 %")
    engine.publisher.publish(BackendChanged(replace(status, upload=replace(sent, key=sent.key.replace("webm", "jpg")))))
    until(lambda: mark(library) == "Only here")
    engine.publisher.publish(BackendChanged(replace(status, upload=replace(sent, recording_id="another"))))
    assert mark(library) == "Only here"


def test_with_a_database_alone_the_texts_count(library: LibraryPage, engine: Engine, servers: Backend, until: Until) -> None:
    engine.settings.change({**servers.changes, s.BACKEND_STORE.key: "", s.BACKEND_PAUSED.key: True})
    until(lambda: mark(library) == "To be mirrored")
    engine.settings.set(s.BACKEND_PAUSED, False)
    engine.sync_backend().result(60)
    until(lambda: mark(library) == "Mirrored")
