"""Recordings to measure on, made like the recorder's: texture and grain that move, a tone, a keyframe every five seconds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

EDGE_MS = 5000
_RATE = 48_000


def record(path: Path, *, seconds: int, width: int = 1280, height: int = 720, fps: int = 30, kbps: int = 2500, sound: bool = True) -> None:
    """Writes a WebM of VP8 and Opus of about `kbps` kbit a second."""
    chance = np.random.default_rng(1)
    texture = np.kron(chance.integers(60, 190, (height // 16 + 1, width // 16 + 1), dtype=np.uint8), np.ones((16, 16), np.uint8))[:height, :width]
    grain = [chance.integers(-6, 7, (height, width), dtype=np.int8) for _ in range(8)]
    grey = np.full((height // 2, width), 128, np.uint8)
    never = str(2**30)
    container: Any = av.open(str(path), "w", format="webm", container_options={"cluster_time_limit": "1000"})
    with container:
        video = container.add_stream("libvpx", rate=fps, width=width, height=height, time_base=Fraction(1, 1000), bit_rate=kbps * 1000)
        video.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0", "threads": "2", "g": never, "keyint_min": never}
        audio = container.add_stream("libopus", rate=_RATE, layout="mono", bit_rate=64_000) if sound else None
        heard, edge = 0, 0
        for number in range(fps * seconds):
            luma = (np.roll(texture, number * 2, axis=1) + grain[number % len(grain)]).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.concatenate([luma, grey]), format="yuv420p")
            frame.pts, frame.time_base = round(number * 1000 / fps), Fraction(1, 1000)
            if frame.pts >= edge:
                frame.pict_type = av.video.frame.PictureType.I
                edge += EDGE_MS
            container.mux(video.encode(frame))
            while audio is not None and heard < frame.pts * _RATE // 1000:
                container.mux(audio.encode(_tone(heard)))
                heard += 960
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))


def _tone(position: int) -> Any:
    wave = (np.sin((np.arange(960) + position) * 2 * np.pi * 440 / _RATE) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, position, Fraction(1, _RATE)
    return frame
