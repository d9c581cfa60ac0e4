"""Recordings for the tests of the window with servers. Fixtures: `backend_fixtures`."""

from __future__ import annotations

from ui.watch_parts import seed

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library


def filmed(library: Library, home: Home, title: str) -> str:
    """A recording with a real video, its texts and a marker; returns its id."""
    recording_id = seed(library, home, title, failed=(1,))
    library.add_marker(recording_id, 3_000, "the joint")
    library.set_notes(recording_id, "320 °C")
    return recording_id
