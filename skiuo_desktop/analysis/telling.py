"""Says in plain sentences what was measured and read; only what is new against the window before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skiuo_desktop.analysis.facts import Facts
from skiuo_desktop.analysis.words import LANGUAGES, STILL

MOST_CHARACTERS = 2_000
"""A screen full of code is quoted whole, since it is to be found again by its words; what is longer is cut off, and says so."""
NEWS = 0.25
"""A share that differs by less from the one before is no news."""


class Teller:
    """The text of one window, sentence by sentence: first `measured`, then `read`, once each."""

    def __init__(self, language: str, before: Facts | None) -> None:
        self._words = LANGUAGES.get(language, LANGUAGES["en"])
        self._before = before
        self._told = False

    def measured(self, facts: Facts) -> Iterator[str]:
        """What is known before the text has been read."""
        yield from self._spaced([*self._scene(facts), *self._light(facts), *self._sound(facts)])

    def read(self, facts: Facts, fresh: Sequence[str]) -> Iterator[str]:
        """The rest. Altogether there is at least one sentence."""
        yield from self._spaced([*self._sharpness(facts), *self._text(fresh)])
        if not self._told:
            yield from self._spaced([self._words.nothing_new((facts.motion or 0.0) >= STILL, facts.sound)])

    def _spaced(self, sentences: Sequence[str]) -> Iterator[str]:
        for sentence in sentences:
            yield self._words.gap + sentence if self._told else sentence
            self._told = True

    def _is_new(self, time_ms: int) -> bool:
        """Windows overlap: what lies in the one before was told there."""
        return self._before is None or time_ms >= self._before.end_ms

    def _scene(self, facts: Facts) -> Iterator[str]:
        if facts.unreadable:
            yield self._words.unreadable
        parts = []
        if facts.motion is not None and (self._before is None or _differs(facts.motion, self._before.motion)):
            parts.append(self._words.motion(facts.motion))
        times = [clock(cut) for cut in facts.cuts_ms if self._is_new(cut)]
        if times:
            parts.append(self._words.cuts(times))
        if parts:
            yield self._words.sentence(parts)

    def _light(self, facts: Facts) -> Iterator[str]:
        words, before = self._words, self._before
        if facts.black != (before is not None and before.black):
            yield words.black if facts.black else words.not_black
        elif facts.light_ms is not None:
            if self._is_new(facts.light_ms):
                yield (words.brighter if facts.light_to > facts.light_from else words.darker).format(clock(facts.light_ms))
        elif facts.light_varies:
            if before is None or not before.light_varies:
                yield words.light_varies
        elif before is None:
            yield words.steady_light

    def _sound(self, facts: Facts) -> Iterator[str]:
        before = self._before
        if facts.sound == "speech":
            if before is None or before.sound != "speech" or abs(facts.speech - before.speech) >= NEWS:
                yield self._words.speech(facts.speech)
        elif before is None or before.sound != facts.sound:
            yield self._words.sounds[facts.sound]

    def _sharpness(self, facts: Facts) -> Iterator[str]:
        if facts.blurred != (self._before is not None and self._before.blurred):
            yield self._words.blurred if facts.blurred else self._words.sharp_again

    def _text(self, fresh: Sequence[str]) -> Iterator[str]:
        first = self._before is None
        if fresh:
            shown = list(_fitting(fresh))
            yield self._words.text(shown, len(fresh) - len(shown), first)
        elif first:
            yield self._words.no_text


def clock(time_ms: int) -> str:
    """A time of the recording: 00:12, and 1:02:03 from the first hour on."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _differs(motion: float, before: float | None) -> bool:
    return before is None or (motion < STILL) != (before < STILL) or abs(motion - before) >= NEWS


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    length = 0
    for line in lines:
        length += len(line)
        if length > MOST_CHARACTERS:
            return
        yield line
