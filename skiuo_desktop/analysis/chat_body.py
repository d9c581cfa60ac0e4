"""The body of a chat request: the same for all servers but for what their presets say is different."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skiuo_desktop.analysis.body import MediaBody, dumped_text
from skiuo_desktop.analysis.delivery import URL, Media
from skiuo_desktop.analysis.presets import Preset
from skiuo_desktop.analysis.provider import Prompt
from skiuo_desktop.analysis.tokens import image_tokens, qwen_video_tokens, text_tokens
from skiuo_desktop.model import ModelConfig

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")


@dataclass(frozen=True, slots=True)
class Body:
    """`content` is what goes out: JSON with sorted keys, so that the same question has the same bytes. `options` is it without messages."""

    content: bytes
    options: Mapping[str, Any]
    tokens_in: int  # an estimate
    named: str = ""  # what stands in `content` for the address of a clip that is to be fetched: its content's name

    def with_url(self, url: str) -> bytes:
        """What goes out once the address is known; `content` stays the same for the same clip."""
        return self.content.replace(dumped_text(self.named), dumped_text(url))


def build(config: ModelConfig, preset: Preset, prompt: Prompt, media: Media | None, *, longest: int, plain: bool = False) -> Body:
    """Blocks: it encodes megabytes. `plain`: nothing is said of the frames' times, so that a probe compares the same text."""
    options: dict[str, Any] = {"stream": True, preset.longest: longest, **_thinking(config, preset)}
    if preset.usage_option:
        options["stream_options"] = {"include_usage": True}
    for name in ("temperature", "top_p", "seed"):
        if isinstance(value := config.options.get(name), int | float):
            options[name] = value
    parts: list[dict[str, Any]] = []
    hints: dict[str, Any] = {}
    intro = named = ""
    made = MediaBody()
    if media is not None and media.plan.delivery == "frames":
        parts, hints = _frames(preset, media, made)
        if preset.hints != "part" and not plain:
            intro = _times(media)
            parts = [{"type": "text", "text": intro}, *parts]
    elif media is not None:
        if media.plan.delivery == URL:
            named = f"skiuo-clip:{hashlib.sha256(media.video).hexdigest()}"
        parts, hints, further = _video(preset, media, made, named)
        options |= further
    user: Any = [*parts, {"type": "text", "text": prompt.text}] if parts else prompt.text
    messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
    body = {"model": config.model, "messages": [*messages, {"role": "user", "content": user}], **options}
    tokens = text_tokens(prompt.system + prompt.text + intro) + _media_tokens(preset, media)
    return Body(made.encode(body), {**options, **({"media": hints} if hints else {})}, tokens, named)


def thinks(model: str) -> bool:
    """Whether a Qwen model always thinks: it refuses to be told not to."""
    return bool(re.search(r"thinking|^qvq|^qwq", model.lower()))


def _thinking(config: ModelConfig, preset: Preset) -> dict[str, Any]:
    """Off where that can be said, else as little as can be said."""
    told = dict(preset.body)
    model = config.model.lower()
    if preset.provider == "qwen":
        # Qwen3.8 takes an effort instead (and with a budget as well refuses); before Qwen3 none thinks.
        if re.match(r"qwen3\.8", model):
            told["reasoning_effort"] = "low"
        elif thinks(model):
            told["thinking_budget"] = max(1, config.longest_answer // 2)
        elif model.startswith("qwen3"):
            told["enable_thinking"] = False
        if "omni" in model:
            told["modalities"] = ["text"]  # else it speaks as well
    if preset.name == "openai.com" and re.match(r"gpt-5(?!.*chat)|o\d", model):
        told["reasoning_effort"] = "low"  # the least that each of them takes
    if config.options.get("reasoning_effort") in _EFFORTS:
        told = {name: value for name, value in told.items() if name not in ("enable_thinking", "thinking_budget")}
        told["reasoning_effort"] = config.options["reasoning_effort"]
    return told


def _video(preset: Preset, media: Media, made: MediaBody, named: str) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """(content parts, their hints, further fields of the body). `named`: stands for the clip's address; empty: the clip itself goes."""
    data = "" if named else made.put(media.video)
    if preset.video == "input_video":
        return [{"type": "input_video", "input_video": {"url": named} if named else {"data": data}}], {}, {}
    url = {"url": named or f"data:video/{media.plan.format};base64,{data}"}
    fps = _rounded(media.plan.fps)
    match preset.hints:
        case "part":
            hints = {"fps": fps, "max_pixels": media.plan.max_pixels}
            return [{"type": "video_url", "video_url": url, **hints}], hints, {}
        case "inside":
            hints = {"fps": fps, "max_frames": media.frame_count}
            return [{"type": "video_url", "video_url": {**url, **hints}}], hints, {}
        case "media_io_kwargs":
            # The rendition holds just the frames that are meant: all of them.
            return [{"type": "video_url", "video_url": url}], {}, {"media_io_kwargs": {"video": {"num_frames": -1, "fps": fps}}}
    return [{"type": "video_url", "video_url": url}], {}, {}


def _frames(preset: Preset, media: Media, made: MediaBody) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    urls = [f"data:image/jpeg;base64,{made.put(data)}" for _, data in media.frames]
    if preset.hints == "part":
        # DashScope's list of frames, 1/fps seconds apart. It takes none that shows less than two seconds.
        hints = {"fps": _rounded(min(media.plan.fps, len(urls) / 2, 10.0))}
        return [{"type": "video", "video": urls, **hints}], hints
    detail = {"detail": preset.detail} if preset.detail else {}
    return [{"type": "image_url", "image_url": {"url": url, **detail}} for url in urls], dict(detail)


def _times(media: Media) -> str:
    apart = f", {_rounded(1 / media.plan.fps):g} s apart" if len(media.frames) > 1 else ""
    return f"These {len(media.frames)} pictures are frames of one video, in order{apart}, the first at its beginning."


def _media_tokens(preset: Preset, media: Media | None) -> int:
    if media is None:
        return 0
    if preset.hints == "part":
        return qwen_video_tokens(media.width, media.height, media.frame_count, max_pixels=media.plan.max_pixels)
    if media.plan.delivery != "frames":
        return qwen_video_tokens(media.width, media.height, media.frame_count, max_pixels=2 * media.width * media.height)  # taken as it is
    return len(media.frames) * image_tokens(media.width, media.height)


def _rounded(number: float) -> float:
    return round(number, 3)
