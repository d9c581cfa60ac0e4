"""`skiuo retention`: the rule in force or another one, shown, and carried out after a question."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from library import library_parts
from library.library_parts import Maker

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Recording


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def here(skiuo: Any, *words: str, status: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """In the tests' own process, so that a terminal can be put in the place of stdin."""
    done: subprocess.CompletedProcess[str] = skiuo._checked(words, skiuo._here("retention", *words, stdin=stdin), status)
    return done


def asked_json(skiuo: Any, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in here(skiuo, *words).stdout.splitlines()]


@pytest.fixture
def made(skiuo: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Recording]:
    """Recordings of two months ago, one analysed and one not, and an analysed one of today; each with a file of 4 bytes."""
    with Library.open(Home(skiuo.home)) as library:
        made = {}
        for title, days in (("Old", 60), ("Unread", 60), ("New", 0)):
            monkeypatch.setattr(library_parts, "START", datetime.now(UTC) - timedelta(days=days, hours=1))
            make = Maker(library)
            make.made = len(made)
            made[title] = make.said("a text", title=title) if title != "Unread" else make.recording(title, windows=1)
    return made


def test_without_a_rule_nothing_goes_and_that_is_said(skiuo: Any, made: dict[str, Recording]) -> None:
    done = here(skiuo)
    assert "no rule" in done.stderr and done.stdout == ""
    assert here(skiuo, "--free").stdout == "" and Path(made["Old"].path).exists()


def test_a_rule_is_tried_shown_and_carried_out(skiuo: Any, made: dict[str, Recording]) -> None:
    tried = here(skiuo, "--days", "30")
    assert made["Old"].id in tried.stdout and made["New"].id not in tried.stdout
    assert "1 video to go, 4 B: older than 30 days." in tried.stderr and "one stays: it is neither analysed nor in the object store" in tried.stderr
    assert "--free" not in tried.stderr and "nothing was removed. Add --free" in here(skiuo, "--days", "30", "--yes").stderr
    assert Path(made["Old"].path).exists()
    skiuo.run("settings", "set", "library.keep_days", "30")
    done = here(skiuo, "--free", "--yes")
    assert "1 video removed: 4 B." in done.stderr
    assert [Path(each.path).exists() for each in made.values()] == [False, True, True]
    assert "0 videos to go" in here(skiuo).stderr
    [shown] = skiuo.lines("show", made["Old"].id, "--json")
    assert shown["freed_at"] and shown["windows"][0]["analyses"][0]["text"] == "a text"
    assert "was removed here" in skiuo.run("analyze", made["Old"].id, status=3).stderr


def test_space_is_a_rule_too_and_json_says_all_of_it(skiuo: Any, made: dict[str, Recording]) -> None:
    [told] = asked_json(skiuo, "--gb", "0.000000004", "--json")
    assert [row["title"] for row in told["recordings"]] == ["Old", "New"]
    assert (told["days"], told["gb"], told["bytes"], told["kept"], told["doubted"], told["freed"]) == (0, 4e-9, 8, 1, None, [])
    [done] = asked_json(skiuo, "--gb", "0.000000008", "--json", "--free", "--yes")
    assert (done["freed"], done["freed_bytes"], done["kept"]) == ([made["Old"].id], 4, 0)


def test_wrong_words_and_nobody_to_ask_change_nothing(skiuo: Any, made: dict[str, Recording], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "library.keep_days wants a whole number" in here(skiuo, "--days", "many", status=2).stderr
    assert "library.keep_gb wants" in here(skiuo, "--gb", "-1", status=2).stderr
    assert "nobody to ask" in here(skiuo, "--days", "30", "--free", status=2).stderr
    monkeypatch.setattr(io, "StringIO", Terminal)
    asked = here(skiuo, "--days", "30", "--free", stdin="no\n", status=130)
    assert "Remove 4 B of video" in asked.stderr and Path(made["Old"].path).exists()
    assert "1 video removed" in here(skiuo, "--days", "30", "--free", stdin="remove\n").stderr
    assert not Path(made["Old"].path).exists()


def test_a_clock_that_cannot_be_right_is_told(skiuo: Any, made: dict[str, Recording], monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(Home(skiuo.home)) as library:
        monkeypatch.setattr(library_parts, "START", datetime.now(UTC) + timedelta(days=3))
        Maker(library).recording("Tomorrow")
    done = here(skiuo, "--days", "30", "--free", "--yes")
    assert "does not fit this computer's clock" in done.stderr and Path(made["Old"].path).exists()
