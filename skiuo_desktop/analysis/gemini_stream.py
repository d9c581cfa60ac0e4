"""A streamed answer of the Gemini API, put together from its chunks (GenerateContentResponse, v1beta).

There is no mark at the end: the end of the body ends it, and whether it is whole is told by `finishReason`. Each chunk's
usage is of the whole request so far, so the last one counts; thoughts are billed as output and are not in `candidatesTokenCount`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from skiuo_desktop.analysis.cost import priced
from skiuo_desktop.analysis.gemini_errors import classified, error_in, reworded
from skiuo_desktop.analysis.http import Client, bounded
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, ModelConfig, Usage

REFUSALS = {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "MODEL_ARMOR"}

_MOST_RAW_PARTS = 4096


class Answer:
    """Feed it each chunk; `ended` says what became of it. `media`: the question holds a video or frames, which must have been counted."""

    def __init__(self, client: Client, config: ModelConfig, *, media: bool) -> None:
        self._client = client
        self._config = config
        self._media = media
        self.begun = False
        self.length = 0  # characters of text that was given away
        self.finish = ""
        self._blocked = ""
        self._version = ""
        self._counted: dict[str, Any] = {}
        self._raw: list[str] = []
        self._held = ""

    def event(self, data: str) -> Iterator[str]:
        """The new text in one event of the stream. Raises AnalysisError for an error in it, or for what is no JSON."""
        self.keep(data)
        try:
            chunk = json.loads(data)
        except ValueError as error:
            raise self.failed(FailureKind.BAD_ANSWER, billed=self.begun) from error
        yield from self.chunk(chunk)

    def keep(self, data: str) -> None:
        """Puts the server's own words aside for the raw answer."""
        if len(self._raw) < _MOST_RAW_PARTS:
            self._raw.append(data)

    def chunk(self, chunk: Any) -> Iterator[str]:
        if (error := error_in(chunk)) is not None:
            raise self.interrupted(classified(self._client, 500, json.dumps({"error": error}), answering=self.begun))
        if not isinstance(chunk, Mapping):
            return
        self.begun = True
        self._version = str(chunk.get("modelVersion") or self._version)
        self._blocked = str(_mapping(chunk.get("promptFeedback")).get("blockReason") or self._blocked)
        self._counted |= {name: value for name, value in _mapping(chunk.get("usageMetadata")).items() if value is not None}
        for candidate in _list(chunk.get("candidates"))[:1]:
            self.finish = str(_mapping(candidate).get("finishReason") or self.finish)
            for part in _list(_mapping(_mapping(candidate).get("content")).get("parts")):
                text = _mapping(part).get("text")
                if isinstance(text, str) and not _mapping(part).get("thought"):
                    self._held += text
        # What a model that saw nothing says is invented: nobody is to read it as a description.
        if self._held and not self.unseen:
            self.length += len(self._held)
            yield self._held
            self._held = ""

    @property
    def unseen(self) -> bool:
        """Whether the server counted the question by kinds and no picture was among them: the model answers blindly."""
        details = [_mapping(d) for d in _list(self._counted.get("promptTokensDetails"))]
        seen = any(d.get("modality") in ("VIDEO", "IMAGE") and (_count(d.get("tokenCount")) or 0) > 0 for d in details)
        return self._media and bool(details) and not seen

    @property
    def tokens_in(self) -> int | None:
        return _count(self._counted.get("promptTokenCount"))

    @property
    def usage(self) -> Usage:
        """What was counted. A count of 0 is left out on the wire, so beside a count of the question a missing one is 0."""
        if self.tokens_in is None:
            return Usage()
        out = (_count(self._counted.get("candidatesTokenCount")) or 0) + (_count(self._counted.get("thoughtsTokenCount")) or 0)
        return priced(self._config, self.tokens_in, out)

    @property
    def raw(self) -> str:
        return bounded("\n".join(self._raw))

    @property
    def about(self) -> dict[str, Any]:
        return {
            "model_version": self._version,
            "finish_reason": self.finish,
            "thinking_tokens": _count(self._counted.get("thoughtsTokenCount")) or 0,
            "cached_tokens": _count(self._counted.get("cachedContentTokenCount")) or 0,
        }

    def ended(self) -> None:
        """The body has ended. Raises AnalysisError unless the answer is whole."""
        if not self.begun:
            raise self.failed(FailureKind.BAD_ANSWER, billed=True)
        if self.unseen:
            told = f"{self._client.model} answered without having seen the video: {self._client.server} counted none of it. Send it as frames or as MP4."
            error = self.failed(FailureKind.BAD_ANSWER)
            raise reworded(error, message=told, facts={**error.failure.facts, "unseen": True})
        if self._blocked and not self.length:
            raise self.failed(FailureKind.REFUSED, again=False)
        if self.finish in REFUSALS:
            raise self.failed(FailureKind.CUT_SHORT if self.length else FailureKind.REFUSED, again=False)
        if self.finish == "MAX_TOKENS":
            raise self.failed(FailureKind.CUT_SHORT if self.length else FailureKind.EMPTY, again=False)
        if not self.finish:
            raise self.failed(FailureKind.CUT_SHORT)
        if not self.length:
            raise self.failed(FailureKind.EMPTY)

    def failed(self, kind: FailureKind, *, billed: bool = True, again: bool = True) -> AnalysisError:
        reason = self._blocked or self.finish
        return self._with_usage(self._client.error(kind, self.raw, billed=billed, again=again, reason=reason))

    def interrupted(self, error: AnalysisError) -> AnalysisError:
        """An error that came while the answer was arriving, with what had arrived."""
        if self._raw:
            last = error.failure.raw if error.failure.kind in (FailureKind.NETWORK, FailureKind.TIMEOUT) else ""
            error = reworded(error, raw=bounded(f"{self.raw}\n{last}".strip()))
        return self._with_usage(error)

    def _with_usage(self, error: AnalysisError) -> AnalysisError:
        error.usage = self.usage if self.tokens_in is not None else None
        return error


def bare(text: str) -> list[Any]:
    """The answers in a body that is no event stream: one JSON object, or a list of them. Empty where it is neither."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else [found]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None
