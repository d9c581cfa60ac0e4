"""Uploads to the Gemini API: broken and resumed, waited for, and deleted whatever happens."""

# ruff: noqa: F811
from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import pytest
from analysis.drawn_clips import until, webm
from analysis.gemini_asking import ask, clip, fails, recorded, recorded_clip, request, server  # noqa: F401
from support.gemini_server import TEXT, Asked, GeminiServer, Reply

from skiuo_desktop.analysis import gemini_files
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.provider import Sent, TextDelta
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind, Span

MIB = 1 << 20


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemini_files, "PAUSE_S", 0.01)


@pytest.fixture(scope="module")
def padded() -> bytes:
    """A clip of 17.5 MiB that decodes: a Void element of that size ends it."""
    data = webm([np.full((64, 64, 3), n * 6, np.uint8) for n in range(30)])
    size = 17 * MIB + MIB // 2 - len(data) - 9
    return data + b"\xec" + (size | 1 << 56).to_bytes(8, "big") + bytes(size)


@pytest.fixture
def large(padded: bytes) -> Iterator[ClipRenditions]:
    made = ClipRenditions(recorded_clip(padded, Span(0, 3_000), has_audio=False))
    yield made
    made.close()


@dataclass
class Sort:
    asked: list[Asked]

    def commands(self) -> list[str]:
        return [r.headers.get("x-goog-upload-command", r.method) for r in self.asked]

    def offsets(self) -> list[tuple[int, str]]:
        """(offset, size) of each chunk"""
        return [(int(r.headers["x-goog-upload-offset"]), r.body) for r in self.asked if r.headers.get("x-goog-upload-command", "").startswith("upload")]


def test_a_file_is_uploaded_in_chunks_asked_about_and_deleted(server: GeminiServer, large: ClipRenditions, padded: bytes) -> None:
    server.processing = 3
    given = ask(server.config(), large)
    assert (given.text, given.sent["delivery"], given.sent["media_bytes"]) == (TEXT, "files", len(padded))
    seen = Sort(server.requests)
    assert seen.commands() == ["start", "upload", "upload", "upload, finalize", "GET", "GET", "GET", "POST", "DELETE"]
    assert seen.offsets() == [(0, f"{8 * MIB} bytes"), (8 * MIB, f"{8 * MIB} bytes"), (16 * MIB, f"{len(padded) - 16 * MIB} bytes")]
    (part, _) = server.asked[0].body["contents"][0]["parts"]
    assert part["fileData"]["mimeType"] == "video/webm"
    assert server.deleted == server.uploaded
    assert server.files == {}
    assert server.counted[0].delivery == "files"


