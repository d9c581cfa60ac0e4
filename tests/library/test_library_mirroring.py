"""What a mirror is told: batches of any size, replayed into a second model of the tables, give exactly the library's rows."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import START, Maker, spans
from sqlalchemy import inspect, select, text

from skiuo_desktop.errors import AnalysisError, Cancelled, NotFoundError, StorageError
from skiuo_desktop.failures import failure
from skiuo_desktop.home import Home
from skiuo_desktop.library import deletion, trash
from skiuo_desktop.library.index import SLOTS, TITLE
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import TABLES, Batch, Shadow
from skiuo_desktop.library.money import Budgets
from skiuo_desktop.library.objects import CLIP, RECORDING, UploadState
from skiuo_desktop.library.work import MOST_INTERRUPTIONS
from skiuo_desktop.model import AnalysisState, Choice, FailureKind, Notice, RecordingState, Tracks, Usage

Row = dict[str, Any]
KEYS = {table.__tablename__: tuple(column.name for column in table.__table__.primary_key) for table in TABLES}  # type: ignore[attr-defined]
UNIQUE = {
    "recordings": ("device_id", "moment"),
    "windows": ("recording_id", "index"),
    "analyses": ("window_id", "model", "version"),
    "attempts": ("analysis_id", "number"),
}
PARENTS = {
    "recordings": {"device_id": "devices"},
    **{name: {"recording_id": "recordings"} for name in ("recording_tags", "recording_tracks", "markers", "windows", "objects")},
    "analyses": {"window_id": "windows"},
    "attempts": {"analysis_id": "analyses", "recording_id": "recordings"},
}
SETS = ("recording_tags", "recording_tracks", "markers", "objects")


class Server:
    """What a server does with batches, written from the words of `Batch` alone. Refuses what a database with foreign and unique keys refuses."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], Row]] = {name: {} for name in KEYS}
        self.search: dict[tuple[str, int], tuple[int | None, str]] = {}
        self.confirmed = 0
        self.seen: set[str] = set()
        self._unique: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = {name: {} for name in UNIQUE}

    def push(self, batch: Batch) -> None:
        assert batch.after == self.confirmed < batch.upto
        assert list(batch.rows) == [name for name in KEYS if name in batch.rows]  # parents first
        assert not batch.whole & batch.deleted
        for recording_id in batch.deleted:
            self._forget(recording_id)
        for name in SETS:
            self._drop(name, lambda row: row["recording_id"] in batch.whole)
        for name, rows in batch.rows.items():
            self.seen.add(name)
            for row in rows:
                for column, parent in PARENTS.get(name, {}).items():
                    assert (row[column],) in self.tables[parent], f"{name} without its {parent}: {row}"
                self._put(name, row)
        for shadow in batch.shadows:
            self.search.pop((shadow.recording_id, shadow.slot), None)
            if shadow.words:
                self.search[shadow.recording_id, shadow.slot] = shadow.window_id, shadow.words
        self.confirmed = batch.upto

    def _put(self, name: str, row: Row) -> None:
        key = tuple(row[column] for column in KEYS[name])
        if name in UNIQUE:
            if key in self.tables[name]:
                del self._unique[name][tuple(self.tables[name][key][column] for column in UNIQUE[name])]
            value = tuple(row[column] for column in UNIQUE[name])
            assert value not in self._unique[name], f"twice in {name}: {row}"
            self._unique[name][value] = key
        self.tables[name][key] = row

    def _forget(self, recording_id: str) -> None:
        windows = {key[0] for key, row in self.tables["windows"].items() if row["recording_id"] == recording_id}
        analyses = {key[0] for key, row in self.tables["analyses"].items() if row["window_id"] in windows}
        self._drop("attempts", lambda row: row["analysis_id"] in analyses)
        self._drop("analyses", lambda row: row["window_id"] in windows)
        for name in ("windows", *SETS):
            self._drop(name, lambda row: row["recording_id"] == recording_id)
        for entry in [entry for entry in self.search if entry[0] == recording_id]:
            del self.search[entry]

    def _drop(self, name: str, condition: Callable[[Row], bool]) -> None:
        for key, row in list(self.tables[name].items()):
            if condition(row):
                del self.tables[name][key]
                if name in UNIQUE:
                    del self._unique[name][tuple(row[column] for column in UNIQUE[name])]

    def follow(self, library: Library, limit: int = 500) -> int:
        """Takes all that is new; how many rows came."""
        count = 0
        while self.confirmed != library.revision():
            batch = library.changes(self.confirmed, limit)
            count += batch.count
            self.push(batch)
        return count


