"""Takes the label out of a streamed answer: the first line `LABEL: word`, however it is split and decorated.

Models write it in bold, in a list, in quotes, with a full-width colon or in Chinese. A first line that is no label is
passed on unchanged as soon as that is certain, which for most answers is their first letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORDS = ("label", "标签", "標籤")
_BEFORE = " \t\r\n\ufeff*_#>`~-•[(<\"'“「【"  # what may stand before the word
_AFTER = " \t*_`\"'”」】"  # and between it and its colon
_AROUND = " \t*_#`~[]()<>{}\"'“”「」【】.。,，;；:："  # and around the label itself
_SENTENCE_ENDS = ".。!！?？"
_MOST = 60  # characters of a label; a longer line holds a text too, or is none


class LabelFilter:
    """One answer's filter. `label`: what was found, as `wanted` writes it where it matches one; empty: none (so far)."""

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        self.label = ""
        self._wanted = {_folded(word): word for word in wanted}
        self._held = ""  # not yet certain what it is
        self._decided = False
        self._begun = False  # text after a label has begun: its leading line breaks are not shown

    def feed(self, delta: str) -> str:
        """More of the answer; returns what of it can be shown."""
        if self._decided:
            return self._text(delta)
        self._held += delta
        return self._try(ended=False)

    def end(self) -> str:
        """The answer is over; returns the rest that can be shown."""
        return "" if self._decided else self._try(ended=True)

    def _try(self, *, ended: bool) -> str:
        value = _after_colon(self._held)
        if value is None:
            return self._pass_on()
        if value == "":
            return self._pass_on() if ended else ""
        line, newline, rest = value.lstrip(_AFTER + "\r\n").partition("\n")
        if not line.strip(_AROUND):
            return self._pass_on() if ended else ""
        if not newline and not ended and len(line) <= _MOST:
            return ""
        found = self._split(line)
        if found is None:
            return self._pass_on()
        self.label, more = found
        self._decided, self._held = True, ""
        return self._text(more + newline + rest)

    def _split(self, line: str) -> tuple[str, str] | None:
        """(label, text that stands on the same line); None where the line is no label."""
        bare = line.strip(_AROUND + "\r")
        if _folded(bare) in self._wanted:
            return self._wanted[_folded(bare)], ""
        for word in sorted(self._wanted.values(), key=len, reverse=True):
            begin = re.match(r"\s+".join(map(re.escape, word.split())), bare, re.IGNORECASE)
            if begin and not (bare[begin.end() :][:1].isalnum() and bare[begin.end() - 1].isascii()):
                rest = bare[begin.end() :].lstrip(_AROUND + "-–—|/")
                # "cutting, mixing" is a label too many; "cutting. The cook halves an onion." is a text.
                is_text = len(line) > _MOST or line.rstrip()[-1:] in _SENTENCE_ENDS
                return word, line[line.rindex(rest) :] if rest and is_text else ""
        return (bare, "") if bare and len(line) <= _MOST else None

    def _pass_on(self) -> str:
        self._decided = self._begun = True
        held, self._held = self._held, ""
        return held

    def _text(self, delta: str) -> str:
        if not self._begun:
            delta = delta.lstrip()
            self._begun = bool(delta)
        return delta


def _folded(word: str) -> str:
    """For comparison: without case, spaces, hyphens and width."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", word).casefold())


def _after_colon(text: str) -> str | None:
    """What follows `LABEL:`; "" while it can still become one; None where it cannot."""
    bare = text.lstrip(_BEFORE)
    if len(text) - len(bare) > 20:
        return None
    for word in _WORDS:
        if word.startswith(bare.lower()):
            return ""
        if bare.lower().startswith(word):
            rest = bare[len(word) :].lstrip(_AFTER)
            if rest[:1] in (":", "："):
                return rest[1:]
            return "" if not rest and len(bare) <= _MOST else None
    return None
