"""`skiuo backend` against a real object store and a real PostgreSQL."""

# ruff: noqa: F811  (fixtures by their names)

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keyring.errors
import pytest
from support.certificates import certificate
from support.postgres import Server as Postgres
from support.postgres import database_name, free_port, postgres, prepared  # noqa: F401 - fixtures
from support.services import Minio, Moto, Store, program

from skiuo_desktop import settings as s
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.cli import backend_words
from skiuo_desktop.cli.backend_set import rate
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import SecretError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendStatus, Upload

PUBLIC_KEYS = {"pending_rows", "pending_objects", "pending_bytes", "oldest_pending_at", "last_error", "reachable"}
KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 1
    path = pathlib.Path(os.environ["TEST_KEYRING"])
    def _all(self): return json.loads(self.path.read_text()) if self.path.exists() else {}
    def get_password(self, service, name): return self._all().get(f"{service}/{name}")
    def set_password(self, service, name, password): self.path.write_text(json.dumps({**self._all(), f"{service}/{name}": password}))
    def delete_password(self, service, name): self.path.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{name}"}))
"""


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Minio if program("minio") is not None else Moto
    with made(tmp_path_factory.mktemp(made.name)) as server:
        yield server


@pytest.fixture
def skiuo(skiuo: Any, objects: Store) -> Any:
    """With the keys of the store in variables."""
    skiuo.environment.update(STORE_ACCESS=objects.access_key, STORE_SECRET=objects.secret_key)
    return skiuo


@pytest.fixture
def kept(skiuo: Any, tmp_path: Path) -> Path:
    """A keyring that is a file; returns it."""
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "file_keyring.py").write_text(KEYRING)
    path = os.pathsep.join([str(tmp_path / "ring"), os.environ.get("PYTHONPATH", "")])
    skiuo.environment.update(PYTHON_KEYRING_BACKEND="file_keyring.Keyring", PYTHONPATH=path, TEST_KEYRING=str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def run(skiuo: Any, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """In the tests' own process: a command here takes no second to import its libraries."""
    done: subprocess.CompletedProcess[str] = skiuo._checked(words, skiuo._here("backend", *words, stdin=""), status)
    return done


def lines(skiuo: Any, *words: str, status: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(skiuo, *words, "--json", status=status).stdout.splitlines()]


def configure(skiuo: Any, objects: Store, *words: str, bucket: str = "", database: str = "") -> None:
    keys = ("--s3", objects.endpoint, "--bucket", bucket or objects.new_bucket(), "--access-key-env", "STORE_ACCESS", "--secret-key-env", "STORE_SECRET")
    rows = ("--dsn", database, "--no-dsn-password") if database else ()
    run(skiuo, "set", *keys, *rows, "--allow-http", *words)


def saved(skiuo: Any) -> dict[str, Any]:
    path = Home(skiuo.home).settings
    return json.loads(path.read_text())["values"] if path.exists() else {}


def recorded(skiuo: Any) -> str:
    """A recording in the library, made without a program of its own."""
    home = Home(skiuo.home).prepare()
    s.Settings(home.settings).change({s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_000, s.KEEP_FREE.key: 50})
    from support.running import Run

    made = Run(home, mirror=False)
    try:
        return made.record("test:320x180@15", limit_ms=2_000).id
    finally:
        made.engine.stop()


def test_without_servers_it_says_how_they_are_named(skiuo: Any) -> None:
    assert "skiuo backend set --s3" in run(skiuo).stdout
    [status] = lines(skiuo, "status")
    assert (status["configured"], status["reachable"], status["pending_rows"]) == (False, None, 0)
    for words in (("check",), ("init",), ("init", "--print-only"), ("sync",), ("sync", "--once")):
        assert "skiuo backend set" in run(skiuo, *words, status=2).stderr


