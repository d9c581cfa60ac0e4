"""One question to a model: asked, asked again where that may help, its answer taken as it streams."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.analysis.delivery import URL
from skiuo_desktop.analysis.links import NoLinks
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, Provider, ProviderEvent, Sent, TextDelta
from skiuo_desktop.engine.answer import Answer
from skiuo_desktop.engine.gate import Gate, delay_s
from skiuo_desktop.engine.parts import Parts
from skiuo_desktop.engine.providers import Providers
from skiuo_desktop.engine.request import Before
from skiuo_desktop.errors import AnalysisError, Cancelled, SkiuoError
from skiuo_desktop.events import AnalysisStarted, AnalysisText, AnalysisWaiting
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import JUDGE, Analysis, FailureKind, ModelConfig, Usage

log = logging.getLogger(__name__)

SAVE_EVERY_S = 0.5
"""Streamed text reaches the library this often, so that a kill loses no more than this."""


@dataclass(slots=True)
class Question:
    """All that one analysis is asked with, over all its attempts."""

    config: ModelConfig
    gate: Gate
    answer: Answer
    request: AnalysisRequest
    before: Before
    delivery: str = ""  # of the attempt under way


class Attempts:
    def __init__(self, parts: Parts, providers: Providers) -> None:
        self._parts = parts
        self._store = parts.store
        self._publish = parts.publish
        self._providers = providers

    async def until_answered(self, analysis: Analysis, question: Question) -> None:
        """Asks, and asks again where that may help. Raises the AnalysisError of the last attempt."""
        gate, answer = question.gate, question.answer
        most = self._parts.wishes.get(s.ATTEMPTS, analysis.recording_id)
        attempt = 1
        while True:
            answer.restart(self._parts.requests.labels(analysis) if analysis.purpose != JUDGE else None)
            try:
                async with self._providers.use(question.config) as provider:
                    await self._attempt(analysis, provider, question)
            except AnalysisError as error:
                gate.failed(error)
                if error.failure.kind is FailureKind.KEY:
                    await self._providers.forget(question.config.name)  # it may have been replaced where it is kept: the next one reads it anew
                wait_s = delay_s(error, attempt) if attempt < most else None
                unfetched = error.failure.kind is FailureKind.CANNOT_FETCH and question.delivery == URL
                if unfetched:
                    # What it is sent itself arrives. Nothing was answered, so this does not count as an attempt.
                    question.request = replace(question.request, links=NoLinks(f"{error.failure.facts.get('server') or 'the model'} could not fetch it"))
                    wait_s = 0.0
                if wait_s is None or gate.refusal is not None:
                    raise
                until = datetime.now(UTC) + timedelta(seconds=max(wait_s, gate.pause_s))
                analysis = await self._again(analysis, answer, error, AnalysisWaiting(analysis, error.failure, until, attempt, most))
                await gate.ready()
                if gate.refusal is not None:
                    raise AnalysisError(gate.refusal) from error
                attempt += not unfetched
            else:
                if not answer.cached:
                    gate.succeeded()
                return

    async def _again(self, analysis: Analysis, answer: Answer, error: AnalysisError, waiting: AnalysisWaiting) -> Analysis:
        """Closes the attempt, and waits for the next one."""
        usage = error.usage or Usage()
        again = await self._store.write(Library.try_again, analysis.id, error.failure, usage=usage, raw=error.failure.raw, billed=error.billed)
        answer.text = ""
        if analysis.purpose != JUDGE:
            self._publish(replace(waiting, analysis=again))
        await asyncio.sleep((waiting.until - datetime.now(UTC)).total_seconds())
        if analysis.purpose != JUDGE:
            self._publish(AnalysisStarted(again))
        return again

    async def _attempt(self, analysis: Analysis, provider: Provider, question: Question) -> None:
        answer, question.delivery = question.answer, ""
        events = cast("AsyncGenerator[ProviderEvent, None]", provider.analyse(question.request))
        async with aclosing(events):
            async for event in events:
                match event:
                    case Sent():
                        question.delivery = str(event.ledger.get("delivery", ""))
                        if await self._kept(analysis, event, answer):
                            return
                        await self._before_it_leaves(analysis, event, question)
                    case TextDelta(delta):
                        await self._take(analysis, answer, answer.take(delta))
                    case Finished():
                        answer.finished = event
        if answer.labels is not None:
            await self._take(analysis, answer, answer.labels.end())
        if answer.finished is None:
            raise AnalysisError(failures.failure(FailureKind.CUT_SHORT, model=analysis.model), billed=True)
        if not answer.text.strip():
            empty = failures.failure(FailureKind.EMPTY, answer.finished.raw, model=analysis.model)
            raise AnalysisError(empty, billed=True, usage=answer.finished.usage)

    async def _before_it_leaves(self, analysis: Analysis, event: Sent, question: Question) -> None:
        gate, before = question.gate, question.before
        waited_s = await gate.rate(event.estimate.tokens_in or 0)
        ledger = dict(event.ledger)
        if before.missing:
            ledger["previous"] = f"The text of the window before had not come after {before.waited_s:.0f} s; it went without."
        if waited_s >= 1:
            ledger["waited_s"] = round(waited_s, 1)  # for the model's own rates
        self._parts.purse.promised(analysis.model, event.estimate.cost)
        budgets = self._parts.purse.budgets(analysis.recording_id)
        if gate.config.price is not None and gate.config.price.cost(1_000_000, 1_000_000) == 0:
            budgets = replace(budgets, limits=())
        await self._store.write(Library.save_sent, analysis.id, ledger, fingerprint=event.fingerprint, estimate=event.estimate, budgets=budgets)

    async def _kept(self, analysis: Analysis, event: Sent, answer: Answer) -> bool:
        """Whether the same question has an answer already; then that is the answer, and nothing is sent."""
        if analysis.fresh or not event.fingerprint:
            return False
        kept = await self._store.read(Library.kept_answer, event.fingerprint)
        if kept is None:
            return False
        await self._store.write(Library.save_sent, analysis.id, {**event.ledger, "cached": True}, fingerprint=event.fingerprint)
        answer.cached, answer.labels = True, None
        usage = Usage(kept.usage.tokens_in, kept.usage.tokens_out, 0.0, event.estimate.currency)
        answer.finished = Finished(usage, facts=kept.facts)
        await self._take(analysis, answer, kept.text)
        return True

    async def _take(self, analysis: Analysis, answer: Answer, delta: str) -> None:
        if not delta:
            return
        if analysis.purpose != JUDGE:
            self._publish(AnalysisText(analysis.id, analysis.window_id, analysis.recording_id, analysis.window_index, len(answer.text), delta))
        answer.text += delta
        now = time.perf_counter()
        if now - answer.saved_at >= SAVE_EVERY_S:
            answer.saved_at = now
            try:
                await self._store.write(Library.save_text, analysis.id, answer.text)
            except Cancelled:
                raise
            except SkiuoError as error:  # the answer goes on, and is saved at its end
                log.warning("the text so far of analysis %d could not be saved: %s", analysis.id, error)
