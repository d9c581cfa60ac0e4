"""Every sentence of the window has its Chinese, and the compiled file carries it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).parents[2]
SENTENCES = ROOT / "resources" / "translations" / "skiuo_zh_CN.ts"
HOW = (
    "Bring it up to date: pyside6-lupdate $(git ls-files 'skiuo_desktop/ui/*.py') -locations none -no-obsolete -ts resources/translations/skiuo_zh_CN.ts, "
    "translate what is new, then pyside6-lrelease resources/translations/skiuo_zh_CN.ts"
)

Key = tuple[str, str]


def sentences(path: Path) -> dict[Key, str]:
    """(context, source) → translation; empty where it is not finished."""
    found = {}
    for context in ElementTree.parse(path).getroot().findall("context"):  # noqa: S314 - our own file
        name = context.findtext("name", "")
        for message in context.findall("message"):
            translation = message.find("translation")
            finished = translation is not None and translation.get("type") is None
            found[name, message.findtext("source", "")] = (translation.text or "") if finished and translation is not None else ""
    return found


@pytest.fixture(scope="module")
def in_source(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, str]:
    """What the sources say now, found by Qt's own tool."""
    target = tmp_path_factory.mktemp("lupdate") / "now.ts"
    sources = sorted(str(path) for path in (ROOT / "skiuo_desktop" / "ui").rglob("*.py"))
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    subprocess.run([str(tool), *sources, "-locations", "none", "-ts", str(target)], check=True, capture_output=True, timeout=120)
    return sentences(target)


def test_no_sentence_is_missing_and_none_is_left_over(in_source: dict[Key, str]) -> None:
    known = sentences(SENTENCES)
    assert len(in_source) > 100, "the tool found hardly anything"
    assert not in_source.keys() - known.keys(), f"not in the file. {HOW}"
    assert not known.keys() - in_source.keys(), f"no longer said. {HOW}"


def test_every_sentence_is_translated_with_its_places_for_figures() -> None:
    for (context, source), translation in sentences(SENTENCES).items():
        assert translation, f"{context}: {source!r} has no translation. {HOW}"
        assert sorted(re.findall(r"\{\d*\}", source)) == sorted(re.findall(r"\{\d*\}", translation)), f"{context}: {source!r}"
        assert source.count("**") == translation.count("**"), f"{context}: {source!r}"


def test_the_compiled_file_says_the_same(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(SENTENCES.with_suffix(".qm")))
    for (context, source), translation in sentences(SENTENCES).items():
        assert translator.translate(context, source) == translation, f"{context}: {source!r} is older in the .qm. {HOW}"


def test_a_sentence_arrives_on_the_screen(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(SENTENCES.with_suffix(".qm")))
    qapp.installTranslator(translator)
    try:
        assert QCoreApplication.translate("RecordWords", "Recording") == "录制中"
    finally:
        qapp.removeTranslator(translator)


def test_nobody_speaks_past_the_translator() -> None:
    """Words handed to a label, a button, a tooltip or a title as they stand."""
    direct = re.compile(r"(?:Label|Button|setToolTip|setText|setAccessibleName|set_text|setWindowTitle|tell)\(\s*\"[A-Za-z][^\"]*[a-z] [^\"]*\"")
    for path in (ROOT / "skiuo_desktop" / "ui").rglob("*.py"):
        found = direct.findall(path.read_text(encoding="utf-8"))
        assert not found, f"{path.name}: {found}"
