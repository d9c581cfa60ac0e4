"""The list of all places in one recording where the searched words stand; a press opens the recording there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.library_model import RecordingRow

translate = QCoreApplication.translate

MOST, LONGEST = 20, 90


def hits_menu(parent: QWidget, row: RecordingRow, open_at: Callable[[str, int], object]) -> QMenu:
    """A menu that deletes itself when it is closed."""
    menu = QMenu(parent)
    for hit in row.hits[:MOST]:
        short = hit.text if len(hit.text) <= LONGEST else hit.text[: LONGEST - 2].rstrip() + "…"
        where = fmt.stamp(hit.start_ms) if hit.where == "text" else translate("Library", "Title") if hit.where == "title" else translate("Library", "Notes")
        action = menu.addAction(f"{where}   {short}".replace("&", "&&"))
        action.triggered.connect(partial(open_at, row.summary.id, hit.start_ms))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
