"""Which recordings the Library page shows, and in which order; without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skiuo_desktop.model import RecordingState, RecordingSummary, WindowState

DATES = {"today": 1, "week": 7, "month": 30}
"""How many days back each choice reaches, this day included."""
STATES = ("failed", "working", "not_analysed", "done", "damaged")
ORDERS = ("newest", "oldest", "longest", "largest")
ELSEWHERE = "*"
"""Every device but this one, as a choice of the filter `device`."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty strings mean any; of devices, this one."""

    date: str = ""
    model: str = ""
    state: str = ""
    source: str = ""
    device: str = ""  # whose list is shown: this computer's, ELSEWHERE, or another device's by its name

    @property
    def in_force(self) -> int:
        return sum(bool(value) for value in (self.date, self.model, self.state, self.source, self.device))

    def lets_through(self, summary: RecordingSummary, now: datetime) -> bool:
        if self.date:
            first = (now.astimezone() - timedelta(days=DATES[self.date] - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
            if summary.started_at < first:
                return False
        if self.model and self.model not in summary.models:
            return False
        if self.source and self.source != summary.source_label:
            return False
        if self.device not in ("", ELSEWHERE, summary.device):
            return False
        return not self.state or self.state == state_of(summary)


def state_of(summary: RecordingSummary) -> str:
    """One of STATES, or `recording`, or `empty` where there is no window."""
    if summary.state is RecordingState.RECORDING:
        return "recording"
    if summary.state is RecordingState.DAMAGED:
        return "damaged"
    counts = Counter(summary.states)
    if counts[WindowState.QUEUED] or counts[WindowState.ANALYSING]:
        return "working"
    if counts[WindowState.FAILED]:
        return "failed"
    if counts[WindowState.DONE]:
        return "done"
    return "not_analysed" if summary.states else "empty"


def ordered(summaries: Iterable[RecordingSummary], order: str) -> list[RecordingSummary]:
    keys = {"longest": lambda r: -r.duration_ms, "largest": lambda r: -r.bytes}
    if order in keys:
        return sorted(summaries, key=keys[order])
    return sorted(summaries, key=lambda r: r.started_at, reverse=order == "newest")


def devices(summaries: Iterable[RecordingSummary]) -> list[str]:
    """The names of other devices, in the order of the alphabet."""
    return sorted({r.device for r in summaries if r.device})


def choices(summaries: Sequence[RecordingSummary]) -> tuple[list[str], list[str]]:
    """(models, sources) that occur, the commonest first."""
    models = Counter(model for r in summaries for model in r.models)
    sources = Counter(r.source_label for r in summaries if r.source_label)
    return [name for name, _ in models.most_common()], [name for name, _ in sources.most_common(20)]
