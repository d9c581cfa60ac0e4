"""Real clips, cut from real files, and questions about them, for the providers that send them away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.drawn_clips import screen, webm, with_disc

from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, Prompt, ProviderEvent, Sent, TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import Span

PROMPT = Prompt("You write what a person does.", "What happens in this window?", "activity", 3)


def real_clip(folder: Path, seconds: float = 6, width: int = 640, height: int = 360, fps: int = 4) -> ClipRenditions:
    """A disc wanders over a page of text."""
    page = screen("Soldering the sensor", "焊接温度 350 ℃", width=width, height=height)
    path = folder / "recording.webm"
    path.write_bytes(webm((with_disc(page, number) for number in range(round(seconds * fps))), fps=fps, keyframe_every=fps))
    return ClipRenditions(cut(path, Span(0, round(seconds * 1000))))


def request(clip: Any, prompt: Prompt = PROMPT, language: str = "en") -> AnalysisRequest:
    span = clip.span if clip is not None else Span(0, 6000)
    return AnalysisRequest("recording", 0, span, datetime(2026, 1, 2, tzinfo=UTC), clip, language, prompt)


@dataclass
class Told:
    """All that a provider said, its error included."""

    events: list[ProviderEvent] = field(default_factory=list)
    error: AnalysisError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def sent(self) -> Sent:
        return next(event for event in self.events if isinstance(event, Sent))

    @property
    def finished(self) -> Finished:
        assert self.error is None, self.error.failure
        event = self.events[-1]
        assert isinstance(event, Finished)
        return event

    @property
    def failed(self) -> AnalysisError:
        assert self.error is not None, f"no error, but {self.events[-1:]}"
        return self.error


def ask(provider: Any, *questions: AnalysisRequest, at: Callable[[ProviderEvent], None] | None = None) -> list[Told]:
    """The questions one after the other; the provider is closed afterwards."""

    async def all_of_them() -> list[Told]:
        answers = []
        for question in questions:
            told = Told()
            try:
                async for event in provider.analyse(question):
                    told.events.append(event)
                    if at is not None:
                        at(event)
            except AnalysisError as error:
                told.error = error
            answers.append(told)
        await provider.close()
        return answers

    return asyncio.run(all_of_them())
