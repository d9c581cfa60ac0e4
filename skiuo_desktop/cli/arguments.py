"""Types of command line arguments."""

from __future__ import annotations

import argparse
import math


def milliseconds(text: str) -> int:
    """Seconds, as people write them (`2.5`), in milliseconds; positive."""
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not math.isfinite(seconds) or not 0.001 <= seconds <= 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number of seconds")
    return round(seconds * 1000)
