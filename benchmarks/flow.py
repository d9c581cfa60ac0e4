"""A thousand queued windows through a fast server: what the engine adds to each, beside a bare loop with the OpenAI SDK.

    python benchmarks/flow.py [--windows N] [--picture 320x180@5] [--concurrency 1,8] [--calls] [--json]

The windows are rows over a long recording: one real minute whose packets are repeated to the length that the windows need (15 s, one
every 10 s), in a temporary library (about 170 MB for a thousand with the default picture, which is small so that decoding does
not hide the engine; give 1280x720@30 and fewer windows to see what the picture costs). Each window goes its whole way: claimed, cut,
decoded, made into JPEGs, asked, streamed, saved, with an event for each step. The server is a process of its own that checks nothing
and answers 40 pieces at once, so its time is nearly none.

The peer sends as many requests of the same size from frames that it has in memory, as many at a time, and only joins the texts.
`in order`: a window waits for the text of the window before, as it does by default, so more places at once do not help within one
recording; `free`: it does not wait (`analysis.previous_wait_s` 0). "engine" is the wall time of a window less cutting, pictures and the
peer's time; where windows overlap there is none, and the times of their parts, waiting for each other included, are more than the whole.
CPU is that of the whole process, the server not in it. --calls lists where the time goes, call by call.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import functools
import json
import math
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import cut as cutting
from _loopback import Loopback
from _recorded import record
from openai import AsyncOpenAI

from skiuo_desktop import settings as s
from skiuo_desktop.analysis import chat, chat_body
from skiuo_desktop.engine import cut as engine_cut
from skiuo_desktop.engine import request as engine_request
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.events import AnalysisEnded, Event
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import AnalysisState, ModelConfig, Price, Recording, RecordingState, Span, Tier

LENGTH_MS, STRIDE_MS = 15_000, 10_000
MODEL = "fast"
FREELY = "Skiuo, free"
WRITES = ("claim", "save_sent", "save_text", "finish")
READS = ("recording_head", "previous_is_open", "previous", "kept_answer", "window", "spent", "choose")


@dataclass
class Calls:
    """Seconds of wall time and of the thread's own processor time, by the name of what was called."""

    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _plain: list[tuple[Any, str, Any]] = field(default_factory=list)

    def watch(self, owner: Any, name: str, label: str) -> None:
        """Counts every call of a function or method until `leave`."""
        plain = getattr(owner, name)
        self._plain.append((owner, name, plain))

        @functools.wraps(plain)
        def counted(*args: Any, **named: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return plain(*args, **named)
            finally:
                self.count[label] += 1
                self.wall[label] += time.perf_counter() - wall
                self.cpu[label] += time.thread_time() - cpu

        setattr(owner, name, counted)

    def leave(self) -> None:
        for owner, name, plain in self._plain:
            setattr(owner, name, plain)


@dataclass(frozen=True, slots=True)
class Film:
    """A recording that lasts as long as its windows need."""

    path: Path
    windows: int
    width: int
    height: int
    fps: int

    @property
    def duration_ms(self) -> int:
        return (self.windows - 1) * STRIDE_MS + LENGTH_MS

    @property
    def spans(self) -> list[Span]:
        return [Span(at, at + LENGTH_MS) for at in range(0, self.windows * STRIDE_MS, STRIDE_MS)]


@dataclass
class Ran:
    windows: int
    wall_s: float
    cpu_s: float
    queued_s: float = 0.0
    loop_cpu_s: float = 0.0  # of the engine's loop alone
    ended: list[float] = field(default_factory=list)
    calls: Calls = field(default_factory=Calls)

    @property
    def wall_ms(self) -> float:
        return self.wall_s * 1000 / self.windows

    @property
    def cpu_ms(self) -> float:
        return self.cpu_s * 1000 / self.windows

    def of(self, *labels: str, cpu: bool = False) -> float:
        """Milliseconds a window."""
        return sum((self.calls.cpu if cpu else self.calls.wall)[label] for label in labels) * 1000 / self.windows

    @property
    def growth(self) -> float:
        """How much longer the last tenth of the windows took than the first."""
        tenth = max(2, self.windows // 10)
        gaps = [later - earlier for earlier, later in pairwise(self.ended)]
        return statistics.fmean(gaps[-tenth:]) / statistics.fmean(gaps[:tenth])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=int, default=1000)
    parser.add_argument("--picture", default="320x180@5", help="WIDTHxHEIGHT@FPS of the recording")
    parser.add_argument("--concurrency", default="1,8")
    parser.add_argument("--calls", action="store_true", help="list where the time goes")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    size, _, fps = args.picture.partition("@")
    width, height = (int(part) for part in size.split("x"))
    with tempfile.TemporaryDirectory(prefix="skiuo-flow-") as folder, Loopback(notes=False) as server:
        film = Film(Path(folder) / "film.webm", args.windows, width, height, int(fps))
        make(film)
        frames = ClipRenditions(cut(film.path, film.spans[0])).jpegs(fps=1.0, max_pixels=401_408, quality=80)
        rows = []
        for at_once in (int(part) for part in args.concurrency.split(",")):
            print(f"{at_once} at once ...", file=sys.stderr)
            peer = asyncio.run(bare(server.openai_url, [data for _, data in frames], args.windows, at_once))
            rows.append(("OpenAI SDK", at_once, peer, peer))
            for name, wait_s in (("Skiuo, in order", 30), *(((FREELY, 0),) if at_once > 1 else ())):
                rows.append((name, at_once, engine(film, server.openai_url, at_once, wait_s), peer))
    made = [_row(*row) for row in rows]
    if args.json:
        print(json.dumps(made))
    else:
        show(made, args.windows, args.picture, sum(len(data) for _, data in frames))
        if args.calls:
            for name, at_once, ran, _ in rows:
                if ran.calls.count:
                    show_calls(f"{name}, {at_once} at once", ran)


def make(film: Film) -> None:
    """A real minute, repeated."""
    minute = film.path.with_name("minute.webm")
    print("recording ...", file=sys.stderr)
    record(minute, seconds=60, width=film.width, height=film.height, fps=film.fps, kbps=max(40, film.width * film.height * film.fps // 11_000))
    cutting.repeat(minute, film.path, max(2, math.ceil(film.duration_ms / cutting.MINUTE_MS)))


async def bare(url: str, frames: list[bytes], windows: int, at_once: int) -> Ran:
    """The peer."""
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    numbers = iter(range(windows))
    prompt = "What happens in this window? " * 60

    async def work() -> None:
        for _ in numbers:
            pictures = [{"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"}} for data in frames]
            messages: list[Any] = [{"role": "user", "content": [*pictures, {"type": "text", "text": prompt}]}]
            answer = await client.chat.completions.create(model="m", messages=messages, stream=True, max_tokens=1024, stream_options={"include_usage": True})
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in answer if chunk.choices])
            assert text

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(at_once)))
    ran = Ran(windows, time.perf_counter() - began, time.process_time() - cpu)
    await client.close()
    return ran


