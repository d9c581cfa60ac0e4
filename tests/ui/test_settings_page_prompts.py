"""The section Prompts: what is written is checked, saved, shown filled, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from ui.settings_parts import click, write

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.engine.prompts import PLACES, Template
from skiuo_desktop.ui.pages import settings_prompt_words as words
from skiuo_desktop.ui.pages.settings import PROMPTS, SettingsPage
from skiuo_desktop.ui.pages.settings_prompts import PromptsSection

pytest_plugins = ["ui.settings_fixtures"]

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def prompts(page: SettingsPage, until: Until) -> PromptsSection:
    page.show_section(PROMPTS)
    section = page.current
    assert isinstance(section, PromptsSection)
    until(lambda: section.editor.name == "activity" and section.editor.isVisible())
    return section


def template(engine: Engine, name: str = "activity") -> Template:
    return next(template for template in engine.templates().result(60) if template.name == name)


def row(section: PromptsSection, name: str) -> object:
    return next(row for row in section.rows if row.name == name)


def test_all_prompts_are_there_and_the_one_in_use_says_so(prompts: PromptsSection, engine: Engine) -> None:
    assert [row.name for row in prompts.rows] == [template.name for template in engine.templates().result(60)]
    assert [row.name for row in prompts.rows if "In use" in row.accessibleDescription()] == ["activity"]
    assert prompts.editor.used_chip.isVisible()


def test_a_text_is_saved_when_it_is_left_and_the_preview_follows(prompts: PromptsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    editor = prompts.editor
    until(lambda: "01:00" in editor.preview.words)
    write(qtbot, editor.user.edit, "{position} Which tool is in the hand?", leave=False)
    until(lambda: "Which tool is in the hand?" in editor.preview.words)
    assert "{position}" not in editor.preview.words
    assert not template(engine).changed, "saved while it was being written"
    editor.labels.edit.setFocus()
    until(lambda: template(engine).user["en"] == "{position} Which tool is in the hand?")
    until(editor.reset_button.isVisible)
    assert "Changed by you" in prompts.rows[0].accessibleDescription()
    click(qtbot, editor.reset_button)
    until(lambda: not template(engine).changed)
    until(lambda: "Which tool" not in editor.user.text)
    assert not editor.reset_button.isVisible()


def test_what_is_wrong_is_told_below_and_kept_but_not_saved(prompts: PromptsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    editor = prompts.editor
    write(qtbot, editor.user.edit, "What is {new}?")
    assert editor.user.error == "Line 1: there is no place {new}. Known places are listed below."
    click(qtbot, row(prompts, "cooking"))  # type: ignore[arg-type]
    until(lambda: editor.name == "cooking")
    assert not editor.user.error
    click(qtbot, row(prompts, "activity"))  # type: ignore[arg-type]
    until(lambda: editor.name == "activity")
    assert editor.user.text == "What is {new}?", "what was written is lost"
    assert editor.user.error
    assert not template(engine).changed


def test_the_chinese_text_is_a_text_of_its_own(prompts: PromptsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    editor = prompts.editor
    english = editor.user.text
    click(qtbot, editor.language.part("zh"))
    assert editor.user.text == template(engine).user["zh"]
    editor.user.edit.setFocus()
    editor.user.edit.setPlainText("{position}手里拿着什么？")
    editor.labels.edit.setFocus()
    until(lambda: template(engine).user["zh"] == "{position}手里拿着什么？")
    assert template(engine).user["en"] == english
    until(lambda: "手里拿着什么" in editor.preview.words)


def test_labels_are_words_between_commas(prompts: PromptsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    write(qtbot, prompts.editor.labels.edit, "cutting, cutting")
    assert prompts.editor.labels.edit.property("error")
    write(qtbot, prompts.editor.labels.edit, "cutting, gluing")
    until(lambda: template(engine).labels["en"] == ("cutting", "gluing"))


def test_another_prompt_is_used_for_new_recordings(prompts: PromptsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    click(qtbot, row(prompts, "craft"))  # type: ignore[arg-type]
    until(lambda: prompts.editor.name == "craft")
    click(qtbot, prompts.editor.use_button)
    until(lambda: engine.settings.get(s.PROMPT) == "craft")
    until(prompts.editor.used_chip.isVisible)
    click(qtbot, prompts.language.part("zh"))
    until(lambda: engine.settings.get(s.ANALYSIS_LANGUAGE) == "zh")


def test_every_place_is_explained() -> None:
    assert set(words.places()) == set(PLACES)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "cannot be empty"),
        ("one {", "without its other half"),
        ("{position!r}", "no place"),
        ("x" * 8_001, "8000 are the most"),
        ("{{braces}} {start}", ""),
    ],
)
def test_what_is_wrong_with_a_text_is_said_as_the_engine_judges(text: str, wrong: str) -> None:
    assert wrong in words.trouble(text, needed=True).replace(",", "")
    assert bool(wrong) == bool(words.trouble(text, needed=True))
