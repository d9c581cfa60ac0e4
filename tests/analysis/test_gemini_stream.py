"""The Gemini provider against every trap of a streamed answer: each ends as one failure, or as the text that was meant."""

# ruff: noqa: F811
from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from analysis.drawn_clips import Answer
from analysis.gemini_asking import ask, clip, fails, recorded, request, server  # noqa: F401
from support.gemini_server import TEXT, GeminiServer, Reply

from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.provider import TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind

ODD = "line\u2028separator, next\u0085line, 再见 👋 \u2029 end"
USAGE = {
    "promptTokenCount": 500,
    "candidatesTokenCount": 4,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 20}, {"modality": "VIDEO", "tokenCount": 480}],
}


def says(text: str, **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, **more}], "usageMetadata": USAGE}


async def _read(server: GeminiServer, clip: ClipRenditions, into: list[str]) -> None:
    provider = GeminiProvider(server.config())
    try:
        async for event in provider.analyse(request(clip)):
            if isinstance(event, TextDelta):
                into.append(event.text)
    finally:
        await provider.close()


def broken(server: GeminiServer, clip: ClipRenditions, reply: Reply) -> tuple[AnalysisError, str]:
    """The failure, and the text that came before it."""
    server.script.append(reply)
    texts: list[str] = []
    with pytest.raises(AnalysisError) as caught:
        asyncio.run(_read(server, clip, texts))
    return caught.value, "".join(texts)


def whole(server: GeminiServer, clip: ClipRenditions, reply: Reply) -> Answer:
    server.script.append(reply)
    return ask(server.config(), clip)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_text_survives_any_line_end_and_any_split(clip: ClipRenditions, seed: int, line_end: str) -> None:
    with GeminiServer(seed=seed) as server:
        assert whole(server, clip, Reply(ODD, line_end=line_end, space="" if seed % 2 else " ")).text == ODD


def test_comments_and_other_fields_between_events_are_passed_over(server: GeminiServer, clip: ClipRenditions) -> None:
    reply = Reply(before=": keep-alive\r\n\r\nevent: message\r\nid: 1\r\n", after=": done\r\n\r\n")
    assert whole(server, clip, reply).text == TEXT


def test_one_event_in_several_data_lines(server: GeminiServer, clip: ClipRenditions) -> None:
    event = "".join(f"data: {line}\n" for line in json.dumps(says("Whole.", finishReason="STOP"), indent=1).splitlines())
    assert whole(server, clip, Reply(chunks=[], before=event + "\n")).text == "Whole."


def test_a_last_event_without_an_empty_line_counts(server: GeminiServer, clip: ClipRenditions) -> None:
    assert whole(server, clip, Reply(chunks=[], before=f"data: {json.dumps(says('All.', finishReason='STOP'))}")).text == "All."


def test_thoughts_are_dropped_and_counted_as_output(server: GeminiServer, clip: ClipRenditions) -> None:
    given = whole(server, clip, Reply(thoughts=40))
    assert given.text == TEXT
    assert given.finished.usage.tokens_out == server.counted[0].tokens_out
    assert server.counted[0].tokens_out > 40
    assert given.finished.about["thinking_tokens"] == 40


@pytest.mark.parametrize(
    "odd",
    [
        {"candidates": []},
        {"candidates": None},
        {"candidates": [{}]},
        {"candidates": [{"content": {}}]},
        {"candidates": [{"content": {"parts": None}}]},
        {"candidates": [{"content": {"parts": [{"thoughtSignature": "AAAA"}]}}]},
        {"candidates": [{"content": {"parts": [{"text": None}]}}]},
        {"usageMetadata": None, "promptFeedback": None},
        {"usageMetadata": {"promptTokenCount": None, "promptTokensDetails": None}},
        {"somethingNew": {"a": 1}},
        [],
        None,
    ],
)
def test_missing_and_empty_things_are_no_failure(server: GeminiServer, clip: ClipRenditions, odd: Any) -> None:
    given = whole(server, clip, Reply(chunks=[odd, says("Still here."), odd, {"candidates": [{"finishReason": "STOP"}]}, odd]))
    assert given.text == "Still here."
    assert given.finished.usage.tokens_in == 500


