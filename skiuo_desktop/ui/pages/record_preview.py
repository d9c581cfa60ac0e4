"""Which source and microphone are open, and their picture on the surface, with a card over it when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from skiuo_desktop import settings as s
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_card import SourceCard
from skiuo_desktop.ui.pages.record_sources import Found, FoundSound, SourceBar
from skiuo_desktop.ui.pages.record_state import RecordState
from skiuo_desktop.ui.preview import Frame, Preview
from skiuo_desktop.ui.widgets.video import VideoSurface

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

AWAY_MS = 10_000
"""So long after the page was left the source is closed: a camera's light says that somebody is watching."""
SAY_OPENING_MS = 200


class Info(Protocol):
    """What an open source promises."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def fps(self) -> float: ...
    @property
    def has_audio(self) -> bool: ...


class SourcePreview(QObject):
    changed = Signal()

    def __init__(self, bridge: Bridge, state: RecordState, video: VideoSurface, bar: SourceBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._state, self._video, self._bar = bridge, state, video, bar
        self.source, self.microphone = "", "default"
        self.info: Info | None = None
        self.error = ""
        self._none_found = False  # nothing was chosen before, and there is no camera to take
        self._opening = 0  # counts the wishes: the answer to an older one is not of interest
        self._waiting = False
        self._visible = False
        self._shut = False
        self._card = SourceCard()
        self._card_up = False
        self._preview = Preview(self._latest, self)
        self._preview.picture.connect(self._picture)
        video.room_changed.connect(self._preview.set_room)
        bar.source_chosen.connect(self._source_chosen)
        bar.microphone_chosen.connect(self._microphone_chosen)
        self._card.again_pressed.connect(self._again)
        self._card.other_pressed.connect(bar.source.open_list)
        self._say = QTimer(self, singleShot=True, interval=SAY_OPENING_MS)
        self._say.timeout.connect(self._say_opening)
        self._away = QTimer(self, interval=AWAY_MS)  # again and again: a recording may end, or a source open, while nobody looks
        self._away.timeout.connect(self._close)

    # ------------------------------------------------------------------ life

    def begin(self) -> None:
        """The engine is there: takes up the source chosen last, and asks what else there is."""
        engine = self._bridge.engine
        self.source, self.microphone = engine.settings.get(s.SOURCE), engine.settings.get(s.MICROPHONE)
        self._bar.show_source(self.source)
        self._bar.show_microphone(self.microphone)
        self._bridge.ask(engine.sources(), self._sources_known)
        self._bridge.ask(engine.microphones(), self._microphones_known)
        if self.source and self._visible:
            self._open()

    def set_visible(self, visible: bool) -> None:
        """Whether the page is looked at. Nobody converts pictures for a page that is not."""
        self._visible = visible
        if self._shut:
            return
        if visible:
            self._away.stop()
            self._preview.start()
            if self._bridge.is_ready and self.source and self.info is None and not self._waiting:
                self._open()
        else:
            self._preview.stop()
            self._away.start()

    def shut(self) -> None:
        """Before the program ends: nothing is asked of the engine any more."""
        self._shut = True
        self._away.stop()
        self._preview.stop()

    def _latest(self) -> Frame | None:
        return self._bridge.engine.latest_frame if self._bridge.is_ready and self.info is not None else None

    @Slot(object)
    def _picture(self, picture: QImage) -> None:
        if self.info is not None:
            self._video.set_picture(picture)

    @Slot()
    def _close(self) -> None:
        if self._bridge.is_ready and not self._state.busy and self.info is not None:
            self._away.stop()
            self._opening += 1
            self.info = None
            self._video.set_picture(None)
            self._state.source_opened()
            self._bridge.ask(self._bridge.engine.close_source(), self._asked)

    def _asked(self, _nothing: object) -> None:
        self.changed.emit()

    # ------------------------------------------------------------------ choosing

    def _sources_known(self, found: Sequence[Found]) -> None:
        self._bar.set_sources(found)
        if self.source:
            self._show_source()
            return
        camera = next((source.text for source in found if source.text.startswith("camera:")), "")
        if camera:
            self.source = camera
            if self._visible:
                self._open()
        self._none_found = not camera
        self.changed.emit()

    def _microphones_known(self, found: Sequence[FoundSound]) -> None:
        self._bar.set_microphones(found)
        self._bar.show_microphone(self.microphone)

    @Slot(str)
    def _source_chosen(self, source: str) -> None:
        self.source = source
        self._open()

    @Slot(str)
    def _microphone_chosen(self, microphone: str) -> None:
        self.microphone = microphone
        self._bar.show_microphone(microphone)
        if self.source:
            self._open()
        else:
            self._remember()

    @Slot()
    def _again(self) -> None:
        if self.info is not None:
            self._bridge.ask(self._bridge.engine.reopen_source(), self._asked)
        elif self.source:
            self._open()
        else:
            self._bar.source.open_list()

    def _remember(self) -> None:
        """For the next start; an address is kept without its credentials."""
        engine, microphone = self._bridge.engine, self.microphone
        values = {s.MICROPHONE.key: microphone}
        if self.source:
            values[s.SOURCE.key] = engine.describe_source(self.source)[0]
        self._bridge.ask(self._bridge.work(lambda: engine.settings.change(values)), self._asked)

    # ------------------------------------------------------------------ opening

    def _open(self) -> None:
        self._opening += 1
        number = self._opening
        self._waiting, self._none_found = True, False
        self.info, self.error = None, ""
        self._state.source_opened()
        self._video.set_picture(None)
        self._video.set_message("")
        self._say.start()
        self._bar.show_source(self.source)
        future = self._bridge.engine.open_source(self.source, self.microphone)
        self._bridge.ask(future, lambda info: self._opened(number, info), lambda error: self._refused(number, error), owner=self)
        self.changed.emit()

    @Slot()
    def _say_opening(self) -> None:
        if self._waiting:
            self._video.set_message(self.tr("Opening {0}…").format(self._bar.label_of(self.source)))

    def _opened(self, number: int, info: Info) -> None:
        if number != self._opening:
            return
        self._waiting = False
        self.info = info
        self._state.source_opened()
        self._video.set_message("")
        self._show_source()
        self._remember()
        self.changed.emit()

    def _refused(self, number: int, error: SkiuoError) -> None:
        if number != self._opening:
            return
        self._waiting = False
        self.error = str(error)
        self._video.set_message("")
        self.changed.emit()

    def _show_source(self) -> None:
        info = self.info
        if info is None:
            self._bar.show_source(self.source)
        else:
            self._bar.show_source(self.source, info.width, info.height, info.fps)

    # ------------------------------------------------------------------ what is true now

    @property
    def is_open(self) -> bool:
        return self.info is not None

    @property
    def own_sound(self) -> bool:
        """The sound comes from the source: a file's own, the test pattern's beep."""
        return self.info is not None and self.info.has_audio and self.source.partition(":")[0] in ("file", "test")

    @property
    def card_is_up(self) -> bool:
        return self._card_up

    def reason(self) -> str:
        """Why there is nothing to record."""
        if self._waiting:
            return self.tr("Opening the source")
        if self.info is None:
            return self.tr("Choose a source first") if not self.source else self.tr("The source gives no picture")
        return ""

    def show_card(self) -> None:
        """Puts the card up, keeps its figures true, takes it away."""
        state, label = self._state, self._bar.label_of(self.source)
        if self.error:
            self._card.tell(self.tr("{0} could not be opened").format(label), self.error, verb=self.tr("Try again"))
        elif self.info is not None and state.wants_card:
            attempt = state.health.reopen_attempt if state.health is not None else 0
            self._card.tell(words.lost_title(state, label), words.lost_text(state), attempt=attempt, may_choose=not state.busy)
        elif self._none_found:
            text = self.tr("Connect one, or take a screen, a network camera or a file instead.")
            self._card.tell(self.tr("No camera was found"), text, may_choose=False, verb=self.tr("Choose a source"), kind="info")
        up = bool(self.error) or (self.info is not None and state.wants_card) or self._none_found
        if up != self._card_up:
            self._card_up = up
            self._video.set_card(self._card if up else None)
        elif up:
            self._video.set_card(self._card)
