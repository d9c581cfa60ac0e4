"""A line of text with suggestions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from skiuo_desktop.ui.icons import icon as load_icon
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.picker_rows import ActionRow
from skiuo_desktop.ui.widgets.settings_fields import Check, SavedField


class Suggesting(SavedField):
    """A line of text with a list of suggestions behind its chevron (or Alt+↓): anything may be written."""

    def __init__(self, name: str, parent: QWidget | None = None, *, check: Check | None = None, placeholder: str = "") -> None:
        self._suggestions: list[str] = []
        self._chevron: QAction | None = None
        self._popover: Popover | None = None
        super().__init__(name, parent, check=check, placeholder=placeholder)

    def _restyle(self) -> None:
        super()._restyle()
        if self._chevron is not None:
            self._chevron.setIcon(load_icon("chevron-down", 16, "text-muted"))

    def set_suggestions(self, suggestions: Sequence[str]) -> None:
        self._suggestions = list(suggestions)
        if self._suggestions and self._chevron is None:
            self._chevron = self.edit.addAction(load_icon("chevron-down", 16, "text-muted"), QLineEdit.ActionPosition.TrailingPosition)
            self._chevron.setToolTip(self.tr("Suggestions (Alt+↓)"))
            self._chevron.triggered.connect(self.open_list)
        if self._chevron is not None:
            self._chevron.setVisible(bool(self._suggestions))

    @property
    def suggestions(self) -> list[str]:
        return list(self._suggestions)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.edit
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.open_list()
            return True
        return super().eventFilter(watched, event)

    def open_list(self) -> None:
        if not self._suggestions:
            return
        popover = Popover(self.edit)
        popover.closed.connect(popover.deleteLater)
        self._popover = popover
        rows = [ActionRow(text, "check" if text == self.edit.text() else "sparkles", popover) for text in self._suggestions]
        for row in rows:
            row.clicked.connect(self._chosen)
            popover.body.addWidget(row)
        popover.open(self.width())
        rows[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _chosen(self) -> None:
        row = self.sender()
        if isinstance(row, ActionRow) and self._popover is not None:
            text = row.text()
            self._popover.close_popover()
            self.edit.setText(text)
            self.take()
