"""Rows that other devices wrote, read so that nothing in them can do harm here.

Whoever can write to the database can write anything: states and shapes of a newer program, spans that end before they
begin, texts of a gigabyte, names of files. What has no meaning here falls back to something that has, long texts are cut
by the server, and no path is taken over: it would name a file of another computer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Double, LargeBinary, RowMapping, Text, case, cast, func, select

from skiuo_desktop.library.columns import PlainJson, PlainText, UtcTime
from skiuo_desktop.library.index import MOST_WINDOWS
from skiuo_desktop.library.rows import recording_of, window_of
from skiuo_desktop.library.schema import AnalysisRow, Base, DeviceRow, MarkerRow, RecordingRow, WindowRow
from skiuo_desktop.model import AnalysisState, FailureKind, Recording, RecordingState, Window, WindowState

MOST_TEXT = 250_000
"""Characters of one text, and bytes of one JSON value; no honest one is near it."""

MOST_BYTES = 8_000_000
"""Of a track: one a second, so three months."""

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Times that can be read and written here; PostgreSQL also knows the year 294276, and never."""

DEVICE = func.coalesce(func.nullif(func.left(DeviceRow.name, 200), ""), RecordingRow.device_id)
"""What a person calls the device of a recording, where `devices` is joined to `recordings`."""

_MEASURES = ("duration_ms", "frames", "dropped_frames", "bytes", "width", "height")

S = TypeVar("S", bound=StrEnum)
R = TypeVar("R", bound=Base)


def columns(table: type[Base]) -> list[ColumnElement[Any]]:
    """The columns of a table, cut by the server where they are longer than anybody writes. Use `made` on what comes."""
    return [_bounded(column).label(column.key) for column in table.__table__.columns]


def made(table: type[R], found: RowMapping) -> R:
    """A row that no session knows, of values by column."""
    return table(**{column.key: found[column.key] for column in table.__table__.columns})


def rows(connection: Connection, table: Any, wanted: ColumnElement[bool], order: Sequence[Any] = (), limit: int | None = None) -> list[Any]:
    """The rows of a table for which `wanted` holds."""
    found = connection.execute(select(*columns(table)).where(wanted).order_by(*order).limit(limit)).mappings()
    return [made(table, each) for each in found]


def readable(column: Any) -> ColumnElement[bool]:
    """The condition under which a time can be read."""
    return column.between(FIRST, LAST)  # type: ignore[no-any-return]


def _bounded(column: Any) -> ColumnElement[Any]:
    kind = column.type
    if isinstance(kind, PlainText):
        return func.left(column, MOST_TEXT, type_=kind)
    if isinstance(kind, PlainJson):
        return case((func.octet_length(cast(column, Text)) <= MOST_TEXT, column), else_=None)
    if isinstance(kind, LargeBinary):
        return func.substr(column, 1, MOST_BYTES, type_=kind)
    if isinstance(kind, UtcTime):
        return case((readable(column), column), else_=None)
    if isinstance(kind, Double):
        return func.nullif(func.nullif(func.nullif(column, math.nan), math.inf), -math.inf, type_=kind)
    return column  # type: ignore[no-any-return]


def known(kind: type[S], value: object, otherwise: S) -> S:
    """The state that a row names, or `otherwise` for one of a newer program."""
    return next((each for each in kind if each == value), otherwise)


def recording(row: RecordingRow, tags: Iterable[str], markers: Iterable[MarkerRow], windows: Iterable[Window]) -> Recording:
    """`row.started_at` must be `readable`."""
    row.path = row.thumbnail = ""
    row.state = known(RecordingState, row.state, RecordingState.FINISHED)
    row.models = texts(row.models)
    row.notices = _notices(row.notices)
    row.fps = row.fps or 0.0
    for name in _MEASURES:
        setattr(row, name, max(0, getattr(row, name)))
    there = [marker for marker in markers if marker.at_ms >= 0]
    return recording_of(row, Path(), tuple(tags), there, windows)


def window(row: WindowRow, analyses: Iterable[AnalysisRow]) -> Window | None:
    """None for one that is nowhere in its recording."""
    if not (0 <= row.index < MOST_WINDOWS and 0 <= row.start_ms < row.end_ms):
        return None
    row.state = known(WindowState, row.state, WindowState.SKIPPED)
    choice = _mapping(row.choice)
    row.choice = {"rule": _text(choice.get("rule")), "reason": _text(choice.get("reason")), "dissent": texts(choice.get("dissent"))}
    return window_of(row, [analysis(each) for each in analyses])


def analysis(row: AnalysisRow) -> AnalysisRow:
    """The same row, of which everything can be read."""
    row.state = known(AnalysisState, row.state, AnalysisState.DONE if row.text else AnalysisState.CANCELLED)
    if row.failure_kind is not None:
        row.failure_kind = known(FailureKind, row.failure_kind, FailureKind.INTERNAL)
    row.facts = _mapping(row.facts)
    row.why, row.failure_facts = _plain(row.why), _plain(row.failure_facts)
    return row


def texts(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _notices(value: object) -> list[dict[str, Any]]:
    """As `library.rows.notice_row` writes them."""
    listed = [_mapping(each) for each in value] if isinstance(value, list) else []
    return [
        {"at_ms": _number(each.get("at_ms")), "kind": _text(each.get("kind")), "detail": _text(each.get("detail")), "length_ms": _number(each.get("length_ms"))}
        for each in listed
        if each.get("kind")
    ]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "wait_s": lambda value: isinstance(value, int | float) and 0 <= value < 1e9,
    "until": lambda value: isinstance(value, str) and _is_readable(value),
}
"""Facts that sentences do more with than to repeat them (see `failures`)."""


def _plain(value: object) -> dict[str, Any]:
    """Facts for a sentence: words and numbers only."""
    told = {name: each for name, each in _mapping(value).items() if isinstance(each, str | int | float)}
    return {name: each for name, each in told.items() if _SHAPES.get(name, lambda _value: True)(each)}


def _is_readable(moment: str) -> bool:
    try:
        return FIRST.year < datetime.fromisoformat(moment).year < LAST.year
    except ValueError:
        return False
