"""What `skiuo backend init` makes, and that the rights that it prints are enough, and no more than that."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from minio.credentials import StaticProvider
from minio.minioadmin import MinioAdmin
from support.mirrored import configure, differences, keys_in
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Minio, Store, Versitygw

from skiuo_desktop import settings as s
from skiuo_desktop.backend.check import check_objects, check_rows
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.multipart import bucket_call
from skiuo_desktop.backend.policy import commands, is_amazon, policy
from skiuo_desktop.backend.setup import Expiry, expiry_of, make_bucket, make_schema, role_commands
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.library.migrate import HEAD
from skiuo_desktop.media.test_clip import test_clip as made_clip
from skiuo_desktop.model import BackendTrouble

DESKTOP = "a-secret-of-the-desktop-7a10"
TYPED = "pässwort ' \\ 密码"
Opened = Callable[..., ObjectStore]


def new_name() -> str:
    return f"t-{uuid.uuid4().hex[:20]}"


def trouble_of(work: Callable[[], object]) -> BackendTrouble:
    with pytest.raises(BackendError) as caught:
        work()
    return caught.value.trouble


def test_a_bucket_is_made_once_and_its_rule_follows_the_settings(object_server: Store) -> None:
    address = object_server.address(new_name())
    made = make_bucket(address, Expiry(7))
    assert (made.created, made.days, made.rule, made.problem) == (True, 7, "video is removed after 7 days", "")
    again = make_bucket(address, Expiry(1))
    assert (again.created, again.days, again.rule) == (False, 1, "video is removed after 1 day")
    endless = make_bucket(address, Expiry())
    assert (endless.created, endless.days, endless.rule) == (False, None, "video is kept without end")


def test_a_store_without_rules_is_said_to_have_none(versitygw_server: Versitygw) -> None:
    made = make_bucket(versitygw_server.address(new_name()), Expiry(7))
    assert made.created and made.days is None and "no lifecycle rules" in made.problem


def test_a_wrong_administrators_key_makes_nothing(minio_server: Minio) -> None:
    assert trouble_of(lambda: make_bucket(minio_server.address(new_name(), access_key="nobody"), Expiry(7))) is BackendTrouble.DENIED


def test_the_sooner_of_two_rules_counts() -> None:
    rules = [LifecycleRule("skiuo-recordings", "", True, 9, 3, "COLD"), LifecycleRule("skiuo-clips", "", True, 7), LifecycleRule("theirs", "", True, 1)]
    assert expiry_of(rules) == Expiry(7, 3, "COLD")
    assert expiry_of([replace(rules[0], enabled=False)]) == Expiry()


@pytest.fixture
def limited(minio_server: Minio) -> ObjectStore:
    """The bucket that an administrator made, as the desktop's own key sees it: a user with the printed policy and nothing else."""
    bucket, user = new_name(), f"u-{uuid.uuid4().hex[:12]}"
    make_bucket(minio_server.address(bucket), Expiry(7))
    admin = administrator(minio_server, minio_server.access_key, minio_server.secret_key)
    admin.user_add(user, DESKTOP)
    admin.policy_add(user, policy=policy(bucket))
    admin.attach_policy([user], user=user)
    return ObjectStore(minio_server.address(bucket, access_key=user, secret_key=DESKTOP))


def administrator(server: Minio, access_key: str, secret_key: str) -> MinioAdmin:
    return MinioAdmin(endpoint=urlsplit(server.endpoint).netloc, credentials=StaticProvider(access_key, secret_key), secure=False)


def test_the_policy_is_enough_for_the_whole_check(limited: ObjectStore) -> None:
    hops = check_objects(limited.address, made_clip().data, Expiry(7), lambda _hop: None)
    assert {hop.name: hop.state for hop in hops if hop.state != "ok"} == {"tls": "warned", "public": "warned"}


def test_another_bucket_than_the_key_is_for_is_told_as_such(limited: ObjectStore) -> None:
    hops = {hop.name: hop for hop in check_objects(replace(limited.address, bucket="another-one"), made_clip().data, Expiry(7), lambda _hop: None)}
    assert (hops["credentials"].state, hops["bucket"].state) == ("ok", "failed")
    assert "bucket's name" in hops["bucket"].advice


