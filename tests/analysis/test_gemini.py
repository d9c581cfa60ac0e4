"""The Gemini provider against the strict server: what it sends, what it makes of the answer, what the official client makes of the same."""

# ruff: noqa: F811
from __future__ import annotations

import asyncio
import base64
import json
import random
import threading
from dataclasses import replace
from typing import Any

import pytest
from analysis.drawn_clips import answer, screen, webm
from analysis.gemini_asking import PROMPT, ask, clip, fails, recorded, recorded_clip, request, server  # noqa: F401
from google import genai
from google.genai import types
from support.gemini_server import KEY, TEXT, GeminiServer, Reply

from skiuo_desktop import secrets
from skiuo_desktop.analysis import gemini_media
from skiuo_desktop.analysis.delivery import Media, Plan
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.gemini_question import Question, generation_config
from skiuo_desktop.analysis.provider import ClipMedia, Finished, Probing, Prompt, Sent, TextDelta
from skiuo_desktop.analysis.registry import build
from skiuo_desktop.errors import UsageError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind, ModelConfig, Span, Usage


def test_the_text_the_usage_and_the_price_of_a_window_sent_as_it_was_recorded(server: GeminiServer, clip: ClipRenditions, recorded: bytes) -> None:
    given = ask(server.config(), clip)
    assert given.text == TEXT
    (charged,) = server.counted
    assert (charged.delivery, charged.tokens_in > 4 * 70) == ("inline", True)
    cost = (charged.tokens_in * 1 + charged.tokens_out * 10) / 1_000_000
    assert given.finished.usage == Usage(charged.tokens_in, charged.tokens_out, pytest.approx(cost), "USD")
    about = given.finished.about
    assert (about["model_version"], about["finish_reason"], about["thinking_tokens"]) == ("gemini-3.5-flash-001", "STOP", 0)
    assert about["tokens_per_s"] > 0
    (part, text) = server.asked[0].body["contents"][0]["parts"]
    assert base64.b64decode(part["inlineData"]["data"]) == recorded
    assert (part["inlineData"]["mimeType"], part["videoMetadata"], text["text"]) == ("video/webm", {"fps": 1.0}, PROMPT.text)
    assert server.asked[0].body["generationConfig"] == {
        "maxOutputTokens": 1024,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "thinkingConfig": {"thinkingLevel": "LOW", "includeThoughts": False},
    }


def test_events_come_in_order_and_text_comes_as_it_arrives(server: GeminiServer, clip: ClipRenditions) -> None:
    """The server holds the rest back until the first text was seen."""
    hold = threading.Event()
    server.script.append(Reply(hold=hold))

    async def first() -> list[str]:
        provider = GeminiProvider(server.config())
        kinds = []
        async for event in provider.analyse(request(clip)):
            if isinstance(event, TextDelta):
                hold.set()
            kinds.append(type(event).__name__)
        await provider.close()
        return kinds

    assert asyncio.run(asyncio.wait_for(first(), 60)) == ["Sent", "TextDelta", "TextDelta", "TextDelta", "Finished"]


def test_the_ledger_says_what_leaves_without_media_or_key(server: GeminiServer, clip: ClipRenditions, recorded: bytes) -> None:
    sent = next(e for e in ask(server.config(), clip).events if isinstance(e, Sent))
    ledger = json.loads(json.dumps(sent.ledger))
    assert (ledger["delivery"], ledger["format"], ledger["media_bytes"], ledger["sound"]) == ("inline", "webm", len(recorded), True)
    assert (ledger["frame_count"], ledger["fps"], ledger["size"], ledger["model"]) == (4, 1.0, "320x240", "gemini-3.5-flash")
    assert ledger["address"] == f"{server.base_url}/v1beta/models/gemini-3.5-flash:streamGenerateContent"
    assert ledger["prompt"] == {"template": "activity", "version": 3, "system": PROMPT.system, "user": PROMPT.text}
    assert ledger["options"]["videoMetadata"] == {"fps": 1.0}
    assert ledger["why"]
    assert KEY not in str(ledger)
    assert len(str(ledger)) < 2000


