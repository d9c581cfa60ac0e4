"""One small picture of a recording."""

from __future__ import annotations

from pathlib import Path

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.decode import bgr, decoded, jpeg, shown_size
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.packets import from_key, samples


def thumbnail(path: Path, at_ms: int, width: int = 240) -> bytes:
    """A JPEG of what is shown at `at_ms` (or next, or last), upright, at most `width` pixels wide and never larger than the picture.

    `width` is in real pixels: ask for twice the place's width on a screen of twice the density. Costs the same in a recording of any length,
    also while it grows. Raises NotFoundError where there is no file, MediaError where there is no picture.
    """
    if width < 1:
        raise ValueError(f"a picture {width} pixels wide")
    with Footage(Path(path)) as footage:
        at = max(0, min(at_ms, footage.duration_ms - 1))
        with footage.stretch(at, at + 1).opened(footage.name) as source:
            stream = source.streams.video[0]
            shown = None
            for time, frame in decoded(stream, [s.packet for s in from_key(list(samples(source)), at)]):
                if shown is not None and time > at:
                    break
                shown = frame
            if shown is None:
                raise MediaError(f"{footage.name} has no picture at {at} ms that can be decoded.")
            full_width, full_height = shown_size(shown, stream)
            small = min(width, full_width)
            return jpeg(bgr(shown, small, max(1, round(full_height * small / full_width))), quality=85)
