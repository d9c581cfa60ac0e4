"""Which windows a recording has: fixed spans that slide by a stride. Pure arithmetic in integer milliseconds.

Windows start at every multiple of the stride that lies before the recording's end and last `length_ms`, or to the end.
A last one shorter than `min_last_ms` is not worth a question of its own: the one before it goes on to the end instead. (Where
the windows themselves are shorter than that, `length_ms` takes its place, or no window would ever stand alone.) A recording
shorter than that is one window.
"""

from __future__ import annotations

import math

from skiuo_desktop.model import Span

MIN_LAST_MS = 5000
FINEST_EDGE_MS = 1000


def edge_ms(length_ms: int, stride_ms: int) -> int:
    """How often a window begins or ends: the distance of the keyframes that the recorder must force, at least one second."""
    _check(length_ms, stride_ms, MIN_LAST_MS)
    return max(FINEST_EDGE_MS, math.gcd(length_ms, stride_ms))


def planned(duration_ms: int, length_ms: int, stride_ms: int, min_last_ms: int = MIN_LAST_MS) -> list[Span]:
    """The windows of a finished recording. They overlap where the stride is shorter than the length, and leave no gap.

    Raises ValueError where the stride is longer than the length, or a number is not positive.
    """
    _check(length_ms, stride_ms, min_last_ms)
    if duration_ms <= 0:
        return []
    least = max(1, min(min_last_ms, length_ms))
    last = max(0, (duration_ms - least) // stride_ms)
    spans = [Span(k * stride_ms, min(k * stride_ms + length_ms, duration_ms)) for k in range(last)]
    return [*spans, Span(last * stride_ms, duration_ms)]


def ready(written_ms: int, length_ms: int, stride_ms: int, min_last_ms: int = MIN_LAST_MS) -> list[Span]:
    """The windows that are certain while the recording goes on, every packet before `written_ms` being in the file.

    A window is certain when its end is written and the next one is sure to be long enough to stand alone: from then on no later
    end of the recording changes it, so the list is a beginning of what `planned` says in the end. Raises ValueError as `planned` does.
    """
    _check(length_ms, stride_ms, min_last_ms)
    needed = max(length_ms, stride_ms + max(1, min(min_last_ms, length_ms)))
    count = max(0, (written_ms - needed) // stride_ms + 1)
    return [Span(k * stride_ms, k * stride_ms + length_ms) for k in range(count)]


def _check(length_ms: int, stride_ms: int, min_last_ms: int) -> None:
    if length_ms <= 0 or min_last_ms < 0 or not 0 < stride_ms <= length_ms:
        raise ValueError(f"windows of {length_ms} ms every {stride_ms} ms, the last at least {min_last_ms} ms: the stride must be in 1..length")
