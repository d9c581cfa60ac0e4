"""The sentences, word for word, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skiuo_desktop.analysis.facts import Facts
from skiuo_desktop.analysis.telling import Teller, clock

STILL = Facts(
    end_ms=15_000,
    motion=0.0,
    cuts_ms=(),
    light_ms=None,
    light_from=0.4,
    light_to=0.4,
    light_varies=False,
    black=False,
    blurred=False,
    sound="silent",
    speech=0.0,
    unreadable=0,
    lines=(),
)
BUSY = replace(STILL, motion=0.38, cuts_ms=(12_400,), sound="speech", speech=0.61)


def told(now: Facts, *, before: Facts | None = None, fresh: tuple[str, ...] = (), language: str = "en") -> str:
    teller = Teller(language, before)
    return "".join([*teller.measured(now), *teller.read(now, fresh)])


def test_the_first_window_says_all_that_is_known() -> None:
    assert told(BUSY, fresh=("pytest: 3 failed, 42 passed", "焊接")) == (
        "Motion 40 % of the time, scene change at 00:12. Steady light. Sounds like speech 60 % of the time. Text: “pytest: 3 failed, 42 passed”, “焊接”."
    )
    assert told(BUSY, fresh=("pytest: 3 failed, 42 passed", "焊接"), language="zh") == (
        "40% 的时间画面在动，00:12 切换场景。光线稳定。60% 的时间有像说话的声音。画面文字：“pytest: 3 failed, 42 passed”、“焊接”。"
    )


def test_a_still_first_window() -> None:
    assert told(STILL) == "No motion. Steady light. Silence. No readable text."
    assert told(STILL, language="zh") == "画面静止。光线稳定。没有声音。没有可辨认的文字。"


def test_a_window_like_the_one_before_says_so_in_one_sentence() -> None:
    later = replace(STILL, end_ms=25_000)
    assert told(later, before=STILL) == "Nothing changed."
    assert told(later, before=STILL, language="zh") == "没有变化。"


@pytest.mark.parametrize(
    ("now", "english", "chinese"),
    [
        (replace(STILL, motion=0.4), "Nothing new; motion goes on.", "没有新内容，画面仍在动。"),
        (replace(STILL, sound="speech", speech=0.5), "Nothing new; speech goes on.", "没有新内容，仍有像说话的声音。"),
        (replace(STILL, motion=1.0, sound="sound"), "Nothing new; motion and sound go on.", "没有新内容，画面仍在动，仍有声音。"),
        (replace(STILL, sound="noise"), "Nothing changed.", "没有变化。"),
    ],
)
def test_what_goes_on_is_not_called_unchanged(now: Facts, english: str, chinese: str) -> None:
    assert told(now, before=now) == english
    assert told(now, before=now, language="zh") == chinese


@pytest.mark.parametrize(
    ("change", "english", "chinese"),
    [
        ({"motion": 0.5}, "Motion 50 % of the time.", "50% 的时间画面在动。"),
        ({"motion": 0.97}, "Motion all the time.", "画面一直在动。"),
        ({"sound": "noise"}, "Only steady background noise.", "只有持续的背景噪声。"),
        ({"sound": "sound"}, "Sound, but nothing like speech.", "有声音，但不像说话声。"),
        ({"sound": "none"}, "No sound track.", "没有声音轨道。"),
        ({"sound": "speech", "speech": 0.04}, "Sounds like speech for a moment.", "有片刻像说话的声音。"),
        ({"sound": "speech", "speech": 1.0}, "Sounds like speech all the time.", "一直有像说话的声音。"),
        ({"light_ms": 21_000, "light_to": 0.8}, "It gets brighter around 00:21.", "00:21 左右变亮。"),
        ({"light_ms": 21_000, "light_to": 0.1}, "It gets darker around 00:21.", "00:21 左右变暗。"),
        ({"light_varies": True}, "The brightness goes up and down.", "亮度忽高忽低。"),
        ({"black": True}, "The picture is black.", "画面全黑。"),
        ({"blurred": True}, "The picture is blurred.", "画面模糊。"),
        ({"unreadable": 3}, "Part of the picture could not be decoded.", "有一部分画面无法解码。"),
        ({"cuts_ms": (16_000, 18_500)}, "Scene changes at 00:16 and 00:18.", "00:16、00:18 切换场景。"),
        ({"cuts_ms": tuple(range(16_000, 22_000, 1_000))}, "6 scene changes between 00:16 and 00:21.", "00:16 至 00:21 之间切换场景 6 次。"),
    ],
)
def test_each_change_is_told_alone(change: dict[str, object], english: str, chinese: str) -> None:
    now = replace(STILL, end_ms=25_000, **change)  # type: ignore[arg-type]
    assert told(now, before=STILL) == english
    assert told(now, before=STILL, language="zh") == chinese


def test_it_is_told_when_something_is_over() -> None:
    assert told(STILL, before=replace(STILL, black=True)) == "The picture is no longer black."
    assert told(STILL, before=replace(STILL, blurred=True), language="zh") == "画面恢复清晰。"
    assert told(STILL, before=BUSY) == "No motion. Silence."
    assert told(replace(STILL, motion=0.02), before=BUSY) == "Hardly any motion. Silence."


def test_what_lay_in_the_window_before_is_not_told_twice() -> None:
    """Windows overlap by five seconds."""
    now = replace(STILL, end_ms=25_000, cuts_ms=(12_400,), light_ms=13_000, light_to=0.9)
    assert told(now, before=STILL) == "Nothing changed."


def test_small_differences_are_no_news() -> None:
    assert told(replace(BUSY, end_ms=25_000, motion=0.5, speech=0.8), before=BUSY) == "Nothing new; motion and speech go on."


def test_new_text_is_called_new() -> None:
    assert told(STILL, before=STILL, fresh=("git push",)) == "New text: “git push”."
    assert told(STILL, before=STILL, fresh=("git push",), language="zh") == "新出现的文字：“git push”。"


def test_a_wall_of_text_is_cut_off_and_says_so() -> None:
    lines = tuple(f"{number:04} " + "x" * 95 for number in range(50))
    text = told(STILL, before=STILL, fresh=lines)
    assert len(text) < 2_300
    assert text.endswith("” and 30 more lines.")
    assert told(STILL, before=STILL, fresh=lines, language="zh").endswith("”，另有 30 行。")


def test_times_are_those_of_the_recording() -> None:
    assert [clock(ms) for ms in (0, 12_999, 75_000, 3_599_999, 3_723_000)] == ["00:00", "00:12", "01:15", "59:59", "1:02:03"]


def test_an_unknown_language_is_english() -> None:
    assert told(STILL, language="fr").startswith("No motion.")


def test_facts_survive_the_database_and_rubbish_does_not_harm() -> None:
    facts = replace(BUSY, lines=("焊接", "git push"))
    assert Facts.parse(facts.as_json()) == facts
    assert Facts.parse({}) is None
    assert Facts.parse({**facts.as_json(), "motion": "much"}) is None
    assert Facts.parse({**facts.as_json(), "lines": 7}) is None