def test_a_finish_reason_that_is_not_known_yet_is_no_failure(server: GeminiServer, clip: ClipRenditions) -> None:
    given = whole(server, clip, Reply(chunks=[says("New days.", finishReason="A_REASON_OF_TOMORROW")]))
    assert (given.text, given.finished.about["finish_reason"]) == ("New days.", "A_REASON_OF_TOMORROW")


def test_without_usage_nothing_is_made_up(server: GeminiServer, clip: ClipRenditions) -> None:
    usage = whole(server, clip, Reply(usage=False)).finished.usage
    assert (usage.tokens_in, usage.tokens_out, usage.cost) == (None, None, None)


@pytest.mark.parametrize(
    ("reply", "kind", "text", "again"),
    [
        (Reply(block="PROHIBITED_CONTENT"), FailureKind.REFUSED, "", False),
        (Reply("", finish="SAFETY"), FailureKind.REFUSED, "", False),
        (Reply("", finish="RECITATION"), FailureKind.REFUSED, "", False),
        (Reply("", finish="PROHIBITED_CONTENT"), FailureKind.REFUSED, "", False),
        (Reply("", finish="SPII"), FailureKind.REFUSED, "", False),
        (Reply(finish="SAFETY"), FailureKind.CUT_SHORT, TEXT, False),
        (Reply(finish="MAX_TOKENS"), FailureKind.CUT_SHORT, TEXT, False),
        (Reply("", finish="MAX_TOKENS", thoughts=1020), FailureKind.EMPTY, "", False),
        (Reply("", finish="STOP"), FailureKind.EMPTY, "", True),
        (Reply("", finish="OTHER"), FailureKind.EMPTY, "", True),
        (Reply(finish=""), FailureKind.CUT_SHORT, TEXT, True),
        (Reply("", finish=""), FailureKind.CUT_SHORT, "", True),
    ],
)
def test_how_an_answer_ends(server: GeminiServer, clip: ClipRenditions, reply: Reply, kind: FailureKind, text: str, again: bool) -> None:
    error, came = broken(server, clip, reply)
    assert (error.failure.kind, came, error.again, error.billed) == (kind, text, again, True)
    (charged,) = server.counted
    assert error.usage is not None
    assert (error.usage.tokens_in, error.usage.tokens_out) == (charged.tokens_in, charged.tokens_out)
    assert error.usage.cost
    assert "usageMetadata" in error.failure.raw


@pytest.mark.parametrize("delivery", ["inline", "frames"])
def test_an_answer_to_a_video_that_was_not_seen_is_no_answer(server: GeminiServer, clip: ClipRenditions, delivery: str) -> None:
    kind = {"inline": "VIDEO", "frames": "IMAGE"}[delivery]
    server.script += [Reply("A man dances.", unseen=kind), Reply("A man dances.", unseen=kind)]
    texts: list[str] = []

    async def twice() -> list[AnalysisError]:
        provider, caught = GeminiProvider(server.config(delivery=delivery)), []
        for _ in range(2):
            try:
                async for event in provider.analyse(request(clip)):
                    texts.extend([event.text] if isinstance(event, TextDelta) else [])
            except AnalysisError as error:
                caught.append(error)
        await provider.close()
        return caught

    first, second = asyncio.run(twice())
    assert first.failure.kind is second.failure.kind is FailureKind.BAD_ANSWER
    assert "without having seen the video" in str(first)
    assert str(first) == first.failure.message
    assert (first.again, second.again) == (True, False), "once more, then no more"
    assert texts == [], "what was made up is not shown"
    assert "A ma" in first.failure.raw
    assert first.billed
    assert first.usage is not None
    assert first.usage.tokens_in == server.counted[0].tokens_in


def test_text_that_came_before_the_video_was_counted_is_given_then(server: GeminiServer, clip: ClipRenditions) -> None:
    early = {**says("First. "), "usageMetadata": {"promptTokenCount": 20, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 20}]}}
    assert whole(server, clip, Reply(chunks=[early, says("Then.", finishReason="STOP")])).text == "First. Then."


