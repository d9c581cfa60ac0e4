"""The label of an answer, however it is written and however it arrives."""

from __future__ import annotations

import random

import pytest

from skiuo_desktop.analysis.labels import LabelFilter

WANTED = ("cutting", "cutting out", "looking up", "other", "切配", "加热")
TEXT = "The cook halves an onion.\nThen a second one."

LABELLED = [
    ("LABEL: cutting\n" + TEXT, "cutting", TEXT),
    ("label:cutting\r\n\r\n" + TEXT, "cutting", TEXT),
    ("**LABEL:** Cutting\n\n" + TEXT, "cutting", TEXT),
    ("**LABEL: cutting**\n" + TEXT, "cutting", TEXT),
    ("\n\n# Label: `cutting`\n" + TEXT, "cutting", TEXT),
    ("“LABEL: cutting”\n" + TEXT, "cutting", TEXT),
    ("LABEL: <cutting>.\n" + TEXT, "cutting", TEXT),
    ("[LABEL: looking-up]\n" + TEXT, "looking up", TEXT),
    ("LABEL:\nLooking  up\n" + TEXT, "looking up", TEXT),
    ("LABEL：切配\n厨师切洋葱。", "切配", "厨师切洋葱。"),
    ("标签：加热\n锅热了。", "加热", "锅热了。"),
    ("標籤: 切配\n厨师切洋葱。", "切配", "厨师切洋葱。"),
    ("LABEL: 切配。厨师切洋葱。", "切配", "厨师切洋葱。"),
    ("LABEL: cutting. The cook halves an onion.", "cutting", "The cook halves an onion."),
    (
        "LABEL: cutting - " + "The cook halves an onion and a second one and a third and rests",
        "cutting",
        "The cook halves an onion and a second one and a third and rests",
    ),
    ("LABEL: cutting, other\n" + TEXT, "cutting", TEXT),
    ("LABEL: cutting out. The cook stamps stars.", "cutting out", "The cook stamps stars."),
    ("LABEL: frying\n" + TEXT, "frying", TEXT),
    ("LABEL: cutting", "cutting", ""),
]
PLAIN = [
    TEXT,
    "Later the cook rests.",
    "Labels are stuck on the jars.",
    "Label the jars: that is what she does.",
    "LABEL",
    "LABEL:",
    "LABEL: \n",
    "- a list\n- of things",
    "标记在墙上。",
    "标签贴在瓶子上。",
    "",
    "  \n",
    "LABEL: " + "a line that is far too long to be a label, whoever wrote it and for whatever reason",
]


def run(answer: str, pieces: list[str], wanted: tuple[str, ...] = WANTED) -> tuple[str, str]:
    assert "".join(pieces) == answer
    one = LabelFilter(wanted)
    shown = "".join(one.feed(piece) for piece in pieces) + one.end()
    return one.label, shown


def split(text: str, seed: int) -> list[str]:
    chance, pieces, at = random.Random(seed), [], 0
    while at < len(text):
        size = chance.choice([1, 1, 2, 5, 30])
        pieces.append(text[at : at + size])
        at += size
    return pieces


@pytest.mark.parametrize(("answer", "label", "text"), LABELLED)
def test_the_label_is_taken_out(answer: str, label: str, text: str) -> None:
    for pieces in [[answer], list(answer), *(split(answer, seed) for seed in range(20))]:
        assert run(answer, pieces) == (label, text), pieces


@pytest.mark.parametrize("answer", PLAIN)
def test_what_is_no_label_is_passed_on_unchanged(answer: str) -> None:
    for pieces in [[answer], list(answer), *(split(answer, seed) for seed in range(20))]:
        assert run(answer, pieces) == ("", answer), pieces


def test_text_is_shown_as_soon_as_it_is_certain_to_be_no_label() -> None:
    one = LabelFilter(WANTED)
    assert one.feed("T") == "T"
    two = LabelFilter(WANTED)
    assert [two.feed(piece) for piece in ("L", "a", "t", "er")] == ["", "", "Lat", "er"]


def test_text_after_the_label_streams() -> None:
    one = LabelFilter(WANTED)
    assert one.feed("LABEL: cut") == "" and one.feed("ting\n") == "" and one.label == "cutting"
    assert [one.feed(piece) for piece in ("\n", "The", " cook")] == ["", "The", " cook"]


def test_without_wanted_words_any_short_one_is_a_label() -> None:
    assert run("LABEL: Frying\nText.", ["LABEL: Frying\nText."], ()) == ("Frying", "Text.")
