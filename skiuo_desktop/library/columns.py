"""Column types that behave alike on SQLite and PostgreSQL.

PostgreSQL refuses NUL in text and JSON, and neither database stores half a surrogate pair; both can stand in what a
model or a file name says. They are replaced on the way in, so that a row that was written here can always be mirrored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Number = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both: an INTEGER of SQLite has them, and only INTEGER can be the primary key without a second index."""

JsonValue = JSON().with_variant(JSONB(), "postgresql")


def plain(text: str) -> str:
    """`text` as any database stores it: NUL and lone surrogates become U+FFFD."""
    text = str(text).replace("\0", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def plain_json(value: Any) -> Any:
    """`value` as any database stores it as JSON: plain text inside, and null for what JSON has no number for."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {plain(str(key)): plain_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(item) for item in value]
    return value


class PlainText(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else plain(value)


class PlainJson(TypeDecorator[Any]):
    impl = JsonValue
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return plain_json(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. A naive one is refused: nobody could say later which clock it came from."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
