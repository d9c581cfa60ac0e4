"""The controls of the settings about the person's own servers, and their way to the engine and back. Each is saved by itself, with its secret if it has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, SettingChanged
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import settings_words as words
from skiuo_desktop.ui.pages.settings_secret import SecretRow
from skiuo_desktop.ui.widgets.settings_controls import Switch
from skiuo_desktop.ui.widgets.settings_fields import Labelled, NumberField, SavedField

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

Values = dict[str, Any]
Control = SavedField | Switch | SecretRow

SETTINGS: tuple[s.Setting[Any], ...] = (
    s.BACKEND_STORE,
    s.BACKEND_BUCKET,
    s.BACKEND_REGION,
    s.BACKEND_PUBLIC,
    s.BACKEND_ACCESS_KEY,
    s.BACKEND_SECRET_KEY,
    s.BACKEND_DATABASE,
    s.BACKEND_PASSWORD,
    s.BACKEND_CA,
    s.BACKEND_PLAIN,
    s.BACKEND_CLIPS,
    s.BACKEND_KEEP_VIDEO,
    s.BACKEND_KEEP_DAYS,
    s.BACKEND_LIMIT,
    s.BACKEND_PAUSED,
    s.BACKEND_METERED,
)
"""What the section reads, in the order in which it stands there."""


class BackendFields:
    """`known` is told the values each time they have been read. `owner` holds the controls."""

    def __init__(self, bridge: Bridge, owner: QWidget, known: Callable[[Values], object]) -> None:
        self._bridge, self._owner, self._known = bridge, owner, known
        self._controls: dict[str, Control] = {}
        self._scales: dict[str, float] = {}
        self._reading, self._saving = 0, 0  # the newest reading, and how many saves are under way
        self.values: Values = {setting.key: setting.default for setting in SETTINGS}

    def control(self, setting: s.Setting[Any]) -> Control:
        return self._controls[setting.key]

    # ------------------------------------------------------------------ made

    def text(self, setting: s.Setting[Any], parent: QWidget, *, placeholder: str = "", mono: bool = True) -> Labelled:
        field = SavedField(words.label(setting), parent, mono=mono, placeholder=placeholder)
        field.saved.connect(partial(self.save, setting))
        return self._add(setting, field, parent)

    def number(self, setting: s.Setting[Any], parent: QWidget, *, scale: float = 1, unit: str = "", placeholder: str = "") -> Labelled:
        """An empty field is 0. `scale`: so many of the setting's units are one of the field's."""
        most = (setting.most or 1_000_000) / scale
        field = NumberField(words.label(setting), parent, most=most, whole=scale == 1, empty=True, unit=unit, placeholder=placeholder)
        field.number_saved.connect(lambda value: self.save(setting, round((value or 0) * scale)))
        self._scales[setting.key] = scale
        return self._add(setting, field, parent)

    def switch(self, setting: s.Setting[Any], parent: QWidget) -> Labelled:
        switch = Switch(words.label(setting), parent)
        switch.clicked.connect(lambda: self.save(setting, switch.isChecked()))
        return self._add(setting, switch, parent)

    def secret(self, setting: s.Setting[Any], row: SecretRow, parent: QWidget) -> Labelled:
        row.saved.connect(partial(self._save_secret, setting))
        row.forgotten.connect(lambda: self.save(setting, ""))
        return self._add(setting, row, parent)

    def _add(self, setting: s.Setting[Any], control: Control, parent: QWidget) -> Labelled:
        self._controls[setting.key] = control
        return Labelled(words.label(setting), control, parent, help_text=words.help_text(setting))

    # ------------------------------------------------------------------ there and back

    def reload(self) -> None:
        if self._bridge.is_ready:
            self._reading += 1
            settings = self._bridge.engine.settings
            read = self._bridge.work(lambda: {setting.key: settings.get(setting) for setting in SETTINGS})
            self._bridge.ask(read, partial(self._read, self._reading), owner=self._owner)

    def on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key in self.values:
            self.reload()

    def _read(self, number: int, values: Values) -> None:
        if number != self._reading or self._saving:
            return  # older than what was written since: it would put back what stood there before
        self.values = values
        for key, control in self._controls.items():
            value = values[key]
            if isinstance(control, Switch):
                control.setChecked(bool(value))
            elif isinstance(control, SecretRow):
                control.show_reference(str(value))
            elif isinstance(control, NumberField):
                control.show_number(value / self._scales[key] if value else None)
            else:
                control.show_value(str(value))
        self._known(values)

    def save(self, setting: s.Setting[Any], value: Any) -> None:
        self.change(setting, {setting.key: value})

    def _save_secret(self, setting: s.Setting[Any], reference: str, secret: str) -> None:
        self.change(setting, {setting.key: reference}, {setting.key: secret} if secret else {})

    def change(self, setting: s.Setting[Any], values: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> None:
        """Saves several at once; where that is refused, the sentence stands at the control of `setting`."""
        self._saving += 1
        saved = partial(self._saved, setting)
        self._bridge.ask(self._bridge.engine.set_backend(values, secrets or {}), saved, partial(self._refused, setting), owner=self._owner)

    def _saved(self, setting: s.Setting[Any], _nothing: object) -> None:
        self._saving -= 1
        control = self._controls.get(setting.key)
        if isinstance(control, SecretRow):
            control.done()
        self.reload()

    def _refused(self, setting: s.Setting[Any], error: SkiuoError) -> None:
        self._saving -= 1
        control, value = self._controls.get(setting.key), self.values[setting.key]
        if isinstance(control, SecretRow):
            control.refuse(fmt.error(error))
        elif isinstance(control, NumberField):
            control.refuse(control.written(value / self._scales[setting.key] if value else None), fmt.error(error))
        elif isinstance(control, SavedField):
            control.refuse(str(value), fmt.error(error))
            self._known(self.values)
        else:
            self._bridge.failed.emit(error)
        self.reload()
