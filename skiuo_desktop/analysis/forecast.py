"""About what a window will cost before any was asked: for the sentence "about 0.36 $ an hour". What was measured takes its place."""

from __future__ import annotations

import math

from skiuo_desktop.analysis.cost import priced
from skiuo_desktop.analysis.delivery import frame_count
from skiuo_desktop.analysis.presets import Preset, preset_of, presets
from skiuo_desktop.analysis.tokens import image_tokens, qwen_video_tokens
from skiuo_desktop.model import ModelConfig, Usage

PROMPT_TOKENS, ANSWER_TOKENS = 600, 130
"""Of our templates with notes on what came before, and of two to four sentences."""

LOW_DETAIL = 85
"""Tokens of a picture that OpenAI is told to look at roughly (https://platform.openai.com/docs/guides/images-vision)."""


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
    elif config.provider == "qwen" or _delivery(config, found) != "frames":
        media = qwen_video_tokens(width, height, frames, max_pixels=pixels)
    else:
        scale = min(1.0, math.sqrt(pixels / (width * height)))
        each = LOW_DETAIL if found.detail == "low" else image_tokens(int(width * scale), int(height * scale))
        media = frames * each
    return priced(config, media + PROMPT_TOKENS, ANSWER_TOKENS, estimated=True)


def _positive(config: ModelConfig, name: str) -> float:
    value = config.options.get(name)
    return float(value) if isinstance(value, (int, float)) and value > 0 else 0.0


def _delivery(config: ModelConfig, found: Preset) -> str:
    """As `delivery.choose` would have it, for a clip of usual length."""
    if config.delivery not in ("", "auto"):
        return config.delivery
    seen = [name for name in config.probe.get("deliveries", ()) if name in found.deliveries]
    return seen[0] if seen else found.unprobed or found.deliveries[0]
