"""From a piece of text received to its pixels painted, beside the limit of 50 ms and a bare label fed by a queued signal.

    python benchmarks/stream.py [--pieces N] [--windows N]

Text arrives on a thread of its own, 30 pieces a second, as the engine publishes it; the narrative has N finished windows already. The time of
a piece ends when the paint event that shows it is over. The longest time that the GUI thread was busy without a break is told too.

In the last row the time begins earlier: a server on loopback, a process of its own, writes each piece to the socket of a request that a
real engine made about a real recording, so the `openai` provider, the engine's loop and its writes to the library are in it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Protocol

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from _loopback import Loopback, piece
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import AnalysisEnded, AnalysisStarted, AnalysisText, Event, Publisher, RecordingSaved, WindowChanged
from skiuo_desktop.home import Home
from skiuo_desktop.model import FREE, Analysis, AnalysisState, ModelConfig, Span, Usage, Window, WindowState
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative import NarrativeView

PER_SECOND = 30
LENGTH_MS, STRIDE_MS = 2_000, 1_000
"""Of the windows of the real recording: short, so that many are made quickly."""
RECORDING = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-bench0")
WORDS = ["The", "iron", "goes", "back", "into", "its", "stand", "and", "the", "right", "hand", "takes", "the", "next", "switch", "from", "the", "tray", "."]


class Said(QObject):
    """What an engine has of interest to the bridge."""

    def __init__(self) -> None:
        super().__init__()
        self.publisher = Publisher()


class Painted(QObject):
    """Notes when a paint of `target` ends, and how far the text had come by then."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self.shown = 0  # pieces handed to the widget
        self.times: dict[int, float] = {}
        self._noted = 0
        target.installEventFilter(self)

    def eventFilter(self, _target: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._note)
        return False

    @Slot()
    def _note(self) -> None:
        now = time.perf_counter()
        for number in range(self._noted, self.shown):
            self.times[number] = now
        self._noted = self.shown


class Feeding(Protocol):
    """What hands over pieces. `sent`: when each of them went out, known at the latest when it is not alive any more."""

    sent: list[float]

    def start(self) -> None: ...

    def is_alive(self) -> bool: ...


class Feeder(threading.Thread):
    def __init__(self, pieces: int, send: object) -> None:
        super().__init__(daemon=True)
        self.sent: list[float] = []
        self._pieces, self._send = pieces, send

    def run(self) -> None:
        began = time.perf_counter()
        for number in range(self._pieces):
            time.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            self.sent.append(time.perf_counter())
            self._send(number)  # type: ignore[operator]


