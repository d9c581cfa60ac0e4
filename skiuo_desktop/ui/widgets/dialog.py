"""A dialog inside the window, only before something is lost. The button says what it does; Esc is the safe answer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.floating import MARGIN, Floating
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import painted


class Dialog(QWidget):
    """Asks once and goes: `accepted` for the named verb, `refused` for everything else."""

    accepted = Signal()
    refused = Signal()

    def __init__(self, window: QWidget, *, title: str, text: str, verb: str, keep: str, warning: str = "", kind: str = "destroy") -> None:
        """`verb` and `keep` are the two buttons; `kind` is the look of the first (`destroy` or `primary`)."""
        super().__init__(window)
        self._before = QApplication.focusWidget()
        self._done = False
        self._card = Floating(self, padding=20)
        self._card.body.setSpacing(6)
        heading = Label(title, self._card, role="title", wrap=True)
        self._card.body.addWidget(heading)
        words = Label(text, self._card, color="text-muted", wrap=True)
        self._card.body.addWidget(words)
        self._card.body.addSpacing(6)
        if warning:
            banner = Banner(self._card, closable=False)
            banner.tell("warn", "", warning)
            self._card.body.addWidget(banner)
        self._card.body.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.keep_button = Button(keep, self._card)
        self.verb_button = Button(verb, self._card, kind=kind)
        row.addWidget(self.keep_button)
        row.addWidget(self.verb_button)
        self._card.body.addLayout(row)
        self.keep_button.clicked.connect(self._refuse)
        self.verb_button.clicked.connect(self._accept)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._hold_focus)

    def ask(self) -> Dialog:
        """Shows it; the answer comes as a signal."""
        self._lay_out()
        self.show()
        self.raise_()
        self.keep_button.setFocus(Qt.FocusReason.TabFocusReason)
        return self

    def _lay_out(self) -> None:
        self.setGeometry(self.window().rect())
        width = theme().size("dialog") + 2 * MARGIN
        height = self._card.body.heightForWidth(width)
        self._card.setFixedSize(width, height)
        self._card.move((self.width() - width) // 2, max(0, (self.height() - height) // 2 - 24))

    def _accept(self) -> None:
        self._end()
        self.accepted.emit()

    def _refuse(self) -> None:
        self._end()
        self.refused.emit()

    def _end(self) -> None:
        self._done = True
        self.window().removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def _hold_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """While it asks, the keyboard stays here."""
        if not self._done and self.isVisible() and new is not None and new.window() is self.window() and not self.isAncestorOf(new):
            self.keep_button.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.window():
            self._lay_out()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._refuse()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        veil = QColor(theme().color("overlay-solid"))
        veil.setAlphaF(0.4)
        painter.fillRect(self.rect(), veil)
