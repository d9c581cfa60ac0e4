"""Real recordings for the tests of this room, and independent readers of what comes out. Files that were tampered with are made in media_tampered."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 176
BITS = 16  # of the frame number in the picture
EDGE_MS = 5000


TEXTURE = np.repeat(np.repeat(np.random.default_rng(1).integers(60, 190, (HEIGHT // 8, WIDTH // 8), dtype=np.uint8), 8, 0), 8, 1)
GREY = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)


def picture(number: int, *, still: bool = False) -> NDArray[np.uint8]:
    """A yuv420p picture that carries its number as a row of black and white fields; the rest moves, unless it is still."""
    luma = TEXTURE.copy() if still else np.roll(TEXTURE, number * 3, axis=1)
    for bit in range(BITS):
        luma[:16, bit * 20 : bit * 20 + 20] = 235 if number >> bit & 1 else 16
    return np.concatenate([luma, GREY])


def number_in(frame: Any) -> int:
    """The number that a decoded frame (av.VideoFrame, or a BGR array) of the original size carries."""
    grey = frame if isinstance(frame, np.ndarray) else frame.to_ndarray(format="gray")
    grey = grey if grey.ndim == 2 else grey.mean(axis=2)
    return sum(1 << bit for bit in range(BITS) if grey[4:12, bit * 20 + 5 : bit * 20 + 15].mean() > 126)


def write_recording(
    file: Any,
    times_ms: Sequence[int],
    *,
    sound: bool = False,
    still: bool = False,
    edge_ms: int = EDGE_MS,
    codec: str = "libvpx",
    layout: str = "mono",
    options: dict[str, str] | None = None,
) -> None:
    """A recording like the recorder's: millisecond stamps, a keyframe on every edge and nowhere else, clusters of at most one second, flushed.

    Each frame carries its index as its number. The sound is a tone.
    """
    container: Any = av.open(file, "w", format="webm", container_options={"cluster_time_limit": "1000", "flush_packets": "1", "max_interleave_delta": "1"})
    never = str(2**30)
    settings = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "threads": "1",
        "g": never,
        "keyint_min": never,
        **(options or {}),
    }
    rate = round((len(times_ms) - 1) * 1000 / (times_ms[-1] - times_ms[0]))
    video = container.add_stream(codec, rate=rate, width=WIDTH, height=HEIGHT, time_base=Fraction(1, 1000), bit_rate=600_000)
    video.options = settings
    audio = container.add_stream("libopus", rate=48_000, layout=layout, bit_rate=48_000) if sound else None
    with container:
        edge, heard = -1, 0
        for number, time in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(picture(number, still=still), format="yuv420p")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            if time // edge_ms > edge:
                edge, frame.pict_type = time // edge_ms, PictureType.I
            container.mux(video.encode(frame))
            while audio is not None and heard < time * 48:
                container.mux(audio.encode(tone(heard, layout)))
                heard += 960
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))


def tone(position: int, layout: str = "mono", hertz: float = 440.0) -> Any:
    """20 ms of a tone, `position` samples after the start."""
    channels = 1 if layout == "mono" else 2
    wave = (np.sin((np.arange(960) + position) * 2 * np.pi * hertz / 48_000) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, channels)[None], format="s16", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = 48_000, position, Fraction(1, 48_000)
    return frame


def steady(seconds: float, fps: float = 30, first_ms: int = 0) -> list[int]:
    """The times of a source that never misses a frame."""
    return [first_ms + round(n * 1000 / fps) for n in range(round(seconds * fps))]


class Packet(NamedTuple):
    time_ms: int
    key: bool
    hash: str


def listed(path: Path, kind: str = "v") -> list[Packet]:
    """The packets of the first video ("v") or sound ("a") track as ffprobe reads them, with a hash of their bytes."""
    shown = ("-select_streams", f"{kind}:0", "-show_entries", "packet=pts_time,flags,data_hash", "-show_data_hash", "MD5")
    found = json.loads(run("ffprobe", "-v", "error", *shown, "-of", "json", path))["packets"]
    return [Packet(round(float(p["pts_time"]) * 1000), p["flags"].startswith("K"), p["data_hash"]) for p in found if "pts_time" in p]


class Seen(NamedTuple):
    frames: int  # that decode
    duration_ms: int
    codec: str


def seen(path: Path) -> Seen:
    """What ffprobe sees of a file's picture, every frame decoded. Fails where it has to complain."""
    entries = "stream=nb_read_frames,codec_name:format=duration"
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", entries, "-of", "json", str(path)],
        capture_output=True,
        text=True,
    )
    assert not done.stderr, f"ffprobe complains about {path.name}: {done.stderr[:300]}"
    found = json.loads(done.stdout)
    stream = found["streams"][0]
    return Seen(int(stream["nb_read_frames"]), round(float(found["format"]["duration"]) * 1000), stream["codec_name"])


