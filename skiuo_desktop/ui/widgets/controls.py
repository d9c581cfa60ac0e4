"""Buttons, painted by hand from the tokens. Each has hover, pressed, keyboard focus and disabled looks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QShortcutEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.paint import paint_box, paint_caption, painted

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Control(QAbstractButton):
    """Base of what can be pressed: knows whether the pointer is over it and whether the keyboard brought the focus here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.ringed = False
        self.hovered = False
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.ringed = event.reason() in KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.ringed = False
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = False
        super().leaveEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        # Qt shows a press for 100 ms before it acts on a shortcut: a marker belongs to the moment of its key.
        if event.type() is QEvent.Type.Shortcut and isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Button(Control):
    """A button with words, an icon, or both.

    `kind`: `plain`, `primary` (one a view), `ghost`, `danger` (leads to a loss), `destroy` (the loss itself), `link`.
    `size`: `normal` 32, `small` 28, `large` 40. Without text it is square and needs `name` for those who cannot see it.
    """

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, kind: str = "plain", size: str = "normal", icon: str = "", name: str = "", tone: str = ""
    ) -> None:
        super().__init__(parent)
        self._kind, self._size, self._icon, self._tone = kind, size, icon, tone
        self.setText(text)
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def set_kind(self, kind: str) -> None:
        """Another look, for another thing that it does."""
        self._kind = kind
        self._restyle()

    def _height(self) -> int:
        return theme().size({"small": "controlSmall", "large": "controlLarge"}.get(self._size, "control"))

    def _padding(self) -> int:
        if self._kind == "link":
            return 4
        return {"small": 10, "large": 20}.get(self._size, 12)

    def _side(self) -> int:
        return 14 if self._size == "small" else 16

    def _font_role(self) -> str:
        return {"small": "small", "large": "read"}.get(self._size, "body")

    def sizeHint(self) -> QSize:
        height = self._height()
        if not self.text():
            return QSize(height, height)
        width = QFontMetrics(theme().font(self._font_role(), 500)).horizontalAdvance(self.text()) + 1 + 2 * self._padding()
        return QSize(width + (self._side() + 6 if self._icon else 0), height)

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """(fill, line, text)"""
        t, down, over = theme(), self.isDown() or self.isChecked(), self.hovered
        if not self.isEnabled():
            return None, None if self._kind in ("ghost", "link") else t.color("border"), t.color("text-disabled")
        if self._kind in ("primary", "destroy"):
            base = t.color("accent-fill" if self._kind == "primary" else "recording-fill")
            fill = base.darker(112) if down else base.darker(106) if over else base
            return fill, None, t.color("accent-fg")
        if self._kind == "link":
            return None, None, t.color(self._tone or "accent")
        state = t.color("surface-3") if down else t.color("surface-2") if over else None
        if self._kind == "ghost":
            return state, None, t.color(self._tone or "text-muted")
        return state or t.color("surface"), t.color("border"), t.color(self._tone or ("recording" if self._kind == "danger" else "text"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        fill, line, ink = self._colors()
        rect = QRectF(self.rect())
        radius = theme().radius("sm")
        paint_box(painter, rect, radius, fill=fill, line=line)
        if self.ringed:
            paint_box(painter, rect, radius, line=theme().color("accent" if self._kind not in ("primary", "destroy") else "text"), width=2)
        side = self._side()
        if not self.text():
            paint_icon(painter, self._icon, QRectF(0, 0, side, side).translated(rect.center() - QPointF(side / 2, side / 2)), ink)
            return
        font = theme().font(self._font_role(), 500)
        x = float(self._padding())
        if self._icon:
            paint_icon(painter, self._icon, QRectF(x, (rect.height() - side) / 2, side, side), ink)
            x += side + 6
        painter.setFont(font)
        painter.setPen(ink)
        if self._kind == "link" and self.hovered and self.isEnabled():
            font.setUnderline(True)
            painter.setFont(font)
        flags = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if self._icon else Qt.AlignmentFlag.AlignHCenter)
        left = x if self._icon else 0.0
        painter.drawText(QRectF(left, 0, rect.width() - left, rect.height()), flags, self.text())


class RoundButton(Control):
    """A disc of 44 (36 compact) with an icon; below it, where there is room, what it does and its key."""

    def __init__(self, text: str, key: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._icon, self._compact = key, icon, False
        self.setText(text)
        self.setShortcut(key)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self.text())
        self.setToolTip(f"{self.text()} ({self._key})" if self._compact else "")

    def set_look(self, text: str, icon: str) -> None:
        if (text, icon) == (self.text(), self._icon):
            return
        self._icon = icon
        self.setText(text)
        self.setShortcut(self._key)  # a new text takes the key away
        self._name()
        self._restyle()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._name()
        self._restyle()

    def _disc(self) -> int:
        return theme().size("roundButtonCompact" if self._compact else "roundButton")

    def sizeHint(self) -> QSize:
        return QSize(self._disc(), self._disc()) if self._compact else QSize(76, self._disc() + 6 + theme().line("caption"))

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        t, disc = theme(), self._disc()
        circle = QRectF((self.width() - disc) / 2, 0, disc, disc)
        filled = self.isChecked()
        fill = t.color("text") if filled else t.color("surface-3" if self.isDown() else "surface-2" if self.hovered and self.isEnabled() else "surface")
        if not self.isEnabled():
            fill = t.color("bg")
        paint_box(painter, circle, disc / 2, fill=fill, line=None if filled else t.color("border"))
        if self.ringed:
            paint_box(painter, circle, disc / 2, line=t.color("accent"), width=2)
        ink = t.color("text-disabled") if not self.isEnabled() else t.color("surface" if filled else "text")
        side = 16 if self._compact else 20
        paint_icon(painter, self._icon, QRectF(0, 0, side, side).translated(circle.center() - QPointF(side / 2, side / 2)), ink)
        if not self._compact:
            paint_caption(painter, QRectF(0, disc + 6, self.width(), t.line("caption")), self.text(), self._key, role="caption", enabled=self.isEnabled())
