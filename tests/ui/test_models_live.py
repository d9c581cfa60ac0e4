"""The window on a real engine and a real socket: models that cost money while recording, and their answers beside the player."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support.chat_server import Behaviour, ChatServer
from ui.watch_parts import TEXTS, seed

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import FREE, OFFLINE, AnalysisState, ModelConfig, Price, Recording, Tier, WindowState
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.widgets import narrative_words
from skiuo_desktop.ui.window import Window

Until = Callable[[Callable[[], bool]], None]
SAID = "A square crosses the board."
BUSY = Behaviour(status=503, body={"error": {"message": "too many", "type": "server_error", "code": "overloaded", "param": None}})
DOLLARS = Price((Tier(0.4, 1.6),), "USD", "2025-11-01")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer("vllm", model="m", says=SAID) as made:
        yield made


@pytest.fixture
def models(engine: Engine, server: ChatServer) -> None:
    """One that is paid and one that is free, both on the scripted server."""
    engine.settings.change({s.BUDGET_MONTH.key: 20.0, s.PREVIOUS_WAIT.key: 0})
    base = ModelConfig("paid", "openai", "m", server.base_url, preset="vllm", delivery="frames", price=DOLLARS)
    engine.add_model(base).result(60)
    engine.add_model(replace(base, name="other", price=FREE)).result(60)


def rows(engine: Engine, window: Window) -> Recording:
    recording_id = window.record.state.recording_id
    assert recording_id is not None
    return engine.recording(recording_id).result(60)


def test_texts_prices_and_what_was_spent_come_while_recording(engine: Engine, models: None, window: Window, qtbot: QtBot, until: Until) -> None:
    page = window.record
    engine.use_models(("paid",)).result(60)
    until(lambda: page.side.model.value == "paid" and page.sources.prompt.isVisible())
    until(page.stage.transport.record.isEnabled)
    assert any(check.title.startswith("About $") and check.title.endswith("an hour with paid") for check in page.side.checks.shown)
    until(lambda: page.side.foot.words == "This month $0.00 of $20.00")
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: page.stage.card.timeline.counts[WindowState.DONE] >= 1)
    assert page.sources.prompt.locked and not page.side.model.locked
    until(lambda: page.side.narrative.card(0).tag == "" and page.side.narrative.card(0).plain == SAID)
    facts = [fact for line in page.side.narrative.card(0).facts for fact in line]
    assert facts[0] == "paid" and facts[1].endswith("tokens") and facts[2].startswith("$0.0")
    until(lambda: "so far" in page.side.foot.words and "About $" in page.side.foot.words)
    spending = engine.spending(page.state.recording_id or "").result(60)
    assert spending.recording > 0


def test_another_model_counts_from_the_next_window(engine: Engine, models: None, window: Window, qtbot: QtBot, until: Until) -> None:
    page = window.record
    engine.use_models(("paid",)).result(60)
    until(lambda: page.side.model.value == "paid")
    until(page.stage.transport.record.isEnabled)
    page._record_pressed()
    until(lambda: page.stage.card.timeline.counts[WindowState.DONE] >= 1)
    page.side.model.chosen.emit("other")
    assert page.side.model.value == "other", "it is shown at once"
    until(lambda: any(a.model == "other" for w in rows(engine, window).windows for a in w.analyses))
    windows = rows(engine, window).windows
    names = [{a.model for a in w.analyses} for w in windows]
    assert {"paid"} in names and all(len(each) == 1 for each in names), "each window was asked of one model"


def test_what_another_program_chooses_is_shown(engine: Engine, models: None, window: Window, home: Home, until: Until) -> None:
    until(lambda: window.record.side.model.value == OFFLINE)
    s.Settings(home.settings).set(s.ACTIVE_MODELS, ("other", "paid"))
    until(lambda: window.record.side.model.checked == {"other", "paid"})


def test_a_busy_server_is_waited_for_in_the_same_card(engine: Engine, server: ChatServer, models: None, window: Window, until: Until) -> None:
    page = window.record
    server.script = [replace(BUSY, headers={"Retry-After": "3"})]
    engine.use_models(("paid",)).result(60)
    until(lambda: page.side.model.value == "paid")
    until(page.stage.transport.record.isEnabled)
    page._record_pressed()
    narrative = page.side.narrative
    until(lambda: len(narrative.story.track) > 0 and narrative.story.shown(0).wait is not None)
    assert narrative.card(0).plain.startswith("Busy. Skiuo tries again by itself in ")
    assert narrative.card(0).right == "attempt 2 of 4"
    until(lambda: narrative.card(0).plain == SAID)
    attempts = engine.attempts(rows(engine, window).windows[0].analyses[0].id).result(60)
    assert [a.failure is None for a in attempts] == [False, True]


def test_a_model_that_is_refused_is_said_to_be_stopped(engine: Engine, server: ChatServer, models: None, window: Window, until: Until) -> None:
    page = window.record
    server.script = lambda _request: Behaviour(status=401, body={"error": {"message": "bad key", "type": "auth", "code": 401, "param": None}})
    engine.use_models(("paid",)).result(60)
    until(lambda: page.side.model.value == "paid")
    until(page.stage.transport.record.isEnabled)
    page._record_pressed()
    until(lambda: page.side.model._detail == "stopped")
    until(lambda: any(choice.warn and choice.detail == "Key refused: needs you" for choice in page.side.model.choices))


def test_near_its_end_a_budget_keeps_windows_and_they_can_be_analysed_later(engine: Engine, models: None, window: Window, until: Until) -> None:
    page = window.record
    engine.settings.change({s.BUDGET_RECORDING.key: 0.0009})
    engine.use_models(("paid",)).result(60)
    until(lambda: page.side.model.value == "paid")
    until(page.stage.transport.record.isEnabled)
    page._record_pressed()
    until(lambda: page.stage.banner.isVisible() and "budget" in page.stage.banner.words)
    narrative = page.side.narrative

    def kept() -> int | None:
        places = range(len(narrative.story.track))
        return next((p for p in places if narrative.story.shown(p).state is WindowState.SKIPPED and narrative.card(p).tag == "Kept for later"), None)

    until(lambda: kept() is not None)
    place = kept()
    assert place is not None and [spot.text for spot in narrative.card(place).spots] == ["Analyse now"]
    page._record_pressed()
    engine.settings.change({s.BUDGET_RECORDING.key: 0.0})
    narrative.analyse_again.emit(narrative.story.index_at(place))
    until(lambda: narrative.story.shown(place).told)


# ---------------------------------------------------------------------- beside the player


@pytest.fixture
def page(window: Window, engine: Engine, home: Home, models: None, until: Until) -> WatchPage:
    """A recording that the offline measurer and the free model have described."""
    with Library.open(home) as library:
        recording_id = seed(library, home, "Soldering")
    window.open_recording(recording_id)
    made = window._watch
    assert made is not None
    until(lambda: made.recording is not None and len(made.side.narrative.story.track) == 7)
    assert made.side.compare_tab.isHidden(), "with one model there is nothing to compare"
    made._ask_analysis(models=("other",))
    until(lambda: made.stage.timeline.counts[WindowState.DONE] == 7 and all(len(w.answers) == 2 for w in made.side.narrative.story.track.windows))
    until(lambda: all(a.state is AnalysisState.DONE for w in made.side.narrative.story.track.windows for a in w.answers))
    return made


def test_a_person_chooses_between_two_answers(page: WatchPage, engine: Engine, until: Until) -> None:
    until(page.side.compare_tab.isVisible)
    page.side.open_compare(1)
    assert page.side.comparing and page.side.width() in (640, 360)
    compare = page.side.compare
    card = compare.list.card(1)
    free = next(half for half in card.halves if not half.chosen)
    assert free.answered and {half.analysis.text.strip() for half in card.halves if half.analysis is not None} == {SAID, TEXTS[1]}
    wanted = free.analysis
    assert wanted is not None
    compare.list._act(1, "use", free.side)
    until(lambda: compare.list.card(1).half(free.side).chosen)
    window = engine.recording(page.recording.id).result(60).windows[1]  # type: ignore[union-attr]
    assert window.choice is not None and (window.choice.analysis_id, window.choice.rule) == (wanted.id, "person")
    until(lambda: page.side.narrative.card(1).plain == wanted.text.strip())


def test_the_ledger_of_a_real_request_says_what_left(page: WatchPage, until: Until) -> None:
    window = page.side.narrative.story.track.windows[0]
    asked = next(a for a in window.answers if a.model == "other")
    page.side.narrative.show_ledger.emit(asked.id)
    until(lambda: page.side.ledger_open)
    text = page.side.ledger.as_text()
    assert "as single pictures inside the request" in text and "as JPEG" in text and "/chat/completions" in text


def test_asked_again_a_model_really_answers_again(page: WatchPage, server: ChatServer, engine: Engine, until: Until) -> None:
    before = len(server.counted)
    page._ask_model(0, "other")
    until(lambda: len([a for a in page.side.narrative.story.track.windows[0].answers if a.model == "other" and a.state is AnalysisState.DONE]) == 2)
    assert len(server.counted) == before, "the same question is not paid twice"
    newest = max((a for a in page.side.narrative.story.track.windows[0].answers if a.model == "other"), key=lambda a: a.version)
    assert "kept answer, nothing paid" in narrative_words.facts(newest)
    page._send_again(0, "other")
    until(lambda: len(server.counted) == before + 1)
    assert server.counted[-1].model == "m"
