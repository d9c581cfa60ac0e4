"""`skiuo` and other devices: list, search, show, fetch. The servers are real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backend.conftest import minio_server, object_server  # noqa: F401 - fixtures
from backend.devices import Backend, Device, backend_of, webm
from support.postgres import Server, database_name, postgres, prepared  # noqa: F401 - fixtures
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.home import Home


@pytest.fixture
def backend(
    tmp_path: Path,
    object_server: Store,  # noqa: F811
    postgres: Server,  # noqa: F811
    database_name: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Backend]:
    with backend_of(tmp_path / "backend", object_server, postgres, database_name, monkeypatch) as made:
        yield made


@pytest.fixture
def bench(backend: Backend) -> Device:
    """Another device, which has mirrored."""
    bench = backend.device("Bench")
    made = bench.film("他拿起烙铁。", "He closes the lid.", title="焊接 one")
    bench.library.add_marker(made.id, 2_000, "here")
    bench.mirror()
    return bench


@pytest.fixture
def here(skiuo: Any, backend: Backend) -> Any:
    """This computer's command, with the same servers."""
    skiuo.environment |= {"TEST_ACCESS": backend.server.access_key, "TEST_SECRET": backend.server.secret_key}
    own = Device(Home(skiuo.home), backend.changes)
    own.film("烙铁 is mine.", title="Mine")
    own.close()
    return skiuo


def test_lists_this_computer_another_or_all(here: Any, bench: Device) -> None:
    [theirs] = bench.library.summaries(5)
    assert [(row["title"], row["device"]) for row in here.lines("list", "--json")] == [("Mine", "")]
    assert [(row["title"], row["device"]) for row in here.lines("list", "--device", "Bench", "--json")] == [("焊接 one", "Bench")]
    everywhere = here.lines("list", "--device", "all", "--json")
    assert {(row["title"], row["device"]) for row in everywhere} == {("Mine", ""), ("焊接 one", "Bench")}
    assert all(row.keys() == everywhere[0].keys() and row["windows"] for row in everywhere)
    table = here.run("list", "--device", "all").stdout
    assert "Bench" in table and "焊接 one" in table and theirs.id in table and "2 done" in table
    assert "Bench" not in here.run("list").stdout
    assert "Cellar" in here.run("list", "--device", "Cellar", status=3).stderr
    [device] = here.lines("list", "--devices", "--json")
    assert (device["device"], device["recordings"], device["id"]) == ("Bench", 1, bench.library.device_id)
    assert "Bench" in here.run("list", "--devices").stdout


def test_searches_here_there_or_everywhere(here: Any, bench: Device) -> None:
    assert [hit["device"] for hit in here.lines("search", "烙铁", "--json")] == [""]
    [hit] = here.lines("search", "烙铁", "--device", "Bench", "--json")
    assert (hit["device"], hit["text"], hit["window"]) == ("Bench", "他拿起烙铁。", 0)
    assert sorted(hit["device"] for hit in here.lines("search", "烙铁", "--device", "all", "--json")) == ["", "Bench"]
    assert len(here.lines("search", "烙铁", "--device", "all", "--limit", "1", "--json")) == 1
    assert "焊接 one  (Bench)" in here.run("search", "烙铁", "--device", "all").stdout


def test_shows_what_is_meant_wherever_it_is(here: Any, bench: Device) -> None:
    [theirs] = bench.library.summaries(5)
    for meant in (theirs.id, "焊接 one"):
        [shown] = here.lines("show", meant, "--json")
        assert (shown["id"], shown["device"], shown["path"], len(shown["windows"]), shown["markers"][0]["text"]) == (theirs.id, "Bench", "", 2, "here")
    text = here.run("show", theirs.id).stdout
    assert "Bench" in text and "他拿起烙铁。" in text and f"skiuo fetch {theirs.id}" in text
    assert [row["title"] for row in here.lines("show", "Mine", "--json")] == ["Mine"]
    assert "nobody's" in here.run("show", "nobody's", status=3).stderr
    assert "recorded on Bench, and can be changed only there" in here.run("delete", theirs.id, "--yes", status=3).stderr


def test_fetches_the_video(here: Any, bench: Device, tmp_path: Path) -> None:
    [theirs] = bench.library.summaries(5)
    [told] = here.lines("fetch", theirs.id, str(tmp_path / "out.webm"), "--json")
    assert told == {"recording": theirs.id, "path": str(tmp_path / "out.webm"), "bytes": len(webm())}
    assert (tmp_path / "out.webm").read_bytes() == webm()
    assert "there already" in here.run("fetch", theirs.id, str(tmp_path / "out.webm"), status=2).stderr
    assert here.run("fetch", "Mine", str(tmp_path)).stdout.strip().endswith(".webm")


def test_what_somebody_wrote_moves_no_terminal(here: Any, backend: Backend, bench: Device) -> None:
    backend.ask("UPDATE recordings SET title = E'\\x1b]0;pwned\\x07', source_label = E'\\x1b[2J'")
    backend.ask("UPDATE analyses SET text = E'lid\\x1b[31m', failure_message = E'\\u009b2J', failure_kind = 'network'")
    backend.ask("UPDATE devices SET name = E'\\x1b[1mBench'")
    backend.ask("UPDATE markers SET text = E'\\x1b[9m'")
    [theirs] = bench.library.summaries(5)
    for words in (["list", "--device", "all"], ["list", "--devices"], ["search", "烙铁", "--device", "all"], ["show", theirs.id], ["show", theirs.id, "--all"]):
        out = here.run(*words).stdout
        assert "\x1b" not in out and "\x9b" not in out and "\x07" not in out, words


def test_servers_that_are_away_leave_this_computer_as_it_is(here: Any, bench: Device) -> None:
    [theirs] = bench.library.summaries(5)
    changed = json.loads((here.home / "settings.json").read_text())
    changed["values"][s.BACKEND_DATABASE.key] = "postgresql://me@127.0.0.1:9/x"
    (here.home / "settings.json").write_text(json.dumps(changed))
    assert [row["title"] for row in here.lines("list", "--json")] == ["Mine"]
    assert [row["title"] for row in here.lines("show", "Mine", "--json")] == ["Mine"]
    for words in (("list",), ("search", "Mine")):
        told = here.run(*words, "--device", "all", status=10)
        assert "Mine" in told.stdout and "127.0.0.1:9" in told.stderr
    assert here.run("list", "--device", "Bench", status=10).stdout == ""
    error = here.run("show", theirs.id, status=3).stderr
    assert theirs.id in error and "127.0.0.1:9" in error


def test_without_servers_it_says_what_to_do(skiuo: Any) -> None:
    for words in (["list", "--devices"], ["list", "--device", "all"], ["search", "x", "--device", "Bench"]):
        assert "skiuo backend set" in skiuo.run(*words, status=2).stderr
    assert "nobody's" in skiuo.run("show", "nobody's", status=3).stderr
    assert "nobody's" in skiuo.run("fetch", "nobody's", status=3).stderr
