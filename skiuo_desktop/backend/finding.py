"""From entries of the server's index to the places that a person is shown (see `library.search` for the same in the library)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from skiuo_desktop.backend import foreign
from skiuo_desktop.library.index import NOTES, TITLE, readable
from skiuo_desktop.library.schema import AnalysisRow, DeviceRow, RecordingRow, WindowRow
from skiuo_desktop.library.words import Word, excerpt, find, split
from skiuo_desktop.model import Hit


def hits(connection: Connection, entries: Sequence[tuple[str, int, int | None]], wanted: Sequence[Word]) -> list[Hit]:
    """`entries`: (recording, slot, window) of each. One whose text does not fit it is left out."""
    if not entries:
        return []
    names = select(RecordingRow.id, foreign.DEVICE.label("name")).outerjoin(DeviceRow, DeviceRow.id == RecordingRow.device_id)
    ids = {recording_id for recording_id, _, _ in entries}
    devices = {row.id: row.name for row in connection.execute(names.where(RecordingRow.id.in_(ids)))}
    recordings = {row.id: row for row in foreign.rows(connection, RecordingRow, RecordingRow.id.in_(ids))}
    window_ids = [window_id for _, _, window_id in entries if window_id is not None]
    windows = {row.id: row for row in foreign.rows(connection, WindowRow, WindowRow.id.in_(window_ids))}
    analyses = defaultdict(list)
    for row in foreign.rows(connection, AnalysisRow, AnalysisRow.window_id.in_(windows)):
        analyses[row.window_id].append(foreign.analysis(row))
    found: list[Hit] = []
    for recording_id, slot, window_id in entries:
        recording, device = recordings.get(recording_id), devices.get(recording_id, "")
        if recording is None:
            continue
        if window_id is None and slot in (TITLE, NOTES):
            where, told = ("title", recording.title) if slot == TITLE else ("notes", recording.notes)
            found.append(Hit(recording.id, recording.title, where, None, 0, max(0, recording.duration_ms), "", _shown(told, wanted), device))
        elif window_id in windows and windows[window_id].recording_id == recording_id:
            found += _text_hits(recording, windows[window_id], analyses[window_id], wanted, device)
    return found


def _text_hits(recording: RecordingRow, row: WindowRow, analyses: Sequence[AnalysisRow], wanted: Sequence[Word], device: str) -> list[Hit]:
    """One, or none where the index and the texts do not fit."""
    candidates = readable(row, analyses)
    if not candidates or foreign.window(row, ()) is None:
        return []
    for each in candidates:
        place = find(split(each.text), wanted)
        if place is not None:
            return [_text_hit(recording, row, each, place, device)]
    return [_text_hit(recording, row, candidates[0], (0, 0), device)]


def _text_hit(recording: RecordingRow, row: WindowRow, said: AnalysisRow, place: tuple[int, int], device: str) -> Hit:
    return Hit(recording.id, recording.title, "text", row.index, row.start_ms, row.end_ms, said.model, excerpt(said.text, place), device)


def _shown(told: str, wanted: Sequence[Word]) -> str:
    return excerpt(told, find(split(told), wanted) or (0, 0))
