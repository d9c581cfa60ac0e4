"""Tokens and price of an hour: our default rendition beside "send the whole clip with the provider's defaults".

    python benchmarks/tokens.py [--seconds 15] [--every 10] [--answer 130] [--json]

These are estimates by the formulas that the providers document, at the prices of `resources/prices.json`: not bills. A window of 720p30
with sound is made, planned and turned into a request by the real providers, with the prompt of the default template in the middle of a
recording. Of each row: "formula", what the documented formula says of the media; "promised", what the engine keeps free in a budget (never
less than what may come); "server", what the strict server of the tests counted when it was sent just that by us, or by the official SDK for
the defaults. The hour is by the formula, the prompt and an answer of `--answer` tokens included, for windows that overlap as told.
Thinking is not in it: by default several of these models think, and bill it; ours are told not to, or to do so little.

The defaults: Qwen samples a video at 2 frames a second of at most 655,360 pixels; Gemini one a second, 70 tokens each for Gemini 3 at
low, medium and unspecified resolution, 256 for 2.5 (64 at low), and the sound; a server with pictures has none, so it is sent what
a recorder has: 2 pictures a second of 1280x720. The forecast that the window shows before a recording is the last column.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import logging
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from _recorded import record
from google import genai
from google.genai import types
from openai import AsyncOpenAI

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the strict servers

from support.chat_server import ChatServer
from support.gemini_server import KEY, GeminiServer

from skiuo_desktop import secrets
from skiuo_desktop.analysis.delivery import Media, Plan, prepare
from skiuo_desktop.analysis.forecast import window_usage
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.gemini_media import media_tokens, prepared
from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.analysis.prices import known_price
from skiuo_desktop.analysis.prompts import build
from skiuo_desktop.analysis.provider import AnalysisRequest, Prompt, Sent
from skiuo_desktop.analysis.qwen import QwenProvider
from skiuo_desktop.analysis.template_store import TemplateStore
from skiuo_desktop.analysis.tokens import image_tokens, qwen_video_tokens, text_tokens
from skiuo_desktop.home import Home
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FREE, ModelConfig, Price, Span

WIDTH, HEIGHT = 1280, 720
BEFORE = "The iron goes back into its stand and the right hand takes the next switch from the tray. " * 2


@dataclass(frozen=True, slots=True)
class Row:
    model: str
    what: str
    ours: bool
    frames: int
    media: int  # tokens of pictures and sound, by the formula
    text: int
    promised: int | None
    counted: int | None
    price: Price
    forecast: float | None = None  # of an hour


@dataclass(frozen=True, slots=True)
class Asked:
    """What all rows are asked."""

    clip: ClipRenditions
    prompt: Prompt

    @property
    def seconds(self) -> float:
        return self.clip.span.length_ms / 1000

    @property
    def request(self) -> AnalysisRequest:
        return AnalysisRequest("recording", 60, self.clip.span, datetime(2026, 1, 2, tzinfo=UTC), self.clip, "en", self.prompt)

    @property
    def text(self) -> int:
        return text_tokens(self.prompt.system + self.prompt.text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--every", type=float, default=10.0, help="seconds from one window's start to the next")
    parser.add_argument("--answer", type=int, default=130, help="tokens of an answer")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    logging.getLogger("google_genai").setLevel(logging.ERROR)
    hour = 3600 / args.every
    with tempfile.TemporaryDirectory(prefix="skiuo-tokens-") as folder:
        path = Path(folder) / "recording.webm"
        print("recording ...", file=sys.stderr)
        record(path, seconds=args.seconds)
        template = TemplateStore(Home(Path(folder))).get("activity")
        start = 600_000
        span = Span(start, start + args.seconds * 1000)
        prompt = build(
            template, language="en", span=span, previous_text=BEFORE, summary=BEFORE * 3,
            previous_span=Span(start - 10_000, start + 5_000), want_label=False, wall_start=datetime(2026, 1, 2, 9, tzinfo=UTC),
        )  # fmt: skip
        asked = Asked(ClipRenditions(cut(path, Span(0, args.seconds * 1000))), prompt)
        rows = [*qwen(asked, hour), *gemini(asked, "gemini-3.5-flash-lite", hour), *gemini(asked, "gemini-2.5-flash", hour), *frames(asked, hour)]
    if args.json:
        print(json.dumps([_told(row, hour, args.answer) for row in rows]))
    else:
        show(rows, hour, args)


def qwen(asked: Asked, hour: float) -> list[Row]:
    model = "qwen3.7-plus"
    price = known_price("qwen", model, _today()) or FREE
    with ChatServer("qwen", model=model) as server:
        config = ModelConfig("qwen", "qwen", model, server.base_url, price=price, preset="beijing", key_ref=_key("a-key"))
        media = prepare(asked.clip, config, QwenProvider(config).limits(), "the server")
        promised = _ask(QwenProvider(config), asked)
        counted = server.counted[-1].tokens_in
        # Its own sampling is done beforehand: the strict server counts the frames of the file, the service 2 of each second.
        whole = asked.clip.mp4(fps=2.0, max_pixels=WIDTH * HEIGHT)
        told = _by_openai(server, model, [{"type": "video_url", "video_url": {"url": _data("video/mp4", whole)}}], asked.prompt)
    default = qwen_video_tokens(WIDTH, HEIGHT, math.ceil(asked.seconds * 2))
    own = qwen_video_tokens(media.width, media.height, media.frame_count, max_pixels=media.plan.max_pixels)
    return [
        Row(model, "whole clip, defaults (2 fps)", False, math.ceil(asked.seconds * 2), default, asked.text, None, told, price),
        Row(model, _rendition(media), True, media.frame_count, own, asked.text, promised, counted, price, _forecast(config, asked, hour)),
    ]


def gemini(asked: Asked, model: str, hour: float) -> list[Row]:
    price = known_price("gemini", model, _today()) or FREE
    with GeminiServer() as server:
        config = ModelConfig("gemini", "gemini", model, server.base_url, _key(KEY), price=price)
        media = prepared(asked.clip, config, "the server", text_bytes=8192)
        promised = _ask(GeminiProvider(config), asked)
        counted = server.counted[-1].tokens_in
        told = asyncio.run(_by_google(server, model, media.video, asked.prompt))
    # The estimator counts one frame more than the formula, and time stamps; this is the documentation's own sum.
    seconds, older = math.ceil(asked.seconds), "2.5" in model
    sound = seconds * (32 if older else 25)
    default, own = seconds * (256 if older else 70) + sound, seconds * (64 if older else 70) + sound
    assert own <= media_tokens(media, model, "low"), "the estimate is too low"
    return [
        Row(model, "whole clip, defaults (1 fps)", False, seconds, default, asked.text, None, told, price),
        Row(model, _rendition(media) + ", low", True, seconds, own, asked.text, promised, counted, price, _forecast(config, asked, hour)),
    ]


def frames(asked: Asked, hour: float) -> list[Row]:
    """A server of one's own: nothing is billed, but each token takes its time and its place in the context."""
    price = FREE
    pictures = [data for _, data in asked.clip.jpegs(fps=2.0, max_pixels=WIDTH * HEIGHT, quality=85)]
    with ChatServer("vllm", model="m") as server:
        config = ModelConfig("own", "openai", "m", server.base_url, preset="vllm", delivery="frames", price=price)
        media = prepare(asked.clip, config, OpenAIProvider(config).limits(), "the server")
        promised = _ask(OpenAIProvider(config), asked)
        counted = server.counted[-1].tokens_in
        told = _by_openai(server, "m", [{"type": "image_url", "image_url": {"url": _data("image/jpeg", each)}} for each in pictures], asked.prompt)
    default, own = len(pictures) * image_tokens(WIDTH, HEIGHT), media.frame_count * image_tokens(media.width, media.height)
    return [
        Row("a server of one's own", "2 pictures a second, 1280x720", False, len(pictures), default, asked.text, None, told, price),
        Row("a server of one's own", _rendition(media), True, media.frame_count, own, asked.text, promised, counted, price, _forecast(config, asked, hour)),
    ]


