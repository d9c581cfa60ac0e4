"""Objects when something else changes meanwhile: the bucket, its rules, the file, the connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import Maker
from support.mirrored import configure, keys_in, made_store
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.backend import lifecycle
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.engine.mirror_objects import ObjectMirror
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import CLIP, UploadState
from skiuo_desktop.model import BackendTrouble

TAGGED = (
    "<Rule><ID>theirs</ID><Status>Enabled</Status><Filter><And><Prefix>recordings/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>"
    "<Expiration><Days>1</Days></Expiration></Rule>"
)


class OneStore:
    """Servers of which only the store is there."""

    names = ("store", "")

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def store(self) -> ObjectStore:
        return self._store


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def store(object_server: Store) -> Iterator[ObjectStore]:
    made = made_store(object_server)
    yield made
    made.close()


def mirror(library: Library, store: ObjectStore) -> ObjectMirror:
    made = ObjectMirror(library, OneStore(store), lambda _job: b"", lambda _job, _done: None)  # type: ignore[arg-type]
    made.run(lambda: False, lambda: None)
    return made


def rules(monkeypatch: pytest.MonkeyPatch, xml: str) -> None:
    """What the bucket answers for its rules. MinIO would carry some of these out at once."""
    found = lifecycle.rules(lifecycle.read(f"<LifecycleConfiguration>{xml}</LifecycleConfiguration>"))
    monkeypatch.setattr(ObjectStore, "lifecycle", lambda _self: found)


def rule(prefix: str, days: int) -> str:
    return f"<Rule><ID>{prefix}</ID><Status>Enabled</Status><Filter><Prefix>{prefix}</Prefix></Filter><Expiration><Days>{days}</Days></Expiration></Rule>"


def expiry(library: Library) -> list[int | None]:
    """In days from now, of the recordings' objects."""
    ends = [entry.expires_at for summary in library.summaries(10) for entry in library.objects(summary.id)]
    return [None if end is None else round((end - datetime.now(UTC)) / timedelta(days=1)) for end in ends]


@pytest.mark.parametrize(
    ("xml", "days"),
    [(rule("clips/", 1), None), (rule("clips/", 1) + rule("recordings/", 30), 30), (TAGGED, None), (rule("", 4), 4)],
    ids=["clips only", "each its own", "tagged ones only", "everything"],
)
def test_only_a_rule_that_removes_an_object_ends_its_time(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch, xml: str, days: int | None) -> None:
    rules(monkeypatch, xml)
    with Library.open(home) as library:
        Maker(library).recording()
        mirror(library, store)
        assert expiry(library) == [days]


def test_what_a_rule_would_have_removed_that_is_there_no_more_stays(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, rule("recordings/", 1))
    with Library.open(home) as library:
        Maker(library).recording()
        mirror(library, store)
        assert expiry(library) == [1]
        revision = library.revision()
        rules(monkeypatch, rule("recordings/", 30))
        mirror(library, store)
        assert expiry(library) == [30] and library.revision() > revision
        rules(monkeypatch, "")
        monkeypatch.setattr(ObjectStore, "clock_skew_s", lambda _self: 100 * 24 * 3600.0)
        mirror(library, store)
        assert expiry(library) == [None] and len(list(store.list(""))) == 1


def test_a_file_that_changes_before_it_is_sent_is_not_stored_under_its_old_hash(store: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "picture.jpg"
    file.write_bytes(b"new")
    with pytest.raises(BackendError) as told:
        store.send_file("recordings/a", file, "image/jpeg", {"sha256": hashlib.sha256(b"old").hexdigest()})
    assert told.value.trouble is BackendTrouble.DIFFERENT and store.stat("recordings/a") is None


def test_another_bucket_while_files_are_sent_gets_them_all(home: Home, store: ObjectStore, object_server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    second = made_store(object_server)
    keys_in(configure(home, store, ""), monkeypatch)
    with Library.open(home) as library:
        make = Maker(library)
        for number in range(6):
            make.recording(content=bytes([number]))
    run = Run(home, mirror=False, analyse=False)
    send, sent = ObjectStore.send_file, []

    def switching(self: ObjectStore, *args: Any, **named: Any) -> Any:
        sent.append(self.address.bucket)
        if len(sent) == 2:
            run.engine.settings.set(s.BACKEND_BUCKET, second.address.bucket)
            run.engine._mirror._attempt("rows", run.engine._mirror._rows)
        return send(self, *args, **named)

    monkeypatch.setattr(ObjectStore, "send_file", switching)
    run.engine._mirror._attempt("objects", run.engine._mirror._objects)
    assert sent == [store.address.bucket] * 2, "files go on to a bucket that is not configured any more"
    run.engine.sync_backend().result(60)
    run.engine.stop()
    assert len(list(second.list(""))) == 6
    second.close()


def test_clips_go_to_another_bucket_too(home: Home) -> None:
    with Library.open(home) as library:
        library.aim("one", "")
        make = Maker(library)
        recording = make.recording(windows=1, models=("offline",))
        (window,) = recording.windows
        for name in ("stored.webm", "rendition.mp4"):
            job = library.begin_upload(name, CLIP, recording.id, window_id=window.id, size=1, sha256="0" * 64)
            library.object_stored(job.id, None)
        library.aim("two", "")
        assert [(job.key, job.state) for job in library.uploads(*UploadState)] == [("stored.webm", UploadState.SENDING)]
        assert library.objects(recording.id) == []


def test_a_program_that_is_metered_lets_another_mirror(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    keys_in(configure(home, store, ""), monkeypatch)
    with Library.open(home) as library:
        Maker(library).recording()
    first = Run(home, analyse=False)
    first.until(lambda: first.engine.backend_status().result(10).pending_objects == 0, "the first to have the lock")
    first.engine.set_metered(True)
    with Library.open(home) as library:
        make = Maker(library)
        make.made = 5
        make.recording(content=b"more")
    second = Run(home, analyse=False, mirror=False)
    assert second.engine.sync_backend().result(60).pending_objects == 0
    second.engine.stop()
    first.engine.stop()
    assert len(list(store.list(""))) == 2


def test_what_has_expired_goes_in_short_transactions(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.library.objects._MANY", 2)
    with Library.open(home) as library:
        recording = Maker(library).recording()
        for number in range(5):
            job = library.begin_upload(f"k{number}", CLIP, recording.id, size=1, sha256="0" * 64)
            library.object_stored(job.id, datetime.now(UTC))
        begun: list[object] = []
        write = library._database.write
        monkeypatch.setattr(library._database, "write", lambda: (begun.append(1), write())[1])
        assert library.forget_expired(datetime.now(UTC) + timedelta(days=1)) == 5
        assert len(begun) >= 3 and library.objects(recording.id) == []


@pytest.mark.parametrize(("days", "left"), [(30, 1), (None, 1), (3, 0)])
def test_what_was_stored_under_another_rule_goes_by_this_one(home: Home, days: int | None, left: int) -> None:
    with Library.open(home) as library:
        recording = Maker(library).recording("one")
        job = library.begin_upload("recordings/d/r/k", "recording", recording.id, size=1, sha256="0" * 64)
        now = datetime.now(UTC)
        assert library.object_stored(job.id, now + timedelta(days=7))
        assert library.expire_by(lambda _key: days) == 1
        assert library.expire_by(lambda _key: days) == 0
        library.forget_expired(now + timedelta(days=8))
        assert len(library.objects(recording.id)) == left
        assert len(library.uploads(UploadState.REMOVING)) == 1 - left
