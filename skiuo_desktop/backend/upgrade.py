"""Brings the server's schema to this program's: the library's own migrations, once however many desktops ask.

All steps run in one transaction, which holds an advisory lock: a step that fails leaves the server as it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from skiuo_desktop import failures
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.backend.tables import SCHEMA
from skiuo_desktop.errors import BackendError
from skiuo_desktop.library.migrate import HEAD, SCRIPTS
from skiuo_desktop.model import BackendTrouble, Remark

log = logging.getLogger(__name__)

_LOCK = 0x736B69756F  # "skiuo"
_WAIT_MS = 120_000

_FOUND = text(
    """
    SELECT current_setting('server_encoding'), has_database_privilege(current_database(), 'CREATE'),
           (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = :schema),
           (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = :schema AND relname = 'alembic_version')
    """
).bindparams(schema=SCHEMA)


@dataclass(frozen=True)
class _Found:
    """What is there, and what this role may do with it."""

    encoding: str
    may_make_schema: bool
    may_make_tables: bool | None  # None: there is no schema
    owns_tables: bool | None  # None: there are no tables
    revision: str = ""

    @property
    def may_change(self) -> bool:
        if self.may_make_tables is None:
            return self.may_make_schema
        return self.may_make_tables and self.owns_tables is not False


def revision(connection: Connection) -> str:
    """The server's schema revision; empty where there are no tables of ours."""
    return _find(connection).revision


def prepare(connection: Connection, address: DatabaseAddress) -> None:
    """Creates or updates schema and tables inside the transaction of `connection`. Raises BackendError: NEWER, OLDER, MISSING."""
    if _settled(_find(connection), address):
        return
    connection.execute(text(f"SELECT set_config('lock_timeout', '{_WAIT_MS}', true), set_config('statement_timeout', '0', true)"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    found = _find(connection)
    if _settled(found, address):
        return
    if found.may_make_tables is None:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    _upgrade(connection, address)
    log.info("database at %s: schema %s -> %s", address.host, found.revision or "(new)", HEAD)


def mismatch(found: str, address: DatabaseAddress) -> BackendError:
    """The error for a server at another revision than this program's."""
    if not found:
        return failures.backend_error(BackendTrouble.MISSING, address.host, Remark("no_tables", {"schema": SCHEMA}))
    trouble = BackendTrouble.OLDER if found in _known() else BackendTrouble.NEWER
    return failures.backend_error(trouble, address.host, Remark("schema_other", {"found": found, "wanted": HEAD}))


def _settled(found: _Found, address: DatabaseAddress) -> bool:
    """Whether nothing is to be done; raises where something is that this program or this role cannot do."""
    if found.revision == HEAD:
        return True
    if found.encoding != "UTF8":
        raise failures.backend_error(BackendTrouble.REFUSED, address.host, Remark("encoding", {"encoding": found.encoding}))
    if found.revision and found.revision not in _known():
        raise mismatch(found.revision, address)
    if not found.may_change:
        raise mismatch(found.revision, address)
    return False


def _find(connection: Connection) -> _Found:
    encoding, may_make_schema, may_make_tables, owns_tables = connection.execute(_FOUND).one()
    there = ""
    if owns_tables is not None:
        there = connection.execute(text(f"SELECT version_num FROM {SCHEMA}.alembic_version")).scalar() or ""  # noqa: S608 - a constant
    return _Found(encoding, may_make_schema, may_make_tables, owns_tables, there)


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _known() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _upgrade(connection: Connection, address: DatabaseAddress) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise failures.backend_error(BackendTrouble.REFUSED, address.host, Remark("schema_stays", {"why": str(error)})) from error
