"""Other devices' words are found exactly, the newest first: whether the newest entries have them often enough or the index of sets is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from library.library_parts import Maker
from sqlalchemy import event, select, text
from support.mirrored_rows import sync
from support.postgres import Server

from skiuo_desktop.backend import entries
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.elsewhere import OtherDevices
from skiuo_desktop.backend.searching import walked
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.words import find, split

LETTERS = ["的", "焊", "接", "焊接", "。", " ", "ab", "a", "b", "abc ", "Ä", "ｂ", "-", "1", "\u3099", "か", "Ab ", "' & !:*", "\U00020bb7", "한"]
RECORDINGS, WINDOWS = 5, 6
NAMES = ("Bench", "Attic")


@dataclass
class Said:
    """All texts of the devices, the newest first: (recording, window, text), by device."""

    texts: dict[str, list[tuple[str, int, str]]]

    def holding(self, question: str, *devices: str) -> list[tuple[str, int]]:
        """The windows in which the question stands, looked for without any index. Recordings' ids are in the order of their time."""
        found = [(one, index) for device in devices for one, index, told in self.texts[device] if find(split(told), split(question)) is not None]
        return sorted(found, reverse=True)

    def recordings(self, question: str, *devices: str) -> list[str]:
        return list(dict.fromkeys(recording for recording, _ in self.holding(question, *devices)))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, postgres: Server, prepared: str) -> Iterator[tuple[str, Said]]:
    """A database with two devices' recordings, made by turns."""
    chance = random.Random(11)
    said = Said({name: [] for name in NAMES})
    name = postgres.fresh_database(prepared)
    database = Database(postgres.address(name))
    with ExitStack() as stack:
        stack.callback(database.close)
        makers = {}
        for device in NAMES:
            library = stack.enter_context(Library.open(Home(tmp_path_factory.mktemp(device))))
            with library._database.write() as session:
                session.execute(text("UPDATE devices SET name = :name"), {"name": device})
            makers[device] = Maker(library)
        for number in range(RECORDINGS):
            for shift, (device, make) in enumerate(makers.items()):
                texts = ["".join(chance.choices(LETTERS, k=chance.randint(1, 30))) + (" rare" if number == 0 else "") for _ in range(WINDOWS)]
                make.made = 2 * number + shift
                recording = make.said(*texts)
                said.texts[device] += [(recording.id, index, told) for index, told in enumerate(texts)]
        for make in makers.values():
            sync(make.library, database)
    yield name, said
    postgres.ask(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(postgres: Server, filled: tuple[str, Said]) -> Iterator[Database]:
    opened = Database(postgres.address(filled[0]))
    yield opened
    opened.close()


@pytest.fixture
def said(filled: tuple[str, Said]) -> Said:
    return filled[1]


def questions(count: int) -> list[str]:
    chance = random.Random(5)
    asked = ("".join(chance.choices(LETTERS, k=chance.randint(1, 4))) for _ in range(10 * count))
    return ["rare", "nowhere", *[each for each in asked if split(each)][:count]]


@pytest.fixture(params=[1, 20, 5_000], ids=lambda reach: f"reach {reach}")
def reach(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the newest entries are read before the sets are asked: none that help, some, all that there are."""
    monkeypatch.setattr(entries, "_A_HIT", 1)
    monkeypatch.setattr(entries, "_LEAST", request.param)
    monkeypatch.setattr(entries, "_MOST", request.param)
    monkeypatch.setattr(entries, "_A_RECORDING", 1)
    return int(request.param)


@pytest.mark.usefixtures("reach")
def test_random_phrases_are_found_where_they_stand(database: Database, said: Said) -> None:
    others = OtherDevices(database, "reader")
    seen = 0
    for question in questions(12):
        expected = said.holding(question, *NAMES)
        seen += bool(expected)
        for limit in (3, 1000):
            assert [(hit.recording_id, hit.window_index) for hit in others.search(question, limit)] == expected[:limit], (question, limit)
    assert seen > 7


@pytest.mark.usefixtures("reach")
def test_random_phrases_are_found_of_one_device(database: Database, said: Said) -> None:
    others = OtherDevices(database, "reader")
    for question in questions(6):
        for device in NAMES:
            expected = said.holding(question, device)
            assert [(hit.recording_id, hit.window_index) for hit in others.search(question, 7, device)] == expected[:7], (question, device)
    own = next(device.id for device in others.devices() if device.name == "Bench")
    assert [hit.recording_id for hit in OtherDevices(database, own).search("rare")] == [one for one, _ in said.holding("rare", "Attic")]


@pytest.mark.usefixtures("reach")
def test_recordings_with_random_phrases_are_listed_page_by_page(database: Database, said: Said) -> None:
    others = OtherDevices(database, "reader")
    for question in questions(5):
        expected = said.recordings(question, *NAMES)
        listed: list[str] = []
        while page := others.summaries(3, question, before=listed[-1] if listed else ""):
            assert [summary.id for summary in page] == expected[len(listed) :][:3], question
            listed += [summary.id for summary in page]
        assert listed == expected, question
        assert [each.id for each in others.summaries(9, question, device="Attic")] == said.recordings(question, "Attic")[:9]


def test_devices_that_are_too_many_to_walk_are_searched(database: Database, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_MOST_DEVICES", 1)
    others = OtherDevices(database, "reader")
    for question in questions(6):
        assert [(hit.recording_id, hit.window_index) for hit in others.search(question, 1000)] == said.holding(question, *NAMES)
        assert [each.id for each in others.summaries(100, question)] == said.recordings(question, *NAMES)


@pytest.mark.parametrize(("question", "asked"), [("a", False), ("rare", True)])
def test_the_sets_are_asked_for_rare_words_alone(database: Database, monkeypatch: pytest.MonkeyPatch, question: str, asked: bool) -> None:
    monkeypatch.setattr(entries, "_A_HIT", 1)
    monkeypatch.setattr(entries, "_LEAST", 40)
    told: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: told.append(statement))
    assert OtherDevices(database, "reader").search(question, 3)
    assert any("TSQUERY" in statement for statement in told) is asked


def test_the_newest_of_several_devices_are_read_in_the_order_of_their_indexes(database: Database) -> None:
    with database.transaction() as connection:
        devices = connection.scalars(text("SELECT id FROM devices")).all()
        statement = select(walked(devices, 10)).compile(connection, compile_kwargs={"literal_binds": True})
        for way in ("seqscan", "bitmapscan", "sort"):  # which are as quick for so few entries
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = "\n".join(connection.execute(text(f"EXPLAIN {statement}")).scalars())
    assert plan.count("Index Scan Backward using ix_search_newest") == len(devices) == 2 and "Sort  " not in plan, plan


def test_the_newest_entries_end_with_a_moment(database: Database) -> None:
    with database.transaction() as connection:
        devices = connection.scalars(text("SELECT id FROM devices")).all()
        moments = connection.scalars(text("SELECT moment FROM search ORDER BY moment DESC, slot DESC")).all()
        until = moments[len(moments) // 2]
        there = [row.moment for row in connection.execute(select(walked(devices, 10, until)))]
    assert there == [moment for moment in moments if moment <= until][:10]
