"""The `gemini` provider: Google's Gemini API, `streamGenerateContent` of v1beta (https://ai.google.dev/api/generate-content)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from urllib.parse import quote

from skiuo_desktop import secrets
from skiuo_desktop.analysis.address import check_base_url
from skiuo_desktop.analysis.delivery import Media
from skiuo_desktop.analysis.gemini_errors import classified, reworded
from skiuo_desktop.analysis.gemini_files import Files
from skiuo_desktop.analysis.gemini_media import DELIVERIES, FORMATS, prepared
from skiuo_desktop.analysis.gemini_question import Question, generation_config, model_path
from skiuo_desktop.analysis.gemini_stream import Answer, bare
from skiuo_desktop.analysis.http import Client, read_bounded
from skiuo_desktop.analysis.links import placed, secrets_of, signed
from skiuo_desktop.analysis.presets import base_url_of, server_label
from skiuo_desktop.analysis.probing import LONGEST_ANSWER, walk
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Finished, Links, Placed, ProbeReport, ProviderEvent, TextDelta
from skiuo_desktop.analysis.sse import SseParser, events
from skiuo_desktop.errors import AnalysisError, MediaError, SecretError, UsageError
from skiuo_desktop.model import FailureKind, ModelConfig

_MOST_REMEMBERED = 64


class GeminiProvider:
    """Options: `fps`, `max_pixels`, `jpeg_quality`, `media_resolution` ("low", "medium", "high"), `thinking_level`.

    Raises UsageError for a wrong option, delivery or address. The key is read when it is first needed.
    """

    def __init__(self, config: ModelConfig) -> None:
        if config.delivery not in ("", "auto", *DELIVERIES):
            raise UsageError(f"{config.name}: Gemini takes the deliveries {', '.join(DELIVERIES)} and auto, not {config.delivery!r}.")
        generation_config(config)
        self._config = config
        self._base_url = check_base_url(base_url_of(config), with_key=bool(config.key_ref)).removesuffix("/v1beta")
        self._server = server_label(config)
        self._opening = asyncio.Lock()
        self._client: Client | None = None
        self._files: Files | None = None
        self._key = ""
        self._unseen: dict[str, None] = {}  # fingerprints of questions that were answered blindly, the newest last

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[ProviderEvent]:
        async with aclosing(self._analyse(request, self._config)) as told:
            async for event in told:
                yield event

    async def probe(self, clip: ClipMedia, links: Links | None = None) -> ProbeReport:
        """Walks the clip through text, inline, url, files and frames."""
        blind: set[str] = set()

        async def ask(request: AnalysisRequest, delivery: str, form: str) -> AsyncIterator[ProviderEvent]:
            tried = replace(
                self._config, delivery="auto" if delivery == "text" else delivery, longest_answer=LONGEST_ANSWER, probe={"video_format": form} if form else {}
            )
            try:
                async with aclosing(self._analyse(request, tried)) as told:
                    async for event in told:
                        yield event
            except AnalysisError as error:
                if error.failure.facts.get("unseen"):
                    blind.add(delivery)
                raise

        chosen = {"fps", "max_pixels"} & set(self._config.options)
        report = await walk(ask, clip, DELIVERIES, ("mp4",) if chosen else FORMATS, links=links)
        # It was taken and answered; that the model saw nothing is what "dropped" means.
        hops = (replace(hop, state="dropped", kind="") if hop.name in blind and hop.state == "failed" else hop for hop in report.hops)
        return replace(report, hops=tuple(hops))

    async def close(self) -> None:
        """Waits until uploaded files are deleted, at most some seconds."""
        if self._files is not None:
            await self._files.close()
        if self._client is not None:
            await self._client.close()

    async def _analyse(self, request: AnalysisRequest, config: ModelConfig) -> AsyncGenerator[ProviderEvent, None]:
        client = await self._open()
        try:
            question = await self._question(request, config)
            sent = await asyncio.to_thread(question.sent)
        except MediaError as error:
            raise AnalysisError.of(FailureKind.MEDIA, str(error)) from error
        yield sent
        hidden: list[str] = []
        try:
            async with aclosing(self._answered(client, question, request.links, hidden)) as told:
                async for event in told:
                    yield event
        except AnalysisError as error:
            if error.failure.facts.get("unseen"):
                error.again = sent.fingerprint not in self._unseen  # once: it may have been chance
                self._remember(sent.fingerprint)
            raise self._without_secrets(error, hidden) from error.__cause__

    async def _question(self, request: AnalysisRequest, config: ModelConfig) -> Question:
        prompt, clip = request.prompt, request.clip
        text_bytes = len(prompt.system.encode()) + len(prompt.text.encode()) + 4096
        media: Media | None = None
        place: Placed | None = None
        if clip is not None:
            media, place = await placed(request.links, lambda hindrance: prepared(clip, config, self._server, hindrance, text_bytes=text_bytes))
        return Question(config, prompt, media, f"{self._base_url}/{model_path(config)}:streamGenerateContent", place)

    async def _answered(self, client: Client, question: Question, links: Links | None, hidden: list[str]) -> AsyncGenerator[ProviderEvent, None]:
        """`hidden` is filled with what must not be kept of an address that is sent."""
        media = question.media
        async with AsyncExitStack() as stack:
            if media is not None and media.plan.delivery == "files" and self._files is not None:
                content = question.uploaded(await stack.enter_async_context(self._files.lent(media.video, question.mime)))
            elif question.place is not None and links is not None:
                url = await signed(links, question.place)
                hidden += secrets_of(url)
                content = question.uploaded(url)
            else:
                content = await asyncio.to_thread(question.inline)
            answer, first = Answer(client, question.config, media=media is not None), 0.0
            async with aclosing(self._texts(client, question.config, content, answer)) as texts:
                async for text in texts:
                    first = first or time.perf_counter()
                    yield TextDelta(text)
        took = time.perf_counter() - first
        about = answer.about
        if answer.usage.tokens_out and took > 0:
            about["tokens_per_s"] = round(answer.usage.tokens_out / took, 1)
        yield Finished(answer.usage, self._hidden(answer.raw, hidden), about=about)

    async def _texts(self, client: Client, config: ModelConfig, content: bytes, answer: Answer) -> AsyncGenerator[str, None]:
        """The text as it arrives. Raises AnalysisError unless the answer is whole."""
        parser = SseParser()
        try:
            async with client.stream("POST", f"{quote(model_path(config), safe='/')}:streamGenerateContent?alt=sse", content=content) as response:
                if response.status_code != 200:
                    body = (await read_bounded(response)).decode(errors="replace")
                    raise classified(client, response.status_code, body, response.headers)
                async with aclosing(events(response.aiter_bytes(), parser)) as data:
                    async for event in data:
                        for text in answer.event(event):
                            yield text
        except ValueError as error:  # an event without end
            raise answer.failed(FailureKind.BAD_ANSWER) from error
        except AnalysisError as error:
            raise answer.interrupted(error) from error.__cause__
        if parser.stray:
            told = parser.stray.decode(errors="replace")
            answer.keep(told)
            for chunk in bare(told):
                for text in answer.chunk(chunk):
                    yield text
        answer.ended()

    async def _open(self) -> Client:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._connected)  # the keyring and TLS's list of authorities are read from the disk
                self._files = Files(self._client, self._base_url)
            return self._client

    def _connected(self) -> Client:
        """Raises AnalysisError (KEY) where there is no key to be had."""
        try:
            self._key = secrets.read(self._config.key_ref).strip() if self._config.key_ref else ""
        except SecretError as error:
            raise AnalysisError.of(FailureKind.KEY, str(error)) from error
        if not (self._key.isascii() and self._key.isprintable()):
            raise AnalysisError.of(FailureKind.KEY, f"The key of {self._config.name} holds characters that no key has. Replace it.")
        headers = {"x-goog-api-key": self._key} if self._key else {}
        return Client(self._base_url, headers, server=self._server, model=self._config.model, timeout_s=self._config.timeout_s)

    def _remember(self, fingerprint: str) -> None:
        self._unseen[fingerprint] = None
        while len(self._unseen) > _MOST_REMEMBERED:
            del self._unseen[next(iter(self._unseen))]

    def _hidden(self, text: str, words: Sequence[str]) -> str:
        """Some servers repeat what they were sent."""
        text = text.replace(self._key, "[key]") if self._key else text
        for word in words:
            text = text.replace(word, "[hidden]")
        return text

    def _without_secrets(self, error: AnalysisError, words: Sequence[str]) -> AnalysisError:
        return reworded(error, message=self._hidden(error.failure.message, words), raw=self._hidden(error.failure.raw, words))
