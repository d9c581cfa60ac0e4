"""A provider as another package would bring it: answers at once and writes down every call.

`SKIUO_EXTRA_CALLS` names the file that counts calls; `SKIUO_EXTRA_PLAN` may say what goes wrong, as JSON
`{"window index": "fail" | "hang" | "short" | "crash"}`.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator

from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, ProviderEvent, Sent, TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, ModelConfig, Usage


class ExtraProvider:
    def __init__(self, config: ModelConfig) -> None:
        self.config = config

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
        yield Sent({"bytes": len(request.clip.webm), "window": request.window_index})
        with open(os.environ["SKIUO_EXTRA_CALLS"], "a") as calls:  # noqa: ASYNC230, PTH123
            calls.write(f"{request.recording_id} {request.window_index}\n")
            calls.flush()
            os.fsync(calls.fileno())
        plan = json.loads(os.environ.get("SKIUO_EXTRA_PLAN", "{}"))
        yield TextDelta(f"Window {request.window_index} ")
        match plan.get(str(request.window_index)):
            case "fail":
                raise AnalysisError.of(FailureKind.QUOTA_MINUTE, "Too many requests this minute.", raw='{"code": "Throttling"}')
            case "hang":
                await asyncio.sleep(3600)
            case "short":
                return
            case "crash":
                raise RuntimeError("a provider with a bug")
        await asyncio.sleep(0.02)
        yield TextDelta(f"after {request.previous_text!r}." if request.previous_text else "begins.")
        yield Finished(Usage(tokens_in=100, tokens_out=7, cost=0.001), raw="raw answer", facts={"said": request.window_index})

    async def close(self) -> None:
        return
