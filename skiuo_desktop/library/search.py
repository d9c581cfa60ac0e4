"""Search over titles, notes and texts: exact words, any substring of Chinese, the newest first."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import islice

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from skiuo_desktop.library.index import NOTES, SLOTS, TITLE, readable
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import AnalysisRow, RecordingRow, WindowRow
from skiuo_desktop.library.words import Word, excerpt, find, shadow, split
from skiuo_desktop.model import Hit

_BATCH = 200


class Search(Part):
    def search(self, text: str, limit: int = 50) -> list[Hit]:
        """Places where `text` stands, the newest first; what was typed is one phrase whose last word may be a beginning.

        Whatever is typed is looked for: nothing in it is an operator. Text without a letter or digit finds nothing.
        """
        wanted = split(text)
        hits: list[Hit] = []
        with self._database.read() as session, closing(_entries(session, wanted)) as entries:
            while len(hits) < limit and (batch := list(islice(entries, min(limit, _BATCH)))):
                hits += _hits(session, batch, wanted)
        return hits[:limit]


def recordings_with(session: Session, text: str, limit: int, before: int | None) -> list[int]:
    """The moments of the newest `limit` recordings in which `text` is found, older than the moment `before`."""
    moments: list[int] = []
    with closing(_entries(session, split(text), before)) as entries:
        for number, _ in entries:
            if not moments or moments[-1] != number // SLOTS:
                if len(moments) == limit:
                    break
                moments.append(number // SLOTS)
    return moments


def _entries(session: Session, wanted: Sequence[Word], before: int | None = None) -> Generator[tuple[int, int | None]]:
    """(number, window id) of the index entries that hold the phrase, the newest first, read as they are asked for."""
    if not wanted:
        return
    # Only letters and digits are left in a word, so the quotes hold whatever was typed.
    phrase = f'"{shadow(wanted)}"' + ("" if wanted[-1].alone else " *")
    found = session.execute(
        text("SELECT rowid, window_id FROM search WHERE search MATCH :phrase AND rowid < :end ORDER BY rowid DESC"),
        {"phrase": phrase, "end": 2**63 - 1 if before is None else before * SLOTS},
    )
    with found:
        yield from ((number, window_id) for number, window_id in found)  # fetched as they are taken: a common word costs no more


def _hits(session: Session, entries: Sequence[tuple[int, int | None]], wanted: Sequence[Word]) -> list[Hit]:
    moments = {number // SLOTS for number, _ in entries}
    there = session.scalars(select(RecordingRow).where(RecordingRow.moment.in_(moments), RecordingRow.deleted_at.is_(None)))
    recordings = {row.moment: row for row in there}
    windows: dict[int, tuple[WindowRow, list[AnalysisRow]]] = {}
    ids = [window_id for _, window_id in entries if window_id is not None]
    both = select(WindowRow, AnalysisRow).join(AnalysisRow, AnalysisRow.window_id == WindowRow.id).where(WindowRow.id.in_(ids))
    for window, analysis in session.execute(both):
        windows.setdefault(window.id, (window, []))[1].append(analysis)
    hits = []
    for number, window_id in entries:
        recording = recordings.get(number // SLOTS)
        if recording is None:
            continue  # being deleted
        if window_id is not None:
            if window_id in windows:
                hits.append(_text_hit(recording, *windows[window_id], wanted))
        elif number % SLOTS in (TITLE, NOTES):
            where, told = ("title", recording.title) if number % SLOTS == TITLE else ("notes", recording.notes)
            hits.append(Hit(recording.id, recording.title, where, None, 0, recording.duration_ms, "", _excerpt(told, wanted)))
    return hits


def _text_hit(recording: RecordingRow, window: WindowRow, analyses: Sequence[AnalysisRow], wanted: Sequence[Word]) -> Hit:
    candidates = readable(window, analyses)
    holding = next((each for each in candidates if find(split(each.text), wanted) is not None), candidates[0])
    return Hit(recording.id, recording.title, "text", window.index, window.start_ms, window.end_ms, holding.model, _excerpt(holding.text, wanted))


def _excerpt(told: str, wanted: Sequence[Word]) -> str:
    return excerpt(told, find(split(told), wanted) or (0, 0))
