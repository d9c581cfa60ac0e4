"""The pill that says whether a narrative follows, and takes hold again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Control
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.paint import paint_box


class FollowPill(Control):
    """28 high. Filled: following; a line and what is new: not. Beside the player it offers to go back to what plays."""

    def __init__(self, narrative: NarrativeView, *, watch: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrative, self._watch = narrative, watch
        self.setToolTip(self.tr("End"))
        self.clicked.connect(self._take_hold)
        narrative.following_changed.connect(self._say)
        self._say(narrative.following, narrative.new_count)

    @Slot(bool, int)
    def _say(self, following: bool, new: int) -> None:
        if self._watch:
            text = self.tr("Following the player") if following else self.tr("Back to what plays")
        elif following:
            text = self.tr("Follow newest")
        elif new:
            text = self.tr("{0} new").format(new)
        else:
            text = self.tr("Follow newest")
        self.setText(text)
        self.updateGeometry()
        self.adjustSize()
        self.update()

    @Slot()
    def _take_hold(self) -> None:
        self._narrative.set_following(True)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font("small", 500)).horizontalAdvance(self.text()) + 1 + 24 + 20, theme().size("controlSmall"))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter, rect = theme(), QPainter(self), QRectF(self.rect())
        filled = self._narrative.following
        if filled:
            fill = colors.color("accent-fill")
            paint_box(
                painter, rect, rect.height() / 2, fill=fill.darker(108) if self.hovered else fill, line=colors.color("text") if self.ringed else None, width=2
            )
        else:
            fill = colors.color("accent-tint" if self.hovered else "surface")
            paint_box(painter, rect, rect.height() / 2, fill=fill, line=colors.color("accent"), width=2 if self.ringed else 1)
        ink = "accent-fg" if filled else "accent"
        paint_icon(painter, "arrow-down", QRectF(12, rect.height() / 2 - 7, 14, 14), ink)
        painter.setFont(colors.font("small", 500))
        painter.setPen(colors.color(ink))
        painter.drawText(rect.adjusted(32, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
