"""The values of the product as JSON objects: the contract for scripts, documented in the user guide."""

from __future__ import annotations

import json
import sys
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.model import Analysis, Failure, Hit, ModelHealth, Notice, Recording, Window

MOST_RAW = 4_000
"""Characters of a server's own words in an error; the window and the library have all that was kept."""


def line(value: dict[str, Any]) -> None:
    """Prints one object as one line, at once, so that a reader of a pipe sees it as it happens."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    return {
        "model": analysis.model,
        "version": analysis.version,
        "state": analysis.state.value,
        "purpose": analysis.purpose,
        "text": analysis.text,
        "partial": analysis.partial,
        "label": str(analysis.facts.get("label", "")),
        "why": failures.why(analysis.why, "en"),
        "tokens_in": analysis.usage.tokens_in,
        "tokens_out": analysis.usage.tokens_out,
        "cost": analysis.usage.cost,
        "currency": analysis.usage.currency,
        "estimated": analysis.usage.estimated,
        "first_token_ms": analysis.first_token_ms,
        "total_ms": analysis.total_ms,
        "tokens_per_s": tokens_per_s(analysis),
        "attempts": analysis.attempts,
        "error": failure_json(analysis.failure) if analysis.failure else None,
    }


def tokens_per_s(analysis: Analysis) -> float | None:
    """How fast the answer came, from its first token on; None where that was not measured."""
    if not analysis.usage.tokens_out or analysis.first_token_ms is None or analysis.total_ms is None or analysis.total_ms <= analysis.first_token_ms:
        return None
    return round(analysis.usage.tokens_out * 1000 / (analysis.total_ms - analysis.first_token_ms), 1)


def failure_json(failure: Failure) -> dict[str, Any]:
    raw = failure.raw if len(failure.raw) <= MOST_RAW else failure.raw[:MOST_RAW] + "…"
    return {"kind": failure.kind.value, "message": failure.message, "raw": raw}


def health_json(health: ModelHealth) -> dict[str, Any]:
    return {"state": health.state, "until": health.until.isoformat() if health.until else None, "kind": health.kind.value if health.kind else None}


def window_json(window: Window) -> dict[str, Any]:
    return {
        "index": window.index,
        "start_ms": window.span.start_ms,
        "end_ms": window.span.end_ms,
        "state": window.state.value,
        "reason": window.reason,
        "chosen": chosen_json(window),
        "analyses": [analysis_json(a) for a in window.analyses],
    }


def chosen_json(window: Window) -> dict[str, Any] | None:
    """Whose text stands in the narrative; `rule` is empty where nothing had to be chosen."""
    analysis, choice = window.chosen, window.choice
    if analysis is None:
        return None
    return {
        "model": analysis.model,
        "version": analysis.version,
        "rule": choice.rule if choice else "",
        "reason": choice.reason if choice else "",
        "dissent": list(choice.dissent) if choice else [],
    }


def notice_json(notice: Notice) -> dict[str, Any]:
    return {"at_ms": notice.at_ms, "kind": notice.kind, "detail": notice.detail, "length_ms": notice.length_ms}


def recording_json(recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "device": recording.device,
        "path": recording.path,
        "title": recording.title,
        "source": recording.source,
        "started_at": recording.started_at.isoformat(),
        "state": recording.state.value,
        "duration_ms": recording.duration_ms,
        "frames": recording.frames,
        "dropped_frames": recording.dropped_frames,
        "bytes": recording.bytes,
        "width": recording.width,
        "height": recording.height,
        "has_audio": recording.has_audio,
        "freed_at": recording.freed_at.isoformat() if recording.freed_at else None,
        "notes": recording.notes,
        "tags": list(recording.tags),
        "notices": [notice_json(n) for n in recording.notices],
        "markers": [{"at_ms": m.at_ms, "text": m.text} for m in recording.markers],
        "windows": [window_json(w) for w in recording.windows],
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "recording": hit.recording_id,
        "device": hit.device,
        "title": hit.title,
        "where": hit.where,
        "window": hit.window_index,
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "model": hit.model,
        "text": hit.text,
    }
