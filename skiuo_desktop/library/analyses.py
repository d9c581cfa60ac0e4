"""Windows and what is asked about them: adding windows, requesting analyses, reading both."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select

from skiuo_desktop.errors import BugError, NotFoundError
from skiuo_desktop.library.index import MOST_WINDOWS
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.queueing import Ask, asks_of, next_version, queue
from skiuo_desktop.library.retention import must_be_here
from skiuo_desktop.library.rows import analysis_of, attempt_of, window_of
from skiuo_desktop.library.schema import QUEUED, AnalysisRow, AttemptRow, WindowRow
from skiuo_desktop.library.states import OPEN, RULE, STRIDE, analyses_of, set_state, with_window
from skiuo_desktop.model import DESCRIBE, Analysis, AnalysisState, Attempt, Span, Window


class Analyses(Part):
    def add_windows(
        self,
        recording_id: str,
        spans: Sequence[Span],
        models: Sequence[str | Ask],
        language: str,
        *,
        first: int = 0,
        held: Collection[str] = (),
        left_out: Collection[int] = (),
        by_rule: bool = False,
    ) -> list[Window]:
        """Adds the windows `first`, `first + 1`, … with these spans, each queued for each model; returns those that are new.

        A window that is there already stays as it is, so the whole plan so far can be given each time. Without models
        the windows are SKIPPED. `held`: models to which nothing is sent before a person asks. `left_out`: indices of windows that are
        skipped to save the budget. `by_rule`: there are no models because their rules say so. Raises NotFoundError.
        """
        asks = asks_of(models)
        if first + len(spans) > MOST_WINDOWS:
            raise BugError(f"A recording has at most {MOST_WINDOWS} windows.")
        with self._database.write() as session:
            live(session, recording_id)
            there = set(session.scalars(select(WindowRow.index).where(WindowRow.recording_id == recording_id, WindowRow.index >= first)))
            new = [(index, span) for index, span in enumerate(spans, first) if index not in there]
            rows = [
                WindowRow(
                    id=number,
                    recording_id=recording_id,
                    index=index,
                    start_ms=span.start_ms,
                    end_ms=span.end_ms,
                    state="",
                    reason="",
                    chosen_id=None,
                    choice={},
                )
                for number, (index, span) in zip(session.take_ids(len(new)), new, strict=True)
            ]
            session.add_all(rows)
            session.flush()
            wanted = [(row, ask, 1) for row in rows if row.index not in left_out for ask in asks]
            analyses = queue(session, wanted, {}, language=language, owner=self.instance, held=held)
            for row in rows:
                row.reason = STRIDE if row.index in left_out else RULE if by_rule else ""
                set_state(row, analyses.get(row.id, ()))
            return [window_of(row, analyses.get(row.id, ())) for row in rows]

    def request_analyses(
        self,
        recording_id: str,
        models: Sequence[str | Ask],
        *,
        failed_only: bool = False,
        window_index: int | None = None,
        language: str,
        fresh: bool = False,
    ) -> int:
        """Queues a new version for each window (or one) and model; returns how many.

        With `failed_only` just those whose newest version by that model failed and found no stand-in, and what was kept
        for later or left out to save a budget. What is queued or running already is not asked twice, but what a
        program that has died left queued is taken over, and counted, and so is what was kept for later. `fresh`: kept
        answers to the same question do not count. Raises NotFoundError for an unknown recording or window, and where the
        rule has removed the video here.
        """
        asks = asks_of(models)
        with self._database.write() as session:
            must_be_here(session, live(session, recording_id))
            windows = select(WindowRow).where(WindowRow.recording_id == recording_id).order_by(WindowRow.index)
            if window_index is not None:
                windows = windows.where(WindowRow.index == window_index)
            rows = session.scalars(windows).all()
            if window_index is not None and not rows:
                raise NotFoundError(f"Recording {recording_id} has no window {window_index}.")
            analyses = analyses_of(session, [row.id for row in rows])
            wanted = [
                (row, ask, version)
                for row in rows
                for ask in asks
                if (version := next_version(ask.model, analyses[row.id], failed_only=failed_only, left_out=row.reason in (STRIDE, RULE)))
            ]
            names = {ask.model for ask in asks}
            held = [each for row in rows for each in analyses[row.id] if each.state == AnalysisState.HELD and (each.model in names or failed_only)]
            left = [each for row in rows for each in analyses[row.id] if each.state == AnalysisState.QUEUED and not each.owner and each.model in names]
            for analysis in [*left, *held]:
                analysis.owner, analysis.fresh, analysis.state = self.instance, fresh, AnalysisState.QUEUED.value
            queue(session, wanted, analyses, language=language, owner=self.instance, fresh=fresh)
            for row in rows:
                if held and any(each in held for each in analyses[row.id]):
                    set_state(row, analyses[row.id])
            for row, _, _ in wanted:
                set_state(row, analyses[row.id])
            return len(wanted) + len(left) + len(held)

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
        """What was said of the window before: the same model's newest done analysis, else what stands in the narrative."""
        with self._database.read() as session:
            before = self._before(analysis).where(AnalysisRow.state == AnalysisState.DONE)
            best = before.order_by((AnalysisRow.model == analysis.model).desc(), (AnalysisRow.id == WindowRow.chosen_id).desc(), AnalysisRow.id.desc())
            found = session.execute(best.limit(1)).first()
            return analysis_of(*found) if found else None

    def previous_is_open(self, analysis: Analysis) -> bool:
        """Whether the text of the window before is still to come from this instance: from the same model, or, where that is not asked there, from another.

        What is queued behind this analysis is not waited for: it may be this one that it waits for.
        """
        with self._database.read() as session:
            before = [row for row, _ in session.execute(self._before(analysis))]
            own = [row for row in before if row.model == analysis.model and row.state in (*OPEN, AnalysisState.DONE)]
            behind = [row for row in before if row.state == AnalysisState.QUEUED and row.model == analysis.model and row.id > analysis.id]
            return any(row.state in OPEN and row.owner == self.instance and row not in behind for row in own or before)

    def _before(self, analysis: Analysis) -> Select[AnalysisRow, WindowRow]:
        return with_window().where(
            WindowRow.recording_id == analysis.recording_id, WindowRow.index == analysis.window_index - 1, AnalysisRow.purpose == DESCRIBE
        )

    def recent_answers(self, model: str, limit: int) -> list[Analysis]:
        """The newest answers of a model that were asked for and not taken from those kept."""
        with self._database.read() as session:
            newest = select(AnalysisRow.id).where(AnalysisRow.model == model).order_by(AnalysisRow.id.desc()).limit(5 * limit)
            done = with_window().where(AnalysisRow.id.in_(newest.scalar_subquery()), AnalysisRow.state == AnalysisState.DONE, AnalysisRow.purpose == DESCRIBE)
            # One that was kept cost nothing and took no time.
            asked = done.where((AnalysisRow.cost.is_(None)) | (AnalysisRow.cost > 0) | (AnalysisRow.total_ms > 100))
            return [analysis_of(*found) for found in session.execute(asked.order_by(AnalysisRow.id.desc()).limit(limit))]

    def queued_models(self, *, backlog: bool = True) -> list[str]:
        """The models that this instance has queued analyses for, and with `backlog` those that dead ones left."""
        with self._database.read() as session:
            owners = [self.instance, *([""] if backlog else [])]
            return list(session.scalars(select(AnalysisRow.model).where(QUEUED, AnalysisRow.owner.in_(owners)).distinct()))

    def open_analyses(self, recording_id: str, *, besides: Collection[int] = (), backlog: bool = True) -> int:
        """How many analyses of the recording this instance runs or may claim, without those whose ids are in `besides`; `backlog` as in `claim`."""
        with self._database.read() as session:
            open_ones = select(func.count()).select_from(AnalysisRow).join(WindowRow, WindowRow.id == AnalysisRow.window_id)
            open_ones = open_ones.where(WindowRow.recording_id == recording_id, AnalysisRow.state.in_(OPEN), AnalysisRow.id.not_in(besides))
            open_ones = open_ones.where(AnalysisRow.owner.in_([self.instance, *([""] if backlog else [])]))
            return session.execute(open_ones).scalar_one()