def engine(film: Film, url: str, at_once: int, wait_s: int) -> Ran:
    with tempfile.TemporaryDirectory(prefix="home-", dir=film.path.parent) as root:
        home = Home(Path(root)).prepare()
        price = Price((Tier(0.4, 1.6),))
        ModelBook(home).add(ModelConfig(MODEL, "openai", "m", url, concurrency=at_once, preset="vllm", delivery="frames", price=price))
        s.Settings(home.settings).change({s.PREVIOUS_WAIT.key: wait_s, s.ACTIVE_MODELS.key: (MODEL,)})
        first, recording_id = _rows(home, film, [Span(at, at + LENGTH_MS) for at in (5_000, 20_000, 35_000)]), _rows(home, film, film.spans)
        running = Engine(home)
        running.start()
        calls = Calls()
        try:
            _ran(running, first, 3, Calls())  # loads what is loaded when it is first needed
            _watch(calls)
            return _ran(running, recording_id, film.windows, calls)
        finally:
            running.stop()
            calls.leave()


def _rows(home: Home, film: Film, spans: list[Span]) -> str:
    """The recording and these windows, of which nobody has been asked."""
    with Library.open(home) as library:
        now = datetime.now(UTC)
        recording_id = library.new_recording_id(now)
        path = home.recordings / f"{recording_id}.webm"
        path.hardlink_to(film.path)
        recording = Recording(
            id=recording_id,
            device_id=library.device_id,
            title="A long take",
            path=str(path),
            source="camera:0",
            source_label="Desk camera",
            started_at=now,
            state=RecordingState.FINISHED,
            window_length_ms=LENGTH_MS,
            window_stride_ms=STRIDE_MS,
            duration_ms=film.duration_ms,
            bytes=film.path.stat().st_size,
            width=film.width,
            height=film.height,
            fps=film.fps,
            video_codec="vp8",
        )
        library.add_recording(recording)
        library.add_windows(recording_id, spans, [], "en")
        return recording_id


