"""Which of several models' answers stands in a window's narrative, once all of them have ended."""

from __future__ import annotations

import logging

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.merge import Answer, choose, read_verdict
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.queueing import Ask
from skiuo_desktop.library.work import PERSON
from skiuo_desktop.model import JUDGE, Analysis, AnalysisState, Choice, Window

log = logging.getLogger(__name__)

_OPEN = (AnalysisState.QUEUED, AnalysisState.RUNNING)


class Judging:
    def __init__(self, store: Store, book: ModelBook, wishes: Wishes) -> None:
        self._store = store
        self._book = book
        self._wishes = wishes

    def answers(self, window: Window) -> list[Answer]:
        """Of each model the newest answer that has text."""
        order = list(self._book.all())
        newest: dict[str, Analysis] = {}
        for analysis in sorted(window.answers, key=lambda a: (a.state is AnalysisState.DONE, a.version)):
            if analysis.text:
                newest[analysis.model] = analysis
        return [
            Answer(
                a.id,
                a.model,
                order.index(a.model) if a.model in order else len(order),
                a.text,
                a.state is AnalysisState.DONE and not a.partial,
                str(a.facts.get("label", "")),
            )
            for a in newest.values()
        ]

    async def settle(self, ended: Analysis) -> bool:
        """An analysis has ended. Chooses, or asks the judge; returns whether a judge was asked."""
        window = await self._store.read(Library.window, ended.window_id)
        if any(a.state in _OPEN for a in window.analyses) or (window.choice is not None and window.choice.rule == PERSON):
            return False
        answers = self.answers(window)
        if len(answers) < 2:
            return False
        rule = self._wishes.get(s.RULE, ended.recording_id)
        judge = self._wishes.get(s.JUDGE, ended.recording_id)
        if ended.purpose == JUDGE:
            await self._take_verdict(window, ended, answers)
        elif rule == "best" and judge and judge in self._book.all():
            return await self._store.write(Library.ask_judge, window.id, Ask(judge, {"code": JUDGE}, JUDGE), ended.language)
        elif (choice := choose(answers, rule)) is not None:
            await self._store.write(Library.choose, window.id, choice)
        return False

    async def _take_verdict(self, window: Window, judged: Analysis, answers: list[Answer]) -> None:
        picked = read_verdict(judged.text, answers) if judged.state is AnalysisState.DONE else None
        if picked is not None:
            await self._store.write(Library.choose, window.id, Choice(picked, JUDGE, "judge"))
        elif (choice := choose(answers, "best")) is not None:
            await self._store.write(Library.choose, window.id, Choice(choice.analysis_id, JUDGE, "no_verdict", choice.dissent))
