"""What a window will cost, told before any was asked: by the same choice of delivery as the real one."""

from __future__ import annotations

import pytest

from skiuo_desktop.analysis.forecast import ANSWER_TOKENS, LOW_DETAIL, PROMPT_TOKENS, window_usage
from skiuo_desktop.analysis.presets import preset
from skiuo_desktop.analysis.tokens import image_tokens, qwen_video_tokens
from skiuo_desktop.model import ModelConfig, Price, Tier


def tokens(provider: str, **fields: object) -> int:
    guess = window_usage(ModelConfig("m", provider, "model", **fields), 15_000, 1280, 720)  # type: ignore[arg-type]
    assert guess is not None and guess.tokens_in is not None and guess.estimated and guess.tokens_out == ANSWER_TOKENS
    return guess.tokens_in - PROMPT_TOKENS


def test_each_provider_by_its_own_rule() -> None:
    assert tokens("qwen") == qwen_video_tokens(1280, 720, 15)
    assert tokens("qwen", options={"fps": 2}) == qwen_video_tokens(1280, 720, 30)
    assert tokens("gemini") == 15 * 70 + 15 * 32
    assert tokens("openai", preset="openai.com") == 15 * LOW_DETAIL
    assert window_usage(ModelConfig("m", "offline"), 15_000, 1280, 720) is None


def test_frames_and_videos_of_a_server_of_ones_own() -> None:
    known = preset("openai", "vllm")
    assert known is not None
    pixels = known.max_pixels
    video, frames = qwen_video_tokens(1280, 720, 15, max_pixels=pixels), tokens("openai", preset="vllm", delivery="frames")
    assert tokens("openai", preset="vllm", probe={"deliveries": ["inline", "frames"]}) == video
    assert frames == tokens("openai", preset="vllm", probe={"deliveries": ["frames"]})
    scale = (pixels / (1280 * 720)) ** 0.5
    assert frames == 15 * image_tokens(int(1280 * scale), int(720 * scale))


def test_the_price_is_the_models_own() -> None:
    config = ModelConfig("m", "gemini", "x", price=Price((Tier(1.0, 10.0),)))
    guess = window_usage(config, 15_000, 1280, 720)
    assert guess is not None and guess.cost == pytest.approx((guess.tokens_in or 0) / 1e6 + ANSWER_TOKENS * 10 / 1e6)
