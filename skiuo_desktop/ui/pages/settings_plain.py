"""Sections made from the declared settings, in one column: each is saved as it is changed, and read again when another program changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, SettingChanged
from skiuo_desktop.ui.pages import settings_words as words
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented, Switch
from skiuo_desktop.ui.widgets.settings_fields import Labelled, NumberField, grid_row
from skiuo_desktop.ui.widgets.settings_parts import ScrollColumn

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

COLUMN = 640

Control = NumberField | Segmented | Switch
Values = dict[str, Any]


class SettingFields:
    """The controls of some declared settings, wherever they stand, and their way to the engine and back."""

    def __init__(self, bridge: Bridge, owner: QWidget, settings: Sequence[s.Setting[Any]], *, known: Callable[[Values], object] | None = None) -> None:
        """`known` is told the values each time they have been read. `owner` holds the controls."""
        self._bridge, self._owner, self._known = bridge, owner, known
        self._settings = {setting.key: setting for setting in settings}
        self._controls: dict[str, Control] = {}
        self._values: Values = {}

    def control(self, setting: s.Setting[Any]) -> Control:
        return self._controls[setting.key]

    def make(self, setting: s.Setting[Any], parent: QWidget, *, sign: str = "", empty: bool = False, placeholder: str = "") -> Labelled:
        """Its control under its name. `empty`: an empty field is 0."""
        control = self._make(setting, parent, sign, empty, placeholder)
        self._controls[setting.key] = control
        return Labelled(words.label(setting), control, parent, help_text=words.help_text(setting))

    def _make(self, setting: s.Setting[Any], parent: QWidget, sign: str, empty: bool, placeholder: str) -> Control:
        name, save = words.label(setting), partial(self.save, setting)
        if setting.choices:
            segments = Segmented(name, [Choice(str(value), words.choice(setting, str(value))) for value in setting.choices], parent)
            segments.chosen.connect(save)
            return segments
        if isinstance(setting.default, bool):
            switch = Switch(name, parent)
            switch.clicked.connect(lambda: save(switch.isChecked()))
            return switch
        scale = 1000 if setting.unit == "ms" else 1
        whole = isinstance(setting.default, int) and scale == 1
        least, most = (setting.least or 0) / scale, (setting.most or 1_000_000) / scale
        field = NumberField(
            name, parent, least=0 if empty else least, most=most, whole=whole, empty=empty, unit=words.unit(setting), sign=sign, placeholder=placeholder
        )
        field.number_saved.connect(lambda value: save(round((value or 0) * scale) if scale > 1 or whole else float(value or 0)))
        return field

    # ------------------------------------------------------------------ there and back

    def reload(self) -> None:
        if self._bridge.is_ready:
            settings = self._bridge.engine.settings
            wanted = list(self._settings.values())
            self._bridge.ask(self._bridge.work(lambda: {setting.key: settings.get(setting) for setting in wanted}), self._read, owner=self._owner)

    def on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key in self._settings:
            self.reload()

    def _read(self, values: Values) -> None:
        self._values = values
        for key, control in self._controls.items():
            value = values[key]
            if isinstance(control, Segmented):
                control.set_value(str(value))
            elif isinstance(control, Switch):
                control.setChecked(bool(value))
            else:
                control.show_number(self._shown(key, value, control))
        if self._known is not None:
            self._known(values)

    def _shown(self, key: str, value: float, control: NumberField) -> float | None:
        scale = 1000 if self._settings[key].unit == "ms" else 1
        return None if not value and control.may_be_empty else value / scale

    def save(self, setting: s.Setting[Any], value: Any) -> None:
        settings = self._bridge.engine.settings
        self._bridge.ask(
            self._bridge.work(lambda: settings.set(setting, value)), lambda _: self.reload(), lambda error: self._refused(setting, error), owner=self._owner
        )

    def _refused(self, setting: s.Setting[Any], error: SkiuoError) -> None:
        """The sentence stands where the value was written."""
        control = self._controls.get(setting.key)
        if isinstance(control, NumberField):
            sentence = self._too_wide(setting) or str(error)
            control.refuse(control.written(self._shown(setting.key, self._values.get(setting.key, setting.default), control)), sentence)
        else:
            self._bridge.failed.emit(error)
            self.reload()

    def _too_wide(self, setting: s.Setting[Any]) -> str:
        if setting.key in (s.WINDOW_LENGTH.key, s.WINDOW_STRIDE.key):
            return words.translate("SettingWords", "The step cannot be longer than the window: what lies between would never be analysed.")
        return ""


class PlainSection(QWidget):
    """A title and the settings of a subject, two beside each other."""

    def __init__(self, bridge: Bridge, title: str, intro: str, rows: Sequence[Sequence[s.Setting[Any]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = ScrollColumn(self, most=COLUMN, margins=(24, 16, 24, 24))
        column.addWidget(scroll)
        scroll.body.setSpacing(16)
        scroll.body.addWidget(Label(title, self, role="title"))
        if intro:
            scroll.body.addWidget(Label(intro, self, role="small", color="text-muted", wrap=True))
        self.fields = SettingFields(bridge, self, [setting for row in rows for setting in row])
        for row in rows:
            boxes = [self._box(setting) for setting in row]
            if len(boxes) == 1:
                line = QHBoxLayout()
                line.addWidget(boxes[0], 1, Qt.AlignmentFlag.AlignTop)
                scroll.body.addLayout(line)
            else:
                scroll.body.addLayout(grid_row(self, *boxes))
        scroll.body.addStretch(1)
        bridge.event.connect(self._on_event)
        self.fields.reload()

    def _box(self, setting: s.Setting[Any]) -> QWidget:
        return self.fields.make(setting, self)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        self.fields.on_event(event)

    def reload(self) -> None:
        self.fields.reload()

    def set_compact(self, compact: bool) -> None:
        """One column fits everywhere."""
