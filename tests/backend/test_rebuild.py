"""A database that was lost comes back from the bucket, as far as the bucket knows; and whatever lives mirrors over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backend.devices import Backend, Device, backend_of, webm
from support.postgres import Server
from support.services import Store

from skiuo_desktop.backend.found import REBUILT
from skiuo_desktop.backend.keys import CLIP, RECORDING, ObjectKey, pack_metadata
from skiuo_desktop.backend.rebuild import Rebuilt
from skiuo_desktop.errors import BackendError, Cancelled
from skiuo_desktop.media.plan import planned
from skiuo_desktop.model import Recording, RecordingState, WindowState


@pytest.fixture
def backend(tmp_path: Path, object_server: Store, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """With a database of its own, which is dropped."""
    name = postgres.fresh_database()
    with backend_of(tmp_path / "backend", object_server, postgres, name, monkeypatch) as made:
        made.database.prepare()
        yield made
    postgres.ask(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def desk(backend: Backend) -> Device:
    return backend.device("Desk")


def lose(backend: Backend) -> None:
    backend.ask("DROP SCHEMA skiuo CASCADE")


def put(backend: Backend, key: ObjectKey | str, facts: dict[str, Any], data: bytes = b"clip") -> None:
    backend.store.put(str(key), data, "video/webm", pack_metadata(facts) if facts else {})


def put_clip(backend: Backend, recording: Recording, index: int, **changes: Any) -> None:
    """As the mirror stores a clip of a window."""
    window = recording.windows[index]
    data = f"clip {index}".encode()
    sha256 = hashlib.sha256(data).hexdigest()
    key = ObjectKey(CLIP, recording.device_id, recording.id, sha256, index, window.span.start_ms, window.span.end_ms)
    facts = {"kind": CLIP, "sha256": sha256, "device": recording.device_id, "recording": recording.id, "window": window.id, "title": recording.title}
    put(backend, key, {**facts, "started_at": recording.started_at.isoformat(), **changes}, data)


def test_recordings_windows_and_objects_come_back(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench 工作台")
    made = [bench.film("他拿起烙铁。", "b", title=f"焊接 {number}", content=webm() + bytes([number])) for number in range(3)]
    bench.library.update_recording(made[0].id, frames=50, width=640, height=360, fps=9.99, video_codec="vp8", has_audio=True)
    bench.mirror()
    made = [bench.library.recording(recording.id) for recording in made]
    objects = sorted(backend.ask("SELECT key, recording_id, kind, bytes, sha256, content_type FROM objects"))
    lose(backend)
    assert desk.elsewhere.rebuild() == Rebuilt(recordings=3, windows=6, objects=6, skipped=0)
    assert sorted(backend.ask("SELECT key, recording_id, kind, bytes, sha256, content_type FROM objects")) == objects
    for recording in made:
        there = desk.elsewhere.recording(recording.id)
        for name in ("title", "source", "source_label", "started_at", "models", "duration_ms", "bytes", "device_id", "window_length_ms", "window_stride_ms"):
            assert getattr(there, name) == getattr(recording, name), name
        assert (there.device, there.state) == ("Bench 工作台", RecordingState.FINISHED)
        assert [window.span for window in there.windows] == planned(20_000, 15_000, 10_000)
        assert {(window.state, window.reason) for window in there.windows} == {(WindowState.SKIPPED, "rebuilt")}
        assert desk.elsewhere.media(recording.id).read_bytes().startswith(webm())
    there = desk.elsewhere.recording(made[0].id)
    assert (there.frames, there.width, there.height, there.fps, there.video_codec, there.has_audio) == (50, 640, 360, 9.99, "vp8", True)
    assert [hit.recording_id for hit in desk.elsewhere.search("焊接 2")] == [made[2].id]
    assert desk.elsewhere.rebuild() == Rebuilt(0, 0, 0, 0)


def test_windows_are_those_of_the_clips_where_there_are_clips(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    whole, part = bench.film("a", "b", "c"), bench.film("a", "b", "c", "d")
    bench.mirror()
    put_clip(backend, whole, 1)
    backend.store.delete([stored.key for stored in backend.store.list(f"recordings/{bench.library.device_id}/{part.id}/")])
    for index in (0, 2):
        put_clip(backend, part, index)
    lose(backend)
    assert desk.elsewhere.rebuild() == Rebuilt(recordings=2, windows=3 + 2, objects=2 + 1 + 2, skipped=0)
    ids = [window.id for window in desk.elsewhere.recording(whole.id).windows]
    assert ids[1] == whole.windows[1].id and ids[0] < 0 and ids[2] < 0
    there = desk.elsewhere.recording(part.id)
    assert [(window.index, window.id, window.span) for window in there.windows] == [(w.index, w.id, w.span) for w in (part.windows[0], part.windows[2])]
    assert there.duration_ms == part.windows[2].span.end_ms
    assert backend.ask("SELECT window_id FROM objects WHERE kind = 'clip' AND recording_id = %s ORDER BY key", part.id) == [
        (part.windows[0].id,),
        (part.windows[2].id,),
    ]


def rows(backend: Backend) -> dict[str, list[Any]]:
    names = ("devices", "recordings", "recording_tags", "markers", "windows", "analyses", "attempts", "objects", "search")
    return {name: sorted(backend.ask(f"SELECT to_jsonb({name})::text FROM {name}")) for name in names}  # noqa: S608


def test_a_device_whose_library_lives_replaces_what_was_made(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    made = bench.film("他拿起烙铁。", "b", title="One")
    bench.library.set_tags(made.id, ["red"])
    bench.mirror()
    before = rows(backend)
    lose(backend)
    desk.elsewhere.rebuild()
    assert rows(backend) != before
    bench.mirror()
    assert rows(backend) == before
    desk.elsewhere.rebuild()
    assert rows(backend) == before


def test_what_a_forged_object_claims_gives_way_to_the_device(backend: Backend, desk: Device) -> None:
    """A window's id and a recording's moment are taken by objects that somebody else wrote."""
    bench = backend.device("Bench")
    made = bench.film("a", "b", title="One")
    bench.mirror()
    before = rows(backend)
    lose(backend)
    forged = ObjectKey(CLIP, made.device_id, "00000000-000000-ffffff", "0" * 64, 0, 0, 15_000)
    facts = {"started_at": made.started_at.isoformat(), "window": made.windows[1].id, "title": "Forged"}
    put(backend, forged, facts)
    put(backend, ObjectKey(CLIP, "0-somebody", made.id, "0" * 64, 0, 0, 15_000), facts)
    backend.store.delete([stored.key for stored in backend.store.list(f"recordings/{made.device_id}/")])
    desk.elsewhere.rebuild()
    assert {summary.title for summary in desk.elsewhere.summaries(5)} == {"Forged"}
    bench.mirror()
    assert desk.elsewhere.recording(made.id).windows == made.windows
    backend.ask("DELETE FROM recordings WHERE id = %s", forged.recording_id)
    backend.ask("DELETE FROM devices WHERE id = '0-somebody'")
    assert rows(backend) == before


def test_this_devices_own_rows_come_from_its_library(backend: Backend, desk: Device) -> None:
    own = desk.film("my words", title="Mine")
    desk.mirror()
    before = rows(backend)
    backend.ask("DELETE FROM recordings")  # a part of the database was lost, and the server still says that it has everything
    assert backend.database.confirmed(desk.library.device_id) == desk.library.revision()
    desk.elsewhere.rebuild()
    desk.mirror()
    assert rows(backend) == before and desk.library.recording(own.id) == own


def test_rows_that_are_there_are_not_changed(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    kept, gone = bench.film("a", title="Kept"), bench.film("b", title="Gone")
    bench.mirror()
    clip = ObjectKey(RECORDING, kept.device_id, gone.id, "1" * 64)
    bench.library.delete([gone.id])
    bench.mirror()
    put(backend, clip, {})  # an object of a deleted recording that was not removed yet
    before = rows(backend)
    assert desk.elsewhere.rebuild() == Rebuilt(0, 0, 0, 0)
    assert rows(backend) == before


def test_what_is_no_object_of_ours_is_skipped_and_said(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    made = bench.film("a", title="One")
    bench.mirror()
    lose(backend)
    device, sha256 = made.device_id, "2" * 64
    strange = {
        "recordings/readme.txt": {},
        "recordings/a/b/c/\u202ex.webm": {},
        f"recordings/{device}/{made.id}/x.webm": {},
        f"clips/{device}/{made.id}/000001-5-1-{sha256}.webm": {},
        f"recordings/{device}/{made.id}/{sha256}.webm": {"kind": "recording", "recording": "another"},
        f"recordings/{device}/{made.id}/{'3' * 64}.webm": {"kind": "clip"},
        f"clips/somebody/{made.id}/000000-0-15000-{sha256}.webm": {},
    }
    for key, facts in strange.items():
        put(backend, key, facts)
    put(backend, f"recordings/{device}/{made.id}/{'4' * 64}.webm", {}, b"")
    put(backend, "unrelated/thing", {})
    done = desk.elsewhere.rebuild()
    assert (done.recordings, done.windows, done.objects, done.skipped) == (1, 1, 2, 8)
    empty = f"recordings/{device}/{made.id}/{'4' * 64}.webm"
    assert {key for key, _ in done.examples} == {*(key.replace("\u202e", "\ufffd") for key in strange), empty}  # they are printed
    assert dict(done.examples)["recordings/readme.txt"] == "not a key of this program"
    assert backend.ask("SELECT id FROM recordings") == [(made.id,)]


def test_metadata_that_makes_no_sense_has_fallbacks(backend: Backend, desk: Device) -> None:
    facts: dict[str, Any] = {"started_at": "0001-01-01T00:00:00+00:00", "length_ms": -5, "stride_ms": 2**70, "models": {"a": 1}, "duration_ms": "long"}
    facts |= {"fps": 1e300, "audio": "yes", "title": 7, "window": True, "bytes": None, "device_name": ["x"]}
    put(backend, ObjectKey(RECORDING, "dev", "20261124-190203-3f9a1c", "5" * 64), facts)
    put(backend, ObjectKey(RECORDING, "dev", "no-time-at-all", "6" * 64), {})
    backend.store.put(str(ObjectKey(RECORDING, "dev", "not-ours", "7" * 64)), b"x", "video/webm", {"skiuo": "%%%", "kind": "recording"})
    assert desk.elsewhere.rebuild() == Rebuilt(recordings=3, windows=0, objects=3, skipped=0)
    there = desk.elsewhere.recording("20261124-190203-3f9a1c")
    assert (there.title, there.device, there.started_at.isoformat()) == ("20261124-190203-3f9a1c", "dev", "2026-11-24T19:02:03+00:00")
    assert (there.models, there.duration_ms, there.fps, there.has_audio, there.window_length_ms) == ((), 0, 0.0, False, 0)
    assert len(desk.elsewhere.summaries(5)) == 3


def test_rebuilding_can_be_stopped_and_goes_on(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    for _ in range(3):
        bench.film("a")
    bench.mirror()
    lose(backend)
    asked = iter([False] * 7)
    with pytest.raises(Cancelled):
        desk.elsewhere.rebuild(lambda: next(asked, True))
    [(there,)] = backend.ask("SELECT count(*) FROM recordings")
    assert 0 < there < 3
    assert desk.elsewhere.rebuild().recordings == 3 - there
    assert backend.ask("SELECT DISTINCT revision FROM recordings") == [(REBUILT,)]


def test_objects_say_when_the_buckets_rule_removes_them(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    bench.film("a")
    bench.mirror()
    lose(backend)
    try:
        backend.store.set_lifecycle(30)
    except BackendError as error:
        pytest.skip(f"needs a store with lifecycle rules, and {error}")
    desk.elsewhere.rebuild()
    assert set(backend.ask("SELECT EXTRACT(days FROM expires_at - stored_at)::int FROM objects")) == {(30,)}
