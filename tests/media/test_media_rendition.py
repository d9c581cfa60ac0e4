"""What models are shown of a clip."""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from media.media_parts import HEIGHT, WIDTH, ffmpeg, number_in, run, steady, write_recording

from skiuo_desktop.analysis.provider import ClipMedia
from skiuo_desktop.errors import BugError, MediaError
from skiuo_desktop.media import rendition as rendition_module
from skiuo_desktop.media.cut import Clip, cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import Span

ALL = WIDTH * HEIGHT


@pytest.fixture(scope="module")
def clip(talking: Path) -> Clip:
    return cut(talking, Span(10_000, 25_000))


@pytest.fixture
def made(clip: Clip) -> ClipRenditions:
    return ClipRenditions(clip)


def test_renditions_are_what_providers_ask_for(made: ClipRenditions, clip: Clip) -> None:
    asked: ClipMedia = made
    assert asked.webm == clip.data
    assert asked.span == Span(10_000, 25_000)
    assert asked.has_audio


@pytest.mark.parametrize("fps", [0.5, 1.0, 2.0, 3.0, 10.0])
def test_frames_are_those_shown_at_the_sample_times(made: ClipRenditions, fps: float) -> None:
    frames = list(made.frames(fps=fps, max_pixels=ALL))
    times = [round(n * 1000 / fps) for n in range(100_000) if n * 1000 / fps < 15_000]
    assert [time for time, _ in frames] == times
    source = [time - 10_000 for time in steady(46)]
    shown = [max(n for n, t in enumerate(source) if t <= max(time, 0)) for time in times]
    assert [number_in(picture) for _, picture in frames] == shown
    assert all(picture.shape == (HEIGHT, WIDTH, 3) for _, picture in frames)


def test_a_picture_that_stays_is_shown_at_each_sample_time(tmp_path: Path) -> None:
    """A variable frame rate: pictures at 0, 900 and 5000 ms, seen twice a second."""
    path = tmp_path / "slow.webm"
    write_recording(str(path), [0, 900, 5000, 7000])
    clip = cut(path, Span(0, 6000))
    with av.open(BytesIO(clip.data)) as container:
        assert container.duration == 6_000_000, "the last picture stays until the window's end"
    frames = list(ClipRenditions(clip).frames(fps=2, max_pixels=ALL))
    assert [(time, number_in(picture)) for time, picture in frames] == [(0, 0), (500, 0), *((t, 1) for t in range(1000, 5000, 500)), (5000, 2), (5500, 2)]


