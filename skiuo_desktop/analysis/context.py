"""What a model is told of the windows before: an excerpt of the last text, and a rolling summary.

The summary is made here, without a model: the first sentence of each window with its time. When it is full, old lines are
thinned, so that the beginning stays, the recent past is dense and the older past sparse.

Limits are in characters, where a Chinese one counts as two: it says more, and costs more tokens.
"""

from __future__ import annotations

import re

from skiuo_desktop.model import Span

MOST_SUMMARY = 900
MOST_EXCERPT = 600
_MOST_SENTENCE = 140
# A sentence ends at a Chinese mark, or at a Latin one before a space; not in `3.5` or `main.py`, after `Dr.` or an initial, in a
# heading's `1.`, nor where it goes on with a small letter (`e.g. large`).
_NO_END = r"(?<!\b[A-Z])(?<!^\d)(?<![.!?]\s\d)(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)(?<!\bNo)"
_END = re.compile(rf"[。！？]+[”’」』）]*|(?:[!?]+|{_NO_END}[.]+)[\"'”’)]*(?=$|\s+[^\sa-z])")
_LINE = re.compile(r"\[(?:(\d+):)?(\d+):(\d\d)\] ")
_NOTHING_NEW = re.compile(
    r"(there is |there's )?(nothing (new|changes|changed|happens)|no (change|new))\b|(这一段|本段|画面)?(没有|无)(什么)?(新|变化|明显变化)", re.IGNORECASE
)


def clock(ms: int) -> str:
    """12:47, or 1:04:22 from one hour on; the time within the recording."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def room(text: str) -> int:
    """The text's length, where characters as wide as the Chinese ones count twice."""
    return len(text) + sum(character >= "\u2e80" for character in text)


def one_line(text: str) -> str:
    """The text without line breaks and double spaces, so that it stays one quoted line."""
    return " ".join(text.split())


def sentences(text: str) -> list[str]:
    """The text of one line in sentences, in Chinese and in languages with Latin marks."""
    found, begin = [], 0
    for end in _END.finditer(text):
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    return [sentence for sentence in [*found, text[begin:].strip()] if sentence]


def extend_summary(summary: str, text: str, span: Span, language: str, *, most_chars: int = MOST_SUMMARY) -> str:
    """The summary with the first sentence of a window's text that has news, at most `most_chars` characters.

    One line a window, `[mm:ss] sentence`, by time. A window that was there already (analysed again) replaces its line;
    one that only says that nothing is new adds none.
    """
    lines = {_time(line): line for line in summary.splitlines() if _LINE.match(line)}
    first = next((sentence for sentence in sentences(one_line(text)) if not _NOTHING_NEW.match(sentence)), "")
    time = span.start_ms // 1000
    if first:
        head = f"[{clock(span.start_ms)}] "
        most = max(8, min(_MOST_SENTENCE, most_chars // 2 - len(head)))
        lines[time] = head + shortened(first, most, language)
    kept = [lines[at] for at in sorted(lines)]
    while room("\n".join(kept)) > most_chars and len(kept) > 1:
        del kept[_least_missed(kept)]
    return "\n".join(kept)


def previous_excerpt(text: str, most_chars: int = MOST_EXCERPT) -> str:
    """The end of the text, in whole sentences where they fit: what was said last is what the next window goes on from."""
    text = one_line(text)
    if room(text) <= most_chars:
        return text
    kept = ""
    for sentence in reversed(sentences(text)):
        longer = f"{sentence} {kept}".strip() if sentence[-1:].isascii() else sentence + kept
        if room(longer) > most_chars - 2:
            break
        kept = longer
    return f"… {kept}" if kept else f"…{text[-(most_chars // (1 if text.isascii() else 2) - 1) :]}"


def shortened(sentence: str, most: int, language: str) -> str:
    """Cut at a word's end in languages that have spaces."""
    if room(sentence) <= most:
        return sentence
    cut = sentence[: most - 1]
    while room(cut) > most - 1:
        cut = cut[:-1]
    if language != "zh" and " " in cut[most // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:，；：、") + "…"


def _time(line: str) -> int:
    """Seconds at a summary's line."""
    found = _LINE.match(line)
    assert found is not None  # noqa: S101 - only called for lines that match
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _least_missed(lines: list[str]) -> int:
    """The line whose loss leaves the smallest gap for its age; never the first, and the newest only when there is no other."""
    times = [_time(line) for line in lines]
    if len(times) == 2:
        return 0
    now = times[-1] + 1
    return min(range(1, len(times) - 1), key=lambda i: (times[i + 1] - times[i - 1]) / (now - times[i]))
