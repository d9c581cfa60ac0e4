"""The grammar that names a source, the list of those found now, and the opening of one."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from skiuo_desktop.capture.address import public_address
from skiuo_desktop.capture.frames import AudioBlock, Frame, Source, SourceInfo, Speed, Wanted
from skiuo_desktop.errors import UsageError

log = logging.getLogger(__name__)

__all__ = ["AudioBlock", "FoundSource", "Frame", "Source", "SourceInfo", "SourceSpec", "Wanted", "grammar", "list_sources", "make_source", "parse_source"]

Kind = Literal["camera", "network", "screen", "file", "test"]

_TEST = re.compile(r"(?:(?P<lines>\d{2,4})p(?P<rate>\d{1,3})?|(?P<width>\d{2,4})x(?P<height>\d{2,4})(?:@(?P<fps>\d{1,3}))?)?", re.ASCII)
_NETWORK = ("rtsp://", "rtsps://", "http://", "https://")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as somebody named it. `text` and `label` may be stored and shown: they carry no credentials.

    `address` is what opens it and may carry them: it is not part of the text, the label or the repr. `picture` is the
    size and rate that a test pattern's name asks for; a part of it that the name leaves open is 0.
    """

    kind: Kind
    text: str
    label: str
    address: str = field(default="", repr=False)
    picture: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source that can be opened now: its grammar, what a person calls it, and what tells it from another of that name."""

    text: str
    label: str
    detail: str


def grammar() -> list[tuple[str, str]]:
    """(form, meaning) of every way to name a source."""
    return [
        ("camera:N", "the N-th camera of this machine, from 0"),
        ("rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH", "a network camera (also rtsps://)"),
        ("http://[USER:PASSWORD@]HOST[:PORT]/PATH", "a network camera that sends MJPEG (also https://)"),
        ("screen:0", "the whole screen; screen:1, screen:2, ... one monitor"),
        ("file:PATH", "a video file, with its sound"),
        ("test:", "a moving test pattern; test:720p30 or test:640x360@15 set its size and rate"),
    ]


def parse_source(text: str) -> SourceSpec:
    """The source that `text` names. Raises UsageError, which never repeats an address."""
    text = text.strip()
    kind, _, rest = text.partition(":")
    if text.lower().startswith(_NETWORK):
        public, label = public_address(text)
        return SourceSpec("network", public, label, address=text)
    if kind == "camera":
        number = _number(rest, "camera:0 is the first camera; write camera: and a number from 0 to 99.")
        return SourceSpec("camera", f"camera:{number}", f"Camera {number}", address=str(number))
    if kind == "screen":
        number = _number(rest, "screen:0 is the whole screen, screen:1 the first monitor.")
        return SourceSpec("screen", f"screen:{number}", "Whole screen" if number == 0 else f"Monitor {number}", address=str(number))
    if kind == "file":
        if not rest.strip():
            raise UsageError("file: wants the path of a video, such as file:/home/me/talk.mp4.")
        path = Path(rest).expanduser().absolute()
        return SourceSpec("file", f"file:{path}", path.name, address=str(path))
    if kind == "test" and ":" in text:
        return SourceSpec("test", text, "Test pattern", picture=_test_picture(rest))
    shown = repr(text) if text and "@" not in text and "//" not in text else "This"
    hint = f" Did you mean file:{text}?" if text and "@" not in text and "://" not in text and Path(text).is_file() else ""
    raise UsageError(f"{shown} names no source.{hint} Sources are: {', '.join(form for form, _ in grammar())}.")


def _number(text: str, otherwise: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise UsageError(otherwise)
    return int(text)


def _test_picture(text: str) -> tuple[int, int, int]:
    found = _TEST.fullmatch(text.strip())
    if found is None:
        raise UsageError("A test pattern is named test:, test:720p30 or test:640x360@15.")
    if found["lines"]:
        height = int(found["lines"])
        width, fps = height * 16 // 9, int(found["rate"] or 30)
    elif found["width"]:
        width, height, fps = int(found["width"]), int(found["height"]), int(found["fps"] or 30)
    else:
        return 0, 0, 0
    width, height = width & ~1, height & ~1
    if not (160 <= width <= 7680 and 90 <= height <= 4320 and 1 <= fps <= 240):
        raise UsageError("A test pattern is 160x90 to 7680x4320 with 1 to 240 frames a second.")
    return width, height, fps


def list_sources() -> list[FoundSource]:
    """Cameras and screens found now, and the test pattern. Never raises: what cannot be asked is left out and logged."""
    from skiuo_desktop.capture import camera, screen

    found: list[FoundSource] = []
    ways: list[Callable[[], list[tuple[int, str, str]]]] = [camera.found, screen.found]
    for kind, way in zip(("camera", "screen"), ways, strict=True):
        try:
            found += [FoundSource(f"{kind}:{number}", label, detail) for number, label, detail in way()]
        except Exception:
            # A driver may fail in any way it likes; the other sources are still worth showing.
            log.warning("the %ss could not be listed", kind, exc_info=True)
    return [*found, FoundSource("test:", "Test pattern", "moving picture with a frame number, a clock and a beep")]


def make_source(spec: SourceSpec, wanted: Wanted, speed: Speed, sound: bool, stopping: threading.Event) -> Source:
    """A source that is not open yet. `sound`: its own sound is wanted. Setting `stopping` ends its waits."""
    # Each kind brings its own heavy library, loaded when it is first used.
    if spec.kind == "camera":
        from skiuo_desktop.capture.camera import CameraSource

        return CameraSource(int(spec.address), wanted)
    if spec.kind == "network":
        from skiuo_desktop.capture.network import NetworkSource

        return NetworkSource(spec.address, spec.label)
    if spec.kind == "screen":
        from skiuo_desktop.capture.screen import ScreenSource

        return ScreenSource(int(spec.address), wanted.fps, stopping)
    if spec.kind == "file":
        from skiuo_desktop.capture.file import FileSource

        return FileSource(Path(spec.address), speed, sound, stopping)
    from skiuo_desktop.capture.test import TestSource

    width, height, fps = spec.picture
    return TestSource(width or max(160, wanted.width), height or max(90, wanted.height), fps or wanted.fps, speed=speed, sound=sound, stopping=stopping)
