"""From a piece of text received to its pixels painted, beside the limit of 50 ms and a bare label fed by a queued signal.

    python benchmarks/stream.py [--pieces N] [--windows N]

Text arrives on a thread of its own, 30 pieces a second, as the engine publishes it; the narrative has N finished windows already. The time of
a piece ends when the paint event that shows it is over. The longest time that the GUI thread was busy without a break is told too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from datetime import UTC, datetime

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from skiuo_desktop.events import AnalysisStarted, AnalysisText, Event, Publisher, WindowChanged
from skiuo_desktop.model import Analysis, AnalysisState, Span, Usage, Window, WindowState
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative import NarrativeView

PER_SECOND = 30
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
        for piece in range(self._noted, self.shown):
            self.times[piece] = now
        self._noted = self.shown


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


def drive(app: QApplication, feeder: Feeder, painted: Painted) -> tuple[list[float], float]:
    """Runs to the end; (milliseconds of each piece, longest busy time in ms)."""
    busy = Busy()
    feeder.start()
    while feeder.is_alive() or len(painted.times) < len(feeder.sent):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.0005)
    return [(painted.times[n] - sent) * 1000 for n, sent in enumerate(feeder.sent)], busy.longest * 1000


def narrative(app: QApplication, pieces: int, windows: int) -> tuple[list[float], float]:
    said, bridge = Said(), Bridge()
    bridge.attach(said)  # type: ignore[arg-type]
    view = NarrativeView()
    view.resize(400, 760)
    view.set_recording(RECORDING, [window(n, WindowState.DONE, " ".join(WORDS * 2)) for n in range(windows)], length_ms=15_000, stride_ms=10_000)
    view.show()
    app.processEvents()
    painted = Painted(view.viewport())

    class Receiver(QObject):
        @Slot(object)
        def take(self, event: Event) -> None:
            view.apply(event)
            if isinstance(event, AnalysisText):
                painted.shown += 1

    receiver = Receiver()
    bridge.event.connect(receiver.take)
    said.publisher.publish(WindowChanged(window(windows, WindowState.ANALYSING, "")))
    said.publisher.publish(AnalysisStarted(analysis(windows, AnalysisState.RUNNING, "")))
    position = 0

    def send(number: int) -> None:
        nonlocal position
        word = WORDS[number % len(WORDS)] + " "
        said.publisher.publish(AnalysisText(windows + 1, windows + 1, RECORDING, windows, position, word))
        position += len(word)

    result = drive(app, Feeder(pieces, send), painted)
    bridge.close()
    view.deleteLater()
    return result


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
    }.items():
        ninety_five = statistics.quantiles(times, n=20)[-1]
        print(f"{name:36}{statistics.median(times):8.1f}{ninety_five:8.1f}{max(times):8.1f}{ninety_five / 50:10.2f}{longest:10.1f}")


if __name__ == "__main__":
    main()
