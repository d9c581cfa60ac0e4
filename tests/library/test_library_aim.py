"""Another store: the journal is emptied and filled in short transactions, and whoever is killed in between begins again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from library.library_parts import START, Maker

from skiuo_desktop.home import Home
from skiuo_desktop.library import trash
from skiuo_desktop.library.aim import Lying
from skiuo_desktop.library.database import Database, Writing
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import CLIP, RECORDING, THUMBNAIL, UploadState
from skiuo_desktop.model import Recording, RecordingState

SHA = "a1" * 32
SHORT = 2
EVERY = tuple(UploadState)


class Killed(BaseException):
    """The program ends here."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "has_trash", lambda folder: False)
    for name in ("aim._MANY", "objects._MANY", "retention._SHORT"):
        monkeypatch.setattr(f"skiuo_desktop.library.{name}", SHORT)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What is to happen before each of the next write transactions, in order."""
    before: list[Callable[[], None]] = []
    real = Database.write

    @contextmanager
    def write(self: Database) -> Iterator[Writing]:
        if before:
            before.pop(0)()
        with real(self) as session:
            yield session

    monkeypatch.setattr(Database, "write", write)
    return before


def store(library: Library, recording: Recording, key: str, kind: str = RECORDING) -> None:
    window_id = recording.windows[0].id if kind == CLIP else None
    job = library.begin_upload(key, kind, recording.id, window_id=window_id, size=recording.bytes, sha256=SHA)
    assert library.object_stored(job.id, None)


def filled(library: Library, make: Maker) -> list[Recording]:
    """Everything of four recordings is in the store `one`."""
    library.aim("one", "database")
    library.settle("one")
    made = [make.recording(windows=1, models=("offline",)) for _ in range(4)]
    for number, recording in enumerate(made):
        store(library, recording, f"r{number}")
        store(library, recording, f"c{number}.webm", CLIP)
        store(library, recording, f"c{number}.mp4", CLIP)
    return made


def states(library: Library) -> dict[str, UploadState]:
    return {job.key: job.state for job in library.uploads(*EVERY)}


CLIPS_ONLY = {f"c{number}.webm": UploadState.SENDING for number in range(4)}


def test_others_write_while_another_store_is_aimed_at(library: Library, make: Maker, home: Home, writes: list[Callable[[], None]]) -> None:
    recordings = filled(library, make)
    numbers = iter(range(1000))

    def another_program() -> None:
        with sqlite3.connect(home.database, timeout=0, isolation_level=None) as connection:
            connection.execute("UPDATE recordings SET notes = ? WHERE id = ?", (str(next(numbers)), recordings[0].id))
        connection.close()

    writes += [another_program] * 100
    library.aim("two", "")
    # 12 rows of objects and 12 of the journal, two at a time, each list once more to see its end; one for the names of the servers, one for the beginning.
    assert next(numbers) == 2 * 7 + 2
    assert states(library) == CLIPS_ONLY and all(library.objects(each.id) == [] for each in recordings)


@pytest.mark.parametrize("died_after", (1, 2, 3, 8, 9, 12, 15))
def test_whoever_dies_in_between_begins_again(library: Library, make: Maker, home: Home, writes: list[Any], died_after: int) -> None:
    recordings = filled(library, make)
    before = library.revision()

    def die() -> None:
        raise Killed

    writes += [lambda: None] * died_after + [die]
    with pytest.raises(Killed):
        library.aim("two", "")
    assert not library.is_journal_of("two")
    with Library.open(home) as after:
        after.aim("two", "")
        assert states(after) == CLIPS_ONLY and all(after.objects(each.id) == [] for each in recordings)
        assert {each.recording_id for each in after.wanted_files()} == {each.id for each in recordings}
        assert after.changes(before).whole == {each.id for each in recordings}  # the server hears of every object that it has gone
        assert not after.is_journal_of("two")
        after.settle("two")
        assert after.is_journal_of("two") and not after.is_journal_of("one")


def test_what_was_half_forgotten_is_not_believed_of_the_store_before_either(library: Library, make: Maker) -> None:
    filled(library, make)
    library.aim("two", "", stop=lambda: True)
    assert len(states(library)) > 4 and not library.is_journal_of("one")
    library.aim("one", "")
    assert states(library) == CLIPS_ONLY


def lying(recording: Recording, key: str, kind: str = RECORDING, index: int = 0) -> Lying:
    span = recording.windows[index].span if kind == CLIP and index < len(recording.windows) else None
    begins, ends = (span.start_ms, span.end_ms) if span is not None else (0, 15_000)
    return Lying(key, kind, recording.id, SHA, recording.bytes, START, START + timedelta(days=7), index, begins, ends)


def test_what_lies_in_a_store_is_taken_up_as_what_it_is(library: Library, make: Maker) -> None:
    whole, deleted, freed = (make.recording(windows=1, models=("offline",), content=b"x" * 9) for _ in range(3))
    under_way = make.recording(state=RecordingState.RECORDING)
    with library._database.write() as session:
        session.connection().exec_driver_sql("UPDATE recordings SET freed_at = '2026-11-25 00:00:00.000000' WHERE id = ?", (freed.id,))
    library.delete([deleted.id])
    known = library.begin_upload("known", RECORDING, whole.id, size=9, sha256=SHA)
    there = [
        lying(whole, "known"),
        lying(whole, "video"),
        lying(whole, "picture", THUMBNAIL),
        lying(whole, "clip.webm", CLIP),
        lying(whole, "clip.mp4", CLIP),
        lying(whole, "another window.webm", CLIP, 5),
        lying(deleted, "of a deleted one"),
        lying(freed, "freed"),
        lying(freed, "freed.webm", CLIP),
        lying(under_way, "unfinished"),
        Lying("never heard of", RECORDING, "restored", SHA, 1, START, None),
    ]
    assert library.take_up(there) == 7
    assert library.take_up(there) == 0
    assert states(library) == {
        "known": UploadState.SENDING,
        "video": UploadState.SENDING,
        "picture": UploadState.STORED,
        "clip.webm": UploadState.SENDING,
        "clip.mp4": UploadState.REMOVING,
        "of a deleted one": UploadState.REMOVING,
        "freed": UploadState.STORED,
        "freed.webm": UploadState.STORED,
    }
    assert [job for job in library.uploads(UploadState.SENDING) if job.key == "known"] == [known]
    entries = {entry.key: entry for recording in (whole, freed) for entry in library.objects(recording.id)}
    assert set(entries) == {"picture", "freed", "freed.webm"}
    assert entries["freed.webm"].window_id == freed.windows[0].id
    assert (entries["freed"].stored_at, entries["freed"].expires_at) == (START, START + timedelta(days=7))
    assert library.upload_of_clip(whole.windows[0].id) is not None


def test_objects_of_another_device_are_left_alone(library: Library, make: Maker) -> None:
    recording = make.recording()
    with library._database.write() as session:
        raw = session.connection().exec_driver_sql
        raw("INSERT INTO devices (id, name, created_at, revision) VALUES ('other', 'o', '2026-11-25 00:00:00.000000', 0)")
        raw("UPDATE recordings SET device_id = 'other'")
    assert library.take_up([lying(recording, "theirs")]) == 0 and states(library) == {}


def test_freed_videos_leave_the_store_in_short_transactions(library: Library, make: Maker, home: Home, writes: list[Any]) -> None:
    recordings = [make.said("a text") for _ in range(5)]
    for number, recording in enumerate(recordings):
        store(library, recording, f"r{number}")
    library.free_video([each.id for each in recordings])

    def die() -> None:
        raise Killed

    writes += [lambda: None, lambda: None, die]
    with pytest.raises(Killed):
        library.let_freed_go()
    assert list(states(library).values()).count(UploadState.REMOVING) == 2 * SHORT
    with Library.open(home) as after:
        assert after.let_freed_go() == 1 and after.let_freed_go() == 0
        assert set(states(after).values()) == {UploadState.REMOVING}
        assert all(job.after_revision for job in after.uploads(UploadState.REMOVING))
