"""A provider that speaks the OpenAI chat API: what `openai` and `qwen` have in common.

The clip is made small enough, the body built and encoded in a thread, the answer read event by event, and every way in which it can go wrong
becomes one classified AnalysisError that carries what the server had counted by then.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from typing import cast

import httpx

from skiuo_desktop import secrets
from skiuo_desktop.analysis import chat_body, chat_errors
from skiuo_desktop.analysis.address import check_base_url, is_private
from skiuo_desktop.analysis.chat_body import Body
from skiuo_desktop.analysis.chat_errors import Said
from skiuo_desktop.analysis.chat_stream import ChatAnswer, ServerError, Unreadable
from skiuo_desktop.analysis.cost import priced
from skiuo_desktop.analysis.delivery import Limits, Media, prepare
from skiuo_desktop.analysis.http import Client, read_bounded
from skiuo_desktop.analysis.links import placed, secrets_of, signed
from skiuo_desktop.analysis.presets import WORKSPACE, base_url_of, preset_of, server_label
from skiuo_desktop.analysis.probing import LONGEST_ANSWER, walk
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Finished, Links, Placed, ProbeReport, ProviderEvent, Sent, TextDelta
from skiuo_desktop.analysis.sse import SseParser, events
from skiuo_desktop.errors import AnalysisError, SecretError, UsageError
from skiuo_desktop.failures import failure
from skiuo_desktop.model import Failure, FailureKind, ModelConfig, Usage

PATH = "chat/completions"
_MOST_RAW = 4 << 20
_DRAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What a raw answer must not keep. `linked`: the model was to fetch the clip."""

    key: str
    words: tuple[str, ...] = ()
    linked: bool = False

    def clean(self, raw: bytearray) -> str:
        return chat_errors.clean(bytes(raw), self.key, self.words)


