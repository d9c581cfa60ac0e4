"""The full-text index: one entry for each title, each notes, and each window's texts, kept in the transaction that changes them.

An entry's number is `recordings.moment * SLOTS + slot`. So "newest first" is the order in which the index is stored
(the first 50 of 100,000 hits cost as much as 50), and the entries of a recording are one range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from skiuo_desktop.library.schema import AnalysisRow, RecordingRow, WindowRow
from skiuo_desktop.library.words import shadow, split
from skiuo_desktop.model import DESCRIBE, AnalysisState

SLOTS = 2**21
TITLE = SLOTS - 1
NOTES = SLOTS - 2
MOST_WINDOWS = SLOTS - 2
"""Windows a recording can have: 24 days of one a second."""

LAST_MOMENT = 2**42 - 1
"""Greatest `moment` whose entries have a 64-bit number (the year 2109)."""

BETWEEN = " \u00b6 "
"""Stands between the texts of two models, so that no phrase reaches from one into the other; nobody can search for it."""

_FINAL = (AnalysisState.DONE, AnalysisState.FAILED, AnalysisState.CANCELLED)


def index_words(session: Session, recording: RecordingRow) -> None:
    """Indexes title and notes anew."""
    _put(session, recording, TITLE, [recording.title])
    _put(session, recording, NOTES, [recording.notes])


def index_window(session: Session, recording: RecordingRow, window: WindowRow, analyses: Iterable[AnalysisRow]) -> None:
    """Indexes the texts of a window anew."""
    _put(session, recording, window.index, [analysis.text for analysis in readable(window, analyses)], window.id)


def forget(session: Session, recording: RecordingRow) -> None:
    """Takes everything of a recording out of the index."""
    first = recording.moment * SLOTS
    session.execute(text("DELETE FROM search WHERE rowid BETWEEN :first AND :last"), {"first": first, "last": first + SLOTS - 1})


def readable(window: WindowRow, analyses: Iterable[AnalysisRow]) -> Sequence[AnalysisRow]:
    """The analyses whose texts a person finds in a window: of each model the newest that is done, else the newest that has text.

    In the order of `model.Window.chosen`: what stands in the narrative comes first.
    """
    best: dict[str, AnalysisRow] = {}
    for analysis in sorted(analyses, key=lambda each: _rank(window, each), reverse=True):
        if analysis.text and analysis.state in _FINAL and analysis.purpose == DESCRIBE:
            best.setdefault(analysis.model, analysis)
    return list(best.values())


def _rank(window: WindowRow, analysis: AnalysisRow) -> tuple[bool, bool, int]:
    return analysis.id == window.chosen_id, analysis.state == AnalysisState.DONE, analysis.id


def _put(session: Session, recording: RecordingRow, slot: int, texts: Iterable[str], window_id: int | None = None) -> None:
    number = recording.moment * SLOTS + slot
    session.execute(text("DELETE FROM search WHERE rowid = :number"), {"number": number})
    words = BETWEEN.join(shadow(split(each)) for each in texts)
    if words:
        session.execute(
            text("INSERT INTO search (rowid, shadow, window_id) VALUES (:number, :words, :window)"),
            {"number": number, "words": words, "window": window_id},
        )