@pytest.mark.parametrize("model", ["gemini-3.5-flash", "gemini-2.5-flash", "gemini-2.5-pro"])
@pytest.mark.parametrize("delivery", ["inline", "frames", "files"])
@pytest.mark.parametrize("resolution", ["low", "medium", "high"])
def test_the_estimate_is_not_below_what_is_charged_and_not_far_above(
    server: GeminiServer, clip: ClipRenditions, model: str, delivery: str, resolution: str
) -> None:
    given = ask(server.config(model=model, delivery=delivery, options={"media_resolution": resolution}), clip)
    sent = given.events[0]
    assert isinstance(sent, Sent)
    (charged,) = server.counted
    assert sent.estimate.estimated
    assert sent.estimate.tokens_out == 1024
    assert sent.estimate.tokens_in is not None
    assert charged.tokens_in <= sent.estimate.tokens_in <= charged.tokens_in + 300
    assert sent.estimate.cost == pytest.approx((sent.estimate.tokens_in + 10 * 1024) / 1_000_000)


def test_nothing_leaves_when_the_consumer_stops_at_sent(server: GeminiServer, clip: ClipRenditions) -> None:
    async def stopped() -> None:
        provider = GeminiProvider(server.config(delivery="files"))
        told = provider.analyse(request(clip))
        assert isinstance(await anext(told), Sent)
        await told.aclose()  # type: ignore[attr-defined]
        await provider.close()

    asyncio.run(stopped())
    assert server.requests == []


def test_frames_are_jpegs_with_their_times(server: GeminiServer, clip: ClipRenditions) -> None:
    given = ask(server.config(delivery="frames", options={"fps": 2}), clip)
    parts = server.asked[0].body["contents"][0]["parts"]
    assert [p["text"] for p in parts if "text" in p] == [f"{n / 2:.1f} s:" for n in range(8)] + [PROMPT.text]
    assert [base64.b64decode(p["inlineData"]["data"]) for p in parts if "inlineData" in p] == [
        data for _, data in clip.jpegs(fps=2, max_pixels=655_360, quality=80)
    ]
    assert given.sent["frames"] == [{"at_ms": 500 * n} for n in range(8)]
    assert (given.sent["delivery"], given.sent["format"], given.text) == ("frames", "jpeg", TEXT)


def test_chosen_frames_a_second_make_an_mp4_that_is_sampled_as_often(server: GeminiServer, clip: ClipRenditions) -> None:
    given = ask(server.config(options={"fps": 3, "max_pixels": 40_000}), clip)
    part = server.asked[0].body["contents"][0]["parts"][0]
    assert (part["inlineData"]["mimeType"], part["videoMetadata"]) == ("video/mp4", {"fps": 3})
    assert base64.b64decode(part["inlineData"]["data"]) == clip.mp4(fps=3, max_pixels=40_000)
    assert (given.sent["format"], given.sent["sound"], given.sent["frame_count"]) == ("mp4", False, 12)


def test_a_question_about_texts_alone(server: GeminiServer) -> None:
    given = ask(server.config(), None, Prompt("", "Which text is better, 1 or 2?"))
    assert given.text == TEXT
    assert (given.sent["delivery"], given.sent["media_bytes"], server.counted[0].delivery) == ("text", 0, "text")
    assert "systemInstruction" not in server.asked[0].body


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("gemini-3.5-flash", {"thinkingLevel": "LOW", "includeThoughts": False}),
        ("gemini-2.5-flash", {"thinkingBudget": 0, "includeThoughts": False}),
        ("gemini-2.5-pro", {"thinkingBudget": 128, "includeThoughts": False}),
    ],
)
def test_thinking_is_bounded_as_the_model_allows(server: GeminiServer, clip: ClipRenditions, model: str, thinking: dict[str, Any]) -> None:
    assert ask(server.config(model=model), clip).text == TEXT
    assert server.asked[0].body["generationConfig"]["thinkingConfig"] == thinking


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gemini-3.1-flash-lite", (3, 1)),
        ("gemini-3-pro-preview", (3, 0)),
        ("models/gemini-2.5-flash", (2, 5)),
        ("gemini-live-2.5-flash-preview", (2, 5)),
        ("gemini-robotics-er-1.5-preview", (1, 5)),
        ("gemini-flash-latest", (3, 0)),
        ("gemma-3-27b-it", (0, 0)),
        ("peer", (0, 0)),
    ],
)
def test_the_generation_of_a_model_by_its_name(name: str, known: tuple[int, int]) -> None:
    assert gemini_media.generation(name) == known
    told = generation_config(ModelConfig("m", "gemini", name)).get("thinkingConfig", {})
    assert ("thinkingLevel" in told, "thinkingBudget" in told) == (known >= (3, 0), known == (2, 5))