class ChatProvider:
    """Builds without I/O. Raises UsageError for an address that is none, or to which no key may be sent."""

    def __init__(self, config: ModelConfig) -> None:
        base = base_url_of(config)
        if not base:
            raise UsageError("This kind of server has no address of its own: give one, up to and including /v1.")
        if WORKSPACE in base:
            raise UsageError(f"Put the id of your workspace in the place of {WORKSPACE} in the address.")
        self.config = config
        self.preset = preset_of(config)
        self.server = server_label(config)
        self.base_url = check_base_url(base, with_key=bool(config.key_ref))
        self._client = Client(self.base_url, {"Accept": "text/event-stream"}, server=self.server, model=config.model, timeout_s=config.timeout_s)

    def limits(self) -> Limits:
        """What the endpoint takes."""
        preset = self.preset
        return Limits(preset.deliveries, preset.unprobed, preset.formats, preset.fps, preset.max_pixels, most_frames=preset.most_frames)

    async def analyse(self, request: AnalysisRequest) -> AsyncGenerator[ProviderEvent, None]:
        async with aclosing(self._ask(self.config, request)) as answer:
            async for event in answer:
                yield event

    async def probe(self, clip: ClipMedia, links: Links | None = None) -> ProbeReport:
        def ask(request: AnalysisRequest, delivery: str, form: str) -> AsyncIterator[ProviderEvent]:
            shown = replace(self.config, delivery="auto" if delivery == "text" else delivery, probe={"video_format": form}, longest_answer=LONGEST_ANSWER)
            return self._ask(shown, request, plain=True)

        limits = self.limits()
        return await walk(ask, clip, limits.deliveries, limits.formats, links=links)

    async def close(self) -> None:
        await self._client.close()

    async def _ask(self, config: ModelConfig, request: AnalysisRequest, *, plain: bool = False) -> AsyncGenerator[ProviderEvent, None]:
        key = await self._key()
        clip = request.clip
        media: Media | None = None
        place: Placed | None = None
        if clip is not None:
            media, place = await placed(request.links, lambda hindrance: prepare(clip, config, self.limits(), self.server, hindrance))
        body = await asyncio.to_thread(chat_body.build, config, self.preset, request.prompt, media, longest=config.longest_answer, plain=plain)
        yield await asyncio.to_thread(self._sent, config, request, media, body, place)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        content, hidden = body.content, _Hidden(key)
        if place is not None and request.links is not None:
            # Only now: the request may have waited for its turn, and the address is valid from here on.
            url = await signed(request.links, place)
            content, hidden = body.with_url(url), _Hidden(key, secrets_of(url), linked=True)
        raw, answer = bytearray(), ChatAnswer()
        try:
            async with (
                self._client.stream("POST", PATH, content=content, headers=headers) as response,
                aclosing(self._texts(response, answer, raw, hidden)) as texts,
            ):
                async for text in texts:
                    yield TextDelta(text)
        except AnalysisError as error:
            raise self._with_usage(error, config, answer, raw, hidden) from error
        usage = self._usage(config, answer)
        if (failed := self._judged(answer, hidden.clean(raw))) is not None:
            failed.usage = usage
            raise failed
        yield Finished(usage, hidden.clean(raw), about=answer.about())

    async def _key(self) -> str:
        """Read anew for each request: a key that was replaced counts at once."""
        if not self.config.key_ref:
            if self.preset.needs_key and not is_private(httpx.URL(self.base_url).host):
                raise self._client.error(FailureKind.KEY, "No key is set for this model.", again=False)
            return ""
        try:
            key = (await asyncio.to_thread(secrets.read, self.config.key_ref)).strip()
            if not (key.isascii() and key.isprintable()):
                raise SecretError("The key holds characters that no key has; enter it again.")
            return key
        except SecretError as error:
            told = failure(FailureKind.KEY, str(error), server=self.server, model=self.config.model)
            raise AnalysisError(Failure(told.kind, str(error), told.raw, told.facts), again=False) from error

    def _sent(self, config: ModelConfig, request: AnalysisRequest, media: Media | None, body: Body, place: Placed | None) -> Sent:
        estimate = priced(config, body.tokens_in, config.longest_answer, estimated=True)
        shown = media.ledger() if media is not None else {"delivery": "text", "why": "text: the question is about texts alone", "media_bytes": 0}
        ledger = {
            **shown,
            **({"link": asdict(place)} if place is not None else {}),
            "prompt": request.prompt.as_json(),
            "options": dict(body.options),
            "model": config.model,
            "address": f"{self.base_url}/{PATH}",
            "estimate": {"tokens_in": estimate.tokens_in, "tokens_out": estimate.tokens_out, "cost": estimate.cost, "currency": estimate.currency},
        }
        question = hashlib.sha256(f"{config.provider}\n{self.base_url}\n{config.model}\n".encode())
        question.update(body.content)
        return Sent(ledger, question.hexdigest(), estimate)

    async def _texts(self, response: httpx.Response, answer: ChatAnswer, raw: bytearray, hidden: _Hidden) -> AsyncGenerator[str, None]:
        """The answer's text, piece by piece. Raises AnalysisError for an answer that is an error."""
        if response.status_code != 200:
            raw += await read_bounded(response)
            kept = hidden.clean(raw)
            what = chat_errors.said(chat_errors.parsed(bytes(raw))) or Said((), kept[:2000])
            raise chat_errors.error(self._client, what, kept, status=response.status_code, headers=response.headers, qwen=self._qwen, linked=hidden.linked)
        parser = SseParser()
        try:
            async with aclosing(events(_kept(response, raw), parser)) as data:
                async for one in data:
                    if text := answer.take(one):
                        yield text
                    if answer.done:
                        await _drain(data)
                        break
            if not answer.begun and parser.stray.strip() and (text := answer.take(bytes(raw).decode("utf-8", errors="replace"))):
                yield text  # no stream: one JSON
            elif answer.begun and not answer.finish_reason and (failed := chat_errors.said(chat_errors.parsed(bytes(parser.stray)))) is not None:
                raise ServerError(failed)
            if text := answer.end():
                yield text
        except ServerError as error:
            kept = hidden.clean(raw)
            raise chat_errors.error(
                self._client, error.what, kept, headers=response.headers, begun=answer.begun, qwen=self._qwen, linked=hidden.linked
            ) from error
        except (Unreadable, ValueError) as error:
            # What was being written when the body ended is not wrong, it is cut.
            cut = isinstance(error, Unreadable) and answer.begun
            raise self._client.error(FailureKind.CUT_SHORT if cut else FailureKind.BAD_ANSWER, billed=True, again=cut) from error
        except httpx.TransportError as error:
            if not answer.begun:
                raise
            if not answer.finish_reason:
                raise self._client.error(FailureKind.CUT_SHORT, billed=True) from error

    def _judged(self, answer: ChatAnswer, raw: str) -> AnalysisError | None:
        """What is wrong with an answer whose body has ended; None where nothing is."""
        error, reason = self._client.error, answer.finish_reason
        if not answer.begun:
            return error(FailureKind.BAD_ANSWER, raw, billed=True, again=False) if raw.strip() else error(FailureKind.CUT_SHORT, raw, billed=True)
        if reason in ("content_filter", "sensitive") or (answer.refusal and not answer.has_text):
            return error(FailureKind.REFUSED, raw, billed=True, again=False)
        if reason in ("length", "max_tokens"):
            return error(FailureKind.CUT_SHORT if answer.has_text else FailureKind.EMPTY, raw, billed=True, again=False)
        if reason in ("tool_calls", "function_call"):
            return error(FailureKind.BAD_ANSWER, raw, billed=True)
        if not reason or reason in ("abort", "error", "cancelled"):
            return error(FailureKind.CUT_SHORT, raw, billed=True)
        return None if answer.has_text else error(FailureKind.EMPTY, raw, billed=True)

    def _with_usage(self, error: AnalysisError, config: ModelConfig, answer: ChatAnswer, raw: bytearray, hidden: _Hidden) -> AnalysisError:
        """The error with what the server had counted and sent by then."""
        if answer.usage is not None:
            error.usage = self._usage(config, answer)
        if raw and not error.failure.raw:
            error.failure = replace(error.failure, raw=hidden.clean(raw))
        return error

    def _usage(self, config: ModelConfig, answer: ChatAnswer) -> Usage:
        """A proxy that does not count says 0 for all; no question has no tokens."""
        asked = answer.count("prompt_tokens") or None
        return priced(config, asked, answer.count("completion_tokens") if asked else None)

    @property
    def _qwen(self) -> bool:
        return self.config.provider == "qwen"


async def _drain(data: AsyncGenerator[str, None]) -> None:
    """Reads the end of a body that is over, so that its connection can be used again; one that is left open is not waited for."""
    with contextlib.suppress(TimeoutError, httpx.TransportError):
        async with asyncio.timeout(_DRAIN_S):
            async for _ in data:
                pass


async def _kept(response: httpx.Response, raw: bytearray) -> AsyncGenerator[bytes, None]:
    async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_bytes())) as chunks:
        async for chunk in chunks:
            if len(raw) < _MOST_RAW:
                raw += chunk
            yield chunk