def test_the_policy_is_enough_for_parts_that_go_on_and_uploads_that_are_given_up(limited: ObjectStore, tmp_path: Path) -> None:
    file, key, begun = tmp_path / "big", "recordings/device/recording/big.webm", []
    file.write_bytes(bytes(20 << 20))
    with pytest.raises(KeyboardInterrupt):
        limited.send_file(key, file, "video/webm", {}, on_upload_id=begun.append, on_progress=_stopped_after(9 << 20))
    assert limited.unfinished(key) == [(key, begun[0])]
    limited.send_file(key, file, "video/webm", {}, upload_id=begun[0])
    found = limited.stat(key)
    assert found is not None and found.bytes == 20 << 20
    with pytest.raises(KeyboardInterrupt):
        limited.send_file(key + "2", file, "video/webm", {}, on_upload_id=begun.append, on_progress=_stopped_after(9 << 20))
    limited.abandon(key + "2", begun[1])
    assert limited.unfinished(key + "2") == []


def _stopped_after(count: int) -> Callable[[int], None]:
    def progress(done: int) -> None:
        if done > count:
            raise KeyboardInterrupt

    return progress


def test_the_policy_allows_nothing_else(minio_server: Minio, limited: ObjectStore, opened: Opened) -> None:
    other = opened(minio_server)
    other.put("recordings/device/recording/x.webm", b"theirs", "video/webm", {})
    bucket, client = limited.address.bucket, limited._client
    owner = opened(minio_server, bucket)
    owner.put("private/x", b"theirs", "text/plain", {})
    there = ObjectStore(replace(limited.address, bucket=other.address.bucket))
    refused: dict[str, Callable[[], object]] = {
        "read another bucket": lambda: there.read("recordings/device/recording/x.webm"),
        "list another bucket": lambda: list(there.list("recordings/")),
        "write another bucket": lambda: there.put("recordings/y", b"y", "text/plain", {}),
        "read beside its folders": lambda: limited.read("private/x"),
        "write beside its folders": lambda: limited.put("private/y", b"y", "text/plain", {}),
        "remove beside its folders": lambda: limited.delete(["private/x"]),
        "list beside its folders": lambda: list(limited.list("private/")),
        "list the whole bucket": lambda: list(limited.list("")),
        "change the rule": lambda: limited.set_lifecycle(None),
        "remove the rule": lambda: bucket_call(client, "DELETE", bucket, "lifecycle"),
        "make a bucket": ObjectStore(replace(limited.address, bucket=new_name())).create_bucket,
        "remove the bucket": lambda: client.remove_bucket(bucket),
        "open the bucket to everybody": lambda: client.set_bucket_policy(bucket, '{"Version": "2012-10-17", "Statement": []}'),
        "list users": administrator(minio_server, limited.address.access_key, DESKTOP).user_list,
        "add a user": lambda: administrator(minio_server, limited.address.access_key, DESKTOP).user_add("another", "another-secret"),
    }
    allowed = []
    for what, work in refused.items():
        try:
            work()
        except Exception as error:
            assert "AccessDenied" in f"{error} {getattr(error, 'detail', '')}" or "Access Denied" in str(error), f"{what}: {error!r}"
        else:
            allowed.append(what)
    assert allowed == []
    assert owner.read("private/x") == b"theirs" and [rule.days for rule in owner.lifecycle()] == [7, 7]


def test_policies_of_amazon_and_their_commands() -> None:
    assert is_amazon("s3.eu-central-1.amazonaws.com") and is_amazon("s3.amazonaws.com:443") and not is_amazon("amazonaws.com.example:9000")
    assert [statement for statement in policy("b", amazon=True)["Statement"] if "Condition" in statement] == []
    assert [statement["Action"] for statement in policy("b")["Statement"] if "Condition" in statement] == [["s3:ListBucket"]]
    assert "aws iam" in commands("s3.amazonaws.com", "A")[0]
    assert commands("minio.example:9000", "KEY")[1:] == ["mc admin user add ALIAS KEY", "mc admin policy attach ALIAS skiuo-desktop --user KEY"]


