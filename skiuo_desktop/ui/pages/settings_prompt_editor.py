"""One prompt: its two texts in each language, the words to vote by, and how it reads when it is filled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages import settings_prompt_words as words
from skiuo_desktop.ui.pages.settings_model_editor import FIELDS_MOST
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.labels import Chip, ElidedLabel, Label
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.settings_controls import Segmented
from skiuo_desktop.ui.widgets.settings_fields import Labelled, SavedField
from skiuo_desktop.ui.widgets.settings_parts import Card, ScrollColumn
from skiuo_desktop.ui.widgets.settings_textbox import TextBox

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Prompt, Template
    from skiuo_desktop.ui.bridge import Bridge

PREVIEW_AFTER_MS = 300


class PromptEditor(QWidget):
    """`saved` carries a Template whose texts are right; `reset` and `use` its name."""

    saved = Signal(object)
    reset = Signal(str)
    use = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._template: Template | None = None
        self._drafts: dict[tuple[str, str, str], str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget(self)
        head.setLayout(self._make_head())
        head.setMaximumWidth(FIELDS_MOST + 48)
        column.addWidget(head)
        self._scroll = ScrollColumn(self, most=FIELDS_MOST)
        column.addWidget(self._scroll, 1)
        self._make_texts(self._scroll.body)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_AFTER_MS)
        self._soon.timeout.connect(self._preview)

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 12)
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        self._title = ElidedLabel("", self, role="title", weight=600)
        self._detail = ElidedLabel("", self, role="small", color="text-muted")
        names.addWidget(self._title)
        names.addWidget(self._detail)
        head.addLayout(names, 1)
        self.reset_button = Button(self.tr("Back to how it came"), self, icon="refresh")
        self.reset_button.clicked.connect(self._reset)
        head.addWidget(self.reset_button)
        self.used_chip = Chip(self.tr("Used for new recordings"), self, kind="ok")
        head.addWidget(self.used_chip)
        self.use_button = Button(self.tr("Use for new recordings"), self, kind="primary")
        self.use_button.clicked.connect(self._use)
        head.addWidget(self.use_button)
        return head

    def _make_texts(self, body: QVBoxLayout) -> None:
        body.setSpacing(14)
        self.language = Segmented(self.tr("Language of the prompt"), [Choice("en", "English"), Choice("zh", "中文")], self)
        self.language.set_value(theme().language)
        self._shown_language = theme().language
        self.language.chosen.connect(self._language_chosen)
        body.addWidget(
            Labelled(self.tr("Text for answers in"), self.language, self, help_text=self.tr("A prompt has a text for each language that models write in."))
        )
        self.system = TextBox(self.tr("Who the model is"), self, lines=5)
        self.user = TextBox(self.tr("What it is asked about each window"), self, lines=8)
        self.labels = SavedField(self.tr("Labels"), self, check=self._wrong_labels)
        body.addWidget(Labelled(self.tr("Who the model is"), self.system, self))
        body.addWidget(Labelled(self.tr("What it is asked about each window"), self.user, self))
        help_text = self.tr("Words with commas between them. Where several models vote, each names the one that fits best.")
        body.addWidget(Labelled(self.tr("Labels"), self.labels, self, help_text=help_text))
        for box in (self.system, self.user):
            box.saved.connect(self._left)
            box.edited.connect(self._edited)
        self.labels.saved.connect(self._left)
        self.preview = _Preview(self)
        body.addWidget(self.preview)
        body.addWidget(Label(self.tr("Places that are filled for each window"), self, role="small", weight=600))
        body.addLayout(self._places())
        body.addStretch(1)

    def _places(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (place, meaning) in enumerate(words.places().items()):
            name = Label("{" + place + "}", self, role="small", selectable=True)
            name.setFont(theme().font("small", mono=True))
            grid.addWidget(name, row, 0)
            grid.addWidget(Label(meaning, self, role="small", color="text-muted"), row, 1)
        return grid

    # ------------------------------------------------------------------ what is shown

    @property
    def name(self) -> str:
        return self._template.name if self._template is not None else ""

    def show_template(self, template: Template, *, used: bool) -> None:
        """What is half written in it, and wrong, is there again."""
        same = self._template is not None and self._template.name == template.name
        if not same:
            self._keep_drafts()
            self._scroll.verticalScrollBar().setValue(0)
        self._template = template
        self._title.set_text(words.title(template))
        self._detail.set_text(words.detail(template))
        self.reset_button.setVisible(template.changed)
        self.used_chip.setVisible(used)
        self.use_button.setVisible(not used)
        self._show_texts(keep=same)

    def _show_texts(self, *, keep: bool) -> None:
        template, language = self._template, self._shown_language
        if template is None:
            return
        for part, box, text in (("system", self.system, template.system.get(language, "")), ("user", self.user, template.user.get(language, ""))):
            if keep and box.pending and box.edit.hasFocus():
                continue
            draft = self._drafts.pop((template.name, language, part), None)
            if keep and box.pending:
                draft = box.text
            box.start_with(text)
            if draft is not None and draft != text:
                box.edit.setPlainText(draft)
                box.set_error(words.trouble(draft, needed=part == "user"))
        shown = ", ".join(template.labels.get(language, ()))
        if keep:
            self.labels.show_value(shown)
        else:
            self.labels.start_with(shown)
        if self.isVisible():
            self._soon.start(0)

    def _keep_drafts(self) -> None:
        if self._template is not None:
            for part, box in (("system", self.system), ("user", self.user)):
                if box.pending:
                    self._drafts[self._template.name, self._shown_language, part] = box.text

    def _language_chosen(self, language: str) -> None:
        self._keep_drafts()
        self._shown_language = language
        self._show_texts(keep=False)

    def showEvent(self, event: QShowEvent) -> None:
        self._soon.start(0)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._soon.stop()
        super().hideEvent(event)

    # ------------------------------------------------------------------ what is written

    def _wrong_labels(self, text: str) -> str:
        labels = _split(text)
        if len(labels) > 20 or len({label.casefold() for label in labels}) < len(labels) or any(len(label) > 40 for label in labels):
            return self.tr("At most 20 different words of at most 40 characters.")
        return ""

    def _edited(self) -> None:
        self._soon.start()

    def _written(self) -> Template | None:
        """The template with what stands here, or None where something is wrong, with a sentence below it."""
        template, language = self._template, self._shown_language
        if template is None:
            return None
        wrong = False
        for box, needed in ((self.system, False), (self.user, True)):
            sentence = words.trouble(box.text, needed=needed)
            box.set_error(sentence)
            wrong = wrong or bool(sentence)
        if wrong or self._wrong_labels(self.labels.text):
            return None
        return replace(
            template,
            system={**template.system, language: self.system.text.strip()},
            user={**template.user, language: self.user.text.strip()},
            labels={**template.labels, language: _split(self.labels.text)},
        )

    def _left(self, _text: str) -> None:
        written = self._written()
        if written is not None:
            self.system.set_saved()
            self.user.set_saved()
            self.saved.emit(written)

    def tell_error(self, sentence: str) -> None:
        """It could not be saved."""
        self.user.set_error(sentence)

    def _preview(self) -> None:
        written = self._written()
        if written is None:
            self.preview.tell_wrong()
            return
        language = self._shown_language

        def make() -> tuple[Prompt, int]:
            from skiuo_desktop.engine import prompts

            prompt = prompts.preview(written, language)
            return prompt, prompts.about_tokens(prompt.system + prompt.text)

        self._ask(self._bridge.work(make), self.preview.show_prompt)

    def _ask(self, future: Future[tuple[Prompt, int]], done: Callable[[tuple[Prompt, int]], None]) -> None:
        self._bridge.ask(future, done, lambda error: self.tell_error(str(error)), owner=self)

    def _reset(self) -> None:
        self.reset.emit(self.name)

    def _use(self) -> None:
        self.use.emit(self.name)

    def forget_drafts(self) -> None:
        """Of the prompt that is shown: what stands in its fields is no longer wanted."""
        self._drafts = {key: text for key, text in self._drafts.items() if key[0] != self.name}
        self.system.set_saved()
        self.user.set_saved()


class _Preview(Card):
    """How the prompt reads for a window in the middle of a recording."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("As the model reads it"), self, weight=600))
        head.addStretch(1)
        self._tokens = Label(parent=self, role="small", color="text-muted")
        head.addWidget(self._tokens)
        self.body.addLayout(head)
        self.body.addSpacing(8)
        self._text = QLabel(self)  # one that keeps line breaks
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self._text)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self._text.setFont(theme().font("small", mono=True))
        tint(self._text, "text")

    @property
    def words(self) -> str:
        return self._text.text()

    def show_prompt(self, made: tuple[Prompt, int]) -> None:
        prompt, tokens = made
        self._tokens.set_text(self.tr("about {0} tokens, paid for with each window").format(fmt.number(tokens)))
        self._text.setText(f"{prompt.system}\n\n{prompt.text}")

    def tell_wrong(self) -> None:
        self._tokens.set_text(self.tr("not saved"))
        self._text.setText("")


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())
