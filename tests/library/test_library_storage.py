"""What the disk and the file system can do to a library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from library.library_parts import Maker

from skiuo_desktop.errors import StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library


@pytest.mark.parametrize("content", [b"no database at all " * 500, b"SQLite format 3\0" + b"\xff" * 5000, os.urandom(100_000)])
def test_a_file_that_is_no_database_is_reported_and_left_alone(home: Home, content: bytes) -> None:
    home.prepare()
    home.database.write_bytes(content)
    with pytest.raises(StorageError, match=r"library\.db is damaged|could not be used"):
        Library.open(home)
    assert home.database.read_bytes() == content
    assert list(home.instances.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_reported(home: Home) -> None:
    home.prepare()
    home.database.mkdir()
    with pytest.raises(StorageError):
        Library.open(home)


def test_damage_in_the_middle_of_the_file_is_reported_when_it_is_met(home: Home) -> None:
    with Library.open(home) as library:
        make = Maker(library)
        for number in range(40):
            make.said("some words " * 50, title=f"Recording {number}")
    content = bytearray(home.database.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    home.database.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"), Library.open(home) as library:
        library.summaries(100)
    assert home.database.stat().st_size == len(content)
    assert len(list(home.recordings.iterdir())) == 40


def test_an_empty_file_becomes_a_library(home: Home) -> None:
    home.prepare()
    home.database.write_bytes(b"")
    with Library.open(home) as library:
        assert library.count() == 0


def mount(folder: Path, options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "disk"
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a file system of its own needs Linux and root")
    try:
        mount(folder, "size=3m")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this system mounts nothing: {error.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leaves room for nothing but a few small files."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_reported_and_nothing_is_half_written(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    with Library.open(home) as library:
        make = Maker(library)
        recording = make.said("first words", title="First")
        filler = fill(small_disk)
        with pytest.raises(StorageError, match=r"full|free space"):
            for number in range(200):
                library.set_notes(recording.id, f"long notes {number} " * 2000)
        notes = library.recording(recording.id).notes
        assert notes == "" or notes.startswith("long notes")
        assert [hit.where for hit in library.search("notes")] == (["notes"] if notes else [])
        filler.unlink()
        library.set_notes(recording.id, "short notes")
        assert library.recording(recording.id).notes == "short notes"
        assert [hit.where for hit in library.search("notes")] == ["notes"]


def test_a_disk_too_small_for_a_library_is_reported(small_disk: Path) -> None:
    filler = fill(small_disk)
    with pytest.raises(StorageError):
        Library.open(Home(small_disk / "home"))
    filler.unlink()
    with Library.open(Home(small_disk / "home")) as library:
        assert library.count() == 0


def test_a_disk_that_became_read_only_is_reported(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    with Library.open(home) as library:
        recording = Maker(library).recording("First")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match=r"cannot be|could not be"):
        Library.open(home)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with Library.open(home) as library:
        assert library.recording(recording.id).title == "First"


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions there")
@pytest.mark.parametrize("made_before", [False, True])
def test_a_folder_that_may_not_be_written_is_reported(tmp_path: Path, made_before: bool) -> None:
    home = Home(tmp_path / "home")
    if made_before:
        Library.open(home).close()
    home.root.mkdir(exist_ok=True)
    folders = [home.root, *(path for path in home.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    for folder in (tmp_path, *tmp_path.parents):  # so that a user without rights comes this far
        if folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(folder.stat().st_mode | 0o005)
    try:
        done = subprocess.run([sys.executable, "-c", OPENS], env={**os.environ, "SKIUO_HOME": str(home.root)}, capture_output=True, text=True)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.stdout.startswith("StorageError "), done.stdout + done.stderr
    assert "SKIUO_HOME" in done.stdout or "cannot be written" in done.stdout


OPENS = """
import os
import alembic.command, alembic.config, alembic.script, sqlalchemy.dialects.sqlite
from skiuo_desktop.errors import StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
if os.geteuid() == 0:  # permissions mean nothing to root
    os.setgid(65534)
    os.setuid(65534)
try:
    Library.open(Home.default())
except StorageError as error:
    print("StorageError", error)
"""
