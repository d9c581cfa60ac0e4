"""Selected text in a narrative: from a character of one card to a character of another, without Qt's widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Place = tuple[int, int]
"""(position of the card in the list, character in its text)"""


class HasText(Protocol):
    @property
    def plain(self) -> str: ...


class Selection:
    """Where a selection begins and where its moving end stands."""

    def __init__(self) -> None:
        self._from: Place | None = None
        self._to: Place | None = None

    def clear(self) -> None:
        self._from = self._to = None

    def begin(self, at: Place, *, extend: bool = False) -> None:
        if extend and self._from is not None:
            self._to = at
        else:
            self._from = self._to = at

    def extend(self, at: Place) -> None:
        self._to = at

    def word(self, position: int, text: str, char: int) -> None:
        """Selects the word around a character; in Chinese, that character."""
        start = min(char, max(len(text) - 1, 0))
        if not text or not _joins(text[start]):
            self._from, self._to = (position, start), (position, min(start + 1, len(text)))
            return
        end = start
        while start > 0 and _joins(text[start - 1]):
            start -= 1
        while end < len(text) and _joins(text[end]):
            end += 1
        self._from, self._to = (position, start), (position, end)

    @property
    def empty(self) -> bool:
        return self._from == self._to

    def in_card(self, position: int, length: int) -> tuple[int, int] | None:
        """The selected stretch of one card whose text is `length` long."""
        if self._from is None or self._to is None or self.empty:
            return None
        (first, start), (last, end) = sorted((self._from, self._to))
        if not first <= position <= last:
            return None
        stretch = (start if position == first else 0, end if position == last else length)
        return stretch if stretch[0] < stretch[1] else None

    def text(self, card: Callable[[int], HasText]) -> str:
        """What is selected; cards are separated by an empty line."""
        if self._from is None or self._to is None or self.empty:
            return ""
        (first, _), (last, _) = sorted((self._from, self._to))
        parts = []
        for position in range(first, last + 1):
            plain = card(position).plain
            stretch = self.in_card(position, len(plain))
            if stretch is not None:
                parts.append(plain[stretch[0] : stretch[1]])
        return "\n\n".join(parts)


def _joins(letter: str) -> bool:
    return (letter.isalnum() or letter in "_'’-") and ord(letter) < 0x2E80
