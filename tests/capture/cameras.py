"""Network cameras on loopback: one that speaks RTSP, one that serves MJPEG over HTTP. Both can be turned off, stuck and on again."""

from __future__ import annotations

import base64
import http.server
import os
import signal
import socket
import subprocess
import threading

import cv2
import numpy as np

USER, PASSWORD = "warden", "geheim-77x"
RTSP_SERVER = """
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(service=sys.argv[1], address="127.0.0.1")
auth = GstRtspServer.RTSPAuth()
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "user")
auth.add_basic(GstRtspServer.RTSPAuth.make_basic(sys.argv[2], sys.argv[3]), token)
server.set_auth(auth)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26 )")
factory.set_shared(True)
roles = GstRtspServer.RTSPPermissions()
roles.add_permission_for_role("user", "media.factory.access", True)
roles.add_permission_for_role("user", "media.factory.construct", True)
factory.set_permissions(roles)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RtspCamera:
    """320 x 240 at 15 frames a second, for one user with a password."""

    def __init__(self, port: int) -> None:
        self.url = f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}/cam"
        self._port = port
        self._process: subprocess.Popen[str] | None = None
        self.on()

    def on(self) -> None:
        command = ["/usr/bin/python3", "-c", RTSP_SERVER, str(self._port), USER, PASSWORD]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "the RTSP server does not start: docs/contributing.md names the packages that the tests need"

    def freeze(self) -> None:
        """It keeps its connections and sends nothing more."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def off(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


class MjpegCamera:
    """`size` at 20 frames a second, for one user with a password."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{USER}:{PASSWORD}@127.0.0.1:{port}/stream?channel=1&token=abc-secret"
        self.size = (320, 240)
        self._port = port
        self._server: http.server.ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._off = threading.Event()
        self.on()

    def on(self) -> None:
        camera = self
        self._off.clear()
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.headers.get("Authorization") != expected:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while not camera._off.wait(0.05):
                        number += 1
                        self.wfile.write(camera._picture(number))
                except OSError:
                    return  # whoever watched has gone

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def _picture(self, number: int) -> bytes:
        image = np.full((self.size[1], self.size[0], 3), 60, np.uint8)
        cv2.circle(image, (number * 4 % self.size[0], self.size[1] // 2), 20, (255, 255, 255), -1)
        data = cv2.imencode(".jpg", image)[1].tobytes()
        return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + str(len(data)).encode() + b"\r\n\r\n" + data + b"\r\n"

    def off(self) -> None:
        """Ends every connection; nobody answers any more."""
        self._off.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None
