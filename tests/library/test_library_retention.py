"""Freeing video by rule: what may go, in which order, and what a wrong clock or a sudden end does to it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library.conftest import Start
from library.library_parts import START, Maker, ended_well, spans, wait_for

from skiuo_desktop.errors import LibraryBusyError, NotFoundError, StorageError
from skiuo_desktop.failures import failure
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import CLIP, RECORDING, UploadState
from skiuo_desktop.library.retention import IDLE_MOST, Rule
from skiuo_desktop.model import FailureKind, Recording, RecordingState, WindowState

LATER = START + timedelta(days=60)
MONTH = Rule(days=30)


def mirror(library: Library, recording: Recording, expires_at: datetime | None = None, kind: str = RECORDING) -> str:
    """As if the recording's file had been sent to a store."""
    job = library.begin_upload(f"{kind}s/{recording.id}", kind, recording.id, size=recording.bytes, sha256="0" * 64)
    assert library.object_stored(job.id, expires_at)
    return job.key


def goes(library: Library, rule: Rule = MONTH, now: datetime = LATER) -> list[str]:
    return [summary.title for summary in library.retention_preview(rule, now).recordings]


def test_what_is_old_and_analysed_goes_and_its_texts_stay(library: Library, make: Maker) -> None:
    recording = make.said("a cup stands on the table", title="Old")
    thumbnail = library.home.recordings / "old.jpg"
    thumbnail.write_bytes(b"picture")
    library.update_recording(recording.id, thumbnail=str(thumbnail))
    assert goes(library, Rule()) == goes(library, Rule(days=61)) == goes(library, MONTH, START + timedelta(days=30)) == []
    preview = library.retention_preview(MONTH, LATER)
    assert ([each.id for each in preview.recordings], preview.bytes, preview.kept, preview.doubted) == ([recording.id], 4, 0, None)
    assert Path(recording.path).exists()  # a preview changes nothing
    freed = library.free_video([recording.id, recording.id, "nope"], now=LATER)
    assert (freed.recordings, freed.bytes) == ((recording.id,), 4)
    assert not Path(recording.path).exists() and thumbnail.exists()
    after = library.recording(recording.id)
    assert after == dataclasses.replace(recording, freed_at=LATER, thumbnail=str(thumbnail))
    assert library.summaries(1)[0].freed_at == LATER and [hit.text for hit in library.search("cup")] == ["a cup stands on the table"]
    assert goes(library) == [] and library.free_video([recording.id]).recordings == ()
    assert library.known_paths() == {Path(recording.path)}  # one that is fetched again is not taken in as a new recording


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("state", "reason", "may_go"),
    [
        (WindowState.DONE, "", True),
        (WindowState.SKIPPED, "stride", True),
        (WindowState.SKIPPED, "rule", True),
        (WindowState.SKIPPED, "budget", False),
        (WindowState.SKIPPED, "not_asked", False),
        (WindowState.SKIPPED, "cancelled", False),
        (WindowState.FAILED, "", False),
    ],
)
def test_every_window_has_its_text_or_the_file_is_in_the_store(
    library: Library, make: Maker, state: WindowState, reason: str, may_go: bool, mirrored: bool
) -> None:
    recording = make.said("a text", title="Old")
    second_window(library, recording, state, reason)
    if mirrored:
        mirror(library, recording)
    assert goes(library) == (["Old"] if may_go or mirrored else [])
    assert library.retention_preview(MONTH, LATER).kept == (0 if may_go or mirrored else 1)
    assert bool(library.free_video([recording.id]).recordings) is (may_go or mirrored)
    assert Path(recording.path).exists() is not (may_go or mirrored)


def second_window(library: Library, recording: Recording, state: WindowState, reason: str) -> None:
    library.add_windows(recording.id, spans(2)[1:], ("offline",) if state is not WindowState.SKIPPED else (), "en", first=1)
    with library._database.write() as session:
        columns = {"state": state.value, "reason": reason, "id": recording.id}
        session.connection().exec_driver_sql('UPDATE windows SET state = :state, reason = :reason WHERE recording_id = :id AND "index" = 1', columns)


def test_a_recording_that_nobody_described_stays(library: Library, make: Maker) -> None:
    make.recording("No windows")
    make.recording("Not asked", windows=2)
    preview = library.retention_preview(MONTH, LATER)
    assert (preview.recordings, preview.kept) == ([], 2)


def test_what_the_store_will_have_removed_counts_as_not_stored(library: Library, make: Maker) -> None:
    lasting, gone, other = make.recording("Lasting"), make.recording("Gone"), make.recording("Only its clip")
    mirror(library, lasting, LATER + timedelta(seconds=1))
    mirror(library, gone, LATER)
    mirror(library, other, kind=CLIP)
    preview = library.retention_preview(MONTH, LATER)
    assert ([each.title for each in preview.recordings], preview.kept) == (["Lasting"], 2)
    assert library.free_video([gone.id, other.id, lasting.id], now=LATER).recordings == (lasting.id,)


