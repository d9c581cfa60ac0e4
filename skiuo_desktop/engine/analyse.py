"""The analyse stage: takes queued analyses from the library, asks the model, keeps what it answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, Provider, Sent, TextDelta
from skiuo_desktop.analysis.registry import build
from skiuo_desktop.engine.cut import CutStage
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import AnalysisError, Cancelled, MediaError, NotFoundError, SkiuoError
from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, Event, StageTiming, WindowChanged
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Analysis, Failure, FailureKind, ModelConfig

log = logging.getLogger(__name__)

SAVE_EVERY_S = 0.5
"""Streamed text reaches the library this often, so that a kill loses no more than this."""

CLOSE_AGAIN_S = (0.5, 2.0, 8.0)
"""An answer has been paid for: saving it is tried again after these pauses when the library or its disk refuses."""

LOOK_EVERY_S = 10.0
"""Without being woken, a worker looks for rows that a program that has died left behind this often."""


@dataclass(slots=True)
class _Answer:
    """What has arrived of one answer."""

    began: float = field(default_factory=time.perf_counter)
    text: str = ""
    first_token_ms: int | None = None
    finished: Finished | None = None
    saved_at: float = 0.0

    @property
    def total_ms(self) -> int:
        return round((time.perf_counter() - self.began) * 1000)


@dataclass(slots=True)
class _Job:
    """An analysis under way."""

    recording_id: str
    answer: _Answer
    task: asyncio.Task[None]


class AnalyseStage:
    """One worker for each place that a model's concurrency gives.

    Its inbox is the library itself: rows in state queued. `wake` only says that there may be new ones, so nothing
    is lost when it is said twice or while a worker is busy.
    """

    def __init__(self, store: Store, cuts: CutStage, publish: Callable[[Event], None], models: Callable[[], dict[str, ModelConfig]], backlog: bool) -> None:
        self._store = store
        self._cuts = cuts
        self._publish = publish
        self._models = models
        self._backlog = backlog
        self._wakers: dict[str, asyncio.Event] = {}
        self._providers: dict[str, Provider] = {}
        self._running: dict[int, _Job] = {}
        self._workers: list[asyncio.Task[None]] = []
        self._stuck: set[int] = set()
        self._stopping = False

    def wake(self) -> None:
        """There may be queued rows. Starts workers for models that have none yet. Belongs to the loop."""
        for config in self._models().values():
            if config.name not in self._wakers:
                self._wakers[config.name] = asyncio.Event()
                self._workers += [asyncio.create_task(self._work(config), name=f"analyse-{config.name}") for _ in range(config.concurrency)]
            self._wakers[config.name].set()

    async def cancel(self, recording_id: str) -> int:
        """Ends what is queued or running for a recording; what had arrived stays, marked partial. Returns how many."""
        running = [(number, job) for number, job in self._running.items() if job.recording_id == recording_id]

        def cancel(library: Library) -> list[Analysis]:
            for number, job in running:
                if job.answer.text:
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
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        for provider in self._providers.values():
            await provider.close()

    async def _work(self, config: ModelConfig) -> None:
        waker = self._wakers[config.name]
        while True:
            waker.clear()
            try:
                analysis = await self._store.write(Library.claim, {config.name}, backlog=self._backlog)
            except SkiuoError as error:
                log.warning("no analysis could be taken from the library: %s", error)
                analysis = None
            if analysis is None:
                await self._wait(waker)
                continue
            answer = _Answer()
            task = asyncio.create_task(self._guarded(analysis, config, answer))
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
            if self._backlog:
                await self._look()

    async def _look(self) -> None:
        try:
            await self._store.write(Library.release_orphans)
        except SkiuoError as error:
            log.warning("what others left behind could not be looked for: %s", error)

    async def _guarded(self, analysis: Analysis, config: ModelConfig, answer: _Answer) -> None:
        """Runs one analysis. Whatever happens, its row and its attempt say so afterwards."""
        self._publish(AnalysisStarted(analysis))
        await self._say_window(analysis)
        try:
            await self._ask(analysis, config, answer)
        except asyncio.CancelledError:
            if self._stopping:
                await self._release(analysis)
            raise
        except Cancelled as error:
            log.info("analysis %d: %s", analysis.id, error)  # from here or from another program; its row says so already
        except AnalysisError as error:
            await self._close_failed(analysis, answer, error.failure)
        except (MediaError, NotFoundError) as error:
            await self._close_failed(analysis, answer, Failure(FailureKind.MEDIA, str(error)))
        except Exception as error:
            log.exception("analysis %d failed", analysis.id)
            await self._close_failed(
                analysis, answer, Failure(FailureKind.INTERNAL, "Skiuo made a mistake here; the log has the details. Try again.", repr(error))
            )
        self._publish(StageTiming("analyse", answer.total_ms, recording_id=analysis.recording_id, window_index=analysis.window_index))

    async def _ask(self, analysis: Analysis, config: ModelConfig, answer: _Answer) -> None:
        recording, previous = await self._store.write(lambda library: (library.recording_head(analysis.recording_id), library.previous(analysis)))
        async with self._cuts.clip(recording.id, analysis.window_index, Path(recording.path), analysis.span) as clip:
            request = AnalysisRequest(
                recording_id=recording.id,
                window_index=analysis.window_index,
                span=analysis.span,
                started_at=recording.started_at,
                clip=clip,
                language=analysis.language,
                previous_text=previous.text if previous else "",
                previous_facts=previous.facts if previous else {},
            )
            async for event in self._provider(config).analyse(request):
                match event:
                    case Sent(ledger):
                        await self._store.write(Library.save_sent, analysis.id, ledger)
                    case TextDelta(delta):
                        await self._take(analysis, answer, delta)
                    case Finished():
                        answer.finished = event
        if answer.finished is None:
            raise AnalysisError.of(FailureKind.CUT_SHORT, "The answer stopped half-way.")
        if not answer.text.strip():
            raise AnalysisError.of(FailureKind.EMPTY, "The model answered without a word.", answer.finished.raw)
        await self._close_done(analysis, answer, answer.finished)

    async def _take(self, analysis: Analysis, answer: _Answer, delta: str) -> None:
        if not delta:
            return
        if answer.first_token_ms is None:
            answer.first_token_ms = answer.total_ms
        self._publish(AnalysisText(analysis.id, analysis.window_id, analysis.recording_id, analysis.window_index, len(answer.text), delta))
        answer.text += delta
        now = time.perf_counter()
        if now - answer.saved_at >= SAVE_EVERY_S:
            answer.saved_at = now
            await self._store.write(Library.save_text, analysis.id, answer.text)

    async def _close_done(self, analysis: Analysis, answer: _Answer, finished: Finished) -> None:
        await self._close(
            analysis,
            lambda library: library.finish(
                analysis.id,
                text=answer.text.strip(),
                usage=finished.usage,
                first_token_ms=answer.first_token_ms,
                total_ms=answer.total_ms,
                raw=finished.raw,
                facts=finished.facts,
            ),
        )

    async def _close_failed(self, analysis: Analysis, answer: _Answer, failure: Failure) -> None:
        await self._close(
            analysis,
            lambda library: library.fail(
                analysis.id,
                failure,
                text=answer.text,
                partial=bool(answer.text),
                raw=failure.raw,
                first_token_ms=answer.first_token_ms,
                total_ms=answer.total_ms,
            ),
        )

    async def _close(self, analysis: Analysis, work: Callable[[Library], Analysis]) -> None:
        for wait_s in (*CLOSE_AGAIN_S, None):
            try:
                ended = await self._store.write(work)
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
        return await self._store.write(Library.open_analyses, recording_id, besides=self._stuck, backlog=self._backlog)

    def _provider(self, config: ModelConfig) -> Provider:
        if config.name not in self._providers:
            self._providers[config.name] = build(config)
        return self._providers[config.name]
