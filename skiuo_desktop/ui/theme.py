"""Tokens once, turned into Qt: colours, fonts, sizes, palette and style sheet, in light and dark.

Everything that paints asks `theme()`. Values stand in `resources/theme/tokens.json`; sizes are logical pixels.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from PySide6.QtCore import QEasingCurve, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from skiuo_desktop.home import resource
from skiuo_desktop.ui.stylesheet import stylesheet

FONT_FILES = (
    ("inter", "Inter-Regular.ttf"),
    ("inter", "Inter-Medium.ttf"),
    ("inter", "Inter-SemiBold.ttf"),
    ("jetbrains-mono", "JetBrainsMono-Regular.ttf"),
    ("jetbrains-mono", "JetBrainsMono-Medium.ttf"),
)

LETTER_SPACING = {"clock": -0.5}
"""Pixels, for the one role whose spacing is not the font's own."""


class Theme(QObject):
    """Colours, fonts and sizes in force. `changed` follows a new appearance or a new language."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[str, Any] = json.loads(resource("theme", "tokens.json").read_text(encoding="utf-8"))
        self._preference = "system"
        self._dark = False
        self._language = "en"
        self._app: QApplication | None = None
        self._colors: dict[tuple[bool, str], QColor] = {}
        self._fonts: dict[tuple[str, int | None, bool, str], QFont] = {}
        self.still = False
        """True when the system asks for reduced motion: what would move stands, what would fade changes at once."""

    # ------------------------------------------------------------------ values

    @property
    def dark(self) -> bool:
        return self._dark

    @property
    def language(self) -> str:
        """`en` or `zh`: the language whose type sizes are in force."""
        return self._language

    def color(self, name: str) -> QColor:
        """The colour of that token in the mode in force. Raises KeyError for a name that is none."""
        key = (self._dark, name)
        if key not in self._colors:
            self._colors[key] = QColor(self._tokens["color"]["dark" if self._dark else "light"][name])
        return QColor(self._colors[key])

    def _type(self, role: str) -> dict[str, Any]:
        chinese = self._tokens["typeZh"].get(role) if self._language == "zh" else None
        found: dict[str, Any] = chinese or self._tokens["type"][role]
        return found

    def font(self, role: str, weight: int | None = None, *, mono: bool = False) -> QFont:
        """The font of that role (`caption` … `clock`); `weight` 400, 500 or 600 where it differs from the role's own."""
        key = (role, weight, mono, self._language)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(role, weight, mono)
        return QFont(self._fonts[key])

    def _make_font(self, role: str, weight: int | None, mono: bool) -> QFont:
        kind = self._type(role)
        font = QFont()
        font.setFamilies(self._tokens["font"]["mono" if mono else "ui"])
        font.setPixelSize(kind["size"])
        font.setWeight(QFont.Weight(weight or kind["weight"]))
        # Hinted advances would round each glyph to whole pixels, so that text at 12 and 13 px looks uneven.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if mono:
            font.setFeature(QFont.Tag("calt"), 0)
        else:
            for tag, value in self._tokens["font"]["features"].items():
                font.setFeature(QFont.Tag(tag), value)
        if role in LETTER_SPACING:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, LETTER_SPACING[role])
        return font

    def line(self, role: str) -> int:
        """Height of a line of that role, pixels."""
        return int(self._type(role)["line"])

    def size(self, name: str) -> int:
        return int(self._tokens["size"][name])

    def pair(self, name: str) -> QSize:
        """A size with two sides, such as `switch` or `minWindow`."""
        width, height = self._tokens["size"][name]
        return QSize(width, height)

    def space(self, step: int) -> int:
        """Pixels of that step: 1 is 4, 2 is 8, 4 is 16, 6 is 24 …"""
        return int(self._tokens["space"][str(step)])

    def radius(self, name: str) -> int:
        return int(self._tokens["radius"][name])

    def motion(self, name: str) -> int:
        """Milliseconds; 0 for transitions when the system asks for reduced motion."""
        if self.still and name in ("fast", "base", "slow"):
            return 0
        return int(self._tokens["motion"][name])

    @property
    def easing(self) -> QEasingCurve.Type:
        return QEasingCurve.Type.OutCubic

    def shadow(self) -> tuple[int, int, QColor]:
        """(blur, vertical offset, colour) of what floats."""
        kind = self._tokens["shadow"]["dark" if self._dark else "light"]
        color = QColor(kind["color"])
        color.setAlphaF(kind["alpha"])
        return int(kind["blur"]), int(kind["dy"]), color

    # ------------------------------------------------------------------ what is in force

    def install(self, app: QApplication, preference: str = "system", language: str = "en") -> None:
        """Loads the fonts, takes the style in hand, and follows the system's light and dark from now on."""
        if self._app is None:
            for folder, name in FONT_FILES:
                QFontDatabase.addApplicationFont(str(resource("fonts", folder, name)))
            app.setStyle("Fusion")
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._app = app
        self._preference = preference
        self._language = language
        self._dark = self._wanted_dark()
        self._tell_system()
        self._apply()

    def set_preference(self, preference: str) -> None:
        """`system`, `light` or `dark`."""
        if preference != self._preference:
            self._preference = preference
            self._tell_system()
            self._dark = self._wanted_dark()
            self._apply()

    def _wanted_dark(self) -> bool:
        if self._preference == "system":
            return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._preference == "dark"

    def _tell_system(self) -> None:
        """Title bars and native dialogs follow the choice as well."""
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        QGuiApplication.styleHints().setColorScheme(schemes.get(self._preference, Qt.ColorScheme.Unknown))

    @Slot()
    def _follow_system(self) -> None:
        wanted = self._wanted_dark()
        if wanted != self._dark:
            self._dark = wanted
            self._apply()

    def _apply(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(self._palette())
        self._app.setFont(self.font("body"))
        self._app.setStyleSheet(stylesheet(self.color, radius=self.radius("sm"), field=self.size("control") - 2))
        self.changed.emit()

    def _palette(self) -> QPalette:
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        palette = QPalette()
        for part, token in (
            (role.Window, "bg"),
            (role.WindowText, "text"),
            (role.Base, "surface"),
            (role.AlternateBase, "surface-2"),
            (role.ToolTipBase, "surface"),
            (role.ToolTipText, "text"),
            (role.Text, "text"),
            (role.Button, "surface"),
            (role.ButtonText, "text"),
            (role.BrightText, "accent-fg"),
            (role.Link, "accent"),
            (role.LinkVisited, "accent"),
            (role.Highlight, "accent-fill"),
            (role.HighlightedText, "accent-fg"),
            (role.PlaceholderText, "text-muted"),
            (role.Light, "surface"),
            (role.Midlight, "surface-2"),
            (role.Mid, "border"),
            (role.Dark, "control-border"),
            (role.Shadow, "control-border"),
            (role.Accent, "accent-fill"),
        ):
            palette.setColor(part, self.color(token))
        for part in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, part, self.color("text-disabled"))
        return palette


@cache
def theme() -> Theme:
    return Theme()


def tint(widget: QWidget, token: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
    """Gives one role of a widget's palette the colour of a token, as it is now; call it again when the theme changes."""
    palette = widget.palette()
    palette.setColor(role, theme().color(token))
    widget.setPalette(palette)
