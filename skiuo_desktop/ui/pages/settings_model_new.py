"""A new model: first who answers, then which model, its key, and where it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import ModelConfig
from skiuo_desktop.ui.pages.settings_catalog import LOCAL, Catalog, preset_choices, provider_help, provider_title
from skiuo_desktop.ui.pages.settings_model_editor import FIELDS_MOST
from skiuo_desktop.ui.pages.settings_model_values import FORBIDDEN, name_trouble, url_trouble
from skiuo_desktop.ui.pages.settings_secret import KeyEntry
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented, Select
from skiuo_desktop.ui.widgets.settings_fields import Labelled, SavedField, grid_row
from skiuo_desktop.ui.widgets.settings_parts import ScrollColumn
from skiuo_desktop.ui.widgets.settings_suggesting import Suggesting


class NewModel(QWidget):
    """`wanted` carries a ModelConfig and its key, empty without one; `left` is the person's wish not to add one."""

    wanted = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = Catalog()
        self._taken: frozenset[str] = frozenset()
        self._named = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(0)
        title = Label(self.tr("Add a model"), self, role="title")
        title.setContentsMargins(24, 0, 24, 0)
        column.addWidget(title)
        scroll = ScrollColumn(self, most=FIELDS_MOST, margins=(24, 12, 24, 24))
        column.addWidget(scroll, 1)
        self._make_fields(scroll.body)
        self._make_end(scroll.body)

    def _make_fields(self, body: QVBoxLayout) -> None:
        body.setSpacing(14)
        self.provider = Segmented(self.tr("Provider"), parent=self)
        self.provider.chosen.connect(self._provider_chosen)
        self._help = Label(parent=self, role="small", color="text-muted", wrap=True)
        body.addWidget(Labelled(self.tr("Who answers"), self.provider, self))
        body.addWidget(self._help)
        self.preset = Select(self.tr("Server"), parent=self)
        self.preset.chosen.connect(self._preset_chosen)
        self._preset_box = Labelled(self.tr("Server"), self.preset, self)
        self.model = Suggesting(self.tr("Model"), self)
        self.model.changed.connect(self._model_written)
        self.model.saved.connect(self._model_written)
        self._model_box = Labelled(self.tr("Model"), self.model, self)
        self.name = SavedField(self.tr("Name in Skiuo"), self)
        self.name.changed.connect(self._name_written)
        body.addLayout(grid_row(self, self._preset_box, self._model_box))
        self.base_url = SavedField(self.tr("Base URL"), self, mono=True)
        self._url_box = Labelled(self.tr("Base URL"), self.base_url, self)
        body.addLayout(_one_to_two(Labelled(self.tr("Name in Skiuo"), self.name, self), self._url_box))
        self.key = KeyEntry(self)
        self.key.submitted.connect(self._add)
        self._key_box = Labelled(self.tr("Key"), self.key, self)
        body.addWidget(self._key_box)

    def _make_end(self, body: QVBoxLayout) -> None:
        self._error = Label(parent=self, color="error", wrap=True)
        self._error.hide()
        body.addWidget(self._error)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.add_button = Button(self.tr("Add this model"), self, kind="primary")
        self.add_button.clicked.connect(self._add)
        self.cancel_button = Button(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.left)
        row.addWidget(self.add_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        body.addSpacing(4)
        body.addLayout(row)
        note = self.tr("It is added switched off. Nothing is sent before you test it or switch it on.")
        body.addWidget(Label(note, self, role="small", color="text-muted", wrap=True))
        body.addStretch(1)

    def begin(self, catalog: Catalog, taken: Sequence[str]) -> None:
        """Empty, for another model. `taken` are the names that there are."""
        self._catalog, self._taken, self._named = catalog, frozenset(taken), False
        self.provider.set_choices([Choice(name, provider_title(name)) for name in catalog.providers])
        self.provider.set_value(next(iter(catalog.providers), ""))
        self._provider_chosen(self.provider.value)

    def begin_focus(self) -> None:
        for part in self.provider.findChildren(QWidget):
            part.setFocus(Qt.FocusReason.TabFocusReason)
            return

    def tell_error(self, sentence: str) -> None:
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.add_button.setEnabled(True)

    # ------------------------------------------------------------------ what follows from a choice

    def _provider_chosen(self, provider: str) -> None:
        self.tell_error("")
        presets = self._catalog.presets.get(provider, ())
        self._help.set_text(provider_help(provider))
        self._preset_box.setVisible(len(presets) > 1)
        self._preset_box.label.set_text(self.tr("Region") if provider == "qwen" else self.tr("Server"))
        self.preset.set_choices(preset_choices(presets))
        local = provider == LOCAL
        self._model_box.label.set_text(self.tr("Folder or name on the hub") if local else self.tr("Model"))
        self._url_box.setVisible(not local)
        self._key_box.setVisible(not local)
        self.model.start_with("")
        self.name.start_with("")
        self._named = False
        self.key.clear()
        self._preset_chosen(presets[0].name if presets else "")

    def _preset_chosen(self, name: str) -> None:
        preset = self._catalog.preset(self.provider.value, name)
        self.preset.select(name)
        self.base_url.start_with(preset.base_url if preset is not None else "")
        self.model.set_suggestions(preset.models if preset is not None else ())
        self._key_box.label.set_text(self.tr("Key") if preset is not None and preset.needs_key else self.tr("Key, where the server wants one"))
        known = {model for other in self._catalog.presets.get(self.provider.value, ()) for model in other.models}
        if preset is not None and preset.models and (not self.model.text or self.model.text in known) and self.model.text not in preset.models:
            self.model.start_with(preset.models[0])
            self._model_written(preset.models[0])

    def _model_written(self, text: str) -> None:
        """The name follows the model until it is written by hand."""
        if not self._named:
            clean = "".join("-" if letter in FORBIDDEN else letter for letter in text.strip())[:60]
            name, number = clean, 2
            while name in self._taken:
                name, number = f"{clean} {number}", number + 1
            self.name.start_with(name)

    def _name_written(self, _text: str) -> None:
        self._named = True

    # ------------------------------------------------------------------ the end

    def _add(self) -> None:
        self.tell_error("")
        provider = self.provider.value
        preset = self._catalog.preset(provider, self.preset.value)
        name, model, url = self.name.text.strip(), self.model.text.strip(), self.base_url.text.strip()
        wrong = (
            (self.model, "" if model else self.tr("Write the model's name as the provider calls it.")),
            (self.base_url, "" if provider == LOCAL else url_trouble(url, needed=bool(self._catalog.presets.get(provider)))),
            (self.name, name_trouble(name, self._taken)),
        )
        for field, sentence in wrong:
            field.set_error(sentence)
        first = next((field for field, sentence in wrong if sentence), None)
        if first is not None:
            first.focus()
            return
        key = ("", "") if provider == LOCAL else self.key.taken(name, optional=preset is None or not preset.needs_key)
        if key is None:
            self.key.field.focus()
            return
        reference, secret = key
        self.add_button.setEnabled(False)
        config = ModelConfig(name=name, provider=provider, model=model, base_url=url, key_ref=reference, preset=preset.name if preset is not None else "")
        self.wanted.emit(config, secret)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def _one_to_two(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
    row.addWidget(right, 2, Qt.AlignmentFlag.AlignTop)
    return row
