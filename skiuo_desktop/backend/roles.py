"""The database roles that `skiuo backend init` prints: what a desktop needs, what a reader needs, and nothing more.

The administrator runs them in the database itself, as the role that owns the schema. No password stands in them: it is
given afterwards, where nobody reads it (`\\password` in psql).
"""

from __future__ import annotations

from skiuo_desktop.backend.tables import SCHEMA
from skiuo_desktop.errors import UsageError

_LONGEST = 63
"""Bytes of a name: PostgreSQL cuts the rest off without a word."""


def role_sql(role: str, schema: str = SCHEMA) -> str:
    """SQL for the role that a desktop logs in with: it reads and writes rows, and makes, changes and removes no table. May be run again.

    Raises UsageError for a name that PostgreSQL does not take.
    """
    name, there = _identifier(role), _identifier(schema)
    return _login(role, schema) + (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {there} TO {name};\n"
        f"REVOKE INSERT, UPDATE, DELETE ON {there}.alembic_version FROM {name};\n"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {there} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};\n"
    )


def reader_sql(role: str, schema: str = SCHEMA) -> str:
    """SQL for a role that reads the rows and nothing else, for reports and other programs. Raises as `role_sql`."""
    name, there = _identifier(role), _identifier(schema)
    return _login(role, schema) + (
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {there} TO {name};\n"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {there} GRANT SELECT ON TABLES TO {name};\n"
        f"ALTER ROLE {name} SET default_transaction_read_only = on;\n"
    )


def _login(role: str, schema: str) -> str:
    name, there = _identifier(role), _identifier(schema)
    body = (
        "BEGIN\n"
        f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {_literal(role)}) THEN\n"
        f"    CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;\n"
        "  END IF;\n"
        f"  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), {_literal(role)});\n"
        "END\n"
    )
    mark = "$skiuo$"
    while mark in body:
        mark = mark[:-1] + "x$"
    return f"DO {mark}\n{body}{mark};\nGRANT USAGE ON SCHEMA {there} TO {name};\n"


def _identifier(name: str) -> str:
    if not name or "\0" in name or len(name.encode()) > _LONGEST:
        raise UsageError(f"A name in PostgreSQL has 1 to {_LONGEST} bytes.")
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    if "\\" in text:  # whatever the server thinks of backslashes in plain literals
        return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + text.replace("'", "''") + "'"
