"""What one window's measurements hand over to the next, as JSON: the provider tells only what is new against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from skiuo_desktop.analysis.job import Looked, Read
from skiuo_desktop.model import Span


@dataclass(frozen=True, slots=True)
class Facts:
    """Measured values of one window. Shares are 0..1; times are of the recording, in ms."""

    end_ms: int
    motion: float | None
    cuts_ms: tuple[int, ...]
    light_ms: int | None
    light_from: float
    light_to: float
    light_varies: bool
    black: bool
    blurred: bool
    sound: str  # see `hearing.Kind`
    speech: float
    unreadable: int
    lines: tuple[str, ...]

    @classmethod
    def of(cls, span: Span, looked: Looked, read: Read | None) -> Facts:
        """Before anything was read (`read` None) there are no lines and nothing is known of the sharpness."""
        measures, hearing = looked.measures, looked.hearing
        return cls(
            end_ms=span.end_ms,
            motion=measures["motion"],
            cuts_ms=tuple(measures["cuts_ms"]),
            light_ms=measures["light_ms"],
            light_from=measures["light_from"],
            light_to=measures["light_to"],
            light_varies=measures["light_varies"],
            black=measures["black"],
            blurred=read is not None and read.blurred,
            sound=hearing["kind"],
            speech=hearing["speech"],
            unreadable=measures["unreadable"],
            lines=read.lines if read is not None else (),
        )

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self | None:
        """What `as_json` wrote; None for the first window, and for what another version of the program wrote otherwise."""
        try:
            return cls(
                end_ms=int(kept["end_ms"]),
                motion=None if kept["motion"] is None else float(kept["motion"]),
                cuts_ms=tuple(int(cut) for cut in kept["cuts_ms"]),
                light_ms=None if kept["light_ms"] is None else int(kept["light_ms"]),
                light_from=float(kept["light_from"]),
                light_to=float(kept["light_to"]),
                light_varies=bool(kept["light_varies"]),
                black=bool(kept["black"]),
                blurred=bool(kept["blurred"]),
                sound=str(kept["sound"]),
                speech=float(kept["speech"]),
                unreadable=int(kept["unreadable"]),
                lines=tuple(str(line) for line in kept["lines"]),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
