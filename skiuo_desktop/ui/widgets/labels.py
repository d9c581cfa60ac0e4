"""Words on a page: labels whose font and colour are tokens, chips, hairlines."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.glyphs import paint_glyph, paint_sign
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme, tint
from skiuo_desktop.ui.widgets.paint import painted


class Label(QLabel):
    """Plain words in the font of a role and the colour of a token. `**so**` is bold where `rich` is set.

    Wrapping labels keep the line height of the design, which is larger than the font's own.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "body",
        color: str = "text",
        weight: int | None = None,
        wrap: bool = False,
        rich: bool = False,
        selectable: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        super().__init__(parent)
        self._role, self._color, self._weight, self._align = role, color, weight, align
        self._rich = rich or wrap
        self._words = ""
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.RichText if self._rich else Qt.TextFormat.PlainText)
        self.setAlignment(align | (Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter))
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        self._restyle()
        theme().changed.connect(self._restyle)

    @property
    def words(self) -> str:
        return self._words

    def minimumSizeHint(self) -> QSize:
        # A wrapping QLabel guesses a width and asks for the height that this one would take.
        return QSize(24, theme().line(self._role)) if self.wordWrap() else super().minimumSizeHint()

    def set_text(self, text: str) -> None:
        if text == self._words and self.text():
            return
        self._words = text
        self._lay_out()

    def _lay_out(self) -> None:
        if not self._rich:
            self.setText(self._words)
            return
        parts = escape(self._words).split("**")
        marked = "".join(f'<span style="font-weight:600;color:{theme().color("text").name()}">{part}</span>' if i % 2 else part for i, part in enumerate(parts))
        align = {Qt.AlignmentFlag.AlignRight: "right", Qt.AlignmentFlag.AlignHCenter: "center"}.get(self._align, "left")
        self.setText(f'<p align="{align}" style="margin:0; line-height:{theme().line(self._role)}px; -qt-line-height-type:fixed">{marked}</p>')
        self.setAccessibleName(self._words.replace("**", ""))

    def set_color(self, color: str) -> None:
        if color != self._color:
            self._color = color
            tint(self, color)

    def _restyle(self) -> None:
        self.setFont(theme().font(self._role, self._weight))
        tint(self, self._color)
        if not self.wordWrap():
            self.setFixedHeight(theme().line(self._role))
        self._lay_out()


class ElidedLabel(QWidget):
    """One line that loses its middle (names) or its left (paths) rather than its place."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "body",
        color: str = "text",
        weight: int | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._text, self._role, self._color, self._weight, self._mode = text, role, color, weight, mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font(self._role, self._weight)).horizontalAdvance(self._text) + 1, theme().line(self._role))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, theme().line(self._role))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        font = theme().font(self._role, self._weight)
        painter.setFont(font)
        painter.setPen(theme().color(self._color))
        shown = QFontMetrics(font).elidedText(self._text, self._mode, self.width())
        self.setToolTip(self._text if shown != self._text else "")
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class Sign(QWidget):
    """A state glyph or a sign of 16 pixels beside words that say the same."""

    def __init__(self, kind: WindowState | str, parent: QWidget | None = None, *, side: int = 16, color: str | None = None) -> None:
        """`kind` is a window's state, or `ok`, `warn`, `error`, `info`, `wait`."""
        super().__init__(parent)
        self._kind, self._color = kind, color
        self.setFixedSize(side, side)
        theme().changed.connect(self.update)

    def set_kind(self, kind: WindowState | str) -> None:
        if kind != self._kind:
            self._kind = kind
            self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        if isinstance(self._kind, WindowState):
            paint_glyph(painter, rect, self._kind)
        else:
            paint_sign(painter, rect, self._kind, self._color)


class Icon(QWidget):
    """An icon in the colour of a token."""

    def __init__(self, name: str, side: int, color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._color = name, color
        self.setFixedSize(side, side)
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        paint_icon(painter, self._name, QRectF(self.rect()), self._color)


CHIPS = {
    "neutral": ("surface-2", "text"),
    "line": ("", "text"),
    "accent": ("accent-tint", "accent"),
    "ok": ("ok-tint", "ok"),
    "warn": ("warn-tint", "warn"),
    "error": ("error-tint", "error"),
    "recording": ("recording-tint", "recording"),
}


class Chip(QWidget):
    """A short fact in a tinted box, 24 high (18 in cards). A coloured one always has a sign: colour alone says nothing."""

    def __init__(self, text: str, parent: QWidget | None = None, *, kind: str = "neutral", icon: str = "", small: bool = False) -> None:
        super().__init__(parent)
        self._text, self._kind, self._icon, self._small = text, kind, icon, small
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def set_chip(self, text: str, kind: str = "neutral", icon: str = "") -> None:
        self._text, self._kind, self._icon = text, kind, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def _sign(self) -> WindowState | str | None:
        return {"ok": "ok", "warn": "warn", "error": WindowState.FAILED, "recording": WindowState.RECORDING}.get(self._kind)

    def _measures(self) -> tuple[int, int, int, str, int | None]:
        """(height, padding, side of the sign, role, weight)"""
        weight = None if self._kind in ("neutral", "line") else 500
        return (18, 6, 12, "caption", 400) if self._small else (theme().size("chip"), 8, 14, "small", weight)

    def sizeHint(self) -> QSize:
        height, padding, side, role, weight = self._measures()
        extra = side + (4 if self._small else 6) if self._icon or self._sign else 0
        return QSize(QFontMetrics(theme().font(role, weight)).horizontalAdvance(self._text) + 1 + 2 * padding + extra, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, rect = theme(), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = CHIPS[self._kind]
        painter.setPen(t.color("border") if self._kind == "line" else Qt.PenStyle.NoPen)
        painter.setBrush(t.color(fill) if fill else Qt.BrushStyle.NoBrush)
        inset = 0.5 if self._kind == "line" else 0
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), t.radius("sm"), t.radius("sm"))
        _, padding, side, role, weight = self._measures()
        x = float(padding)
        box = QRectF(x, (rect.height() - side) / 2, side, side)
        sign = self._sign
        if self._icon:
            paint_icon(painter, self._icon, box, t.color(ink))
        elif isinstance(sign, WindowState):
            paint_glyph(painter, box, sign)
        elif sign is not None:
            paint_sign(painter, box, sign)
        if self._icon or sign is not None:
            x += side + (4 if self._small else 6)
        painter.setFont(t.font(role, weight))
        painter.setPen(t.color(ink))
        painter.drawText(QRectF(x, 0, rect.width() - x, rect.height()), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)


class Rule(QFrame):
    """A hairline, horizontal or vertical."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme().changed.connect(self.update)

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("border"))
