"""In which language models write."""

from __future__ import annotations

from pathlib import Path

import pytest

from skiuo_desktop.engine.language import text_language
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.settings import Settings


@pytest.mark.parametrize(
    ("texts", "window", "system", "language"),
    [
        ("window", "system", "C.UTF-8", "en"),
        ("window", "system", "zh_CN.UTF-8", "zh"),
        ("window", "zh", "C.UTF-8", "zh"),
        ("en", "zh", "zh_CN.UTF-8", "en"),
        ("zh", "en", "C", "zh"),
    ],
)
def test_texts_are_in_their_own_language_else_the_windows_else_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: str, window: str, system: str, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    settings = Settings(tmp_path / "settings.json")
    settings.change({"analysis.language": texts, "ui.language": window})
    assert text_language(Wishes(settings)) == language
