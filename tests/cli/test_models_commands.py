"""`skiuo models` as a program of its own, against a strict server on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.chat_server import ChatServer
from support.gemini_server import KEY, GeminiServer

MODEL = "gemini-3.5-flash-lite"

KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    path = pathlib.Path(os.environ["TEST_KEYRING"])
    def _all(self): return json.loads(self.path.read_text()) if self.path.exists() else {}
    def get_password(self, service, name): return self._all().get(f"{service}/{name}")
    def set_password(self, service, name, secret): self.path.write_text(json.dumps({**self._all(), f"{service}/{name}": secret}))
    def delete_password(self, service, name): self.path.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{name}"}))
"""


@pytest.fixture
def server(skiuo: Any) -> Iterator[GeminiServer]:
    skiuo.environment["GEMINI_KEY"] = KEY
    with GeminiServer() as started:
        yield started


@pytest.fixture
def kept(skiuo: Any, tmp_path: Path) -> Path:
    """A keyring that is a file; returns it."""
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "file_keyring.py").write_text(KEYRING)
    path = os.pathsep.join([str(tmp_path / "ring"), os.environ.get("PYTHONPATH", "")])
    skiuo.environment.update(PYTHON_KEYRING_BACKEND="file_keyring.Keyring", PYTHONPATH=path, TEST_KEYRING=str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def add(skiuo: Any, server: GeminiServer, name: str = "g", *words: str, key: tuple[str, ...] = ("--key-env", "GEMINI_KEY")) -> dict[str, Any]:
    [model] = skiuo.lines("models", "add", name, "--provider", "gemini", "--base-url", server.base_url + "/", "--model", MODEL, *key, *words, "--json")
    return model


def without_keys(skiuo: Any, key: str = KEY) -> None:
    for path in skiuo.home.rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes(), path


def test_a_model_is_added_tested_and_listed(skiuo: Any, server: GeminiServer) -> None:
    model = add(skiuo, server)
    assert [hop["state"] for hop in model["probe"]["hops"]] == ["ok"] * len(model["probe"]["hops"]) and "inline" in model["probe"]["deliveries"]
    assert (model["name"], model["rank"], model["active"], model["base_url"]) == ("g", 1, False, server.base_url)
    assert (model["key_ref"], model["key_state"]) == ("env:GEMINI_KEY", "environment")
    assert model["price"]["tiers"] == [{"up_to": None, "per_million_in": 0.3, "per_million_out": 2.5}] and model["price"]["read_on"]
    listed = skiuo.lines("models", "list", "--json")
    assert [m["name"] for m in listed] == ["g", "offline"] and listed[0] == model
    table = skiuo.run("models").stdout
    assert MODEL in table and "GEMINI_KEY" in table and "inline" in table and "0.30/2.50 $" in table and KEY not in table
    without_keys(skiuo)


def test_the_test_costs_and_is_counted(skiuo: Any, server: GeminiServer) -> None:
    model = add(skiuo, server, "g", "--price-in", "1", "--price-out", "10")
    [spent] = skiuo.lines("budget", "--json")
    counted = sum(c.tokens_in * 1e-6 + c.tokens_out * 1e-5 for c in server.counted)
    assert spent["day"] == pytest.approx(counted) == model["probe"]["usage"]["cost"] > 0


def test_a_wrong_key_leaves_the_model_and_says_what_to_do(skiuo: Any, server: GeminiServer) -> None:
    skiuo.environment["GEMINI_KEY"] = "AIza-wrong"
    added = skiuo.run("models", "add", "g", "--provider", "gemini", "--base-url", server.base_url, "--model", MODEL, "--key-env", "GEMINI_KEY")
    assert "key" in added.stdout and "saw nothing" in added.stderr and "AIza-wrong" not in added.stdout + added.stderr
    [model] = skiuo.lines("models", "test", "g", "--json", status=8)
    assert model["probe"]["deliveries"] == [] and {hop["kind"] for hop in model["probe"]["hops"] if hop["state"] == "failed"} == {"key"}
    skiuo.environment["GEMINI_KEY"] = KEY
    assert "ok" in skiuo.run("models", "test", "g").stdout
    without_keys(skiuo, "AIza-wrong")


def test_a_variable_that_is_not_set_is_accepted_with_a_warning(skiuo: Any, server: GeminiServer) -> None:
    del skiuo.environment["GEMINI_KEY"]
    done = skiuo.run("models", "add", "g", "--provider", "gemini", "--base-url", server.base_url, "--model", MODEL, "--key-env", "GEMINI_KEY", "--no-probe")
    assert "GEMINI_KEY is not set here" in done.stderr and server.requests == []
    assert skiuo.lines("models", "--json")[0]["key_state"] == "missing" and "GEMINI_KEY is not set" in skiuo.run("models").stdout


def test_a_key_from_standard_input_goes_to_the_keyring_and_leaves_with_the_model(skiuo: Any, server: GeminiServer, kept: Path) -> None:
    words = ("models", "add", "g", "--provider", "gemini", "--base-url", server.base_url, "--model", MODEL, "--key-stdin", "--json")
    model = json.loads(skiuo.run(*words, stdin=KEY + "\n").stdout)
    assert model["key_state"] == "keyring" and "inline" in model["probe"]["deliveries"]
    assert list(json.loads(kept.read_text()).values()) == [KEY]
    without_keys(skiuo)
    skiuo.run("models", "rename", "g", "old")
    skiuo.run(*words[:-1], "--no-probe", stdin="another")
    assert sorted(json.loads(kept.read_text()).values()) == sorted([KEY, "another"])
    skiuo.run("models", "change", "g", "--key-env", "GEMINI_KEY", "--no-probe")
    assert list(json.loads(kept.read_text()).values()) == [KEY]
    skiuo.run("models", "remove", "g")
    skiuo.run("models", "remove", "old")
    assert json.loads(kept.read_text()) == {} and [m["name"] for m in skiuo.lines("models", "--json")] == ["offline"]


def test_without_a_keyring_nothing_is_saved_and_a_variable_is_offered(skiuo: Any, server: GeminiServer) -> None:
    skiuo.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    words = ("models", "add", "g", "--provider", "gemini", "--base-url", server.base_url, "--model", MODEL, "--key-stdin")
    assert "--key-env" in skiuo.run(*words, stdin=KEY, status=9).stderr
    assert [m["name"] for m in skiuo.lines("models", "--json")] == ["offline"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_key_is_typed_without_an_echo(skiuo: Any, server: GeminiServer, kept: Path) -> None:
    ours, theirs = os.openpty()
    words = ("models", "add", "g", "--provider", "gemini", "--base-url", server.base_url, "--model", MODEL, "--json")
    child = subprocess.Popen([*skiuo.words, *words], env=skiuo.environment, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True)
    os.close(theirs)
    seen = b""
    while b"Key of g" not in seen:
        seen += os.read(ours, 1024)
    os.write(ours, KEY.encode() + b"\n")
    out, _ = child.communicate(timeout=60)
    os.set_blocking(ours, False)
    with contextlib.suppress(OSError):  # nothing more was written
        seen += os.read(ours, 65_536)
    os.close(ours)
    assert child.returncode == 0 and json.loads(out)["key_state"] == "keyring" and KEY.encode() not in seen
    assert list(json.loads(kept.read_text()).values()) == [KEY]


def test_only_a_change_that_may_matter_is_a_reason_to_test_again(skiuo: Any, server: GeminiServer) -> None:
    add(skiuo, server)
    asked = len(server.requests)
    [model] = skiuo.lines("models", "change", "g", "--timeout", "30", "--hours", "9-18", "--price-in", "2", "--price-out", "3", "--json")
    assert (model["timeout_s"], model["hours"]) == (30.0, [9, 18]) and len(server.requests) == asked and model["probe"]["deliveries"]
    assert model["price"]["tiers"][0]["per_million_in"] == 2.0 and "9–18 h" in skiuo.run("models").stdout
    [model] = skiuo.lines("models", "change", "g", "--delivery", "frames", "--fps", "0.5", "--json")
    assert len(server.requests) > asked and (model["delivery"], model["options"]) == ("frames", {"fps": 0.5}) and model["probe"]["deliveries"]
    assert "--help" in skiuo.run("models", "change", "g", status=2).stderr


def test_names_and_places_stay_right_when_a_model_is_renamed_moved_removed(skiuo: Any, server: GeminiServer) -> None:
    for name in ("a", "b", "c"):
        add(skiuo, server, name, "--no-probe")
    skiuo.run("models", "use", "a", "b", "--rule", "vote", "--fallback", "c", "--fallback", "offline")
    skiuo.run("models", "move", "c", "1")
    skiuo.run("models", "rename", "a", "A")
    listed = {m["name"]: (m["rank"], m["active"], m["fallback"]) for m in skiuo.lines("models", "--json")}
    assert listed == {"c": (1, False, 1), "A": (2, True, None), "b": (3, True, None), "offline": (4, False, 2)}
    skiuo.run("models", "remove", "c")
    assert skiuo.run("settings", "get", "analysis.fallback").stdout == "offline\n"
    assert skiuo.run("settings", "get", "analysis.rule").stdout == "vote\n"
    assert "A" in skiuo.run("models", "use", "A", "--no-fallback").stderr
    assert skiuo.run("settings", "get", "analysis.fallback").stdout == "\n"


def test_prices_are_shown_with_their_date(skiuo: Any, server: GeminiServer) -> None:
    known = {p["model"]: p for p in skiuo.lines("models", "prices", "--json")}
    assert known["qwen3.7-plus"]["tiers"][1]["per_million_out"] == 4.8 and known["gemini-3.8-flash"]["until"]
    assert "qwen3.8-flash" in skiuo.run("models", "prices").stdout
    add(skiuo, server, "g", "--no-probe")
    [price] = skiuo.lines("models", "prices", "g", "--json")
    assert price["model"] == MODEL and price["currency"] == "USD"


WRONG = [
    (("add", "x", "--provider", "nope", "--model", "m"), 3, "gemini"),
    (("add", "x", "--provider", "qwen", "--preset", "nope", "--model", "m"), 3, "singapore"),
    (("add", "x", "--provider", "qwen", "--key-env", "K"), 2, "--model"),
    (("add", "x", "--provider", "openai", "--model", "m", "--key-env", "K"), 2, "--base-url"),
    (("add", "x", "--provider", "qwen", "--preset", "virginia", "--model", "m", "--key-env", "K"), 2, "--base-url"),
    (("add", "x", "--provider", "qwen", "--model", "m"), 2, "--key-env"),
    (("add", "x", "--provider", "openai", "--base-url", "http://peer.example/v1", "--model", "m", "--key-env", "K", "--no-probe"), 2, "https://"),
    (("add", "offline", "--provider", "qwen", "--model", "m", "--key-env", "K"), 2, "already"),
    (("add", "a/b", "--provider", "qwen", "--model", "m", "--key-env", "K", "--no-probe"), 2, "no name"),
    (("add", "x", "--provider", "qwen", "--model", "m", "--key-env", "sk-1234567890abcdef"), 2, "name of an environment variable"),
    (("add", "x", "--provider", "qwen", "--model", "m", "--key-env", "K", "--no-key"), 2, "not allowed with"),
    (("change", "nope", "--fps", "1"), 3, "nope"),
    (("test", "nope"), 3, "nope"),
    (("test", "offline", "--json"), 2, "cannot be tested"),
    (("remove", "nope"), 3, "nope"),
    (("remove", "offline"), 3, "offline"),
    (("rename", "nope", "x"), 3, "nope"),
    (("move", "nope", "1"), 3, "nope"),
    (("use", "nope"), 3, "nope"),
    (("use", "offline", "--fallback", "nope"), 3, "nope"),
    (("use", "offline", "--judge", "nope"), 3, "nope"),
    (("prices", "nope"), 3, "nope"),
]


@pytest.mark.parametrize(("words", "status", "said"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_saved(skiuo: Any, words: tuple[str, ...], status: int, said: str) -> None:
    skiuo.environment["K"] = "secret"
    done = skiuo.run("models", *words, status=status)
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1 and done.stdout == ""
    assert not (skiuo.home / "models.json").exists()


@pytest.mark.parametrize("dialect", ["vllm", "transformers"])
def test_a_peer_is_added_as_written_in_the_guide(skiuo: Any, dialect: str) -> None:
    skiuo.environment["PEER_KEY"] = "peer-secret"
    with ChatServer(dialect, key="peer-secret", model="M") as peer:
        words = ("models", "add", "peer", "--provider", "openai", "--base-url", peer.base_url, "--model", "M", "--key-env", "PEER_KEY")
        done = skiuo.run(*words)
        assert peer.counted and "frames" in done.stdout and "peer-secret" not in done.stdout + done.stderr
        skiuo.run("models", "use", "peer")
        skiuo.run("record", "--source", "test:320x180@15", "--seconds", "3", "--speed", "max", "--no-audio")
    [window] = skiuo.lines("show", "last", "--json")[0]["windows"]
    assert window["chosen"]["model"] == "peer" and window["analyses"][0]["error"] is None
    without_keys(skiuo, "peer-secret")


def test_a_server_of_ones_own_needs_no_key_and_costs_nothing(skiuo: Any) -> None:
    with ChatServer("ollama", model="qwen3-vl:8b") as own:
        words = ("models", "add", "own", "--provider", "openai", "--preset", "ollama", "--base-url", own.base_url, "--model", "qwen3-vl:8b", "--json")
        [model] = skiuo.lines(*words)
    assert (model["key_ref"], model["key_state"]) == ("", "none") and model["probe"]["deliveries"] == ["frames"]
    assert model["price"]["tiers"] == [{"up_to": None, "per_million_in": 0.0, "per_million_out": 0.0}]
    assert "free" in skiuo.run("models").stdout
