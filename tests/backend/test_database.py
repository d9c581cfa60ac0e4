"""Which addresses a database may have, how it is connected to, and what its troubles are called."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from support.certificates import certificate
from support.postgres import Server, free_port, until
from support.tls_front import tls_front

from skiuo_desktop.backend import hosts
from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.backend.database_errors import meaning
from skiuo_desktop.backend.dsn import trusted_file
from skiuo_desktop.backend.roles import reader_sql, role_sql
from skiuo_desktop.backend.tables import SERVER
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.library.migrate import HEAD, OPTIONS
from skiuo_desktop.model import BackendTrouble

PASSWORD = "p'ss\\ %wörd-密码"  # noqa: S105 - of roles that are made here


@pytest.fixture(scope="session")
def bare(postgres: Server) -> str:
    return postgres.fresh_database()


@pytest.fixture
def empty(postgres: Server, bare: str) -> Iterator[str]:
    """A database without a schema of ours."""
    yield bare
    postgres.ask("DROP SCHEMA IF EXISTS skiuo CASCADE", bare)


def trouble(of: DatabaseAddress) -> BackendError:
    database = Database(of)
    try:
        with pytest.raises(BackendError) as caught:
            database.version()
    finally:
        database.close()
    assert caught.value.server == of.host
    return caught.value


def make_role(postgres: Server, database: str, statements: str, role: str) -> None:
    for statement in (statements, f"ALTER ROLE \"{role}\" PASSWORD 'x'"):
        postgres.ask(statement, database)


def test_an_address_names_its_hosts() -> None:
    address = DatabaseAddress("postgresql://me@one.example,two.example:5433,[2001:db8::1]/skiuo?target_session_attrs=any")
    assert address.hosts == [("one.example", 5432), ("two.example", 5433), ("2001:db8::1", 5432)]
    assert address.host == "one.example:5432,two.example:5433,[2001:db8::1]:5432"
    assert address.user == "me"


def test_connections_are_encrypted_and_checked_unless_a_person_allowed_the_host() -> None:
    told = DatabaseAddress("postgresql://me@db.example/skiuo", "secret").parameters()
    assert (told["sslmode"], told["sslrootcert"], told["password"]) == ("verify-full", trusted_file(), "secret")
    assert "BEGIN CERTIFICATE" in Path(trusted_file()).read_text(encoding="utf-8", errors="replace")
    assert told["target_session_attrs"] == "read-write"
    told = DatabaseAddress("postgresql://me@db.example/skiuo", ca_file="/ca.pem", allow_plain=("other.example",)).parameters()
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "/ca.pem")
    for dsn in ("postgresql://me@DB.example/skiuo", "postgresql://me@%2Frun%2Fpostgresql/skiuo", "host=/run/postgresql,db.example dbname=skiuo"):
        assert DatabaseAddress(dsn, allow_plain=("db.example",)).parameters()["sslmode"] == "prefer"
    assert (
        DatabaseAddress("postgresql://db.example/skiuo?sslmode=verify-full", ca_file="/ca.pem", allow_plain=("db.example",)).parameters()["sslrootcert"]
        == "/ca.pem"
    )


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_plain_connections_are_refused_before_anything_is_sent(mode: str) -> None:
    for host in ("db.example", "127.0.0.1", "localhost"):
        with pytest.raises(BackendError) as caught:
            DatabaseAddress(f"postgresql://me@{host}/skiuo?sslmode={mode}")
        assert caught.value.trouble is BackendTrouble.PLAIN
    with pytest.raises(BackendError):  # one allowed host of two does not allow the other
        DatabaseAddress(f"postgresql://me@db.example,two.example/skiuo?sslmode={mode}", allow_plain=("db.example",))


@pytest.mark.parametrize("host", ["/run/postgresql", "db.lan"])
def test_the_address_that_is_really_asked_has_to_be_allowed_too(host: str) -> None:
    dsn = f"host={host} hostaddr=203.0.113.9 dbname=skiuo"
    assert DatabaseAddress(dsn, ca_file="/ca.pem", allow_plain=("db.lan",)).parameters()["sslmode"] == "verify-full"
    assert DatabaseAddress(dsn, allow_plain=("db.lan", "203.0.113.9")).parameters()["sslmode"] == "prefer"
    assert hosts.of_database(dsn) == {"203.0.113.9"} | ({host} - {"/run/postgresql"})


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://me:secret@db.example/skiuo",
        "postgresql://me@db.example/skiuo?password=secret",
        "host=db.example dbname=skiuo password=secret",
        "postgresql://me:secret@db.example/skiuo?nonsense=1",
        "postgresql://me@db.example/skiuo?sslpassword=secret",
        "postgresql://me@db.example/skiuo?sslmode=require",
        "postgresql://me@db.example",
        "postgresql:///skiuo",
        "https://db.example/skiuo",
        "postgresql://me@db.example,two.example,three.example/skiuo?port=1,2",
        "postgresql://me@db.example:five/skiuo",
        "",
    ],
)
def test_what_is_no_address_or_holds_a_secret_is_refused_without_repeating_it(dsn: str) -> None:
    with pytest.raises(UsageError) as caught:
        DatabaseAddress(dsn)
    assert "secret" not in str(caught.value)
    assert (caught.value.__cause__ is None and caught.value.__suppress_context__) or "secret" not in str(caught.value.__context__)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(DatabaseAddress("postgresql://me@db.example/skiuo", "secret"))


def test_nobody_answers() -> None:
    error = trouble(DatabaseAddress(f"postgresql://me@127.0.0.1:{free_port()}/skiuo", "secret", allow_plain=("127.0.0.1",)))
    assert error.trouble is BackendTrouble.UNREACHABLE
    assert "refused" in error.detail


def test_a_name_that_nobody_knows() -> None:
    assert trouble(DatabaseAddress("postgresql://me@db.invalid/skiuo")).trouble is BackendTrouble.UNREACHABLE


def test_wrong_password_wrong_role_and_no_such_database(postgres: Server) -> None:
    role = postgres.fresh_role(PASSWORD)
    error = trouble(postgres.address("postgres", role, "wrong-secret"))
    assert error.trouble is BackendTrouble.DENIED
    assert "wrong-secret" not in f"{error} {error.detail} {error.__cause__!r}"
    assert trouble(postgres.address("postgres", role)).trouble is BackendTrouble.DENIED  # no password at all
    assert trouble(postgres.address("postgres", "nobody", "x")).trouble is BackendTrouble.DENIED
    assert trouble(postgres.address("nothing_here", role, PASSWORD)).trouble is BackendTrouble.MISSING
    database = Database(postgres.address("postgres", role, PASSWORD))
    assert database.version().startswith("18.")
    database.close()


def test_a_server_without_tls_is_not_talked_to(postgres: Server) -> None:
    assert trouble(DatabaseAddress(postgres.dsn())).trouble is BackendTrouble.PLAIN


def test_certificates_are_checked_against_a_private_authority(postgres: Server, tmp_path: Path) -> None:
    here, other = certificate(tmp_path / "here"), certificate(tmp_path / "other")
    with tls_front(postgres.port, here) as port:
        dsn = f"postgresql://postgres@localhost:{port}/postgres"
        database = Database(DatabaseAddress(dsn, ca_file=str(here.ca)))
        assert database.version().startswith("18.")
        database.close()
        for ca_file in ("", str(other.ca), str(tmp_path / "missing.pem")):
            assert trouble(DatabaseAddress(dsn, ca_file=ca_file)).trouble is BackendTrouble.TLS
    another, old = certificate(tmp_path / "another", ["db.example"]), certificate(tmp_path / "old", days=-1)
    for shown, why in ((another, BackendTrouble.TLS), (old, BackendTrouble.EXPIRED)):
        with tls_front(postgres.port, shown) as port:
            assert trouble(DatabaseAddress(f"postgresql://postgres@localhost:{port}/postgres", ca_file=str(shown.ca))).trouble is why


def test_too_many_connections_are_a_busy_server(postgres: Server) -> None:
    role = postgres.fresh_role(PASSWORD)
    postgres.ask(f"ALTER ROLE {role} CONNECTION LIMIT 0")
    assert trouble(postgres.address("postgres", role, PASSWORD)).trouble is BackendTrouble.BUSY


def test_an_empty_database_gets_exactly_the_tables_of_the_models(postgres: Server, empty: str) -> None:
    database = Database(postgres.address(empty))
    assert database.schema_revision() == ""
    database.prepare()
    assert database.schema_revision() == HEAD
    with database.transaction() as connection:
        context = MigrationContext.configure(connection, opts={**OPTIONS, "include_name": lambda *_: True})
        assert compare_metadata(context, SERVER) == []
    assert postgres.ask("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('skiuo', 'pg_catalog', 'information_schema')", empty) == [(0,)]
    database.check_write()
    assert postgres.ask("SELECT count(*) FROM skiuo.mirrored", empty) == [(0,)]
    database.close()


def test_a_schema_that_is_up_to_date_is_left_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.backend.upgrade._upgrade", lambda *_: pytest.fail("migrated again"))
    database.prepare()


TOGETHER = """
import sys
from skiuo_desktop.backend.database import Database, DatabaseAddress
database = Database(DatabaseAddress(sys.argv[1], allow_plain=("127.0.0.1",)))
database.version()
print("ready", flush=True)
sys.stdin.readline()
database.prepare()
print(database.schema_revision())
"""


def test_programs_that_start_together_make_the_schema_once(postgres: Server, empty: str) -> None:
    # A role or server may have this for all: the one that waited would not see what the other one made.
    strict = quote(r"-c default_transaction_isolation=repeatable\ read")
    command = [sys.executable, "-W", "error", "-c", TOGETHER, f"{postgres.dsn(empty)}?options={strict}"]
    pipe = subprocess.PIPE
    programs = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    for program in programs:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        out, err = program.communicate(timeout=120)
        assert (program.returncode, out) == (0, f"{HEAD}\n"), err


def test_an_older_schema_is_brought_up_to_date(postgres: Server, empty: str) -> None:
    from alembic import command

    from skiuo_desktop.backend import upgrade

    database = Database(postgres.address(empty))
    with database.transaction() as connection:
        connection.execute(text("CREATE SCHEMA skiuo"))
        command.upgrade(upgrade._config(connection), "0002")
    assert database.schema_revision() == "0002"
    with pytest.raises(BackendError) as caught:
        database.confirmed("device")
    assert caught.value.trouble is BackendTrouble.MISSING
    database.prepare()
    assert (database.schema_revision(), database.confirmed("device")) == (HEAD, 0)
    database.close()


def test_a_migration_that_fails_leaves_the_server_as_it_was(postgres: Server, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from skiuo_desktop.backend import upgrade

    real = upgrade._upgrade

    def fails(connection: object, address: DatabaseAddress) -> None:
        real(connection, address)  # type: ignore[arg-type]
        raise RuntimeError("bad luck")

    database = Database(postgres.address(empty))
    monkeypatch.setattr(upgrade, "_upgrade", fails)
    with pytest.raises(RuntimeError):
        database.prepare()
    assert database.schema_revision() == ""
    monkeypatch.undo()
    database.prepare()
    database.close()


def test_the_schema_of_a_newer_program_is_refused(postgres: Server, database: Database, database_name: str) -> None:
    postgres.ask("UPDATE skiuo.alembic_version SET version_num = '9999'", database_name)
    with pytest.raises(BackendError, match="newer version") as caught:
        database.prepare()
    assert caught.value.trouble is BackendTrouble.NEWER and "9999" in caught.value.detail
    with pytest.raises(BackendError) as caught:
        database.rewind("device", 0)
    assert caught.value.trouble is BackendTrouble.NEWER


def test_a_role_that_may_not_change_the_schema_says_who_must(postgres: Server, database_name: str, empty: str) -> None:
    role = "skiuo_older"
    make_role(postgres, database_name, role_sql(role), role)
    desktop = Database(postgres.address(database_name, role, "x"))
    desktop.prepare()
    postgres.ask("UPDATE skiuo.alembic_version SET version_num = '0002'", database_name)
    with pytest.raises(BackendError, match="administrator") as caught:
        desktop.prepare()
    assert caught.value.trouble is BackendTrouble.OLDER
    desktop.close()
    elsewhere = Database(postgres.address(empty, role, "x"))
    with pytest.raises(BackendError) as caught:
        elsewhere.prepare()
    assert caught.value.trouble is BackendTrouble.MISSING
    elsewhere.close()


def test_a_database_that_cannot_hold_every_text_is_refused(postgres: Server) -> None:
    postgres.ask("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    database = Database(postgres.address("latin"))
    with pytest.raises(BackendError, match="LATIN1") as caught:
        database.prepare()
    assert caught.value.trouble is BackendTrouble.REFUSED
    database.close()
    postgres.ask("DROP DATABASE latin WITH (FORCE)")


FORBIDDEN = [
    "CREATE TABLE skiuo.more (id int)",
    "CREATE TABLE public.more (id int)",
    "CREATE SCHEMA more",
    "DROP TABLE skiuo.search",
    "DROP SCHEMA skiuo CASCADE",
    "ALTER TABLE skiuo.recordings ADD COLUMN more int",
    "TRUNCATE skiuo.recordings CASCADE",
    "UPDATE skiuo.alembic_version SET version_num = '1'",
    "SELECT * FROM elsewhere.secrets",
    "CREATE ROLE more",
]


@pytest.mark.parametrize("role", ["skiuo-desktop", "we\"ird'ro\\le$skiuo$", "录制"])
def test_the_desktops_role_can_do_what_the_mirror_needs_and_nothing_more(postgres: Server, database_name: str, role: str) -> None:
    statements = role_sql(role)
    for _ in range(2):  # it may be run again
        postgres.ask(statements, database_name)
    quoted = role.replace('"', '""')
    postgres.ask(f"ALTER ROLE \"{quoted}\" PASSWORD 'x'")
    postgres.ask("CREATE SCHEMA elsewhere", database_name)
    postgres.ask("CREATE TABLE elsewhere.secrets (id int)", database_name)
    address = DatabaseAddress(f"host=127.0.0.1 port={postgres.port} dbname={database_name} user='{_conninfo(role)}'", "x", allow_plain=("127.0.0.1",))
    desktop = Database(address)
    desktop.prepare()
    desktop.check_write()
    postgres.ask("CREATE TABLE skiuo.later (id int)", database_name)  # the next migration's
    with desktop.transaction() as connection:
        connection.execute(text("INSERT INTO later VALUES (1)"))
    for statement in FORBIDDEN:
        with pytest.raises(BackendError) as caught, desktop.transaction() as connection:
            connection.execute(text(statement))
        assert caught.value.trouble is BackendTrouble.DENIED, statement
    desktop.close()
    postgres.ask("DROP SCHEMA elsewhere CASCADE; DROP TABLE skiuo.later", database_name)
    postgres.ask(f'DROP OWNED BY "{quoted}"', database_name)
    postgres.ask(f'DROP ROLE "{quoted}"', database_name)


def _conninfo(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "\\'")


def test_a_reader_reads_and_nothing_else(postgres: Server, database_name: str) -> None:
    role = "skiuo_reader"
    make_role(postgres, database_name, reader_sql(role), role)
    reader = Database(DatabaseAddress(f"{postgres.dsn(database_name, role)}?target_session_attrs=any", "x", allow_plain=("127.0.0.1",)))
    with reader.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM recordings")).scalar() == 0
    with pytest.raises(BackendError):
        reader.check_write()
    reader.close()
    dsn = f"{postgres.dsn(database_name, role)}?options=-c%20default_transaction_read_only%3Doff"  # anybody may ask for that
    reader = Database(DatabaseAddress(dsn, "x", allow_plain=("127.0.0.1",)))
    with pytest.raises(BackendError) as caught, reader.transaction() as connection:
        connection.execute(text("DELETE FROM recordings"))
    assert caught.value.trouble is BackendTrouble.DENIED
    reader.close()


@pytest.mark.parametrize("name", ["", "x" * 64, "录" * 22, "a\0b"])
def test_names_that_postgresql_would_change_are_refused(name: str) -> None:
    for make in (role_sql, reader_sql):
        with pytest.raises(UsageError):
            make(name)


def test_a_lock_that_does_not_come_is_a_busy_server(postgres: Server, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as first:
        first.execute(text("LOCK TABLE mirrored"))
        with pytest.raises(BackendError) as caught, database.transaction() as second:
            second.execute(text("SELECT set_config('lock_timeout', '50ms', true)"))
            second.execute(text("LOCK TABLE mirrored"))
    assert caught.value.trouble is BackendTrouble.BUSY


def test_connections_that_a_restart_cut_are_replaced(postgres: Server, database: Database) -> None:
    def versions() -> None:
        for _ in range(3):
            seen.append(database.version())

    seen: list[str] = []
    threads = [threading.Thread(target=versions) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    postgres.restart(signal.SIGQUIT)
    assert database.version() == seen[0]


def test_a_server_that_becomes_read_only_is_left_for_another(postgres: Server, database: Database) -> None:
    database.check_write()
    try:
        postgres.ask("ALTER SYSTEM SET default_transaction_read_only = on")
        postgres.ask("SELECT pg_reload_conf()")
        until(lambda: postgres.ask("SHOW default_transaction_read_only") == [("on",)], "the setting")
        for told in ("cannot execute", "session is read-only"):  # on the open connection, then where a new one looks for a server that takes writes
            with pytest.raises(BackendError) as caught:
                database.check_write()
            assert caught.value.trouble is BackendTrouble.UNREACHABLE and told in caught.value.detail
    finally:
        postgres.ask("ALTER SYSTEM RESET default_transaction_read_only")
        postgres.ask("SELECT pg_reload_conf()")
    until(lambda: postgres.ask("SHOW default_transaction_read_only") == [("off",)], "the setting")
    database.check_write()


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ('FATAL:  password authentication failed for user "me"', BackendTrouble.DENIED),
        ('致命错误:  用户 "me" Password 认证失败', BackendTrouble.DENIED),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.1", user "me", database "skiuo", no encryption', BackendTrouble.DENIED),
        ('致命错误:  数据库 "skiuo" 不存在', BackendTrouble.MISSING),
        ("FATAL:  the database system is starting up", BackendTrouble.BUSY),
        ("FATAL:  sorry, too many clients already", BackendTrouble.BUSY),
        ("server does not support SSL, but SSL was required", BackendTrouble.PLAIN),
        ("SSL error: certificate verify failed", BackendTrouble.TLS),
        ("SSL error: unexpected eof while reading", BackendTrouble.UNREACHABLE),
        ("SSL SYSCALL error: EOF detected", BackendTrouble.UNREACHABLE),
        ("session is read-only", BackendTrouble.UNREACHABLE),
        ("something new with secret-word in it", BackendTrouble.UNREACHABLE),
    ],
)
def test_why_a_connection_is_refused_is_read_from_its_words(told: str, trouble: BackendTrouble) -> None:
    address = DatabaseAddress("postgresql://me@db.example/skiuo", "secret-word")
    error = meaning(psycopg.OperationalError(f'connection failed: connection to server at "192.0.2.1", port 5432 failed: {told}'), address)
    assert (error.trouble, error.server) == (trouble, "db.example:5432")
    assert error.detail == told.removeprefix("FATAL:  ").replace("secret-word", "…").replace("  ", " ")
