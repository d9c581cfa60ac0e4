"""A Qwen-VL (or another vision language model) on this computer, without a server: `skiuo-desktop[local]`.

The model lives in a process of its own: a crash there, or memory that runs out, ends one analysis and not the recording.
Nothing leaves this computer; a network is asked only for a model that is given by its name on the hub and is not here yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Finished, Links, ProbeReport, ProviderEvent, TextDelta
from skiuo_desktop.analysis.transformers_ledger import about, raw_answer, sent
from skiuo_desktop.analysis.transformers_options import check, parsed
from skiuo_desktop.analysis.transformers_probe import walk
from skiuo_desktop.analysis.transformers_process import ModelProcess
from skiuo_desktop.analysis.transformers_words import Ask, Began, Done, Loaded, Said
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.failures import failure
from skiuo_desktop.model import Failure, FailureKind, ModelConfig, Usage

QUALITY = 90


class TransformersProvider:
    """`config.model`: a folder or a hub name. Options: device, dtype, fps, max_pixels (see `transformers_options`).

    One question at a time; `config.timeout_s` counts from when the model is in memory. Raises UsageError for options that mean nothing.
    """

    def __init__(self, config: ModelConfig, process: ModelProcess | None = None) -> None:
        self._config = config
        self._options = parsed(config)
        self._process = process or ModelProcess()
        self._turn = asyncio.Lock()

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
        check(self._options.weights)
        ask = await asyncio.to_thread(self._ask, request)
        yield await asyncio.to_thread(sent, self._config, self._options, ask, request.prompt)
        loaded, began, said = Loaded(0, "", "", ""), Began(0, ""), ""
        done: Done | None = None
        async with aclosing(self.converse(ask)) as answers:
            async for answer in answers:
                match answer:
                    case Loaded():
                        loaded = answer
                    case Began():
                        began = answer
                    case Said(text):
                        said += text
                        yield TextDelta(text)
                    case Done():
                        done = answer
        if done is None:
            raise AnalysisError.of(FailureKind.INTERNAL, "The local model ended without an answer. Try again.")
        usage = Usage(began.tokens_in, done.tokens_out, 0.0)
        raw = raw_answer(self._config.model, loaded, began, done)
        _judge(self._config, said, done, usage, raw)
        yield Finished(usage, raw, about=about(loaded, done))

    async def converse(self, ask: Ask) -> AsyncGenerator[Loaded | Began | Said | Done]:
        """What the process says of one question. Raises AnalysisError; left early, the model stops at its next step."""
        async with self._turn, aclosing(self._process.run(ask)) as answers:
            deadline: float | None = None
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        answer = await anext(answers, None)
                except TimeoutError as error:
                    message = f"The local model took longer than {self._config.timeout_s:g} seconds. Allow it more time, or give it fewer or smaller pictures."
                    raise AnalysisError(Failure(FailureKind.TIMEOUT, message, "", {"server": "transformers"})) from error
                if answer is None:
                    return
                if isinstance(answer, Loaded):
                    deadline = asyncio.get_running_loop().time() + self._config.timeout_s
                yield answer

    async def probe(self, clip: ClipMedia, links: Links | None = None) -> ProbeReport:
        """Loads the model, asks it about a text alone and then about the clip."""
        frames = await asyncio.to_thread(self._frames, clip)
        return await walk(self._options, frames, self.converse)

    async def close(self) -> None:
        await asyncio.to_thread(self._process.close)

    def _ask(self, request: AnalysisRequest) -> Ask:
        """Raises AnalysisError (MEDIA) where the clip cannot be decoded."""
        frames = self._frames(request.clip) if request.clip is not None else ()
        options = self._options
        return Ask(options.weights, request.prompt.system, request.prompt.text, frames, options.fps, self._config.longest_answer)

    def _frames(self, clip: ClipMedia) -> tuple[tuple[int, bytes], ...]:
        try:
            frames = tuple(clip.jpegs(fps=self._options.fps, max_pixels=self._options.max_pixels, quality=QUALITY))
        except MediaError as error:
            raise AnalysisError.of(FailureKind.MEDIA, str(error)) from error
        if not frames:
            raise AnalysisError(failure(FailureKind.MEDIA))
        return frames


def _judge(config: ModelConfig, said: str, done: Done, usage: Usage, raw: str) -> None:
    """Raises AnalysisError where the answer came to no good end. Asking again would end the same."""
    if not said.strip():
        raise AnalysisError(failure(FailureKind.EMPTY, raw, server="transformers", model=config.model), usage=usage, again=False)
    if done.finish_reason == "length":
        message = f"The answer is longer than the {config.longest_answer} tokens it may have. Allow longer answers."
        raise AnalysisError(Failure(FailureKind.CUT_SHORT, message, raw, {"server": "transformers", "model": config.model}), usage=usage, again=False)
