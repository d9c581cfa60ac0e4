"""The offline provider asked as the engine asks it: real clips, the real helper process, real OCR."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import numpy as np
import pytest
from analysis.drawn_clips import DrawnClip, answer, ask, in_turn, question, screen, silence, speech, tone, until, webm, with_disc

from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.analysis.provider import Finished, Sent, TextDelta
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind, Span

TERMINAL = screen("$ pytest tests/test_mean.py", "pytest: 3 failed, 42 passed", "焊接温度过高，请注意安全")
AFTER = screen("$ pytest tests/test_mean.py", "pytest: 3 failed, 42 passed", "焊接温度过高，请注意安全", "$ git push origin main")
BOARD = screen("Soldering the keyboard kit", dark=False)


@pytest.fixture(scope="module")
def still() -> bytes:
    return webm([TERMINAL] * 30, fps=5)


def test_text_is_read_and_quoted_in_english_and_chinese(offline: OfflineProvider, still: bytes) -> None:
    english = ask(offline, question(still, 0, 6_000)).text
    assert english.startswith("No motion. Steady light. No sound track. Text: “$ pytest")
    chinese = ask(offline, question(still, 0, 6_000, language="zh")).text
    assert chinese.startswith("画面静止。光线稳定。没有声音轨道。画面文字：“$ pytest")
    for text in (english, chinese):
        assert all(word in text for word in ("3 failed, 42 passed", "焊接温度过高")), text


def test_events_come_in_order_sentence_by_sentence(offline: OfflineProvider, still: bytes) -> None:
    given = ask(offline, question(still, 0, 6_000))
    assert isinstance(given.events[0], Sent)
    assert all(isinstance(event, TextDelta) for event in given.events[1:-1])
    assert isinstance(given.events[-1], Finished)
    assert [sentence.strip().split()[0] for sentence in given.sentences] == ["No", "Steady", "No", "Text:"]
    assert "\n" not in given.text
    assert "  " not in given.text


def test_the_ledger_says_what_was_looked_at(offline: OfflineProvider, still: bytes) -> None:
    given = ask(offline, question(still, 20_000, 26_000))
    assert json.loads(json.dumps(given.sent)) == given.sent
    assert given.sent["clip_bytes"] == len(still)
    assert given.sent["frames_measured"] == 30
    (frame,) = given.sent["frames"]
    assert (frame["width"], frame["height"]) == (960, 540)
    assert 20_000 <= frame["time_ms"] < 26_000


def test_it_costs_nothing_and_keeps_what_it_read(offline: OfflineProvider, still: bytes) -> None:
    finished = ask(offline, question(still, 0, 6_000)).finished
    assert finished.usage.cost == 0.0
    assert finished.usage.tokens_in is None
    assert json.loads(json.dumps(finished.facts)) == finished.facts
    raw = json.loads(finished.raw)
    assert any("failed" in line["text"] and line["score"] > 0.9 for line in raw["read"][0])
    assert raw["measured"]["motion"] == 0.0


def test_a_scene_change_is_told_with_its_time_in_the_recording(offline: OfflineProvider) -> None:
    text = ask(offline, question(webm([TERMINAL] * 25 + [BOARD] * 20), 60_000, 64_500)).text
    assert "scene change at 01:02." in text
    assert "failed" in text
    assert "Soldering the keyboard kit" in text


def test_motion_is_told(offline: OfflineProvider) -> None:
    frames = [with_disc(BOARD, n) if n < 20 else BOARD for n in range(40)]
    text = ask(offline, question(webm(frames), 0, 4_000)).text
    share = int(text.removeprefix("Motion ").split(" % of the time.")[0])
    assert 40 <= share <= 65


def typing_goes_on(still: bytes) -> list[tuple[bytes, int, int]]:
    """Three windows; in the second one a line is added."""
    return [(still, 0, 6_000), (webm([TERMINAL] * 10 + [AFTER] * 40, fps=5), 4_000, 14_000), (webm([AFTER] * 30, fps=5), 12_000, 18_000)]


def test_the_next_window_tells_only_what_is_new(offline: OfflineProvider, still: bytes) -> None:
    answers = in_turn(offline, typing_goes_on(still))
    assert answers[1].text == "New text: “$ git push origin main”."
    assert answers[2].text == "Nothing changed."


def test_in_chinese_too(offline: OfflineProvider, still: bytes) -> None:
    answers = in_turn(offline, typing_goes_on(still), language="zh")
    assert answers[1].text == "新出现的文字：“$ git push origin main”。"
    assert answers[2].text == "没有变化。"


def test_a_figure_that_changed_is_new_text(offline: OfflineProvider, still: bytes) -> None:
    fixed = screen("$ pytest tests/test_mean.py", "pytest: 1 failed, 44 passed", "焊接温度过高，请注意安全")
    answers = in_turn(offline, [(still, 0, 6_000), (webm([fixed] * 30, fps=5), 6_000, 12_000)])
    assert answers[1].text == "New text: “pytest: 1 failed, 44 passed”."


def test_what_the_clip_holds_beyond_the_window_is_left_out(offline: OfflineProvider) -> None:
    data = webm([TERMINAL] * 20 + [BOARD] * 20)
    text = ask(offline, question(data, 12_000, 14_000, clip_start_ms=10_000)).text
    assert "Soldering" in text
    assert "failed" not in text
    assert "scene change" not in text


@pytest.mark.parametrize(
    ("sound", "english", "chinese"),
    [
        ("speech", "Sounds like speech ", "像说话的声音。"),
        ("silence", "Silence.", "没有声音。"),
        ("tone", "Sound, but nothing like speech.", "有声音，但不像说话声。"),
        ("none", "No sound track.", "没有声音轨道。"),
    ],
)
def test_what_was_heard_is_told_honestly(offline: OfflineProvider, sound: str, english: str, chinese: str) -> None:
    samples = {
        "speech": lambda: np.concatenate([speech("Now I open the terminal and run the tests. Three of them fail.", "en"), silence(2)]),
        "silence": lambda: silence(6),
        "tone": lambda: tone(6),
        "none": lambda: None,
    }[sound]()
    data = webm([BOARD] * 12, fps=2, sound=samples)
    assert english in ask(offline, question(data, 0, 6_000)).text
    assert chinese in ask(offline, question(data, 0, 6_000, language="zh")).text


@pytest.mark.parametrize("data", [b"", b"no video at all" * 1_000, bytes(50_000)])
def test_a_damaged_clip_is_a_media_failure(offline: OfflineProvider, data: bytes) -> None:
    with pytest.raises(AnalysisError) as caught:
        ask(offline, question(data, 0, 3_000))
    assert caught.value.failure.kind is FailureKind.MEDIA
    assert not caught.value.billed


def test_a_window_without_any_picture_is_a_media_failure(offline: OfflineProvider, still: bytes) -> None:
    with pytest.raises(AnalysisError) as caught:
        ask(offline, question(still, 90_000, 95_000, clip_start_ms=0))
    assert caught.value.failure.kind is FailureKind.MEDIA


def test_a_clip_that_cannot_be_cut_is_a_media_failure(offline: OfflineProvider) -> None:
    class Gone(DrawnClip):
        @property
        def webm(self) -> bytes:
            raise MediaError("The recording's file is gone.")

    request = question(b"", 0, 3_000)
    object.__setattr__(request, "clip", Gone(b"", Span(0, 3_000)))
    with pytest.raises(AnalysisError, match="file is gone") as caught:
        ask(offline, request)
    assert caught.value.failure.kind is FailureKind.MEDIA


def test_a_clip_that_breaks_off_is_told_as_far_as_it_goes(offline: OfflineProvider) -> None:
    data = webm([with_disc(TERMINAL, n) for n in range(40)])
    text = ask(offline, question(data[: len(data) * 3 // 4], 0, 4_000)).text
    assert "Motion" in text
    assert "failed" in text


def test_questions_asked_at_once_are_answered_in_turn(offline: OfflineProvider, still: bytes) -> None:
    async def both() -> list[str]:
        board = webm([BOARD] * 20)
        answers = await asyncio.gather(answer(offline, question(still, 0, 6_000)), answer(offline, question(board, 0, 2_000)))
        return [given.text for given in answers]

    first, second = asyncio.run(both())
    assert "failed" in first
    assert "Soldering" not in first
    assert "Soldering" in second
    assert "failed" not in second


def test_a_cancelled_question_ends_at_once_and_its_answer_is_dropped(offline: OfflineProvider, still: bytes) -> None:
    async def cancelled_then_asked() -> tuple[int | None, int | None, str]:
        long = webm([with_disc(BOARD, n) for n in range(60)])
        task = asyncio.create_task(answer(offline, question(long, 0, 6_000)))
        await asyncio.to_thread(until, offline._helper._lock.locked, "the clip to be on its way")
        pid = offline._helper.pid
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        given = await answer(offline, question(still, 0, 6_000))
        return pid, offline._helper.pid, given.text

    ask(offline, question(still, 0, 6_000))  # the helper runs
    before, after, text = asyncio.run(cancelled_then_asked())
    assert before == after, "the helper goes on with the next question"
    assert "failed" in text
    assert "Soldering" not in text


def test_leaving_in_the_middle_of_an_answer_frees_the_turn(offline: OfflineProvider, still: bytes) -> None:
    async def left_then_asked() -> str:
        events = offline.analyse(question(webm([BOARD] * 20), 0, 2_000))
        async for event in events:
            if isinstance(event, TextDelta):
                break
        await events.aclose()  # type: ignore[attr-defined]
        return (await answer(offline, question(still, 0, 6_000))).text

    assert "failed" in asyncio.run(left_then_asked())


def test_a_clip_as_it_is_cut_from_a_recording(offline: OfflineProvider, tmp_path: Path) -> None:
    path = tmp_path / "recording.webm"
    path.write_bytes(webm([TERMINAL] * 25 + [BOARD] * 25, fps=5, keyframe_every=25))
    clip = cut(path, Span(5_000, 10_000))
    request = question(b"", 5_000, 10_000)
    object.__setattr__(request, "clip", ClipRenditions(clip))
    text = ask(offline, request).text
    assert "Soldering" in text
    assert "failed" not in text


def test_the_helper_is_one_process_at_low_priority(offline: OfflineProvider, still: bytes) -> None:
    ask(offline, question(still, 0, 6_000))
    pid = offline._helper.pid
    ask(offline, question(still, 0, 6_000))
    assert offline._helper.pid == pid
    assert pid is not None
    assert pid != os.getpid()
    if hasattr(os, "getpriority"):
        assert os.getpriority(os.PRIO_PROCESS, pid) >= min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    oom = Path(f"/proc/{pid}/oom_score_adj")
    if oom.exists():
        assert int(oom.read_text()) == 500