def read_mp4(data: bytes) -> dict[str, str]:
    shown = "stream=codec_name,pix_fmt,width,height,nb_read_frames,avg_frame_rate:format=duration"
    Path("clip.mp4").write_bytes(data)
    lines = run("ffprobe", "-v", "error", "-count_frames", "-show_entries", shown, "-of", "default=nw=1", "clip.mp4").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_an_mp4_is_h264_of_the_wanted_rate_and_size_and_as_long_as_the_clip(made: ClipRenditions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = made.mp4(fps=2, max_pixels=ALL)
    found = read_mp4(data)
    assert (found["codec_name"], found["pix_fmt"], found["nb_read_frames"]) == ("h264", "yuv420p", "30")
    assert float(found["duration"]) == 15.0
    assert found["avg_frame_rate"] == "2/1"
    assert data.index(b"moov") < data.index(b"mdat"), "the index stands in front"
    with av.open(BytesIO(data)) as container:
        seen = [(round(f.pts * f.time_base * 1000), number_in(f)) for f in container.decode(video=0)]
    assert seen == [(time, number_in(picture)) for time, picture in made.frames(fps=2, max_pixels=ALL)]


@pytest.mark.parametrize("pixels", [1000, 5001, 12_345, 40_000, 10**7])
def test_sizes_are_even_and_within_the_bound(made: ClipRenditions, pixels: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_mp4(made.mp4(fps=0.5, max_pixels=pixels))
    width, height = int(found["width"]), int(found["height"])
    assert width % 2 == height % 2 == 0
    assert width * height <= pixels
    assert abs(width / height - WIDTH / HEIGHT) < 0.2
    assert all(picture.shape == (height, width, 3) for _, picture in made.frames(fps=0.5, max_pixels=pixels))


def test_an_mp4_has_at_least_four_frames(made: ClipRenditions, talking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_mp4(made.mp4(fps=0.1, max_pixels=ALL))["nb_read_frames"] == "4"
    short = ClipRenditions(cut(talking, Span(5000, 5500)))
    found = read_mp4(short.mp4(fps=1, max_pixels=ALL))
    assert found["nb_read_frames"] == "4"
    assert float(found["duration"]) == 0.5


def test_jpegs_are_pictures_at_their_times(made: ClipRenditions) -> None:
    jpegs = made.jpegs(fps=1, max_pixels=ALL)
    assert [time for time, _ in jpegs] == list(range(0, 15_000, 1000))
    pictures = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for _, data in jpegs]
    assert [number_in(p) for p in pictures] == list(range(300, 750, 30))
    assert len(made.jpegs(fps=1, max_pixels=ALL, quality=30)[0][1]) < len(jpegs[0][1])


def test_sound_is_mono_from_the_clips_time_zero(made: ClipRenditions) -> None:
    sound = made.sound()
    assert sound is not None
    samples, rate = sound
    assert samples.dtype == np.float32
    assert len(samples) == 15 * rate
    assert np.abs(np.fft.rfft(samples[rate : 2 * rate])).argmax() == 440
    assert np.abs(samples).reshape(1500, -1)[5:-5].max(axis=1).min() > 0.1, "no hole in the tone"


def test_sound_keeps_its_place(silent: Path, tmp_path: Path) -> None:
    """A click at each whole second of the recording is heard there in the clip."""
    path = tmp_path / "clicks.webm"
    clicks = r"aevalsrc=if(lt(mod(t\,1)\,0.005)\,0.8*sin(t*20000)\,0):s=48000:d=31"
    ffmpeg("-i", silent, "-f", "lavfi", "-i", clicks, "-c:v", "copy", "-c:a", "libopus", "-b:a", "96k", path)
    for start in (0, 10_000, 12_500):
        clip = cut(path, Span(start, start + 6000))
        sound = ClipRenditions(clip).sound()
        assert sound is not None
        samples, rate = sound
        loud = np.flatnonzero(np.abs(samples) > 0.3)
        begins = [clip.span.start_ms + n * 1000 / rate for n in loud if not (np.abs(samples[max(0, n - rate // 2) : n]) > 0.3).any()]
        assert len(begins) >= 5
        assert all(abs(begin - round(begin, -3)) < 3 for begin in begins), begins


def test_a_clip_without_sound_has_none(silent: Path) -> None:
    assert ClipRenditions(cut(silent, Span(0, 5000))).sound() is None


def test_nothing_is_made_twice_also_by_several_threads(made: ClipRenditions, monkeypatch: pytest.MonkeyPatch) -> None:
    decodings = []
    real = rendition_module.decoded
    monkeypatch.setattr(rendition_module, "decoded", lambda *given: decodings.append(1) or real(*given))
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(made.mp4(fps=2, max_pixels=ALL))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert len(results) == 4
    made.jpegs(fps=2, max_pixels=ALL)
    list(made.frames(fps=2, max_pixels=ALL))
    assert len(decodings) == 1
    made.jpegs(fps=1, max_pixels=ALL)
    assert len(decodings) == 2


def test_what_is_kept_is_bounded(made: ClipRenditions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendition_module, "MOST_KEPT_BYTES", 20 * ALL * 3)
    first = list(made.frames(fps=1, max_pixels=ALL))
    assert made.kept_bytes == 15 * ALL * 3
    assert all(kept is again for (_, kept), (_, again) in zip(first, made.frames(fps=1, max_pixels=ALL), strict=True))
    list(made.frames(fps=0.5, max_pixels=ALL))
    assert made.kept_bytes == 8 * ALL * 3, "the older one made room"
    list(made.frames(fps=10, max_pixels=ALL))
    assert made.kept_bytes == 8 * ALL * 3, "what is too large is not kept at all"


def test_pictures_and_sound_cannot_be_written_to(made: ClipRenditions) -> None:
    with pytest.raises(ValueError, match="read-only"):
        next(made.frames(fps=1, max_pixels=ALL))[1][0, 0, 0] = 1
    sound = made.sound()
    assert sound is not None
    with pytest.raises(ValueError, match="read-only"):
        sound[0][0] = 1


def test_a_closed_clip_is_gone(made: ClipRenditions) -> None:
    made.mp4(fps=1, max_pixels=ALL)
    made.close()
    assert made.kept_bytes == 0
    for use in (lambda: made.webm, lambda: made.mp4(fps=1, max_pixels=ALL), made.sound, lambda: list(made.frames(fps=1, max_pixels=ALL))):
        with pytest.raises(BugError):
            use()


def test_a_clip_that_cannot_be_decoded_is_a_media_error(clip: Clip) -> None:
    cluster = clip.data.index(bytes.fromhex("1f43b675"))
    rubbish = clip.data[: cluster + 20] + bytes(len(clip.data) - cluster - 20)
    for data in (rubbish, b"", b"no webm"):
        broken = ClipRenditions(Clip(data, clip.span, clip.wanted, exact=True, frames=450, has_audio=False, reencoded=False))
        with pytest.raises(MediaError):
            broken.mp4(fps=1, max_pixels=ALL)
        with pytest.raises(MediaError):
            list(broken.frames(fps=1, max_pixels=ALL))


@pytest.mark.parametrize(("fps", "pixels"), [(0, ALL), (-1, ALL), (float("nan"), ALL), (float("inf"), ALL), (1, 3)])
def test_impossible_wishes_are_refused(made: ClipRenditions, fps: float, pixels: int) -> None:
    with pytest.raises(ValueError, match="frames a second"):
        made.mp4(fps=fps, max_pixels=pixels)
    with pytest.raises(ValueError, match="frames a second"):
        made.jpegs(fps=fps, max_pixels=pixels)