def _ask(provider: Any, asked: Asked) -> int | None:
    """Sends it for real; the tokens that were promised."""

    async def ask() -> int | None:
        sent = [event async for event in provider.analyse(asked.request) if isinstance(event, Sent)]
        await provider.close()
        return sent[0].estimate.tokens_in

    return asyncio.run(ask())


def _by_openai(server: ChatServer, model: str, parts: Sequence[Any], prompt: Prompt) -> int:
    async def ask() -> None:
        async with AsyncOpenAI(base_url=server.base_url, api_key="a-key", max_retries=0) as client:
            messages: list[Any] = [{"role": "system", "content": prompt.system}, {"role": "user", "content": [*parts, {"type": "text", "text": prompt.text}]}]
            async for _ in await client.chat.completions.create(model=model, messages=messages, stream=True, max_completion_tokens=1024):
                pass

    asyncio.run(ask())
    return int(server.counted[-1].tokens_in)


async def _by_google(server: GeminiServer, model: str, video: bytes, prompt: Prompt) -> int:
    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=server.base_url, api_version="v1beta"))
    contents = types.Content(role="user", parts=[types.Part.from_bytes(data=video, mime_type="video/webm"), types.Part(text=prompt.text)])
    config = types.GenerateContentConfig(system_instruction=prompt.system, max_output_tokens=1024)
    async for _ in await client.aio.models.generate_content_stream(model=model, contents=contents, config=config):
        pass
    return int(server.counted[-1].tokens_in)


