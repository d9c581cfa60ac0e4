"""Real recordings for the tests of the Watch and Library pages: files whose colour tells the second, and rows about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from PIL import Image

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Failure, FailureKind, Recording, RecordingState, Span, Tracks, Usage, WindowState

LENGTH_MS, STRIDE_MS = 2_000, 1_000
SECONDS = 8
MODEL = "offline"
COLORS = [(220, 40, 40), (40, 200, 60), (50, 70, 230), (230, 210, 40), (200, 60, 210), (40, 210, 210), (240, 240, 240), (90, 60, 30)]
"""RGB of each second of `colored_webm`."""

TEXTS = ["A red board.", "The heat is raised to green.", "Blue follows.", "Yellow, then 焊接键盘.", "Violet light.", "Cyan now.", "White at last."]

SENT = {"delivery": "this device", "clip_bytes": 12_345, "prompt": [{"role": "user", "content": "What is **seen**?"}]}


def colored_webm(path: Path, seconds: int = SECONDS) -> None:
    """A VP8 file of 320×180 at 10 frames a second; second n has COLORS[n]."""
    path.write_bytes(_colored(seconds))


@cache
def _colored(seconds: int) -> bytes:
    """Encoded once: the tests make dozens of recordings."""
    file = BytesIO()
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=10, options={"deadline": "realtime", "cpu-used": "8", "g": "10"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 320, 180, "yuv420p", 400_000
        for number in range(seconds * 10):
            picture = np.full((180, 320, 3), COLORS[number // 10 % len(COLORS)], np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def seed(
    library: Library,
    home: Home,
    title: str,
    *,
    days_ago: int = 0,
    state: RecordingState = RecordingState.FINISHED,
    failed: tuple[int, ...] = (),
    analysed: bool = True,
    file: bool = True,
    model: str = MODEL,
    source: str = "Desk camera",
    sent: Mapping[str, object] = SENT,
) -> str:
    """A recording of SECONDS with a window each STRIDE_MS; returns its id."""
    started = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago)
    recording_id = library.new_recording_id(started)
    path, thumbnail = home.recordings / f"{recording_id}.webm", home.recordings / f"{recording_id}.jpg"
    if file:
        colored_webm(path)
    Image.new("RGB", (240, 135), COLORS[0]).save(thumbnail)
    row = Recording(recording_id, library.device_id, title, str(path), "camera:0", source, started, RecordingState.FINISHED, LENGTH_MS, STRIDE_MS)
    facts = {"duration_ms": SECONDS * 1000, "frames": SECONDS * 10, "bytes": path.stat().st_size if file else 0, "width": 320, "height": 180, "fps": 10.0}
    library.add_recording(replace(row, models=(model,) if analysed else (), thumbnail=str(thumbnail), video_codec="vp8", **facts))
    if state is not RecordingState.FINISHED:
        library.update_recording(recording_id, state=state)
        return recording_id
    spans = [Span(start, start + LENGTH_MS) for start in range(0, SECONDS * 1000 - STRIDE_MS, STRIDE_MS)]
    library.add_windows(recording_id, spans, [model] if analysed else [], "en")
    library.save_tracks(recording_id, Tracks(bytes(range(0, 80, 10)), bytes(SECONDS)))
    for index in range(len(spans)) if analysed else ():
        _answer(library, index, model, sent, failed=index in failed)
    return recording_id


def _answer(library: Library, index: int, model: str, sent: Mapping[str, object], *, failed: bool) -> None:
    analysis = library.claim([model])
    assert analysis is not None
    library.save_sent(analysis.id, sent)
    if failed:
        library.fail(analysis.id, Failure(FailureKind.CUT_SHORT, "41 words arrived.", "the raw words"), text="kept", partial=True, raw="the raw words")
    else:
        library.finish(analysis.id, text=TEXTS[index], usage=Usage(100, 20, 0.004), first_token_ms=200, total_ms=900, raw='{"said": "x"}')


def states(library: Library, recording_id: str) -> list[WindowState]:
    return [w.state for w in library.recording(recording_id).windows]
