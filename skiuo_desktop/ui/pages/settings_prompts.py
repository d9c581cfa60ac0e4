"""The section Prompts: the list, the editor, and in which language models write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, SettingChanged
from skiuo_desktop.ui.pages import settings_prompt_words as words
from skiuo_desktop.ui.pages.settings_prompt_editor import PromptEditor
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.labels import Label, Rule
from skiuo_desktop.ui.widgets.paint import paint_box, painted
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented
from skiuo_desktop.ui.widgets.settings_fields import Labelled
from skiuo_desktop.ui.widgets.settings_parts import Panel, ScrollColumn

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Template
    from skiuo_desktop.ui.bridge import Bridge


class PromptRow(Control):
    """A prompt in the list. ↑/↓ goes to the next."""

    stepped = Signal(int)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._detail, self._used = "", ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, title: str, detail: str, used: str) -> None:
        self.setText(title)
        self._detail, self._used = detail, used
        self.setAccessibleName(title)
        self.setAccessibleDescription(", ".join(part for part in (detail, used) if part))
        self.update()

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(200, 56)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        fill = "accent-tint" if self.isChecked() else "surface-3" if self.isDown() else "surface-2" if self.hovered else "surface"
        painter.fillRect(rect, t.color(fill))
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), t.color("border"))
        if self.isChecked():
            painter.fillRect(QRectF(0, 0, 3, rect.height()), t.color("accent"))
        if self.ringed:
            paint_box(painter, rect.adjusted(1, 1, -1, -2), 4, line=t.color("accent"), width=2)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(t.font("body", 600))
        painter.setPen(t.color("text"))
        painter.drawText(QRectF(16, 8, rect.width() - 32, 20), flags, self.text())
        painter.setFont(t.font("small"))
        painter.setPen(t.color("text-muted"))
        painter.drawText(QRectF(16, 28, rect.width() - 32, 18), flags, self._detail)
        if self._used:
            painter.setFont(t.font("small", 500))
            painter.setPen(t.color("ok"))
            width = QFontMetrics(painter.font()).horizontalAdvance(self._used)
            painter.drawText(QRectF(rect.width() - 16 - width, 28, width + 1, 18), flags, self._used)


@dataclass(frozen=True, slots=True)
class _Values:
    used: str
    language: str


class PromptsSection(QWidget):
    said = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._templates: list[Template] = []
        self._values: _Values | None = None
        self._current = ""
        self._rows: dict[str, PromptRow] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._panel = Panel(self)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 12)
        top.setSpacing(8)
        top.addWidget(Label(self.tr("Prompts"), self, role="title"))
        top.addWidget(
            Label(self.tr("What a model is asked about each window. A change counts from the next window."), self, role="small", color="text-muted", wrap=True)
        )
        self.language = Segmented(self.tr("Models write in"), [Choice("window", self.tr("As the window")), Choice("en", "English"), Choice("zh", "中文")], self)
        self.language.chosen.connect(self._language_chosen)
        top.addWidget(Labelled(self.tr("Models write in"), self.language, self))
        column.addLayout(top)
        column.addWidget(Rule(self))
        scroll = ScrollColumn(self, margins=(0, 0, 0, 0))
        self._column = scroll.body
        self._column.addStretch(1)
        column.addWidget(scroll, 1)
        self.editor = PromptEditor(bridge, self)
        self.editor.setVisible(False)
        self.editor.saved.connect(self._save)
        self.editor.reset.connect(self._reset)
        self.editor.use.connect(self._use)
        row.addWidget(self._panel)
        row.addWidget(self.editor, 1)
        self.set_compact(False)
        bridge.event.connect(self._on_event)
        self.reload()

    def reload(self) -> None:
        if not self._bridge.is_ready:
            return
        settings = self._bridge.engine.settings
        self._bridge.ask(self._bridge.work(lambda: _Values(settings.get(s.PROMPT), settings.get(s.ANALYSIS_LANGUAGE))), self._values_known)
        self._bridge.ask(self._bridge.engine.templates(), self._templates_known)

    def _values_known(self, values: _Values) -> None:
        self._values = values
        self.language.set_value(values.language)
        self._show()

    def _templates_known(self, templates: list[Template]) -> None:
        self._templates = templates
        self._show()

    @property
    def rows(self) -> list[PromptRow]:
        return list(self._rows.values())

    def _show(self) -> None:
        values = self._values
        if values is None or not self._templates:
            return
        names = [template.name for template in self._templates]
        for name in [name for name in self._rows if name not in names]:
            self._rows.pop(name).deleteLater()
        for place, template in enumerate(self._templates):
            row = self._rows.get(template.name)
            if row is None:
                row = self._rows[template.name] = PromptRow(template.name, self)
                row.clicked.connect(self._clicked)
                row.stepped.connect(self._stepped)
                self._column.insertWidget(place, row)
                row.show()
            row.show_words(words.title(template), words.detail(template), self.tr("In use") if template.name == values.used else "")
        if self._current not in names:
            self._current = values.used if values.used in names else names[0]
        self._show_current()

    def _show_current(self) -> None:
        template = next((template for template in self._templates if template.name == self._current), None)
        if template is None or self._values is None:
            return
        for name, row in self._rows.items():
            row.setChecked(name == self._current)
        self.editor.show_template(template, used=template.name == self._values.used)
        self.editor.setVisible(True)

    def _clicked(self) -> None:
        row = self.sender()
        if isinstance(row, PromptRow):
            self.show_prompt(row.name)

    def _stepped(self, by: int) -> None:
        row, rows = self.sender(), self.rows
        if isinstance(row, PromptRow) and 0 <= rows.index(row) + by < len(rows):
            other = rows[rows.index(row) + by]
            other.setFocus(Qt.FocusReason.TabFocusReason)
            self.show_prompt(other.name)

    def show_prompt(self, name: str) -> None:
        if name != self._current:
            self._current = name
            self._show_current()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key in (s.PROMPT.key, s.ANALYSIS_LANGUAGE.key):
            self.reload()

    def set_compact(self, compact: bool) -> None:
        self._panel.setFixedWidth(320 if compact else theme().size("settingsList"))

    # ------------------------------------------------------------------ what the person does

    def _set(self, setting: s.Setting[str], value: str) -> None:
        settings = self._bridge.engine.settings
        self._bridge.ask(self._bridge.work(lambda: settings.set(setting, value)), self._settled, self._refused)

    def _language_chosen(self, language: str) -> None:
        self._set(s.ANALYSIS_LANGUAGE, language)

    def _use(self, name: str) -> None:
        self._set(s.PROMPT, name)

    def _save(self, template: Template) -> None:
        self._bridge.ask(self._bridge.engine.save_template(template), self._settled, lambda error: self.editor.tell_error(str(error)), owner=self)

    def _reset(self, name: str) -> None:
        self.editor.forget_drafts()
        before = next((template for template in self._templates if template.name == name), None)

        def done(_: object) -> None:
            self.said.emit(self.tr("{0} is as it came.").format(words.title(before)) if before is not None else "")
            self.reload()

        self._bridge.ask(self._bridge.engine.reset_template(name), done, self._refused, owner=self)

    def _settled(self, _: object) -> None:
        self.reload()

    def _refused(self, error: SkiuoError) -> None:
        self._bridge.failed.emit(error)
        self.reload()
