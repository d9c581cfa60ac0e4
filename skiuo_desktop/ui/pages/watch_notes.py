"""Notes and tags of a recording, in a popover that saves when it closes."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.labels import Label

WIDTH = 360


class NotesPopover(Popover):
    """Hangs from the page's More button."""

    notes_changed = Signal(str)
    tags_changed = Signal(object)
    """A tuple of words."""

    def __init__(self, anchor: QWidget, notes: str, tags: tuple[str, ...]) -> None:
        super().__init__(anchor, padding=16)
        self._notes, self._tags = notes, tags
        self.body.setSpacing(4)
        self.body.addWidget(Label(self.tr("Notes"), self, role="small", weight=500, color="text-muted"))
        self.notes = QPlainTextEdit(notes, self)
        self.notes.setFont(theme().font("body"))
        self.notes.setFixedHeight(120)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(self.tr("Notes"))
        self.body.addWidget(self.notes)
        self.body.addSpacing(8)
        self.body.addWidget(Label(self.tr("Tags, separated by commas"), self, role="small", weight=500, color="text-muted"))
        self.tags = Field(self.tr("Tags"), self)
        self.tags.set_text(", ".join(tags))
        self.tags.submitted.connect(self.close_popover)
        self.body.addWidget(self.tags)
        self.closed.connect(self._save)

    def edit(self) -> None:
        self.open(WIDTH)
        self.notes.setFocus()

    @Slot()
    def _save(self) -> None:
        notes = self.notes.toPlainText().strip()
        tags = tuple(dict.fromkeys(word.strip() for word in self.tags.text.replace("，", ",").split(",") if word.strip()))
        if notes != self._notes:
            self.notes_changed.emit(notes)
        if tags != self._tags:
            self.tags_changed.emit(tags)
        self.deleteLater()