@pytest.mark.parametrize("how", ["half", "503", "mute", "lost"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_broken_chunk_is_resumed_where_the_server_says(server: GeminiServer, large: ClipRenditions, padded: bytes, how: str, which: int) -> None:
    server.upload_script = ["ok"] * which + [how]
    assert ask(server.config(), large).text == TEXT
    assert "query" in Sort(server.requests).commands()
    (file,) = server.sessions.values()
    assert bytes(file.data) == padded
    assert server.deleted == server.uploaded
    sent = sum(int(size.split()[0]) for _, size in Sort(server.requests).offsets())
    assert sent <= len(padded) + 8 * MIB, "what had arrived is not sent again"


@pytest.mark.parametrize(("how", "kind"), [("503", FailureKind.OVERLOADED), ("half", FailureKind.NETWORK), ("mute", FailureKind.BAD_ANSWER)])
def test_an_upload_that_breaks_all_the_time_ends(server: GeminiServer, clip: ClipRenditions, how: str, kind: FailureKind) -> None:
    """Half of so small a file is less than the server keeps of a broken chunk."""
    server.upload_script = [how] * 100
    server.forgets = True
    error = fails(server, clip, delivery="files")
    assert (error.failure.kind, error.billed, error.again) == (kind, False, True)
    assert 100 - len(server.upload_script) == gemini_files.MOST_BREAKS + 1
    assert server.counted == []
    assert server.files == {}


def test_an_upload_that_breaks_often_but_goes_on_arrives(server: GeminiServer, large: ClipRenditions) -> None:
    server.upload_script = ["half"] * 8
    assert ask(server.config(), large).text == TEXT


def test_the_bytes_go_to_the_address_of_the_model_only(server: GeminiServer, clip: ClipRenditions) -> None:
    server.upload_host = "http://upload.invalid"
    assert ask(server.config(delivery="files"), clip).text == TEXT
    assert {r.headers["host"] for r in server.requests} == {urlsplit(server.base_url).netloc}


def test_a_file_that_cannot_be_taken_in_is_said_and_deleted(server: GeminiServer, clip: ClipRenditions) -> None:
    server.fail_file = True
    error = fails(server, clip, delivery="files")
    assert (error.failure.kind, error.billed) == (FailureKind.CANNOT_FETCH, False)
    assert "FAILED" in error.failure.raw
    assert server.asked == []
    assert (server.deleted, server.files) == (server.uploaded, {})


def test_a_file_that_is_never_ready_is_given_up_and_deleted(server: GeminiServer, clip: ClipRenditions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemini_files, "READY_S", 0.2)
    server.processing = 1_000_000
    error = fails(server, clip, delivery="files")
    assert (error.failure.kind, error.billed) == (FailureKind.TIMEOUT, False)
    assert (server.deleted, server.files) == (server.uploaded, {})


@pytest.mark.parametrize("reply", [Reply.error(503, "UNAVAILABLE", "busy"), Reply(finish="SAFETY"), Reply(finish=""), Reply(body="?")])
def test_a_failed_answer_leaves_no_file(server: GeminiServer, clip: ClipRenditions, reply: Reply) -> None:
    server.script.append(reply)
    fails(server, clip, delivery="files")
    assert len(server.uploaded) == 1
    assert (server.deleted, server.files) == (server.uploaded, {})


def test_a_wrong_key_uploads_and_deletes_nothing(server: GeminiServer, clip: ClipRenditions) -> None:
    error = fails(server, clip, delivery="files", key_ref="")
    assert (error.failure.kind, error.billed) == (FailureKind.KEY, False)
    assert Sort(server.requests).commands() == ["start"]


def test_a_cancelled_analysis_deletes_its_file(server: GeminiServer, clip: ClipRenditions) -> None:
    hold = threading.Event()
    server.script.append(Reply(hold=hold))

    async def cancelled() -> None:
        provider = GeminiProvider(server.config(delivery="files"))
        began = asyncio.Event()

        async def read() -> None:
            async for event in provider.analyse(request(clip)):
                if isinstance(event, TextDelta):
                    began.set()

        task = asyncio.create_task(read())
        await asyncio.wait_for(began.wait(), 60)
        assert server.files, "the file is there while the answer arrives"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await provider.close()

    asyncio.run(cancelled())
    hold.set()
    assert (server.deleted, server.files) == (server.uploaded, {})


def test_a_cancelled_upload_leaves_no_file(server: GeminiServer, large: ClipRenditions) -> None:
    """Cancelled while the file is being taken in: it has no URI yet, and is deleted all the same."""
    server.processing = 1_000_000

    async def cancelled() -> None:
        provider = GeminiProvider(server.config())

        async def read() -> None:
            async for event in provider.analyse(request(large)):
                assert isinstance(event, Sent)

        task = asyncio.create_task(read())
        await asyncio.to_thread(until, lambda: server.files, "the upload")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await provider.close()

    asyncio.run(cancelled())
    assert (server.deleted, server.files) == (server.uploaded, {})


def test_an_answer_that_nobody_reads_to_its_end_leaves_no_file(server: GeminiServer, clip: ClipRenditions) -> None:
    async def left() -> None:
        provider = GeminiProvider(server.config(delivery="files"))
        told = provider.analyse(request(clip))
        async for event in told:
            if isinstance(event, TextDelta):
                break
        await told.aclose()  # type: ignore[attr-defined]
        await provider.close()

    asyncio.run(left())
    assert (server.deleted, server.files) == (server.uploaded, {})


def test_a_file_that_is_gone_when_it_is_asked_about(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script.append(Reply.error(403, "PERMISSION_DENIED", "You do not have permission to access the File x or it may not exist."))
    with pytest.raises(AnalysisError) as caught:
        ask(server.config(delivery="files"), clip)
    assert caught.value.failure.kind is FailureKind.CANNOT_FETCH
