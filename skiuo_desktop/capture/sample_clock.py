"""When a sound device's samples were really heard."""

from __future__ import annotations

from collections import deque

SECONDS = 8
LOST_NS = 60_000_000
MOST_AGE_S = 3.0


class SampleClock:
    """Dates blocks by counting samples.

    A block may arrive late (the driver hands on several at once, another program had the processor) but never early. So the
    earliest of the arrivals of the last seconds, set off against the samples counted, is the truth; the others are jitter.
    Where even a second's earliest is far later than that, samples were lost, and counting starts anew.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._counted_ns = 0  # length of all blocks so far
        self._second_ns: int | None = None  # the earliest start that this second's blocks speak for
        self._second_ends = 0
        self._past: deque[int] = deque(maxlen=SECONDS)

    def time_ns(self, samples: int, age_s: float, arrived_ns: int) -> int:
        """The moment of a block's first sample. `age_s`: how old the driver says it was on arrival; not all drivers know."""
        length_ns = samples * 1_000_000_000 // self._rate
        # It was heard before the last sample of its block.
        age_ns = max(length_ns, round(age_s * 1e9)) if age_s < MOST_AGE_S else length_ns
        start_ns = arrived_ns - age_ns - self._counted_ns
        self._second_ns = start_ns if self._second_ns is None else min(self._second_ns, start_ns)
        heard_ns = min((*self._past, self._second_ns)) + self._counted_ns
        self._counted_ns += length_ns
        if self._counted_ns >= self._second_ends:
            self._second_over(self._second_ns)
        return heard_ns

    def _second_over(self, earliest_ns: int) -> None:
        if self._past and earliest_ns > min(self._past) + LOST_NS:
            self._past.clear()
        self._past.append(earliest_ns)
        self._second_ns = None
        self._second_ends = self._counted_ns + 1_000_000_000
