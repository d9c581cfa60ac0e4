"""The page Settings: sections on the left, and beside them what belongs to the one that is chosen. Everything is saved as it is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.ui.pages.settings_backend import BackendSection
from skiuo_desktop.ui.pages.settings_backend_fields import SETTINGS as BACKEND_SETTINGS
from skiuo_desktop.ui.pages.settings_cost import BUDGETS, OTHERS, CostSection
from skiuo_desktop.ui.pages.settings_find import Find, Place, focus_control, places
from skiuo_desktop.ui.pages.settings_models import ModelsSection
from skiuo_desktop.ui.pages.settings_plain import PlainSection
from skiuo_desktop.ui.pages.settings_prompts import PromptsSection
from skiuo_desktop.ui.pages.settings_storage import StorageSection
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import painted
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Select
from skiuo_desktop.ui.widgets.settings_parts import NavItem, Panel

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

GENERAL, RECORDING, WINDOWS, MODELS, PROMPTS, COST = "general", "recording", "windows", "models", "prompts", "cost"
STORAGE, BACKEND = "storage", "backend"
DECLARED: dict[str, Sequence[s.Setting[Any]]] = {
    GENERAL: (s.INTERFACE_LANGUAGE, s.THEME),
    RECORDING: (s.WIDTH, s.HEIGHT, s.FPS, s.VIDEO_KBPS, s.VIDEO_CODEC, s.AUDIO_KBPS, s.KEEP_FREE, s.MJPG),
    WINDOWS: (s.WINDOW_LENGTH, s.WINDOW_STRIDE),
    COST: (*BUDGETS, *OTHERS),
    STORAGE: (s.KEEP_DAYS, s.KEEP_GB),
    BACKEND: [setting for setting in BACKEND_SETTINGS if setting is not s.BACKEND_PLAIN],
}
"""The declared settings that stand in each section, in order."""
FOLDED_BELOW = 1160
"""Width of the window from which the sections have a column of their own."""


@runtime_checkable
class Section(Protocol):
    """What a section is to the page. Each is a QWidget, too."""

    def reload(self) -> None: ...

    def set_compact(self, compact: bool) -> None: ...


class SettingsPage(QWidget):
    """`said` is a sentence about something done."""

    said = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._made: dict[str, QWidget] = {}
        self._compact, self._folded = False, False
        self._shown = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._header = QWidget(self)
        head = QHBoxLayout(self._header)
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(16)
        head.addWidget(Label(self.tr("Settings"), self._header, role="title"))
        self.chooser = Select(self.tr("Section"), parent=self._header)
        self.chooser.setFixedWidth(220)
        self.chooser.chosen.connect(self.show_section)
        head.addWidget(self.chooser)
        head.addStretch(1)
        self.finder = Find(places([(key, name) for key, name, _ in self._sections()], DECLARED), self._header)
        self.finder.wanted.connect(self._go_to)
        head.addWidget(self.finder)
        column.addWidget(self._header)
        column.addWidget(Rule(self))
        row = QHBoxLayout()
        row.setSpacing(0)
        self._nav = Panel(self, fill="bg")
        self._nav.setAccessibleName(self.tr("Sections"))
        self._nav.setFixedWidth(theme().size("settingsNav"))
        self._stack = QStackedWidget(self)
        row.addWidget(self._nav)
        row.addWidget(self._stack, 1)
        column.addLayout(row, 1)
        self._make_nav()
        self._fold(False)
        self._header.setFixedHeight(theme().size("header"))
        self.show_section(MODELS)

    def _sections(self) -> list[tuple[str, str, str]]:
        """(key, name, icon)"""
        return [
            (GENERAL, self.tr("General"), "adjustments-horizontal"),
            (RECORDING, self.tr("Recording"), "camera"),
            (WINDOWS, self.tr("Windows"), "stack-2"),
            (MODELS, self.tr("Models"), "sparkles"),
            (PROMPTS, self.tr("Prompts"), "file-text"),
            (COST, self.tr("Cost and limits"), "coin"),
            (STORAGE, self.tr("Storage"), "folder"),
            (BACKEND, self.tr("Your server"), "server"),
        ]

    def _make_nav(self) -> None:
        column = QVBoxLayout(self._nav)
        column.setContentsMargins(8, 12, 9, 12)
        column.setSpacing(2)
        self._items: dict[str, NavItem] = {}
        group = QButtonGroup(self)
        for key, name, icon in self._sections():
            item = NavItem(name, icon, self._nav)
            item.clicked.connect(self._clicked)
            item.stepped.connect(self._stepped)
            group.addButton(item)
            column.addWidget(item)
            self._items[key] = item
        column.addStretch(1)
        self.chooser.set_choices([Choice(key, name, icon=icon) for key, name, icon in self._sections()])

    def _clicked(self) -> None:
        for key, item in self._items.items():
            if item is self.sender():
                self.show_section(key)

    def _stepped(self, by: int) -> None:
        keys, item = list(self._items), self.sender()
        place = next((number for number, key in enumerate(keys) if self._items[key] is item), 0) + by
        if 0 <= place < len(keys):
            self._items[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
            self.show_section(keys[place])

    # ------------------------------------------------------------------ sections

    @property
    def section(self) -> str:
        return self._shown

    @property
    def items(self) -> dict[str, NavItem]:
        """The column's entries, by section."""
        return dict(self._items)

    def show_section(self, key: str) -> None:
        """Makes it when it is first looked at."""
        self._shown = key
        if key not in self._made:
            section = self._makers()[key]()
            self._made[key] = section
            self._stack.addWidget(section)
            self._tell_compact(section)
        self._items[key].setChecked(True)
        self.chooser.select(key)
        self._stack.setCurrentWidget(self._made[key])

    def _go_to(self, place: Place) -> None:
        self.show_section(place.section)
        if place.name:
            focus_control(self.current, place.name)

    def _makers(self) -> dict[str, Callable[[], QWidget]]:
        return {
            GENERAL: self._general,
            RECORDING: self._recording,
            WINDOWS: self._windows,
            MODELS: self._models,
            PROMPTS: self._prompts,
            COST: self._cost,
            STORAGE: self._storage,
            BACKEND: self._backend,
        }

    def _general(self) -> QWidget:
        return PlainSection(self._bridge, self.tr("General"), "", [[setting] for setting in DECLARED[GENERAL]], self._stack)

    def _recording(self) -> QWidget:
        declared = DECLARED[RECORDING]
        rows = [declared[place : place + 2] for place in range(0, len(declared), 2)]
        return PlainSection(self._bridge, self.tr("Recording"), self.tr("Used when a source is opened next."), rows, self._stack)

    def _windows(self) -> QWidget:
        intro = self.tr("A recording is analysed in windows. A change counts from the next recording.")
        return PlainSection(self._bridge, self.tr("Windows"), intro, [DECLARED[WINDOWS]], self._stack)

    def _models(self) -> QWidget:
        section = ModelsSection(self._bridge, self._stack)
        section.said.connect(self.said)
        return section

    def _prompts(self) -> QWidget:
        section = PromptsSection(self._bridge, self._stack)
        section.said.connect(self.said)
        return section

    def _cost(self) -> QWidget:
        return CostSection(self._bridge, self._stack)

    def _storage(self) -> QWidget:
        section = StorageSection(self._bridge, self._stack)
        section.said.connect(self.said)
        return section

    def _backend(self) -> QWidget:
        section = BackendSection(self._bridge, self._stack)
        section.said.connect(self.said)
        return section

    @property
    def models(self) -> ModelsSection:
        """The section Models, made if need be."""
        self.show_section(MODELS)
        section = self._made[MODELS]
        assert isinstance(section, ModelsSection)  # noqa: S101 - made above
        return section

    @property
    def current(self) -> QWidget:
        return self._made[self._shown]

    # ------------------------------------------------------------------ size and look

    def showEvent(self, event: QShowEvent) -> None:
        """Another program may have changed what stands here."""
        current = self.current
        if not event.spontaneous() and isinstance(current, Section):
            current.reload()
        super().showEvent(event)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._header.setFixedHeight(theme().size("headerCompact" if compact else "header"))

    def _tell_compact(self, section: object) -> None:
        if isinstance(section, Section):
            section.set_compact(self._folded)

    def _fold(self, folded: bool) -> None:
        self._folded = folded
        self._nav.setVisible(not folded)
        self.chooser.setVisible(folded)
        for section in self._made.values():
            self._tell_compact(section)

    def resizeEvent(self, event: QResizeEvent) -> None:
        folded = self.window().width() < FOLDED_BELOW
        if folded != self._folded:
            self._fold(folded)
        super().resizeEvent(event)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("bg"))
