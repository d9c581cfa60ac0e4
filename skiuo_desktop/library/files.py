"""Where a recording's files are: relative in the row, absolute in the program, never outside the recordings folder."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from skiuo_desktop.errors import StorageError


def relative(folder: Path, path: str | Path) -> str:
    """What a row stores for `path`. Raises StorageError for a file outside `folder`; empty stays empty."""
    if not str(path):
        return ""
    try:
        inside = Path(path).absolute().relative_to(folder.absolute())
    except ValueError:
        raise StorageError(f"{path} is not in the folder of recordings {folder}. Import it instead.") from None
    absolute(folder, inside.as_posix())
    return inside.as_posix()


def absolute(folder: Path, stored: str) -> str:
    """The file that a row names. Raises StorageError if it would lie outside `folder`; empty stays empty.

    A library can come from anywhere (a backup, a mirror), and what it names is opened, sent and deleted.
    """
    if not stored:
        return ""
    path = PureWindowsPath(stored)  # knows every way out that a POSIX path has, and those of Windows
    if path.drive or path.root or ".." in path.parts or path == PureWindowsPath():
        raise StorageError(f"The library names the file {stored!r}, which is not in the folder of recordings {folder}. It is not used.")
    return str(folder / stored)
