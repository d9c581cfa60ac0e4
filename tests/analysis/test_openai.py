"""The `openai` provider against strict servers in each dialect: bodies, streams with every trap, and the official client as a witness."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from analysis.model_clips import Told, ask, real_clip, request
from openai import OpenAI
from support.chat_server import LITELLM, LLAMACPP, LMSTUDIO, OLLAMA, OPENAI, SGLANG, TRANSFORMERS, VLLM, Behaviour, ChatServer

from skiuo_desktop import secrets
from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.analysis.provider import Probing, Prompt, TextDelta
from skiuo_desktop.errors import AnalysisError, UsageError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind, ModelConfig, Price, Tier

KEY = "sk-a-secret-of-this-test"
PRESETS = {OPENAI: "openai.com", LITELLM: "other"}
PRICE = Price((Tier(1.0, 10.0),), "USD")
ANSWER = "她把烙铁放下 🙂 and writes \u2028\u2029\u0085 “350 ℃” down."


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClipRenditions]:
    made = real_clip(tmp_path_factory.mktemp("clip"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _key() -> None:
    secrets.store("run:openai-test", KEY)


def config(server: ChatServer, **fields: Any) -> ModelConfig:
    told = {
        "model": server.model,
        "base_url": server.base_url,
        "key_ref": "run:openai-test",
        "price": PRICE,
        "preset": PRESETS.get(server.dialect, server.dialect),
    }
    return ModelConfig("m", "openai", **{**told, **fields})


def answered(
    clip: ClipRenditions | None, behaviour: Behaviour | str | None = None, dialect: str = OPENAI, seed: int = 1, **fields: Any
) -> tuple[Told, ChatServer]:
    with ChatServer(dialect, key=KEY, script=[behaviour], seed=seed) as server:
        return ask(OpenAIProvider(config(server, **fields)), request(clip))[0], server


@pytest.mark.parametrize("dialect", [OPENAI, VLLM, SGLANG, OLLAMA, LMSTUDIO, LLAMACPP, TRANSFORMERS, LITELLM])
def test_each_kind_of_server_is_asked_in_its_own_words(clip: ClipRenditions, dialect: str) -> None:
    told, server = answered(clip, dialect=dialect)
    seen = server.requests[0].seen
    assert seen.frames == 6
    assert told.text == f"A person works in 6 frames of {seen.size[0]}x{seen.size[1]}."
    assert "What happens in this window?" in seen.text
    assert seen.system == "You write what a person does."
    counted = server.counted[0]
    usage = told.finished.usage
    assert (usage.tokens_in, usage.tokens_out, usage.estimated) == (counted.tokens_in, counted.tokens_out, False)
    assert usage.cost == pytest.approx((counted.tokens_in + 10 * counted.tokens_out) / 1e6)
    assert told.finished.about["model_version"] == ("model@main" if dialect == TRANSFORMERS else "model")
    assert told.finished.about["finish_reason"] == "stop"
    estimate = told.sent.estimate
    assert estimate.estimated
    assert (estimate.tokens_in or 0) >= counted.tokens_in
    assert estimate.tokens_out == 1024


@pytest.mark.parametrize(
    ("dialect", "deliveries"),
    [
        (OPENAI, ("frames",)),
        (VLLM, ("inline", "frames")),
        (SGLANG, ("inline", "frames")),
        (OLLAMA, ("frames",)),
        (LMSTUDIO, ("frames",)),
        (LLAMACPP, ("inline", "frames")),
        (TRANSFORMERS, ("frames",)),
        (LITELLM, ("frames",)),  # a proxy that drops the video and answers all the same
    ],
)
def test_a_probe_finds_what_really_arrives(clip: ClipRenditions, dialect: str, deliveries: tuple[str, ...]) -> None:
    with ChatServer(dialect, key=KEY) as server:
        provider = OpenAIProvider(config(server))
        assert isinstance(provider, Probing)

        async def probe() -> Any:
            report = await provider.probe(clip)
            await provider.close()
            return report

        report = asyncio.run(probe())
    assert report.deliveries == deliveries
    assert report.said.startswith("A person works in 6 frames")
    assert report.video_format == ("mp4" if "inline" in deliveries else "")
    assert len(report.usages) == len(server.counted)
    assert report.usage.tokens_in == sum(counted.tokens_in for counted in server.counted)
    assert len({sent.text for sent in server.requests}) == 1  # else the counts say nothing
    assert all((body.get("max_tokens") or body.get("max_completion_tokens")) <= 32 for body in (sent.body for sent in server.requests))
    states = {hop.name: hop.state for hop in report.hops}
    assert states.get("inline") == {LITELLM: "dropped"}.get(dialect, "ok" if "inline" in deliveries else None)


def test_auto_uses_what_the_probe_saw(clip: ClipRenditions) -> None:
    told, server = answered(clip, dialect=LITELLM, probe={"deliveries": ["frames"], "hops": [{"name": "inline", "state": "dropped"}]})
    assert server.requests[0].seen.delivery == "frames"
    assert "saw arrive" in told.sent.ledger["why"]


def test_the_ledger_says_what_leaves_and_holds_no_key(clip: ClipRenditions) -> None:
    told, server = answered(clip)
    ledger = told.sent.ledger
    seen = server.requests[0].seen
    assert {name: ledger[name] for name in ("delivery", "format", "frame_count", "fps", "size", "sound", "model")} == {
        "delivery": "frames",
        "format": "jpeg",
        "frame_count": 6,
        "fps": 1.0,
        "size": f"{seen.size[0]}x{seen.size[1]}",
        "sound": False,
        "model": "model",
    }
    assert ledger["address"] == f"{server.base_url}/chat/completions"
    assert ledger["prompt"] == {"template": "activity", "version": 3, "system": "You write what a person does.", "user": "What happens in this window?"}
    assert ledger["options"]["max_completion_tokens"] == 1024
    assert [frame["at_ms"] for frame in ledger["frames"]] == [0, 1000, 2000, 3000, 4000, 5000]
    assert ledger["estimate"]["cost"] == pytest.approx(told.sent.estimate.cost)
    written = json.dumps(ledger)
    assert KEY not in written
    assert len(written) < 2000  # and no media


def test_the_fingerprint_is_of_the_whole_question(clip: ClipRenditions) -> None:
    with ChatServer() as server:
        base = config(server, key_ref="")
        other_prompt = replace(request(clip), prompt=Prompt("You write what a person does.", "What else?"))
        variants = [
            (base, request(clip)),
            (replace(base, model="other"), request(clip)),
            (replace(base, longest_answer=99), request(clip)),
            (replace(base, options={"fps": 2}), request(clip)),
            (base, other_prompt),
            (base, request(None)),
        ]
        prints = [ask(OpenAIProvider(one), question)[0].sent.fingerprint for one, question in variants]
        assert len(set(prints)) == len(variants)
        assert ask(OpenAIProvider(replace(base, name="renamed", timeout_s=9, concurrency=3)), request(clip))[0].sent.fingerprint == prints[0]


def test_the_fingerprint_is_of_the_bytes_that_go_out_in_one_fixed_order(clip: ClipRenditions) -> None:
    told, server = answered(clip)
    body = json.dumps(server.requests[0].body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    question = f"openai\n{server.base_url}\nmodel\n{body}".encode()
    assert told.sent.fingerprint == hashlib.sha256(question).hexdigest()


def test_nothing_is_sent_before_the_ledger_was_taken(clip: ClipRenditions) -> None:
    with ChatServer() as server:

        async def leave() -> None:
            provider = OpenAIProvider(config(server, key_ref=""))
            async with aclosing(provider.analyse(request(clip))) as events:
                await anext(events)
            await provider.close()

        asyncio.run(leave())
        assert server.requests == []
        assert server.connections == 0


def test_vllm_is_told_to_look_at_more_frames_than_its_own_32(clip: ClipRenditions) -> None:
    _, server = answered(clip, dialect=VLLM, options={"fps": 8})
    assert server.requests[0].seen.delivery == "inline"
    assert server.requests[0].seen.frames == 48


def test_a_question_about_texts_alone(clip: ClipRenditions) -> None:
    told, server = answered(None)
    assert told.text == "There is no picture, only a question."
    assert server.requests[0].body["messages"][1]["content"] == "What happens in this window?"
    assert told.sent.ledger["delivery"] == "text"


def test_frames_come_with_their_times(clip: ClipRenditions) -> None:
    _, server = answered(clip, options={"fps": 2})
    content = server.requests[0].body["messages"][1]["content"]
    assert "12 pictures" in content[0]["text"]
    assert "0.5 s apart" in content[0]["text"]
    assert [part["type"] for part in content] == ["text", *["image_url"] * 12, "text"]
    assert all(part["image_url"]["detail"] == "low" for part in content[1:-1])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(ANSWER),
        Behaviour(ANSWER, space=False, line_end="\r\n", before=(": keep-alive", "")),
        Behaviour(ANSWER, line_end="\r", usage="null"),
        Behaviour(ANSWER, usage="choice", done=False),
        Behaviour(ANSWER, usage="every"),
        Behaviour(ANSWER, reasoning="let me look at the frames", thinking_tokens=40),
        Behaviour("<think>It is a soldering iron.</think>\n\n" + ANSWER),
        Behaviour("\n<think>\n\n</think>\n\n" + ANSWER),
    ],
)
def test_the_same_text_however_it_is_streamed(clip: ClipRenditions, behaviour: Behaviour, seed: int) -> None:
    told, server = answered(None, behaviour, seed=seed)
    assert told.text == ANSWER
    assert told.finished.usage.tokens_in == server.counted[0].tokens_in
    assert told.finished.usage.tokens_out == server.counted[0].tokens_out
    if behaviour.thinking_tokens:
        assert told.finished.about["thinking_tokens"] > 40
    assert "choices" in told.finished.raw


def test_a_server_that_counts_nothing_costs_nothing_known(clip: ClipRenditions) -> None:
    told, _ = answered(None, Behaviour(ANSWER, usage="none"))
    assert told.text == ANSWER
    assert (told.finished.usage.tokens_in, told.finished.usage.cost) == (None, None)


def test_a_proxy_that_counts_zero_counts_nothing(clip: ClipRenditions) -> None:
    with ChatServer(LITELLM, script=lambda _: Behaviour(usage="zero")) as server:

        async def probe() -> Any:
            provider = OpenAIProvider(config(server, key_ref=""))
            report = await provider.probe(clip)
            await provider.close()
            return report

        report = asyncio.run(probe())
    assert [hop.state for hop in report.hops] == ["ok"] * 4
    assert all("counts no tokens" in hop.detail for hop in report.hops[1:])
    assert all(usage.estimated for usage in report.usages)


@pytest.mark.parametrize(
    ("dialect", "model", "effort"),
    [
        (OPENAI, "gpt-5-mini", "low"),
        (OPENAI, "o4-mini", "low"),
        (OPENAI, "gpt-5-chat-latest", None),
        (OPENAI, "gpt-4.1-mini", None),
        (OLLAMA, "qwen3-vl:8b", "none"),
    ],
)
def test_a_model_that_thinks_is_told_to_think_little(dialect: str, model: str, effort: str | None) -> None:
    with ChatServer(dialect, model=model) as server:
        assert ask(OpenAIProvider(config(server, key_ref="")), request(None))[0].text
        assert ask(OpenAIProvider(config(server, key_ref="", options={"reasoning_effort": "high"})), request(None))[0].text
    assert [sent.body.get("reasoning_effort") for sent in server.requests] == [effort, "high"]


def test_a_server_that_does_not_stream_is_understood(clip: ClipRenditions) -> None:
    whole = {
        "id": "1",
        "object": "chat.completion",
        "model": "m-7",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Whole."}}],
    }
    told, _ = answered(None, Behaviour(body={**whole, "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}))
    assert told.text == "Whole."
    assert told.finished.usage.tokens_in == 9


def test_content_as_a_list_of_parts(clip: ClipRenditions) -> None:
    delta = {"content": [{"type": "text", "text": "In parts."}, {"type": "thinking", "thinking": "hm"}]}
    pieces = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}]
    told, _ = answered(None, Behaviour(pieces=pieces))
    assert told.text == "In parts."


@pytest.mark.parametrize(
    ("behaviour", "kind", "again", "text"),
    [
        (Behaviour(ANSWER, finish=None, done=False), FailureKind.CUT_SHORT, True, ANSWER),
        (Behaviour(ANSWER, reset=True, after=3), FailureKind.CUT_SHORT, True, ANSWER[:10]),
        (Behaviour(ANSWER, error='data: {"id": "x", "choi', after=3), FailureKind.CUT_SHORT, True, ANSWER[:10]),
        (Behaviour(ANSWER, finish="length"), FailureKind.CUT_SHORT, False, ANSWER),
        (Behaviour("", reasoning="on and on", thinking_tokens=99, finish="length"), FailureKind.EMPTY, False, ""),
        (Behaviour("", reasoning="only this"), FailureKind.EMPTY, True, ""),
        (Behaviour("<think>never ends"), FailureKind.EMPTY, True, ""),
        (Behaviour("   \n"), FailureKind.EMPTY, True, None),
        (Behaviour(ANSWER, finish="content_filter"), FailureKind.REFUSED, False, ANSWER),
        (Behaviour("", finish="content_filter"), FailureKind.REFUSED, False, ""),
        (Behaviour("", finish="tool_calls"), FailureKind.BAD_ANSWER, True, ""),
        (Behaviour(ANSWER, error={"error": {"message": "The engine died", "type": "server_error"}}, after=3), FailureKind.OVERLOADED, True, ANSWER[:10]),
        (
            Behaviour(ANSWER, error='{"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}', after=3),
            FailureKind.QUOTA_MINUTE,
            True,
            ANSWER[:10],
        ),
        (Behaviour(ANSWER, error={"error": {"message": "Forbidden", "code": 429}}, after=3), FailureKind.QUOTA_MINUTE, True, ANSWER[:10]),
        # transformers serve puts the text in as it is
        (Behaviour(ANSWER, error='data: {"error": "CUDA "out of memory"\nat line 3"}\n\n', after=3), FailureKind.OVERLOADED, True, ANSWER[:10]),
    ],
)
def test_answers_that_end_badly_keep_their_text_and_say_why(behaviour: Behaviour, kind: FailureKind, again: bool, text: str | None) -> None:
    told, server = answered(None, behaviour)
    error = told.failed
    assert error.failure.kind is kind
    assert error.again is again
    assert error.billed
    assert error.failure.raw
    assert len(server.counted) == 1
    if text is not None:
        assert told.text == text
    if behaviour.finish is not None and behaviour.error is None and not behaviour.reset:
        assert error.usage is not None
        assert error.usage.tokens_in == server.counted[0].tokens_in
        assert error.usage.cost is not None


def test_a_refusal_in_its_own_field_is_one() -> None:
    pieces = [
        {"choices": [{"index": 0, "delta": {"refusal": "I can't help with that."}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    told, _ = answered(None, Behaviour(pieces=pieces))
    assert told.failed.failure.kind is FailureKind.REFUSED
    assert "can't help" in told.failed.failure.raw


def test_a_reset_after_the_finish_harms_nobody(clip: ClipRenditions) -> None:
    # role, 2 of text, finish, and then no usage
    told, _ = answered(None, Behaviour("It ends.", reset=True, after=4))
    assert told.text == "It ends."
    assert told.finished.about["finish_reason"] == "stop"


def test_a_page_that_is_no_answer(clip: ClipRenditions) -> None:
    told, _ = answered(None, Behaviour(body="<html>Please log in to the hotel's network</html>"))
    assert told.failed.failure.kind is FailureKind.BAD_ANSWER
    assert "hotel" in told.failed.failure.raw
    assert not told.failed.again


def test_no_answer_in_time_may_have_been_billed(clip: ClipRenditions) -> None:
    wait = threading.Event()
    try:
        told, _ = answered(None, Behaviour(wait=wait), timeout_s=3.0)
    finally:
        wait.set()
    assert told.failed.failure.kind is FailureKind.TIMEOUT
    assert told.failed.billed


def test_text_arrives_while_the_server_still_writes(clip: ClipRenditions) -> None:
    hold = threading.Event()
    with ChatServer(script=[Behaviour("first then rest", hold=hold, after=2)]) as server:
        seen: list[str] = []

        def at(event: object) -> None:
            if isinstance(event, TextDelta):
                seen.append(event.text)
                if not hold.is_set():
                    assert not server.counted[0].ended
                    hold.set()

        told = ask(OpenAIProvider(config(server, key_ref="")), request(None), at=at)[0]
    assert told.text == "first then rest"
    assert seen[0] == "first"


def test_a_cancelled_question_lets_the_connection_go_at_once(clip: ClipRenditions) -> None:
    hold = threading.Event()
    with ChatServer(script=[Behaviour("first then a long rest", hold=hold, after=2)]) as server:

        async def cancelled() -> None:
            provider = OpenAIProvider(config(server, key_ref=""))
            begun = asyncio.Event()

            async def read() -> None:
                async for event in provider.analyse(request(None)):
                    if isinstance(event, TextDelta):
                        begun.set()

            task = asyncio.create_task(read())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 45)  # of the 60 for which the server would hold it
            await provider.close()

        asyncio.run(cancelled())
        hold.set()


def test_a_server_that_resets_used_connections_after_an_error_gets_new_ones(clip: ClipRenditions) -> None:
    with ChatServer(TRANSFORMERS, script=[Behaviour(status=500, body="Internal Server Error")]) as server:
        first, second = ask(OpenAIProvider(config(server, key_ref="")), request(clip), request(clip))
        assert server.connections == 2
    assert first.failed.failure.kind is FailureKind.OVERLOADED
    assert "Internal Server Error" in first.failed.failure.raw
    assert second.text.startswith("A person works")


def test_several_windows_are_asked_about_at_once(clip: ClipRenditions) -> None:
    together = threading.Barrier(4, timeout=60)

    def meet(sent: Any) -> str:
        together.wait()  # breaks where they come one after the other
        return f"Seen {sent.text[-1]}."

    with ChatServer(script=meet) as server:

        async def all_at_once() -> list[str]:
            provider = OpenAIProvider(config(server, key_ref=""))

            async def one(number: int) -> str:
                prompt = Prompt("", f"Window {number}")
                return "".join([event.text async for event in provider.analyse(request(clip, prompt)) if isinstance(event, TextDelta)])

            texts = await asyncio.gather(*[one(number) for number in range(4)])
            await provider.close()
            return texts

        assert asyncio.run(all_at_once()) == ["Seen 0.", "Seen 1.", "Seen 2.", "Seen 3."]


def test_one_connection_serves_many_windows(clip: ClipRenditions) -> None:
    with ChatServer() as server:
        ask(OpenAIProvider(config(server, key_ref="")), *[request(None)] * 5)
        assert server.connections == 1


def test_a_wrong_key_is_said_and_never_shown(clip: ClipRenditions) -> None:
    secrets.store("run:openai-test", " sk-something-wrong\n")  # as it was pasted
    told, server = answered(None)
    error = told.failed
    assert error.failure.kind is FailureKind.KEY
    assert not error.billed
    assert "sk-something-wrong" not in error.failure.raw + error.failure.message  # the server sent it back
    assert "(the key)" in error.failure.raw
    assert server.counted == []


def test_media_that_a_server_sends_back_is_not_kept(clip: ClipRenditions) -> None:
    def echo(sent: Any) -> Behaviour:
        return Behaviour(status=422, body={"detail": [{"type": "extra_forbidden", "msg": "no", "input": sent.body}]})

    with ChatServer(VLLM, script=echo) as server:
        told = ask(OpenAIProvider(config(server, key_ref="")), request(clip))[0]
    assert told.failed.failure.kind is FailureKind.BAD_ANSWER
    assert "characters of data" in told.failed.failure.raw
    assert len(told.failed.failure.raw) < 5000


def test_a_body_that_is_left_open_after_its_end_is_not_waited_for() -> None:
    linger = threading.Event()
    with ChatServer(script=[Behaviour("It ends.", linger=linger)]) as server:
        started = time.monotonic()
        told = ask(OpenAIProvider(config(server, key_ref="")), request(None))[0]
        assert time.monotonic() - started < 45  # of the 60 for which the server would hold it
        linger.set()
    assert told.finished.usage.tokens_in == server.counted[0].tokens_in


@pytest.mark.parametrize(("reference", "words"), [("env:SKIUO_TEST_NO_SUCH_KEY", "is not set"), ("run:never-given", "enter it again")])
def test_a_key_that_is_not_there_is_said_before_anything_is_sent(reference: str, words: str) -> None:
    with ChatServer() as server:
        told = ask(OpenAIProvider(config(server, key_ref=reference)), request(None))[0]
        assert server.connections == 0
    assert told.failed.failure.kind is FailureKind.KEY
    assert words in told.failed.failure.message
    assert told.events == []


def test_a_key_that_can_be_none_is_not_sent() -> None:
    secrets.store("run:openai-test", "sk-密钥")
    told, server = answered(None)
    assert told.failed.failure.kind is FailureKind.KEY
    assert "enter it again" in told.failed.failure.message
    assert server.connections == 0


def test_a_cloud_service_is_not_asked_without_a_key() -> None:
    told = ask(OpenAIProvider(ModelConfig("m", "openai", model="gpt-5-mini", preset="openai.com")), request(None))[0]
    assert told.failed.failure.kind is FailureKind.KEY
    assert told.failed.failure.message.startswith("OpenAI ")


def test_a_key_that_was_replaced_counts_at_once() -> None:
    with ChatServer(key=KEY) as server:
        secrets.store("run:openai-test", "old")

        def at(event: object) -> None:
            secrets.store("run:openai-test", KEY)

        first, second = ask(OpenAIProvider(config(server)), request(None), request(None), at=at)
    assert first.failed.failure.kind is FailureKind.KEY
    assert second.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"base_url": "peer.example/v1"},
        {"base_url": "http://peer.example/v1", "key_ref": "env:K"},
        {"base_url": "https://user:word@peer.example/v1"},
    ],
)
def test_an_address_that_is_none_is_refused_when_it_is_built(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        OpenAIProvider(ModelConfig("m", "openai", model="x", **fields))


def test_a_trailing_slash_in_the_address_does_no_harm(clip: ClipRenditions) -> None:
    with ChatServer() as server:
        told = ask(OpenAIProvider(config(server, base_url=server.base_url + "/", key_ref="")), request(None))[0]
    assert told.text
    assert told.sent.ledger["address"] == f"{server.base_url}/chat/completions"


@pytest.mark.parametrize("dialect", [OPENAI, VLLM, OLLAMA])
def test_the_official_client_gets_the_same_text_and_usage(clip: ClipRenditions, dialect: str) -> None:
    """So that the scripted server is not wrong in our favour: OpenAI's own client sends our body and reads its answer."""
    with ChatServer(dialect, key=KEY, script=[ANSWER, ANSWER]) as server:
        told = ask(OpenAIProvider(config(server)), request(clip))[0]
        body = dict(server.requests[0].body)
        further = {name: body.pop(name) for name in ("chat_template_kwargs", "media_io_kwargs") if name in body}
        text, usage, reason = "", None, None
        with OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client:
            for chunk in client.chat.completions.create(**body, extra_body=further):
                usage = chunk.usage or usage
                for choice in chunk.choices:
                    text += choice.delta.content or ""
                    reason = choice.finish_reason or reason
        assert server.requests[1].body == server.requests[0].body
    assert text == told.text == ANSWER
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens) == (told.finished.usage.tokens_in, told.finished.usage.tokens_out)
    assert reason == told.finished.about["finish_reason"]


def test_the_scripted_server_refuses_what_real_ones_refuse(clip: ClipRenditions) -> None:
    with ChatServer(TRANSFORMERS) as server:
        told = ask(OpenAIProvider(config(server, key_ref="", preset="vllm", delivery="frames", options={"reasoning_effort": "low"})), request(clip))[0]
        assert told.text  # chat_template_kwargs and reasoning_effort are fields that it knows
        told = ask(OpenAIProvider(config(server, key_ref="", preset="vllm", delivery="inline")), request(clip))[0]
        assert isinstance(told.failed, AnalysisError)
        assert told.failed.failure.kind is FailureKind.BAD_ANSWER  # media_io_kwargs
        assert "Unexpected fields" in server.refused[-1]
        told = ask(OpenAIProvider(config(server, key_ref="", model="another")), request(clip))[0]
        assert told.failed.failure.kind is FailureKind.MODEL_MISSING
