"""The clips of windows in a real object store: fetched by a strict model server, kept where the settings say so, gone when nobody needs them."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support import forked
from support.chat_server import Behaviour, ChatServer
from support.mirrored import configure, keys_in, made_store
from support.proxy import Proxy
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.provider import NO_STORE
from skiuo_desktop.backend import address
from skiuo_desktop.backend.facts import clip_facts
from skiuo_desktop.backend.keys import ObjectKey, unpack_metadata
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.engine import gate, links, mirror, reach
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadState
from skiuo_desktop.model import AnalysisState, FailureKind, ModelConfig, Recording

SOURCE = "test:320x180@15"
SIGNED = re.compile(r"X-Amz-Signature=([0-9a-f]{64})")


@pytest.fixture
def store(object_server: Store) -> Iterator[ObjectStore]:
    made = made_store(object_server)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer("vllm", model="m") as started:
        yield started


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    s.Settings(home.settings).change({s.KEEP_FREE.key: 50})
    return home


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mirror looks at once, and attempts follow each other."""
    monkeypatch.setattr(mirror, "SETTLE_S", 0.05)
    monkeypatch.setattr(mirror, "FIRST_WAIT_S", 0.1)
    monkeypatch.setattr(gate, "backoff_s", lambda attempt: 0.01 * attempt)


