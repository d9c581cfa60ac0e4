"""The analyse stage: takes queued analyses from the library, asks the model, tries again or elsewhere, keeps what it answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, Provider, ProviderEvent, Sent, TextDelta
from skiuo_desktop.engine.answer import Answer
from skiuo_desktop.engine.asking import Asking
from skiuo_desktop.engine.cut import CutStage
from skiuo_desktop.engine.gate import Gate, delay_s
from skiuo_desktop.engine.judging import Judging
from skiuo_desktop.engine.money import Purse
from skiuo_desktop.engine.providers import Providers
from skiuo_desktop.engine.request import Before, Requests
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.errors import AnalysisError, Cancelled, MediaError, NotFoundError, SkiuoError
from skiuo_desktop.events import (
    AnalysisEnded,
    AnalysisStarted,
    AnalysisText,
    AnalysisWaiting,
    Event,
    ModelHealthChanged,
    StageTiming,
    WindowChanged,
)
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.queueing import Ask
from skiuo_desktop.model import JUDGE, Analysis, AnalysisState, Failure, FailureKind, ModelConfig, Usage, Window

log = logging.getLogger(__name__)

SAVE_EVERY_S = 0.5
"""Streamed text reaches the library this often, so that a kill loses no more than this."""

CLOSE_AGAIN_S = (0.5, 2.0, 8.0)
"""An answer has been paid for: saving it is tried again after these pauses when the library or its disk refuses."""

LOOK_EVERY_S = 10.0
"""Without being woken, a worker looks for rows that a program that has died left behind this often."""

PATIENCE_S = 45.0
"""A program that ends when its own work is done waits out an outage for no longer than this."""

OWN_FAULT = frozenset({FailureKind.MEDIA, FailureKind.INTERNAL, FailureKind.INTERRUPTED})
"""Failures that no other model would mend."""

REMOVED = Failure(FailureKind.MODEL_MISSING, "This model was removed from the configuration. Add it again, or choose another one.")


@dataclass(slots=True)
class _Job:
    """An analysis under way."""

    recording_id: str
    answer: Answer
    task: asyncio.Task[None]


@dataclass(slots=True)
class _Question:
    """All that one analysis is asked with, over all its attempts."""

    config: ModelConfig
    gate: Gate
    answer: Answer
    request: AnalysisRequest
    before: Before


@dataclass(frozen=True, slots=True)
class Parts:
    """What the stage works with."""

    store: Store
    cuts: CutStage
    models: Callable[[], dict[str, ModelConfig]]
    wishes: Wishes
    purse: Purse
    requests: Requests
    judging: Judging
    publish: Callable[[Event], None]


class AnalyseStage:
    """One worker for each place that a model's concurrency gives.

    Its inbox is the library itself: rows in state queued. `wake` only says that there may be new ones, so nothing
    is lost when it is said twice or while a worker is busy.
    """

    def __init__(self, parts: Parts, *, analyse: bool, backlog: bool) -> None:
        """`analyse` False: nothing is taken from the library."""
        self._parts = parts
        self._analyse = analyse
        self._store = parts.store
        self._publish = parts.publish
        self._backlog = backlog
        self._wakers: dict[str, asyncio.Event] = {}
        self._gates: dict[str, Gate] = {}
        self.providers = Providers()
        self._running: dict[int, _Job] = {}
        self._workers: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._stuck: set[int] = set()
        self._looked_at = 0.0  # monotonic
        self._stopping = False
        self.asking: Asking

    # Who works

    def wake(self) -> None:
        """There may be queued rows. Starts workers for models that have none yet. Belongs to the loop."""
        if self._stopping or not self._analyse:
            return
        for config in self._parts.models().values():
            self._hire(config.name, config.concurrency)
        for waker in self._wakers.values():
            waker.set()

    def _hire(self, name: str, concurrency: int) -> None:
        self._wakers.setdefault(name, asyncio.Event())
        for place in range(concurrency):
            worker = self._workers.get((name, place))
            if worker is None or worker.done():
                self._workers[name, place] = asyncio.create_task(self._work(name, place), name=f"analyse-{name}-{place}")

    def gate(self, name: str) -> Gate | None:
        """The gate of a model that has been asked, with its configuration as it is now."""
        config = self._parts.models().get(name)
        gate = self._gates.get(name)
        if gate is not None and config is not None and replace(gate.config, probe={}) != replace(config, probe={}):
            gate.reset(config)
        return gate

    def _gate_of(self, config: ModelConfig) -> Gate:
        gate = self.gate(config.name)
        if gate is None:
            gate = self._gates[config.name] = Gate(config, lambda health: self._publish(ModelHealthChanged(health)))
            gate.patience_s = None if self._backlog else PATIENCE_S
        return gate

    async def _work(self, name: str, place: int) -> None:
        waker = self._wakers[name]
        while True:
            waker.clear()
            config = self._parts.models().get(name)
            if config is not None:
                if place >= config.concurrency:
                    return
                await self._gate_of(config).ready()
            try:
                analysis = await self._store.write(Library.claim, {name}, backlog=self._backlog)
            except SkiuoError as error:
                log.warning("no analysis could be taken from the library: %s", error)
                analysis = None
            if analysis is None:
                if config is not None:
                    self._gate_of(config).left()
                await self._wait(waker)
                continue
            answer = Answer()
            task = asyncio.create_task(self._guarded(analysis, answer))
            self._running[analysis.id] = _Job(analysis.recording_id, answer, task)
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                task.cancel()
                await asyncio.wait({task})
                raise
            finally:
                del self._running[analysis.id]

    async def _wait(self, waker: asyncio.Event) -> None:
        """Until there may be work: woken, or time to look what programs that have died since have left."""
        try:
            await asyncio.wait_for(waker.wait(), LOOK_EVERY_S)
        except TimeoutError:
            if time.monotonic() - self._looked_at >= LOOK_EVERY_S:  # one for all workers: to see whether others live takes time
                await self.look()

    async def look(self) -> None:
        """Takes over what others left behind, and finds workers for all that is queued: a model may be new here, or gone (then they say so)."""
        if self._stopping or not self._analyse:
            return
        self._looked_at = time.monotonic()
        try:
            await self._store.write(Library.release_orphans)
            known = self._parts.models()
            for name in await self._store.read(Library.queued_models, backlog=self._backlog):
                self._hire(name, known[name].concurrency if name in known else 1)
                self._wakers[name].set()
        except SkiuoError as error:
            log.warning("what others left behind could not be looked for: %s", error)

    async def cancel(self, recording_id: str) -> int:
        """Ends what is queued or running for a recording; what had arrived stays, marked partial. Returns how many."""
        running = [(number, job) for number, job in self._running.items() if job.recording_id == recording_id]

        def cancel(library: Library) -> list[Analysis]:
            for number, job in running:
                if job.answer.text:
                    with suppress(Cancelled):  # its row has ended at this moment
                        library.save_text(number, job.answer.text)
            return library.cancel_analyses(recording_id)

        cancelled = await self._store.write(cancel)
        for _, job in running:
            job.task.cancel()
        if running:
            await asyncio.wait([job.task for _, job in running])
        for analysis in cancelled:
            self._publish(AnalysisEnded(analysis))
            await self._say_window(analysis)
        return len(cancelled)

    async def stop(self) -> None:
        """Ends all work; what was running is queued again, so that the next start goes on with it."""
        self._stopping = True
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self.providers.close()

    def asked_again(self, names: tuple[str, ...]) -> None:
        """A person asks these models again: what stopped them may have been mended."""
        for name in names:
            if name in self._gates:
                self._gates[name].reset()

    # One analysis

    async def _guarded(self, analysis: Analysis, answer: Answer) -> None:
        """Runs one analysis. Whatever happens, its row and its attempt say so afterwards."""
        if analysis.purpose != JUDGE:
            self._publish(AnalysisStarted(analysis))
        await self._say_window(analysis)
        config = self._parts.models().get(analysis.model)
        try:
            if config is None:
                raise AnalysisError(REMOVED)
            await self._ask(analysis, config, answer)
        except asyncio.CancelledError:
            if self._stopping:
                await self._release(analysis)
            raise
        except Cancelled as error:
            log.info("analysis %d: %s", analysis.id, error)  # from here or from another program; its row says so already
        except AnalysisError as error:
            await self._close_failed(analysis, answer, error)
        except (MediaError, NotFoundError) as error:
            await self._close_failed(analysis, answer, AnalysisError.of(FailureKind.MEDIA, str(error)))
        except Exception as error:
            log.exception("analysis %d failed", analysis.id)
            await self._close_failed(analysis, answer, AnalysisError(failures.failure(FailureKind.INTERNAL, repr(error)), billed=True))
        finally:
            if config is not None:
                self._gate_of(config).left()
        self._publish(StageTiming("analyse", answer.total_ms, recording_id=analysis.recording_id, window_index=analysis.window_index))

    async def _ask(self, analysis: Analysis, config: ModelConfig, answer: Answer) -> None:
        gate = self._gate_of(config)
        gate.others = self.asking.instead(analysis, [], {}) is not None
        if gate.refusal is not None:
            raise AnalysisError(gate.refusal)
        recording = await self._store.read(Library.recording_head, analysis.recording_id)
        if analysis.purpose == JUDGE:
            window = await self._store.read(Library.window, analysis.window_id)
            request = self._parts.requests.judge(analysis, recording, lambda: self._parts.judging.answers(window))
            await self._until_answered(analysis, _Question(config, gate, answer, request, Before(None)))
            return
        before = await self._parts.requests.before(analysis)
        async with self._parts.cuts.clip(recording.id, analysis.window_index, Path(recording.path), analysis.span) as clip:
            request = self._parts.requests.describe(analysis, recording, before, clip)
            await self._until_answered(analysis, _Question(config, gate, answer, request, before))

    async def _until_answered(self, analysis: Analysis, question: _Question) -> None:
        """Asks, and asks again where that may help. Raises the AnalysisError of the last attempt."""
        gate, answer = question.gate, question.answer
        most = self._parts.wishes.get(s.ATTEMPTS, analysis.recording_id)
        attempt = 1
        while True:
            answer.restart(self._parts.requests.labels(analysis) if analysis.purpose != JUDGE else None)
            try:
                async with self.providers.use(question.config) as provider:
                    await self._attempt(analysis, provider, question)
            except AnalysisError as error:
                gate.failed(error)
                if error.failure.kind is FailureKind.KEY:
                    await self.providers.forget(question.config.name)  # it may have been replaced where it is kept: the next one reads it anew
                wait_s = delay_s(error, attempt) if attempt < most else None
                if wait_s is None or gate.refusal is not None:
                    raise
                until = datetime.now(UTC) + timedelta(seconds=max(wait_s, gate.pause_s))
                analysis = await self._again(analysis, answer, error, AnalysisWaiting(analysis, error.failure, until, attempt, most))
                await gate.ready()
                if gate.refusal is not None:
                    raise AnalysisError(gate.refusal) from error
                attempt += 1
            else:
                if not answer.cached:
                    gate.succeeded()
                await self._close_done(analysis, answer, question.before)
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

    async def _attempt(self, analysis: Analysis, provider: Provider, question: _Question) -> None:
        answer = question.answer
        events = cast("AsyncGenerator[ProviderEvent, None]", provider.analyse(question.request))
        async with aclosing(events):
            async for event in events:
                match event:
                    case Sent():
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

    async def _before_it_leaves(self, analysis: Analysis, event: Sent, question: _Question) -> None:
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

    # Its end

    async def _close_done(self, analysis: Analysis, answer: Answer, before: Before) -> None:
        finished = answer.finished or Finished()
        text = answer.text.strip()
        facts = dict(finished.facts)
        if answer.cached:
            facts["kept"] = True  # shown: nothing was paid for it
        elif analysis.purpose != JUDGE:
            facts |= self._parts.requests.carried(analysis, before, text, answer.label)
        about = {"cached": True} if answer.cached else {"answer": {**finished.about, "tokens_per_s": answer.tokens_per_s}}
        await self._close(
            analysis,
            lambda library: library.finish(
                analysis.id,
                text=text,
                usage=finished.usage,
                first_token_ms=answer.first_token_ms,
                total_ms=answer.total_ms,
                raw=finished.raw,
                facts=facts,
                about=about,
            ),
        )

    async def _close_failed(self, analysis: Analysis, answer: Answer, error: AnalysisError) -> None:
        failure = error.failure
        instead = await self._instead(analysis, failure) if failure.kind not in OWN_FAULT and analysis.purpose != JUDGE else None
        if failure.kind is FailureKind.BUDGET and instead is None and analysis.purpose != JUDGE:
            await self._close(analysis, lambda library: library.hold(analysis.id, failure))
            return
        await self._close(
            analysis,
            lambda library: library.fail(
                analysis.id,
                failure,
                text=answer.text,
                partial=bool(answer.text),
                raw=failure.raw,
                usage=error.usage or Usage(),
                first_token_ms=answer.first_token_ms,
                total_ms=answer.total_ms,
                billed=error.billed,
                instead=instead,
            ),
        )
        if instead is not None:
            self.wake()

    async def _instead(self, analysis: Analysis, failure: Failure) -> Ask | None:
        """Who is asked in its place, among those that have not been asked about this window along with it."""
        try:
            window = await self._store.read(Library.window, analysis.window_id)
        except SkiuoError:
            return None
        why = {"code": "failed", "kind": failure.kind.value}
        return self.asking.instead(analysis, _asked_with(analysis, window), why, cheaper_only=failure.kind is FailureKind.BUDGET)

    async def _close(self, analysis: Analysis, work: Callable[[Library], Analysis]) -> None:
        for wait_s in (*CLOSE_AGAIN_S, None):
            try:
                # Shielded: what has been paid for is saved although the program, or a person, stops it at this moment.
                saving = asyncio.ensure_future(self._store.write(work))
                saving.add_done_callback(_heard)
                ended = await asyncio.shield(saving)
                break
            except Cancelled as error:
                log.info("analysis %d: %s", analysis.id, error)
                return
            except SkiuoError as error:
                log.error("the end of analysis %d could not be saved: %s", analysis.id, error)
                if wait_s is None:
                    # Its row stays running under this program's name, so the next start finds it and queues it again.
                    self._stuck.add(analysis.id)
                    return
                await asyncio.sleep(wait_s)
        self._parts.requests.ended()
        try:
            if await self._parts.judging.settle(ended):
                self.wake()
            await self.asking.look(analysis.recording_id, [analysis.why.get("of", analysis.model)])
        except SkiuoError as error:
            log.warning("after window %d: %s", analysis.window_id, error)
        if ended.purpose != JUDGE:
            self._publish(AnalysisEnded(ended))
        await self._say_window(analysis)

    async def _release(self, analysis: Analysis) -> None:
        try:
            await self._store.write(Library.release, analysis.id)
        except SkiuoError as error:
            log.info("analysis %d is left to the next start: %s", analysis.id, error)

    async def _say_window(self, analysis: Analysis) -> None:
        try:
            self._publish(WindowChanged(await self._store.write(Library.window, analysis.window_id)))
        except SkiuoError as error:
            log.info("window %d is not shown: %s", analysis.window_id, error)  # deleted meanwhile, or a busy library

    async def open(self, recording_id: str) -> int:
        """How many analyses of a recording this program has still to finish, without those whose end could not be saved."""
        count = await self._store.write(Library.open_analyses, recording_id, besides=self._stuck, backlog=self._backlog)
        # One whose row has ended may still be choosing between the answers.
        return count or sum(job.recording_id == recording_id for job in self._running.values())


def _heard(saving: asyncio.Future[Analysis]) -> None:
    """Its error is told to whoever waits for it; where nobody does any more, it is not an error that nobody saw."""
    if not saving.cancelled():
        saving.exception()


def _asked_with(analysis: Analysis, window: Window) -> list[str]:
    """The models that need not be asked in its place: those that may still answer, those in whose place it was asked, and those asked along with it.

    What is queued together has ids without a gap, and each attempt takes one of the same numbers: what failed before a
    person asked again has lower ids than the first of those.
    """
    asked = {a.model for a in window.answers if a.state not in (AnalysisState.FAILED, AnalysisState.CANCELLED)}
    first: Analysis | None = analysis
    together = analysis.id
    while first is not None and first.why.get("of"):
        asked.add(str(first.why["of"]))
        first = _replaced(first, window)
        together = first.id if first is not None else together
    ids = {a.id for a in window.answers}
    while together - 1 in ids:
        together -= 1
    return [*asked, *(a.model for a in window.answers if a.id >= together)]


def _replaced(analysis: Analysis, window: Window) -> Analysis | None:
    """The analysis in whose place this one was asked."""
    earlier = [a for a in window.answers if a.model == analysis.why["of"] and a.id < analysis.id]
    return max(earlier, key=lambda a: a.id, default=None)
