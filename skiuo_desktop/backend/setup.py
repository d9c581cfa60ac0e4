"""What an administrator does once: the bucket with its rule, the database with its schema, and the role that the desktop logs in with.

Everything may be done again: what is there stays, and rules and rights are brought to what the settings say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skiuo_desktop import failures
from skiuo_desktop.backend.address import StoreAddress
from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.backend.database_errors import explained
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.roles import role_sql
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.model import BackendTrouble

MAINTENANCE = "postgres"
"""The database that every PostgreSQL has, for making others."""

NO_RULES = "This store has no lifecycle rules: it keeps video until somebody removes it."


@dataclass(frozen=True, slots=True)
class Expiry:
    """How long the store keeps video, by its own rule. None: without end."""

    days: int | None = None
    cold_after_days: int | None = None
    cold_class: str = ""

    @property
    def nothing(self) -> bool:
        return self.days is None and self.cold_after_days is None

    @property
    def told(self) -> str:
        removed = "video is kept without end" if self.days is None else f"video is removed after {_days(self.days)}"
        return removed if self.cold_after_days is None else f"{removed}, and moves to {self.cold_class} after {_days(self.cold_after_days)}"


@dataclass(frozen=True, slots=True)
class MadeBucket:
    bucket: str
    server: str  # host and port
    created: bool  # False: it was there
    rule: str  # what the bucket's own rule says, read back from the server
    days: int | None  # after which it removes video
    problem: str = ""  # why there is no such rule


@dataclass(frozen=True, slots=True)
class MadeSchema:
    database: str
    server: str
    created: bool  # the database itself; False: it was there
    revision: str
    version: str  # of the server
    role: str = ""  # that was made or brought to its rights; empty: only its SQL is printed


def make_bucket(address: StoreAddress, wanted: Expiry) -> MadeBucket:
    """Makes the bucket and sets its rule, with the administrator's keys in `address`. Raises BackendError."""
    store = ObjectStore(address)
    try:
        created = not store.exists()
        if created:
            store.create_bucket()
        try:
            store.set_lifecycle(wanted.days, wanted.cold_after_days, wanted.cold_class)
        except BackendError as error:
            if not lacks_rules(error):
                raise
            return MadeBucket(address.bucket, store.host, created, Expiry().told, None, NO_RULES)
        found = expiry_of(store.lifecycle())
        return MadeBucket(address.bucket, store.host, created, found.told, found.days)
    finally:
        store.close()


def lacks_rules(error: BackendError) -> bool:
    """Whether a store said that it knows no lifecycle rules at all (`ObjectStore.lifecycle`)."""
    return error.trouble is BackendTrouble.REFUSED and "no lifecycle rules" in error.detail


def expiry_of(rules: Sequence[LifecycleRule]) -> Expiry:
    """What the bucket's own rules say of our objects: the sooner, where they differ."""
    own = [rule for rule in rules if rule.own and rule.enabled]
    days = min((rule.days for rule in own if rule.days is not None), default=None)
    cold = min(((rule.cold_after_days, rule.cold_class) for rule in own if rule.cold_after_days is not None), default=(None, ""))
    return Expiry(days, *cold)


def make_schema(address: DatabaseAddress, *, role: str = "", password: str = "") -> MadeSchema:
    """Makes the database where it is missing, and its schema, as the administrator in `address`; with `role` also that role, with `password`.

    Raises BackendError, UsageError.
    """
    created = _make_database(address)
    database = Database(address)
    try:
        database.prepare()
        if role:
            _make_role(address, role, password)
        return MadeSchema(_name(address), address.host, created, database.schema_revision(), database.version(), role)
    finally:
        database.close()


def role_commands(address: DatabaseAddress, role: str) -> list[str]:
    """What an administrator types to run the SQL of the role, kept as `skiuo-role.sql`, and to give it its password."""
    place = ",".join(f"{host}:{port}" for host, port in address.hosts)
    admin = f"postgresql://ADMIN@{place}/{_name(address)}"
    return [f'psql "{admin}" -f skiuo-role.sql', f"psql \"{admin}\" -c '\\password {role}'"]


def _name(address: DatabaseAddress) -> str:
    return address.parameters()["dbname"]


def _make_database(address: DatabaseAddress) -> bool:
    """Whether it had to be made. A name that somebody else makes meanwhile is fine."""
    import psycopg
    from psycopg import sql

    try:
        with explained(address):
            psycopg.connect(**address.parameters()).close()  # type: ignore[arg-type]
        return False
    except BackendError as error:
        if error.trouble is not BackendTrouble.MISSING:
            raise
    with explained(address):
        elsewhere = {**address.parameters(), "dbname": MAINTENANCE}
        with psycopg.connect(autocommit=True, **elsewhere) as connection:  # type: ignore[arg-type]
            try:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(_name(address))))
            except psycopg.errors.DuplicateDatabase:
                return False
    return True


def _make_role(address: DatabaseAddress, role: str, password: str) -> None:
    """The role with its rights. The password leaves this computer as a SCRAM verifier only, so no server's log can hold it."""
    import psycopg
    from psycopg import sql

    if not password:
        raise UsageError("A role needs its password: `skiuo backend set --dsn DSN --dsn-password-env P` gives it.")
    statements = role_sql(role)
    with explained(address), psycopg.connect(**address.parameters()) as connection:  # type: ignore[arg-type]
        (own,) = connection.execute("SELECT current_user = %s", (role,)).fetchone() or (False,)
        if own:
            raise failures.backend_error(BackendTrouble.REFUSED, address.host, f"{role} is the administrator itself; name another role with --role")
        connection.execute(statements.encode())
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
