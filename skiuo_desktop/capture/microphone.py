"""Microphones and line inputs, through PortAudio (`sounddevice`)."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.capture.frames import SOUND_RATE, AudioBlock
from skiuo_desktop.capture.sample_clock import SampleClock
from skiuo_desktop.errors import AudioError

log = logging.getLogger(__name__)

QUEUE_BLOCKS = 500
"""Some seconds between the device's thread and ours. When it is full the newest block is dropped: the recording has silence there."""
LOST_AFTER_S = 2.0
"""A device that works sends silence when it is silent; one that sends nothing is gone."""
CLOSE_S = 2.0
LATENCY_S = 0.2
"""The buffer asked of the driver: what we may be late by without a loss."""

_portaudio_lock = threading.Lock()
_open_streams = 0


@dataclass(frozen=True, slots=True)
class FoundMicrophone:
    """`name` chooses it, `label` is for people; `default` marks the one that the system prefers."""

    name: str
    label: str
    default: bool


def list_microphones() -> list[FoundMicrophone]:
    """The inputs found now. Empty where there is no sound at all; never raises."""
    try:
        with _portaudio_lock:
            sound = _portaudio()
            default = _default_input(sound)
            return [FoundMicrophone(name, name, index == default) for index, name in _inputs(sound)]
    except AudioError as error:
        log.warning("%s", error)
        return []


def _portaudio() -> Any:
    """The module, with its list of devices as fresh as can be. `_portaudio_lock` is held."""
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        hint = "install it with `sudo apt install libportaudio2` (or your system's package)" if sys.platform == "linux" else "install the program again"
        raise AudioError(f"Sound needs the PortAudio library, which is missing: {hint}.") from error
    try:
        if _open_streams == 0:
            # PortAudio looks for devices only when it starts.
            sounddevice._terminate()
            sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise AudioError(f"The system's sound does not work: {_reason(error)}.") from error
    return sounddevice


def _inputs(sound: Any) -> list[tuple[int, str]]:
    """(index, name) of the inputs of the system's main sound interface: the others list the same devices again."""
    try:
        interface = sound.query_hostapis(sound.default.hostapi)
        devices = [(index, sound.query_devices(index)) for index in interface["devices"]]
    except (sound.PortAudioError, ValueError) as error:
        log.info("no sound interface: %s", error)
        return []
    return [(index, str(device["name"])) for index, device in devices if device["max_input_channels"] > 0]


def _default_input(sound: Any) -> int:
    try:
        return int(sound.query_hostapis(sound.default.hostapi)["default_input_device"])
    except (sound.PortAudioError, ValueError):
        return -1


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


class Microphone:
    """An open input. `got` is called with 48 kHz mono blocks and `lost` once if the device goes away, on a thread of its own.

    Raises AudioError when it cannot be opened.
    """

    channels = 1

    def __init__(self, name: str, got: Callable[[AudioBlock], None], lost: Callable[[AudioError], None]) -> None:
        self.lost = False
        self.dropped_blocks = 0
        self._got = got
        self._tell_lost = lost
        self._closing = threading.Event()
        # (samples, age of the first by the driver, arrival in monotonic ns)
        self._blocks: queue.Queue[tuple[NDArray[np.int16], float, int]] = queue.Queue(QUEUE_BLOCKS)
        self._label, self._rate, self._stream = self._open(name)
        self._clock = SampleClock(self._rate)
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE) if self._rate != SOUND_RATE else None
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Lets go of the device. One that is stuck in its driver is left behind."""
        self._closing.set()
        if self._thread is not threading.current_thread():
            self._thread.join(CLOSE_S)
            if self._thread.is_alive():
                log.warning("%s is stuck and has been left behind", self._label)

    def _open(self, name: str) -> tuple[str, int, Any]:
        global _open_streams  # noqa: PLW0603 - PortAudio itself is one for the whole process
        with _portaudio_lock:
            sound = _portaudio()
            index, label = _choose(sound, name)
            try:
                rate = SOUND_RATE
                try:
                    sound.check_input_settings(device=index, channels=1, dtype="int16", samplerate=rate)
                except sound.PortAudioError:
                    rate = int(sound.query_devices(index)["default_samplerate"])
                stream = sound.InputStream(device=index, channels=1, dtype="int16", samplerate=rate, latency=LATENCY_S, callback=self._arrived)
                stream.start()
            except (sound.PortAudioError, ValueError) as error:
                raise AudioError(f"{label} cannot be used: {_reason(error)}.") from error
            _open_streams += 1
            return label, rate, stream

    def _arrived(self, data: NDArray[np.int16], frames: int, times: Any, status: Any) -> None:
        """Called by PortAudio on its own thread: takes a copy and returns."""
        try:
            self._blocks.put_nowait((data[:, 0].copy(), times.currentTime - times.inputBufferAdcTime, time.monotonic_ns()))
        except queue.Full:
            self.dropped_blocks += 1

    def _run(self) -> None:
        try:
            self._listen()
        finally:
            self._close_stream()

    def _listen(self) -> None:
        heard_ns = time.monotonic_ns()
        while not self._closing.is_set():
            try:
                samples, age_s, arrived_ns = self._blocks.get(timeout=0.2)
            except queue.Empty:
                if self._stream.active and time.monotonic_ns() - heard_ns < LOST_AFTER_S * 1e9:
                    continue
                self.lost = True
                self._tell_lost(AudioError(f"{self._label} sends no sound any more. Is it still plugged in?"))
                return
            heard_ns = time.monotonic_ns()
            time_ns = self._clock.time_ns(len(samples), age_s, arrived_ns)
            resampled = samples if self._resampler is None else self._resample(samples)
            if len(resampled):
                self._got(AudioBlock(resampled.reshape(-1, 1), SOUND_RATE, time_ns))

    def _resample(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        pieces = [piece.to_ndarray().reshape(-1) for piece in self._resampler.resample(frame)] if self._resampler is not None else []
        return np.concatenate(pieces).astype(np.int16) if pieces else np.zeros(0, dtype=np.int16)

    def _close_stream(self) -> None:
        global _open_streams  # noqa: PLW0603
        try:
            self._stream.close(ignore_errors=True)
        finally:
            with _portaudio_lock:
                _open_streams -= 1


def _choose(sound: Any, name: str) -> tuple[int, str]:
    """(index, label) of the chosen input."""
    inputs = dict(_inputs(sound))
    if not inputs:
        raise AudioError("No microphone was found. The recording has no sound.")
    if name == "default":
        default = _default_input(sound)
        return (default, inputs[default]) if default in inputs else next(iter(inputs.items()))
    for index, found in inputs.items():
        if found == name:
            return index, found
    raise AudioError(f"The microphone {name!r} is not there. The recording has no sound.")
