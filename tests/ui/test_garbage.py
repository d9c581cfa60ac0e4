"""Widgets that nobody holds any more are deleted on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from skiuo_desktop.ui.garbage import Collector

Until = Callable[[Callable[[], bool]], None]


class Knot(QWidget):
    """Part of a reference cycle: only the garbage collection frees it."""

    def __init__(self, deleted_on: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self._deleted_on = deleted_on

    def __del__(self) -> None:
        self._deleted_on.append(threading.current_thread())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    gc.enable()
    made = Collector()
    yield made
    made.close()
    gc.disable()  # as the other tests have it


def allocate() -> None:
    """More than any threshold of any generation, in lists that hold each other."""
    for _ in range(20):
        lists: list[object] = [[] for _ in range(20_000)]
        lists.append(lists)


def on_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_thread_that_allocates_deletes_no_widget(collector: Collector, until: Until) -> None:
    deleted_on: list[threading.Thread] = []
    for _ in range(5):
        Knot(deleted_on)
    on_a_thread(allocate)
    assert deleted_on == []
    until(lambda: len(deleted_on) == 5)
    assert set(deleted_on) == {threading.main_thread()}


def test_what_is_settled_is_not_looked_at_again_until_the_end(collector: Collector) -> None:
    collector.settle()
    assert gc.get_freeze_count() > 1_000
    collector.close()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()
