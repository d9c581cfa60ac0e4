"""Whether and when a model may be asked: its request and token rates, and a circuit breaker.

After `TRIPS` failures in a row that have to do with the endpoint and not with the window, the model is paused, longer each
time, and then tried with one window before the others follow. What only a person can mend (a key, a bill, a name) stops the
model until its configuration changes or a person asks again. A server's own wish for a delay is obeyed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from skiuo_desktop import failures
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import Failure, FailureKind, ModelConfig, ModelHealth

STOPS = frozenset({FailureKind.KEY, FailureKind.BILLING, FailureKind.MODEL_MISSING})
"""Nothing but a person can mend these."""

TRIPPING = frozenset({FailureKind.OVERLOADED, FailureKind.NETWORK, FailureKind.TIMEOUT})
AGAIN = TRIPPING | {FailureKind.QUOTA_MINUTE, FailureKind.CANNOT_FETCH, FailureKind.EMPTY, FailureKind.CUT_SHORT, FailureKind.BAD_ANSWER}
"""Asking the same again may well end better."""

ANSWERED = frozenset({FailureKind.REFUSED, FailureKind.EMPTY})
"""Failures that show that the endpoint is alive."""

TRIPS = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 15.0, 300.0
DAY_S = 3600.0
"""How long a model rests whose day's quota is used up, when the server does not say."""

PATIENCE_S = 120.0
"""A server that wants a longer delay than this is not waited for with a window in hand."""

SHORT_S = 10.0
"""A pause up to this long is waited for although another model could be asked."""

MINUTE_S = 60.0


