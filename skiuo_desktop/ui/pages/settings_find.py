"""Find a setting: names that hold what is written, and the way to where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.ui.pages import settings_words as words
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.floating import Popover
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.picker_rows import ActionRow

translate = QCoreApplication.translate

MOST = 8
WIDTH = 380


@dataclass(frozen=True, slots=True)
class Place:
    section: str
    name: str  # of the control, as its label says it; empty: the section itself
    shown: str  # in the list


def places(sections: Sequence[tuple[str, str]], settings: dict[str, Sequence[s.Setting[Any]]]) -> list[Place]:
    """All that can be found: the sections, the declared settings that stand in them, and the fields of a model and a prompt."""
    titles = dict(sections)
    names = {key: [words.label(setting) for setting in declared] for key, declared in settings.items()}
    names["models"] = [
        translate("ModelForm", "Provider"),
        translate("ModelForm", "Model"),
        translate("ModelForm", "Base URL"),
        translate("ModelForm", "Key"),
        translate("ModelForm", "How the video is delivered"),
        translate("ModelForm", "Price in, per million tokens"),
        translate("ModelForm", "Price out, per million tokens"),
        translate("ModelForm", "Frames a second"),
        translate("ModelForm", "Longest answer"),
        translate("ModelForm", "Windows at once"),
        translate("ModelForm", "Requests a minute"),
        translate("ModelForm", "Tokens a minute"),
        translate("ModelForm", "Give up after"),
        translate("ModelForm", "Used on"),
        translate("ModelForm", "From hour"),
        translate("ModelForm", "While budget is left"),
    ]
    names["prompts"] = [translate("PromptsSection", "Models write in"), translate("PromptEditor", "Labels")]
    found = [Place(key, "", title) for key, title in sections]
    return found + [Place(key, name, f"{name} · {titles[key]}") for key, _ in sections for name in names.get(key, ())]


class Find(Field):
    """A search field whose list opens as one writes; Enter takes the first, ↓ goes into the list, Esc empties it."""

    wanted = Signal(object)

    def __init__(self, known: Sequence[Place], parent: QWidget | None = None) -> None:
        name = translate("Find", "Find a setting")
        super().__init__(name, parent, placeholder=name, icon="search", clearable=True)
        self._known = list(known)
        self._found: list[Place] = []
        self._popover: Popover | None = None
        self.setFixedWidth(260)
        self.changed.connect(self._look)
        self.submitted.connect(self._take_first)
        self.edit.installEventFilter(self)

    @property
    def found(self) -> list[Place]:
        return list(self._found)

    def _look(self, text: str) -> None:
        looked = text.strip().casefold()
        self._found = [place for place in self._known if looked and looked in place.shown.casefold()][:MOST]
        self._close()
        if not looked:
            return
        popover = self._popover = Popover(self)
        for place in self._found:
            row = ActionRow(place.shown, "search", popover)
            row.clicked.connect(self._chosen)
            popover.body.addWidget(row)
        if not self._found:
            label = Label(translate("Find", "No setting is called so."), popover, role="small", color="text-muted")
            label.setContentsMargins(10, 8, 10, 8)
            popover.body.addWidget(label)
        popover.open(WIDTH)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        if self._popover is not None:
            self._popover.close_popover()
            self._popover.deleteLater()
            self._popover = None

    def _take_first(self, _text: str) -> None:
        if self._found:
            self._go(self._found[0])

    def _chosen(self) -> None:
        row = self.sender()
        place = next((place for place in self._found if isinstance(row, ActionRow) and place.shown == row.text()), None)
        if place is not None:
            self._go(place)

    def _go(self, place: Place) -> None:
        self._close()
        self.set_text("")
        self.wanted.emit(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self._popover is not None:
                row = self._popover.findChild(ActionRow)
                if row is not None:
                    row.setFocus(Qt.FocusReason.PopupFocusReason)
                    return True
            elif event.key() == Qt.Key.Key_Escape and self.text:
                self._close()
                self.set_text("")
                return True
        return super().eventFilter(watched, event)


def focus_control(section: QWidget, name: str) -> bool:
    """Puts the keyboard on the control of that name. False where it is not shown now."""
    for widget in section.findChildren(QWidget):
        called = widget.accessibleName()
        if not widget.isVisible() or (called != name and not called.startswith(f"{name}: ")):
            continue
        target = widget if widget.focusPolicy() & Qt.FocusPolicy.TabFocus else next(_inside(widget), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def _inside(widget: QWidget) -> Iterator[QWidget]:
    return (child for child in widget.findChildren(QWidget) if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus)
