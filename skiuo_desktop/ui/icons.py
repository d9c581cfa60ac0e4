"""Tabler outline icons, tinted with a token's colour at the device's pixel ratio. Files: `resources/icons/tabler`."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from skiuo_desktop.home import resource
from skiuo_desktop.ui.theme import theme

STROKES = ((16, 1.75), (20, 1.6))
"""Width of the line in the icon's 24 units for icons up to so many pixels; larger ones are drawn at 1.5."""


def _stroke(size: int) -> float:
    return next((width for most, width in STROKES if size <= most), 1.5)


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return resource("icons", "tabler", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _render(name: str, size: int, rgba: int, ratio: float) -> QPixmap:
    color = QColor.fromRgba(rgba)
    text = _source(name).replace("currentColor", color.name()).replace('stroke-width="2"', f'stroke-width="{_stroke(size)}"')
    renderer = QSvgRenderer(QByteArray(text.encode()))
    side = round(size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(color.alphaF())
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def pixmap(name: str, size: int = 16, color: str | QColor = "text", ratio: float | None = None) -> QPixmap:
    """The icon `size` logical pixels wide. `color` is a token or a colour; `ratio` the device pixel ratio, by default the sharpest screen's."""
    chosen = theme().color(color) if isinstance(color, str) else color
    if ratio is None:
        ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    return _render(name, size, chosen.rgba(), ratio)


def icon(name: str, size: int = 16, color: str | QColor = "text") -> QIcon:
    return QIcon(pixmap(name, size, color))


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: str | QColor = "text") -> None:
    """The icon in the middle of `rect`, as large as its shorter side, at the pixel ratio of what is painted on."""
    size = round(min(rect.width(), rect.height()))
    picture = pixmap(name, size, color, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.center() - QRectF(0, 0, size, size).center(), picture)
