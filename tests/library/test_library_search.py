from __future__ import annotations

import random

import pytest
from library.library_parts import Maker

from skiuo_desktop.library import search as searching
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.words import find, split
from skiuo_desktop.model import AnalysisState, Failure, FailureKind

SAID = ("The terminal shows “3 failed, 42 passed”.", "焊接电路板 第三步：加热焊盘。", "He typed “git push origin main” and waited.")


def indices(library: Library, text: str) -> list[int | None]:
    return [hit.window_index for hit in library.search(text)]


@pytest.mark.parametrize(
    ("asked", "windows"),
    [
        ("failed", [0]),
        ("fail", [0]),
        ("FAILED", [0]),
        ("ｆａｉｌｅｄ", [0]),
        ("3 failed", [0]),
        ("failed 42", [0]),
        ("ailed", []),
        ("焊接", [1]),
        ("接电", [1]),
        ("焊", [1]),
        ("焊接电路板", [1]),
        ("电焊", []),
        ("第三步", [1]),
        ("push", [2]),
        ("git push origin main", [2]),
        ("git push or", [2]),
        ("push git", []),
        ('"git push"', [2]),
    ],
)
def test_words_phrases_beginnings_and_any_chinese_substring_are_found(library: Library, make: Maker, asked: str, windows: list[int]) -> None:
    make.said(*SAID)
    assert indices(library, asked) == windows


@pytest.mark.parametrize("asked", ["", "   ", '"', '""', "*", "(", ")", "^", "🔥", "-", ":", "'", "\0", "\ud800", "\\", "%", "_", "{}", "+", "？"])
def test_text_without_a_letter_or_digit_finds_nothing_and_breaks_nothing(library: Library, make: Maker, asked: str) -> None:
    make.said(*SAID)
    assert library.search(asked) == []


OPERATORS = ["AND", "OR NOT", "NEAR(push main)", "shadow:push", "push*", "-push", "^push", "(push", 'pu"sh', "push' OR '1'='1"]
LONG = ["a" * 100_000, "焊" * 20_000, "word " * 5_000]


@pytest.mark.parametrize("asked", OPERATORS + LONG, ids=lambda asked: asked[:20])
def test_operators_are_words_like_any_other(library: Library, make: Maker, asked: str) -> None:
    make.said("AND OR NOT NEAR shadow push main pu sh")
    for hit in library.search(asked):
        assert hit.where == "text"
    assert (library.search("AND") != []) and (library.search("OR NOT") != [])


def test_anything_at_all_can_be_typed(library: Library, make: Maker) -> None:
    make.said(*SAID)
    chance = random.Random(11)
    ranges = (range(32, 127), range(0x4E00, 0x4F00), range(1, 0x11000))
    for _ in range(300):
        library.search("".join(chr(chance.choice(chance.choice(ranges))) for _ in range(chance.randrange(1, 12))))


def test_the_index_finds_exactly_what_reading_every_text_would(library: Library, make: Maker) -> None:
    chance = random.Random(5)
    pieces = ["ab", "abc", "Ab ", "b", " ", " ", "焊", "接", "焊接", "。", "é", "e\u0301", "ｂ", "⚠️", "कि", "ガ", "한", "\U0003106c", "-", '"', "1", "12", "ß"]
    texts = ["".join(chance.choices(pieces, k=chance.randrange(1, 12))) for _ in range(60)]
    make.said(*texts)
    for _ in range(300):
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        asked = text[start : start + chance.randrange(1, 6)]
        wanted = split(asked)
        read = [index for index, each in enumerate(texts) if wanted and find(split(each), wanted) is not None]
        assert sorted(hit.window_index or 0 for hit in library.search(asked, limit=100)) == read, asked


