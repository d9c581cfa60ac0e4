"""How a clip reaches a model: which delivery, which rendition, and why, decided before anything is sent.

The defaults are one frame a second at the size that the service works with: what a person does shows in that, and it
costs half of what the usual default of two frames a second does (`tokens` has the numbers). `ModelConfig.options` that count:
`fps`, `max_pixels`, `jpeg_quality`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.analysis.provider import NO_STORE, ClipMedia
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.model import FailureKind, ModelConfig

URL = "url"
"""The clip lies in the person's object store, and the model fetches it (see `links`)."""

LEAST_PIXELS = 76_800  # 320x240: nobody can tell what is done in less
LEAST_FPS = 0.25
QUALITY = 80
_QUALITIES = (65, 50)
_FEWER = 0.6


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint takes, and what it is sent by default. 0: no limit known."""

    deliveries: tuple[str, ...]  # the best first
    unprobed: str = ""  # for `auto` where no probe has seen one; empty: the first
    formats: tuple[str, ...] = ("mp4",)  # of `inline`, `url` and `files`, the best first
    fps: float = 1.0
    max_pixels: int = 655_360
    most_fps: float = 10.0
    most_pixels: int = 0
    least_ms: int = 0  # of a video
    longest_ms: int = 0
    least_frames: int = 1
    most_frames: int = 0  # of a list
    file_bytes: int = 0  # of an inline video, raw
    encoded_bytes: int = 0  # of one data URI
    request_bytes: int = 0  # of all media of a request, in base64
    url_bytes: int = 0  # of a video that is fetched


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery and rendition. `why` is one English sentence. `format` is "webm" only where the clip goes as it was recorded."""

    delivery: str
    why: str
    format: str
    fps: float
    max_pixels: int
    quality: int = QUALITY


@dataclass(frozen=True, slots=True)
class Media:
    """What is sent. `video` for `inline`, `url` and `files`, else `frames`: (time in ms from the clip's start, JPEG)."""

    plan: Plan
    length_ms: int
    width: int
    height: int
    frame_count: int  # that the model looks at, as far as that is known
    sound: bool
    video: bytes = b""
    frames: tuple[tuple[int, bytes], ...] = ()

    @property
    def size(self) -> int:
        """Bytes, before base64."""
        return len(self.video) + sum(len(data) for _, data in self.frames)

    def ledger(self) -> dict[str, Any]:
        """For `Sent.ledger`."""
        return {
            "delivery": self.plan.delivery,
            "why": self.plan.why,
            "format": self.plan.format,
            "media_bytes": self.size,
            "frames": [{"at_ms": at} for at, _ in self.frames],
            "frame_count": self.frame_count,
            "fps": round(self.plan.fps, 3),
            "size": f"{self.width}x{self.height}",
            "sound": self.sound,
        }


def no_store() -> str:
    return NO_STORE


def choose(config: ModelConfig, limits: Limits, length_ms: int, hindrance: Callable[[], str] = no_store) -> Plan:
    """The delivery and rendition for a clip of this length, by what the person chose, the probe saw and the endpoint documents.

    `hindrance`: why the model cannot fetch from the object store, empty where it can; asked only where that counts.
    """
    delivery, why = _delivery(config, limits, length_ms, hindrance)
    fps = min(_number(config.options, "fps", limits.fps), limits.most_fps)
    pixels = int(_number(config.options, "max_pixels", limits.max_pixels))
    if limits.most_pixels:
        pixels = min(pixels, limits.most_pixels)
    quality = min(max(int(_number(config.options, "jpeg_quality", QUALITY)), 10), 100)
    if delivery == "frames":
        return _with_frames(Plan(delivery, why, "jpeg", fps, pixels, quality), limits, length_ms)
    seen = str(config.probe.get("video_format", ""))
    form = seen if seen in limits.formats else limits.formats[0]
    if form == "webm" and "mp4" in limits.formats and ("fps" in config.options or "max_pixels" in config.options):
        form, why = "mp4", f"{why}; MP4, because frames a second or their size were chosen"
    return Plan(delivery, why, form, fps, pixels, quality)


