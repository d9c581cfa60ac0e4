"""What servers other than DashScope say when they fail, and what it means to a person."""

from __future__ import annotations

from typing import Any

import pytest
from analysis.model_clips import ask, request
from support.chat_server import LITELLM, Behaviour, ChatServer

from skiuo_desktop import failures, secrets
from skiuo_desktop.analysis.chat_errors import Said, classify, clean, said
from skiuo_desktop.analysis.chat_stream import ThinkFilter
from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.model import FailureKind, ModelConfig

K = FailureKind


def openai(message: str, code: Any = None, kind: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


# (status, body, kind, whether asking again may help)
ERRORS = [
    (401, openai("Incorrect API key provided: sk-ab***yz.", "invalid_api_key", "invalid_request_error"), K.KEY, False),
    (403, "Forbidden", K.KEY, False),
    (429, openai("Rate limit reached for gpt-5-mini on requests per min (RPM)", "rate_limit_exceeded", "requests"), K.QUOTA_MINUTE, True),
    (429, openai("Rate limit reached for gpt-5-mini on requests per day (RPD)", "rate_limit_exceeded", "requests"), K.QUOTA_DAY, True),
    (429, openai("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota"), K.BILLING, False),
    (429, openai("Quota for this minute used", "insufficient_quota"), K.QUOTA_MINUTE, True),
    (429, "", K.QUOTA_MINUTE, True),
    (402, openai("Payment required"), K.BILLING, False),
    (404, openai("The model `gpt-9` does not exist or you do not have access to it.", "model_not_found", "invalid_request_error"), K.MODEL_MISSING, False),
    (404, openai("The model `Qwen/Qwen9` does not exist.", 404, "NotFoundError"), K.MODEL_MISSING, False),  # vLLM
    (404, openai("model 'qwen9' not found", None, "not_found_error"), K.MODEL_MISSING, False),  # Ollama
    (404, {"error": "model 'qwen9' not found, try pulling it first"}, K.MODEL_MISSING, False),
    (400, {"detail": "Server is pinned to 'a'; requested 'b'."}, K.MODEL_MISSING, False),  # transformers serve
    (404, {"detail": "Not Found"}, K.BAD_ANSWER, False),  # no such path: a wrong address
    (404, "404 page not found", K.BAD_ANSWER, False),
    (405, {"detail": "Method Not Allowed"}, K.BAD_ANSWER, False),
    (422, {"detail": "Unexpected fields in the request: {'enable_thinking'}"}, K.BAD_ANSWER, False),
    (422, {"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}]}, K.BAD_ANSWER, False),
    (400, openai("Unsupported parameter: 'max_tokens' is not supported with this model.", "unsupported_parameter"), K.BAD_ANSWER, False),
    (400, openai("This model's maximum context length is 4096 tokens. However, you requested 9000 tokens.", "context_length_exceeded"), K.TOO_LARGE, False),
    (400, openai("the request exceeds the available context size, try increasing it", 400, "exceed_context_size_error"), K.TOO_LARGE, False),  # llama.cpp
    (400, openai("At most 1 image(s) may be provided in one prompt.", 400, "BadRequestError"), K.TOO_LARGE, False),  # vLLM
    (413, "Request Entity Too Large", K.TOO_LARGE, False),
    (400, openai("Failed to load image: cannot identify image file", None), K.MEDIA, False),
    (400, openai("Your request was rejected as a result of our safety system.", "content_policy_violation"), K.REFUSED, False),
    (400, openai("No connected db.", "400", "no_db_connection"), K.KEY, False),  # LiteLLM: a wrong key
    (500, openai("Authentication Error, No api key passed in.", "500", "auth_error"), K.KEY, False),  # LiteLLM: none
    (503, openai("Loading model", 503, "unavailable_error"), K.OVERLOADED, True),  # llama.cpp
    (500, "Internal Server Error", K.OVERLOADED, True),
    (529, openai("Overloaded", None, "overloaded_error"), K.OVERLOADED, True),
    (502, "<html>Bad gateway</html>", K.OVERLOADED, True),
    (504, "", K.TIMEOUT, True),
    (408, "", K.TIMEOUT, True),
    (307, "", K.BAD_ANSWER, False),
    (200, {"object": "error", "message": "The model `x` does not exist.", "type": "NotFoundError", "param": None, "code": 404}, K.MODEL_MISSING, False),
    (200, [openai("Internal", 503)], K.OVERLOADED, True),
    (200, {"error": "the server is busy"}, K.OVERLOADED, True),
    (200, openai("It broke.", None, "server_error"), K.OVERLOADED, True),
    (200, openai("Range of fps should be [0.1, 10]", "InvalidParameter"), K.BAD_ANSWER, False),
]


@pytest.mark.parametrize(("status", "body", "kind", "again"), ERRORS)
def test_each_error_over_the_wire(status: int, body: Any, kind: FailureKind, again: bool) -> None:
    with ChatServer(script=[Behaviour(status=status, body=body)]) as server:
        told = ask(OpenAIProvider(ModelConfig("m", "openai", model="model", base_url=server.base_url, preset="openai.com")), request(None))[0]
    error = told.failed
    assert error.failure.kind is kind
    assert error.again is again
    assert error.billed is (status in (408, 502, 504))
    assert told.text == ""
    for language in failures.LANGUAGES:
        assert failures.sentence(error.failure, language)
    assert "127.0.0.1" in error.failure.message
    if status != 200:
        assert error.failure.facts["status"] == status


@pytest.mark.parametrize(("status", "code"), [(400, "unknown_parameter"), (422, None), (200, "InvalidParameter")])
def test_a_refused_request_is_not_called_no_answer(status: int, code: str | None) -> None:
    with ChatServer(script=[Behaviour(status=status, body=openai("Unknown parameter: 'x'.", code))]) as server:
        told = ask(OpenAIProvider(ModelConfig("m", "openai", model="model", base_url=server.base_url, preset="openai.com")), request(None))[0]
    assert "refused the request as wrong" in told.failed.failure.message


@pytest.mark.parametrize("key", ["wrong", ""])
def test_a_proxy_that_says_oddly_that_the_key_is_wrong(key: str) -> None:
    secrets.store("run:proxy-test", key or "x")
    with ChatServer(LITELLM, key="right") as server:
        config = ModelConfig("m", "openai", model="model", base_url=server.base_url, key_ref="run:proxy-test" if key else "")
        told = ask(OpenAIProvider(config), request(None))[0]
    assert told.failed.failure.kind is K.KEY


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        3,
        [],
        {},
        {"choices": []},
        {"choices": [], "code": 200},
        {"choices": [{"delta": {}}], "error": None},
        {"choices": [{"delta": {}}], "code": "odd", "detail": "odd"},
        {"code": "Success"},
        {"code": 0, "choices": None},
    ],
)
def test_what_is_no_error_is_not_taken_for_one(answer: Any) -> None:
    assert said(answer) is None


def test_unknown_words_go_by_the_status_or_by_where_they_stand() -> None:
    assert classify(Said((), "Zut."), 500) is K.OVERLOADED
    assert classify(Said((), "Zut."), 400) is K.BAD_ANSWER
    assert classify(Said((), "Zut."), 200, begun=True) is K.OVERLOADED


def test_a_raw_answer_loses_keys_and_media_and_nothing_else() -> None:
    raw = '{"a": "sk-1", "b": "data:video/mp4;base64,' + "AbC/" * 300 + '==", "c": "焊接"}'
    assert clean(raw, "sk-1") == '{"a": "(the key)", "b": "data:video/mp4;base64,(1202 characters of data)", "c": "焊接"}'
    assert clean(b"a\xffb", "") == "a\ufffdb"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<think>a</think>b", "b"),
        ("  <think>\n\n</think>\n\nb <think>c</think>", "b <think>c</think>"),
        ("b", "b"),
        ("<thin", "<thin"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("<think>a", ""),
        ("<think></think>", ""),
        ("a<think>b</think>", "a<think>b</think>"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_thoughts_at_the_beginning_are_dropped_however_they_are_split(text: str, rest: str, size: int) -> None:
    filtered = ThinkFilter()
    told = [filtered.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(told) + filtered.end() == rest
