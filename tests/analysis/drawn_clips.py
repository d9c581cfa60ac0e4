"""Clips for the tests of this room: frames drawn with real fonts, encoded to WebM, and questions about them."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, Provider, ProviderEvent, Sent, TextDelta
from skiuo_desktop.model import Span

Frame = NDArray[np.uint8]
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # which of the fonts in the file
RATE = 16_000


def screen(*lines: str, width: int = 960, height: int = 540, size: int = 26, dark: bool = True) -> Frame:
    """A screen with these lines of text, BGR."""
    if not FONT.exists():
        pytest.fail(f"{FONT} is missing: install the Debian package fonts-noto-cjk")
    back, ink = ("#16181d", "#dfe3ea") if dark else ("#fbfbf8", "#1b1b19")
    image = Image.new("RGB", (width, height), back)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), size, index=SIMPLIFIED)
    for row, line in enumerate(lines):
        draw.text((width // 16, height // 12 + row * round(size * 1.8)), line, font=font, fill=ink)
    return np.asarray(image)[:, :, ::-1].copy()


def with_disc(frame: Frame, number: int) -> Frame:
    """The frame with a disc as large as a hand that wanders to the right."""
    moved = frame.copy()
    height, width = frame.shape[:2]
    y, x = np.ogrid[:height, :width]
    moved[(x - (100 + 25 * number) % width) ** 2 + (y - height * 3 // 4) ** 2 < (height // 10) ** 2] = (120, 160, 220)
    return moved


def speech(text: str, voice: str) -> NDArray[np.float32]:
    """Spoken by espeak-ng: mono samples at RATE."""
    if shutil.which("espeak-ng") is None:
        pytest.fail("espeak-ng is missing: install the Debian package espeak-ng")
    wave = subprocess.run(["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True, timeout=120).stdout
    start = wave.index(b"data") + 8
    samples = np.frombuffer(wave[start : start + (len(wave) - start) // 2 * 2], "<i2").astype(np.float32) / 32768
    count = len(samples) * RATE // 22_050
    return np.interp(np.arange(count) * 22_050 / RATE, np.arange(len(samples)), samples).astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), np.float32)


def tone(seconds: float, hertz: float = 440.0) -> NDArray[np.float32]:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def webm(frames: Iterable[Frame], fps: int = 10, sound: NDArray[np.float32] | None = None, keyframe_every: int = 50) -> bytes:
    """The frames as VP8 and the sound as Opus, from time 0."""
    made = BytesIO()
    with av.open(made, "w", format="webm") as container:
        picture = container.add_stream("libvpx", rate=fps, options={"deadline": "realtime", "cpu-used": "8"})
        picture.pix_fmt, picture.bit_rate, picture.gop_size = "yuv420p", 2_500_000, keyframe_every
        picture.codec_context.thread_count = 1  # more only wait for each other in pictures as small as these
        voice = container.add_stream("libopus", rate=48_000, layout="mono") if sound is not None else None
        for number, frame in enumerate(frames):
            if number == 0:
                picture.height, picture.width = frame.shape[:2]
            drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="bgr24")
            drawn.pts = number
            container.mux(picture.encode(drawn))
        container.mux(picture.encode())
        if voice is not None and sound is not None:
            heard = np.interp(np.arange(len(sound) * 3) / 3, np.arange(len(sound)), sound)
            for start in range(0, len(heard) - 959, 960):
                block = av.AudioFrame.from_ndarray((heard[start : start + 960] * 32767).astype(np.int16)[None], format="s16", layout="mono")
                block.rate, block.pts = 48_000, start
                container.mux(voice.encode(block))
            container.mux(voice.encode())
    return made.getvalue()


@dataclass
class DrawnClip:
    """A `ClipMedia` that has its bytes only; the offline provider may ask for nothing else."""

    data: bytes
    span: Span
    has_audio: bool = False

    @property
    def webm(self) -> bytes:
        return self.data

    def mp4(self, *, fps: float, max_pixels: int) -> bytes:
        raise AssertionError("the process that records would do this work")

    def jpegs(self, *, fps: float, max_pixels: int, quality: int = 85) -> list[tuple[int, bytes]]:
        raise AssertionError("the process that records would do this work")

    def frames(self, *, fps: float, max_pixels: int) -> Iterator[tuple[int, Frame]]:
        raise AssertionError("the process that records would do this work")

    def sound(self) -> tuple[NDArray[np.float32], int] | None:
        raise AssertionError("the process that records would do this work")


def question(
    data: bytes, start_ms: int, end_ms: int, *, language: str = "en", facts: Mapping[str, Any] | None = None, clip_start_ms: int | None = None
) -> AnalysisRequest:
    clip = DrawnClip(data, Span(start_ms if clip_start_ms is None else clip_start_ms, end_ms))
    return AnalysisRequest("recording", 0, Span(start_ms, end_ms), datetime(2026, 1, 2, tzinfo=UTC), clip, language, previous_facts=facts or {})


@dataclass
class Answer:
    events: list[ProviderEvent] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, TextDelta)]

    @property
    def text(self) -> str:
        return "".join(self.sentences)

    @property
    def sent(self) -> Mapping[str, Any]:
        return next(event.ledger for event in self.events if isinstance(event, Sent))

    @property
    def finished(self) -> Finished:
        event = self.events[-1]
        assert isinstance(event, Finished)
        return event


async def answer(provider: Provider, request: AnalysisRequest) -> Answer:
    return Answer([event async for event in provider.analyse(request)])


def ask(provider: Provider, request: AnalysisRequest) -> Answer:
    return asyncio.run(answer(provider, request))


def in_turn(provider: Provider, clips: Sequence[tuple[bytes, int, int]], language: str = "en") -> list[Answer]:
    """The answers for windows that follow each other, each with the facts of the one before."""
    answers: list[Answer] = []
    for data, start_ms, end_ms in clips:
        facts = answers[-1].finished.facts if answers else {}
        answers.append(ask(provider, question(data, start_ms, end_ms, language=language, facts=facts)))
    return answers


def until(condition: Callable[[], object], what: str, timeout_s: float = 60) -> None:
    """Waits for something to become true; fails when it does not."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s for {what}"
        time.sleep(0.02)