def _rendition(media: Media) -> str:
    plan: Plan = media.plan
    return f"ours: {plan.delivery}, {plan.format}, {plan.fps:g} fps, {media.width}x{media.height}"


def _forecast(config: ModelConfig, asked: Asked, hour: float) -> float | None:
    usage = window_usage(config, asked.clip.span.length_ms, WIDTH, HEIGHT)
    return usage.cost * hour if usage is not None and usage.cost is not None else None


def _key(text: str) -> str:
    secrets.store("run:tokens", text)
    return "run:tokens"


def _data(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def _today() -> date:
    return datetime.now(UTC).date()


def _told(row: Row, hour: float, answer: int) -> dict[str, Any]:
    tokens = row.media + row.text
    return {
        "model": row.model,
        "what": row.what,
        "ours": row.ours,
        "frames": row.frames,
        "media_tokens": row.media,
        "text_tokens": row.text,
        "promised_tokens": row.promised,
        "server_tokens": row.counted,
        "tokens_an_hour": round(tokens * hour),
        "cost_an_hour": round(row.price.cost(tokens, answer) * hour, 3),
        "currency": row.price.currency,
        "read_on": row.price.read_on,
        "forecast_an_hour": round(row.forecast, 3) if row.forecast is not None else None,
    }


def show(rows: list[Row], hour: float, args: argparse.Namespace) -> None:
    print(f"a window of {args.seconds} s every {args.every:g} s, {hour:g} an hour; estimates by the documented formulas, not bills")
    heads = f"{'frames':>7}{'formula':>9}{'+ text':>8}{'promised':>10}{'server':>8}{'an hour':>11}{'price':>9}{'ratio':>8}{'forecast':>10}"
    print(f"{'model':24}{'what is sent':44}{heads}")
    default = rows[0]
    for row in rows:
        default = default if row.ours else row
        told, before = _told(row, hour, args.answer), _told(default, hour, args.answer)
        price = f"{told['cost_an_hour']:8.3f}$" if row.price != FREE else f"{'-':>9}"
        key = "cost_an_hour" if row.price != FREE else "tokens_an_hour"
        promised = f"{row.promised:10}" if row.promised is not None else f"{'':10}"
        forecast = f"{row.forecast:9.3f}$" if row.forecast else ""
        print(
            f"{row.model:24}{row.what:44}{row.frames:7}{row.media:9}{row.media + row.text:8}{promised}{row.counted or 0:8}"
            f"{told['tokens_an_hour']:11}{price}{told[key] / before[key]:7.2f}x{forecast:>10}"
        )
    print(f"prices read on {next(row.price.read_on for row in rows if row.price.read_on)}; ratio: of the price, of the tokens where nothing is billed")


if __name__ == "__main__":
    main()