def prepare(clip: ClipMedia, config: ModelConfig, limits: Limits, server: str, hindrance: Callable[[], str] = no_store) -> Media:
    """What is sent of a clip, small enough for the endpoint. Blocks: it decodes and encodes. `hindrance` as for `choose`.

    Where an inline video is too large, the model is to fetch it if it can. Else the JPEGs lose quality, then pictures lose pixels and the clip
    frames, step by step. Raises AnalysisError: TOO_LARGE where nothing fits, MEDIA where the clip cannot be decoded.
    """
    length = clip.span.length_ms

    def error(kind: FailureKind, detail: str) -> AnalysisError:
        return AnalysisError(failures.failure(kind, detail, server=server, model=config.model), again=False)

    if limits.longest_ms and length > limits.longest_ms:
        raise error(FailureKind.TOO_LARGE, f"The clip is {length / 1000:.0f} s long; at most {limits.longest_ms / 1000:.0f} s are taken.")
    plan = choose(config, limits, length, hindrance)
    smallest, note = 0, ""
    try:
        for step in _steps(plan, limits, length):
            media = _made(clip, step)
            if not (excess := _excess(media, limits)):
                return replace(media, plan=replace(media.plan, why=f"{media.plan.why}{note}"))
            if step is plan and plan.delivery == "inline" and may_fetch(config, limits):
                fetched = replace(media, plan=replace(plan, delivery=URL, why=f"{URL}: inline it would have to be made smaller"))
                if not _excess(fetched, limits):
                    if not (reason := hindrance()):
                        return fetched
                    note = _unused(reason) if reason != NO_STORE else ""
            smallest = media.size
    except MediaError as damage:
        raise error(FailureKind.MEDIA, str(damage)) from damage
    raise error(FailureKind.TOO_LARGE, f"The smallest rendition has {smallest} bytes: {excess}.")


def may_fetch(config: ModelConfig, limits: Limits) -> bool:
    """Whether `auto` may let the model fetch the clip: the endpoint documents it, and no test of it failed."""
    if config.delivery not in ("", "auto") or URL not in limits.deliveries:
        return False
    if URL in _told(config):
        return True
    return not limits.unprobed and not any(hop.get("name") == URL for hop in config.probe.get("hops", ()))


def _told(config: ModelConfig) -> tuple[str, ...]:
    """The deliveries that the test of the endpoint saw arrive."""
    return tuple(str(delivery) for delivery in config.probe.get("deliveries", ()))


def _delivery(config: ModelConfig, limits: Limits, length_ms: int, hindrance: Callable[[], str]) -> tuple[str, str]:
    told, note = _told(config), ""
    if config.delivery not in ("", "auto"):
        missed = ", although the test of this endpoint did not see it arrive" if told and config.delivery not in told else ""
        if config.delivery != URL or not (reason := hindrance()):
            return config.delivery, f"{config.delivery}, as it is set for this model{missed}"
        note = _unused(reason)
    seen = [delivery for delivery in told if delivery in limits.deliveries]
    if seen and seen[0] == URL and config.delivery != URL and (reason := hindrance()):
        note = _unused(reason)
    if note or config.delivery == URL:
        seen = [delivery for delivery in seen if delivery != URL]
    documented = [delivery for delivery in limits.deliveries if delivery != URL]
    if seen:
        first, why = seen[0], f"{seen[0]}: the best of what the test of this endpoint saw arrive"
    elif limits.unprobed:
        tested = "the test of this endpoint saw nothing arrive" if config.probe.get("hops") else "this endpoint has not been tested"
        first, why = limits.unprobed, f"{limits.unprobed}: what most servers take; {tested}"
    else:
        first, why = documented[0], f"{documented[0]}: the best of what this service documents"
    if first != "frames" and length_ms < limits.least_ms and "frames" in limits.deliveries:
        first, why = "frames", f"frames: a video shorter than {limits.least_ms / 1000:g} s is refused"
    return first, why + note


def _unused(reason: str) -> str:
    return f"; url was not used: {reason.rstrip('.')}"


