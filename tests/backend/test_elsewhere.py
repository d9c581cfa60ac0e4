"""One device sees what another one has recorded: the list, the texts, the search. Nothing of its own, and nothing that is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from backend.devices import Backend, Device, backend_of
from support.postgres import Server
from support.services import Store

from skiuo_desktop.backend.elsewhere import OtherDevices
from skiuo_desktop.errors import BackendError, NotFoundError, UsageError
from skiuo_desktop.model import BackendTrouble, RecordingState, Tracks, WindowState


@pytest.fixture
def backend(tmp_path: Path, object_server: Store, postgres: Server, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend_of(tmp_path / "backend", object_server, postgres, database_name, monkeypatch) as made:
        yield made


@pytest.fixture
def bench(backend: Backend) -> Device:
    """The device that records."""
    return backend.device("Bench 工作台")


@pytest.fixture
def desk(backend: Backend) -> Device:
    """The device that looks."""
    return backend.device("Desk")


def test_a_recording_of_another_device_is_seen_whole(bench: Device, desk: Device) -> None:
    made = bench.film("他拿起烙铁。", "He solders the first joint.", title="焊接电路板")
    bench.library.set_tags(made.id, ["电路", "work"])
    bench.library.set_notes(made.id, "second try")
    bench.library.add_marker(made.id, 3_000, "烙铁")
    bench.library.save_tracks(made.id, Tracks(b"\x00\x10\xff", b"\x01"))
    bench.mirror()
    here = bench.library.recording(made.id)
    there = desk.elsewhere.recording(made.id)
    assert (there.device, there.path, there.thumbnail) == ("Bench 工作台", "", "")
    assert (there.title, there.notes, there.tags, there.markers) == (here.title, "second try", ("电路", "work"), here.markers)
    assert there.windows == here.windows and there.started_at == here.started_at and there.source == here.source
    assert (there.models, there.bytes, there.duration_ms, there.state) == (here.models, here.bytes, here.duration_ms, RecordingState.FINISHED)
    assert desk.elsewhere.tracks(made.id) == Tracks(b"\x00\x10\xff", b"\x01")


def test_the_list_says_of_others_what_it_says_of_ones_own(bench: Device, desk: Device) -> None:
    first = bench.film("One sentence.", "", title="First")
    bench.film("It fails.", title="Second")
    bench.mirror()
    ours = {summary.id: summary for summary in bench.library.summaries(10)}
    theirs = desk.elsewhere.summaries(10)
    assert [summary.title for summary in theirs] == ["Second", "First"]
    for summary in theirs:
        own = ours[summary.id]
        assert (summary.states, summary.excerpt, summary.costs, summary.models) == (own.states, own.excerpt, own.costs, own.models)
        assert (summary.started_at, summary.duration_ms, summary.bytes, summary.state) == (own.started_at, own.duration_ms, own.bytes, own.state)
        assert (summary.device, summary.thumbnail) == ("Bench 工作台", "")
    assert theirs[1].costs == {"USD": 0.5} and theirs[1].states == (WindowState.DONE, WindowState.DONE)
    assert [summary.title for summary in desk.elsewhere.summaries(1)] == ["Second"]
    assert [summary.title for summary in desk.elsewhere.summaries(10, before=theirs[0].id)] == ["First"]
    assert [summary.id for summary in desk.elsewhere.summaries(10, text="one sent")] == [first.id]
    assert desk.elsewhere.summaries(10, text="nowhere") == desk.elsewhere.summaries(10, text="…") == []


def test_ones_own_and_deleted_recordings_are_not_there(bench: Device, desk: Device) -> None:
    own = desk.film("My own words.", title="Mine")
    gone = bench.film("Words that go.", title="Gone")
    desk.mirror()
    bench.mirror()
    assert [summary.title for summary in desk.elsewhere.summaries(10)] == ["Gone"]
    bench.library.delete([gone.id])
    bench.mirror()
    assert desk.elsewhere.summaries(10) == desk.elsewhere.search("words") == desk.elsewhere.devices() == []
    for recording_id in (own.id, gone.id, "nobody's"):
        for question in (desk.elsewhere.recording, desk.elsewhere.tracks, desk.elsewhere.resolve):
            with pytest.raises(NotFoundError):
                question(recording_id)
    assert [hit.recording_id for hit in bench.elsewhere.search("own words")] == [own.id]


SAID = ["他把电路板放在工作台上", "烙铁碰到电路", "The Café opens at 9, café closes", "ＧＩＴ commit: 修复 bug", "板路电", "connection refused", ""]
ASKED = ["电路", "电路板", "路板", "路电", "台上", "修复 bug", "bug", "git", "GIT comm", "cafe", "opens at 9, caf", "9", "connect"]
ODD = ["refused connection", "a", "…", "' | !x"]


def test_search_finds_what_the_library_finds(bench: Device, desk: Device) -> None:
    bench.film(*SAID, title="电路 one")
    other = bench.film("电路 again", title="二 two")
    bench.library.set_notes(other.id, "git in the notes, 电路 too")
    bench.mirror()
    for asked in ASKED + ODD:
        here = bench.library.search(asked)
        there = desk.elsewhere.search(asked)
        assert [(h.recording_id, h.where, h.window_index, h.text, h.model, h.start_ms, h.end_ms, h.title) for h in there] == [
            (h.recording_id, h.where, h.window_index, h.text, h.model, h.start_ms, h.end_ms, h.title) for h in here
        ], asked
        assert {hit.device for hit in there} <= {"Bench 工作台"}
    assert len(desk.elsewhere.search("电路")) == 5
    assert desk.elsewhere.search("电路", limit=2) == desk.elsewhere.search("电路")[:2]


def test_one_device_can_be_asked_for(backend: Backend, bench: Device, desk: Device) -> None:
    attic = backend.device("Attic")
    bench.film("red wire", title="A")
    attic.film("red wire", title="B")
    bench.mirror()
    attic.mirror()
    assert [(device.name, device.recordings) for device in desk.elsewhere.devices()] == [("Attic", 1), ("Bench 工作台", 1)]
    assert all(device.seen_at is not None and device.newest_at is not None for device in desk.elsewhere.devices())
    for name in ("Attic", attic.library.device_id):
        assert [summary.title for summary in desk.elsewhere.summaries(10, device=name)] == ["B"]
        assert [hit.title for hit in desk.elsewhere.search("red", device=name)] == ["B"]
    with pytest.raises(NotFoundError, match="Cellar"):
        desk.elsewhere.search("red", device="Cellar")
    with pytest.raises(NotFoundError, match="Desk"):
        desk.elsewhere.summaries(10, device="Desk")


def test_a_recording_is_meant_by_id_beginning_or_title(bench: Device, desk: Device) -> None:
    one, two = bench.film("a", title="焊接"), bench.film("b", title="50%")
    bench.mirror()
    assert desk.elsewhere.resolve(one.id) == desk.elsewhere.resolve(one.id[:-1]) == desk.elsewhere.resolve("焊接") == one.id
    assert desk.elsewhere.resolve("50%") == two.id
    with pytest.raises(NotFoundError, match="more than one"):
        desk.elsewhere.resolve("2026")
    for nothing in ("", "%", "5_%"):
        with pytest.raises(NotFoundError):
            desk.elsewhere.resolve(nothing)


def test_questions_change_nothing(backend: Backend, bench: Device) -> None:
    bench.film("a")
    bench.mirror()
    others = OtherDevices(backend.database, "me")
    with pytest.raises(BackendError), others._reading() as connection:
        connection.exec_driver_sql("DELETE FROM recordings")
    assert len(others.summaries(10)) == 1


def test_another_schema_is_not_read(backend: Backend, desk: Device) -> None:
    backend.ask("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackendError) as newer:
        desk.elsewhere.summaries(10)
    empty = backend.device("Empty", **{"backend.database": backend.postgres.dsn()})
    with pytest.raises(BackendError) as missing:
        empty.elsewhere.search("anything")
    assert (newer.value.trouble, missing.value.trouble) == (BackendTrouble.NEWER, BackendTrouble.MISSING)


def test_without_a_database_it_is_said_what_to_do(backend: Backend) -> None:
    alone = backend.device("Alone", **{"backend.database": "", "backend.store": ""})
    assert not alone.elsewhere.listed
    for question in (lambda: alone.elsewhere.summaries(1), lambda: alone.elsewhere.search("x"), lambda: alone.elsewhere.media("x"), alone.elsewhere.rebuild):
        with pytest.raises(UsageError, match="skiuo backend set"):
            question()
