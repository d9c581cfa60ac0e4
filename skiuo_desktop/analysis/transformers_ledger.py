"""What the `transformers` provider says of a question before it is asked, and of its answer."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from skiuo_desktop.analysis.provider import Prompt, Sent
from skiuo_desktop.analysis.transformers_options import Options
from skiuo_desktop.analysis.transformers_words import Ask, Began, Done, Loaded
from skiuo_desktop.model import ModelConfig, Usage

DELIVERY = "this device"
CHARACTERS_A_TOKEN = 3  # of English and Chinese mixed, rather too many tokens than too few
PIXELS_A_TOKEN = 2 * 32 * 32  # Qwen3-VL: 32 x 32 of two frames in a row
WHY = "The model runs on this computer: it is given the pictures themselves, and nothing is sent."


def sent(config: ModelConfig, options: Options, ask: Ask, prompt: Prompt) -> Sent:
    width, height = Image.open(BytesIO(ask.frames[0][1])).size if ask.frames else (0, 0)
    text_tokens = (len(ask.system) + len(ask.text)) // CHARACTERS_A_TOKEN + 20
    estimate = Usage(text_tokens + len(ask.frames) * (width * height // PIXELS_A_TOKEN + 8), ask.longest, 0.0, estimated=True)
    ledger: dict[str, Any] = {
        "delivery": DELIVERY,
        "why": WHY if ask.frames else "A question about texts alone.",
        "format": "jpeg" if ask.frames else "",
        "media_bytes": sum(len(jpeg) for _, jpeg in ask.frames),
        "frames": [{"at_ms": time_ms} for time_ms, _ in ask.frames],
        "frame_count": len(ask.frames),
        "fps": ask.fps if ask.frames else 0.0,
        "size": f"{width}x{height}" if ask.frames else "",
        "sound": False,
        "prompt": prompt.as_json(),
        "options": {**options.as_json(), "max_new_tokens": ask.longest},
        "model": config.model,
        "address": "",
        "estimate": {"tokens_in": estimate.tokens_in, "tokens_out": estimate.tokens_out, "cost": 0.0, "currency": estimate.currency},
    }
    return Sent(ledger, _fingerprint(options, ask), estimate)


def about(loaded: Loaded, done: Done) -> dict[str, Any]:
    told: dict[str, Any] = {"model_version": loaded.version, "finish_reason": done.finish_reason, "device": loaded.device, "dtype": loaded.dtype}
    if done.thinking_tokens:
        told["thinking_tokens"] = done.thinking_tokens
    if done.took_ms > 0:
        told["tokens_per_s"] = round(done.tokens_out * 1000 / done.took_ms, 1)
    return told


def raw_answer(model: str, loaded: Loaded, began: Began, done: Done) -> str:
    counted = {"tokens_in": began.tokens_in, "tokens_out": done.tokens_out, "seen_as": began.seen_as, "took_ms": done.took_ms, "load_ms": loaded.took_ms}
    return json.dumps({"model": model, "finish_reason": done.finish_reason, **counted, "text": done.whole}, ensure_ascii=False)


def _fingerprint(options: Options, ask: Ask) -> str:
    """Of a folder, its files as they are now count too: another model may be put into it."""
    name = ask.weights.model
    files = sorted((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in Path(name).iterdir() if p.is_file()) if ask.weights.folder else []
    question = ["transformers", name, files, options.as_json(), ask.longest, ask.system, ask.text, [time_ms for time_ms, _ in ask.frames]]
    digest = hashlib.sha256(json.dumps(question).encode())
    for _, jpeg in ask.frames:
        digest.update(hashlib.sha256(jpeg).digest())
    return digest.hexdigest()
