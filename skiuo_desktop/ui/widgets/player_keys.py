"""The keys of the player, for the page and for its full screen alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from skiuo_desktop.ui.widgets.player import Player

REPEATING = ("Left", "Right", "J", "L", "Up", "Down", "[", "]", "+", "=", "-")


def install_keys(widget: QWidget, player: Player, more: Mapping[str, Callable[[], object]]) -> list[QShortcut]:
    """Gives a window the player's keys while `widget` is seen; `more` adds the page's own."""
    keys: dict[str, Callable[[], object]] = {
        "Space": partial(_toggle, player),
        "K": player.toggle,
        "Left": partial(player.seek_by, -5_000),
        "Right": partial(player.seek_by, 5_000),
        "J": partial(player.seek_by, -10_000),
        "L": partial(player.seek_by, 10_000),
        "Up": partial(_louder, player, 5),
        "Down": partial(_louder, player, -5),
        "M": partial(_mute, player),
        "<": partial(player.step_rate, -1),
        ">": partial(player.step_rate, 1),
        **more,
    }
    shortcuts = []
    for key, action in keys.items():
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setAutoRepeat(key in REPEATING)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(action)
        shortcuts.append(shortcut)
    return shortcuts


def _toggle(player: Player) -> None:
    """Space presses the button that the keyboard stands on; anywhere else it plays and pauses."""
    focus = QApplication.focusWidget()
    if isinstance(focus, QAbstractButton) and focus.isEnabled() and getattr(focus, "ringed", False):
        focus.click()
    else:
        player.toggle()


def _louder(player: Player, by: int) -> None:
    player.set_volume(player.volume + by)


def _mute(player: Player) -> None:
    player.set_muted(not player.muted)