def _with_frames(plan: Plan, limits: Limits, length_ms: int) -> Plan:
    """With as many frames a second as give a list of an allowed length."""
    seconds = length_ms / 1000
    if frame_count(length_ms, plan.fps) < limits.least_frames:
        return replace(plan, fps=limits.least_frames / seconds)
    if limits.most_frames and frame_count(length_ms, plan.fps) > limits.most_frames:
        return replace(plan, fps=limits.most_frames / seconds, why=f"{plan.why}; no more than {limits.most_frames} frames are sent")
    return plan


def frame_count(length_ms: int, fps: float) -> int:
    return max(1, math.ceil(length_ms * fps / 1000 - 1e-6))


def _steps(plan: Plan, limits: Limits, length_ms: int) -> Iterator[Plan]:
    """The plan, then cheaper and cheaper ones, each saying so."""
    yield plan
    if plan.format == "webm":
        if "mp4" not in limits.formats:
            return
        plan = replace(plan, format="mp4", why=f"{plan.why}; made smaller (MP4), as the recorded clip is too large")
        yield plan
    smaller = replace(plan, why=f"{plan.why}; made smaller to fit")
    if plan.format == "jpeg":
        for quality in _QUALITIES:
            if quality < plan.quality:
                smaller = replace(smaller, quality=quality)
                yield smaller
    least_fps = max(LEAST_FPS, limits.least_frames * 1000 / length_ms)
    while smaller.max_pixels > LEAST_PIXELS or smaller.fps > least_fps:
        if smaller.max_pixels > LEAST_PIXELS:
            smaller = replace(smaller, max_pixels=max(LEAST_PIXELS, int(smaller.max_pixels * _FEWER)))
            yield smaller
        if smaller.fps > least_fps:
            smaller = replace(smaller, fps=max(least_fps, smaller.fps * _FEWER))
            yield smaller


def _made(clip: ClipMedia, plan: Plan) -> Media:
    length = clip.span.length_ms
    if plan.delivery == "frames":
        frames = tuple(clip.jpegs(fps=plan.fps, max_pixels=plan.max_pixels, quality=plan.quality))
        width, height = _jpeg_size(frames[0][1])
        return Media(plan, length, width, height, len(frames), sound=False, frames=frames)
    whole = plan.format == "webm"
    video = clip.webm if whole else clip.mp4(fps=plan.fps, max_pixels=plan.max_pixels)
    width, height = _video_size(video)
    # A rendition holds at least four frames (see `ClipMedia.mp4`).
    return Media(
        plan, length, width, height, frame_count(length, plan.fps) if whole else max(4, frame_count(length, plan.fps)), whole and clip.has_audio, video
    )


def _excess(media: Media, limits: Limits) -> str:
    """What is too large about it; empty where nothing is."""
    encoded = [_base64_size(len(data)) for data in ([media.video] if media.video else [data for _, data in media.frames])]
    if media.plan.delivery == "files":
        return ""
    if media.plan.delivery == URL:
        return f"a video of at most {limits.url_bytes} bytes is fetched" if 0 < limits.url_bytes < len(media.video) else ""
    checks: tuple[tuple[int, int, Callable[[int], str]], ...] = (
        (limits.file_bytes, len(media.video), lambda most: f"a video of at most {most} bytes is taken"),
        (limits.encoded_bytes, max(encoded), lambda most: f"at most {most} bytes of base64 are taken in one part"),
        (limits.request_bytes, sum(encoded), lambda most: f"at most {most} bytes of base64 are taken in one request"),
    )
    return next((say(most) for most, size, say in checks if most and size > most), "")


def _base64_size(size: int) -> int:
    return (size + 2) // 3 * 4 + 32  # and the data URI's beginning


def _number(options: Mapping[str, Any], name: str, default: float) -> float:
    """An option that is a positive number; anything else counts as not given."""
    value = options.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 and math.isfinite(value) else default


def _jpeg_size(data: bytes) -> tuple[int, int]:
    from PIL import Image

    with Image.open(BytesIO(data)) as picture:
        return picture.width, picture.height


def _video_size(data: bytes) -> tuple[int, int]:
    import av

    try:
        with av.open(BytesIO(data), "r") as container:
            stream = container.streams.video[0]
            return stream.codec_context.width, stream.codec_context.height
    except (av.FFmpegError, IndexError) as error:
        raise MediaError("The clip of this window is damaged: it cannot be opened.") from error
