"""The analyse stage: takes queued analyses from the library, asks the model, tries again or elsewhere, keeps what it answers."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.engine.answer import Answer
from skiuo_desktop.engine.asking import Asking
from skiuo_desktop.engine.attempts import Attempts, Question
from skiuo_desktop.engine.ending import Ending
from skiuo_desktop.engine.gate import Gate
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.parts import Parts
from skiuo_desktop.engine.providers import Providers
from skiuo_desktop.engine.request import Before
from skiuo_desktop.errors import AnalysisError, Cancelled, MediaError, NotFoundError, SkiuoError
from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, ModelHealthChanged, StageTiming
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import JUDGE, Analysis, Failure, FailureKind, ModelConfig

log = logging.getLogger(__name__)

LOOK_EVERY_S = 10.0
"""Without being woken, a worker looks for rows that a program that has died left behind this often."""

PATIENCE_S = 45.0
"""A program that ends when its own work is done waits out an outage for no longer than this."""

REMOVED = Failure(FailureKind.MODEL_MISSING, "This model was removed from the configuration. Add it again, or choose another one.")


@dataclass(slots=True)
class _Job:
    """An analysis under way."""

    recording_id: str
    answer: Answer
    task: asyncio.Task[None]


class AnalyseStage:
    """One worker for each place that a model's concurrency gives.

    Its inbox is the library itself: rows in state queued. `wake` only says that there may be new ones, so nothing
    is lost when it is said twice or while a worker is busy.
    """

    def __init__(self, parts: Parts, book: ModelBook, *, analyse: bool, backlog: bool) -> None:
        """`analyse` False: nothing is taken from the library."""
        self._parts = parts
        self._analyse = analyse
        self._store = parts.store
        self._publish = parts.publish
        self._backlog = backlog
        self._wakers: dict[str, asyncio.Event] = {}
        self._gates: dict[str, Gate] = {}
        self.providers = Providers()
        self._attempts = Attempts(parts, self.providers)
        self._running: dict[int, _Job] = {}
        self._workers: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._looked_at = 0.0  # monotonic
        self._stopping = False
        self.asking = Asking(book, parts.wishes, parts.purse, self.gate)
        self.ending = Ending(parts, self.asking, self.wake)

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
            await self.ending.say_window(analysis)
        if cancelled:
            self._parts.clips.ended(recording_id)
        return len(cancelled)

    async def stop(self) -> None:
        """Ends all work; what was running is queued again, so that the next start goes on with it."""
        self._stopping = True
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self._parts.clips.close()
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
        await self.ending.say_window(analysis)
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
            await self.ending.failed(analysis, answer, error)
        except (MediaError, NotFoundError) as error:
            await self.ending.failed(analysis, answer, AnalysisError.of(FailureKind.MEDIA, str(error)))
        except Exception as error:
            log.exception("analysis %d failed", analysis.id)
            await self.ending.failed(analysis, answer, AnalysisError(failures.failure(FailureKind.INTERNAL, repr(error)), billed=True))
        finally:
            if config is not None:
                self._gate_of(config).left()
            self._parts.clips.ended(analysis.recording_id)
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
            before = Before(None)
            await self._attempts.until_answered(analysis, Question(config, gate, answer, request, before))
            await self.ending.done(analysis, answer, before)
            return
        if recording.freed_at is not None:
            await self._store.read(Library.require_video, recording.id)
        before = await self._parts.requests.before(analysis)
        async with self._parts.cuts.clip(recording.id, analysis.window_index, Path(recording.path), analysis.span) as clip:
            self._parts.clips.keep(recording, analysis, clip)
            links = self._parts.links.of_window(recording, analysis, config, self._parts.wishes.get(s.ATTEMPTS, recording.id))
            request = self._parts.requests.describe(analysis, recording, before, clip, links)
            await self._attempts.until_answered(analysis, Question(config, gate, answer, request, before))
        await self.ending.done(analysis, answer, before)

    async def _release(self, analysis: Analysis) -> None:
        try:
            await self._store.write(Library.release, analysis.id)
        except SkiuoError as error:
            log.info("analysis %d is left to the next start: %s", analysis.id, error)

    async def open(self, recording_id: str) -> int:
        """How many analyses of a recording this program has still to finish, without those whose end could not be saved."""
        count = await self._store.write(Library.open_analyses, recording_id, besides=self.ending.stuck, backlog=self._backlog)
        # One whose row has ended may still be choosing between the answers.
        return count or sum(job.recording_id == recording_id for job in self._running.values())
