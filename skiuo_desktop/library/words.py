"""How text is split for searching: words, and every Chinese, Japanese or Korean character alone.

Chinese is written without spaces and its commonest words have two characters, so each character is a word of its own
here and a searched word is a phrase of them: exactly the substrings are found, at any length. Other scripts are split
at whatever is no letter or digit. Width, case and accents are folded away (ＧＩＴ = git, Café = cafe), on both sides.

The index stores the result joined by spaces (the shadow text); nothing in it depends on the tables of a database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ALONE = re.compile(
    "[\u3005-\u3007\u303b"  # 々〆〇〻
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # bopomofo
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"  # hangul
    "\u2e80-\u2fd5\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # han
)


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and the half-open range of the original text that it came from."""

    text: str
    start: int
    end: int

    @property
    def alone(self) -> bool:
        """A single CJK character."""
        return _ALONE.match(self.text) is not None


def split(text: str) -> list[Word]:
    """The words of `text`, in order."""
    if text.isascii():  # keeps its length when folded, and is ten times as fast
        return [Word(match.group(), match.start(), match.end()) for match in _ASCII_WORD.finditer(text.lower())]
    return list(_split(text))


def _split(text: str) -> Iterator[Word]:
    letters: list[str] = []
    start = end = 0
    for first, last in _clusters(text):
        for character in _fold(text[first:last]):
            joins = character.isalnum() or (_is_mark(character) and bool(letters))
            if letters and (not joins or _ALONE.match(character)):
                yield Word("".join(letters), start, end)
                letters = []
            if not joins:
                continue
            if _ALONE.match(character):
                yield Word(character, first, last)
                continue
            if not letters:
                start = first
            letters.append(character)
            end = last
    if letters:
        yield Word("".join(letters), start, end)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of characters that are folded together: one, and the accents or sound marks that follow it."""
    first, length = 0, len(text)
    while first < length:
        last = first + 1
        while last < length and text[last] > "\u02ff" and (unicodedata.combining(text[last]) or text[last] in "\uff9e\uff9f"):
            last += 1
        yield first, last
        first = last


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    folded = "".join(character for character in unicodedata.normalize("NFKC", cluster).casefold() if not _is_invisible(character))
    apart = unicodedata.normalize("NFD", folded)
    if apart[:1].isascii():  # accents on Latin letters only: が is not か, and й is not и
        return "".join(character for character in apart if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", folded)


@lru_cache(maxsize=16_384)
def _is_mark(character: str) -> bool:
    """Whether the character belongs to the letter before it: vowel signs and the like."""
    return unicodedata.category(character)[0] == "M"


def _is_invisible(character: str) -> bool:
    """Variation selectors (as in ⚠️), joiners, soft hyphens: they neither make nor part words. A zero width space parts them."""
    return "\ufe00" <= character <= "\ufe0f" or (unicodedata.category(character) == "Cf" and character != "\u200b")


def shadow(words: Iterable[Word]) -> str:
    """What is indexed for these words."""
    return " ".join(word.text for word in words)


def find(words: Sequence[Word], wanted: Sequence[Word]) -> tuple[int, int] | None:
    """Where `wanted` stands first among the words of a text, as a range of that text; its last word may be a beginning."""
    count = len(wanted)
    for at in range(len(words) - count + 1):
        here = words[at : at + count]
        if all(a.text == b.text for a, b in zip(here[:-1], wanted[:-1], strict=True)) and _begins(here[-1], wanted[-1]):
            return here[0].start, here[-1].end
    return None


def _begins(word: Word, wanted: Word) -> bool:
    return word.text == wanted.text if wanted.alone else word.text.startswith(wanted.text)


def excerpt(text: str, found: tuple[int, int], width: int = 200) -> str:
    """About `width` characters of the original around `found`, on one line, with … where something was left out."""
    start, end = found
    room = max(0, width - (end - start))
    first = max(0, min(start - room // 3, len(text) - width))
    last = min(len(text), max(first + width, min(end, first + 2 * width)))
    first, last = _to_word(text, first, start, 1), _to_word(text, last, end, -1)
    middle = " ".join(text[first:last].split())
    return ("…" if first > 0 else "") + middle + ("…" if last < len(text) else "")


def _to_word(text: str, at: int, limit: int, step: int) -> int:
    """Moves a cut at most 20 characters towards `limit` so that it does not divide a word of letters."""
    moved = at
    for _ in range(20):
        if moved in (0, len(text), limit) or text[moved - 1].isspace() or text[moved].isspace():
            return moved
        if _ALONE.match(text[moved]) or _ALONE.match(text[moved - 1]):
            return moved
        moved += step
    return at
