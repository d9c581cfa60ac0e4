"""Whether a model on this computer loads, answers, and sees: the probe of the `transformers` provider."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime

from skiuo_desktop.analysis.provider import Hop, ProbeReport
from skiuo_desktop.analysis.transformers_options import Options, check
from skiuo_desktop.analysis.transformers_words import Ask, Began, Done, Loaded, Said
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import Usage

QUESTION = "Say in one sentence what can be seen in the video."
LONGEST = 32  # tokens
SEEN = 8
"""More tokens than the same text alone, by at least so many: a picture is never fewer."""

UNSEEN = "The model counted no more for the pictures than for the text: it does not see them."

Converse = Callable[[Ask], AsyncGenerator[Loaded | Began | Said | Done]]


async def walk(options: Options, frames: tuple[tuple[int, bytes], ...], converse: Converse) -> ProbeReport:
    """ "reach" is loading, "text" a question alone, "frames" the same question with the clip. Failures are hops."""
    hops: list[Hop] = []
    usages: list[Usage] = []
    said = ""
    text_tokens: int | None = None
    for name, media in (("text", ()), ("frames", frames)):
        ask = Ask(options.weights, "", QUESTION, media, options.fps, LONGEST)
        started = time.monotonic()
        loaded: Loaded | None = None
        began, done, answer = Began(0, ""), None, ""
        try:
            check(options.weights)
            async with aclosing(converse(ask)) as events:
                async for event in events:
                    match event:
                        case Loaded():
                            loaded = event
                            if name == "text":
                                hops.append(Hop("reach", "ok", event.took_ms, detail=f"On {event.device} as {event.dtype}."))
                        case Began():
                            began = event
                        case Said(text):
                            answer += text
                        case Done():
                            done = event
        except AnalysisError as error:
            where = name if loaded is not None else "reach"
            hops.append(Hop(where, "failed", _ms(started), detail=error.failure.message, kind=error.failure.kind.value))
            break
        usages.append(Usage(began.tokens_in, done.tokens_out if done else 0, 0.0))
        detail = _speed(done)
        if name == "text":
            text_tokens = began.tokens_in
            hops.append(Hop("text", "ok", _ms(started, loaded), began.tokens_in, detail))
        elif text_tokens is not None and began.tokens_in >= text_tokens + SEEN:
            said = answer.strip()
            hops.append(Hop("frames", "ok", _ms(started), began.tokens_in, detail))
        else:
            hops.append(Hop("frames", "dropped", _ms(started), began.tokens_in, UNSEEN))
    sees = any(hop.name == "frames" and hop.state == "ok" for hop in hops)
    total = Usage(sum(usage.tokens_in or 0 for usage in usages), sum(usage.tokens_out or 0 for usage in usages), 0.0)
    return ProbeReport(datetime.now(UTC).isoformat(timespec="seconds"), tuple(hops), ("frames",) if sees else (), "", said, total, tuple(usages))


def _ms(started: float, loaded: Loaded | None = None) -> int:
    """Without the time that loading took."""
    return max(0, round((time.monotonic() - started) * 1000) - (loaded.took_ms if loaded else 0))


def _speed(done: Done | None) -> str:
    return f"{done.tokens_out * 1000 / done.took_ms:.1f} tokens a second." if done and done.took_ms else ""