def test_a_hit_says_where_it_is_in_readable_words(library: Library, make: Maker) -> None:
    recording = make.said(*SAID, title="Evening at the bench")
    (hit,) = library.search("push origin")
    assert (hit.recording_id, hit.title, hit.where, hit.model) == (recording.id, "Evening at the bench", "text", "offline")
    assert (hit.window_index, hit.start_ms, hit.end_ms) == (2, 20_000, 35_000)
    assert hit.text == SAID[2]


def test_titles_and_notes_are_found_and_follow_their_changes(library: Library, make: Maker) -> None:
    recording = make.recording("Soldering evening")
    library.set_notes(recording.id, "焊锡 is the thin one")
    assert [(hit.where, hit.window_index) for hit in library.search("solder")] == [("title", None)]
    assert [hit.where for hit in library.search("焊锡")] == ["notes"]
    library.set_title(recording.id, "Baking")
    library.set_notes(recording.id, "")
    assert library.search("solder") == [] and library.search("焊锡") == []
    assert [hit.text for hit in library.search("bak")] == ["Baking"]


def test_the_newest_come_first_whenever_they_were_analysed(library: Library, make: Maker) -> None:
    old, new = make.recording(windows=2), make.recording(windows=2)
    for recording in (new, old):  # the old one is analysed last
        library.request_analyses(recording.id, ["offline"], language="en")
        make.answer("the same word")
        make.answer("the same word")
    assert [(hit.recording_id, hit.window_index) for hit in library.search("word")] == [(new.id, 1), (new.id, 0), (old.id, 1), (old.id, 0)]
    assert len(library.search("word", limit=3)) == 3
    assert library.search("word", limit=0) == []


def test_more_hits_than_one_batch_are_read(library: Library, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    make.said(*(f"word {n}" for n in range(70)))
    assert indices(library, "word") == list(range(69, 19, -1))
    monkeypatch.setattr(searching, "_BATCH", 20)
    assert [hit.window_index for hit in library.search("word", limit=45)] == list(range(69, 24, -1))
    assert [hit.window_index for hit in library.search("word", limit=1000)] == list(range(69, -1, -1))


def test_every_models_newest_text_is_found_once_a_window(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("one", "two"))
    make.answer("a hammer lies there")
    make.answer("a hammer and pliers")
    assert [(hit.model, hit.text) for hit in library.search("hammer")] == [("two", "a hammer and pliers")]  # what stands in the narrative
    assert [hit.model for hit in library.search("lies")] == ["one"]
    assert library.search("there a") == []  # no phrase reaches from one text into the other
    assert library.search("pliers a") == []
    library.request_analyses(recording.id, ["one"], language="en")
    make.answer("a screwdriver")
    assert library.search("lies") == []
    assert [hit.model for hit in library.search("screwdriver")] == ["one"]


def test_the_text_of_a_failed_run_is_found_until_a_better_one_stands_there(library: Library, make: Maker) -> None:
    recording = make.recording(windows=1, models=("offline",))
    claimed = library.claim()
    assert claimed is not None
    failed = library.fail(claimed.id, Failure(FailureKind.CUT_SHORT, "Cut short."), text="half a sentence about glue", partial=True)
    assert failed.state is AnalysisState.FAILED
    assert indices(library, "glue") == [0]
    library.request_analyses(recording.id, ["offline"], failed_only=True, language="en")
    make.answer("a whole sentence about paint")
    assert indices(library, "glue") == []
    assert indices(library, "paint") == [0]


def test_a_list_can_be_narrowed_to_where_words_stand(library: Library, make: Maker) -> None:
    ids = [make.said("common", f"only{n}").id for n in range(5)]
    assert [summary.id for summary in library.summaries(10, text="common")] == ids[::-1]
    assert [summary.id for summary in library.summaries(2, text="common")] == ids[:2:-1]
    assert [summary.id for summary in library.summaries(10, before=ids[2], text="common")] == [ids[1], ids[0]]
    assert [summary.id for summary in library.summaries(10, text="only3")] == [ids[3]]
    assert library.summaries(10, text="🔥") == []
