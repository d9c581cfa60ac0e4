"""Opening, listing and searching a big library, beside a plain LIKE scan of the same texts.

    python benchmarks/search.py [--windows 1000000] [--recordings 10000] [--folder DIR] [--server] [--plans] [--json]

Builds a library of that size in a temporary folder (about 1.5 GB for a million windows; with --folder it is kept there
and used again) and prints a table. Each time is the best and the median of several runs in one process, after the
first, which is shown as well: it reads the file.

With --server the library is also mirrored to a PostgreSQL of its own on loopback (ten minutes for a million windows), and what another device asks of it is
measured; with --plans PostgreSQL says how it finds each.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from skiuo_desktop.home import Home
from skiuo_desktop.library.index import SLOTS
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.words import shadow, split


def words(text: str) -> list[str]:
    return text.split()


ENGLISH = words("""the person at a desk types in terminal window and screen shows test run with failed passed error file code editor opens browser page scrolls
picks up soldering iron touches pad joint board cable keyboard hand moves left right camera light table cup water pan heat onion knife cuts slices stirs
writes formula whiteboard explains curve energy force class asks question answer notebook draws line circle saw wood clamp drill screw measure mark glue paint
commit push branch merge review comment deploy server log request response token query index table column row value function returns string number list""")
CHINESE = words("""电路 焊接 测试 失败 通过 代码 屏幕 写字 切菜 火锅 公式 提问 回答
螺丝 钻孔 木头 测量 胶水 油漆 键盘 桌面 摄像头 打开 关闭 移动 左边 右边 终端
窗口 文件 保存 运行 报错 修改 提交 推送 分支 合并 浏览器 页面 搅拌 加热 水杯 纸张 曲线 能量 学生 老师 笔记 圆形 直线 夹具 然后 开始 继续 停下 检查 再次
仔细 一个 人在 他把""")
RARE = "xylophone"
RARE_CHINESE = "琥珀"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=int, default=1_000_000)
    parser.add_argument("--recordings", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep the library here and use it again")
    parser.add_argument("--server", action="store_true", help="measure a mirror of it too")
    parser.add_argument("--plans", action="store_true", help="with --server: print how PostgreSQL finds each")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skiuo-search-") as temporary:
        home = Home(args.folder or Path(temporary))
        if not home.database.exists():
            began = time.perf_counter()
            build(home, args.recordings, args.windows)
            print(f"built in {time.perf_counter() - began:.0f} s, {home.database.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
        rows = measure(home)
        if args.server:
            import _search_server

            rows += _search_server.measure(home, timed)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print(f"{args.recordings} recordings, {args.windows} windows; times in ms, SQLite {sqlite3.sqlite_version}")
    print(f"{'what':52} {'found':>6} {'first':>9} {'median':>9} {'best':>9} {'LIKE':>9} {'ratio':>8}")
    for row in rows:
        peer = f"{row['like']:9.1f} {row['like'] / row['median']:7.2f}x" if row["like"] is not None else f"{'':9} {'':8}"
        print(f"{row['what']:52} {row['found']:6} {row['first']:9.1f} {row['median']:9.1f} {row['best']:9.1f} {peer}")
        if args.plans and "plan" in row:
            print(f"    {row['plan']}")


def measure(home: Home) -> list[dict[str, Any]]:
    def open_and_close() -> list[int]:
        with Library.open(home) as library:
            return [library.count()]

    rows = [timed("open, count, close", open_and_close)]
    with Library.open(home) as library:
        rows.append(timed("first 200 summaries", lambda: library.summaries(200)))
        rows.append(timed("all summaries", lambda: library.summaries(1_000_000), runs=2))
        rows.append(timed("one recording, whole", lambda: [library.recording(library.resolve("last"))]))
        for what, query in (
            ("a word in every third text", "person"),
            ("the beginning of words", "te"),
            ("one letter", "t"),
            ("two words", "soldering ir"),
            ("common words, never together", "table person left right"),
            ("a rare word", RARE),
            ("a word that is nowhere", "zzzz"),
            ("common Chinese, two characters", "电路"),
            ("common characters, seldom together", "次仔"),
            ("common characters, never together", "螺回答"),
            ("rare Chinese, two characters", RARE_CHINESE),
            ("one Chinese character", "焊"),
        ):
            ours = timed(f"{what}: {query}", partial(library.search, query))
            ours["like"] = like(home, query)
            rows.append(ours)
        rows.append(timed("list, only with a rare word", lambda: library.summaries(200, text=RARE)))
        rows.append(timed("list, only with a common word", lambda: library.summaries(200, text="person")))
    return rows


def timed(what: str, call: Callable[[], list[Any]], runs: int = 7) -> dict[str, Any]:
    times = []
    found = 0
    for _ in range(runs):
        began = time.perf_counter()
        found = len(call())
        times.append((time.perf_counter() - began) * 1000)
    return {"what": what, "found": found, "first": times[0], "median": statistics.median(times[1:]), "best": min(times), "like": None}


def like(home: Home, query: str) -> float:
    """Milliseconds that the same 50 newest hits take by LIKE over the texts: what a library without an index would do."""
    connection = sqlite3.connect(home.database)
    asked = "SELECT id, text FROM analyses WHERE text LIKE ? ORDER BY id DESC LIMIT 50"
    times = []
    for _ in range(2):
        began = time.perf_counter()
        connection.execute(asked, (f"%{query}%",)).fetchall()
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return min(times)


def build(home: Home, recordings: int, windows: int) -> None:
    """Fills a new library with plain SQL: the rows are those that the program writes, without its transaction for each."""
    with Library.open(home) as library:
        device = library.device_id
    chance = random.Random(7)
    connection = sqlite3.connect(home.database, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    each = windows // recordings
    base = connection.execute("SELECT last_id FROM this_library").fetchone()[0]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    texts = speech(chance)
    for number in range(recordings):
        began = start + timedelta(hours=2 * number)
        recording, moment = f"{began:%Y%m%d-%H%M%S}-{number:06x}", int(began.timestamp() * 1000)
        title, when = f"Recording {number}", f"{began:%Y-%m-%d %H:%M:%S}.000000"
        connection.execute(RECORDING, (recording, device, moment, title, f"{recording}.webm", when, each * 10_000, number + 2))
        connection.execute(INDEX, (moment * SLOTS + SLOTS - 1, shadow(split(title)), None))
        ids = range(base + 1 + number * each * 3, base + 1 + (number + 1) * each * 3)
        for index in range(each):
            window, analysis, attempt = ids[index * 3 : index * 3 + 3]
            said = next(texts)
            connection.execute(WINDOW, (window, recording, index, index * 10_000, index * 10_000 + 15_000, window - base))
            connection.execute(ANALYSIS, (analysis, window, said, analysis - base))
            connection.execute(ATTEMPT, (attempt, analysis, recording, attempt - base))
            connection.execute(INDEX, (moment * SLOTS + index, shadow(split(said)), window))
    connection.execute("UPDATE this_library SET last_id = last_id + ?, revision = ?", (3 * recordings * each, 3 * recordings * each + recordings + 2))
    connection.execute("COMMIT")
    connection.close()


def speech(chance: random.Random) -> Iterator[str]:
    """Texts of about 35 English words or 60 Chinese characters in words of two, common words common; one in 20,000 holds the rare ones."""
    english, chinese = (list(accumulate(1 / (rank + 3) for rank in range(len(words)))) for words in (ENGLISH, CHINESE))
    while True:
        rare = chance.random() < 1 / 20_000
        if chance.random() < 0.3:
            said = "".join(chance.choices(CHINESE, cum_weights=chinese, k=30))
            yield said + (RARE_CHINESE if rare else "") + "。"
        else:
            yield " ".join(chance.choices(ENGLISH, cum_weights=english, k=35)) + (f" {RARE}" if rare else "") + "."


RECORDING = """INSERT INTO recordings (id, device_id, moment, title, path, started_at, duration_ms, revision, source, source_label, state, owner,
    window_length_ms, window_stride_ms, models, frames, dropped_frames, bytes, width, height, fps, video_codec, has_audio, notes, notices, thumbnail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'camera:0', 'Desk camera', 'finished', '', 15000, 10000, '["offline"]', 1, 0, 1, 1280, 720, 30.0, 'vp8', 0, '', '[]', '')"""
WINDOW = "INSERT INTO windows (id, recording_id, \"index\", start_ms, end_ms, revision, state, reason) VALUES (?, ?, ?, ?, ?, ?, 'done', '')"
ANALYSIS = """INSERT INTO analyses (id, window_id, text, revision, model, version, state, owner, language, attempts, partial, facts,
    failure_message, failure_raw, cost, currency) VALUES (?, ?, ?, ?, 'offline', 1, 'done', '', 'en', 1, 0, '{}', '', '', 0.0, 'USD')"""
ATTEMPT = """INSERT INTO attempts (id, analysis_id, recording_id, revision, number, instance, started_at, sent, raw,
    failure_message, failure_raw, cost, currency) VALUES (?, ?, ?, ?, 1, '', '2024-01-01 00:00:00.000000', '{}', '', '', '', 0.0, 'USD')"""
INDEX = "INSERT INTO search (rowid, shadow, window_id) VALUES (?, ?, ?)"


if __name__ == "__main__":
    main()
