from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from library.library_parts import START, Maker, spans

from skiuo_desktop.errors import BugError, LibraryBusyError, NotFoundError, StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Notice, RecordingState, Tracks, WindowState


def test_a_recording_is_read_back_as_it_was_written(library: Library, make: Maker) -> None:
    written = make.recording("标题 “Evening” 🔧", windows=3, models=("offline", "qwen"))
    whole = replace(
        written,
        id=library.new_recording_id(START + timedelta(days=1)),
        path=str(library.home.recordings / "another.webm"),
        started_at=START.astimezone(timezone(timedelta(hours=8))) + timedelta(days=1),
        notes="notes\nin two lines",
        tags=("焊接", "bench"),
        notices=(Notice(5_000, "stalled", "no frame for a while", 800),),
        thumbnail=str(library.home.recordings / "pictures" / "one.jpg"),
        frames=900,
        dropped_frames=2,
        width=1280,
        height=720,
        fps=29.97,
        video_codec="vp8",
        has_audio=True,
        windows=(),
    )
    library.add_recording(whole)
    read = library.recording(whole.id)
    assert read == replace(whole, started_at=read.started_at)
    assert read.started_at == whole.started_at and read.started_at.utcoffset() == timedelta(0)
    assert [window.span for window in library.recording(written.id).windows] == spans(3)
    with pytest.raises(LibraryBusyError, match="already"):
        library.add_recording(replace(whole, id="another-row-for-one-file"))


def test_the_head_of_a_recording_and_the_files_that_rows_name(library: Library, make: Maker) -> None:
    one, two = make.recording(windows=3), make.recording()
    assert library.recording_head(one.id) == replace(one, windows=())
    assert library.known_paths() == {Path(one.path), Path(two.path)}
    library.delete([two.id])
    assert library.known_paths() == {Path(one.path)}


def test_ids_carry_the_utc_second_and_sort_by_time(library: Library) -> None:
    first = library.new_recording_id(datetime(2026, 11, 24, 21, 2, 3, tzinfo=timezone(timedelta(hours=2))))
    assert first.startswith("20261124-190203-") and len(first) == 22
    assert first < library.new_recording_id(START + timedelta(seconds=1))
    assert library.new_recording_id()[:8] == f"{datetime.now(UTC):%Y%m%d}"


def test_a_recording_without_windows_is_whole(library: Library, make: Maker) -> None:
    recording = make.recording("empty")
    assert recording.windows == () and recording.duration_ms == 0
    (summary,) = library.summaries(10)
    assert (summary.states, summary.excerpt, summary.costs) == ((), "", {})


def test_unknown_and_deleted_recordings_are_not_found(library: Library, make: Maker) -> None:
    gone = make.recording()
    library.delete([gone.id])
    for unknown in ("nope", gone.id):
        for call in (
            lambda unknown=unknown: library.recording(unknown),
            lambda unknown=unknown: library.update_recording(unknown, frames=1),
            lambda unknown=unknown: library.set_title(unknown, "x"),
            lambda unknown=unknown: library.add_windows(unknown, spans(1), [], "en"),
            lambda unknown=unknown: library.request_analyses(unknown, ["offline"], language="en"),
            lambda unknown=unknown: library.tracks(unknown),
            lambda unknown=unknown: library.delete([unknown]),
            lambda unknown=unknown: library.deletion_preview([unknown]),
            lambda unknown=unknown: library.cancel_analyses(unknown),
        ):
            with pytest.raises(NotFoundError, match=unknown):
                call()


def test_figures_are_updated(library: Library, make: Maker) -> None:
    recording = make.recording(state=RecordingState.RECORDING)
    library.update_recording(recording.id, frames=10, bytes=2**40, fps=30.5)
    library.update_recording(recording.id, state=RecordingState.FINISHED, duration_ms=12_345, has_audio=True)
    read = library.recording(recording.id)
    assert (read.frames, read.bytes, read.fps, read.duration_ms, read.has_audio, read.state) == (10, 2**40, 30.5, 12_345, True, RecordingState.FINISHED)
    with pytest.raises(BugError, match="title"):
        library.update_recording(recording.id, title="not here")


def test_tags_markers_notices_and_tracks(library: Library, make: Maker) -> None:
    recording = make.recording()
    library.set_tags(recording.id, ["b", " a ", "", "b", "焊接"])
    later, earlier = library.add_marker(recording.id, 9_000, "later"), library.add_marker(recording.id, 4_000)
    library.add_notice(recording.id, Notice(1, "audio_lost"))
    library.add_notice(recording.id, Notice(2, "audio_back", "again", 7))
    assert library.tracks(recording.id) == Tracks()
    library.save_tracks(recording.id, Tracks(b"\0\1", b"\xff"))
    library.save_tracks(recording.id, Tracks(b"\2\3", b"\xfe"))
    read = library.recording(recording.id)
    assert read.tags == ("b", "a", "焊接")
    assert read.markers == (earlier, later)
    assert read.notices == (Notice(1, "audio_lost"), Notice(2, "audio_back", "again", 7))
    assert library.tracks(recording.id) == Tracks(b"\2\3", b"\xfe")
    library.set_tags(recording.id, [])
    assert library.recording(recording.id).tags == ()