def test_what_is_set_is_kept_and_the_rest_stays(skiuo: Any, objects: Store) -> None:
    configure(skiuo, objects, "--clips", "--upload-limit", "1.5MB", "--keep-days", "30")
    before = saved(skiuo)
    assert before[s.BACKEND_ACCESS_KEY.key] == "env:STORE_ACCESS" and before[s.BACKEND_PLAIN.key] == ["127.0.0.1"]
    assert (before[s.BACKEND_CLIPS.key], before[s.BACKEND_LIMIT.key], before[s.BACKEND_KEEP_DAYS.key]) == (True, 1_500_000, 30)
    run(skiuo, "set", "--s3", objects.endpoint.upper().replace("HTTP", "http") + "/")  # the same server
    assert saved(skiuo) == before
    run(skiuo, "set", "--no-clips", "--pause")
    assert saved(skiuo) == {**before, s.BACKEND_CLIPS.key: False, s.BACKEND_PAUSED.key: True}
    run(skiuo, "set", "--resume", "--upload-limit", "500kB")
    assert saved(skiuo) == {**before, s.BACKEND_CLIPS.key: False, s.BACKEND_PAUSED.key: False, s.BACKEND_LIMIT.key: 500_000}


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ((), 2, "Nothing to set"),
        (("--s3", "http://key:secret-8f3a@minio.example:9000"), 2, "no keys"),
        (("--s3", "https://minio.example/bucket"), 2, "more than host and port"),
        (("--s3", "http://minio.example:9000"), 10, "That is --allow-http"),
        (("--s3", "https://minio.example", "--bucket", "X"), 2, "no name of a bucket"),
        (("--s3", "https://minio.example"), 2, "--access-key-env VAR"),
        (("--dsn", "postgresql://me:secret-8f3a@db.example/skiuo"), 2, "holds no password"),
        (("--dsn", "postgresql://me@db.example/skiuo?password=secret-8f3a"), 2, "holds no password"),
        (("--dsn", "postgresql://me@db.example/skiuo?sslmode=disable"), 10, "would not be encrypted"),
        (("--dsn", "db.example"), 2, "database"),
        (("--dsn", "postgresql://me@db.example/skiuo"), 2, "--dsn-password-env VAR"),
        (("--dsn", "postgresql://me@db.example/skiuo", "--dsn-password-env", "secret-8f3a"), 2, "not the secret itself"),
        (("--ca", "/nowhere/ca.pem"), 2, "cannot be read"),
        (("--keep-days", "soon"), 2, "whole number"),
        (("--cold-days", "3"), 2, "--cold-class"),
        (("--cold-days", "30", "--cold-class", "COLD"), 2, "removed after 7 days"),
        (("--upload-limit", "fast"), 2, "no rate"),
        (("--off", "--clips"), 2, "no other option"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_saved(skiuo: Any, words: tuple[str, ...], status: int, told: str) -> None:
    done = run(skiuo, "set", *words, status=status)
    assert told in done.stderr and "secret-8f3a" not in done.stdout + done.stderr
    assert saved(skiuo) == {}


def test_a_private_authority_is_kept_by_its_whole_path_and_taken_away(skiuo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificate(tmp_path / "made")
    monkeypatch.chdir(tmp_path)
    run(skiuo, "set", "--ca", "made/" + made.ca.name)
    assert saved(skiuo)[s.BACKEND_CA.key] == str(made.ca)
    made.ca.unlink()
    run(skiuo, "set", "--s3", "https://127.0.0.1:1", "--access-key-env", "STORE_ACCESS", "--secret-key-env", "STORE_SECRET")
    run(skiuo, "set", "--dsn", "postgresql://me@127.0.0.1:1/skiuo", "--no-dsn-password")
    failed = [(hop["server"], hop["name"]) for hop in lines(skiuo, "check", status=10) if hop["state"] == "failed"]
    assert failed == [("objects", "tls"), ("rows", "tcp")]
    run(skiuo, "set", "--ca", "")
    assert saved(skiuo)[s.BACKEND_CA.key] == ""


def test_plain_connections_are_allowed_to_the_hosts_that_are_named_and_no_longer_than_they_are(skiuo: Any) -> None:
    keys = ("--access-key-env", "STORE_ACCESS", "--secret-key-env", "STORE_SECRET")
    run(skiuo, "set", "--s3", "http://one.example:9000", *keys, "--allow-http")
    run(skiuo, "set", "--dsn", "postgresql://me@two.example,three.example/skiuo", "--no-dsn-password")
    assert saved(skiuo)[s.BACKEND_PLAIN.key] == ["one.example"]
    run(skiuo, "set", "--allow-http")
    assert saved(skiuo)[s.BACKEND_PLAIN.key] == ["one.example", "three.example", "two.example"]
    run(skiuo, "set", "--s3", "https://four.example", "--dsn", "postgresql://me@two.example/skiuo")
    assert saved(skiuo)[s.BACKEND_PLAIN.key] == ["two.example"]
    run(skiuo, "set", "--s3", "http://four.example", status=10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_secrets_are_typed_without_an_echo_and_go_to_the_keyring(skiuo: Any, objects: Store, kept: Path) -> None:
    dsn = "postgresql://me@127.0.0.1/skiuo"
    typed = on_terminal(skiuo, "set", "--s3", objects.endpoint, "--dsn", dsn, "--allow-http", answers=("my-access", "my-secret-1", "my-password-1"))
    assert "Access key (not shown" in typed and "my-secret-1" not in typed and "my-password-1" not in typed
    names = ("access-key", "secret-key", "database-password")
    assert json.loads(kept.read_text()) == dict(zip((f"skiuo/backend-{name}" for name in names), ("my-access", "my-secret-1", "my-password-1"), strict=True))
    assert saved(skiuo)[s.BACKEND_PASSWORD.key] == "keyring:backend-database-password"
    for path in skiuo.home.rglob("*"):
        assert not path.is_file() or b"my-secret-1" not in path.read_bytes()


def test_secrets_stay_with_another_address_and_go_with_their_place(skiuo: Any, ring: dict[str, str]) -> None:
    with opened(skiuo) as desk:
        desk.set_backend({"backend.store": "https://one.example"}, {"backend.access_key": "A", "backend.secret_key": "B"}).result(60)
        desk.set_backend({"backend.database": "postgresql://me@db.example/x"}, {"backend.database_password": "C"}).result(60)
        assert ring == {"backend-access-key": "A", "backend-secret-key": "B", "backend-database-password": "C"}
        desk.set_backend({"backend.store": "https://two.example"}).result(60)
        desk.set_backend({}, {"backend.secret_key": "D"}).result(60)
        assert ring == {"backend-access-key": "A", "backend-secret-key": "D", "backend-database-password": "C"}
        desk.set_backend({}, {"backend.database_password": ""}).result(60)
        assert "backend-database-password" not in ring
        with pytest.raises(UsageError, match="no setting of the backend"):
            desk.set_backend({}, {"ui.theme": "E"}).result(60)
    run(skiuo, "set", "--secret-key-env", "STORE_SECRET")
    assert ring == {"backend-access-key": "A"}
    run(skiuo, "set", "--off")
    assert ring == {}
    assert {saved(skiuo)[key] for key in ("backend.store", "backend.database", "backend.access_key", "backend.secret_key")} == {""}


def test_without_a_keyring_nothing_is_saved(skiuo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.set_password", _no_keyring)
    with opened(skiuo) as desk, pytest.raises(SecretError, match="env:VARIABLE"):
        desk.set_backend({"backend.store": "https://one.example"}, {"backend.access_key": "A"}).result(60)
    assert saved(skiuo) == {}


def _no_keyring(*_: str) -> None:
    raise keyring.errors.NoKeyringError("no keyring here")


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring of this test's own: what it holds."""
    held: dict[str, str] = {}
    monkeypatch.setattr("keyring.get_password", lambda _service, name: held.get(name))
    monkeypatch.setattr("keyring.set_password", lambda _service, name, secret: held.__setitem__(name, secret))
    monkeypatch.setattr("keyring.delete_password", lambda _service, name: held.__delitem__(name))
    return held


@contextmanager
def opened(skiuo: Any) -> Iterator[Engine]:
    """The engine as the window has it."""
    engine = Engine(Home(skiuo.home))
    engine.start(analyse=False, mirror=False)
    try:
        yield engine
    finally:
        engine.stop()


def on_terminal(skiuo: Any, *words: str, answers: tuple[str, ...]) -> str:
    """The command on a terminal of its own: what it shows; each answer is typed when it is asked for."""
    ours, theirs = os.openpty()
    command = [*skiuo.words, "backend", *words]
    process = subprocess.Popen(command, env=skiuo.environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown, deadline = "", time.monotonic() + 120
    waiting = list(answers)
    while time.monotonic() < deadline:
        try:
            piece = os.read(ours, 4096).decode()
        except OSError:  # the other end is closed
            break
        shown += piece
        if waiting and shown.endswith(": "):
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    os.close(ours)
    assert process.wait(60) == 0 and not waiting, shown
    return shown


def test_check_says_what_is_wrong_and_ends_with_ten(skiuo: Any, objects: Store, postgres: Postgres, database_name: str) -> None:
    configure(skiuo, objects, bucket=f"t-{uuid.uuid4().hex}", database=postgres.dsn(database_name))
    hops = lines(skiuo, "check", status=10)
    failed = [(hop["server"], hop["name"]) for hop in hops if hop["state"] == "failed"]
    assert failed == [("objects", "bucket")] and "skiuo backend init" in next(hop for hop in hops if hop["state"] == "failed")["advice"]
    assert {hop["name"]: hop["state"] for hop in hops if hop["server"] == "rows"}["row"] == "ok"
    run(skiuo, "init")
    told = run(skiuo, "check").stdout
    assert "a row was written, read and removed" in told and "video is removed after 7 days" in told and "WRONG" not in told
    assert objects.secret_key not in told


def test_a_missing_variable_is_a_hop_like_any_other(skiuo: Any, objects: Store) -> None:
    configure(skiuo, objects)
    del skiuo.environment["STORE_SECRET"]
    hops = {hop["name"]: hop for hop in lines(skiuo, "check", status=10)}
    assert (hops["tcp"]["state"], hops["credentials"]["state"], hops["bucket"]["state"]) == ("ok", "failed", "skipped")
    assert "STORE_SECRET is not set" in hops["credentials"]["detail"]


def test_init_makes_all_and_prints_the_rights(skiuo: Any, objects: Store, postgres: Postgres) -> None:
    database = f"made-{uuid.uuid4().hex[:12]}"
    bucket = database
    skiuo.environment.update(ROOT=objects.access_key, ROOT_SECRET=objects.secret_key, STORE_ACCESS="desktop-key", MINE="a-password")
    role = f"role-{database}"
    configure(skiuo, objects, "--keep-days", "3", bucket=bucket, database=f"postgresql://{role}@127.0.0.1:{postgres.port}/{database}")
    run(skiuo, "set", "--dsn-password-env", "MINE")
    admin = ("--admin-access-key-env", "ROOT", "--admin-secret-key-env", "ROOT_SECRET", "--admin-dsn", postgres.dsn(database))
    try:
        done = run(skiuo, "init", *admin)
        assert "made; video is removed after 3 days" in done.stderr and "made; schema" in done.stderr
        policy = json.loads(done.stdout[done.stdout.index("{") : done.stdout.index("\n}\n") + 2])
        assert {name for statement in policy["Statement"] for name in statement["Resource"]} == {
            f"arn:aws:s3:::{bucket}",
            f"arn:aws:s3:::{bucket}/recordings/*",
            f"arn:aws:s3:::{bucket}/clips/*",
        }
        assert "mc admin user add ALIAS desktop-key" in done.stdout and f'CREATE ROLE "{role}"' in done.stdout
        assert objects.secret_key not in done.stdout + done.stderr and "a-password" not in done.stdout + done.stderr
        printed = run(skiuo, "init", "--print-only", "--reader", "reports").stdout
        assert f'CREATE ROLE "{role}"' in printed and 'GRANT SELECT ON ALL TABLES IN SCHEMA "skiuo" TO "reports"' in printed
        [report] = lines(skiuo, "init", *admin, "--create-role")
        assert (report["bucket"]["created"], report["schema"]["created"], report["schema"]["role"]) == (False, False, role)
        # The desktop then works with its own role.
        skiuo.environment["STORE_ACCESS"] = objects.access_key
        assert {hop["name"]: hop["state"] for hop in lines(skiuo, "check") if hop["server"] == "rows"}["role"] == "ok"
    finally:
        postgres.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@pytest.mark.parametrize(
    "words",
    [("--print-only", "--create-role"), ("--admin-access-key-env", "A"), ("--admin-password-env", "A"), ("--admin-dsn", "postgresql://me:pw@db.example/x")],
)
def test_init_refuses_half_of_an_administrator(skiuo: Any, words: tuple[str, ...]) -> None:
    run(skiuo, "set", "--dsn", "postgresql://me@db.example/skiuo", "--no-dsn-password")
    run(skiuo, "init", *words, status=2)


def test_init_says_whose_keys_it_wants(skiuo: Any, postgres: Postgres) -> None:
    database, role = postgres.fresh_database(), postgres.fresh_role("a-password")
    skiuo.environment["MINE"] = "a-password"
    run(skiuo, "set", "--dsn", f"postgresql://{role}@127.0.0.1:{postgres.port}/{database}", "--dsn-password-env", "MINE", "--allow-http")
    assert "--admin-dsn" in run(skiuo, "init", status=10).stderr


def test_init_of_one_server_leaves_the_other_out(skiuo: Any, objects: Store, postgres: Postgres) -> None:
    """With an administrator of the database alone, and a key that may not make the bucket."""
    if isinstance(objects, Moto):
        pytest.skip("needs MinIO itself: moto checks no keys")
    database = f"alone-{uuid.uuid4().hex[:12]}"
    skiuo.environment |= dict.fromkeys(("STORE_ACCESS", "STORE_SECRET", "MINE"), "nobody-knows-it")
    configure(skiuo, objects, bucket=database, database=f"postgresql://me@127.0.0.1:{postgres.port}/{database}")
    try:
        done = run(skiuo, "init", "--admin-dsn", postgres.dsn(database))
        assert "made; schema" in done.stderr and "Left out: " in done.stderr and "does not accept the key" in done.stderr
        run(skiuo, "init", status=10)
    finally:
        postgres.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def test_status_counts_what_is_pending_and_asks_the_servers(skiuo: Any, objects: Store, postgres: Postgres, database_name: str) -> None:
    recorded(skiuo)
    configure(skiuo, objects, database=postgres.dsn(database_name))
    [before] = lines(skiuo, "status")
    assert before.keys() >= PUBLIC_KEYS
    assert before["reachable"] is True and before["pending_rows"] > 0 and before["pending_objects"] > 0 and before["pending_bytes"] > 0
    assert before["last_error"] == ""
    assert "to send" in run(skiuo, "status").stdout
    run(skiuo, "sync", "--once")
    [after] = lines(skiuo)
    assert (after["pending_rows"], after["pending_objects"], after["pending_bytes"], after["oldest_pending_at"]) == (0, 0, 0, None)
    assert after["last_synced_at"] is not None and "everything is there" in run(skiuo).stdout
    postgres.ask("ALTER SCHEMA skiuo RENAME TO lost", database_name)
    try:
        [lost] = lines(skiuo, "status")
        assert lost["reachable"] is True and lost["trouble"] == "missing" and "its tables" in lost["last_error"]
        assert "not all is well" in run(skiuo, "status").stdout
        run(skiuo, "set", "--s3", f"http://127.0.0.1:{free_port()}")
        [away] = lines(skiuo, "status")
        assert away["reachable"] is False and "cannot be reached" in away["last_error"] and away["trouble"] == "unreachable"
        assert "its tables" in away["last_error"], "both servers are told of"
    finally:
        postgres.ask("ALTER SCHEMA lost RENAME TO skiuo", database_name)


def test_status_works_beside_an_open_window(skiuo: Any, objects: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(skiuo, objects, database=postgres.dsn(database_name))
    monkeypatch.setenv("STORE_ACCESS", objects.access_key)
    monkeypatch.setenv("STORE_SECRET", objects.secret_key)
    window = Engine(Home(skiuo.home))
    window.start()
    try:
        [status] = lines(skiuo, "status")
    finally:
        window.stop()
    assert status["reachable"] is True and status["configured"] is True


def test_sync_once_ends_with_the_servers_error(skiuo: Any, objects: Store) -> None:
    recorded(skiuo)
    bucket = f"t-{uuid.uuid4().hex}"
    configure(skiuo, objects, bucket=bucket)
    assert "skiuo backend init" in run(skiuo, "sync", "--once", status=10).stderr
    run(skiuo, "init")
    run(skiuo, "sync", "--once")
    store = ObjectStore(objects.address(bucket))
    assert [stored.key.rpartition(".")[2] for stored in store.list("recordings/")].count("webm") == 1
    store.close()


def test_sync_mirrors_until_it_is_stopped(skiuo: Any, objects: Store, postgres: Postgres, database_name: str) -> None:
    recorded(skiuo)
    configure(skiuo, objects, database=postgres.dsn(database_name))
    process = skiuo.start("backend", "sync", "--json")
    try:
        deadline = time.monotonic() + 120
        while postgres.ask("SELECT count(*) FROM skiuo.objects", database_name) == [(0,)]:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
    finally:
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in err
    assert json.loads(out)["configured"] is True


def test_rebuild_says_what_came_back(skiuo: Any, objects: Store, postgres: Postgres, database_name: str) -> None:
    recorded(skiuo)
    configure(skiuo, objects, database=postgres.dsn(database_name))
    run(skiuo, "sync", "--once")
    postgres.ask("DROP SCHEMA skiuo CASCADE", database_name)
    [report] = lines(skiuo, "rebuild")
    assert (report["recordings"], report["skipped"]) == (1, 0) and report["objects"] >= 1
    assert "texts" in run(skiuo, "rebuild").stdout.lower()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (BackendStatus(True), "everything is there"),
        (BackendStatus(True, pending_rows=1), "1 row to send"),
        (BackendStatus(True, pending_rows=12, pending_objects=2, pending_bytes=5_000_000, paused="setting"), "12 rows and 2 objects (5.0 MB) to send; paused"),
        (
            BackendStatus(True, pending_objects=1, pending_bytes=8_000_000, upload=Upload("k", "r", 3_200_000, 8_000_000, 1_100_000.0, 4.4)),
            "3.2 MB of 8.0 MB, 1.1 MB/s, 4.4 s left; 1 object (8.0 MB) to send",
        ),
        (BackendStatus(True, pending_objects=1, pending_bytes=8, upload=Upload("k", "r", 0, 8)), "0 B of 8 B; 1 object (8 B) to send"),
    ],
)
def test_progress_in_words(status: BackendStatus, told: str) -> None:
    assert backend_words.progress(status).startswith(told)


@pytest.mark.parametrize(
    ("text", "bytes_per_s"), [("0", 0), ("250000", 250_000), ("500kB", 500_000), ("1.5 MB/s", 1_500_000), ("2M", 2_000_000), ("1g", 10**9)]
)
def test_rates(text: str, bytes_per_s: int) -> None:
    assert rate(text) == bytes_per_s
