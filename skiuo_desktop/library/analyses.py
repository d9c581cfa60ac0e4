"""Windows and what is asked about them: adding windows, requesting analyses, reading both."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from skiuo_desktop.errors import BugError, NotFoundError
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.index import MOST_WINDOWS
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.rows import analysis_of, answer_columns, attempt_of, window_of
from skiuo_desktop.library.schema import AnalysisRow, AttemptRow, WindowRow
from skiuo_desktop.library.states import OPEN, analyses_of, set_state, with_window
from skiuo_desktop.model import Analysis, AnalysisState, Attempt, Span, Usage, Window


class Analyses(Part):
    def add_windows(self, recording_id: str, spans: Sequence[Span], models: Sequence[str], language: str, *, first: int = 0) -> list[Window]:
        """Adds the windows `first`, `first + 1`, … with these spans, each queued for each model; returns those that are new.

        A window that is there already stays as it is, so the whole plan so far can be given each time. Without models
        the windows are SKIPPED. Raises NotFoundError.
        """
        if first + len(spans) > MOST_WINDOWS:
            raise BugError(f"A recording has at most {MOST_WINDOWS} windows.")
        with self._database.write() as session:
            live(session, recording_id)
            there = set(session.scalars(select(WindowRow.index).where(WindowRow.recording_id == recording_id, WindowRow.index >= first)))
            new = [(index, span) for index, span in enumerate(spans, first) if index not in there]
            rows = [
                WindowRow(id=number, recording_id=recording_id, index=index, start_ms=span.start_ms, end_ms=span.end_ms, state="", reason="")
                for number, (index, span) in zip(session.take_ids(len(new)), new, strict=True)
            ]
            session.add_all(rows)
            session.flush()
            analyses = _queue(session, [(row, model, 1) for row in rows for model in dict.fromkeys(models)], {}, language=language, owner=self.instance)
            for row in rows:
                set_state(row, analyses.get(row.id, ()))
            return [window_of(row, analyses.get(row.id, ())) for row in rows]

    def request_analyses(self, recording_id: str, models: Sequence[str], *, failed_only: bool = False, window_index: int | None = None, language: str) -> int:
        """Queues a new version for each window (or one) and model; returns how many.

        With `failed_only` just those whose newest version by that model failed. What is queued or running already is
        not asked twice, but what a program that has died left queued is taken over, and counted. Raises NotFoundError
        for an unknown recording or window.
        """
        with self._database.write() as session:
            live(session, recording_id)
            windows = select(WindowRow).where(WindowRow.recording_id == recording_id).order_by(WindowRow.index)
            if window_index is not None:
                windows = windows.where(WindowRow.index == window_index)
            rows = session.scalars(windows).all()
            if window_index is not None and not rows:
                raise NotFoundError(f"Recording {recording_id} has no window {window_index}.")
            analyses = analyses_of(session, [row.id for row in rows])
            wanted = [
                (row, model, version)
                for row in rows
                for model in dict.fromkeys(models)
                if (version := _next_version(model, analyses[row.id], failed_only=failed_only))
            ]
            left = [each for row in rows for each in analyses[row.id] if each.state == AnalysisState.QUEUED and not each.owner and each.model in models]
            for analysis in left:
                analysis.owner = self.instance
            _queue(session, wanted, analyses, language=language, owner=self.instance)
            for row, _, _ in wanted:
                set_state(row, analyses[row.id])
            return len(wanted) + len(left)

    def window(self, window_id: int) -> Window:
        """A window with its analyses. Raises NotFoundError."""
        with self._database.read() as session:
            row = session.get(WindowRow, window_id)
            if row is None:
                raise NotFoundError(f"There is no window {window_id}.")
            return window_of(row, analyses_of(session, [window_id])[window_id])

    def analysis(self, analysis_id: int) -> Analysis:
        """Raises NotFoundError."""
        with self._database.read() as session:
            found = session.execute(with_window().where(AnalysisRow.id == analysis_id)).first()
            if found is None:
                raise NotFoundError(f"There is no analysis {analysis_id}.")
            return analysis_of(*found)

    def attempts(self, analysis_id: int) -> list[Attempt]:
        """All tries of an analysis, in order."""
        with self._database.read() as session:
            rows = session.scalars(select(AttemptRow).where(AttemptRow.analysis_id == analysis_id).order_by(AttemptRow.number))
            return [attempt_of(row) for row in rows]

    def previous(self, analysis: Analysis) -> Analysis | None:
        """The same model's newest done analysis of the window before: what the next window's text goes on from."""
        with self._database.read() as session:
            before = with_window().where(
                WindowRow.recording_id == analysis.recording_id,
                WindowRow.index == analysis.window_index - 1,
                AnalysisRow.model == analysis.model,
                AnalysisRow.state == AnalysisState.DONE,
            )
            found = session.execute(before.order_by(AnalysisRow.id.desc()).limit(1)).first()
            return analysis_of(*found) if found else None

    def open_analyses(self, recording_id: str, *, besides: Collection[int] = (), backlog: bool = True) -> int:
        """How many analyses of the recording this instance runs or may claim, without those whose ids are in `besides`; `backlog` as in `claim`."""
        with self._database.read() as session:
            open_ones = select(func.count()).select_from(AnalysisRow).join(WindowRow, WindowRow.id == AnalysisRow.window_id)
            open_ones = open_ones.where(WindowRow.recording_id == recording_id, AnalysisRow.state.in_(OPEN), AnalysisRow.id.not_in(besides))
            open_ones = open_ones.where(AnalysisRow.owner.in_([self.instance, *([""] if backlog else [])]))
            return session.execute(open_ones).scalar_one()


def _next_version(model: str, analyses: Sequence[AnalysisRow], *, failed_only: bool) -> int:
    """The version to queue for `model`, 0 for none."""
    newest = max((each for each in analyses if each.model == model), key=lambda each: each.version, default=None)
    if newest is None:
        return 0 if failed_only else 1
    if newest.state in OPEN or (failed_only and newest.state != AnalysisState.FAILED):
        return 0
    return newest.version + 1


def _queue(
    session: Writing, wanted: Sequence[tuple[WindowRow, str, int]], analyses: dict[int, list[AnalysisRow]], *, language: str, owner: str
) -> dict[int, list[AnalysisRow]]:
    """Adds a queued analysis of `owner` for each (window, model, version), to the database and to `analyses` by window id."""
    for number, (window, model, version) in zip(session.take_ids(len(wanted)), wanted, strict=True):
        row = AnalysisRow(
            id=number,
            window_id=window.id,
            model=model,
            version=version,
            state=AnalysisState.QUEUED.value,
            owner=owner,
            language=language,
            attempts=0,
            text="",
            partial=False,
            first_token_ms=None,
            total_ms=None,
            facts={},
            **answer_columns(Usage(), None),
        )
        session.add(row)
        analyses.setdefault(window.id, []).append(row)
    return analyses
