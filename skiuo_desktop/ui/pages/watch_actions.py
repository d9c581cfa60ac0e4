"""What the Watch page's menus do: export, copying, notes, the folder, deletion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, QStandardPaths, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from skiuo_desktop.model import ModelInfo, Recording, RecordingState
from skiuo_desktop.ui.icons import icon
from skiuo_desktop.ui.pages.library_delete import Deleting
from skiuo_desktop.ui.pages.watch_compare import asking_costs
from skiuo_desktop.ui.pages.watch_files import write_text
from skiuo_desktop.ui.pages.watch_notes import NotesPopover
from skiuo_desktop.ui.widgets import model_words
from skiuo_desktop.ui.widgets.narrative_export import as_markdown, as_text

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

FORBIDDEN = '<>:"/\\|?*'


def file_name(title: str, suffix: str) -> str:
    """A title as the name of a file on any system."""
    name = "".join("-" if c in FORBIDDEN or ord(c) < 32 else c for c in title).strip(" .")
    return f"{name[:120] or 'Skiuo'}{suffix}"


class WatchActions(QObject):
    """Acts on the recording that `current` returns, None while there is none."""

    rename = Signal()
    analyse_all = Signal()
    model_added = Signal(str)
    """The whole recording is to be described by that model too."""
    said = Signal(str)
    """Something has been done; a sentence for a toast."""

    def __init__(self, bridge: Bridge, page: QWidget, current: Callable[[], Recording | None]) -> None:
        super().__init__(page)
        self._bridge, self._page, self._current = bridge, page, current
        self.deleting = Deleting(bridge, page)
        self._infos: list[ModelInfo] = []
        self.notes: NotesPopover | None = None
        self.dialog: QFileDialog | None = None

    # ------------------------------------------------------------------ menus

    def export_menu(self, anchor: QWidget) -> QMenu:
        menu = QMenu(self._page)
        self._add(menu, self.tr("Narrative as text…"), "file-text", self.export_text)
        self._add(menu, self.tr("Narrative as Markdown…"), "file-text", self.export_markdown)
        return self._popup(menu, anchor)

    def more_menu(self, anchor: QWidget) -> QMenu:
        menu = QMenu(self._page)
        recording = self._current()
        if recording is None:
            return self._popup(menu, anchor)
        self._add(menu, self.tr("Rename"), "pencil", self.rename.emit)
        self._add(menu, self.tr("Notes and tags"), "tag", lambda: self.edit_notes(anchor))
        if recording.windows:
            self._add(menu, self.tr("Analyse all windows again"), "refresh", self.analyse_all.emit)
            self._add_models(menu, recording)
        menu.addSeparator()
        self._add(menu, self.tr("Show file in folder"), "folder", self.show_folder)
        if recording.state is not RecordingState.RECORDING:
            menu.addSeparator()
            self._add(menu, self.tr("Delete…"), "trash", self.delete)
        return self._popup(menu, anchor)

    def set_infos(self, infos: Sequence[ModelInfo]) -> None:
        """All models that can be asked."""
        self._infos = list(infos)

    def _add_models(self, menu: QMenu, recording: Recording) -> None:
        """Those that have said nothing about this recording, with what that would cost."""
        asked = {analysis.model for window in recording.windows for analysis in window.answers}
        others = [info for info in self._infos if info.config.name not in asked]
        if not others or not asked:
            return
        more = QMenu(self.tr("Describe with another model"), menu)
        more.setIcon(icon("plus"))
        for info in others:
            name = info.config.name
            self._add(more, asking_costs(info, recording.duration_ms).replace("&", "&&"), model_words.icon(info), partial(self.model_added.emit, name))
        menu.addMenu(more)

    def _add(self, menu: QMenu, text: str, name: str, slot: object) -> None:
        action = QAction(icon(name), text, menu)
        action.triggered.connect(slot)
        menu.addAction(action)

    def _popup(self, menu: QMenu, anchor: QWidget) -> QMenu:
        menu.aboutToHide.connect(menu.deleteLater)
        size: QSize = menu.sizeHint()
        menu.popup(anchor.mapToGlobal(QPoint(anchor.width() - size.width(), anchor.height() + 4)))
        return menu

    # ------------------------------------------------------------------ export

    @Slot()
    def copy_all(self) -> None:
        recording = self._current()
        if recording is not None:
            QGuiApplication.clipboard().setText(as_text(recording))
            self.said.emit(self.tr("The narrative is on the clipboard"))

    @Slot()
    def export_text(self) -> None:
        self._ask_where(".txt", self.tr("Text (*.txt)"))

    @Slot()
    def export_markdown(self) -> None:
        self._ask_where(".md", self.tr("Markdown (*.md)"))

    def _ask_where(self, suffix: str, kind: str) -> None:
        recording = self._current()
        if recording is None:
            return
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._page.window(), self.tr("Export the narrative"), documents, kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.selectFile(file_name(recording.title, suffix))
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    @Slot(str)
    def export_to(self, path: str) -> None:
        """Writes the narrative to a file; its ending decides how."""
        recording = self._current()
        if recording is not None:
            text = as_markdown(recording) if path.lower().endswith((".md", ".markdown")) else as_text(recording)
            self._bridge.ask(write_text(Path(path), text), self._exported)

    def _exported(self, path: Path) -> None:
        self.said.emit(self.tr("Written: {0}").format(path.name))

    # ------------------------------------------------------------------ notes, folder, deletion

    def edit_notes(self, anchor: QWidget) -> None:
        recording = self._current()
        if recording is None:
            return
        self.notes = NotesPopover(anchor, recording.notes, recording.tags)
        self.notes.notes_changed.connect(self._save_notes)
        self.notes.tags_changed.connect(self._save_tags)
        self.notes.edit()

    @Slot(str)
    def _save_notes(self, notes: str) -> None:
        recording = self._current()
        if recording is not None:
            self._bridge.ask(self._bridge.engine.set_notes(recording.id, notes), self._saved)

    @Slot(object)
    def _save_tags(self, tags: tuple[str, ...]) -> None:
        recording = self._current()
        if recording is not None:
            self._bridge.ask(self._bridge.engine.set_tags(recording.id, tags), self._saved)

    def _saved(self, _nothing: object) -> None:
        """The page reads the recording again by itself."""

    @Slot()
    def show_folder(self) -> None:
        recording = self._current()
        if recording is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(recording.path).parent)))

    @Slot()
    def delete(self) -> None:
        recording = self._current()
        if recording is not None:
            self.deleting.ask([recording.id])
