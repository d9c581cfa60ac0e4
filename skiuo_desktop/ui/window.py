"""The one window: the rail, the pages in a stack, what floats over them, and how one page leads to another.

Pages other than Record are made when they are first looked at, and only once the engine is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.events import Event, Repaired
from skiuo_desktop.model import WindowState
from skiuo_desktop.ui import backend_words
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.backend import Backend
from skiuo_desktop.ui.glyphs import window_icon
from skiuo_desktop.ui.metered import Metered
from skiuo_desktop.ui.pages.record import RecordPage
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.controls import Button
from skiuo_desktop.ui.widgets.dialog import Dialog
from skiuo_desktop.ui.widgets.labels import Label
from skiuo_desktop.ui.widgets.paint import painted
from skiuo_desktop.ui.widgets.rail import Rail
from skiuo_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge
    from skiuo_desktop.ui.pages.library import LibraryPage
    from skiuo_desktop.ui.pages.settings import SettingsPage
    from skiuo_desktop.ui.pages.watch import WatchPage

RECORD, LIBRARY, WATCH, SETTINGS = "record", "library", "watch", "settings"
FIRST_SIZE = (1440, 900)
TITLE_BAR = 40


class _Failed(QWidget):
    """In place of the pages when the engine cannot start."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(Label(self.tr("Skiuo could not start"), self, role="display", align=Qt.AlignmentFlag.AlignHCenter))
        self._why = Label(parent=self, color="text-muted", wrap=True, selectable=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._why.setFixedWidth(480)
        column.addWidget(self._why, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        button = Button(self.tr("Try again"), self, kind="primary")
        button.clicked.connect(self.again)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def tell(self, why: str) -> None:
        self._why.set_text(why)


class Window(QWidget):
    closing = Signal()
    """The person has decided: end everything. The window stays until it is hidden."""
    start_again = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._compact = False
        self._may_close = False
        self._asking: Dialog | None = None
        self._wanted: tuple[str, str, int] | None = None
        self._library: LibraryPage | None = None
        self._watch: WatchPage | None = None
        self._settings: SettingsPage | None = None
        self.setWindowTitle("Skiuo")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(theme().pair("minWindow"))
        self._first_size()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(self)
        self.rail.add(RECORD, self.tr("Record"), "player-record")
        self.rail.add(LIBRARY, self.tr("Library"), "movie")
        self.rail.add(SETTINGS, self.tr("Settings"), "settings")
        self.rail.chosen.connect(self.show_page)
        self.stack = QStackedWidget(self)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        self.toast = Toast(self)
        self.record = RecordPage(bridge, self.toast, self.stack)
        self.record.open_recording.connect(self.open_recording)
        self.record.recording_changed.connect(self._recording_changed)
        self.record.full_screen.connect(self._full_screen)
        self.record.models_wanted.connect(self.open_models)
        self.stack.addWidget(self.record)
        self._failed = _Failed(self.stack)
        self._failed.again.connect(self._try_again)
        self.stack.addWidget(self._failed)
        self.rail.set_current(RECORD)
        self._backend = Backend(bridge, self)
        self._backend.changed.connect(self._mirror_changed)
        self._metered = Metered(bridge, self)
        self.rail.foot.clicked.connect(self.open_backend)
        bridge.failed.connect(self.tell_error)
        bridge.event.connect(self._on_event)
        bridge.ready.connect(self._ready)
        theme().changed.connect(self._restyle)

    def _first_size(self) -> None:
        """As the design has it, or what the screen has room for, its title bar included."""
        width, height = FIRST_SIZE
        screen = self.screen().availableSize()
        self.resize(min(width, screen.width()), min(height, screen.height() - TITLE_BAR))

    # ------------------------------------------------------------------ pages

    @Slot(str)
    def show_page(self, page: str) -> None:
        """`record`, `library` or `settings`."""
        self.rail.set_current(page)
        if page == RECORD:
            self.stack.setCurrentWidget(self.record)
        elif not self._bridge.is_ready:
            self._wanted = (page, "", 0)
        elif page == SETTINGS:
            self.stack.setCurrentWidget(self._settings_page())
        else:
            self.stack.setCurrentWidget(self._library_page())

    @Slot()
    def open_models(self) -> None:
        """The models and their order, in the settings."""
        self.show_page(SETTINGS)
        if self._settings is not None:
            self._settings.show_section("models")

    @Slot()
    def open_backend(self) -> None:
        """The person's own servers, in the settings."""
        self.show_page(SETTINGS)
        if self._settings is not None:
            self._settings.show_section("backend")

    @Slot(str, object)
    def open_recording(self, recording_id: str, at_ms: int = 0) -> None:
        """Shows a recording in the player, at that moment."""
        if not self._bridge.is_ready:
            self._wanted = (WATCH, recording_id, at_ms)
            return
        page = self._watch_page()
        page.show_recording(recording_id, at_ms)
        self.rail.set_current(LIBRARY)
        self.stack.setCurrentWidget(page)

    def _library_page(self) -> LibraryPage:
        if self._library is None:
            from skiuo_desktop.ui.pages.library import LibraryPage

            self._library = LibraryPage(self._bridge, self.stack)
            self._library.open_recording.connect(self.open_recording)
            self._library.new_recording.connect(self._new_recording)
            self._library.said.connect(self._said)
            self._library.set_compact(self._compact)
            self.stack.addWidget(self._library)
        return self._library

    def _watch_page(self) -> WatchPage:
        if self._watch is None:
            from skiuo_desktop.ui.pages.watch import WatchPage

            self._watch = WatchPage(self._bridge, self.stack)
            self._watch.back.connect(self._back)
            self._watch.said.connect(self._said)
            self._watch.set_compact(self._compact)
            self.stack.addWidget(self._watch)
        return self._watch

    def _settings_page(self) -> SettingsPage:
        if self._settings is None:
            from skiuo_desktop.ui.pages.settings import SettingsPage

            self._settings = SettingsPage(self._bridge, self.stack)
            self._settings.said.connect(self._said)
            self._settings.set_compact(self._compact)
            self.stack.addWidget(self._settings)
        return self._settings

    @Slot()
    def _back(self) -> None:
        self.show_page(LIBRARY)

    @Slot()
    def _new_recording(self) -> None:
        self.show_page(RECORD)

    @Slot()
    def _ready(self) -> None:
        if self.stack.currentWidget() is self._failed:
            self.stack.setCurrentWidget(self.record)
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == WATCH:
            self.open_recording(wanted[1], wanted[2])
        elif wanted is not None:
            self.show_page(wanted[0])

    # ------------------------------------------------------------------ what is told

    @Slot(object)
    def tell_error(self, error: SkiuoError) -> None:
        """An error that belongs to no place on a page."""
        self.toast.tell(fmt.error(error), kind=WindowState.FAILED)

    @Slot(str)
    def _said(self, sentence: str) -> None:
        """Something has been done."""
        self.toast.tell(sentence)

    def show_failure(self, error: SkiuoError) -> None:
        """The engine could not start."""
        self._failed.tell(fmt.error(error))
        self.stack.setCurrentWidget(self._failed)

    @Slot()
    def _try_again(self) -> None:
        self.stack.setCurrentWidget(self.record)
        self.start_again.emit()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, Repaired) and event.duration_ms > 0:
            self.toast.tell(
                self.tr("A recording that was cut short has been repaired."),
                button=self.tr("Watch"),
                action=lambda: self.open_recording(event.recording_id),
            )

    @Slot(bool)
    def _recording_changed(self, on: bool) -> None:
        self.rail.set_dot(RECORD, on, self.tr("recording"))
        self.setWindowTitle(self.tr("Recording – Skiuo") if on else "Skiuo")

    @Slot()
    def _mirror_changed(self) -> None:
        """The rail's foot; nothing stands there without servers."""
        foot, status = self.rail.foot, self._backend.status
        foot.setVisible(status.configured)
        if status.configured:
            self._metered.start()
            told = backend_words.told(status)
            foot.set_state(told.icon, told.short, "\n".join((told.head, *told.sentences)), warns=told.sign == "warn", share=told.share)

    # ------------------------------------------------------------------ size and look

    @Slot(bool)
    def _full_screen(self, full: bool) -> None:
        self.rail.setVisible(not full)
        if full:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
        elif self._was_maximized:
            self.showMaximized()
        else:
            self.showNormal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        compact = self.width() < theme().size("compactBelow")
        if compact != self._compact:
            self._compact = compact
            self.rail.set_compact(compact)
            for page in (self.record, self._library, self._watch, self._settings):
                if page is not None:
                    page.set_compact(compact)

    @Slot()
    def _restyle(self) -> None:
        self.setWindowIcon(window_icon())
        self.update()

    @painted
    def paintEvent(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color("bg"))

    # ------------------------------------------------------------------ the end

    @property
    def ending(self) -> bool:
        return self._may_close

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        if not self.record.state.busy:
            self.end()
        elif self._asking is None:
            self._ask()

    def _ask(self) -> None:
        self._asking = Dialog(
            self,
            title=self.tr("Stop recording and close?"),
            text=self.tr("The recording is saved up to this moment. Windows that no model has described yet are taken up at the next start."),
            verb=self.tr("Stop and close"),
            keep=self.tr("Go on recording"),
            kind="primary",
        )
        self._asking.accepted.connect(self.end)
        self._asking.refused.connect(self._not_asking)
        self._asking.ask()

    @Slot()
    def _not_asking(self) -> None:
        self._asking = None

    @Slot()
    def end(self) -> None:
        """Without asking: the recording is ended cleanly and everything closed."""
        if not self._may_close:
            self._may_close = True
            self._asking = None
            self.setEnabled(False)
            self.record.preview.shut()
            if not self.record.state.busy:
                self.hide()
            self.closing.emit()
