"""Leaves a model's thoughts out of its text while the text arrives."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class Thoughts:
    """Drops `<think>…</think>` at the beginning. `open_already`: the chat template has written the opening itself."""

    def __init__(self, *, open_already: bool = False) -> None:
        self.thinking = open_already
        self.thought = open_already  # whether there was any
        self._decided = open_already  # whether the text begins with a thought
        self._begun = False
        self._held = ""  # not shown yet: it may be part of a mark

    def add(self, text: str) -> str:
        """What of the text so far can be shown now."""
        self._held += text
        if not self._decided:
            start = self._held.lstrip()
            if not start or (OPEN.startswith(start) and start != OPEN):
                return ""
            self._decided = True
            if start.startswith(OPEN):
                self.thinking = self.thought = True
                self._held = start[len(OPEN) :]
        if self.thinking:
            _, mark, rest = self._held.partition(CLOSE)
            if not mark:
                self._held = self._held[-len(CLOSE) :]
                return ""
            self.thinking = False
            self._held = rest
        return self._shown()

    def finish(self) -> str:
        """What was held back and turned out to be text."""
        if self.thinking:
            return ""
        return self._shown()

    def _shown(self) -> str:
        shown, self._held = self._held, ""
        if not self._begun:
            shown = shown.lstrip()
            self._begun = bool(shown)
        return shown
