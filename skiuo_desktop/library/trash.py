"""Removing a file so that a person can get it back, where the system has a place for that."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from send2trash import send2trash


def has_trash(folder: Path) -> bool:
    """Whether files of `folder` can go to a trash that somebody will look into and empty.

    On Linux a trash is only a folder. Without a desktop nobody empties it, and deleting would free no space: there it
    counts only if it has been used before.
    """
    if sys.platform in ("win32", "darwin"):
        return True
    home = Path(os.path.realpath(Path.home()))
    if folder.exists() and folder.stat().st_dev == home.stat().st_dev:
        place = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "Trash"
        return _usable(place) and (place.is_dir() or _has_desktop())
    mount = _mount(folder)
    places = (mount / ".Trash" / str(os.getuid()), mount / f".Trash-{os.getuid()}")
    return any(place.is_dir() and os.access(place, os.W_OK) for place in places) or (_has_desktop() and os.access(mount, os.W_OK))


def remove(path: Path, *, to_trash: bool) -> None:
    """Moves a file to the trash, or deletes it; one that is not there is no error. Raises OSError."""
    if not os.path.lexists(path):
        return
    if to_trash:
        send2trash(path)
    else:
        path.unlink(missing_ok=True)


def _usable(place: Path) -> bool:
    while not place.exists():
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK)


def _has_desktop() -> bool:
    return any(os.environ.get(name) for name in ("XDG_CURRENT_DESKTOP", "DISPLAY", "WAYLAND_DISPLAY"))


def _mount(folder: Path) -> Path:
    place = Path(os.path.realpath(folder))
    while not place.is_mount():
        place = place.parent
    return place
