"""What the tests of the settings share: a keyring in memory, and what a person does with a field. Fixtures: `settings_fixtures`."""

from __future__ import annotations

from collections.abc import Callable

from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.model import ModelInfo

Until = Callable[[Callable[[], bool]], None]
KEY = "sk-0123456789"


class MemoryKeyring(KeyringBackend):
    """Keeps keys for one test."""

    priority = 1  # type: ignore[assignment]  # a property of the class there

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def info(engine: Engine, name: str) -> ModelInfo:
    return next(info for info in engine.models().result(60) if info.config.name == name)


def write(qtbot: QtBot, edit: QLineEdit | QPlainTextEdit, text: str, *, leave: bool = True) -> None:
    """As a person does: into the field, everything selected, typed, and on with Tab."""
    edit.setFocus(Qt.FocusReason.MouseFocusReason)
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)
    if leave:
        qtbot.keyClick(edit, Qt.Key.Key_Tab)


def click(qtbot: QtBot, widget: QWidget) -> None:
    QApplication.processEvents()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
