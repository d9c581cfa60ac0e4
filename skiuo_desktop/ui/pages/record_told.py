"""What the Record page tells in passing: banners above the picture, toasts when something has been done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from skiuo_desktop.events import RecordingProgress, RecordingSaved, RecordingStopped, StopReason
from skiuo_desktop.model import BudgetStep, Marker, Notice
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.record_stage import RecordStage
from skiuo_desktop.ui.pages.record_transport import LOW_ROOM_MS
from skiuo_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from skiuo_desktop.engine.disk import DiskRoom


class Teller(QObject):
    watch = Signal(str, object)
    """Id and moment of a recording that the person wants to see."""

    def __init__(self, stage: RecordStage, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._toast = stage, toast
        self._stopped: RecordingStopped | None = None
        self._watchable = ""
        self._room_told = False
        stage.banner.pressed.connect(self._watch_stopped)
        stage.banner.gone.connect(stage.relayout)

    def _banner(self, kind: str, cause: str, rest: str, button: str = "") -> None:
        self._stage.banner.tell(kind, cause, rest, button)
        self._stage.relayout()

    def clear(self) -> None:
        """Before another recording."""
        self._room_told = False
        self._stage.banner.hide()
        self._stage.relayout()

    def error(self, cause: str, rest: str) -> None:
        self._watchable = ""
        self._banner("error", cause, rest)

    def notice(self, notice: Notice) -> None:
        if notice.kind in ("audio_lost", "audio_missing"):
            self._banner("warn", self.tr("The microphone is gone."), self.tr("The recording goes on without sound."))

    def room(self, progress: RecordingProgress, disk: DiskRoom | None) -> None:
        """Warns once when little room is left."""
        if self._room_told or progress.room_ms is None or progress.room_ms >= LOW_ROOM_MS:
            return
        self._room_told = True
        rest = self.tr("Before the disk is full the recording is closed safely.")
        if disk is not None:
            rest = self.tr("At {0} free the recording is closed safely.").format(fmt.size(disk.kept_bytes))
        self._banner("warn", self.tr("{0} of room left.").format(fmt.duration(progress.room_ms)), rest)

    def budget(self, step: BudgetStep, before: BudgetStep, budget: str, share: float) -> None:
        """The ladder near a budget's end: what is done now, and that it can be taken back."""
        if step is BudgetStep.NONE:
            if before is not BudgetStep.NONE:
                self._watchable = ""
                self._banner("info", self.tr("The budget has room again."), self.tr("Every window is analysed by the models that you chose."))
            return
        names = {"recording": self.tr("the recording’s budget"), "day": self.tr("the day’s budget"), "month": self.tr("the month’s budget")}
        name = names.get(budget, self.tr("the budget"))
        if share > 0:
            cause = self.tr("{0} % of {1} is used.").format(fmt.number(min(share, 1.0) * 100), name)
        else:
            cause = self.tr("Little is left of {0}.").format(name)
        rest = {
            BudgetStep.CHEAPER: self.tr("New windows go to a cheaper model."),
            BudgetStep.WIDER: self.tr("New windows go to a cheaper model, and only every other one is sent."),
            BudgetStep.KEEP: self.tr(
                "New windows are kept for later and nothing is sent. The recording goes on; raise the budget, or analyse them another day."
            ),
        }[step]
        self._watchable = ""
        self._banner("warn", cause, rest)

    def stopped(self, event: RecordingStopped) -> None:
        self._stopped = event
        if event.reason in (StopReason.DISK_FULL, StopReason.FAILED):
            cause = self.tr("The disk is full.") if event.reason is StopReason.DISK_FULL else self.tr("The recording has stopped.")
            self._watchable = ""
            self._banner("error", cause, event.error)

    def saved(self, event: RecordingSaved) -> None:
        stopped, self._stopped = self._stopped, None
        if not event.kept:
            self._toast.tell(str(event.error or "") or self.tr("Nothing was recorded, so nothing was kept."), kind="info", over=self._stage.video)
            return
        if stopped is not None and stopped.reason in (StopReason.DISK_FULL, StopReason.FAILED):
            self._watchable = event.recording_id
            self._banner("error", self.tr("The recording was ended at {0}.").format(fmt.stamp(stopped.duration_ms)), stopped.error, self.tr("Watch"))
            return
        if event.error is not None:
            self._banner("error", self.tr("The recording has stopped."), str(event.error))
            return
        length = fmt.duration(stopped.duration_ms) if stopped is not None else ""
        size = fmt.size(stopped.bytes) if stopped is not None else ""
        self._toast.tell(
            self.tr("Saved: {0}, {1}").format(length, size),
            button=self.tr("Watch"),
            action=lambda: self.watch.emit(event.recording_id, 0),
            over=self._stage.video,
        )

    def marker(self, marker: Marker) -> None:
        self._toast.tell(self.tr("Marker set at {0}").format(fmt.stamp(marker.at_ms)), over=self._stage.video)

    @Slot()
    def _watch_stopped(self) -> None:
        if self._watchable:
            self._stage.banner.hide()
            self._stage.relayout()
            self.watch.emit(self._watchable, 0)
