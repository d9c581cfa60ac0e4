"""How the servers of the tests are built; with a Go that is only pretended, because the real one takes minutes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support import build_servers
from support.build_servers import SOURCES, built, provide

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pretends Go by a shell script")


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH but for the system's own; `go` may be put into it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(build_servers, "cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(build_servers.shutil, "which", lambda name: str(folder / name) if (folder / name).exists() else None)
    for name in SOURCES:
        monkeypatch.delenv(f"SKIUO_TEST_{name.upper()}", raising=False)
    return folder / "go"


def _pretend(go: Path, text: str) -> None:
    go.write_text(f"#!/bin/sh\n{text}\n")
    go.chmod(0o755)


def test_what_is_missing_is_built_once_at_its_version(go: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _pretend(go, f'echo "$@" >> {tmp_path}/asked; name=${{2##*/}}; name=${{name%@*}}; echo built > "$GOBIN/$name"')
    provide()
    assert all(built(name).read_text() == "built\n" for name in SOURCES)
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == sorted(built(name).name for name in SOURCES)
    asked = (tmp_path / "asked").read_text()
    assert [line.split("@")[1] for line in asked.splitlines()] == [version for _, version in SOURCES.values()]
    assert "Building minio and versitygw" in capsys.readouterr().out
    provide()
    assert (tmp_path / "asked").read_text() == asked
    assert capsys.readouterr().out == ""


def test_a_build_that_fails_is_told_and_ends_nothing(go: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _pretend(go, "echo 'dial tcp: no route to host' >&2; exit 1")
    provide()
    assert "Not built: minio (dial tcp: no route to host)" in capsys.readouterr().out
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_go_one_line_says_so(go: Path, capsys: pytest.CaptureFixture[str]) -> None:
    provide()
    assert capsys.readouterr().out == "No Go here: the tests do without minio and versitygw.\n"


def test_a_server_that_is_given_is_not_built(go: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in SOURCES:
        monkeypatch.setenv(f"SKIUO_TEST_{name.upper()}", "/somewhere/else")
    provide()
    assert capsys.readouterr().out == ""
