"""From a clip that is ready to its request on the wire, beside the limit of 150 ms and the official SDKs sending the same bytes.

    python benchmarks/wire.py [--rounds N] [--seconds N] [--json]

A window of 720p30 with sound, about 5 MB, is cut from a recording that is made for it. A server on loopback, a process of its own, notes
when a request's first and last byte arrive. "made" is the rendition (H.264 MP4 or JPEGs), once, from nothing; "first byte" and
"last byte" are from the clip and its rendition being there to those bytes being at the server: base64, JSON, hash, ledger and HTTP, on
a connection that is open. Writing the ledger to the library is not in it (see `flow.py`). The SDK is given the same rendition as bytes.
All methods take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _loopback import Loopback
from _recorded import record
from google import genai
from google.genai import types
from openai import AsyncOpenAI

from skiuo_desktop import secrets
from skiuo_desktop.analysis.delivery import Media, prepare
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.gemini_media import prepared
from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, ClipMedia, Prompt
from skiuo_desktop.media.cut import Clip, cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import ModelConfig, Span

LIMIT_MS = 150
PROMPT = Prompt("You write what a person does.", "What happens in this window? " * 40)
KEY = "run:wire"
Send = Callable[[], Awaitable[None]]


@dataclass
class Method:
    name: str
    send: Send
    made_ms: float | None = None
    mb: float = 0.0
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=15, help="length of the window")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    logging.getLogger("google_genai").setLevel(logging.ERROR)
    secrets.store(KEY, "a-key")
    with tempfile.TemporaryDirectory(prefix="skiuo-wire-") as folder:
        path = Path(folder) / "recording.webm"
        print("recording ...", file=sys.stderr)
        record(path, seconds=args.seconds, kbps=2700)
        clip = cut(path, Span(0, args.seconds * 1000))
    with Loopback() as server:
        pairs = asyncio.run(measure(server, clip, args.rounds))
    rows = [row for own, peer in pairs for row in (_row(own, own), _row(peer, own))]
    if args.json:
        print(json.dumps(rows))
    else:
        show(rows, len(clip.data), args.rounds)


async def measure(server: Loopback, clip: Clip, rounds: int) -> list[tuple[Method, Method]]:
    """(ours, the SDK's) for each delivery."""
    chat = ModelConfig("chat", "openai", "m", server.openai_url, KEY, preset="vllm")
    whole = {"fps": 10.0, "max_pixels": 1280 * 720}
    gemini = ModelConfig("gemini", "gemini", "gemini-3.5-flash-lite", server.gemini_url, KEY, delivery="inline")
    configs = {
        "openai, inline MP4, 1 fps": replace(chat, delivery="inline"),
        "openai, inline MP4, 10 fps, 720p": replace(chat, delivery="inline", options=whole),
        "openai, frames, 1 fps": replace(chat, delivery="frames"),
        "gemini, inline WebM": gemini,
    }
    sdk = AsyncOpenAI(base_url=server.openai_url, api_key="a-key", max_retries=0)
    google = genai.Client(api_key="a-key", http_options=types.HttpOptions(base_url=server.gemini_url, api_version="v1beta"))
    pairs, providers = [], []
    for name, config in configs.items():
        renditions = ClipRenditions(clip)
        provider = GeminiProvider(config) if config.provider == "gemini" else OpenAIProvider(config)
        providers.append(provider)
        began = time.perf_counter()
        media = _media(provider, renditions, config)
        took = (time.perf_counter() - began) * 1000
        own = Method(name, _own(provider, renditions), took)
        pairs.append((own, Method(f"  {config.provider} SDK", _google(google, media) if config.provider == "gemini" else _sdk(sdk, media))))
    for number in range(rounds + 1):  # the first opens the connections and is not counted
        for method in (each for pair in pairs for each in pair):
            began = time.perf_counter()
            await method.send()
            noted = server.noted()
            method.mb = noted.size / 1e6
            if number:
                method.first.append((noted.first - began) * 1000)
                method.last.append((noted.last - began) * 1000)
    for provider in providers:
        await provider.close()
    await sdk.close()
    return pairs


def _media(provider: OpenAIProvider | GeminiProvider, clip: ClipMedia, config: ModelConfig) -> Media:
    if isinstance(provider, GeminiProvider):
        return prepared(clip, config, "the server", text_bytes=4096)
    return prepare(clip, config, provider.limits(), "the server")


def _own(provider: OpenAIProvider | GeminiProvider, clip: ClipMedia) -> Send:
    request = AnalysisRequest("recording", 0, clip.span, datetime(2026, 1, 2, tzinfo=UTC), clip, "en", PROMPT)

    async def send() -> None:
        async for _ in provider.analyse(request):
            pass

    return send


def _sdk(client: AsyncOpenAI, media: Media) -> Send:
    async def send() -> None:
        data = [base64.b64encode(each).decode() for each in ([media.video] if media.video else [jpeg for _, jpeg in media.frames])]
        parts: list[Any] = (
            [{"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{data[0]}"}}]
            if media.video
            else [{"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{each}"}} for each in data]
        )
        messages: list[Any] = [{"role": "system", "content": PROMPT.system}, {"role": "user", "content": [*parts, {"type": "text", "text": PROMPT.text}]}]
        answer = await client.chat.completions.create(model="m", messages=messages, stream=True, max_tokens=1024, stream_options={"include_usage": True})
        async for _ in answer:
            pass

    return send


def _google(client: genai.Client, media: Media) -> Send:
    async def send() -> None:
        video = types.Part(inline_data=types.Blob(data=media.video, mime_type="video/webm"), video_metadata=types.VideoMetadata(fps=1.0))
        config = types.GenerateContentConfig(
            system_instruction=PROMPT.system, max_output_tokens=1024, media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW
        )
        contents = types.Content(role="user", parts=[video, types.Part(text=PROMPT.text)])
        async for _ in await client.aio.models.generate_content_stream(model="gemini-3.5-flash-lite", contents=contents, config=config):
            pass

    return send


def _row(method: Method, own: Method) -> dict[str, Any]:
    last = statistics.median(method.last)
    return {
        "method": method.name,
        "request_mb": round(method.mb, 2),
        "made_ms": round(method.made_ms, 1) if method.made_ms is not None else None,
        "first_ms": round(statistics.median(method.first), 1),
        "last_ms": round(last, 1),
        "worst_ms": round(max(method.last), 1),
        "of_limit": round(last / LIMIT_MS, 2),
        "of_skiuo": round(last / statistics.median(own.last), 2),
    }


def show(rows: list[dict[str, Any]], size: int, rounds: int) -> None:
    print(f"a clip of {size / 1e6:.2f} MB; median of {rounds}, in ms")
    print(f"{'delivery':34}{'request':>10}{'made':>9}{'first byte':>12}{'last byte':>11}{'worst':>8}{f'of {LIMIT_MS} ms':>11}{'of Skiuo':>10}")
    for row in rows:
        made = f"{row['made_ms']:9.0f}" if row["made_ms"] is not None else f"{'':9}"
        told = f"{row['first_ms']:12.1f}{row['last_ms']:11.1f}{row['worst_ms']:8.1f}{row['of_limit']:11.2f}{row['of_skiuo']:9.2f}x"
        print(f"{row['method']:34}{row['request_mb']:7.2f} MB{made}{told}")


if __name__ == "__main__":
    main()
