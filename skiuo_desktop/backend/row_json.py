"""Rows as JSON for `json_to_recordset`, which PostgreSQL reads back exactly."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects import postgresql

from skiuo_desktop.library.columns import plain_json

_MOST_ROWS = 2000
_MOST_CHARACTERS = 8_000_000
"""Of one statement. A single row may be larger."""

Row = Mapping[str, Any]


def recordset(columns: Iterable[Column[Any]]) -> str:
    """The FROM item `fresh` that takes the parameter `rows` apart into these columns."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = ", ".join(f'"{column.name}" {column.type.compile(dialect)}' for column in columns)
    return f"json_to_recordset(CAST(:rows AS json)) AS fresh({types})"


def packed(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """(rows, JSON array of them), each small enough for one statement."""
    some: list[str] = []
    size = 0
    for row in rows:
        one = encoded(row)
        if some and (len(some) == _MOST_ROWS or size + len(one) > _MOST_CHARACTERS):
            yield len(some), array(some)
            some, size = [], 0
        some.append(one)
        size += len(one)
    if some:
        yield len(some), array(some)


def array(rows: Iterable[str]) -> str:
    return "[" + ",".join(rows) + "]"


def encoded(row: Row) -> str:
    """A row as JSON that PostgreSQL reads back exactly."""
    try:
        told = json.dumps(row, ensure_ascii=False, allow_nan=False, default=_written)
        told.encode()
    except ValueError:  # a number that JSON has no word for, or half a character
        return _cleaned(row)
    return _cleaned(row) if "\\u0000" in told else told


def _cleaned(row: Row) -> str:
    """The library's columns hold nothing of the kind, but a row that the server refused would stop the mirror for good."""
    clean = {name: str(value) if isinstance(value, float) and not math.isfinite(value) else plain_json(value) for name, value in row.items()}
    return json.dumps(clean, ensure_ascii=False, default=_written)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"no column holds a {type(value).__name__}")
