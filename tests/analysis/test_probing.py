"""The test of an endpoint: what really reaches the model, told by the count of tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.analysis.probing import MARGIN, walk
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, ProbeReport, ProviderEvent, Sent, TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, Span, Usage


class Clip:
    span = Span(0, 4000)
    has_audio = False


Answer = Callable[[str, str], Usage | AnalysisError]


def probe(answer: Answer, deliveries: Sequence[str] = ("inline", "frames"), formats: Sequence[str] = ("mp4",)) -> tuple[ProbeReport, list[tuple[str, str]]]:
    asked: list[tuple[str, str]] = []

    async def ask(request: AnalysisRequest, delivery: str, form: str) -> AsyncIterator[ProviderEvent]:
        asked.append((delivery, form))
        assert (request.clip is None) == (delivery == "text")
        yield Sent({}, "f", Usage(5000, 32, 0.5, estimated=True))
        told = answer(delivery, form)
        yield TextDelta(f"Seen by {delivery}. ")
        if isinstance(told, AnalysisError):
            raise told
        yield Finished(told)

    clip: Any = Clip()
    return asyncio.run(walk(ask, clip, deliveries, formats)), asked


def error(kind: FailureKind, *, billed: bool = False, usage: Usage | None = None, again: bool = True) -> AnalysisError:
    return AnalysisError(failures.failure(kind, server="S", model="m"), billed=billed, usage=usage, again=again)


def states(report: ProbeReport) -> dict[str, str]:
    return {hop.name: hop.state for hop in report.hops}


def test_a_delivery_counts_when_it_costs_more_than_the_text() -> None:
    report, asked = probe(lambda delivery, _: Usage({"text": 21, "inline": 21 + MARGIN, "frames": 299}[delivery], 8, 0.001))
    assert states(report) == {"reach": "ok", "text": "ok", "inline": "dropped", "frames": "ok"}
    assert report.deliveries == ("frames",)
    assert report.video_format == ""
    assert report.said == "Seen by frames."
    assert asked == [("text", ""), ("inline", "mp4"), ("frames", "")]
    assert [hop.tokens_in for hop in report.hops] == [None, 21, 29, 299]
    assert "29 tokens, and 21 for the text alone" in report.hops[2].detail
    assert len(report.usages) == 3
    assert report.usage == Usage(349, 24, 0.003)


def test_the_first_format_that_arrives_is_kept_and_used_for_files() -> None:
    def answer(delivery: str, form: str) -> Usage | AnalysisError:
        return error(FailureKind.MEDIA, again=False) if form == "webm" else Usage(20 if delivery == "text" else 500, 8)

    report, asked = probe(answer, ("inline", "files", "frames"), ("webm", "mp4"))
    assert report.deliveries == ("inline", "files", "frames")
    assert report.video_format == "mp4"
    assert asked == [("text", ""), ("inline", "webm"), ("inline", "mp4"), ("files", "mp4"), ("frames", "")]
    assert report.usage.cost is None  # no price is known


def test_a_server_that_does_not_count_is_believed_and_said() -> None:
    report, _ = probe(lambda delivery, _: Usage())
    assert report.deliveries == ("inline", "frames")
    assert "could not be checked" in report.hops[2].detail
    assert "counts no tokens" in report.hops[1].detail
    assert [usage.estimated for usage in report.usages] == [True, True, True]  # billed, so its estimate counts


def test_an_answer_that_grew_too_long_is_an_answer() -> None:
    def answer(delivery: str, _: str) -> Usage | AnalysisError:
        usage = Usage(20 if delivery == "text" else 900, 32, 0.01)
        kind = FailureKind.EMPTY if delivery == "inline" else FailureKind.CUT_SHORT
        return error(kind, billed=True, usage=usage, again=False)

    report, _ = probe(answer)
    assert states(report) == {"reach": "ok", "text": "ok", "inline": "ok", "frames": "ok"}
    assert len(report.usages) == 3


def test_an_answer_that_broke_off_is_none() -> None:
    report, _ = probe(lambda delivery, _: Usage(20, 8) if delivery != "inline" else error(FailureKind.CUT_SHORT, billed=True))
    hop = report.hops[2]
    assert (hop.state, hop.kind) == ("failed", "cut_short")
    assert len(report.usages) == 3  # the broken one may have been billed


def test_a_server_that_is_not_there_ends_the_walk() -> None:
    report, asked = probe(lambda *_: error(FailureKind.NETWORK))
    assert states(report) == {"reach": "failed"}
    assert "cannot be reached" in report.hops[0].detail
    assert report.hops[0].kind == "network"
    assert len(asked) == 1
    assert report.usages == ()


def test_a_wrong_key_is_reached_and_ends_the_walk() -> None:
    report, asked = probe(lambda *_: error(FailureKind.KEY, again=False))
    assert states(report) == {"reach": "ok", "text": "failed"}
    assert report.hops[1].kind == "key"
    assert len(asked) == 1


def test_a_used_up_quota_in_the_middle_ends_the_walk_with_what_was_seen() -> None:
    def answer(delivery: str, _: str) -> Usage | AnalysisError:
        return error(FailureKind.QUOTA_DAY) if delivery == "files" else Usage(20 if delivery == "text" else 500, 8)

    report, asked = probe(answer, ("inline", "files", "frames"))
    assert states(report) == {"reach": "ok", "text": "ok", "inline": "ok", "files": "failed"}
    assert report.deliveries == ("inline",)
    assert len(asked) == 3