def _ran(running: Engine, recording_id: str, windows: int, calls: Calls) -> Ran:
    ended: list[float] = []
    wrong: list[str] = []
    over = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, AnalysisEnded):
            ended.append(time.perf_counter())
            if event.analysis.state is not AnalysisState.DONE:
                wrong.append(str(event.analysis.failure))
            if len(ended) == windows:
                over.set()

    leave = running.publisher.subscribe(hear)
    began, cpu, loop = time.perf_counter(), time.process_time(), _loop_cpu(running)
    running.analyse(recording_id, (MODEL,)).result()
    queued = time.perf_counter() - began
    while not over.wait(120):
        assert ended, "nothing was answered"
        assert time.perf_counter() - ended[-1] < 120, f"stopped after {len(ended)} windows"
    ran = Ran(windows, ended[-1] - began, time.process_time() - cpu, queued, _loop_cpu(running) - loop, ended, calls)
    leave()
    assert not wrong, wrong[0]
    return ran


def _loop_cpu(running: Engine) -> float:
    async def read() -> float:
        return time.thread_time()

    return running._loop.submit(read()).result()


def _watch(calls: Calls) -> None:
    for name in (*WRITES, *READS):
        calls.watch(Library, name, f"library.{name}")
    calls.watch(engine_cut, "cut", "cut")
    calls.watch(ClipRenditions, "jpegs", "pictures")
    calls.watch(chat_body, "build", "body")
    calls.watch(chat.ChatProvider, "_sent", "ledger, hash")
    calls.watch(engine_request, "build", "prompt")


def _row(name: str, at_once: int, ran: Ran, peer: Ran) -> dict[str, Any]:
    own = ran is not peer
    writes, reads = tuple(f"library.{each}" for each in WRITES), tuple(f"library.{each}" for each in READS)
    media = ran.of("cut", "pictures")
    return {
        "name": name,
        "at_once": at_once,
        "wall_ms": round(ran.wall_ms, 2),
        "of_peer": round(ran.wall_ms / peer.wall_ms, 2),
        "cut_ms": round(ran.of("cut"), 2) if own else None,
        "pictures_ms": round(ran.of("pictures"), 2) if own else None,
        "writes_ms": round(ran.of(*writes), 2) if own else None,
        "reads_ms": round(ran.of(*reads), 2) if own else None,
        "engine_ms": round(ran.wall_ms - media - peer.wall_ms, 2) if own and name != FREELY else None,
        "cpu_ms": round(ran.cpu_ms, 2),
        "cpu_of_peer": round(ran.cpu_ms / peer.cpu_ms, 2),
        "cpu_media_ms": round(ran.of("cut", "pictures", cpu=True), 2) if own else None,
        "loop_cpu_ms": round(ran.loop_cpu_s * 1000 / ran.windows, 2) if own else None,
        "queueing_s": round(ran.queued_s, 2) if own else None,
        "growth": round(ran.growth, 2) if own else None,
    }


def show(rows: list[dict[str, Any]], windows: int, picture: str, size: int) -> None:
    print(f"{windows} windows of {picture}, {size / 1e3:.0f} kB of pictures each; ms a window")
    heads = ("of peer", "cut", "pictures", "writes", "reads", "engine", "CPU", "of peer", "cut+pict.", "loop", "growth")
    print(f"{'':20}{'at once':>8}{'wall':>8}" + "".join(f"{head:>10}" for head in heads))
    keys = ("of_peer", "cut_ms", "pictures_ms", "writes_ms", "reads_ms", "engine_ms", "cpu_ms", "cpu_of_peer", "cpu_media_ms", "loop_cpu_ms", "growth")
    for row in rows:
        told = "".join(f"{row[key]:10.2f}" if row[key] is not None else f"{'':10}" for key in keys)
        print(f"{row['name']:20}{row['at_once']:8}{row['wall_ms']:8.2f}{told}")
    print("growth: time of the last tenth of the windows against the first; CPU: cut+pict. is a part of it, loop is the engine's loop alone")


def show_calls(title: str, ran: Ran) -> None:
    print(f"\n{title}, ms a window\n{'call':26}{'times':>8}{'wall':>9}{'CPU':>9}")
    for label in sorted(ran.calls.count, key=lambda label: -ran.calls.wall[label]):
        print(f"{label:26}{ran.calls.count[label] / ran.windows:8.2f}{ran.of(label):9.2f}{ran.of(label, cpu=True):9.2f}")
    known = sum(ran.calls.cpu.values()) + ran.loop_cpu_s
    print(f"{'the loop':26}{'':17}{ran.loop_cpu_s * 1000 / ran.windows:9.2f}\n{'the rest':26}{'':17}{(ran.cpu_s - known) * 1000 / ran.windows:9.2f}")


if __name__ == "__main__":
    main()
