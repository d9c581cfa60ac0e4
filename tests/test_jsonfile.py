"""Small files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from skiuo_desktop import jsonfile


def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    first = jsonfile.write(path, {"a": "焊接"})
    assert first == jsonfile.stamp_of(path) and "焊接" in path.read_text(encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        jsonfile.write(path, {"a": "x" * 1000})
    assert jsonfile.stamp_of(path) == first and list(tmp_path.iterdir()) == [path]
    assert jsonfile.stamp_of(tmp_path / "none.json") is None
