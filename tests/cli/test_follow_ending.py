"""A recording's command ends although the microphone stays open and the mirror goes on."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from skiuo_desktop.cli.follow import EventQueue
from skiuo_desktop.cli.recording import _until_analysed
from skiuo_desktop.events import AudioLevel, BackendChanged, BudgetStepped
from skiuo_desktop.model import BackendStatus


def nothing_queued(recording_id: str) -> Future[int]:
    future: Future[int] = Future()
    future.set_result(0)
    return future


def test_what_comes_without_end_does_not_keep_the_command() -> None:
    events, returned, given_up = EventQueue(), threading.Event(), threading.Event()

    def talk() -> None:
        for _ in range(200):  # 10 s; a command that waits for silence would hear the last one
            if returned.wait(0.05):
                return
            events.put(AudioLevel(-30.0, -20.0))
            events.put(BackendChanged(BackendStatus(configured=True)))
        given_up.set()

    shown: list[Any] = []
    talker = threading.Thread(target=talk)
    talker.start()
    try:
        engine: Any = SimpleNamespace(queued=nothing_queued)
        follower: Any = SimpleNamespace(show=shown.append)
        interrupts: Any = SimpleNamespace(count=0)
        _until_analysed(engine, events, follower, "r", interrupts=interrupts, allowed=1)
        heard_out = given_up.is_set()
    finally:
        returned.set()
        talker.join()
    assert not heard_out, "the command waited until nobody spoke any more"
    assert shown == []


def test_what_is_shown_still_arrives() -> None:
    events = EventQueue()
    stepped = object.__new__(BudgetStepped)
    events.put(stepped)
    assert events.get(1.0) is stepped
