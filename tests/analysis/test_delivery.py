"""Which delivery and which rendition, with the reason; sizes and counts are obeyed before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from analysis.model_clips import real_clip
from PIL import Image

from skiuo_desktop.analysis.delivery import Limits, choose, prepare
from skiuo_desktop.analysis.tokens import QWEN_TOTAL_PIXELS, image_tokens, qwen_size, qwen_video_tokens, text_tokens
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.model import FailureKind, ModelConfig, Span

CLOUD = Limits(("inline", "frames"), least_ms=2000, least_frames=4, most_frames=80)
UNKNOWN = Limits(("inline", "frames"), unprobed="frames")


def config(delivery: str = "auto", probe: dict[str, Any] | None = None, **options: Any) -> ModelConfig:
    return ModelConfig("m", "qwen", model="qwen3.7-plus", delivery=delivery, options=options, probe=probe or {})


@pytest.mark.parametrize(
    ("width", "height", "frames", "tokens"),
    [(1280, 720, 60, 17_822), (1280, 720, 30, 8_912), (640, 360, 30, 3_302), (1280, 720, 15, 4_754), (1280, 720, 1, 1_190)],
)
def test_the_tokens_of_a_video_as_alibabas_guide_counts_them(width: int, height: int, frames: int, tokens: int) -> None:
    assert qwen_video_tokens(width, height, frames) == tokens


def test_the_size_that_qwen_works_with() -> None:
    assert qwen_size(1280, 720, 655_360) == (1056, 576)
    assert qwen_size(640, 360, 655_360) == (640, 352)
    assert qwen_size(20, 20, 655_360) == (32, 32)


def test_a_long_video_gets_fewer_pixels_a_frame() -> None:
    assert qwen_video_tokens(1280, 720, 2000) <= QWEN_TOTAL_PIXELS / 1024 + 2
    assert qwen_video_tokens(1280, 720, 9000) == qwen_video_tokens(1280, 720, 2000)


def test_the_estimates_of_texts_and_pictures_do_not_promise_too_little() -> None:
    assert text_tokens("What does the person do?") >= 6 + 10
    assert text_tokens("焊接温度") >= 4 + 10
    assert image_tokens(640, 360) >= 640 * 360 / 784
    assert image_tokens(28, 28) == 85


@pytest.mark.parametrize(
    ("of", "limits", "delivery", "why"),
    [
        (config(), CLOUD, "inline", "documents"),
        (config(), UNKNOWN, "frames", "not been tested"),
        (config("frames"), CLOUD, "frames", "as it is set"),
        (config("inline", {"deliveries": ["frames"]}), UNKNOWN, "inline", "did not see it arrive"),
        (config(probe={"deliveries": ["inline", "frames"]}), UNKNOWN, "inline", "saw arrive"),
        (config(probe={"deliveries": ["frames"]}), CLOUD, "frames", "saw arrive"),
        (config(probe={"deliveries": ["files"]}), CLOUD, "inline", "documents"),
        (config(probe={"deliveries": [], "hops": [{}]}), UNKNOWN, "frames", "saw nothing arrive"),
    ],
)
def test_the_delivery_and_its_reason(of: ModelConfig, limits: Limits, delivery: str, why: str) -> None:
    plan = choose(of, limits, 15_000)
    assert plan.delivery == delivery
    assert why in plan.why
    assert plan.why.startswith(delivery)


def test_a_clip_that_is_too_short_for_a_video_goes_as_enough_frames() -> None:
    plan = choose(config(), CLOUD, 1_500)
    assert plan.delivery == "frames"
    assert "shorter than 2 s" in plan.why
    assert plan.fps * 1.5 == pytest.approx(4)


def test_a_long_clip_sends_no_more_frames_than_are_taken() -> None:
    plan = choose(config("frames"), CLOUD, 120_000)
    assert plan.fps * 120 == pytest.approx(80)
    assert "80 frames" in plan.why


def test_the_persons_own_numbers_count_within_what_the_service_takes() -> None:
    plan = choose(config("frames", fps=2, max_pixels=100_000, jpeg_quality=60), CLOUD, 10_000)
    assert (plan.fps, plan.max_pixels, plan.quality) == (2, 100_000, 60)
    plan = choose(config(fps=50, max_pixels=9_000_000), replace(CLOUD, most_pixels=2_048_000), 10_000)
    assert (plan.fps, plan.max_pixels) == (10, 2_048_000)
    plan = choose(config(fps=-1, max_pixels="many", jpeg_quality=True), CLOUD, 10_000)
    assert (plan.fps, plan.max_pixels, plan.quality) == (1, 655_360, 80)


def test_a_recorded_clip_goes_as_it_is_unless_a_rendition_is_wanted() -> None:
    limits = Limits(("inline",), formats=("webm", "mp4"))
    assert choose(config(), limits, 15_000).format == "webm"
    assert choose(config(probe={"deliveries": ["inline"], "video_format": "mp4"}), limits, 15_000).format == "mp4"
    assert choose(config(probe={"video_format": "flv"}), limits, 15_000).format == "webm"
    plan = choose(config(fps=2), limits, 15_000)
    assert plan.format == "mp4"
    assert "were chosen" in plan.why


def test_a_video_is_an_mp4_that_holds_the_frames_that_were_promised(tmp_path: Path) -> None:
    clip = real_clip(tmp_path, 6, 1280, 720)
    media = prepare(clip, config(max_pixels=200_000), CLOUD, "S")
    assert media.ledger() == {
        "delivery": "inline",
        "why": "inline: the best of what this service documents",
        "format": "mp4",
        "media_bytes": len(media.video),
        "frames": [],
        "frame_count": 6,
        "fps": 1.0,
        "size": f"{media.width}x{media.height}",
        "sound": False,
    }
    with av.open(BytesIO(media.video)) as container:
        frames = list(container.decode(video=0))
        assert len(frames) == 6
        assert (frames[0].width, frames[0].height) == (media.width, media.height)
        assert container.duration == 6_000_000
    assert media.width * media.height <= 200_000


def test_frames_are_jpegs_with_their_times(tmp_path: Path) -> None:
    media = prepare(real_clip(tmp_path, 6), config("frames"), CLOUD, "S")
    assert [at for at, _ in media.frames] == [0, 1000, 2000, 3000, 4000, 5000]
    assert media.ledger()["frames"][1] == {"at_ms": 1000}
    assert media.size == sum(len(data) for _, data in media.frames) == media.ledger()["media_bytes"]
    for _, data in media.frames:
        with Image.open(BytesIO(data)) as picture:
            assert picture.format == "JPEG"
            assert picture.size == (media.width, media.height)


def test_the_recorded_clip_itself(tmp_path: Path) -> None:
    clip = real_clip(tmp_path, 6)
    media = prepare(clip, config(), Limits(("inline",), formats=("webm", "mp4")), "S")
    assert media.video == clip.webm
    assert (media.plan.format, media.width, media.height, media.frame_count) == ("webm", 640, 360, 6)
    smaller = prepare(clip, config(), Limits(("inline",), formats=("webm", "mp4"), file_bytes=len(clip.webm) - 1), "S")
    assert smaller.plan.format == "mp4"
    assert "too large" in smaller.plan.why


@dataclass
class Noise:
    """A clip that does not compress: so many bytes for each pixel, frame and quality as told."""

    length_ms: int = 10_000
    asked: int = 0

    def __post_init__(self) -> None:
        self.span = Span(0, self.length_ms)
        self.has_audio = False
        self.picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8))

    def jpegs(self, *, fps: float, max_pixels: int, quality: int = 85) -> list[tuple[int, bytes]]:
        self.asked += 1
        factor = min(1.0, (max_pixels / (1280 * 720)) ** 0.5)
        made = BytesIO()
        self.picture.resize((int(1280 * factor), int(720 * factor))).save(made, "JPEG", quality=quality)
        return [(round(n * 1000 / fps), made.getvalue()) for n in range(round(self.length_ms * fps / 1000))]


def test_what_is_too_large_loses_quality_then_pixels_then_frames() -> None:
    clip: Any = Noise()
    whole = prepare(clip, config("frames"), CLOUD, "S")
    one = len(whole.frames[0][1])
    poorer = prepare(clip, config("frames"), replace(CLOUD, encoded_bytes=int(one * 1.2)), "S")
    assert poorer.plan.quality < 80
    assert (poorer.width, poorer.plan.fps) == (whole.width, 1.0)
    assert "made smaller to fit" in poorer.plan.why
    smaller = prepare(clip, config("frames"), replace(CLOUD, encoded_bytes=one // 3), "S")
    assert smaller.width < whole.width
    assert all(len(data) * 4 / 3 <= one // 3 for _, data in smaller.frames)
    fewer = prepare(clip, config("frames"), replace(CLOUD, request_bytes=whole.size // 8), "S")
    assert len(fewer.frames) < len(whole.frames)
    assert len(fewer.frames) >= 4


def test_what_cannot_be_made_small_enough_is_said_before_sending() -> None:
    clip: Any = Noise()
    with pytest.raises(AnalysisError) as caught:
        prepare(clip, config("frames"), replace(CLOUD, request_bytes=1000), "Alibaba Cloud")
    assert caught.value.failure.kind is FailureKind.TOO_LARGE
    assert "too large for Alibaba Cloud" in caught.value.failure.message
    assert "1000 bytes" in caught.value.failure.raw
    assert not caught.value.billed
    assert not caught.value.again
    assert clip.asked < 20


def test_a_clip_that_is_too_long_is_not_even_encoded() -> None:
    clip: Any = Noise(length_ms=700_000)
    with pytest.raises(AnalysisError) as caught:
        prepare(clip, config("frames"), replace(CLOUD, longest_ms=600_000), "S")
    assert caught.value.failure.kind is FailureKind.TOO_LARGE
    assert clip.asked == 0


def test_a_clip_that_cannot_be_decoded_is_said_as_such(tmp_path: Path) -> None:
    clip: Any = Noise()

    def broken(**_: Any) -> Any:
        raise MediaError("The clip holds no picture that can be decoded.")

    clip.jpegs = broken
    with pytest.raises(AnalysisError) as caught:
        prepare(clip, config("frames"), CLOUD, "S")
    assert caught.value.failure.kind is FailureKind.MEDIA
