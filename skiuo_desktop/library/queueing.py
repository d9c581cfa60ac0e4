"""How an analysis gets into the queue: which model is asked, why, and as which version of its answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skiuo_desktop.library.database import Writing
from skiuo_desktop.library.rows import answer_columns
from skiuo_desktop.library.schema import AnalysisRow, WindowRow
from skiuo_desktop.library.states import OPEN
from skiuo_desktop.model import DESCRIBE, AnalysisState, Usage


@dataclass(frozen=True, slots=True)
class Ask:
    """A model to be asked; `why` says so where it stands in for another (see `failures.why`)."""

    model: str
    why: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = DESCRIBE


def asks_of(models: Sequence[str | Ask]) -> list[Ask]:
    """Each model once."""
    asks = [Ask(model) if isinstance(model, str) else model for model in models]
    return list({ask.model: ask for ask in reversed(asks)}.values())[::-1]


def next_version(model: str, analyses: Sequence[AnalysisRow], *, failed_only: bool, left_out: bool = False) -> int:
    """The version to queue for `model` to describe a window, 0 for none. `left_out`: the window was skipped to save a budget.

    What the model did as a judge has a version too, but says nothing about its description.
    """
    of_model = [each for each in analyses if each.model == model]
    newest = max((each for each in of_model if each.purpose == DESCRIBE), key=lambda each: each.version, default=None)
    if newest is None:
        wanted = left_out or not failed_only
    elif newest.state in OPEN or newest.state == AnalysisState.HELD:
        wanted = False
    else:
        wanted = not failed_only or (newest.state == AnalysisState.FAILED and not _was_replaced(newest, analyses))
    if not wanted:
        return 0
    return max((each.version for each in of_model), default=0) + 1


def _was_replaced(failed: AnalysisRow, analyses: Sequence[AnalysisRow]) -> bool:
    """Whether a model that stood in for a failed one has answered, or still may."""
    stand_ins = [each for each in analyses if each.why.get("of") == failed.model and each.purpose == DESCRIBE and each.id > failed.id]
    may = (*OPEN, AnalysisState.DONE, AnalysisState.HELD)
    return any(each.state in may or _was_replaced(each, analyses) for each in stand_ins)


def queue(
    session: Writing,
    wanted: Sequence[tuple[WindowRow, Ask, int]],
    analyses: dict[int, list[AnalysisRow]],
    *,
    language: str,
    owner: str,
    fresh: bool = False,
    held: Collection[str] = (),
) -> dict[int, list[AnalysisRow]]:
    """Adds a queued analysis (a held one for the models in `held`) for each (window, ask, version), to the database and to `analyses` by window id."""
    for number, (window, ask, version) in zip(session.take_ids(len(wanted)), wanted, strict=True):
        row = AnalysisRow(
            id=number,
            window_id=window.id,
            model=ask.model,
            version=version,
            state=(AnalysisState.HELD if ask.model in held else AnalysisState.QUEUED).value,
            owner="" if ask.model in held else owner,
            language=language,
            attempts=0,
            text="",
            partial=False,
            first_token_ms=None,
            total_ms=None,
            facts={},
            why=dict(ask.why),
            purpose=ask.purpose,
            fresh=fresh,
            **answer_columns(Usage(), None),
        )
        session.add(row)
        analyses.setdefault(window.id, []).append(row)
    return analyses
