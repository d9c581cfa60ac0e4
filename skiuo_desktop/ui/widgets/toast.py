"""A toast: what has just been done, for six seconds, bottom left, with one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.floating import MARGIN, Floating
from skiuo_desktop.ui.widgets.labels import Label, Sign

SECONDS = 6


class Toast(Floating):
    """One toast a window: the newest replaces the one before."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, padding=0)
        self._action: Callable[[], object] | None = None
        self._over: QWidget | None = None
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 8, 10)
        row.setSpacing(12)
        self._sign = Sign(WindowState.DONE, self)
        self._words = Label(parent=self, wrap=True)
        self._button = Button("", self, kind="link")
        close = Button(parent=self, kind="ghost", size="small", icon="x", name=self.tr("Close"))
        row.addWidget(self._sign)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._button)
        row.addWidget(close)
        self.body.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self._button.clicked.connect(self._act)
        close.clicked.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def tell(
        self,
        text: str,
        *,
        kind: WindowState | str = WindowState.DONE,
        button: str = "",
        action: Callable[[], object] | None = None,
        over: QWidget | None = None,
    ) -> None:
        """`button` names what `action` does. `over`: in the corner of that widget, where the window's own corner is needed."""
        self._over = over
        self._sign.set_kind(kind)
        self._words.set_text(text)
        self._action = action
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setFixedWidth(theme().size("toast") + 2 * MARGIN)
        self.setFixedHeight(self.body.heightForWidth(self.width()))
        self.place(self._corner())
        self._timer.start()

    @property
    def words(self) -> str:
        return self._words.words

    def _corner(self) -> QPoint:
        height = self.height() - 2 * MARGIN
        if self._over is not None and self._over.isVisible():
            return self._over.mapTo(self.window(), QPoint(12, self._over.height() - height - 12))
        rail = theme().size("rail" if self.window().width() >= theme().size("compactBelow") else "railCompact")
        return QPoint(rail + 24, self.window().height() - height - 24)

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.move(self._corner() - QPoint(MARGIN, MARGIN))
        return super().eventFilter(watched, event)