def test_a_server_that_does_not_count_by_kind_is_believed(server: GeminiServer, clip: ClipRenditions) -> None:
    assert whole(server, clip, Reply(details=False)).text == TEXT


def test_a_question_without_a_picture_needs_no_picture_to_be_counted(server: GeminiServer) -> None:
    assert ask(server.config(), None).text == TEXT


ERROR = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}


@pytest.mark.parametrize(
    "after",
    [
        f"data: {json.dumps(ERROR)}\r\n\r\n",
        json.dumps(ERROR, indent=2),
        json.dumps([ERROR], indent=2),
        json.dumps([ERROR]) + "\r\n",
    ],
    ids=["event", "bare", "array", "line"],
)
def test_an_error_in_mid_stream(server: GeminiServer, clip: ClipRenditions, after: str) -> None:
    error, came = broken(server, clip, Reply(finish="", after=after))
    assert (error.failure.kind, came, error.billed, error.again) == (FailureKind.OVERLOADED, TEXT, True, True)
    assert error.usage is not None
    assert error.usage.tokens_in == server.counted[0].tokens_in
    assert "overloaded" in error.failure.raw
    assert "usageMetadata" in error.failure.raw


@pytest.mark.parametrize("body", [json.dumps(ERROR), json.dumps([ERROR], indent=1)])
def test_an_error_in_a_200_before_anything_else_is_not_billed(server: GeminiServer, clip: ClipRenditions, body: str) -> None:
    error, _ = broken(server, clip, Reply(body=body))
    assert (error.failure.kind, error.billed, error.usage) == (FailureKind.OVERLOADED, False, None)


def test_a_list_of_responses_instead_of_a_stream_is_read(server: GeminiServer, clip: ClipRenditions) -> None:
    given = whole(server, clip, Reply(body=json.dumps([says("One. "), says("Two.", finishReason="STOP")], indent=2)))
    assert (given.text, given.finished.usage.tokens_in) == ("One. Two.", 500)


@pytest.mark.parametrize("body", ["<html>Welcome to the hotel's network</html>", "", "data: {not json\r\n\r\n"])
def test_what_is_no_answer_is_said_to_be_none(server: GeminiServer, clip: ClipRenditions, body: str) -> None:
    error, _ = broken(server, clip, Reply(body=body))
    assert error.failure.kind is FailureKind.BAD_ANSWER
    assert body.removeprefix("data: ").strip() in error.failure.raw


def test_a_connection_that_breaks_in_mid_answer(server: GeminiServer, clip: ClipRenditions) -> None:
    first = len(json.dumps(says("", finishReason="")))
    error, came = broken(server, clip, Reply(chunks=[says("Half of "), says("it", finishReason="STOP")], reset_after=first + 80))
    assert (error.failure.kind, came, error.billed) == (FailureKind.NETWORK, "Half of ", True)
    assert error.usage is not None
    assert error.usage.tokens_in == 500
    assert "Half of" in error.failure.raw


def test_an_answer_that_stalls_ends_in_time(server: GeminiServer, clip: ClipRenditions) -> None:
    hold = threading.Event()
    server.script.append(Reply(hold=hold))
    error = fails(server, clip, timeout_s=3.0)
    hold.set()
    assert (error.failure.kind, error.billed) == (FailureKind.TIMEOUT, True)
    assert error.usage is not None


def test_nobody_there_is_not_billed(clip: ClipRenditions) -> None:
    with GeminiServer() as server:
        config = server.config()
    with pytest.raises(AnalysisError) as caught:
        ask(config, clip)
    assert (caught.value.failure.kind, caught.value.billed) == (FailureKind.NETWORK, False)


def test_a_raw_answer_is_bounded(server: GeminiServer, clip: ClipRenditions) -> None:
    given = whole(server, clip, Reply(chunks=[says("word " * 2000)] * 60 + [says(".", finishReason="STOP")]))
    assert len(given.text) == 60 * 10_000 + 1
    assert len(given.finished.raw) < 300_000
    assert given.finished.raw.rstrip().endswith("}")