@pytest.fixture
def missing(postgres: Postgres) -> Any:
    """The name of a database that is not there (one that has to be quoted); it goes at the end."""
    name = f"t-{uuid.uuid4().hex}"
    yield name
    postgres.ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_database_schema_and_role_are_made_once(postgres: Postgres, missing: str) -> None:
    admin, role = postgres.address(missing), f"r-{uuid.uuid4().hex}"
    made = make_schema(admin, role=role, password=TYPED)
    assert (made.database, made.created, made.revision, made.role) == (missing, True, HEAD, role) and made.version.startswith("18.")
    again = make_schema(admin, role=role, password=TYPED)
    assert (again.created, again.revision) == (False, HEAD)
    stored = postgres.ask(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'")[0][0]  # noqa: S608
    assert str(stored).startswith("SCRAM-SHA-256$")
    address = postgres.address(missing, role, TYPED)
    hops = check_rows(address, lambda _hop: None)
    assert {hop.name: hop.state for hop in hops if hop.state != "ok"} == {"tls": "warned"}
    with psycopg.connect(**address.parameters(), autocommit=True) as connection:
        for statement in (
            "CREATE TABLE skiuo.mine (a int)",
            "CREATE SCHEMA mine",
            "DROP TABLE skiuo.recordings",
            "UPDATE skiuo.alembic_version SET version_num = '1'",
            "CREATE ROLE another",
            "CREATE DATABASE another",
            "SELECT rolpassword FROM pg_authid",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_role_is_not_made_without_a_password_nor_out_of_the_administrator(postgres: Postgres, missing: str) -> None:
    with pytest.raises(UsageError, match="needs its password"):
        make_schema(postgres.address(missing), role="somebody")
    assert trouble_of(lambda: make_schema(postgres.address(missing), role="postgres", password=TYPED)) is BackendTrouble.REFUSED


def test_one_who_may_not_make_a_database_is_told(postgres: Postgres, missing: str) -> None:
    role = postgres.fresh_role("x")
    assert trouble_of(lambda: make_schema(postgres.address(missing, role, "x"))) is BackendTrouble.DENIED


def test_the_commands_name_the_database_and_no_secret(postgres: Postgres) -> None:
    told = role_commands(postgres.address("d", "me", TYPED), "me")
    assert told == [
        f'psql "postgresql://ADMIN@127.0.0.1:{postgres.port}/d" -f skiuo-role.sql',
        f"psql \"postgresql://ADMIN@127.0.0.1:{postgres.port}/d\" -c '\\password me'",
    ]


def test_policy_and_role_are_enough_for_a_whole_mirror(
    limited: ObjectStore, minio_server: Minio, opened: Opened, postgres: Postgres, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"r-{uuid.uuid4().hex}"
    make_schema(postgres.address(missing), role=role, password=DESKTOP)
    monkeypatch.setenv("ROLE_PASSWORD", DESKTOP)
    home = Home(tmp_path / "home").prepare()
    dsn = postgres.dsn(missing, role)
    keys_in(configure(home, limited, dsn, clips=True, database_password="env:ROLE_PASSWORD"), monkeypatch)  # noqa: S106
    s.Settings(home.settings).change({s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_000, s.KEEP_FREE.key: 50})
    run = Run(home, mirror=False)
    try:
        stays, gone = (run.record("test:320x180@15", limit_ms=2_000, title=title) for title in ("stays", "goes"))
        run.engine.sync_backend().result(120)
        run.engine.delete([gone.id]).result(30)
        run.engine.sync_backend().result(120)
    finally:
        run.engine.stop()
    assert differences(home, opened(minio_server, limited.address.bucket), postgres, missing) == []
    assert postgres.ask("SELECT title FROM skiuo.recordings WHERE deleted_at IS NULL", missing) == [("stays",)]
    database = Database(postgres.address(missing, role, DESKTOP))
    assert database.confirmed(stays.device_id) > 0
    database.close()
