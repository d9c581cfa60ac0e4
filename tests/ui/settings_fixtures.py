"""The settings on a real engine with models at a scripted server: a plug-in of the tests that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keyring
import pytest
from support.chat_server import ChatServer
from ui.settings_parts import KEY, MemoryKeyring

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.model import ModelConfig
from skiuo_desktop.ui.pages.settings import SettingsPage
from skiuo_desktop.ui.pages.settings_models import ModelsSection
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def keys() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """Answers as Alibaba Cloud does, to the right key alone."""
    with ChatServer("qwen", key=KEY, model="qwen3.7-plus") as server:
        yield server


@pytest.fixture
def models(engine: Engine, keys: MemoryKeyring, server: ChatServer) -> list[str]:
    """Two models before the offline one: `first` is asked."""
    engine.add_model(ModelConfig("first", "qwen", "qwen3.7-plus", server.base_url, "keyring:first", preset="singapore"), KEY).result(60)
    engine.add_model(ModelConfig("second", "qwen", "qwen3.8-flash", server.base_url, "keyring:second", preset="singapore"), "wrong").result(60)
    engine.use_models(("first",), fallback=()).result(60)
    return ["first", "second", "offline"]


@pytest.fixture
def page(window: Window, until: Until) -> SettingsPage:
    window.resize(1440, 900)
    window.show_page("settings")
    page = window.findChild(SettingsPage)
    assert page is not None
    until(page.isVisible)
    return page


@pytest.fixture
def section(models: list[str], page: SettingsPage, until: Until) -> ModelsSection:
    """The section Models with the three of `models`, the first in the editor."""
    section = page.models
    until(lambda: [row.words.key for row in section.list.rows.rows] == models)
    until(lambda: section.editor.name == "first" and section.editor.isVisible())
    return section
