"""A network camera that goes away in the middle of a recording, and comes back: served on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]


class Camera:
    """Sends JPEGs of a moving bar, 15 a second, to whoever asks, until it is switched off."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server: ThreadingHTTPServer | None = None
        self._off = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream"

    def on(self) -> None:
        off = self._off = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while not off.is_set():
                        picture = np.full((180, 320, 3), 60, np.uint8)
                        picture[:, (number * 5) % 300 : (number * 5) % 300 + 20] = (40, 200, 240)
                        number += 1
                        data = cv2.imencode(".jpg", picture)[1].tobytes()
                        self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data) + data + b"\r\n")
                        time.sleep(1 / 15)
                except OSError:
                    return  # the other side has gone

            def log_message(self, format: str, *args: object) -> None:
                """Not on the test's screen."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def off(self) -> None:
        self._off.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = Camera()
    camera.on()
    yield camera
    camera.off()


def test_a_camera_that_goes_away_is_told_and_taken_up_again_in_the_same_recording(
    window: Window, engine: Engine, camera: Camera, qtbot: QtBot, until: Until
) -> None:
    page = window.record
    until(lambda: page.preview.is_open)
    page.sources.source_chosen.emit(camera.address)
    until(lambda: page.preview.is_open and page.stage.video.has_picture)
    page.stage.transport.record.click()
    until(lambda: page.state.can_stop)
    recording_id = page.state.recording_id
    assert recording_id is not None

    camera.off()
    until(lambda: page.preview.card_is_up)
    card = page.preview._card
    assert "stopped" in card.words
    assert "is safe on your disk" in card.words
    assert card.other.isHidden(), "another source cannot be taken while recording"
    left = page.stage.video.overlays[0]
    assert left is not None
    assert left.warn
    assert page.state.busy

    camera.on()
    card.again.click()
    until(lambda: not page.preview.card_is_up)
    until(lambda: page.stage.video.overlays[0] is not None and page.stage.video.overlays[0].words == "Recording")
    assert page.state.recording_id == recording_id
    page.stage.transport.record.click()
    until(lambda: not page.state.busy)
    row = engine.recording(recording_id).result(timeout=60)
    assert any(notice.kind in ("source_lost", "stalled") for notice in row.notices), row.notices
