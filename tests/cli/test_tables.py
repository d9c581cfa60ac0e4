"""What a table keeps in one piece, on a narrow terminal and in a pipe."""

from __future__ import annotations

import pytest

from skiuo_desktop.cli import tables

ID = "20261127-100000-abcdef"
TITLE = "A title that is longer than what a narrow terminal has left of a line for it " * 2


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    made = tables.table(("recording", "started", "length", "size", "price", "title", "windows"), breaking=("title", "windows"))
    made.add_row(ID, "2026-11-27 10:00", "1:04:22", "453 MB", "0.36 $ + 12.40 ¥", TITLE.strip(), "3 analysed, 2 failed")
    tables.show(made)
    return capsys.readouterr().out.splitlines()


def test_a_row_is_one_line_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown(capsys)
    assert len(lines) == 2 and TITLE.strip() in lines[1]


def test_a_narrow_terminal_breaks_the_title_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    lines = shown(capsys)
    assert len(lines) > 2 and all(cell in lines[1] for cell in (ID, "2026-11-27 10:00", "1:04:22", "453 MB"))
