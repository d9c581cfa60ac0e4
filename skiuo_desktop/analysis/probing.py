"""The test of an endpoint: which deliveries really reach the model.

A server may accept a video and drop it, and the model then makes up an answer. What gives it away is the count of tokens: the same
question is asked without a picture first, and a delivery must cost more than that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from skiuo_desktop.analysis.delivery import URL
from skiuo_desktop.analysis.links import hindrance_of
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Hop, Links, ProbeReport, Prompt, ProviderEvent, Sent, TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, Usage

LONGEST_ANSWER = 32
"""Tokens that each answer of a probe may have."""

MARGIN = 8
"""Tokens that a request may differ by although it holds the same text: markers of a template."""

QUESTION = Prompt("", "In one short sentence: what does the video show?", "probe", 1)

_ENDS_PROBE = {FailureKind.KEY, FailureKind.BILLING, FailureKind.QUOTA_DAY, FailureKind.QUOTA_MINUTE, FailureKind.MODEL_MISSING, FailureKind.NETWORK}

Ask = Callable[[AnalysisRequest, str, str], AsyncIterator[ProviderEvent]]
"""(request, delivery or "text", video format or "") -> the events of `Provider.analyse`, with an answer of at most `LONGEST_ANSWER` tokens."""


@dataclass(slots=True)
class _Tried:
    text: str = ""
    usage: Usage | None = None
    billed: bool = False
    first_ms: int = 0  # until the answer began
    took_ms: int = 0
    error: AnalysisError | None = None

    @property
    def tokens_in(self) -> int | None:
        return self.usage.tokens_in if self.usage is not None and not self.usage.estimated else None


@dataclass(slots=True)
class _Walk:
    hops: list[Hop] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # delivery -> what was said
    format: str = ""

    def reached(self, alone: _Tried) -> bool:
        """Whether the walk goes on."""
        error = alone.error
        if error is not None and error.failure.kind in (FailureKind.NETWORK, FailureKind.TIMEOUT):
            self.hops.append(Hop("reach", "failed", alone.took_ms, None, error.failure.message, error.failure.kind.value))
            return False
        self.hops.append(Hop("reach", "ok", alone.first_ms))
        if error is not None:
            self.hops.append(Hop("text", "failed", alone.took_ms, alone.tokens_in, error.failure.message, error.failure.kind.value))
            return False
        detail = "" if alone.tokens_in is not None else "The server counts no tokens."
        self.hops.append(Hop("text", "ok", alone.took_ms, alone.tokens_in, detail))
        return True

    async def delivery(self, ask: Ask, request: AnalysisRequest, delivery: str, formats: Sequence[str], alone: int | None) -> bool:
        """Whether the walk goes on. A video is tried in one format after the other until one arrives; the last one's hop counts."""
        hop = Hop(delivery, "failed")
        for form in ([self.format] if self.format else formats) if delivery != "frames" else [""]:
            tried = await self.asked(ask, request, delivery, form)
            hop = _judged(delivery, tried, alone)
            if hop.state == "ok":
                self.seen[delivery] = tried.text.strip()
                self.format = self.format or form
                break
            if tried.error is not None and tried.error.failure.kind in _ENDS_PROBE:
                break
        self.hops.append(hop)
        return hop.state != "failed" or hop.kind not in _ENDS_PROBE

    async def asked(self, ask: Ask, request: AnalysisRequest, delivery: str, form: str) -> _Tried:
        tried = _Tried()
        estimate: Usage | None = None
        started = time.monotonic()
        try:
            async with aclosing(cast(Any, ask(request, delivery, form))) as events:
                async for event in events:
                    if isinstance(event, Sent):
                        if delivery == URL and event.ledger.get("delivery") != URL:
                            raise AnalysisError.of(FailureKind.CANNOT_FETCH, str(event.ledger.get("why", "")))
                        estimate, started = event.estimate, time.monotonic()
                        continue
                    tried.first_ms = tried.first_ms or _since(started)
                    if isinstance(event, TextDelta):
                        tried.text += event.text
                    else:
                        tried.usage, tried.billed = event.usage, True
        except AnalysisError as error:
            tried.usage, tried.billed = error.usage, error.billed or error.usage is not None
            # An answer that is longer than it may be here, or that was thought about for as long, is an answer.
            if not (error.failure.kind in (FailureKind.CUT_SHORT, FailureKind.EMPTY) and error.billed and not error.again):
                tried.error = error
        tried.took_ms = _since(started)
        tried.first_ms = tried.first_ms or tried.took_ms
        counted = tried.usage if tried.tokens_in is not None else estimate
        if tried.billed and counted is not None:
            self.usages.append(counted)
        return tried


async def walk(
    ask: Ask, clip: ClipMedia, deliveries: Sequence[str], formats: Sequence[str] = ("mp4",), language: str = "en", *, links: Links | None = None
) -> ProbeReport:
    """Asks without a picture, then with each delivery in turn. Failures are hops of the report, not errors.

    `deliveries` are in the order of preference, and `formats` those of a video: the first that arrives is used. What cannot be fetched from
    anywhere (see `links`) is not tried as `url`.
    """
    if URL in deliveries and await asyncio.to_thread(hindrance_of, links) != "":
        deliveries = [delivery for delivery in deliveries if delivery != URL]
    done = _Walk()
    request = AnalysisRequest("probe", 0, clip.span, datetime.now(UTC), None, language, QUESTION)
    alone = await done.asked(ask, request, "text", "")
    if done.reached(alone):
        shown = AnalysisRequest("probe", 0, clip.span, datetime.now(UTC), clip, language, QUESTION, links=links)
        for delivery in deliveries:
            if not await done.delivery(ask, shown, delivery, formats, alone.tokens_in):
                break
    best = [delivery for delivery in deliveries if delivery in done.seen]
    said = next((done.seen[delivery] for delivery in best if done.seen[delivery]), "")
    return ProbeReport(datetime.now(UTC).isoformat(timespec="seconds"), tuple(done.hops), tuple(best), done.format, said, _sum(done.usages), tuple(done.usages))


def _judged(delivery: str, tried: _Tried, alone: int | None) -> Hop:
    if tried.error is not None:
        return Hop(delivery, "failed", tried.took_ms, tried.tokens_in, tried.error.failure.message, tried.error.failure.kind.value)
    if tried.tokens_in is None or alone is None:
        return Hop(delivery, "ok", tried.took_ms, tried.tokens_in, "The server counts no tokens, so this could not be checked.")
    if tried.tokens_in - alone <= MARGIN:
        detail = f"Accepted, but the model saw no picture: {tried.tokens_in} tokens, and {alone} for the text alone."
        return Hop(delivery, "dropped", tried.took_ms, tried.tokens_in, detail)
    return Hop(delivery, "ok", tried.took_ms, tried.tokens_in, f"{tried.tokens_in - alone} tokens for the test clip.")


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _sum(usages: Sequence[Usage]) -> Usage:
    """Of all requests; a cost only where each is known."""
    if not usages:
        return Usage()
    costs = [usage.cost for usage in usages]
    cost = None if None in costs else sum(c for c in costs if c is not None)
    tokens_in, tokens_out = (sum(count or 0 for count in counts) for counts in zip(*((u.tokens_in, u.tokens_out) for u in usages), strict=True))
    return Usage(tokens_in, tokens_out, cost, usages[0].currency, any(usage.estimated for usage in usages))
