"""What has arrived of one answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from skiuo_desktop.analysis.labels import LabelFilter
from skiuo_desktop.analysis.provider import Finished


@dataclass(slots=True)
class Answer:
    labels: LabelFilter | None = None
    began: float = field(default_factory=time.perf_counter)
    text: str = ""
    first_token_ms: int | None = None
    finished: Finished | None = None
    saved_at: float = field(default_factory=time.perf_counter)
    cached: bool = False

    @property
    def total_ms(self) -> int:
        return round((time.perf_counter() - self.began) * 1000)

    @property
    def label(self) -> str:
        return self.labels.label if self.labels is not None else ""

    @property
    def tokens_per_s(self) -> float | None:
        """From the first word to the end; None where it is not known, or too short to tell."""
        tokens = self.finished.usage.tokens_out if self.finished is not None else None
        took_ms = self.total_ms - self.first_token_ms if self.first_token_ms is not None else 0
        return round(tokens * 1000 / took_ms, 1) if tokens and took_ms >= 100 and not self.cached else None

    def take(self, delta: str) -> str:
        """More of it has arrived; returns what of it is text."""
        shown = self.labels.feed(delta) if self.labels is not None else delta
        if delta and self.first_token_ms is None:
            self.first_token_ms = self.total_ms
        return shown

    def restart(self, labels: LabelFilter | None) -> None:
        """The next attempt begins with nothing."""
        self.labels, self.text, self.first_token_ms, self.finished = labels, "", None, None
        self.began = self.saved_at = time.perf_counter()
