"""The bar above the picture: which source, which microphone, what models are asked. The lists are asked for anew each time they open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from skiuo_desktop.errors import SkiuoError, UsageError
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.labels import Rule
from skiuo_desktop.ui.widgets.picker import Picker
from skiuo_desktop.ui.widgets.picker_rows import ActionRow, Choice

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Template
    from skiuo_desktop.ui.bridge import Bridge

PROMPT_LIST = 320
LIST_WIDTH = 420
translate = QCoreApplication.translate

ICONS = {"camera": "camera", "screen": "device-desktop", "file": "movie", "test": "activity-heartbeat"}
VIDEO_FILES = "*.webm *.mkv *.mp4 *.mov *.m4v *.avi *.ts *.mpg *.mpeg"


class Found(Protocol):
    """A source as the engine lists it."""

    @property
    def text(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def detail(self) -> str: ...


class FoundSound(Protocol):
    """A microphone as the engine lists it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def default(self) -> bool: ...


def source_icon(text: str) -> str:
    return ICONS.get(text.partition(":")[0], "world") if text else "camera"


def in_words(text: str, label: str) -> str:
    """The engine's name of a source in the language of the window. Names that a device gives itself stay as they are."""
    kind, _, number = text.partition(":")
    if kind == "camera" and label == f"Camera {number}":
        return translate("Sources", "Camera {0}").format(number)
    if kind == "screen":
        return translate("Sources", "Whole screen") if number == "0" else translate("Sources", "Monitor {0}").format(number)
    return translate("Sources", "Test pattern") if kind == "test" else label


def detail_in_words(text: str, detail: str) -> str:
    return translate("Sources", "moving picture with a frame number, a clock and a beep") if text == "test:" else detail


class _Elsewhere(QWidget):
    """Below the list of sources: an address to type, a file to choose."""

    chosen = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(Rule(self))
        self.hide()
        row = QHBoxLayout()
        row.setContentsMargins(4, 2, 4, 0)
        row.setSpacing(8)
        self.address = Field(self.tr("Address of a network camera"), self, placeholder="rtsp://192.168.1.20/stream", icon="world")
        self.open = Button(self.tr("Open"), self)
        row.addWidget(self.address, 1)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.file = ActionRow(self.tr("Choose a media file…"), "movie", self)
        column.addWidget(self.file)
        self.open.clicked.connect(self._take_address)
        self.address.submitted.connect(self._take_address)
        self.file.clicked.connect(self._choose_file)

    def _take_address(self) -> None:
        text = self.address.text.strip()
        if not text:
            self.address.set_error(self.tr("Write where the camera sends: rtsp://… or http://…"))
            self.updateGeometry()
            return
        try:
            self._bridge.engine.describe_source(text)
        except UsageError as error:
            self.address.set_error(str(error))
            self.updateGeometry()
            return
        self.address.set_text("")
        self.chosen.emit(text)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.window(), self.tr("Choose a media file"), str(Path.home()), self.tr("Video files ({0})").format(VIDEO_FILES) + ";;" + self.tr("All files (*)")
        )
        if name:
            self.chosen.emit(f"file:{name}")


