"""The walk through a PostgreSQL: each host of its address, the schema, and a row that is written, read and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skiuo_desktop import failures
from skiuo_desktop.backend import database_tls, way
from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.backend.database_errors import explained
from skiuo_desktop.backend.walk import OnHop, Seen, Walk, seen, worth_a_look
from skiuo_desktop.errors import BackendError, BugError, SkiuoError
from skiuo_desktop.model import BackendHop, BackendTrouble, Remark

if TYPE_CHECKING:
    import psycopg

ROW_HOPS = ("name", "tcp", "tls", "credentials", "database", "version", "schema", "row", "role")

_ROLE = "SELECT rolsuper, rolcreatedb OR rolcreaterole, has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = current_user"


def check_rows(address: DatabaseAddress, on_hop: OnHop, *, password_error: SkiuoError | None = None) -> list[BackendHop]:
    """Walks every hop; brings the schema up to date where this role may, as the mirror does. `password_error`: why there is no password."""
    walk = Walk("rows", ROW_HOPS, on_hop)
    rows = _Rows(address, password_error)
    try:
        for name in ROW_HOPS:
            walk.hop(name, getattr(rows, f"_{name}"))
    finally:
        rows.close()
    return walk.hops


class _Rows:
    def __init__(self, address: DatabaseAddress, password_error: SkiuoError | None) -> None:
        self._address = address
        self._password_error = password_error
        self._database_error: BackendError | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._places = database_tls.places_of(address)
        self._rows = Database(address)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._rows.close()

    def _name(self) -> Seen:
        return way.each(self._places, way.look_up) if self._places else seen("socket")

    def _tcp(self) -> Seen:
        return way.each(self._places, way.connect) if self._places else seen("socket")

    def _tls(self) -> Seen:
        return database_tls.look(self._address)

    def _credentials(self) -> Seen:
        """PostgreSQL asks who one is before it looks for the database."""
        import psycopg

        if self._password_error is not None:
            raise self._password_error
        try:
            with explained(self._address):
                self._connection = psycopg.connect(autocommit=True, prepare_threshold=None, **self._address.parameters())  # type: ignore[arg-type]
        except BackendError as error:
            if error.trouble is not BackendTrouble.MISSING:
                raise
            self._database_error = error
        return seen("as_user", user=self._address.user) if self._address.user else seen("as_nobody")

    def _database(self) -> Seen:
        if self._database_error is not None:
            raise self._database_error
        name, standby = self._ask("SELECT current_database(), pg_is_in_recovery()")
        if standby:
            raise failures.backend_error(BackendTrouble.UNREACHABLE, self._address.host, Remark("standby"))
        return seen("database_at", name=name, place=f"{self._open.info.host}:{self._open.info.port}")

    def _version(self) -> Seen:
        (version,) = self._ask("SELECT current_setting('server_version')")
        return seen("version", version=version)

    def _schema(self) -> Seen:
        self._rows.prepare()
        return seen("schema", revision=self._rows.schema_revision())

    def _row(self) -> Seen:
        self._rows.check_write()
        return seen("row")

    def _role(self) -> Seen:
        superuser, makes_others, makes_schemas = self._ask(_ROLE)
        if superuser or makes_others or makes_schemas:
            code = "may_everything" if superuser else "may_make_others" if makes_others else "may_make_schemas"
            return worth_a_look(code, "init_less", role=self._address.user)
        return seen("may_enough", role=self._address.user)

    def _ask(self, question: str) -> Any:
        with explained(self._address):
            return self._open.execute(question.encode()).fetchone()

    @property
    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            raise BugError("a hop came before its connection")
        return self._connection
