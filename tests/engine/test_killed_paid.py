"""The engine killed at every step of a paid analysis, again and again: what was recorded is what the server counted."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support import forked
from support.chat_server import Behaviour, ChatRequest, ChatServer

from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.money import Budgets, Limit
from skiuo_desktop.model import ModelConfig, Price, Tier, WindowState

PRICE = Price((Tier(10.0, 100.0),))
STEPS = ["claim", "save_sent", "save_text", "finish", "try_again", "choose", "add_windows"]
MOMENTS = [f"{when}:{step}" for step in STEPS for when in ("before", "after") if step != "choose"]
EVENTS = ["AnalysisStarted", "AnalysisText", "AnalysisWaiting", "AnalysisEnded"]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    def script(_request: ChatRequest) -> Behaviour:
        match len(started.requests) % 7:
            case 2:
                return Behaviour(status=503, body={"error": {"message": "busy"}})
            case 4:
                return Behaviour(text="Cut short before", finish=None)
            case 6:
                return Behaviour(text="A connection that is", reset=True)
        return Behaviour(text="Some words about this window.")

    with ChatServer("vllm", model="m", script=script) as started:
        yield started


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how Unix kills")
def test_what_was_recorded_is_what_the_server_counted(home: Home, server: ChatServer) -> None:
    config = ModelConfig(name="a", provider="openai", model="m", base_url=server.base_url, delivery="frames", price=PRICE, longest_answer=64)
    ModelBook(home.prepare()).add(config)
    chance = random.Random(1)
    kills = 0
    moments = [*MOMENTS, *EVENTS]
    chance.shuffle(moments)
    moments.sort(key=lambda moment: not moment.endswith("add_windows"))  # before there is a recording
    for moment in moments:
        child = forked.run("support.paid_child:main", str(home.root), moment, str(chance.randint(1, 2)))
        assert child.returncode in (-signal.SIGKILL, 0), (moment, child.stderr)
        kills += child.returncode != 0
    assert kills >= 5, "hardly any kill met its moment"
    last = forked.run("support.paid_child:main", str(home.root), "never", "1")
    assert last.returncode == 0, last.stderr

    with Library.open(home) as library:
        [summary] = library.summaries(10)
        recording = library.recording(summary.id)
        attempts = [a for w in recording.windows for x in w.analyses for a in library.attempts(x.id)]
        limit = Limit("recording", 1.0, None, recording.id)
        [spent] = library.spent([limit], Budgets())
        [today] = library.spent([Limit("day", 1.0, datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0))], Budgets())
    settled = {w.state for w in recording.windows}
    assert settled <= {WindowState.DONE, WindowState.FAILED} and WindowState.DONE in settled
    sent = [a for a in attempts if a.sent]
    # Between the row and the request there is a moment in which a kill leaves a row and no request; never the other way round.
    assert len(server.requests) <= len(sent) <= len(server.requests) + kills
    assert all(a.ended_at is not None for a in attempts)
    counted = sum(PRICE.cost(one.tokens_in, one.tokens_out) for one in server.counted)
    assert spent >= counted - 1e-9, "the server counted more than the budgets know of"
    assert spent == pytest.approx(sum(a.usage.cost or 0.0 for a in attempts)) == pytest.approx(today)
