"""The window around the pages: rail, sizes, closing, and the start of the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import SourceError, StorageError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.ui import app as application
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.dialog import Dialog
from skiuo_desktop.ui.widgets.rail import RailItem
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]


def items(window: Window) -> dict[str, RailItem]:
    return {item.text(): item for item in window.rail.findChildren(RailItem)}


def test_the_rail_has_what_there_is_and_nothing_else(window: Window) -> None:
    assert list(items(window)) == ["Record", "Library", "Settings"]


def test_ctrl_and_a_number_lead_to_the_pages(window: Window, qtbot: QtBot, until: Until) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    until(lambda: window.stack.currentWidget() is not window.record)
    assert items(window)["Library"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is window.record


def test_below_1280_it_is_compact_and_fits_its_least_size(window: Window, until: Until) -> None:
    window.resize(1440, 900)
    until(lambda: window.rail.width() == theme().size("rail"))
    assert window.record.side.width() == theme().size("sideRecord")
    assert window.record.stage.video.size().toTuple() == (920, 518)
    window.resize(1000, 640)
    until(lambda: window.rail.width() == theme().size("railCompact"))
    assert window.size().toTuple() == (1000, 640), "something does not fit into the least size"
    assert window.record.side.width() == theme().size("sideRecordCompact")
    until(lambda: window.record.stage.video.size().toTuple() == (592, 333))


def test_the_dot_says_on_every_page_that_something_is_recorded(window: Window, qtbot: QtBot, until: Until) -> None:
    until(lambda: window.record.preview.is_open)
    until(window.record.stage.transport.record.isEnabled)
    qtbot.mouseClick(window.record.stage.transport.record, Qt.MouseButton.LeftButton)
    until(lambda: window.record.state.can_stop)
    assert items(window)["Record"].accessibleDescription() == "recording"
    assert window.windowTitle() == "Recording – Skiuo"


def test_closing_while_recording_asks_and_esc_goes_on(window: Window, engine: Engine, qtbot: QtBot, until: Until) -> None:
    until(lambda: window.record.preview.is_open)
    until(window.record.stage.transport.record.isEnabled)
    qtbot.mouseClick(window.record.stage.transport.record, Qt.MouseButton.LeftButton)
    until(lambda: window.record.state.can_stop)
    window.close()
    dialog = window.findChild(Dialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.keep_button.hasFocus(), "the safe answer is the one that Enter gives"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert window.record.state.busy
    window.close()
    asked = window._asking
    assert asked is not None
    with qtbot.waitSignal(window.closing):
        qtbot.mouseClick(asked.verb_button, Qt.MouseButton.LeftButton)


def test_an_error_without_a_place_is_told_in_passing(window: Window, bridge: Bridge) -> None:
    bridge.failed.emit(SourceError("The camera is used by another program."))
    assert window.toast.isVisible()
    assert window.toast.words == "The camera is used by another program."


def test_a_library_that_cannot_be_opened_is_told_and_tried_again(qapp: QApplication, qtbot: QtBot, home: Home, until: Until) -> None:
    home.database.mkdir()
    bridge = Bridge()
    window = Window(bridge)
    qtbot.addWidget(window)
    window.show()
    running = application.Application(home, window, bridge)
    running.start()
    until(lambda: window.stack.currentWidget() is window._failed)
    assert isinstance(running.failure, StorageError)
    home.database.rmdir()
    window._failed.again.emit()
    until(lambda: bridge.is_ready)
    assert window.stack.currentWidget() is window.record
    with qtbot.waitSignal(running.finished, timeout=60_000):
        window.end()
    assert not window.isVisible()


@pytest.mark.parametrize(("setting", "expected"), [("en", "en"), ("zh", "zh")])
def test_the_language_that_was_chosen_is_taken(setting: str, expected: str) -> None:
    assert application.interface_language(setting) == expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there Qt ends the process when there is no screen")
def test_without_a_screen_one_sentence_and_no_abort(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="no screen"):
        application.run(home)


@pytest.mark.skipif(os.name == "nt", reason="a console's Ctrl+C cannot be sent to one process there")
def test_ctrl_c_ends_the_program_and_the_recording_cleanly(home: Home) -> None:
    s.Settings(home.settings).change({s.SOURCE.key: "test:320x180@15", s.MICROPHONE.key: "none", s.KEEP_FREE.key: 50})
    script = (
        "import sys\n"
        "from skiuo_desktop.home import Home\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from skiuo_desktop.ui import app, window\n"
        "class W(window.Window):\n"
        "    def __init__(self, bridge):\n"
        "        super().__init__(bridge)\n"
        "        self.poll = QTimer(self, interval=50)\n"
        "        self.poll.timeout.connect(self.go)\n"
        "        self.poll.start()\n"
        "    def go(self):\n"
        "        state, button = self.record.state, self.record.stage.transport.record\n"
        "        if not state.busy and button.isEnabled():\n"
        "            button.click()\n"
        "        elif state.progress is not None and state.elapsed_ms > 1500:\n"
        "            self.poll.stop()\n"
        "            print('recording', flush=True)\n"
        "app.Window = W\n"
        "sys.exit(app.run(Home(Path(sys.argv[1])).prepare()))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(home.root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "recording\n"
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 0, errors
    assert "Traceback" not in errors
    engine = Engine(home)
    engine.start()
    try:
        rows = engine.recordings().result(timeout=60)
        assert [row.state.value for row in rows] == ["finished"]
        assert rows[0].duration_ms > 1_000
        assert not engine.repaired().result(timeout=60), "the file had to be repaired"
    finally:
        engine.stop()


def test_the_window_is_there_before_the_engine(home: Home, qtbot: QtBot, tmp_path: Path) -> None:
    """Nothing large may be loaded until the window has been painted."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from skiuo_desktop.home import Home\n"
        "from skiuo_desktop.ui import app, window\n"
        "class W(window.Window):\n"
        "    painted = False\n"
        "    def paintEvent(self, event):\n"
        "        super().paintEvent(event)\n"
        "        if not W.painted:\n"
        "            W.painted = True\n"
        "            print(sorted({'cv2', 'av', 'numpy', 'sqlalchemy', 'sounddevice'} & set(sys.modules)), flush=True)\n"
        "            QTimer.singleShot(0, self.end)\n"
        "app.Window = W\n"
        "sys.exit(app.run(Home(Path(sys.argv[1])).prepare()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home.root)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n", f"loaded before the first paint: {done.stdout}"
