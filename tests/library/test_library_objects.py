"""The journal of objects: what is to be sent, what is there, what is to go, whoever dies or changes their mind in between."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library.library_parts import START, Maker

from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.home import Home
from skiuo_desktop.library import trash
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import CLIP, RECORDING, THUMBNAIL, UploadJob, UploadState
from skiuo_desktop.model import Copies, Recording, RecordingState

SHA = "a1" * 32
EVERY = tuple(UploadState)


@pytest.fixture(autouse=True)
def without_a_trash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "has_trash", lambda folder: False)


def begun(library: Library, recording: Recording, key: str = "k", kind: str = RECORDING, window_id: int | None = None) -> UploadJob:
    return library.begin_upload(key, kind, recording.id, window_id=window_id, size=recording.bytes, sha256=SHA)


def stored(library: Library, recording: Recording, key: str = "k", kind: str = RECORDING, expires_at: datetime | None = None) -> UploadJob:
    job = begun(library, recording, key, kind)
    assert library.object_stored(job.id, expires_at)
    return job


def states(library: Library) -> dict[str, UploadState]:
    return {job.key: job.state for job in library.uploads(*EVERY)}


def test_files_of_finished_recordings_are_wanted_until_the_journal_has_them(library: Library, make: Maker) -> None:
    first, second = make.recording(content=b"x" * 30), make.recording(content=b"x" * 12)
    picture = library.home.recordings / "second.jpg"
    library.update_recording(second.id, thumbnail=str(picture))
    make.recording(state=RecordingState.RECORDING)
    make.recording(state=RecordingState.DAMAGED)
    library.delete([make.recording().id])
    wanted = [(each.kind, each.recording_id, each.path) for each in library.wanted_files()]
    assert wanted == [(RECORDING, first.id, Path(first.path)), (RECORDING, second.id, Path(second.path)), (THUMBNAIL, second.id, picture)]
    assert [each.recording_id for each in library.wanted_files(limit=1)] == [first.id, second.id]  # of each kind
    pending = library.pending_objects()
    assert (pending.count, pending.bytes, pending.oldest_at) == (3, 42, first.started_at)
    job = begun(library, first)
    assert [each.kind for each in library.wanted_files()] == [RECORDING, THUMBNAIL] and library.pending_objects().bytes == 42
    assert library.object_stored(job.id, None)
    assert (library.pending_objects().count, library.pending_objects().bytes) == (2, 12)


def test_which_recordings_are_on_the_servers(library: Library, make: Maker) -> None:
    first, second, third = (make.recording(content=b"x") for _ in range(3))
    assert library.copies() == Copies(frozenset(), frozenset({first.id, second.id, third.id}))
    stored(library, first, "first")
    stored(library, second, "second", expires_at=datetime.now(UTC) - timedelta(seconds=1))  # the store has removed it
    stored(library, third, "third", THUMBNAIL)
    library.mirrored(library.revision())
    assert library.copies() == Copies(frozenset({first.id}), frozenset())
    library.set_title(second.id, "Another title")
    library.delete([first.id])
    assert library.copies().unlisted == {second.id}


def test_a_row_that_names_a_file_outside_is_not_sent(library: Library, make: Maker) -> None:
    evil, good = make.recording(), make.recording()
    with library._database.write() as session:
        session.connection().exec_driver_sql("UPDATE recordings SET path = '../../etc/passwd' WHERE id = :id", {"id": evil.id})
    assert [each.recording_id for each in library.wanted_files()] == [good.id]


def test_an_object_has_a_row_once_it_is_there(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1)
    job = begun(library, recording, "clips/k.webm", CLIP, recording.windows[0].id)
    assert (job.state, job.content_type, job.sha256, job.upload_id) == (UploadState.SENDING, "video/webm", SHA, "")
    assert begun(library, recording, "clips/k.webm", CLIP, recording.windows[0].id) == job
    with pytest.raises(NotFoundError):
        library.stored_object(recording.id, CLIP)
    library.note_upload(job.id, upload_id="u1")
    library.note_upload(job.id, error="away")
    assert [(each.upload_id, each.error) for each in library.uploads(UploadState.SENDING)] == [("u1", "away")]
    expires = START + timedelta(days=7)
    assert library.object_stored(job.id, expires) and library.object_stored(job.id, expires)
    [entry] = library.objects(recording.id)
    assert (entry.key, entry.kind, entry.window_id, entry.bytes, entry.sha256, entry.expires_at) == (job.key, CLIP, recording.windows[0].id, 4, SHA, expires)
    assert library.stored_object(recording.id, CLIP) == entry
    after = library.upload_of_clip(recording.windows[0].id)
    assert after is not None and (after.state, after.upload_id, after.error) == (UploadState.STORED, "", "")
    library.release_object(job.key)
    assert library.upload_of_clip(recording.windows[0].id) is None and library.objects(recording.id) == []


def test_an_object_goes_after_its_row_is_known_to_be_gone(library: Library, make: Maker) -> None:
    recording, other = make.recording(), make.recording()
    stored(library, recording)
    before = library.revision()
    library.release_object("k")
    [job] = library.uploads(UploadState.REMOVING)
    batch = library.changes(before)
    assert job.after_revision == batch.upto == library.revision() and batch.whole == {recording.id} and "objects" not in batch.rows
    library.object_removed(job.id)
    assert states(library) == {"k": UploadState.GONE}
    assert [each.recording_id for each in library.wanted_files()] == [other.id]  # it went on purpose, and is not sent again
    begun(library, other, "half sent")
    library.release_object("half sent")
    [half] = library.uploads(UploadState.REMOVING)
    assert half.after_revision == 0 and library.revision() == batch.upto  # no server has heard of it: there is nothing to wait for
    library.release_object("k")
    library.release_object("unknown")
    assert states(library) == {"k": UploadState.GONE, "half sent": UploadState.REMOVING}


def test_a_file_that_changed_before_it_was_stored_is_sent_as_it_is_now(library: Library, make: Maker) -> None:
    recording = make.recording()
    job = begun(library, recording, "as it was")
    library.release_object("as it was")
    assert library.wanted_files() == []  # first what was begun goes
    library.object_removed(job.id)
    assert [each.recording_id for each in library.wanted_files()] == [recording.id] and states(library) == {}


def test_what_is_missing_in_the_store_is_sent_again(library: Library, make: Maker) -> None:
    recording = make.recording()
    job = stored(library, recording)
    before = library.revision()
    library.send_again("k")
    library.send_again("unknown")
    assert states(library) == {"k": UploadState.SENDING} and library.objects(recording.id) == [] and library.changes(before).whole == {recording.id}
    assert library.object_stored(job.id, None) and len(library.objects(recording.id)) == 1


def test_objects_whose_time_is_over_are_removed_and_not_sent_again(library: Library, make: Maker) -> None:
    first, second, lasting = make.recording(), make.recording(), make.recording()
    stored(library, first, "first", expires_at=START)
    stored(library, second, "second", expires_at=START + timedelta(days=1))
    stored(library, lasting, "lasting")
    assert library.forget_expired(START - timedelta(seconds=1)) == 0
    assert library.forget_expired(START) == 1 and library.forget_expired(START) == 0
    assert states(library) == {"first": UploadState.REMOVING, "second": UploadState.STORED, "lasting": UploadState.STORED}
    assert library.objects(first.id) == []
    assert library.forget_expired() == 1 and states(library)["lasting"] is UploadState.STORED
    for job in library.uploads(UploadState.REMOVING):
        library.object_removed(job.id)
    assert set(states(library).values()) == {UploadState.GONE, UploadState.STORED} and library.wanted_files() == []


def test_objects_of_a_deleted_recording_go_and_then_the_journal_forgets_them(library: Library, make: Maker) -> None:
    recording, kept = make.recording(), make.recording()
    stored(library, recording, "stored")
    begun(library, recording, "sending", THUMBNAIL)
    gone = stored(library, recording, "gone", CLIP)
    library.release_object("gone")
    library.object_removed(gone.id)
    stored(library, kept, "kept")
    library.delete([recording.id])
    assert states(library) == {**dict.fromkeys(("stored", "sending", "gone"), UploadState.REMOVING), "kept": UploadState.STORED}
    by_key = {job.key: job for job in library.uploads(UploadState.REMOVING)}
    assert by_key["stored"].after_revision == library.revision() and by_key["sending"].after_revision == 0
    with pytest.raises(NotFoundError):
        begun(library, recording, "late")
    with pytest.raises(NotFoundError):
        library.objects(recording.id)
    assert not library.object_stored(by_key["sending"].id, None)  # it arrived all the same: it goes
    for job in by_key.values():
        library.object_removed(job.id)
    assert states(library) == {"kept": UploadState.STORED}
    assert not library.object_stored(by_key["sending"].id, None) and library.pending_objects().count == 0


def test_what_is_wanted_again_while_it_is_removed_is_there_in_the_end(library: Library, make: Maker) -> None:
    """One thread removes an object, another puts it again: their steps in the store and in the journal meet in every order."""
    recording = make.recording()
    removing, sending = ["delete", "note removed"], ["begin", "put", "note stored"]
    for number, places in enumerate(itertools.combinations(range(5), 2)):
        key = f"k{number}"
        job = stored(library, recording, key, CLIP)
        library.release_object(key)
        there = True
        order = iter(sending)
        for step in [removing[places.index(place)] if place in places else next(order) for place in range(5)]:
            match step:
                case "delete":
                    there = False
                case "note removed":
                    library.object_removed(job.id)
                case "begin":
                    assert begun(library, recording, key, CLIP).id == job.id
                case "put":
                    there = True
                case "note stored":
                    library.object_stored(job.id, None)
        if states(library)[key] is UploadState.SENDING:  # the mirror sends it once more
            there = True
            assert library.object_stored(job.id, None)
        assert there and states(library)[key] is UploadState.STORED, places
        assert key in [entry.key for entry in library.objects(recording.id)]


def test_what_was_released_and_removed_while_it_was_sent_is_removed_again(library: Library, make: Maker) -> None:
    recording = make.recording()
    job = stored(library, recording)
    library.send_again("k")
    library.release_object("k")
    assert not library.object_stored(job.id, None) and states(library) == {"k": UploadState.REMOVING}
    stored(library, make.recording(), "other")
    library.release_object("other")
    [other] = [each for each in library.uploads(UploadState.REMOVING) if each.key == "other"]
    library.object_removed(other.id)
    assert not library.object_stored(other.id, None) and states(library)["other"] is UploadState.REMOVING


STEPS = {
    "begin": UploadState.SENDING,
    "put": UploadState.SENDING,
    "note stored": UploadState.STORED,
    "release": UploadState.REMOVING,
    "delete": UploadState.REMOVING,
    "note removed": UploadState.GONE,
}


@pytest.mark.parametrize("last", STEPS)
def test_whoever_dies_after_a_step_leaves_no_object_that_nobody_names(library: Library, make: Maker, home: Home, last: str) -> None:
    recording = make.recording()
    bucket: set[str] = set()
    for step in list(STEPS)[: list(STEPS).index(last) + 1]:  # each by a program of its own: the journal belongs to none
        with Library.open(home) as program:
            [job] = program.uploads(*EVERY) or [None]
            if step == "begin":
                begun(program, recording)
            elif job is not None:
                {
                    "put": lambda job: bucket.add(job.key),
                    "note stored": lambda job: program.object_stored(job.id, None),
                    "release": lambda job: program.release_object(job.key),
                    "delete": lambda job: bucket.discard(job.key),
                    "note removed": lambda job: program.object_removed(job.id),
                }[step](job)
        assert bucket <= states(library).keys()  # the journal knows of whatever is in the store
        assert {entry.key for entry in library.objects(recording.id)} <= bucket  # and a row of nothing that is not there
    assert states(library) == {"k": STEPS[last]} and library.wanted_files() == []
    library.delete([recording.id])
    for job in library.uploads(UploadState.REMOVING):
        library.object_removed(job.id)
    assert states(library) == {}


def test_two_programs_that_begin_the_same_object_share_its_row(library: Library, make: Maker, home: Home) -> None:
    recording = make.recording()
    with Library.open(home) as other:
        assert begun(other, recording) == begun(library, recording)
    assert states(library) == {"k": UploadState.SENDING}
