"""What one of two texts says and the other does not, by words: their order and their forms in a sentence do not count.

Chinese has no spaces, so there a character counts as said when it stands beside one of its neighbours in the other text too.
"""

from __future__ import annotations

import re

Stretch = tuple[int, int]
"""(first character, how many)"""

_WORD = re.compile(r"[^\W_㐀-鿿぀-ヿ]+(?:['’\-][^\W_㐀-鿿぀-ヿ]+)*|[㐀-鿿぀-ヿ]")
_HAN = re.compile(r"[㐀-鿿぀-ヿ]")
SMALL_WORDS = frozenset(
    _WORD.findall(
        "a an and are as at be been but by for from had has have he her his in into is it its of on or she so that the "
        "their them then there these they this to was were while which who with"
    )
)
"""Words that say nothing by themselves: no stretch begins or ends with one."""


def only_here(text: str, other: str) -> list[Stretch]:
    """The stretches of `text` that `other` does not say."""
    known, pairs = _words(other), _pairs(other)
    found: list[Stretch] = []
    open_at: int | None = None
    end = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if open_at is not None and re.search(r"[.!?;:。！？；：\n]", text[end : match.start()]):
            found.append((open_at, end - open_at))  # a stretch ends with its sentence
            open_at = None
        if _is_new(text, match, known, pairs):
            open_at = match.start() if open_at is None else open_at
            end = match.end()
        elif open_at is not None and word.casefold() not in SMALL_WORDS:
            found.append((open_at, end - open_at))
            open_at = None
    if open_at is not None:
        found.append((open_at, end - open_at))
    return found


def _is_new(text: str, match: re.Match[str], known: set[str], pairs: set[str]) -> bool:
    word = match.group()
    if not _HAN.fullmatch(word):
        return word.casefold() not in SMALL_WORDS and _stem(word) not in known
    before, after = text[max(match.start() - 1, 0) : match.end()], text[match.start() : match.end() + 1]
    return before not in pairs and after not in pairs


def _words(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text) if not _HAN.fullmatch(word)}


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} | set(text[:1])


def _stem(word: str) -> str:
    """So that `solders`, `soldered` and `soldering` are one word."""
    folded = word.casefold()
    for ending in ("ing", "ed", "es", "s", "e"):
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            return folded[: -len(ending)]
    return folded
