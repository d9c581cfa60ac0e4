"""Windows cut from our own recordings, held against what ffprobe and mkvinfo read in the source and in the clip."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from media.media_parts import Packet, listed, numbers, seen, steady, structure, write_recording

from skiuo_desktop.errors import MediaError, NotFoundError, StorageError
from skiuo_desktop.media import cut as cut_module
from skiuo_desktop.media.cut import Clip, cut, cut_all
from skiuo_desktop.media.plan import planned
from skiuo_desktop.model import Span

RECORDINGS = ["talking", "silent", "still"]


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> Path:
    path = request.getfixturevalue(request.param)
    assert isinstance(path, Path)
    return path


each_recording = pytest.mark.parametrize("recording", RECORDINGS, indirect=True)


def inside(packets: list[Packet], start: int, end: int) -> list[Packet]:
    return [p for p in packets if start <= p.time_ms < end]


def kept(clip: Clip, folder: Path) -> Path:
    path = folder / "clip.webm"
    path.write_bytes(clip.data)
    return path


def check(clip: Clip, source: Path, folder: Path, video: list[Packet], audio: list[Packet]) -> None:
    """The clip holds exactly the packets of its span, byte for byte, at their times."""
    path = kept(clip, folder)
    wanted = inside(video, clip.span.start_ms, clip.wanted.end_ms)
    got = listed(path)
    assert [p.hash for p in got] == [p.hash for p in wanted]
    assert [p.time_ms for p in got] == [0] + [p.time_ms - clip.span.start_ms for p in wanted[1:]]
    assert got[0].key
    assert clip.frames == len(wanted)
    heard = inside(audio, clip.span.start_ms, clip.wanted.end_ms)
    assert clip.has_audio == bool(heard)
    if heard:
        sound = listed(path, "a")
        assert [p.hash for p in sound] == [p.hash for p in heard]
        assert [p.time_ms for p in sound] == [p.time_ms - clip.span.start_ms for p in heard]


@each_recording
def test_windows_hold_exactly_their_frames_and_their_sound(recording: Path, tmp_path: Path) -> None:
    video, audio = listed(recording), listed(recording, "a")
    duration = seen(recording).duration_ms
    for span in planned(duration, 15_000, 10_000):
        clip = cut(recording, span)
        assert clip.exact
        assert not clip.reencoded
        assert clip.span == clip.wanted == span
        check(clip, recording, tmp_path, video, audio)


@each_recording
def test_a_clip_decodes_to_the_numbered_frames_of_its_window(recording: Path) -> None:
    times = [p.time_ms for p in listed(recording)]
    for span in (Span(0, 15_000), Span(10_000, 25_000)):
        assert numbers(cut(recording, span).data) == [n for n, time in enumerate(times) if span.start_ms <= time < span.end_ms]


@each_recording
def test_any_span_agrees_with_the_packet_list_of_ffprobe(recording: Path, tmp_path: Path) -> None:
    chance = random.Random(recording.name)
    video, audio = listed(recording), listed(recording, "a")
    duration = seen(recording).duration_ms
    for _ in range(12):
        start = chance.randrange(0, duration - 100)
        span = Span(start, min(duration, start + chance.choice([40, 500, 3000, 15_000])))
        wanted = inside(video, span.start_ms, span.end_ms)
        clip = cut(recording, span)
        assert clip.exact == wanted[0].key
        if clip.exact:
            assert clip.span.start_ms == span.start_ms
        else:
            assert clip.span.start_ms == max(p.time_ms for p in video if p.key and p.time_ms <= wanted[0].time_ms)
        check(clip, recording, tmp_path, video, audio)


@each_recording
def test_other_readers_find_duration_and_cues_and_no_fault(recording: Path, tmp_path: Path) -> None:
    path = kept(cut(recording, Span(10_000, 25_000)), tmp_path)
    made = structure(path)
    assert made.cues == [0, 5000, 10_000]
    assert not made.complaint
    looked = seen(path)
    assert looked.frames == len(listed(path))
    assert 15_000 <= looked.duration_ms <= 15_030, "a clip is as long as its window, the last sound packet aside"
    assert made.duration_ms == looked.duration_ms


@each_recording
def test_the_same_span_gives_the_same_bytes(recording: Path, tmp_path: Path) -> None:
    first = cut(recording, Span(10_000, 25_000))
    assert all(cut(recording, Span(10_000, 25_000)) == first for _ in range(3))
    assert cut(recording, Span(11_000, 12_000), exact=True) == cut(recording, Span(11_000, 12_000), exact=True)


def test_edges_inside_a_cluster_and_sound_before_the_keyframe_do_not_move_the_cut(still: Path, tmp_path: Path) -> None:
    assert not {5000, 10_000, 15_000} & set(structure(still).clusters), "this recording has no cluster that begins at an edge"
    clip = cut(still, Span(10_000, 15_000))
    assert clip.exact
    assert clip.frames == 150
    assert listed(kept(clip, tmp_path), "a")[0].time_ms == min(p.time_ms for p in listed(still, "a") if p.time_ms >= 10_000) - 10_000


def test_exact_encodes_only_where_the_edge_is_no_keyframe(talking: Path, tmp_path: Path) -> None:
    assert cut(talking, Span(10_000, 25_000), exact=True) == cut(talking, Span(10_000, 25_000))
    span = Span(11_020, 13_000)
    clip = cut(talking, span, exact=True)
    assert clip.exact
    assert clip.reencoded
    assert clip.span == span
    times = [p.time_ms for p in listed(talking)]
    assert numbers(clip.data) == [n for n, time in enumerate(times) if span.start_ms <= time < span.end_ms]
    path = kept(clip, tmp_path)
    assert [p.time_ms for p in listed(path)] == [0, *[time - span.start_ms for time in times if span.start_ms <= time < span.end_ms][1:]]
    wanted = inside(listed(talking, "a"), span.start_ms, span.end_ms)
    assert [(p.time_ms, p.hash) for p in listed(path, "a")] == [(p.time_ms - span.start_ms, p.hash) for p in wanted], "the sound is copied as it is"
    assert abs(seen(path).duration_ms - span.length_ms) < 30


def test_a_span_beyond_the_end_is_cut_short_and_says_so(silent: Path, tmp_path: Path) -> None:
    clip = cut(silent, Span(25_000, 40_000))
    assert clip.exact
    assert clip.span == Span(25_000, 31_000)
    assert clip.frames == 150
    assert seen(kept(clip, tmp_path)).duration_ms == 6000


def test_a_span_without_a_picture_is_an_error(silent: Path) -> None:
    with pytest.raises(MediaError, match="no picture from 31000 to 46000 ms; it lasts 31000 ms"):
        cut(silent, Span(31_000, 46_000))


def test_wall_clock_times_with_a_late_frame_at_an_edge(tmp_path: Path) -> None:
    """A camera does not hit 10.000 s: the keyframe is the first frame behind the edge."""
    chance = random.Random(5)
    times = [time + chance.randint(-9, 9) + 9 for time in steady(26)]
    path = tmp_path / "camera.webm"
    write_recording(str(path), times, sound=True)
    video, audio = listed(path), listed(path, "a")
    clip = cut(path, Span(10_000, 25_000))
    assert clip.exact
    first = next(n for n, time in enumerate(times) if time >= 10_000)
    assert times[first] > 10_000, "the frame is behind the edge"
    check(clip, path, tmp_path, video, audio)
    assert numbers(clip.data)[0] == first


@each_recording
def test_all_windows_as_files(recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "clips"
    made = list(cut_all(recording, out, 15_000, 10_000, exact=False))
    windows = planned(seen(recording).duration_ms, 15_000, 10_000)
    assert [m.wanted for m in made] == windows
    assert [m.path.name for m in made] == [f"{n:04}_{w.start_ms:06}-{w.end_ms:06}.webm" for n, w in enumerate(windows)]
    assert made[0].path.name == "0000_000000-015000.webm"
    assert sorted(p.name for p in out.iterdir()) == [m.path.name for m in made], "nothing else stands in the folder"
    for m in made:
        assert m.path.read_bytes() == cut(recording, m.wanted).data
        assert m.bytes == m.path.stat().st_size
        assert m.frames == seen(m.path).frames


def test_a_file_appears_whole_or_not_at_all(silent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "0000_000000-015000.webm"
    old.write_bytes(b"what was there before")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("skiuo_desktop.media.files.os.fsync", full_disk)
    with pytest.raises(StorageError, match="No space left on device"):
        list(cut_all(silent, tmp_path, 15_000, 10_000, exact=False))
    assert old.read_bytes() == b"what was there before"
    assert list(tmp_path.glob(".*")) == [], "no half-written file stays behind"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets no open file be replaced")
def test_a_file_that_is_being_read_is_replaced_not_overwritten(silent: Path, tmp_path: Path) -> None:
    old = tmp_path / "0000_000000-015000.webm"
    old.write_bytes(b"what was there before")
    with old.open("rb") as reader:
        list(cut_all(silent, tmp_path, 15_000, 10_000, exact=False))
        assert reader.read() == b"what was there before"
    assert old.read_bytes() == cut(silent, Span(0, 15_000)).data


def test_a_folder_that_cannot_be_made_is_named(silent: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        list(cut_all(silent, tmp_path / "file" / "sub", 15_000, 10_000, exact=False))


def test_times_longer_than_six_digits_are_written_out() -> None:
    assert cut_module.clip_name(360, Span(3_600_000, 3_615_000)) == "0360_3600000-3615000.webm"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty"), (b"\x1aE\xdf\xa3", "no WebM"), (random.Random(1).randbytes(50_000), "no WebM"), (b"\0" * 5000, "no WebM")],
    ids=["empty", "four bytes", "junk", "zeros"],
)
def test_what_is_no_video_is_refused_in_a_sentence(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "junk.webm"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=reason):
        cut(path, Span(0, 1000))
    with pytest.raises(MediaError, match=reason):
        list(cut_all(path, tmp_path / "out", 15_000, 10_000, exact=False))
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nowhere\.webm"):
        cut(tmp_path / "nowhere.webm", Span(0, 1000))
    with pytest.raises(MediaError, match="cannot be read"):
        cut(tmp_path, Span(0, 1000))
