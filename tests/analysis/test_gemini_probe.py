"""The probe of a Gemini endpoint: which deliveries the model really sees."""

# ruff: noqa: F811
from __future__ import annotations

import asyncio
from typing import Any

import pytest
from analysis.gemini_asking import ask, clip, recorded, server  # noqa: F401
from support.gemini_rules import Tokens
from support.gemini_server import TEXT, GeminiServer, Reply

from skiuo_desktop.analysis import gemini_files
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.provider import ProbeReport
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemini_files, "PAUSE_S", 0.01)


def probe(server: GeminiServer, clip: ClipRenditions, **fields: Any) -> ProbeReport:
    async def walked() -> ProbeReport:
        provider = GeminiProvider(server.config(**fields))
        report = await provider.probe(clip)
        await provider.close()
        return report

    return asyncio.run(walked())


def states(report: ProbeReport) -> dict[str, str]:
    return {hop.name: hop.state for hop in report.hops}


def test_all_that_works_is_found_and_its_cost_is_told(server: GeminiServer, clip: ClipRenditions) -> None:
    report = probe(server, clip)
    assert states(report) == {"reach": "ok", "text": "ok", "inline": "ok", "files": "ok", "frames": "ok"}
    assert (report.deliveries, report.video_format, report.said) == (("inline", "files", "frames"), "webm", TEXT)
    assert [(u.tokens_in, u.tokens_out) for u in report.usages] == [(c.tokens_in, c.tokens_out) for c in server.counted]
    assert [c.delivery for c in server.counted] == ["text", "inline", "files", "frames"]
    assert report.usage.cost == pytest.approx(sum((c.tokens_in + 10 * c.tokens_out) / 1_000_000 for c in server.counted))
    assert all(r.body["generationConfig"]["maxOutputTokens"] == 32 for r in server.asked)
    assert server.deleted == server.uploaded


def test_a_video_that_is_dropped_is_told_and_not_used(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script += [Reply(), *[lambda tokens: Reply("A cat.", unseen="VIDEO")] * 4]
    report = probe(server, clip)
    assert states(report) == {"reach": "ok", "text": "ok", "inline": "dropped", "files": "dropped", "frames": "ok"}
    assert "without having seen the video" in next(hop.detail for hop in report.hops if hop.name == "inline")
    assert (report.deliveries, report.said) == (("frames",), TEXT)
    assert len(report.usages) == len(server.counted) == 6


def test_an_endpoint_that_takes_no_webm_gets_mp4(server: GeminiServer, clip: ClipRenditions) -> None:
    def only_mp4(tokens: Tokens) -> Reply:
        webm = any(data[:4] == b"\x1aE\xdf\xa3" for data in tokens.media)
        return Reply.error(400, "INVALID_ARGUMENT", "Unsupported MIME type: video/webm") if webm else Reply()

    server.script += [only_mp4] * 5
    report = probe(server, clip)
    assert (report.deliveries, report.video_format) == (("inline", "files", "frames"), "mp4")
    given = ask(server.config(probe={"deliveries": list(report.deliveries), "video_format": report.video_format}), clip)
    assert (given.sent["delivery"], given.sent["format"]) == ("inline", "mp4")


def test_a_model_that_thinks_the_probe_s_answer_away_has_seen_it_all_the_same(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script += [Reply("", finish="MAX_TOKENS", thoughts=32)] * 4
    assert probe(server, clip).deliveries == ("inline", "files", "frames")


def test_a_wrong_key_ends_the_walk(server: GeminiServer, clip: ClipRenditions) -> None:
    report = probe(server, clip, key_ref="")
    assert states(report) == {"reach": "ok", "text": "failed"}
    assert report.hops[-1].kind == FailureKind.KEY
    assert (report.deliveries, report.usages) == ((), ())
    assert len(server.requests) == 1


def test_options_that_make_an_mp4_are_probed_as_one(server: GeminiServer, clip: ClipRenditions) -> None:
    assert probe(server, clip, options={"fps": 2}).video_format == "mp4"
