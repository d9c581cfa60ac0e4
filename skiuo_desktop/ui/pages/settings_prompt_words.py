"""What is said of prompts: their places, what is wrong with a text, and the list of them."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme

if TYPE_CHECKING:
    from skiuo_desktop.engine.prompts import Template

translate = QCoreApplication.translate

MOST_CHARS = 8_000


def places() -> dict[str, str]:
    """What stands in each place, by its name."""
    return {
        "position": translate("PromptWords", "which part of the recording this is, in a sentence"),
        "start": translate("PromptWords", "where the part begins, such as 01:00"),
        "end": translate("PromptWords", "where it ends"),
        "length": translate("PromptWords", "its length in seconds"),
        "date": translate("PromptWords", "the date; with it no kept answer is used again"),
        "time": translate("PromptWords", "the time of day; with it no kept answer is used again"),
        "previous": translate("PromptWords", "what was said of the part before"),
        "summary": translate("PromptWords", "what was said of all parts before, a sentence each"),
        "overlap": translate("PromptWords", "how many seconds are described already"),
        "rules": translate("PromptWords", "how to write: two to four plain sentences on what is new"),
    }


def trouble(text: str, *, needed: bool) -> str:
    """What is wrong with a text and where; empty where nothing is."""
    if needed and not text.strip():
        return translate("PromptWords", "This is what the model is asked: it cannot be empty.")
    if len(text) > MOST_CHARS:
        return translate("PromptWords", "{0} characters; {1} are the most.").format(fmt.number(len(text)), fmt.number(MOST_CHARS))
    known = places()
    for number, line in enumerate(text.splitlines(), 1):
        try:
            parts = list(Formatter().parse(line))
        except ValueError:
            return translate("PromptWords", "Line {0} has a brace without its other half. A brace that is meant as itself is written twice.").format(number)
        for _, place, form, conversion in parts:
            if place is not None and (place not in known or form or conversion):
                words = translate("PromptWords", "Line {0}: there is no place {1}. Known places are listed below.")
                return words.format(number, "{" + place + "}")
    return ""


def detail(template: Template) -> str:
    """Below its title in the list."""
    if template.changed:
        return translate("PromptWords", "Changed by you · version {0}").format(template.version)
    if not template.builtin:
        return translate("PromptWords", "Yours · version {0}").format(template.version)
    return translate("PromptWords", "As it came")


def title(template: Template) -> str:
    return template.title(theme().language)
