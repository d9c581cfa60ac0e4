"""The server's side of `search.py`: a library that was mirrored to a PostgreSQL of its own on loopback, searched and listed as another device does."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the server

from sqlalchemy import event, text
from support.postgres import wheel_server

from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.elsewhere import OtherDevices
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library

ROWS = 2000  # of a batch
QUESTIONS = (
    ("a word in every third text", "person"),
    ("the beginning of words", "te"),
    ("one letter", "t"),
    ("two words", "soldering ir"),
    ("common words, never together", "table person left right"),
    ("a word twice", "person person"),
    ("a rare word", "xylophone"),
    ("a word that is nowhere", "zzzz"),
    ("common Chinese, two characters", "电路"),
    ("common characters, seldom together", "次仔"),
    ("common characters, never together", "螺回答"),
    ("common Chinese, eight characters", "焊接电路测试通过"),
    ("rare Chinese, two characters", "琥珀"),
    ("one Chinese character", "焊"),
)
NODE = re.compile(r"(?:->\s+)?((?:[A-Z][a-z]+ )*(?:Scan|Append|Sort|Join|Aggregate|Loop|BitmapAnd|BitmapOr)(?: Backward)?)(?: using (\w+)| on (\w+))?")


def measure(home: Home, timed: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    server = wheel_server()
    try:
        database = Database(server.address(server.fresh_database()))
        database.prepare()
        filled = fill(home, database)
        one = "(SELECT id FROM skiuo.recordings ORDER BY id OFFSET (SELECT count(*) FROM skiuo.recordings) * 9 / 10 LIMIT 1)"
        name = database.address.dsn.rpartition("/")[2]
        # The older nine tenths become those of another device. Statistics and index are as the server's own upkeep leaves them.
        server.ask("INSERT INTO skiuo.devices SELECT 'attic', 'Attic', created_at, 1 FROM skiuo.devices", name)
        for table, key in (("search", "recording_id"), ("recordings", "id")):
            server.ask(f"UPDATE skiuo.{table} SET device_id = 'attic' WHERE {key} < {one}", name)  # noqa: S608
        server.ask("VACUUM ANALYZE", name)
        sizes = "SELECT pg_size_pretty(pg_table_size('skiuo.search')), pg_size_pretty(pg_relation_size('skiuo.ix_search_vector'))"
        print(f"{filled}; texts {server.ask(sizes, name)[0][0]}, index of sets {server.ask(sizes, name)[0][1]}", file=sys.stderr)
        return questions(database, timed)
    finally:
        server.remove()


def fill(home: Home, database: Database) -> str:
    """Mirrors the library; what that took."""
    count, pushing = 0, 0.0
    with Library.open(home) as library:
        after, newest = 0, library.revision()
        while after != newest:
            batch = library.changes(after, ROWS)
            began = time.perf_counter()
            after = database.push(batch)
            pushing += time.perf_counter() - began
            count += batch.count
    return f"{count} rows mirrored, {count / pushing:.0f} rows/s"


def questions(database: Database, timed: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    others = OtherDevices(database, "reader")
    calls: list[tuple[str, Callable[[], Any]]] = [
        ("devices", others.devices),
        ("first 200 summaries", partial(others.summaries, 200)),
        ("first 200 of one device", partial(others.summaries, 200, device="attic")),
        ("what a device's mirror asks", lambda: [database.confirmed("attic"), database.version()]),
        *((f"{what}: {asked}", partial(others.search, asked)) for what, asked in QUESTIONS),
        *(
            (f"one device, {what}: {asked}", partial(others.search, asked, device="attic"))
            for what, asked in QUESTIONS
            if asked in ("person", "次仔", "xylophone")
        ),
        ("list, only with a rare word", partial(others.summaries, 200, "xylophone")),
        ("list, only with a common word", partial(others.summaries, 200, "person")),
        ("list, with common characters", partial(others.summaries, 200, "电路")),
    ]
    found = []
    for what, call in calls:
        row = timed(f"server: {what}", call)
        row["plan"] = plan(database, call)
        found.append(row)
    return found


def plan(database: Database, call: Callable[[], Any]) -> str:
    """Which ways PostgreSQL goes for the statements of a call, each once, with the indexes that it uses."""
    told: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        told.append((statement, parameters))

    event.listen(database._engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        event.remove(database._engine, "before_cursor_execute", listen)
    ways: dict[str, None] = {}
    with database.transaction() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        for statement, parameters in told:
            if " search" in statement or " recordings" in statement:
                lines = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars()
                ways |= dict.fromkeys(" ".join(filter(None, match.groups())) for line in lines if (match := NODE.search(line)))
    return ", ".join(ways)
