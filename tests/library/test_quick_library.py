"""A library that the tests make quickly is the one that the program makes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import quick_library

from skiuo_desktop.home import Home
from skiuo_desktop.library import migrate
from skiuo_desktop.library.library import Library


def content(path: Path) -> list[str]:
    """Everything in the file but the identity that each library has of its own."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if not line.startswith(('INSERT INTO "devices"', 'INSERT INTO "this_library"'))]


def test_it_is_the_same_library_with_an_identity_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [Home(tmp_path / name) for name in ("real", "noted", "repeated")]
    devices = []
    for home in homes:
        with Library.open(home) as library:
            devices.append(library.device_id)
        if home is homes[0]:
            quick_library.make_quickly(monkeypatch)
            monkeypatch.setattr(quick_library, "_made_by", [])
        elif home is homes[1]:
            monkeypatch.setattr(migrate, "_config", lambda *_: pytest.fail("Alembic was asked again"))
    real, noted, repeated = (content(home.database) for home in homes)
    assert real == noted == repeated and any("CREATE VIRTUAL TABLE" in line for line in real)
    assert len(set(devices)) == 3
