"""About what a window will cost before any was asked: for the sentence "about 0.36 $ an hour". What was measured takes its place."""

from __future__ import annotations

import math

from skiuo_desktop.analysis.cost import priced
from skiuo_desktop.analysis.delivery import frame_count
from skiuo_desktop.analysis.presets import preset_of, presets
from skiuo_desktop.analysis.tokens import image_tokens, qwen_video_tokens
from skiuo_desktop.model import ModelConfig, Usage

PROMPT_TOKENS, ANSWER_TOKENS = 600, 130
"""Of our templates with notes on what came before, and of two to four sentences."""


def window_usage(config: ModelConfig, length_ms: int, width: int, height: int) -> Usage | None:
    """The usage of a window of `length_ms` of a picture of that size; None for a provider that is not known here."""
    if not presets(config.provider):
        return None
    found = preset_of(config)
    fps = _positive(config, "fps") or found.fps
    pixels = int(_positive(config, "max_pixels") or found.max_pixels)
    frames = frame_count(length_ms, fps)
    if config.provider == "gemini":
        media = frames * 70 + math.ceil(length_ms / 1000) * 32
    elif config.provider == "qwen" or _seen(config)[:1] == ["inline"]:
        media = qwen_video_tokens(width, height, frames, max_pixels=pixels)
    else:
        scale = min(1.0, math.sqrt(pixels / (width * height)))
        media = frames * image_tokens(int(width * scale), int(height * scale))
    return priced(config, media + PROMPT_TOKENS, ANSWER_TOKENS, estimated=True)


def _positive(config: ModelConfig, name: str) -> float:
    value = config.options.get(name)
    return float(value) if isinstance(value, (int, float)) and value > 0 else 0.0


def _seen(config: ModelConfig) -> list[str]:
    return list(config.probe.get("deliveries", ()))
