"""What a ledger says of one attempt, in words: what was sent, in what form and why, to whom, and what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.ui import format as fmt

translate = QCoreApplication.translate

Facts = list[tuple[str, str]]

RAW_LETTERS = 200_000
_FORM = ("delivery", "why", "format", "media_bytes", "frames", "frame_count", "fps", "size", "sound", "link")
_QUESTION = ("prompt", "messages", "model", "address", "options", "estimate")
TOLD_APART = frozenset((*_FORM, *_QUESTION, "answer", "cached"))
"""What is told in words of its own; the rest is shown as it is."""
MOMENTS = 12
"""So many times of frames are listed; of more only the first, the last and the step."""


def is_kept(sent: Mapping[str, Any]) -> bool:
    """A kept answer to the same question was used: nothing was sent."""
    return bool(sent.get("cached"))


def headline(sent: Mapping[str, Any]) -> str:
    """`30 frames, 2 a second · 1056×576 · 1.9 MB as JPEG`"""
    if "media_bytes" not in sent:
        return ""
    frames = sent.get("frames")
    count = sent.get("frame_count") or (len(frames) if isinstance(frames, list) else 0)
    fps = sent.get("fps") or 0
    parts = []
    if count and fps:
        parts.append(translate("Ledger", "{0} frames, {1} a second").format(fmt.number(count), _plain(fps)))
    elif count:
        parts.append(translate("Ledger", "{0} frames").format(fmt.number(count)))
    if sent.get("size"):
        parts.append(str(sent["size"]).replace("x", "×"))
    if sent["media_bytes"]:
        form = str(sent.get("format", "")).upper()
        parts.append(translate("Ledger", "{0} as {1}").format(fmt.size(int(sent["media_bytes"])), form) if form else fmt.size(int(sent["media_bytes"])))
    return " · ".join(parts)


def sent_facts(sent: Mapping[str, Any]) -> Facts:
    """What left, as (name, value); whatever else a provider noted stands at the end. The prompt has a section of its own."""
    facts = [*_way(sent), *_frames(sent), *_to(sent), *_options(sent.get("options"))]
    for key, value in sent.items():
        if key not in TOLD_APART:
            facts.append((_name(key), _value(key, value)))
    return facts


def _link(link: Any) -> Facts:
    """Where a video that was fetched lies. The address itself is a secret for its time, and is kept nowhere."""
    if not isinstance(link, Mapping):
        return []
    lasts = link.get("lasts_s")
    facts = [(translate("Ledger", "Fetched from"), str(link.get("host", ""))), (translate("Ledger", "Object"), str(link.get("key", "")))]
    if isinstance(lasts, int | float) and lasts > 0:
        facts.append((translate("Ledger", "Address valid for"), fmt.duration(int(lasts * 1000))))
    return facts


def _way(sent: Mapping[str, Any]) -> Facts:
    delivery = str(sent.get("delivery", ""))
    if not delivery:
        return []
    ways = {
        "this device": translate("Ledger", "nobody: it was read on this device"),
        "inline": translate("Ledger", "as a video inside the request"),
        "url": translate("Ledger", "as a video that was fetched from your object store"),
        "frames": translate("Ledger", "as single pictures inside the request"),
        "files": translate("Ledger", "as a file, uploaded before and deleted afterwards"),
        "text": translate("Ledger", "only text, no picture"),
    }
    if delivery == "this device":
        return [(translate("Ledger", "Went to"), ways[delivery])]
    facts = [(translate("Ledger", "How"), ways.get(delivery, delivery))]
    if sent.get("why"):
        facts.append((translate("Ledger", "Because"), str(sent["why"])))
    facts += _link(sent.get("link"))
    if "sound" in sent and delivery != "text":
        facts.append((translate("Ledger", "Sound"), translate("Ledger", "sent along") if sent["sound"] else translate("Ledger", "not sent")))
    return facts


def _frames(sent: Mapping[str, Any]) -> Facts:
    frames = sent.get("frames")
    if not isinstance(frames, list):
        return [(_name("frames"), _value("frames", frames))] if frames is not None else []
    times = [int(frame["at_ms"]) for frame in frames if isinstance(frame, Mapping) and "at_ms" in frame]
    if not times:
        return []
    said = [fmt.seconds_plain(ms) for ms in times]
    text = ", ".join(said) if len(said) <= MOMENTS else f"{', '.join(said[:3])} … {said[-1]}"
    return [(translate("Ledger", "Taken at"), translate("Ledger", "{0} s of the window").format(text))]


def _to(sent: Mapping[str, Any]) -> Facts:
    facts = []
    if sent.get("model"):
        facts.append((translate("Ledger", "Model"), str(sent["model"])))
    if sent.get("address"):
        facts.append((translate("Ledger", "Address"), str(sent["address"])))
    estimate = sent.get("estimate")
    if isinstance(estimate, Mapping) and estimate.get("cost"):
        facts.append(
            (translate("Ledger", "Price beforehand"), translate("Ledger", "about {0}").format(fmt.money(estimate["cost"], estimate.get("currency", "USD"))))
        )
    return facts


def _options(options: Any) -> Facts:
    if not options:
        return []
    name = translate("Ledger", "Options")
    if not isinstance(options, Mapping):
        return [(name, as_text(options))]
    return [(name, "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in options.items()))]


def answer_facts(sent: Mapping[str, Any]) -> Facts:
    """What the server said of its answer beside the text."""
    about = sent.get("answer")
    if not isinstance(about, Mapping):
        return []
    names = {
        "model_version": translate("Ledger", "Answered by"),
        "finish_reason": translate("Ledger", "Ended because of"),
        "thinking_tokens": translate("Ledger", "Tokens for thinking"),
        "cached_tokens": translate("Ledger", "Tokens in from the server's cache"),
        "tokens_per_s": translate("Ledger", "Tokens a second"),
    }
    return [(names.get(key, _name(key)), _value(key, value)) for key, value in about.items() if value not in (None, "")]


def prompt_title(sent: Mapping[str, Any]) -> str:
    """`activity, version 3`"""
    prompt = sent.get("prompt")
    if not isinstance(prompt, Mapping) or not prompt.get("template"):
        return ""
    return translate("Ledger", "{0}, version {1}").format(prompt["template"], prompt.get("version", 1))


def prompt_parts(sent: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(role, text) of a prompt as ledgers keep it: text, a mapping of roles, or a list of messages."""
    prompt = sent.get("prompt", sent.get("messages"))
    if isinstance(prompt, str):
        return [(translate("Ledger", "prompt"), prompt)] if prompt else []
    if isinstance(prompt, Mapping):
        return [(str(role), as_text(text)) for role, text in prompt.items() if role not in ("template", "version") and text]
    if isinstance(prompt, Sequence):
        found = []
        for message in prompt:
            if isinstance(message, Mapping):
                found.append((str(message.get("role", "")), as_text(message.get("content", message.get("text", "")))))
            else:
                found.append(("", str(message)))
        return found
    return []


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _name(key: str) -> str:
    names = {
        "clip_bytes": translate("Ledger", "Clip"),
        "bytes": translate("Ledger", "Bytes"),
        "frames_measured": translate("Ledger", "Frames measured"),
        "frames": translate("Ledger", "Frames"),
        "known_lines": translate("Ledger", "Lines known before"),
    }
    return names.get(key, key.replace("_", " "))


def _value(key: str, value: Any) -> str:
    if key.endswith("bytes") and isinstance(value, int):
        return fmt.size(value)
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int | float):
        return _plain(value)
    return as_text(value)


def _plain(value: float) -> str:
    """A number with no more digits than it has, two at most."""
    digits = 0 if float(value).is_integer() else 1 if float(value * 10).is_integer() else 2
    return fmt.number(value, digits)


def pretty_raw(raw: str) -> str:
    """A raw answer with line breaks where it is JSON; the rest as it came. Very long ones lose their middle."""
    text = raw
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
    except ValueError:
        text = raw
    if len(text) > RAW_LETTERS:
        half = RAW_LETTERS // 2
        text = f"{text[:half]}\n…\n{text[-half:]}"
    return text