class Gate:
    """One model's. Belongs to the engine's loop."""

    def __init__(self, config: ModelConfig, changed: Callable[[ModelHealth], None]) -> None:
        self.config = config
        self._changed = changed
        self._trips = 0
        self._pauses = 0
        self._until = 0.0  # monotonic
        self._wished = 0.0  # monotonic: until then the server itself wants not to be asked
        self._refusal: Failure | None = None  # the model is stopped, or rests for a long time
        self._trial = False
        self._moved = asyncio.Event()  # something changed for those who wait
        self._sent: deque[tuple[float, int]] = deque()
        self.others = False
        """Whether another model can take its place: then nobody waits for long."""
        self.patience_s: float | None = None
        """How long an outage is waited out; None: without end."""
        self.last: Failure | None = None
        """What it was paused for."""
        self._outage_since: float | None = None
        self.health = ModelHealth(config.name)

    @property
    def refusal(self) -> Failure | None:
        """Why it is no use to ask at present; None where it is, be it after a wait."""
        if self._refusal is not None and self._until and time.monotonic() >= self._until:
            self._refusal, self._until = None, 0.0
            self._say(ModelHealth(self.config.name))
        if self._refusal is None and self.last is not None and self.pause_s > 0:
            if self.others and (self._trips >= TRIPS or self.pause_s > SHORT_S):
                return self.last
            if self.patience_s is not None and (self.pause_s > PATIENCE_S or self._outage_s > self.patience_s):
                return self.last
        return self._refusal

    @property
    def pause_s(self) -> float:
        """How long it is paused still."""
        return max(0.0, self._until - time.monotonic())

    @property
    def _outage_s(self) -> float:
        return time.monotonic() - self._outage_since if self._outage_since is not None else 0.0

    def reset(self, config: ModelConfig | None = None) -> None:
        """A person has changed something, or asks again."""
        self.config = config or self.config
        self._trips = self._pauses = 0
        self._until = self._wished = 0.0
        self._refusal, self._trial, self.last, self._outage_since = None, False, None, None
        self._say(ModelHealth(self.config.name))
        self._move()

    async def ready(self) -> None:
        """Returns when the model may be asked, or is refused at once (`refusal`). After a pause the first to come is the trial."""
        while self.refusal is None:
            wait_s = self.pause_s if self.patience_s is None else min(self.pause_s, 5.0)
            if wait_s <= 0 and self._trips < TRIPS:
                return
            if wait_s <= 0 and not self._trial:
                self._trial = True
                return
            self._moved.clear()
            try:
                await asyncio.wait_for(self._moved.wait(), wait_s if wait_s > 0 else MINUTE_S)
            except TimeoutError:
                if wait_s <= 0:
                    self._trial = False  # the trial has told nothing for a minute: another one may try

    async def rate(self, tokens: int) -> float:
        """Waits until one more request of about `tokens` keeps to the rates; returns the seconds waited. A request larger than the rate itself goes alone."""
        began = time.monotonic()
        while True:
            now = time.monotonic()
            while self._sent and now - self._sent[0][0] >= MINUTE_S:
                self._sent.popleft()
            requests, most = self.config.requests_per_minute, self.config.tokens_per_minute
            full = bool(requests) and len(self._sent) >= requests
            full = full or (bool(most) and bool(self._sent) and sum(size for _, size in self._sent) + tokens > most)
            if not full:
                self._sent.append((now, tokens))
                return now - began
            await asyncio.sleep(self._sent[0][0] + MINUTE_S - now + 0.001)

    def left(self) -> None:
        """The one that was tried ended without telling anything about the endpoint (cancelled, or the window's own fault)."""
        self._trial = False
        self._move()

    def succeeded(self) -> None:
        """The endpoint answers. What only a person can mend, and a delay that the server wished for, outlast an answer that was under way meanwhile."""
        self._trips = self._pauses = 0
        self._trial, self._outage_since = False, None
        if self._refusal is None:
            self._until = min(self._until, self._wished)
            if self.pause_s == 0:
                self.last = None
                self._say(ModelHealth(self.config.name))
        self._move()

    def failed(self, error: AnalysisError) -> None:
        """Takes note of a failure, and pauses or stops the model where it calls for that."""
        kind, now = error.failure.kind, time.monotonic()
        self._trial = False
        self._wished = max(self._wished, now + (error.retry_after_s or 0.0))
        if kind in STOPS:
            self._refusal, self._until = error.failure, 0.0
            self._say(ModelHealth(self.config.name, "stopped", None, kind))
        elif kind is FailureKind.QUOTA_DAY:
            rest_s = error.retry_after_s or DAY_S
            self._until = now + rest_s
            facts = {**error.failure.facts, "wait_s": rest_s}
            self._refusal = failures.failure(kind, error.failure.raw, **facts)
            self._say(ModelHealth(self.config.name, "paused", _in(rest_s), kind))
        elif kind is FailureKind.QUOTA_MINUTE:
            self._pause(error.failure, error.retry_after_s or backoff_s(1))
        elif kind in TRIPPING:
            self._trips += 1
            self._outage_since = self._outage_since or now
            if self._trips >= TRIPS:
                pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._pauses)
                self._pauses += 1
                self._pause(error.failure, max(pause_s, error.retry_after_s or 0.0))
        elif kind in ANSWERED:
            self._trips = 0
        self._move()

    def _pause(self, failure: Failure, pause_s: float) -> None:
        if self._refusal is not None:
            return  # a pause that ends must not end what stopped the model meanwhile
        self.last = failure
        self._until = max(self._until, time.monotonic() + pause_s)
        self._say(ModelHealth(self.config.name, "paused", _in(self.pause_s), failure.kind))

    def _say(self, health: ModelHealth) -> None:
        if (health.state, health.kind, health.until) != (self.health.state, self.health.kind, self.health.until):
            self.health = health
            self._changed(health)

    def _move(self) -> None:
        self._moved.set()


def backoff_s(attempt: int) -> float:
    """1, 2, 4 … 30 s after attempts 1, 2, 3 …, between half and the whole of it, so that many do not come back at once."""
    return min(30.0, 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, protects nothing


def delay_s(error: AnalysisError, attempt: int) -> float | None:
    """How long to wait before the next attempt; None where another one is no use now."""
    if error.failure.kind not in AGAIN or not error.again:
        return None
    if error.failure.kind in (FailureKind.EMPTY, FailureKind.BAD_ANSWER, FailureKind.CANNOT_FETCH) and attempt >= 2:
        return None  # once more is enough: it was paid for each time
    wanted = error.retry_after_s or 0.0
    return None if wanted > PATIENCE_S else max(wanted, backoff_s(attempt))


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
