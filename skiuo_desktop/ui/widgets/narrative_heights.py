"""Heights and tops of a long list of cards, most of them never laid out, without Qt."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate


class Heights:
    """Each card has a height, guessed until it is measured. Tops follow from the heights."""

    def __init__(self) -> None:
        self._heights: list[float] = []
        self._measured: list[bool] = []
        self._tops: list[float] | None = None
        self._unmeasured_from = 0

    def __len__(self) -> int:
        return len(self._heights)

    def replace(self, guesses: list[float]) -> None:
        """All cards anew, none of them measured."""
        self._heights = guesses
        self._measured = [False] * len(guesses)
        self._tops = None
        self._unmeasured_from = 0

    def resize(self, count: int, guess: float) -> None:
        """Takes cards from the end, or adds guessed ones."""
        missing = count - len(self._heights)
        if missing < 0:
            del self._heights[count:], self._measured[count:]
        else:
            self._heights += [guess] * missing
            self._measured += [False] * missing
        if missing:
            self._tops = None
            self._unmeasured_from = min(self._unmeasured_from, count)

    def forget(self, position: int) -> None:
        """The card changed: its height is a guess again."""
        self._measured[position] = False
        self._unmeasured_from = min(self._unmeasured_from, position)

    def measured(self, position: int) -> bool:
        return self._measured[position]

    def set(self, position: int, height: float) -> float:
        """Notes a measured height; returns by how much it differs from before."""
        difference = height - self._heights[position]
        self._measured[position] = True
        if difference:
            self._heights[position] = height
            self._tops = None
        return difference

    def next_unmeasured(self) -> int | None:
        place = self._unmeasured_from
        while place < len(self._measured) and self._measured[place]:
            place += 1
        self._unmeasured_from = place
        return place if place < len(self._measured) else None

    @property
    def tops(self) -> list[float]:
        """One more than there are cards: the last is the end of the list."""
        if self._tops is None:
            self._tops = [0.0, *accumulate(self._heights)]
        return self._tops

    @property
    def total(self) -> float:
        return self.tops[-1]

    def top(self, position: int) -> float:
        return self.tops[position]

    def height(self, position: int) -> float:
        return self._heights[position]

    def at(self, y: float) -> int | None:
        """The card at a distance from the top of the list."""
        if not self._heights or not 0 <= y < self.total:
            return None
        return min(bisect_right(self.tops, y) - 1, len(self._heights) - 1)
