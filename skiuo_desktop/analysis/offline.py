"""The embedded provider: measures and reads a window on this device, with no network and no key.

It says what can be measured (motion, scene changes, light, sound) and reads the text in the picture. It does not
understand what it sees, and never writes as if it did.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from skiuo_desktop.analysis.facts import Facts
from skiuo_desktop.analysis.helper import Helper
from skiuo_desktop.analysis.job import Job, Looked, Read
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, ProviderEvent, Sent, TextDelta
from skiuo_desktop.analysis.telling import Teller
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.model import FailureKind, ModelConfig, Usage


class OfflineProvider:
    """One helper process for all analyses, one at a time. It has no options: of its `ModelConfig` nothing is used."""

    def __init__(self, config: ModelConfig, helper: Helper | None = None) -> None:
        self._helper = helper or Helper()
        self._turn = asyncio.Lock()

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
        clip = request.clip
        if clip is None:
            raise AnalysisError.of(FailureKind.REFUSED, "The offline measurer reads video; it cannot answer questions about texts.")
        try:
            webm = await asyncio.to_thread(lambda: clip.webm)
        except MediaError as error:
            raise AnalysisError.of(FailureKind.MEDIA, str(error)) from error
        before = Facts.parse(request.previous_facts)
        job = Job(webm, clip.span.start_ms, request.span, before.lines if before else ())
        teller = Teller(request.language, before)
        looked: Looked | None = None
        read: Read | None = None
        async with self._turn, aclosing(self._helper.run(job)) as answers:
            async for answer in answers:
                match answer:
                    case Looked():
                        looked = answer
                        yield Sent(_ledger(job, looked))
                        for sentence in teller.measured(Facts.of(request.span, looked, None)):
                            yield TextDelta(sentence)
                    case Read() if looked is not None:
                        read = answer
                        for sentence in teller.read(Facts.of(request.span, looked, read), read.fresh):
                            yield TextDelta(sentence)
        if looked is None or read is None:
            raise AnalysisError.of(FailureKind.INTERNAL, "The offline measurer ended without an answer. Try again.")
        yield Finished(Usage(cost=0.0), _raw(looked, read), Facts.of(request.span, looked, read).as_json())

    async def close(self) -> None:
        await asyncio.to_thread(self._helper.close)


def _ledger(job: Job, looked: Looked) -> dict[str, Any]:
    return {
        "delivery": "this device",
        "clip_bytes": len(job.webm),
        "frames_measured": looked.measures["frames"],
        "frames": [asdict(picture) for picture in looked.pictures],
        "known_lines": len(job.known_lines),
    }


def _raw(looked: Looked, read: Read) -> str:
    readings = [[asdict(line) for line in reading] for reading in read.readings]
    return json.dumps({"measured": looked.measures, "heard": looked.hearing, "blurred": read.blurred, "read": readings}, ensure_ascii=False)
