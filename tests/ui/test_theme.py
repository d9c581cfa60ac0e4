"""Tokens, fonts, icons and glyphs, as the window gets them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skiuo_desktop.home import resource
from skiuo_desktop.model import WindowState
from skiuo_desktop.ui import icons
from skiuo_desktop.ui.glyphs import paint_glyph, paint_mark, paint_sign, window_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.labels import Label

SOURCE = Path(__file__).parents[2] / "skiuo_desktop" / "ui"
TOKENS = json.loads(resource("theme", "tokens.json").read_text(encoding="utf-8"))


def luminance(color: QColor) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_can_be_read_on_every_surface(mode: str) -> None:
    theme().set_preference(mode)
    color = theme().color
    for under in ("bg", "surface", "surface-2", "accent-tint", "error-tint", "warn-tint", "info-tint"):
        assert contrast(color("text"), color(under)) >= 4.5, f"text on {under}"
    for under in ("bg", "surface", "surface-2"):
        assert contrast(color("text-muted"), color(under)) >= 4.5, f"text-muted on {under}"
    for name in ("accent", "recording", "ok", "warn", "error", "info"):
        assert contrast(color(name), color(f"{name}-tint")) >= 4.5, f"{name} on its tint"
    for fill in ("accent-fill", "recording-fill"):
        assert contrast(color("accent-fg"), color(fill)) >= 4.5, f"words on {fill}"
    for line in ("control-border", "win-done", "win-failed", "win-queued", "win-skipped"):
        assert contrast(color(line), color("surface")) >= 3, f"{line} on surface"


def test_both_modes_have_the_same_tokens() -> None:
    assert TOKENS["color"]["light"].keys() == TOKENS["color"]["dark"].keys()


def test_every_token_that_the_source_names_exists() -> None:
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"\.color\(\s*\"([a-z0-9-]+)\"", text):
            assert name in TOKENS["color"]["light"], f"{path.name} asks for the colour {name!r}"
        for name in re.findall(r"\.size\(\"(\w+)\"\)", text):
            assert name in TOKENS["size"], f"{path.name} asks for the size {name!r}"


def test_colours_and_fonts_stand_in_the_tokens_only() -> None:
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"#[0-9A-Fa-f]{6}\b", text), f"{path.name} names a colour of its own"
        assert "setPointSize" not in text, f"{path.name} sizes letters in points"


def test_a_change_of_mode_reaches_palette_and_labels(qapp: QApplication, qtbot: QtBot) -> None:
    label = Label("words", color="text-muted")
    qtbot.addWidget(label)
    assert label.palette().windowText().color() == QColor(TOKENS["color"]["light"]["text-muted"])
    with qtbot.waitSignal(theme().changed):
        theme().set_preference("dark")
    assert theme().dark
    assert label.palette().windowText().color() == QColor(TOKENS["color"]["dark"]["text-muted"])
    assert qapp.palette().window().color() == QColor(TOKENS["color"]["dark"]["bg"])
    assert TOKENS["color"]["dark"]["surface"].lower() in qapp.styleSheet()


def test_the_system_decides_where_the_person_has_not(qapp: QApplication) -> None:
    theme().set_preference("system")
    assert theme().dark == (qapp.styleHints().colorScheme() is Qt.ColorScheme.Dark)


def test_the_bundled_fonts_are_what_is_painted() -> None:
    for weight in (400, 500, 600):
        info = QFontInfo(theme().font("body", weight))
        assert (info.family(), info.weight(), info.pixelSize()) == ("Inter", weight, 13)
    assert QFontInfo(theme().font("small", mono=True)).family() == "JetBrains Mono"


def test_figures_are_as_wide_as_each_other() -> None:
    metrics = QFontMetricsF(theme().font("clock"))
    assert metrics.horizontalAdvance("11:11:11") == metrics.horizontalAdvance("00:00:00")


def test_chinese_has_its_own_sizes_and_nothing_under_12_pixels(qapp: QApplication) -> None:
    theme().install(qapp, "light", "zh")
    try:
        for role in TOKENS["type"]:
            assert theme().font(role).pixelSize() >= 12
        assert (theme().line("read"), theme().line("caption"), theme().font("caption").weight()) == (24, 18, 400)
    finally:
        theme().install(qapp, "light", "en")
        QLocale.setDefault(QLocale(QLocale.Language.English))


def painted(paint: object, side: int = 32) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, side, side))  # type: ignore[operator]
    painter.end()
    return image


def test_every_state_has_a_shape_of_its_own() -> None:
    images = {state: painted(lambda painter, rect, state=state: paint_glyph(painter, rect, state)) for state in WindowState}
    alphas = [bytes(image.convertToFormat(QImage.Format.Format_Alpha8).constBits()) for image in images.values()]
    assert len(set(alphas)) == len(alphas), "two states differ by colour alone"
    assert painted(lambda p, r: paint_glyph(p, r, WindowState.ANALYSING, 0.0)) != painted(lambda p, r: paint_glyph(p, r, WindowState.ANALYSING, 0.5))


def test_signs_and_mark_are_painted() -> None:
    for kind in ("ok", "warn", "error", "info", "wait"):
        assert not painted(lambda painter, rect, kind=kind: paint_sign(painter, rect, kind)).allGray() or kind == "wait"
    assert painted(paint_mark).pixelColor(21, 19) == theme().color("recording")
    assert window_icon().availableSizes()


# Which argument of these is the name of an icon.
ICON_PLACES = {
    "Choice": 4,
    "Picker": 1,
    "RoundButton": 2,
    "ActionRow": 1,
    "set_look": 1,
    "add": 2,
    "paint_icon": 1,
    "pixmap": 0,
    "icon": 0,
    "load_icon": 0,
    "set_shown": 3,
}
ICON_WORDS = {"icon", "lead", "more_icon"}
LEADS = {"dot", "warn", "none"}
"""Leads of a chip over the picture that are painted, and a word that is compared with, not loaded."""


def strings(node: ast.expr) -> Iterator[str]:
    """Every string that an expression may give."""
    yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def asked_icons() -> set[str]:
    asked: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = ICON_PLACES.get(name)
            if place is not None and len(node.args) > place:
                asked.update(strings(node.args[place]))
            for keyword in node.keywords:
                if keyword.arg in ICON_WORDS:
                    asked.update(strings(keyword.value))
    return {name for name in asked if re.fullmatch(r"[a-z][a-z0-9-]+", name)} - LEADS


def test_every_icon_that_is_asked_for_is_there() -> None:
    files = {path.stem for path in resource("icons", "tabler").glob("*.svg")}
    asked = asked_icons()
    assert {"cloud", "movie", "player-pause", "alert-triangle", "eye"} <= asked, "the search has gone blind"
    assert not asked - files, f"no file for {sorted(asked - files)}"


def test_no_icon_is_carried_along_for_nothing() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    unused = [path.stem for path in resource("icons", "tabler").glob("*.svg") if f'"{path.stem}"' not in text]
    assert not unused, f"nobody asks for {unused}"


def test_icons_are_tinted_and_as_dense_as_the_screen() -> None:
    picture = icons.pixmap("check", 16, "ok", 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (32, 2.0)
    image = picture.toImage()
    inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255]
    assert inked
    assert all(abs(ink.red() - theme().color("ok").red()) <= 2 for ink in inked)


def test_what_is_bundled_has_its_licence_beside_it() -> None:
    for folder in (("fonts", "inter"), ("fonts", "jetbrains-mono"), ("icons", "tabler")):
        assert resource(*folder, "LICENSE.txt").stat().st_size > 500
