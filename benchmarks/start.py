"""Time from the command to the first painted window, and to a window that can be used, against a bare Qt window.

    python benchmarks/start.py [--rounds N]

Each round starts fresh processes, one after the other, with an empty library. "Usable" is the moment the engine is attached: sources are
listed and Record works. The first round warms the disk cache and is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QLabel
class Label(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.time(), flush=True)
        QApplication.exit(0)
app = QApplication(sys.argv)
label = Label("a bare window")
label.resize(1440, 900)
label.show()
app.exec()
"""

SKIUO = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from skiuo_desktop.home import Home
from skiuo_desktop.ui import app
class Watch(QObject):
    seen = False
    def eventFilter(self, target, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, lambda: print("painted", time.time(), flush=True))
        return False
class Window(app.Window):
    def __init__(self, bridge):
        super().__init__(bridge)
        self._watch = Watch(self)
        self.installEventFilter(self._watch)
        bridge.ready.connect(self._usable)
    def _usable(self):
        print("usable", time.time(), flush=True)
        QTimer.singleShot(0, self.end)
app.Window = Window
import os
os._exit(app.run(Home.default()))
"""


def measure(code: str) -> dict[str, float]:
    """Seconds from the start of the process to each moment that it prints."""
    with tempfile.TemporaryDirectory(prefix="skiuo-bench-") as home:
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "SKIUO_HOME": home}
        began = time.time()
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=True)
    return {name: float(moment) - began for name, moment in (line.split() for line in done.stdout.splitlines() if line.startswith(("painted", "usable")))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    bare, own = [], []
    for _ in range(rounds + 1):
        bare.append(measure(BARE))
        own.append(measure(SKIUO))
    peer = statistics.median(each["painted"] for each in bare[1:])
    rows = [("bare Qt window painted", peer)]
    rows += [(f"Skiuo {name}", statistics.median(each[name] for each in own[1:])) for name in ("painted", "usable")]
    print(f"{'median of ' + str(rounds):32}{'s':>8}{'ratio':>8}")
    for name, value in rows:
        print(f"{name:32}{value:8.2f}{value / peer:8.2f}")


if __name__ == "__main__":
    main()
