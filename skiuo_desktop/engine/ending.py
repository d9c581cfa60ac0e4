"""How an analysis ends: its answer or failure is saved whatever happens at that moment, and what follows from it is set going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from skiuo_desktop.analysis.provider import Finished
from skiuo_desktop.engine.answer import Answer
from skiuo_desktop.engine.asking import Asking
from skiuo_desktop.engine.parts import Parts
from skiuo_desktop.engine.request import Before
from skiuo_desktop.errors import AnalysisError, Cancelled, SkiuoError
from skiuo_desktop.events import AnalysisEnded, WindowChanged
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.queueing import Ask
from skiuo_desktop.model import JUDGE, Analysis, AnalysisState, Failure, FailureKind, Usage, Window

log = logging.getLogger(__name__)

CLOSE_AGAIN_S = (0.5, 2.0, 8.0)
"""An answer has been paid for: saving it is tried again after these pauses when the library or its disk refuses."""

OWN_FAULT = frozenset({FailureKind.MEDIA, FailureKind.INTERNAL, FailureKind.INTERRUPTED})
"""Failures that no other model would mend."""


class Ending:
    def __init__(self, parts: Parts, asking: Asking, wake: Callable[[], None]) -> None:
        """`wake`: something was queued."""
        self._parts = parts
        self._store = parts.store
        self._publish = parts.publish
        self._asking = asking
        self._wake = wake
        self.stuck: set[int] = set()
        """Analyses whose end could not be saved."""

    async def done(self, analysis: Analysis, answer: Answer, before: Before) -> None:
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

    async def failed(self, analysis: Analysis, answer: Answer, error: AnalysisError) -> None:
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
            self._wake()

    async def _instead(self, analysis: Analysis, failure: Failure) -> Ask | None:
        """Who is asked in its place, among those that have not been asked about this window along with it."""
        try:
            window = await self._store.read(Library.window, analysis.window_id)
        except SkiuoError:
            return None
        why = {"code": "failed", "kind": failure.kind.value}
        return self._asking.instead(analysis, _asked_with(analysis, window), why, cheaper_only=failure.kind is FailureKind.BUDGET)

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
                    self.stuck.add(analysis.id)
                    return
                await asyncio.sleep(wait_s)
        self._parts.requests.ended()
        try:
            if await self._parts.judging.settle(ended):
                self._wake()
            await self._asking.look(analysis.recording_id, [analysis.why.get("of", analysis.model)])
        except SkiuoError as error:
            log.warning("after window %d: %s", analysis.window_id, error)
        if ended.purpose != JUDGE:
            self._publish(AnalysisEnded(ended))
        await self.say_window(analysis)

    async def say_window(self, analysis: Analysis) -> None:
        try:
            self._publish(WindowChanged(await self._store.read(Library.window, analysis.window_id)))
        except SkiuoError as error:
            log.info("window %d is not shown: %s", analysis.window_id, error)  # deleted meanwhile, or a busy library


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
