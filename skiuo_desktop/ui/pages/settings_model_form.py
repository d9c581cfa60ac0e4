"""The fields of one model. Each is saved when it is left; what is wrong stays in its field until it is right or taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.model import ModelConfig, ModelInfo, When
from skiuo_desktop.ui.pages import settings_model_words as words
from skiuo_desktop.ui.pages.settings_catalog import LOCAL, Catalog, preset_choices, provider_choices
from skiuo_desktop.ui.pages.settings_model_key import KeyRow
from skiuo_desktop.ui.pages.settings_model_values import SIGNS, WORKSPACE, name_trouble, numbers, priced, today, url_trouble, with_option
from skiuo_desktop.ui.widgets.labels import Label, Rule, Sign
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented, Select
from skiuo_desktop.ui.widgets.settings_fields import Labelled, NumberField, SavedField, grid_row
from skiuo_desktop.ui.widgets.settings_suggesting import Suggesting


class ModelForm(QWidget):
    """`changed` carries the fields of the ModelConfig that the person has changed, `name` among them for a new name."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: ModelInfo | None = None
        self._catalog = Catalog()
        self._others: frozenset[str] = frozenset()
        self._preset_wanted = ""  # chosen, and its address still to be written
        self._drafts: dict[tuple[str, str], str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._fields: dict[str, SavedField] = {}
        self._make_endpoint()
        self._make_delivery()
        self._column.addWidget(Rule(self))
        self._make_money()
        self._make_limits()
        self._make_when()
        for key, field in self._fields.items():
            field.setObjectName(key)

    # ------------------------------------------------------------------ parts

    def _make_endpoint(self) -> None:
        self.provider = Select(self.tr("Provider"), parent=self)
        self.provider.set_list_width(460)
        self.provider.chosen.connect(self._provider_chosen)
        self.preset = Select(self.tr("Server"), parent=self)
        self.preset.set_list_width(420)
        self.preset.chosen.connect(self._preset_chosen)
        self.model = Suggesting(self.tr("Model"), self, check=self._wrong_model)
        self._preset_box = Labelled(self.tr("Server"), self.preset, self)
        self._model_box = Labelled(self.tr("Model"), self.model, self)
        self.name = SavedField(self.tr("Name in Skiuo"), self, check=self._wrong_name)
        self.base_url = SavedField(self.tr("Base URL"), self, check=self.wrong_url, mono=True)
        self._url_box = Labelled(self.tr("Base URL"), self.base_url, self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(14)
        for place in range(3):
            self._grid.setColumnStretch(place, 1)
            self._grid.setColumnMinimumWidth(place, 100)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Labelled(self.tr("Provider"), self.provider, self), 0, 0, top)
        self._grid.addWidget(self._preset_box, 0, 1, top)
        self._grid.addWidget(self._model_box, 0, 2, top)
        self._grid.addWidget(Labelled(self.tr("Name in Skiuo"), self.name, self), 1, 0, top)
        self._grid.addWidget(self._url_box, 1, 1, 1, 2, top)
        self._column.addLayout(self._grid)
        self.key = KeyRow(self)
        self._key_box = Labelled(self.tr("Key"), self.key, self)
        self._column.addWidget(self._key_box)
        for key, field in (("model", self.model), ("name", self.name), ("base_url", self.base_url)):
            self._fields[key] = field
            field.saved.connect(partial(self._saved, key))

    def _make_delivery(self) -> None:
        self.delivery = Segmented(self.tr("How the video is delivered"), parent=self)
        self.delivery.chosen.connect(partial(self._saved, "delivery"))
        self._delivery_help = Label(parent=self, role="small", color="text-muted", wrap=True)
        held = QWidget(self)
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.delivery, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._delivery_help, 1, Qt.AlignmentFlag.AlignVCenter)
        self._delivery_box = Labelled(self.tr("How the video is delivered"), held, self)
        self._column.addWidget(self._delivery_box)

    def _number(self, key: str, field: NumberField) -> NumberField:
        self._fields[key] = field
        field.number_saved.connect(partial(self._number_saved, key))
        return field

    def _make_money(self) -> None:
        self.price_in = self._number("price_in", NumberField(self.tr("Price in, per million tokens"), self, most=10_000, whole=False, empty=True))
        self.price_out = self._number("price_out", NumberField(self.tr("Price out, per million tokens"), self, most=10_000, whole=False, empty=True))
        self.currency = Segmented(self.tr("Currency"), [Choice("USD", "$ USD"), Choice("CNY", "¥ CNY")], self)
        self.currency.chosen.connect(self._currency_chosen)
        self.fps = self._number("fps", NumberField(self.tr("Frames a second"), self, least=0.1, most=10, whole=False, empty=True, placeholder=self.tr("auto")))
        self._column.addLayout(
            grid_row(
                self,
                Labelled(self.tr("Price in, per million tokens"), self.price_in, self),
                Labelled(self.tr("Price out"), self.price_out, self),
                Labelled(self.tr("Currency"), self.currency, self),
                Labelled(self.tr("Frames a second"), self.fps, self),
            )
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        self._price_note = Label(parent=self, role="small", color="text-muted", wrap=True)
        self._price_sign = Sign("info", self, side=14, color="text-muted")
        row.addWidget(self._price_sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._price_note, 1)
        self._column.addLayout(row)

    def _make_limits(self) -> None:
        none = self.tr("no limit")
        self.longest = self._number("longest_answer", NumberField(self.tr("Longest answer"), self, least=16, most=65_536, unit=self.tr("tokens")))
        self.at_once = self._number("concurrency", NumberField(self.tr("Windows at once"), self, least=1, most=64))
        self.requests = self._number("requests_per_minute", NumberField(self.tr("Requests a minute"), self, most=100_000, empty=True, placeholder=none))
        self.timeout = self._number("timeout_s", NumberField(self.tr("Give up after"), self, least=1, most=3600, unit=self.tr("seconds")))
        self._column.addLayout(
            grid_row(
                self,
                Labelled(self.tr("Longest answer"), self.longest, self),
                Labelled(self.tr("Windows at once"), self.at_once, self),
                Labelled(self.tr("Requests a minute"), self.requests, self),
                Labelled(self.tr("Give up after"), self.timeout, self),
            )
        )

    def _make_when(self) -> None:
        days = [Choice("all", self.tr("Every day")), Choice("weekdays", self.tr("Mon–Fri")), Choice("weekend", self.tr("Sat–Sun"))]
        self.days = Segmented(self.tr("Used on"), days, self)
        self.days.chosen.connect(self._days_chosen)
        self.tokens = self._number(
            "tokens_per_minute", NumberField(self.tr("Tokens a minute"), self, most=100_000_000, empty=True, placeholder=self.tr("no limit"))
        )
        self.hour_from = self._number("hour_from", NumberField(self.tr("From hour"), self, most=23, empty=True, placeholder=self.tr("any"), unit=self.tr("h")))
        self.hour_to = self._number("hour_to", NumberField(self.tr("To hour"), self, most=24, empty=True, placeholder=self.tr("any"), unit=self.tr("h")))
        self.left = self._number("budget_left", NumberField(self.tr("While budget is left"), self, most=100, empty=True, placeholder="0", unit="%"))
        self._column.addLayout(
            grid_row(
                self,
                Labelled(self.tr("Tokens a minute"), self.tokens, self),
                Labelled(self.tr("From hour"), self.hour_from, self),
                Labelled(self.tr("To hour"), self.hour_to, self),
                Labelled(self.tr("While budget is left"), self.left, self),
            )
        )
        self._column.addWidget(
            Labelled(
                self.tr("Used on"),
                self.days,
                self,
                help_text=self.tr("On other days, at other hours, and when less of a budget is left, the next model in the list stands in."),
            )
        )

    # ------------------------------------------------------------------ what is shown

    @property
    def fields(self) -> Mapping[str, SavedField]:
        return self._fields

    def show_model(self, info: ModelInfo, catalog: Catalog, others: Sequence[str], key_name: str) -> None:
        """`others` are the names that are taken; `key_name` is what a new key is kept under."""
        before = self._info.config.name if self._info is not None else ""
        anew = before != info.config.name
        if anew:
            self._keep_drafts(before)
            self._preset_wanted = ""
        self._info, self._catalog, self._others = info, catalog, frozenset(others)
        config = info.config
        self._show_endpoint(config)
        self.key.show_model(info, name=key_name, needed=catalog.needs_key(config), anew=anew)
        self._show_delivery(config)
        for key, text in self._texts(config).items():
            if anew:
                self._fields[key].start_with(text)
            else:
                self._fields[key].show_value(text)
            draft = self._drafts.pop((config.name, key), None)
            if draft is not None:
                self._fields[key].draft(draft)
        currency = config.price.currency if config.price is not None else "USD"
        self.currency.set_value(currency)
        for field in (self.price_in, self.price_out):
            field.set_sign(SIGNS.get(currency, currency))
        note = words.price_note(config.price)
        self._price_note.set_text(note)
        self._price_note.setVisible(bool(note))
        self._price_sign.setVisible(bool(note))
        self.days.set_value(config.when.days)

    def renamed(self, old: str, new: str) -> None:
        """The model that is shown has another name now: what is half written stays."""
        self._drafts = {(new if name == old else name, key): text for (name, key), text in self._drafts.items()}
        if self._info is not None and self._info.config.name == old:
            self._info = replace(self._info, config=replace(self._info.config, name=new))

    def _keep_drafts(self, name: str) -> None:
        if name:
            self._drafts.update({(name, key): field.edit.text() for key, field in self._fields.items() if field.pending})

    def _show_endpoint(self, config: ModelConfig) -> None:
        catalog = self._catalog
        self.provider.set_choices(provider_choices(catalog))
        self.provider.select(config.provider)
        presets = catalog.presets.get(config.provider, ())
        self._place_model(alone=len(presets) <= 1)
        self._preset_box.label.set_text(self.tr("Region") if config.provider == "qwen" else self.tr("Server"))
        self.preset.set_choices(preset_choices(presets))
        shown = self._preset_wanted or config.preset
        self.preset.select(shown)
        if not shown:
            self.preset.set_shown("", self.tr("By its address"))
        self.model.set_suggestions(catalog.suggestions(config))
        local = config.provider == LOCAL
        self._model_box.label.set_text(self.tr("Folder or name on the hub") if local else self.tr("Model"))
        preset = catalog.preset(config.provider, config.preset)
        if not self._preset_wanted:
            self.base_url.edit.setPlaceholderText(preset.base_url if preset is not None else "")
        for box in (self._url_box, self._key_box):
            box.setVisible(not local)

    def _place_model(self, *, alone: bool) -> None:
        """With no server to choose, the model has its room."""
        self._preset_box.setVisible(not alone)
        self._grid.removeWidget(self._model_box)
        self._grid.addWidget(self._model_box, 0, 1 if alone else 2, 1, 2 if alone else 1, Qt.AlignmentFlag.AlignTop)

    def _show_delivery(self, config: ModelConfig) -> None:
        deliveries = self._catalog.choosable(config)
        self._delivery_box.setVisible(bool(deliveries))
        names = ["auto", *deliveries]
        if config.delivery not in names:
            names.append(config.delivery)
        self.delivery.set_choices([Choice(name, words.delivery(name), words.delivery_help(name)) for name in names])
        self.delivery.set_value(config.delivery)
        self._delivery_help.set_text(words.auto_help(config) if config.delivery == "auto" else words.delivery_help(config.delivery))

    def _texts(self, config: ModelConfig) -> dict[str, str]:
        told = {"model": config.model, "name": config.name, "base_url": config.base_url}
        for key, value in numbers(config).items():
            field = self._fields[key]
            told[key] = field.written(value) if isinstance(field, NumberField) else ""
        return told

    def set_error(self, key: str, sentence: str) -> None:
        """What was written there could not be saved."""
        if self._info is not None and key in self._fields:
            self._fields[key].refuse(self._texts(self._info.config)[key], sentence)

    # ------------------------------------------------------------------ what is wrong

    def _wrong_model(self, text: str) -> str:
        return "" if text else self.tr("Write the model's name as the provider calls it.")

    def _wrong_name(self, text: str) -> str:
        return name_trouble(text, self._others)

    def wrong_url(self, text: str) -> str:
        return url_trouble(text, needed=not self.base_url.edit.placeholderText())

    # ------------------------------------------------------------------ what is saved

    def _saved(self, key: str, text: str) -> None:
        fields = {key: text}
        if key == "base_url" and self._preset_wanted:
            fields |= {"preset": self._preset_wanted, "delivery": "auto"}
            self._preset_wanted = ""
        self._say(fields)

    def _say(self, fields: Mapping[str, Any]) -> None:
        if self._info is not None:
            self.changed.emit(dict(fields))

    def _provider_chosen(self, provider: str) -> None:
        if self._info is None or provider == self._info.config.provider:
            return
        preset = next(iter(self._catalog.presets.get(provider, ())), None)
        fields = {"provider": provider, "preset": "", "base_url": "", "delivery": "auto"}
        if preset is not None:
            fields.update(preset=preset.name, base_url=preset.base_url)
        self._say(fields)

    def _preset_chosen(self, name: str) -> None:
        preset = self._catalog.preset(self._info.config.provider, name) if self._info is not None else None
        if preset is None or self._info is None or name == self._info.config.preset:
            return
        if not preset.base_url or WORKSPACE in preset.base_url:
            # Its address has to be written first: until then the server before counts.
            self._preset_wanted = name
            self.preset.select(name)
            self.base_url.edit.setPlaceholderText(preset.base_url)
            self.base_url.draft(preset.base_url or "https://")
            self.base_url.focus()
            return
        self._preset_wanted = ""
        self._say({"preset": name, "base_url": preset.base_url, "delivery": "auto"})

    def _number_saved(self, key: str, value: float | None) -> None:
        if self._info is None:
            return
        config = self._info.config
        save: dict[str, Callable[[], Mapping[str, Any] | None]] = {
            "price_in": self._price,
            "price_out": self._price,
            "hour_from": self._hours,
            "hour_to": self._hours,
            "budget_left": lambda: {"when": replace(config.when, budget_left=(value or 0) / 100)},
            "fps": lambda: {"options": with_option(config.options, "fps", value)},
            "timeout_s": lambda: {"timeout_s": float(value or 0)},
        }
        fields = save.get(key, lambda: {key: int(value or 0)})()
        if fields is not None:
            self._say(fields)

    def _price(self) -> Mapping[str, Any] | None:
        """Both or neither; set by hand today."""
        assert self._info is not None  # noqa: S101 - only called while one is shown
        pair = self.price_in, self.price_out
        values = [field.number for field in pair]
        if values == [None, None]:
            return {"price": None}
        saved = self._texts(self._info.config)
        for field, key, value in zip(pair, ("price_in", "price_out"), values, strict=True):
            if value is None:
                for other, name in zip(pair, ("price_in", "price_out"), strict=True):
                    other.refuse(saved[name])
                field.refuse(saved[key], self.tr("Write both prices, or neither."))
                return None
        return {"price": priced(values[0] or 0.0, values[1] or 0.0, self.currency.value or "USD", self._info.config.price)}

    def _currency_chosen(self, currency: str) -> None:
        if self._info is not None and self._info.config.price is not None:
            self._say({"price": replace(self._info.config.price, currency=currency, read_on=today())})
        for field in (self.price_in, self.price_out):
            field.set_sign(SIGNS[currency])

    def _hours(self) -> Mapping[str, Any] | None:
        assert self._info is not None  # noqa: S101 - only called while one is shown
        start, end = self.hour_from.number, self.hour_to.number
        saved, when = self._texts(self._info.config), self._info.config.when
        if start is None and end is None:
            return {"when": replace(when, hours=None)}
        if start is None or end is None or start == end:
            for field, key in ((self.hour_from, "hour_from"), (self.hour_to, "hour_to")):
                field.refuse(saved[key])
            wrong, key = (self.hour_from, "hour_from") if start is None else (self.hour_to, "hour_to")
            wrong.refuse(saved[key], self.tr("Write two different hours, or none."))
            return None
        return {"when": replace(when, hours=(int(start), int(end)))}

    def _days_chosen(self, days: str) -> None:
        if self._info is not None:
            when: When = self._info.config.when
            self._say({"when": replace(when, days=days)})
