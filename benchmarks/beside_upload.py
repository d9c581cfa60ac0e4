"""Recording while the mirror uploads, against recording alone: pictures taken and dropped, and how long they waited to be encoded.

    python benchmarks/beside_upload.py [--seconds 20] [--rounds 3] [--file 64] [--nice 10] [--json]

Starts a MinIO of its own on loopback, with `nice -n NICE`: it stands for another computer's. In turns, the order changing from round to round, in a process of
its own each: the whole engine records the test pattern, 720p30, at the pace of the clock; `beside` with a library of as many recordings of `--file` MB
(10^6 bytes) that are not in the store yet as the mirror can send meanwhile, without a limit. Sent is what was handed to the network while it recorded.
Dropped are pictures that the source could not draw in time, or that found the encoder's queue full. CPU is user and system time of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the server

from support.mirrored import configure
from support.services import Minio

from skiuo_desktop import settings as s
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.throttle import Limiter
from skiuo_desktop.capture.frames import AudioBlock, Frame
from skiuo_desktop.capture.inbox import Inbox
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import Event, RecordingSaved, RecordingStopped
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Recording, RecordingState

SOURCE = "test:720p30"
MOST_MB_PER_S = 400
"""More than any mirror sends here: there is always something left to send."""
TURNS = ("alone", "beside")


class Niced(Minio):
    niceness = 0

    def command(self) -> Sequence[str]:
        return ["nice", "-n", str(self.niceness), *super().command()]


class Watched:
    """What passes the encoder's queue and the network, from `begin` on."""

    def __init__(self) -> None:
        self.most_waiting, self.longest_wait_ms, self.sent = 0, 0.0, 0
        self._lock = threading.Lock()
        put, get, take = Inbox.put, Inbox.get, Limiter.take

        def watched_put(inbox: Inbox, item: Frame | AudioBlock) -> None:
            put(inbox, item)
            self.most_waiting = max(self.most_waiting, inbox._frames)

        def watched_get(inbox: Inbox, timeout_s: float) -> tuple[Frame | AudioBlock, int] | None:
            got = get(inbox, timeout_s)
            if got is not None:
                self.longest_wait_ms = max(self.longest_wait_ms, got[1] / 1e6)
            return got

        def watched_take(limiter: Limiter, count: int, *more: Any) -> None:
            take(limiter, count, *more)
            with self._lock:
                self.sent += count

        Inbox.put, Inbox.get, Limiter.take = watched_put, watched_get, watched_take  # type: ignore[method-assign]


def turn(home: Home, seconds: int, beside: bool) -> dict[str, Any]:
    """Records once. `beside`: waits until the mirror sends, and counts what it sends until the recording's end."""
    watched, engine = Watched(), Engine(home)
    ended: dict[type[Event], Event] = {}
    stopped, saved = threading.Event(), threading.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, RecordingStopped | RecordingSaved):
            ended[type(event)] = event
            (stopped if isinstance(event, RecordingStopped) else saved).set()

    engine.publisher.subscribe(on_event)
    engine.start(mirror=beside)
    engine.repaired().result()
    engine.open_source(SOURCE, "none", "real").result()
    if beside:
        until(lambda: watched.sent > 1_000_000, "the mirror to send")
    sent, cpu, begun = watched.sent, cpu_seconds(), time.monotonic()
    engine.start_recording("benchmark", (), seconds * 1000).result()
    if not stopped.wait(seconds + 60):
        raise SystemExit("the recording did not end")
    sent, cpu, took = watched.sent - sent, cpu_seconds() - cpu, time.monotonic() - begun
    saved.wait(60)
    left = len(engine.recordings(100_000).result()) - stored(home)
    engine.stop()
    if beside and left < 2:
        raise SystemExit("the mirror had sent everything before the recording ended")
    done = ended[RecordingStopped]
    assert isinstance(done, RecordingStopped)
    return {
        "frames": done.frames,
        "dropped": done.dropped_frames,
        "most_waiting": watched.most_waiting,
        "longest_wait_ms": round(watched.longest_wait_ms, 1),
        "cpu_s_per_s": round(cpu / took, 3),
        "sent_mb": round(sent / 1e6),
        "sent_mb_per_s": round(sent / 1e6 / took, 1),
    }


