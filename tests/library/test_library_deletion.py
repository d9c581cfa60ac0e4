from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import Popen

import pytest
from library.conftest import Start
from library.library_parts import Maker, ended_well, spans, wait_for

from skiuo_desktop.errors import Cancelled, LibraryBusyError, NotFoundError, StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.library import deletion, trash
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import RecordingState, Tracks, WindowState


def test_the_preview_says_what_will_go(library: Library, make: Maker) -> None:
    one = make.said("text", "text")
    two = make.recording(windows=3, content=b"x" * 1000)
    library.update_recording(two.id, thumbnail=str(library.home.recordings / "two.jpg"))
    (library.home.recordings / "two.jpg").write_bytes(b"y" * 100)
    preview = library.deletion_preview([one.id, two.id, one.id])
    assert [summary.id for summary in preview.recordings] == [two.id, one.id]
    assert (preview.bytes, preview.analyses, preview.not_analysed) == (1104, 2, 3)
    assert library.count() == 2
    with pytest.raises(NotFoundError):
        library.deletion_preview([one.id, "nope"])


def test_a_deleted_recording_is_gone_with_all_that_was_said(library: Library, make: Maker, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "has_trash", lambda folder: False)
    kept, gone = make.said("kept words", title="Kept"), make.said("secretword", title="Secrettitle")
    library.set_notes(gone.id, "Secretnote")
    library.set_tags(gone.id, ["Secrettag"])
    library.add_marker(gone.id, 1, "Secretmarker")
    library.save_tracks(gone.id, Tracks(b"Secrettrack", b""))
    library.delete([gone.id])
    assert not Path(gone.path).exists() and Path(kept.path).exists()
    assert [summary.id for summary in library.summaries(10)] == [kept.id]
    assert library.count() == 1
    for word in ("secretword", "secrettitle", "secretnote"):
        assert library.search(word) == [] and library.summaries(10, text=word) == []
    assert [hit.recording_id for hit in library.search("kept")] == [kept.id, kept.id]
    for unknown in (gone.id, gone.id[:20], "Secrettitle", gone.path):
        with pytest.raises(NotFoundError):
            library.resolve(unknown)
    with library._database.read() as session:
        indexed = " ".join(session.connection().exec_driver_sql("SELECT shadow FROM search").scalars())
        assert "kept" in indexed and "secret" not in indexed
        tombstone = session.connection().exec_driver_sql("SELECT * FROM recordings WHERE id = ?", (gone.id,)).mappings().one()
        for table in ("windows", "attempts", "markers", "recording_tags", "recording_tracks"):
            rows = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table} WHERE recording_id = ?", (gone.id,))  # noqa: S608
            assert rows.scalar_one() == 0
        assert session.connection().exec_driver_sql("SELECT text FROM analyses").scalars().all() == ["kept words"]
    assert tombstone["deleted_at"] is not None and tombstone["owner"] == ""
    assert (tombstone["title"], tombstone["notes"], tombstone["path"], tombstone["source"]) == ("", "", "", "")


def test_several_are_deleted_and_an_unknown_one_stops_all(library: Library, make: Maker) -> None:
    one, two, three = make.recording(), make.recording(), make.recording()
    with pytest.raises(NotFoundError):
        library.delete([one.id, "nope"])
    assert library.count() == 3 and Path(one.path).exists()
    library.delete([one.id, three.id, one.id])
    assert [summary.id for summary in library.summaries(10)] == [two.id]
    library.delete([])


def test_a_recording_whose_file_is_gone_already_can_be_deleted(library: Library, make: Maker) -> None:
    recording = make.recording()
    Path(recording.path).unlink()
    assert library.deletion_preview([recording.id]).bytes == 0
    library.delete([recording.id])
    assert library.count() == 0


def test_what_is_being_recorded_is_not_deleted(library: Library, make: Maker, start: Start) -> None:
    mine, idle = make.recording("mine", state=RecordingState.RECORDING), make.recording()
    with pytest.raises(LibraryBusyError, match="mine"):
        library.delete([idle.id, mine.id])
    assert library.count() == 2 and Path(idle.path).exists()
    library.update_recording(mine.id, state=RecordingState.FINISHED)
    library.delete([mine.id])
    other = start(RECORDS)
    theirs = wait_for(other, "id").split()[1]
    with pytest.raises(LibraryBusyError):
        library.delete([theirs])
    assert library.recording(theirs).state is RecordingState.RECORDING
    other.kill()
    other.wait()
    library.delete([theirs])
    assert [summary.id for summary in library.summaries(10)] == [idle.id]


RECORDS = """
from library.library_parts import Maker
from datetime import timedelta
make = Maker(library)
make.made = 1000
say("id", make.recording("theirs", state=RecordingState.RECORDING).id)
hear()
"""


def test_an_analysis_that_runs_elsewhere_is_cancelled(library: Library, make: Maker, start: Start) -> None:
    gone, kept = make.recording(windows=2, models=("offline",)), make.recording(windows=1, models=("offline",))
    running = library.claim()
    assert running is not None and running.recording_id == gone.id
    ended_well(start("library.delete([sys.argv[1]]); library.close()", gone.id))
    for write in (library.save_text, lambda number, text: library.finish(number, text=text)):
        with pytest.raises(Cancelled):
            write(running.id, "more")
    following = library.claim()
    assert following is not None and following.recording_id == kept.id


