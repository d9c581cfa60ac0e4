"""What recording costs: Skiuo's whole capture of 720p30 against libvpx encoding the same frames and nothing else.

    python benchmarks/capture.py [--seconds N] [--rounds N]

Both run at the pace of the clock, in a process of their own, in turns. The peer is the least there can be: a loop that gives
the same I420 frames to the same encoder with the same options, without queue, sound, preview or progress. What it takes to draw
the frames is counted for neither. CPU is user and system time of the process; bytes written are what the kernel sent to the disk for it.
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
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, FPS, KBPS, EDGE_MS = 1280, 720, 30, 2_500, 5_000


def cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


def physically_written() -> int | None:
    """Bytes that this process has caused to be sent to the storage; None where the system does not tell."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


class Drawing:
    """What drawing costs, to be left out: the time that its thread had the processor."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            before = time.thread_time()
            picture = draw(*args)
            self.seconds += time.thread_time() - before
            return picture

        return timed


def skiuo(folder: Path, seconds: int, sound: bool) -> dict[str, Any]:
    from skiuo_desktop.capture.feed import Feed
    from skiuo_desktop.capture.recorder import Recorder, RecorderOptions
    from skiuo_desktop.capture.sources import Wanted, parse_source
    from skiuo_desktop.capture.test import Pattern

    drawing = Drawing()
    Pattern.draw = drawing(Pattern.draw)  # type: ignore[method-assign]
    feed = Feed(
        parse_source(f"test:{HEIGHT}p{FPS}"), wanted=Wanted(WIDTH, HEIGHT, FPS), microphone="default" if sound else "none", speed="real", publish=lambda _: None
    )
    feed.open()
    preview = threading.Event()

    def look() -> None:
        while not preview.wait(1 / FPS):
            assert feed.latest is not None

    threading.Thread(target=look, daemon=True).start()
    options = RecorderOptions("vp8", KBPS, 64, EDGE_MS, 0, seconds * 1000)
    recorder = Recorder(feed, folder / "skiuo.webm", "benchmark", options, lambda _: None)
    cpu, disk = cpu_seconds() - drawing.seconds, physically_written()
    recorder.start()
    stopped = recorder.wait(seconds + 60)
    assert stopped is not None, "the recording did not end"
    cpu, after = cpu_seconds() - drawing.seconds - cpu, physically_written()
    preview.set()
    feed.close()
    written = after - disk if after is not None and disk is not None else None
    first = first_number(folder / "skiuo.webm")
    return {"cpu": cpu, "frames": stopped.frames, "dropped": stopped.dropped_frames, "bytes": stopped.bytes, "written": written, "first": first}


def first_number(path: Path) -> int:
    """The number in the first frame of a recorded pattern."""
    import av

    from skiuo_desktop.capture.test import read_back

    with av.open(str(path)) as container:
        seen = read_back(next(container.decode(video=0)).to_ndarray())
    assert seen is not None, "the first frame cannot be read back"
    return seen[0]


def libvpx(folder: Path, seconds: int, first: int) -> dict[str, Any]:
    import av
    from av.video.frame import PictureType

    from skiuo_desktop.capture.test import Pattern
    from skiuo_desktop.capture.writer import ENCODERS, threads

    pattern = Pattern(WIDTH, HEIGHT)
    drawing = Drawing()
    draw = drawing(pattern.draw)
    container: Any = av.open(str(folder / "libvpx.webm"), "w", format="webm")
    stream = container.add_stream(ENCODERS["vp8"][0], rate=FPS, options={**ENCODERS["vp8"][1], "threads": str(threads("vp8", WIDTH, HEIGHT, FPS))})
    stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", KBPS * 1000
    stream.codec_context.time_base = Fraction(1, 1000)
    disk, cpu, start = physically_written(), cpu_seconds(), time.monotonic()
    for n in range(seconds * FPS):
        time.sleep(max(0.0, start + n / FPS - time.monotonic()))
        picture = draw(first + n, (first + n) * 1000 // FPS)
        frame = av.VideoFrame.from_numpy_buffer(picture, format="yuv420p")
        frame.pts, frame.time_base, frame.duration = round(n * 1000 / FPS), Fraction(1, 1000), round(1000 / FPS)
        if n % (EDGE_MS * FPS // 1000) == 0:
            frame.pict_type = PictureType.I
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
    container.close()
    cpu, after = cpu_seconds() - cpu - drawing.seconds, physically_written()
    size = (folder / "libvpx.webm").stat().st_size
    return {"cpu": cpu, "frames": seconds * FPS, "dropped": 0, "bytes": size, "written": after - disk if after is not None and disk is not None else None}


def measure(what: str, seconds: int, first: int = 0) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--only", what, "--seconds", str(seconds), "--first", str(first), "--folder", folder],
            check=True,
            capture_output=True,
            text=True,
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of each recording")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--only", choices=("libvpx", "skiuo", "skiuo with sound"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only == "libvpx":
        print(json.dumps(libvpx(args.folder, args.seconds, args.first)))
        return
    if args.only:
        print(json.dumps(skiuo(args.folder, args.seconds, args.only == "skiuo with sound")))
        return
    names = ("libvpx", "skiuo", "skiuo with sound")
    rounds: list[dict[str, dict[str, Any]]] = []
    for _ in range(args.rounds):
        recorded = measure("skiuo", args.seconds)
        peer = measure("libvpx", args.seconds, recorded["first"])
        rounds.append({"skiuo": recorded, "libvpx": peer, "skiuo with sound": measure("skiuo with sound", args.seconds)})
    print("Opus and the sound are no part of the peer: the last line says what they add.")
    print(f"720p{FPS}, {args.seconds} s, median of {args.rounds} rounds in turns, {os.cpu_count()} cores")
    print(f"{'':18}{'CPU s per s':>14}{'ratio':>9}{'frames':>9}{'dropped':>9}{'bytes':>13}{'written per byte':>19}")
    for name in names:
        runs = [one[name] for one in rounds]
        ratio = statistics.median(one[name]["cpu"] / one["libvpx"]["cpu"] for one in rounds)
        written = [run["written"] / run["bytes"] for run in runs if run["written"] is not None]
        shown = f"{statistics.median(written):.2f}" if written else "unknown"
        cpu = statistics.median(run["cpu"] for run in runs) / args.seconds
        print(f"{name:18}{cpu:>14.3f}{ratio:>9.2f}{runs[-1]['frames']:>9}{max(run['dropped'] for run in runs):>9}{runs[-1]['bytes']:>13}{shown:>19}")


if __name__ == "__main__":
    main()
