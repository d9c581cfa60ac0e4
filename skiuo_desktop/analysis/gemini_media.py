"""How a window is shown to a Gemini model, and about how many tokens that is.

WebM is among the documented formats (https://ai.google.dev/gemini-api/docs/video-understanding), so a clip goes as it was recorded,
with its sound and without work on this device, unless the options ask for something smaller. A request is kept below 20 MB, its
base64 included; a clip that is larger is fetched from the person's object store where that can be done (at most 100 MB, from any https
address: https://ai.google.dev/gemini-api/docs/file-input-methods), or uploaded as a file, which may have 2 GB.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

from skiuo_desktop.analysis.delivery import Limits, Media, choose, may_fetch, no_store, prepare
from skiuo_desktop.analysis.provider import ClipMedia
from skiuo_desktop.model import ModelConfig

DELIVERIES = ("inline", "url", "files", "frames")
FORMATS = ("webm", "mp4")
MIME = {"webm": "video/webm", "mp4": "video/mp4", "jpeg": "image/jpeg"}

MOST_REQUEST = 20_000_000
MOST_FETCHED = 100_000_000
MOST_IMAGES = 3_000
_AROUND = 300_000  # bytes for the JSON around that many images


def prepared(clip: ClipMedia, config: ModelConfig, server: str, hindrance: Callable[[], str] = no_store, *, text_bytes: int) -> Media:
    """What is sent of a clip; blocks. `hindrance` as for `delivery.prepare`, `text_bytes`: what the request holds besides.

    Raises AnalysisError (TOO_LARGE, MEDIA) and MediaError.
    """
    limits = Limits(
        deliveries=DELIVERIES,
        formats=FORMATS,
        most_fps=24.0,  # of `videoMetadata.fps`
        most_frames=MOST_IMAGES,
        request_bytes=MOST_REQUEST - _AROUND - text_bytes,
        url_bytes=MOST_FETCHED,
    )
    plan = choose(config, limits, clip.span.length_ms, hindrance)
    seen = config.probe.get("deliveries")
    may_upload = config.delivery in ("", "auto") and (not seen or "files" in seen)
    if may_upload and plan.delivery == "inline" and plan.format == "webm" and len(clip.webm) * 4 // 3 > limits.request_bytes:
        if may_fetch(config, limits) and len(clip.webm) <= MOST_FETCHED and not hindrance():
            return prepare(clip, config, limits, server, hindrance)
        # An MP4 small enough for one request would have no sound.
        made = prepare(clip, replace(config, delivery="files"), limits, server)
        return replace(made, plan=replace(made.plan, why="files: as it was recorded the clip is too large for one request"))
    return prepare(clip, config, limits, server, hindrance)


def generation(model: str) -> tuple[int, int]:
    """(major, minor) of a model's name; one without a number (`gemini-flash-latest`) is of the newest. (0, 0) for what is no Gemini."""
    if found := re.search(r"gemini-(?:[a-z]+-)*(\d+)(?:\.(\d+))?", model):
        return int(found[1]), int(found[2] or 0)
    return (3, 0) if "gemini" in model else (0, 0)


def media_tokens(media: Media, model: str, resolution: str) -> int:
    """About how many tokens the pictures and the sound are (https://ai.google.dev/gemini-api/docs/media-resolution).

    A frame of a video is 70 for Gemini 3 (280 at high), 256 for older ones (64 at low); a picture of its own is 280, 560 or 1120
    for Gemini 3. Sound is 25 a second, 32 for older ones. Each frame has a time stamp before it.
    """
    older = 0 < generation(model)[0] < 3
    if older:
        each = 64 if resolution == "low" else 256
    elif media.plan.delivery == "frames":
        each = {"low": 280, "medium": 560}.get(resolution, 1120)
    else:
        each = 280 if resolution == "high" else 70
    shown = media.frame_count + bool(media.video)  # a video that is a little longer than it says has one frame more
    heard = media.length_ms / 1000 * (32 if older else 25) if media.sound else 0
    return shown * (each + 8) + math.ceil(heard)
