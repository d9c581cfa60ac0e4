"""One question to a Gemini model, ready to be sent: its body, and what the ledger, the cache of answers and the budgets must know of it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from skiuo_desktop.analysis.body import MediaBody, dumped
from skiuo_desktop.analysis.cost import priced
from skiuo_desktop.analysis.delivery import Media
from skiuo_desktop.analysis.gemini_media import MIME, generation, media_tokens
from skiuo_desktop.analysis.provider import Placed, Prompt, Sent
from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import ModelConfig, Usage

_CHOICES = {
    "media_resolution": ("low", "medium", "high"),
    "thinking_level": ("minimal", "low", "medium", "high", "xhigh"),
}

_TEXT_ONLY = {"delivery": "text", "why": "text: the question is about texts alone", "format": "", "media_bytes": 0, "frames": []}


def model_path(config: ModelConfig) -> str:
    """`v1beta/models/NAME`; a name that holds a slash says its own collection (`models/…`, `tunedModels/…`)."""
    return f"v1beta/{config.model if '/' in config.model else 'models/' + config.model}"


def generation_config(config: ModelConfig) -> dict[str, Any]:
    """The answer's length, the resolution of pictures, and thinking as little as the model lets itself be told.

    Gemini 3 knows levels, of which every model has LOW; 2.5 knows budgets: flash may be told 0, pro 128 at least
    (https://ai.google.dev/gemini-api/docs/thinking). Raises UsageError for an option that is none.
    """
    made: dict[str, Any] = {"maxOutputTokens": config.longest_answer, "mediaResolution": f"MEDIA_RESOLUTION_{_option(config, 'media_resolution').upper()}"}
    major, minor = generation(config.model)
    if major >= 3:
        made["thinkingConfig"] = {"thinkingLevel": _option(config, "thinking_level").upper(), "includeThoughts": False}
    elif (major, minor) == (2, 5):
        made["thinkingConfig"] = {"thinkingBudget": 128 if "pro" in config.model else 0, "includeThoughts": False}
    return made


def _option(config: ModelConfig, name: str) -> str:
    value = str(config.options.get(name, "low")).lower()
    if value not in _CHOICES[name]:
        raise UsageError(f"{config.name}: the option {name} is one of {', '.join(_CHOICES[name])}, not {value!r}.")
    return value


def text_tokens(text: str) -> int:
    """At most about how many tokens a text is: a Chinese character is one, of other writing three characters are."""
    wide = sum(1 for char in text if char > "\u2e7f")
    return wide + math.ceil((len(text) - wide) / 3)


@dataclass(frozen=True, slots=True)
class Question:
    """`media`: None for a question about texts alone."""

    config: ModelConfig
    prompt: Prompt
    media: Media | None
    address: str
    place: Placed | None = None  # where the clip lies that is to be fetched

    def sent(self) -> Sent:
        """The ledger, the content's name and the most that it may cost; blocks while it hashes the media."""
        most = self.estimate()
        told = {
            **(self.media.ledger() if self.media else _TEXT_ONLY),
            **({"link": asdict(self.place)} if self.place else {}),
            "prompt": self.prompt.as_json(),
            "options": {"generationConfig": generation_config(self.config)} | ({"videoMetadata": self._metadata()} if self._is_video else {}),
            "model": self.config.model,
            "address": self.address,
            "estimate": {"tokens_in": most.tokens_in, "tokens_out": most.tokens_out, "cost": most.cost, "currency": most.currency},
        }
        named = [self.config.provider, self.address, self.body([{"sha256": hashlib.sha256(piece).hexdigest()} for piece in self._pieces])]
        return Sent(told, hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest(), most)

    def estimate(self) -> Usage:
        tokens = text_tokens(self.prompt.system) + text_tokens(self.prompt.text) + 32
        if self.media is not None:
            tokens += media_tokens(self.media, self.config.model, _option(self.config, "media_resolution"))
        return priced(self.config, tokens, self.config.longest_answer, estimated=True)

    def inline(self) -> bytes:
        """The request with the media in it; blocks while it encodes megabytes."""
        made = MediaBody()
        return made.encode(self.body([{"inlineData": {"mimeType": self.mime, "data": made.put(piece)}} for piece in self._pieces]))

    def uploaded(self, uri: str) -> bytes:
        """The request that names a file: one that was uploaded, or a signed address."""
        return dumped(self.body([{"fileData": {"mimeType": self.mime, "fileUri": uri}}]))

    def body(self, parts: list[dict[str, Any]]) -> dict[str, Any]:
        """The request with these parts for the media, a video or each frame; the prompt comes after them."""
        if self._is_video:
            parts = [{**part, "videoMetadata": self._metadata()} for part in parts]
        elif self.media is not None:
            parts = [told for part, (at, _) in zip(parts, self.media.frames, strict=True) for told in ({"text": f"{at / 1000:.1f} s:"}, part)]
        made: dict[str, Any] = {
            "contents": [{"role": "user", "parts": [*parts, {"text": self.prompt.text}]}],
            "generationConfig": generation_config(self.config),
        }
        if self.prompt.system:
            made["systemInstruction"] = {"parts": [{"text": self.prompt.system}]}
        return made

    @property
    def mime(self) -> str:
        return MIME[self.media.plan.format] if self.media else ""

    @property
    def _pieces(self) -> list[bytes]:
        if self.media is None:
            return []
        return [self.media.video] if self._is_video else [data for _, data in self.media.frames]

    @property
    def _is_video(self) -> bool:
        return self.media is not None and bool(self.media.video)

    def _metadata(self) -> dict[str, Any]:
        return {"fps": round(self.media.plan.fps, 3)} if self.media else {}
