from __future__ import annotations

import random

import pytest

from skiuo_desktop.library.words import excerpt, find, shadow, split


def words(text: str) -> list[str]:
    return [word.text for word in split(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("\0 \ud800 !?—“”", []),
        ("3 failed, 42 passed", ["3", "failed", "42", "passed"]),
        ("He typed “git push”.", ["he", "typed", "git", "push"]),
        ("焊接电路板", ["焊", "接", "电", "路", "板"]),
        ("第3步git推送", ["第", "3", "步", "git", "推", "送"]),
        ("ＧＩＴ　ｐｕｓｈ ３", ["git", "push", "3"]),
        ("Café naïve İstanbul straße", ["cafe", "naive", "istanbul", "strasse"]),
        ("cafe\u0301", ["cafe"]),
        ("ｶﾞｽ がか", ["ガ", "ス", "が", "か"]),
        ("한국어", ["한", "국", "어"]),
        ("Йод", ["йод"]),
        ("\U0003106c\U00020bb7", ["\U0003106c", "\U00020bb7"]),
        ("snake_case 3.11 a+b", ["snake", "case", "3", "11", "a", "b"]),
        ("fine🔥fire", ["fine", "fire"]),
        ("5㎏", ["5kg"]),
        ("⚠️Warning ✔️done", ["warning", "done"]),
        ("sol\u00adder zero\u200bwidth \ufeffbom", ["solder", "zero", "width", "bom"]),
        ("कि नमस्ते", ["कि", "नमस्ते"]),
    ],
)
def test_text_is_split_into_folded_words_and_single_cjk_characters(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


def test_each_word_says_where_in_the_original_it_stands() -> None:
    for text in ("He typed ｇｉｔ push", "第三步 焊接ABC电", "cafe\u0301 ㎏x 한국 ｶﾞ"):
        for word in split(text):
            assert words(text[word.start : word.end])[0] == word.text or word.text in words(text[word.start : word.end])


def test_the_fast_way_for_ascii_agrees_with_the_general_one() -> None:
    chance = random.Random(3)
    for _ in range(200):
        text = "".join(chance.choice("aZ9 _-.\t\n\"'") for _ in range(60))
        general = split(text + "é")
        assert [(word.text, word.start) for word in split(text + "e")] == [(word.text, word.start) for word in general]


def test_the_shadow_is_a_fixed_point() -> None:
    for text in ("Café ＧＩＴ 焊接 ｶﾞｽ", "İ ß ﬁ ½ ① कि"):
        once = shadow(split(text))
        assert shadow(split(once)) == once


def test_a_phrase_is_found_whole_and_its_last_word_may_be_a_beginning() -> None:
    text = split("He typed “git push origin main” twice, git pull")
    assert find(text, split("GIT pu")) == (10, 18)
    assert find(text, split("push git")) is None
    assert find(text, split("ush")) is None
    assert find(text, split("gi push")) is None  # only the last word
    assert find(split("焊接"), split("接")) == (1, 2)
    assert find(split("焊"), split("焊接")) is None


def test_an_excerpt_shows_the_place_in_its_original_words() -> None:
    told = "word " * 100 + "the Joint\n stays dull" + " tail" * 100
    found = find(split(told), split("joint stays"))
    assert found is not None
    shown = excerpt(told, found, 80)
    assert "the Joint stays dull" in shown
    assert shown.startswith("…word") and shown.endswith("tail…")
    assert len(shown) <= 100
    assert excerpt("short", (0, 5), 80) == "short"


def test_an_excerpt_holds_text_without_spaces_and_long_finds() -> None:
    told = "第三步焊接电路板。" * 60
    assert "焊接" in excerpt(told, (300, 302), 40) or len(excerpt(told, (300, 302), 40)) <= 42
    assert excerpt("x" * 1000, (400, 900), 50).count("x") >= 50
    for start in range(0, 540, 7):
        assert told[start : start + 2] in excerpt(told, (start, start + 2), 40)
