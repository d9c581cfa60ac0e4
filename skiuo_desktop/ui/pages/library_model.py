"""The rows of the Library page: days and recordings, filtered, ordered, searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal

from skiuo_desktop.model import Hit, RecordingSummary, Window
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.copies import Mark
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library_filters import Filters, ordered
from skiuo_desktop.ui.theme import theme

ROW = Qt.ItemDataRole.UserRole
PAD = 92
"""Room at the end of the list for the selection bar."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class DayRow:
    name: str
    date: str
    facts: str


@dataclass(frozen=True, slots=True)
class PadRow:
    """Nothing, so that what floats over the end of the list covers nothing."""


@dataclass(frozen=True, slots=True)
class RecordingRow:
    summary: RecordingSummary
    hits: tuple[Hit, ...] = ()


Row = DayRow | PadRow | RecordingRow


class LibraryModel(QAbstractListModel):
    """`ROW` gives a DayRow, RecordingRow or PadRow. Recordings can be checked; checks outlive filters."""

    checked_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: dict[str, RecordingSummary] = {}
        self._rows: list[Row] = []
        self._filters = Filters()
        self._order = "newest"
        self._hits: dict[str, tuple[Hit, ...]] | None = None
        self._checked: set[str] = set()
        self._sizes: dict[type, QSize] = {}
        self.now = datetime.now(UTC)
        self.mark_of: Callable[[RecordingSummary], Mark | None] = lambda _summary: None
        """Where a recording's copy is; None: nothing is said of it."""

    # ------------------------------------------------------------------ content

    @property
    def summaries(self) -> list[RecordingSummary]:
        """All that are loaded, whatever is shown."""
        return list(self._all.values())

    @property
    def shown(self) -> list[RecordingSummary]:
        return [row.summary for row in self._rows if isinstance(row, RecordingRow)]

    @property
    def filters(self) -> Filters:
        return self._filters

    @property
    def order(self) -> str:
        return self._order

    def set_summaries(self, summaries: Iterable[RecordingSummary]) -> None:
        """All recordings anew."""
        self._all = {r.id: r for r in summaries}
        gone = self._checked - self._all.keys()
        self._checked -= gone
        self._rebuild()
        if gone:
            self.checked_changed.emit()

    def merge(self, summaries: Iterable[RecordingSummary]) -> None:
        """New ones, and new states of those that are known."""
        self._all.update({r.id: r for r in summaries})
        self._rebuild()

    def remove(self, recording_ids: Iterable[str]) -> None:
        for recording_id in recording_ids:
            self._all.pop(recording_id, None)
            self._checked.discard(recording_id)
        self._rebuild()
        self.checked_changed.emit()

    def marks_changed(self) -> None:
        """What `mark_of` says is other than before."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def update_window(self, window: Window) -> None:
        """A window's new state, without reading the list again."""
        summary = self._all.get(window.recording_id)
        if summary is None:
            return
        states = list(summary.states)
        if window.index < len(states):
            states[window.index] = window.state
        else:
            states += [window.state] * (window.index + 1 - len(states))
        chosen = window.chosen
        excerpt = summary.excerpt or (" ".join(chosen.text.split()) if chosen is not None else "")
        changed = replace(summary, states=tuple(states), excerpt=excerpt)
        self._all[summary.id] = changed
        for number, row in enumerate(self._rows):
            if isinstance(row, RecordingRow) and row.summary.id == summary.id:
                self._rows[number] = replace(row, summary=changed)
                index = self.index(number)
                self.dataChanged.emit(index, index)

    def set_filters(self, filters: Filters) -> None:
        self._filters = filters
        self._rebuild()

    def set_order(self, order: str) -> None:
        self._order = order
        self._rebuild()

    def set_hits(self, hits: Sequence[Hit] | None) -> None:
        """Only recordings with hits; None: all."""
        if hits is None:
            self._hits = None
        else:
            found: dict[str, list[Hit]] = {}
            for hit in hits:
                found.setdefault(hit.recording_id, []).append(hit)
            # Passages of the text come first: they lead to a moment.
            self._hits = {key: tuple(sorted(value, key=lambda h: (h.where != "text", h.start_ms))) for key, value in found.items()}
        self._rebuild()

    @property
    def searching(self) -> bool:
        return self._hits is not None

    def _rebuild(self) -> None:
        self.now = datetime.now(UTC)
        self.beginResetModel()
        chosen = [r for r in self._all.values() if self._filters.lets_through(r, self.now) and (self._hits is None or r.id in self._hits)]
        chosen = ordered(chosen, self._order)
        rows: list[Row] = []
        if self._order in ("newest", "oldest"):
            for _, group in groupby(chosen, key=lambda r: r.started_at.astimezone().date()):
                day = list(group)
                rows.append(DayRow(*words.day(day[0].started_at, self.now), words.day_facts(day)))
                rows += [self._row(r) for r in day]
        else:
            rows = [self._row(r) for r in chosen]
        self._rows = [*rows, PadRow()] if self._checked else rows
        self.endResetModel()

    def _row(self, summary: RecordingSummary) -> RecordingRow:
        return RecordingRow(summary, self._hits.get(summary.id, ()) if self._hits is not None else ())

    # ------------------------------------------------------------------ checks

    @property
    def checked(self) -> list[RecordingSummary]:
        return [self._all[each] for each in self._checked if each in self._all]

    def is_checked(self, recording_id: str) -> bool:
        return recording_id in self._checked

    def set_checked(self, recording_ids: Iterable[str], checked: bool) -> None:
        before = len(self._checked)
        ids = set(recording_ids)
        self._checked = self._checked | ids if checked else self._checked - ids
        if bool(before) != bool(self._checked):
            self._set_pad(bool(self._checked))
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.checked_changed.emit()

    def clear_checked(self) -> None:
        self.set_checked(list(self._checked), False)

    def _set_pad(self, pad: bool) -> None:
        last = len(self._rows) - 1
        if pad:
            self.beginInsertRows(QModelIndex(), last + 1, last + 1)
            self._rows.append(PadRow())
            self.endInsertRows()
        elif self._rows and isinstance(self._rows[-1], PadRow):
            self.beginRemoveRows(QModelIndex(), last, last)
            self._rows.pop()
            self.endRemoveRows()

    # ------------------------------------------------------------------ as Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def row(self, number: int) -> Row:
        return self._rows[number]

    def row_of(self, recording_id: str) -> int | None:
        return next((i for i, row in enumerate(self._rows) if isinstance(row, RecordingRow) and row.summary.id == recording_id), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._size(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            if isinstance(row, RecordingRow):
                state, mark = words.state(row.summary)[1], self.mark_of(row.summary)
                told = (row.summary.title, fmt.time_of_day(row.summary.started_at), fmt.duration(row.summary.duration_ms), state, mark.text if mark else "")
                return ", ".join(part for part in told if part)
            return f"{row.name} {row.date}" if isinstance(row, DayRow) else ""
        return None

    def _size(self, row: Row) -> QSize:
        kind = type(row)
        if kind not in self._sizes:
            heights = {DayRow: theme().size("dayRow"), RecordingRow: theme().size("libraryRow"), PadRow: PAD}
            self._sizes[kind] = QSize(400, heights[kind])
        return self._sizes[kind]

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not isinstance(self._rows[index.row()], RecordingRow):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
