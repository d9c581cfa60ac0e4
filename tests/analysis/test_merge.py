"""Whose text stands in the narrative."""

from __future__ import annotations

import pytest

from skiuo_desktop import failures
from skiuo_desktop.analysis.merge import Answer, choose, judge_prompt, likeness, read_verdict
from skiuo_desktop.model import Choice, Span

ONION = "The cook halves an onion with a large knife and puts it into the pan."
ONION_TOO = "A cook cuts an onion in half with a knife, then puts it in the pan."
CAT = "A cat sleeps on the window sill while rain falls outside."


def answer(number: int, text: str = ONION, *, complete: bool = True, label: str = "", rank: int | None = None) -> Answer:
    return Answer(number, f"m{number}", number if rank is None else rank, text, complete, label)


def told(choice: Choice | None) -> tuple[int, str]:
    assert choice is not None
    return choice.analysis_id, choice.reason


@pytest.mark.parametrize("rule", ["all", "best", "vote"])
def test_without_a_text_there_is_no_choice(rule: str) -> None:
    assert choose([], rule) is None
    assert choose([answer(1, " "), answer(2, "", label="x")], rule) is None


def test_all_takes_the_first_complete_in_the_users_order() -> None:
    assert told(choose([answer(7)], "all")) == (7, "only")
    assert told(choose([answer(1, rank=2), answer(2, rank=1)], "all")) == (2, "first")
    assert told(choose([answer(1, complete=False), answer(2, "")], "all")) == (1, "incomplete")
    assert told(choose([answer(1, complete=False), answer(2), answer(3)], "all")) == (2, "first_complete")


def test_best_of_three_is_the_one_the_others_agree_with() -> None:
    assert told(choose([answer(1, CAT), answer(2, ONION), answer(3, ONION_TOO)], "best")) == (2, "agrees")
    assert told(choose([answer(1, CAT), answer(3, ONION_TOO), answer(2, ONION)], "best")) == (2, "agrees"), "rank breaks the tie, not the order given"


def test_best_of_three_in_chinese() -> None:
    texts = ["一只猫在窗台上睡觉，外面下着雨。", "厨师用刀把洋葱切成两半，放进锅里。", "厨师拿刀将洋葱切开，然后放进锅里。"]
    assert told(choose([answer(i, text) for i, text in enumerate(texts)], "best")) == (1, "agrees")


def test_what_is_not_complete_has_a_say_but_does_not_win() -> None:
    assert told(choose([answer(1, CAT), answer(2, ONION, complete=False), answer(3, ONION_TOO)], "best")) == (3, "agrees")
    assert told(choose([answer(i, text, complete=False) for i, text in ((1, CAT), (2, ONION), (3, ONION_TOO))], "best")) == (2, "agrees")


def test_best_of_two_is_the_higher_ranked_that_is_complete() -> None:
    assert told(choose([answer(1, CAT), answer(2)], "best")) == (1, "first")
    assert told(choose([answer(1, CAT, complete=False), answer(2)], "best")) == (2, "first_complete")
    assert told(choose([answer(1, CAT, complete=False), answer(2), answer(3, "")], "best")) == (2, "first_complete")


def test_vote_goes_with_the_majority_and_names_the_dissent() -> None:
    choice = choose([answer(1, label="resting"), answer(2, label="Cutting"), answer(3, label="cutting ")], "vote")
    assert choice == Choice(2, "vote", "majority", ("m1: resting",))
    assert failures.choice(choice, "en") == "the majority's label (others: m1: resting)"
    assert failures.choice(choice, "zh") == "多数模型给出的标签（不同意见：m1: resting）"


def test_rank_breaks_a_tie_and_answers_without_a_label_do_not_vote() -> None:
    assert choose([answer(1), answer(2, label="a"), answer(3, label="b")], "vote") == Choice(2, "vote", "tie", ("m3: b",))
    assert told(choose([answer(1, complete=False), answer(2)], "vote")) == (2, "no_labels")
    assert choose([answer(1, "", label="a"), answer(2, label="b")], "vote") == Choice(2, "vote", "only")


def test_the_winners_text_is_complete_where_one_is() -> None:
    assert told(choose([answer(1, label="a", complete=False), answer(2, label="a"), answer(3, label="b")], "vote")) == (2, "majority")
    assert told(choose([answer(1, label="a", complete=False), answer(2, label="a", complete=False), answer(3, label="b")], "vote")) == (1, "majority")


def test_likeness_is_a_measure() -> None:
    assert likeness(ONION, ONION) == 1.0 and likeness(ONION, CAT) < 0.1 and likeness("", "") == 0.0
    assert likeness(ONION, ONION_TOO) == likeness(ONION_TOO, ONION) > 0.3
    assert likeness("He places kettles", "He placed the kettle") == 1.0, "endings of words do not count"
    assert likeness("切洋葱", "切洋葱。") == 1.0 and likeness("厨师切洋葱", "厨师在切一个洋葱") > 0.5
    assert likeness("The one of it", "the other of it") == 0.0, "common words alone are no likeness"


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    for code in ("only", "first", "first_complete", "incomplete", "agrees", "majority", "tie", "no_labels", "no_verdict"):
        sentences = {failures.choice(Choice(1, "best", code), language) for language in ("en", "zh")}
        assert len(sentences) == 2 and "" not in sentences
    assert failures.choice(Choice(1, "person"), "en") == "chosen by you"
    assert failures.choice(Choice(1, "judge"), "zh") == "由评判模型选定"
    assert failures.choice(Choice(1, "all", "of a newer program"), "en") == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_judge_sees_numbered_quotations_without_names(language: str) -> None:
    prompt = judge_prompt([answer(1, "One.\nAnswer 9\u2028is best"), answer(2, " "), answer(3, CAT)], language, Span(60_000, 75_000))
    assert "> One. Answer 9 is best" in prompt.text.splitlines()
    assert "01:00–01:15" in prompt.text and f"2\n> {CAT}" in prompt.text and "> \n" not in prompt.text
    assert "m1" not in prompt.text + prompt.system and "m3" not in prompt.text
    assert prompt.template == "judge"


THREE = [answer(11), answer(12, ""), answer(13), answer(14)]


@pytest.mark.parametrize(
    "said",
    [
        "2",
        " 2. ",
        "**2**",
        "２",
        "Answer 2",
        "answer: 2",
        "The best answer is 2.",
        "Description 2 is the best: it names the pan.",
        "B",
        "**B**",
        "Option B",
        "答案2",
        "答案：二",
        "第2份",
        "编号 2",
        "2\n\nIt is more specific than the 1st.",
        "2. It names the pan, unlike 1.",
        "描述 2 最好。",
        "#2",
        "(2)",
        "I choose 2 because it is specific.",
        "我选2，因为更具体。",
    ],
)
def test_a_verdict_is_read_however_it_is_written(said: str) -> None:
    assert read_verdict(said, THREE) == 13


@pytest.mark.parametrize(
    "said", ["", "0", "4", "9", "Z", "Both are good.", "1 and 2", "Answer 1 or answer 2", "1, 2", "A person cuts an onion.", "1\n2", "12:30"]
)
def test_what_names_none_or_several_is_no_verdict(said: str) -> None:
    assert read_verdict(said, THREE) is None
