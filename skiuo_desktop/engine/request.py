"""What a model is asked about a window: the prompt, with what was said before it, waited for if it is about to come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.context import extend_summary
from skiuo_desktop.analysis.labels import LabelFilter
from skiuo_desktop.analysis.merge import Answer as Candidate
from skiuo_desktop.analysis.merge import judge_prompt
from skiuo_desktop.analysis.prompts import build
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Links
from skiuo_desktop.analysis.template import Template
from skiuo_desktop.analysis.template_store import TemplateStore
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Analysis, Recording

LOOK_AGAIN_S = 2.0
"""Without being told, it is looked again this often whether the text before has come."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was said before a window. `waited_s` and `missing` go into the ledger."""

    previous: Analysis | None
    waited_s: float = 0.0
    missing: bool = False  # it was waited for and did not come in time

    @property
    def summary(self) -> str:
        return str(self.previous.facts.get("summary", "")) if self.previous is not None else ""


class Requests:
    def __init__(self, store: Store, wishes: Wishes, templates: TemplateStore) -> None:
        self._store = store
        self._wishes = wishes
        self._templates = templates
        self._ended = asyncio.Event()

    def ended(self) -> None:
        """An analysis has ended: those who wait for a text look again."""
        self._ended.set()
        self._ended = asyncio.Event()

    async def before(self, analysis: Analysis) -> Before:
        """The text of the window before, waited for within bounds."""
        began = time.monotonic()
        most_s = self._wishes.get(s.PREVIOUS_WAIT, analysis.recording_id)
        missing = False
        while await self._store.read(Library.previous_is_open, analysis):
            left_s = began + most_s - time.monotonic()
            if left_s <= 0:
                missing = True
                break
            ended = self._ended
            try:
                await asyncio.wait_for(ended.wait(), min(left_s, LOOK_AGAIN_S))
            except TimeoutError:
                continue
        return Before(await self._store.read(Library.previous, analysis), time.monotonic() - began, missing)

    def template(self, recording_id: str) -> Template:
        """The one chosen; where it is not there any more, the first."""
        try:
            return self._templates.get(self._wishes.get(s.PROMPT, recording_id))
        except NotFoundError:
            return self._templates.all()[0]

    def labels(self, analysis: Analysis) -> LabelFilter | None:
        """Takes the label out of an answer, where models vote."""
        words = self.template(analysis.recording_id).labels.get(analysis.language, ())
        return LabelFilter(words) if words and self._wishes.get(s.RULE, analysis.recording_id) == "vote" else None

    def describe(self, analysis: Analysis, recording: Recording, before: Before, clip: ClipMedia, links: Links) -> AnalysisRequest:
        previous = before.previous
        prompt = build(
            self.template(recording.id),
            language=analysis.language,
            span=analysis.span,
            previous_text=previous.text if previous is not None else "",
            summary=before.summary,
            previous_span=previous.span if previous is not None else None,
            want_label=self._wishes.get(s.RULE, recording.id) == "vote",
            wall_start=recording.started_at,
        )
        return AnalysisRequest(
            recording_id=recording.id,
            window_index=analysis.window_index,
            span=analysis.span,
            started_at=recording.started_at,
            clip=clip,
            language=analysis.language,
            prompt=prompt,
            previous_text=previous.text if previous is not None and previous.model == analysis.model else "",
            previous_facts=previous.facts if previous is not None and previous.model == analysis.model else {},
            links=links,
        )

    def judge(self, analysis: Analysis, recording: Recording, candidates: Callable[[], list[Candidate]]) -> AnalysisRequest:
        return AnalysisRequest(
            recording_id=recording.id,
            window_index=analysis.window_index,
            span=analysis.span,
            started_at=recording.started_at,
            clip=None,
            language=analysis.language,
            prompt=judge_prompt(candidates(), analysis.language, analysis.span),
        )

    def carried(self, analysis: Analysis, before: Before, text: str, label: str) -> dict[str, str]:
        """What goes with the answer to the next window."""
        summary = extend_summary(before.summary, text, analysis.span, analysis.language)
        return {"summary": summary, **({"label": label} if label else {})}