def stored(home: Home) -> int:
    with Library.open(home) as library:
        return sum(1 for summary in library.summaries(100_000) if library.objects(summary.id))


def fill(home: Home, count: int, size: int) -> None:
    """A library of `count` recordings whose files have one content; each becomes an object of its own."""
    with Library.open(home) as library:
        first = home.recordings / "content"
        first.write_bytes(os.urandom(size))
        start = datetime(2026, 1, 1, tzinfo=UTC)
        for number in range(count):
            started = start + timedelta(minutes=number)
            recording_id = library.new_recording_id(started)
            path = home.recordings / f"{recording_id}.webm"
            path.hardlink_to(first)
            given = {"source": SOURCE, "source_label": "Test pattern", "started_at": started, "state": RecordingState.FINISHED, "bytes": size}
            lengths = {"window_length_ms": 15_000, "window_stride_ms": 10_000}
            library.add_recording(Recording(id=recording_id, device_id=library.device_id, title="benchmark", path=str(path), **given, **lengths))


def measure(name: str, server: Minio, folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        home = Home(Path(place)).prepare()
        s.Settings(home.settings).change({s.KEEP_FREE.key: 50})
        environment = dict[str, str]()
        store = ObjectStore(server.address(server.new_bucket()))
        if name == "beside":
            fill(home, -(-args.seconds * MOST_MB_PER_S // args.file), args.file * 1_000_000)
            environment = configure(home, store, "")
        words = [sys.executable, __file__, "--turn", name, "--home", place, "--seconds", str(args.seconds)]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
        keys = [entry.key for entry in store.list("")]
        if keys:
            store.delete(keys)
        store.close()
    return dict(json.loads(done.stdout.splitlines()[-1]))


def cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


def until(condition: Callable[[], bool], what: str, deadline_s: float = 60) -> None:
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited {deadline_s:g} s for {what}")
        time.sleep(0.01)


def summary(rounds: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in TURNS:
        runs = [one[name] for one in rounds]
        found[name] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        found[name] |= {key: max(run[key] for run in runs) for key in ("dropped", "most_waiting", "longest_wait_ms")}
    found["frames_beside_to_alone"] = round(statistics.median(one["beside"]["frames"] / one["alone"]["frames"] for one in rounds), 4)
    found["dropped_beside"] = sum(one["beside"]["dropped"] for one in rounds)
    found["dropped_alone"] = sum(one["alone"]["dropped"] for one in rounds)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of each recording")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=int, default=64, metavar="MB", help="one recording to upload")
    parser.add_argument("--nice", type=int, default=10, help="of the server")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--turn", choices=TURNS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.turn:
        print(json.dumps(turn(Home(args.home), args.seconds, args.turn == "beside")))
        return
    rounds = []
    with tempfile.TemporaryDirectory(prefix="skiuo-beside-") as folder:
        server = Niced(Path(folder) / "minio")
        server.niceness = args.nice
        with server:
            for number in range(args.rounds):
                order = TURNS if number % 2 == 0 else TURNS[::-1]
                rounds.append({name: measure(name, server, Path(folder), args) for name in order})
    found = {"seconds": args.seconds, "rounds": args.rounds, "cores": os.cpu_count(), "server_nice": args.nice, **summary(rounds)}
    print(json.dumps(found, indent=1)) if args.json else show(found)


def show(found: dict[str, Any]) -> None:
    print("720p30, {seconds} s, {rounds} rounds, {cores} cores, MinIO at nice {server_nice}".format(**found))
    for name in TURNS:
        print(f"  {name:8}" + "  ".join(f"{key} {value}" for key, value in found[name].items()))
    print("pictures beside to alone {frames_beside_to_alone}; dropped in all rounds: beside {dropped_beside}, alone {dropped_alone}".format(**found))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
