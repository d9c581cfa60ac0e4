"""Questions to the Gemini provider and a server that answers them, for its tests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from analysis.drawn_clips import Answer, answer, screen, silence, webm, with_disc
from support.gemini_server import GeminiServer

from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Prompt
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.media.cut import Clip
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import ModelConfig, Span

PROMPT = Prompt("Write in English.", "What does the person do?", "activity", 3)


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as running:
        yield running


@pytest.fixture(scope="session")
def recorded() -> bytes:
    return webm([with_disc(screen("board", width=320, height=240), n) for n in range(40)], sound=silence(4))


@pytest.fixture
def clip(recorded: bytes) -> Iterator[ClipRenditions]:
    made = ClipRenditions(recorded_clip(recorded, Span(10_000, 14_000), has_audio=True))
    yield made
    made.close()


def recorded_clip(data: bytes, span: Span, *, has_audio: bool) -> Clip:
    return Clip(data, span, span, True, 40, has_audio, False)


def request(clip: ClipMedia | None, prompt: Prompt = PROMPT) -> AnalysisRequest:
    return AnalysisRequest("r", 1, Span(10_000, 14_000), datetime(2026, 1, 2, tzinfo=UTC), clip, "en", prompt)


async def asked(config: ModelConfig, asking: AnalysisRequest) -> Answer:
    provider = GeminiProvider(config)
    try:
        return await answer(provider, asking)
    finally:
        await provider.close()


def ask(config: ModelConfig, clip: ClipMedia | None, prompt: Prompt = PROMPT) -> Answer:
    return asyncio.run(asked(config, request(clip, prompt)))


def fails(server: GeminiServer, clip: ClipMedia | None, **fields: Any) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        ask(server.config(**fields), clip)
    return caught.value
