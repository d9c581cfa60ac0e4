"""The devices that the capture tests record from: a sound server, network cameras, a screen. Each starts and ends by itself."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from capture.cameras import MjpegCamera, RtspCamera, free_port
from capture.shooting import Shooting, until


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Whatever a test opens must be gone when it has been closed."""
    before = set(threading.enumerate())
    yield
    until(lambda: not set(threading.enumerate()) - before, "threads are left over", show=lambda: set(threading.enumerate()) - before)


@pytest.fixture
def shoot(tmp_path: Path) -> Iterator[Shooting]:
    """Opens feeds and records them; closes what is still open."""
    shooting = Shooting(tmp_path)
    yield shooting
    shooting.close()


def needed(program: str) -> str:
    """A program that these tests cannot do without."""
    path = shutil.which(program)
    assert path, f"{program} is missing: docs/contributing.md names the packages that the tests need"
    return path


class SoundServer:
    """PulseAudio with one null sink, whose monitor is the microphone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        socket = folder / "native"
        self.env = {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder), "PULSE_SERVER": f"unix:{socket}"}
        modules = (f"module-native-protocol-unix socket={socket} auth-anonymous=1", "module-null-sink sink_name=room rate=48000")
        options = ["--daemonize=no", "-n", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        command = [needed("pulseaudio"), *options, *(word for module in modules for word in ("-L", module))]
        self._server = subprocess.Popen(command, env={**os.environ, **self.env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._players: list[subprocess.Popen[bytes]] = []
        until(lambda: self._control("set-default-source", "room.monitor") == 0, "the sound server does not start")

    def _control(self, *words: str) -> int:
        return subprocess.run([needed("pactl"), *words], env={**os.environ, **self.env}, capture_output=True, check=False).returncode

    def play(self, samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
        """Starts playing 48 kHz mono into the room; before the microphone is opened, because the null sink's clock jumps when a player comes."""
        path = self.folder / f"sound{len(self._players)}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48_000)
            file.writeframes(samples.tobytes())
        self._players.append(
            subprocess.Popen([needed("paplay"), "--latency-msec=30", "-d", "room", str(path)], env={**os.environ, **self.env}, stderr=subprocess.DEVNULL)
        )

    def vanish(self) -> None:
        for process in [*self._players, self._server]:
            process.kill()
            process.wait()


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    if os.name != "posix" or shutil.which("sw_vers"):
        pytest.skip("PulseAudio and its null sink exist on Linux only")
    folder = tmp_path / "pulse"
    folder.mkdir()
    server = SoundServer(folder)
    for name, value in server.env.items():
        if name != "HOME":
            monkeypatch.setenv(name, value)
    yield server
    server.vanish()


@pytest.fixture
def no_sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a microphone."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")


@pytest.fixture
def rtsp_camera() -> Iterator[RtspCamera]:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("GStreamer's RTSP server comes with the system's Python on Linux only")
    camera = RtspCamera(free_port())
    yield camera
    camera.off()


@pytest.fixture
def mjpeg_camera() -> Iterator[MjpegCamera]:
    camera = MjpegCamera(free_port())
    yield camera
    camera.off()


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """A screen of 641 x 481 of its own, black; call it with 0xRRGGBB to paint it."""
    if os.name != "posix" or shutil.which("sw_vers"):
        pytest.skip("Xvfb exists on Linux only")
    read, write = os.pipe()
    command = [needed("Xvfb"), "-displayfd", str(write), "-screen", "0", "641x481x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb does not start"
    monkeypatch.setenv("DISPLAY", f":{number}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(f":{number}".encode()))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))

    def paint(colour: int) -> None:
        x11.XSetWindowBackground(display, root, ctypes.c_ulong(colour))
        x11.XClearWindow(display, root)
        x11.XSync(display, 0)

    yield paint
    x11.XCloseDisplay(display)
    server.terminate()
    server.wait()


@pytest.fixture
def ffmpeg() -> Callable[..., None]:
    def run(*words: str) -> None:
        subprocess.run([needed("ffmpeg"), "-v", "error", "-y", *words], check=True, timeout=60)

    return run
