"""The walk to the user's own servers: what each hop sees, what it says to do, and that nothing of it stays."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.certificates import certificate
from support.postgres import Server as Postgres
from support.postgres import free_port
from support.proxy import Proxy
from support.services import Minio, Store, Versitygw, program
from support.tls_front import tls_front

from skiuo_desktop import remarks
from skiuo_desktop.backend import check_objects as objects
from skiuo_desktop.backend.check import OBJECT_HOPS, ROW_HOPS, check_objects, check_rows, refused
from skiuo_desktop.backend.check_rows import _Rows
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.setup import Expiry
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import SecretError, UsageError
from skiuo_desktop.media.test_clip import test_clip as made_clip
from skiuo_desktop.model import BackendHop, Remark

WEEK = Expiry(7)
WRONG = "wrong-secret-1b7d"
Opened = Callable[..., ObjectStore]


def walked(store: ObjectStore, wanted: Expiry = WEEK, **more: Any) -> dict[str, BackendHop]:
    """Every hop by its name; they are told in their order, as they end."""
    told: list[BackendHop] = []
    hops = check_objects(store.address, made_clip().data, wanted, told.append, **more)
    assert told == hops
    assert tuple(hop.name for hop in hops) == OBJECT_HOPS
    assert_in_both_languages(hops)
    return {hop.name: hop for hop in hops}


def rows(address: DatabaseAddress, **more: Any) -> dict[str, BackendHop]:
    told: list[BackendHop] = []
    hops = check_rows(address, told.append, **more)
    assert told == hops
    assert tuple(hop.name for hop in hops) == ROW_HOPS
    assert_in_both_languages(hops)
    return {hop.name: hop for hop in hops}


def assert_in_both_languages(hops: list[BackendHop]) -> None:
    """What the terminal says, and what the window makes of the same remarks in Chinese."""
    for hop in hops:
        assert hop.detail == remarks.joined(hop.seen) and hop.advice == (remarks.sentence(hop.advised) if hop.advised else "")
        for said in (*hop.seen, *([hop.advised] if hop.advised else [])):
            chinese = remarks.sentence(said, "zh")
            assert re.search("[\u4e00-\u9fff]", chinese) or said.code in ("rate", "version"), f"{hop.name}: {chinese}"


def broken(hops: dict[str, BackendHop], name: str) -> BackendHop:
    """That one hop failed, and that those after it were skipped; returns it."""
    names = list(hops)
    after = {each for each in names[names.index(name) + 1 :] if hops[each].name != "delete" or hops[each].state == "skipped"}
    assert hops[name].state == "failed", hops
    assert all(hops[each].state in ("ok", "warned") for each in names[: names.index(name)]), hops
    assert all(hops[each].state == "skipped" for each in after), hops
    assert hops[name].detail and hops[name].advice
    return hops[name]


def altered(store: ObjectStore, **changes: Any) -> ObjectStore:
    return ObjectStore(replace(store.address, **changes))


def test_a_good_store_is_walked_to_the_end_and_left_as_it_was(each_server: Store, store: ObjectStore) -> None:
    if not isinstance(each_server, Versitygw):
        store.set_lifecycle(7)
    hops = walked(store)
    states = {name: hop.state for name, hop in hops.items()}
    assert {name for name, state in states.items() if state != "ok"} <= {"tls", "public", "lifecycle"}
    assert states["tls"] == "warned" and "plain http" in hops["tls"].detail
    assert states["public"] == "warned" and "not reached by https" in hops["public"].detail
    if isinstance(each_server, Versitygw):
        assert states["lifecycle"] == "warned" and "no lifecycle rules" in hops["lifecycle"].detail
        assert walked(store, Expiry())["lifecycle"].state == "ok"
    else:
        assert (states["lifecycle"], hops["lifecycle"].detail) == ("ok", "video is removed after 7 days")
    assert "77 kB" in hops["put"].detail and "MB/s" in hops["bandwidth"].detail
    assert list(store.list("")) == []


def test_a_missing_bucket_is_told_from_a_wrong_key(object_server: Store, store: ObjectStore) -> None:
    hop = broken(walked(altered(store, bucket="nothing-is-here")), "bucket")
    assert "NoSuchBucket" in hop.detail and "skiuo backend init" in hop.advice


def test_a_wrong_key_and_a_wrong_secret(minio_server: Minio, opened: Opened) -> None:
    store = opened(minio_server)
    assert "InvalidAccessKeyId" in broken(walked(altered(store, access_key="somebody-else")), "credentials").detail
    hop = broken(walked(altered(store, secret_key=WRONG)), "credentials")
    assert "SignatureDoesNotMatch" in hop.detail and "skiuo backend set" in hop.advice
    assert WRONG not in repr(hop)


def test_a_key_that_is_not_there_is_told_after_the_way(object_server: Store, opened: Opened) -> None:
    store = opened(object_server)
    hops = walked(store, keys_error=remarks.error(SecretError, "env_unset", name="A"))
    assert [hops[name].state for name in OBJECT_HOPS[:6]] == ["ok", "ok", "warned", "ok", "failed", "skipped"]
    assert hops["credentials"].detail == "The environment variable A is not set."


def test_names_and_ports_that_lead_nowhere(object_server: Store, opened: Opened) -> None:
    store = opened(object_server)
    here = ("skiuo-test.invalid", "127.0.0.1")
    assert "skiuo-test.invalid is not known" in broken(walked(altered(store, endpoint="http://skiuo-test.invalid:9000", allow_http=here)), "name").detail
    port = free_port()
    assert f"port {port} of 127.0.0.1" in broken(walked(altered(store, endpoint=f"http://127.0.0.1:{port}")), "tcp").detail


def test_certificates_of_a_store(tmp_path: Path) -> None:
    if program("minio") is None:
        pytest.skip("needs MinIO itself: no Go, no minio program and no SKIUO_TEST_MINIO here")
    shown = certificate(tmp_path / "shown")
    with Minio(tmp_path, tls=shown) as server:
        server.ca_file = str(shown.ca)
        bucket = server.new_bucket()
        trusted = ObjectStore(server.address(bucket))
        hops = walked(trusted)
        assert hops["presign"].state == "ok" and hops["delete"].state == "ok"
        tls = hops["tls"]
        assert tls.state == "warned" and "certificate of 127.0.0.1, by Test authority, until" in tls.detail and "Renew" in tls.advice
        hop = broken(walked(ObjectStore(server.address(bucket, ca_file=""))), "tls")
        assert "not trusted" in hop.detail and "--ca FILE" in hop.advice


def test_a_store_that_does_not_speak_tls(object_server: Store, opened: Opened) -> None:
    if not object_server.endpoint.startswith("http://"):
        pytest.skip("needs a store on plain http")
    hop = broken(walked(altered(opened(object_server), endpoint=object_server.endpoint.replace("http", "https"))), "tls")
    assert "does not speak TLS" in hop.detail


@contextmanager
def clock_of(ahead: timedelta) -> Iterator[int]:
    """A web server whose clock is wrong, and that knows nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(404)
            self.end_headers()

        do_GET = do_HEAD

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(datetime.now(UTC) + ahead, usegmt=True)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("minutes", "state", "words"), [(60, "failed", "ahead of"), (-60, "failed", "behind"), (10, "warned", "ahead of"), (0, "ok", "agree")])
def test_clocks(object_server: Store, opened: Opened, minutes: int, state: str, words: str) -> None:
    with clock_of(timedelta(minutes=minutes)) as port:
        hop = walked(altered(opened(object_server), endpoint=f"http://127.0.0.1:{port}"))["clock"]
    assert hop.state == state and words in hop.detail
    assert bool(hop.advice) == (state != "ok")