@pytest.mark.parametrize("step", ["queued", "running"])
def test_what_is_being_analysed_stays_even_where_it_is_stored(library: Library, make: Maker, step: str) -> None:
    recording = make.recording("Old", windows=1, models=("offline",))
    mirror(library, recording)
    claimed = library.claim() if step == "running" else None
    preview = library.retention_preview(MONTH, LATER)
    assert (preview.recordings, preview.kept) == ([], 0)
    assert library.free_video([recording.id]).recordings == ()
    if claimed is not None:
        library.finish(claimed.id, text="a text")
        assert goes(library) == ["Old"]


def test_only_finished_recordings_go(library: Library, make: Maker) -> None:
    for state in (RecordingState.RECORDING, RecordingState.DAMAGED):
        recording = make.recording(state.value, state=state)
        mirror(library, recording)
        assert goes(library) == [] and library.free_video([recording.id]).recordings == ()
    deleted = make.said("a text")
    library.delete([deleted.id])
    assert goes(library) == [] and library.free_video([deleted.id]).recordings == ()


def test_the_oldest_go_until_the_rest_fits(library: Library, make: Maker) -> None:
    def said(title: str, size: int) -> Recording:
        recording = make.said("a text", title=title)
        Path(recording.path).write_bytes(b"x" * size)
        return recording

    first, second = said("First", 400), said("Second", 300)
    unread = make.recording("Unread", content=b"x" * 200)
    third, last = said("Third", 100), said("Last", 50)
    make.recording("Being recorded", state=RecordingState.RECORDING, content=b"x" * 50)

    def over(size: float) -> tuple[list[str], int, int]:
        preview = library.retention_preview(Rule(gb=size / 1e9), START + timedelta(hours=1))
        return [each.title for each in preview.recordings], preview.bytes, preview.kept

    assert over(1100) == ([], 0, 0)
    assert over(1099) == (["First"], 400, 0)
    assert over(699) == (["First", "Second"], 700, 0)
    assert over(399) == (["First", "Second", "Third"], 800, 1)  # what is not analysed is passed over, and counted
    assert over(1) == (["First", "Second", "Third", "Last"], 850, 1)
    Path(first.path).unlink()  # a file that is not there takes no space, and is not freed because it was not found
    assert over(699) == (["Second"], 300, 0)
    assert library.free_video([first.id]).recordings == () and library.recording(first.id).freed_at is None
    both = library.retention_preview(Rule(days=30, gb=1e-9), LATER)
    assert [each.id for each in both.recordings] == [second.id, third.id, last.id]
    assert both.kept == 1 and unread.id not in [each.id for each in both.recordings]


@pytest.mark.parametrize("now", [START - timedelta(days=400), START + IDLE_MOST + timedelta(minutes=2)])
def test_a_clock_that_contradicts_the_newest_recording_removes_nothing_for_its_age(library: Library, make: Maker, now: datetime) -> None:
    old, new = make.said("a text", title="Old"), make.recording("New")
    with library._database.write() as session:
        session.connection().exec_driver_sql("UPDATE recordings SET moment = 0 WHERE id = :id", {"id": old.id})
    preview = library.retention_preview(MONTH, now)
    assert (preview.recordings, preview.kept, preview.doubted) == ([], 0, new.started_at)
    assert library.retention_preview(Rule(gb=5), now).doubted is None
    # Size needs no clock, but what the store may have removed by now is not believed to be there.
    mirror(library, new, START - timedelta(days=300))
    assert goes(library, Rule(days=30, gb=1e-9), now) == ["Old"]


def test_a_recording_from_the_future_stops_the_rule_until_it_is_deleted(library: Library, make: Maker) -> None:
    make.said("a text", title="Old")
    future = dataclasses.replace(make.recording(), id="future", path="", started_at=datetime(2099, 1, 1, tzinfo=UTC))
    library.add_recording(future)
    assert library.retention_preview(MONTH, LATER).doubted == future.started_at
    library.delete(["future"])
    assert goes(library) == ["Old"]


def test_a_file_that_cannot_be_removed_brings_its_row_back(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, other = make.said("a text", title="Stays"), make.said("a text", title="Goes")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if str(path) == stays.path:
            assert library.recording(stays.id).freed_at == LATER  # the row says so before the file is touched
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StorageError, match=r"Stays \(Permission denied\)"):
        library.free_video([stays.id, other.id], now=LATER)
    monkeypatch.undo()
    assert library.recording(stays.id) == stays and library.recording(other.id).freed_at == LATER
    assert goes(library) == ["Stays"]


def test_a_row_that_names_a_file_outside_is_left_alone(library: Library, make: Maker, tmp_path: Path) -> None:
    recording = make.said("a text")
    victim = library.home.root / "victim"
    victim.write_bytes(b"not ours")
    with library._database.write() as session:
        session.connection().exec_driver_sql("UPDATE recordings SET path = '../victim' WHERE id = :id", {"id": recording.id})
    assert goes(library) == []
    with pytest.raises(StorageError, match="not in the folder"):
        library.free_video([recording.id])
    assert victim.exists()