class SourceBar(QWidget):
    """`source_chosen`, `microphone_chosen` and `prompt_chosen` carry the engine's own words for what was chosen."""

    source_chosen = Signal(str)
    microphone_chosen = Signal(str)
    prompt_chosen = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.sources: dict[str, str] = {}
        """What was found, by its grammar: what a person calls it."""
        self._labels: dict[str, str] = {}  # of what was typed or chosen, and is not among what was found
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.source = Picker(self.tr("Source"), "camera", self, empty=self.tr("Looking for cameras and screens…"))
        self.microphone = Picker(self.tr("Microphone"), "microphone", self, empty=self.tr("Looking for microphones…"))
        self.source.set_list_width(LIST_WIDTH)
        self._elsewhere = _Elsewhere(bridge, self)
        self.source.add_footer(self._elsewhere)
        self.prompt = Picker(self.tr("Prompt"), "file-text", self, empty=self.tr("Looking for prompts…"), prefix=self.tr("Prompt"))
        self.prompt.set_list_width(PROMPT_LIST)
        self.prompt.hide()
        row.addWidget(self.source)
        row.addWidget(self.microphone)
        row.addStretch(1)
        row.addWidget(self.prompt)
        self.source.opened.connect(self.refresh_sources)
        self.microphone.opened.connect(self.refresh_microphones)
        self.prompt.opened.connect(self.refresh_prompts)
        self.source.chosen.connect(self.source_chosen)
        self.prompt.chosen.connect(self.prompt_chosen)
        self.microphone.chosen.connect(self.microphone_chosen)
        self._elsewhere.chosen.connect(self._elsewhere_chosen)
        self.source.set_shown("", self.tr("Choose a source"))
        self.set_microphones([])
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self.source.setFixedWidth(220 if compact else 288)
        self.microphone.setFixedWidth(190 if compact else 232)
        self.prompt.setFixedWidth(166 if compact else 236)

    def set_locked(self, locked: bool) -> None:
        self.source.set_locked(locked)
        self.microphone.set_locked(locked)
        self.prompt.set_locked(locked)

    # ------------------------------------------------------------------ sources

    def refresh_sources(self) -> None:
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.sources(), self.set_sources)

    def set_sources(self, found: Sequence[Found]) -> None:
        self.sources = {source.text: in_words(source.text, source.label) for source in found}
        self.source.set_choices([Choice(one.text, self.sources[one.text], detail_in_words(one.text, one.detail), icon=source_icon(one.text)) for one in found])

    def show_source(self, text: str, width: int = 0, height: int = 0, fps: float = 0.0) -> None:
        """What the closed field says: the source, and what it delivers once that is known."""
        detail = f"{width}×{height}" if width else ""
        if width and fps:
            detail += f" · {fmt.number(fps, 0 if abs(fps - round(fps)) < 0.05 else 1)}{fmt.NBSP}fps"
        self.source.set_shown(text, self.label_of(text), detail, source_icon(text))

    def label_of(self, text: str) -> str:
        """What a person calls a source; never with credentials."""
        if text in self.sources:
            return self.sources[text]
        if not text:
            return self.tr("Choose a source")
        if text not in self._labels:
            try:
                self._labels[text] = in_words(*self._bridge.engine.describe_source(text))
            except SkiuoError:
                return self.tr("Unknown source")
        return self._labels[text]

    def _elsewhere_chosen(self, text: str) -> None:
        self.source.close_list()
        self.source_chosen.emit(text)

    # ------------------------------------------------------------------ microphones

    def refresh_microphones(self) -> None:
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.microphones(), self.set_microphones)

    def set_microphones(self, found: Sequence[FoundSound]) -> None:
        system = next((one.label for one in found if one.default), "")
        choices = [Choice("default", self.tr("System default"), system, icon="microphone")] if found else []
        choices += [Choice(one.name, one.label, icon="microphone") for one in found]
        detail = "" if found else self.tr("No microphone was found")
        choices.append(Choice("none", self.tr("No microphone"), detail, icon="microphone-off"))
        self._system = system
        self.microphone.set_choices(choices)

    def show_microphone(self, chosen: str) -> None:
        named = {choice.value: choice for choice in self.microphone.choices}
        title, detail = named[chosen].title if chosen in named else chosen, ""
        if chosen == "default":
            title, detail = (self._system, self.tr("default")) if self._system else (self.tr("System default"), "")
        self.microphone.set_shown(chosen, title, detail, icon="microphone-off" if chosen == "none" else "microphone")

    # ------------------------------------------------------------------ prompts

    def refresh_prompts(self) -> None:
        if self._bridge.is_ready:
            self._bridge.ask(self._bridge.engine.templates(), self.set_prompts)

    def set_prompts(self, found: Sequence[Template]) -> None:
        language = theme().language
        self.prompt.set_choices([Choice(template.name, template.title(language), _asks(template, language), icon="file-text") for template in found])
        self.show_prompt(self.prompt.value)

    def show_prompt(self, name: str) -> None:
        title = next((choice.title for choice in self.prompt.choices if choice.value == name), name)
        self.prompt.set_shown(name, title)

    def set_prompt_used(self, used: bool) -> None:
        """Whether any model that is asked reads a prompt: the offline measurer does not."""
        self.prompt.setVisible(used)


def _asks(template: Template, language: str) -> str:
    """The beginning of what it asks for."""
    words = " ".join(template.user.get(language, "").split())
    words = words.replace("{", "").replace("}", "")
    return words if len(words) <= 80 else words[:78].rstrip() + "…"
