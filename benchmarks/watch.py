"""How long the GUI thread of the Watch page is busy without a break, beside the limit of 50 ms: playing, scrubbing, stepping, zooming, opening.

    python benchmarks/watch.py [--seconds N] [--seconds-each N] [--height 720] [--video FILE]

A recording with sound as the recorder makes it, with a text for every second of it, is shown on a real page of a real engine, 1368 by 900. A timer
that wants to fire every millisecond notes how long it had to wait. Each row tells the longest wait, that below which 99 % of all were, the share of
the limit that the longest one took, how many were over it, and the most that the GUI thread itself worked in one of them: the rest of a wait is the
machine's, and the first rows, without the page, tell how much of it there is. Set QT_QPA_PLATFORM to measure on a screen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from _recorded import record
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtMultimedia import QMediaPlayer, QVideoSink
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Recording, RecordingState, Span, Tracks, Usage
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.theme import theme

LIMIT_MS = 50
LENGTH_MS, STRIDE_MS = 2_000, 1_000
TEXT = "The iron goes back into its stand and the **right hand** takes the next switch from the tray. " * 3


class Waits(QObject):
    """Milliseconds between two turns of the event loop that wanted to be 1 ms apart; and of those, what this thread worked."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[float] = []
        self.work: list[float] = []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    @Slot()
    def _turn(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.all.append((now - self._last) * 1000)
        self.work.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked

    def start(self) -> None:
        self.all, self.work = [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._turn()  # what was under way is a wait too
        self._timer.stop()


def run(seconds: float, step: Callable[[int], object] | None = None, per_second: float = 20) -> None:
    """The event loop for so long; `step` is called with 0, 1, 2 … that many times a second."""
    loop, ticker = QEventLoop(), QTimer()
    number = 0

    def tick() -> None:
        nonlocal number
        if step is not None:
            step(number)
        number += 1

    ticker.setTimerType(Qt.TimerType.PreciseTimer)
    ticker.timeout.connect(tick)
    if step is not None:
        ticker.start(round(1000 / per_second))
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    ticker.stop()


def seed(home: Home, seconds: int, height: int, video: Path | None) -> str:
    with Library.open(home) as library:
        recording_id = library.new_recording_id(datetime.now(UTC))
        path, width = home.recordings / f"{recording_id}.webm", height * 16 // 9
        if video is None:
            record(path, seconds=seconds, width=width, height=height)
        else:
            shutil.copy(video, path)
        row = Recording(
            recording_id,
            library.device_id,
            "Soldering",
            str(path),
            "camera:0",
            "Desk camera",
            datetime.now(UTC),
            RecordingState.FINISHED,
            LENGTH_MS,
            STRIDE_MS,
            models=("offline",),
            duration_ms=seconds * 1000,
            frames=seconds * 30,
            bytes=path.stat().st_size,
            width=width,
            height=height,
            fps=30.0,
            video_codec="vp8",
        )
        library.add_recording(row)
        spans = [Span(start, start + LENGTH_MS) for start in range(0, (seconds - 1) * 1000, STRIDE_MS)]
        library.add_windows(recording_id, spans, ["offline"], "en")
        library.save_tracks(recording_id, Tracks(bytes(n * 7 % 100 for n in range(seconds * 10)), bytes(n * 11 % 100 for n in range(seconds))))
        for _ in spans:
            analysis = library.claim(["offline"])
            assert analysis is not None
            library.finish(analysis.id, text=TEXT, usage=Usage(100, 20, 0.0), first_token_ms=200, total_ms=900)
    return recording_id


def measure(page: WatchPage, recording_id: str, video: Path, seconds: int, each: float) -> dict[str, tuple[list[float], list[float]]]:
    waits, found = Waits(), dict[str, tuple[list[float], list[float]]]()

    def row(name: str, step: Callable[[int], object] | None = None, per_second: float = 20, for_s: float = each) -> None:
        waits.start()
        run(for_s, step, per_second)
        waits.stop()
        found[name] = waits.all, waits.work
        run(0.5)

    length, player, timeline = seconds * 1000, page.player, page.stage.timeline
    row("nothing")
    bare, sink = QMediaPlayer(), QVideoSink()
    bare.setVideoSink(sink)
    bare.setSource(QUrl.fromLocalFile(str(video)))
    bare.pause()
    row("a bare player, 15 seeks a second", lambda n: bare.setPosition(n * 7_919 % length), 15)
    bare.setSource(QUrl())

    def opened(number: int) -> None:
        if number == 0:
            page.show_recording(recording_id)

    row("opening", opened, for_s=3)
    assert page.stage.picture.picture is not None
    player.play()
    run(0.5)
    row("playing")
    player.pause()
    row("scrubbing, 20 a second", lambda n: page.seek(n * 7_919 % length))
    row("dragging along, 20 a second", lambda n: page.seek(n * 150 % length))
    page.seek(0)
    run(0.5)
    row("next window, 5 a second", lambda _n: page.next_window(), 5)
    narrative = page.side.narrative
    narrative.setFocus()
    row("Down in the texts, 5 a second", lambda _n: QTest.keyClick(narrative, Qt.Key.Key_Down), 5)
    row("zooming, 20 a second", lambda n: timeline.set_zoom(abs(n % 40 - 20) / 20))
    player.play()
    row("zooming while it plays", lambda n: timeline.set_zoom(abs(n % 40 - 20) / 20))
    player.pause()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of the recording")
    parser.add_argument("--seconds-each", type=float, default=6, help="of each row")
    parser.add_argument("--height", type=int, default=720, help="of the picture, 16:9")
    parser.add_argument("--video", type=Path, help="a WebM of that length and height, instead of making one")
    args = parser.parse_args()
    app = QApplication([])
    theme().install(app, "light", "en")
    with tempfile.TemporaryDirectory(prefix="skiuo-watch-") as root:
        home = Home(Path(root)).prepare()
        recording_id = seed(home, args.seconds, args.height, args.video)
        engine = Engine(home)
        engine.start()
        bridge = Bridge(engine)
        page = WatchPage(bridge)
        page.resize(1368, 900)
        page.show()
        page.activateWindow()
        run(1)
        found = measure(page, recording_id, home.recordings / f"{recording_id}.webm", args.seconds, args.seconds_each)
        page.player.close()
        page.close()
        bridge.close()
        engine.stop()
    print(f"{'GUI thread, ms (' + app.platformName() + ')':36}{'longest':>9}{'99 %':>8}{'of 50 ms':>10}{'over 50':>9}{'work':>8}")
    for name, (waited, work) in found.items():
        longest, over = max(waited), sum(w > LIMIT_MS for w in waited)
        print(f"{name:36}{longest:9.1f}{statistics.quantiles(waited, n=100)[-1]:8.1f}{longest / LIMIT_MS:10.2f}{over:9}{max(work):8.1f}")


if __name__ == "__main__":
    main()
