"""Which models are asked about the next windows: a field that works while recording, too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skiuo_desktop.model import ModelInfo
from skiuo_desktop.ui.widgets import model_words as words
from skiuo_desktop.ui.widgets.labels import Rule
from skiuo_desktop.ui.widgets.picker import Picker
from skiuo_desktop.ui.widgets.picker_rows import ActionRow, Choice


class _Footer(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(Rule(self))
        self.row = ActionRow(self.tr("Models and fallback order…"), "settings", self)
        column.addWidget(self.row)
        self.hide()


class ModelField(Picker):
    """`wanted` carries the names of the models for the next windows, in the user's order."""

    wanted = Signal(object)
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "sparkles", parent, weight=500, several=True)
        self._name, self._empty = self.tr("Model"), self.tr("No model is set up.")
        self._infos: dict[str, ModelInfo] = {}
        self._active: tuple[str, ...] = ()
        footer = _Footer(self)
        footer.row.clicked.connect(self._to_settings)
        self.add_footer(footer)
        self.chosen.connect(self._take_alone)
        self.toggled_box.connect(self._toggle)
        self._show()

    # ------------------------------------------------------------------ what it shows

    def set_models(self, infos: Sequence[ModelInfo], stride_ms: int) -> None:
        self._infos = {info.config.name: info for info in infos}
        self._active = tuple(info.config.name for info in infos if info.active)
        choices = []
        for info in infos:
            detail, warn = words.detail(info, stride_ms)
            choices.append(Choice(info.config.name, words.name(info), detail, words.per_hour_short(info), words.icon(info), warn))
        self.set_choices(choices)
        self._show()

    @property
    def active(self) -> tuple[ModelInfo, ...]:
        """The models asked about each new window."""
        return tuple(self._infos[name] for name in self._active)

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        return tuple(self._infos.values())

    def _show(self) -> None:
        self.set_checked(self._active)
        active = self.active
        if not active:
            self.set_shown("", self.tr("No model"), "", "sparkles")
            return
        title = words.name(active[0]) if len(active) == 1 else self.tr("{0} and {1} more").format(words.name(active[0]), len(active) - 1)
        troubles = [words.unwell_short(info) for info in active if words.unwell(info)]
        icon = words.icon(active[0])
        detail = words.per_hour(active)
        if troubles:
            detail = troubles[0] if len(active) == 1 else self.tr("{0} of {1} not asked").format(len(troubles), len(active))
        self.set_shown(active[0].config.name, title, detail, "sparkles" if icon == "cloud" else icon, warn=bool(troubles))

    # ------------------------------------------------------------------ what a person does

    @Slot(str)
    def _take_alone(self, name: str) -> None:
        self._want((name,))

    @Slot(str)
    def _toggle(self, name: str) -> None:
        self._want(tuple(one for one in self._infos if (one in self._active) != (one == name)))

    def _want(self, names: tuple[str, ...]) -> None:
        self._active = tuple(name for name in names if name in self._infos)
        self._show()
        self.wanted.emit(names)

    def _to_settings(self) -> None:
        self.close_list()
        self.settings_wanted.emit()
