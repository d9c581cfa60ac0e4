"""When `auto` lets the model fetch the clip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from analysis.model_clips import real_clip

from skiuo_desktop.analysis import delivery, gemini_media
from skiuo_desktop.analysis.delivery import Limits, choose, prepare
from skiuo_desktop.analysis.gemini_media import prepared
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import ModelConfig, Span

CLOUD = Limits(("inline", "url", "frames"), least_ms=2000)
UNKNOWN = Limits(("inline", "url", "frames"), unprobed="frames")
OK = [{"name": "url", "state": "ok"}]
FAILED = [{"name": "url", "state": "failed"}]


def config(delivery: str = "auto", **probe: Any) -> ModelConfig:
    return ModelConfig("m", "qwen", model="qwen3.7-plus", delivery=delivery, probe=probe)


def here() -> str:
    return ""


def away() -> str:
    return "the store is on a private address."


def never() -> str:
    raise AssertionError("The name server was asked in vain.")


@pytest.mark.parametrize(
    ("of", "limits", "hindrance", "chosen", "why"),
    [
        (config("url"), CLOUD, here, "url", "url, as it is set for this model"),
        (config("url"), CLOUD, away, "inline", "inline: the best of what this service documents; url was not used: the store is on a private address"),
        (config("url", deliveries=["url", "frames"], hops=OK), CLOUD, away, "frames", "saw arrive; url was not used"),
        (config("url"), UNKNOWN, away, "frames", "not been tested; url was not used"),
        (config(), CLOUD, never, "inline", "documents"),
        (config(deliveries=["inline", "url", "frames"], hops=OK), CLOUD, never, "inline", "saw arrive"),
        (config(deliveries=["url", "frames"], hops=OK), CLOUD, here, "url", "url: the best of what the test of this endpoint saw arrive"),
        (
            config(deliveries=["url", "frames"], hops=OK),
            CLOUD,
            away,
            "frames",
            "frames: the best of what the test of this endpoint saw arrive; url was not used",
        ),
        (config(deliveries=["url"], hops=OK), CLOUD, away, "inline", "documents; url was not used"),
    ],
)
def test_the_delivery_and_its_reason(of: ModelConfig, limits: Limits, hindrance: Any, chosen: str, why: str) -> None:
    plan = choose(of, limits, 15_000, hindrance)
    assert plan.delivery == chosen
    assert plan.why.startswith(chosen) and why in plan.why


def test_a_clip_that_is_too_short_for_a_video_is_not_fetched_either() -> None:
    assert choose(config(deliveries=["url", "frames"], hops=OK), CLOUD, 1_500, here).delivery == "frames"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = real_clip(tmp_path_factory.mktemp("clip"))
    yield made
    made.close()


def small(clip: ClipRenditions, limits: Limits = CLOUD) -> Limits:
    """An inline video of this clip is too large by a few bytes."""
    whole = prepare(clip, config("inline"), limits, "S")
    return replace(limits, file_bytes=len(whole.video) - 1)


def test_what_would_have_to_be_made_smaller_is_fetched_whole(clip: ClipRenditions) -> None:
    whole = prepare(clip, config("inline"), CLOUD, "S")
    media = prepare(clip, config(), small(clip), "S", here)
    assert (media.plan.delivery, media.plan.why) == ("url", "url: inline it would have to be made smaller")
    assert media.video == whole.video


@pytest.mark.parametrize(
    ("of", "limits", "hindrance", "note"),
    [
        (config(), CLOUD, away, "; url was not used: the store is on a private address"),
        (config(), CLOUD, delivery.no_store, "made smaller to fit"),  # nobody has asked for it
        (config(deliveries=["inline"], hops=FAILED), CLOUD, never, "made smaller to fit"),
        (config("inline"), CLOUD, never, "made smaller to fit"),
        (config(deliveries=["inline"]), UNKNOWN, never, "made smaller to fit"),  # who knows what that server does with an address
        (config(), replace(CLOUD, deliveries=("inline", "frames")), never, "made smaller to fit"),
    ],
)
def test_where_it_cannot_be_fetched_it_is_made_smaller(clip: ClipRenditions, of: ModelConfig, limits: Limits, hindrance: Any, note: str) -> None:
    media = prepare(clip, of, small(clip, limits), "S", hindrance)
    assert media.plan.delivery == "inline"
    assert media.plan.why.endswith(note)


def test_an_unknown_server_that_took_an_address_in_the_test_gets_one(clip: ClipRenditions) -> None:
    assert prepare(clip, config(deliveries=["inline", "url"], hops=OK), small(clip, UNKNOWN), "S", here).plan.delivery == "url"


def test_what_is_too_large_to_be_fetched_is_made_smaller(clip: ClipRenditions) -> None:
    limits = small(clip)
    assert prepare(clip, config(), replace(limits, url_bytes=limits.file_bytes), "S", here).plan.delivery == "inline"
    media = prepare(clip, config("url"), replace(limits, url_bytes=limits.file_bytes), "S", here)
    assert media.plan.delivery == "url" and "made smaller" in media.plan.why
    assert len(media.video) <= limits.file_bytes


@dataclass
class Large:
    """A recorded clip of so many bytes."""

    clip: ClipRenditions
    size: int
    span = Span(0, 6000)
    has_audio = False

    @property
    def webm(self) -> bytes:
        return self.clip.webm + bytes(self.size - len(self.clip.webm))

    def mp4(self, *, fps: float, max_pixels: int) -> bytes:
        return self.clip.mp4(fps=fps, max_pixels=max_pixels)


@pytest.mark.parametrize(
    ("size", "hindrance", "chosen"),
    [(1_000_000, never, "inline"), (16_000_000, here, "url"), (16_000_000, away, "files"), (17_000_001, never, "files")],
)
def test_a_recorded_clip_that_is_too_large_for_one_request_to_gemini(
    clip: ClipRenditions, size: int, hindrance: Any, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gemini_media, "MOST_FETCHED", 17_000_000)  # in truth 100 MB
    of = ModelConfig("m", "gemini", model="gemini-3.5-flash")
    media = prepared(Large(clip, size), of, "Google Gemini", hindrance, text_bytes=100)  # type: ignore[arg-type]
    assert media.plan.delivery == chosen and media.plan.format == "webm"
    assert media.size == size