def rows_of(library: Library) -> dict[str, dict[tuple[Any, ...], Row]]:
    with library._database.read() as session:
        found: dict[str, dict[tuple[Any, ...], Row]] = {}
        for table in TABLES:
            columns = [attribute.key for attribute in inspect(table).column_attrs]
            name = table.__tablename__  # type: ignore[attr-defined]
            rows = [{column: getattr(row, column) for column in columns} for row in session.scalars(select(table))]
            found[name] = {tuple(row[column] for column in KEYS[name]): row for row in rows}
        return found


def search_of(library: Library) -> dict[tuple[str, int], tuple[int | None, str]]:
    with library._database.read() as session:
        moments = {moment: recording_id for recording_id, moment in session.execute(text("SELECT id, moment FROM recordings"))}
        entries = session.execute(text("SELECT rowid, shadow, window_id FROM search"))
        return {(moments[number // SLOTS], number % SLOTS): (window_id, words) for number, words, window_id in entries}


def assert_same(library: Library, server: Server) -> None:
    ours = rows_of(library)
    for name, rows in ours.items():
        assert server.tables[name] == rows, name
    assert server.search == search_of(library)
    assert server.confirmed == library.revision() and library.pending_rows(server.confirmed) == 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(trash, "has_trash", lambda folder: False)
    return Server()


class Walk:
    """Whatever a library can be asked to do, at random; what it refuses is refused."""

    def __init__(self, library: Library, make: Maker, seed: int) -> None:
        self.library, self.make, self.chance = library, make, random.Random(seed)
        self.recordings: list[str] = []
        self.running: list[int] = []
        self.steps = [value for name, value in vars(Walk).items() if name.startswith("do_")] + 3 * [Walk.do_send]

    def step(self) -> None:
        do = self.chance.choice(self.steps) if self.recordings else Walk.do_record
        with contextlib.suppress(Cancelled, AnalysisError, NotFoundError, IndexError, StorageError):
            do(self)

    def any(self) -> str:
        return self.chance.choice(self.recordings)

    def words(self) -> str:
        return " ".join(self.chance.choices(["杯子", "在", "桌上", "a cup", "Stands", "", "ｗｉｄｅ", "é"], k=3)).strip()

    def an_analysis(self) -> int:
        return self.chance.choice(self.running)

    def do_record(self) -> None:
        state = self.chance.choice([RecordingState.RECORDING, RecordingState.FINISHED, RecordingState.FINISHED])
        windows = self.chance.randrange(4)
        self.recordings.append(self.make.recording(self.words(), state=state, windows=windows, models=self.chance.choice([("offline",), ("a", "b"), ()])).id)

    def do_more_windows(self) -> None:
        self.library.add_windows(self.any(), spans(self.chance.randrange(1, 6)), ("offline",), "zh")

    def do_end(self) -> None:
        self.library.update_recording(self.any(), state=RecordingState.FINISHED, duration_ms=self.chance.randrange(90_000))

    def do_words(self) -> None:
        self.chance.choice([self.library.set_title, self.library.set_notes])(self.any(), self.words())

    def do_tags(self) -> None:
        self.library.set_tags(self.any(), self.chance.sample(["tea", "茶", "cup", "yard"], k=self.chance.randrange(4)))

    def do_belongings(self) -> None:
        self.library.add_marker(self.any(), self.chance.randrange(9000), self.words())
        self.library.save_tracks(self.any(), Tracks(self.chance.randbytes(3), self.chance.randbytes(3)))
        self.library.add_notice(self.any(), Notice(5, "stalled", "为什么"))

    def do_claim(self) -> None:
        claimed = self.library.claim()
        if claimed is not None:
            self.running.append(claimed.id)
            self.library.save_sent(claimed.id, {"frames": 3}, fingerprint="f", estimate=Usage(1, 2, 0.1), budgets=Budgets())

    def do_text(self) -> None:
        self.library.save_text(self.an_analysis(), self.words())

    def do_answer(self) -> None:
        self.library.finish(self.an_analysis(), text=self.words(), usage=Usage(1, 2, 0.5, "CNY"), raw="{}", facts={"label": "茶"})

    def do_fail(self) -> None:
        self.library.fail(self.an_analysis(), failure(FailureKind.NETWORK), text=self.words(), partial=True)

    def do_try_again(self) -> None:
        self.library.try_again(self.an_analysis(), failure(FailureKind.OVERLOADED))

    def do_release_analysis(self) -> None:
        self.library.release(self.an_analysis())

    def do_hold(self) -> None:
        self.library.hold(self.an_analysis(), failure(FailureKind.BUDGET))

    def do_cancel(self) -> None:
        self.library.cancel_analyses(self.any())

    def do_ask_again(self) -> None:
        self.library.request_analyses(self.any(), [self.chance.choice(["offline", "a"])], failed_only=self.chance.random() < 0.5, language="en")

    def do_choose(self) -> None:
        window = self.chance.choice(self.library.recording(self.any()).windows)
        self.library.choose(window.id, Choice(self.chance.choice(window.analyses).id, "person"))

    def do_rename_model(self) -> None:
        self.library.rename_model("b", "offline")

    def do_send(self) -> None:
        recording = self.library.recording(self.any())
        kind = self.chance.choice([RECORDING, CLIP])
        window = self.chance.choice(recording.windows) if kind == CLIP else None
        key = f"{kind}s/{recording.id}/{window.index if window else ''}"
        job = self.library.begin_upload(key, kind, recording.id, window_id=window.id if window else None, size=5, sha256="0" * 64)
        if self.chance.random() < 0.8:
            self.library.object_stored(job.id, self.chance.choice([None, START, START + timedelta(days=90)]))

    def do_object(self) -> None:
        job = self.chance.choice(self.library.uploads(*UploadState))
        self.chance.choice([self.library.release_object, self.library.send_again])(job.key)

    def do_expire(self) -> None:
        self.library.forget_expired(START + timedelta(days=self.chance.choice([-1, 0, 0, 0, 100])))

    def do_remove_objects(self) -> None:
        for job in self.library.uploads(UploadState.REMOVING):
            self.library.object_removed(job.id)

    def do_free(self) -> None:
        self.library.free_video([self.any()], let_go=self.chance.random() < 0.5)

    def do_delete(self) -> None:
        if self.chance.random() < 0.3:
            recording_id = self.any()
            self.library.update_recording(recording_id, state=RecordingState.FINISHED)
            self.library.delete([recording_id])
            self.recordings.remove(recording_id)

    def do_delete_in_vain(self) -> None:
        recording_id = self.any()
        self.library.update_recording(recording_id, state=RecordingState.FINISHED)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deletion.trash, "remove", _refuse)
            self.library.delete([recording_id])

    def do_take_back(self) -> None:
        recording = self.make.recording("nothing came", state=RecordingState.RECORDING, content=b"")
        self.library.drop_recording(recording.id)


def _refuse(path: Path, *, to_trash: bool) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(("limit", "seed"), [(1, 1), (500, 3), (None, 4)])
def test_batches_of_any_size_make_the_server_the_same(library: Library, make: Maker, server: Server, limit: int | None, seed: int) -> None:
    walk = Walk(library, make, seed)
    for _ in range(150):
        walk.step()
        if limit is None and walk.chance.random() < 0.15 and server.confirmed != library.revision():  # while things change, from the middle of a change on
            server.push(library.changes(server.confirmed, walk.chance.choice([1, 2, 3, 7, 500])))
    server.follow(library, limit or 5)
    assert_same(library, server)
    assert server.seen == set(KEYS)
    late = Server()  # one that knew nothing of the way there
    late.follow(library, 50)
    assert late.tables == server.tables and late.search == server.search


def test_parents_come_along_whatever_their_own_revision(library: Library, make: Maker, server: Server) -> None:
    make.said("one", "two")
    server.follow(library)
    claimed = library.request_analyses(library.resolve("last"), ["b"], language="en") and library.claim()
    assert claimed
    before = library.revision()
    library.save_sent(claimed.id, {"frames": 1})  # changes the attempt alone
    batch = library.changes(before, 1)
    assert {name: len(rows) for name, rows in batch.rows.items()} == dict.fromkeys(("devices", "recordings", "windows", "analyses", "attempts"), 1)
    assert batch.rows["attempts"][0]["sent"] == {"frames": 1} and (batch.whole, batch.deleted) == (frozenset(), frozenset())
    assert library.changes(batch.upto, 1).rows == {}


def test_columns_keep_the_values_of_the_models(library: Library, make: Maker) -> None:
    recording = make.said("a text", title="Kettle")
    library.set_tags(recording.id, ["b", "a"])
    library.save_tracks(recording.id, Tracks(b"\x00\xff", b""))
    rows = library.changes(0).rows
    [row] = rows["recordings"]
    assert (row["title"], row["started_at"], row["models"], row["freed_at"]) == ("Kettle", recording.started_at, ["offline"], None)
    assert row["started_at"].tzinfo is not None and row["path"] == f"{recording.id}.webm"
    assert sorted((tag["position"], tag["tag"]) for tag in rows["recording_tags"]) == [(0, "b"), (1, "a")]
    assert rows["recording_tracks"][0]["motion"] == b"\x00\xff" and list(rows) == [name for name in KEYS if name in rows]


def test_what_was_taken_away_from_a_recording_is_seen_by_what_is_left(library: Library, make: Maker, server: Server) -> None:
    recording, other = make.recording("One"), make.recording("Other")
    library.set_tags(recording.id, ["tea", "cup"])
    library.set_tags(other.id, ["tea"])
    library.add_marker(recording.id, 1, "kept")
    job = library.begin_upload("k", RECORDING, recording.id, size=1, sha256="0" * 64)
    library.object_stored(job.id, None)
    server.follow(library)
    before = library.revision()
    library.set_tags(recording.id, ["cup"])
    library.release_object("k")
    batch = library.changes(before)
    assert batch.whole == {recording.id} and "objects" not in batch.rows
    assert [tag["tag"] for tag in batch.rows["recording_tags"]] == ["cup"] and [marker["text"] for marker in batch.rows["markers"]] == ["kept"]
    server.follow(library)
    library.set_tags(recording.id, [])
    server.follow(library)
    assert_same(library, server)


def test_a_deletion_arrives_as_a_tombstone_and_one_in_vain_as_nothing(library: Library, make: Maker, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = make.said("secret words", title="Gone"), make.said("kept words", title="Kept")
    library.set_tags(gone.id, ["t"])
    server.follow(library)
    seen: list[frozenset[str]] = []

    def look(path: Path, *, to_trash: bool) -> None:
        batch = library.changes(server.confirmed)
        server.push(batch)
        seen.append(batch.deleted)
        if kept.id in path.name:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(deletion.trash, "remove", look)
    with pytest.raises(StorageError):
        library.delete([gone.id, kept.id])
    assert seen == [frozenset(), frozenset({gone.id})]  # while a file may still stay, nothing is thrown away anywhere
    server.follow(library)
    assert_same(library, server)
    assert server.tables["recordings"][gone.id,]["title"] == "" and server.tables["recordings"][kept.id,]["deleted_at"] is None
    assert {entry[0] for entry in server.search} == {kept.id} and "secret" not in repr(server.tables["analyses"])


def test_search_entries_say_what_a_person_finds_here(library: Library, make: Maker, server: Server) -> None:
    recording = make.said("茶杯 on the table", title="Tea 茶")
    server.follow(library)
    assert server.search == {(recording.id, TITLE): (None, "tea 茶"), (recording.id, 0): (recording.windows[0].id, "茶 杯 on the table")}
    library.set_title(recording.id, "")
    batch = library.changes(server.confirmed)
    assert Shadow(recording.id, TITLE, None, "") in batch.shadows


def test_a_text_that_is_given_up_is_found_here_as_on_the_server(library: Library, make: Maker, server: Server, home: Home) -> None:
    for round_ in range(MOST_INTERRUPTIONS):
        with Library.open(home) as other:
            if round_ == 0:
                recording = Maker(other).recording(windows=1, models=("offline",))
            claimed = other.claim()
            assert claimed is not None
            other.save_text(claimed.id, f"half a sentence {round_}")
        library.release_orphans()
    assert library.analysis(claimed.id).state is AnalysisState.FAILED
    assert [hit.text for hit in library.search("sentence")] == [f"half a sentence {round_}"]
    server.follow(library)
    assert_same(library, server)
    assert (recording.id, 0) in server.search


def test_another_database_or_store_gets_everything_anew(library: Library, make: Maker, server: Server) -> None:
    recording = make.said("one")

    def store() -> None:
        job = library.begin_upload("k", RECORDING, recording.id, size=1, sha256="0" * 64)
        assert job.state is UploadState.SENDING and library.object_stored(job.id, None)

    library.aim("store one", "database one")
    library.settle("store one")
    store()
    server.follow(library)
    library.mirrored(server.confirmed)
    for same in (("store one", "database one"), ("", "")):
        library.aim(*same)
        assert library.mirror_state().confirmed == server.confirmed and len(library.objects(recording.id)) == 1
    library.aim("store one", "database two")
    assert library.mirror_state().confirmed == 0 and len(library.objects(recording.id)) == 1
    library.mirrored(server.confirmed)
    library.aim("store two", "database two")
    assert not library.is_journal_of("store two") and not library.is_journal_of("store one")
    assert library.mirror_state().confirmed == server.confirmed and library.objects(recording.id) == [] and library.uploads(*UploadState) == []
    assert [wanted.recording_id for wanted in library.wanted_files()] == [recording.id]
    server.follow(library)
    assert_same(library, server)  # the server hears that the objects are gone
    library.settle("store two")
    store()
    raw = library.home.database.read_bytes()
    assert b"store two" not in raw and b"database one" not in raw  # addresses are kept as fingerprints


def test_pending_rows_are_counted_and_an_empty_library_has_its_device_only(library: Library, make: Maker) -> None:
    batch = library.changes(0)
    assert {name: len(rows) for name, rows in batch.rows.items()} == {"devices": 1} and batch.count == 1
    before = library.revision()
    assert library.pending_rows(before) == 0 and library.pending_rows(0) == 1 and library.changes(before).upto == before
    recording = make.said("one")
    assert library.pending_rows(before) == 4  # recording, window, analysis, attempt
    library.set_tags(recording.id, ["a", "b"])
    assert library.pending_rows(before) == 6


def test_thousands_of_recordings_are_told_in_pieces(library: Library, make: Maker, server: Server) -> None:
    make.said("a text", title="Evening")
    with library._database.write() as session:
        raw = session.connection().exec_driver_sql
        for table, changed in COPIES.items():
            columns = [row[1] for row in raw(f"PRAGMA table_info({table})")]
            values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
            raw(f"{NUMBERS} INSERT INTO {table} SELECT {values} FROM (SELECT * FROM {table} ORDER BY revision DESC LIMIT 1), number")  # noqa: S608
        raw("UPDATE this_library SET revision = revision + 1000000")
    batches = []
    while server.confirmed != library.revision():
        batch = library.changes(server.confirmed, 500)
        batches.append(batch.count)
        server.push(batch)
    assert {name: len(server.tables[name]) for name in COPIES} == dict.fromkeys(COPIES, 2_001)
    assert len(server.search) == 4_002 and max(batches) < 3000  # a row and its parents


NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)"
COPIES = {
    "recordings": {"id": "'r' || n", "moment": "moment + n * 60000", "revision": "revision + n * 4"},
    "windows": {"id": "id + n * 10", "recording_id": "'r' || n", "revision": "revision + n * 4"},
    "analyses": {"id": "id + n * 10", "window_id": "window_id + n * 10", "revision": "revision + n * 4"},
}