def test_freed_video_is_not_asked_about_again_and_the_sentence_says_where_it_is(library: Library, make: Maker) -> None:
    plain, stored = make.said("a text", title="Plain"), make.said("a text", title="Stored")
    mirror(library, stored)
    library.free_video([plain.id, stored.id], now=LATER)
    for recording, ending in ((plain, "texts are still here.$"), (stored, "`skiuo fetch` brings it back.$")):
        sentence = rf"The video of {recording.title} was removed here on {LATER.astimezone():%Y-%m-%d} by your rule.*{ending}"
        with pytest.raises(NotFoundError, match=sentence):
            library.request_analyses(recording.id, ["offline"], language="en")
        with pytest.raises(NotFoundError, match=sentence):
            library.require_video(recording.id)
    assert library.claim() is None and library.require_video(make.recording().id) is None


def journal(library: Library) -> dict[str, UploadState]:
    return {job.key: job.state for job in library.uploads(*UploadState)}


def test_a_video_leaves_the_store_too_where_the_person_keeps_none_there(library: Library, make: Maker) -> None:
    read, unread = make.said("a text", title="Read"), make.recording("Unread", windows=1, models=("offline",))
    keys = [mirror(library, each) for each in (read, unread)]
    clip = mirror(library, read, kind=CLIP)
    claimed = library.claim()
    assert claimed is not None
    library.fail(claimed.id, failure(FailureKind.NETWORK))
    assert set(library.free_video([read.id, unread.id], let_go=True).recordings) == {read.id, unread.id}
    assert journal(library) == {keys[0]: UploadState.REMOVING, keys[1]: UploadState.STORED, clip: UploadState.STORED}
    assert library.let_freed_go() == 0
    with library._database.write() as session:
        session.connection().exec_driver_sql("UPDATE windows SET state = 'done'")
    assert library.let_freed_go() == 1
    assert journal(library)[keys[1]] is UploadState.REMOVING and library.let_freed_go() == 0


def test_a_video_stays_in_the_store_where_the_person_keeps_it_there(library: Library, make: Maker) -> None:
    recording = make.said("a text")
    key = mirror(library, recording)
    library.free_video([recording.id])
    assert journal(library) == {key: UploadState.STORED}
    other = make.said("a text")
    sending = library.begin_upload("recordings/other", RECORDING, other.id, size=4, sha256="1" * 64)
    library.free_video([other.id])
    assert journal(library)[sending.key] is UploadState.REMOVING  # its file is gone: nothing is left to send
    assert library.wanted_files() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_freeing_that_was_cut_short_is_ended_by_the_next_program(home: Home, start: Start, moment: str) -> None:
    other = start(CUT_SHORT, moment)
    recording_id, path = wait_for(other, "id").split()[1:]
    assert other.wait() == -9
    with Library.open(home) as library:
        recording = library.recording(recording_id)
        if moment == "before":
            assert Path(path).exists() and recording.freed_at is None
            assert library.free_video([recording_id]).recordings == (recording_id,)
        else:
            assert not Path(path).exists() and recording.freed_at is not None
            library.delete([recording_id])  # nobody holds it
    assert list(home.instances.glob("*.lock")) == []


CUT_SHORT = """
from library.library_parts import Maker
from pathlib import Path
import signal
recording = Maker(library).said("an evening text", title="Evening")
say("id", recording.id, recording.path)
unlink = Path.unlink

def die(path, missing_ok=False):
    if path.suffix == ".webm":
        if sys.argv[1] == "after":
            unlink(path)
        os.kill(os.getpid(), signal.SIGKILL)
    unlink(path, missing_ok)

Path.unlink = die
library.free_video([recording.id])
"""


def test_what_another_program_is_freeing_is_left_to_it(library: Library, make: Maker, start: Start, home: Home) -> None:
    recording = make.said("a text", title="Theirs")
    other = start(HOLDS, recording.id)
    wait_for(other, "begun")
    assert library.free_video([recording.id]).recordings == () and goes(library) == []
    library.finish_freeing()
    with pytest.raises(LibraryBusyError):
        library.delete([recording.id])
    ended_well(other)
    assert library.recording(recording.id).freed_at is not None and not Path(recording.path).exists()


HOLDS = """
from pathlib import Path
unlink = Path.unlink

def hold(path, missing_ok=False):
    if path.suffix == ".webm":
        say("begun")
        hear()
    unlink(path, missing_ok)

Path.unlink = hold
assert library.free_video([sys.argv[1]]).recordings == (sys.argv[1],)
library.close()
"""


def test_more_recordings_than_one_question_holds_are_all_looked_at(library: Library, make: Maker) -> None:
    recording = make.said("a text")
    with library._database.write() as session:
        columns = [row[1] for row in session.connection().exec_driver_sql("PRAGMA table_info(recordings)")]
        copied = ", ".join({"id": "'r' || n", "moment": "moment + n * 60000", "path": "path"}.get(name, f'"{name}"') for name in columns)
        numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10000)"
        session.connection().exec_driver_sql(f"INSERT INTO recordings {numbers} SELECT {copied} FROM recordings, number WHERE id = ?", (recording.id,))  # noqa: S608
    preview = library.retention_preview(MONTH, LATER)
    assert ([each.id for each in preview.recordings], preview.kept) == ([recording.id], 10_000)