@pytest.fixture
def backed(home: Home, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Points the home at the store, with further settings of the backend."""

    def point(endpoint: str = "", **more: Any) -> None:
        keys_in(configure(home, store, "", endpoint=endpoint, **more), monkeypatch)

    return point


def add(home: Home, server: ChatServer, **fields: Any) -> None:
    ModelBook(home).add(replace(ModelConfig("a", "openai", "m", server.base_url, preset="vllm", delivery="url", longest_answer=64), **fields))


def keys(store: ObjectStore) -> list[str]:
    return [stored.key for stored in store.list("clips/")]


def ledgers(run: Run, recording: Recording) -> list[dict[str, Any]]:
    """What was sent in each attempt, window by window."""
    return [dict(a.sent) for w in recording.windows for x in w.analyses for a in run.engine.attempts(x.id).result(60)]


def test_a_model_fetches_each_window_and_nothing_of_it_stays(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed()
    add(home, server)
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
    sent = ledgers(run, recording)
    assert [each["delivery"] for each in sent] == ["url"] * 3
    assert [asked.seen.delivery for asked in server.requests] == ["url"] * 3
    places = [ObjectKey.parse(each["link"]["key"]) for each in sent]
    assert [(p.window_index, p.start_ms, p.end_ms, p.form) for p in places if p] == [
        (w.index, w.span.start_ms, w.span.end_ms, "mp4") for w in recording.windows
    ]
    assert all(each["link"]["host"] == store.host and each["link"]["lasts_s"] == 3600 for each in sent)
    run.until(lambda: not keys(store), "the renditions to go")
    run.engine.stop()
    signatures = [SIGNED.search(asked.seen.fetched) for asked in server.requests]
    kept = b"".join(path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path.suffix not in (".webm", ".jpg"))
    assert all(found and found[1].encode() not in kept for found in signatures)
    assert b"X-Amz" not in kept


def test_each_window_is_stored_as_it_is_analysed_where_the_setting_says_so(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed(clips=True)
    add(home, server, delivery="frames")
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=26_000, models=("a",))
    run.until(lambda: len(keys(store)) == 3, "the clips")
    run.until(lambda: run.engine.backend_status().result(60).pending_objects == 0, "the rows of the clips")
    run.engine.stop()
    with Library.open(home) as library:
        named = {each.key: each for each in library.objects(recording.id) if each.kind == "clip"}
        device = library.device_name()
        head = library.recording_head(recording.id)
    assert sorted(named) == keys(store)
    for key, row in named.items():
        clip, found = store.read(key), store.stat(key)
        assert clip[:4] == b"\x1a\x45\xdf\xa3" and len(clip) == row.bytes
        assert found is not None and found.content_type == row.content_type == "video/webm" and found.sha256 == row.sha256
        place = ObjectKey.parse(key)
        assert place is not None
        window = recording.windows[place.window_index]
        facts = unpack_metadata(found.metadata)
        wanted = clip_facts(head, device, window)
        assert all(facts[name] == wanted[name] for name in ("device", "device_name", "recording", "window", "index", "start_ms", "end_ms", "started_at"))


def test_with_video_not_kept_a_clip_goes_when_its_analysis_is_final(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed(clips=True, keep_video=False)
    add(home, server, delivery="frames")
    seen: list[int] = []

    def look(_request: Any) -> Behaviour:
        run.until(lambda: keys(store), "the clip, while its window is being analysed")
        seen.append(len(keys(store)))
        return Behaviour(text="Words.")

    server.script = look
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    assert seen == [1]
    run.until(lambda: not keys(store), "the clip to go")
    run.until(lambda: run.engine.backend_status().result(60).pending_objects == 0, "the journal to be worked off")
    run.engine.stop()
    with Library.open(home) as library:
        assert [each.kind for each in library.objects(recording.id) if each.kind == "clip"] == []
        assert [job.kind for job in library.uploads(UploadState.GONE)] == ["clip"]


@pytest.mark.parametrize(
    "unfetched",
    [
        Behaviour(status=400, body={"error": {"message": "404, message='Not Found', url='https://x'", "type": "BadRequestError", "code": 400}}),
        Behaviour(status=500, body="Internal Server Error"),  # vLLM's whole answer to an address that gives nothing (its issue 47163)
    ],
)
def test_what_the_model_could_not_fetch_goes_inline_by_itself(home: Home, server: ChatServer, backed: Any, unfetched: Behaviour) -> None:
    backed()
    add(home, server)
    s.Settings(home.settings).change({s.ATTEMPTS.key: 1})
    server.script = [unfetched]
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    run.engine.stop()
    [analysis] = recording.windows[0].analyses
    assert analysis.state is AnalysisState.DONE and analysis.text
    with Library.open(home) as library:
        first, second = library.attempts(analysis.id)
    assert first.failure is not None and first.failure.kind is FailureKind.CANNOT_FETCH and first.sent["delivery"] == "url"
    assert second.failure is None and second.sent["delivery"] == "inline"
    assert second.sent["why"].endswith("; url was not used: vLLM here could not fetch it")


def test_what_two_models_fetch_is_stored_once_and_released_after_both(
    home: Home, store: ObjectStore, server: ChatServer, backed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed()
    add(home, server)
    ModelBook(home).add(replace(ModelBook(home).get("a"), name="b"))
    puts: list[str] = []
    put = ObjectStore.put

    def counted(self: ObjectStore, key: str, *args: Any, **named: Any) -> Any:
        puts.append(key)
        return put(self, key, *args, **named)

    monkeypatch.setattr(ObjectStore, "put", counted)
    run = Run(home, mirror=False)
    recording = run.record(SOURCE, limit_ms=9_000, models=("a", "b"))
    assert [each["delivery"] for each in ledgers(run, recording)] == ["url", "url"]
    assert puts == keys(store) and len(puts) == 1
    run.until(lambda: run.engine._store.library.uploads(UploadState.REMOVING), "the clip to be released")
    run.engine.stop()


def test_a_store_that_is_away_holds_nobody_up_and_gets_the_clips_later(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    with Proxy(int(store.host.rpartition(":")[2])) as proxy:
        backed(endpoint=f"http://127.0.0.1:{proxy.port}", clips=True)
        proxy.refuse = True
        add(home, server)
        run = Run(home)
        recording = run.record(SOURCE, limit_ms=16_000, models=("a",))
        sent = ledgers(run, recording)
        assert [each["delivery"] for each in sent] == ["inline"] * 2
        assert all("url was not used: 127.0.0.1" in each["why"] and "cannot be reached" in each["why"] for each in sent)
        run.engine.stop()
        with Library.open(home) as library:
            jobs = [job for job in library.uploads(UploadState.SENDING) if job.kind == "clip"]
        assert len([job for job in jobs if job.key.endswith(".webm")]) == 2
        proxy.refuse = False
        again = Run(home)
        again.until(lambda: again.engine.backend_status().result(60).pending_objects == 0, "the clips that were left")
        again.engine.stop()
    with Library.open(home) as library:
        named = [each.key for each in library.objects(recording.id) if each.kind == "clip"]
    assert sorted(named) == keys(store) == sorted(job.key for job in jobs if job.key.endswith(".webm"))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how Unix kills")
def test_killed_between_object_and_row_nothing_is_left_that_nobody_names(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed(clips=True)
    add(home, server)
    unnamed = set()
    for moment in (("object_stored", ".webm"), ("object_stored", ".mp4")):
        child = forked.run("support.clip_child:main", str(home.root), *moment)
        assert child.returncode == -signal.SIGKILL, (moment, child.stderr)
        with Library.open(home) as library:
            [summary] = library.summaries(10)
            named = {each.key for each in library.objects(summary.id)}
            assert set(keys(store)) <= {job.key for job in library.uploads(*UploadState)}, "there is an object that the journal does not know"
        unnamed |= set(keys(store)) - named
    assert {key.rpartition(".")[2] for key in unnamed} == {"webm", "mp4"}, "it was not killed in between"
    run = Run(home, mirror=False, analyse=False)
    run.engine.sync_backend().result(60)
    run.engine.stop()
    with Library.open(home) as library:
        named = {each.key for each in library.objects(summary.id) if each.kind == "clip"}
    assert sorted(named) == keys(store)
    assert [key.rpartition(".")[2] for key in named] == ["webm"]


def test_while_nothing_may_be_sent_the_model_gets_it_inline(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed(paused=True, clips=True)
    add(home, server)
    run = Run(home)
    recording = run.record(SOURCE, limit_ms=9_000, models=("a",))
    [sent] = ledgers(run, recording)
    run.engine.stop()
    assert sent["delivery"] == "inline" and sent["why"].endswith("url was not used: nothing is sent to the object store at present")
    assert keys(store) == []


@pytest.mark.parametrize(
    ("of_store", "of_model", "why"),
    [
        ("https://8.8.8.8", "https://dashscope.aliyuncs.com/compatible-mode/v1", ""),
        ("http://8.8.8.8", "https://1.1.1.1/v1", "8.8.8.8 is not reached by https"),
        ("https://10.0.0.5:9000", "https://1.1.1.1/v1", "not reached from the internet"),
        ("https://10.0.0.5:9000", "https://models.example/v1", "not reached from the internet"),
        ("https://127.0.0.1:9000", "https://1.1.1.1/v1", "not reached from the internet"),
        ("https://minio.local", "https://1.1.1.1/v1", "a name of this network only"),
        ("http://10.0.0.5:9000", "http://192.168.1.7:8000/v1", ""),
        ("http://10.0.0.5:9000", "http://gpu:8000/v1", ""),
        ("http://10.0.0.5:9000", "https://gpu.example/v1", ""),
        ("http://127.0.0.1:9000", "http://localhost:8000/v1", ""),
        ("http://127.0.0.1:9000", "http://192.168.1.7:8000/v1", "127.0.0.1 is this computer, and the model runs on another one"),
    ],
)
def test_who_can_fetch_from_where(of_store: str, of_model: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"models.example": "1.1.1.1", "gpu.example": "10.1.2.3"}
    monkeypatch.setattr(address.socket, "getaddrinfo", lambda host, *_args, **_named: [(0, 0, 0, "", (names[host], 443))])
    told = reach.hindrance(of_store, of_model)
    assert why in told and bool(told) == bool(why)


def test_an_address_outlasts_all_attempts() -> None:
    assert links.lasts_s(4, 120) == 3600  # an hour at least
    assert links.lasts_s(20, 600) == 20 * (600 + 120 + 30)
    assert links.lasts_s(20, 3600) < 7 * 24 * 3600
    assert links.lasts_s(10_000, 3600) == 7 * 24 * 3600


def test_the_public_address_is_what_models_are_given(home: Home, store: ObjectStore, backed: Any) -> None:
    backed(public_store="https://media.example.org")
    run = Run(home)
    try:
        its = run.engine._clips
        assert asyncio.run(its.host()) == "media.example.org"
        url = asyncio.run(its.sign("clips/d/r/k.webm", 60))
        assert url.startswith(f"https://media.example.org/{store.address.bucket}/clips/d/r/k.webm?")
    finally:
        run.engine.stop()


def test_without_a_store_there_is_nothing_to_fetch_from(run: Run) -> None:
    assert run.engine._links.hindrance("http://127.0.0.1:8000/v1") == NO_STORE


def test_the_test_of_an_endpoint_tries_the_store_and_leaves_nothing_there(home: Home, store: ObjectStore, server: ChatServer, backed: Any) -> None:
    backed()
    add(home, server, delivery="auto")
    run = Run(home)
    report = run.engine.probe_model("a").result(60)
    run.engine.stop()
    assert report.deliveries == ("inline", "url", "frames")
    assert any(asked.seen.fetched for asked in server.requests)
    assert keys(store) == []
