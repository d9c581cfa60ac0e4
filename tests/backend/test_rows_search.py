"""The server finds exactly what the library finds, whatever PostgreSQL's own parser would make of it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from library.library_parts import Maker
from sqlalchemy import select, text
from support.mirrored_rows import sync
from support.postgres import Server

from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.searching import matching, query, vector
from skiuo_desktop.backend.tables import MIRRORED, SEARCH
from skiuo_desktop.home import Home
from skiuo_desktop.library.index import NOTES, TITLE
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.words import find, split

TEXTS = [
    "他正在焊接管道，火花四溅。焊接完成。",
    "接焊不是焊接的反面；管道焊 接",
    "A person welds a pipe; the pipe-welder's e-mail is a.b@example.com, see https://example.com/a/b?c=d",
    "-5 3.14 1e10 v1.2.3 2026-11-24 19:02 'quoted' \\back\\slash AT&T C++ a|b !not (x) foo:* <->",
    "Café CAFÉ cafe ＧＩＴ ﬁne naïve straße",
    "ガラスを運ぶ。がらす。ｶﾞﾗｽ",
    "the the the a an of",
    "👩‍🔧 repairs ⚠️ 𠮷野家 𠮷",
    "한국어 텍스트 검색",
]
QUESTIONS = [
    *("焊接", "焊", "接", "接焊", "管道", "道焊接", "焊接完成", "四溅焊接", "正在焊接管道火花"),
    *("weld", "welds", "welds a", "welds a pi", "pipe the pipe", "e mail", "e-mail", "a.b@exam", "https://example.com/a/b", "com a b c"),
    *("5 3", "3.14", "-5", "1e10", "v1", "2026-11", "'quoted'", "back\\sl", "at&t", "c", "a|b", "!not", "foo:*", "<->", "%", "_", "x foo"),
    *("cafe", "café", "caf", "git", "fine", "naive", "strasse", "ガラス", "がらす", "運ぶがらす"),
    *("the", "the the", "the the the the", "an of", "of the", "repairs", "👩‍🔧 rep", "𠮷野", "𠮷", "野家𠮷", "吉", "한국", "국어텍", "텍스트 검"),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("empty"))
    Library.open(home).close()
    return home.database


@pytest.fixture
def library(tmp_path: Path, empty: Path) -> Iterator[Library]:
    home = Home(tmp_path / "home")
    shutil.copy(empty, home.prepare().database)
    with Library.open(home) as opened:
        yield opened


def found(database: Database, question: str) -> list[tuple[str, int]]:
    """(recording, slot), the newest first."""
    with database.transaction() as connection:
        wanted = select(SEARCH.c.recording_id, SEARCH.c.slot).where(matching(split(question)))
        return [(row.recording_id, row.slot) for row in connection.execute(wanted.order_by(SEARCH.c.moment.desc(), SEARCH.c.slot.desc()))]


def expected(library: Library, question: str) -> list[tuple[str, int]]:
    slots = {"title": TITLE, "notes": NOTES}
    hits = library.search(question, 10_000)
    return [(hit.recording_id, hit.window_index if hit.window_index is not None else slots[hit.where]) for hit in hits]


def test_every_question_finds_what_the_library_finds(library: Library, database: Database) -> None:
    make = Maker(library)
    recording = make.said(*TEXTS, title=TEXTS[0])
    library.set_notes(recording.id, TEXTS[2])
    make.said(*reversed(TEXTS), title=TEXTS[3])
    sync(library, database)
    seen = 0
    for question in QUESTIONS:
        if split(question):
            assert found(database, question) == expected(library, question), question
            seen += bool(expected(library, question))
    assert seen > 40


def test_random_phrases_are_found_exactly(library: Library, database: Database) -> None:
    random_words = random.Random(7)
    letters = "的焊接管ab cd"
    said = ["".join(random_words.choices(letters, k=40)) for _ in range(40)]
    recording = Maker(library).said(*said, title="x")
    sync(library, database)
    for _ in range(60):
        question = "".join(random_words.choices(letters, k=random_words.randint(1, 5)))
        if wanted := split(question):
            holding = [(recording.id, index) for index, told in enumerate(said) if find(split(told), wanted) is not None]
            assert found(database, question) == expected(library, question) == holding[::-1], question


def test_a_phrase_at_the_end_of_a_very_long_text_is_found(library: Library, database: Database) -> None:
    recording = Maker(library).recording("long")
    library.set_notes(recording.id, "的人在" * 6_000 + "焊接机" + " word" * 3_000 + " lastly")
    sync(library, database)
    for question, there in (("在焊接机", 1), ("的焊接机", 0), ("接机word word", 1), ("word lastly", 1), ("lastly word", 0)):
        assert len(found(database, question)) == there, question


def test_more_words_than_postgresql_can_name_are_found_all_the_same(library: Library, database: Database) -> None:
    recording = Maker(library).recording("huge")
    library.set_notes(recording.id, " ".join(f"word{number}" for number in range(70_000)))
    sync(library, database)
    with database.transaction() as connection:
        assert connection.execute(select(SEARCH.c.vector).where(SEARCH.c.slot == NOTES)).scalar() == "'¶'"
    for question, there in (("word69998 word69999", 1), ("word69999 word69998", 0), ("word7 word8", 1), ("nothing", 0)):
        assert len(found(database, question)) == there, question


def test_words_longer_than_an_index_takes_are_found(library: Library, database: Database) -> None:
    Maker(library).recording("x" * 3000 + "y end")
    sync(library, database)
    for question, there in (("x" * 200, 1), ("x" * 3000 + "y", 1), ("x" * 3000 + "y end", 1), ("x" * 3000 + "z", 0), ("x" * 3001, 0)):
        assert len(found(database, question)) == there, len(question)


def test_no_phrase_reaches_from_one_models_text_into_anothers(library: Library, database: Database) -> None:
    make = Maker(library)
    make.recording("two", windows=1, models=("a", "b"))
    make.answer("one two")
    make.answer("three four")
    sync(library, database)
    assert found(database, "three four") and found(database, "one two")
    assert not found(database, "two three") and not found(database, "four one")
    assert not split("¶")  # nobody can ask for what stands between


def test_changed_and_removed_words_are_found_no_more(library: Library, database: Database) -> None:
    recording = Maker(library).recording("old words")
    library.set_notes(recording.id, "some notes")
    sync(library, database)
    library.set_title(recording.id, "new words")
    library.set_notes(recording.id, "")
    sync(library, database)
    assert [found(database, question) for question in ("old", "some")] == [[], []]
    assert found(database, "new words") == [(recording.id, TITLE)]


def test_an_entry_whose_words_are_the_same_is_not_written_again(library: Library, database: Database) -> None:
    recording = Maker(library).recording("the title")
    sync(library, database)
    with database.transaction() as connection:
        before = connection.execute(text("SELECT ctid::text FROM search")).scalars().all()
    library.update_recording(recording.id, frames=7)
    sync(library, database)
    with database.transaction() as connection:
        assert connection.execute(text("SELECT ctid::text FROM search")).scalars().all() == before


def test_the_index_is_used(library: Library, database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        statement = select(SEARCH.c.slot).where(matching(split("焊接")))
        plan = "\n".join(connection.execute(text("EXPLAIN " + str(statement.compile(connection, compile_kwargs={"literal_binds": True})))).scalars())
    assert "ix_search_vector" in plan


def test_what_is_asked_is_never_an_operator() -> None:
    assert query(split("it's a|b <-> !c:*")) == "('a b' & 'it s' & 's a' & 'b c':*) | '¶'"
    assert query(split("c:*")) == "('c':*) | '¶'"
    assert query(split("焊")) == "('焊 ':*) | '¶'" and query(split("c焊接")) == "('c 焊' & '焊 接') | '¶'"
    assert vector("it's b\\s") in ("'it''s b\\\\s' 'b\\\\s '", "'b\\\\s ' 'it''s b\\\\s'")


def test_the_set_has_each_word_with_the_beginning_of_the_one_after_it() -> None:
    assert _members("b a b ¶ c c c") == {"b a", "a b", "b ", "c c", "c "}
    assert _members("soldering soldering") == {"soldering sold", "soldering "}
    assert _members("") == _members(" ¶ ") == set()


def test_a_server_of_the_program_before_finds_the_same_when_it_is_brought_up_to_date(postgres: Server, library: Library, database: Database) -> None:
    from alembic import command

    from skiuo_desktop.backend import upgrade

    make = Maker(library)
    recording = make.said(*TEXTS, "a \\ b", "x" * 3000 + "y end", title=TEXTS[0])
    library.set_notes(recording.id, " ".join(f"word{number}" for number in range(70_000)))
    make.recording("two", windows=3, models=("a", "b"))
    for text_of_one in ("one two", "three 四", "…", "-", "焊接", ""):
        make.answer(text_of_one)
    older = Database(postgres.address(postgres.fresh_database()))
    with older.transaction() as connection:
        connection.execute(text("CREATE SCHEMA skiuo"))
        command.upgrade(upgrade._config(connection), "0003")
    sync(library, database)
    with database.transaction() as connection:
        tables = {table.name: connection.execute(select(table)).mappings().all() for table in (*MIRRORED, SEARCH)}
    with older.transaction() as connection:
        for table in (*MIRRORED, SEARCH):
            if tables[table.name]:
                connection.execute(table.insert(), [{**row, "vector": "'old'"} if table is SEARCH else dict(row) for row in tables[table.name]])
    older.prepare()
    wanted = select(SEARCH.c.recording_id, SEARCH.c.slot, SEARCH.c.vector).order_by(SEARCH.c.recording_id, SEARCH.c.slot)
    with older.transaction() as there, database.transaction() as here:
        assert there.execute(wanted).all() == here.execute(wanted).all()
        assert "'¶'" in there.scalars(select(SEARCH.c.vector)).all()
    for question in QUESTIONS:
        if split(question):
            assert found(older, question) == found(database, question) == expected(library, question), question
    older.close()


def _members(words: str) -> set[str]:
    return set(vector(words)[1:-1].split("' '")) - {""}
