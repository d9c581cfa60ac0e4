"""The delivery `url`: strict servers fetch the clip from a real object store and decode it; the address is kept nowhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from analysis.model_clips import Told, ask, real_clip, request
from analysis.url_links import StoreLinks, signature
from support.chat_server import QWEN, SGLANG, VLLM, Behaviour, ChatServer
from support.gemini_server import GeminiServer
from support.services import Store

from skiuo_desktop import secrets
from skiuo_desktop.analysis.gemini import GeminiProvider
from skiuo_desktop.analysis.links import secrets_of
from skiuo_desktop.analysis.openai import OpenAIProvider
from skiuo_desktop.analysis.provider import AnalysisRequest, Links, ProbeReport
from skiuo_desktop.analysis.qwen import QwenProvider
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import BackendTrouble, FailureKind, ModelConfig

GEMINI = "gemini"
KINDS = [QWEN, VLLM, SGLANG, GEMINI]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClipRenditions]:
    made = real_clip(tmp_path_factory.mktemp("clip"))
    yield made
    made.close()


@pytest.fixture
def store(object_server: Store) -> Iterator[ObjectStore]:
    made = ObjectStore(object_server.address(object_server.new_bucket()))
    yield made
    made.close()


class Model:
    """A strict server of one kind, and a provider that asks it by `url`."""

    def __init__(self, kind: str, stack: ExitStack) -> None:
        self.kind = kind
        self.chat: Any = None
        self.google: Any = None
        if kind == GEMINI:
            self.google = stack.enter_context(GeminiServer())
            self.config = self.google.config(delivery="url")
        else:
            secrets.store("run:url-test", "sk-url-test")
            self.chat = stack.enter_context(ChatServer(kind, key="sk-url-test"))
            base, provider, preset = self.chat.base_url, "qwen" if kind == QWEN else "openai", "" if kind == QWEN else kind
            self.config = ModelConfig("m", provider, self.chat.model, base, "run:url-test", preset=preset, delivery="url")

    def provider(self, **fields: Any) -> Any:
        build = {GEMINI: GeminiProvider, QWEN: QwenProvider}.get(self.kind, OpenAIProvider)
        return build(replace(self.config, **fields))

    def ask(self, *questions: AnalysisRequest, **fields: Any) -> list[Told]:
        return ask(self.provider(**fields), *questions)

    @property
    def bodies(self) -> list[str]:
        """What was sent and found right."""
        return [json.dumps(asked.body) for asked in (self.google.asked if self.google else self.chat.requests)]

    @property
    def delivery(self) -> str:
        """How the model got what it answered about last."""
        return str(self.google.counted[-1].delivery if self.google else self.chat.requests[-1].seen.delivery)


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest) -> Iterator[Model]:
    with ExitStack() as stack:
        yield Model(request.param, stack)


def asked(clip: ClipRenditions, links: Links | None) -> AnalysisRequest:
    return replace(request(clip), links=links)


def test_the_model_fetches_the_clip_and_the_ledger_says_from_where(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    links = StoreLinks(store)
    [told] = model.ask(asked(clip, links))
    assert told.text and told.finished
    assert model.delivery == "url"
    form = "webm" if model.kind == GEMINI else "mp4"
    [key] = links.placed
    assert key.endswith(f".{form}")
    ledger = told.sent.ledger
    assert ledger["delivery"] == "url" and ledger["format"] == form
    assert ledger["why"] == "url, as it is set for this model"
    assert ledger["link"] == {"host": store.host, "key": key, "lasts_s": 3600}
    assert ledger["media_bytes"] == len(store.read(key))
    [url], [body] = links.signed, model.bodies
    assert url in body and "base64" not in body
    assert signature(url) not in json.dumps(ledger) + told.sent.fingerprint + told.finished.raw


def test_the_same_clip_is_the_same_question_under_each_new_address(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    links, others = StoreLinks(store), StoreLinks(store)
    others.url = "http://127.0.0.1:1/never-asked"
    first, again = model.ask(asked(clip, links), asked(clip, others))
    assert len(links.signed) == len(others.signed) == 1, "each request signs an address of its own"
    assert first.sent.fingerprint == again.sent.fingerprint != ""
    assert dict(first.sent.ledger) == dict(again.sent.ledger)


def test_an_address_that_gives_nothing_is_said_and_its_signature_kept_nowhere(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    links = StoreLinks(store)
    links.url = store.presign("clips/device/recording/nothing-lies-here.mp4", 3600)
    [told] = model.ask(asked(clip, links))
    error = told.failed
    assert error.failure.kind is FailureKind.CANNOT_FETCH
    assert not error.billed
    kept = repr(error) + error.failure.message + error.failure.raw + json.dumps(dict(error.failure.facts)) + json.dumps(told.sent.ledger)
    assert signature(links.url) not in kept
    if model.kind not in (QWEN,):  # it does not repeat the address
        assert "hidden" in error.failure.raw


def test_a_page_in_the_place_of_the_clip_is_not_the_recordings_fault(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    """A proxy before the store that answers 200 with words."""
    store.put("page.mp4", b"<html>Sign in first.</html>", "video/webm" if model.kind == GEMINI else "video/mp4", {})
    [told] = model.ask(asked(clip, StoreLinks(store, url=store.presign("page.mp4", 3600))))
    assert told.failed.failure.kind is FailureKind.CANNOT_FETCH


def test_a_store_that_the_model_cannot_reach_is_not_used_and_the_ledger_says_why(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    links = StoreLinks(store, hindrance="10.0.0.5 is an address that is not reached from the internet.")
    [told] = model.ask(asked(clip, links))
    assert told.finished and model.delivery == "inline"
    assert not links.placed
    why = told.sent.ledger["why"]
    assert why.startswith("inline: ") and why.endswith("; url was not used: 10.0.0.5 is an address that is not reached from the internet")
    assert "link" not in told.sent.ledger


def test_a_store_that_is_away_does_not_keep_the_window_from_its_model(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    class Away(StoreLinks):
        async def place(self, data: bytes, form: str) -> Any:
            raise BackendError("minio.example:9000 cannot be reached. Check the network and the address.", BackendTrouble.UNREACHABLE)

    [told] = model.ask(asked(clip, Away(store)))
    assert told.finished and model.delivery == "inline"
    assert "url was not used: minio.example:9000 cannot be reached" in told.sent.ledger["why"]


def test_without_a_store_it_goes_inline(clip: ClipRenditions, model: Model) -> None:
    [told] = model.ask(asked(clip, None))
    assert told.finished and model.delivery == "inline"
    assert "url was not used: there is no object store" in told.sent.ledger["why"]


def test_an_address_that_cannot_be_signed_ends_the_attempt_before_anything_is_sent(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    class Unsigned(StoreLinks):
        async def sign(self, placed: Any) -> str:
            raise BackendError("minio.example:9000 cannot be reached.", BackendTrouble.UNREACHABLE)

    [told] = model.ask(asked(clip, Unsigned(store)))
    assert told.failed.failure.kind is FailureKind.CANNOT_FETCH
    assert not told.failed.billed and not model.bodies


def probed(model: Model, clip: ClipRenditions, links: Links | None) -> ProbeReport:
    async def probe() -> ProbeReport:
        provider = model.provider(delivery="auto")
        report: ProbeReport = await provider.probe(clip, links)
        await provider.close()
        return report

    return asyncio.run(probe())


def test_the_probe_tries_what_can_be_fetched(clip: ClipRenditions, store: ObjectStore, model: Model) -> None:
    report = probed(model, clip, StoreLinks(store))
    hop = next(hop for hop in report.hops if hop.name == "url")
    assert hop.state == "ok" and "tokens for the test clip" in hop.detail
    assert report.deliveries[:2] == ("inline", "url")


@pytest.mark.parametrize("links", [None, "hindered"])
def test_the_probe_does_not_try_what_cannot_be_fetched(clip: ClipRenditions, store: ObjectStore, links: str | None) -> None:
    with ExitStack() as stack:
        report = probed(Model(VLLM, stack), clip, StoreLinks(store, hindrance="it is away") if links else None)
    assert "url" not in {hop.name for hop in report.hops}
    assert report.deliveries == ("inline", "frames")


def test_a_hop_that_went_another_way_is_no_success(clip: ClipRenditions, store: ObjectStore) -> None:
    class Away(StoreLinks):
        async def place(self, data: bytes, form: str) -> Any:
            raise BackendError("minio.example:9000 cannot be reached.", BackendTrouble.UNREACHABLE)

    with ExitStack() as stack:
        report = probed(Model(VLLM, stack), clip, Away(store))
    hop = next(hop for hop in report.hops if hop.name == "url")
    assert (hop.state, hop.kind) == ("failed", "cannot_fetch") and "cannot be reached" in hop.detail
    assert "url" not in report.deliveries


def test_an_answer_that_repeats_the_address_is_kept_without_its_signature(clip: ClipRenditions, store: ObjectStore) -> None:
    links = StoreLinks(store)
    with ExitStack() as stack:
        model = Model(VLLM, stack)
        model.chat.script = lambda asked: Behaviour(text="Seen.", before=[f": fetched {asked.seen.fetched}"])
        [told] = model.ask(asked(clip, links))
    assert "X-Amz-Signature=(hidden)" in told.finished.raw
    assert signature(links.signed[0]) not in told.finished.raw


def test_what_is_secret_of_an_address() -> None:
    assert secrets_of("https://s/b/k?X-Amz-Date=1&X-Amz-Signature=0af&X-Amz-Security-Token=a%2Fb") == ("0af", "a/b")
    assert secrets_of("https://s/b/k?X-Amz-Signature=") == ()