def test_text_that_no_database_stores_is_replaced(library: Library, make: Maker) -> None:
    recording = make.recording("nul \0 and half \ud83d pair")
    library.add_notice(recording.id, Notice(0, "stalled", "\0\udc00"))
    read = library.recording(recording.id)
    assert read.title == "nul \ufffd and half \ufffd pair"
    assert read.notices[0].detail == "\ufffd\ufffd"


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "a/../../b.webm", "..", "C:\\Windows\\x", "\\\\server\\x", "a\\..\\..\\b", "."])
def test_a_row_that_names_a_file_outside_the_folder_is_refused(home: Home, library: Library, make: Maker, path: str) -> None:
    good, bad = make.recording("good"), make.recording("bad")
    outside = home.root.parent / "outside.webm"
    outside.write_bytes(b"mine")
    with sqlite3.connect(home.database) as connection:
        connection.execute("UPDATE recordings SET path = ?, thumbnail = ? WHERE id = ?", (path, path, bad.id))
    connection.close()
    for call in (library.recording, lambda one: library.delete([one]), lambda one: library.deletion_preview([one])):
        with pytest.raises(StorageError, match="not in the folder"):
            call(bad.id)
    assert [(summary.title, summary.thumbnail) for summary in library.summaries(10)] == [("bad", ""), ("good", "")]
    assert library.recording(good.id).title == "good"
    with pytest.raises(StorageError, match="not in the folder"):
        library.add_recording(replace(good, id="x", path=str(outside)))
    with pytest.raises(StorageError, match="not in the folder"):
        library.update_recording(good.id, thumbnail=str(home.recordings / ".." / "x.jpg"))


def test_the_list_is_the_newest_first_and_read_page_by_page(library: Library, make: Maker) -> None:
    ids = [make.recording(f"n{n}", windows=n).id for n in range(7)]
    assert library.count() == 7
    assert [summary.id for summary in library.summaries(3)] == ids[:3:-1]
    assert [summary.id for summary in library.summaries(3, before=ids[4])] == [ids[3], ids[2], ids[1]]
    assert [summary.id for summary in library.summaries(3, before=ids[0])] == []
    with pytest.raises(NotFoundError):
        library.summaries(3, before="nope")


def test_recordings_that_start_in_the_same_moment_or_at_a_mad_time_are_all_there(library: Library, make: Maker) -> None:
    like = make.recording()
    for number, when in enumerate([START, START, START, datetime(1969, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)]):
        library.add_recording(replace(like, id=f"same-{number}", path=f"{like.path}.{number}", title=f"mad {number}", started_at=when))
    assert library.count() == 7
    assert len({hit.recording_id for hit in library.search("mad")}) == 6
    assert library.recording("same-5").started_at.year == 9998
    library.delete(["same-0"])
    assert len({hit.recording_id for hit in library.search("mad")}) == 5


def test_a_summary_has_the_strip_in_order_an_excerpt_and_the_price(library: Library, make: Maker) -> None:
    recording = make.recording(windows=0)
    library.add_windows(recording.id, spans(3)[2:], ["offline"], "en", first=2)  # rows in another order than the windows
    library.add_windows(recording.id, spans(1), [], "en")
    library.add_windows(recording.id, spans(3), ["offline"], "en")
    make.answer("later words", cost=0.25)
    make.answer("", cost=None)
    claimed = library.claim()
    assert claimed is None
    (summary,) = library.summaries(10)
    assert summary.states == (WindowState.SKIPPED, WindowState.DONE, WindowState.DONE)
    assert (summary.excerpt, summary.costs) == ("later words", {"USD": 0.25})


def test_a_recording_is_known_by_id_beginning_title_path_and_last(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        library.resolve("last")
    first, second, third = make.recording("One"), make.recording("Two"), make.recording("Two")
    assert library.resolve("last") == library.resolve("LATEST") == third.id
    assert library.resolve(f" {first.id} ") == first.id
    assert library.resolve(first.id[:13]) == first.id
    assert library.resolve("One") == first.id
    assert library.resolve(second.path) == second.id
    monkeypatch.chdir(library.home.recordings)
    assert library.resolve(Path(second.path).name) == second.id
    link = tmp_path / "link"
    link.symlink_to(library.home.recordings)
    assert library.resolve(str(link / Path(third.path).name)) == third.id
    for unknown in ("", "nope", "%", "_", "2026%", str(tmp_path / "x.webm")):
        with pytest.raises(NotFoundError):
            library.resolve(unknown)
    for many in ("Two", first.id[:8]):
        with pytest.raises(NotFoundError, match="more than one"):
            library.resolve(many)