def test_a_clip_too_large_for_one_request_is_uploaded_unless_that_does_not_arrive(
    server: GeminiServer, clip: ClipRenditions, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gemini_media, "MOST_REQUEST", len(recorded) + 305_000)
    monkeypatch.setattr("skiuo_desktop.analysis.gemini_files.PAUSE_S", 0.01)
    given = ask(server.config(), clip)
    assert (given.sent["delivery"], given.sent["format"], given.text) == ("files", "webm", TEXT)
    assert "too large" in given.sent["why"]
    given = ask(server.config(probe={"deliveries": ["inline", "frames"]}), clip)
    assert (given.sent["delivery"], given.sent["format"], given.sent["sound"]) == ("inline", "mp4", False)
    assert len(server.asked[1].body["contents"][0]["parts"][0]["inlineData"]["data"]) < len(recorded)


def test_what_fits_into_no_request_is_too_large_and_not_sent(server: GeminiServer, clip: ClipRenditions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemini_media, "MOST_REQUEST", 305_000)
    error = fails(server, clip, delivery="inline")
    assert (error.failure.kind, error.again, error.billed) == (FailureKind.TOO_LARGE, False, False)
    assert server.requests == []


def test_the_fingerprint_names_the_content(server: GeminiServer, clip: ClipRenditions, recorded: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.analysis.gemini_files.PAUSE_S", 0.01)

    def named(clip: ClipMedia | None = clip, prompt: Prompt = PROMPT, **fields: Any) -> str:
        sent = ask(server.config(**fields), clip, prompt).events[0]
        assert isinstance(sent, Sent)
        return sent.fingerprint

    first = named()
    assert first == named(name="another")
    assert first == named(delivery="files"), "the same bytes, whatever URI the server gives them"
    cut = ClipRenditions(recorded_clip(webm([screen("other", width=320, height=240)] * 30), Span(10_000, 13_000), has_audio=False))
    others = [
        named(delivery="frames"),
        named(model="gemini-2.5-flash"),
        named(longest_answer=99),
        named(options={"media_resolution": "high"}),
        named(prompt=replace(PROMPT, text="And now?")),
        named(prompt=replace(PROMPT, system="")),
        named(cut),
        named(None),
    ]
    assert len({first, *others}) == 9


def test_it_is_found_by_its_name_and_can_be_probed(server: GeminiServer) -> None:
    provider = build(server.config())
    assert isinstance(provider, GeminiProvider)
    assert isinstance(provider, Probing)
    asyncio.run(provider.close())


@pytest.mark.parametrize(
    "fields", [{"delivery": "pigeon"}, {"options": {"media_resolution": "huge"}}, {"options": {"thinking_level": "off"}}, {"base_url": "http://8.8.8.8"}]
)
def test_what_cannot_work_is_said_when_it_is_built(fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        GeminiProvider(ModelConfig(**{"name": "m", "provider": "gemini", "model": "gemini-3.5-flash", "key_ref": "run:x", **fields}))


def test_a_key_that_is_not_there_is_said_before_anything_is_sent(server: GeminiServer, clip: ClipRenditions) -> None:
    error = fails(server, clip, key_ref="env:SKIUO_NO_SUCH_KEY")
    assert (error.failure.kind, "SKIUO_NO_SUCH_KEY" in str(error), server.requests) == (FailureKind.KEY, True, [])


def test_a_key_that_was_pasted_with_something_else(server: GeminiServer, clip: ClipRenditions) -> None:
    secrets.store("run:pasted", f" {KEY}\n")
    assert ask(server.config(key_ref="run:pasted"), clip).text == TEXT
    secrets.store("run:pasted", f"密钥：{KEY}")
    error = fails(server, clip, key_ref="run:pasted")
    assert (error.failure.kind, KEY in str(error), len(server.requests)) == (FailureKind.KEY, False, 1)


def test_a_key_that_the_server_repeats_is_kept_nowhere(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script.append(Reply.error(400, "INVALID_ARGUMENT", f"header x-goog-api-key: {KEY} is odd"))
    error = fails(server, clip)
    assert KEY not in str(error) + error.failure.raw + repr(error.failure) + str(error.args)
    assert "[key]" in error.failure.raw
    server.script.append(Reply(before=f": {KEY}\r\n\r\n", after=f'data: {{"candidates":[],"responseId":"{KEY}"}}\r\n\r\n'))
    finished = ask(server.config(), clip).finished
    assert KEY not in finished.raw
    assert TEXT[:10] in finished.raw


def test_the_key_of_another_window_is_read_when_it_is_needed(server: GeminiServer, clip: ClipRenditions) -> None:
    config = server.config(key_ref="run:later")
    provider = GeminiProvider(config)
    secrets.store("run:later", KEY)

    async def once() -> str:
        given = await answer(provider, request(clip))
        await provider.close()
        return given.text

    assert asyncio.run(once()) == TEXT


def official(
    server: GeminiServer, clip: ClipRenditions, *, model: str = "gemini-3.5-flash", key: str = KEY
) -> tuple[str, types.GenerateContentResponseUsageMetadata | None]:
    client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.base_url, api_version="v1beta"))
    text, usage = "", None
    for chunk in client.models.generate_content_stream(
        model=model,
        contents=[
            types.Part(inline_data=types.Blob(mime_type="video/webm", data=clip.webm), video_metadata=types.VideoMetadata(fps=1.0)),
            types.Part(text=PROMPT.text),
        ],
        config=types.GenerateContentConfig(
            system_instruction=PROMPT.system, max_output_tokens=1024, media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW
        ),
    ):
        text += chunk.text or ""
        usage = chunk.usage_metadata or usage
    client.close()
    return text, usage


def test_the_official_client_gets_the_same_text_and_usage(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script += [Reply(thoughts=7), Reply(thoughts=7)]
    ours = ask(server.config(), clip)
    text, usage = official(server, clip)
    assert ours.text == text == TEXT
    assert usage is not None
    assert ours.finished.usage.tokens_in == usage.prompt_token_count
    assert ours.finished.usage.tokens_out == (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    assert server.counted[0] == server.counted[1]


def test_the_official_client_is_refused_where_we_are(server: GeminiServer, clip: ClipRenditions) -> None:
    with pytest.raises(genai.errors.ClientError, match="API key not valid"):
        official(server, clip, key="another")
    with pytest.raises(genai.errors.ClientError, match="not found"):
        official(server, clip, model="gemini-9")


def test_the_official_client_uploads_to_the_same_server(server: GeminiServer, clip: ClipRenditions, tmp_path: Any) -> None:
    path = tmp_path / "clip.webm"
    path.write_bytes(clip.webm)
    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=server.base_url, api_version="v1beta"))
    file = client.files.upload(file=path, config=types.UploadFileConfig(mime_type="video/webm"))
    assert file.name is not None
    assert client.files.get(name=file.name).state == types.FileState.ACTIVE
    client.files.delete(name=file.name)
    client.close()
    assert server.deleted == [file.name]


def test_finished_has_no_cost_without_a_price(server: GeminiServer, clip: ClipRenditions) -> None:
    finished = ask(server.config(price=None), clip).finished
    assert isinstance(finished, Finished)
    assert finished.usage.tokens_in
    assert finished.usage.cost is None


@pytest.mark.parametrize("size", [1, (3 << 18) - 1, 3 << 18, (3 << 18) + 1, 2_000_000])
def test_media_of_any_size_arrive_whole(size: int) -> None:
    data = random.Random(size).randbytes(size)
    media = Media(Plan("inline", "", "webm", 1.0, 1), 1_000, 2, 2, 1, False, data)
    body = json.loads(Question(ModelConfig("m", "gemini", "gemini-3.5-flash"), PROMPT, media, "").inline())
    assert base64.b64decode(body["contents"][0]["parts"][0]["inlineData"]["data"], validate=True) == data