def test_a_recording_whose_file_cannot_be_removed_stays_whole(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = make.said("text of it", title="Stays"), make.recording("Goes")
    remove = trash.remove

    def refuse(path: Path, *, to_trash: bool) -> None:
        if str(path) == stays.path:
            raise PermissionError(13, "Permission denied", str(path))
        remove(path, to_trash=to_trash)

    monkeypatch.setattr(deletion.trash, "remove", refuse)
    with pytest.raises(StorageError, match=r"Stays \(Permission denied\)"):
        library.delete([stays.id, goes.id])
    assert [summary.title for summary in library.summaries(10)] == ["Stays"]
    assert library.recording(stays.id) == stays
    assert len(library.search("text")) == 1
    monkeypatch.undo()
    library.delete([stays.id])
    assert library.count() == 0


def test_a_recording_is_out_of_sight_and_out_of_the_queue_before_its_file_goes(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make.recording("Evening", windows=2, models=("offline",))
    make.answer("an evening text")
    seen: list[object] = []

    def look(path: Path, *, to_trash: bool) -> None:
        seen.extend([path.exists(), library.search("evening"), library.summaries(10, text="evening"), library.count(), library.claim(), library.known_paths()])

    monkeypatch.setattr(deletion.trash, "remove", look)
    library.delete([recording.id])
    assert seen == [True, [], [], 0, None, {Path(recording.path)}]


def test_a_damaged_orphan_whose_file_cannot_be_removed_is_an_orphan_again(library: Library, make: Maker, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    other = start(RECORDS)
    theirs = wait_for(other, "id").split()[1]
    other.kill()
    other.wait()

    def refuse(path: Path, *, to_trash: bool) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(deletion.trash, "remove", refuse)
    with pytest.raises(StorageError):
        library.delete([theirs])
    assert [recording.id for recording in library.orphan_recordings()] == [theirs]
    assert library.adopt_recording(theirs)


def test_a_deletion_that_was_cut_short_is_finished_by_the_next_program(home: Home, start: Start) -> None:
    for moment in ("before", "after"):
        other = start(CUT_SHORT, moment)
        recording_id, path = wait_for(other, "id").split()[1:]
        assert other.wait() == -9
        with Library.open(home) as library:
            assert library.count() == 0 and library.search("evening") == []
            assert not Path(path).exists()
            with pytest.raises(NotFoundError):
                library.recording(recording_id)
        assert list(home.instances.glob("*.lock")) == []


CUT_SHORT = """
from library.library_parts import Maker
from skiuo_desktop.library import trash
import signal
recording = Maker(library).said("an evening text", title="Evening")
say("id", recording.id, recording.path)
remove = trash.remove

def die(path, *, to_trash):
    if sys.argv[1] == "after":
        remove(path, to_trash=to_trash)
    os.kill(os.getpid(), signal.SIGKILL)

trash.remove = die
library.delete([recording.id])
"""


def test_an_empty_recording_can_be_taken_back(library: Library, make: Maker) -> None:
    recording = make.recording("nothing came", state=RecordingState.RECORDING, content=b"")
    library.drop_recording(recording.id)
    assert library.count() == 0 and not Path(recording.path).exists() and library.search("nothing") == []
    with pytest.raises(NotFoundError):
        library.drop_recording(recording.id)


def test_windows_can_be_added_after_others_were_deleted(library: Library, make: Maker) -> None:
    library.delete([make.recording(windows=3).id])
    recording = make.recording()
    library.add_windows(recording.id, spans(1), [], "en")
    assert library.recording(recording.id).windows[0].state is WindowState.SKIPPED


needs_xdg = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the trash of this system is not a folder of our choosing")


def in_trash(start: Start, tmp_path: Path, **env: str) -> Popen[str]:
    """Deletes a recording in a program with a home of its own."""
    (tmp_path / "user").mkdir(exist_ok=True)
    plain = {"HOME": str(tmp_path / "user"), "XDG_DATA_HOME": str(tmp_path / "user" / "data"), "XDG_CURRENT_DESKTOP": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    return start(TRASHES, env={**plain, **env})


TRASHES = """
from library.library_parts import Maker
recording = Maker(library).recording("thrown away", content=b"film")
library.update_recording(recording.id, thumbnail=recording.path[:-4] + "jpg")
open(recording.path[:-4] + "jpg", "wb").write(b"picture")
say("to_trash", library.deletion_preview([recording.id]).to_trash)
library.delete([recording.id])
say("there", os.path.exists(recording.path), library.count())
library.close()
"""


@needs_xdg
def test_files_go_to_the_trash_of_a_desktop(start: Start, tmp_path: Path) -> None:
    out = ended_well(in_trash(start, tmp_path, XDG_CURRENT_DESKTOP="XFCE"))
    assert "to_trash True" in out and "there False 0" in out
    files = tmp_path / "user" / "data" / "Trash" / "files"
    assert sorted(path.read_bytes() for path in files.iterdir()) == [b"film", b"picture"]


@needs_xdg
def test_a_trash_that_is_in_use_is_used_without_a_desktop_too(start: Start, tmp_path: Path) -> None:
    (tmp_path / "user" / "data" / "Trash").mkdir(parents=True)
    assert "to_trash True" in ended_well(in_trash(start, tmp_path))
    assert len(list((tmp_path / "user" / "data" / "Trash" / "files").iterdir())) == 2


@needs_xdg
def test_without_a_desktop_and_a_trash_files_are_deleted(start: Start, tmp_path: Path) -> None:
    out = ended_well(in_trash(start, tmp_path))
    assert "to_trash False" in out and "there False 0" in out
    assert not (tmp_path / "user" / "data").exists()


@needs_xdg
def test_a_file_that_the_trash_does_not_take_stays(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make.recording("Stays")

    def full(path: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(trash, "has_trash", lambda folder: True)
    monkeypatch.setattr(trash, "send2trash", full)
    with pytest.raises(StorageError, match="No space left"):
        library.delete([recording.id])
    assert Path(recording.path).exists() and library.count() == 1
