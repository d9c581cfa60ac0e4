"""Libraries that are made by the migrations once, and by the same statements after that.

Alembic needs a tenth of a second to make a new library, and hundreds of tests of the engine and the window begin with one. The first in each process of
tests is made as in the program; what it was made by is written down and repeated. A library that is there already is updated as in the program.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event

from skiuo_desktop.library import migrate

_made_by: list[tuple[str, Any]] = []


def make_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the time of `monkeypatch`."""
    upgrade = migrate._upgrade

    def quick(connection: Connection) -> None:
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is not None:
            upgrade(connection)
        elif _made_by:
            for statement, parameters in _made_by:
                connection.exec_driver_sql(statement, parameters)
        else:
            _made_by[:] = _noted(connection, upgrade)

    monkeypatch.setattr(migrate, "_upgrade", quick)


def _noted(connection: Connection, upgrade: Any) -> list[tuple[str, Any]]:
    """Lets the migrations do it, and returns what they executed."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        upgrade(connection)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return statements
