"""A prompt's template: two texts in each language, with a few named places that are filled for each window.

A place is written `{name}`; a brace that is meant as itself is written twice. Places:

| place | what stands there |
|---|---|
| `{position}` | one sentence: which part of the recording this is |
| `{start}` `{end}` `{length}` | the part's begin and end as `mm:ss`, its length in seconds |
| `{date}` `{time}` | the local date and time of the part's begin; with them the same question is a new one each time |
| `{previous}` | what was said of the part before, quoted line by line; at the recording's begin a request to name the place |
| `{summary}` | what was said of all parts before, a sentence each, quoted line by line |
| `{overlap}` | one sentence: how many seconds the part before covers already; empty where it covers none |
| `{rules}` | how to write: two to four plain sentences on what is new |

What is filled in is never read as a template: it may hold braces. A line whose places are all empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from skiuo_desktop.errors import UsageError

LANGUAGES = ("en", "zh")
PLACES = ("position", "start", "end", "length", "date", "time", "previous", "summary", "overlap", "rules")
MOST_CHARS = 8_000
"""Of one text. A prompt is paid for with every window."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_MOST_LABELS, _MOST_LABEL = 20, 40


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `system`, `user` and `labels` are by language ("en", "zh")."""

    name: str
    title_en: str
    title_zh: str
    system: Mapping[str, str]  # who the model is and how it writes
    user: Mapping[str, str]  # what is asked about the window; goes after the video
    labels: Mapping[str, tuple[str, ...]]  # the words of which one is chosen where models vote; empty: no label is asked for
    version: int = 1
    builtin: bool = True
    changed: bool = False  # a built-in one that the user has changed

    def title(self, language: str) -> str:
        return (self.title_zh if language == "zh" else self.title_en) or self.name


def check(template: Template) -> Template:
    """The template, stripped. Raises UsageError with what is wrong and where."""
    if not _NAME.fullmatch(template.name):
        raise UsageError(f"{template.name!r} is no name of a template: small letters, digits and hyphens, at most 32.")
    system = {language: str(template.system.get(language, "")).strip() for language in LANGUAGES}
    user = {language: str(template.user.get(language, "")).strip() for language in LANGUAGES}
    labels = {language: tuple(word.strip() for word in template.labels.get(language, ()) if word.strip()) for language in LANGUAGES}
    for language in LANGUAGES:
        if not user[language]:
            raise UsageError(f"The user text ({language}) of {template.name} is empty: it is what the model is asked.")
        for part, text in (("system", system[language]), ("user", user[language])):
            _check_text(f"The {part} text ({language}) of {template.name}", text)
        words = [word.casefold() for word in labels[language]]
        if len(words) > _MOST_LABELS or len(set(words)) < len(words) or any(len(word) > _MOST_LABEL or "\n" in word or "," in word for word in words):
            raise UsageError(f"The labels ({language}) of {template.name} are at most {_MOST_LABELS} different words of at most {_MOST_LABEL} characters.")
    return Template(
        template.name, template.title_en.strip(), template.title_zh.strip(), system, user, labels, template.version, template.builtin, template.changed
    )


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled. `text` has been checked; a line of which nothing but empty places is left goes."""
    lines = []
    for line in text.splitlines():
        parts = list(Formatter().parse(line))
        filled = "".join(literal + values.get(place or "", "") for literal, place, _, _ in parts)
        if filled.strip() or not any(place for _, place, _, _ in parts):
            lines.append(filled.rstrip())
    return "\n".join(lines).strip()


def _check_text(where: str, text: str) -> None:
    if len(text) > MOST_CHARS:
        raise UsageError(f"{where} has {len(text)} characters; {MOST_CHARS} are the most.")
    for number, line in enumerate(text.splitlines(), 1):
        try:
            parts = list(Formatter().parse(line))
        except ValueError:
            raise UsageError(f"{where} has a brace without its other half in line {number}. A brace that is meant as itself is written twice.") from None
        for _, place, form, conversion in parts:
            if place is not None and (place not in PLACES or form or conversion):
                raise UsageError(f"{where} has an unknown place {{{place}}} in line {number}. Known: {', '.join(PLACES)}.")