class Busy(QObject):
    """The longest time between two turns of the event loop that wanted to be 1 ms apart."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    @Slot()
    def _turn(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def analysis(index: int, state: AnalysisState, text: str) -> Analysis:
    span = Span(index * 10_000, index * 10_000 + 15_000)
    return Analysis(index + 1, index + 1, RECORDING, index, span, "offline", 1, state, text, usage=Usage(cost=0.0), first_token_ms=900, total_ms=2100)


def window(index: int, state: WindowState, text: str) -> Window:
    done = analysis(index, AnalysisState.DONE if state is WindowState.DONE else AnalysisState.RUNNING, text)
    return Window(index + 1, RECORDING, index, done.span, state, analyses=(done,))


def drive(app: QApplication, feeder: Feeding, painted: Painted) -> tuple[list[float], float]:
    """Runs to the end; (milliseconds of each piece, longest busy time in ms)."""
    busy = Busy()
    feeder.start()
    while feeder.is_alive() or len(painted.times) < len(feeder.sent):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.0005)
    return [(painted.times[n] - sent) * 1000 for n, sent in enumerate(feeder.sent)], busy.longest * 1000


class Receiver(QObject):
    """Shows what the bridge brings. `lengths`: of the text up to the end of each piece; None: each event of text is a piece."""

    def __init__(self, bridge: Bridge, view: NarrativeView, lengths: Sequence[int] | None = None) -> None:
        super().__init__()
        self.painted = Painted(view.viewport())
        self._view = view
        self._lengths = lengths
        bridge.event.connect(self.take)

    @Slot(object)
    def take(self, event: Event) -> None:
        self._view.apply(event)
        if isinstance(event, AnalysisText):
            self.painted.shown = self.painted.shown + 1 if self._lengths is None else bisect_right(self._lengths, event.position + len(event.delta))


def narrative(app: QApplication, pieces: int, windows: int) -> tuple[list[float], float]:
    said, bridge = Said(), Bridge()
    bridge.attach(said)  # type: ignore[arg-type]
    view = NarrativeView()
    view.resize(400, 760)
    view.set_recording(RECORDING, [window(n, WindowState.DONE, " ".join(WORDS * 2)) for n in range(windows)], length_ms=15_000, stride_ms=10_000)
    view.show()
    app.processEvents()
    receiver = Receiver(bridge, view)
    said.publisher.publish(WindowChanged(window(windows, WindowState.ANALYSING, "")))
    said.publisher.publish(AnalysisStarted(analysis(windows, AnalysisState.RUNNING, "")))
    position = 0

    def send(number: int) -> None:
        nonlocal position
        word = WORDS[number % len(WORDS)] + " "
        said.publisher.publish(AnalysisText(windows + 1, windows + 1, RECORDING, windows, position, word))
        position += len(word)

    result = drive(app, Feeder(pieces, send), receiver.painted)
    bridge.close()
    view.deleteLater()
    return result


class Asked:
    """A model at a server on loopback that is asked about one window of a recording."""

    def __init__(self, engine: Engine, server: Loopback, window: Window) -> None:
        self.sent: list[float] = []
        self._engine, self._server, self._window = engine, server, window
        self._over = threading.Event()
        engine.publisher.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, AnalysisEnded) and event.analysis.window_id == self._window.id:
            assert event.analysis.state is AnalysisState.DONE, event.analysis.failure
            self.sent += self._server.noted().written
            self._over.set()

    def start(self) -> None:
        assert self._engine.analyse(self._window.recording_id, ("loopback",), window_index=self._window.index).result(20) == 1

    def is_alive(self) -> bool:
        return not self._over.is_set()

    def wait(self) -> None:
        assert self._over.wait(60)


def from_the_socket(app: QApplication, pieces: int, windows: int) -> tuple[list[float], float]:
    """The last window of a real recording is asked about; those before it are shown as finished."""
    with tempfile.TemporaryDirectory(prefix="skiuo-stream-") as root, Loopback(pieces=3) as short, Loopback(pieces=pieces, per_second=PER_SECOND) as server:
        engine = Engine(Home(Path(root)))
        engine.start()
        try:
            *before, last = _recorded(engine, windows + 1)
            model = ModelConfig("loopback", "openai", "m", short.openai_url, preset="vllm", delivery="frames", price=FREE)
            engine.add_model(model).result(20)
            warm = Asked(engine, short, before[0])  # loads what is loaded when it is first needed
            warm.start()
            warm.wait()
            engine.change_model("loopback", base_url=server.openai_url).result(20)
            bridge, view = Bridge(), NarrativeView()
            view.resize(400, 760)
            view.set_recording(last.recording_id, [*map(_done, before), last], length_ms=LENGTH_MS, stride_ms=STRIDE_MS)
            view.show()
            app.processEvents()
            receiver = Receiver(bridge, view, list(accumulate(len(piece(n)) for n in range(pieces))))
            bridge.attach(engine)
            result = drive(app, Asked(engine, server, last), receiver.painted)
            bridge.detach()
            bridge.close()
            view.deleteLater()
            return result
        finally:
            engine.stop()


def _recorded(engine: Engine, windows: int) -> tuple[Window, ...]:
    """The windows of a recording of the test pattern, of which nobody was asked."""
    engine.settings.change({s.WINDOW_LENGTH.key: LENGTH_MS, s.WINDOW_STRIDE.key: STRIDE_MS})
    saved = threading.Event()
    engine.publisher.subscribe(lambda event: saved.set() if isinstance(event, RecordingSaved) else None)
    engine.open_source("test:320x180@5", "none", "max").result(20)
    recording_id = engine.start_recording("A take", (), (windows - 1) * STRIDE_MS + LENGTH_MS).result(20)
    assert saved.wait(120)
    engine.close_source().result(20)
    return engine.recording(recording_id).result(20).windows


def _done(asked: Window) -> Window:
    made = analysis(asked.index, AnalysisState.DONE, " ".join(WORDS * 2))
    return replace(asked, state=WindowState.DONE, analyses=(replace(made, window_id=asked.id, recording_id=asked.recording_id, span=asked.span),))


class Label(QLabel):
    more = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.resize(400, 760)
        self.painted = Painted(self)
        self.more.connect(self.take, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def take(self, word: str) -> None:
        self.setText(self.text() + word)
        self.painted.shown += 1


def bare(app: QApplication, pieces: int) -> tuple[list[float], float]:
    label = Label()
    label.show()
    app.processEvents()
    result = drive(app, Feeder(pieces, lambda n: label.more.emit(WORDS[n % len(WORDS)] + " ")), label.painted)
    label.deleteLater()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=300)
    parser.add_argument("--windows", type=int, default=200)
    args = parser.parse_args()
    app = QApplication([])
    theme().install(app, "light", "en")
    print(f"{'text received to painted, ms':36}{'median':>8}{'95 %':>8}{'max':>8}{'of 50 ms':>10}{'GUI busy':>10}")
    for name, (times, longest) in {
        "bare label": bare(app, args.pieces),
        f"narrative of {args.windows} windows": narrative(app, args.pieces, args.windows),
        "narrative of 3000 windows": narrative(app, args.pieces, 3000),
        f"from the socket, {args.windows} windows": from_the_socket(app, args.pieces, args.windows),
    }.items():
        ninety_five = statistics.quantiles(times, n=20)[-1]
        print(f"{name:36}{statistics.median(times):8.1f}{ninety_five:8.1f}{max(times):8.1f}{ninety_five / 50:10.2f}{longest:10.1f}")


if __name__ == "__main__":
    main()
