"""How many tokens a request may come to, estimated before it is sent. What was really counted comes with the answer."""

from __future__ import annotations

import math

QWEN_TOTAL_PIXELS = 131_072 * 1024
"""Of all frames of one video, for the models that take the fewest."""

_QWEN_LEAST_PIXELS = 4096
_QWEN_MOST_FRAMES = 2000
_PATCH = 32


def text_tokens(text: str) -> int:
    """About the most that a text comes to: a third of its ASCII characters, each other character one, and what a chat template adds."""
    plain = sum(character.isascii() for character in text)
    return math.ceil(plain / 3) + len(text) - plain + 16


def qwen_size(width: int, height: int, cap: float) -> tuple[int, int]:
    """The size that Qwen-VL works with: multiples of 32, scaled down to `cap` pixels."""
    rounded = max(_PATCH, round(width / _PATCH) * _PATCH), max(_PATCH, round(height / _PATCH) * _PATCH)
    if rounded[0] * rounded[1] <= cap:
        return rounded
    factor = math.sqrt(width * height / cap)
    return max(_PATCH, int(width / factor / _PATCH) * _PATCH), max(_PATCH, int(height / factor / _PATCH) * _PATCH)


def qwen_video_tokens(width: int, height: int, frames: int, *, max_pixels: int = 655_360, total_pixels: int = QWEN_TOTAL_PIXELS) -> int:
    """Of a video of which `frames` are looked at (its seconds times its frames a second), after Alibaba's vision guide.

    1280x720 at 1 frame a second for 15 s is 4754, at the service's default of 2 a second 8912.
    """
    count = min(max(frames, 4), _QWEN_MOST_FRAMES)
    cap = max(min(max_pixels, total_pixels / count * 2), 1.05 * _QWEN_LEAST_PIXELS)
    across, down = qwen_size(width, height, cap)
    return math.ceil(count / 2) * (across // _PATCH) * (down // _PATCH) + 2


def image_tokens(width: int, height: int) -> int:
    """Of one picture at a server of which nothing is known: patches of 28 pixels, the smallest in use, and their frame."""
    return max(85, math.ceil(width / 28) * math.ceil(height / 28) + 4)