def test_what_is_stored_goes_again_when_a_later_hop_fails(object_server: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(object_server)
    monkeypatch.setattr(ObjectStore, "read", lambda *_: b"something else")
    hops = walked(store)
    assert hops["get"].state == "failed" and "different" in hops["get"].detail
    assert hops["presign"].state == "skipped"
    assert hops["delete"].state == "ok"
    assert list(store.list("")) == []


def test_a_clip_that_is_changed_on_its_way_is_noticed(object_server: Store, opened: Opened, object_wire: Proxy) -> None:
    store = opened(object_server)
    object_wire.corrupt = 1
    hops = walked(altered(store, endpoint=object_wire.endpoint))
    assert hops["put"].state == "failed" and hops["bandwidth"].state == "skipped"
    assert list(store.list("")) == []


def test_what_a_killed_check_left_behind_goes_and_nothing_else(object_server: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(object_server)
    for key in (f"{objects.FOLDER}old.webm", "clips/device/recording/000000-0-1-x.webm"):
        store.put(key, b"old", "video/webm", {})
    walked(store)
    assert len(list(store.list(objects.FOLDER))) == 1  # another check may be under way
    monkeypatch.setattr(objects, "LEFT_BEHIND", timedelta(days=-1))
    walked(store)
    assert [stored.key for stored in store.list("")] == ["clips/device/recording/000000-0-1-x.webm"]


def test_a_public_address_that_is_not_reached_from_here_only_warns(object_server: Store, opened: Opened) -> None:
    hops = walked(altered(opened(object_server), public_endpoint=f"http://127.0.0.1:{free_port()}"))
    assert hops["presign"].state == "warned" and "X-Amz" not in repr(hops["presign"])
    assert hops["delete"].state == "ok"


@pytest.mark.parametrize(
    ("rules", "wanted", "state"),
    [
        ([], WEEK, "warned"),
        ([], Expiry(), "ok"),
        ([("skiuo-recordings", 7), ("skiuo-clips", 7)], WEEK, "ok"),
        ([("skiuo-recordings", 7)], WEEK, "warned"),
        ([("skiuo-recordings", 7), ("skiuo-clips", 9)], WEEK, "warned"),
        ([("skiuo-recordings", 9), ("skiuo-clips", 9)], WEEK, "warned"),
        ([("skiuo-recordings", 7), ("skiuo-clips", 7)], Expiry(), "warned"),
        ([("skiuo-recordings", None), ("skiuo-clips", None), ("theirs", 3)], Expiry(), "ok"),
        ([("skiuo-recordings", 7), ("skiuo-clips", 7)], Expiry(7, 3, "COLD"), "warned"),
    ],
)
def test_the_buckets_rule_is_compared_with_the_settings(rules: list[tuple[str, int | None]], wanted: Expiry, state: str) -> None:
    seen = objects.judged([LifecycleRule(name, "", True, days) for name, days in rules], wanted)
    assert ("warned" if seen.warned else "ok") == state
    assert (seen.advice == Remark("init_sets_rule")) == seen.warned


def test_an_address_that_is_refused_is_a_walk_that_does_not_begin() -> None:
    told: list[BackendHop] = []
    hops = refused("rows", "tls", UsageError("No."), told.append)
    assert told == hops and [hop.name for hop in hops] == list(ROW_HOPS)
    assert {hop.name: hop.state for hop in hops if hop.state != "skipped"} == {"tls": "failed"}


def test_a_good_database_is_walked_to_the_end(postgres: Postgres, database_name: str) -> None:
    hops = rows(postgres.address(database_name))
    states = {name: hop.state for name, hop in hops.items()}
    assert {name for name, state in states.items() if state != "ok"} == {"tls", "role"}
    assert states["tls"] == states["role"] == "warned"
    assert "postgres may everything" in hops["role"].detail
    assert hops["version"].detail.startswith("PostgreSQL 18.")
    assert postgres.ask("SELECT count(*) FROM skiuo.mirrored", database_name) == [(0,)]


def test_passwords_databases_and_schemas(postgres: Postgres, database_name: str) -> None:
    role = postgres.fresh_role("right")
    hop = broken(rows(postgres.address(database_name, role, "wrong-4c1e")), "credentials")
    assert "authentication failed" in hop.detail and "wrong-4c1e" not in repr(hop)
    assert "does not exist" in broken(rows(postgres.address("nothing_here", role, "right")), "database").detail
    empty = postgres.fresh_database()
    assert "skiuo backend init" in broken(rows(postgres.address(empty, role, "right")), "schema").advice
    assert "--create-role" in broken(rows(postgres.address(database_name, role, "right")), "schema").advice
    postgres.ask("UPDATE skiuo.alembic_version SET version_num = '9999'", database_name)
    assert "Update this program" in broken(rows(postgres.address(database_name)), "schema").advice
    told = rows(postgres.address(database_name), password_error=remarks.error(SecretError, "env_unset", name="P"))
    assert told["credentials"].detail == "The environment variable P is not set." and told["database"].state == "skipped"


def test_a_role_that_may_not_write_is_told(postgres: Postgres, database_name: str) -> None:
    role = postgres.fresh_role("x")
    postgres.ask(f"GRANT USAGE ON SCHEMA skiuo TO {role}", database_name)
    postgres.ask(f"GRANT SELECT ON ALL TABLES IN SCHEMA skiuo TO {role}", database_name)
    assert "permission denied" in broken(rows(postgres.address(database_name, role, "x")), "row").detail


def test_one_of_several_hosts_is_enough(postgres: Postgres, database_name: str) -> None:
    port = free_port()
    dsn = f"postgresql://postgres@127.0.0.1:{port},127.0.0.1:{postgres.port}/{database_name}"
    hops = rows(DatabaseAddress(dsn, allow_plain=("127.0.0.1",)))
    assert hops["tcp"].state == "warned" and f"port {port} of 127.0.0.1" in hops["tcp"].detail and "One of several hosts" in hops["tcp"].advice
    assert hops["database"].detail.endswith(f":{postgres.port}") and hops["row"].state == "ok"
    dead = DatabaseAddress(f"postgresql://postgres@127.0.0.1:{port}/x", allow_plain=("127.0.0.1",))
    assert f"port {port} of 127.0.0.1" in broken(rows(dead), "tcp").detail


def test_what_answers_is_no_database() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Stranger) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            address = DatabaseAddress(f"postgresql://me@127.0.0.1:{server.server_address[1]}/x", allow_plain=("127.0.0.1",))
            assert "is no PostgreSQL" in broken(rows(address), "tls").detail
        finally:
            server.shutdown()
            thread.join()


class _Stranger(socketserver.BaseRequestHandler):
    """Says what a web server says to what it does not understand."""

    def handle(self) -> None:
        self.request.recv(8)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_certificates_of_a_database(postgres: Postgres, database_name: str, tmp_path: Path) -> None:
    assert "speaks no TLS" in broken(rows(DatabaseAddress(postgres.dsn(database_name))), "tls").detail
    here, other = certificate(tmp_path / "here"), certificate(tmp_path / "other")
    with tls_front(postgres.port, here) as port:
        dsn = f"postgresql://postgres@localhost:{port}/{database_name}"
        hops = rows(DatabaseAddress(dsn, ca_file=str(here.ca)))
        assert "by Test authority, until" in hops["tls"].detail and hops["row"].state == "ok"
        assert "not trusted" in broken(rows(DatabaseAddress(dsn, ca_file=str(other.ca))), "tls").detail
        missing = rows(DatabaseAddress(dsn, ca_file=str(tmp_path / "missing.pem")))
        assert missing["tls"].state == "failed" and "cannot be read" in missing["tls"].detail
        allowed = rows(DatabaseAddress(dsn, allow_plain=("localhost",)))
        assert allowed["tls"].state == "warned" and "nobody checks" in allowed["tls"].detail and allowed["row"].state == "ok"


def test_a_standby_takes_no_rows(postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _Rows._ask
    monkeypatch.setattr(_Rows, "_ask", lambda self, question: real(self, question.replace("pg_is_in_recovery()", "true")))
    assert "standby" in broken(rows(postgres.address(database_name)), "database").detail
