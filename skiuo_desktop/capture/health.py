"""The rhythm in which pictures arrive, and the gap when they do not."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

STALL_PERIODS = 5
BACKOFF_NS = 500_000_000
MOST_BACKOFF_NS = 5_000_000_000


class Pulse:
    """Told of every picture; knows the measured rate and when to call the source stalled.

    `least_stall_ns` keeps a busy machine's or a slow network's hiccup from being called a stall.
    """

    def __init__(self, fps: float, least_stall_ns: int) -> None:
        self._period_ns = 1e9 / fps
        self._least_stall_ns = least_stall_ns
        self._arrivals: deque[int] = deque(maxlen=240)
        self._started_ns = 0

    def start(self, now_ns: int) -> None:
        """The source is open; its first picture is expected from now on."""
        self._started_ns = now_ns
        self._arrivals.clear()

    def beat(self, now_ns: int) -> None:
        self._arrivals.append(now_ns)

    def age_ns(self, now_ns: int) -> int:
        """Time since the newest picture."""
        return now_ns - (self._arrivals[-1] if self._arrivals else self._started_ns)

    def fps(self, now_ns: int) -> float:
        """Pictures a second over the last two seconds."""
        recent = [t for t in self._arrivals if t > now_ns - 2_000_000_000]
        if len(recent) < 2:
            return 0.0
        return (len(recent) - 1) * 1e9 / max(1, recent[-1] - recent[0])

    def stalled(self, now_ns: int) -> bool:
        """Nothing for five periods: those the source promised, or those it really has, if longer (a camera in the dark)."""
        real_ns = (self._arrivals[-1] - self._arrivals[0]) / (len(self._arrivals) - 1) if len(self._arrivals) > 1 else 0.0
        return self.age_ns(now_ns) > max(self._least_stall_ns, STALL_PERIODS * max(self._period_ns, real_ns))


@dataclass(slots=True)
class Gap:
    """No pictures since `since_ns`; the source is opened anew at `retry_ns`."""

    since_ns: int
    retry_ns: int
    attempts: int = 0

    def later(self, now_ns: int) -> None:
        """Sets the next try: after half a second, then twice as long each time, five seconds at most."""
        self.retry_ns = now_ns + min(MOST_BACKOFF_NS, BACKOFF_NS << min(self.attempts, 10))
