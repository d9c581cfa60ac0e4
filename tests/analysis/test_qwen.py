"""The `qwen` provider against a strict server that speaks as DashScope does: bodies, limits, and every error of Alibaba's page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from analysis.model_clips import Told, ask, real_clip, request
from openai import OpenAI
from support.chat_server import QWEN, Behaviour, ChatServer

from skiuo_desktop import secrets
from skiuo_desktop.analysis.chat_errors import classify, said
from skiuo_desktop.analysis.qwen import QwenProvider
from skiuo_desktop.analysis.tokens import qwen_video_tokens
from skiuo_desktop.errors import UsageError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind, ModelConfig

KEY = "sk-a-secret-of-this-test"
K = FailureKind


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClipRenditions]:
    made = real_clip(tmp_path_factory.mktemp("clip"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _key() -> None:
    secrets.store("run:qwen-test", KEY)


def config(server: ChatServer | None = None, **fields: Any) -> ModelConfig:
    base = {"base_url": server.base_url, "model": server.model} if server is not None else {"model": "qwen3.7-plus"}
    return ModelConfig("m", "qwen", **{"key_ref": "run:qwen-test", "preset": "singapore", **base, **fields})


def answered(clip: ClipRenditions | None, behaviour: Behaviour | None = None, model: str = "qwen3.7-plus", **fields: Any) -> tuple[Told, ChatServer]:
    with ChatServer(QWEN, key=KEY, model=model, script=[behaviour]) as server:
        return ask(QwenProvider(config(server, **fields)), request(clip))[0], server


def test_a_video_goes_as_mp4_with_its_hints_beside_it(clip: ClipRenditions) -> None:
    told, server = answered(clip)
    body = server.requests[0].body
    video, text = body["messages"][1]["content"]
    assert video["video_url"].keys() == {"url"}
    assert video["video_url"]["url"].startswith("data:video/mp4;base64,AAAA")
    assert (video["type"], video["fps"], video["max_pixels"]) == ("video_url", 1.0, 655_360)
    assert text == {"type": "text", "text": "What happens in this window?"}
    assert {name: value for name, value in body.items() if name not in ("messages", "model")} == {
        "stream": True,
        "stream_options": {"include_usage": True},
        "enable_thinking": False,
        "max_completion_tokens": 1024,
    }
    assert told.finished.usage.tokens_in == server.counted[0].tokens_in
    ledger = told.sent.ledger
    assert (ledger["delivery"], ledger["format"], ledger["frame_count"]) == ("inline", "mp4", 6)
    assert ledger["options"]["media"] == {"fps": 1.0, "max_pixels": 655_360}
    assert told.sent.estimate.tokens_in is not None
    assert told.sent.estimate.tokens_in >= server.counted[0].tokens_in >= qwen_video_tokens(640, 360, 6)


def test_frames_go_as_one_list_of_a_video(clip: ClipRenditions) -> None:
    told, server = answered(clip, delivery="frames", options={"fps": 2})
    part = server.requests[0].body["messages"][1]["content"][0]
    assert part.keys() == {"type", "video", "fps"}
    assert (part["type"], len(part["video"]), part["fps"]) == ("video", 12, 2.0)
    assert told.text == "A person works in 12 frames of 640x360."


@pytest.mark.parametrize("delivery", ["auto", "frames"])
def test_the_shortest_clips_are_made_acceptable(tmp_path: Any, delivery: str) -> None:
    short = real_clip(tmp_path, 1.0)
    told, server = answered(short, delivery=delivery)
    assert told.finished
    part = server.requests[0].body["messages"][1]["content"][0]
    assert (part["type"], len(part["video"]), part["fps"]) == ("video", 4, 2.0)
    short.close()


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("qwen3.7-plus", {"enable_thinking": False}),
        ("qwen3-vl-flash", {"enable_thinking": False}),
        ("qwen3.8-flash", {"reasoning_effort": "low"}),
        ("qwen3-vl-235b-a22b-thinking", {"thinking_budget": 512}),
        ("qvq-max", {"thinking_budget": 512}),
        ("qwen-vl-max", {}),
        ("qwen3.5-omni-flash", {"enable_thinking": False, "modalities": ["text"]}),
    ],
)
def test_thinking_is_off_or_bounded(clip: ClipRenditions, model: str, thinking: dict[str, Any]) -> None:
    told, server = answered(clip, model=model)
    assert told.finished
    told_names = ("enable_thinking", "thinking_budget", "reasoning_effort", "modalities")
    assert {name: value for name, value in server.requests[0].body.items() if name in told_names} == thinking


def test_an_effort_that_the_person_chose_stands_alone(clip: ClipRenditions) -> None:
    _, server = answered(clip, model="qwen3.8-max", options={"reasoning_effort": "medium"})
    body = server.requests[0].body
    assert body["reasoning_effort"] == "medium"
    assert "enable_thinking" not in body


@pytest.mark.parametrize(
    ("model", "frames", "minutes", "pixels"),
    [
        ("qwen3.8-flash", 8000, 120, 2_048_000),
        ("qwen3.5-plus", 8000, 120, 2_048_000),
        ("qwen3-vl-plus", 2000, 60, 2_048_000),
        ("qwen2.5-vl-72b-instruct", 512, 10, 655_360),
        ("qwen-vl-max", 80, 20, 655_360),
        ("qwen-vl-plus", 80, 10, 655_360),
    ],
)
def test_the_limits_of_each_family(model: str, frames: int, minutes: int, pixels: int) -> None:
    provider = QwenProvider(config(model=model))
    limits = provider.limits()
    assert (limits.most_frames, limits.longest_ms, limits.most_pixels) == (frames, minutes * 60_000, pixels)
    assert (limits.least_ms, limits.least_frames, limits.formats) == (2000, 4, ("mp4",))
    asyncio.run(provider.close())


def test_a_probe_walks_the_video_and_the_frames(clip: ClipRenditions) -> None:
    with ChatServer(QWEN, key=KEY, model="qwen3.7-plus") as server:

        async def probe() -> Any:
            provider = QwenProvider(config(server))
            report = await provider.probe(clip)
            await provider.close()
            return report

        report = asyncio.run(probe())
    assert [(hop.name, hop.state) for hop in report.hops] == [("reach", "ok"), ("text", "ok"), ("inline", "ok"), ("frames", "ok")]
    assert report.deliveries == ("inline", "frames")
    assert report.video_format == "mp4"
    assert [sent.body["max_completion_tokens"] for sent in server.requests] == [32, 32, 32]


def test_a_workspace_address_wants_its_id() -> None:
    with pytest.raises(UsageError, match="workspace"):
        QwenProvider(config(preset="tokyo"))
    provider = QwenProvider(config(preset="tokyo", base_url="https://llm-7.ap-northeast-1.maas.aliyuncs.com/compatible-mode/v1"))
    assert provider.server == "Alibaba Cloud (Tokyo)"
    asyncio.run(provider.close())


# (status, code, message, kind): Alibaba's error page, and messages seen of its services
ERRORS = [
    (400, "InvalidParameter", "Range of fps should be [0.1, 10]", K.BAD_ANSWER),
    (400, "invalid_parameter_error", "The thinking_budget parameter must be a positive integer", K.BAD_ANSWER),
    (400, "DataInspectionFailed", "Input data may contain inappropriate content.", K.REFUSED),
    (400, "data_inspection_failed", "Output data may contain inappropriate content.", K.REFUSED),
    (400, "Arrearage", "Access denied, please make sure your account is in good standing.", K.BILLING),
    (401, "InvalidApiKey", "Invalid API-key provided.", K.KEY),
    (401, "invalid_api_key", "Incorrect API key provided.", K.KEY),
    (403, "Model.AccessDenied", "Model access denied.", K.BILLING),
    (403, "AccessDenied.Unpurchased", "Access to model denied. Please make sure you are eligible for using the model.", K.BILLING),
    (403, "AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted.", K.BILLING),
    (404, "ModelNotFound", "Model can not be found.", K.MODEL_MISSING),
    (404, "model_not_found", "The model `qwen9` does not exist.", K.MODEL_MISSING),
    (404, "model_not_supported", "Unsupported model `qwen9` for OpenAI compatibility mode.", K.MODEL_MISSING),
    (429, "Throttling", "Requests throttled.", K.QUOTA_MINUTE),
    (429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.", K.QUOTA_MINUTE),
    (429, "LimitRequests", "You exceeded your current requests list.", K.QUOTA_MINUTE),
    (429, "limit_requests", "You exceeded your current requests list.", K.QUOTA_MINUTE),
    (429, "Throttling.BurstRate", "Request rate increased too quickly.", K.QUOTA_MINUTE),
    (429, "Throttling.AllocationQuota", "Allocated quota exceeded, please increase your quota limit.", K.QUOTA_MINUTE),
    (429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", K.QUOTA_MINUTE),
    (429, "insufficient_quota", "week allocated quota exceeded.", K.QUOTA_DAY),
    (500, "InternalError", "An internal error has occured, please try again later.", K.OVERLOADED),
    (500, "InternalError.Algo", "inference internal error", K.OVERLOADED),
    (500, "RequestTimeOut", "Request timed out, please try again later.", K.TIMEOUT),
    (400, "InvalidParameter.DataInspection", "Download the media resource timed out during the data inspection process.", K.CANNOT_FETCH),
    (400, "InvalidParameter", "Failed to download multimodal content", K.CANNOT_FETCH),
    (400, "InvalidParameter.DataInspection", "Unable to download the media resource during the data inspection process.", K.CANNOT_FETCH),
    (400, "InvalidParameter", "Don't have authorization to access the media resource", K.CANNOT_FETCH),
    (500, "InternalError", "Missing Content-Length of multimodal url", K.CANNOT_FETCH),
    (400, "InvalidParameter", "Invalid video file.", K.MEDIA),
    (400, "InvalidParameter", "The video file is too long", K.TOO_LARGE),
    (400, "InvalidParameter", "The file format is illegal and cannot be opened.", K.MEDIA),
    (400, "InvalidParameter", "Exceeded limit on max bytes per data-uri item : 10485760", K.TOO_LARGE),
    (400, "InvalidParameter", "Range of input length should be [1, 129024]", K.TOO_LARGE),
]


@pytest.mark.parametrize(("status", "code", "message", "kind"), ERRORS)
def test_each_error_in_both_shapes(status: int, code: str, message: str, kind: FailureKind) -> None:
    for body in (
        {"code": code, "message": message, "request_id": "r"},
        {"error": {"message": message, "type": code, "param": None, "code": code}, "request_id": "r"},
    ):
        found = said(body)
        assert found is not None
        assert classify(found, status, qwen=True) is kind


@pytest.mark.parametrize(("status", "code", "message", "kind"), [ERRORS[n] for n in (2, 4, 5, 8, 13, 21, 23, 25)])
@pytest.mark.parametrize("place", ["status", "200", "stream"])
def test_errors_by_status_inside_a_200_and_inside_the_stream(place: str, status: int, code: str, message: str, kind: FailureKind) -> None:
    body = {"code": code, "message": message, "request_id": "r-77"}
    behaviour = {
        "status": Behaviour(status=status, body=body),
        "200": Behaviour(body=body),
        "stream": Behaviour("The person begins", error=body, after=2),
    }[place]
    told, _ = answered(None, behaviour)
    error = told.failed
    assert error.failure.kind is kind
    assert "r-77" in error.failure.raw
    assert error.billed is (place == "stream" or kind is K.TIMEOUT)
    assert told.text == ("The p" if place == "stream" else "")
    assert error.again is (kind in (K.QUOTA_MINUTE, K.OVERLOADED, K.TIMEOUT))
    assert "127.0.0.1" in error.failure.message


@pytest.mark.parametrize(
    ("headers", "wait_s", "again"),
    [
        ({"retry-after-ms": "2500"}, 2.5, True),
        ({"Retry-After": "21"}, 21.0, True),
        ({}, None, True),
        ({"x-should-retry": "false"}, None, False),
    ],
)
def test_the_services_own_delay_is_told(headers: dict[str, str], wait_s: float | None, again: bool) -> None:
    told, _ = answered(None, Behaviour(status=429, body={"code": "Throttling.RateQuota", "message": "slow down"}, headers=headers))
    assert told.failed.retry_after_s == wait_s
    assert told.failed.again is again
    assert not told.failed.billed
    if wait_s == 21:
        assert "for 21 s" in told.failed.failure.message


def test_a_wrong_model_name_and_a_wrong_key() -> None:
    with ChatServer(QWEN, key=KEY, model="qwen3.7-plus") as server:
        told = ask(QwenProvider(config(server, model="qwen3.7-plsu")), request(None))[0]
        assert told.failed.failure.kind is K.MODEL_MISSING
        assert "has no model qwen3.7-plsu" in told.failed.failure.message
        secrets.store("run:qwen-test", "sk-other")
        told = ask(QwenProvider(config(server)), request(None))[0]
        assert told.failed.failure.kind is K.KEY
        assert "sk-other" not in json.dumps(told.failed.failure.raw)
        assert server.counted == []


def test_the_scripted_server_refuses_what_dashscope_does_not_document(clip: ClipRenditions) -> None:
    with ChatServer(QWEN, model="qwen3.7-plus") as server, OpenAI(base_url=server.base_url, api_key="any", max_retries=0) as client:
        for media, further in (
            ({"type": "video_url", "video_url": {"url": "data:video/webm;base64,AAAA"}}, {}),
            ({"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA"}}, {}),
            ({"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA", "fps": 2}}, {}),
            ({"type": "video", "video": ["data:image/jpeg;base64,AAAA"] * 4}, {}),
            ({"type": "text", "text": "x"}, {"enable_thinkin": False}),
            ({"type": "text", "text": "x"}, {"thinking_budget": 5, "reasoning_effort": "low"}),
        ):
            messages: Any = [{"role": "user", "content": [media, {"type": "text", "text": "What?"}]}]
            with pytest.raises(Exception, match="400"):
                client.chat.completions.create(model="qwen3.7-plus", messages=messages, stream=True, max_completion_tokens=9, extra_body=further)
        assert server.counted == []
        assert len(server.refused) == 6


def test_the_official_client_gets_the_same_text_and_usage(clip: ClipRenditions) -> None:
    with ChatServer(QWEN, key=KEY, model="qwen3.7-plus") as server:
        told = ask(QwenProvider(config(server)), request(clip))[0]
        body = dict(server.requests[0].body)
        further = {"enable_thinking": body.pop("enable_thinking")}
        with OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client:
            chunks = list(client.chat.completions.create(**body, extra_body=further))
    assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices) == told.text
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.prompt_tokens == told.finished.usage.tokens_in