def hashed(data: bytes, kind: str = "video") -> list[Packet]:
    """The packets of a file in memory, hashed like ffprobe does it; for tests that look at hundreds of clips."""
    with av.open(BytesIO(data)) as container:
        packets = [p for p in container.demux() if p.size and p.stream.type == kind]
        return [Packet(round(p.pts * p.time_base * 1000), p.is_keyframe, f"MD5:{hashlib.md5(bytes(p), usedforsecurity=False).hexdigest()}") for p in packets]


class Placed(NamedTuple):
    """A SimpleBlock as mkvinfo finds it."""

    track: int
    time_ms: int
    end: int  # offset in the file


def placed_blocks(path: Path) -> list[Placed]:
    """The SimpleBlocks of a file, up to the first block of another form."""
    found: list[Placed] = []
    track, time = 0, 0
    for line in run("mkvinfo", "-v", "-v", path).splitlines():
        if "+ Block group" in line:
            break
        if match := re.search(r"Simple block: .*track number (\d+), 1 frame\(s\), timestamp (\S+)", line):
            track, time = int(match[1]), round(_clock(f": {match[2]}"))
        elif match := re.search(r"Frame with size (\d+) at (\d+)", line):
            found.append(Placed(track, time, int(match[2]) + int(match[1])))
    return found


class Structure(NamedTuple):
    duration_ms: float
    cues: list[int]  # times in ms
    clusters: list[int]
    complaint: str


def structure(path: Path) -> Structure:
    """What mkvinfo, an independent reader, says of a file's make-up."""
    text = run("mkvinfo", "-v", "-v", path)
    return Structure(
        duration_ms=next((_clock(line) for line in text.splitlines() if "+ Duration:" in line), 0.0),
        cues=[round(_clock(line)) for line in text.splitlines() if "+ Cue time:" in line],
        clusters=[round(_clock(line)) for line in text.splitlines() if "+ Cluster timestamp:" in line],
        complaint=" ".join(line for line in text.splitlines() if "error" in line.lower()),
    )


def _clock(line: str) -> float:
    hours, minutes, seconds = line.split(": ", 1)[1].split(maxsplit=1)[0].split(":")
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-500:]}"
    return done.stdout


def ffmpeg(*arguments: object) -> None:
    run("ffmpeg", "-v", "error", "-y", "-nostdin", *arguments)


def numbers(data: bytes) -> list[int]:
    """The number in each frame that decodes, in the order shown."""
    with av.open(BytesIO(data)) as container:
        return [number_in(frame) for frame in container.decode(video=0)]


def remux(source: Path, target: Any, *, form: str, shift_ms: int = 0, options: dict[str, str] | None = None, keep: Iterable[str] = ("video", "audio")) -> None:
    """Copies a file's packets into another container."""
    with av.open(str(source)) as inside, av.open(target, "w", format=form, container_options=options or {}) as outside:
        tracks = {s.index: outside.add_stream_from_template(s, opaque=True) for s in inside.streams if s.type in keep}
        for packet in inside.demux():
            if packet.dts is None or packet.stream_index not in tracks:
                continue
            moved = round(shift_ms / 1000 / packet.time_base)
            packet.pts, packet.dts = packet.pts + moved, packet.dts + moved
            packet.stream = tracks[packet.stream_index]
            outside.mux(packet)


class Tape(BytesIO):
    """Remembers what was written before the writer first went back: the file as a killed recorder leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.unfinished = b""
        self._straight = True

    def write(self, data: Any) -> int:
        if self._straight:
            self.unfinished += bytes(data)
        return super().write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._straight = self._straight and whence == 0 and offset == self.tell()
        return super().seek(offset, whence)
