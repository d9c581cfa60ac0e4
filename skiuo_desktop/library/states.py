"""How a window's state and its searchable text follow from its analyses. Used by whatever changes an analysis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.index import index_window
from skiuo_desktop.library.schema import AnalysisRow, RecordingRow, WindowRow
from skiuo_desktop.model import DESCRIBE, AnalysisState, WindowState

NOT_ASKED = "not_asked"
"""`Window.reason` of a window that no model was asked about."""

STRIDE = "stride"
"""`Window.reason` of a window that was left out so that the budget lasts longer."""

RULE = "rule"
"""`Window.reason` of a window at whose time no model was to be asked."""

KEPT = "budget"
"""`Window.reason` of a window that is kept for later because a budget is used up."""

CANCELLED = "cancelled"
"""`Window.reason` of a window whose analyses were all cancelled."""

OPEN = (AnalysisState.QUEUED, AnalysisState.RUNNING)
"""States in which an analysis still has its end before it."""

_FOLLOWS = (
    (AnalysisState.RUNNING, WindowState.ANALYSING),
    (AnalysisState.QUEUED, WindowState.QUEUED),
    (AnalysisState.DONE, WindowState.DONE),  # a text stands there, whatever became of another run
    (AnalysisState.HELD, WindowState.SKIPPED),
    (AnalysisState.FAILED, WindowState.FAILED),
)


def set_state(window: WindowRow, analyses: Iterable[AnalysisRow]) -> None:
    states = {analysis.state for analysis in analyses if analysis.purpose == DESCRIBE}
    for analysis_state, window_state in _FOLLOWS:
        if analysis_state in states:
            window.state, window.reason = window_state.value, KEPT if analysis_state == AnalysisState.HELD else ""
            return
    window.state = WindowState.SKIPPED.value
    if states:
        window.reason = CANCELLED
    elif window.reason not in (STRIDE, RULE):
        window.reason = NOT_ASKED


def settle(session: Writing, *windows: WindowRow) -> None:
    """Brings the state of windows up to date after some of their analyses changed."""
    session.flush()
    analyses = analyses_of(session, [window.id for window in windows])
    for window in windows:
        set_state(window, analyses[window.id])


def settle_text(session: Writing, window: WindowRow) -> None:
    """As `settle`, where a text has changed too."""
    session.flush()
    analyses = analyses_of(session, [window.id])[window.id]
    set_state(window, analyses)
    index_window(session, session.get_one(RecordingRow, window.recording_id), window, analyses)


def analyses_of(session: Session, window_ids: Sequence[int]) -> dict[int, list[AnalysisRow]]:
    """The analyses of each of these windows, oldest first."""
    found: dict[int, list[AnalysisRow]] = defaultdict(list)
    for first in range(0, len(window_ids), 10_000):  # databases bound the number of parameters
        some = window_ids[first : first + 10_000]
        for analysis in session.scalars(select(AnalysisRow).where(AnalysisRow.window_id.in_(some)).order_by(AnalysisRow.id)):
            found[analysis.window_id].append(analysis)
    return found


def with_window() -> Select[AnalysisRow, WindowRow]:
    """Analyses, each with its window."""
    return select(AnalysisRow, WindowRow).join(WindowRow, WindowRow.id == AnalysisRow.window_id)
