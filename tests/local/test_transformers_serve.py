"""`transformers serve`, the server of the transformers project itself, as a peer of our `openai` provider."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from analysis.drawn_clips import Answer, ask, until
from local.pictures import HEIGHT, WIDTH, Drawn, question
from local.tiny_model import SENTENCE, WORDS

from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, Probing
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind, ModelConfig

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

TOKENS_A_PICTURE = (WIDTH // 32) * (HEIGHT // 32)


@dataclass(frozen=True)
class Peer:
    base_url: str
    model: str

    def provider(self, **fields: object) -> OpenAIProvider:
        config = {"base_url": self.base_url, "model": self.model, "preset": "transformers", **fields}
        return OpenAIProvider(ModelConfig("peer", "openai", **config))  # type: ignore[arg-type]

    def asked(self, request: AnalysisRequest) -> Answer:
        made = self.provider()
        answer = ask(made, request)
        asyncio.run(made.close())
        return answer


@pytest.fixture(scope="module")
def peer(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The real server with the tiny model, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = str(models / "plain")
    home = tmp_path_factory.mktemp("hub")
    log = home / "log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("transformers")), "serve", folder, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=out,
            stderr=out,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home)},
        )

    def up() -> bool:
        assert server.poll() is None, log.read_text()
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).json() == {"status": "ok"}
        except httpx.HTTPError:
            return False

    try:
        until(up, "transformers serve to answer", 300)
        yield Peer(f"http://127.0.0.1:{port}/v1", folder)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def test_our_request_is_taken_and_its_pictures_are_counted(peer: Peer) -> None:
    alone = peer.asked(question())
    seen = peer.asked(question(Drawn(4)))
    assert seen.text == SENTENCE
    assert seen.sent["delivery"] == "frames"
    assert alone.finished.usage.tokens_in is not None
    assert seen.finished.usage.tokens_in is not None
    assert seen.finished.usage.tokens_in - alone.finished.usage.tokens_in >= 4 * TOKENS_A_PICTURE


def test_its_stream_ends_without_done_and_with_everything_counted(peer: Peer) -> None:
    """What the peer really sends, and that we read all of it."""
    body = {"model": peer.model, "stream": True, "messages": [{"role": "user", "content": "Say what is seen"}]}
    lines = httpx.post(f"{peer.base_url}/chat/completions", json=body, timeout=120).text.split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    assert events[-1]["choices"][0]["finish_reason"] == "stop", "no [DONE], and usage beside the last choice"
    assert events[-1]["usage"]["completion_tokens"] == len(WORDS) + 1
    answer = peer.asked(question())
    assert answer.finished.usage.tokens_out == len(WORDS) + 1
    assert answer.finished.about["finish_reason"] == "stop"
    assert len(answer.sentences) > 1, "told as it arrives"


def test_it_refuses_fields_that_it_does_not_know(peer: Peer) -> None:
    """So that the requests above were taken says something about them."""
    body = {"model": peer.model, "messages": [{"role": "user", "content": "Say"}], "enable_thinking": False}
    refused = httpx.post(f"{peer.base_url}/chat/completions", json=body, timeout=120)
    assert refused.status_code == 422
    assert "enable_thinking" in refused.text


def test_it_keeps_to_our_longest_answer(peer: Peer) -> None:
    made = peer.provider(longest_answer=3)
    with pytest.raises(AnalysisError) as caught:
        ask(made, question(Drawn(4)))
    asyncio.run(made.close())
    assert caught.value.failure.kind is FailureKind.CUT_SHORT
    assert caught.value.usage is not None
    assert caught.value.usage.tokens_out == 3


def test_another_model_s_name_is_told_as_that(peer: Peer) -> None:
    made = peer.provider(model="Qwen/none")
    with pytest.raises(AnalysisError) as caught:
        ask(made, question(Drawn(4)))
    asyncio.run(made.close())
    assert caught.value.failure.kind is FailureKind.MODEL_MISSING, caught.value.failure.raw


def test_a_probe_sees_that_pictures_arrive(peer: Peer) -> None:
    made = peer.provider()
    assert isinstance(made, Probing)
    report = asyncio.run(made.probe(Drawn(4)))
    asyncio.run(made.close())
    assert report.deliveries == ("frames",), report.hops
    assert report.said == SENTENCE
