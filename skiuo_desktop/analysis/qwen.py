"""Qwen at Alibaba Cloud, through DashScope's compatible mode.

Limits are those of Alibaba's vision guide: an inline video under 7 MB whose base64 is under 10 MB, of at least two seconds, H.264 in MP4 (WebM
is not among the listed formats); lists of at least four frames.
"""

from __future__ import annotations

import re

from skiuo_desktop.analysis.chat import ChatProvider
from skiuo_desktop.analysis.delivery import Limits

FILE_BYTES = 7_000_000
ENCODED_BYTES = 10_000_000
REQUEST_BYTES = 30_000_000
"""Of all frames of a list: no limit is documented, so this is one of prudence."""

_MINUTE = 60_000

# (model, most frames of a list, longest video in ms, most pixels of a frame)
_FAMILIES: tuple[tuple[str, int, int, int], ...] = (
    (r"qwen3\.[5-9]", 8000, 120 * _MINUTE, 2_048_000),
    (r"qwen3-vl", 2000, 60 * _MINUTE, 2_048_000),
    (r"qwen2\.5-vl", 512, 10 * _MINUTE, 655_360),
    (r"qwen-vl-max", 80, 20 * _MINUTE, 655_360),
    (r"", 80, 10 * _MINUTE, 655_360),
)


class QwenProvider(ChatProvider):
    """`config.base_url` goes up to and including `/compatible-mode/v1`; empty: the preset's region. A key is bound to its region."""

    def limits(self) -> Limits:
        frames, longest_ms, pixels = next(
            (frames, longest, pixels) for pattern, frames, longest, pixels in _FAMILIES if re.match(pattern, self.config.model.lower())
        )
        return Limits(
            self.preset.deliveries,
            self.preset.unprobed,
            self.preset.formats,
            self.preset.fps,
            min(self.preset.max_pixels, pixels),
            most_fps=10.0,
            most_pixels=pixels,
            least_ms=2000,
            longest_ms=longest_ms,
            least_frames=4,
            most_frames=frames,
            file_bytes=FILE_BYTES,
            encoded_bytes=ENCODED_BYTES,
            request_bytes=REQUEST_BYTES,
        )
