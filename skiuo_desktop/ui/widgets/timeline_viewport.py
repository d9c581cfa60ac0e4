"""Which stretch of a recording a timeline shows, without Qt: following, panning, zooming."""

from __future__ import annotations

import math

STRIDES_SHOWN = 18
"""Windows in view at first beside the player; while recording the width decides."""
LIVE_STRIDE_PIXELS = 59.0
PRESENT_AT = 0.75
"""Where the present stands while recording: a quarter of the width is left for what is planned."""

PAGE_AT, JUMP_AT = 0.05, 0.37
"""Where the present stands in the view after it has left it."""


class Viewport:
    """A stretch `[start_ms, start_ms + span_ms)` of a recording `total_ms` long."""

    def __init__(self, *, live: bool) -> None:
        self.live = live
        self.start_ms = 0.0
        self.span_ms = 180_000.0
        self.total_ms = 0
        self.now_ms = 0
        self.stride_ms = 10_000
        self.following = True
        self._chosen = False  # the person has zoomed: the span is theirs

    @property
    def least_ms(self) -> float:
        return min(3.0 * self.stride_ms, self._whole)

    @property
    def _whole(self) -> float:
        return float(max(self.total_ms, 1_000))

    def set_plan(self, stride_ms: int) -> None:
        self.stride_ms = stride_ms
        self._fit()

    def set_total(self, total_ms: int) -> None:
        self.total_ms = total_ms
        self._fit()

    def set_width(self, width: float) -> None:
        if self.live:
            self.span_ms = max(width / LIVE_STRIDE_PIXELS, 1.0) * self.stride_ms
            self._fit()

    def reset(self) -> None:
        """A new recording: from the start, at the first zoom."""
        self.start_ms, self.now_ms, self.following, self._chosen = 0.0, 0, True, False
        self._fit()

    def _fit(self) -> None:
        if not self.live:
            wanted = self.span_ms if self._chosen else float(STRIDES_SHOWN * self.stride_ms)
            self.span_ms = min(max(wanted, self.least_ms), self._whole)
        self._place(self.start_ms)

    def _place(self, start_ms: float) -> None:
        last = self.now_ms - self.span_ms * PRESENT_AT if self.live else self.total_ms - self.span_ms
        if self.live and self.following:
            start_ms = last
        self.start_ms = min(max(start_ms, 0.0), max(last, 0.0))

    def set_now(self, now_ms: int) -> None:
        """The present moves. While it is followed and leaves the view, the view turns a page."""
        self.now_ms = now_ms
        if self.live:
            self._place(self.start_ms)
        elif self.following and not self.start_ms <= now_ms <= self.start_ms + self.span_ms:
            # Playing on turns a page; a jump shows what stands around its target.
            plays_on = 0 <= now_ms - (self.start_ms + self.span_ms) < self.stride_ms
            self._place(now_ms - self.span_ms * (PAGE_AT if plays_on else JUMP_AT))

    def follow(self) -> None:
        self.following = True
        self.set_now(self.now_ms)

    def pan(self, by_ms: float) -> None:
        self.following = False
        self._place(self.start_ms + by_ms)
        if self.live and self.start_ms >= max(self.now_ms - self.span_ms * PRESENT_AT, 0.0):
            self.following = True

    def center(self, ms: float) -> None:
        self.following = False
        self._place(ms - self.span_ms / 2)

    def reveal(self, start_ms: int, end_ms: int) -> None:
        """Moves as little as needed to show a window, with a window's distance to the edge."""
        margin = min(float(self.stride_ms), self.span_ms / 4)
        if start_ms < self.start_ms:
            self.following = False
            self._place(start_ms - margin)
        elif end_ms > self.start_ms + self.span_ms and not (self.live and self.following):
            self._place(end_ms + margin - self.span_ms)
            self.following = self.following or (self.live and end_ms >= self.now_ms)

    @property
    def zoom(self) -> float:
        """0 shows everything, 1 about three windows; even steps feel even."""
        if self._whole <= self.least_ms:
            return 0.0
        return math.log(self._whole / self.span_ms) / math.log(self._whole / self.least_ms)

    def set_zoom(self, zoom: float, anchor_ms: float | None = None) -> None:
        """Keeps `anchor_ms` where it is; without it the present when that is in view, else the middle."""
        in_view = self.start_ms <= self.now_ms <= self.start_ms + self.span_ms
        anchor = anchor_ms if anchor_ms is not None else (self.now_ms if in_view else self.start_ms + self.span_ms / 2)
        share = (anchor - self.start_ms) / self.span_ms
        self.span_ms = self._whole * (self.least_ms / self._whole) ** min(max(zoom, 0.0), 1.0)
        self._chosen = True
        self._place(anchor - share * self.span_ms)
