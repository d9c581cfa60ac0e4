"""Lines of text that were read, and which of them are new: OCR wobbles, so lines are compared loosely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

CONFUSED = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "ı": "1"})
CLOCK = re.compile(r"\d{1,2}\s*[:：]\s*\d{2}(\s*[:：.]\s*\d+)?")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands in one picture. The box is (left, top, right, bottom) in points of the picture."""

    text: str
    score: float  # the reader's confidence, 0..1
    box: tuple[float, float, float, float]

    @property
    def sure(self) -> bool:
        """Worth telling. Single letters and signs are mostly edges of things that were taken for text."""
        letters = sum(c.isalnum() for c in self.text)
        if letters == 0 or (letters == 1 and not HAN.search(self.text)):
            return False
        return self.score >= (0.9 if letters <= 2 else 0.7)


def arranged(pieces: Iterable[Line]) -> list[Line]:
    """Pieces in the order of reading: rows from top to bottom, in a row from left to right; what stands close together is one line."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda p: p.box[1] + p.box[3]):
        row = rows[-1] if rows else None
        if row is not None and _same_row(row[-1], piece):
            row.append(piece)
        else:
            rows.append([piece])
    lines: list[Line] = []
    for row in rows:
        row.sort(key=lambda p: p.box[0])
        joined = row[0]
        for piece in row[1:]:
            if _close(joined, piece):
                joined = _joined(joined, piece)
            else:
                lines.append(joined)
                joined = piece
        lines.append(joined)
    return lines


def _same_row(one: Line, other: Line) -> bool:
    height = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
    return abs((one.box[1] + one.box[3]) - (other.box[1] + other.box[3])) / 2 < 0.5 * height


def _close(left: Line, right: Line) -> bool:
    heights = sorted((left.box[3] - left.box[1], right.box[3] - right.box[1]))
    # A gap of half a line's height is a space, a wider one parts two columns.
    return right.box[0] - left.box[2] < 0.6 * heights[0] and heights[1] < 1.4 * heights[0]


def _joined(left: Line, right: Line) -> Line:
    gap = "" if HAN.search(left.text[-1:]) and HAN.search(right.text[:1]) else " "
    box = (left.box[0], min(left.box[1], right.box[1]), right.box[2], max(left.box[3], right.box[3]))
    return Line(left.text + gap + right.text, min(left.score, right.score), box)


def merged(pictures: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of a window's pictures, in order of time, each once. Of a line that was typed on, the longest stays."""
    kept: list[Line] = []
    for picture in pictures:
        for line in picture:
            if any(_begins(line.text, other.text) for other in kept):
                continue
            number = next((n for n, other in enumerate(kept) if same(line.text, other.text)), None)
            if number is None:
                kept = [other for other in kept if not _begins(other.text, line.text)]
                kept.append(line)
            elif line.score > kept[number].score:
                kept[number] = line
    return kept


def fresh(texts: Iterable[str], known: Sequence[str]) -> list[str]:
    """The texts that are not among those known already, nor the beginning of one."""
    return [text for text in texts if not any(same(text, other) or _begins(text, other) for other in known)]


def same(one: str, other: str) -> bool:
    """Whether two readings are of one line: equal but for spaces, letter case, the time of day and single misread letters.

    Figures always count: "3 failed" is not "2 failed".
    """
    a, b = _key(one), _key(other)
    if a == b:
        return True
    shorter, longer = sorted((len(a), len(b)))
    if shorter < 8 or longer - shorter > longer // 10 + 1 or _figures(one) != _figures(other):
        return False
    wrong = 0
    for kind, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            size = max(a_to - a_from, b_to - b_from)
            if size > 2:
                return False
            wrong += size
    # One Han character carries as much as a word does, so fewer may differ.
    return wrong <= (longer // 16 if HAN.search(one) else max(1, longer // 10))


def _begins(part: str, whole: str) -> bool:
    a, b = _key(part), _key(whole)
    return 4 <= len(a) < len(b) and b.startswith(a)


def _plain(text: str) -> str:
    return CLOCK.sub(" ", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(4096)
def _key(text: str) -> str:
    """What of a text counts when two are compared. All clocks are alike."""
    plain = "".join(c for c in _plain(text) if c.isalnum()).translate(CONFUSED)
    return plain or CLOCK.sub(":", "".join(text.split()))


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+|[零一二三四五六七八九十百千万两]", _plain(text))
