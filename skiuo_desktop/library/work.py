"""The life of an analysis: claimed, sent, written, ended. Rows are the queue; any program on this library may take from it.

An attempt is a row before anything is sent, so whatever was billed can be accounted for however the program ends.
Only the instance that claimed an analysis may write its answer. When it was cancelled or its recording deleted
meanwhile (from this program or another), the next write raises Cancelled: stop asking. What an answer used is
recorded even then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skiuo_desktop.errors import Cancelled, NotFoundError
from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.money import NO_BUDGETS, Budgets, promise, settle_spending
from skiuo_desktop.library.part import Part, live
from skiuo_desktop.library.queueing import Ask, next_version, queue
from skiuo_desktop.library.rows import analysis_of, answer_columns, usage_of
from skiuo_desktop.library.schema import ASKED, QUEUED, RUNNING, TAKEN, AnalysisRow, AttemptRow, WindowRow
from skiuo_desktop.library.states import OPEN, settle, settle_text, with_window
from skiuo_desktop.model import Analysis, AnalysisState, Choice, Failure, FailureKind, Usage

UNKNOWN = Usage()
"""The usage of an answer that said nothing about it."""

INTERRUPTED = Failure(FailureKind.INTERRUPTED, "The program ended while the answer was arriving. The window is analysed again.")

CLOSED = Failure(FailureKind.INTERRUPTED, "The program was closed while the answer was arriving. The window is analysed again.")
"""The same, where the program ended as it should: that is no sign of what may have killed it."""

MOST_INTERRUPTIONS = 5
"""An analysis whose program died so often may be what kills it, and each attempt may have been billed: it waits for a person."""

PERSON = "person"
"""`Choice.rule` where a person chose."""

GIVEN_UP = Failure(FailureKind.INTERRUPTED, f"The program ended {MOST_INTERRUPTIONS} times while this window was analysed. Try again when you wish.")


class Work(Part):
    def claim(self, models: Collection[str] | None = None, *, backlog: bool = True) -> Analysis | None:
        """Takes the oldest queued analysis (of these models; None: of any) and opens an attempt. None when there is none.

        What this instance queued comes first; then, with `backlog`, what instances that have died left (see
        `release_orphans`). What a living instance queued is its own. Windows of a recording are queued in their
        order, so they are taken in it.
        """
        owners = (self.instance, "") if backlog else (self.instance,)
        with self._database.read() as session:  # asking an empty queue must not keep writers waiting
            if _oldest(session, owners, models) is None:
                return None
        with self._database.write() as session:
            analysis_id = _oldest(session, owners, models)
            if analysis_id is None:
                return None
            row, window = _load(session, analysis_id)
            row.state, row.owner = AnalysisState.RUNNING.value, self.instance
            self._open_attempt(session, row, window)
            settle(session, window)
            return analysis_of(row, window)

    def _open_attempt(self, session: Writing, row: AnalysisRow, window: WindowRow) -> None:
        row.attempts += 1
        row.text, row.partial, row.facts, row.first_token_ms, row.total_ms = "", False, {}, None, None
        _set(row, answer_columns(UNKNOWN, None))
        (number,) = session.take_ids(1)
        session.add(
            AttemptRow(
                id=number,
                analysis_id=row.id,
                recording_id=window.recording_id,
                number=row.attempts,
                instance=self.instance,
                started_at=datetime.now(UTC),
                ended_at=None,
                sent={},
                raw="",
                fingerprint="",
                **answer_columns(UNKNOWN, None),
            )
        )

    def save_sent(
        self, analysis_id: int, ledger: Mapping[str, Any], *, fingerprint: str = "", estimate: Usage = UNKNOWN, budgets: Budgets = NO_BUDGETS
    ) -> None:
        """Writes down what is about to leave, and promises what it may cost.

        Raises Cancelled when this instance does not run the analysis any more, AnalysisError (BUDGET) where a budget does
        not allow it: then it must not leave.
        """
        with self._database.write() as session:
            row = self._running(session, analysis_id)
            attempt = self._attempt(session, row)
            if attempt is not None:
                promise(session, row.model, attempt, estimate, budgets)
                attempt.sent, attempt.fingerprint, attempt.started_at = dict(ledger), fingerprint, datetime.now(UTC)
                if estimate.cost is not None:
                    _set(attempt, answer_columns(replace(estimate, estimated=True), None))

    def kept_answer(self, fingerprint: str) -> Analysis | None:
        """The newest complete answer to exactly this question."""
        if not fingerprint:
            return None
        with self._database.read() as session:
            asked = with_window().join(AttemptRow, (AttemptRow.analysis_id == AnalysisRow.id) & (AttemptRow.number == AnalysisRow.attempts))
            asked = asked.where(ASKED, AttemptRow.fingerprint == fingerprint, AnalysisRow.state == AnalysisState.DONE)
            found = session.execute(asked.order_by(AnalysisRow.id.desc()).limit(1)).first()
            return analysis_of(*found) if found else None

    def try_again(self, analysis_id: int, failure: Failure, *, usage: Usage = UNKNOWN, raw: str = "", billed: bool = True) -> Analysis:
        """Closes the attempt that failed and opens the next one, in one transaction. Raises Cancelled as `save_sent`."""
        with self._database.write() as session:
            row = self._running(session, analysis_id)
            window = session.get_one(WindowRow, row.window_id)
            attempt = self._attempt(session, row)
            if attempt is not None:
                _close(session, row.model, attempt, usage, failure, raw=raw, billed=billed)
            self._open_attempt(session, row, window)
            return analysis_of(row, window)

    def hold(self, analysis_id: int, failure: Failure) -> Analysis:
        """A budget does not allow it: the analysis waits, unsent, until a person asks again. Raises Cancelled as `save_sent`."""
        with self._database.write() as session:
            row = self._running(session, analysis_id)
            window = session.get_one(WindowRow, row.window_id)
            attempt = self._attempt(session, row)
            if attempt is not None:
                _close(session, row.model, attempt, UNKNOWN, failure, raw="", billed=False)
            row.state, row.owner = AnalysisState.HELD.value, ""
            _set(row, answer_columns(_whole_usage(session, row, attempt, UNKNOWN), failure))
            settle(session, window)
            return analysis_of(row, window)

    def rename_model(self, old: str, new: str) -> None:
        """What has not been asked yet, or is kept for later, is asked of the model by its new name; what it has written keeps the old one."""
        with self._database.write() as session:
            waiting = AnalysisRow.state.in_((AnalysisState.QUEUED, AnalysisState.HELD))
            for row in session.scalars(select(AnalysisRow).where(AnalysisRow.model == old, waiting)).all():
                others = select(func.max(AnalysisRow.version)).where(AnalysisRow.window_id == row.window_id, AnalysisRow.model == new)
                version = session.scalar(others)
                row.model, row.version = new, row.version if version is None else max(row.version, version + 1)
                session.flush()

    def ask_judge(self, window_id: int, ask: Ask, language: str) -> bool:
        """Queues a model to choose between the answers of a window.

        Nothing happens, and False is returned, where something of the window is open: answers that ended together ask for one judge.
        """
        with self._database.write() as session:
            window = session.get_one(WindowRow, window_id)
            there = list(session.scalars(select(AnalysisRow).where(AnalysisRow.window_id == window_id)))
            if any(each.state in OPEN for each in there):
                return False
            version = max((each.version for each in there if each.model == ask.model), default=0) + 1
            queue(session, [(window, ask, version)], {window_id: there}, language=language, owner=self.instance)
            settle(session, window)
            return True

    def choose(self, window_id: int, choice: Choice) -> bool:
        """Which answer stands in the narrative. A rule does not overrule a person: then nothing changes and False is returned.

        Raises NotFoundError for an analysis that is none of the window's.
        """
        with self._database.write() as session:
            window = session.get(WindowRow, window_id)
            row = session.get(AnalysisRow, choice.analysis_id)
            if window is None or row is None or row.window_id != window_id:
                raise NotFoundError(f"Window {window_id} has no analysis {choice.analysis_id}.")
            if window.choice.get("rule") == PERSON and choice.rule != PERSON:
                return False
            window.chosen_id = choice.analysis_id
            window.choice = {"rule": choice.rule, "reason": choice.reason, "dissent": list(choice.dissent)}
            settle_text(session, window)
            return True

    def save_text(self, analysis_id: int, text: str) -> None:
        """Keeps the whole text so far. Raises Cancelled as `save_sent`."""
        with self._database.write() as session:
            row = self._running(session, analysis_id)
            row.text, row.partial = text, True

    def finish(
        self,
        analysis_id: int,
        *,
        text: str,
        usage: Usage = UNKNOWN,
        first_token_ms: int | None = None,
        total_ms: int | None = None,
        raw: str = "",
        facts: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Analysis:
        """The answer is complete; `about` is added to the ledger. Raises Cancelled as `save_sent`, after recording what the answer used."""
        columns = {"text": text, "partial": False, "facts": dict(facts or {}), "first_token_ms": first_token_ms, "total_ms": total_ms}
        return self._end(analysis_id, AnalysisState.DONE, columns, usage=usage, failure=None, raw=raw, about=about)

    def fail(
        self,
        analysis_id: int,
        failure: Failure,
        *,
        text: str = "",
        partial: bool = False,
        usage: Usage = UNKNOWN,
        first_token_ms: int | None = None,
        total_ms: int | None = None,
        raw: str = "",
        billed: bool = True,
        instead: Ask | None = None,
    ) -> Analysis:
        """The analysis failed; `text` is what had arrived, `instead` queues another model in its place. Raises as `finish`."""
        columns = {"text": text, "partial": partial, "facts": {}, "first_token_ms": first_token_ms, "total_ms": total_ms}
        return self._end(analysis_id, AnalysisState.FAILED, columns, usage=usage, failure=failure, raw=raw, billed=billed, instead=instead)

    def _end(
        self,
        analysis_id: int,
        state: AnalysisState,
        columns: Mapping[str, Any],
        *,
        usage: Usage,
        failure: Failure | None,
        raw: str,
        about: Mapping[str, Any] | None = None,
        billed: bool = True,
        instead: Ask | None = None,
    ) -> Analysis:
        ended = None
        with self._database.write() as session:
            found = session.execute(with_window().where(AnalysisRow.id == analysis_id)).first()
            if found is not None:
                row, window = found
                attempt = self._attempt(session, row)
                if attempt is not None:
                    attempt.sent = {**attempt.sent, **(about or {})}
                    _close(session, row.model, attempt, usage, failure, raw=raw, billed=billed)
                if self._runs(row):
                    row.state, row.owner = state.value, ""
                    _set(row, columns)
                    _set(row, answer_columns(_whole_usage(session, row, attempt, usage), failure))
                    if instead is not None:
                        _queue_instead(session, row, window, instead, self.instance)
                    settle_text(session, window)
                    ended = analysis_of(row, window)
                elif attempt is not None and row.state == AnalysisState.CANCELLED:
                    _set(row, answer_columns(_whole_usage(session, row, attempt, usage), None))
        if ended is None:  # raised after the commit
            raise Cancelled("This analysis was cancelled.")
        return ended

    def cancel(self, analysis_id: int, *, text: str | None = None, usage: Usage = UNKNOWN, raw: str = "") -> Analysis:
        """Stops an analysis that is queued or running, wherever; one that has ended stays as it is. `text` is what had arrived.

        Raises NotFoundError.
        """
        with self._database.write() as session:
            row, window = _load(session, analysis_id)
            if row.state in OPEN:
                _cancel(session, row, text, usage, raw)
                settle_text(session, window)
            return analysis_of(row, window)

    def cancel_analyses(self, recording_id: str) -> list[Analysis]:
        """Stops everything that is queued or running for a recording; returns what was stopped. Raises NotFoundError."""
        with self._database.write() as session:
            live(session, recording_id)
            return cancel_open(session, recording_id)

    def release(self, analysis_id: int) -> None:
        """Puts an analysis that this instance runs back into the queue, as if the program had ended. Raises Cancelled as `save_sent`."""
        with self._database.write() as session:
            row = self._running(session, analysis_id)
            _queue_again(session, row, CLOSED)
            settle(session, session.get_one(WindowRow, row.window_id))

    def release_orphans(self) -> list[int]:
        """Queues again, for anyone, what was running or queued when its program died; attempts are closed as INTERRUPTED.

        What was interrupted MOST_INTERRUPTIONS times fails instead.
        Returns the ids of the analyses that were running.
        """
        with self._database.read() as session:
            owners = session.scalars(select(AnalysisRow.owner).where(TAKEN).distinct()).all()
        dead = [owner for owner in owners if not self._instance.is_alive(owner)]
        if not dead:
            return []
        with self._database.write() as session:
            orphans = session.execute(with_window().where(RUNNING, AnalysisRow.owner.in_(dead)).order_by(AnalysisRow.id)).all()
            for row, _ in orphans:
                _queue_again(session, row)
                if _interruptions(session, row) >= MOST_INTERRUPTIONS:
                    row.state = AnalysisState.FAILED.value
                    _set(row, answer_columns(_whole_usage(session, row, _last_attempt(session, row), UNKNOWN), GIVEN_UP))
            settle(session, *(window for _, window in orphans))
            for row, window in orphans:
                if row.state == AnalysisState.FAILED and row.text:
                    settle_text(session, window)
            for row in session.scalars(select(AnalysisRow).where(QUEUED, AnalysisRow.owner.in_(dead))):
                row.owner = ""
            return [row.id for row, _ in orphans]

    def _runs(self, row: AnalysisRow) -> bool:
        return row.state == AnalysisState.RUNNING and row.owner == self.instance

    def _running(self, session: Writing, analysis_id: int) -> AnalysisRow:
        row = session.get(AnalysisRow, analysis_id)
        if row is None or not self._runs(row):
            raise Cancelled("This analysis was cancelled.")
        return row

    def _attempt(self, session: Writing, row: AnalysisRow) -> AttemptRow | None:
        """The attempt that this instance made last, open or closed."""
        attempt = _last_attempt(session, row)
        return attempt if attempt is not None and attempt.instance == self.instance else None


def cancel_open(session: Writing, recording_id: str) -> list[Analysis]:
    """Cancels what is queued or running for a recording."""
    found = session.execute(with_window().where(WindowRow.recording_id == recording_id, AnalysisRow.state.in_(OPEN)).order_by(AnalysisRow.id)).all()
    for row, _ in found:
        _cancel(session, row, None, UNKNOWN, "")
    settle(session, *(window for row, window in found if not row.text))
    for row, window in found:
        if row.text:
            settle_text(session, window)
    return [analysis_of(row, window) for row, window in found]


def _oldest(session: Session, owners: Sequence[str], models: Collection[str] | None) -> int | None:
    """The oldest queued analysis of the first of these owners that has one. Each question is answered by the index of the queue alone."""
    for owner in owners:
        queued = select(AnalysisRow.id).where(QUEUED, AnalysisRow.owner == owner).order_by(AnalysisRow.id).limit(1)
        if models is not None:
            queued = queued.where(AnalysisRow.model.in_(sorted(models)))
        if (found := session.scalar(queued)) is not None:
            return found
    return None


def _load(session: Writing, analysis_id: int) -> tuple[AnalysisRow, WindowRow]:
    found = session.execute(with_window().where(AnalysisRow.id == analysis_id)).first()
    if found is None:
        raise NotFoundError(f"There is no analysis {analysis_id}.")
    return found[0], found[1]


def _last_attempt(session: Writing, row: AnalysisRow) -> AttemptRow | None:
    return session.scalar(select(AttemptRow).where(AttemptRow.analysis_id == row.id, AttemptRow.number == row.attempts))


def _cancel(session: Writing, row: AnalysisRow, text: str | None, usage: Usage, raw: str) -> None:
    if row.state == AnalysisState.RUNNING and (attempt := _last_attempt(session, row)) is not None:
        _close(session, row.model, attempt, usage, None, raw=raw)
        _set(row, answer_columns(_whole_usage(session, row, attempt, usage), None))
    row.state, row.owner = AnalysisState.CANCELLED.value, ""
    if text is not None:
        row.text = text
    row.partial = bool(row.text)


def _queue_again(session: Writing, row: AnalysisRow, failure: Failure = INTERRUPTED) -> None:
    """Closes the open attempt as interrupted, keeping the text that had arrived as its answer, and queues the analysis."""
    attempt = _last_attempt(session, row)
    if attempt is not None:
        _close(session, row.model, attempt, UNKNOWN, failure, raw=row.text)
    row.state, row.owner = AnalysisState.QUEUED.value, ""


def _interruptions(session: Writing, row: AnalysisRow) -> int:
    session.flush()
    interrupted = select(func.count()).select_from(AttemptRow).where(AttemptRow.analysis_id == row.id, AttemptRow.failure_message != CLOSED.message)
    return session.execute(interrupted.where(AttemptRow.failure_kind == FailureKind.INTERRUPTED)).scalar_one()


def _close(session: Writing, model: str, attempt: AttemptRow, usage: Usage, failure: Failure | None, *, raw: str, billed: bool = True) -> None:
    """Ends an attempt, or completes one that was ended from elsewhere with what its answer brought.

    What was promised for it stays as its price when no price was counted and it may have been `billed`.
    """
    if attempt.ended_at is None:
        attempt.ended_at = datetime.now(UTC)
    attempt.raw = raw or attempt.raw
    counted = _with_promise(usage, usage_of(attempt)) if billed else usage
    settle_spending(session, model, attempt, counted, billed=billed)
    _set(attempt, answer_columns(counted, failure))


def _with_promise(usage: Usage, promised: Usage) -> Usage:
    """What was counted; without a price, with the one that was promised."""
    if usage.cost is not None:
        return usage
    return Usage(
        tokens_in=promised.tokens_in if usage.tokens_in is None else usage.tokens_in,
        tokens_out=promised.tokens_out if usage.tokens_out is None else usage.tokens_out,
        cost=promised.cost,
        currency=usage.currency if promised.cost is None else promised.currency,
        estimated=promised.estimated,
    )


def _whole_usage(session: Writing, row: AnalysisRow, attempt: AttemptRow | None, usage: Usage) -> Usage:
    """What an analysis used: the tokens of its last attempt, the price of all of them."""
    last = usage_of(attempt) if attempt is not None else usage
    if row.attempts <= 1:
        return last
    session.flush()
    sums = select(AttemptRow.currency, func.sum(AttemptRow.cost), func.max(AttemptRow.estimated)).group_by(AttemptRow.currency)
    priced = session.execute(sums.where(AttemptRow.analysis_id == row.id, AttemptRow.cost.is_not(None))).all()
    if not priced:
        return last
    # A price that changed its currency between two attempts: the last one's counts. An attempt without a price has none.
    currency, cost, estimated = min(priced, key=lambda each: each[0] != last.currency)
    return replace(last, cost=cost, currency=currency, estimated=bool(estimated))


def _queue_instead(session: Writing, row: AnalysisRow, window: WindowRow, instead: Ask, owner: str) -> None:
    there = list(session.scalars(select(AnalysisRow).where(AnalysisRow.window_id == row.window_id)))
    version = next_version(instead.model, there, failed_only=False)
    if version:
        queue(session, [(window, instead, version)], {}, language=row.language, owner=owner, fresh=row.fresh)


def _set(row: AnalysisRow | AttemptRow, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
