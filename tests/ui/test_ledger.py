"""The ledger in words: what was sent, in what form and why, what it cost, and what was not paid again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from ui.test_narrative_story import analysis

from skiuo_desktop import failures
from skiuo_desktop.model import AnalysisState, Attempt, FailureKind, Usage
from skiuo_desktop.ui.widgets import ledger_sent as told
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.ledger import LedgerPanel
from skiuo_desktop.ui.widgets.ledger_parts import AttemptsTable, billed

AT = datetime(2025, 11, 24, 19, 15, 2, tzinfo=UTC)
SENT: dict[str, Any] = {
    "delivery": "frames",
    "why": "frames: the test showed that this server drops videos",
    "format": "jpeg",
    "media_bytes": 1_900_000,
    "frames": [{"at_ms": ms} for ms in range(0, 15_000, 500)],
    "frame_count": 30,
    "fps": 2.0,
    "size": "1056x576",
    "sound": False,
    "prompt": {"template": "craft", "version": 3, "system": "Describe what the hands do.", "user": "This clip is 12:40 – 12:55."},
    "options": {"max_tokens": 1024, "enable_thinking": False},
    "model": "qwen3.7-plus",
    "address": "https://dashscope.example/v1/chat/completions",
    "estimate": {"tokens_in": 9_300, "tokens_out": 1_024, "cost": 0.0052, "currency": "USD"},
    "answer": {"model_version": "qwen3.7-plus-2025-11-01", "finish_reason": "stop", "thinking_tokens": 0, "cached_tokens": None, "tokens_per_s": 37.5},
}


def attempt(number: int, usage: Usage = Usage(), kind: FailureKind | None = None, sent: dict[str, Any] | None = None, **facts: Any) -> Attempt:
    failure = failures.failure(kind, "raw words", server="Google", **facts) if kind is not None else None
    return Attempt(number, AT, AT + timedelta(seconds=0.8), failure, usage, SENT if sent is None else sent, '{"id": 1}')


def panel(qtbot: QtBot, *attempts: Attempt, width: int = 560) -> LedgerPanel:
    made = LedgerPanel()
    qtbot.addWidget(made)
    made.resize(width, 900)
    made.set_ledger(analysis(0, AnalysisState.DONE, "x"), attempts)
    made.show()
    return made


def test_the_form_and_its_reason_are_told() -> None:
    assert told.headline(SENT) == "30 frames, 2 a second · 1056×576 · 1.9\u00a0MB as JPEG"
    facts = told.sent_facts(SENT)
    said = dict(facts)
    assert said["How"] == "as single pictures inside the request"
    assert said["Because"] == "frames: the test showed that this server drops videos"
    assert said["Sound"] == "not sent"
    assert said["Taken at"] == "0, 0.5, 1 … 14.5 s of the window"
    assert said["Address"] == "https://dashscope.example/v1/chat/completions"
    assert said["Options"] == "max_tokens: 1024\nenable_thinking: false"
    assert said["Price beforehand"] == "about $0.0052"
    assert len(said) == len(facts) == 8, "nothing is said twice, and nothing is left as a raw key"


def test_a_clip_is_told_as_a_clip() -> None:
    sent = {
        "delivery": "inline",
        "why": "mp4",
        "format": "mp4",
        "media_bytes": 812_000,
        "frame_count": 8,
        "fps": 0.5,
        "size": "640x360",
        "sound": True,
        "frames": [],
    }
    assert told.headline(sent) == "8 frames, 0.5 a second · 640×360 · 812\u00a0kB as MP4"
    assert dict(told.sent_facts(sent)) == {"How": "as a video inside the request", "Because": "mp4", "Sound": "sent along"}


def test_what_a_provider_notes_beside_is_not_lost() -> None:
    assert dict(told.sent_facts({"delivery": "this device", "clip_bytes": 12_345, "odd_thing": True})) == {
        "Went to": "nobody: it was read on this device",
        "Clip": "12\u00a0kB",
        "odd thing": "true",
    }


def test_the_prompt_stands_by_role_with_its_template() -> None:
    assert told.prompt_title(SENT) == "craft, version 3"
    assert told.prompt_parts(SENT) == [("system", "Describe what the hands do."), ("user", "This clip is 12:40 – 12:55.")]


def test_what_the_server_says_of_its_answer() -> None:
    assert told.answer_facts(SENT) == [
        ("Answered by", "qwen3.7-plus-2025-11-01"),
        ("Ended because of", "stop"),
        ("Tokens for thinking", "0"),
        ("Tokens a second", "37.5"),
    ]


@pytest.mark.parametrize(
    ("usage", "sent", "said"),
    [
        (Usage(9_224, 184, 0.004), SENT, "$0.0040"),
        (Usage(9_300, 1_024, 0.0052, estimated=True), SENT, "about $0.0052"),
        (Usage(9_224, 184, 0.0), SENT, "nothing"),
        (Usage(9_224, 184), SENT, "unknown"),
        (Usage(9_224, 184), {**SENT, "cached": True}, "nothing"),
    ],
)
def test_each_attempt_says_what_it_cost(usage: Usage, sent: dict[str, Any], said: str) -> None:
    assert billed(attempt(1, usage, sent=sent)) == said


def test_attempts_are_told_with_status_and_cause(qtbot: QtBot) -> None:
    table = AttemptsTable([attempt(1, Usage(cost=0.0), FailureKind.OVERLOADED, status=503), attempt(2, Usage(9_224, 184, 0.004))])
    qtbot.addWidget(table)
    assert table.accessibleName() == "1: 503, busy, nothing, 0.8\u00a0s; 2: finished by itself, $0.0040, 0.8\u00a0s"


def test_sending_again_says_what_it_costs(qtbot: QtBot) -> None:
    assert panel(qtbot, attempt(1, Usage(9_224, 184, 0.004)))._again.text() == "Send again, about $0.0040"
    assert panel(qtbot, attempt(1, Usage(9_224, 184, 0.0)))._again.text() == "Analyse again"


def test_it_is_sent_again_to_the_same_model(qtbot: QtBot) -> None:
    made = panel(qtbot, attempt(1, Usage(9_224, 184, 0.004)))
    asked: list[tuple[int, str]] = []
    made.send_again.connect(lambda index, model: asked.append((index, model)))
    made._again.click()
    assert asked == [(0, "m")]


def test_a_kept_answer_is_called_one(qtbot: QtBot) -> None:
    made = panel(qtbot, attempt(1, Usage(9_224, 184, 0.0), sent={**SENT, "cached": True}))
    assert any(banner.words.startswith("A kept answer.") for banner in made.findChildren(Banner))
    assert not panel(qtbot, attempt(1, Usage(9_224, 184, 0.004))).findChildren(Banner)


def test_somebody_elses_words_are_never_markup(qtbot: QtBot) -> None:
    made = panel(qtbot, attempt(1, sent={**SENT, "why": "<b>bold</b>"}))
    assert any(label.text() == "<b>bold</b>" for label in made.findChildren(QLabel))


@pytest.mark.parametrize("width", [320, 420, 560])
def test_the_foot_has_room_for_its_buttons(qtbot: QtBot, width: int) -> None:
    made = panel(qtbot, attempt(1, Usage(9_224, 184, 0.004)), width=width)
    assert made._again.geometry().right() <= width and made._again.width() >= made._again.sizeHint().width()


def test_all_of_it_can_be_copied(qtbot: QtBot) -> None:
    text = panel(qtbot, attempt(1, Usage(9_224, 184, 0.004))).as_text()
    for part in ("30 frames", "Describe what the hands do.", "Billed: $0.0040", "qwen3.7-plus-2025-11-01", '{"id": 1}'):
        assert part in text
