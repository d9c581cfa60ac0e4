"""The crossing between the engine's threads and the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import BugError, Cancelled, SkiuoError, SourceError
from skiuo_desktop.events import AudioLevel, Event
from skiuo_desktop.ui.bridge import Bridge

Until = Callable[[Callable[[], bool]], None]


class Taker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[SkiuoError] = []
        self.threads: set[threading.Thread] = set()

    def take(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread())

    def refuse(self, error: SkiuoError) -> None:
        self.errors.append(error)
        self.threads.add(threading.current_thread())


def on_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_events_of_another_thread_arrive_on_the_gui_thread_in_order(bridge: Bridge, engine: Engine, until: Until) -> None:
    seen: list[float] = []
    threads: set[threading.Thread] = set()

    def take(event: Event) -> None:
        if isinstance(event, AudioLevel):
            seen.append(event.rms_db)
            threads.add(threading.current_thread())

    bridge.event.connect(take)
    on_a_thread(lambda: [engine.publisher.publish(AudioLevel(-float(n), 0.0)) for n in range(200)])
    assert not seen, "an event was delivered on the thread that published it"
    until(lambda: len(seen) == 200)
    assert seen == [-float(n) for n in range(200)]
    assert threads == {threading.main_thread()}


def test_results_and_errors_arrive_on_the_gui_thread(bridge: Bridge, until: Until) -> None:
    taker = Taker()
    good: Future[int] = Future()
    bad: Future[int] = Future()
    bridge.ask(good, taker.take, taker.refuse)
    bridge.ask(bad, taker.take, taker.refuse)
    on_a_thread(lambda: good.set_result(7))
    on_a_thread(lambda: bad.set_exception(SourceError("It is gone.")))
    until(lambda: len(taker.results) == 1 and len(taker.errors) == 1)
    assert taker.results == [7]
    assert str(taker.errors[0]) == "It is gone."
    assert taker.threads == {threading.main_thread()}


def test_an_answer_that_was_there_before_the_question_arrives_too(bridge: Bridge, until: Until) -> None:
    taker = Taker()
    done: Future[str] = Future()
    done.set_result("at once")
    bridge.ask(done, taker.take)
    assert not taker.results, "it came before ask() had returned"
    until(lambda: taker.results == ["at once"])


def test_an_answer_to_what_is_gone_is_dropped(bridge: Bridge, qtbot: QtBot, until: Until) -> None:
    destroyed, forgotten = Taker(), Taker()
    calls: list[object] = []
    futures: list[Future[int]] = [Future(), Future()]
    bridge.ask(futures[0], calls.append, owner=destroyed)
    bridge.ask(futures[1], forgotten.take)
    shiboken6.delete(destroyed)
    del forgotten
    for future in futures:
        on_a_thread(lambda future=future: future.set_result(1))
    other = Taker()
    after: Future[int] = Future()
    bridge.ask(after, other.take)
    after.set_result(2)
    until(lambda: other.results == [2])
    assert not calls


def test_a_plain_function_needs_an_owner(bridge: Bridge) -> None:
    with pytest.raises(TypeError):
        bridge.ask(Future(), print)


def test_errors_nobody_takes_go_to_the_window_and_cancelled_is_none(bridge: Bridge, until: Until) -> None:
    taker = Taker()
    told: list[SkiuoError] = []
    bridge.failed.connect(told.append)
    futures: list[Future[int]] = [Future(), Future(), Future()]
    for future in futures:
        bridge.ask(future, taker.take)
    futures[0].set_exception(Cancelled("You said stop."))
    futures[1].cancel()
    futures[2].set_exception(SourceError("It is gone."))
    until(lambda: len(told) == 1)
    assert str(told[0]) == "It is gone."


def test_our_own_mistake_becomes_a_sentence(bridge: Bridge, until: Until, caplog: pytest.LogCaptureFixture) -> None:
    taker = Taker()
    future: Future[int] = Future()
    bridge.ask(future, taker.take, taker.refuse)
    future.set_exception(ZeroDivisionError("division by zero"))
    until(lambda: bool(taker.errors))
    assert isinstance(taker.errors[0], BugError)
    assert "ZeroDivisionError" in str(taker.errors[0])
    assert "division by zero" in caplog.text


def test_nothing_arrives_after_the_end(engine: Engine, qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge(engine)
    taker = Taker()
    seen: list[Event] = []
    bridge.event.connect(seen.append)
    future: Future[int] = Future()
    bridge.ask(future, taker.take)
    on_a_thread(lambda: engine.publisher.publish(AudioLevel(0.0, 0.0)))
    bridge.close()
    on_a_thread(lambda: engine.publisher.publish(AudioLevel(0.0, 0.0)))
    on_a_thread(lambda: future.set_result(1))
    qapp.processEvents()
    assert not seen
    assert not taker.results


def test_an_engine_that_stops_is_not_found_any_more(engine: Engine, qapp: QApplication) -> None:
    bridge = Bridge(engine)
    seen: list[Event] = []
    bridge.event.connect(seen.append)
    bridge.detach()
    engine.publisher.publish(AudioLevel(0.0, 0.0))
    qapp.processEvents()
    assert not seen
    assert not bridge.is_ready
    with pytest.raises(BugError):
        bridge.engine.recordings()
    bridge.close()


def test_work_is_finished_before_the_end(engine: Engine, qapp: QApplication) -> None:
    bridge = Bridge(engine)
    done: list[int] = []
    for number in range(20):
        bridge.work(lambda number=number: done.append(number))
    bridge.close()
    assert done == list(range(20))


def test_thousands_of_events_from_several_threads_keep_the_process_whole(bridge: Bridge, engine: Engine, until: Until) -> None:
    """PySide6 6.12.0 aborts here on CPython 3.11."""
    count = 0

    def take(event: Event) -> None:
        nonlocal count
        count += isinstance(event, AudioLevel)

    bridge.event.connect(take)
    threads = [threading.Thread(target=lambda: [engine.publisher.publish(AudioLevel(0.0, 0.0)) for _ in range(2_500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: count == 10_000)
