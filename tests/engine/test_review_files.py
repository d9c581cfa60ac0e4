"""The files that several programs change: settings and models."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.errors import StorageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import ModelConfig, Price, Tier

CHANGES = """
import sys
from pathlib import Path
from skiuo_desktop import settings as s
settings, key = s.Settings(Path(sys.argv[1])), sys.argv[2]
for number in range(1, 201):
    settings.change({key: float(number)})
    assert settings.get(s.named(key)) == number, "another program's change took this one away"
"""
CONFIG = ModelConfig(name="a", provider="openai", model="m", base_url="http://127.0.0.1:9/v1", price=Price((Tier(1.0, 1.0),)))


def test_no_program_takes_away_what_another_one_has_set(home: Home) -> None:
    path = home.prepare().settings
    programs = [subprocess.Popen([sys.executable, "-c", CHANGES, str(path), key]) for key in ("budget.day", "budget.month")]
    assert [program.wait(120) for program in programs] == [0, 0]
    assert json.loads(path.read_text())["values"] == {"budget.day": 200.0, "budget.month": 200.0}


def edited(path: Path, **fields: object) -> None:
    content = json.loads(path.read_text())
    content["models"][0] |= fields
    path.write_text(json.dumps(content))


@pytest.mark.parametrize("fields", [{"concurrency": 0}, {"concurrency": "2"}, {"concurrency": 2.5}, {"price": {"tiers": []}}, {"timeout_s": -1}])
def test_values_that_would_stop_the_engine_are_not_read(home: Home, fields: dict[str, object]) -> None:
    book = ModelBook(home.prepare())
    book.add(CONFIG)
    edited(book.path, **fields)
    assert book.all()["a"] == CONFIG, "what was read before goes on to count"
    with pytest.raises(StorageError, match="Correct the file"):
        ModelBook(home).all()


def test_a_file_that_is_being_edited_is_not_overwritten(home: Home) -> None:
    book = ModelBook(home.prepare())
    book.add(CONFIG)
    written = book.path.read_text()[:-5] + " , oops"
    book.path.write_text(written)
    assert list(book.all()) == ["a", "offline"]
    for change in (lambda: book.change("a", probe={"at": "now"}), lambda: book.add(replace(CONFIG, name="b")), lambda: book.remove("a")):
        with pytest.raises(StorageError, match="overwrite"):
            change()
    assert book.path.read_text() == written
    book.path.unlink()
    book.add(replace(CONFIG, name="b"))
    assert list(book.all()) == ["b", "offline"]


def test_a_file_that_cannot_be_read_for_a_moment_stops_nobody(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    book = ModelBook(home.prepare())
    book.add(CONFIG)
    edited(book.path, concurrency=3)

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")  # as Windows does while another program replaces it

    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", refuse)
        assert book.all()["a"].concurrency == 1
    assert book.all()["a"].concurrency == 3
