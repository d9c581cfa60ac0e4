"""The mirror beside what others would use: clips put to one MinIO by Skiuo, boto3 and the minio client; rows by Skiuo and by `executemany`.

    python benchmarks/mirror.py [--size 1000] [--clip 5] [--recordings 400] [--rounds 3] [--only clips|rows] [--json]

Starts a MinIO and a PostgreSQL of its own on loopback. Clips: `--size` MB (10^6 bytes) a round in clips of `--clip` MB from memory, one after the
other, by each client in turn, the order changing from round to round; every byte is new, and what was put is removed before the next turn. CPU is that of
this program alone, without the server's. Skiuo's counts the SHA-256 that goes into the object's key; the server is made to check what arrived by it.

Rows: a library of `--recordings` recordings with 12 windows, each with an analysis and an attempt, in the batches that the mirror uses. The peer
is SQLAlchemy's `executemany` over psycopg of the same rows into the same tables, as upserts, with a transaction for each batch; it leaves out the search
entries and what makes a batch arrive exactly once.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the servers

from library.library_parts import Maker
from sqlalchemy.dialects.postgresql import insert
from support.postgres import Server, wheel_server
from support.services import Minio, Store

from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.keys import pack_metadata
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.tables import MIRRORED
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import Batch

Put = Callable[[str, bytes], object]
WINDOWS, ROWS = 12, 500


@dataclass
class Measured:
    """Of one way: seconds of the clock and of the processor, once a round."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall_s.append(time.perf_counter() - wall)
        self.cpu_s.append(time.process_time() - cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1000, metavar="MB", help="clips of each client and round, together")
    parser.add_argument("--clip", type=int, default=5, metavar="MB", help="one clip")
    parser.add_argument("--recordings", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("clips", "rows"))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="skiuo-mirror-") as folder:
        if args.only != "rows":
            found["clips"] = clips(Path(folder), max(1, args.size // args.clip), args.clip * 1_000_000, args.rounds)
        if args.only != "clips":
            found["rows"] = rows(Path(folder), args.recordings, args.rounds)
    print(json.dumps(found, indent=1)) if args.json else show(found)


# Clips


def clips(folder: Path, count: int, size: int, rounds: int) -> list[dict[str, Any]]:
    (folder / "minio").mkdir()
    with Minio(folder / "minio") as server:
        bucket = server.new_bucket()
        store = ObjectStore(server.address(bucket))
        ways = {"skiuo": by_skiuo(store), "boto3": by_boto3(server, bucket), "minio": by_minio(server, bucket)}
        measured = {name: Measured() for name in ways}
        for put in ways.values():
            put("clips/warm", b"warm")
        content = bytearray(random.randbytes(size))
        for number in range(rounds):
            for name in in_turn(ways, number):
                keys = [f"clips/device/recording/{index:06d}-{name}.webm" for index in range(count)]
                for index, key in enumerate(keys):
                    content[:16] = os.urandom(16)
                    data = bytes(content)
                    if index == 0:
                        ways[name](key, data)  # the connection is there, whoever is first
                    with measured[name].one():
                        ways[name](key, data)
                store.delete(keys)
        total = count * size / 1e9
        return [
            {
                "client": name,
                "mb_per_s": round(statistics.median(1000 * total / wall for wall in per_round(each.wall_s, count)), 1),
                "cpu_s_per_gb": round(statistics.median(cpu / total for cpu in per_round(each.cpu_s, count)), 2),
                "to_boto3": round(
                    statistics.median(b / a for a, b in zip(per_round(each.wall_s, count), per_round(measured["boto3"].wall_s, count), strict=True)), 2
                ),
            }
            for name, each in measured.items()
        ]


def per_round(values: list[float], count: int) -> list[float]:
    return [sum(values[start : start + count]) for start in range(0, len(values), count)]


def by_skiuo(store: ObjectStore) -> Put:
    def put(key: str, data: bytes) -> object:
        facts = {"kind": "clip", "sha256": hashlib.sha256(data).hexdigest(), "window": {"index": 3, "start_ms": 30_000, "end_ms": 45_000}}
        return store.put(key, data, "video/webm", pack_metadata(facts))

    return put


def by_boto3(server: Store, bucket: str) -> Put:
    import boto3
    from botocore.config import Config

    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": server.access_key, "aws_secret_access_key": server.secret_key}
    client = boto3.client("s3", endpoint_url=server.endpoint, region_name=server.region, config=config, **keys)
    return lambda key, data: client.put_object(Bucket=bucket, Key=key, Body=data, ContentType="video/webm")


def by_minio(server: Store, bucket: str) -> Put:
    from minio import Minio as Client

    client = Client(endpoint=server.host, access_key=server.access_key, secret_key=server.secret_key, secure=False)
    return lambda key, data: client.put_object(bucket_name=bucket, object_name=key, data=io.BytesIO(data), length=len(data), content_type="video/webm")


# Rows


def rows(folder: Path, recordings: int, rounds: int) -> list[dict[str, Any]]:
    home = Home(folder / "home")
    with Library.open(home) as library:
        fill(library, recordings)
        reading = Measured()
        with reading.one():
            batches = list(batches_of(library))
    count = sum(batch.count for batch in batches)
    server = wheel_server()
    try:
        ways: dict[str, Callable[[Database, list[Batch]], None]] = {"skiuo": pushed, "executemany": inserted}
        measured = {name: Measured() for name in ways}
        for number in range(rounds):
            for name in in_turn(ways, number):
                database = opened(server)
                with measured[name].one():
                    ways[name](database, batches)
                database.close()
    finally:
        server.remove()
    peer = measured["executemany"].wall_s
    return [
        {"way": "read from the library", "rows_per_s": round(count / reading.wall_s[0]), "cpu_s_per_10000": round(1e4 * reading.cpu_s[0] / count, 2)},
        *(
            {
                "way": name,
                "rows": count,
                "rows_per_s": round(count / statistics.median(each.wall_s)),
                "cpu_s_per_10000": round(1e4 * statistics.median(each.cpu_s) / count, 2),
                "to_executemany": round(statistics.median(b / a for a, b in zip(each.wall_s, peer, strict=True)), 2),
            }
            for name, each in measured.items()
        ),
    ]


def fill(library: Library, recordings: int) -> None:
    """One recording as the library makes it, and copies of its rows."""
    make = Maker(library)
    make.said(
        *(f"A person in a blue coat puts the cup number {n} on the table. 一个人把第 {n} 个杯子放在桌上。" for n in range(WINDOWS)), title="Workshop 车间"
    )
    step = 1000  # ids and revisions of one recording fit between two of these
    with library._database.write() as session:
        raw = session.connection().exec_driver_sql
        shifts = {"id": f"id + n * {step}", "window_id": f"window_id + n * {step}", "analysis_id": f"analysis_id + n * {step}", "recording_id": "'r' || n"}
        for table in ("recordings", "windows", "analyses", "attempts"):
            own = {**shifts, "id": "'r' || n"} if table == "recordings" else shifts
            changed = {**own, "moment": "moment + n * 60000", "revision": f"revision + n * {step}"}
            columns = [row[1] for row in raw(f"PRAGMA table_info({table})")]
            values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
            numbers = f"WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {recordings - 1})"  # noqa: S608
            raw(f"{numbers} INSERT INTO {table} SELECT {values} FROM (SELECT * FROM {table} WHERE revision < {step}), number")  # noqa: S608
        raw(f"UPDATE this_library SET revision = revision + {step} * {recordings}")  # noqa: S608


def batches_of(library: Library) -> Iterator[Batch]:
    after, newest = 0, library.revision()
    while after != newest:
        batch = library.changes(after, ROWS)
        yield batch
        after = batch.upto


def opened(server: Server) -> Database:
    """A new database with the schema, and a connection to it."""
    database = Database(server.address(server.fresh_database()))
    database.prepare()
    return database


def pushed(database: Database, batches: list[Batch]) -> None:
    for batch in batches:
        assert database.push(batch) == batch.upto


def inserted(database: Database, batches: list[Batch]) -> None:
    statements = {}
    for table in MIRRORED:
        statement = insert(table)
        keys = [column.name for column in table.primary_key]
        statements[table.name] = statement.on_conflict_do_update(
            index_elements=keys, set_={column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
        )
    for batch in batches:
        with database.transaction() as connection:
            for name, values in batch.rows.items():
                connection.execute(statements[name], values)


def in_turn(ways: dict[str, Any], number: int) -> list[str]:
    names = list(ways)
    return names[number % len(names) :] + names[: number % len(names)]


def show(found: dict[str, Any]) -> None:
    for title, lines in found.items():
        print(f"{title}:")
        for line in lines:
            print("  " + "  ".join(f"{name} {value}" for name, value in line.items()))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
