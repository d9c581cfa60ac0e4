"""One 15 s window of 720p30 with sound, cut by Skiuo, by `ffmpeg -c copy` and by ffmpeg encoding it anew, from a short and from a long recording.

    python benchmarks/cut.py [--hours 2] [--folder DIR] [--json]

Builds a recording of one minute, and one of the given length that repeats it, in a temporary folder (about 1.2 GB an hour; with
--folder they are kept there and used again), and prints a table of medians. Windows lie all over each recording, their
bytes in the page cache, where what has just been recorded is; each method cuts the same ones, and all methods and recordings take
turns. ffmpeg is a process of its own, as it is when a program calls it; Skiuo cuts inside the program.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from skiuo_desktop.media import ebml
from skiuo_desktop.media.blocks import TIMESTAMP
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.packets import ChunkReader, matroska, samples
from skiuo_desktop.media.webm import moved, webm_writer
from skiuo_desktop.model import Span

WIDTH, HEIGHT, FPS, MINUTE_MS, EDGE_MS, WINDOW_MS = 1280, 720, 30, 60_000, 5000, 15_000
FAST_RUNS, SLOW_RUNS = 15, 3
COPY = ("-c", "copy")
ENCODE = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2500k", "-c:a", "libopus", "-b:a", "64k")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0, help="length of the long recording")
    parser.add_argument("--folder", type=Path, help="keep the recordings here and use them again")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skiuo-cut-") as temporary:
        folder = args.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        minutes = max(2, round(args.hours * 60))
        short, long = folder / "1min.webm", folder / f"{minutes}min.webm"
        if not short.exists():
            print("recording one minute ...", file=sys.stderr)
            record(short)
        if not long.exists():
            print(f"repeating it {minutes} times ...", file=sys.stderr)
            repeat(short, long, minutes)
        rows = measure({1: short, minutes: long}, folder / "out.webm")
    if args.json:
        print(json.dumps(rows))
    else:
        show(rows)


def record(path: Path) -> None:
    """A minute like the recorder's: texture and grain that move, a tone, a keyframe every five seconds."""
    chance = np.random.default_rng(1)
    texture = np.kron(chance.integers(60, 190, (HEIGHT // 16, WIDTH // 16), dtype=np.uint8), np.ones((16, 16), np.uint8))
    grain = [chance.integers(-6, 7, (HEIGHT, WIDTH), dtype=np.int8) for _ in range(8)]
    grey = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
    never = str(2**30)
    container: Any = av.open(str(path), "w", format="webm", container_options={"cluster_time_limit": "1000"})
    with container:
        video = container.add_stream("libvpx", rate=FPS, width=WIDTH, height=HEIGHT, time_base=Fraction(1, 1000), bit_rate=2_500_000)
        video.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0", "threads": "2", "g": never, "keyint_min": never}
        audio = container.add_stream("libopus", rate=48_000, layout="mono", bit_rate=64_000)
        heard = 0
        for number in range(FPS * MINUTE_MS // 1000):
            luma = (np.roll(texture, number * 2, axis=1) + grain[number % len(grain)]).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.concatenate([luma, grey]), format="yuv420p")
            frame.pts, frame.time_base = round(number * 1000 / FPS), Fraction(1, 1000)
            if frame.pts % EDGE_MS == 0:
                frame.pict_type = av.video.frame.PictureType.I
            container.mux(video.encode(frame))
            while heard < frame.pts * 48:
                container.mux(audio.encode(tone(heard)))
                heard += 960
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def tone(position: int) -> Any:
    wave = (np.sin((np.arange(960) + position) * 2 * np.pi * 440 / 48_000) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = 48_000, position, Fraction(1, 48_000)
    return frame


def repeat(source: Path, target: Path, times: int) -> None:
    """A finished recording that is `times` as long, its packets copied."""

    def clusters(footage: Footage) -> Iterator[bytes]:
        yield footage.header.prefix
        first = footage.index.first()
        assert first is not None
        minute = list(footage.index.from_here(first))
        for turn in range(times):
            for loaded in minute:
                stamp = ebml.element_bytes(TIMESTAMP, (loaded.cluster.time + turn * MINUTE_MS).to_bytes(8, "big"))
                yield ebml.element_bytes(ebml.CLUSTER, stamp + b"".join(block.data for block in loaded.blocks))

    unfinished = target.with_suffix(".part")
    with (
        Footage(source) as footage,
        unfinished.open("w+b") as file,
        matroska(ChunkReader(clusters(footage)), source.name) as read,
        webm_writer(file, cluster_ms=1000) as writer,
    ):
        tracks = {stream.index: writer.copied(stream) for stream in read.streams}
        for sample in samples(read):
            writer.write_one(moved(sample.packet, tracks[sample.packet.stream_index], sample.time_ms)[1])
    unfinished.replace(target)


def measure(recordings: dict[int, Path], out: Path) -> list[dict[str, Any]]:
    """One row a recording and method: the median over windows that lie all over the recording. Recordings by their minutes."""
    chance = random.Random(2)

    def by_ffmpeg(path: Path, start: int, how: tuple[str, ...]) -> None:
        window = ("-ss", str(start / 1000), "-i", str(path), "-t", str(WINDOW_MS / 1000))
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *window, *how, str(out)], check=True)

    methods: dict[str, tuple[Callable[[Path, int], object], int]] = {
        "Skiuo": (lambda path, start: cut(path, Span(start, start + WINDOW_MS)), FAST_RUNS),
        "ffmpeg -c copy": (lambda path, start: by_ffmpeg(path, start, COPY), FAST_RUNS),
        "ffmpeg, encoded anew": (lambda path, start: by_ffmpeg(path, start, ENCODE), SLOW_RUNS),
    }
    taken: dict[tuple[int, str], list[float]] = {(minutes, name): [] for minutes in recordings for name in methods}
    for n in range(FAST_RUNS):
        for minutes, path in recordings.items():
            start = chance.randrange(0, (minutes * MINUTE_MS - WINDOW_MS) // EDGE_MS + 1) * EDGE_MS
            clip = cut(path, Span(start, start + WINDOW_MS))  # not measured: its bytes come into memory
            assert clip.exact
            assert clip.frames == WINDOW_MS * FPS // 1000
            for name, (work, runs) in methods.items():
                if n < runs:
                    began = time.perf_counter()
                    work(path, start)
                    taken[minutes, name].append((time.perf_counter() - began) * 1000)
    out.unlink()
    return [_row(minutes, name, times, statistics.median(taken[minutes, "Skiuo"]), len(clip.data)) for (minutes, name), times in taken.items()]


def _row(minutes: int, name: str, times: list[float], skiuo: float, size: int) -> dict[str, Any]:
    median = statistics.median(times)
    return {
        "minutes": minutes,
        "method": name,
        "median_ms": round(median, 1),
        "worst_ms": round(max(times), 1),
        "ratio": round(median / skiuo, 2),
        "times_real_time": round(WINDOW_MS / median),
        "clip_mb": round(size / 1e6, 2),
    }


def show(rows: list[dict[str, Any]]) -> None:
    print(f"a window of {WINDOW_MS // 1000} s, {rows[0]['clip_mb']} MB")
    print(f"{'recording':>10}  {'method':22}{'median ms':>10}{'worst ms':>10}{'of Skiuo':>10}{'real time':>11}")
    for row in rows:
        print(f"{row['minutes']:>6} min  {row['method']:22}{row['median_ms']:>10}{row['worst_ms']:>10}{row['ratio']:>9}x{row['times_real_time']:>10}x")
    short, long = (next(r["median_ms"] for r in rows if r["method"] == "Skiuo" and r["minutes"] == m) for m in sorted({r["minutes"] for r in rows}))
    print(f"Skiuo in the long recording takes {long / short:.2f} of what it takes in the short one")


if __name__ == "__main__":
    main()
